"""A town's own export read as ours: for each of our columns, where it comes from. Nothing is guessed.

    [files]                                        # only where the names differ
    residents = "JUKI001.CSV"

    [columns]                                      # residents.csv; [cards] and [shelters] likewise
    addressee_no = "宛名番号"                      # a source column
    name = { join = ["氏", "名"], with = "　" }    # several, with something between
    town = { split = "住所", at = "　", part = 1 } # one part of a column, counted from 1
    lg_code = { fixed = "152048" }                 # the same for everyone
    sex_code = { from = "性別", codes = { "男" = "1", "女" = "2", "" = "" } }
    postal_code = { from = "郵便番号", form = "digits" }

A column that is named here and missing in the file is an error; so is a value that its code table does not know.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter
from pathlib import Path
from typing import Any

from sanjo_tui import text
from sanjo_tui.errors import RegisterError
from sanjo_tui.register import columns

Pick = Callable[[list[str]], Sequence[str]]
"""Takes our columns, in their fixed order, out of one CSV row of the right length. Raises UnknownCode."""


class UnknownCode(Exception):
    """A value that a code table of the mapping does not list."""

    def __init__(self, column: str) -> None:
        super().__init__(column)
        self.column = column


@dataclass(frozen=True, slots=True)
class Source:
    """Where one of our columns comes from. `names` are the source columns it needs."""

    column: str
    names: tuple[str, ...] = ()
    fixed: str | None = None
    between: str = ""
    at: str = ""
    part: int = 0
    codes: tuple[tuple[str, str], ...] | None = None
    digits: bool = False

    def taker(self, places: dict[str, int]) -> Callable[[list[str]], str]:
        """A function from a row to the value."""
        take = self._raw(places)
        if self.digits:
            take = _then(take, text.digits)
        if self.codes is None:
            return take
        table, column = dict(self.codes), self.column

        def coded(row: list[str]) -> str:
            value = table.get(take(row))
            if value is None:
                raise UnknownCode(column)
            return value
        return coded

    def _raw(self, places: dict[str, int]) -> Callable[[list[str]], str]:
        if self.fixed is not None:
            fixed = self.fixed
            return lambda row: fixed
        indexes = [places[name] for name in self.names]
        if self.part:
            index, at, part = indexes[0], self.at or None, self.part - 1
            return lambda row: (row[index].split(at)[part:] or [""])[0]
        if len(indexes) == 1:
            index = indexes[0]
            return lambda row: row[index]
        between = self.between
        return lambda row: between.join(filter(None, (row[index] for index in indexes)))


@dataclass(frozen=True, slots=True)
class Mapping:
    """A mapping file that was read; without one, every file speaks our own column names."""

    files: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, Source]] = field(default_factory=dict)

    def file_name(self, kind: str) -> str:
        """The delivered name of residents, cards or shelters."""
        return self.files.get(kind, f"{kind}.csv")

    def sources(self, kind: str) -> dict[str, Source] | None:
        """Where the columns of this file come from; None: from the columns of the same names."""
        return self.columns.get(kind)


def read(path: Path) -> Mapping:
    """Reads a mapping file. RegisterError names the file and the key."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise RegisterError(f"対応表 {path.name} を読めません。",
                            "ファイル名と文字コード（UTF-8）を確かめてください。") from error
    except tomllib.TOMLDecodeError as error:
        raise RegisterError(f"対応表 {path.name} が TOML として読めません。", f"{error}") from error
    files = table.pop("files", {})
    known = {"columns": ("residents", columns.RESIDENTS), "residents": ("residents", columns.RESIDENTS),
             "cards": ("cards", columns.CARDS), "shelters": ("shelters", columns.SHELTERS)}
    for key in table:
        if key not in known:
            raise _wrong(path, key, "知らない項目です")
    if not isinstance(files, dict) or not set(files) <= {"residents", "cards", "shelters"}:
        raise _wrong(path, "files", "residents、cards、shelters のどれかを書いてください")
    mapped: dict[str, dict[str, Source]] = {}
    for key, given in table.items():
        kind, ours = known[key]
        if not isinstance(given, dict):
            raise _wrong(path, key, "表にしてください")
        mapped[kind] = {column: _source(path, column, value, ours) for column, value in given.items()}
    return Mapping({kind: str(name) for kind, name in files.items()}, mapped)


def plain(header: Sequence[str], ours: Sequence[str]) -> Pick:
    """Our columns from a file that has them under the same names; those it lacks are blank."""
    places = {name: place for place, name in enumerate(header)}
    indexes = [places.get(column, -1) for column in ours]
    take = itemgetter(*indexes)

    def pick(row: list[str]) -> Sequence[str]:
        row.append("")  # what index -1 stands for
        taken: Sequence[str] = take(row)
        return taken
    return pick


def mapped(header: Sequence[str], ours: Sequence[str], sources: dict[str, Source]) -> Pick:
    """Our columns by a mapping whose source columns are all in the header."""
    places = {name: place for place, name in enumerate(header)}
    takers = [sources[column].taker(places) if column in sources else _blank for column in ours]
    return lambda row: [take(row) for take in takers]


def _blank(row: list[str]) -> str:
    return ""


def _then(first: Callable[[list[str]], str], second: Callable[[str], str]) -> Callable[[list[str]], str]:
    return lambda row: second(first(row))


def _source(path: Path, column: str, value: Any, ours: Sequence[str]) -> Source:
    if column not in ours:
        raise _wrong(path, column, "こちらにない列名です")
    if isinstance(value, str):
        value = {"from": value}
    if not isinstance(value, dict):
        raise _wrong(path, column, "元の列名か、表を書いてください")
    kinds = [key for key in ("from", "join", "split", "fixed") if key in value]
    extra = set(value) - {"from", "join", "split", "fixed", "with", "at", "part", "codes", "form"}
    if len(kinds) != 1 or extra:
        raise _wrong(path, column, "from、join、split、fixed のどれか一つを書いてください")
    origin, kind = value[kinds[0]], kinds[0]
    names = tuple(origin) if kind == "join" and isinstance(origin, list) else (origin,)
    part, codes, form = value.get("part", 0), value.get("codes"), value.get("form", "")
    if not all(isinstance(name, str) for name in (*names, value.get("with", ""), value.get("at", ""))):
        raise _wrong(path, column, "文字列で書いてください")
    if kind == "split" and not (isinstance(part, int) and part >= 1):
        raise _wrong(path, column, "part に 1 からの番号を書いてください")
    if codes is not None and not (isinstance(codes, dict) and all(isinstance(code, str) for code in codes.values())):
        raise _wrong(path, column, "codes は文字列の表にしてください")
    if form not in ("", "digits"):
        raise _wrong(path, column, "form に書けるのは digits だけです")
    for name in names:
        if kind != "fixed" and name.casefold() in columns.MY_NUMBER:
            raise _wrong(path, column, "個人番号の列は使えません")
    return Source(column, () if kind == "fixed" else names, origin if kind == "fixed" else None, value.get("with", ""),
                  value.get("at", ""), part if kind == "split" else 0,
                  tuple(codes.items()) if codes is not None else None, form == "digits")


def _wrong(path: Path, key: str, message: str) -> RegisterError:
    return RegisterError(f"対応表 {path.name} の {key} が正しくありません: {message}。",
                         "対応表を直して、もう一度実行してください。")
