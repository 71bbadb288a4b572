"""Number tickets: give one, call the next, absent, served; the line as it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sanjo_tui.receptions.counter.words import NEXT, Waiting
from sanjo_tui.receptions.shelter.look import clock
from screens.panels import Pick
from screens.widgets import row

if TYPE_CHECKING:
    from sanjo_tui.receptions.counter.state import Ticket
    from screens.counter import CounterScreen

GIVE, CALL = "give", "call"


async def menu(screen: CounterScreen) -> None:
    """Give, call, and everybody who is not done, the longest waiting first."""
    tickets = await screen.ask(screen.counter.tickets)
    setup = screen.counter.setup
    options: list[tuple[str | Content, object]] = [("次の方を呼ぶ", CALL)]
    options += [(f"番号札を出す: {one.code} {one.name}", one.code) for one in setup.categories]
    options += [(row([(one.number, 8), (one.state.value, 8), (clock(one.since_ms), 6), (one.window, 12)],
                     screen.size.width - 5), one)
                for one in tickets if one.state not in (Waiting.DONE, Waiting.DELETED)]

    async def picked(what: object) -> None:
        if what == CALL:
            called = await screen.ask(screen.counter.call_next)
            await _told(screen, f"{called.number} の方を呼んでください" if called else "待っている方はいません")
        elif isinstance(what, str):
            receipt = await screen.ask(screen.counter.give_ticket, what)
            await _told(screen, f"{receipt.detail} を渡してください")
        else:
            _one(screen, what)  # type: ignore[arg-type]

    screen.show(Pick(screen, "番号札", options, picked, prompt="番号で選んでください"))


def _one(screen: CounterScreen, ticket: Ticket) -> None:
    """What may become of one ticket."""
    async def picked(state: Waiting) -> None:
        await screen.ask(screen.counter.move_ticket, ticket.number, state)
        await _told(screen, f"{ticket.number} {state.value}")

    async def back() -> None:
        await menu(screen)

    screen.show(Pick(screen, f"{ticket.number}  {ticket.state.value}",
                     [(state.value, state) for state in NEXT[ticket.state]], picked, back=back,
                     prompt="どうしますか", enter=False))


async def _told(screen: CounterScreen, sentence: str) -> None:
    await screen.refresh_facts()
    await menu(screen)
    screen.tell(sentence)
