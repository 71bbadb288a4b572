"""What holds for every elector, every record and every desk, whatever is asked (docs/polling.md §3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.state import Ballot, Issue, Voter
from sanjo_tui.receptions.polling.stops import CLOSED, PRIORITY
from sanjo_tui.receptions.polling.words import (
    Act,
    Code,
    Feature,
    IdMethod,
    Mode,
    PaperKind,
    State,
    Via,
)
from sanjo_tui.register.roll.elector import Absentee, MovedScope, RollMark, RollStatus
from tests.polling_ground import (
    ALL,
    DAY,
    DAY2,
    EARLY,
    EARLY_DAY,
    ELECTION,
    FIRST_DAY,
    POLLING_DAY,
    Ground,
    at,
    choice,
    elector,
)

ISSUE = Issue(number="A1B2C3-1", at_ms=int(at().now.timestamp() * 1000), place="E01", mode=Mode.EARLY,
              paper=PaperKind.PLAIN, operator="op", reception_no="A1B2C3-0001-9")
STATUS = st.sampled_from((*[RollStatus.VALID] * 6, *RollStatus))
DAYS = st.sampled_from((FIRST_DAY, dt.date(2026, 1, 29), EARLY_DAY, POLLING_DAY - dt.timedelta(days=1)))
HERE = st.one_of(DAYS.map(lambda day: at(EARLY, day)), st.sampled_from((at(DAY), at(DAY2))))


@st.composite
def electors(draw):
    marks = tuple(RollMark(contest=code, absentee=draw(st.sampled_from(Absentee)),
                           early_date=draw(st.sampled_from((None, None, dt.date(2026, 2, 2)))), early_site="E02")
                  for code in draw(st.sets(st.sampled_from(ALL))))
    born = draw(st.sampled_from(("19500101", "19740305", "20080204", "20080209", "20080210", "20081231", "不詳",
                                 "2008年")))
    return elector(born=born, ward=draw(st.sampled_from(("01", "02", "03"))), roll_status=draw(STATUS), marks=marks,
                   moved_scope=draw(st.sampled_from(MovedScope)), protected=draw(st.booleans()),
                   moved_on=draw(st.none() | st.dates(dt.date(2025, 8, 1), dt.date(2026, 2, 1))))


@st.composite
def voters(draw):
    ballots = {}
    for code in draw(st.sets(st.sampled_from(ALL))):
        papers = (ISSUE,) * draw(st.sampled_from((0, 0, 1, 2)))
        state = draw(st.sampled_from((State.ISSUED, State.CAST) if papers else (
            State.NOT_YET, State.ABSTAINED, State.RETURNED)))
        ballots[code] = Ballot(contest=code, state=state, papers=papers, refused=draw(st.integers(0, 1)),
                               provisional=(ISSUE,) * draw(st.sampled_from((0, 0, 0, 1))),
                               absentee_returned=draw(st.booleans()), taken_away=bool(papers) and draw(st.booleans()))
    return draw(st.sampled_from((None, Voter(key="100", ballots=ballots))))


def answered(here, look, **more):
    """A clerk who asks and confirms everything."""
    return choice(here, confirmed=tuple(look.confirm), features=tuple(Feature), decided_by="p1", **more)


@given(electors(), voters(), HERE, st.integers(0, 2))
def test_examine_says_exactly_what_receive_does(who, voter, here, namesakes):
    look = rules.examine(who, voter, ELECTION, here, namesakes=namesakes)
    assert [slip.contest.code for slip in look.slips] == list(ALL)
    assert (look.stop is None) is bool(look.papers) is (look.verdict.weight is not Weight.STOP)
    assert look.papers == tuple(slip for slip in look.slips if slip.act is Act.ISSUE)
    chosen = answered(here, look, via=Via.SEARCH)
    try:
        events = rules.receive(who, voter, ELECTION, here, chosen, "n", namesakes=namesakes)
    except rules.Refusal as refusal:
        assert look.stop and refusal.code is look.stop.code
        return
    received = events[-1]
    assert [h.contest for h in received.issued] == list(look.verdict.preselected)
    assert [(h.contest, h.act) for h in received.handed] == [(s.contest.code, s.act) for s in look.slips]
    ballots = voter.ballots if voter else {}
    assert not any(ballots[h.contest].papers for h in received.issued if h.contest in ballots)
    Ground().record(events, here)


@given(electors(), voters(), HERE)
def test_no_paper_goes_out_beside_a_vote_that_anybody_knows_of(who, voter, here):
    look = rules.examine(who, voter, ELECTION, here)
    for slip, state in zip(look.slips, look.standings, strict=True):
        mark = who.mark(slip.contest.code)
        known = (voter is not None and bool(voter.ballot(slip.contest.code).papers)) or (
            mark is not None and (mark.early_date is not None or mark.absentee is Absentee.ACCEPTED))
        assert known <= state.done and state.done <= (slip.act is not Act.ISSUE)


@given(electors(), voters(), HERE, st.sampled_from(Via), st.sampled_from(IdMethod))
def test_what_somebody_holds_in_the_hand_changes_no_paper(who, voter, here, via, method):
    plain = rules.examine(who, voter, ELECTION, here, via=Via.SEARCH)
    look = rules.examine(who, voter, ELECTION, here, via=via)
    assert (look.papers, look.stop, look.verdict) == (plain.papers, plain.stop, plain.verdict)
    if look.stop:
        try:
            rules.receive(who, voter, ELECTION, here, answered(here, look, via=via, id_method=method), "n")
        except rules.Refusal as refusal:
            assert refusal.code is look.stop.code
        else:
            raise AssertionError("a card or ticket led past a stop")


@given(electors(), voters(), HERE)
def test_a_stop_is_the_heaviest_and_a_closed_record_says_nothing(who, voter, here):
    look = rules.examine(who, voter, ELECTION, here, namesakes=1)
    assert not look.confirm or list(look.confirm) == sorted(look.confirm, key=PRIORITY.index)
    if who.roll_status not in (RollStatus.VALID, RollStatus.MOVED):
        assert look.stop.code in CLOSED and not look.stop.facts and not look.verdict.notes
        assert {slip.ground for slip in look.slips} == {"投票管理者へ"}
        assert rules.examine(replace(who, roll_status=RollStatus.DEAD), voter, ELECTION, here).stop.heading == (
            look.stop.heading)
    if look.stop and look.stop.code is Code.VOTED:
        assert {slip.code for slip in look.slips} <= {Code.VOTED, Code.NOT_ENTITLED, Code.WINDOW}
        assert Code.VOTED in {slip.code for slip in look.slips} and look.stop.facts


@given(electors(), voters(), HERE)
def test_nothing_said_names_the_voter_or_where_they_live(who, voter, here):
    look = rules.examine(who, voter, ELECTION, here, namesakes=1)
    stop = look.stop
    said = [look.verdict.message, *look.verdict.notes, *(f"{s.note} {s.ground}" for s in look.slips),
            *((stop.heading, *stop.facts, stop.next) if stop else ())]
    assert not any(word in text for text in said for word in ("架空", "カクウ", "旭町1-2"))
    assert not any(symbol in text for text in said for symbol in "○●→※①…―─")
