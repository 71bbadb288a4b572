"""What the 投票管理者 decides: T10 to T12 and 事故 (docs/polling.md §3)."""

from __future__ import annotations

import pytest

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.words import (
    Code,
    IdMethod,
    Objector,
    PaperKind,
    State,
    Via,
)
from sanjo_tui.register.roll.elector import Absentee
from tests.polling_ground import (
    ALL,
    COUNCIL,
    DAY,
    DAY2,
    ELECTION,
    GOVERNOR,
    JUDGES,
    PARTY,
    SINGLE,
    Ground,
    at,
    choice,
    elector,
    marked,
    refused,
    states,
)

TODAY = at()
DECIDED = {"ground": "本人と確認できない", "opinion": "異議なし", "decided_by": "p1"}


@pytest.fixture
def ground() -> Ground:
    return Ground()


def test_t10_returned_absentee_papers_let_the_voter_vote(ground):
    who = marked(elector(), **{code: {"absentee": Absentee.ISSUED} for code in (SINGLE, PARTY)})
    ground.record(rules.absentee_returned(who, None, ELECTION, TODAY, (SINGLE,), "c1", operator="op"), TODAY)
    assert [slip.contest.code for slip in ground.examine(who, TODAY).papers] == [SINGLE, JUDGES, GOVERNOR, COUNCIL]
    refused(Code.ABSENTEE, rules.absentee_returned, who, ground.voters["100"], ELECTION, TODAY, (SINGLE,), "c1",
            operator="op")


@pytest.mark.parametrize("wrong,code", [
    ({"contests": (COUNCIL,)}, Code.ABSENTEE), ({"in_hand": False}, Code.ABSENTEE), ({"contests": ()}, Code.INCOMPLETE),
    ({"verifier": "op"}, Code.INCOMPLETE), ({"operator": "c1"}, Code.INCOMPLETE)])
def test_t10_only_papers_that_are_out_and_in_hand_before_two_people(wrong, code):
    who = marked(elector(), shosenkyoku={"absentee": Absentee.ISSUED}, shigi={"absentee": Absentee.ACCEPTED})
    base = {"contests": (SINGLE,), "verifier": "c1", "operator": "op"}
    refused(code, rules.absentee_returned, who, None, ELECTION, TODAY, **{**base, **wrong})


def refuse(ground, contests=ALL, /, who=None, **more):
    base = {**DECIDED, "contests": contests}
    return ground.record(rules.refuse(who or elector(), ELECTION, TODAY, **{**base, **more}), TODAY)


def provisional(ground, contests=(PARTY,), /, who=None, **more):
    who = who or elector()
    base = {**DECIDED, "objected_by": Objector.VOTER}
    return ground.record(rules.provisional(who, ground.voters.get(who.addressee_no), ELECTION, TODAY, contests,
                                           ground.number(), **{**base, **more}), TODAY)


@pytest.mark.parametrize("wrong", [{"decided_by": ""}, {"decided_by": "c1"}, {"decided_by": "w1"}, {"ground": ""},
                                   {"opinion": " "}, {"contests": ()}, {"contests": ("x",)}])
def test_t11_only_who_presides_refuses_after_hearing_the_witnesses(ground, wrong):
    refused(Code.INCOMPLETE, refuse, ground, **wrong)


def test_t11_a_refused_voter_who_objects_votes_provisionally_once_a_contest(ground):
    refused(Code.INCOMPLETE, provisional, ground)
    refuse(ground)
    voter = provisional(ground)
    assert len(voter.ballot(PARTY).provisional) == 1 and voter.ballot(PARTY).state is State.NOT_YET
    refused(Code.VOTED, provisional, ground)
    provisional(ground, (SINGLE,), braille=(SINGLE,))
    assert ground.voters["100"].ballot(SINGLE).provisional[0].paper is PaperKind.BRAILLE


def test_t11_on_the_objection_of_a_witness_no_refusal_is_needed(ground):
    assert provisional(ground, objected_by="立会人").ballot(PARTY).provisional


@pytest.mark.parametrize("wrong", [{"objected_by": "だれか"}, {"ground": ""}, {"opinion": ""}, {"decided_by": "c2"}])
def test_t11_wants_ground_opinion_objection_and_who_presides(ground, wrong):
    refuse(ground)
    refused(Code.INCOMPLETE, provisional, ground, **wrong)


