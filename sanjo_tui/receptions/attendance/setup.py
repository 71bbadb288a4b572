"""The set-up (attendance.toml) as values: bytes in, a value and every problem out. Pure.

Keys: docs/attendance.md. Whatever nobody verified is named in `unverified`, and the papers that rest on it say so.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from sanjo_tui.receptions.attendance.words import Kind, ShiftKind

_TIME = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])")
WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """勤務区分. Minutes after midnight of its day; `end` beyond 1440 where it ends on the next."""

    code: str
    name: str
    kind: ShiftKind
    start: int = 0
    end: int = 0
    breaks: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """上限 of a kind of staff; 0: no such limit. Hours."""

    code: str
    name: str
    month: int = 0
    year: int = 0
    below_month: int = 0
    """This and more in a month, holiday work included, is too much."""
    average: int = 0
    """2 to 6 months on average, holiday work included."""
    over_month: int = 0
    over_times: int = 0
    """At most so many months of a year over `over_month`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """A group of staff: its limits, its usual shift, its weekly rest days."""

    code: str
    name: str
    profile: str
    shift: str
    rest_days: str = "土日"
    works_holidays: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Mode:
    """What a tap means from a time of day on."""

    start: int
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Building:
    """A building and how its list is ordered."""

    code: str
    name: str
    floors: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The whole file."""

    shifts: dict[str, Shift]
    profiles: dict[str, Profile]
    groups: dict[str, Group]
    modes: tuple[Mode, ...]
    buildings: tuple[Building, ...] = ()
    boundary: int = 300
    early_minutes: int = 60
    double_tap_seconds: int = 60
    longest_hours: int = 26
    night_start: int = 1320
    night_end: int = 300
    outing_is_work: bool = True
    interval_hours: int = 11
    gap_minutes: int = 30
    gap_hours: int = 10
    steps: tuple[int, ...] = (45, 60, 80, 100)
    rounding: str = "s63"
    rest_shift: str = ""
    holiday_shift: str = ""
    pay_encoding: str = "utf-8-sig"
    pay_columns: tuple[str, ...] = ()
    unverified: tuple[str, ...] = ()
    sample: bool = False
    sha256: str = ""

    def mode_at(self, minute: int) -> Kind:
        """What a tap at this minute of the day means: the terminal's mode, never a guess from earlier punches."""
        now = [mode for mode in self.modes if mode.start <= minute] or list(self.modes)
        return now[-1].kind

    def shift_of(self, group: str, day: dt.date, planned: str, holiday: bool) -> Shift:
        """勤務区分 of a day: as planned, else by weekday and calendar."""
        if planned in self.shifts:
            return self.shifts[planned]
        known = self.groups[group]
        if WEEKDAYS[day.weekday()] in known.rest_days:
            return self.shifts[self.rest_shift]
        if holiday and not known.works_holidays:
            return self.shifts[self.holiday_shift]
        return self.shifts[known.shift]


PAY_COLUMNS = ("staff_no", "month", "overtime_minutes", "holiday_minutes", "night_minutes", "overtime_hours",
               "holiday_hours", "night_hours", "worked_minutes", "open_questions")
ENCODINGS = {"utf-8-bom": "utf-8-sig", "cp932": "cp932"}
_PLAIN = ("early_minutes", "double_tap_seconds", "longest_hours", "interval_hours", "gap_minutes", "gap_hours")


def read(data: bytes) -> tuple[Setup | None, tuple[str, ...]]:
    """The set-up, or None and every problem in plain words."""
    try:
        table = tomllib.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, (f"TOML として読めません（{error}）。",)
    problems: list[str] = []
    found = _Reader(table, problems)
    setup = found.setup(hashlib.sha256(data).hexdigest())
    return (None, tuple(problems)) if problems or setup is None else (setup, ())


