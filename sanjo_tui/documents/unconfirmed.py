"""未確認者リスト: those whom nobody has seen yet, by 町内会, for the search from door to door (docs/shelter.md §3).

Each 町内会 begins a new page, so that the sheets can be shared out. 取扱注意 stands across every page. Who must not be
named here (支援措置) was left out where the rows were made.
"""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import A4, Heading, Pdf
from sanjo_tui.receptions.shelter.lists import UnconfirmedRow

COLUMNS = ("district_code", "town", "address", "household_no", "name", "name_kana", "age", "sex",
           "relationship", "known")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """`rows` sorted by district, town and household, as receptions/shelter gives them."""

    heading: Heading
    rows: tuple[UnconfirmedRow, ...]


def render(content: Unconfirmed) -> Pdf:
    """A4, 24 people a page."""
    households = len({row.household_no for row in content.rows})
    layout = Listing(
        title="未確認者リスト", size=A4, lines=26,
        columns=(Column("番号", 9, "#"), Column("氏名", 40, "name", above="name_kana"),
                 Column("続柄", 14, "relationship", "center", size=8.5), number("年齢", 10, "age"),
                 Column("性", 7, "sex", "center", size=9), Column("住所", 46, "address", size=9),
                 Column("聞いたこと", 22, "known", size=8.5),
                 Column("確認した結果", 42, boxes=("無事", "不在", "要救助"))),
        summary=f"まだ確認できていない方　{len(content.rows)}人（{households}世帯）",
        note="戸別に回った方が結果に印をつけ、避難所の受付に返してください。",
        group=_town, section=lambda row: str(row.district_code),
        parted=lambda before, now: bool(before.household_no != now.household_no),
        total=lambda rows: f"{len(rows)}人", caution=True, watermark=True, empty="未確認の方はいません")
    return listing.render(layout, content.heading, content.rows)


def _town(row: UnconfirmedRow) -> str:
    return f"町内会　{row.district_code or '（なし）'}　　{row.town}"
