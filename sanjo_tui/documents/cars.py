"""車中泊名簿: who sleeps in a car, where it stands, and the rounds to see them (blood clots after long sitting)."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("registration_no", "name", "name_kana", "people", "car", "parked_at", "since", "phone", "needs", "note")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CarRow:
    """One household in a car. `car`: model, plate and colour in words; `people`: how many sleep in it."""

    registration_no: str
    name: str
    name_kana: str = ""
    people: int = 0
    car: str = ""
    parked_at: str = ""
    since: str = ""
    phone: str = ""
    needs: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cars:
    """`rows`: households whose way of staying is 車中."""

    heading: Heading
    rows: tuple[CarRow, ...]


def render(content: Cars) -> Pdf:
    """A4 landscape, 20 households a page."""
    layout = Listing(
        title="車中泊名簿", lines=20,
        columns=(Column("番号", 8, "#"), number("受付番号", 25, "registration_no", 8.5),
                 Column("代表者氏名", 40, "name", above="name_kana", size=10), number("人数", 10, "people", 10),
                 Column("車（車種・番号・色）", 46, "car", size=9), Column("場所", 30, "parked_at", size=9),
                 number("開始", 20, "since", 8.5), number("連絡先", 28, "phone", 9),
                 Column("要配慮", 22, "needs", size=8.5), Column("巡回1", 15), Column("巡回2", 15),
                 Column("備考", 18, "note", size=8.5)),
        summary=f"車中泊 {len(content.rows)}世帯 {sum(row.people for row in content.rows)}人",
        note="巡回では、体調と足の痛み・むくみを聞き、水分と運動をすすめます。",
        total=lambda rows: f"{len(rows)}世帯 {sum(row.people for row in rows)}人", caution=True)
    return listing.render(layout, content.heading, content.rows)
