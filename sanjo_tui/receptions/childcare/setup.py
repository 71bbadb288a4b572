"""The town's set-up (childcare.toml) and the partner shops (shops.csv) as values: bytes in, a value and every problem
out. Pure. Keys and columns: docs/childcare.md §6. An unknown key is a problem: a desk never starts on a guess.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sanjo_tui.numbers import luhn_digit
from sanjo_tui.receptions.childcare.rules import Rule
from sanjo_tui.receptions.childcare.words import Role, Until


@dataclass(frozen=True, slots=True, kw_only=True)
class CardForm:
    """How a card's number is made: `PREFIX-STATION-SERIAL-CHECK`; the station in it keeps two laptops apart."""

    prefix: str = "SK"
    digits: int = 5

    def start(self, station: str) -> str:
        """What every number of a station begins with."""
        return f"{self.prefix}-{station}-"

    def number(self, station: str, serial: int) -> str:
        """The whole number, with Luhn's digit over letters and digits."""
        body = f"{self.start(station)}{serial:0{self.digits}}"
        return f"{body}-{luhn_digit(body.replace('-', ''))}"

    def serial(self, number: str) -> int:
        """The serial of a number of this form; 0 where it is none."""
        parts = number.split("-")
        body = "".join(parts[:-1])
        good = (len(parts) == 4 and parts[0] == self.prefix and parts[2].isdigit() and body.isalnum()
                and body.isascii() and parts[3] == str(luhn_digit(body)))
        return int(parts[2]) if good else 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Shop:
    """協賛店. Dates as days, None for no limit; `stickers`: how many ステッカー it was given."""

    shop_id: str
    name: str
    category: str
    benefit: str
    town: str
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    stickers: int = 0

    def takes_part_on(self, day: dt.date) -> bool:
        """Whether it takes part on a day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that is the town's own. `confirmed_on`: when somebody compared it with the town's rules, or None."""

    title: str
    rule: Rule
    form: CardForm = CardForm()
    sample: bool = False
    confirmed_on: dt.date | None = None
    renewal_month: int = 4
    renewal_lead_days: int = 60
    photo_formats: tuple[str, ...] = ("JPEG", "PNG")
    photo_max_bytes: int = 10_000_000
    photo_min_width: int = 413
    photo_min_height: int = 531
    encoding: str = "utf-8-sig"
    """Of the file for the card printer."""
    keep_photo_days: int = 30
    """Days after a card has ended until its photo is erased."""
    sha256: str = ""


_KEYS: Mapping[str, Mapping[str, type]] = {
    "": {"title": str, "sample": bool, "confirmed_on": str},
    "rule": {"children": int, "age": int, "until": str, "roles": list, "fixed_end": str, "disability_children": int},
    "card": {"prefix": str, "digits": int},
    "renewal": {"month": int, "lead_days": int},
    "photo": {"formats": list, "max_bytes": int, "min_width": int, "min_height": int, "keep_days": int},
    "printer": {"encoding": str},
}
_WORDS = {str: "文字列", int: "整数", bool: "true か false", list: "文字列の並び"}
_CHOICES: Mapping[tuple[str, str], Sequence[str]] = {
    ("rule", "until"): tuple(Until), ("printer", "encoding"): ("utf-8-sig", "cp932")}
_BOUNDS: Mapping[tuple[str, str], tuple[int, int]] = {
    ("rule", "children"): (1, 20), ("rule", "age"): (1, 30), ("rule", "disability_children"): (0, 20),
    ("card", "digits"): (3, 9), ("renewal", "month"): (1, 12), ("renewal", "lead_days"): (0, 300),
    ("photo", "max_bytes"): (10_000, 50_000_000), ("photo", "min_width"): (1, 5000),
    ("photo", "min_height"): (1, 5000), ("photo", "keep_days"): (0, 3650)}


