"""予約一覧, A4 landscape: the bookings of a day at one place, in the order of their slots."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf

COLUMNS = ("time", "number", "addressee_no", "name", "name_kana", "age", "channel", "phone", "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One booking. `phone` is "" for protected people."""

    time: str
    number: str
    addressee_no: str
    name: str
    name_kana: str
    age: str
    channel: str
    phone: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayList:
    """`day` and `place` as people read them; `seats` all seats of the day."""

    heading: Heading
    day: str
    place: str
    seats: int
    rows: tuple[Row, ...]


def render(content: DayList) -> Pdf:
    """As many pages as needed."""
    look = Listing(
        title="カード申請 予約一覧", lines=18, row_height=8.5, caution=True, where="受付端末", empty="予約はありません",
        summary=f"{content.day}　{content.place}　予約 {len(content.rows)}件 / 枠 {content.seats}",
        columns=(number("時刻", 20, "time", 10), number("受付番号", 40, "number", 9),
                 Column("氏名", 72, "name", above="name_kana", size=11), number("年齢", 14, "age"),
                 Column("予約", 24, "channel", "center", size=9), number("電話", 38, "phone", 9),
                 Column("状態", 27, "state", "center", "gothic", 9), Column("備考", 42)),
        parted=lambda before, now: bool(before.time != now.time), total=lambda rows: f"{len(rows)}件")
    return listing.render(look, content.heading, content.rows)
