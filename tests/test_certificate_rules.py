"""The life of an application by the rules and the fold alone: R1 to R9 with their failures, and what always holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import issuing, rules, state
from sanjo_tui.receptions.certificate.disaster import certificate_no, read_certificate_no
from sanjo_tui.receptions.certificate.rules import Asked, Household
from sanjo_tui.receptions.certificate.transitions import TRANSITIONS
from sanjo_tui.receptions.certificate.words import (
    Act,
    Applicant,
    Grade,
    Kind,
    Method,
    SelfRule,
    Standing,
    State,
)
from tests.certificate_ground import DAY, Folded, disaster

BINDING = ev.Binding(house="H1", address="旭町1-2-3", use="住宅")
HOME = Household(key="77", applicant_no="1", applicant_name="見本", head_no="1", head_name="見本", head_address="旭町")


def refused(code: str, call):
    with pytest.raises(RuleError) as told:
        call()
    assert told.value.detail == code and told.value.message.endswith("。") and told.value.hint.endswith("。")


def apply_with(binding=BINDING, household=HOME, earlier=(), on=DAY, **asked):
    return list(rules.apply_for(disaster(), "A1B2C3-0001-9", household, binding, Asked(**asked), today=on,
                                earlier=earlier))


def test_the_plain_way_waits_is_decided_issued_and_handed_over():
    play = Folded()
    assert play.application.state is State.WAITING
    assert issuing.why_not(play.application) == "調査を待っています（予定 令和8年12月8日）"
    refused("E-PENDING", play.issue)
    play.survey(1, Grade.HALF)
    assert play.application.state is State.DECIDED and issuing.why_not(play.application) == ""
    play.issue()
    assert play.application.state is State.PREPARED
    play.add(*issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True))
    assert play.application.state is State.HANDED
    assert play.application.standing.grade is Grade.HALF and play.application.standing.handed_on == DAY.isoformat()


def test_where_the_survey_exists_the_application_is_decided_at_once():
    survey = rules.Survey(disaster="20261120", survey_no="S1", house_id="H1", stage=1, date="2026-11-21",
                          grade="全壊", decided_on="2026-11-22")
    assert Folded(surveys=(survey,)).application.state is State.DECIDED


def test_a_survey_that_is_not_decided_is_waited_for():
    play = Folded()
    play.survey(1, Grade.HALF, decided=False)
    assert play.application.state is State.SURVEYED
    assert "判定を待っています" in issuing.why_not(play.application)
    play.survey(1, Grade.HALF)
    assert play.application.state is State.DECIDED


def test_of_two_stages_the_later_one_wins_whichever_comes_first():
    one, other = Folded(), Folded()
    one.survey(1, Grade.HALF)
    one.survey(2, Grade.LARGE)
    other.survey(2, Grade.LARGE)
    other.survey(1, Grade.HALF)
    assert one.application.judged == other.application.judged and one.application.judged.grade is Grade.LARGE


def test_the_survey_of_a_flat_is_above_that_of_its_building_in_the_same_stage():
    flat = rules.Survey(disaster="20261120", survey_no="S1", house_id="H1", unit="201", stage=1, date="2026-11-21",
                        grade="全壊", decided_on="2026-11-21")
    building = replace(flat, survey_no="S2", unit="", grade="半壊", date="2026-11-23", decided_on="2026-11-23")
    for surveys in ((flat, building), (building, flat), (building,), (flat,)):
        judged = Folded(surveys=surveys).application.judged
        assert judged.grade is (Grade.TOTAL if flat in surveys else Grade.HALF)
    again = Folded(surveys=(building,))
    again.add(*rules.surveys_taken(again.disaster, again.application.number, "H1", (building, flat),
                                   again.application.judged))
    assert again.application.judged.grade is Grade.TOTAL


def test_an_issued_certificate_is_never_overwritten_but_listed_and_superseded():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    play.add(*issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True))
    first = play.application.standing
    play.survey(2, Grade.LARGE)
    assert play.application.standing == first and play.application.needs_reissue
    assert play.application.state is State.REDECIDED
    play.issue()
    old, new = play.application.certificates
    assert (old.standing, old.grade, old.reason) == (Standing.SUPERSEDED, Grade.HALF, "再調査")
    assert new.grade is Grade.LARGE and new.supersedes == old.number and new.reissued
    assert not play.application.needs_reissue


def test_a_resurvey_with_the_same_grade_leaves_the_certificate():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    play.add(*issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True))
    play.add(*rules.ask_resurvey(play.disaster, play.application, "壁の内側", DAY))
    assert play.application.state is State.RESURVEY
    play.survey(3, Grade.HALF)
    assert play.application.state is State.HANDED and len(play.application.certificates) == 1


def test_a_resurvey_is_asked_for_within_the_days_of_the_setup():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    play.add(*issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True))
    last = DAY + dt.timedelta(days=90)
    assert list(rules.ask_resurvey(play.disaster, play.application, "理由", last))
    refused("E-WINDOW", lambda: list(rules.ask_resurvey(play.disaster, play.application, "理由",
                                                        last + dt.timedelta(days=1))))


def test_a_void_number_stays_void_and_the_next_paper_has_the_next_number():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    first = play.application.standing.number
    play.add(*issuing.void(play.application, "s", first, "印刷の失敗", DAY))
    assert play.application.state is State.DECIDED and play.application.standing is None
    play.issue()
    assert play.application.standing.number != first
    assert [c.standing for c in play.application.certificates] == [Standing.VOID, Standing.VALID]


def test_what_was_handed_over_is_void_only_the_same_day():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    play.add(*issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True))
    number = play.application.standing.number
    assert list(issuing.void(play.application, "s", number, "誤り", DAY))
    refused("E-HANDED", lambda: list(issuing.void(play.application, "s", number, "誤り", DAY + dt.timedelta(days=1))))


def test_what_was_handed_over_and_made_void_is_issued_anew():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    play.add(*issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True))
    play.add(*issuing.void(play.application, "s", play.application.standing.number, "誤り", DAY))
    assert play.application.state is State.DECIDED
    play.issue()
    assert play.application.state is State.PREPARED and not play.application.standing.handed_on


def test_the_same_content_again_has_a_new_number_and_the_old_one_ends():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    play.add(*issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True))
    play.add(*issuing.same_again(play.disaster, play.application, play.number(), "c", DAY, "紛失"))
    old, new = play.application.certificates
    assert (old.standing, old.reason, new.grade, new.again) == (Standing.SUPERSEDED, "紛失", Grade.HALF, True)


def test_a_certificate_that_became_wrong_is_not_handed_over():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    play.survey(2, Grade.TOTAL)
    refused("E-STALE", lambda: list(issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=True)))


def test_nothing_is_handed_over_without_a_signature():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.issue()
    with pytest.raises(RuleError, match="署名"):
        list(issuing.hand_over(play.application, "s", DAY, Applicant.HEAD, signed=False))


# --- the guards of an application


def test_the_same_household_house_and_kind_is_received_once():
    earlier = Folded().application
    refused("E-DUP", lambda: apply_with(earlier=(earlier,)))
    assert apply_with(earlier=(earlier,), what=Kind.REPORT)
    assert apply_with(earlier=(earlier,), binding=replace(BINDING, house="H2"))
    gone = Folded()
    gone.add(*rules.withdraw(gone.application, "s", "本人の申出"))
    assert apply_with(earlier=(gone.application,))


def test_who_was_not_registered_there_needs_proof_and_a_second_operator():
    stranger = replace(HOME, registered=False)
    refused("E-RESIDENCE", lambda: apply_with(household=stranger))
    refused("E-RESIDENCE", lambda: apply_with(household=stranger, residence_proof="領収書"))
    assert apply_with(household=stranger, residence_proof="領収書", residence_confirmed_by="J02")


def test_a_grade_is_certified_of_a_dwelling_only():
    shed = replace(BINDING, use="物置")
    refused("E-DWELLING", lambda: apply_with(binding=shed))
    assert apply_with(binding=shed, what=Kind.REPORT)


def test_without_a_house_or_outside_the_window_nothing_is_received_but_words_are():
    refused("E-BINDING", lambda: apply_with(binding=ev.Binding()))
    late = dt.date(2027, 2, 21)
    refused("E-WINDOW", lambda: apply_with(on=late))
    assert apply_with(on=late, consultation=True) and apply_with(binding=ev.Binding(), consultation=True)


@pytest.mark.parametrize(("asked", "code"), [
    ({"self_rule": None, "photos": 3}, "E-PHOTO"), ({"self_rule": SelfRule.QUAKE, "photos": 0}, "E-PHOTO"),
    ({"self_rule": SelfRule.MINOR, "photos": 1}, "E-CONSENT"), ({"self_rule": SelfRule.FLOOD, "photos": 1}, "E-FLOOD")])
def test_self_assessment_asks_for_photographs_consent_and_depth(asked, code):
    refused(code, lambda: apply_with(method=Method.SELF, **asked))


@pytest.mark.parametrize(("asked", "grade"), [
    ({"self_rule": SelfRule.QUAKE}, Grade.TOTAL), ({"self_rule": SelfRule.MINOR, "consent": True}, Grade.PARTIAL),
    ({"self_rule": SelfRule.FLOOD, "flood_cm": 180}, Grade.TOTAL),
    ({"self_rule": SelfRule.FLOOD, "flood_cm": 179}, Grade.LARGE),
    ({"self_rule": SelfRule.FLOOD, "flood_cm": 50}, Grade.MEDIUM),
    ({"self_rule": SelfRule.FLOOD, "flood_cm": 1}, Grade.HALF),
    ({"self_rule": SelfRule.FLOOD, "flood_cm": 0}, Grade.PARTIAL)])
def test_self_assessment_is_accepted_by_a_person_with_the_grade_of_its_rule(asked, grade):
    play = Folded(method=Method.SELF, photos=2, **asked)
    assert play.application.state is State.SELF_REVIEW
    refused("E-PENDING", play.issue)
    play.add(*rules.accept_self(play.disaster, play.application, DAY))
    assert play.application.judged.grade is grade and play.application.state is State.DECIDED
    play.survey(1, Grade.LARGE if grade is not Grade.LARGE else Grade.HALF)        # a survey is above photographs
    assert play.application.judged.stage == 1


def test_self_assessment_that_shows_too_little_becomes_a_survey_with_a_date():
    play = Folded(method=Method.SELF, photos=1, self_rule=SelfRule.QUAKE)
    play.add(*rules.reject_self(play.disaster, play.application, "写真が暗い", DAY))
    assert play.application.state is State.WAITING and play.application.expected_on == "2026-12-08"


def test_a_house_bound_by_hand_waits_for_a_second_operator():
    play = Folded(binding=replace(BINDING, manual=True))
    play.survey(1, Grade.HALF)
    refused("E-BINDING", play.issue)
    play.add(*rules.confirm(play.application, "s", "J02"))
    play.issue()
    assert play.application.state is State.PREPARED


def test_a_report_is_issued_at_once_without_a_grade():
    play = Folded(what=Kind.REPORT, binding=replace(BINDING, use="物置"), damage_note="物置")
    play.survey(1, Grade.TOTAL)
    assert play.application.judged is None
    play.issue()
    assert play.application.standing.grade is None and play.application.state is State.PREPARED


def test_another_house_forgets_what_was_decided_of_the_first():
    play = Folded()
    play.survey(1, Grade.HALF)
    play.add(*rules.rebind(play.application, "s", replace(BINDING, house="H2", manual=True)))
    assert play.application.judged is None and play.application.state is State.WAITING
    void = Folded()
    void.survey(1, Grade.HALF)
    void.issue()
    void.add(*issuing.void(void.application, "s", void.application.standing.number, "誤り", DAY))
    void.add(*rules.rebind(void.application, "s", replace(BINDING, house="H2", manual=True)))
    assert void.application.judged is None and void.application.state is State.WAITING
    claims = play.recorded[-1].event.claims
    assert claims != play.recorded[-1].event.releases and claims[0].subject.endswith("/77/H2/grade")


# --- the table


@pytest.mark.parametrize("now", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_the_table_is_whole_and_what_is_not_in_it_is_refused(now, act):
    assert set(TRANSITIONS) == set(State)
    application = replace(Folded().application, state=now)
    if act in TRANSITIONS[now]:
        rules.must_be_possible(application, act)
        assert application.after(act) in State
    else:
        refused("E-STATE", lambda: rules.must_be_possible(application, act))
        assert application.after(act) is now


def test_every_state_can_be_reached_and_says_what_is_next():
    reached = {State.CONSULTED, State.APPLIED, State.SELF_REVIEW, State.WAITING}
    for _ in State:
        reached |= {after for now in reached for after in TRANSITIONS[now].values()}
    assert reached == set(State)
    assert all(rules.next_step(replace(Folded().application, state=one)).endswith("。") for one in State)


STEPS = st.lists(st.tuples(st.integers(0, 12), st.sampled_from(list(Grade)), st.integers(1, 3)), max_size=30)


def _step(play: Folded, what: int, grade: Grade, stage: int) -> None:
    a, d = play.application, play.disaster
    number = a.standing.number if a.standing else ""
    match what:
        case 0 | 1:
            play.survey(stage, grade, no=f"S{len(play.recorded)}")
        case 2:
            play.survey(stage, grade, decided=False, no=f"S{len(play.recorded)}")
        case 3 | 4:
            play.issue()
        case 5:
            play.add(*issuing.hand_over(a, d.scope, play.today, Applicant.HEAD, signed=True))
        case 6:
            play.add(*issuing.void(a, d.scope, number, "誤り", play.today))
        case 7:
            play.add(*issuing.same_again(d, a, play.number(), "c", play.today, "紛失"))
        case 8:
            play.add(*rules.ask_resurvey(d, a, "理由", play.today))
        case 9:
            play.add(*rules.drop_resurvey(a, d.scope, "理由"))
        case 10:
            play.add(*rules.withdraw(a, d.scope, "理由"))
        case 11:
            play.add(*rules.rebind(a, d.scope, replace(BINDING, house=f"H{stage}")))
        case 12:
            play.today += dt.timedelta(days=stage * 20)


@given(STEPS)
@settings(max_examples=150, deadline=None)
def test_whatever_is_done_one_certificate_is_valid_and_no_issued_one_changes(steps):
    play = Folded()
    issued: dict[str, ev.Issued] = {}
    for what, grade, stage in steps:
        before = play.application
        try:
            _step(play, what, grade, stage)
        except RuleError:
            assert play.application == before
        issued |= {r.event.number: r.event for r in play.recorded if isinstance(r.event, ev.Issued)}
        now = play.application
        valid = [c for c in now.certificates if c.standing is Standing.VALID]
        assert len(valid) <= 1 and {c.number for c in now.certificates} == set(issued)
        assert all(c.grade is issued[c.number].grade for c in now.certificates)
        assert (now.state is State.PREPARED) == bool(valid and not valid[0].handed_on)
        if now.state in (State.WITHDRAWN, State.REFUSED, State.APPLIED, State.WAITING, State.SURVEYED, State.DECIDED):
            assert not valid
        if now.state is State.HANDED:
            assert valid and not now.needs_reissue


@given(STEPS, st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_events_in_any_order_with_doubles_fold_into_one_state(steps, chance):
    play = Folded()
    for what, grade, stage in steps:
        try:
            _step(play, what, grade, stage)
        except RuleError:
            continue
    seen = [*play.recorded, *chance.sample(play.recorded, len(play.recorded) // 2)]
    chance.shuffle(seen)
    now = None
    for recorded in sorted({(r.hlc, r.station, r.seq): r for r in seen}.items()):
        if not isinstance(recorded[1].event, ev.Numbered | ev.NumberTaken):
            now = state.apply(now, recorded[1])
    assert now == play.application


# --- numbers


@given(st.integers(2000, 2999), st.from_regex(r"\A[A-Z0-9]{1,12}\Z"), st.integers(1, 99999))
def test_a_certificate_number_reads_back_and_one_wrong_digit_is_told(year, station, serial):
    number = certificate_no(year, station, serial)
    assert read_certificate_no(number) == (year, station, serial)
    assert len(number.replace("-", "")) != 12 or not number.replace("-", "").isdigit()
    body, digit = number[:-1], int(number[-1])
    assert read_certificate_no(f"{body}{(digit + 1) % 10}") is None


@given(st.text(max_size=30))
def test_anything_else_is_no_certificate_number(text):
    found = read_certificate_no(text)
    assert found is None or certificate_no(*found) == text.strip().upper()


def test_the_year_of_a_number_is_a_fiscal_or_a_calendar_year():
    from sanjo_tui.receptions.certificate.disaster import YearOf

    assert disaster().year(dt.date(2027, 3, 31)) == 2026 and disaster().year(dt.date(2027, 4, 1)) == 2027
    assert disaster(year_of=YearOf.CALENDAR).year(dt.date(2027, 3, 31)) == 2027
