"""The set-up (application.toml) as values: bytes in, a value and every problem out. Pure.

Keys: docs/application.md §7. An unknown key is a problem: a desk never starts on a guess.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sanjo_tui.receptions.application.words import Channel, PlaceKind

WEEKDAYS = "月火水木金土日"
_TIME = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where applications are taken. Times are local, `HH:MM`; a counter has weekdays, an event days of its own."""

    code: str
    name: str
    kind: PlaceKind
    opens: str
    closes: str
    slot_minutes: int
    capacity: int
    """How many people one slot takes."""
    address: str = ""
    channels: tuple[Channel, ...] = (Channel.PHONE, Channel.WEB, Channel.COUNTER)
    weekdays: str = "月火水木金"
    dates: tuple[dt.date, ...] = ()
    pause_from: str = ""
    pause_to: str = ""
    walk_in: bool = True
    earliest_days: int | None = None
    latest_days: int | None = None
    """Where they differ from [booking]."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Booking:
    """[booking]: how many days before one may book (30 to 7 is one town's example)."""

    earliest_days: int = 30
    latest_days: int = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoRules:
    """[photo]: sizes in millimetres and pixels."""

    height_mm: int = 45
    width_mm: int = 35
    tolerance: float = 0.04
    min_width: int = 413
    min_height: int = 531
    max_bytes: int = 7_000_000
    formats: tuple[str, ...] = ("JPEG", "PNG")
    max_age_months: int = 6
    none_under_age: int = 1
    none_since: dt.date = dt.date(2024, 12, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRules:
    """[card]: ages in years, validity in birthdays after the application."""

    adult_age: int = 18
    adult_birthdays: int = 10
    minor_birthdays: int = 5
    certificate_birthdays: int = 5
    sign_from_age: int = 15
    representative_under: int = 15
    leap_birthday: str = "02-28"
    """Where somebody born on 29 February has the birthday that ends validity in other years: 02-28 or 03-01."""
    birthday_counts: bool = False
    """Whether a birthday on the very day of the application is the first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that is the town's own at this desk."""

    places: tuple[Place, ...]
    booking: Booking = field(default_factory=Booking)
    photo: PhotoRules = field(default_factory=PhotoRules)
    card: CardRules = field(default_factory=CardRules)
    photo_days: int = 0
    """Days after the end of an application until its photo is erased."""
    bring: tuple[str, ...] = ()
    """What to bring, for the 予約票."""
    unverified: tuple[str, ...] = ()
    """Keys whose values nobody compared with their source; papers that stand on them say so."""
    sample: bool = False
    sha256: str = ""

    def place(self, code: str) -> Place | None:
        """The place with this code."""
        return next((one for one in self.places if one.code == code), None)

    def lead(self, place: Place) -> tuple[int, int]:
        """(earliest, latest) days before."""
        early, late = place.earliest_days, place.latest_days
        return (self.booking.earliest_days if early is None else early,
                self.booking.latest_days if late is None else late)


_TABLES: Mapping[str, Mapping[str, str]] = {
    "": {"sample": "bool", "bring": "list", "unverified": "list"},
    "booking": {"earliest_days": "int", "latest_days": "int"},
    "photo": {"height_mm": "int", "width_mm": "int", "tolerance": "float", "min_width": "int", "min_height": "int",
              "max_bytes": "int", "formats": "list", "max_age_months": "int", "none_under_age": "int",
              "none_since": "date"},
    "card": {"adult_age": "int", "adult_birthdays": "int", "minor_birthdays": "int", "certificate_birthdays": "int",
             "sign_from_age": "int", "representative_under": "int", "leap_birthday": "str", "birthday_counts": "bool"},
    "retention": {"photo_days": "int"},
}
_PLACE = {"code": "str", "name": "str", "kind": "str", "opens": "str", "closes": "str", "slot_minutes": "int",
          "capacity": "int", "address": "str", "channels": "list", "weekdays": "str", "dates": "dates",
          "pause_from": "str", "pause_to": "str", "walk_in": "bool", "earliest_days": "int", "latest_days": "int"}
_NEEDED = ("code", "name", "kind", "opens", "closes", "slot_minutes", "capacity")
_ZERO = ("latest_days", "earliest_days", "photo_days", "none_under_age", "tolerance")
_MOST = {"max_bytes": 50_000_000, "min_width": 5000, "min_height": 5000, "photo_days": 3650, "slot_minutes": 1440,
         "tolerance": 1}
"""Greatest value of a number; of all others `MOST`."""
MOST = 366
_KINDS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "str": ((str,), "文字列"), "int": ((int,), "整数"), "float": ((int, float), "数"),
    "bool": ((bool,), "true か false"),
    "date": ((dt.date,), "日付 (2026-12-01 の形)"), "list": ((list,), "文字列の並び"), "dates": ((list,), "日付の並び")}
_CHOICES: Mapping[str, Sequence[str]] = {"kind": tuple(PlaceKind), "leap_birthday": ("02-28", "03-01")}
_BOOKED_BY = tuple(each.value for each in Channel if each is not Channel.WALK_IN)


def read(data: bytes) -> tuple[Setup | None, tuple[str, ...]]:
    """The set-up, or None with every problem as a sentence with its key."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (f"TOML として読めません: {error}",)
    problems: list[str] = []
    values = {name: _table(table, name, problems) for name in _TABLES}
    problems += [f"{key} という項目はありません" for key in table
                 if key not in _TABLES and key not in _TABLES[""] and key != "place"]
    places = _places(table.get("place", []), problems)
    _check(values, problems)
    if problems:
        return None, tuple(problems)
    photo = {**values["photo"], **({"formats": tuple(values["photo"]["formats"])} if "formats" in values["photo"]
                                   else {})}
    top = values[""]
    return Setup(
        places=places, booking=Booking(**values["booking"]), photo=PhotoRules(**photo),
        card=CardRules(**values["card"]),
        photo_days=values["retention"].get("photo_days", 0), bring=tuple(top.get("bring", ())),
        unverified=tuple(top.get("unverified", ())), sample=top.get("sample", False),
        sha256=hashlib.sha256(data).hexdigest()), ()


def _table(table: Mapping[str, Any], name: str, problems: list[str]) -> dict[str, Any]:
    found = table if not name else table.get(name, {})
    if not isinstance(found, dict):
        problems.append(f"[{name}] は表にしてください")
        return {}
    values = {}
    for key, value in found.items():
        where = f"[{name}] {key}" if name else key
        if key not in _TABLES[name]:
            if name:
                problems.append(f"{where} という項目はありません")
        elif _fits(where, key, _TABLES[name][key], value, problems):
            values[key] = value
    return values


def _fits(where: str, key: str, kind: str, value: Any, problems: list[str]) -> bool:
    kinds, word = _KINDS[kind]
    inner: type = str if kind == "list" else dt.date if kind == "dates" else object
    if not isinstance(value, kinds) or isinstance(value, bool) != (kind == "bool") or isinstance(value, dt.datetime) \
            or (isinstance(value, list) and not all(
                isinstance(each, inner) and not isinstance(each, dt.datetime) for each in value)):
        problems.append(f"{where} は{word}です")
    elif key in _CHOICES and value not in _CHOICES[key]:
        problems.append(f"{where} は {'、'.join(_CHOICES[key])} のどれかです")
    elif kind in ("int", "float") and (_below(value, key)):
        problems.append(f"{where} は{'0' if key in _ZERO else '1'}以上にしてください")
    elif isinstance(value, int | float) and not value <= _MOST.get(key, MOST):      # also what is no number at all
        problems.append(f"{where} は{_MOST.get(key, MOST)}までです")
    else:
        return True
    return False


def _below(value: Any, key: str) -> bool:
    return value < 0 or (value == 0 and key not in _ZERO)


def _places(given: Any, problems: list[str]) -> tuple[Place, ...]:
    if not isinstance(given, list) or not given:
        problems.append("[[place]] がありません (受付の場所)")
        return ()
    found: list[Place] = []
    for count, row in enumerate(given, 1):
        where = f"[[place]] {count}番目"
        if not isinstance(row, dict):
            problems.append(f"{where} は表にしてください")
            continue
        before = len(problems)
        problems += [f"{where} の {key} という項目はありません" for key in row if key not in _PLACE]
        problems += [f"{where} に {key} がありません" for key in _NEEDED if row.get(key) in (None, "")]
        for key, value in row.items():
            if key in _PLACE:
                _fits(f"{where} の {key}", key, _PLACE[key], value, problems)
        if len(problems) == before:
            _place(where, row, problems)
        if len(problems) == before:
            found.append(Place(**{
                **row, "kind": PlaceKind(row["kind"]), "dates": tuple(row.get("dates", ())),
                "channels": tuple(Channel(each) for each in row.get("channels", _BOOKED_BY))}))
    codes = [one.code for one in found]
    problems += [f"[[place]] code {code} が二度あります" for code in dict.fromkeys(codes) if codes.count(code) > 1]
    return tuple(found)


def _place(where: str, row: Mapping[str, Any], problems: list[str]) -> None:
    """What the keys of a place say together."""
    times = [key for key in ("opens", "closes", "pause_from", "pause_to") if row.get(key)]
    problems += [f"{where} の {key} は 09:00 の形です" for key in times if not _TIME.fullmatch(row[key])]
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,20}", row["code"]):
        problems.append(f"{where} の code は半角の英数字と - _ で20字までです")
    if row["opens"] >= row["closes"]:
        problems.append(f"{where} の opens は closes より前です")
    if bool(row.get("pause_from")) != bool(row.get("pause_to")) or row.get("pause_from", "") > row.get("pause_to", ""):
        problems.append(f"{where} の pause_from と pause_to は両方、順に書きます")
    if row["capacity"] > 99:
        problems.append(f"{where} の capacity は99までです")
    wrong = [each for each in row.get("channels", ()) if each not in _BOOKED_BY]
    problems += [f"{where} の channels の {each} は {'、'.join(_BOOKED_BY)} のどれかにしてください" for each in wrong]
    if any(day not in WEEKDAYS for day in row.get("weekdays", "")):
        problems.append(f"{where} の weekdays は 月火水木金土日 の文字です")
    if row["kind"] == PlaceKind.EVENT and not row.get("dates"):
        problems.append(f"{where} に dates がありません (出張受付の日)")


def _check(values: Mapping[str, Mapping[str, Any]], problems: list[str]) -> None:
    booking, formats = values["booking"], values["photo"].get("formats", ())
    if booking.get("earliest_days", 30) < booking.get("latest_days", 7):
        problems.append("[booking] earliest_days は latest_days 以上です")
    problems += [f"[photo] formats の {each} は JPEG、PNG のどちらかです" for each in formats
                 if each not in ("JPEG", "PNG")]
    known = {f"{name}.{key}" for name, keys in _TABLES.items() if name for key in keys}
    problems += [f"unverified の {each} という項目はありません" for each in values[""].get("unverified", ())
                 if each not in known]
