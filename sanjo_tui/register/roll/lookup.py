"""The roll in use, read-only: by card, ticket, number and search. Never writes, never logs.

Whoever shows what it gives must have logged the look-up first (desk/).
"""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from peewee import DatabaseError, InterfaceError
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from sanjo_tui import text
from sanjo_tui.errors import RegisterError
from sanjo_tui.register.content import ROLL
from sanjo_tui.register.roll import shelf
from sanjo_tui.register.roll.elector import (
    Absentee,
    Elector,
    ElectorHit,
    ElectorsFound,
    MovedScope,
    RollInfo,
    RollMark,
    RollStatus,
)
from sanjo_tui.register.roll.search import TICKET, RollSearch
from sanjo_tui.register.roll.tables import CAN_VOTE, ELECTOR, natural
from sanjo_tui.register.roll.wardkey import short_key
from sanjo_tui.register.shelf import FileKeys
from sanjo_tui.register.tables import RegisterDatabase
from sanjo_tui.wareki import register_date

_COLUMNS = ", ".join(f"e.{name}" for name in ELECTOR)
_SELECT = (f"SELECT e.id, (SELECT t.ticket_no FROM ticket t WHERE t.elector = e.id), e.kana_key, e.kana_other,"
           f" e.name_key, {_COLUMNS} FROM elector e")
_SAME_NAME = "((kana_key <> '' AND kana_key IN (?1, ?2)) OR kana_other IN (?1, ?2) OR name_key = ?3)"
_BATCH = 500

Row = Sequence[Any]


class Roll:
    """The roll that `current` names. Any thread may ask; every thread has its own connection."""

    def __init__(self, directory: Path, keys: FileKeys) -> None:
        self._directory, self._keys = directory, keys
        self._opened = self._open()

    @classmethod
    def open(cls, directory: Path, keys: FileKeys) -> Roll:
        """Opens the roll in use. RegisterError when none was loaded or its file cannot be read."""
        return cls(directory, keys)

    @property
    def info(self) -> RollInfo:
        """What the roll says of itself."""
        return self._opened[1]

    def refresh(self) -> bool:
        """Opens the new roll if `current` has changed; whether it has. Readers of the old one finish in peace."""
        if shelf.live_file(self._directory) == self.info.file:
            return False
        self._opened = self._open()
        return True

    def close(self) -> None:
        """Closes all connections."""
        self._opened[0].close_all()

    # --- one elector

    def by_user_id(self, user_id: str) -> Elector | None:
        """Whose card this is."""
        return self._one("e.user_id = ?", (user_id,)) if user_id else None

    def by_ticket(self, ticket_no: str) -> Elector | None:
        """Whose 入場券 this is."""
        return self._one(f"e.id IN ({TICKET})", (ticket_no, ticket_no)) if ticket_no else None

    def by_roll_no(self, roll_no: str) -> Elector | None:
        """By 名簿番号, whatever its width and leading zeros; None also where two wards have the same."""
        return self._one("e.roll_key = ?", (natural(roll_no),))

    def elector(self, addressee_no: str) -> Elector | None:
        """By 宛名番号."""
        return self._one("e.addressee_no = ?", (addressee_no,))

    def namesakes(self, elector: Elector) -> tuple[Elector, ...]:
        """Everybody else here whose reading or whose name, variant characters aside, is the same."""
        database = self._opened[0]
        rows = _rows(database, f"WHERE {_SAME_NAME} AND e.addressee_no <> ?4 ORDER BY e.ward_order, e.roll_key",
                     (*_name_keys(elector), elector.addressee_no))
        return tuple(_electors(database, rows))

    def ward_of(self, value: str) -> str | None:
        """The ward of a user ID or a ticket number anywhere in the town, from the nameless index; None: unknown."""
        if not value:
            return None
        database, info = self._opened
        key = short_key(info.roll_base, value)
        with _readable():
            row = database.execute_sql(
                "SELECT ward_code FROM elector WHERE user_id = ?1 UNION ALL"
                f" SELECT ward_code FROM elector WHERE id IN ({TICKET.replace('?', '?1')}) UNION ALL"
                " SELECT ward_code FROM town WHERE user = ?2 UNION ALL"
                " SELECT ward_code FROM town WHERE ticket = ?2 UNION ALL"
                " SELECT ward_code FROM town WHERE late = ?2 UNION ALL"
                " SELECT ward_code FROM ward WHERE key = ?2 LIMIT 1", (value, key)).fetchone()
        return row[0] if row else None

    # --- many electors

    def search(self, text: str, limit: int = 50) -> ElectorsFound:
        """Every reading of the text at once, at most `limit` hits.

        A 12-digit number that passes the check of 個人番号 raises RegisterError, unless it is a known 宛名番号 or
        入場券番号.
        """
        database = self._opened[0]  # one roll from first to last, even if another is switched to meanwhile
        search = RollSearch(database, text, limit, gone=False)
        with _readable():
            search.run()
        numbers = list(search.found)[:limit]
        marks = ", ".join("?" * len(numbers))
        rows = {row[0]: row for row in _rows(database, f"WHERE e.id IN ({marks})", numbers)}
        electors = dict(zip(rows, _electors(database, list(rows.values())), strict=True))
        hits = tuple(ElectorHit(elector=electors[number], match=search.found[number][0],
                                namesakes=_namesakes(database, rows[number])) for number in numbers)
        return ElectorsFound(hits=hits, readings=tuple(search.readings), more=search.full)

    def everyone(self, ward: str = "") -> Iterator[Elector]:
        """All electors, or those of a ward, by ward and 名簿番号. Streams."""
        return self._stream(ward, "e.ward_order, e.roll_key, e.id")

    def by_kana(self, ward: str = "") -> Iterator[Elector]:
        """The same by ward and 五十音; those without a reading come last."""
        return self._stream(ward, "e.ward_order, e.kana_key = '', e.kana_key, e.name_kana, e.roll_key, e.id")

    def counts(self) -> dict[str, tuple[int, int, int]]:
        """Electors who can vote (有効 or 転出表示) of each ward, as 男, 女, その他."""
        with _readable():
            rows = self._opened[0].execute_sql(
                "SELECT ward_code, sum(sex_code = '1'), sum(sex_code = '2'), sum(sex_code NOT IN ('1', '2'))"
                f" FROM elector WHERE {CAN_VOTE} GROUP BY ward_code ORDER BY ward_order").fetchall()
        return {ward: (men, women, others) for ward, men, women, others in rows}

    def tickets_agree(self) -> bool:
        """Tickets name the roll's own roll_base and every number means the same elector in both; compared anew."""
        database, info = self._opened
        if not info.tickets_base:
            return True
        with _readable():
            wrong = database.execute_sql(
                "SELECT 1 FROM ticket t LEFT JOIN elector e ON e.id = t.elector WHERE e.id IS NULL"
                " OR (e.ticket_no <> '' AND e.ticket_no <> t.ticket_no)"
                " OR EXISTS (SELECT 1 FROM elector o WHERE o.ticket_no = t.ticket_no AND o.id <> t.elector)"
                " LIMIT 1").fetchone()
        return wrong is None and info.tickets_base == info.roll_base and not info.tickets_wrong

    # --- how

    def _open(self) -> tuple[RegisterDatabase, RollInfo]:
        file = shelf.live_file(self._directory)
        if file is None:
            raise RegisterError("選挙人名簿がまだ読み込まれていません。",
                                "sanjo-tui election load で読み込んでください。")
        with _readable():
            return shelf.open_file(self._directory, self._keys, file)

    def _one(self, where: str, values: Row) -> Elector | None:
        database = self._opened[0]
        rows = _rows(database, f"WHERE {where} LIMIT 2", values)
        return _electors(database, rows)[0] if len(rows) == 1 else None

    def _stream(self, ward: str, order: str) -> Iterator[Elector]:
        database = self._opened[0]
        where = "WHERE e.ward_code = ?" if ward else ""
        with _readable():
            cursor = database.execute_sql(f"{_SELECT} {where} ORDER BY {order}", (ward,) if ward else ())
            while rows := cursor.fetchmany(_BATCH):
                yield from _electors(database, rows)


