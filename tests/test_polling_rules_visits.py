"""Papers cast, abstained from, exchanged, returned and taken back: T3 to T8 (docs/polling.md §3)."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.words import (
    Code,
    PaperKind,
    Spoiling,
    State,
)
from sanjo_tui.register.roll.elector import MovedScope, RollStatus
from tests.polling_ground import (
    ALL,
    COUNCIL,
    DAY,
    EARLY,
    EARLY2,
    EARLY_DAY,
    ELECTION,
    FIRST_DAY,
    GOVERNOR,
    JUDGES,
    PARTY,
    Ground,
    at,
    choice,
    elector,
    refused,
    states,
)

TODAY = at()


@pytest.fixture
def ground() -> Ground:
    return Ground()


def test_t3_papers_are_cast_together_or_one_by_one(ground):
    ground.receive(elector(), at(DAY))
    ground.record(rules.cast(ground.voters["100"], ELECTION, at(DAY), (JUDGES,)), at(DAY))
    assert states(ground.voters["100"])[JUDGES] is State.CAST
    ground.record(rules.cast(ground.voters["100"], ELECTION, at(DAY)), at(DAY))
    assert set(states(ground.voters["100"]).values()) == {State.CAST}
    refused(Code.NOPAPER, rules.cast, ground.voters["100"], ELECTION, at(DAY))
    refused(Code.NOPAPER, rules.cast, None, ELECTION, at(DAY))


def test_t3_a_paper_that_was_taken_away_is_not_in_the_box_at_closing(ground):
    ground.receive(elector(), TODAY)
    ground.record(rules.take_away(ground.voters["100"], ELECTION, TODAY, PARTY, "走って出た"), TODAY)
    ground.record(rules.cast(ground.voters["100"], ELECTION, TODAY, at_closing=True), TODAY)
    assert states(ground.voters["100"]) == {**dict.fromkeys(ALL, State.CAST), PARTY: State.ISSUED}


def test_t4_abstention_is_said_and_t5_whoever_comes_again_may_vote(ground):
    ground.record(rules.abstain(elector(), None, ELECTION, TODAY, (JUDGES,)), TODAY)
    assert states(ground.voters["100"])[JUDGES] is State.ABSTAINED
    later = at(EARLY, EARLY_DAY + dt.timedelta(days=1))
    look = ground.examine(elector(), later)
    assert [slip.contest.code for slip in look.papers] == list(ALL)
    events = rules.receive(elector(), ground.voters["100"], ELECTION, later, choice(), "n")
    assert [type(e) for e in events] == [ev.CameAgain, ev.Received] and events[0].contests == (JUDGES,)
    assert states(ground.record(events, later)) == dict.fromkeys(ALL, State.ISSUED)


def test_t5_who_abstains_again_does_not_come_again(ground):
    ground.receive(elector(), TODAY, choice(abstain=(JUDGES, COUNCIL)))
    events = rules.receive(elector(), ground.voters["100"], ELECTION, TODAY, choice(abstain=(JUDGES,)), "n")
    assert events[0].contests == (COUNCIL,)
    assert states(ground.record(events, TODAY))[JUDGES] is State.ABSTAINED


def test_t4_nobody_abstains_from_a_paper_that_is_out_or_from_what_is_not_open(ground):
    ground.receive(elector(), at(EARLY, FIRST_DAY))
    voter = ground.voters["100"]
    refused(Code.VOTED, rules.abstain, elector(), voter, ELECTION, at(EARLY, FIRST_DAY), (GOVERNOR,))
    refused(Code.WINDOW, rules.abstain, elector(), voter, ELECTION, at(EARLY, FIRST_DAY), (JUDGES,))
    refused(Code.INCOMPLETE, rules.abstain, elector(), voter, ELECTION, TODAY, ())
    refused(Code.NOT_OPEN, rules.abstain, elector(), None, ELECTION, at(station_open=False), (JUDGES,))
    ground.record(rules.abstain(elector(), voter, ELECTION, TODAY, (JUDGES,)), TODAY)
    refused(Code.INCOMPLETE, rules.abstain, elector(), ground.voters["100"], ELECTION, TODAY, (JUDGES,))


# --- T6 to T8


def test_t6_an_exchange_wants_the_spoiled_paper_in_hand(ground):
    voter = ground.receive(elector(), TODAY)
    refused(Code.NOPAPER, rules.exchange, voter, ELECTION, TODAY, PARTY, Spoiling.MISWRITTEN, in_hand=False)
    voter = ground.record(rules.exchange(voter, ELECTION, TODAY, PARTY, Spoiling.MISWRITTEN, PaperKind.BRAILLE,
                                         in_hand=True), TODAY)
    ballot = voter.ballot(PARTY)
    assert (ballot.spoiled, len(ballot.papers), ballot.papers[0].paper) == ((PaperKind.PLAIN,), 1, PaperKind.BRAILLE)
    assert ballot.state is State.ISSUED and len(ground.claims) == 6


@pytest.mark.parametrize("here", [at(EARLY2), at(EARLY, EARLY_DAY + dt.timedelta(days=1))])
def test_t6_only_where_and_on_the_day_it_was_handed_out(ground, here):
    voter = ground.receive(elector(), TODAY)
    refused(Code.NOPAPER, rules.exchange, voter, ELECTION, here, PARTY, Spoiling.SOILED, in_hand=True)


def test_t6_never_without_a_paper_or_after_it_is_in_the_box(ground):
    refused(Code.NOPAPER, rules.exchange, None, ELECTION, TODAY, PARTY, Spoiling.SOILED, in_hand=True)
    voter = ground.record(rules.cast(ground.receive(elector(), TODAY), ELECTION, TODAY), TODAY)
    error = refused(Code.VOTED, rules.exchange, voter, ELECTION, TODAY, PARTY, Spoiling.SOILED, in_hand=True)
    assert "事故の記録" in error.hint


def test_t7_a_returned_paper_lets_the_voter_vote_again(ground):
    voter = ground.receive(elector(), TODAY)
    voter = ground.record(rules.give_back(voter, ELECTION, TODAY, PARTY, in_hand=True), TODAY)
    assert voter.ballot(PARTY).state is State.RETURNED and voter.ballot(PARTY).returned == (PaperKind.PLAIN,)
    look = ground.examine(elector(), at(DAY))
    assert [slip.contest.code for slip in look.papers] == [PARTY] and look.verdict.code == Code.PARTIAL
    assert states(ground.receive(elector(), at(DAY)))[PARTY] is State.ISSUED


def test_t7_a_paper_that_left_is_written_down_and_nothing_follows_from_it(ground):
    voter = ground.receive(elector(), TODAY)
    refused(Code.TAKEAWAY, rules.give_back, voter, ELECTION, TODAY, PARTY, in_hand=False)
    voter = ground.record(rules.take_away(voter, ELECTION, TODAY, PARTY, " 持って帰った "), TODAY)
    assert voter.ballot(PARTY).taken_away and ground.recorded[-1].event.remark == "持って帰った"
    refused(Code.TAKEAWAY, rules.take_away, voter, ELECTION, TODAY, PARTY, "")
    assert ground.examine(elector(), TODAY).stop.code is Code.VOTED
    back = at(EARLY, EARLY_DAY + dt.timedelta(days=1))
    voter = ground.record(rules.give_back(voter, ELECTION, back, PARTY, in_hand=True), back)
    assert voter.ballot(PARTY).state is State.RETURNED


def take_back(ground, here=TODAY, **more):
    base = {"reception": "A1B2C3-1", "reason": "人違い", "verifier": "c2", "operator": "op", "in_hand": True,
            "opened_ms": int(at(EARLY, hour=8).now.timestamp() * 1000)}
    return rules.take_back(ground.voters.get("100"), ELECTION, here, **{**base, **more})


def test_t8_a_reception_of_the_wrong_person_is_taken_back_whole(ground):
    voter = ground.receive(elector(), TODAY, choice(abstain=(JUDGES,), braille=(PARTY,)))
    events = take_back(ground, reception=voter.visits[0].reception_no)
    voter = ground.record(events, TODAY)
    assert states(voter) == dict.fromkeys(ALL, State.NOT_YET) and not voter.visits
    assert [p.paper for p in events[0].papers].count(PaperKind.BRAILLE) == 1
    assert len(ground.claims) == 1, "only the 受付番号 is used up"
    assert states(ground.receive(elector(), TODAY)) == dict.fromkeys(ALL, State.ISSUED)


@pytest.mark.parametrize("wrong,code", [
    ({"reason": " "}, Code.INCOMPLETE), ({"verifier": ""}, Code.INCOMPLETE), ({"verifier": "w1"}, Code.INCOMPLETE),
    ({"operator": "c2"}, Code.INCOMPLETE), ({"operator": "交付 二郎"}, Code.INCOMPLETE),
    ({"in_hand": False}, Code.NOPAPER),
    ({"reception": "A1B2C3-9"}, Code.INCOMPLETE), ({"here": at(EARLY2)}, Code.INCOMPLETE),
    ({"opened_ms": int(at(hour=11).now.timestamp() * 1000)}, Code.INCOMPLETE),
    ({"here": at(station_open=False)}, Code.NOT_OPEN)])
def test_t8_wants_the_same_opening_all_papers_a_second_operator_and_a_reason(ground, wrong, code):
    ground.receive(elector(), TODAY)
    refused(code, take_back, ground, **wrong)


def test_t8_leaves_what_was_said_at_another_moment(ground):
    who = elector(roll_status=RollStatus.MOVED, moved_scope=MovedScope.SAME_PREFECTURE, moved_on=dt.date(2025, 12, 1))
    ground.receive(who, TODAY, choice(denied=(Code.MOVED,), abstain=(JUDGES,)))
    later = at(EARLY, hour=11)
    ground.record(rules.abstain(who, ground.voters["100"], ELECTION, later, (GOVERNOR,)), later)
    voter = ground.record(take_back(ground, later), later)
    assert states(voter) == {**dict.fromkeys(ALL, State.NOT_YET), GOVERNOR: State.ABSTAINED}


@pytest.mark.parametrize("what", ["cast", "exchanged", "returned", "nothing"])
def test_t8_never_once_a_paper_is_in_the_box_or_changed(ground, what):
    if what == "nothing":
        refused(Code.INCOMPLETE, take_back, ground)
        return
    voter = ground.receive(elector(), TODAY)
    ground.record({"cast": lambda: rules.cast(voter, ELECTION, TODAY, (PARTY,)),
                   "exchanged": lambda: rules.exchange(voter, ELECTION, TODAY, PARTY, Spoiling.SOILED, in_hand=True),
                   "returned": lambda: rules.give_back(voter, ELECTION, TODAY, PARTY, in_hand=True)}[what](), TODAY)
    assert "事故の記録" in refused(Code.VOTED, take_back, ground).hint
