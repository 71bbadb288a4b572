"""物資配布簿: who received what, one line a household; the people who stay outside come here too."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("registration_no", "name", "name_kana", "area", "stay_mode", "people", "note")
"""Keys of CSV and JSON."""

ITEMS, ITEMS_WIDTH = 8, 112.0
"""Columns for 品目 at least, and the mm they share."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SupplyRow:
    """One household; `people`: how many of it are counted (inside, outside, on leave)."""

    registration_no: str
    name: str
    name_kana: str = ""
    area: str = ""
    stay_mode: str = ""
    people: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplies:
    """`items`: 品目 as column heads; "" or fewer than eight leave columns to be named by hand."""

    heading: Heading
    rows: tuple[SupplyRow, ...]
    items: tuple[str, ...] = ()


def render(content: Supplies) -> Pdf:
    """A4 landscape, 25 households a page."""
    items = (*content.items, *("",) * (ITEMS - len(content.items)))
    layout = Listing(
        title="物資配布簿",
        columns=(Column("番号", 8, "#"), number("受付番号", 25, "registration_no", 8.5),
                 Column("代表者氏名", 40, "name", above="name_kana"), Column("区画", 14, "area", "center", size=9),
                 Column("滞在", 14, "stay_mode", "center", size=9), number("人数", 10, "people", 10),
                 *(Column(item, ITEMS_WIDTH / len(items)) for item in items),
                 Column("受取", 26), Column("備考", 28, "note", size=8.5)),
        summary="配布日　　　　月　　　日　　　時　　　分　　　　　配布者",
        total=lambda rows: f"{len(rows)}世帯 {sum(row.people for row in rows)}人", caution=True)
    return listing.render(layout, content.heading, content.rows)
