"""Which house is theirs: candidates with reasons, the likeliest first. Nothing is bound here; a person picks.

What speaks for a house: the same 住居表示 or 地番, the same 住戸, an owner in the household; 街区 and map sheet only
lead to it. A candidate without the household's own address is weak: binding it asks for a second operator.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from sanjo_tui import text
from sanjo_tui.receptions.certificate.events import Binding
from sanjo_tui.register.houses import address
from sanjo_tui.register.houses.values import House
from sanjo_tui.register.people import Resident

SAME_LOT, SAME_PARCEL, SAME_UNIT, OTHER_UNIT, OWNER, OWNER_NAME, WHOLE, NEAR = 60, 50, 20, -35, 25, 8, 6, 10
NO_DWELLING, GONE = -40, -60
OTHER_ROOM = "部屋が違う"
OTHER_OWNER = "所有者は世帯の外"
"""A rented house, or the neighbours': it is picked by its digit, never by Enter."""
MOST = 9
"""So many candidates are offered: one page of digits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A house that may be theirs. `sure`: address and 住戸 agree, nobody else is its owner, no other is as likely."""

    house: House
    score: int
    reasons: tuple[str, ...]
    dwelling: bool = True
    stood: bool = True
    by_address: bool = False
    sure: bool = False

    @property
    def weak(self) -> bool:
        """Something speaks against it, or only an owner or the neighbourhood for it: a second operator confirms it."""
        return not self.by_address or not self.stood or OTHER_ROOM in self.reasons

    def binding(self, *, manual: bool = False, confirmed_by: str = "") -> Binding:
        """What an application keeps of it."""
        house = self.house
        return Binding(house=house.key, address=house.address, parcel_no=house.parcel_no, use=house.use,
                       map_sheet=house.map_sheet, owner=house.owner_name, reasons=self.reasons,
                       manual=manual or self.weak, confirmed_by=confirmed_by)


class Stock(Protocol):
    """Where houses are looked up."""

    def at(self, *keys: str) -> Sequence[House]:
        """By 住居表示 or 地番."""

    def near(self, block: str) -> Sequence[House]:
        """By 街区."""

    def owned_by(self, numbers: Sequence[str]) -> Sequence[House]:
        """By owner."""


def candidates(stock: Stock, town: str, lot: str, building: str, members: Sequence[Resident], day: dt.date,
               dwelling_uses: Sequence[str] = ()) -> tuple[Candidate, ...]:
    """The houses that may be those of people with this address, the likeliest first, at most MOST."""
    place = address.place(town, lot)
    room = address.room(building or place.rest)
    owners, names = [m.addressee_no for m in members], {_name(m.name) for m in members}
    houses = {house.key: house for house in (*stock.at(place.key), *stock.owned_by(owners))}
    if not any(_weigh(h, place, room, owners, names)[2] for h in houses.values()):
        houses |= {house.key: house for house in stock.near(place.block or place.key)}
    at_address = [h for h in houses.values() if _by_address(h, place)]
    shared = len(at_address) > 1
    found = []
    for house in houses.values():
        score, reasons, by_address = _weigh(house, place, room, owners, names)
        if by_address and not shared and not house.unit:
            score += WHOLE
        stood = house.stood_on(day)
        dwelling = not dwelling_uses or house.use in dwelling_uses
        if not stood:
            score, reasons = score + GONE, [*reasons, "災害の日に無い家屋"]
        if not dwelling:
            score, reasons = score + NO_DWELLING, [*reasons, f"住家でない({house.use or '用途なし'})"]
        found.append(Candidate(house=house, score=score, reasons=tuple(reasons), dwelling=dwelling, stood=stood,
                               by_address=by_address))
    found.sort(key=lambda c: (-c.score, c.house.key))
    return _marked(found[:MOST], room)


def _marked(found: list[Candidate], room: str) -> tuple[Candidate, ...]:
    if not found:
        return ()
    first = found[0]
    second = found[1].score if len(found) > 1 else -100
    unit = address.room(first.house.unit)
    fits = (not unit or unit == room) and OTHER_OWNER not in first.reasons
    sure = (first.by_address and first.dwelling and first.stood and fits and first.score - second >= SAME_UNIT)
    return (replace(first, sure=sure), *found[1:])


def _by_address(house: House, place: address.Place) -> str:
    if not place.key:
        return ""
    if address.place(house.town, house.lot).key == place.key:
        return "住居表示"
    return "地番" if address.parcel(house.town, house.parcel_no).key == place.key else ""


def _weigh(house: House, place: address.Place, room: str, owners: Sequence[str],
           names: set[str]) -> tuple[int, list[str], bool]:
    """Score, reasons, and whether the address itself agrees."""
    score, reasons = 0, []
    same = _by_address(house, place)
    if same:
        score += SAME_LOT if same == "住居表示" else SAME_PARCEL
        reasons.append(f"{same}が同じ")
        unit = address.room(house.unit)
        if unit and unit == room:
            score += SAME_UNIT
            reasons.append("部屋が同じ")
        elif unit and room:
            score += OTHER_UNIT
            reasons.append(OTHER_ROOM)
        elif unit:
            score += OTHER_UNIT // 2
            reasons.append("部屋が分からない")
    elif place.block and place.block in (address.place(house.town, house.lot).block,
                                         address.parcel(house.town, house.parcel_no).block):
        score += NEAR
        reasons.append("同じ街区")
    if house.owner_addressee_no and house.owner_addressee_no in owners:
        score += OWNER
        reasons.append("所有者が世帯の人")
    elif house.owner_name and _name(house.owner_name) in names:
        score += OWNER_NAME
        reasons.append("所有者と同じ氏名")
    elif house.owner_addressee_no:
        reasons.append(OTHER_OWNER)
    return score, reasons, bool(same)


def _name(name: str) -> str:
    return text.kanji_key(name)
