"""照合表(受払簿): the papers of one place by contest and kind, whether they add up, and who counted what when. A4.

    受領 - 交付 - 書損 - 回収 + 処理済みの差 = あるべき残        (docs/polling.md §4; all in sheets)

残 is counted by hand. The difference belongs to the moment of the count, so the sheet says when that was and what it
should have been then; a difference is printed white on black and said in words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import sections
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sections import Line, Part, Section, heads, height_of, signatures
from sanjo_tui.documents.sheet import Box, Sheet, label, value

COLUMNS = ("contest", "paper", "delivered", "issued", "provisional", "spoiled", "returned", "accepted", "expected",
           "counted", "counted_at", "expected_then", "difference")
"""Keys of CSV and JSON."""

WIDTH = 190.0


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceLine:
    """One kind of paper of one contest, in sheets.

    `issued`: 交付, papers out now with the `provisional` ones among them; `returned`: 返付 and 受付取消. `counted` at
    `counted_at`, when it should have been `expected_then`; None before the first count.
    """

    contest: str
    paper: str
    delivered: int = 0
    issued: int = 0
    provisional: int = 0
    spoiled: int = 0
    returned: int = 0
    accepted: int = 0
    counted: int | None = None
    counted_at: str = ""
    expected_then: int = 0

    @property
    def expected(self) -> int:
        """What must be left now. Reckoned here, so that the printed line adds up."""
        return self.delivered - self.issued - self.spoiled - self.returned + self.accepted

    @property
    def difference(self) -> int | None:
        """Counted less expected at the time of the count."""
        return None if self.counted is None else self.counted - self.expected_then


@dataclass(frozen=True, slots=True, kw_only=True)
class CountLine:
    """One count by hand. `occasion`: 定時 束 随時 閉所."""

    at: str
    contest: str
    paper: str
    expected: int
    counted: int
    occasion: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A difference that was written down and countersigned by `verifier`."""

    at: str
    contest: str
    paper: str
    difference: int
    text: str
    operator: str = ""
    verifier: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Balance:
    """`lines` in the order of the boxes, 普通 before 点字. `day`: of this sheet; the figures run over all days so far.

    `oaths_counted`: 宣誓書 counted by hand (None: not yet); `oaths_recorded`: what the journal says (None: 当日).
    """

    heading: Heading
    election: str
    day: str
    lines: tuple[BalanceLine, ...]
    counts: tuple[CountLine, ...] = ()
    explanations: tuple[Explanation, ...] = ()
    oaths_counted: int | None = None
    oaths_recorded: int | None = None
    remark: str = ""
    signers: tuple[str, ...] = ("投票管理者", "用紙係", "立会人", "立会人")


def render(content: Balance) -> Pdf:
    """A4; the history of counts takes the pages that it needs."""
    pages = sections.paged(_sections(content), 33, 24, A4[1] - 16)
    return compose(content.heading, "投票用紙照合表（受払簿）", A4,
                   [partial(_page, content, parts, at == 0) for at, parts in enumerate(pages)])


def in_words(difference: int) -> str:
    """`2枚不足`, `1枚過剰`, `差なし`."""
    return f"{-difference:,}枚不足" if difference < 0 else f"{difference:,}枚過剰" if difference else "差なし"


def signed(count: int) -> str:
    """`+1,234`, `-2`, `0`."""
    return f"{count:+,}" if count else "0"


def standing(content: Balance) -> tuple[str, ...]:
    """What does not fit, in words: differences, more handed out than was ever delivered, sheets of the 宣誓書."""
    found = [f"{line.contest}（{line.paper}）　{in_words(line.difference)}"
             for line in content.lines if line.difference]
    found += [f"{line.contest}（{line.paper}）　受領の枚数が足りません" for line in content.lines if line.expected < 0]
    if content.oaths_counted is not None and content.oaths_recorded is not None:
        oaths = content.oaths_counted - content.oaths_recorded
        found += [f"宣誓書　{in_words(oaths)}"] if oaths else []
    return tuple(found)


def _page(content: Balance, parts: Sequence[Part], first: bool, sheet: Sheet) -> None:
    title(sheet, "投票用紙照合表（受払簿）" if first else "投票用紙照合表（続き）", 15, 16)
    if first:
        sheet.fit(10, 20, 120, 5.4, content.election, 11, pad=0, name="選挙")
        sheet.fit(132, 20, 68, 5.4, content.day, 10, "right", "gothic", pad=0, name="日")
        sheet.fit(10, 26, WIDTH, 5.4, f"投票所　{content.heading.place}", 10.5, pad=0, name="投票所")
    sections.draw(sheet, 10, parts)


