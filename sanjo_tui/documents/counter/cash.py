"""収納一覧: what was charged on a day, case by case, and the sum; numbers and procedures, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("reception_no", "accepted_at", "procedure_code", "title", "copies", "fee", "card_discount",
           "exemption_code", "status", "operator_id")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CashRow:
    """One case. `fee` and `card_discount` in yen, for all copies, as charged."""

    reception_no: str
    accepted_at: str
    procedure_code: str
    title: str
    copies: int
    fee: int
    card_discount: int = 0
    exemption_code: str = ""
    status: str = ""
    operator_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cash:
    """The day's list; what was withdrawn stands in it with its state and counts nothing."""

    heading: Heading
    day: str
    rows: tuple[CashRow, ...]
    sample: bool = False
    """見本: the fees are invented."""


def render(content: Cash) -> Pdf:
    """A4, 30 lines a page."""
    counted = [row for row in content.rows if row.status != "取下"]
    layout = Listing(
        title="手数料収納一覧", size=A4, lines=30, where="窓口", about="",
        columns=(Column("番号", 8, "#"), number("受付番号", 28, "reception_no", 8.5),
                 number("時刻", 14, "accepted_at", 8.5), Column("手続", 54, "title", size=9),
                 number("通数", 10, "copies"), number("手数料", 18, "fee", align="right"),
                 number("割引", 14, "card_discount", align="right"), Column("減免", 16, "exemption_code", size=8.5),
                 Column("状態", 14, "status", "center", size=8.5), Column("職員", 14, "operator_id", "center", size=8)),
        summary=f"{content.day}　{len(counted)}件　合計 {sum(row.fee for row in counted):,}円",
        note="見本（手数料は架空です）" if content.sample else "",
        total=lambda rows: f"{sum(row.fee for row in rows if row.status != '取下'):,}円", empty="受付はありません")
    return listing.render(layout, content.heading, content.rows)
