"""申請データ一覧: what the hall tells the library every business day, also when there is nothing to tell."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.receptions.library.rows import ListRow
from sanjo_tui.receptions.library.words import Kind
from sanjo_tui.wareki import short

TITLE = "【申請データ一覧】"
COLUMNS = ("change_kind", "name", "address", "library_card_no", "valid_until", "applied_on", "web_use", "note")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyList:
    """`day`: the business day; `list_seq`: number of the list."""

    heading: Heading
    day: dt.date
    list_seq: int
    rows: tuple[ListRow, ...]


def day_text(day: dt.date) -> str:
    """Ｈ28.2.1, the letter wide as the library knows it."""
    text = short(day)
    return chr(ord(text[0]) + 0xFEE0) + text[1:]


def render(content: DailyList) -> Pdf:
    """A4 landscape, 20 people a page; 0件 is a page too."""
    rows = content.rows
    new = sum(row.change_kind == Kind.NEW.label for row in rows)
    layout = Listing(
        title=TITLE, lines=20, where="発行", about="",
        columns=(Column("番号", 10, "#"), Column("区分", 16, "change_kind", "center", "gothic", 10),
                 Column("氏名", 58, "name", size=11), Column("住所", 88, "address", size=10),
                 number("図書番号", 28, "library_card_no", 12), number("有効期限", 24, "valid_text", 9.5),
                 Column("ネット", 14, "web_text", "center", size=9), Column("備考", 39, "note", size=9)),
        summary=f"{day_text(content.day)}　第{content.list_seq}号　{len(rows)}件"
                f"（新規 {new}件　更新 {len(rows) - new}件）",
        total=lambda some: f"{len(some)}件", empty="０件（申請はありませんでした）", caution=True)
    return listing.render(layout, content.heading, rows)
