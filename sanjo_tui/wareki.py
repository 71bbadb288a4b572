"""Japanese eras, and register dates that may be unknown or off the calendar (docs/register.md §2).

A register date is never corrected: `raw` stays as delivered, `sort_key` is a best guess for sorting and searching.
29 February of a common year, 明治45年7月30日 and 大正15年12月25日 are legal; みなし日付 are never shown as the record.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

JST = dt.timezone(dt.timedelta(hours=9), "JST")
"""Every station shows and prints Japanese time, whatever the laptop is set to."""


@dataclass(frozen=True, slots=True)
class Era:
    """One era: `first` is its first day (Gregorian), `years` the greatest year that was ever written with it."""

    name: str
    letter: str
    first: dt.date
    years: int

    @property
    def offset(self) -> int:
        """Gregorian year = era year + offset."""
        return self.first.year - 1


ERAS = (
    Era("明治", "M", dt.date(1868, 1, 25), 45),
    Era("大正", "T", dt.date(1912, 7, 30), 15),
    Era("昭和", "S", dt.date(1926, 12, 25), 64),
    Era("平成", "H", dt.date(1989, 1, 8), 31),
    Era("令和", "R", dt.date(2019, 5, 1), 99),
)
"""In the order of the codes 1 to 5 that registers and 7-digit dates use."""


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
    """A date as delivered (`raw`), a best guess for sorting (`sort_key`, `YYYY-MM-DD` or ""), and what is known of it.

    `sort_key` of an INVALID date keeps the day as written (`1947-02-29`): it is text, not always a calendar day.
    `text` is the register's own wording of an unknown date (不詳表記); `era` its era code "1" to "5", or "".
    """

    raw: str
    sort_key: str = ""
    precision: Precision = Precision.UNKNOWN
    text: str = ""
    era: str = ""

    @property
    def exact(self) -> bool:
        """Year, month and day are written, be it a calendar day or not."""
        return self.precision in (Precision.DAY, Precision.INVALID) and bool(self.sort_key)

    @property
    def calendar_day(self) -> dt.date | None:
        """The day itself, when it is known and on the calendar."""
        return dt.date.fromisoformat(self.sort_key) if self.precision is Precision.DAY else None

    def age_on(self, day: dt.date) -> int | None:
        """Age in whole years on `day`; None unless the birth day is written, or before birth."""
        if not self.exact:
            return None
        year, month, born = _parts(self.sort_key)
        age = day.year - year - ((day.month, day.day) < (month, born))
        return age if age >= 0 else None

    def age_text(self, day: dt.date) -> str:
        """Age for a screen or a page: `52`, `51か52` where only month or year is known, else 不詳."""
        if self.exact:
            age = self.age_on(day)
            return "不詳" if age is None else str(age)
        if not self.sort_key or self.precision is Precision.UNKNOWN:
            return "不詳"
        year, month, _ = _parts(self.sort_key)
        older = day.year - year
        if self.precision is Precision.MONTH and month != day.month:
            older -= month > day.month
            return str(older) if older >= 0 else "不詳"
        if older < 1:
            return "0" if older == 0 else "不詳"
        return f"{older - 1}か{older}"

    def wareki(self) -> str:
        """昭和23年2月29日, as the register has it; the register's own wording where the date is not fully known."""
        if self.text or not self.exact or any(era.name in self.raw for era in ERAS):
            return self.text or self.raw or "不詳"
        return _in_era(self.sort_key, self.era, "{0.name}{1}年{2}月{3}日")

    def seireki(self) -> str:
        """1948年2月29日: how a foreign resident's birth date is written, without an era."""
        if self.text or not self.exact:
            return self.text or self.raw or "不詳"
        year, month, day = _parts(self.sort_key)
        return f"{year}年{month}月{day}日"

    def short(self) -> str:
        """S23.2.29, for a narrow column; the register's own wording where the date is not fully known."""
        if self.text or not self.exact:
            return self.text or self.raw or "不詳"
        return _in_era(self.sort_key, self.era, "{0.letter}{1}.{2}.{3}").replace("元", "1")


def today(now: dt.datetime) -> dt.date:
    """The Japanese day at a moment; `now` carries a time zone."""
    return now.astimezone(JST).date()


def wareki(day: dt.date) -> str:
    """令和8年11月23日."""
    return _in_era(day.isoformat(), "", "{0.name}{1}年{2}月{3}日")


def short(day: dt.date) -> str:
    """R8.11.23, as it stands in the header."""
    return _in_era(day.isoformat(), "", "{0.letter}{1}.{2}.{3}").replace("元", "1")


def typed(text: str) -> RegisterDate | None:
    """A whole date as people type it, or None: 2151225, S23.2.29, 昭和23年2月29日, 19480229, 1948-02-29, 1948/2/29.

    Eight digits count from 19000101 to 20399999 (others are numbers, not dates); seven are era code and YYMMDD.
    """
    plain = _plain(text)
    if re.fullmatch(r"[0-9]{8}", plain) and not "1900" <= plain[:4] <= "2039":
        return None
    found = _whole(plain)
    return RegisterDate(text, *found) if found else None


@lru_cache(maxsize=65536)
def register_date(raw: str, unknown: bool = False, text: str = "", era: str = "") -> RegisterDate:
    """A date column as delivered, with its 不詳 flag, 不詳表記 and era code. Never fails: see `readable`.

    With the flag set a date in `raw` is a みなし日付: it sorts, but is neither shown nor an age computed from its day.
    """
    if not unknown:
        return _with_era(parse(raw), era)
    said = parse(text or raw)
    guess = _whole(_plain(raw))
    precision = Precision.UNKNOWN if said.exact and not text else said.precision
    sort_key = said.sort_key or (guess[0] if guess else "")
    return RegisterDate(raw, sort_key, precision, text or "年月日不詳", era)


