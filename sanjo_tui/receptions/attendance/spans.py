"""Stretches of minutes as sorted pairs (from, to), `to` not counted: what rules of working time are made of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import lru_cache

Spans = tuple[tuple[int, int], ...]
"""Minutes since 1970-01-01 00:00 local; apart and in order."""

DAY = 1440


def minute_of(at: str) -> int:
    """A local moment `YYYY-MM-DDTHH:MM[:SS]` in whole minutes; seconds are cut off, they are kept in the punch."""
    return _midnight(at[:10]) + int(at[11:13]) * 60 + int(at[14:16])


@lru_cache(maxsize=4096)
def _midnight(day: str) -> int:
    return day_start(dt.date.fromisoformat(day))


def day_start(day: dt.date) -> int:
    """Its midnight."""
    return (day.toordinal() - 719163) * DAY


def date_of(minute: int) -> dt.date:
    """The calendar day of a minute."""
    return dt.date.fromordinal(minute // DAY + 719163)


def union(*many: Iterable[tuple[int, int]]) -> Spans:
    """All minutes of any."""
    found: list[tuple[int, int]] = []
    given = [span for spans in many for span in spans if span[0] < span[1]]
    if len(given) < 2:
        return tuple(given)
    for start, end in sorted(given):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def both(a: Spans, b: Spans) -> Spans:
    """Minutes that are in both."""
    return union((max(s, p), min(e, q)) for s, e in a for p, q in b)


def without(a: Spans, b: Spans) -> Spans:
    """Minutes of `a` that are not in `b`."""
    left = list(a)
    for p, q in b:
        left = [part for s, e in left for part in ((s, min(e, p)), (max(s, q), e)) if part[0] < part[1]]
    return union(left)


def total(spans: Spans) -> int:
    """How many minutes."""
    return sum(end - start for start, end in spans)


def daily(first: int, last: int, start: int, end: int) -> Spans:
    """A stretch of every day around [first, last], in minutes after midnight; over midnight where `end` <= `start`."""
    length = (end - start) % DAY or DAY
    days = range(first // DAY - 1, last // DAY + 1)
    return union((day * DAY + start, day * DAY + start + length) for day in days)
