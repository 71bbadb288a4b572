"""The verdict of a polling desk and 受付確定, T1 and T2: each code at least once (docs/polling.md §3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.words import (
    Act,
    Code,
    Feature,
    IdMethod,
    Oath,
    PaperKind,
    State,
    Via,
)
from sanjo_tui.register.roll.elector import Absentee, MovedScope, RollStatus
from tests.polling_ground import (
    ALL,
    COUNCIL,
    DAY,
    DAY2,
    EARLY,
    EARLY2,
    EARLY_DAY,
    ELECTION,
    FIRST_DAY,
    GOVERNOR,
    JUDGES,
    PARTY,
    POLLING_DAY,
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


@pytest.fixture
def ground() -> Ground:
    return Ground()


def voted_at_e01(who, *contests):
    return marked(who, **{c: {"early_date": dt.date(2026, 1, 30), "early_site": "E01"} for c in contests})


# --- T1, the verdict


def test_t1_a_voter_with_everything_left_gets_all_papers_in_the_order_of_the_boxes(ground):
    look = ground.examine(elector(), TODAY)
    assert [slip.contest.code for slip in look.papers] == list(ALL)
    assert look.verdict.weight is Weight.READY and look.verdict.message == "投票できます。用紙は5枚です"
    assert look.verdict.preselected == ALL and look.needs_reason and not look.stop and not look.confirm


def test_t1_on_polling_day_no_reason_is_asked(ground):
    assert not ground.examine(elector(), at(DAY)).needs_reason


@pytest.mark.parametrize("status,code", [
    (RollStatus.DEAD, Code.DEAD), (RollStatus.STRUCK, Code.STRUCK), (RollStatus.SUSPENDED, Code.SUSPENDED),
    (RollStatus.ABROAD, Code.STRUCK)])
def test_closed_records_stop_with_the_same_neutral_words(ground, status, code):
    look = ground.examine(voted_at_e01(elector(roll_status=status), *ALL), TODAY, namesakes=3)
    assert look.stop.code is code
    assert look.stop.heading == look.verdict.message == "投票できません。投票管理者を呼んでください"
    shown = (look.stop.heading, *look.stop.facts, look.stop.next, *look.verdict.notes)
    assert not any(word in text for text in shown for word in ("死亡", "抹消", "失権", "停止", "投票済み"))
    error = refused(code, ground.receive, elector(roll_status=status), TODAY)
    assert error.message == "投票できません。投票管理者を呼んでください。"


@pytest.mark.parametrize("way", ["journal, paper out", "journal, cast", "roll, early", "roll, absentee accepted"])
def test_t9_voted_stops_whoever_knows_of_it(ground, way):
    who = elector()
    match way:
        case "roll, early":
            who = voted_at_e01(who, *ALL)
        case "roll, absentee accepted":
            who = marked(who, **{code: {"absentee": Absentee.ACCEPTED} for code in ALL})
        case _:
            ground.receive(who, TODAY)
            if way.endswith("cast"):
                ground.record(rules.cast(ground.voters["100"], ELECTION, TODAY), TODAY)
    look = ground.examine(who, at(DAY))
    assert (look.stop.code, look.stop.heading) == (Code.VOTED, "投票済みです")
    assert all(name in look.stop.facts[0] for name in ("小選挙区", "比例代表", "国民審査", "知事", "市議"))
    assert len(look.stop.facts) == 1 and not look.papers
    assert {slip.act for slip in look.slips} == {Act.DONE}
    refused(Code.VOTED, ground.receive, who, at(DAY))


def test_t9_says_day_time_place_number_and_contests(ground):
    number = ground.receive(elector(), TODAY).visits[0].reception_no
    assert ground.examine(elector(), TODAY).stop.facts == (
        f"2月3日(火) 10:12 三条庁舎 受付番号 {number} 小選挙区、比例代表、国民審査、知事、市議 (用紙を交付済み)",)


def test_t9_an_early_vote_of_the_roll_names_its_place(ground):
    assert ground.examine(voted_at_e01(elector(), *ALL), TODAY).stop.facts[0].startswith("1月30日(金) 三条庁舎 ")


@pytest.mark.parametrize("via", list(Via))
@pytest.mark.parametrize("method", list(IdMethod))
def test_焼津_2021_a_ticket_or_a_card_in_the_hand_changes_no_verdict(via, method):
    who = voted_at_e01(elector(), *ALL)
    assert rules.examine(who, None, ELECTION, at(DAY), via=via).stop.code is Code.VOTED
    refused(Code.VOTED, rules.receive, who, None, ELECTION, at(DAY), choice(at(DAY), via=via, id_method=method), "n")


def test_ward_names_the_right_place_and_its_address(ground):
    look = ground.examine(elector(ward="03"), at(DAY))
    assert (look.stop.code, look.stop.heading) == (Code.WARD, "投票所が違います")
    assert look.stop.facts == ("一ノ木戸小学校", "東裏館2-1")
    refused(Code.WARD, ground.receive, elector(ward="03"), at(DAY))


def test_ward_given_by_the_index_counts_and_an_unknown_ward_fails_closed(ground):
    assert ground.examine(elector(), at(DAY), right_place=DAY2).stop.facts[0] == "一ノ木戸小学校"
    look = ground.examine(elector(ward="99"), at(DAY))
    assert look.stop.code is Code.WARD and look.stop.next == "投票管理者を呼んでください。"


def test_an_early_place_takes_the_whole_town_unless_voters_have_a_home_place(ground):
    assert not ground.examine(elector(ward="03"), TODAY).stop
    home = replace(ELECTION, home_places=True,
                   places=(replace(EARLY, wards=("01", "02")), replace(EARLY2, wards=("03",)), DAY, DAY2))
    here = at(home.place("E01"))
    assert not ground.examine(elector(ward="01"), here, election=home).stop
    stop = ground.examine(elector(ward="03"), here, election=home).stop
    assert (stop.code, stop.facts[0]) == (Code.WARD, "栄庁舎")


def test_absentee_papers_that_are_out_stop(ground):
    who = marked(elector(), **{code: {"absentee": Absentee.ISSUED} for code in ALL})
    stop = ground.examine(who, TODAY).stop
    assert (stop.code, stop.heading) == (Code.ABSENTEE, "不在者投票の用紙を交付中です")
    refused(Code.ABSENTEE, ground.receive, who, TODAY)


def test_absentee_papers_of_one_contest_leave_the_others(ground):
    who = marked(elector(), shigi={"absentee": Absentee.ISSUED}, chiji={"absentee": Absentee.RETURNED})
    look = ground.examine(who, TODAY)
    assert [slip.contest.code for slip in look.papers] == [SINGLE, PARTY, JUDGES, GOVERNOR]
    assert look.verdict.code == Code.PARTIAL
    voter = ground.receive(who, TODAY)
    handed = {h.contest: h for h in ground.recorded[0].event.handed}
    assert (handed[COUNCIL].act, handed[COUNCIL].ground) == (Act.NOT_NOW, "不在者投票の用紙を交付中")
    assert COUNCIL not in voter.ballots


def test_window_hands_out_what_is_open_and_says_from_when_the_rest_is(ground):
    look = ground.examine(elector(), at(EARLY, dt.date(2026, 1, 29)))
    assert [slip.contest.code for slip in look.papers] == [SINGLE, PARTY, GOVERNOR]
    assert (look.verdict.weight, look.verdict.code) == (Weight.READY, Code.WINDOW)
    assert look.verdict.message == "国民審査は2月1日(日)から。今日は3枚です"
    assert "市議: 2月1日(日)から" in look.verdict.notes


def test_whoever_had_all_papers_of_today_has_voted_and_hears_what_opens_later(ground):
    early = at(EARLY, FIRST_DAY)
    ground.receive(elector(), early)
    look = ground.examine(elector(), at(EARLY, FIRST_DAY + dt.timedelta(days=1)))
    assert look.stop.code is Code.VOTED and look.stop.heading == "投票済みです"
    assert "小選挙区、比例代表: 1月28日(水)から" in look.stop.facts
    assert any("知事 (用紙を交付済み)" in fact for fact in look.stop.facts)


def test_window_of_early_voting_ends_and_polling_day_is_one_day(ground):
    late = tuple(replace(c, early_to=dt.date(2026, 2, 2)) if c.code == COUNCIL else c for c in ELECTION.contests)
    look = ground.examine(elector(), TODAY, election=replace(ELECTION, contests=late))
    assert look.slips[-1].note == "期日前は2月2日(月)まで"
    assert ground.examine(elector(), at(DAY, EARLY_DAY)).stop.code is Code.WINDOW


def test_window_is_open_on_its_first_and_on_its_last_day(ground):
    for day, count in ((FIRST_DAY, 1), (dt.date(2026, 1, 28), 3), (POLLING_DAY - dt.timedelta(days=1), 5)):
        assert len(ground.examine(elector(), at(EARLY, day)).papers) == count


def test_not_entitled_to_anything_stops(ground):
    who = elector(roll_status=RollStatus.MOVED, moved_scope=MovedScope.OTHER_PREFECTURE, moved_on=dt.date(2025, 1, 5))
    stop = ground.examine(who, TODAY).stop
    assert (stop.code, stop.heading) == (Code.NOT_ENTITLED, "投票できる選挙がありません")
    assert stop.facts == ("小選挙区、比例代表、国民審査、知事、市議: 転出から4か月を過ぎた",)


MOVER = elector(roll_status=RollStatus.MOVED, moved_scope=MovedScope.SAME_PREFECTURE, moved_on=dt.date(2025, 12, 1))


def test_moved_wants_the_confirmation_before_enter_works(ground):
    look = ground.examine(MOVER, TODAY)
    assert look.confirm == (Code.MOVED,)
    assert (look.verdict.weight, look.verdict.message) == (Weight.CAUTION, "県内に住み続けているか確かめてください")
    refused(Code.MOVED, ground.receive, MOVER, TODAY)
    ground.receive(MOVER, TODAY, choice(confirmed=(Code.MOVED,)))
    received = ground.recorded[0].event
    assert received.confirmed == ("E-MOVED",)
    assert [(h.contest, h.act) for h in received.handed] == [
        (SINGLE, Act.ISSUE), (PARTY, Act.ISSUE), (JUDGES, Act.ISSUE), (GOVERNOR, Act.ISSUE),
        (COUNCIL, Act.NOT_ENTITLED)]


def test_moved_not_confirmed_makes_that_contest_not_entitled_and_leaves_the_others(ground):
    voter = ground.receive(MOVER, TODAY, choice(denied=(Code.MOVED,)))
    received = ground.recorded[0].event
    assert received.confirmed == ()
    assert (received.handed[3].act, received.handed[3].ground) == (Act.NOT_ENTITLED, "県内居住を確認できない")
    assert states(voter)[GOVERNOR] is State.NOT_YET
    look = ground.examine(MOVER, TODAY)
    assert [slip.contest.code for slip in look.papers] == [GOVERNOR] and look.confirm == (Code.MOVED,)
    refused(Code.NOT_ENTITLED, ground.receive, MOVER, TODAY, choice(denied=(Code.MOVED,)))


def test_samename_wants_a_second_feature_by_search_and_none_by_card_or_ticket(ground):
    look = ground.examine(elector(), TODAY, namesakes=1, via=Via.SEARCH)
    assert look.confirm == (Code.SAMENAME,) and look.verdict.code == Code.SAMENAME
    refused(Code.SAMENAME, ground.receive, elector(), TODAY, choice(via=Via.SEARCH), namesakes=1)
    for via in (Via.CARD, Via.TICKET):
        assert not ground.examine(elector(), TODAY, namesakes=1, via=via).confirm
    ground.receive(elector(), TODAY, choice(via=Via.SEARCH, features=(Feature.BIRTH,)), namesakes=1)
    assert ground.recorded[0].event.confirmed == ("E-SAMENAME",)


@pytest.mark.parametrize("who,feature", [
    (elector(protected=True), Feature.ADDRESS), (elector(address_as_delivered=""), Feature.ADDRESS)])
def test_samename_is_not_settled_by_what_the_desk_cannot_see(ground, who, feature):
    chosen = choice(via=Via.ROLL_NO, features=(feature,))
    refused(Code.SAMENAME, ground.receive, who, TODAY, chosen, namesakes=1)
    ground.receive(who, TODAY, replace(chosen, features=(Feature.BIRTH,)), namesakes=1)


def test_moved_weighs_more_than_samename_and_both_must_be_answered(ground):
    look = ground.examine(MOVER, TODAY, namesakes=2)
    assert look.confirm == (Code.MOVED, Code.SAMENAME) and look.verdict.code == Code.MOVED
    assert "同じ名前の人がいます。生年月日か住所を確かめてください" in look.verdict.notes


def test_partial_hands_out_only_what_remains(ground):
    look = ground.examine(voted_at_e01(elector(), SINGLE, PARTY), TODAY)
    assert [slip.contest.code for slip in look.papers] == [JUDGES, GOVERNOR, COUNCIL]
    assert (look.verdict.weight, look.verdict.code) == (Weight.READY, Code.PARTIAL)
    assert look.verdict.message == "残りの3枚だけ渡します: 国民審査、知事、市議"


def test_a_place_that_is_not_open_receives_nobody(ground):
    closed = at(station_open=False)
    assert ground.examine(elector(), closed).stop.code is Code.NOT_OPEN
    refused(Code.NOT_OPEN, ground.receive, elector(), closed)


ORDER = (Code.DEAD, Code.VOTED, Code.WARD, Code.ABSENTEE, Code.AGE17, Code.WINDOW, Code.NOT_ENTITLED)


@given(st.sets(st.sampled_from(("dead", "voted", "ward", "absentee", "young", "closed", "moved", "same")), min_size=1))
def test_one_verdict_and_a_fixed_order(what):
    """Everything may be wrong at once: the heaviest alone takes the line, as documented."""
    who, here, election = elector(ward="03" if "ward" in what else "01"), at(DAY), ELECTION
    if "dead" in what:
        who = replace(who, roll_status=RollStatus.DEAD)
    elif "moved" in what:
        who = replace(who, roll_status=RollStatus.MOVED, moved_scope=MovedScope.SAME_PREFECTURE,
                      moved_on=dt.date(2025, 12, 1))
    if "voted" in what:
        who = voted_at_e01(who, *ALL)
    elif "absentee" in what:
        who = marked(who, **{code: {"absentee": Absentee.ISSUED} for code in ALL})
    if "young" in what:
        who = replace(who, birth=replace(elector(born="20080209").birth))
        election = replace(ELECTION, polling_day=POLLING_DAY)
        here = replace(here, day=POLLING_DAY - dt.timedelta(days=1))
    if "closed" in what:
        here = replace(here, day=POLLING_DAY - dt.timedelta(days=1))
    look = rules.examine(who, None, election, here, namesakes=int("same" in what))
    expected = next((code for word, code in (
        ("dead", Code.DEAD), ("voted", Code.VOTED), ("ward", Code.WARD), ("absentee", Code.ABSENTEE),
        ("young", Code.AGE17), ("closed", Code.WINDOW), ("moved", Code.MOVED), ("same", Code.SAMENAME))
        if word in what), None)
    assert look.verdict.code == expected
    assert look.verdict.stops is (expected in ORDER) is (look.stop is not None)
    assert [slip.contest.code for slip in look.slips] == list(ALL)


# --- T2, 受付確定


def test_t2_every_contest_has_exactly_one_act_and_takes_its_claim(ground):
    voter = ground.receive(elector(), TODAY)
    received = ground.recorded[0].event
    assert [h.contest for h in received.handed] == list(ALL)
    assert len(received.claims) == 6 and states(voter) == dict.fromkeys(ALL, State.ISSUED)
    assert (received.place, received.mode, received.reason_code, received.label_version) == ("E01", "期日前", 2, "t1")
    assert (received.oath, received.sex_code, received.ward_code, received.age) == (Oath.PRINTED, "1", "01", 51)


def test_淡路_2025_who_came_for_one_contest_gets_one_paper_and_abstains_aloud_from_the_others(ground):
    voter = ground.receive(elector(), TODAY, choice(abstain=(SINGLE, PARTY, JUDGES, GOVERNOR)))
    assert states(voter) == {**dict.fromkeys(ALL, State.ABSTAINED), COUNCIL: State.ISSUED}
    assert len(ground.recorded[0].event.issued) == 1


@pytest.mark.parametrize("wrong", [
    {"reason_code": 0}, {"reason_code": 7}, {"oath": None}, {"abstain": ("x",)}, {"braille": ("x",)},
    {"abstain": ALL}, {"abstain": (SINGLE,), "braille": (SINGLE,)}, {"proxy": True}])
def test_t2_nothing_goes_out_while_something_is_missing(ground, wrong):
    refused(Code.INCOMPLETE, ground.receive, elector(), TODAY, choice(**wrong))
    assert not ground.recorded


def test_t2_on_polling_day_neither_reason_nor_oath_is_kept(ground):
    ground.receive(elector(), at(DAY), choice(reason_code=3, oath=Oath.PRINTED, oath_sheet="9"))
    received = ground.recorded[0].event
    assert (received.reason_code, received.oath, received.oath_sheet, received.label_version) == (0, None, "", "")


def test_t2_braille_is_said_paper_by_paper(ground):
    voter = ground.receive(elector(), TODAY, choice(braille=(PARTY,)))
    assert voter.ballot(PARTY).papers[0].paper is PaperKind.BRAILLE
    assert voter.ballot(SINGLE).papers[0].paper is PaperKind.PLAIN


@pytest.mark.parametrize("pair", [(), ("c1",), ("c1", "c1"), ("c1", "w1"), ("c1", "p1"), ("c1", "x"),
                                  ("c1", "c2", "d1")])
def test_t2_a_proxy_vote_has_two_different_assistants_of_the_staff(ground, pair):
    refused(Code.INCOMPLETE, ground.receive, elector(), TODAY, choice(proxy=True, assistants=pair))


def test_t2_a_proxy_vote_names_its_assistants(ground):
    ground.receive(elector(), TODAY, choice(proxy=True, assistants=("c1", "d1")))
    assert ground.recorded[0].event.assistants == ("c1", "d1") and ground.voters["100"].visits[0].proxy


def test_t2_counts_the_age_of_the_law(ground):
    ground.receive(elector(born="20080209"), at(DAY))
    assert ground.recorded[0].event.age == 18


# --- standing


def test_a_later_roll_repeats_what_was_voted_here_and_is_no_double_issue(ground):
    ground.receive(elector(), TODAY)
    same = marked(elector(), **{code: {"early_date": EARLY_DAY, "early_site": "三条庁舎"} for code in ALL})
    assert not any(state.doubled for state in rules.standings(same, ground.voters["100"], ELECTION))


@pytest.mark.parametrize("mark", [
    {"early_date": dt.date(2026, 1, 30), "early_site": "E01"}, {"early_date": EARLY_DAY, "early_site": "E02"},
    {"absentee": Absentee.ACCEPTED}])
def test_a_paper_beside_a_vote_of_the_roll_is_a_double_issue(ground, mark):
    ground.receive(elector(), TODAY)
    who = marked(elector(), hirei=mark)
    state = rules.standing(who, ground.voters["100"], ELECTION.contest(PARTY), ELECTION)
    assert state.doubled and state.state is State.ISSUED
    assert ground.examine(who, TODAY).stop.facts[-1] == "用紙が2枚出ています: 比例代表"
