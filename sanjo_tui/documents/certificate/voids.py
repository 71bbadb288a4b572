"""失効一覧: numbers that stand for nothing any more, 書損 and 失効, why, and what took their place (docs §5)."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.certificate.parts import UNCONFIRMED
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One number that ended. It names nobody: the list may be posted and sent."""

    number: str
    kind: str
    issued_on: str
    standing: str
    ended_on: str
    reason: str
    replaced_by: str = ""
    collected: str = ""


COLUMNS = ("number", "kind", "issued_on", "standing", "ended_on", "reason", "replaced_by", "collected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voids:
    """The whole list."""

    heading: Heading
    rows: tuple[Row, ...]
    confirmed: bool = False
    """The layout was compared with the official file."""


def render(content: Voids) -> Pdf:
    """A4 upright, no name on it."""
    look = Listing(
        note="" if content.confirmed else UNCONFIRMED,
        title="証明書 失効一覧", size=A4, lines=28, where="交付場所", summary=f"失効・書損　{len(content.rows)}件",
        columns=(number("証明書番号", 40, "number", 8.5), Column("種類", 26, "kind", "center", size=8),
                 number("発行", 19, "issued_on", 8), Column("状態", 13, "standing", "center", "gothic", 8),
                 number("失効", 19, "ended_on", 8), Column("理由", 33, "reason", size=8.5),
                 number("新しい番号", 40, "replaced_by", 8.5)),
        total=lambda rows: f"{len(rows)}件", empty="失効した証明書はありません")
    return listing.render(look, content.heading, content.rows)
