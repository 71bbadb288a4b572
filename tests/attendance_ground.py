"""Punches for the tests of 出退勤: the sample set-up, punches in few words, a generated year, and a second reckoning.

The reckoning shares no code with the rules: it reads the set-up's TOML by itself, finds pairs by a regular expression
and counts single minutes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import random
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.receptions.attendance import setup as setups
from sanjo_tui.receptions.attendance.setup import Setup, Shift
from sanjo_tui.receptions.attendance.state import Punch
from sanjo_tui.receptions.attendance.words import Kind
from sanjo_tui.station import fixtures

SAMPLE = (fixtures() / "attendance" / "attendance.toml").read_bytes()
TABLE = tomllib.loads(SAMPLE.decode())
WORDS = {"in": Kind.IN, "out": Kind.OUT, "break": Kind.BREAK_OUT, "back": Kind.BREAK_IN, "outing": Kind.OUTING,
         "return": Kind.RETURN}
SATO, IKARASHI = "3210987654321", "8854101966248"


def the_setup() -> Setup:
    """The sample."""
    found, problems = setups.read(SAMPLE)
    assert found is not None, problems
    return found


def always(code: str) -> Callable[[dt.date], Shift]:
    """The same 勤務区分 every day."""
    shift = the_setup().shifts[code]
    return lambda day: shift


def card(value: str = SATO, token: str = "user_id") -> CardSeen:
    """A card at the entrance."""
    return CardSeen(reader="r", profile="p", token=token, value=value)


def at(text: str) -> dt.datetime:
    """`24 08:25:10` of November 2026."""
    day, time = text.split()
    return dt.datetime.fromisoformat(f"2026-11-{int(day):02}T{time if len(time) > 5 else time + ':00'}")


def taps(*lines: str) -> list[Punch]:
    """`in 24 08:25:10`: punches of one terminal."""
    return [Punch(at=at(line.split(maxsplit=1)[1]).isoformat(), number=f"T-{n}", punch=WORDS[line.split()[0]],
                  station_id="T") for n, line in enumerate(lines, 1)]


def user_id(n: int) -> str:
    """A 利用者ID that nobody else has."""
    return f"{7_000_000_000_000 + n}"


def staff_folder(folder: Path, people: int, sequence: int = 2) -> Path:
    """A staff folder of so many people of all groups."""
    folder.mkdir()
    groups = [group["code"] for group in TABLE["groups"]]
    rows = [f"S{n:04},職員　{n},{groups[n % len(groups)]},main,総務課,{user_id(n)},{n % 3 + 1}階,内線{n}"
            for n in range(people)]
    data = "\n".join(["staff_no,name,group,building,section,user_id,floor,phone", *rows, ""]).encode()
    (folder / "staff.csv").write_bytes(data)
    (folder / "manifest.toml").write_text("\n".join([
        'content = "staff"', 'lg_code = "999997"', 'kind = "full"', f'snapshot_id = "many-{sequence}"',
        "as_of = 2026-11-20", f"sequence = {sequence}", "fictitious = true", "[[files]]", 'name = "staff.csv"',
        'encoding = "utf-8"', f"records = {people}", f'sha256 = "{hashlib.sha256(data).hexdigest()}"', ""]))
    return folder


# --- a generated year

@dataclass(slots=True)
class Person:
    """Somebody's year. `orders`: (work date, from, to)."""

    staff_no: str
    group: str
    planned: dict[dt.date, str] = field(default_factory=dict)
    punches: list[tuple[dt.datetime, str]] = field(default_factory=list)
    orders: list[tuple[dt.date, dt.datetime, dt.datetime]] = field(default_factory=list)

    def as_punches(self) -> list[Punch]:
        """For the rules."""
        return [Punch(at=moment.isoformat(), number=f"T-{n:06}", punch=WORDS[word], station_id="T")
                for n, (moment, word) in enumerate(self.punches)]


