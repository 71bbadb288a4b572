"""Who counts as a child and until when: tables at the edges, the card's last day for any children, one life a card."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.changes import changed
from sanjo_tui.receptions.childcare import lists
from sanjo_tui.receptions.childcare.changed import question
from sanjo_tui.receptions.childcare.events import Child
from sanjo_tui.receptions.childcare.rules import (
    Answer,
    Rule,
    check_role,
    count_on,
    counted,
    counted_until,
    enough,
    look,
    reached,
    valid_until,
)
from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import ENDED, FOLLOWING, Place, Role, Status, Until
from sanjo_tui.register.people import Household, Resident
from sanjo_tui.wareki import register_date

D = dt.date
TODAY = D(2026, 11, 25)
FISCAL, BIRTHDAY = Rule(), Rule(until=Until.BIRTHDAY)
DAYS = st.dates(D(1990, 1, 1), D(2060, 12, 31))


def person(number: str, *codes: str, born: str = "1985-06-01", **more: object) -> Resident:
    fields: dict[str, object] = {"addressee_no": number, "household_no": "1", "order": 1, "name": "見本　太郎",
                                 "birth": register_date(born), "relationship": codes, **more}
    return Resident(**fields)  # type: ignore[arg-type]


def household(*members: Resident) -> Household:
    return Household("1", members)


FATHER, MOTHER = person("11", "02"), person("12", "12")
KIDS = tuple(person(f"2{n}", "20", born=f"201{n}-07-01") for n in (1, 3, 5))


@pytest.mark.parametrize(("born", "fiscal", "birthday"), [
    ("2008-03-31", "2026-03-31", "2026-03-30"),
    ("2008-04-01", "2026-03-31", "2026-03-31"),     # reaches 18 on 31 March: that very day is the last
    ("2008-04-02", "2027-03-31", "2026-04-01"),
    ("2008-02-29", "2026-03-31", "2026-02-28"),     # no 29 February in 2026
    ("2008-03-01", "2026-03-31", "2026-02-28"),
    ("2008-01-01", "2026-03-31", "2025-12-31"),
    ("2008-12-31", "2027-03-31", "2026-12-30"),
    ("2026-11-25", "2045-03-31", "2044-11-24")])
def test_the_edges_of_the_age_rule(born: str, fiscal: str, birthday: str) -> None:
    assert str(counted_until(register_date(born), FISCAL)) == fiscal
    assert str(counted_until(register_date(born), BIRTHDAY)) == birthday


@pytest.mark.parametrize("birth", [
    register_date("2015-02-29"), register_date("2015-02-30"), register_date("2015-00-00"), register_date("2015-04-00"),
    register_date("20150401", True, "平成27年頃"), register_date("", True, "年月日不詳"), register_date("平成27年春")])
def test_what_is_not_a_day_is_a_question_never_a_guess(birth: object) -> None:
    child = person("29", "20", birth=birth)
    assert counted_until(child.birth, FISCAL) is None
    kid = next(k for k in look(household(FATHER, child), "11", FISCAL, TODAY).kids if k.addressee_no == "29")
    assert kid.until is None and kid.ask and not kid.sure


def test_somebody_old_with_an_unknown_birth_date_is_no_child() -> None:
    old = person("13", "51", birth=register_date("1948-00-00"))
    assert look(household(FATHER, old, *KIDS), "11", FISCAL, TODAY).kids == tuple(
        kid for kid in look(household(FATHER, *KIDS), "11", FISCAL, TODAY).kids)


@given(born=DAYS, age=st.integers(1, 25))
def test_an_age_is_reached_the_day_before_the_birthday(born: dt.date, age: int) -> None:
    day = reached(born, age)
    after = register_date(born.isoformat())
    assert after.age_on(day + dt.timedelta(days=1)) == age
    assert after.age_on(day) == age - 1


@given(born=DAYS)
def test_the_fiscal_rule_ends_on_a_31_march_within_a_year(born: dt.date) -> None:
    last, birthday = counted_until(register_date(born.isoformat()), FISCAL), reached(born, 18)
    assert last is not None and (last.month, last.day) == (3, 31)
    assert birthday <= last < birthday + dt.timedelta(days=366)
    assert counted_until(register_date(born.isoformat()), BIRTHDAY) == birthday


@given(untils=st.lists(DAYS, max_size=8), needed=st.integers(1, 4), end=st.none() | DAYS)
def test_the_last_day_is_the_last_on_which_enough_count(untils: Sequence[dt.date], needed: int,
                                                        end: dt.date | None) -> None:
    last = valid_until(untils, needed, end)
    if last is None:
        assert len(untils) < needed
        return
    assert count_on(untils, last) >= needed
    after = last + dt.timedelta(days=1)
    assert count_on(untils, after) < needed or last == end
    assert end is None or last <= end


@given(untils=st.lists(DAYS, min_size=3, max_size=8), more=DAYS)
def test_one_more_child_never_ends_a_card_sooner(untils: list[dt.date], more: dt.date) -> None:
    before, after = valid_until(untils, 3), valid_until([*untils, more], 3)
    assert before is not None and after is not None and after >= before
    assert valid_until(list(reversed(untils)), 3) == before


# --- the household


def test_parents_and_their_children() -> None:
    for who in ("11", "12"):
        found = look(household(FATHER, MOTHER, *KIDS), who, FISCAL, TODAY)
        assert (found.role, found.role_ask, found.sure) == (Role.GUARDIAN, "", ("21", "23", "25"))


def test_three_generations_by_the_head_who_is_the_grandfather() -> None:
    son, wife = person("15", "20"), person("16", "20", "12")
    grand = tuple(replace(kid, relationship=("20", "20")) for kid in KIDS)
    home = household(FATHER, MOTHER, son, wife, *grand)
    for who, role in (("11", Role.GRANDPARENT), ("12", Role.GRANDPARENT), ("15", Role.GUARDIAN),
                      ("16", Role.GUARDIAN)):
        found = look(home, who, FISCAL, TODAY)
        assert (found.role, found.role_ask, found.sure) == (role, "", ("21", "23", "25")), who


def test_the_heads_own_parents_are_grandparents() -> None:
    home = household(FATHER, MOTHER, person("17", "51"), person("18", "12", "52"), *KIDS)
    for who in ("17", "18"):
        assert look(home, who, FISCAL, TODAY).role is Role.GRANDPARENT, who
        assert look(home, who, FISCAL, TODAY).sure == ("21", "23", "25")


def test_two_sons_leave_the_parent_a_question() -> None:
    home = household(FATHER, person("15", "20"), person("19", "20"),
                     *(replace(kid, relationship=("20", "20")) for kid in KIDS))
    assert look(home, "15", FISCAL, TODAY).role_ask
    assert look(home, "11", FISCAL, TODAY).role_ask == ""


def test_a_stepchild_counts_and_a_nephew_is_a_question() -> None:
    step, nephew = person("31", "12", "20", born="2018-01-01"), person("32", "74", "20", born="2018-01-01")
    lodger = person("33", "99", born="2018-01-01")
    found = look(household(FATHER, MOTHER, step, nephew, lodger, KIDS[0]), "11", FISCAL, TODAY)
    assert set(found.sure) == {"31", "21"}
    assert {kid.addressee_no for kid in found.kids if kid.ask} == {"32", "33"}


def test_a_young_wife_of_a_son_is_no_child_of_the_head() -> None:
    wife = person("34", "20", "12", born="2009-06-01")
    found = look(household(FATHER, person("15", "20"), wife, *KIDS), "11", FISCAL, TODAY)
    assert "34" not in found.sure


def test_a_child_for_itself_and_a_stranger() -> None:
    home = household(FATHER, MOTHER, *KIDS, person("40", "99"))
    assert look(home, "21", FISCAL, TODAY).role is Role.CHILD
    assert look(home, "40", FISCAL, TODAY).role is None
    beside = look(home, "999", FISCAL, TODAY)
    assert beside.role is Role.GRANDPARENT and beside.role_ask and beside.sure == ("21", "23", "25")


def test_who_died_or_moved_away_or_grew_up_does_not_count() -> None:
    gone = [replace(KIDS[0], resident_status=status) for status in ("2", "3", "9")]
    for one in gone:
        assert look(household(FATHER, one, *KIDS[1:]), "11", FISCAL, TODAY).sure == ("23", "25")
    grown = replace(KIDS[0], birth=register_date("2008-04-01"))
    assert look(household(FATHER, grown, *KIDS[1:]), "11", FISCAL, D(2026, 3, 31)).sure == ("21", "23", "25")
    assert look(household(FATHER, grown, *KIDS[1:]), "11", FISCAL, D(2026, 4, 1)).sure == ("23", "25")


# --- what is recorded


def test_a_question_must_be_answered() -> None:
    unknown = person("29", "20", birth=register_date("", True, "年月日不詳"))
    found = look(household(FATHER, unknown, *KIDS[1:]), "11", FISCAL, TODAY)
    for answer in (Answer(), Answer(reason="戸籍"), Answer(until=D(2030, 3, 31))):
        with pytest.raises(RuleError, match="確かめていない"):
            counted(found, {"29": answer, "23": Answer()})
    children = counted(found, {"29": Answer(reason="戸籍", until=D(2030, 3, 31)), "23": Answer(), "25": Answer()})
    assert [child.until for child in children] == ["2030-03-31", "2032-03-31", "2034-03-31"]
    assert enough(children, 3, None, TODAY) == D(2030, 3, 31)
    with pytest.raises(RuleError, match="数えられる子ども"):
        counted(found, {"11": Answer()})


def test_too_few_and_too_late() -> None:
    two = (Child(addressee_no="1", until="2030-03-31"), Child(addressee_no="2", until="2031-03-31"))
    with pytest.raises(RuleError, match="数える子どもが2人です。3人から"):
        enough(two, 3, None, TODAY)
    assert enough(two, 2, None, TODAY) == D(2030, 3, 31)
    assert enough(two, 2, D(2027, 3, 31), TODAY) == D(2027, 3, 31)
    with pytest.raises(RuleError, match="最終日を過ぎ"):
        enough(two, 2, D(2026, 3, 31), TODAY)


@pytest.mark.parametrize(("role", "place", "confirmed", "words"), [
    (Role.GUARDIAN, Place.HOUSEHOLD, "", ""),
    (Role.GRANDPARENT, Place.HOUSEHOLD, "", "続柄を確かめた方法"),
    (Role.GRANDPARENT, Place.HOUSEHOLD, "戸籍", ""),
    (Role.GUARDIAN, Place.PREMISES, " ", "続柄を確かめた方法"),
    (Role.GUARDIAN, Place.ELSEWHERE, "戸籍", ""),
    (Role.CHILD, Place.HOUSEHOLD, "戸籍", "子どもには交付しません")])
def test_a_role_that_the_register_does_not_show(role: Role, place: Place, confirmed: str, words: str) -> None:
    found = look(household(FATHER, *KIDS), "11", FISCAL, TODAY)
    if not words:
        check_role(found, FISCAL, role, place, confirmed)
        return
    with pytest.raises(RuleError, match=words):
        check_role(found, FISCAL, role, place, confirmed)


def test_the_option_for_families_with_disability_is_off_unless_set() -> None:
    assert FISCAL.needed(True) == 3
    assert Rule(disability_children=1).needed(True) == 1 and Rule(disability_children=1).needed() == 3


# --- states


A, F, P, H, L, R, B, X = Status
TABLE = {(A, F), (A, B), (A, X), (F, F), (F, P), (F, B), (F, X), (P, F), (P, P), (P, H), (P, B), (P, X), (H, F),
         (H, L), (H, B), (H, X), (L, R), (L, B), (L, X)}


def test_the_transition_table() -> None:
    assert {(a, b) for a, b in product(Status, Status) if b in FOLLOWING[a]} == TABLE
    assert {status for status in Status if not FOLLOWING[status]} == ENDED


# --- renewals


@pytest.mark.parametrize(("today", "year"), [
    ("2026-01-30", 2025), ("2026-01-31", 2026), ("2026-03-31", 2026), ("2026-04-01", 2026), ("2026-12-31", 2026),
    ("2027-01-31", 2027)])
def test_which_renewal_is_on(today: str, year: int) -> None:
    assert lists.renewal_year(D.fromisoformat(today), 4, 60) == year


@given(today=st.dates(D(2020, 1, 1), D(2040, 12, 31)), month=st.integers(1, 12), lead=st.integers(0, 300))
def test_a_renewal_that_is_on_has_begun_and_the_next_has_not(today: dt.date, month: int, lead: int) -> None:
    year, before = lists.renewal_year(today, month, lead), dt.timedelta(days=lead)
    assert lists.renewal_day(year, month) - before <= today < lists.renewal_day(year + 1, month) - before


@pytest.mark.parametrize(("children", "after", "unclear", "todo"), [
    (3, "2030-03-31", 0, "更新"), (3, "2031-03-31", 0, "更新（最終日が変わる）"),
    (2, "2030-03-31", 0, "終了の案内、返却"),
    (3, "", 0, "終了の案内、返却"), (2, "", 1, "子1人を書類で確かめる")])
def test_what_a_renewal_asks(children: int, after: str, unclear: int, todo: str) -> None:
    assert lists.todo_of(children, 3, "2030-03-31", after, D(2027, 4, 1), unclear) == todo


# --- a new register


CARD = Card(card_no="SK-1", status=H, role=Role.GUARDIAN, household_no="1", needed=3, valid_until="2030-03-31",
            reception_no="A-1", children=tuple(Child(addressee_no=kid.addressee_no, until="2030-03-31")
                                               for kid in KIDS))
SAME = changed(FATHER, FATHER)
KIDS_SAME = {kid.addressee_no: changed(kid, kid) for kid in KIDS}
UNTILS = [D(2030, 3, 31), D(2032, 3, 31), D(2034, 3, 31)]


def test_nothing_changed_asks_nothing() -> None:
    assert question("11", CARD, SAME, KIDS_SAME, UNTILS, FISCAL, TODAY) is None


@pytest.mark.parametrize(("status", "word"), [("2", "転出"), ("3", "死亡"), ("9", "消除")])
def test_a_holder_who_is_gone(status: str, word: str) -> None:
    asked = question("11", CARD, changed(FATHER, replace(FATHER, resident_status=status)), KIDS_SAME, UNTILS, FISCAL,
                     TODAY)
    assert asked is not None and asked.what == word and asked.todo == "カードを返してもらう"


def test_a_child_that_left_and_a_household_that_changed() -> None:
    moved = {**KIDS_SAME, "21": changed(KIDS[0], replace(KIDS[0], household_no="2"))}
    asked = question("11", CARD, SAME, moved, UNTILS[1:], FISCAL, TODAY)
    assert asked is not None and asked.what == "子:世帯変更" and asked.todo.startswith("数える子2人")
    asked = question("11", CARD, SAME, moved, UNTILS, FISCAL, TODAY)
    assert asked is not None and asked.todo == "世帯と続柄を本人に確かめる"
    asked = question("11", CARD, SAME, moved, [D(2029, 3, 31), *UNTILS[1:]], FISCAL, TODAY)
    assert asked is not None and asked.todo == "最終日が早まる。更新する"


def test_a_name_and_a_protection() -> None:
    asked = question("11", CARD, changed(FATHER, replace(FATHER, name="別名　太郎")), KIDS_SAME, UNTILS, FISCAL, TODAY)
    assert asked is not None and asked.todo == "氏名が変わった。作り直すか決める"
    asked = question("11", CARD, changed(FATHER, replace(FATHER, protected=True)), KIDS_SAME, UNTILS, FISCAL, TODAY)
    assert asked is not None and asked.todo == "連絡の前に責任者と決める"
