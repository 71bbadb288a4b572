"""受払: the papers of one place must add up, per contest and per 普通/点字, at every count (docs/polling.md §4).

    受領 = 残 + 交付 + 書損 + 回収        回収: 返付 and 受付取消; 仮投票 counts as 交付

cumulative over all days of the place; differences that were written down are reckoned with. 残 is counted by hand: what
is reckoned here is what it should be, and never stands for it. Papers count where it happened: handed out, spoiled or
returned at this place. All numbers are sheets.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.election import Contest, Election
from sanjo_tui.receptions.polling.state import PLANNED, PaperStock
from sanjo_tui.receptions.polling.tally import Totals, local
from sanjo_tui.receptions.polling.words import Occasion, PaperKind

NOT_COUNTED = "未計数"
MOST_SHEETS = 1_000_000
"""Above this a number was mistyped, or a bar code landed in the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One line of the 照合表: what one kind of paper of one contest came to, and what was counted last.

    `counted` None: never counted (未計数). `should_be`: the remainder reckoned at that count; `counted_ms`: when, UTC.
    """

    place: str
    contest: str
    name: str
    paper: PaperKind
    delivered: int = 0
    out: int = 0
    provisional: int = 0
    spoiled: int = 0
    returned: int = 0
    accepted: int = 0
    counted: int | None = None
    should_be: int = 0
    counted_ms: int = 0
    occasion: Occasion | None = None
    explanations: tuple[str, ...] = ()

    @property
    def issued(self) -> int:
        """交付: papers out now, 仮投票 included."""
        return self.out + self.provisional

    @property
    def expected(self) -> int:
        """What a count should find now. Never shown as 残: that is `counted`."""
        return self.delivered - self.issued - self.spoiled - self.returned + self.accepted

    @property
    def difference(self) -> int:
        """Counted - reckoned, at the last count; stands until it is settled or a new count fits. 0 before any count."""
        return 0 if self.counted is None else self.counted - self.should_be

    @property
    def moved(self) -> bool:
        """Papers of this kind came to the place, or were handed out or taken in there."""
        return bool(self.delivered or self.issued or self.spoiled or self.returned or self.counted is not None)

    @property
    def undelivered(self) -> bool:
        """More went out than was ever entered as 受領."""
        return self.expected < 0

    @property
    def holds(self) -> bool:
        """It was counted, and the last count fitted or its difference was settled."""
        return self.counted is not None and self.difference == 0 and not self.undelivered

    @property
    def current(self) -> bool:
        """Nothing moved since the last count: what was counted is what should be there now."""
        return self.holds and self.counted == self.expected

    @property
    def counted_at(self) -> str:
        """When it was counted last, `HH:MM` in Japan; "" before the first count."""
        return "" if self.counted is None else "{:02}:{:02}".format(*divmod(local(self.counted_ms)[1], 60))

    @property
    def counted_on(self) -> str:
        """The day of the last count, `YYYY-MM-DD`; "" before the first."""
        return "" if self.counted is None else local(self.counted_ms)[0]

    @property
    def label(self) -> str:
        """比例 普通."""
        return f"{self.name} {self.paper.value}"

    @property
    def counted_label(self) -> str:
        """残 as it may be shown: the number counted by hand, or 未計数."""
        return NOT_COUNTED if self.counted is None else str(self.counted)

    @property
    def sentence(self) -> str:
        """What does not fit, for the banner and the 照合表; "" where nothing is wrong."""
        if self.undelivered:
            return f"{self.label} 受領の枚数が足りません"
        if self.difference:
            return f"{self.label} {abs(self.difference)}枚 {'不足' if self.difference < 0 else '過剰'}"
        return ""

    def closes(self, day: str) -> bool:
        """The place may close on this: counted for closing on that day or later, and nothing moved since."""
        return self.current and self.occasion is Occasion.CLOSING and self.counted_on >= day


def equation(stock: PaperStock, totals: Totals, place: str, contest: Contest, paper: PaperKind) -> Equation:
    """The equation of one kind of paper at one place. Raises ValueError for the stock of another place."""
    if stock.place != place:
        raise ValueError("stock of another place")
    shelf, code = stock.shelf(contest.code, paper), contest.code
    return Equation(
        place=place, contest=code, name=contest.name, paper=paper, delivered=shelf.delivered,
        out=totals.out(place, code, paper), provisional=totals.provisional(place, code, paper),
        spoiled=totals.spoiled(place, code, paper), returned=totals.returned(place, code, paper),
        accepted=shelf.accepted, counted=shelf.counted, should_be=shelf.expected, counted_ms=shelf.counted_ms,
        occasion=shelf.occasion, explanations=shelf.explanations)


def equations(stock: PaperStock, totals: Totals, election: Election) -> tuple[Equation, ...]:
    """All lines of a place in the order of the boxes: 普通 always, 点字 where there are any."""
    lines = (equation(stock, totals, stock.place, contest, paper)
             for contest in election.in_order for paper in PaperKind)
    return tuple(line for line in lines if line.paper is PaperKind.PLAIN or line.moved)


def differences(lines: Iterable[Equation]) -> tuple[Equation, ...]:
    """What stands on every desk until it is settled or a new count fits."""
    return tuple(line for line in lines if line.sentence)


def suspicion(lines: Sequence[Equation]) -> str:
    """A guess for the clerk where one contest has as many too many as another too few; else ""."""
    over = [line for line in lines if line.difference > 0]
    short = [line for line in lines if line.difference < 0]
    if len(over) == len(short) == 1 and over[0].difference == -short[0].difference:
        return (f"{over[0].label}の代わりに{short[0].label}を渡した疑いがあります。"
                "交付をとめて、用紙の山と色を確かめてください。")
    return ""


# --- events


def deliver(line: Equation, election: str, sheets: int, remark: str = "") -> ev.PapersDelivered:
    """受領. A negative number corrects an earlier one, with a remark. Raises RuleError."""
    if sheets == 0 or abs(sheets) > MOST_SHEETS:
        raise RuleError("枚数が正しくありません。", "受け取った枚数を入れてください。")
    if sheets < 0 and not remark.strip():
        raise RuleError("受領を減らすには、備考が要ります。", "訂正や払出しの理由を入れてください。")
    if sheets < 0 and (line.delivered + sheets < 0 or line.expected + sheets < 0):
        raise RuleError("受領より多くは減らせません。", "枚数を確かめてください。")
    said = remark.strip()
    return ev.PapersDelivered(subject=line.place, scope=election, contest=line.contest, paper=line.paper,
                              sheets=sheets, remark=f"{said} (追加)" if said == PLANNED else said)


def first_deliveries(stock: PaperStock, election: Election) -> tuple[ev.PapersDelivered, ...]:
    """受領 at the first opening, as the election's set-up says; kinds that somebody entered already are left alone."""
    return tuple(ev.PapersDelivered(subject=stock.place, scope=election.id, contest=planned.contest,
                                    paper=planned.paper, sheets=planned.sheets, remark=PLANNED)
                 for planned in election.stock if planned.place == stock.place and planned.sheets > 0
                 and f"{planned.contest}/{planned.paper.value}" not in stock.shelves)


