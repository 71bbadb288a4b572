"""F8 and F5 of 図書館窓口: lists for the library, what waits, what was refused, the bookmobile's stop, the line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from textual.content import Content

from sanjo_tui.receptions.base import Weight
from screens.panels import Panel, Pick, Reading
from screens.service import PaperChoice
from screens.widgets import row

if TYPE_CHECKING:
    from screens.library import LibraryScreen


def lists(screen: LibraryScreen) -> list[PaperChoice]:
    """The latest lists, for F5."""
    return [(f"申請データ一覧 {day} 第{seq}号", "library.list", {"day": day}) for day, seq in screen.listed]


def _back_to(screen: LibraryScreen, panel: Panel) -> Callable[[], Awaitable[None]]:
    async def back() -> None:
        screen.show(panel)
    return back


async def written(screen: LibraryScreen) -> None:
    """Which lists were written, and which are missing."""
    back = _back_to(screen, screen.panel)
    done = await screen.ask(screen.library.lists)
    late = await screen.ask(screen.library.missing, screen.desk.today())
    lines: list[str | Content] = [row([("開庁日", 14), ("号", 6), ("件数", 6), ("出した時刻", 40)],
                                      screen.size.width - 2, "bold")]
    lines += [row([(day.isoformat(), 14), ("-", 6), ("-", 6), ("まだ出ていません", 40)], screen.size.width - 2)
              for day in reversed(late)]
    lines += [row([(one.day, 14), (str(one.list_seq), 6), (str(len(one.covers)), 6), (one.output_at, 40)],
                  screen.size.width - 2) for one in done]
    screen.show(Reading(screen, "申請データ一覧の出力状況 (出すのは sanjo-tui library list)", lines, back=back))


async def send(screen: LibraryScreen) -> None:
    """Send what waits, now."""
    screen.tell("預かった貸出と返却を送っています")
    screen.paint()
    sent = await screen.ask(screen.library.send_waiting)
    await screen.refresh_facts()
    any_sent = sent.lent or sent.returned
    said = f"送りました  貸出{sent.lent} 返却{sent.returned}" if any_sent else "送れたものはありません"
    notes = [f"職員の確認が要るもの{sent.trouble}"] if sent.trouble else []
    notes += [f"残り{sent.left}"] if sent.left else []
    (screen.warn if sent.left else screen.tell)(said, *notes)


async def trouble(screen: LibraryScreen) -> None:
    """What the library's system refused after the person had gone: for the staff, who mend it there."""
    panel = screen.panel
    found = await screen.ask(screen.library.trouble)

    async def settled(number: int) -> None:
        await screen.ask(screen.library.settle, number)
        await screen.refresh_facts()
        screen.show(panel)
        screen.tell("片付けました。端末から消しました")

    async def chosen(one: Any) -> None:
        lines = ["", f"  {one.deed}  {one.at}", f"  資料番号 {one.item}",
                 f"  図書番号 {one.patron}" if one.patron else "", f"  理由 {one.why}", "",
                 "  図書館システムで処理してから Enter を押すと、この端末から消します。"]

        async def done() -> None:
            await settled(one.number)

        screen.show(Reading(screen, "職員の確認が要るもの", lines, on_enter=("処理済みにして消す", done),
                            back=_back_to(screen, panel)))

    screen.show(Pick(screen, f"職員の確認が要るもの {len(found)}件",
                     [(f"{one.at}  {one.deed}  {one.why}", one) for one in found], chosen, enter=False,
                     weight=Weight.CAUTION, back=_back_to(screen, panel), empty="ありません"))


async def stops(screen: LibraryScreen) -> None:
    """移動図書館: where it stands now."""
    panel = screen.panel
    setup = await screen.ask(lambda: screen.library.setup)

    async def chosen(code: str) -> None:
        await screen.ask(screen.library.choose_stop, code)
        screen.show(panel)
        name = next((one.name for one in setup.stops if one.code == code), "館内")
        screen.tell(f"停留所: {name}")

    options = [(one.name, one.code) for one in setup.stops]
    screen.show(Pick(screen, "移動図書館の停留所", [*options, ("停留所ではない", "")], chosen, enter=False,
                     back=_back_to(screen, panel)))


async def line(screen: LibraryScreen) -> None:
    """Whether the library's system answers."""
    screen.tell("図書館システムに問い合わせています")
    screen.paint()
    screen.tell(await screen.ask(screen.library.reach))


TASKS = (("預かった貸出と返却を送る", send), ("職員の確認が要るもの", trouble), ("移動図書館の停留所", stops),
         ("図書館システムとの通信", line), ("申請データ一覧の出力状況", written))
