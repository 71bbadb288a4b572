"""乖離一覧, A4 landscape: presence beside ordered overtime, with the reason that was given."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("work_date", "staff_no", "name", "section", "start", "end", "outside", "ordered", "gap", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day. `gap` signed."""

    work_date: str
    staff_no: str
    name: str
    section: str
    start: str
    end: str
    outside: str
    ordered: str
    gap: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GapList:
    """A month of everybody."""

    heading: Heading
    month: str
    rows: tuple[Row, ...]


def render(content: GapList) -> Pdf:
    """As many pages as needed."""
    look = Listing(
        title="在庁時間と命令時間の乖離一覧", lines=20, row_height=7.4, caution=True, where="打刻端末",
        empty="大きな乖離はありません",
        summary=f"{content.month}　理由のないもの {sum(not row.reason for row in content.rows)}件",
        columns=(number("勤務日", 26, "work_date"), number("職員番号", 24, "staff_no"), Column("氏名", 50, "name"),
                 Column("所属", 36, "section", size=8.5), number("出勤", 16, "start"), number("退勤", 16, "end"),
                 number("勤務外の在庁", 24, "outside"), number("命令", 18, "ordered"), number("乖離", 19, "gap"),
                 Column("理由", 48, "reason", size=8.5)),
        total=lambda rows: f"{len(rows)}件")
    return listing.render(look, content.heading, content.rows)
