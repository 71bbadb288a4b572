"""Who may vote in what: age to the day, movers by level, districts, closed records (docs/polling.md §3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.entitlement import eligible_from, eligible_on, entitled, latest_birth, on_roll_until
from sanjo_tui.receptions.polling.words import Code, Level
from sanjo_tui.register.roll.elector import MovedScope, RollMark, RollStatus
from sanjo_tui.wareki import parse, register_date
from tests.polling_ground import (
    ALL,
    COUNCIL,
    DAY,
    EARLY_DAY,
    ELECTION,
    GOVERNOR,
    PARTY,
    POLLING_DAY,
    SINGLE,
    at,
    elector,
    marked,
)


def right(who, contest=SINGLE, day=EARLY_DAY, election=ELECTION):
    return entitled(who, election.contest(contest), election, day)


@pytest.mark.parametrize("born,first", [
    ("20080208", "2026-02-07"), ("20080209", "2026-02-08"), ("20080210", "2026-02-09"),
    ("20080229", "2026-02-28"), ("20080301", "2026-02-28"), ("20080228", "2026-02-27"),
    ("20080101", "2025-12-31"), ("20081231", "2026-12-30"), ("19000228", "1918-02-27")])
def test_eighteen_is_reached_on_the_eve_of_the_birthday(born, first):
    day = dt.date.fromisoformat(first)
    assert eligible_from(parse(born)) == day
    assert eligible_on(parse(born), day) and not eligible_on(parse(born), day - dt.timedelta(days=1))


@given(st.dates(dt.date(1900, 1, 1), dt.date(2015, 12, 31)))
def test_the_age_of_the_law_is_one_day_ahead_of_the_calendar(born):
    first = eligible_from(parse(born.isoformat()))
    assert parse(born.isoformat()).age_on(first + dt.timedelta(days=1)) == 18
    assert parse(born.isoformat()).age_on(first) == 17


@pytest.mark.parametrize("text,latest", [
    ("1990年", "1990-12-31"), ("平成2年2月", "1990-02-28"), ("2008-02-00", "2008-02-29"),
    ("1947-02-29", "1947-03-01"), ("20080231", "2008-03-02"), ("昭和65年1月5日", "1990-01-05"),
    ("平成19年春", "2007-05-31"), ("平成19年冬", "2008-02-29"), ("平成18年頃", "2007-12-31"),
    ("平成18年から平成20年まで", "2008-12-31"), ("推定平成18年", "2007-12-31")])
def test_a_birth_date_that_is_not_fully_known_counts_as_late_as_it_can_be(text, latest):
    assert latest_birth(parse(text)) == dt.date.fromisoformat(latest)


@pytest.mark.parametrize("birth", [
    parse(""), parse("不詳"), register_date("19500101", unknown=True), register_date("", unknown=True, text="不詳"),
    parse("平成18年から不詳")])
def test_an_unknown_birth_date_never_lets_vote(birth):
    assert latest_birth(birth) is None and not eligible_on(birth, POLLING_DAY)
    answer = right(replace(elector(), birth=birth))
    assert (answer.allowed, answer.code) == (False, Code.AGE17)


def test_a_year_alone_is_enough_for_the_old_and_not_for_the_young():
    assert right(elector(born="1950年")).allowed
    assert not right(elector(born="2008年")).allowed


def test_early_voting_wants_the_age_on_that_day_and_polling_day_on_polling_day():
    who = elector(born="20080209")
    assert right(who, day=EARLY_DAY).code is Code.AGE17
    assert right(who, day=POLLING_DAY).allowed


def test_somebody_who_is_too_young_for_this_election_is_not_sent_to_absentee_voting():
    assert right(elector(born="20080210")).code is Code.NOT_ENTITLED


@pytest.mark.parametrize("scope,national,prefectural,municipal", [
    (MovedScope.SAME_TOWN, "yes", "yes", "yes"), (MovedScope.SAME_PREFECTURE, "yes", "ask", "no"),
    (MovedScope.OTHER_PREFECTURE, "yes", "no", "no"), (MovedScope.ABROAD, "yes", "no", "no"),
    (MovedScope.NOWHERE, "yes", "no", "no")])
def test_movers_by_level_of_the_contest(scope, national, prefectural, municipal):
    who = elector(roll_status=RollStatus.MOVED, moved_scope=scope, moved_on=dt.date(2025, 12, 1))
    for contest, expected in zip((SINGLE, GOVERNOR, COUNCIL), (national, prefectural, municipal), strict=True):
        answer = right(who, contest)
        assert answer.allowed is (expected != "no")
        assert (answer.code is Code.MOVED) is (expected == "ask")
        assert answer.ground or expected == "yes"


@pytest.mark.parametrize("scope", [MovedScope.ABROAD, MovedScope.NOWHERE])
def test_voters_abroad_are_a_setting_and_a_missing_scope_is_read_as_the_strictest(scope):
    who = elector(roll_status=RollStatus.MOVED, moved_scope=scope, moved_on=dt.date(2025, 12, 1))
    assert not right(who, election=replace(ELECTION, abroad_votes_national=False)).allowed


@pytest.mark.parametrize("moved,months,last", [
    ("2025-10-08", 4, "2026-02-08"), ("2025-10-31", 4, "2026-02-28"), ("2025-12-31", 2, "2026-02-28"),
    ("2025-08-15", 4, "2025-12-15"), ("2025-09-01", 4, "2026-01-01")])
def test_four_months_on_the_roll_count_from_the_day_after_the_move(moved, months, last):
    assert on_roll_until(dt.date.fromisoformat(moved), months) == dt.date.fromisoformat(last)


@pytest.mark.parametrize("moved,months,allowed", [
    (dt.date(2025, 10, 8), 4, True), (dt.date(2025, 10, 7), 4, False), (dt.date(2025, 10, 7), 5, True),
    (None, 4, False)])
def test_a_mover_votes_until_the_months_are_over(moved, months, allowed):
    who = elector(roll_status=RollStatus.MOVED, moved_scope=MovedScope.OTHER_PREFECTURE, moved_on=moved)
    assert right(who, day=POLLING_DAY, election=replace(ELECTION, moved_months=months)).allowed is allowed


def test_a_move_within_the_town_needs_no_date_and_never_ends():
    who = elector(roll_status=RollStatus.MOVED, moved_scope=MovedScope.SAME_TOWN)
    assert all(right(who, code).allowed for code in ALL)


@pytest.mark.parametrize("status,code", [
    (RollStatus.DEAD, Code.DEAD), (RollStatus.STRUCK, Code.STRUCK), (RollStatus.ABROAD, Code.STRUCK),
    (RollStatus.SUSPENDED, Code.SUSPENDED)])
def test_a_closed_record_votes_in_nothing_and_its_ground_is_neutral(status, code):
    answers = {(a.allowed, a.code, a.ground) for a in (right(elector(roll_status=status), c) for c in ALL)}
    assert answers == {(False, code, "投票管理者へ")}


def test_districts():
    contests = tuple(replace(c, districts=("1", "2")) if c.code == PARTY else c for c in ELECTION.contests)
    election = replace(ELECTION, contests=contests)
    assert right(marked(elector(), hirei={"district": "2"}), PARTY, election=election).allowed
    for who in (marked(elector(), hirei={"district": "3"}), marked(elector(), hirei={}), elector()):
        answer = right(who, PARTY, election=election)
        assert (answer.allowed, answer.code, answer.ground) == (False, Code.NOT_ENTITLED, "選挙区の外")
        assert right(who, SINGLE, election=election).allowed


def test_somebody_enrolled_at_the_desk_votes_only_in_what_the_document_names():
    who = elector("H1", enrolled_by="判決書", marks=(RollMark(contest=SINGLE),))
    assert right(who, SINGLE).allowed
    assert right(who, GOVERNOR).code is Code.NOT_ENTITLED
    contests = tuple(replace(c, districts=("1",)) for c in ELECTION.contests)
    assert right(who, SINGLE, election=replace(ELECTION, contests=contests)).allowed


@given(st.sampled_from(tuple(RollStatus)), st.sampled_from(tuple(MovedScope)), st.sampled_from(ALL),
       st.none() | st.dates(dt.date(2025, 1, 1), dt.date(2026, 2, 8)),
       st.dates(dt.date(2000, 1, 1), dt.date(2009, 1, 1)), st.dates(dt.date(2026, 1, 22), POLLING_DAY))
def test_entitlement_fails_closed(status, scope, contest, moved_on, born, day):
    who = elector(born=born.isoformat(), roll_status=status, moved_scope=scope, moved_on=moved_on)
    answer = right(who, contest, day)
    if answer.allowed:
        assert status in (RollStatus.VALID, RollStatus.MOVED)
        assert eligible_on(who.birth, day)
        assert answer.code in (None, Code.MOVED)
        if status is RollStatus.MOVED and scope is not MovedScope.SAME_TOWN:
            assert moved_on and ELECTION.contest(contest).level is not Level.TOWN
    else:
        assert answer.code and answer.ground
    assert answer == right(who, contest, day)


def test_an_early_voter_who_is_seventeen_is_told_when_and_where():
    who = elector(born="20080209")
    stop = rules.examine(who, None, ELECTION, at()).stop
    assert (stop.code, stop.heading) == (Code.AGE17, "今日はまだ投票できません")
    assert stop.facts == ("2月8日(日)から投票できます", "投票日は2月8日(日)です")
    assert "不在者投票" in stop.next
    assert rules.examine(who, None, ELECTION, at(DAY)).stop is None


def test_an_unclear_birth_date_asks_for_the_presiding_officer_and_says_no_more():
    stop = rules.examine(elector(born="不詳"), None, ELECTION, at()).stop
    assert (stop.code, stop.heading) == (Code.AGE17, "年齢を確かめられません")
    assert stop.next == "投票管理者を呼んでください。"
