"""The library's set-up (library.toml, holders.csv) as values: bytes in, a value and every problem out. Pure.

Keys: docs/library.md §8. An unknown key is a problem: a desk never starts on a guess.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sanjo_tui.receptions.library.numbers import Range, is_number
from sanjo_tui.receptions.library.words import Mode, PatronId, ProtectedRow
from sanjo_tui.wareki import parse

LINES, LETTERS, PLACES = 4, 76, 6
"""What the notice has room for."""

PLAY = "play"
"""Host of the library inside the program, for demo and drill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A library as the notice names it."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A stop of the bookmobile: a label, nothing else."""

    code: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """[sip2]: how the library's system is reached; all of it differs from system to system."""

    host: str = ""
    port: int = 6001
    encoding: str = "utf-8"
    terminator: str = "CR"
    checksum: bool = True
    institution: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    terminal_password: str = field(default="", repr=False)
    location: str = ""
    timeout: float = 30.0
    retries: int = 3
    optional_fields: bool = False
    blank_due_date: bool = False
    """Blanks in place of a due date in a loan. Some systems hang up on them, so a date is sent unless this is set."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that is the town's own at 図書館窓口."""

    modes: tuple[Mode, ...]
    ranges: tuple[Range, ...] = ()
    alarm: int = 30
    """Numbers left at which the header says so."""
    protected_row: ProtectedRow = ProtectedRow.NUMBER
    csv_encoding: str = "utf-8"
    list_time: str = "09:00"
    branch: str = ""
    branch_name: str = ""
    patron_id: PatronId = PatronId.LIBRARY_NO
    item_pattern: str = "[0-9A-Za-z-]{4,20}"
    loan_days: int = 14
    settle_hours: int = 12
    """After so long an unanswered loan is not sent again by itself: others may have acted since."""
    link: Link = field(default_factory=Link)
    stops: tuple[Stop, ...] = ()
    libraries: tuple[Place, ...] = ()
    notice_lines: tuple[str, ...] = ()
    sample: bool = False
    """見本: the words of the notice are invented."""
    sha256: str = ""

    @property
    def plays(self) -> bool:
        """The library's system is the one inside the program."""
        return self.link.host == PLAY


@dataclass(frozen=True, slots=True, kw_only=True)
class OlderHolder:
    """A line of holders.csv."""

    addressee_no: str
    number: str
    valid_until: str = ""


_CHOICES: Mapping[str, Sequence[str]] = {
    "protected_row": tuple(ProtectedRow), "patron_id": tuple(PatronId), "encoding": ("utf-8", "cp932", "cp850"),
    "terminator": ("CR", "CRLF", "none"), "csv_encoding": ("utf-8", "utf-8-sig", "cp932")}
_KINDS: Mapping[str, tuple[type, ...]] = {"str": (str,), "int": (int,), "bool": (bool,), "float": (int, float)}
_MOST = {"alarm": 10_000_000, "loan_days": 3650, "settle_hours": 8760, "port": 65535, "timeout": 600, "retries": 100}
"""Greatest value of a number."""
_WORDS = {"str": "文字列", "int": "整数", "float": "数", "bool": "true か false"}
_TABLES: Mapping[str, Mapping[str, str]] = {
    "": {"modes": "list", "sample": "bool"},
    "stock": {"alarm": "int"},
    "list": {"protected_row": "str", "csv_encoding": "str", "list_time": "str"},
    "lending": {"branch": "str", "branch_name": "str", "patron_id": "str", "item_pattern": "str", "loan_days": "int",
                "settle_hours": "int"},
    "notice": {"lines": "list"},
    "sip2": {"host": "str", "port": "int", "encoding": "str", "terminator": "str", "checksum": "bool",
             "institution": "str", "user": "str", "password": "str", "terminal_password": "str", "location": "str",
             "timeout": "float", "retries": "int", "optional_fields": "bool", "blank_due_date": "bool"},
}
_LISTS = {"range": {"first": "str", "last": "str"}, "stop": {"code": "str", "name": "str"},
          "library": {"name": "str", "address": "str", "phone": "str"}}


