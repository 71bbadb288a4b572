"""退所届一覧: who has left, when, and where to."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("registration_no", "name", "name_kana", "age", "sex", "checked_in_at", "checked_out_at", "exit_to",
           "exit_address", "exit_phone", "recorded_by", "note")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DepartureRow:
    """One person who left. `exit_to` is the label of 退所先; address and phone come masked for the protected."""

    registration_no: str
    name: str
    name_kana: str = ""
    age: str = ""
    sex: str = ""
    checked_in_at: str = ""
    checked_out_at: str = ""
    exit_to: str = ""
    exit_address: str = ""
    exit_phone: str = ""
    recorded_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departures:
    """`rows` in the order of leaving."""

    heading: Heading
    rows: tuple[DepartureRow, ...]


def render(content: Departures) -> Pdf:
    """A4 landscape, 25 people a page."""
    layout = Listing(
        title="退所届一覧",
        columns=(Column("番号", 8, "#"), number("受付番号", 25, "registration_no", 8.5),
                 Column("氏名", 42, "name", above="name_kana"), number("年齢", 11, "age"),
                 Column("性別", 9, "sex", "center", size=9), number("入所", 21, "checked_in_at", 8.5),
                 number("退所", 21, "checked_out_at", 8.5), Column("退所先", 22, "exit_to", "center", size=9),
                 Column("退所先の住所", 60, "exit_address", size=9), number("連絡先", 28, "exit_phone", 9),
                 Column("記録者", 12, "recorded_by", "center", size=8), Column("備考", 18, "note", size=8.5)),
        summary=f"退所 {len(content.rows)}人", total=lambda rows: f"{len(rows)}人", caution=True)
    return listing.render(layout, content.heading, content.rows)
