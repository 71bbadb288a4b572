"""STOP: it fills the whole body, rings, and has no key that goes on. Esc leaves it, F7 calls the 投票管理者.

済, 死亡 and another ward look alike in weight: whoever stands at the desk has to read it before anything else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from screens.panels import Hints, Panel
from screens.polling_sight import short_name, who_title
from screens.widgets import folded, pad, shown

if TYPE_CHECKING:
    from sanjo_tui.desk.voters import VoterLook
    from sanjo_tui.receptions.polling.rules import Stop
    from screens.polling import PollingScreen

RED, BOX = "bold #ffffff on #b3261e", "bold #b3261e on #ffffff"
CALL_THEM = "用紙を渡さず、投票管理者を呼んでください"
CALL = "F7 投票管理者を呼ぶ    Esc 次の方へ"


class Stopped(Panel):
    """Why no paper may be handed out. `look` is None for somebody of whom this laptop knows only the right place."""

    help = ("この方に投票用紙を渡さないでください。\n"
            "画面のことばを読み、「次にすること」をしてください。入場券やカードを持っていても同じです。\n"
            "Enter では何も起きません。本人が納得しないときや、分からないときは F7 で投票管理者を呼びます。\n"
            "Esc で次の方に移ります。何も記録されません。")

    def __init__(self, screen: PollingScreen, stop: Stop, look: VoterLook | None = None) -> None:
        super().__init__(screen)
        self.desk, self.stop, self.look = screen, stop, look

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.STOP, f"止まってください  {self.stop.heading}", notes=("用紙を渡さないでください", CALL),
                       code=self.stop.code.value)

    @override
    def title(self) -> str:
        return who_title(self.look.elector) if self.look is not None else ""

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        inner = width - 6
        said = [part for part in shown(self.stop.heading).split("。") if part]
        heading = [line for part in said for line in folded(_wide(part, width - 2), width - 2)]
        facts = self._facts(inner, short=False)
        then = folded("次にすること: " + shown(self.stop.next or CALL_THEM), inner)
        head = ["=" * width, *(" " * ((width - cell_len(line)) // 2) + line for line in heading), "=" * width]
        rows = [(line, BOX if line.strip("=") else RED) for line in head]
        spare = height - len(head) - len(facts) - len(then)
        if spare < 0:
            facts = self._facts(inner, short=True)
            spare = height - len(head) - len(facts) - len(then)
        if spare < 0:                                # never without saying that there is more
            facts = [*facts[:max(0, len(facts) + spare - 1)], "ほかにもあります"]
        gap = [""] if spare >= 2 else []
        rows += [(f"   {line}", RED) for line in (*gap, *facts, *gap, *then)]
        rows += [("", RED)] * (height - len(rows))
        return [Content(pad(text, width)).stylize(style) for text, style in rows[:height]]

    def _facts(self, cells: int, *, short: bool) -> list[str]:
        """One line each, folded; `short`: with the short names of the contests."""
        facts = [shown(fact) for fact in self.stop.facts]
        for contest in self.desk.election.in_order if short and self.desk.election is not None else ():
            facts = [fact.replace(contest.name, short_name(contest)) for fact in facts]
        return [line for fact in facts for line in _whole(fact, cells)]

    @override
    def hints(self) -> Hints:
        return (("Esc", "次の方へ"), ("F7", "投票管理者を呼ぶ"))


def _whole(text: str, cells: int) -> list[str]:
    """Lines that break after a `、` or a blank: the name of a contest is read in one piece."""
    lines = [""]
    for part in filter(None, re.findall("[^、 ]*[、 ]?", text)):
        if lines[-1] and cell_len(lines[-1] + part.rstrip(" ")) > cells:
            lines.append("")
        lines[-1] += part
    return [piece.rstrip(" ") for line in lines for piece in folded(line, cells)]


def _wide(text: str, cells: int) -> str:
    """The characters apart, so that they read from further away; together where there is no room."""
    spaced = " ".join(text)
    return spaced if cell_len(spaced) <= cells else text