def year(people: int, days: int, seed: int = 1) -> list[Person]:
    """People of all groups from 2026-04-01 on: all shifts, breaks, errands, nights, days off, and what goes wrong."""
    rng = random.Random(seed)
    groups = list(TABLE["groups"])
    return [_person(rng, f"{n:04}", groups[n % len(groups)], days) for n in range(people)]


def _person(rng: random.Random, staff_no: str, group: dict, days: int) -> Person:
    one = Person(staff_no, group["code"])
    day = dt.date(2026, 4, 1)
    for n in range(days):
        today = day + dt.timedelta(days=n)
        if group["shift"] == "S":
            code = "S" if n % 3 == 0 else "W"
        else:
            off = "月火水木金土日"[today.weekday()] in group.get("rest_days", "土日")
            code = "W" if off else rng.choice(("H", "L", "N", "E")) if rng.random() < 0.12 else group["shift"]
        one.planned[today] = code
        _day(rng, one, today, code)
    one.punches.sort()
    return one


def _day(rng: random.Random, one: Person, day: dt.date, code: str) -> None:
    shift = next(row for row in TABLE["shifts"] if row["code"] == code)
    midnight = dt.datetime.combine(day, dt.time())
    if shift["kind"] in ("rest", "holiday"):
        if rng.random() > 0.08:
            return
        start, end = midnight + dt.timedelta(hours=9), midnight + dt.timedelta(hours=9 + rng.randint(2, 8))
        one.orders.append((day, start, end))
    else:
        start, end = (midnight + _clock(shift[key]) for key in ("start", "end"))
        if end <= start:
            end += dt.timedelta(days=1)
    came = start - dt.timedelta(seconds=rng.randint(5, 2400))
    left = end + dt.timedelta(seconds=rng.randint(-900, 1500))
    if code != "W" and rng.random() < 0.3:
        more = rng.randint(20, 300)
        one.orders.append((day, end, end + dt.timedelta(minutes=more)))
        left = end + dt.timedelta(minutes=more + rng.randint(-25, 40), seconds=rng.randint(0, 59))
    chance = rng.random()
    if chance > 0.015:
        one.punches.append((came, "in"))
    if chance < 0.03:
        one.punches.append((came + dt.timedelta(seconds=rng.randint(1, 59)), "in"))       # the card was held again
    for words, odds, lost in ((("break", "back"), 0.2, 0.02), (("outing", "return"), 0.1, 0.02)):
        if rng.random() < odds:
            away = start + dt.timedelta(minutes=rng.randint(60, 90) + (120 if words[0] == "outing" else 0))
            one.punches.append((away, words[0]))
            if rng.random() > lost:
                one.punches.append((away + dt.timedelta(minutes=rng.randint(5, 60)), words[1]))
    if rng.random() > 0.01:
        one.punches.append((left, "out"))


def _clock(text: str) -> dt.timedelta:
    return dt.timedelta(hours=int(text[:2]), minutes=int(text[3:]))


# --- the second reckoning

LETTERS = {"in": "i", "out": "o", "break": "b", "back": "B", "outing": "g", "return": "G"}
WHOLE = re.compile(r"i(?:bB|gG)*o")


def reckon(one: Person) -> dict[str, tuple[int, int, int, int, int]]:
    """Month -> minutes of overtime, holiday, night, worked, and the days that are in doubt."""
    kept: list[tuple[dt.datetime, str]] = []
    for moment, word in one.punches:
        if not kept or (moment - kept[-1][0]).total_seconds() >= 60:
            kept.append((moment, word))
    text = "".join(LETTERS[word] for _, word in kept)
    good: dict[dt.date, list[tuple[int, int]]] = {}
    bad: set[dt.date] = set()
    spots = [n for n, letter in enumerate(text) if letter == "i"]
    bad |= {_date(one, moment) for moment, _ in kept[:spots[0] if spots else len(kept)]}
    for n, first in enumerate(spots):
        last = spots[n + 1] if n + 1 < len(spots) else len(text)
        chunk = text[first:last]
        day, close = _date(one, kept[first][0]), chunk.find("o")
        if close >= 0:
            bad |= {_date(one, moment) for moment, _ in kept[first + close + 1:last]}
        if close < 0 and last == len(text):
            bad.add(day)                                   # still in at the year's end: counts nothing
        elif not WHOLE.fullmatch(chunk[:close + 1]) or _doubtful(one, day, kept[first][0], kept[first + close][0]):
            bad.add(day)
        else:
            good.setdefault(day, []).append((first, first + close))
    months: dict[str, list[int]] = {}
    for day in sorted(good.keys() | bad):
        sums = months.setdefault(f"{day:%Y-%m}", [0, 0, 0, 0, 0])
        if day in bad:
            sums[4] += 1
        else:
            for n, minutes in enumerate(_count(one, day, kept, good[day])):
                sums[n] += minutes
    return {month: tuple(sums) for month, sums in months.items()}  # type: ignore[misc]


