"""送付書, A4: the count and the list of one closed batch. 申請書ID stand here by their last four digits alone."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("number", "application_form_id", "name", "method", "photo", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One application of the batch; `application_form_id` masked."""

    number: str
    application_form_id: str
    name: str
    method: str
    photo: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchList:
    """`batch` its number, `sent_on` as people read it."""

    heading: Heading
    batch: str
    sent_on: str
    rows: tuple[Row, ...]


def render(content: BatchList) -> Pdf:
    """As many pages as needed."""
    look = Listing(
        title="個人番号カード交付申請書 送付書", size=A4, lines=26, row_height=8.2, caution=True, where="送付元",
        summary=f"送付番号 {content.batch}　送付日 {content.sent_on}　通数 {len(content.rows)}通",
        columns=(Column("番号", 11, "#"), number("受付番号", 38, "number", 9), Column("氏名", 56, "name", size=10.5),
                 number("申請書ID", 23, "application_form_id", 9), Column("方法", 30, "method", "center", size=8),
                 Column("写真", 13, "photo", "center", size=8.5), Column("受領", 19)),
        total=lambda rows: f"{len(rows)}通",
        note="送付書は締め切った後に変わりません。不備で戻った申請は、次の送付書に載ります。")
    return listing.render(look, content.heading, content.rows)
