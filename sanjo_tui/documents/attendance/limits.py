"""上限確認, A4 landscape: hours of the month and year beside the limits of everybody's profile, and the forecast."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("staff_no", "name", "section", "profile", "overtime", "holiday", "both", "year", "forecast", "step",
           "findings")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One person. Counts `45:10`; `step` the hours that the forecast passes."""

    staff_no: str
    name: str
    section: str
    profile: str
    overtime: str
    holiday: str
    both: str
    year: str
    forecast: str
    step: str
    findings: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LimitList:
    """A month of everybody."""

    heading: Heading
    month: str
    unverified: bool
    rows: tuple[Row, ...]


def render(content: LimitList) -> Pdf:
    """As many pages as needed."""
    look = Listing(
        title="時間外勤務 上限確認", lines=20, row_height=7.4, caution=True, where="打刻端末", empty="職員はいません",
        summary=f"{content.month}　上限を超えた職員 {sum(bool(row.findings) for row in content.rows)}人",
        columns=(number("職員番号", 24, "staff_no"), Column("氏名", 50, "name"),
                 Column("所属", 34, "section", size=8.5),
                 Column("区分", 25, "profile", "center", size=8.5), number("時間外", 18, "overtime"),
                 number("休日", 16, "holiday"), number("計", 18, "both"), number("年度計", 20, "year"),
                 number("月末見込", 19, "forecast"), number("段階", 13, "step"),
                 Column("超えた上限", 40, "findings", font="gothic", size=7.5)),
        total=lambda rows: f"{len(rows)}人",
        note=("上限の数字に未確認の項目があります。人事の規則と見くらべてください。" if content.unverified else "")
        + "45時間・360時間・720時間に休日の勤務は入りません。100時間未満と平均80時間には入ります。")
    return listing.render(look, content.heading, content.rows)
