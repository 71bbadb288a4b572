"""Builds one roll file from a folder: fresh, encrypted, checked. Electors of other wards never enter it by name.

Like register/build.py the file has no journal and no fsync while it grows: it is worthless until it is whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from sanjo_tui.register import names
from sanjo_tui.register.delivery import Delivery
from sanjo_tui.register.manifest import NAME, FileEntry, Manifest
from sanjo_tui.register.mapping import Mapping
from sanjo_tui.register.reading import Folder
from sanjo_tui.register.roll import columns, tables, tickets, wards
from sanjo_tui.register.roll.report import RollReport
from sanjo_tui.register.roll.rows import ElectorRows, MarkRows, TicketNumbers
from sanjo_tui.register.roll.tables import CAN_VOTE, ELECTOR, KEYS
from sanjo_tui.register.roll.wardkey import person_key, short_key
from sanjo_tui.register.tables import RegisterDatabase

_BATCH = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the election says of the roll. `election`: its id; `contests`: codes, None where no election is known.

    `wards`: all 投票区; `only`: those whose electors are kept here, None: all.
    """

    election: str = ""
    contests: tuple[str, ...] | None = None
    wards: tuple[str, ...] = ()
    only: tuple[str, ...] | None = None
    is_ticket: Callable[[str], bool] | None = None
    """Whether the bar codes of the election give this number; None: the election is not known."""


