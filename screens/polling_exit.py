"""出口の確認: whether every paper went into its box, and whether somebody leaves without a paper they may have.

Panel by panel the same person stands here, so after each voter the exit is ready for the next 交付票.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.errors import SanjoError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.words import Act, PaperKind, State
from screens import polling_tasks as tasks
from screens.panels import Hints, Paged
from screens.polling_whom import Whom
from screens.widgets import row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.voters import VoterLook
    from sanjo_tui.receptions.polling.election import Contest
    from screens.polling import PollingScreen


class Seen(Enum):
    """What became of one contest at the exit."""

    CAST = "投函"
    RETURNED = "返付"
    TAKEN_AWAY = "持ち帰り"
    ASK = "未受領"
    ABSTAINED = "棄権"
    DESK = "交付の係へ"


OUT = (Seen.CAST, Seen.RETURNED, Seen.TAKEN_AWAY)
"""What a digit goes through for a paper that was handed out."""
NOT_OUT = (Seen.ASK, Seen.ABSTAINED, Seen.DESK)
"""And for one that the voter may have but did not take."""

HELP = ("渡した用紙がすべて投票箱に入ったのを見て、Enter を押します。\n"
        "数字を押すと、その選挙は 返付(用紙を返した)、持ち帰り に変わります。\n"
        "「未受領」は、投票できるのに用紙を受け取っていない選挙です。本人に聞いて、棄権か、交付の係への案内を選びます。")


@dataclass(slots=True)
class Line:
    """One contest of the voter at the exit."""

    contest: Contest
    paper: PaperKind | None
    seen: Seen

    def turn(self) -> None:
        """The next answer."""
        ways = OUT if self.paper is not None else NOT_OUT
        self.seen = ways[(ways.index(self.seen) + 1) % len(ways)]


async def check(screen: PollingScreen) -> None:
    """Ready for the next voter who leaves."""
    place = screen.polling.place
    if place is None or not place.exit_check:
        screen.warn("この投票所では、出口の確認をしません", "選挙の設定で exit_check を true にすると使えます")
        return
    panel = Whom(screen, "出口の確認", "交付票のバーコードを読んでください", partial(_opened, screen),
                 note="交付票がない方は、カードや氏名で。やめるときは Esc", help=HELP)
    screen.show(panel)
    if screen.waiting:                          # who tapped while another one was checked comes next
        await panel.tap(screen.waiting.pop(0))


async def _opened(screen: PollingScreen, look: VoterLook) -> None:
    gone = {s.contest.code for s in look.standings if s.taken_away}
    out = {contest.code: issue.paper for contest, issue in tasks.papers_out(screen, look) if contest.code not in gone}
    lines = [Line(s.contest, out.get(s.contest.code), Seen.CAST if s.contest.code in out else Seen.ASK)
             for s in look.examined.slips if s.contest.code in out or s.act is Act.ISSUE]
    screen.show(Leaving(screen, look, lines))


class Leaving(Paged):
    """The papers of one voter at the exit. Enter records what stands in the lines."""

    help = HELP

    def __init__(self, screen: PollingScreen, look: VoterLook, lines: Sequence[Line]) -> None:
        super().__init__(screen)
        self.desk, self.look, self._lines = screen, look, list(lines)

    @override
    def count(self) -> int:
        return len(self._lines)

    def _of(self, seen: Seen) -> tuple[str, ...]:
        return tuple(line.contest.code for line in self._lines if line.seen is seen)

    @override
    def verdict(self) -> Verdict:
        if not self._lines:
            said = "この方に渡した用紙はありません"
            if any(s.taken_away for s in self.look.standings):
                said = "持ち帰りが記録されています"
            elif any(s.state is State.CAST for s in self.look.standings):
                said = "投函は確認済みです"
            return Verdict(Weight.NOTICE, said, notes=("Esc で戻ります",))
        if asked := self._of(Seen.ASK):
            return Verdict(Weight.CAUTION, f"受け取っていない選挙が{len(asked)}つあります。本人に聞いてください",
                           notes=("数字で 棄権 か 交付の係へ を選びます",))
        cast, whole = len(self._of(Seen.CAST)), sum(line.paper is not None for line in self._lines)
        what = f"全部({whole}枚)投函" if cast == whole else f"{cast}枚投函、ほかは表示のとおり"
        return Verdict(Weight.READY, f"Enter で{what}", notes=("箱に入ったのを見てから押します",))

    @override
    def title(self) -> str:
        last = self.look.voter.visits[-1].reception_no if self.look.voter and self.look.voter.visits else ""
        return f"出口の確認  {shown_name(self.look.elector.name)} さん  {last}"

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        one = self._lines[index]
        cursor = ">" if index == self.cursor else " "
        return row([(f"{cursor}{mark}", 2), (one.seen.value, 10), (f"箱{one.contest.box_no}", 4),
                    (shown(one.contest.name), 30), (shown(one.contest.ballot_colour), 10),
                    (one.paper.value if one.paper else "", 4)],
                   width, "$cursor-row" if index == self.cursor else "", emphasis=1)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return self.rows(width, height)

    @override
    def hints(self) -> Hints:
        enter = (("Enter", "記録"),) if self._lines and not self._of(Seen.ASK) else ()
        return (*enter, ("数字", "返付・持ち帰り・棄権"), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        index = self.digit(character)
        if key == "escape":
            await check(self.desk)
        elif self.move(key):
            return
        elif index is not None or key == "space":
            self.cursor = self.cursor if index is None else index
            if self._lines:
                self._lines[self.cursor].turn()
        elif key == "enter" and self._lines and not self._of(Seen.ASK):
            await self._record()

    async def _record(self) -> None:
        try:
            await self._each()
        except SanjoError:                      # what was recorded before it stands: show how things are now
            await _opened(self.desk, await self.desk.ask(self.desk.polling.look, self.look.opened))
            raise

    async def _each(self) -> None:
        key, polling = self.look.opened.key, self.desk.polling
        if cast := self._of(Seen.CAST):
            await self.desk.ask(polling.cast, key, cast)
        if abstained := self._of(Seen.ABSTAINED):
            await self.desk.ask(polling.abstain, key, abstained)
        for contest in self._of(Seen.RETURNED):
            await self.desk.ask(polling.give_back, key, contest, in_hand=True)
        for contest in self._of(Seen.TAKEN_AWAY):
            await self.desk.ask(polling.take_away, key, contest, "出口の確認")
        await self.desk.refresh_facts()
        said = [f"{seen.value}{len(codes)}" for seen in Seen if (codes := self._of(seen))]
        if self._of(Seen.DESK):
            self.desk.warn("交付の係へ案内してください", "  ".join(said))
        else:
            self.desk.tell("記録しました", "  ".join(said), "次の方の交付票を読んでください")
        await check(self.desk)
