"""F8: somebody who died or moved away, for the procedures about them; each with its state in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.identity import STATUSES
from screens import why
from screens.panels import Pick
from screens.questions import Question, Typed
from screens.widgets import row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.register.people import Found
    from screens.counter import CounterScreen


async def find_gone(screen: CounterScreen) -> None:
    """Asks for a name or a birth date, lists who fits, opens whom is picked."""

    async def rest() -> None:
        screen.rest()

    async def ask() -> None:
        screen.show(Typed(screen, "転出・死亡した方を探す", Question(
            key="text", label="氏名か生年月日", hint="氏名 生年月日 宛名番号"), search, rest))

    async def search(text: str) -> None:
        await why.search(screen, screen.counter.search_gone, text, found, ask)

    async def found(listed: Found) -> None:
        if not listed.hits:
            await ask()
            screen.warn("見つかりません。かなや生年月日でも探せます")
            return
        lines: list[tuple[str | Content, str]] = []
        for hit in listed.hits:
            who = hit.resident
            lines.append((row([(STATUSES.get(who.resident_status, "ほか"), 6), (shown_name(who.name), 28),
                               (shown(who.name_kana), 20), (who.birth_label, 16)], screen.size.width - 5, emphasis=0),
                          who.addressee_no))
        screen.show(Pick(screen, f"転出・死亡した方  {len(lines)}人", lines, picked, back=ask, weight=Weight.CAUTION,
                         prompt="番号で選んでください", notes=("除票など、この方についての手続だけです",)))

    async def picked(key: str) -> None:
        await screen.opened(await screen.ask(screen.desk.open_resident, key))

    await ask()