class RollBuilder:
    """Fills one file. Findings go into the report; after errors the file is of no use and must be removed."""

    def __init__(self, path: Path, key: bytes, folder: Folder, manifest: Manifest, report: RollReport,
                 known: Known) -> None:
        self.folder, self.manifest, self.report, self.known = folder, manifest, report, known
        self._only = None if known.only is None else frozenset(known.only)
        self.roll_base = ""
        self._database = RegisterDatabase(path, key, read_only=False)
        self._database.connect()
        self.connection: Any = self._database.connection()
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000", "locking_mode = EXCLUSIVE"):
            self.connection.execute(f"PRAGMA {pragma}")

    def close(self) -> None:
        """Closes the file."""
        self._database.close_all()

    def fill(self) -> None:
        """Reads roll.csv and what is delivered with it."""
        tables.create(self.connection)
        self.roll_base = self.base_of(self.manifest.file("roll.csv"))
        self.report.roll_base = self.roll_base
        if not self.roll_base:
            self.report.error(NAME, 0, "roll_base", "required", "名簿を作った回の名前（roll_base）がありません")
        self._files()
        self.connection.execute("BEGIN")
        roll = self._delivery("roll", columns.ROLL, columns.REQUIRED)
        if roll is None:
            self.report.error(NAME, 0, "files", "missing", "roll.csv が [[files]] にありません")
        else:
            self._electors(roll)
        tables.create_indexes(self.connection)
        if roll is not None:
            self._repeated(roll.entry.name)
        contests = self._delivery("roll_contests", columns.CONTESTS, columns.REQUIRED_OF_CONTESTS)
        if contests is None:
            self.report.warn(NAME, 0, "files", "missing", "roll_contests.csv がなく、期日前投票済などの印がありません")
        else:
            self._marks(contests)
        index = self._delivery("wards", columns.WARDS, columns.WARDS)
        if index is not None:
            wards.fill(self.connection, index, self.report)
        self._tickets()
        if index is not None:
            wards.compare(self.connection, index, self.report)
        self._count()
        self.connection.execute("COMMIT")

    def read_tickets(self) -> None:
        """A folder with tickets alone, of which nothing can be said but whether it reads well in itself."""
        tables.create(self.connection)
        self.report.tickets_base = self.base_of(self.manifest.file("tickets.csv"))
        if not self.report.tickets_base:
            self.report.error(NAME, 0, "roll_base", "required", "名簿を作った回の名前（roll_base）がありません")
        delivery = self._delivery("tickets", columns.TICKETS, columns.TICKETS)
        if delivery is not None:
            tickets.read(self.connection, delivery, self.report, self.report.tickets_base, self.known.is_ticket)

    def tickets_here(self) -> int:
        """Tickets of tickets.csv that belong to electors who are here."""
        count: int = self.connection.execute("SELECT count(*) FROM ticket").fetchone()[0]
        return count

    def add_tickets(self, roll_base: str) -> None:
        """Tickets that come later, into a copy of the finished roll of this `roll_base`."""
        self.report.roll_base = self.roll_base = roll_base
        self._files()
        self.connection.execute("BEGIN")
        self._tickets()
        self.connection.execute("COMMIT")

    def finish(self, info: dict[str, str], *, index: bool = True) -> None:
        """The index of names and what the roll says of itself."""
        self.connection.execute("BEGIN")
        if index:
            names.build(self.connection)
        self.connection.executemany("INSERT OR REPLACE INTO info VALUES (?, ?)", info.items())
        self.connection.execute("ANALYZE")
        self.connection.execute("COMMIT")

    def base_of(self, entry: FileEntry | None) -> str:
        """The roll_base of a file: its own, or that of the manifest."""
        return (entry.roll_base if entry else "") or self.manifest.roll_base

    def losses(self, live: Path, key: str) -> tuple[int, int, int, int, int]:
        """Against the roll in use, in the wards that are kept now: its electors who can vote; of them without a row,

        of them struck off, of them without their ticket here; marks of having voted that are gone, in contests of this
        election.
        """
        self.connection.execute("ATTACH DATABASE ? AS live KEY \"" f"x'{key}'" "\"", (str(live),))
        has_ticket = "({0}.ticket_no <> '' OR EXISTS (SELECT 1 FROM {1}.ticket t WHERE t.elector = {0}.id))"
        only = self.known.only or ()
        wanted = f"AND l.ward_code IN ({', '.join('?' * len(only))})" if only else ""
        electors, vanished, ended, tickets = self.connection.execute(f"""
            SELECT count(*), coalesce(sum(e.id IS NULL), 0),
                   coalesce(sum(NOT e.{CAN_VOTE}), 0),
                   coalesce(sum({has_ticket.format('l', 'live')} AND NOT {has_ticket.format('e', 'main')}), 0)
            FROM live.elector l LEFT JOIN main.elector e ON e.addressee_no = l.addressee_no
            WHERE l.{CAN_VOTE} {wanted}""", only).fetchone()
        contests = self.known.contests or ()
        marks = self.connection.execute(f"""
            SELECT count(*) FROM live.mark m JOIN live.elector l ON l.id = m.elector
            JOIN main.elector e ON e.addressee_no = l.addressee_no
            WHERE (m.early_date <> '' OR m.absentee = 'accepted') AND m.contest IN ({', '.join('?' * len(contests))})
            AND NOT EXISTS (SELECT 1 FROM main.mark n WHERE n.elector = e.id AND n.contest = m.contest
                            AND (n.early_date <> '' OR n.absentee = 'accepted'))""", contests).fetchone()[0]
        self.connection.execute("DETACH DATABASE live")
        return electors, vanished, ended, tickets, marks

    def figures(self) -> tuple[tuple[int, int, int], tuple[str, ...]]:
        """Electors who can vote as 男, 女, その他, and the wards, of those who are here."""
        by_sex = self.connection.execute(
            "SELECT coalesce(sum(sex_code = '1'), 0), coalesce(sum(sex_code = '2'), 0),"
            " coalesce(sum(sex_code NOT IN ('1', '2')), 0) FROM elector"
            f" WHERE {CAN_VOTE}").fetchone()
        found = self.connection.execute("SELECT DISTINCT ward_code FROM elector ORDER BY ward_order").fetchall()
        return by_sex, tuple(ward for (ward,) in found)

    def _files(self) -> None:
        ours = {f"{name}.csv" for name in columns.FILES}
        for entry in self.manifest.files:
            if entry.name.casefold() not in ours:
                self.report.warn(NAME, 0, "name", "unknown_file", "知らないファイルなので取り込みません", entry.name)
            elif entry.name.casefold() == "tickets.csv":
                self.report.tickets_base = self.base_of(entry)
                tickets.same_base(self.report, entry.name, self.report.tickets_base, self.roll_base)
            elif self.base_of(entry) != self.roll_base:
                self.report.error(NAME, 0, "roll_base", "roll_base",
                                  f"{entry.name} は、この名簿（{self.roll_base}）から作られたものではありません",
                                  entry.roll_base)

    def _delivery(self, kind: str, ours: Sequence[str], required: Sequence[str]) -> Delivery | None:
        entry = self.manifest.file(f"{kind}.csv")
        if entry is None:
            return None
        exempt = ("addressee_no", "household_no", *(("ticket_no",) if self.known.is_ticket else ()))
        return Delivery(kind, self.folder, entry, Mapping(), self.report, ours, required, exempt)

    def _electors(self, delivery: Delivery) -> None:
        numbers = TicketNumbers(self.report, delivery.entry.name, self.known.is_ticket)
        check = ElectorRows(self.report, delivery.entry.name, self.manifest.lg_code, self.manifest.as_of.isoformat(),
                            self.known.wards, numbers)
        fields = (*ELECTOR, *KEYS)
        insert = f"INSERT INTO elector({', '.join(fields)}) VALUES ({', '.join('?' * len(fields))})"
        rows = (check.elector(line, row) for line, row in delivery.rows())
        while batch := list(islice(rows, _BATCH)):
            self.connection.executemany("INSERT INTO town VALUES (?, ?, ?, NULL, ?, ?)", map(self._nameless, batch))
            self.connection.executemany(insert, (
                row for row in batch if self._only is None or row[3] in self._only))
        numbers.conclude()
        self.report.records = delivery.records
        if delivery.present and "sex_code" not in delivery.present:
            self.report.warn(delivery.entry.name, 1, "sex_code", "missing", "性別の列がなく、男女別の数が出ません")

    def _nameless(self, row: Sequence[Any]) -> tuple[bytes, bytes | None, bytes | None, str, int]:
        base = self.roll_base
        return (person_key(base, row[0]), short_key(base, row[1]) if row[1] else None,
                short_key(base, row[4]) if row[4] else None, row[3], row[-1])

    def _repeated(self, file: str) -> None:
        """The same number twice in the whole town, other wards included."""
        for key, column, label in (("who", "addressee_no", "宛名番号"), ("user", "user_id", "利用者ID"),
                                   ("ticket", "ticket_no", "入場券番号")):
            for line, first in self.connection.execute(
                    f"SELECT t.line, f.first FROM (SELECT {key} AS key, min(line) AS first FROM town"
                    f" WHERE {key} IS NOT NULL GROUP BY {key} HAVING count(*) > 1) f JOIN town t ON t.{key} = f.key"
                    " WHERE t.line > f.first").fetchall():
                self.report.error(file, line, column, "duplicate", f"同じ{label}が {first}行目にもあります")
        for line, first in self.connection.execute(
                "SELECT e.line, f.first FROM (SELECT ward_code, roll_key, min(line) AS first FROM elector"
                " GROUP BY ward_code, roll_key HAVING count(*) > 1) f JOIN elector e ON e.roll_key = f.roll_key"
                " AND e.ward_code = f.ward_code WHERE e.line > f.first").fetchall():
            self.report.error(file, line, "roll_no", "duplicate", f"同じ投票区の同じ名簿番号が {first}行目にもあります")

    def _marks(self, delivery: Delivery) -> None:
        file = delivery.entry.name
        self.connection.execute("CREATE TEMP TABLE incoming(addressee_no, contest, district, early_date, early_site,"
                                " absentee, line, who)")
        check = MarkRows(self.report, file, self.manifest.lg_code, self.manifest.as_of.isoformat(),
                         self.known.contests)
        self.connection.executemany("INSERT INTO incoming VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (
            (*check.mark(line, row), person_key(self.roll_base, row[0])) for line, row in delivery.rows()))
        self.report.marks = delivery.records
        for number, line in self.connection.execute(
                "SELECT addressee_no, line FROM incoming i WHERE NOT EXISTS"
                " (SELECT 1 FROM town t WHERE t.who = i.who)").fetchall():
            self.report.error(file, line, "addressee_no", "unknown_person", "名簿にいない宛名番号です", number)
        for line, first in self.connection.execute(
                "SELECT i.line, f.first FROM (SELECT who, contest, min(line) AS first FROM incoming"
                " GROUP BY who, contest HAVING count(*) > 1) f JOIN incoming i"
                " ON f.who = i.who AND f.contest = i.contest WHERE i.line > f.first").fetchall():
            self.report.error(file, line, "contest", "duplicate", f"同じ方の同じ選挙が {first}行目にもあります")
        self.report.contests = [code for (code,) in self.connection.execute(
            "SELECT DISTINCT contest FROM incoming ORDER BY contest")]
        if self.report.ok:
            self.connection.execute(
                "INSERT INTO mark SELECT e.id, i.contest, i.district, i.early_date, i.early_site, i.absentee"
                " FROM incoming i JOIN elector e ON e.addressee_no = i.addressee_no ORDER BY e.id, i.contest")
        self.connection.execute("DROP TABLE incoming")

    def _tickets(self) -> None:
        delivery = self._delivery("tickets", columns.TICKETS, columns.TICKETS)
        if delivery is not None:
            tickets.fill(self.connection, delivery, self.report, self.roll_base, self.known.is_ticket)

    def _count(self) -> None:
        people, cards = self.connection.execute("SELECT count(*), coalesce(sum(user IS NOT NULL), 0) FROM town"
                                                ).fetchone()
        self.report.people, self.report.cards = people, cards
        self.report.wards = [ward for (ward,) in self.connection.execute(
            "SELECT DISTINCT ward_code FROM town ORDER BY ward_code")]

