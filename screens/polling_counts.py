"""用紙の残数: what was delivered, is out, was spoiled or came back, and the remainder as it is counted by hand.

What the remainder should be stands nowhere before it was counted: a number that is copied can never disagree.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.stock import suspicion
from sanjo_tui.receptions.polling.words import Occasion, PaperKind, PlaceState
from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Hints, Paged
from screens.polling_sight import short_name
from screens.polling_tasks import back_to
from screens.widgets import pad, row, shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.stock import Equation
    from screens.polling import PollingScreen

WIDTHS = (2, 16, 4, 6, 6, 6, 6, 8, 16)
HEADS = ("", "選挙", "種別", "受領", "交付", "書損", "回収", "残", "")
NUMBERS = range(3, 8)
"""Columns that are numbers, to the right."""
MOST = 6
"""Digits of a count."""


def words(equation: Equation) -> str:
    """What the last count said: `2枚不足`, `1枚過剰`, or that it fits; blank before the first."""
    if equation.undelivered:
        return "受領が足りません"
    if equation.difference:
        return f"{abs(equation.difference)}枚{'不足' if equation.difference < 0 else '過剰'}"
    return "" if equation.counted is None else f"合う {equation.counted_at}"


async def counts(screen: PollingScreen, occasion: Occasion | None = None, *,
                 back: Callable[[], Awaitable[None]] | None = None) -> None:
    """The papers of this place, to be counted; for a report, where one is due and nothing else was said."""
    if screen.polling.place is None:
        screen.warn(screen.polling.readiness())
        return
    if occasion is None:
        due = await screen.ask(screen.polling.due_reports)
        occasion = Occasion.REPORT_TIME if due else Occasion.ANY_TIME
    equations = await screen.ask(screen.polling.equations)
    screen.show(Papers(screen, equations, occasion, back or back_to(screen)))


class Papers(Paged):
    """One line a kind of paper. Digits are the count of the line with the mark, Enter records it."""

    help = ("残っている用紙を手で数え、枚数を打って Enter を押します。矢印で行を選びます。\n"
            "受領 = 残 + 交付 + 書損 + 回収 でなければ、差が出ます。差は、数え直して合うか、\n"
            "説明を書いて二人目が確かめるまで、どの受付の画面にも出ます。\n"
            "Tab 数える機会(定時、束、随時、閉所)   + 用紙の受領を足す   / 差を説明して確定する\n"
            "束ごとに数えるときは、束の残りと手つかずの束を足した枚数を入れます。")

    def __init__(self, screen: PollingScreen, equations: tuple[Equation, ...], occasion: Occasion, back: Any) -> None:
        super().__init__(screen)
        self.desk, self.equations, self.occasion, self.back = screen, equations, occasion, back
        self.typed = ""
        self._counts = False
        """Something was counted here: leaving ends 照合中, whichever desk or panel began it."""

    @override
    def count(self) -> int:
        return len(self.equations)

    @override
    def verdict(self) -> Verdict:
        occasion = f"機会: {self.occasion.value} (Tab で変える)"
        if self.typed:
            label = shown(self.equations[self.cursor].label)
            return Verdict(Weight.READY, f"Enter で {label} の残 {self.typed}枚を記録", notes=(occasion,))
        if swap := self._swap():
            return Verdict(Weight.CAUTION, swap[0], notes=swap[1:])
        if wrong := [e for e in self.equations if e.sentence]:
            more = f"  ほか{len(wrong) - 1}件" if len(wrong) > 1 else ""
            hint = "数え直して打つか、/ で説明を書いて確定します"
            return Verdict(Weight.CAUTION, f"差があります: {shown(wrong[0].sentence)}{more}", notes=(hint,))
        waiting = sum(not self._counted(e) for e in self.equations)
        if waiting:
            return Verdict(Weight.READY, f"残りを手で数え、枚数を打って Enter  あと{waiting}件", notes=(occasion,))
        return Verdict(Weight.READY, "最後に数えた残は、すべて合っています", notes=(occasion,))

    def _name(self, equation: Equation) -> str:
        election = self.desk.polling.election
        contest = election.contest(equation.contest) if election is not None else None
        return short_name(contest) if contest is not None else shown(equation.name)

    def _swap(self) -> tuple[str, ...]:
        """Where one paper seems to have gone out for another: what to do, and which, in names that fit the line."""
        if not suspicion(self.equations):
            return ()
        wrong = sorted((e for e in self.equations if e.difference), key=lambda e: -e.difference)
        over, short = (self._name(e) + ("" if e.paper is PaperKind.PLAIN else e.paper.value) for e in wrong)
        return (f"差があります。交付をとめてください: {over} {wrong[0].difference:+d} {short} {wrong[1].difference:+d}",
                f"{over}の代わりに{short}を渡した疑い。山と色を確かめてください")

    def _counted(self, equation: Equation) -> bool:
        """Closing wants every kind counted for closing, with nothing handed out since."""
        if self.occasion is Occasion.CLOSING:
            return equation.closes(self.desk.polling.today().isoformat())
        return equation.counted is not None

    @override
    def title(self) -> str:
        return "用紙の残数"

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        e, here = self.equations[index], index == self.cursor
        left, said = e.counted_label, words(e)
        if here and self.typed:
            left, said = self.typed + "_", "Enter で記録"
        numbers = (str(n) for n in (e.delivered, e.issued, e.spoiled, e.returned))
        cells = [">" if here else "", self._name(e), e.paper.value, *numbers, left, said]
        return _cells(cells, width, "$cursor-row" if here else "")

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        more = self.more()
        settled = [f"確定した差: {shown(e.label)} {e.accepted:+d}枚" for e in self.equations if e.accepted]
        rows = self.rows(width, max(1, height - 1 - bool(more) - len(settled)))
        return [_cells(HEADS, width, "bold"), *rows, *([Content(more)] if more else []), *map(Content, settled)]

    @override
    def hints(self) -> Hints:
        return (("数字", "枚数"), ("Enter", "記録"), ("Tab", self.occasion.value), ("+", "受領"), ("/", "差の説明"),
                ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            await self._leave()
        elif self.move(key):
            self.typed = ""
        elif len(character) == 1 and character in "0123456789":
            self.typed = (self.typed + character).lstrip("0")[:MOST] or "0"
        elif key == "backspace":
            self.typed = self.typed[:-1]
        elif key in ("tab", "shift+tab"):
            every = list(Occasion)
            self.occasion = every[(every.index(self.occasion) + (1 if key == "tab" else -1)) % len(every)]
        elif character == "+":
            await self._deliver()
        elif character in ("/", "・"):
            await self._settle()
        elif key == "enter" and self.typed and self.equations:
            await self._record()

    async def _leave(self) -> None:
        if self.typed:
            self.typed = ""
            return
        day = await self.desk.ask(self.desk.polling.day)
        if self._counts and day is not None and day.state is PlaceState.RECONCILING:
            await self.desk.ask(self.desk.polling.end_reconciling)
            await self.desk.refresh_facts()
        await self.back()

    async def _record(self) -> None:
        equation, polling = self.equations[self.cursor], self.desk.polling
        day = await self.desk.ask(polling.day)
        if self.occasion is Occasion.REPORT_TIME and day is not None and day.state is PlaceState.OPEN:
            await self.desk.ask(polling.begin_reconciling)
        self._counts = True
        counted, self.typed = int(self.typed), ""
        now = await self.desk.ask(polling.count, equation.contest, equation.paper, counted, self.occasion)
        await self._again()
        if now.sentence and (swap := self._swap()):
            self.desk.warn(*swap)
        elif now.sentence:
            self.desk.warn(f"{shown(now.sentence)}。もう一度数えてください",
                           f"受領{now.delivered}-交付{now.issued}-書損{now.spoiled}-回収{now.returned}"
                           f"{f'{now.accepted:+d}' if now.accepted else ''}={now.should_be}  数えた枚数 {counted}")
        else:
            self.move("down")

    async def _again(self) -> None:
        self.equations = await self.desk.ask(self.desk.polling.equations)
        self.cursor = min(self.cursor, max(0, len(self.equations) - 1))
        await self.desk.refresh_facts()

    async def _settle(self) -> None:
        if not self.equations or not self.equations[self.cursor].difference:
            self.desk.warn("この行に差はありません", "矢印で、差のある行を選んでください")
            return
        equation = self.equations[self.cursor]
        heading = f"差の説明: {shown(equation.sentence)}"

        async def record(a: dict[str, Any]) -> bool:
            await self.desk.ask(self.desk.polling.settle, equation.contest, equation.paper, a["explanation"],
                                verifier=a["verifier"], pin=a["pin"])
            return True

        fields = [Field(key="explanation", label="説明", required=True, hint="調べたこと、分かったこと"),
                  *whom.second()]
        if await whom.asked(self.desk, heading, fields, record, enter="差を確定",
                            note="説明は照合表と投票録に残ります。数え直しても合わないときだけ使います。"):
            await self._again()
            self.desk.tell("差を説明と一緒に記録しました")

    async def _deliver(self) -> None:
        election = self.desk.polling.election
        assert election is not None             # the panel is only reached with one
        now = self.equations[self.cursor] if self.equations else None

        async def record(a: dict[str, Any]) -> bool:
            await self.desk.ask(self.desk.polling.deliver, a["contest"], a["paper"], sheets(a["sheets"]), a["remark"])
            return True

        if await whom.asked(self.desk, "用紙の受領", [
                Field(key="contest", label="選挙", required=True, value=now.contest if now else "",
                      options=tuple((c.code, short_name(c)) for c in election.in_order)),
                Field(key="paper", label="種別", required=True, value=now.paper if now else PaperKind.PLAIN,
                      options=tuple((p, p.value) for p in PaperKind)),
                Field(key="sheets", label="枚数", required=True, hint="新しく受け取った枚数"),
                Field(key="remark", label="備考", hint="だれから、束の番号 など")], record):
            await self._again()
            self.desk.tell("用紙の受領を記録しました")


def sheets(text: str) -> int:
    """A typed number of sheets. Raises RuleError for anything else."""
    from sanjo_tui.numbers import only_digits

    digits = only_digits(text.strip().removesuffix("枚"))
    if not digits or len(digits) > MOST:
        raise RuleError("枚数は数字で入れてください。", "例 500")
    return int(digits)


def _cells(cells: Any, width: int, style: str) -> Content:
    parts = [(pad(text, wide, right=True) if n in NUMBERS else text, wide)
             for n, (text, wide) in enumerate(zip(cells, WIDTHS, strict=True))]
    return row(parts, width, style)


