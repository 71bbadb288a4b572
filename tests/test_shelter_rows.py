"""What stands on the lists: counts add up, consent and protection decide, nothing leaks."""

from __future__ import annotations

from dataclasses import asdict, replace

import pytest

from sanjo_tui.receptions.shelter import counts, rows
from sanjo_tui.receptions.shelter.lists import Edition
from sanjo_tui.receptions.shelter.look import guarded
from sanjo_tui.receptions.shelter.state import HouseholdSheet
from sanjo_tui.receptions.shelter.words import Need, State, Stay, Whereabouts
from sanjo_tui.register.people import MASKED, Household, Resident
from sanjo_tui.wareki import parse
from tests.shelter import HERE, OPEN, SCOPE, TODAY, family, fold, seen
from tests.test_shelter_rules import admit


def people():
    lines = family("佐藤　太郎", "佐藤　花子", "佐藤　次郎", "佐藤　末子")
    inside = fold(admit(lines))
    inside["2"] = replace(inside["2"], disclose_public=True, needs=(Need.PREGNANT,))
    inside["3"] = replace(inside["3"], disclose_public=True, seen=seen("佐藤　隠", protected=True))
    inside["4"] = replace(inside["4"], state=State.OUTSIDE, stay=Stay.CAR)
    return inside


def test_the_staff_edition_masks_the_protected_and_still_counts_them():
    listed = rows.roster(people().values(), HERE, Edition.STAFF, TODAY)
    assert len(listed) == 4
    hidden = next(row for row in listed if row.name == rows.PROTECTED_NAME)
    assert hidden.address == MASKED and hidden.addressee_no == hidden.name_kana == hidden.birth_date == ""
    assert "佐藤　隠" not in str(listed)


def test_the_posted_edition_names_only_those_who_agreed_and_never_the_protected():
    listed = rows.roster(people().values(), HERE, Edition.POSTING, TODAY)
    assert [row.name for row in listed] == ["佐藤　花子"]
    assert listed[0].needs == listed[0].addressee_no == listed[0].birth_date == listed[0].address == ""


def test_another_shelters_people_are_not_on_our_roster():
    away = {"1": replace(people()["1"], shelter="elsewhere")}
    assert rows.roster(away.values(), HERE, Edition.STAFF, TODAY) == ()


def test_counts_and_figures_agree():
    numbers = counts.count(tuple(people().values()), HERE, 3)
    assert (numbers.people, numbers.inside, numbers.outside, numbers.households) == (4, 3, 1, 1)
    assert numbers.full and numbers.with_needs == 1
    figures = counts.figures(tuple(people().values()), [HouseholdSheet(key="h", pets="犬2、猫")], HERE, 3, TODAY, "x")
    assert figures.people == figures.male + figures.female + figures.sex_unknown == sum(n for _, n in figures.by_age)
    assert sum(n for _, n in figures.by_stay) == 4 and figures.pets == 3


@pytest.mark.parametrize("text,number", [("", 0), ("犬", 1), ("犬2 猫1", 3), ("犬2、猫", 3), ("ハムスター10", 10)])
def test_pets_in_free_text(text, number):
    assert counts.count_pets(text) == number


def resident(no: str, **more):
    return Resident(addressee_no=no, household_no="77", order=int(no), name=f"住民{no}", birth=parse("19740305"),
                    town="旭町", lot_text="1", district_code="01", **more)


def test_unconfirmed_lists_those_of_whom_nothing_is_known():
    residents = [resident("1"), resident("2"), resident("3", protected=True), resident("4"), resident("5")]
    known = people()
    states = {"1": known["1"], "4": replace(known["4"], state=State.ACCOUNTED),
              "5": replace(known["4"], state=State.UNCONFIRMED, whereabouts=Whereabouts.UNKNOWN)}
    listed = list(rows.unconfirmed(residents, states, TODAY))
    assert [(row.name, row.known) for row in listed] == [("住民2", ""), ("住民5", "不明")]
    assert not list(rows.unconfirmed(residents, states, TODAY, district="02"))


def test_a_protected_member_is_seen_by_nobody_but_herself():
    home = Household("77", (resident("1"), resident("2", protected=True), resident("3")))
    assert [m.addressee_no for m in home.seen_from("1").members] == ["1", "3"]
    assert [m.addressee_no for m in home.seen_from("2").members] == ["2"]
    assert home.member("2").address == MASKED


def test_somebody_protected_since_is_hidden_from_then_on():
    known = people()["2"]
    assert guarded(known, frozenset()) is known
    hidden = guarded(known, frozenset({"2"}))
    assert hidden.seen.protected and hidden.seen.address == "" and hidden.household == "P2"
    assert rows.roster([hidden], HERE, Edition.POSTING, TODAY) == ()
    assert rows.roster([hidden], HERE, Edition.STAFF, TODAY)[0].name == rows.PROTECTED_NAME


def test_overdue_leave():
    on_leave = replace(people()["1"], state=State.ON_LEAVE, leave_until="2026-11-24T18:00")
    assert rows.overdue([on_leave], "2026-11-24T18:01") == (on_leave,)
    assert rows.overdue([on_leave], "2026-11-24T17:00") == ()


def test_rows_are_plain_text():
    for row in rows.roster(people().values(), HERE, Edition.STAFF, TODAY):
        assert all(isinstance(value, str) for value in asdict(row).values())
    assert OPEN.is_open and SCOPE
