"""Eras, entry forms, and dates that are unknown or off the calendar."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui import wareki
from sanjo_tui.wareki import Precision, parse, register_date, typed

TODAY = dt.date(2026, 11, 24)


@pytest.mark.parametrize(("text", "key"), [
    ("3230229", "1948-02-29"), ("S23.2.29", "1948-02-29"), ("s23/2/29", "1948-02-29"),
    ("昭和23年2月29日", "1948-02-29"),
    ("19480229", "1948-02-29"), ("1948-02-29", "1948-02-29"), ("1948/2/29", "1948-02-29"),
    ("1948年2月29日", "1948-02-29"),
    ("4050101", "1993-01-01"), ("2151225", "1926-12-25"), ("大正15年12月25日", "1926-12-25"),
    ("昭和元年12月25日", "1926-12-25"),
    ("明治45年7月30日", "1912-07-30"), ("大正元年7月30日", "1912-07-30"), ("平成31年4月30日", "2019-04-30"),
    ("平成31年5月1日", "2019-05-01"), ("令和元年5月1日", "2019-05-01"), ("R1.5.1", "2019-05-01"),
    ("昭和64年1月7日", "1989-01-07"),
    ("平成元年1月8日", "1989-01-08"), ("昭和６４年１月８日", "1989-01-08"), ("Ｓ２３．２．２９", "1948-02-29"),
    ("S230229", "1948-02-29"),
])
def test_every_entry_form(text: str, key: str) -> None:
    date = typed(text)
    assert date is not None and date.sort_key == key and date.precision is Precision.DAY


@pytest.mark.parametrize("text", ["18991231", "20400101", "8050101", "0050101", "1234567", "佐藤", "", "12", "9501332",
                                  "3231329", "S23", "1948", "0012345678", "昭和0年1月1日"])
def test_other_text_is_no_date(text: str) -> None:
    assert typed(text) is None


@pytest.mark.parametrize(("text", "key"), [("19470229", "1947-02-29"), ("S22.2.29", "1947-02-29"),
    ("2026-11-31", "2026-11-31")])
def test_days_off_the_calendar_are_kept(text: str, key: str) -> None:
    date = parse(text)
    assert (date.raw, date.sort_key, date.precision) == (text, key, Precision.INVALID)
    assert date.calendar_day is None and typed(text) == date


def test_a_day_off_the_calendar_still_has_an_age() -> None:
    assert parse("19470229").age_on(dt.date(2026, 2, 28)) == 78
    assert parse("19470229").age_on(dt.date(2026, 3, 1)) == 79
    assert parse("19470229").wareki() == "昭和22年2月29日"


@pytest.mark.parametrize(("text", "key", "precision"), [
    ("令和2年頃", "2020-01-01", Precision.YEAR), ("昭和10年5月頃", "1935-05-01", Precision.MONTH),
    ("昭和10年5月3日頃", "1935-05-03", Precision.MONTH), ("推定昭和10年5月3日", "1935-05-03", Precision.YEAR),
    ("推定昭和10年5月", "1935-05-01", Precision.YEAR), ("昭和10年春", "1935-03-01", Precision.SEASON),
    ("昭和10年5月上旬", "1935-05-01", Precision.MONTH), ("昭和10年5月中旬頃", "1935-05-01", Precision.MONTH),
    ("昭和10年 月日不詳", "1935-01-01", Precision.YEAR), ("昭和10年5月 日不詳", "1935-05-01", Precision.MONTH),
    ("年月日不詳", "", Precision.UNKNOWN), ("19480000", "1948-01-01", Precision.YEAR),
    ("19480500", "1948-05-01", Precision.MONTH),
    ("昭和10年5月1日から昭和10年5月9日頃までの間", "1935-05-01", Precision.YEAR), ("", "", Precision.UNKNOWN),
    ("1950年頃", "1950-01-01", Precision.YEAR), ("20001301", "", Precision.UNKNOWN),
    ("19991232", "", Precision.UNKNOWN),
])
def test_unknown_forms_of_the_standard(text: str, key: str, precision: Precision) -> None:
    date = parse(text)
    assert (date.raw, date.sort_key, date.precision) == (text, key, precision)
    assert date.age_on(TODAY) is None or date.exact


def test_ages_of_dates_that_are_not_exact() -> None:
    assert parse("昭和10年頃").age_text(TODAY) == "90か91"
    assert parse("昭和10年5月頃").age_text(TODAY) == "91"
    assert parse("昭和10年12月頃").age_text(TODAY) == "90"
    assert parse("昭和10年11月頃").age_text(TODAY) == "90か91"
    assert parse("年月日不詳").age_text(TODAY) == "不詳"
    assert parse("2027-01-01").age_text(TODAY) == "不詳" and parse("2026-11-24").age_text(TODAY) == "0"
    assert parse("19740101").age_text(TODAY) == "52"


def test_a_guessed_day_is_never_shown() -> None:
    date = register_date("19350701", True, "昭和10年頃")
    assert (date.wareki(), date.sort_key, date.precision) == ("昭和10年頃", "1935-01-01", Precision.YEAR)
    assert date.age_on(TODAY) is None
    blank = register_date("", True)
    assert (blank.wareki(), blank.age_text(TODAY)) == ("年月日不詳", "不詳")
    guessed = register_date("19350701", True)
    assert (guessed.raw, guessed.wareki(), guessed.sort_key) == ("19350701", "年月日不詳", "1935-07-01")
    assert guessed.age_text(TODAY) == "不詳"


def test_the_register_s_own_era_is_written() -> None:
    assert register_date("19261225", era="2").wareki() == "大正15年12月25日"
    assert register_date("19261225", era="3").wareki() == "昭和元年12月25日"
    assert register_date("19261225").wareki() == "昭和元年12月25日"
    assert register_date("明治45年7月30日").wareki() == "明治45年7月30日"
    assert register_date("19480229", era="5").wareki() == "昭和23年2月29日"


def test_written_forms() -> None:
    assert wareki.short(dt.date(2026, 11, 23)) == "R8.11.23"
    assert wareki.short(dt.date(2019, 5, 1)) == "R1.5.1"
    assert wareki.wareki(dt.date(2019, 5, 1)) == "令和元年5月1日"
    assert parse("19480229").short() == "S23.2.29" and parse("19480229").seireki() == "1948年2月29日"
    assert wareki.today(dt.datetime(2026, 11, 23, 15, 30, tzinfo=dt.UTC)) == TODAY


def test_impossible_years_of_an_era_are_understood_and_noticed() -> None:
    date = parse("昭和65年1月1日")
    assert (date.sort_key, date.precision) == ("1990-01-01", Precision.INVALID)
    assert wareki.impossible_era("昭和65年1月1日") and wareki.impossible_era("H32.1.1")
    assert not wareki.impossible_era("昭和64年1月1日") and not wareki.impossible_era("19900101")


@given(st.dates(dt.date(1900, 1, 1), dt.date(2039, 12, 31)))
def test_what_is_written_is_read_again(day: dt.date) -> None:
    for text in (wareki.wareki(day), wareki.short(day), day.isoformat(), f"{day:%Y%m%d}"):
        date = typed(text)
        assert date is not None and date.calendar_day == day


@given(st.text(max_size=20))
def test_any_text_is_kept_as_it_came(text: str) -> None:
    date = parse(text)
    assert date.raw == text
    assert date.age_text(TODAY)
