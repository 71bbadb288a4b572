"""ペット台帳: which household brought which animals; what is to be asked of each is left for the pen."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("registration_no", "name", "name_kana", "area", "phone", "pets", "note")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PetRow:
    """One household with animals. `pets`: kinds and numbers in words, as on 避難者カード."""

    registration_no: str
    name: str
    name_kana: str = ""
    area: str = ""
    phone: str = ""
    pets: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pets:
    """`rows`: households that have animals with them."""

    heading: Heading
    rows: tuple[PetRow, ...]


def render(content: Pets) -> Pdf:
    """A4 landscape, 20 households a page."""
    layout = Listing(
        title="ペット台帳", lines=20,
        columns=(Column("番号", 8, "#"), number("受付番号", 25, "registration_no", 8.5),
                 Column("飼い主氏名", 42, "name", above="name_kana", size=10),
                 Column("区画", 14, "area", "center", size=9),
                 number("連絡先", 28, "phone", 9), Column("種類・頭数", 48, "pets"), Column("呼び名・特徴", 30),
                 Column("飼育の準備", 54, boxes=("ケージ", "首輪・鑑札", "予防接種")),
                 Column("備考", 28, "note", size=8.5)),
        summary=f"ペットを連れた世帯 {len(content.rows)}世帯",
        note="予防接種：犬は狂犬病と混合ワクチン、猫は混合ワクチンを飼い主に聞きます。",
        total=lambda rows: f"{len(rows)}世帯", caution=True)
    return listing.render(layout, content.heading, content.rows)
