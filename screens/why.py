"""Why somebody is searched for: asked by digit before a free search, where operators are registered."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from sanjo_tui.desk.searching import ReasonNeeded
from sanjo_tui.receptions.lookups import REASONS
from screens.panels import Pick

if TYPE_CHECKING:
    from screens.desk import DeskScreen

T = TypeVar("T")


async def search(screen: DeskScreen, look_up: Callable[[str, str], T], text: str,
                 then: Callable[[T], Awaitable[None]], back: Callable[[], Awaitable[None]]) -> None:
    """One search, then `then(found)`; a reason is asked for first where this search needs one. Esc leads `back`."""

    async def because(reason: str) -> None:
        found = await screen.ask(look_up, text, reason)
        await back()
        await then(found)

    try:
        found = await screen.ask(look_up, text, "")
    except ReasonNeeded:
        screen.show(Pick(screen, "探す理由", [(label, key) for key, label in REASONS.items()], because, back=back,
                         prompt="理由を番号で選んでください",
                         notes=("理由は記録に残ります", "氏名に生年月日か町名を続けて打つと、理由は要りません")))
    else:
        await then(found)
