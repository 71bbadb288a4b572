"""外泊届一覧: who is away and until when; those past their time stand first and say so."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("registration_no", "name", "name_kana", "age", "sex", "area", "left_at", "until", "overdue", "destination",
           "phone", "note")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveRow:
    """One person on leave. `left_at`, `until` as text for people; `overdue`: past the time they said."""

    registration_no: str
    name: str
    name_kana: str = ""
    age: str = ""
    sex: str = ""
    area: str = ""
    left_at: str = ""
    until: str = ""
    overdue: bool = False
    destination: str = ""
    phone: str = ""
    note: str = ""

    @property
    def overdue_word(self) -> str:
        """超過, or nothing."""
        return "超過" if self.overdue else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """`rows` in any order: the overdue are put first."""

    heading: Heading
    rows: tuple[LeaveRow, ...]


def render(content: Leave) -> Pdf:
    """A4 landscape, 25 people a page."""
    rows = tuple(sorted(content.rows, key=lambda row: not row.overdue))
    late = sum(row.overdue for row in rows)
    layout = Listing(
        title="外泊届一覧",
        columns=(Column("番号", 8, "#"), number("受付番号", 25, "registration_no", 8.5),
                 Column("氏名", 42, "name", above="name_kana"), number("年齢", 11, "age"),
                 Column("性別", 9, "sex", "center", size=9), Column("区画", 13, "area", "center", size=9),
                 number("出た時刻", 22, "left_at", 8.5), number("帰る予定", 22, "until", 8.5),
                 Column("超過", 12, "overdue_word", "center", "gothic", 10),
                 Column("行き先", 47, "destination", size=9),
                 number("連絡先", 28, "phone", 9), Column("帰所時刻", 20), Column("備考", 18, "note", size=8.5)),
        summary=f"外出・外泊中 {len(rows)}人　うち予定の時刻を過ぎた方 {late}人",
        total=lambda some: f"{len(some)}人", caution=True)
    return listing.render(layout, content.heading, rows)
