"""一行調書: one line an event, for 不在者投票, 投票拒否, 仮投票, 代理投票 and 点字投票. A4 landscape, 16 a page.

Drafts: which columns the official forms ask for was not compared (docs/polling.md §5). A row has no field for an
address, so that none of a protected elector can ever be printed; name and birth date tell people apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

FOOTNOTE = "素案。様式は公式の様式と照合してから使う。"


class RecordKind(StrEnum):
    """What is listed; the value is a parameter of the form."""

    ABSENTEE = "absentee"
    REFUSED = "refused"
    PROVISIONAL = "provisional"
    PROXY = "proxy"
    BRAILLE = "braille"

    @property
    def label(self) -> str:
        """The name of the sheet."""
        return TITLES[self]


TITLES = {RecordKind.ABSENTEE: "不在者投票調書", RecordKind.REFUSED: "投票拒否調書",
          RecordKind.PROVISIONAL: "仮投票調書", RecordKind.PROXY: "代理投票調書",
          RecordKind.BRAILLE: "点字投票調書"}

WHO = ("at", "place", "reception_no", "roll_no", "name", "name_kana", "birth", "sex", "contests")

COLUMNS: dict[RecordKind, tuple[str, ...]] = {
    RecordKind.ABSENTEE: (*WHO, "action", "ground", "verifier", "operator", "note"),
    RecordKind.REFUSED: (*WHO, "ground", "opinion", "decided_by", "operator", "note"),
    RecordKind.PROVISIONAL: (*WHO, "ground", "opinion", "objected_by", "decided_by", "operator", "note"),
    RecordKind.PROXY: (*WHO, "assistants", "ground", "operator", "note"),
    RecordKind.BRAILLE: (*WHO, "operator", "note"),
}
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """One event of one voter. `contests`, `assistants`: names; `action` of 不在者: 用紙返還 受理 不受理 拒否.

    Fields that a kind does not ask for are left "".
    """

    at: str
    reception_no: str = ""
    roll_no: str = ""
    name: str = ""
    name_kana: str = ""
    birth: str = ""
    sex: str = ""
    place: str = ""
    contests: tuple[str, ...] = ()
    action: str = ""
    ground: str = ""
    opinion: str = ""
    objected_by: str = ""
    decided_by: str = ""
    verifier: str = ""
    assistants: tuple[str, ...] = ()
    operator: str = ""
    note: str = ""

    @property
    def contests_said(self) -> str:
        """The contests in one line."""
        return "、".join(self.contests)

    @property
    def assistants_said(self) -> str:
        """The two who assisted."""
        return "、".join(self.assistants)


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """`rows` in the order of time."""

    heading: Heading
    kind: RecordKind
    election: str
    rows: tuple[Record, ...]


def columns(kind: RecordKind) -> tuple[str, ...]:
    """The keys of a kind's CSV and JSON."""
    return COLUMNS[kind]


def render(content: Records) -> Pdf:
    """A4 landscape, 16 events a page: a line holds five contests."""
    layout = Listing(
        title=f"{content.kind.label}（素案）", lines=16,
        columns=(Column("番号", 8, "#"), number("時刻", 21, "at", 8.5), number("受付番号", 25, "reception_no", 8.5),
                 number("名簿番号", 25, "roll_no", 8.5), Column("氏名", 38, "name", above="name_kana"),
                 Column("生年月日", 28, "birth", size=8.5), Column("選挙", 48, "contests_said", size=8.5),
                 *_more(content.kind)),
        summary=f"{content.election}　　{len(content.rows)}件", note=FOOTNOTE, caution=True, where="投票所", about="",
        total=lambda rows: f"{len(rows)}件", empty="記録はありません")
    return listing.render(layout, content.heading, content.rows)


def _more(kind: RecordKind) -> tuple[Column, ...]:
    """What only this kind asks for; 84 mm."""
    match kind:
        case RecordKind.ABSENTEE:
            return (Column("処理", 18, "action", "center", size=8.5), Column("理由", 32, "ground", size=8.5),
                    Column("確認者", 17, "verifier", size=8.5), Column("備考", 17, "note", size=8.5))
        case RecordKind.REFUSED:
            return (Column("理由", 32, "ground", size=8.5), Column("立会人の意見", 32, "opinion", size=8.5),
                    Column("決めた人", 20, "decided_by", size=8.5))
        case RecordKind.PROVISIONAL:
            return (Column("理由", 26, "ground", size=8.5), Column("立会人の意見", 24, "opinion", size=8.5),
                    Column("異議", 16, "objected_by", "center", size=8.5),
                    Column("決めた人", 18, "decided_by", size=8.5))
        case RecordKind.PROXY:
            return (Column("補助者（2人）", 36, "assistants_said", size=8.5), Column("事由", 28, "ground", size=8.5),
                    Column("備考", 20, "note", size=8.5))
        case RecordKind.BRAILLE:
            return (Column("受けた人", 22, "operator", size=8.5), Column("備考", 62, "note", size=8.5))