@lru_cache(maxsize=65536)
def parse(text: str) -> RegisterDate:
    """Any date of a register: whole dates of every form, the 不詳 forms of the national standard, else unknown."""
    plain = _plain(text)
    found = _whole(plain) or _partial(plain)
    return RegisterDate(text, *found) if found else RegisterDate(text)


def readable(text: str) -> bool:
    """Whether a value is a date at all (calendar or not, whole or partial); the importer refuses the others."""
    return bool(parse(text).sort_key)


def impossible_era(text: str) -> bool:
    """A year that its era never had, such as 昭和65年: understood, but worth a warning."""
    written = _ERA_YEAR.match(_plain(text))
    return bool(written) and _year(written["year"]) > _era(written["era"]).years  # type: ignore[index]


_ERA_YEAR = re.compile(r"(?P<era>明治|大正|昭和|平成|令和|[MTSHR])\.?(?P<year>元|[0-9]{1,2})(?=[年./\- ])")
_WESTERN_YEAR = re.compile(r"(?:西暦)?(?P<year>[0-9]{4})(?=[年./\-])")
_MONTH_DAY = re.compile(r"[年./\- ] *([0-9]{1,2})[月./\- ] *([0-9]{1,2})日?")
_SEASONS = {"春": 3, "夏": 6, "秋": 9, "冬": 12}


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip().upper()


def _parts(sort_key: str) -> tuple[int, int, int]:
    return int(sort_key[:4]), int(sort_key[5:7]), int(sort_key[8:10])


def _year(written: str) -> int:
    return 1 if written == "元" else int(written)


def _era(written: str) -> Era:
    return next(era for era in ERAS if written in (era.name, era.letter))


def _dated(year: int, month: int, day: int, *, possible: bool = True) -> tuple[str, Precision] | None:
    """The sort key and precision of a date whose month and day are within 12 and 31; 0 stands for unknown."""
    if not (1000 <= year <= 9999 and month <= 12 and day <= 31):
        return None
    if not month:
        return f"{year:04}-01-01", Precision.YEAR
    if not day:
        return f"{year:04}-{month:02}-01", Precision.MONTH
    try:
        dt.date(year, month, day)
    except ValueError:
        possible = False
    return f"{year:04}-{month:02}-{day:02}", Precision.DAY if possible else Precision.INVALID


def _whole(plain: str) -> tuple[str, Precision] | None:
    """A whole date, entry forms and register forms alike."""
    if re.fullmatch(r"[0-9]{8}", plain):
        return _dated(int(plain[:4]), int(plain[4:6]), int(plain[6:]))
    short_form = re.fullmatch(r"([1-5MTSHR])([0-9]{2})([0-9]{2})([0-9]{2})", plain)
    if short_form:
        code, year, month, day = short_form.groups()
        era = ERAS[int(code) - 1] if code.isdigit() else _era(code)
        return _of_era(era, int(year), int(month), int(day))
    for pattern in (_ERA_YEAR, _WESTERN_YEAR):
        head = pattern.match(plain)
        rest = _MONTH_DAY.fullmatch(plain, head.end()) if head else None
        if head and rest:
            month, day = int(rest[1]), int(rest[2])
            if pattern is _ERA_YEAR:
                return _of_era(_era(head["era"]), _year(head["year"]), month, day)
            return _dated(int(head["year"]), month, day)
    return None


def _of_era(era: Era, year: int, month: int, day: int) -> tuple[str, Precision] | None:
    return _dated(era.offset + year, month, day, possible=year <= era.years) if year else None


def _partial(plain: str) -> tuple[str, Precision] | None:
    """The 不詳 forms (年頃, 年月頃, 推定, 年春, 上旬, から…まで): the first date named, at best its month."""
    head = re.search(rf"{_ERA_YEAR.pattern}|(?:西暦)?(?P<western>[0-9]{{4}})(?=年)", plain)
    if not head:
        return None
    year = int(head["western"]) if head["western"] else _era(head["era"]).offset + _year(head["year"])
    rest = plain[head.end():].lstrip("年./- ")
    if rest[:1] in _SEASONS:
        return f"{year:04}-{_SEASONS[rest[0]]:02}-01", Precision.SEASON
    month_day = re.match(r"([0-9]{1,2})月(?:([0-9]{1,2})日)?", rest)
    if not month_day or not 1 <= int(month_day[1]) <= 12:
        return f"{year:04}-01-01", Precision.YEAR
    day = min(int(month_day[2] or 1), 31) or 1
    precise = Precision.YEAR if "推定" in plain or "から" in plain else Precision.MONTH
    return f"{year:04}-{int(month_day[1]):02}-{day:02}", precise


def _with_era(date: RegisterDate, era: str) -> RegisterDate:
    return RegisterDate(date.raw, date.sort_key, date.precision, date.text, era) if era else date


def _in_era(sort_key: str, code: str, form: str) -> str:
    """Writes a day with its era: the register's own (`code`) where it had such a year, else the era of the day."""
    year, month, day = _parts(sort_key)
    era = next((era for era in reversed(ERAS) if (year, month, day) >= (*era.first.timetuple()[:3],)), None)
    if code in ("1", "2", "3", "4", "5"):
        own = ERAS[int(code) - 1]
        era = own if 1 <= year - own.offset <= own.years else era
    if era is None:
        return f"{year}年{month}月{day}日"
    number = year - era.offset
    return form.format(era, "元" if number == 1 else number, month, day)
