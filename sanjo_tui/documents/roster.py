"""避難者名簿: who is at the shelter, in two editions (docs/shelter.md §3).

運営用 holds what the staff need; 掲示・閲覧用 only names, ages and towns in larger type, of the rows that were given.
Which rows those are (公表の同意, 支援措置) was decided where the rows were made.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.receptions.shelter.lists import Edition, RosterRow
from sanjo_tui.receptions.shelter.words import Stay

STAFF_COLUMNS = ("registration_no", "addressee_no", "name", "name_kana", "birth_date", "age", "sex", "relationship",
                 "address", "town", "checked_in_at", "presence", "stay_mode", "needs", "area", "recorded_by", "note")
"""Keys of CSV and JSON, 運営用."""

POSTING_COLUMNS = ("name", "name_kana", "age", "sex", "town", "presence")
"""Keys of CSV and JSON, 掲示・閲覧用."""


class Order(StrEnum):
    """How the roster is sorted."""

    NUMBER = "number"
    HOUSEHOLD = "household"
    KANA = "kana"
    AREA = "area"
    NEEDS = "needs"


ORDER_WORDS = {Order.NUMBER: "受付番号順", Order.HOUSEHOLD: "世帯順", Order.KANA: "五十音順", Order.AREA: "居住組別",
               Order.NEEDS: "要配慮者のみ"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """`rows` in the register's order within a household. `towns_only`: addresses only down to the 大字."""

    heading: Heading
    rows: tuple[RosterRow, ...]
    edition: Edition = Edition.STAFF
    order: Order = Order.NUMBER
    towns_only: bool = False


def columns(edition: Edition) -> tuple[str, ...]:
    """The keys of an edition's CSV and JSON."""
    return POSTING_COLUMNS if edition is Edition.POSTING else STAFF_COLUMNS


def ordered(rows: Sequence[RosterRow], order: Order) -> tuple[RosterRow, ...]:
    """The rows in this order; 要配慮 leaves out everybody without needs. Members of a household keep their order."""
    by_number = sorted(rows, key=lambda row: (not row.registration_no, _number(row.registration_no)))
    if order is Order.KANA:
        return tuple(sorted(by_number, key=lambda row: (not row.name_kana, row.name_kana, row.name)))
    if order is Order.AREA:
        return tuple(sorted(by_number, key=lambda row: (not row.area, row.area)))
    if order is Order.NEEDS:
        return tuple(row for row in by_number if row.needs)
    if order is Order.HOUSEHOLD:
        first: dict[str, tuple[bool, str]] = {}
        for row in by_number:
            first.setdefault(row.registration_no, (not row.name_kana, row.name_kana))
        return tuple(sorted(by_number, key=lambda row: (first[row.registration_no], row.registration_no)))
    return tuple(by_number)


def render(content: Roster) -> Pdf:
    """A4 landscape, 25 people a page (掲示・閲覧用: 20)."""
    rows = ordered(content.rows, content.order)
    if content.edition is Edition.POSTING:
        heading = replace(content.heading, edition=content.heading.edition or "掲示・閲覧用")
        return listing.render(_posting(rows), heading, rows)
    heading = replace(content.heading, edition=content.heading.edition or "運営用")
    return listing.render(_staff(content, rows), heading, tuple(_with_stay(row) for row in rows))


def _with_stay(row: RosterRow) -> RosterRow:
    """Where somebody sleeps stands under the state, if it is not the shelter."""
    if row.stay_mode in ("", Stay.SHELTER.label) or row.stay_mode in row.presence:
        return row
    return replace(row, presence=f"{row.presence}\n{row.stay_mode}")


def _staff(content: Roster, rows: tuple[RosterRow, ...]) -> Listing:
    by_household = content.order in (Order.NUMBER, Order.HOUSEHOLD)
    return Listing(
        title="避難者名簿",
        columns=(Column("番号", 8, "#"), number("受付番号", 24, "registration_no", 8.5),
                 Column("氏名", 41, "name", above="name_kana"), number("年齢", 11, "age"),
                 Column("性別", 8, "sex", "center", size=9), Column("続柄", 14, "relationship", "center", size=9),
                 Column("住所", 62, "town" if content.towns_only else "address", size=9),
                 number("入所時刻", 19, "checked_in_at", 8), Column("状態", 17, "presence", "center", size=9),
                 Column("要配慮", 28, "needs", size=8.5), Column("区画", 13, "area", "center", size=9),
                 Column("記録者", 12, "recorded_by", "center", size=8), Column("備考", 20, "note", size=8)),
        summary=f"{ORDER_WORDS[content.order]}　　{_total(rows)}",
        total=_total, caution=True,
        group=(lambda row: f"居住組　{row.area or '未定'}") if content.order is Order.AREA else None,
        parted=(lambda before, now: bool(before.registration_no != now.registration_no)) if by_household else None)


def _posting(rows: tuple[RosterRow, ...]) -> Listing:
    return Listing(
        title="避難者名簿",
        lines=20,
        columns=(Column("番号", 15, "#"), Column("氏名", 112, "name", above="name_kana", size=13),
                 number("年齢", 20, "age", 12), Column("性別", 17, "sex", "center", size=12),
                 Column("町名", 73, "town", size=12), Column("状態", 40, "presence", "center", size=12)),
        summary=f"公表に同意された方だけを載せています。　{len(rows)}人",
        note="この名簿に載っていない方のことは、受付でおたずねください。")


def _total(rows: Sequence[RosterRow]) -> str:
    men, women = sum(row.sex == "男" for row in rows), sum(row.sex == "女" for row in rows)
    other = len(rows) - men - women
    numbers = [row.registration_no for row in rows]
    households = len({number for number in numbers if number}) + numbers.count("")  # without a number: on her own
    return f"{len(rows)}人（男{men} 女{women}{f' 不明{other}' if other else ''}）{households}世帯"


def _number(registration_no: str) -> tuple[str, int, str]:
    """`A1B2C3-0012-7` sorts by station, then by number."""
    station, _, rest = registration_no.partition("-")
    digits = rest.partition("-")[0]
    return station, int(digits) if digits.isdecimal() else 0, registration_no
