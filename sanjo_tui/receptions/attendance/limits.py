"""上限確認, forecast, monthly rounding, rest between two days. Sources and what is unverified: docs/attendance.md."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sanjo_tui.receptions.attendance.rules import Day
from sanjo_tui.receptions.attendance.setup import Profile, Setup


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """A month of somebody, in minutes."""

    overtime: int = 0
    holiday: int = 0
    night: int = 0
    worked: int = 0
    presence: int = 0
    outside: int = 0
    ordered: int = 0
    days: int = 0
    open_questions: int = 0

    @property
    def both(self) -> int:
        """時間外 and 休日 together, as <100 and <=80 count."""
        return self.overtime + self.holiday


def sums(days: Iterable[Day]) -> Sums:
    """Exact to the minute; no day is rounded."""
    listed = list(days)
    return Sums(**{name: sum(getattr(day, name) for day in listed) for name in (
        "overtime", "holiday", "night", "worked", "presence", "outside", "ordered")},
        days=sum(1 for day in listed if day.presence), open_questions=sum(1 for day in listed if day.questions))


def rounded_hours(minutes: int, rule: str = "s63") -> int | None:
    """A month's total of one class in whole hours: below 30 minutes down, from 30 up (昭和63年基発150号).

    None where the municipality does not round.
    """
    return (minutes + 30) // 60 if rule == "s63" else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A limit that is passed. `code` names the rule; `minutes` what counted, `limit` minutes (times for `times`)."""

    code: str
    text: str
    minutes: int
    limit: int


def fiscal_year(month: str) -> int:
    """4/1 to 3/31."""
    year, number = int(month[:4]), int(month[5:7])
    return year if number >= 4 else year - 1


def before(month: str, n: int) -> str:
    """The month n months earlier."""
    at = int(month[:4]) * 12 + int(month[5:7]) - 1 - n
    return f"{at // 12:04}-{at % 12 + 1:02}"


def check(profile: Profile, months: Mapping[str, Sums], month: str) -> tuple[Finding, ...]:
    """What the profile's limits say at the end of `month`. `months`: one person's, transfers add up."""
    now = months.get(month, Sums())
    year = [one for key, one in months.items() if fiscal_year(key) == fiscal_year(month) and key <= month]
    found: list[Finding] = []

    def over(code: str, text: str, minutes: int, hours: int) -> None:
        if hours and minutes > hours * 60:
            found.append(Finding(code=code, text=f"{text} {hours}時間を超過", minutes=minutes, limit=hours * 60))

    over("month", "月", now.overtime, profile.month)
    over("year", "年", sum(one.overtime for one in year), profile.year)
    if profile.below_month and now.both >= profile.below_month * 60:
        found.append(Finding(code="below_month", text=f"月(休日を含む) {profile.below_month}時間以上",
                             minutes=now.both, limit=profile.below_month * 60))
    if profile.average:
        for n in range(2, 7):
            span = [months[key] for key in (before(month, back) for back in range(n)) if key in months]
            total = sum(one.both for one in span)
            if len(span) == n and total > profile.average * 60 * n:
                found.append(Finding(code=f"average_{n}", text=f"{n}か月平均 {profile.average}時間を超過",
                                     minutes=total // n, limit=profile.average * 60))
    if profile.over_times:
        times = sum(one.overtime > profile.over_month * 60 for one in year)
        if times > profile.over_times:
            found.append(Finding(code="times", text=f"{profile.over_month}時間超が年{times}回", minutes=times,
                                 limit=profile.over_times))
    return tuple(found)


def forecast(minutes: int, done: int, whole: int) -> int:
    """What the month comes to at this pace. `done` and `whole`: business days so far and in the month."""
    return minutes * whole // done if done else minutes


def step(minutes: int, steps: Sequence[int]) -> int:
    """The highest step (hours) that is passed; 0 for none."""
    return max((hours for hours in steps if minutes > hours * 60), default=0)


def short_rests(days: Mapping[dt.date, Day], setup: Setup) -> tuple[tuple[dt.date, int], ...]:
    """Days that began less than the interval after the last departure, with the minutes between."""
    found: list[tuple[dt.date, int]] = []
    last: int | None = None
    for day in sorted(days):
        one = days[day]
        if last is not None and one.start is not None and 0 <= one.start - last < setup.interval_hours * 60:
            found.append((day, one.start - last))
        last = one.end if one.clear and one.end is not None else None if one.start is not None else last
    return tuple(found)
