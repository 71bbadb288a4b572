"""The shelter's desk on a real journal: what was said is on the disk, numbers are unique, nothing counts twice."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk.numbers import following
from sanjo_tui.errors import RuleError, UnknownToken
from sanjo_tui.numbers import registration_no
from sanjo_tui.receptions.lookups import ListMade
from sanjo_tui.receptions.shelter.events import NUMBER_ISSUED
from sanjo_tui.receptions.shelter.lists import Edition
from sanjo_tui.receptions.shelter.rules import UnknownPerson
from sanjo_tui.receptions.shelter.words import Need, State, Stay, Whereabouts
from sanjo_tui.wareki import JST
from tests.desk import FAMILY, desk, opened

IC = CardSeen(reader="r", profile="ic", token="idm", value="0112030405060708", assurance="number")


@pytest.fixture
def counter(tmp_path):
    counter = desk(tmp_path)
    counter.shelter.open_shelter()
    yield counter
    counter.close()


def admit(counter, *chosen, **more):
    look = counter.shelter.look(opened(*FAMILY))
    return counter.shelter.admit(look, chosen or look.verdict.preselected, **more)


def test_a_family_is_admitted_at_once_and_is_there_after_a_restart(tmp_path, counter):
    receipt = admit(counter)
    assert (receipt.message, receipt.detail) == ("受付しました", "佐藤 3人入所")
    assert receipt.registration_no.startswith("A1B2C3-0001-")
    counter.close()
    again = desk(tmp_path)
    assert again.shelter.counts().people == 3
    assert again.shelter.latest(1)[0].text == "佐藤 3人入所"
    again.close()


def test_those_left_out_are_named_and_asked_after(counter):
    receipt = admit(counter, "1", "2")
    assert receipt.remaining == ("佐藤　次郎",)
    look = counter.shelter.look(opened(*FAMILY))
    assert look.verdict.preselected == ("3",)
    counter.shelter.account(look, ["3"], Whereabouts.LATER)
    assert counter.shelter.presences()["3"].state is State.ACCOUNTED


def test_the_second_time_records_nothing(counter):
    admit(counter)
    before = counter.shelter.latest(9)
    look = counter.shelter.look(opened(*FAMILY))
    assert counter.shelter.admit(look, ["1"]).message == "変わりはありません"
    assert counter.shelter.latest(9) == before


def test_a_household_keeps_its_number_and_the_next_gets_the_next(counter):
    first = admit(counter, "1").registration_no
    assert admit(counter, "2").registration_no == first
    other = counter.shelter.admit_unknown(UnknownPerson(name="やまだ"))
    assert other.registration_no.startswith("A1B2C3-0002-") and other.job


def test_a_number_that_was_printed_is_never_given_out_again(counter):
    first = counter.shelter.admit_unknown(UnknownPerson(name="やまだ"))
    counter.shelter.undo(counter.shelter.undoable()[0].number, "押し間違い")
    assert counter.shelter.admit_unknown(UnknownPerson(name="たなか")).registration_no != first.registration_no


def test_undo_takes_back_the_whole_reception_and_only_the_newest(counter):
    admit(counter)
    whole = counter.shelter.undoable()[0]
    look = counter.shelter.look(opened(*FAMILY))
    counter.shelter.go_out(look, ["1"], until="2026-11-24T18:00")
    with pytest.raises(RuleError, match="この後に別の記録"):
        counter.shelter.undo(whole.number, "人違い")
    counter.shelter.undo(counter.shelter.undoable()[0].number, "押し間違い")
    assert counter.shelter.presences()["1"].state is State.INSIDE
    counter.shelter.undo(whole.number, "人違い")
    assert counter.shelter.counts().people == 0
    assert counter.shelter.undoable() == ()


def test_paper_numbers_are_reserved_and_keyed_in_once(counter):
    numbers = counter.shelter.reserve_numbers(3)
    assert len(set(numbers)) == 3
    assert admit(counter, "1").registration_no != numbers[0]
    receipt = counter.shelter.admit_unknown(UnknownPerson(name="かみ"), paper_number=numbers[1],
                                            paper_at="2026-11-24T10:00")
    assert receipt.registration_no == numbers[1] and not receipt.job
    for wrong in (numbers[1], numbers[0][:-1] + ("1" if numbers[0][-1] != "1" else "2"), "A1B2C3-0099-0"):
        with pytest.raises(RuleError):
            counter.shelter.admit_unknown(UnknownPerson(name="x"), paper_number=wrong)


def test_leave_return_stay_and_departure(counter):
    admit(counter)
    for act, state in ((lambda look: counter.shelter.go_out(look, ["1"]), State.ON_LEAVE),
                       (lambda look: counter.shelter.come_back(look, ["1"]), State.INSIDE),
                       (lambda look: counter.shelter.change_stay(look, ["1"], Stay.CAR, "校庭"), State.OUTSIDE),
                       (lambda look: counter.shelter.depart(look, ["1"]), State.DEPARTED)):
        act(counter.shelter.look(opened(*FAMILY)))
        assert counter.shelter.presences()["1"].state is state
    assert counter.shelter.counts().people == 2


def test_special_needs_and_consent_default_to_no(counter):
    admit(counter)
    assert not counter.shelter.presences()["1"].disclose_kin
    assert not counter.shelter.inquire("1", "山田", "友人").allowed
    counter.shelter.supplement("1", {"needs": (Need.CARE,), "disclose_kin": True})
    assert counter.shelter.counts().with_needs == 1
    assert counter.shelter.inquire("1", "山田", "友人").allowed


def test_merging_a_tag_needs_its_record(counter):
    with pytest.raises(RuleError):
        counter.shelter.household_of("A1B2C3-0009-0")


def test_closing_with_people_inside_is_refused_and_last_years_presence_never_leaks(counter):
    admit(counter)
    with pytest.raises(RuleError, match="まだ3人"):
        counter.shelter.close_shelter()
    counter.shelter.close_shelter(transfer=True)
    assert counter.shelter.look(opened(*FAMILY)).verdict.stops
    counter.shelter.open_shelter()
    assert counter.shelter.look(opened(*FAMILY)).verdict.preselected == ("1", "2", "3")
    assert counter.shelter.counts().people == 0


def test_an_unknown_card_is_bound_on_the_spot_and_unbound(counter):
    tag = counter.shelter.admit_unknown(UnknownPerson(name="やまだ")).registration_no
    with pytest.raises(UnknownToken):
        counter.open_card(IC)
    counter.bind(IC, tag)
    assert counter.open_card(IC).who == tag
    other = counter.shelter.admit_unknown(UnknownPerson(name="たなか")).registration_no
    with pytest.raises(RuleError, match="ほかの人"):
        counter.bind(IC, other)
    counter.unbind(IC, "返却")
    counter.bind(IC, other)
    assert counter.open_card(IC).who == other
    counter.unbind(IC, "紛失")
    with pytest.raises(RuleError):
        counter.unbind(IC, "紛失")


def test_a_family_of_unknown_people_shares_one_household(counter):
    first = counter.shelter.admit_unknown(UnknownPerson(name="やまだ")).registration_no
    counter.shelter.admit_unknown(UnknownPerson(name="こども", household=first))
    look = counter.shelter.look(counter.open_person(first))
    assert len(look.members) == 2 and counter.shelter.counts().households == 1


def test_lists_are_logged_before_they_are_shown(counter):
    admit(counter)
    counter.shelter.roster(Edition.STAFF)
    with counter.journal.view() as view:
        made = [r.event for r in view.events(kinds=(ListMade.kind,))]
    assert [(e.form, e.rows) for e in made] == [("roster", 3)]


def test_two_desks_at_one_journal_see_each_other(tmp_path, counter):
    beside = desk(tmp_path, operator="ssh")
    admit(counter, "1")
    assert beside.shelter.counts().people == 1
    look = beside.shelter.look(opened(*FAMILY))
    beside.shelter.admit(look, ["2", "3"])
    assert counter.shelter.counts().people == 3
    assert counter.shelter.presences()["2"].registration_no == counter.shelter.presences()["1"].registration_no
    beside.close()


def test_without_a_register_the_header_says_so(counter):
    header = counter.header(dt.datetime(2026, 11, 24, 14, 5, tzinfo=JST))
    assert (header.clock, header.date, header.register_level) == ("14:05", "R8.11.24", "none")


def test_the_ten_thousandth_number_is_followed_by_the_next(counter):
    class Claims:
        def last_claim(self, scope, prefix):
            return max(issued, key=lambda number: (len(number), number))

    issued = [registration_no("A1B2C3", n) for n in (9998, 9999, 10000)]
    assert following(Claims(), "A1B2C3", 2) == (registration_no("A1B2C3", 10001), registration_no("A1B2C3", 10002))
    with counter.journal.view() as view:
        assert view.last_claim(NUMBER_ISSUED, "A1B2C3-") is None
