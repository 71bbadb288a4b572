"""本人確認: the explicit step in which a person at the desk says that this is them, and how they know."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.identity import VerifiedBy
from screens.panels import Pick

if TYPE_CHECKING:
    from screens.service import ServiceScreen

NOT_THEM = "service.not_the_person"
"""What the journal calls a card whose holder is somebody else."""


def verify(screen: ServiceScreen, title: str, then: Callable[[VerifiedBy], Awaitable[None]], *, by_card: bool,
           proxy: bool = False, interview: bool = True) -> None:
    """Asks how the person was identified; `then` gets the answer. With a card, its face comes first.

    A face that is not theirs ends here: it is recorded, without a name, and nothing is received.
    """
    ways = [VerifiedBy.CARD_FACE] if by_card else []
    ways += [VerifiedBy.PHOTO_ID, VerifiedBy.TWO_DOCUMENTS]
    ways += [VerifiedBy.INTERVIEW] if interview else []
    ways += [VerifiedBy.PROXY] if proxy else []
    options: list[tuple[str, VerifiedBy | None]] = [(way.label, way) for way in ways]
    options.append(("本人ではない (受け付けない)", None))

    async def picked(way: VerifiedBy | None) -> None:
        if way is not None:
            await then(way)
            return
        await screen.ask(screen.desk.log_act, NOT_THEM, {"reception": screen.RECEPTION})
        screen.rest()
        screen.warn("受け付けません。責任者に知らせてください")

    screen.show(Pick(screen, title, options, picked, enter=False, weight=Weight.READY,
                     prompt="顔写真と見くらべてください" if by_card else "本人確認をしてください",
                     notes=("確かめた方法を番号で選びます",),
                     help="カードの顔写真か書類と、目の前の人を見くらべて、方法を番号で選びます。\n"
                          "選んだ方法は、受付と一緒に記録されます。本人でないときは最後の番号です。"))