def _sections(content: Balance) -> list[Section]:
    differences = standing(content)
    found = [_equations(content)]
    if differences:
        found.append(Section(title="差があるもの", lines=tuple(
            Line(height_of(each, 11, WIDTH, 7.4), (value(WIDTH, each, "差", size=11, font="gothic"),), dark=(0,))
            for each in differences)))
    if content.oaths_recorded is not None:
        found.append(_oaths(content))
    if content.explanations:
        found.append(_explanations(content.explanations))
    remark = Line(height_of(content.remark, 9.5, WIDTH, 7.4), (value(WIDTH, content.remark, "備考", size=9.5),))
    found.append(Section(title="備考", whole=True, lines=(
        *((remark,) if content.remark else ()), Line(14, (value(WIDTH, ""),)))))
    found.append(Section(title="確認", whole=True, note="数えた残と上の表を確かめました。",
                         lines=signatures(content.signers, WIDTH)))
    if content.counts:
        found.append(_counts(content.counts))
    return found


def _equations(content: Balance) -> Section:
    columns = ((34, "選挙"), (11, "用紙"), (18, "受領"), (18, "－ 交付"), (14, "うち\n仮投票"), (14, "－ 書損"),
               (14, "－ 回収"), (15, "＋ 処理\n済みの差"), (18, "＝ ある\nべき残"), (20, "数えた残"), (14, "差"))
    rows = []
    for line in content.lines:
        place = f"{line.contest} {line.paper}"
        above = f"{line.counted_at} に {line.expected_then:,}" if line.counted is not None else ""
        difference = line.difference
        rows.append(Line(9, (
            value(34, line.contest, "選挙名", size=9.5), value(11, line.paper, size=9, align="center", pad=0.5),
            _figure(18, f"{line.delivered:,}", place), _figure(18, f"{line.issued:,}", place),
            _figure(14, f"{line.provisional:,}", place, 8.5), _figure(14, f"{line.spoiled:,}", place),
            _figure(14, f"{line.returned:,}", place), _figure(15, signed(line.accepted), place),
            _figure(18, f"{line.expected:,}", place),
            value(20, "未計数" if line.counted is None else f"{line.counted:,}", place, size=11, font="gothic",
                  align="right", above=above, pad=0.8),
            value(14, "" if difference is None else signed(difference), place, size=12, font="gothic", align="center",
                  pad=0.5)), dark=(*((8,) if line.expected < 0 else ()), *((10,) if difference else ()))))
    return Section(title="受払", head=heads(*columns, size=7.5, height=8.4), lines=tuple(rows),
                   note="枚。この投票所の、開設からの累計。回収は返付と受付取消。数えた残の上は、数えた時刻と、その時のあるべき残。")


def _figure(width: float, text: str, place: str, size: float = 10.5) -> Box:
    return value(width, text, place, size=size, font="gothic", align="right", pad=1)


def _oaths(content: Balance) -> Section:
    recorded, counted = content.oaths_recorded or 0, content.oaths_counted
    difference = None if counted is None else counted - recorded
    say = "" if difference is None else in_words(difference)
    return Section(title="宣誓書", whole=True, lines=(Line(8, (
        label(30, "記録の枚数", 8.5), value(26, f"{recorded:,} 枚", size=11, font="gothic", align="right"),
        label(30, "数えた枚数", 8.5),
        value(26, "　　　枚" if counted is None else f"{counted:,} 枚", size=11, font="gothic", align="right"),
        label(22, "差", 8.5), value(56, say, "宣誓書の差", size=11, font="gothic", align="center")),
        dark=(5,) if difference else ()),))


def _explanations(explanations: Sequence[Explanation]) -> Section:
    rows = tuple(Line(height_of(each.text, 9, 78, 8), (
        value(20, each.at, size=8.5, font="gothic", pad=0.8), value(34, each.contest, "選挙名", size=9),
        value(10, each.paper, size=8.5, align="center", pad=0.3),
        value(12, signed(each.difference), size=10, font="gothic", align="center", pad=0.5),
        value(78, each.text, "差の説明", size=9), value(18, each.operator, "記録した人", size=8.5),
        value(18, each.verifier, "確認した人", size=8.5))) for each in explanations)
    return Section(title="差の説明", lines=rows, head=heads(
        (20, "時刻"), (34, "選挙"), (10, "用紙"), (12, "差"), (78, "説明"), (18, "記録した人"), (18, "確認した人")))


def _counts(counts: Sequence[CountLine]) -> Section:
    rows = []
    for each in counts:
        difference = each.counted - each.expected
        rows.append(Line(6.4, (
            value(24, each.at, "時刻", size=9, font="gothic", pad=0.8), value(48, each.contest, "選挙名", size=9),
            value(14, each.paper, size=8.5, align="center"),
            value(24, f"{each.expected:,}", size=10, font="gothic", align="right"),
            value(24, f"{each.counted:,}", size=10, font="gothic", align="right"),
            value(16, signed(difference), size=10, font="gothic", align="center"),
            value(16, each.occasion, "数えた時", size=8.5, align="center"),
            value(24, each.operator, "数えた人", size=8.5)), dark=(5,) if difference else ()))
    return Section(title="数えた記録", lines=tuple(rows), head=heads(
        (24, "時刻"), (48, "選挙"), (14, "用紙"), (24, "あるべき残"), (24, "数えた残"), (16, "差"), (16, "機会"),
        (24, "数えた人")))
