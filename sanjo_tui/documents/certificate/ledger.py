"""交付台帳, A4 landscape: every certificate number, what became of it, and room for the receipt (docs §5)."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.certificate.parts import UNCONFIRMED
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One certificate number."""

    number: str
    issued_on: str
    kind: str
    head_name: str
    address: str
    grade: str
    copies: int
    standing: str
    handed_on: str
    received_by: str
    application: str
    supersedes: str = ""
    reason: str = ""
    operator: str = ""


COLUMNS = ("number", "issued_on", "kind", "head_name", "address", "grade", "copies", "standing", "handed_on",
           "received_by", "application", "supersedes", "reason", "operator")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The whole ledger."""

    heading: Heading
    rows: tuple[Row, ...]
    confirmed: bool = False
    """The layout was compared with the official file."""


def render(content: Ledger) -> Pdf:
    """As many pages as needed."""
    valid = sum(row.standing == "有効" for row in content.rows)
    look = Listing(
        note="" if content.confirmed else UNCONFIRMED,
        title="罹災証明書等 交付台帳", lines=14, row_height=10.5, caution=True, where="交付場所",
        summary=f"発行　{len(content.rows)}件　うち有効 {valid}件",
        columns=(number("証明書番号", 39, "number", 8.5), number("発行", 19, "issued_on", 8),
                 Column("種類", 24, "kind", "center", size=8), Column("世帯主", 36, "head_name", size=9.5),
                 Column("被災した所", 56, "address", size=8.5), Column("程度", 22, "grade", "center", size=8),
                 number("通", 7, "copies", 8.5), Column("状態", 13, "standing", "center", "gothic", 8),
                 number("交付", 19, "handed_on", 8), Column("受領署名・印", 42)),
        total=lambda rows: f"{len(rows)}件", empty="発行した証明書はありません")
    return listing.render(look, content.heading, content.rows)
