"""交付台帳: every card by its number, with a box for the 受領サイン."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.receptions.childcare.lists import LEDGER, LedgerRow

COLUMNS = LEDGER


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """`rows` by card number; `mark`: 見本 or 未確認, or ""."""

    heading: Heading
    title: str
    rows: Sequence[LedgerRow]
    mark: str = ""


def render(content: Ledger) -> Pdf:
    """A4 landscape, 20 cards a page: room for a signature in each."""
    layout = Listing(
        title=f"{content.title}交付台帳", lines=20, where="窓口", about="",
        columns=(Column("番号", 10, "#"), number("カード番号", 42, "card_no", 9), Column("氏名", 54, "name", size=11),
                 Column("区分", 18, "holder_role", "center", size=9), Column("町", 26, "town", size=9),
                 number("申請", 20, "applied_text", 8.5), number("交付", 20, "issued_text", 8.5),
                 number("最終日", 20, "valid_text", 8.5), Column("状態", 27, "status", "center", size=8.5),
                 Column("受領サイン", 40, "signed_text", "center", size=9)),
        summary=" ".join(part for part in (f"{len(content.rows)}枚", content.mark) if part),
        empty="交付したカードはありません", caution=True)
    return listing.render(layout, content.heading, content.rows)
