"""Japanese eras, and register dates that may be unknown or off the calendar (domain/register.md §3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

JST = dt.timezone(dt.timedelta(hours=9), "JST")
"""Every station shows and prints Japanese time, whatever the laptop is set to."""


class Precision(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SEASON = "season"
    UNKNOWN = "unknown"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class RegisterDate:
    """A date as delivered (`raw`), a best guess for sorting (`sort_key`, `YYYY-MM-DD` or ""), and what is known of it."""

    raw: str
    sort_key: str = ""
    precision: Precision = Precision.UNKNOWN
