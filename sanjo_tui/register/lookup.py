"""The live register, read-only: by card, by number, by household, by search. Never writes, never logs.

Whoever shows what it gives must have logged the look-up first (desk/).
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from peewee import DatabaseError, InterfaceError
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from sanjo_tui.errors import RegisterError
from sanjo_tui.register import columns, shelf
from sanjo_tui.register.people import CardLink, Found, Hit, Household, Resident, ShelterPlace, SnapshotInfo
from sanjo_tui.register.search import Search
from sanjo_tui.register.shelf import FileKeys
from sanjo_tui.register.tables import FORMAT, RegisterDatabase, Tables, open_for_reading
from sanjo_tui.wareki import register_date

_COLUMNS = ("addressee_no, household_no, position, name, name_kana, alias, name_roman, birth_date, birth_unknown,"
            " birth_text, birth_era, sex_code, relationship, relationship_label, resident_kind, resident_status,"
            " postal_code, town, lot_text, building, district_code, nationality, protected")
_SELECT = f"SELECT {_COLUMNS} FROM resident"
_BATCH = 500


@dataclass(frozen=True, slots=True)
class _Opened:
    database: RegisterDatabase
    tables: Tables
    info: SnapshotInfo
    protected: frozenset[str]


class Register:
    """The register that `current` names. Any thread may ask; every thread has its own connection."""

    def __init__(self, directory: Path, keys: FileKeys, pinned: str = "") -> None:
        self._directory, self._keys, self._pinned = directory, keys, pinned
        self._opened = self._open()

    @classmethod
    def open(cls, directory: Path, keys: FileKeys) -> Register:
        """Opens the live register. RegisterError when none was loaded or its file cannot be read."""
        return cls(directory, keys)

    @classmethod
    def open_at(cls, directory: Path, keys: FileKeys, snapshot_id: str) -> Register:
        """Opens one of the registers that are kept, whichever is live, and stays with it. RegisterError."""
        return cls(directory, keys, snapshot_id)

    @property
    def info(self) -> SnapshotInfo:
        """What the register says of itself."""
        return self._opened.info

    def refresh(self) -> bool:
        """Opens the new register if `current` has changed; whether it has. Readers of the old one finish in peace."""
        if self._pinned or shelf.live_id(self._directory) == self.info.snapshot_id:
            return False
        self._opened = self._open()  # the old connections go with the last one who uses them
        return True

    def close(self) -> None:
        """Closes all connections."""
        self._opened.database.close_all()

    def by_user_id(self, user_id: str) -> CardLink | None:
        """Whose card this is, whatever its status: the desk says so when it is revoked or expired."""
        card = self._opened.tables.card
        with _readable():
            row = card.select().where(card.user_id == user_id).tuples().first()
        return CardLink(row[1], row[2], row[3], row[4]) if row else None

    def cards_of(self, addressee_no: str) -> tuple[CardLink, ...]:
        """The cards that lead to one person, whatever their status."""
        card = self._opened.tables.card
        with _readable():
            rows: Any = card.select().where(card.addressee_no == addressee_no).order_by(card.user_id).tuples()
            return tuple(CardLink(row[1], row[2], row[3], row[4]) for row in rows)

    def resident(self, addressee_no: str) -> Resident | None:
        """One person by 宛名番号, also one who moved out or died."""
        rows = self._residents("WHERE addressee_no = ?", (addressee_no,))
        return next(rows, None)

    def household(self, household_no: str) -> Household:
        """The residents of a household in the register's order; by the national order where it gives none."""
        where = "WHERE household_no = ? AND resident_status = '1' ORDER BY position, id"
        members = tuple(self._residents(where, (household_no,)))
        if any(member.order == 0 for member in members):
            members = tuple(sorted(members, key=_national_order))
        return Household(household_no, members)

    def search(self, text: str, limit: int = 50, *, gone: bool = False) -> Found:
        """Every reading of the text at once, at most `limit` hits. `gone`: also those who moved out or died.

        A 12-digit number that passes the check of 個人番号 raises RegisterError, unless it is a known 宛名番号.
        """
        database = self._opened.database  # one register from first to last, even if another is switched to meanwhile
        search = Search(database, text, limit, gone=gone)
        with _readable():
            search.run()
            numbers = list(search.found)[:limit]
            marks = ", ".join("?" * len(numbers))
            rows = database.execute_sql(
                f"SELECT id, {_COLUMNS} FROM resident WHERE id IN ({marks})", numbers).fetchall()
        people = {row[0]: _resident(row[1:]) for row in rows}
        hits = tuple(Hit(people[number], *search.found[number]) for number in numbers)
        return Found(hits, tuple(search.readings), search.full)

    def everyone(self) -> Iterator[Resident]:
        """All residents by district, town, household and the order in it."""
        order = "district_code, town, household_no, position, id"
        return self._residents(f"WHERE resident_status = '1' ORDER BY {order}")

    def protected_numbers(self) -> frozenset[str]:
        """宛名番号 of all protected people; read once a register, for every desk asks it at every look."""
        return self._opened.protected

    def shelters(self) -> tuple[ShelterPlace, ...]:
        """The municipality's shelters by code."""
        shelter = self._opened.tables.shelter
        rows: Any = shelter.select().order_by(shelter.shelter_code).tuples()
        return tuple(ShelterPlace(*row) for row in rows)

    def _open(self) -> _Opened:
        live = self._pinned or shelf.live_id(self._directory)
        if live is None:
            raise RegisterError("住基データがまだ読み込まれていません。",
                                "sanjo-tui register load で読み込んでください。")
        database = open_for_reading(shelf.path_of(self._directory, live), shelf.key_of(self._keys, live))
        try:
            with _readable():
                written = database.execute_sql("PRAGMA user_version").fetchone()[0]
                if written != FORMAT:
                    raise RegisterError("住基データのファイルが、この版では読めない形です。",
                                        "元のデータを register load で読み込み直してください。",
                                        detail=f"format {written}")
                info = shelf.info_from(dict(database.execute_sql("SELECT key, value FROM info").fetchall()))
                hidden = database.execute_sql("SELECT addressee_no FROM resident WHERE protected").fetchall()
        except BaseException:
            database.close_all()
            raise
        return _Opened(database, Tables(database), info, frozenset(number for (number,) in hidden))

    def _residents(self, where: str, values: Sequence[Any] = ()) -> Iterator[Resident]:
        with _readable():
            cursor = self._opened.database.execute_sql(f"{_SELECT} {where}", values)
            while rows := cursor.fetchmany(_BATCH):
                for row in rows:
                    yield _resident(row)


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """A page that cannot be read, as a sentence: the desk goes on without the register."""
    try:
        yield
    except (DatabaseError, InterfaceError, dbapi2.Error) as error:
        raise RegisterError("住基データを読めません。", "register rollback で前に戻すか、読み込み直してください。",
                            detail=type(error).__name__) from error


