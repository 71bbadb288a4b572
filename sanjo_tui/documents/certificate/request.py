"""調査依頼票: the houses that a survey is asked for, one page a map sheet, A4 landscape (docs §5)."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.certificate.parts import UNCONFIRMED
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One application that waits for its survey; `map_sheet` "" where the house is not known."""

    map_sheet: str
    number: str
    applied_on: str
    house_key: str
    address: str
    parcel_no: str
    head_name: str
    phone: str
    tenure: str
    damage: str
    expected_on: str
    again: str = ""
    """再調査, where it is one."""


COLUMNS = ("map_sheet", "number", "applied_on", "house_key", "address", "parcel_no", "head_name", "phone", "tenure",
           "damage", "expected_on", "again")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requests:
    """All that wait, by map sheet."""

    heading: Heading
    disaster: str
    rows: tuple[Row, ...]
    confirmed: bool = False
    """The layout was compared with the official file."""


def render(content: Requests) -> Pdf:
    """A new page for every map sheet."""
    look = Listing(
        note="" if content.confirmed else UNCONFIRMED,
        title="調査依頼票", lines=12, row_height=11, caution=True, where="受付場所", about="災害名",
        summary=f"調査待ち　{len(content.rows)}件",
        columns=(number("受付番号", 32, "number", 8.5), number("受付", 20, "applied_on", 8),
                 number("家屋番号", 28, "house_key", 8.5), Column("所在地", 62, "address", size=9),
                 Column("地番", 22, "parcel_no", "center", "gothic", 8.5), Column("世帯主", 34, "head_name", size=9.5),
                 Column("電話", 27, "phone", "center", "gothic", 8), Column("被害・連絡", 32, "damage", size=8),
                 Column("再", 10, "again", "center", "gothic", 8), Column("調査済", 10)),
        section=lambda row: row.map_sheet, group=lambda row: f"地図番号　{row.map_sheet or '（家屋が未定）'}",
        total=lambda rows: f"{len(rows)}件", empty="調査待ちの申請はありません")
    return listing.render(look, content.heading, content.rows)