def count(line: Equation, election: str, counted: int, occasion: Occasion = Occasion.ANY_TIME) -> ev.Remainder:
    """残, counted by hand; what it should be is reckoned from `line`, read in the same transaction. RuleError."""
    if not 0 <= counted <= MOST_SHEETS:
        raise RuleError("枚数が正しくありません。", "手元に残っている枚数を数えて入れてください。")
    return ev.Remainder(subject=line.place, scope=election, contest=line.contest, paper=line.paper, counted=counted,
                        expected=line.expected, occasion=occasion)


def settle(line: Equation, election: str, explanation: str, *, operator: str, verifier: str) -> ev.DifferenceSettled:
    """差の処理: the difference of the last count is written down and countersigned. Raises RuleError."""
    if not line.difference:
        raise RuleError(f"{line.label}に差はありません。", "残りを数え直すときは、枚数を入れてください。")
    if not explanation.strip():
        raise RuleError("差の説明が要ります。", "数え直した結果と、分かった理由を書いてください。")
    second_person(operator, verifier)
    return ev.DifferenceSettled(subject=line.place, scope=election, contest=line.contest, paper=line.paper,
                                difference=line.difference, explanation=explanation.strip(), verifier=verifier)


def second_person(operator: str, verifier: str) -> None:
    """Raises RuleError unless somebody else than the operator countersigns."""
    if not verifier.strip():
        raise RuleError("もう一人の確認が要ります。", "確認者の職員番号を入れてください。")
    if verifier.strip() == operator.strip():
        raise RuleError("確認者は、操作者と別の人にしてください。", "もう一人の職員に入れてもらってください。")
