"""The table of a shelter desk, S1 to S12: each row at least once, and what must never happen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Recorded, Reversal
from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter import rules
from sanjo_tui.receptions.shelter.look import PROTECTED_NOTE, examine, line_of
from sanjo_tui.receptions.shelter.words import Exit, Need, State, Stay, Via, Whereabouts
from tests.shelter import HERE, OPEN, SCOPE, TODAY, family, fold, seen, subjects

NUMBER = rules.Number(text="A1B2C3-0001-8", new=True)
NAMES = ("佐藤　太郎", "佐藤　花子", "佐藤　次郎")


def admit(lines, chosen=None, number=NUMBER, **more):
    picked = [line for line in lines if chosen is None or line.key in chosen]
    return list(rules.admit(SCOPE, picked, OPEN, number, household="h", via=Via.CARD, **more))


def inside(*names, stay=Stay.SHELTER):
    return fold(admit(family(*names), stay=stay))


def test_s1_a_tap_preselects_everybody_who_is_unconfirmed():
    look = examine(family(*NAMES), OPEN, 0)
    assert look.verdict.message == "Enter で3人とも入所"
    assert look.verdict.preselected == ("1", "2", "3")
    assert look.enter == "admit"


def test_s2_those_not_chosen_stay_unconfirmed():
    events = admit(family(*NAMES), chosen=("1", "3"))
    assert subjects(events) == ["1", "3"]
    assert set(fold(events)) == {"1", "3"}


def test_only_the_first_member_takes_the_new_number():
    first, *others = admit(family(*NAMES))
    assert [(claim.scope, claim.subject) for claim in first.claims] == [(ev.NUMBER_USED, NUMBER.text)]
    assert not any(event.claims for event in others)


def test_a_number_is_issued_once_and_one_on_a_blank_form_was_issued_when_it_was_printed():
    issued = next(iter(rules.issue(SCOPE, OPEN, NUMBER)))
    assert [(claim.scope, claim.subject) for claim in issued.claims] == [(ev.NUMBER_ISSUED, NUMBER.text)]
    assert not list(rules.issue(SCOPE, OPEN, replace(NUMBER, reserved=True)))
    assert not list(rules.issue(SCOPE, OPEN, replace(NUMBER, new=False)))


@pytest.mark.parametrize("whereabouts,state", [
    (Whereabouts.LATER, State.ACCOUNTED), (Whereabouts.OTHER_SHELTER, State.ACCOUNTED),
    (Whereabouts.SAFE_ELSEWHERE, State.ACCOUNTED), (Whereabouts.UNKNOWN, State.UNCONFIRMED)])
def test_s3_what_the_family_says_of_the_missing(whereabouts, state):
    people = fold(rules.account(SCOPE, family(*NAMES)[2:], OPEN, "h", whereabouts))
    assert people["3"].state is state


def test_s3_nobody_who_is_inside_is_declared_elsewhere():
    people = inside(*NAMES)
    assert not list(rules.account(SCOPE, family(*NAMES, people=people), OPEN, "h", Whereabouts.SAFE_ELSEWHERE))


def test_s3_accounted_members_are_not_preselected_but_the_one_at_the_desk_is():
    people = fold(rules.account(SCOPE, family(*NAMES), OPEN, "h", Whereabouts.LATER))
    look = examine(family(*NAMES, people=people, tapped=1), OPEN, 0)
    assert look.verdict.preselected == ("2",)


def test_s4_inside_already_makes_no_second_event_and_says_since_when():
    people = inside(*NAMES)
    lines = family(*NAMES, people=people)
    assert admit(lines) == []
    verdict = examine(lines, OPEN, 3).verdict
    assert verdict.message.startswith("全員確認済みです") and verdict.weight is Weight.NOTICE
    assert "から" in verdict.message


def test_s5_recorded_elsewhere_is_named_never_preselected_and_moved_only_when_picked():
    there = {"2": replace(inside(*NAMES)["2"], shelter="15204802")}
    lines = family(*NAMES, people=there)
    look = examine(lines, OPEN, 0)
    assert look.verdict.preselected == ("1", "3")
    assert any("15204802" in note for note in look.verdict.notes)
    moved = admit(lines, chosen=("2",))[0]
    assert moved.moved_from == "15204802"
    assert admit(lines, chosen=("1",))[0].moved_from == ""


def test_s6_leave_and_return():
    people = inside(*NAMES)
    out = list(rules.go_out(SCOPE, family(*NAMES, people=people)[:1], OPEN, "自宅", "2026-11-24T18:00"))
    history = [*admit(family(*NAMES)), *out]
    away = fold(history)
    assert away["1"].state is State.ON_LEAVE and away["1"].leave_until == "2026-11-24T18:00"
    look = examine(family(*NAMES, people=away), OPEN, 3)
    assert look.enter == "come_back" and look.verdict.preselected == ("1",)
    back = list(rules.come_back(SCOPE, family(*NAMES, people=away)[:1], OPEN))
    assert fold([*history, *back])["1"].state is State.INSIDE


def test_s6_admitting_somebody_on_leave_is_their_return():
    people = {"1": replace(inside(*NAMES)["1"], state=State.ON_LEAVE)}
    assert [type(e) for e in admit(family(NAMES[0], people=people))] == [ev.CameBack]


def test_s7_departure_without_a_destination_is_unknown():
    people = inside(*NAMES)
    events = list(rules.depart(SCOPE, family(*NAMES, people=people), OPEN))
    gone = fold([*admit(family(*NAMES)), *events])
    assert {p.state for p in gone.values()} == {State.DEPARTED}
    assert gone["1"].exit_to is Exit.UNKNOWN


def test_s7_who_is_not_inside_cannot_depart():
    with pytest.raises(RuleError, match="入所中の人ではありません"):
        list(rules.depart(SCOPE, family(*NAMES), OPEN))


@pytest.mark.parametrize("stay", [Stay.HOME, Stay.CAR, Stay.TENT, Stay.OTHER])
def test_s8_people_outside_the_building_are_counted(stay):
    people = inside(*NAMES, stay=stay)
    assert all(p.state is State.OUTSIDE and p.counted and p.stay is stay for p in people.values())


def test_s8_moving_to_a_car_and_in_again():
    lines = family(*NAMES, people=inside(*NAMES))
    history = [*admit(family(*NAMES)), *rules.change_stay(SCOPE, lines[:1], OPEN, Stay.CAR, "校庭")]
    assert fold(history)["1"].state is State.OUTSIDE and fold(history)["1"].place == "校庭"
    again = admit(family(*NAMES, people=fold(history)), chosen=("1",))
    assert fold([*history, *again])["1"].state is State.INSIDE


def test_s9_an_unknown_person_needs_only_one_fact():
    event = rules.admit_unknown(SCOPE, rules.UnknownPerson(sex_code="2"), OPEN, NUMBER)
    person = fold([event])[NUMBER.text]
    assert person.provisional and person.state is State.INSIDE and person.registration_no == NUMBER.text
    with pytest.raises(RuleError):
        rules.admit_unknown(SCOPE, rules.UnknownPerson(), OPEN, NUMBER)


def test_s10_merging_moves_the_person_and_counts_nobody_twice():
    tag = rules.admit_unknown(SCOPE, rules.UnknownPerson(name="さとう"), OPEN, NUMBER)
    noted = ev.Supplemented(subject=NUMBER.text, scope=SCOPE, needs=(Need.CARE,))
    before = fold([tag, noted])
    merged = rules.merge(SCOPE, before[NUMBER.text], seen(), "1", None, "h", "山田", "op")
    after = fold([tag, noted, *merged])
    assert [p.person for p in after.values() if p.counted] == ["1"]
    assert after["1"].aliases == (NUMBER.text,) and after["1"].needs == (Need.CARE,)
    assert after[NUMBER.text].merged_into == "1"


def test_s10_a_resident_who_is_inside_already_stays_once():
    people = fold([*admit(family(NAMES[0])), rules.admit_unknown(SCOPE, rules.UnknownPerson(name="x"), OPEN,
                                                                replace(NUMBER, text="A1B2C3-0002-6"))])
    merged = rules.merge(SCOPE, people["A1B2C3-0002-6"], seen(), "1", people["1"], "h", "山田", "op")
    both = fold([*admit(family(NAMES[0])), rules.admit_unknown(
        SCOPE, rules.UnknownPerson(name="x"), OPEN, replace(NUMBER, text="A1B2C3-0002-6")), *merged])
    assert [p.person for p in both.values() if p.counted] == ["1"]
    assert both["1"].registration_no == NUMBER.text and both["1"].aliases == ("A1B2C3-0002-6",)


@pytest.mark.parametrize("approval", ["", " ", "op"])
def test_s10_needs_a_second_person(approval):
    person = fold([rules.admit_unknown(SCOPE, rules.UnknownPerson(name="x"), OPEN, NUMBER)])[NUMBER.text]
    with pytest.raises(RuleError):
        rules.merge(SCOPE, person, seen(), "1", None, "h", approval, "op")


def recorded(events):
    return [Recorded("A1B2C3", n, n << 16, n, "op", event) for n, event in enumerate(events, 1)]


def test_s11_taking_back_restores_the_state_before():
    admitted = admit(family(*NAMES))
    people = fold(admitted)
    out = list(rules.go_out(SCOPE, family(*NAMES, people=people)[:1], OPEN))
    history = [*admitted, *out]
    group = recorded(history)[-1:]
    back = rules.undo(group, {"1": ("A1B2C3", 4)}, ["A1B2C3"], "押し間違い")
    assert fold([*history, *back])["1"].state is State.INSIDE


def test_s11_not_without_a_reason_not_of_others_not_below_a_newer_record():
    group = recorded(admit(family(NAMES[0])))
    for latest, station, reason in (({"1": ("A1B2C3", 1)}, "A1B2C3", " "), ({"1": ("A1B2C3", 1)}, "ZZZZZZ", "x"),
                                    ({"1": ("A1B2C3", 9)}, "A1B2C3", "x")):
        with pytest.raises(RuleError):
            rules.undo(group, latest, [station], reason)


def test_s12_closing_names_how_many_are_left():
    with pytest.raises(RuleError, match="まだ2人"):
        rules.close(SCOPE, OPEN, 2, transfer=False)
    assert rules.close(SCOPE, OPEN, 2, transfer=True).remaining == 2


def test_capacity_warns_and_never_refuses():
    look = examine(family(*NAMES), replace(OPEN, capacity=2), 2)
    assert not look.verdict.stops and look.verdict.preselected == ("1", "2", "3")
    assert any("定員2人を超えます" in note for note in look.verdict.notes)


def test_a_closed_shelter_stops():
    assert examine(family(*NAMES), None, 0).verdict.stops
    assert examine(family(*NAMES), replace(OPEN, closed_ms=9), 0).verdict.stops
    with pytest.raises(RuleError):
        rules.must_be_open(None)


def test_the_alert_for_a_protected_person_is_the_same_and_shows_no_address():
    line = line_of("1", seen(protected=True), None, HERE, TODAY, tapped=True)
    look = examine([line], OPEN, 0)
    assert PROTECTED_NOTE in look.verdict.notes and look.town == "" and look.protected


@pytest.mark.parametrize("change,allowed", [
    ({}, False), ({"disclose_kin": True}, True), ({"disclose_public": True}, False),
    ({"disclose_kin": True, "seen": seen(protected=True)}, False),
    ({"disclose_kin": True, "state": State.DEPARTED}, True),
    ({"disclose_kin": True, "merged_into": "2"}, False)])
def test_relatives_hear_only_what_consent_allows(change, allowed):
    answer = rules.answer(replace(inside(*NAMES)["1"], **change), "嵐南小学校")
    assert answer.allowed is allowed
    if not allowed:
        assert answer == rules.answer(None, "嵐南小学校")


ACTS = st.sampled_from(["admit", "out", "back", "depart", "car", "account"])


@given(st.lists(st.tuples(ACTS, st.sets(st.sampled_from(["1", "2", "3"]), min_size=1)), max_size=12))
def test_nobody_is_counted_without_having_been_chosen(acts):
    """Whatever is done in whatever order: who counts was picked for an admission, and is in one state only."""
    history, ever = [], set()
    for act, chosen in acts:
        lines = [line for line in family(*NAMES, people=fold(history)) if line.key in chosen]
        try:
            match act:
                case "admit":
                    ever |= chosen
                    history += rules.admit(SCOPE, lines, OPEN, NUMBER, household="h", via=Via.CARD)
                case "out":
                    history += rules.go_out(SCOPE, lines, OPEN)
                case "back":
                    history += rules.come_back(SCOPE, lines, OPEN)
                case "depart":
                    history += rules.depart(SCOPE, lines, OPEN)
                case "car":
                    history += rules.change_stay(SCOPE, lines, OPEN, Stay.CAR)
                case "account":
                    history += rules.account(SCOPE, lines, OPEN, "h", Whereabouts.LATER)
        except RuleError:
            continue
    assert {p.person for p in fold(history).values() if p.counted} <= ever


def test_a_reversal_is_not_folded():
    assert isinstance(rules.undo(recorded(admit(family(NAMES[0]))), {"1": ("A1B2C3", 1)}, ["A1B2C3"], "x")[0], Reversal)
