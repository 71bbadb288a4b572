"""未処理一覧, A4: requests that wait and days that are 要確認."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("work_date", "staff_no", "name", "what", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing to settle."""

    work_date: str
    staff_no: str
    name: str
    what: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionList:
    """Everything that is open."""

    heading: Heading
    rows: tuple[Row, ...]


def render(content: QuestionList) -> Pdf:
    """As many pages as needed."""
    look = Listing(
        title="出退勤 未処理一覧", size=A4, lines=26, row_height=8.2, caution=True, where="打刻端末",
        empty="未処理はありません", summary=f"{len(content.rows)}件　時刻を推し量って補うことはしません",
        columns=(number("勤務日", 24, "work_date"), number("職員番号", 22, "staff_no"), Column("氏名", 46, "name"),
                 Column("内容", 78, "what", size=8.5), Column("状態", 20, "state", "center", "gothic", 8.5)),
        total=lambda rows: f"{len(rows)}件")
    return listing.render(look, content.heading, content.rows)
