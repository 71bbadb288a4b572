"""協賛店一覧 by 町: for whoever gets a card. No resident stands on it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing
from sanjo_tui.documents.paper import A4, Heading, Pdf
from sanjo_tui.wareki import short

COLUMNS = ("shop_id", "name", "category", "benefit", "valid_from", "valid_to", "stickers", "town")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopRow:
    """One shop; dates `YYYY-MM-DD` or ""."""

    shop_id: str
    name: str
    category: str
    benefit: str
    valid_from: str
    valid_to: str
    stickers: int
    town: str

    @property
    def until_text(self) -> str:
        """When its part ends, if that is known."""
        return f"{short(dt.date.fromisoformat(self.valid_to))}まで" if self.valid_to else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shops:
    """`rows` by 町; `mark`: 見本 or 未確認, or ""."""

    heading: Heading
    title: str
    rows: Sequence[ShopRow]
    mark: str = ""


def render(content: Shops) -> Pdf:
    """A4 portrait, one heading a 町."""
    layout = Listing(
        title=f"{content.title}協賛店一覧", size=A4, lines=30, where="窓口", about="",
        columns=(Column("店の名前", 56, "name", size=10), Column("種類", 26, "category", size=9),
                 Column("内容", 80, "benefit", size=9), Column("期限", 28, "until_text", "center", size=8.5)),
        group=lambda row: row.town,
        summary=" ".join(part for part in (f"{len(content.rows)}店", content.mark) if part),
        closing="", empty="協賛店はありません")
    return listing.render(layout, content.heading, content.rows)
