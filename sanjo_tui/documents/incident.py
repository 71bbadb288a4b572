"""事故記録: everything that was recorded of one voter, in the order of the clocks, for the report to the committee. A4.
事故票: the doubles that a merge found, one heading a case, one line a paper.

Neither holds an address. What cannot be undone any more is written down here, never repaired (docs/polling.md §6).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import listing, sections
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sections import Line, Part, Section, heads, height_of, signatures
from sanjo_tui.documents.sheet import Sheet, label, value

CHAIN_COLUMNS = ("number", "at", "place", "what", "contests", "operator", "verifier", "short_hash", "reversed")
"""Keys of CSV and JSON of an incident."""

DOUBLE_COLUMNS = ("case", "kind", "contest", "roll_no", "name", "birth", "number", "at", "place", "mode",
                  "paper", "reception_no", "operator")
"""Keys of CSV and JSON of the list of doubles."""

WIDTH = 190.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChainLine:
    """One event. `number`: `STATION-SEQ`; `what`: e.g. 受付・交付; `short_hash`: the first characters of its hash."""

    number: str
    at: str
    place: str
    what: str
    contests: tuple[str, ...] = ()
    operator: str = ""
    verifier: str = ""
    short_hash: str = ""
    reversed: bool = False

    @property
    def said(self) -> str:
        """What happened and in which contests."""
        words = self.what if not self.contests else f"{self.what}　{'、'.join(self.contests)}"
        return f"（取消）{words}" if self.reversed else words


@dataclass(frozen=True, slots=True, kw_only=True)
class Incident:
    """One voter. `doubled`: (contest, sheets that went out); `category` and `remark` from the 事故 events, else blank.

    Who somebody is: 名簿番号, name and birth date; there is no field for an address.
    """

    heading: Heading
    election: str
    roll_no: str
    name: str
    name_kana: str = ""
    birth: str = ""
    sex: str = ""
    ward: str = ""
    reception_nos: tuple[str, ...] = ()
    doubled: tuple[tuple[str, int], ...] = ()
    chain: tuple[ChainLine, ...] = ()
    category: str = ""
    remark: str = ""
    signers: tuple[str, ...] = ("投票管理者", "記録した人", "第2確認者", "立会人", "立会人", "選挙管理委員会")


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleRow:
    """One of the papers of a case; rows of a case follow one another. `case` counts from 1.

    `kind`: e.g. 二重交付, 名簿の期日前投票済との重複. What only the roll says is a row too, with `number` 名簿.
    """

    case: int
    kind: str
    contest: str
    number: str
    at: str
    place: str
    roll_no: str = ""
    name: str = ""
    birth: str = ""
    mode: str = ""
    paper: str = ""
    reception_no: str = ""
    operator: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubles:
    """事故票: voters who got two papers of one contest, or one beside what the roll says."""

    heading: Heading
    election: str
    rows: tuple[DoubleRow, ...]


def render(content: Incident | Doubles) -> Pdf:
    """A4: upright for one voter, landscape for the list of doubles."""
    if isinstance(content, Doubles):
        return _doubles(content)
    pages = sections.paged(_sections(content), 69, 24, A4[1] - 16)
    return compose(content.heading, "事故記録", A4,
                   [partial(_page, content, parts, at == 0) for at, parts in enumerate(pages)], caution=True)


def in_words(doubled: Sequence[tuple[str, int]]) -> str:
    """Which papers went out more than once, as a sentence."""
    if not doubled:
        return "同じ選挙の投票用紙が2枚渡った記録はありません。"
    papers = "、".join(f"{contest}の投票用紙が{sheets}枚" for contest, sheets in doubled)
    return f"この方に、{papers}渡った記録があります。"


def _page(content: Incident, parts: Sequence[Part], first: bool, sheet: Sheet) -> None:
    title(sheet, "事故記録" if first else "事故記録（続き）", 15, 17)
    if first:
        numbers = "、".join(content.reception_nos)
        sheet.table(10, 24, [
            (8, [label(24, "選挙"), value(166, content.election, "選挙", size=11)]),
            (8, [label(24, "記録した投票所", 8), value(90, content.heading.place, "投票所", size=10.5),
                 label(24, "分類"), value(52, content.category, "分類", size=10)]),
            (10, [label(24, "氏名"), value(90, content.name, "氏名", above=content.name_kana, size=12),
                  label(24, "生年月日"), value(52, content.birth, "生年月日", size=10, font="gothic")]),
            (8, [label(24, "名簿番号"), value(90, content.roll_no, "名簿番号", size=11, font="gothic"),
                 label(24, "投票区・性別", 8), value(52, "　".join(filter(None, (content.ward, content.sex))),
                                                  "投票区", size=10)]),
            (8, [label(24, "受付番号"), value(166, numbers, "受付番号", size=10.5, font="gothic")])])
    sections.draw(sheet, 10, parts)


def _sections(content: Incident) -> list[Section]:
    words = in_words(content.doubled)
    remark = Line(height_of(content.remark, 10, WIDTH, 8), (value(WIDTH, content.remark, "備考", size=10),))
    return [
        Section(title="二重交付", whole=True, lines=(
            Line(height_of(words, 11.5, WIDTH, 10), (value(WIDTH, words, "二重交付", size=11.5, font="gothic"),),
                 dark=(0,) if content.doubled else ()),)),
        Section(title="記録の経過", head=heads((29, "番号"), (25, "時刻"), (30, "場所"), (53, "内容"), (18, "操作者"),
                                          (18, "第2確認者"), (17, "照合")),
                lines=tuple(_chain(line) for line in content.chain), empty="この方の記録はありません。",
                note="端末の記録を時刻の順に並べたもの。照合は、その記録のハッシュのはじめの文字。"),
        Section(title="聞き取り・処置・備考", whole=True, lines=(
            *((remark,) if content.remark else ()), Line(34, (value(WIDTH, ""),)))),
        Section(title="署名", whole=True, lines=signatures(content.signers, WIDTH)),
    ]


def _chain(line: ChainLine) -> Line:
    high = max(height_of(line.said, 9, 53, 8), height_of(line.place, 8.5, 30, 8))
    return Line(high, (
        value(29, line.number, "番号", size=9, font="gothic", pad=1),
        value(25, line.at, "時刻", size=9, font="gothic", pad=1), value(30, line.place, "場所", size=8.5),
        value(53, line.said, "内容", size=9),
        value(18, line.operator, "操作者", size=8.5), value(18, line.verifier, "第2確認者", size=8.5),
        value(17, line.short_hash, "照合", size=8.5, font="gothic", align="center", pad=0.5)))


def _doubles(content: Doubles) -> Pdf:
    cases = len({row.case for row in content.rows})
    layout = Listing(
        title="事故票（二重交付の一覧）", lines=22,
        columns=(number("記録の番号", 34, "number", 9), number("時刻", 30, "at", 9),
                 Column("投票所", 62, "place"), Column("受付種別", 20, "mode", "center", size=9),
                 Column("用紙", 16, "paper", "center", size=9), number("受付番号", 34, "reception_no", 9),
                 Column("操作者", 25, "operator", size=9), Column("確認した結果", 56)),
        summary=f"{content.election}　　{cases}件",
        note="同じ選挙の投票用紙が2枚渡ったか、名簿の記載と重なる記録です。一件ずつ事故記録を作り、選挙管理委員会に報告してください。",
        group=_case, caution=True, where="投票所", about="",
        empty="二重交付の記録はありません")
    return listing.render(layout, content.heading, content.rows)


def _case(row: DoubleRow) -> str:
    who = "　".join(part for part in (row.roll_no, row.name, row.birth) if part)
    return f"事故 {row.case}　{row.kind}　{row.contest}　　{who}"