def _row(one: Person, day: dt.date) -> dict:
    code = one.planned.get(day) or _usual(one, day)
    return next(row for row in TABLE["shifts"] if row["code"] == code)


def _usual(one: Person, day: dt.date) -> str:
    group = next(row for row in TABLE["groups"] if row["code"] == one.group)
    return "W" if "月火水木金土日"[day.weekday()] in group.get("rest_days", "土日") else group["shift"]


def _date(one: Person, moment: dt.datetime) -> dt.date:
    if moment.hour >= 5:
        return moment.date()
    row = _row(one, moment.date())
    if row["kind"] in ("work", "night"):
        starts = dt.datetime.combine(moment.date(), dt.time.fromisoformat(row["start"]))
        if starts.hour >= 5 and starts <= moment.replace(second=0) + dt.timedelta(hours=1):
            return moment.date()
    return moment.date() - dt.timedelta(days=1)


def _doubtful(one: Person, day: dt.date, came: dt.datetime, left: dt.datetime) -> bool:
    came, left = came.replace(second=0), left.replace(second=0)
    if left - came > dt.timedelta(hours=26):
        return True
    if left <= dt.datetime.combine(day + dt.timedelta(days=1), dt.time(5)):
        return False
    row = _row(one, day)
    if row["kind"] != "night":
        return True
    ends = dt.datetime.combine(day + dt.timedelta(days=1), dt.time.fromisoformat(row["end"]))
    return left > ends + dt.timedelta(hours=8)


def _minutes(start: dt.datetime, end: dt.datetime) -> set[int]:
    base = dt.datetime(2026, 1, 1)
    first, last = ((moment.replace(second=0) - base).total_seconds() // 60 for moment in (start, end))
    return set(range(int(first), int(last)))


def _count(one: Person, day: dt.date, kept: Sequence[tuple[dt.datetime, str]],
           pairs: Sequence[tuple[int, int]]) -> tuple[int, int, int, int]:
    inside: set[int] = set()
    rest: set[int] = set()
    for first, last in pairs:
        inside |= _minutes(kept[first][0], kept[last][0])
        for n in range(first, last):
            if kept[n][1] == "break":
                rest |= _minutes(kept[n][0], kept[n + 1][0])
    row, midnight = _row(one, day), dt.datetime.combine(day, dt.time())
    planned: set[int] = set()
    pauses: set[int] = set()
    if row["kind"] in ("work", "night"):
        start, end = (midnight + _clock(row[key]) for key in ("start", "end"))
        planned = _minutes(start, end if end > start else end + dt.timedelta(days=1))
        for text in row.get("breaks", []):
            first, last = (midnight + _clock(one_text) for one_text in text)
            later = dt.timedelta(days=1 if first < start else 0)
            pauses |= _minutes(first + later, last + later)
    worked = inside - (rest or pauses)
    orders: set[int] = set()
    for of, start, end in one.orders:
        if of == day:
            orders |= _minutes(start, end)
    ordered = (worked - (planned - pauses)) & orders
    counted = (worked & (planned - pauses)) | ordered
    dark = sum(1 for minute in counted if minute % 1440 >= 1320 or minute % 1440 < 300)
    off = row["kind"] in ("rest", "holiday")
    return (0 if off else len(ordered), len(ordered) if off else 0, dark, len(worked))