def _resident(row: Sequence[Any]) -> Resident:
    (addressee_no, household_no, position, name, name_kana, alias, name_roman, birth_date, unknown, birth_text, era,
     sex, relationship, label, kind, status, postal_code, town, lot_text, building, district_code, nationality,
     hidden) = row
    codes = tuple(relationship.split(",")) if relationship else ()
    return Resident(
        addressee_no=addressee_no, household_no=household_no, order=position, name=name or alias or name_roman,
        name_kana=name_kana, alias=alias, name_roman=name_roman,
        birth=register_date(birth_date, unknown == "1", birth_text, era), sex_code=sex, relationship=codes,
        relationship_label=label or columns.relationship_label(codes), resident_kind=kind, resident_status=status,
        postal_code=postal_code, town=town, lot_text=lot_text, building=building, district_code=district_code,
        nationality=nationality, protected=bool(hidden))


_FIRST = {"02": 0, "11": 1, "12": 1, "13": 1, "14": 1, "20": 2, "51": 4, "52": 4, "71": 5, "74": 5, "81": 5, "84": 5,
          "96": 8, "99": 9}


def _national_order(member: Resident) -> tuple[int, int, str, str]:
    """記載順位 where the register gives none: head, spouse, children, their families, parents, siblings, others."""
    codes = member.relationship
    place = _FIRST.get(codes[0], 7) if codes else 7
    if codes[:1] == ("20",) and len(codes) > 1:
        place = 3
    elif len(codes) > 1:
        place = 6 if place in (4, 5) else place
    return member.order or 999, place, member.birth.sort_key, member.addressee_no
