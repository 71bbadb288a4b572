"""Business days of a town hall: not Saturday, Sunday, a national holiday, nor 12-29 to 1-3 (docs/library.md).

The calendar of holidays (国民の祝日に関する法律) is a library's, so that nobody maintains a table here.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator


def is_holiday(day: dt.date) -> bool:
    """A 国民の祝日, its substitute, or the day between two."""
    import jpholiday  # a table of dates that a shelter never needs

    return bool(jpholiday.is_holiday(day))


def is_business_day(day: dt.date) -> bool:
    """Whether the hall is open."""
    new_year = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
    return day.weekday() < 5 and not new_year and not is_holiday(day)


def next_business_day(day: dt.date) -> dt.date:
    """The first one after `day`."""
    while not is_business_day(day := day + dt.timedelta(days=1)):
        pass
    return day


def business_days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    """Those from `first` to `last`, both counted."""
    for n in range((last - first).days + 1):
        day = first + dt.timedelta(days=n)
        if is_business_day(day):
            yield day