def read(data: bytes) -> tuple[Setup | None, tuple[str, ...]]:
    """The set-up, or None with every problem as a sentence with its key."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return None, (f"TOML として読めません: {error}",)
    problems: list[str] = []
    values = {name: _table(table, name, problems) for name in _TABLES}
    rows = {name: _rows(table, name, problems) for name in _LISTS}
    problems += [f"{key} という項目はありません" for key in table
                 if key not in _TABLES and key not in _LISTS and key not in _TABLES[""]]
    modes = _modes(values[""].get("modes", []), problems)
    ranges = _ranges(rows["range"], problems)
    _check(values, rows, modes, ranges, problems)
    if problems:
        return None, tuple(problems)
    lending, listing = values["lending"], values["list"]
    lending = {**lending, **({"patron_id": PatronId(lending["patron_id"])} if "patron_id" in lending else {})}
    listing = {**listing,
               **({"protected_row": ProtectedRow(listing["protected_row"])} if "protected_row" in listing else {})}
    return Setup(
        modes=modes, ranges=ranges, **values["stock"], **listing, **lending, link=Link(**values["sip2"]),
        stops=tuple(Stop(**row) for row in rows["stop"]), libraries=tuple(Place(**row) for row in rows["library"]),
        notice_lines=tuple(values["notice"].get("lines", ())), sample=values[""].get("sample", False),
        sha256=hashlib.sha256(data).hexdigest()), ()


def _table(table: Mapping[str, Any], name: str, problems: list[str]) -> dict[str, Any]:
    found = table if not name else table.get(name, {})
    if not isinstance(found, dict):
        problems.append(f"[{name}] は表にしてください")
        return {}
    known, values = _TABLES[name], {}
    for key, value in found.items():
        where = f"[{name}] {key}" if name else key
        if key not in known:
            if name:
                problems.append(f"{where} という項目はありません")
        elif _fits(where, key, known[key], value, problems):
            values[key] = value
    return values


def _rows(table: Mapping[str, Any], name: str, problems: list[str]) -> list[dict[str, Any]]:
    found, known, rows = table.get(name, []), _LISTS[name], []
    if not isinstance(found, list):
        problems.append(f"[[{name}]] は二重の角かっこで書いてください")
        return []
    for count, row in enumerate(found, 1):
        where = f"[[{name}]] {count}番目"
        if not isinstance(row, dict):
            problems.append(f"{where} は表にしてください")
            continue
        unknown = [key for key in row if key not in known]
        problems += [f"{where} の {key} という項目はありません" for key in unknown]
        needed = [key for key in tuple(known)[:1 if name == "library" else 2] if not row.get(key)]
        problems += [f"{where} に {key} がありません" for key in needed]
        if not unknown and not needed and all(_fits(f"{where} の {key}", key, known[key], value, problems)
                                              for key, value in row.items()):
            rows.append(row)
    return rows


def _fits(where: str, key: str, kind: str, value: Any, problems: list[str]) -> bool:
    wrong_kind = kind != "list" and (not isinstance(value, _KINDS[kind]) or isinstance(value, bool) != (kind == "bool"))
    if kind == "list":
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            problems.append(f"{where} は文字列の並びにしてください")
            return False
    elif wrong_kind:
        problems.append(f"{where} は{_WORDS[kind]}です")
        return False
    elif key in _CHOICES and value not in _CHOICES[key]:
        problems.append(f"{where} は {'、'.join(_CHOICES[key])} のどれかです")
        return False
    elif kind in ("int", "float") and not value > 0 and key not in ("alarm", "settle_hours"):
        problems.append(f"{where} は 1 以上にしてください")
        return False
    elif kind in ("int", "float") and not 0 <= value <= _MOST[key]:         # also what is no number at all
        problems.append(f"{where} は 0 から {_MOST[key]} までです")
        return False
    return True


def _modes(given: Sequence[str], problems: list[str]) -> tuple[Mode, ...]:
    modes = tuple(Mode(each) for each in dict.fromkeys(given) if each in tuple(Mode))
    if not given:
        problems.append("modes がありません (hall、library の片方か両方)")
    elif len(modes) != len(given):
        problems.append("modes は hall と library だけです")
    return modes


def _ranges(rows: Sequence[Mapping[str, str]], problems: list[str]) -> tuple[Range, ...]:
    ranges: list[Range] = []
    for count, row in enumerate(rows, 1):
        one = Range(row["first"], row["last"])
        if not is_number(one.first) or not is_number(one.last) or one.first > one.last:
            problems.append(f"[[range]] {count}番目: first と last は7桁の数字で、first が先です")
        elif any(one.first <= other.last and other.first <= one.last for other in ranges):
            problems.append(f"[[range]] {count}番目: ほかの範囲と重なっています")
        else:
            ranges.append(one)
    return tuple(ranges)


def _check(values: Mapping[str, Mapping[str, Any]], rows: Mapping[str, Sequence[Mapping[str, str]]],
           modes: tuple[Mode, ...], ranges: tuple[Range, ...], problems: list[str]) -> None:
    """What two keys say together."""
    if Mode.HALL in modes and not ranges and not rows["range"]:
        problems.append("[[range]] がありません (発行する図書番号の範囲)")
    if Mode.LIBRARY in modes:
        if not values["lending"].get("branch"):
            problems.append("[lending] branch がありません (館の番号)")
        if not values["sip2"].get("host"):
            problems.append("[sip2] host がありません (図書館システム、練習なら play)")
        if not values["sip2"].get("institution"):
            problems.append("[sip2] institution がありません (AO)")
    try:
        re.compile(values["lending"].get("item_pattern", ""))
    except re.error:
        problems.append("[lending] item_pattern は正規表現として読めません")
    if not re.fullmatch(r"([01][0-9]|2[0-3]):[0-5][0-9]", values["list"].get("list_time", "09:00")):
        problems.append("[list] list_time は 09:00 の形です")
    lines = values["notice"].get("lines", [])
    if len(lines) > LINES or any(len(line) > LETTERS for line in lines):
        problems.append(f"[notice] lines は {LINES}行まで、1行{LETTERS}字までです (通知書に入りません)")
    if len(rows["library"]) > PLACES:
        problems.append(f"[[library]] は {PLACES}館までです (通知書に入りません)")
    codes = [row["code"] for row in rows["stop"]]
    problems += [f"[[stop]] code {code} が二度あります" for code in dict.fromkeys(codes) if codes.count(code) > 1]


COLUMNS = ("addressee_no", "library_card_no")


def read_holders(data: bytes) -> tuple[tuple[OlderHolder, ...], tuple[str, ...]]:
    """holders.csv: who has a number already. Columns addressee_no, library_card_no, and if known valid_until."""
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        lines = list(reader)
    except (UnicodeDecodeError, csv.Error) as error:
        return (), (f"holders.csv が読めません: {type(error).__name__}",)
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        return (), tuple(f"holders.csv に {name} の列がありません" for name in missing)
    problems, found = [], []
    numbers: set[str] = set()
    people: set[str] = set()
    for count, line in enumerate(lines, 2):
        person, number = (line[name] or "" for name in COLUMNS)
        until = (line.get("valid_until") or "").strip()
        if not re.fullmatch(r"[0-9]{1,15}", person) or not is_number(number):
            problems.append(f"holders.csv {count}行目: 宛名番号は数字、図書番号は7桁の数字です")
        elif person in people or number in numbers:
            problems.append(f"holders.csv {count}行目: 同じ人か同じ番号がもうあります")
        elif until and not parse(until).sort_key:
            problems.append(f"holders.csv {count}行目: valid_until が日付ではありません")
        else:
            found.append(OlderHolder(addressee_no=person, number=number, valid_until=parse(until).sort_key))
        people.add(person)
        numbers.add(number)
    return tuple(found), tuple(problems)