class _Reader:
    """Reads tables and remembers what is wrong."""

    def __init__(self, table: dict[str, Any], problems: list[str]) -> None:
        self.table, self.problems = table, problems

    def minute(self, where: str, text: object) -> int:
        """`HH:MM` in minutes."""
        match = _TIME.fullmatch(str(text))
        if match is None:
            self.problems.append(f"{where}: {text} は時刻ではありません（08:30 の形）。")
            return 0
        return int(match[1]) * 60 + int(match[2])

    def rows(self, name: str, known: set[str], needed: set[str]) -> list[dict[str, Any]]:
        """The tables `[[name]]` with the right keys."""
        rows = self.table.get(name, [])
        if not isinstance(rows, list) or not rows:
            self.problems.append(f"[[{name}]] がありません。")
            return []
        good = []
        for n, row in enumerate(rows, 1):
            wrong = [key for key in row if key not in known]
            gone = [key for key in needed if key not in row]
            self.problems.extend(f"[[{name}]] {n}番目: {key} という項目はありません。" for key in wrong)
            self.problems.extend(f"[[{name}]] {n}番目: {key} がありません。" for key in sorted(gone))
            if not gone:
                good.append(row)
        codes = [row["code"] for row in good if "code" in row]
        self.problems.extend(f"[[{name}]]: {code} が二度あります。" for code in sorted(
            {code for code in codes if codes.count(code) > 1}))
        return good

    def shift(self, row: dict[str, Any]) -> Shift:
        """One 勤務区分."""
        where = f"[[shifts]] {row['code']}"
        if row["kind"] not in tuple(ShiftKind):
            self.problems.append(f"{where}: kind は {'、'.join(ShiftKind)} のどれかです。")
            return Shift(code=row["code"], name=row["name"], kind=ShiftKind.WORK)
        start, end = (self.minute(where, row.get(key, "00:00")) for key in ("start", "end"))
        breaks = []
        for pair in row.get("breaks", []):
            if not isinstance(pair, list) or len(pair) != 2:
                self.problems.append(f"{where}: breaks は [[\"12:00\", \"13:00\"]] の形です。")
                continue
            first, last = (self.minute(where, text) for text in pair)
            breaks.append((first + 1440 if first < start else first, last + 1440 if last <= start else last))
        kind = ShiftKind(row["kind"])
        if not kind.off and start == end:
            self.problems.append(f"{where}: start と end が同じです。")
        return Shift(code=row["code"], name=row["name"], kind=kind, start=start,
                     end=end + 1440 if end <= start and not kind.off else end, breaks=tuple(breaks))

    def setup(self, sha256: str) -> Setup | None:
        """The whole of it; None where a part is missing."""
        shifts = {row["code"]: self.shift(row) for row in self.rows(
            "shifts", {"code", "name", "kind", "start", "end", "breaks"}, {"code", "name", "kind"})}
        limits = {"month", "year", "below_month", "average", "over_month", "over_times"}
        profiles = {row["code"]: Profile(**row) for row in self.rows(
            "profiles", {"code", "name"} | limits, {"code", "name"}) if self._whole(row, limits, "profiles")
            and set(row) <= {"code", "name"} | limits}
        keys = {"code", "name", "profile", "shift", "rest_days", "works_holidays"}
        groups = {row["code"]: Group(**row) for row in self.rows("groups", keys, {"code", "name", "profile", "shift"})
                  if set(row) <= keys}
        for group in groups.values():
            if group.profile not in profiles:
                self.problems.append(f"[[groups]] {group.code}: profile {group.profile} はありません。")
            if group.shift not in shifts:
                self.problems.append(f"[[groups]] {group.code}: shift {group.shift} はありません。")
            if any(day not in WEEKDAYS for day in group.rest_days):
                self.problems.append(f"[[groups]] {group.code}: rest_days は曜日の文字で書きます。")
        modes = sorted((Mode(start=self.minute("[[modes]]", row["from"]), kind=Kind(row["kind"]))
                        for row in self.rows("modes", {"from", "kind"}, {"from", "kind"})
                        if self._kind(row["kind"])), key=lambda mode: mode.start)
        buildings = tuple(Building(code=row["code"], name=row["name"], floors=tuple(row.get("floors", ())))
                          for row in self.rows("buildings", {"code", "name", "floors"}, {"code", "name"}))
        return self._plain(shifts, profiles, groups, tuple(modes), buildings, sha256)

    def _plain(self, shifts: dict[str, Shift], profiles: dict[str, Profile], groups: dict[str, Group],
               modes: tuple[Mode, ...], buildings: tuple[Building, ...], sha256: str) -> Setup | None:
        table = self.table
        known = {*_PLAIN, "shifts", "profiles", "groups", "modes", "buildings", "boundary", "night", "outing_is_work",
                 "steps", "rounding", "rest_shift", "holiday_shift", "pay", "unverified", "sample"}
        self.problems.extend(f"{key} という項目はありません。" for key in table if key not in known)
        self._whole(table, set(_PLAIN) & set(table), "全体")
        for key in ("rest_shift", "holiday_shift"):
            if table.get(key) not in shifts:
                self.problems.append(f"{key} に [[shifts]] の code を書いてください。")
        pay = table.get("pay", {})
        encoding, columns = pay.get("encoding", "utf-8-bom"), tuple(pay.get("columns", PAY_COLUMNS))
        if encoding not in ENCODINGS:
            self.problems.append("pay.encoding は utf-8-bom か cp932 です。")
        self.problems.extend(f"pay.columns: {one} という列はありません。" for one in columns if one not in PAY_COLUMNS)
        if table.get("rounding", "s63") not in ("s63", "none"):
            self.problems.append("rounding は s63 か none です。日ごとの端数処理はありません。")
        night = table.get("night", ["22:00", "05:00"])
        if not isinstance(night, list) or len(night) != 2:
            self.problems.append("night は [\"22:00\", \"05:00\"] の形です。")
            night = ["22:00", "05:00"]
        boundary = self.minute("boundary", table.get("boundary", "05:00"))
        night_start, night_end = (self.minute("night", text) for text in night)
        if self.problems:
            return None
        return Setup(shifts=shifts, profiles=profiles, groups=groups, modes=modes, buildings=buildings,
                     boundary=boundary, night_start=night_start, night_end=night_end,
                     outing_is_work=bool(table.get("outing_is_work", True)),
                     steps=tuple(table.get("steps", (45, 60, 80, 100))), rounding=table.get("rounding", "s63"),
                     rest_shift=table["rest_shift"], holiday_shift=table["holiday_shift"],
                     pay_encoding=ENCODINGS[encoding], pay_columns=columns,
                     unverified=tuple(table.get("unverified", ())), sample=bool(table.get("sample", False)),
                     sha256=sha256, **{key: table[key] for key in _PLAIN if key in table})

    def _whole(self, row: dict[str, Any], keys: set[str], where: str) -> bool:
        wrong = [key for key in sorted(keys & set(row)) if type(row[key]) is not int or row[key] < 0]
        self.problems.extend(f"{where}: {key} は 0 以上の整数です。" for key in wrong)
        return not wrong

    def _kind(self, value: object) -> bool:
        if value in tuple(Kind):
            return True
        self.problems.append(f"[[modes]]: kind は {'、'.join(Kind)} のどれかです。")
        return False