def read(data: bytes) -> tuple[Setup | None, tuple[str, ...]]:
    """The set-up, or None with every problem as a sentence with its line and key."""
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (f"TOML として読めません: {error}",)
    problems: list[tuple[int, str]] = []

    def wrong(section: str, key: str, what: str) -> None:
        line = _line(text, section, key)
        name = f"[{section}] {key}".strip() if section else key
        problems.append((line, f"{line}行目 {name} {what}"))

    values: dict[str, dict[str, Any]] = {}
    for section in _KEYS:
        found = table if not section else table.get(section, {})
        if not isinstance(found, dict):
            wrong("", section, "は表にしてください")
            found = {}
        values[section] = {key: value for key, value in found.items()
                           if (section or key not in _KEYS) and _fits(section, key, value, wrong)}
    days = {key: _day(values[section].get(key, ""), section, key, wrong)
            for section, key in (("", "confirmed_on"), ("rule", "fixed_end"))}
    if not values[""].get("title"):
        wrong("", "title", "がありません（カードの名前）")
    roles, prefix = values["rule"].get("roles", ["guardian", "grandparent"]), values["card"].get("prefix", "SK")
    if not roles or not set(roles) <= set(Role):
        wrong("rule", "roles", f"は {'、'.join(Role)} から選びます")
    if not re.fullmatch("[A-Z]{1,4}", prefix):
        wrong("card", "prefix", "は英大文字1から4文字です")
    if not values["photo"].get("formats", ["JPEG"]) or not set(values["photo"].get("formats", [])) <= {"JPEG", "PNG"}:
        wrong("photo", "formats", "は JPEG、PNG から選びます")
    rule = values["rule"]
    if rule.get("disability_children", 0) > rule.get("children", 3):
        wrong("rule", "disability_children", "が children より多くなっています")
    if problems:
        return None, tuple(sentence for _, sentence in sorted(problems))
    names = {"formats": "photo_formats", "keep_days": "keep_photo_days"}
    photo: dict[str, Any] = {names.get(key, f"photo_{key}"): tuple(value) if key == "formats" else value
                             for key, value in values["photo"].items()}
    return Setup(
        title=values[""]["title"], sample=values[""].get("sample", False), confirmed_on=days["confirmed_on"],
        rule=Rule(**{**{key: value for key, value in rule.items() if key not in ("until", "roles", "fixed_end")},
                     "until": Until(rule.get("until", Until.FISCAL)), "roles": tuple(Role(each) for each in roles),
                     "fixed_end": days["fixed_end"]}),
        form=CardForm(**values["card"]), **{f"renewal_{key}": value for key, value in values["renewal"].items()},
        **photo, **values["printer"], sha256=hashlib.sha256(data).hexdigest()), ()


def _fits(section: str, key: str, value: Any, wrong: Any) -> bool:
    kind: Any = _KEYS[section].get(key)
    if kind is None:
        wrong(section, key, "という項目はありません")
    elif not isinstance(value, kind) or isinstance(value, bool) != (kind is bool):
        wrong(section, key, f"は{_WORDS[kind]}です")
    elif kind is list and not all(isinstance(each, str) for each in value):
        wrong(section, key, "は文字列の並びです")
    elif value not in _CHOICES.get((section, key), (value,)):
        wrong(section, key, f"は {'、'.join(_CHOICES[section, key])} のどれかです")
    elif (section, key) in _BOUNDS and not _BOUNDS[section, key][0] <= value <= _BOUNDS[section, key][1]:
        wrong(section, key, f"は {_BOUNDS[section, key][0]} から {_BOUNDS[section, key][1]} までです")
    else:
        return True
    return False


def _day(text: str, section: str, key: str, wrong: Any) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        wrong(section, key, f"の {text} は日付ではありません（2029-03-31 の形）")
        return None


def _line(text: str, section: str, key: str) -> int:
    """Where a key stands; the section's head where it does not, 1 where there is none."""
    inside, head = not section, 1
    for number, line in enumerate(text.splitlines(), 1):
        plain = line.strip()
        if plain.startswith("["):
            inside = plain.split("]")[0].strip("[ ") == section
            head = number if inside else head
        elif inside and re.match(rf"{re.escape(key)}\s*=", plain):
            return number
        if not section and plain.strip("[] ") == key:
            return number
    return head


# --- partner shops

COLUMNS = ("shop_id", "name", "category", "benefit", "valid_from", "valid_to", "stickers", "town")
NEEDED = ("shop_id", "name", "category", "benefit", "town")


def read_shops(data: bytes) -> tuple[tuple[Shop, ...], tuple[str, ...]]:
    """shops.csv: UTF-8 or CP932, a header; every problem with its line."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = data.decode("cp932")
        except UnicodeDecodeError:
            return (), ("shops.csv は UTF-8 でも CP932 でも読めません",)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        lines = [(reader.line_num, line) for line in reader]
    except csv.Error as error:
        return (), (f"shops.csv が読めません: {error}",)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        return (), tuple(f"shops.csv に {name} の列がありません" for name in missing)
    problems: list[str] = []
    problems += [f"shops.csv の {name} という列は使いません" for name in reader.fieldnames or () if name not in COLUMNS]
    found: dict[str, Shop] = {}
    for number, line in lines:
        told = len(problems)
        row = {name: (line[name] or "").strip() for name in COLUMNS}
        where = f"shops.csv {number}行目:"
        problems += [f"{where} {name} がありません" for name in NEEDED if not row[name]]
        if row["shop_id"] in found:
            problems.append(f"{where} shop_id {row['shop_id']} が二度あります")
        days = {}
        for name in ("valid_from", "valid_to"):
            try:
                days[name] = dt.date.fromisoformat(row[name]) if row[name] else None
            except ValueError:
                problems.append(f"{where} {name} の {row[name]} は日付ではありません")
        if row["stickers"] and not re.fullmatch("[0-9]{1,4}", row["stickers"]):
            problems.append(f"{where} stickers は枚数です")
        first, last = days.get("valid_from"), days.get("valid_to")
        if first and last and first > last:
            problems.append(f"{where} valid_from が valid_to より後です")
        if len(problems) == told:
            found[row["shop_id"]] = Shop(
                shop_id=row["shop_id"], name=row["name"], category=row["category"], benefit=row["benefit"],
                town=row["town"], valid_from=first, valid_to=last, stickers=int(row["stickers"] or 0))
    return tuple(found.values()), tuple(problems)
