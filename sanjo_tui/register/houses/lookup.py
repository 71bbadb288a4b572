"""The houses and the surveys in use, read-only. Never writes, never logs: the desk logs what it shows.

A disaster opens the houses that it pinned by `Houses.open_at`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Self

from peewee import DatabaseError, InterfaceError
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from sanjo_tui import text
from sanjo_tui.errors import RegisterError
from sanjo_tui.register import shelf
from sanjo_tui.register.content import Content
from sanjo_tui.register.houses import address, snapshot, tables
from sanjo_tui.register.houses.values import House, Survey
from sanjo_tui.register.shelf import FileKeys

MOST = 60
"""So many houses a search gives."""

_HOUSE = f"SELECT {', '.join(tables.HOUSE)} FROM house"
_SURVEY = f"SELECT {', '.join(tables.SURVEY)} FROM survey"


class Kept:
    """One file of houses or surveys. Any thread may ask; every thread has its own connection."""

    CONTENT: Content

    def __init__(self, home_dir: Path, keys: FileKeys, snapshot_id: str) -> None:
        directory = snapshot.directory_of(home_dir, self.CONTENT)
        self._database, self.info = snapshot.open_file(directory, keys, self.CONTENT, snapshot_id)

    @classmethod
    def open(cls, home_dir: Path, keys: FileKeys) -> Self | None:
        """What was loaded last; None where nothing was. RegisterError when it cannot be read."""
        found = shelf.live_id(snapshot.directory_of(home_dir, cls.CONTENT), cls.CONTENT)
        return cls(home_dir, keys, found) if found else None

    @classmethod
    def open_at(cls, home_dir: Path, keys: FileKeys, snapshot_id: str) -> Self:
        """One of the files that are kept. RegisterError."""
        return cls(home_dir, keys, snapshot_id)

    def close(self) -> None:
        """Closes all connections."""
        self._database.close_all()

    def _rows(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Any]:
        try:
            cursor = self._database.execute_sql(sql, tuple(values))
            while rows := cursor.fetchmany(500):
                yield from rows
        except (DatabaseError, InterfaceError, dbapi2.Error) as error:
            raise RegisterError(f"{self.CONTENT.noun}を読めません。", self.CONTENT.again,
                                detail=type(error).__name__) from error


class Houses(Kept):
    """The houses."""

    CONTENT = snapshot.HOUSES

    def house(self, house_id: str, unit: str = "") -> House | None:
        """By 家屋番号 and 住戸."""
        return next(self._houses("WHERE house_id = ? AND unit = ?", (house_id, unit)), None)

    def of_key(self, key: str) -> House | None:
        """By House.key."""
        house_id, _, unit = key.partition("/")
        return self.house(house_id, unit)

    def at(self, *keys: str) -> tuple[House, ...]:
        """Where one of these address keys is the 住居表示 or the 地番."""
        wanted = [key for key in keys if key]
        marks = ", ".join("?" * len(wanted))
        return tuple(self._houses(f"WHERE address_key IN ({marks}) UNION {_HOUSE} WHERE parcel_key IN ({marks})",
                                  (*wanted, *wanted))) if wanted else ()

    def near(self, block: str, limit: int = MOST) -> tuple[House, ...]:
        """Of the same 街区, or of the same 地番 with another branch."""
        if not block:
            return ()
        return tuple(self._houses("WHERE block_key = ? OR address_key = ? OR parcel_key = ? ORDER BY address_key, unit"
                                  " LIMIT ?", (block, block, block, limit)))

    def owned_by(self, numbers: Sequence[str]) -> tuple[House, ...]:
        """By 宛名番号 of the owner."""
        marks = ", ".join("?" * len(numbers))
        return tuple(self._houses(f"WHERE owner_addressee_no IN ({marks}) ORDER BY house_id, unit",
                                  numbers)) if numbers else ()

    def of_sheet(self, map_sheet: str, limit: int = MOST) -> tuple[House, ...]:
        """Of one sheet of the map."""
        return tuple(self._houses("WHERE map_sheet = ? ORDER BY address_key, house_id, unit LIMIT ?",
                                  (map_sheet, limit)))

    def search(self, written: str) -> tuple[House, ...]:
        """By hand: 家屋番号, an address or a 地番 in any spelling, a town, a sheet of the map, an owner's name."""
        plain = text.joined(text.nfkc(written))
        place = address.place("", plain)
        ways = [("house_id = ?", plain), ("address_key = ?", place.key), ("parcel_key = ?", place.key),
                ("map_sheet = ?", plain), ("block_key = ?", place.key), ("owner_name = ?", written.strip())]
        if not place.numbers:
            ways.append(("town_key = ?", place.town))
        found: dict[str, House] = {}
        for where, value in ways:
            if value:
                found |= {house.key: house for house in self._houses(
                    f"WHERE {where} ORDER BY address_key, house_id, unit LIMIT ?", (value, MOST))
                    if house.key not in found}
        return tuple(found.values())[:MOST]

    def everything(self) -> Iterator[House]:
        """All houses by number."""
        return self._houses("ORDER BY house_id, unit")

    def _houses(self, where: str, values: Sequence[Any] = ()) -> Iterator[House]:
        for row in self._rows(f"{_HOUSE} {where}", values):
            yield House(**dict(zip(tables.HOUSE, row, strict=True)))


class Surveys(Kept):
    """The surveys."""

    CONTENT = snapshot.SURVEYS

    def of_house(self, disaster: str, house_id: str, unit: str = "") -> tuple[Survey, ...]:
        """Of a house or 住戸, those of the whole building included, by stage; a 住戸's own comes after."""
        return tuple(self._surveys("WHERE disaster = ? AND house_id = ? AND unit IN ('', ?) ORDER BY stage, unit",
                                   (disaster, house_id, unit)))

    def of_disaster(self, disaster: str) -> Iterator[Survey]:
        """All of one disaster by number."""
        return self._surveys("WHERE disaster = ? ORDER BY survey_no", (disaster,))

    def _surveys(self, where: str, values: Sequence[Any] = ()) -> Iterator[Survey]:
        for row in self._rows(f"{_SURVEY} {where}", values):
            yield Survey(**dict(zip(tables.SURVEY, row, strict=True)))
