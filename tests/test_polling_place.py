"""A polling place's day: what keeps it from opening, what keeps it from closing, and who may decide otherwise."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import place as rules
from sanjo_tui.receptions.polling import stock as papers
from sanjo_tui.receptions.polling.gate import GateItem, extracted_at
from sanjo_tui.receptions.polling.words import Code, Occasion, PlaceState, StaffRole, State
from tests.polling_day import BRAILLE, DAY, EVE, HALL, PLAIN, SCHOOL, Place, at, election, roll

PROOF = ev.Proof(election_sha256="e", roll_sha256="r", journal_hash="j", journal_seq=1, issued=0)


def closed(items: tuple[GateItem, ...]) -> dict[str, GateItem]:
    return {item.name: item for item in items if not item.ok}


def opening(here: Place, items: tuple[GateItem, ...] | None = None, place: str = SCHOOL,
            **more: Any) -> tuple[Event, ...]:
    found = here.election.place(place)
    assert found
    today = here.now.date()
    values: dict[str, Any] = {"today": today, "roll": roll(), "proof": PROOF, "clock_confirmed": True,
                              "zero_printed": True, **more}
    return rules.open_place(here.election, found, here.gate(place) if items is None else items,
                            here.days.get(f"{place}/{today}"), here.stock(place), **values)


def opened(place: str = SCHOOL, day: dt.date = DAY, time: str = "09:00") -> Place:
    here = Place(day=day)
    here.now = at(day, time)
    here.record(*opening(here, place=place))
    for event in (e.event for e in here.events):
        if isinstance(event, ev.PapersDelivered):
            here.piles[event.subject, event.contest, event.paper] += event.sheets
    return here


def closing(here: Place, place: str = SCHOOL, day: dt.date | None = None, **more: Any) -> tuple[Event, ...]:
    found = here.election.place(place)
    assert found
    record = here.days.get(f"{place}/{day or here.now.date()}")
    values: dict[str, Any] = {"now": at(DAY, "18:00"), "proof": PROOF, "operator": "op", **more}
    return rules.close_place(here.election, found, record, here.lines(place), here.voters.values(), here.totals,
                             **values)


# --- the gate


def test_everything_in_order_opens_with_the_papers_of_the_set_up() -> None:
    here = Place()
    assert closed(here.gate()) == {}
    delivered, event = opening(here)
    assert isinstance(delivered, ev.PapersDelivered) and (delivered.contest, delivered.sheets) == ("SHO", 500)
    assert isinstance(event, ev.PlaceOpened) and event.subject == "D1/2026-02-08" and event.on_paper == ""
    here.record(delivered, event)
    assert here.day is not None and here.day.state is PlaceState.OPEN
    assert closed(here.gate()).keys() == {"state"}


@pytest.mark.parametrize(("name", "changes"), [
    ("roll", {"roll": None}), ("town", {"lg_code": "152021"}), ("town", {"lg_code": ""}),
    ("wards", {"roll": roll(wards=("1",))}), ("hours", {"now": at(DAY + dt.timedelta(days=1), "09:00"), "roll": roll(
        created_at="2026-02-09T05:00:00")}),
    ("zero", {"zero_printed": False}), ("zero", {"zero_printed": False, "witnessed_by": "op", "operator": "op"}),
])
def test_what_cannot_be_waived_never_opens(name: str, changes: dict[str, Any]) -> None:
    here = Place()
    items = here.gate(**changes)
    assert closed(items).keys() == {name} and not closed(items)[name].can_be_waived
    with pytest.raises(RuleError) as refused:
        opening(here, items, on_paper="名簿なしで開ける", decided_by="P")
    assert refused.value.hint or name == "state"


@pytest.mark.parametrize(("name", "code", "changes"), [
    ("tickets", None, {"roll": roll(tickets_base="B0")}), ("tickets", None, {"roll": roll(tickets_wrong=3)}),
    ("fresh", Code.STALE, {"roll": roll(created_at="2026-02-07T08:59:00+09:00")}),
    ("clock", Code.CLOCK, {"clock_confirmed": False}), ("clock", Code.CLOCK, {"clock_warning": "時計が前です"}),
    ("clock", Code.CLOCK, {"roll": roll(created_at="2026-02-08T09:30:00+09:00")}),
])
def test_what_may_be_waived_needs_somebody_who_presides_and_a_reason(name: str, code: Code | None,
                                                                     changes: dict[str, Any]) -> None:
    here = Place()
    items = here.gate(**changes)
    assert closed(items).keys() == {name}
    item = closed(items)[name]
    assert item.code is code and item.can_be_waived and item.hint
    for reason, who in (("", ""), ("", "P"), ("新しい名簿は届かない", ""), ("新しい名簿は届かない", "C")):
        with pytest.raises(RuleError):
            opening(here, items, on_paper=reason, decided_by=who)
    *_, event = opening(here, items, on_paper="新しい名簿は届かない", decided_by="P")
    assert isinstance(event, ev.PlaceOpened) and (event.on_paper, event.decided_by) == ("新しい名簿は届かない", "P")


def test_kochi_2025_tickets_of_another_day_than_the_roll_keep_the_place_shut() -> None:
    here = Place()
    items = here.gate(roll=roll(roll_base="20250701", tickets_base="20250603"))
    assert closed(items)["tickets"].sentence == "入場券データと名簿の作成日が違います。"
    with pytest.raises(RuleError, match="入場券データと名簿の作成日が違います"):
        opening(here, items)


def test_setagaya_2026_without_ticket_files_a_place_opens_all_the_same() -> None:
    assert closed(Place().gate(roll=roll(tickets=0, tickets_base=""))) == {}


def test_the_age_of_a_roll_counts_from_its_making_or_the_end_of_its_day() -> None:
    assert extracted_at(roll()) == at(DAY, "05:00")
    assert extracted_at(roll(created_at="2026-02-08T05:00:00")) == at(DAY, "05:00")
    assert extracted_at(roll(created_at="2026-02-07T20:00:00Z")) == at(DAY, "05:00")
    for text in ("", "けさ"):
        assert extracted_at(roll(created_at=text, as_of=EVE)) == at(DAY, "00:00")
    here = Place()
    assert closed(here.gate(roll=roll(created_at="2026-02-07T09:00:00+09:00"))) == {}
    assert "fresh" in closed(here.gate(roll=roll(created_at="2026-02-07T08:59:59+09:00")))


def test_an_early_place_needs_the_wards_of_the_whole_town() -> None:
    here = Place(day=EVE)
    fresh = {"created_at": "2026-02-07T05:00:00"}
    assert closed(here.gate(HALL, roll=roll(**fresh))) == {}
    assert "2" in closed(here.gate(HALL, roll=roll(wards=("1",), **fresh)))["wards"].sentence


def test_zero_proof_a_place_with_papers_out_does_not_open() -> None:
    here = Place()
    here.receive("1", "SHO")
    assert closed(here.gate()).keys() == {"empty"}
    assert closed(Place().gate(zero_printed=False, witnessed_by="W", operator="op")) == {}


def test_the_day_before_must_be_closed_and_sealed() -> None:
    here = opened(HALL, EVE - dt.timedelta(days=1))
    here.now = at(EVE, "08:20")
    fresh = roll(created_at="2026-02-07T05:00:00")
    assert "2026-02-06" in closed(here.gate(HALL, roll=fresh))["previous"].sentence
    here.record(*closing(here, HALL, EVE - dt.timedelta(days=1)))       # late, the next morning
    assert "previous" in closed(here.gate(HALL, roll=fresh))
    here.record(rules.seal(here.election, here.days["E1/2026-02-06"], "a.sanjo", "ff"))
    assert closed(here.gate(HALL, roll=fresh)) == {}


# --- the day


def test_voters_are_received_only_while_it_is_open() -> None:
    here = Place()
    with pytest.raises(RuleError, match="まだ開所していません") as refused:
        rules.must_be_open(here.day)
    assert refused.value.detail == Code.NOT_OPEN
    here = opened()
    assert rules.must_be_open(here.day)
    here.record(rules.begin_reconciling(here.election, here.day))
    assert rules.must_be_open(here.day).state is PlaceState.RECONCILING      # counting does not stop the desk
    with pytest.raises(RuleError):
        rules.begin_reconciling(here.election, here.day)
    here.record(rules.end_reconciling(here.election, here.day))
    with pytest.raises(RuleError):
        rules.end_reconciling(here.election, here.day)
    counted(here)
    here.record(*closing(here))
    with pytest.raises(RuleError, match="閉所しました"):
        rules.must_be_open(here.day)


def counted(here: Place, place: str = SCHOOL) -> None:
    for line in here.lines(place):
        if line.moved:
            here.count(line.contest, line.paper, place, Occasion.CLOSING)


def test_it_closes_when_all_papers_are_counted_and_what_is_out_becomes_cast() -> None:
    here = opened()
    here.deliver("HIREI", 100)
    here.receive("1", "SHO", "HIREI")
    here.receive("2", "SHO")
    here.cast("2", "SHO")
    with pytest.raises(RuleError, match="未計数"):
        closing(here)
    here.count("SHO")
    here.count("HIREI")
    with pytest.raises(RuleError, match="閉所のために数えてください"):
        closing(here)
    counted(here)
    events = closing(here)
    assert [(e.subject, e.contests, e.at_closing) for e in events if isinstance(e, ev.CastPapers)] == [
        ("1", ("SHO", "HIREI"), True)]
    here.record(*events)
    assert here.voters["1"].ballot("HIREI").state is State.CAST and here.totals.unconfirmed(SCHOOL) == 0
    assert here.day is not None and here.day.state is PlaceState.CLOSED


def test_a_difference_keeps_it_open_until_it_is_written_down() -> None:
    here = opened()
    here.receive("1", "SHO")
    here.piles[SCHOOL, "SHO", PLAIN] -= 2
    counted(here)
    with pytest.raises(RuleError, match="小選挙区 普通 2枚 不足"):
        closing(here)
    here.record(papers.settle(here.line("SHO"), "S2026", "二枚見つからない", operator="op", verifier="C"))
    assert closing(here)
    here.receive("2", "SHO")                # somebody came after the count
    with pytest.raises(RuleError, match="数えてください"):
        closing(here)


def test_braille_papers_are_counted_too() -> None:
    here = opened()
    here.deliver("SHO", 5, BRAILLE)
    here.count("SHO", occasion=Occasion.CLOSING)
    with pytest.raises(RuleError, match="小選挙区 点字 は未計数"):
        closing(here)


def test_papers_unsaid_at_an_exit_check_are_listed_and_countersigned() -> None:
    here = opened()
    school = here.election.place(SCHOOL)
    assert school
    checking = replace(school, exit_check=True)
    here.election = election(places=tuple(checking if p.code == SCHOOL else p for p in here.election.places))
    here.receive("1", "SHO")
    here.receive("2", "SHO")
    here.receive("3", "SHO")
    here.cast("2", "SHO")
    here.record(ev.TakenAway(subject="3", scope="S2026", place=SCHOOL, contest="SHO"))
    counted(here)
    assert [p.voter for p in rules.unconfirmed(SCHOOL, here.voters.values())] == ["1"]
    with pytest.raises(RuleError, match=r"1枚あります\(受付 A-1\)"):
        closing(here)
    with pytest.raises(RuleError):
        closing(here, remark="急いで出られた")
    with pytest.raises(RuleError, match="別の人"):
        closing(here, remark="急いで出られた", verifier="op")
    here.record(*closing(here, remark="急いで出られた", verifier="C"))
    assert here.voters["1"].ballot("SHO").state is State.CAST
    assert here.voters["3"].ballot("SHO").state is State.ISSUED      # it left: it is in no box


def test_oath_sheets_are_counted_against_the_receptions_of_the_day() -> None:
    here = opened(HALL, EVE)
    here.deliver("SHO", 10, place=HALL)
    here.receive("1", "SHO", place=HALL)
    here.receive("2", "SHO", place=HALL)
    counted(here, HALL)
    late = {"now": at(EVE, "20:00")}
    for oaths in (None, 1, -1):
        with pytest.raises(RuleError, match="宣誓書"):
            closing(here, HALL, oaths_counted=oaths, **late)
    *_, event = closing(here, HALL, oaths_counted=2, **late)
    assert isinstance(event, ev.PlaceClosed) and event.oaths_counted == 2
    assert closing(here, HALL, oaths_counted=1, remark="一枚は綴じた後", verifier="C", **late)


def test_closing_before_the_hour_needs_a_word_why() -> None:
    here = opened()
    counted(here)
    with pytest.raises(RuleError, match="18:00 より前"):
        closing(here, now=at(DAY, "17:59"))
    assert closing(here, now=at(DAY, "17:59"), remark="全員が投票した")


def test_opening_again_the_same_day_takes_somebody_who_presides_and_never_after_sealing() -> None:
    here = opened()
    counted(here)
    here.record(*closing(here))
    here.later(5)
    with pytest.raises(RuleError, match="もう一度"):
        opening(here)
    with pytest.raises(RuleError, match="投票管理者"):
        opening(here, on_paper="時計が進んでいた", decided_by="C")
    assert closed(here.gate(zero_printed=False)) == {}            # the zero report was this morning's
    events = opening(here, on_paper="時計が進んでいた", decided_by="P")
    assert len(events) == 1                                        # and the papers are there already
    here.record(*events)
    assert here.day is not None and here.day.receives and here.day.openings == 2
    counted(here)
    here.record(*closing(here))
    with pytest.raises(RuleError, match="書き出されていません"):
        rules.seal(here.election, here.day, "", "")
    here.record(rules.seal(here.election, here.day, "a.sanjo", "ff"))
    with pytest.raises(RuleError, match="封緘"):
        opening(here, on_paper="もう一度", decided_by="P")
    with pytest.raises(RuleError, match="もう封緘"):
        rules.seal(here.election, here.day, "a.sanjo", "ff")
    with pytest.raises(RuleError):
        rules.remark(here.election, here.election.places[2], DAY, here.day, "その他", "停電")


def test_only_a_closed_place_is_sealed() -> None:
    with pytest.raises(RuleError, match="閉所した後"):
        rules.seal(election(), None, "a.sanjo", "ff")
    here = opened()
    with pytest.raises(RuleError, match="閉所した後"):
        rules.seal(here.election, here.day, "a.sanjo", "ff")


def test_report_times_that_passed_without_a_report_are_due() -> None:
    here = opened()
    school = here.election.place(SCHOOL)
    assert school
    assert rules.due_reports(here.election, school, here.day, at(DAY, "09:59")) == ()
    assert rules.due_reports(here.election, school, here.day, at(DAY, "14:00")) == ("10:00", "14:00")
    here.record(rules.report(here.election, here.day, "10:00", {"SHO": (1, 0, 1)}))
    here.record(rules.report(here.election, here.day, "11:30", {"SHO": (1, 0, 1)}))
    assert rules.due_reports(here.election, school, here.day, at(DAY, "13:00")) == ()
    assert rules.due_reports(here.election, school, here.day, at(DAY + dt.timedelta(days=1), "06:00")) == ("14:00",)
    for time in ("25:00", "1130", ""):
        with pytest.raises(RuleError):
            rules.report(here.election, here.day, time, {})
    with pytest.raises(RuleError):
        rules.report(here.election, None, "10:00", {})


def test_duties_and_remarks_are_noted_from_before_the_opening() -> None:
    here = Place()
    school = here.election.place(SCHOOL)
    assert school
    noted = rules.duty(here.election, school, DAY, None, role=StaffRole.PRESIDING, name="", staff="P", came="6:30")
    assert (noted.name, noted.came, noted.left) == ("管理者", "06:30", "")
    here.record(noted, rules.remark(here.election, school, DAY, None, "投票箱", "空であることを確かめた"))
    assert here.day is not None and len(here.day.duties) == len(here.day.remarks) == 1
    assert closed(here.gate()) == {}
    for name, came in (("", "7:00"), ("立会人", "7時")):
        with pytest.raises(RuleError):
            rules.duty(here.election, school, DAY, here.day, role=StaffRole.WITNESS, name=name, came=came)
