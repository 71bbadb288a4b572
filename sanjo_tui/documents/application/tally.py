"""集計, A4: of a place and its days, how many booked, came, applied, and how they fared. No name stands on it."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("day", "place", "seats", "booked", "walk_in", "arrived", "no_show", "cancelled", "filled", "sent",
           "delivered")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One day at one place. `arrived` counts everybody who came, `filled` whose sheet was made."""

    day: str
    place: str
    seats: int
    booked: int
    walk_in: int
    arrived: int
    no_show: int
    cancelled: int
    filled: int
    sent: int
    delivered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """All days that were asked for."""

    heading: Heading
    period: str
    rows: tuple[Row, ...]


def render(content: Tally) -> Pdf:
    """As many pages as needed."""
    look = Listing(
        title="カード申請 集計表", size=A4, lines=28, row_height=7.6, where="受付端末", summary=content.period,
        empty="記録はありません", closing="",
        columns=(Column("日", 27, "day", "center", size=9), Column("場所", 55, "place", size=9),
                 number("枠", 11, "seats"), number("予約", 12, "booked"), number("予約外", 13, "walk_in"),
                 number("来庁", 12, "arrived"), number("不来庁", 13, "no_show"), number("取消", 11, "cancelled"),
                 number("申請", 12, "filled"), number("送付", 12, "sent"), number("交付", 12, "delivered")),
        total=lambda rows: f"来庁 {sum(row.arrived for row in rows)}　申請 {sum(row.filled for row in rows)}")
    return listing.render(look, content.heading, content.rows)
