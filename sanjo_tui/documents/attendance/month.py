"""月次出勤簿, A4: a month of one person, day by day; every count in hours and minutes, none rounded but the sums."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("work_date", "shift", "start", "end", "rest", "worked", "overtime", "holiday", "night", "state", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day; times `08:25`, counts `7:45`, "" for nothing."""

    work_date: str
    shift: str
    start: str
    end: str
    rest: str
    worked: str
    overtime: str
    holiday: str
    night: str
    state: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSheet:
    """`sums`: last lines of the sheet: the month's totals to the minute and, where it rounds, in whole hours."""

    heading: Heading
    month: str
    staff_no: str
    name: str
    section: str
    group: str
    sums: tuple[Row, ...]
    unverified: bool
    rows: tuple[Row, ...]


def render(content: MonthSheet) -> Pdf:
    """One page, two where somebody came often."""
    look = Listing(
        title="出勤簿", size=A4, lines=34, row_height=6.6, caution=True, where="打刻端末", closing="",
        empty="打刻はありません",
        summary=f"{content.month}　{content.staff_no}　{content.name}　{content.section}　{content.group}",
        columns=(number("日", 24, "work_date"), Column("勤務", 15, "shift", "center", size=8.5),
                 number("出勤", 16, "start"), number("退勤", 16, "end"), number("休憩", 14, "rest"),
                 number("勤務時間", 18, "worked"), number("時間外", 16, "overtime"), number("休日", 14, "holiday"),
                 number("深夜", 14, "night"), Column("状態", 19, "state", "center", "gothic", 8),
                 Column("備考", 24, "note", size=7.5)),
        note="一日の端数処理はしません。"
             + ("深夜の時間帯などに未確認の項目があります。" if content.unverified else ""))
    return listing.render(look, content.heading, (*content.rows, *content.sums))
