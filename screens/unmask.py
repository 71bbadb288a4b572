"""A protected address in its own place on the panel, for one minute: asked for with U, a reason and a second operator.

It is covered again by itself, by the next card, and with the panel: Esc, a lock, another person.
"""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING

from sanjo_tui.receptions.lookups import REASONS
from screens.form import Field, FormScreen
from screens.widgets import shown

if TYPE_CHECKING:
    from sanjo_tui.desk.unmasking import Revealed
    from screens.desk import DeskScreen

KEYS = ("u", "う")
HINT = ("U", "住所を見る")

SHORT = {"inquiry": "照会回答", "correction": "訂正", "support": "支援"}
"""Reasons that all stand in one line of 80 cells."""

HELP = """\
表示を止められている方の住所を、1分だけ画面に出します。
理由を数字で選び、もう一人(責任者)に職員番号と暗証番号を入れてもらいます。
だれが何のために見たかは、出す前に記録されます。印刷や書き出しには出ません。"""

LATER = "責任者がいないときは、番号を空けたまま Enter。後で承認を受けてください"


class Peep:
    """What may be seen of one protected person at this moment, which is mostly nothing."""

    def __init__(self, screen: DeskScreen, key: str) -> None:
        self.screen, self.key = screen, key
        self._revealed: Revealed | None = None
        self._from = self._until = dt.datetime.min
        self._waiting = 0

    def __repr__(self) -> str:
        """Never shows what is behind it."""
        return "Peep(...)"

    def text(self) -> str:
        """`旭町1-2  (あと58秒)`, or "" while it is covered."""
        if self._revealed is None:
            return ""
        now = self.screen.sanjo.clock()
        if not self._from <= now < self._until or len(self.screen.waiting) != self._waiting:
            self.cover()
            return ""
        return f"{shown(self._revealed.address)}  (あと{(self._until - now).seconds}秒)"

    def cover(self) -> None:
        """Masked again."""
        self._revealed = None

    async def ask(self) -> None:
        """The form; then the address, once it is recorded. Raises what the Desk raises."""
        from sanjo_tui.desk import unmasking

        self.cover()
        desk = self.screen.desk
        by_two = await self.screen.ask(unmasking.by_two, desk)
        answers = await self.screen.sanjo.push_screen_wait(FormScreen("住所を1分だけ表示", [
            Field(key="reason", label="理由", required=True,
                  options=tuple((key, SHORT.get(key, label)) for key, label in REASONS.items())),
            Field(key="verifier", label="確認者の番号", required=by_two, asked=not by_two),
            Field(key="pin", label="暗証番号", required=by_two, secret=True)],
            enter="表示", note="" if by_two else LATER, help=HELP))
        if answers is None:
            return
        revealed = await self.screen.ask(unmasking.unmask, desk, self.key, answers["reason"],
                                         verifier=answers["verifier"], pin=answers["pin"])
        self._from = self.screen.sanjo.clock()
        self._until = self._from + dt.timedelta(seconds=revealed.seconds)
        self._waiting = len(self.screen.waiting)
        self._revealed = revealed
        self.screen.set_timer(revealed.seconds, partial(self._end, revealed))   # also where the clock is set back
        self._tick()
        if revealed.later:
            self.screen.warn("確認者なしで表示しています", "後で責任者の承認を受けてください")

    def _tick(self) -> None:
        """Counts down in sight; nothing is painted once it is covered."""
        if self._revealed is not None and self.screen.is_mounted:
            self.screen.paint()
            self.screen.set_timer(1.0, self._tick)

    def _end(self, revealed: Revealed) -> None:
        if self._revealed is revealed:
            self.cover()
            if self.screen.is_mounted:
                self.screen.paint()
