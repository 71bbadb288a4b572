"""物資要望票: what the shelter asks headquarters for. Lines that are filled in already, then empty ones for the pen."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("item", "quantity", "unit", "urgency", "purpose", "note")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestRow:
    """One 品目. All text; `urgency` such as 至急."""

    item: str
    quantity: str = ""
    unit: str = ""
    urgency: str = ""
    purpose: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """`people` and `infants` stand over the list, so that headquarters can judge the quantities."""

    heading: Heading
    rows: tuple[RequestRow, ...] = ()
    people: int = 0
    households: int = 0
    infants: int = 0


def render(content: Requests) -> Pdf:
    """A4, 22 lines a page."""
    layout = Listing(
        title="物資要望票", size=A4, lines=22,
        columns=(Column("番号", 10, "#"), Column("品目", 50, "item", size=10.5),
                 number("数量", 17, "quantity", 11, "right"), Column("単位", 14, "unit", "center"),
                 Column("緊急度", 17, "urgency", "center"),
                 Column("用途・対象", 40, "purpose", size=9), Column("対応（本部）", 42, "note", size=9)),
        summary=f"避難者 {content.people}人　{content.households}世帯　うち乳児 {content.infants}人　　　　　記入者",
        note="至急のものは緊急度に「至急」と書き、本部に電話もしてください。", closing="", empty="")
    return listing.render(layout, content.heading, content.rows)
