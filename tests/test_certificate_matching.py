"""Household and house on synthetic towns: the right candidate first, reasons, and nothing bound without a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import pytest

from fixtures import certificate as made
from fixtures.generate import write_snapshot
from sanjo_tui.receptions.certificate import matching
from sanjo_tui.register import snapshot as registers
from sanjo_tui.register.houses import snapshot
from sanjo_tui.register.houses.lookup import Houses
from sanjo_tui.register.houses.values import House
from sanjo_tui.register.lookup import Register
from tests.certificate_ground import DAY, disaster
from tests.desk import desk as make_desk
from tests.desk import resident

USES = disaster().dwelling_uses


class Stock:
    """Houses in a list."""

    def __init__(self, *houses: House) -> None:
        self.houses = houses

    def at(self, *keys: str) -> list[House]:
        from sanjo_tui.register.houses import address

        return [h for h in self.houses if {address.place(h.town, h.lot).key,
                                           address.parcel(h.town, h.parcel_no).key} & set(keys)]

    def near(self, block: str) -> list[House]:
        from sanjo_tui.register.houses import address

        return [h for h in self.houses if address.place(h.town, h.lot).block == block]

    def owned_by(self, numbers: Iterable[str]) -> list[House]:
        return [h for h in self.houses if h.owner_addressee_no in numbers]


def house(house_id: str, **more: str) -> House:
    return House(**{"house_id": house_id, "town": "旭町", "lot": "1-2-3", "parcel_no": "900-1", "use": "住宅", **more})


def found(*houses: House, building: str = "", lot: str = "１丁目２番３号") -> tuple[matching.Candidate, ...]:
    return matching.candidates(Stock(*houses), "旭町", lot, building, [resident("1", "佐藤　太郎")], DAY, USES)


def test_one_house_at_the_address_is_sure_and_says_why():
    (one,) = found(house("A"))
    assert one.sure and not one.weak and one.reasons == ("住居表示が同じ",)


def test_the_address_of_a_parcel_counts_too():
    (one,) = found(house("A", lot=""), lot="９００番地１")
    assert one.sure and one.reasons == ("地番が同じ",)


def test_two_dwellings_on_one_lot_are_told_apart_by_the_owner_or_not_at_all():
    two = found(house("A"), house("B"))
    assert not any(one.sure for one in two)
    owned = found(house("A"), house("B", owner_addressee_no="1"))
    assert owned[0].house.house_id == "B" and owned[0].sure and "所有者が世帯の人" in owned[0].reasons


def test_a_house_that_somebody_else_owns_is_offered_but_not_by_enter():
    (one,) = found(house("A", owner_addressee_no="9"))
    assert not one.sure and not one.weak and "所有者は世帯の外" in one.reasons


def test_sheds_vacant_times_and_other_rooms_come_behind():
    ranked = found(house("SHED", use="物置"), house("GONE", active_to="1999-01-01"), house("A"))
    assert ranked[0].house.house_id == "A" and ranked[0].sure
    assert {c.house.house_id: (c.dwelling, c.stood) for c in ranked} == {
        "A": (True, True), "SHED": (False, True), "GONE": (True, False)}
    rooms = found(house("F", unit="201"), house("F", unit="102"), building="コーポ旭１０２号室")
    assert rooms[0].house.unit == "102" and rooms[0].sure and rooms[1].weak


def test_a_room_that_is_not_known_is_never_sure():
    assert not any(c.sure for c in found(house("F", unit="201"), house("F", unit="102")))


def test_an_owner_alone_is_weak_and_its_binding_waits_for_a_second_operator():
    (one,) = found(house("A", lot="9-9-9", owner_addressee_no="1"))
    assert one.weak and not one.sure and one.binding().manual
    assert not found(house("A"))[0].binding().manual


def test_the_neighbourhood_is_offered_only_where_the_address_finds_nothing():
    near = found(house("A", lot="1-2-4"), house("B", lot="1-2-9"))
    assert [c.reasons for c in near] == [("同じ街区",), ("同じ街区",)] and all(c.weak for c in near)
    assert len(found(house("A"), house("B", lot="1-2-4"))) == 1


def measured(home: Path, people: int, houses: int) -> dict[str, int]:
    """Every household of a town of this size: is its house the first candidate; is one called sure that is not."""
    write_snapshot(home / "residents", people, 1)
    town = made.build(made.living(home / "residents"), houses=houses, seed=3)
    made.write_houses(home / "houses", town, dt.date(2026, 11, 20))
    desk = make_desk(home / "home")
    registers.load(home / "residents", desk.station.register_dir, desk.keys, lg_code="999997")
    snapshot.load(home / "houses", desk.station.home, desk.keys, lg_code="999997")
    stock, register = Houses.open(desk.station.home, desk.keys), Register.open(desk.station.register_dir, desk.keys)
    assert stock is not None
    count = {"households": 0, "first": 0, "sure": 0, "sure_wrong": 0, "bound": 0, "houses": stock.info.records}
    for number, home_key in town.homes.items():
        members = list(register.household(number).members)
        head = next((m for m in members if m.is_head), members[0])
        ranked = matching.candidates(stock, head.town, head.lot_text, head.building, members, DAY, USES)
        count["households"] += 1
        count["first"] += bool(ranked) and ranked[0].house.key == home_key
        sure = [c for c in ranked if c.sure]
        count["sure"] += bool(sure)
        count["sure_wrong"] += any(c.house.key != home_key for c in sure)
        count["bound"] += any(c.binding().confirmed_by for c in ranked)
    stock.close()
    register.close()
    desk.close()
    return count


def holds(count: dict[str, int]) -> None:
    assert count["first"] >= 0.95 * count["households"], count
    assert count["bound"] == 0
    assert count["sure_wrong"] <= 0.005 * count["households"], count
    print(count)


def test_a_small_town_finds_its_houses(tmp_path):
    holds(measured(tmp_path, 1500, 620))


@pytest.mark.slow
def test_a_whole_city_finds_its_houses(tmp_path):
    count = measured(tmp_path, 100_501, 40_000)
    assert (count["households"], count["houses"]) == (35_245, 40_000)
    holds(count)
