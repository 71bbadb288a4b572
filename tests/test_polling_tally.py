"""What voters add up to: each once per contest, at the place and the Japanese hour of the paper."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.figures import final, interim, lines, rate, until
from sanjo_tui.receptions.polling.place import report
from sanjo_tui.receptions.polling.state import Voter
from sanjo_tui.receptions.polling.tally import Sexes, Totals, age_band, contribution, local
from sanjo_tui.receptions.polling.words import Act, IdMethod, Mode, Spoiling, State
from sanjo_tui.register.roll.elector import Absentee, RollMark
from tests.polling_day import BRAILLE, DAY, EVE, HALL, PLAIN, SCHOOL, Place, at, election, elector


def test_times_are_japanese_whatever_the_laptop_says() -> None:
    assert local(int(at(DAY, "00:00").timestamp() * 1000)) == ("2026-02-08", 0)
    assert local(int(dt.datetime(2026, 2, 7, 15, 30, tzinfo=dt.UTC).timestamp() * 1000)) == ("2026-02-08", 30)


def test_whoever_comes_twice_for_different_contests_counts_once_in_each() -> None:
    here = Place(day=dt.date(2026, 1, 30))
    here.receive("1", "SHO", "HIREI", place=HALL)
    here.now = at(dt.date(2026, 2, 2), "14:50")
    here.receive("1", "SHINSA", place=HALL)
    totals = here.totals
    for code in ("SHO", "HIREI", "SHINSA"):
        assert totals.voters(code) == totals.voters(code, place=HALL) == Sexes(1, 0)
    assert totals.people() == totals.people(place=HALL) == Sexes(1, 0)
    assert totals.people(place=HALL, day="2026-01-30") == totals.people(place=HALL, day="2026-02-02") == Sexes(1, 0)
    assert totals.receptions(HALL) == 2 and totals.oaths(HALL) == {"印刷": 2}
    assert totals.by_day("SHINSA", HALL) == {"2026-02-02": Sexes(1)}
    assert totals.arrivals(HALL, "2026-02-02") == {14 * 4 + 3: 1}


def test_counts_by_sex_hour_ward_age_reason_and_means() -> None:
    here = Place()
    here.receive("1", "SHO", "HIREI")
    here.receive("2", "SHO", sex="2", ward_code="2", age=18, id_method=IdMethod.TICKET, proxy=True)
    here.later(60)
    here.receive("3", "SHO", sex="", paper=BRAILLE, age=None)
    totals, day = here.totals, DAY.isoformat()
    assert totals.voters("SHO", place=SCHOOL, mode=Mode.DAY, day=day) == Sexes(1, 1, 1)
    assert totals.voters("SHO").row == (1, 1, 3)
    assert totals.by_hour("SHO", SCHOOL, day) == {9: Sexes(1, 1), 10: Sexes(0, 0, 1)}
    assert totals.by_ward("SHO") == {"1": Sexes(1, 0, 1), "2": Sexes(0, 1)}
    assert totals.by_age("SHO") == {"18-19歳": Sexes(0, 1), "50代": Sexes(1), "不詳": Sexes(0, 0, 1)}
    assert totals.methods(SCHOOL, day) == {"カード": 2, "入場券": 1}
    assert totals.proxies(SCHOOL, day) == totals.proxies(SCHOOL, day, "SHO") == 1
    assert totals.braille(SCHOOL, day) == 1 and totals.out(SCHOOL, "SHO", BRAILLE) == 1
    assert totals.reasons(SCHOOL) == {} and totals.voters("SHINSA") == Sexes()


def test_what_was_taken_back_returned_refused_or_left_unsaid_is_told_apart() -> None:
    here = Place()
    first = here.receive("1", "SHO", "HIREI")
    here.record(ev.TakenBack(subject="1", scope="S2026", place=SCHOOL, issued_by=first.number, reason="人違い",
                             verifier="C", papers=first.event.handed))
    assert here.totals.voters("SHO") == Sexes() and here.totals.receptions(SCHOOL) == 0
    assert here.totals.returned(SCHOOL, "SHO", PLAIN) == 1 and here.totals.out(SCHOOL, "SHO", PLAIN) == 0
    here.receive("2", "SHO", "HIREI")
    here.cast("2", "SHO")
    here.record(ev.TakenAway(subject="2", scope="S2026", place=SCHOOL, contest="HIREI"))
    here.record(ev.Refused(subject="3", scope="S2026", place=SCHOOL, contests=("SHO",), ground="g", opinion="o",
                           decided_by="P"))
    here.record(ev.ProvisionalVote(subject="3", scope="S2026", place=SCHOOL, reception_no="A-9", ground="g",
                                   papers=(ev.Handed(contest="SHO", act=Act.ISSUE),), opinion="o", objected_by="選挙人",
                                   decided_by="P"))
    here.record(ev.Abstained(subject="4", scope="S2026", place=SCHOOL, contests=("SHO",)))
    totals = here.totals
    assert totals.unconfirmed(SCHOOL) == 0 and totals.taken_away(SCHOOL, "HIREI") == 1
    assert totals.refused("SHO") == totals.provisional(SCHOOL, "SHO") == totals.abstained("SHO") == 1
    assert totals.provisional_on(SCHOOL, "SHO", DAY.isoformat()) == 1
    assert totals.voters("SHO") == Sexes(1)        # a 仮投票 is no voter before it is accepted


def test_two_papers_of_one_contest_are_two_sheets_but_one_voter() -> None:
    here = Place()
    here.receive("1", "SHO", place=HALL)
    here.later(30)
    here.receive("1", "SHO", place="E2")
    totals = here.totals
    assert totals.voters("SHO") == Sexes(1) and totals.doubled("SHO") == 1
    assert totals.voters("SHO", place=HALL) == totals.voters("SHO", place="E2") == Sexes(1)
    assert totals.out(HALL, "SHO", PLAIN) == totals.out("E2", "SHO", PLAIN) == 1


def test_a_report_of_polling_day_leaves_early_voters_out() -> None:
    here = Place(day=EVE)
    here.receive("1", "SHO", place=HALL)
    here.now = at(DAY, "09:10")
    here.receive("2", "SHO", sex="2")
    school, day = here.election.place(SCHOOL), DAY.isoformat()
    assert school
    assert interim(here.totals, here.election, school, day) == {"SHO": Sexes(0, 1), "HIREI": Sexes(),
                                                                "SHINSA": Sexes()}
    here.record(ev.PlaceOpened(subject=f"{SCHOOL}/{day}", scope="S2026", place=SCHOOL, day=day, kind_of_place="当日",
                               roll="R1", roll_base="B1", clock_confirmed=True, zero_printed=True, proof=ev.Proof(
                                   election_sha256="", roll_sha256="", journal_hash="", journal_seq=0, issued=0)))
    here.record(report(here.election, here.day, "9:15", {"SHO": (0, 1, 1)}))
    here.receive("3", "SHO")
    line, *others = lines(here.totals, here.election, school, day, here.day, electors={"SHO": Sexes(10, 20)})
    assert (line.voters, line.change, line.rate) == (Sexes(1, 1), (1, 0, 1), "6.67")
    assert others[0].before is None and others[0].rate == ""
    assert lines(here.totals, here.election, school, day, here.day, time="09:15")[0].before is None


def test_a_time_that_has_passed_counts_what_had_gone_out_by_then() -> None:
    here = Place(day=EVE)
    here.receive("1", "SHO", place=HALL)
    for key, time in (("2", "09:59"), ("3", "10:00"), ("4", "10:20")):
        here.now = at(DAY, time)
        here.receive(key, "SHO")
    school = here.election.place(SCHOOL)
    assert school
    for time, voters in (("09:00", 0), ("10:00", 1), ("10:01", 2), ("23:59", 3)):
        sums = until(here.voters.values(), DAY.isoformat(), time)
        assert interim(sums, here.election, school, DAY.isoformat())["SHO"].total == voters
        assert sums.voters("SHO").total == voters + 1


def test_last_figures_are_day_and_early_and_absentee_each_voter_once() -> None:
    here = Place(day=EVE)
    here.receive("1", "SHO", place=HALL)
    here.now = at(DAY, "10:00")
    here.receive("2", "SHO", sex="2")
    early, accepted = RollMark(contest="SHO", early_date=EVE), RollMark(contest="SHO", absentee=Absentee.ACCEPTED)
    people = (elector("1", marks=(early,)), elector("2", "2"), elector("3", "2", marks=(early,)),
              elector("4", marks=(accepted,)), elector("5"), elector("6"))
    sho, hirei, _ = final(election(), people, here.voters, lambda who, _: who.addressee_no != "4")
    assert (sho.day, sho.early, sho.absentee) == (Sexes(0, 1), Sexes(1, 1), Sexes(1))
    assert sho.electors == Sexes(3, 2) and sho.voters == Sexes(2, 2) and sho.rate == "80.00"
    assert hirei.voters == Sexes() and hirei.rate == "0.00"


def test_rates_and_age_bands() -> None:
    assert (rate(1, 3), rate(2, 3), rate(1, 8), rate(0, 5), rate(3, 0)) == ("33.33", "66.67", "12.50", "0.00", "")
    assert [age_band(age) for age in (17, 18, 19, 20, 79, 80, 104, None)] == [
        "不詳", "18-19歳", "18-19歳", "20代", "70代", "80歳以上", "80歳以上", "不詳"]


ACTS = st.lists(st.tuples(st.sampled_from("12345"), st.sampled_from(["receive", "cast", "return", "exchange",
                                                                     "abstain", "take back"]),
                          st.sampled_from(["SHO", "HIREI", "SHINSA"]), st.sampled_from([HALL, SCHOOL])), max_size=30)


@given(ACTS)
def test_sums_kept_up_to_date_are_the_sums_of_everybody(acts: list[tuple[str, str, str, str]]) -> None:
    here, kept = Place(), Totals()
    for key, act, code, place in acts:
        here.later(7)
        before: Voter | None = here.voters.get(key)
        number = next((p.number for b in (before.ballots.values() if before else ()) for p in b.papers), "A-0")
        match act:
            case "receive":
                here.receive(key, code, place=place)
            case "cast":
                here.cast(key, code, place=place)
            case "return":
                here.record(ev.PaperReturned(subject=key, scope="S2026", place=place, contest=code, paper=PLAIN,
                                             issued_by=number))
            case "exchange":
                here.record(ev.Exchanged(subject=key, scope="S2026", place=place, contest=code,
                                         why=Spoiling.MISWRITTEN))
            case "abstain":
                here.record(ev.Abstained(subject=key, scope="S2026", place=place, contests=(code,)))
            case _:
                here.record(ev.TakenBack(subject=key, scope="S2026", place=place, issued_by=number, reason="r",
                                         verifier="C", papers=(ev.Handed(contest=code, act=Act.ISSUE),)))
        if before is not None:
            kept.subtract(contribution(before))
        kept.add(contribution(here.voters[key]))
    assert kept == here.totals == Totals.of(reversed(list(here.voters.values())))
    for code in ("SHO", "HIREI", "SHINSA"):
        with_paper = [v for v in here.voters.values() if v.ballot(code).papers]
        assert kept.voters(code).total == len(with_paper) <= 5
        assert sum(kept.out(p, code, PLAIN) for p in (HALL, SCHOOL)) == sum(len(v.ballot(code).papers)
                                                                            for v in with_paper)
        assert sum(s.total for s in kept.by_age(code).values()) == len(with_paper)
    for voter in here.voters.values():
        kept.subtract(contribution(voter))
    assert kept == Totals() and not kept.facts()


def test_abstaining_stands_until_a_paper_goes_out() -> None:
    here = Place()
    here.record(ev.Abstained(subject="1", scope="S2026", place=SCHOOL, contests=("SHO",)))
    assert here.totals.abstained("SHO") == 1 and here.totals.people() == Sexes()
    here.record(ev.CameAgain(subject="1", scope="S2026", place=SCHOOL, contests=("SHO",)))
    here.receive("1", "SHO")
    assert here.totals.abstained("SHO") == 0
    assert here.voters["1"].ballot("SHO").state is State.ISSUED