def test_t11_is_the_only_way_after_voted_and_stands_beside_it(ground):
    ground.receive(elector(), TODAY)
    ground.record(rules.cast(ground.voters["100"], ELECTION, TODAY), TODAY)
    refuse(ground)
    voter = provisional(ground, ALL)
    assert states(voter) == dict.fromkeys(ALL, State.CAST) and not voter.doubled
    refused(Code.VOTED, provisional, ground, (SINGLE,), objected_by="立会人")


def test_t11_after_a_provisional_vote_no_ordinary_paper_goes_out(ground):
    refuse(ground)
    provisional(ground, ALL)
    stop = ground.examine(elector(), TODAY).stop
    assert (stop.code, stop.heading) == (Code.VOTED, "投票済みです") and "(仮投票)" in stop.facts[0]
    refused(Code.VOTED, ground.receive, elector(), TODAY)


def test_a_refused_voter_gets_a_paper_only_when_the_presiding_officer_says_so(ground):
    refuse(ground)
    look = ground.examine(elector(), TODAY)
    assert look.confirm == (Code.REFUSED,) and look.verdict.weight is Weight.CAUTION
    refused(Code.INCOMPLETE, ground.receive, elector(), TODAY, choice(confirmed=(Code.REFUSED,)))
    ground.receive(elector(), TODAY, choice(decided_by="d1"))
    assert ground.recorded[-1].event.confirmed == ("E-REFUSED",) and ground.recorded[-1].event.decided_by


def enroll(ground, **more):
    base = {"basis": "判決書", "name": "架空　花子", "birth": "H20.2.8", "contests": (SINGLE, PARTY),
            "decided_by": "p1", "verifier": "c1", "operator": "op", "here": at(DAY), "ward_code": "02"}
    values = {**base, **more}
    here = values.pop("here")
    return ground.record(rules.enroll("A1B2C3-H1", ELECTION, here, **values), here)


def test_t12_somebody_outside_the_roll_votes_in_what_the_document_names(ground):
    voter = enroll(ground)
    who = rules.elector_of(voter.enrolled)
    assert (who.addressee_no, who.birth.sort_key, who.ward_code) == ("A1B2C3-H1", "2008-02-08", "02")
    look = ground.examine(who, at(DAY))
    assert [slip.contest.code for slip in look.papers] == [SINGLE, PARTY]
    ground.receive(who, at(DAY))
    assert ground.examine(who, at(DAY)).stop.code is Code.VOTED


@pytest.mark.parametrize("wrong", [
    {"decided_by": "c1"}, {"verifier": "w1"}, {"verifier": "p1"}, {"operator": "c1"}, {"basis": ""}, {"name": " "},
    {"birth": "平成20年頃"}, {"contests": ()}])
def test_t12_wants_document_decision_and_second_operator(ground, wrong):
    refused(Code.INCOMPLETE, enroll, ground, **wrong)


@pytest.mark.parametrize("ward", ["03", ""])
def test_t12_only_for_a_ward_of_this_place_and_while_it_is_open(ground, ward):
    refused(Code.WARD, enroll, ground, ward_code=ward)
    refused(Code.NOT_OPEN, enroll, ground, ward_code=ward, here=at(DAY, station_open=False))


def test_t12_takes_the_ward_of_a_place_that_has_only_one(ground):
    assert enroll(ground, here=at(DAY2), ward_code="").enrolled.ward_code == "03"


def test_an_incident_is_written_down_in_any_state(ground):
    ground.record(rules.incident("100", ELECTION, at(station_open=False), "二重交付", "本文", contests=(PARTY,)), TODAY)
    assert ground.voters["100"].incidents == 1
    refused(Code.INCOMPLETE, rules.incident, "100", ELECTION, TODAY, "", "本文")
    refused(Code.INCOMPLETE, rules.incident, "100", ELECTION, TODAY, "二重交付", "")


def test_only_who_presides_lets_a_voter_declare_who_he_is_and_stands_in_the_record(ground):
    declared = {"id_method": IdMethod.DECLARED, "via": Via.SEARCH}
    for decided_by in ("", "c1", "w1"):
        refused(Code.INCOMPLETE, ground.receive, elector(), TODAY, choice(decided_by=decided_by, **declared))
    ground.receive(elector(), TODAY, choice(decided_by="p1", **declared))
    assert ground.recorded[-1].event.decided_by == "p1"
    ground.receive(elector("101"), TODAY, choice(decided_by="p1"))
    assert ground.recorded[-1].event.decided_by == ""               # nothing was decided there
