"""The rules of 出退勤: bugs that other systems published, boundaries, breaks, limits; properties."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.attendance import events as ev
from sanjo_tui.receptions.attendance import limits, rules, setup, spans
from sanjo_tui.receptions.attendance.limits import Sums
from sanjo_tui.receptions.attendance.state import Punch, Sheet, apply, in_order
from sanjo_tui.receptions.attendance.words import Kind, Question, Source, month_of
from tests.attendance_ground import SAMPLE, always, at, taps, the_setup

SETUP = the_setup()
D = dt.date(2026, 11, 24)


def days(*lines: str, shift: str = "D", orders: tuple = (), given_setup=SETUP):
    return rules.days(taps(*lines), orders, given_setup, always(shift))


def orders(*pairs: str):
    return tuple(tuple(at(part).isoformat() for part in pair.split("-")) for pair in pairs)


# --- published bugs of others

def test_odoo_29645_a_forgotten_departure_never_turns_the_next_arrival_into_one():
    found = days("in 24 08:25", "in 25 08:26", "out 25 17:20")
    assert found[D].questions == (Question.NO_OUT,) and found[D].end is None and found[D].worked == 0
    assert found[D + dt.timedelta(1)].clear and found[D + dt.timedelta(1)].start == spans.minute_of("2026-11-25T08:26")


def test_odoo_29645_a_night_from_22_to_2_is_one_pair_of_its_first_day():
    found = days("in 24 21:55", "out 25 02:10", shift="S")
    assert list(found) == [D] and found[D].clear and found[D].presence == 255


def test_frappe_3353_a_new_day_begins_with_an_arrival_whatever_was_forgotten():
    assert SETUP.mode_at(8 * 60 + 25) is Kind.IN and SETUP.mode_at(17 * 60 + 20) is Kind.OUT
    assert days("in 23 08:25", "in 24 08:25", "out 24 17:20")[D].clear


def test_frappe_pr_3408_midnight_ends_nothing():
    found = rules.sessions(taps("in 24 08:25"), SETUP, always("D"))
    assert found[0].end is None and found[0].is_open
    assert rules.forgotten(found[0], spans.minute_of("2026-11-25T08:00"), SETUP, always("D"))
    assert not rules.forgotten(found[0], spans.minute_of("2026-11-25T04:59"), SETUP, always("D"))


def test_horilla_21_a_request_counts_only_after_somebody_else_approved():
    sheet = folded(requested(), )
    assert [one.punch for one in sheet.counted] == [Kind.IN]
    same = folded(requested(), decided(by="1001"))
    assert [one.punch for one in same.counted] == [Kind.IN] and same.requests[0].waits
    other = folded(requested(), decided(by="K01"))
    assert [one.punch for one in other.counted] == [Kind.IN, Kind.OUT]
    assert other.punches == sheet.punches, "the raw punches never change"
    assert [one.punch for one in folded(requested(), decided(by="K01", approved=False)).counted] == [Kind.IN]


def test_horilla_283_hours_are_computed_never_typed():
    fields = {field.name for kind in (ev.Punched, ev.CorrectionRequested, ev.CorrectionDecided, ev.GapExplained)
              for field in dataclasses.fields(kind)}
    assert not {name for name in fields if "hour" in name or "minute" in name or "worked" in name}


def test_horilla_22_a_request_needs_a_moment_a_kind_and_a_reason_alone():
    required = {field.name for field in dataclasses.fields(ev.CorrectionRequested)
                if field.default is dataclasses.MISSING} - {"subject"}
    assert required == {"corrects", "punched_at", "punch", "before", "reason", "requested_by"}


def test_a_second_tap_within_a_minute_is_the_same():
    found = rules.single(taps("in 24 08:25:00", "in 24 08:25:59", "out 24 17:20:00", "out 24 17:21:00"), SETUP)
    assert [one.at[11:] for one in found] == ["08:25:00", "17:20:00", "17:21:00"]


# --- days

def test_two_pairs_of_a_forgotten_departure_and_a_forgotten_arrival_are_no_long_day():
    found = days("in 24 08:25", "out 25 17:20")
    assert found[D].questions == (Question.TOO_LONG,) and found[D].worked == 0


def test_overtime_past_midnight_stays_with_its_day_until_the_boundary():
    assert days("in 24 08:25", "out 25 05:00")[D].clear
    assert days("in 24 08:25", "out 25 05:01")[D].questions == (Question.TOO_LONG,)


@pytest.mark.parametrize(("came", "shift", "date"), [
    ("25 04:59", "D", 24), ("25 05:00", "D", 25), ("25 04:40", "E", 25), ("25 04:20", "E", 24), ("25 00:30", "S", 24)])
def test_the_day_begins_at_five_and_an_early_shift_takes_whoever_comes_just_before(came, shift, date):
    assert rules.work_date(at(came).isoformat(), SETUP, always(shift)).day == date


def test_seconds_are_kept_in_the_punch_and_cut_off_in_the_count():
    found = days("in 24 08:29:59", "out 24 17:15:59")[D]
    assert (found.start, found.end) == (spans.minute_of("2026-11-24T08:29"), spans.minute_of("2026-11-24T17:15"))
    assert found.worked == 7 * 60 + 46


def test_overtime_is_what_was_ordered_and_worked_and_the_rest_is_a_gap():
    found = days("in 24 08:00", "out 24 20:00", orders=orders("24 17:15-24 19:00"))[D]
    assert (found.overtime, found.outside, found.ordered, found.gap) == (105, 30 + 165, 105, 90)


def test_work_on_a_day_off_is_holiday_work():
    found = days("in 24 09:00", "out 24 12:30", shift="W", orders=orders("24 09:00-24 12:00"))[D]
    assert (found.overtime, found.holiday, found.outside) == (0, 180, 210)


def test_night_counts_from_22_to_5_without_the_break():
    found = days("in 24 17:10", "out 25 08:35", shift="S")[D]
    assert found.clear and found.night == 7 * 60 - 4 * 60 and found.work_date == D


def test_a_punched_break_takes_the_place_of_the_usual_one():
    found = days("in 24 08:30", "break 24 12:00", "back 24 12:40", "out 24 17:15")[D]
    assert (found.rest, found.worked, found.short_break) == (40, 485, True)


def test_errands_are_work_or_not_as_the_set_up_says():
    lines = ("in 24 08:30", "outing 24 10:00", "return 24 11:30", "out 24 17:15")
    private = dataclasses.replace(SETUP, outing_is_work=False)
    assert days(*lines)[D].worked - days(*lines, given_setup=private)[D].worked == 90


@pytest.mark.parametrize(("lines", "question"), [
    (("out 24 17:15",), Question.NO_IN), (("in 24 08:30", "break 24 12:00", "out 24 17:15"), Question.NO_RETURN),
    (("in 24 08:30", "back 24 12:00", "out 24 17:15"), Question.ODD_ORDER),
    (("in 24 08:30", "break 24 10:00", "outing 24 11:00", "return 24 12:00", "out 24 17:15"), Question.ODD_ORDER)])
def test_what_is_unclear_is_asked_and_counts_nothing(lines, question):
    found = days(*lines)[D]
    assert found.questions == (question,) and (found.worked, found.night, found.overtime) == (0, 0, 0)


def test_an_approved_departure_settles_a_pair_that_was_too_long():
    first, last = taps("in 24 08:25", "out 25 06:10")
    again = Punch(at=last.at, number="T-9", punch=Kind.OUT, source=Source.ADMIN, corrects=last.number)
    found = rules.days([first, again], (), SETUP, always("D"))[D]
    assert found.clear and found.corrected


# --- limits

def test_the_month_alone_is_rounded():
    assert [limits.rounded_hours(minutes) for minutes in (0, 29, 30, 89, 90, 2729)] == [0, 0, 1, 1, 2, 45]
    assert limits.rounded_hours(89, "none") is None


def codes(profile: str, months: dict[str, tuple[int, int]], month: str) -> list[str]:
    given = {key: Sums(overtime=o, holiday=h) for key, (o, h) in months.items()}
    return [one.code for one in limits.check(SETUP.profiles[profile], given, month)]


def test_ordinary_sections_45_a_month_and_360_a_year_without_holiday_work():
    assert codes("general", {"2026-11": (45 * 60, 600)}, "2026-11") == []
    assert codes("general", {"2026-11": (45 * 60 + 1, 0)}, "2026-11") == ["month"]
    year = {f"2026-{month:02}": (45 * 60, 0) for month in range(4, 12)}
    assert codes("general", year, "2026-11") == []
    assert codes("general", {**year, "2026-12": (1, 0)}, "2026-12") == ["year"]
    assert codes("general", {**year, "2027-04": (45 * 60, 0)}, "2027-04") == []


def test_demand_driven_sections_below_100_and_average_80_with_holiday_work():
    assert codes("demand", {"2026-11": (90 * 60, 10 * 60 - 1)}, "2026-11") == []
    assert codes("demand", {"2026-11": (90 * 60, 10 * 60)}, "2026-11") == ["below_month"]
    two = {"2026-10": (80 * 60, 0), "2026-11": (70 * 60, 10 * 60)}
    assert codes("demand", two, "2026-11") == []
    assert codes("demand", {**two, "2026-11": (70 * 60, 10 * 60 + 1)}, "2026-11") == ["average_2"]


def test_the_average_looks_back_over_the_new_year_of_the_rules():
    months = {"2027-03": (85 * 60, 0), "2027-04": (80 * 60, 0)}
    assert codes("demand", months, "2027-04") == ["average_2"]


def test_over_45_at_most_six_months_a_year_and_720():
    months = {f"2026-{month:02}": (46 * 60, 0) for month in range(4, 10)}
    assert codes("demand", months, "2026-09") == []
    assert codes("demand", {**months, "2026-10": (46 * 60, 0)}, "2026-10") == ["times"]
    heavy = {f"2026-{month:02}": (79 * 60, 0) for month in range(4, 13)}
    assert "year" not in codes("demand", heavy, "2026-12")
    assert "year" in codes("demand", {**heavy, "2027-01": (10 * 60, 0)}, "2027-01")


def test_managers_have_no_limit():
    assert codes("manager", {"2026-11": (200 * 60, 0)}, "2026-11") == []


def test_the_pace_and_its_steps():
    assert limits.forecast(30 * 60, 10, 20) == 60 * 60
    assert [limits.step(hours * 60 + 1, SETUP.steps) for hours in (10, 45, 60, 80, 100)] == [0, 45, 60, 80, 100]
    assert limits.step(45 * 60, SETUP.steps) == 0


def test_less_than_eleven_hours_between_two_days():
    found = days("in 24 08:30", "out 24 23:00", "in 25 09:59", "out 25 18:00", "in 26 08:30", "out 26 17:15")
    assert limits.short_rests(found, SETUP) == ((dt.date(2026, 11, 25), 10 * 60 + 59),)


# --- set-up

def test_the_sample_is_whole_and_says_what_is_not_verified():
    assert SETUP.sample and "profiles" in SETUP.unverified
    assert {profile.name for profile in SETUP.profiles.values()} == {"一般", "他律的業務", "36協定", "管理職"}


@pytest.mark.parametrize(("old", "new", "says"), [
    ('boundary = "05:00"', 'boundary = "5"', "時刻ではありません"),
    ('rounding = "s63"', 'rounding = "day"', "日ごとの端数処理"),
    ('profile = "demand"', 'profile = "none"', "profile none はありません"),
    ('kind = "out"', 'kind = "toggle"', "kind は"),
    ("gap_minutes = 30", "gap_minutes = -1", "0 以上の整数"),
    ('encoding = "cp932"', 'encoding = "sjis"', "pay.encoding"),
    ("sample = true", "sampel = true", "sampel という項目はありません"),
    ('rest_shift = "W"', "", "rest_shift")])
def test_a_set_up_with_a_mistake_is_refused_in_words(old, new, says):
    found, problems = setup.read(SAMPLE.replace(old.encode(), new.encode(), 1))
    assert found is None and any(says in problem for problem in problems), problems


# --- the fold

def recorded(event, seq: int) -> Recorded:
    return Recorded(station="A", seq=seq, hlc=seq, at_ms=0, operator="op", event=event)


def requested():
    return ev.CorrectionRequested(subject="1001", corrects="", punched_at="2026-11-24T17:20:00", punch=Kind.OUT,
                                  before="打刻なし", reason="打刻忘れ", requested_by="1001")


def decided(by: str, *, approved: bool = True):
    return ev.CorrectionDecided(subject="1001", request="A-2", approved=approved, approved_by=by,
                                approved_at="2026-11-25T09:00:00")


def folded(*events) -> Sheet:
    first = ev.Punched(subject="1001", punched_at="2026-11-24T08:25:00", punch=Kind.IN, station_id="A")
    sheet = None
    for seq, event in enumerate((first, *events), 1):
        sheet = apply(sheet, recorded(event, seq))
    assert sheet is not None
    return sheet


# --- properties

MOMENTS = st.datetimes(dt.datetime(2026, 11, 1), dt.datetime(2026, 11, 9)).map(lambda one: one.replace(microsecond=0))
PUNCHES = st.lists(st.tuples(MOMENTS, st.sampled_from(list(Kind))), max_size=20)
SHIFTS = st.sampled_from(list(SETUP.shifts))


def punches_of(pairs) -> list[Punch]:
    return list(in_order(Punch(at=moment.isoformat(), number=f"T-{n:03}", punch=kind, station_id="T")
                         for n, (moment, kind) in enumerate(pairs)))


@given(PUNCHES, SHIFTS)
def test_no_minute_is_invented_and_none_counts_twice(pairs, shift):
    punches = punches_of(pairs)
    found = rules.days(punches, (), SETUP, always(shift))
    moments = {spans.minute_of(one.at) for one in punches}
    for one in found.values():
        assert {one.start, one.end} - {None} <= moments
        assert one.worked <= one.presence and one.night <= one.worked and one.outside <= one.worked
        assert one.clear or one.worked == one.presence == 0
    assert sum(one.presence for one in found.values()) <= 9 * 1440


@given(PUNCHES, SHIFTS)
def test_every_punch_that_is_no_double_belongs_to_exactly_one_day(pairs, shift):
    punches = punches_of(pairs)
    placed = [one for each in rules.sessions(punches, SETUP, always(shift)) for one in each.punches]
    assert placed == rules.single(punches, SETUP)


SPANS = st.lists(st.tuples(st.integers(0, 60), st.integers(0, 60)).map(sorted).map(tuple), max_size=6)


@given(SPANS, SPANS)
def test_spans_are_sets_of_minutes(one, other):
    a, b = spans.union(one), spans.union(other)
    sets = [{minute for start, end in each for minute in range(start, end)} for each in (a, b)]
    for made, wanted in ((spans.union(a, b), sets[0] | sets[1]), (spans.both(a, b), sets[0] & sets[1]),
                         (spans.without(a, b), sets[0] - sets[1])):
        assert spans.total(made) == len(wanted)
        assert {minute for start, end in made for minute in range(start, end)} == wanted


@given(MOMENTS)
def test_a_punch_is_kept_in_the_month_of_its_day(moment):
    day = spans.date_of(spans.minute_of(moment.isoformat()) - SETUP.boundary)
    assert month_of(moment, SETUP.boundary) == f"{day:%Y-%m}"
