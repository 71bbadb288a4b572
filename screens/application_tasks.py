"""F8 of カード申請代行: batches, what still waits, photos whose time is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from screens.panels import Reading
from screens.widgets import row

if TYPE_CHECKING:
    from screens.application import ApplicationScreen


async def send(screen: ApplicationScreen) -> None:
    """Close a batch of everything that is signed, after a look at what goes and what stays."""
    panel = screen.panel
    fit, barred = await screen.ask(screen.applications.to_send)
    width = screen.size.width - 2
    lines: list[str | Content] = [row([("受付番号", 18), ("送付", 50)], width, "bold")]
    lines += [row([(number, 18), ("送る", 50)], width) for number in fit]
    lines += [row([(number, 18), (f"送らない: {why}", 50)], width) for number, why in barred]

    async def back() -> None:
        screen.show(panel)

    async def close() -> None:
        await screen.recorded(await screen.ask(screen.applications.send_batch),
                              ["", "   送付書を付けて送ります。締め切った送付書は変わりません。"])

    screen.show(Reading(screen, f"送付: 署名済み {len(fit)}通", lines if fit or barred else ["ありません。"], back=back,
                        on_enter=(f"{len(fit)}通を締め切って送付", close) if fit else None))


async def batches(screen: ApplicationScreen) -> None:
    """Every closed batch."""
    panel = screen.panel
    found = await screen.ask(screen.applications.batches)
    width = screen.size.width - 2

    async def back() -> None:
        screen.show(panel)

    lines: list[str | Content] = [row([("送付番号", 20), ("送付日", 14), ("通数", 8)], width, "bold")]
    lines += [row([(one.number, 20), (one.sent_on, 14), (f"{len(one.numbers)}通", 8)], width) for one in found]
    screen.show(Reading(screen, "締め切った送付書", lines if found else ["ありません。"], back=back))


async def erase(screen: ApplicationScreen) -> None:
    """Erase photos that nothing needs any more."""
    count = await screen.ask(screen.applications.erase_photos)
    screen.tell(f"期限の過ぎた写真を {count} 枚消しました" if count else "消す写真はありません")


TASKS = (("送付(署名済みを締め切る)", send), ("締め切った送付書", batches), ("期限の過ぎた写真を消す", erase))