def _rows(database: RegisterDatabase, where: str, values: Row) -> list[Row]:
    with _readable():
        rows: list[Row] = database.execute_sql(f"{_SELECT} {where}", values).fetchall()
    return rows


def _electors(database: RegisterDatabase, rows: Sequence[Row]) -> list[Elector]:
    """Rows as electors, with their marks."""
    marks: dict[int, list[RollMark]] = {}
    with _readable():
        for start in range(0, len(rows), _BATCH):
            ids = [row[0] for row in rows[start:start + _BATCH]]
            for elector, *mark in database.execute_sql(
                    "SELECT elector, contest, district, early_date, early_site, absentee FROM mark"
                    f" WHERE elector IN ({', '.join('?' * len(ids))})", ids).fetchall():
                marks.setdefault(elector, []).append(_mark(mark))
    return [_elector(row, tuple(marks.get(row[0], ()))) for row in rows]


def _namesakes(database: RegisterDatabase, row: Row) -> int:
    with _readable():
        count: int = database.execute_sql(f"SELECT count(*) FROM elector WHERE {_SAME_NAME} AND id <> ?4",
                                          (row[2], row[3] or row[2], row[4], row[0])).fetchone()[0]
    return count


def _name_keys(elector: Elector) -> tuple[str, str, str]:
    return (*text.kana_keys(elector.name_kana), text.kanji_key(elector.name))


def _elector(row: Row, marks: tuple[RollMark, ...]) -> Elector:
    (addressee_no, user_id, roll_no, ward_code, ticket_no, name, name_kana, birth_date, sex, address, household_no,
     hidden, status, moved_on, scope, assist_hint) = row[5:]
    return Elector(
        addressee_no=addressee_no, user_id=user_id, roll_no=roll_no, ward_code=ward_code,
        ticket_no=ticket_no or row[1] or "", name=name, name_kana=name_kana,
        birth=register_date(birth_date, "不詳" in birth_date, birth_date if "不詳" in birth_date else ""),
        sex_code=sex, address_as_delivered=address, household_no=household_no, protected=bool(hidden),
        roll_status=RollStatus(status), moved_on=dt.date.fromisoformat(moved_on) if moved_on else None,
        moved_scope=MovedScope(scope), assist_hint=tuple(assist_hint.split()), marks=marks)


def _mark(values: Row) -> RollMark:
    contest, district, early_date, early_site, absentee = values
    return RollMark(contest=contest, district=district, early_site=early_site, absentee=Absentee(absentee),
                    early_date=dt.date.fromisoformat(early_date) if early_date else None)


@contextlib.contextmanager
def _readable() -> Iterator[None]:
    """A page that cannot be read, as a sentence: at a polling desk everything stops then."""
    try:
        yield
    except (DatabaseError, InterfaceError, dbapi2.Error) as error:
        raise RegisterError("選挙人名簿を読めません。", ROLL.again, detail=type(error).__name__) from error
