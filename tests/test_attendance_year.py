"""A generated year of all shifts, summed by the rules and by a reckoning without their code: equal to the minute."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjo_tui.receptions.attendance import limits, rules
from tests.attendance_ground import Person, _usual, reckon, the_setup, year

SETUP = the_setup()


def by_rules(one: Person) -> dict[str, tuple[int, int, int, int, int]]:
    """The same sums by the rules of the desk."""
    def shift_on(day: dt.date):
        return SETUP.shifts[one.planned.get(day) or _usual(one, day)]

    orders = [(start.isoformat(), end.isoformat()) for _, start, end in one.orders]
    found = rules.days(one.as_punches(), orders, SETUP, shift_on)
    punched = {each.work_date for each in rules.sessions(one.as_punches(), SETUP, shift_on)}
    months: dict[str, list[rules.Day]] = {}
    for day, each in found.items():
        if day in punched:
            months.setdefault(f"{day:%Y-%m}", []).append(each)
    return {month: (total.overtime, total.holiday, total.night, total.worked,
                    sum(bool(each.questions) or each.is_open for each in listed))
            for month, listed in months.items() for total in (limits.sums(listed),)}


def both(people: int, days: int, seed: int) -> tuple[int, int, int]:
    """Compares everybody; gives minutes of overtime, days in doubt and night minutes that were compared."""
    overtime = doubt = night = 0
    for one in year(people, days, seed):
        second = reckon(one)
        assert by_rules(one) == second, one.staff_no
        overtime += sum(month[0] + month[1] for month in second.values())
        doubt += sum(month[4] for month in second.values())
        night += sum(month[2] for month in second.values())
    return overtime, doubt, night


def test_a_quarter_of_some_staff_is_summed_twice_to_the_minute():
    overtime, doubt, night = both(25, 92, seed=7)
    assert overtime > 10_000 and doubt > 20 and night > 1000


@pytest.mark.slow
def test_a_year_of_800_staff_is_summed_twice_to_the_minute():
    overtime, doubt, night = both(800, 365, seed=2026)
    assert overtime > 1_000_000 and doubt > 2000 and night > 100_000
