"""更新対象一覧: cards to be looked at in a year's renewal, with what the register says of the children."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.receptions.childcare.lists import RENEWALS, RenewalRow

COLUMNS = RENEWALS


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewals:
    """`first`: first day of the renewal as people read it; `mark`: 見本 or 未確認, or ""."""

    heading: Heading
    title: str
    first: str
    rows: Sequence[RenewalRow]
    mark: str = ""


def render(content: Renewals) -> Pdf:
    """A4 landscape, a box to tick in each line."""
    layout = Listing(
        title=f"{content.title}更新対象一覧", lines=22, where="窓口", about="",
        columns=(Column("番号", 10, "#"), number("カード番号", 42, "card_no", 9), Column("氏名", 52, "name", size=10.5),
                 Column("区分", 17, "holder_role", "center", size=9), Column("町", 26, "town", size=9),
                 number("子ども", 20, "count_text", 8.5), number("数えた日", 20, "counted_text", 8.5),
                 number("今の最終日", 20, "valid_text", 8.5), number("次の最終日", 20, "next_text", 8.5),
                 Column("すること", 38, "todo", size=8.5), Column("済", 12, boxes=("",))),
        summary=" ".join(part for part in (f"{content.first}の更新", f"{len(content.rows)}枚", content.mark) if part),
        empty="更新するカードはありません", caution=True)
    return listing.render(layout, content.heading, content.rows)
