"""Published mistakes of polling places, 2014 to 2026, that a rule answers: each would stop or be impossible here.

Those that were faults of display are driven through the screen in tests/screens; papers and loading have their own.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.words import Act, Code, Feature, IdMethod, Spoiling, State, Via
from sanjo_tui.register.roll.elector import MovedScope, RollStatus
from tests.polling_ground import (
    ALL,
    COUNCIL,
    DAY,
    EARLY,
    EARLY2,
    ELECTION,
    GOVERNOR,
    JUDGES,
    PARTY,
    SINGLE,
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


def test_蒲郡_2025_an_early_voter_who_comes_back_with_a_ticket_is_stopped_like_a_closed_record(ground):
    ground.receive(elector(), TODAY, choice(via=Via.SEARCH, id_method=IdMethod.SPOKEN, features=(Feature.BIRTH,)))
    voted = ground.examine(elector(), at(DAY), via=Via.TICKET)
    dead = ground.examine(elector("200", roll_status=RollStatus.DEAD), at(DAY), via=Via.TICKET)
    assert voted.verdict.weight is dead.verdict.weight is Weight.STOP
    assert voted.stop.heading == "投票済みです" and not voted.papers
    refused(Code.VOTED, ground.receive, elector(), at(DAY),
            choice(at(DAY), via=Via.TICKET, id_method=IdMethod.TICKET))


def test_焼津_2021_having_a_ticket_does_not_mean_not_having_voted(ground):
    ground.receive(elector(), TODAY, choice(via=Via.CARD))
    looks = [ground.examine(elector(), at(DAY), via=via) for via in Via]
    assert {look.verdict.message for look in looks} == {"投票済みです"}
    assert len({look.stop for look in looks}) == 1


def test_御坊_2025_one_verdict_even_where_much_is_wrong_at_once(ground):
    mover = elector(roll_status=RollStatus.MOVED, moved_scope=MovedScope.SAME_PREFECTURE, ward="03",
                    moved_on=dt.date(2025, 12, 1))
    for who in (mover, replace(mover, ward_code="01")):
        ground = Ground()
        ground.receive(who, TODAY, choice(confirmed=(Code.MOVED,)))
        look = ground.examine(who, at(DAY), namesakes=2)
        assert look.verdict.code == Code.VOTED and not look.confirm
        assert look.verdict.message == look.stop.heading == "投票済みです"


def test_岡山東区_2024_all_voted_five_days_ago_at_another_place_needs_no_training_to_read(ground):
    ground.receive(elector(), at(EARLY, dt.date(2026, 2, 1)))
    ground.record(rules.cast(ground.voters["100"], ELECTION, at(EARLY, dt.date(2026, 2, 1))), TODAY)
    stop = ground.examine(elector(), at(EARLY2, dt.date(2026, 2, 6))).stop
    assert stop.heading == "投票済みです"
    assert stop.facts[0].startswith("2月1日(日) 10:12 三条庁舎 ")
    assert stop.facts[0].endswith("小選挙区、比例代表、国民審査、知事、市議 (投票済み)")
    assert stop.next.startswith("用紙を渡さないでください。")


def test_淡路_2025_who_came_for_one_contest_is_given_no_other_paper(ground):
    voter = ground.receive(elector(), TODAY, choice(abstain=(SINGLE, PARTY, JUDGES, GOVERNOR)))
    assert [h.contest for h in ground.recorded[0].event.issued] == [COUNCIL]
    assert states(voter) == {**dict.fromkeys(ALL, State.ABSTAINED), COUNCIL: State.ISSUED}
    refused(Code.NOPAPER, rules.cast, voter, ELECTION, TODAY, (SINGLE,))


@pytest.mark.parametrize("place", ["笠岡", "平川"])
def test_笠岡_平川_2026_who_comes_for_the_review_alone_gets_that_paper_alone(ground, place):
    early = at(EARLY, dt.date(2026, 1, 29))
    who = elector(name=f"{place}　太郎")
    ground.receive(who, early)
    look = ground.examine(who, at(EARLY, dt.date(2026, 2, 1)))
    assert [slip.contest.code for slip in look.papers] == [JUDGES, COUNCIL]
    assert look.verdict.code == Code.PARTIAL and look.verdict.message == "残りの2枚だけ渡します: 国民審査、市議"
    voter = ground.receive(who, at(EARLY, dt.date(2026, 2, 1)))
    assert all(len(voter.ballot(code).papers) == 1 for code in ALL)
    assert [h.act for h in ground.recorded[1].event.handed] == [Act.DONE, Act.DONE, Act.ISSUE, Act.DONE, Act.ISSUE]


def test_松田_two_desks_that_look_at_the_same_moment_hand_out_one_set_of_papers(ground):
    one, other = (rules.receive(elector(), None, ELECTION, TODAY, choice(), number) for number in ("n1", "n2"))
    ground.record(one, TODAY)
    taken = {claim for event in other for claim in event.claims} & set(ground.claims)
    assert len(taken) == len(ALL), "the second desk meets the claims of the first, contest by contest"


def test_古賀_2021_a_paper_is_nothing_without_its_slip(ground):
    refused(Code.NOPAPER, rules.cast, None, ELECTION, TODAY, (SINGLE,))
    refused(Code.NOPAPER, rules.exchange, None, ELECTION, TODAY, SINGLE, Spoiling.WRONG_PAPER, in_hand=True)
    refused(Code.NOPAPER, rules.give_back, None, ELECTION, TODAY, SINGLE, in_hand=True)


@pytest.mark.parametrize("features", [(), (Feature.ADDRESS,)])
def test_十日町_2021_the_name_alone_opens_no_ballot_also_where_nobody_shares_it(ground, features):
    by_name = {"via": Via.SEARCH, "id_method": IdMethod.SPOKEN}
    refused(Code.SAMENAME, ground.receive, elector(), TODAY, choice(**by_name, features=features))
    ground.receive(elector(), TODAY, choice(**by_name, features=(Feature.BIRTH,)))


@pytest.mark.parametrize("place,left_out", [
    ("見附 2024", PARTY), ("十日町 2024", PARTY), ("十日町 2026", JUDGES), ("東員", JUDGES), ("海南", JUDGES),
    ("今治", PARTY)])
def test_見附_十日町_東員_海南_今治_nobody_leaves_a_contest_out_without_saying_so(ground, place, left_out):
    voter = ground.receive(elector(), at(DAY))
    rest = tuple(code for code in ALL if code != left_out)
    assert ground.recorded[0].event.issued and left_out in voter.visits[0].issued, place
    voter = ground.record(rules.cast(voter, ELECTION, at(DAY), rest), at(DAY))
    assert [code for code, state in states(voter).items() if state is State.ISSUED] == [left_out]
    for here, chosen in ((at(DAY), choice(at(DAY), abstain=(left_out,))), (TODAY, choice(abstain=(left_out,)))):
        other = Ground()
        assert states(other.receive(elector(), here, chosen))[left_out] is State.ABSTAINED


def test_松田_焼津_every_way_past_a_stop_leads_through_the_presiding_officer(ground):
    ground.receive(elector(), TODAY)
    voter = ground.voters["100"]
    refused(Code.VOTED, ground.receive, elector(), TODAY, choice(decided_by="p1", confirmed=tuple(Code)))
    refused(Code.VOTED, rules.abstain, elector(), voter, ELECTION, TODAY, (PARTY,))
    said = {"ground": "投票済みの記録に異議", "opinion": "異議なし", "objected_by": "立会人"}
    refused(Code.INCOMPLETE, rules.provisional, elector(), voter, ELECTION, TODAY, (PARTY,), "n", decided_by="c1",
            **said)
    assert rules.provisional(elector(), voter, ELECTION, TODAY, (PARTY,), "n", decided_by="d1", **said)
