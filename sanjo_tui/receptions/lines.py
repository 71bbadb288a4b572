"""Set-up files as people edit them: every problem at once, with file, line and reason; unknown names are problems.

tomllib gives values without their lines, so the line of a key is looked for in the text: the n-th `[[table]]`, then the
first `key =` below it. Strings over several lines are skipped.
"""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

_HEAD = re.compile(r"\s*(\[\[?)\s*([A-Za-z0-9_.\-\"' ]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]+\"|'[^']+')\s*=")
_LONG = re.compile(r'"""|\'\'\'')


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong. `line` 0: the file as a whole."""

    file: str
    line: int
    where: str
    message: str

    def __str__(self) -> str:
        """`fees.toml 12行目 yen: 0 以上の整数で書いてください`."""
        line = f" {self.line}行目" if self.line else ""
        where = f" {self.where}" if self.where else ""
        return f"{self.file}{line}{where}: {self.message}"


def lines_of(text: str) -> dict[tuple[str, int, str], int]:
    """Line of each `(table, index, key)`; key "" is the line of the table's head, table "" the top of the file."""
    found: dict[tuple[str, int, str], int] = {}
    counts: dict[str, int] = {}
    table, index, inside = "", 0, ""
    for number, line in enumerate(text.splitlines(), 1):
        if inside:
            inside = "" if inside in line else inside
            continue
        head, key = _HEAD.match(line), _KEY.match(line)
        if head:
            table = head[2].strip().strip("\"'")
            index = counts.get(table, -1) + 1 if head[1] == "[[" else 0
            counts[table] = index
            found.setdefault((table, index, ""), number)
        elif key:
            found.setdefault((table, index, key[1].strip("\"'")), number)
        marks = _LONG.findall(line)
        if len(marks) % 2:
            inside = marks[-1]
    return found


@dataclass(slots=True)
class Setup:
    """One TOML file being read. `problems` grows; a value that is wrong is replaced by something harmless."""

    file: str
    data: bytes
    problems: list[Problem]
    top: dict[str, Any] = field(default_factory=dict)
    _lines: dict[tuple[str, int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Parse; a file that is no TOML has one problem, with its line."""
        try:
            text = self.data.decode("utf-8-sig")
            self.top = tomllib.loads(text)
            self._lines = lines_of(text)
        except UnicodeDecodeError:
            self.say("", 0, "", "UTF-8 で書かれていません")
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            self.problems.append(Problem(self.file, int(at[1]) if at else 0, "", "TOML として読めません"))

    def say(self, table: str, index: int, key: str, message: str) -> None:
        """A problem of one key, at its line, at its table's, or at the first where it is missing from the top."""
        line = self._lines.get((table, index, key)) or self._lines.get((table, index, "")) or int(bool(self.top))
        self.problems.append(Problem(self.file, line, key or table, message))

    def known(self, known: Collection[str], table: str = "", index: int = 0, values: Any = None) -> None:
        """Every other name is a problem."""
        for name in self.top if values is None else values:
            if name not in known:
                self.say(table, index, name, f"知らない名前です。使える名前: {'、'.join(sorted(known))}")

    def tables(self, name: str, *, required: bool = True) -> list[dict[str, Any]]:
        """The `[[name]]` of the file."""
        values = self.top.get(name, [])
        if not isinstance(values, list) or not all(isinstance(one, dict) for one in values):
            self.say(name, 0, "", f"[[{name}]] の形で書いてください")
            return []
        if required and not values and self.top:
            self.say("", 0, name, f"[[{name}]] が一つもありません")
        return values

    def text(self, values: dict[str, Any], key: str, table: str = "", index: int = 0, *, required: bool = True,
             pattern: str = "", choices: Collection[str] = (), longest: int = 200) -> str:
        """A text; "" where it is missing or wrong."""
        value = values.get(key)
        if value is None or value == "":
            if required:
                self.say(table, index, key, "書いてください")
            return ""
        if not isinstance(value, str):
            self.say(table, index, key, "文字列で書いてください")
        elif len(value) > longest:
            self.say(table, index, key, f"{longest}字までです")
        elif pattern and not re.fullmatch(pattern, value):
            self.say(table, index, key, f"{value} は形が正しくありません")
        elif choices and value not in choices:
            self.say(table, index, key, f"{value} は使えません。選べる値: {'、'.join(choices)}")
        else:
            return value
        return ""

    def texts(self, values: dict[str, Any], key: str, table: str = "", index: int = 0, *, required: bool = False,
              choices: Collection[str] = ()) -> tuple[str, ...]:
        """Several texts, none twice."""
        value = values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            self.say(table, index, key, "文字列を [ ] に並べて書いてください")
            return ()
        if required and not value:
            self.say(table, index, key, "一つは書いてください")
        for one in sorted({one for one in value if value.count(one) > 1}):
            self.say(table, index, key, f"{one} が2回あります")
        for one in value:
            if choices and one not in choices:
                self.say(table, index, key, f"{one} は使えません。選べる値: {'、'.join(choices)}")
        return tuple(dict.fromkeys(value))

    def number(self, values: dict[str, Any], key: str, table: str = "", index: int = 0, *, least: int = 0,
               most: int = 10**9, default: int | None = None) -> int:
        """A whole number between `least` and `most`; `default` where it may be missing."""
        value = values.get(key, default)
        if value is None:
            self.say(table, index, key, "書いてください")
        elif not isinstance(value, int) or isinstance(value, bool):
            self.say(table, index, key, "整数で書いてください")
        elif not least <= value <= most:
            self.say(table, index, key, f"{least} から {most} の整数で書いてください")
        else:
            return value
        return default if default is not None else least

    def flag(self, values: dict[str, Any], key: str, table: str = "", index: int = 0, *, default: bool = False) -> bool:
        """Whether it says true."""
        value = values.get(key, default)
        if not isinstance(value, bool):
            self.say(table, index, key, "true か false で書いてください")
            return default
        return value

    def day(self, values: dict[str, Any], key: str, table: str = "", index: int = 0) -> dt.date:
        """A TOML date."""
        value = values.get(key)
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            return value
        self.say(table, index, key, "日付を 2026-04-01 の形で、引用符なしで書いてください" if value is not None
                 else "書いてください")
        return dt.date.min

    def twice(self, name: str, key: str, values: Sequence[str]) -> None:
        """Each `key` of the `[[name]]` once."""
        seen: set[str] = set()
        for index, value in enumerate(values):
            if value and value in seen:
                self.say(name, index, key, f"{value} が2回あります")
            seen.add(value)
