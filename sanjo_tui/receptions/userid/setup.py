"""The set-up of 利用者ID発行 (userid.toml): bytes in, a value and every problem out. Pure. Keys: docs/userid.md §3."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from dataclasses import dataclass
from typing import Any

from sanjo_tui.receptions.userid.rules import ANY, Range, is_id, overlapping

KEYS = {"sample", "ordinance", "consent", "scopes", "ranges", "links", "alarm"}
LINES, LETTERS = 8, 90
"""What the form has room for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordinance:
    """条例: without one that is in force no number is issued."""

    name: str
    article: str
    in_force: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """What somebody may consent to."""

    code: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """Another system whose number can be linked."""

    code: str
    label: str
    pattern: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything that is the town's own."""

    ordinance: Ordinance
    consent_version: str
    consent_lines: tuple[str, ...]
    scopes: tuple[Service, ...]
    ranges: tuple[Range, ...]
    links: tuple[System, ...] = ()
    alarm: int = 20
    sample: bool = False
    sha256: str = ""

    def label_of(self, code: str) -> str:
        """What a service is called; the code where it is not known any more."""
        return next((one.label for one in self.scopes if one.code == code), code)


class _Problem(Exception):
    """One thing that is wrong."""


def read(data: bytes) -> tuple[Setup | None, tuple[str, ...]]:
    """The set-up, or None and all problems, each naming its key."""
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        line = re.search(r"line (\d+)", str(error))
        return None, (f"{line[1]} 行目の書き方が正しくありません。" if line else "TOML として読めません。",)
    problems = [f"{key} という項目はありません。" for key in sorted(set(table) - KEYS)]

    def taken(make: Any, *given: Any) -> Any:
        try:
            return make(*given)
        except _Problem as error:
            problems.append(str(error))
            return None

    def rows(name: str, make: Any) -> tuple[Any, ...]:
        listed = table.get(name, [])
        if not isinstance(listed, list) or not all(isinstance(row, dict) for row in listed):
            problems.append(f"[[{name}]] の形で書きます。")
            return ()
        found = [taken(make, f"{name} {at}", row) for at, row in enumerate(listed, 1)]
        return tuple(one for one in found if one is not None)

    ordinance = taken(_ordinance, table.get("ordinance"))
    consent = taken(_consent, table.get("consent"))
    scopes, ranges, links = rows("scopes", _service), rows("ranges", _range), rows("links", _system)
    for what, codes in (("scopes", [one.code for one in scopes]), ("links", [one.code for one in links])):
        if len(set(codes)) < len(codes):
            problems.append(f"{what}: code が重なっています。")
    if not scopes and "scopes" not in str(problems):
        problems.append("scopes: 同意の対象となる業務がありません。")
    if not ranges and "ranges" not in str(problems):
        problems.append("ranges: 利用者IDの範囲がありません。")
    if (pair := overlapping(ranges)) is not None:
        problems.append(f"ranges: {pair[0].first} からと {pair[1].first} からの範囲が重なっています。")
    if any(one.station == ANY for one in ranges) and len(ranges) > 1:
        problems.append("ranges: station = \"*\" のときは、範囲は一つだけです。")
    alarm = table.get("alarm", 20)
    if not isinstance(alarm, int) or isinstance(alarm, bool) or alarm < 0:
        problems.append("alarm: 0 以上の整数で書きます。")
    if not isinstance(table.get("sample", False), bool):
        problems.append("sample: true か false で書きます。")
    if problems or ordinance is None or consent is None:
        return None, tuple(problems)
    version, lines = consent
    return Setup(ordinance=ordinance, consent_version=version, consent_lines=lines, scopes=scopes, ranges=ranges,
                 links=links, alarm=alarm, sample=table.get("sample", False),
                 sha256=hashlib.sha256(data).hexdigest()), ()


def _text(where: str, row: dict[str, Any], key: str) -> str:
    value = row.get(key)
    if not isinstance(value, str) or not value.strip():
        raise _Problem(f"{where}: {key} を文字列で書きます。")
    return value.strip()


def _only(where: str, row: dict[str, Any], keys: set[str]) -> None:
    if unknown := sorted(set(row) - keys):
        raise _Problem(f"{where}: {unknown[0]} という項目はありません。")


def _ordinance(row: Any) -> Ordinance:
    if not isinstance(row, dict):
        raise _Problem("ordinance: 条例がありません。条例がなければ利用者IDは発行できません。")
    _only("ordinance", row, {"name", "article", "in_force"})
    day = row.get("in_force")
    if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
        raise _Problem("ordinance: in_force は 2026-04-01 の形の日付で書きます。")
    return Ordinance(name=_text("ordinance", row, "name"), article=_text("ordinance", row, "article"), in_force=day)


def _consent(row: Any) -> tuple[str, tuple[str, ...]]:
    if not isinstance(row, dict):
        raise _Problem("consent: 同意の版と文がありません。")
    _only("consent", row, {"version", "lines"})
    lines = row.get("lines")
    if not isinstance(lines, list) or not lines or not all(isinstance(one, str) and one.strip() for one in lines):
        raise _Problem("consent: lines は文の並びで書きます。")
    if len(lines) > LINES or any(len(one) > LETTERS for one in lines):
        raise _Problem(f"consent: lines は {LINES} 行まで、1 行 {LETTERS} 字までです。")
    return _text("consent", row, "version"), tuple(lines)


def _service(where: str, row: dict[str, Any]) -> Service:
    _only(where, row, {"code", "label"})
    code = _text(where, row, "code")
    if not re.fullmatch(r"[a-z_]{2,20}", code):
        raise _Problem(f"{where}: code は英小文字で書きます。")
    return Service(code=code, label=_text(where, row, "label"))


def _range(where: str, row: dict[str, Any]) -> Range:
    _only(where, row, {"station", "first", "last"})
    found = Range(station=_text(where, row, "station"), first=_text(where, row, "first"),
                  last=_text(where, row, "last"))
    if not is_id(found.first) or not is_id(found.last):
        raise _Problem(f"{where}: first と last は、引用符で囲んだ13桁の数字です。")
    if found.first > found.last:
        raise _Problem(f"{where}: first が last より大きいです。")
    return found


def _system(where: str, row: dict[str, Any]) -> System:
    _only(where, row, {"code", "label", "pattern"})
    found = System(code=_text(where, row, "code"), label=_text(where, row, "label"),
                   pattern=_text(where, row, "pattern"))
    try:
        re.compile(found.pattern)
    except re.error as error:
        raise _Problem(f"{where}: pattern が正規表現として正しくありません。") from error
    return found
