"""Two papers of one contest after a merge: found in any order, never resolved."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.doubles import Double, DoubleRow, doubles
from sanjo_tui.receptions.polling.state import Voter, apply_voter
from sanjo_tui.receptions.polling.tally import Totals
from sanjo_tui.receptions.polling.words import Act
from sanjo_tui.register.roll.elector import Absentee, Elector, RollMark
from tests.polling_day import DAY, EVE, HALL, PLAIN, SCHOOL, Place, at, election, elector


def merged(*journals: Place) -> dict[str, Voter]:
    """As the journal does it: the events of each voter in the order of their clocks."""
    voters: dict[str, Voter] = {}
    events: list[Recorded] = [r for journal in journals for r in journal.events]
    for recorded in sorted(events, key=lambda r: (r.hlc, r.station, r.seq)):
        after = apply_voter(voters.get(recorded.event.subject), recorded)
        assert after
        voters[recorded.event.subject] = after
    return voters


def test_the_same_voter_at_two_places_gives_a_row_with_both_papers() -> None:
    first, second = Place("A", EVE), Place("B", EVE)
    first.receive("7", "SHO", "HIREI", place=HALL)
    second.later(95)
    second.receive("7", "SHO", place="E2")
    second.receive("8", "SHO", place="E2")
    rows = doubles(merged(second, first).values(), election())
    assert [(row.voter, row.contest, row.kind) for row in rows] == [("7", "SHO", Double.TWO_PAPERS)]
    assert [(i.place, i.number, i.operator) for i in rows[0].issues] == [(HALL, "A-1", "op"), ("E2", "B-1", "op")]
    assert rows[0].stations == ("A", "B")
    totals = Totals.of(merged(first, second).values())
    assert totals.voters("SHO").total == 2 and totals.doubled("SHO") == 1
    assert totals.out(HALL, "SHO", PLAIN) + totals.out("E2", "SHO", PLAIN) == 3


def test_a_double_of_which_one_paper_came_back_is_none_any_more() -> None:
    first, second = Place("A", EVE), Place("B", EVE)
    number = first.receive("7", "SHO", place=HALL).number
    second.later(5)
    second.receive("7", "SHO", place="E2")
    first.later(30)
    first.record(ev.PaperReturned(subject="7", scope="S2026", place=HALL, contest="SHO", paper=PLAIN, issued_by=number))
    voters = merged(first, second)
    assert doubles(voters.values(), election()) == ()
    assert [p.place for p in voters["7"].ballot("SHO").papers] == ["E2"]


def test_two_provisional_votes_are_a_double_one_beside_an_ordinary_paper_is_not() -> None:
    first, second = Place("A"), Place("B")
    for here in (first, second):
        here.record(ev.ProvisionalVote(subject="7", scope="S2026", place=SCHOOL, reception_no=f"{here.station}-9",
                                       papers=(ev.Handed(contest="SHO", act=Act.ISSUE),), ground="g", opinion="o",
                                       objected_by="選挙人", decided_by="P"))
    first.receive("7", "SHO")
    assert doubles(first.voters.values(), election()) == ()
    assert [r.kind for r in doubles(merged(first, second).values(), election())] == [Double.TWO_PROVISIONAL]


def _on_roll(voters: dict[str, Voter], *marks: RollMark) -> tuple[DoubleRow, ...]:
    return doubles(voters.values(), election(), lambda key: elector(key, marks=marks))


def test_gamagori_2025_a_paper_beside_the_early_vote_of_the_roll_is_listed() -> None:
    here = Place(day=DAY)
    here.receive("7", "SHO")
    early = RollMark(contest="SHO", early_date=EVE, early_site=HALL)
    row, = _on_roll(here.voters, early)
    assert (row.kind, row.early_day, row.early_site) == (Double.EARLY_ON_ROLL, "2026-02-07", HALL)
    row, = _on_roll(here.voters, RollMark(contest="SHO", absentee=Absentee.ACCEPTED))
    assert row.kind is Double.ABSENTEE_ON_ROLL
    assert _on_roll(here.voters, RollMark(contest="HIREI", early_date=EVE)) == ()
    assert doubles(here.voters.values(), election(), lambda _: None) == ()


def test_a_later_roll_that_repeats_what_was_voted_here_is_no_double() -> None:
    here = Place(day=EVE)
    here.now = at(EVE, "19:59")
    here.receive("7", "SHO", place=HALL)
    for site in (HALL, "三条庁舎", ""):
        assert _on_roll(here.voters, RollMark(contest="SHO", early_date=EVE, early_site=site)) == ()
    assert _on_roll(here.voters, RollMark(contest="SHO", early_date=EVE, early_site="E2"))
    assert _on_roll(here.voters, RollMark(contest="SHO", early_date=DAY, early_site=HALL))


@given(st.lists(st.tuples(st.sampled_from("123456"), st.sampled_from(["SHO", "HIREI"]), st.integers(0, 2),
                          st.integers(0, 500)), max_size=25), st.randoms(use_true_random=False))
def test_the_order_in_which_journals_arrive_changes_nothing(visits: list[tuple[str, str, int, int]],
                                                            chance: random.Random) -> None:
    sites = [(Place("A", EVE), HALL), (Place("B", EVE), "E2"), (Place("C", DAY), SCHOOL)]
    given_out: dict[tuple[str, str], int] = {}
    for key, code, site, minutes in visits:
        here, place = sites[site]
        here.later(minutes)
        here.receive(key, code, place=place)
        given_out[key, code] = given_out.get((key, code), 0) + 1
    journals = [here for here, _ in sites]
    whole = merged(*journals)
    chance.shuffle(journals)
    again = merged(*journals, *journals[:0])
    shuffled = list(again.values())
    chance.shuffle(shuffled)
    assert doubles(whole.values(), election(), _nobody) == doubles(shuffled, election(), _nobody)
    assert {(r.voter, r.contest): len(r.issues) for r in doubles(shuffled, election())} == {
        pair: papers for pair, papers in given_out.items() if papers > 1}
    assert Totals.of(whole.values()) == Totals.of(shuffled)


def _nobody(_: str) -> Elector | None:
    return None
