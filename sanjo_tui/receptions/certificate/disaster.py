"""One disaster as it was set up: frozen values. What no source confirmed is a parameter and says so on paper."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from sanjo_tui import numbers
from sanjo_tui.receptions.certificate.words import Grade, Kind

QR = "SANJO-RS1"
"""First part of what a certificate's QR code holds: version, number, keyed check."""

SERIAL = 5
"""Digits of the running number."""


class YearOf(StrEnum):
    """Which year a certificate number carries."""

    FISCAL = "年度"
    CALENDAR = "暦年"


@dataclass(frozen=True, slots=True)
class Band:
    """From this damage ratio (percent) on, or this flood depth (centimetres above the floor), the grade."""

    grade: Grade
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FloodRule:
    """Grades by depth. `applies_to`: the houses it is for, in words; `verified`: compared with its source."""

    bands: tuple[Band, ...]
    below_floor: Grade = Grade.PARTIAL
    applies_to: str = ""
    source: str = ""
    verified: bool = False

    def grade(self, above_floor_cm: int) -> Grade:
        """The grade of a depth above the floor; 0 and less is below it."""
        if above_floor_cm <= 0:
            return self.below_floor
        return next(band.grade for band in self.bands if above_floor_cm >= band.least)


@dataclass(frozen=True, slots=True)
class Range:
    """Running numbers of one station."""

    station: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disaster:
    """One disaster. `cause`: 罹災原因 as it is printed; `layout_confirmed_on`: when the forms were compared."""

    code: str
    name: str
    day: dt.date
    cause: str
    kinds: tuple[Kind, ...]
    ratios: tuple[Band, ...]
    ratios_verified: bool = False
    flood: FloodRule | None = None
    apply_from: dt.date
    apply_to: dt.date
    resurvey_days: int
    survey_days: int = 14
    """Days from application to the survey that is told to the applicant where nothing better is known."""
    statute: str = ""
    statute_verified: bool = False
    sentence: str = ""
    dwelling_note: str = ""
    mayor: str = ""
    houses: str = ""
    year_of: YearOf = YearOf.FISCAL
    ranges: tuple[Range, ...] = ()
    dwelling_uses: tuple[str, ...] = ()
    layout_confirmed_on: dt.date | None = None
    layout_source: str = ""
    fictitious: bool = False

    @property
    def scope(self) -> str:
        """Scope of its events."""
        return f"certificate.{self.code}"

    def grade_of_ratio(self, ratio: float) -> Grade:
        """The grade of a damage ratio in percent."""
        return next(band.grade for band in self.ratios if ratio >= band.least)

    def is_dwelling(self, use: str) -> bool:
        """Whether a house of this use can be a 住家."""
        return not self.dwelling_uses or use in self.dwelling_uses

    def year(self, day: dt.date) -> int:
        """The year in the numbers that are given on this day."""
        return day.year - (self.year_of is YearOf.FISCAL and day.month < 4)

    def range_of(self, station: str) -> Range:
        """The running numbers of a station; where none is set, all of them: the number carries the station's code."""
        return next((one for one in self.ranges if one.station == station), Range(station, 1, 10 ** SERIAL - 1))


def certificate_no(year: int, station: str, serial: int) -> str:
    """年-局-連番-検査数字. A number is never twelve digits long: nobody takes it for a 個人番号."""
    digits = SERIAL + (station.isdigit() and len(f"{year}{station}") + SERIAL + 1 == 12)
    body = f"{year}{station}{serial:0{digits}}"
    return f"{year}-{station}-{serial:0{digits}}-{numbers.luhn_digit(body)}"


def read_certificate_no(text: str) -> tuple[int, str, int] | None:
    """Year, station and running number; None where it is no such number or its check digit is wrong."""
    parts = text.strip().upper().split("-")
    if len(parts) != 4 or not (parts[0] + parts[2] + parts[3]).isascii() or not parts[1].isalnum():
        return None
    year, station, serial, _ = parts
    if not (len(year) == 4 and year.isdigit() and serial.isdigit() and station.isascii()):
        return None
    found = int(year), station, int(serial)
    return found if certificate_no(*found) == text.strip().upper() else None
