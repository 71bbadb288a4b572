"""住基更新対応一覧: what must be done now because a new register changed people; numbers, never a name."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf

COLUMNS = ("service", "addressee_no", "number", "change", "todo", "since")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRow:
    """One thing to do. `service`: name of the reception; `number`: what it calls the case; `since`: YYYY-MM-DD."""

    service: str
    addressee_no: str
    number: str
    change: str
    todo: str
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """`rows` in the order in which they are to be done."""

    heading: Heading
    title: str
    rows: tuple[DueRow, ...]


def render(content: Dues) -> Pdf:
    """A4, 25 lines a page, a box to tick in each."""
    layout = Listing(
        title=f"住基更新対応一覧（{content.title}）", size=A4, lines=25, where="場所", about="",
        columns=(Column("番号", 8, "#"), number("宛名番号", 26, "addressee_no", 8.5),
                 number("受付・登録番号", 30, "number", 8.5), Column("変更", 34, "change", size=9),
                 Column("すること", 62, "todo", size=9), number("住基", 18, "since", 7.5),
                 Column("済", 12, boxes=("",))),
        summary=f"{len(content.rows)}件　氏名は宛名番号で検索して確かめます", empty="することはありません")
    return listing.render(layout, content.heading, content.rows)
