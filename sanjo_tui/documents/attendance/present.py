"""在庁者一覧, A4 landscape: who is in, by building and floor; also to call people out in an evacuation."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("building", "floor", "section", "staff_no", "name", "since", "phone", "note")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Somebody who is in. `since` as people read it; `note`: 外出, 休憩 or 要確認."""

    building: str
    floor: str
    section: str
    staff_no: str
    name: str
    since: str
    phone: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PresentList:
    """Everybody who is in now."""

    heading: Heading
    rows: tuple[Row, ...]


def render(content: PresentList) -> Pdf:
    """As many pages as needed; a floor keeps together."""
    look = Listing(
        title="在庁者一覧", lines=20, row_height=7.4, caution=True, where="打刻端末", empty="在庁の職員はいません",
        summary=f"在庁 {len(content.rows)}人　避難の点呼には右の欄を使います",
        columns=(Column("番号", 11, "#"), Column("所属", 52, "section"), number("職員番号", 26, "staff_no"),
                 Column("氏名", 66, "name", size=11), number("出勤", 32, "since"), number("連絡先", 38, "phone"),
                 Column("状態", 22, "note", "center", "gothic"), Column("点呼", 30, boxes=("無事", "不明"))),
        group=lambda row: f"{row.building}　{row.floor}".strip(), total=lambda rows: f"{len(rows)}人",
        note="要確認は、退勤の打刻がないまま長く過ぎた人です。いないと決めつけず、確かめてください。")
    return listing.render(look, content.heading, content.rows)
