"""Tables of a TOML file read value by value: every fault is kept with its place, reading goes on to the next.

A value that cannot be read gives a neutral one (`""`, 0, `UNREAD`), which later checks pass over.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeVar

from sanjo_tui.numbers import is_my_number

UNREAD = dt.date.min
"""A date that is missing or wrong."""

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,11}")
"""Codes of contests, places and staff: they stand in claims, file names and beside names on the screen."""

Word = TypeVar("Word", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Problem:
    """A fault: `where` it stands (`contests[2].early_to`, counted from 1) and what is wrong, in plain Japanese."""

    where: str
    message: str

    def __str__(self) -> str:
        return f"{self.where}: {self.message}" if self.where else self.message


def columns(text: str) -> int:
    """Columns of a text on a terminal; what may be wide counts as wide."""
    return sum(1 + (unicodedata.east_asian_width(character) in "FWA") for character in text)


def as_day(value: object) -> dt.date | None:
    """A TOML date or a text `YYYY-MM-DD`; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        try:
            return dt.date.fromisoformat(value)
        except ValueError:
            return None
    return value if isinstance(value, dt.date) and not isinstance(value, dt.datetime) else None


def as_time(value: object) -> dt.time | None:
    """A TOML time or a text `HH:MM`, whole minutes; None for anything else."""
    if isinstance(value, str) and re.fullmatch(r"[0-2]\d:[0-5]\d", value):
        try:
            return dt.time.fromisoformat(value)
        except ValueError:
            return None
    whole = isinstance(value, dt.time) and not (value.second or value.microsecond or value.tzinfo)
    return value if isinstance(value, dt.time) and whole else None


@dataclass(slots=True)
class Table:
    """One table of the file. `where`: its name in messages, "" for the whole file; `problems` is shared by all."""

    values: dict[str, Any]
    where: str
    problems: list[Problem]
    seen: set[str] = field(default_factory=set)

    def wrong(self, key: str, message: str) -> None:
        """Keep a fault of one key."""
        self.problems.append(Problem(f"{self.where}.{key}".strip("."), message))

    def has(self, key: str) -> bool:
        """Whether the key is written at all."""
        return key in self.values

    def take(self, key: str, *, required: bool = False) -> Any:
        """The value as TOML gives it, None when missing."""
        self.seen.add(key)
        if required and key not in self.values:
            self.wrong(key, "がありません。")
        return self.values.get(key)

    def text(self, key: str, default: str = "", *, required: bool = False, most: int = 80) -> str:
        """A line of text of at most so many columns, without blanks around it."""
        given = self.take(key, required=required)
        if given is None:
            return default
        if not isinstance(given, str):
            self.wrong(key, f"は文字列で書きます（{key} = \"...\"）。")
            return default
        value = given.strip()
        if required and not value:
            self.wrong(key, "が空です。")
        elif any(unicodedata.category(character) in ("Cc", "Cf", "Zl", "Zp") for character in value):
            self.wrong(key, "に改行や制御文字があります。")
        elif columns(value) > most:
            self.wrong(key, f"が長すぎます（全角 {most // 2} 文字まで）。")
        elif is_my_number(value):
            self.wrong(key, "が個人番号の形です。個人番号は使えません。")
        return value

    def code(self, key: str) -> str:
        """A code of letters, digits, `-` and `_`."""
        value: object = self.take(key, required=True)
        if isinstance(value, int) and not isinstance(value, bool):
            self.wrong(key, f"は引用符で囲みます（{key} = \"{value}\"）。")
            return ""
        code = self.text(key)
        if self.has(key) and not CODE.fullmatch(code):
            self.wrong(key, "は半角の英数字と - _ で、12 文字までです。")
            return ""
        return code

    def whole(self, key: str, default: int = 0, *, least: int, most: int, required: bool = False) -> int:
        """A whole number within limits."""
        value = self.take(key, required=required)
        if value is None:
            return default
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.wrong(key, f"は {least} から {most} までの整数で書きます。")
            return default
        return value

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self.take(key)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.wrong(key, "は true か false で書きます。")
        return default

    def one_of(self, key: str, words: type[Word], default: Word, *, required: bool = False) -> Word:
        """One of the words of an enumeration."""
        value = self.take(key, required=required)
        if value is None:
            return default
        if value not in [word.value for word in words]:
            self.wrong(key, f"に書けるのは {'、'.join(words)} です。")
            return default
        return words(value)

    def day(self, key: str, default: dt.date = UNREAD, *, required: bool = False) -> dt.date:
        """A date."""
        value = self.take(key, required=required)
        if value is None:
            return default
        day = as_day(value)
        if day is None or not 2000 <= day.year < 3000:
            self.wrong(key, "は日付で書きます（2026-11-29 の形）。")
            return UNREAD
        return day

    def time(self, key: str, *, required: bool = False) -> dt.time | None:
        """A time of the day in whole minutes."""
        value = self.take(key, required=required)
        time = as_time(value)
        if value is not None and time is None:
            self.wrong(key, "は時刻で書きます（\"08:30\" の形、00:00 から 23:59）。")
        return time

    def texts(self, key: str, *, most: int = 24) -> tuple[str, ...]:
        """A list of texts, each once."""
        value = self.take(key)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            self.wrong(key, f"は文字列の並びで書きます（{key} = [\"...\", \"...\"]）。")
            return ()
        found = tuple(one.strip() for one in value)
        for one in sorted({one for one in found if found.count(one) > 1}):
            self.wrong(key, f"に {one} が二度あります。")
        for one in found:
            if columns(one) > most or not one.isprintable():
                self.wrong(key, f"の {one[:12]} は長すぎるか、使えない文字があります。")
        return found

    def table(self, key: str) -> Table | None:
        """A table inside this one; None when missing."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.wrong(key, f"は [{key}] の表で書きます。")
            return None
        return Table(value, f"{self.where}.{key}".strip("."), self.problems)

    def tables(self, key: str, *, required: bool = False) -> list[Table]:
        """The tables `[[key]]`, counted from 1 in messages."""
        value = self.take(key, required=required)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.wrong(key, f"は [[{key}]] の表を並べて書きます。")
            return []
        if required and not value:
            self.wrong(key, "が空です。")
        name = f"{self.where}.{key}".strip(".")
        return [Table(one, f"{name}[{place}]", self.problems) for place, one in enumerate(value, 1)]

    def done(self) -> None:
        """Name every key that nobody asked for: a slip of the pen must not become a silent default."""
        for key in self.values:
            if key not in self.seen:
                near = difflib.get_close_matches(key, self.seen, n=1)
                self.wrong(key, "という項目はありません" + (f"（{near[0]} のことでしょうか）。" if near else "。"))
