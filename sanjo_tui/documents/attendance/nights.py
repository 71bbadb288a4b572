"""深夜・休日一覧, and rests between two days that were too short; A4."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("work_date", "staff_no", "name", "shift", "holiday", "night", "rest")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day. `rest`: minutes since the departure before, where they were too few."""

    work_date: str
    staff_no: str
    name: str
    shift: str
    holiday: str
    night: str
    rest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NightList:
    """A month. `title`: 深夜・休日勤務一覧 or 勤務間隔一覧."""

    heading: Heading
    title: str
    month: str
    unverified: bool
    rows: tuple[Row, ...]


def render(content: NightList) -> Pdf:
    """As many pages as needed."""
    look = Listing(
        title=content.title, size=A4, lines=28, row_height=7.6, caution=True, where="打刻端末",
        empty="該当はありません",
        summary=f"{content.month}　{len(content.rows)}件",
        columns=(number("勤務日", 27, "work_date"), number("職員番号", 25, "staff_no"), Column("氏名", 56, "name"),
                 Column("勤務", 22, "shift", "center"), number("休日", 20, "holiday"), number("深夜", 20, "night"),
                 number("間隔", 20, "rest")),
        total=lambda rows: f"{len(rows)}件",
        note="深夜の時間帯と勤務の間隔は未確認の数字です。規則と見くらべてください。" if content.unverified else "")
    return listing.render(look, content.heading, content.rows)
