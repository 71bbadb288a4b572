"""Builds one register file from a snapshot folder: fresh, encrypted, checked, its indexes made after the rows.

The file is worthless until it is whole, so that there is no journal and no fsync while it grows; only the finished
file is synced. Rows go through `executemany` on the driver's connection: five times faster than models.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from sanjo_tui import wareki
from sanjo_tui.register import columns, household, names
from sanjo_tui.register.check import RowCheck
from sanjo_tui.register.delivery import Delivery
from sanjo_tui.register.manifest import NAME, Manifest
from sanjo_tui.register.mapping import Mapping
from sanjo_tui.register.reading import Folder
from sanjo_tui.register.report import Report
from sanjo_tui.register.tables import RegisterDatabase, Tables

_KEPT = 32
"""Columns of the table resident without its row number."""

Row = tuple[Any, ...]


class Builder:
    """Fills one fresh file. Findings go into the report; after errors the file is of no use and must be removed."""

    def __init__(self, path: Path, key: bytes, folder: Folder, manifest: Manifest, by: Mapping, report: Report) -> None:
        self.folder, self.manifest, self.by, self.report = folder, manifest, by, report
        self.diff = manifest.kind == "diff"
        self.residents: Delivery | None = None
        self.database = RegisterDatabase(path, key, read_only=False)
        self.database.connect()
        self.connection: Any = self.database.connection()
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000", "locking_mode = EXCLUSIVE"):
            self.connection.execute(f"PRAGMA {pragma}")
        self.tables = Tables(self.database)
        self._fields = ", ".join(field.column_name for field in self.tables.resident._meta.sorted_fields[1:])

    def close(self) -> None:
        """Closes the file."""
        self.database.close_all()

    def fill(self, base: tuple[Path, str] | None = None) -> None:
        """Reads all files. `base`: path and key (hex) of the register that a diff builds on; without it only checks."""
        self.tables.create()
        if base is not None:
            self._copy(*base)
        self.connection.execute("BEGIN")
        self.residents = self._delivery("residents", columns.RESIDENTS,
                                        (*columns.REQUIRED, *(("change",) if self.diff else ())), optional=False)
        if self.residents is not None:
            self._load(self.residents)
        self.tables.create_indexes()
        if self.residents is not None:
            self._check_between(self.residents, merge=base is not None)
        cards = self._delivery("cards", columns.CARDS, columns.REQUIRED_OF_CARDS)
        if cards is not None:
            self._cards(cards, merged=not self.diff or base is not None)
        shelters = self._delivery("shelters", columns.SHELTERS, columns.REQUIRED_OF_SHELTERS)
        if shelters is not None:
            self._shelters(shelters)
        self._count()
        self.connection.execute("COMMIT")

    def finish(self, info: dict[str, str]) -> None:
        """The index of names and what the register says of itself."""
        self.connection.execute("BEGIN")
        self.connection.execute("DROP TABLE IF EXISTS incoming")
        self.connection.execute("DROP TABLE IF EXISTS touched")
        names.build(self.connection)
        self.connection.executemany("INSERT INTO info VALUES (?, ?)", info.items())
        self.connection.execute("ANALYZE")
        self.connection.execute("COMMIT")

    def losses(self, live: Path, key: str) -> tuple[int, int, int, int, int]:
        """Against the live register: residents, of them without a row here, of them moved out or dead here;

        households, of them without a row here.
        """
        self.connection.execute("ATTACH DATABASE ? AS live KEY \"" f"x'{key}'" "\"", (str(live),))
        people, vanished, ended = self.connection.execute("""
            SELECT count(*), coalesce(sum(status IS NULL), 0), coalesce(sum(status <> '1'), 0) FROM (
                SELECT (SELECT r.resident_status FROM main.resident r WHERE r.addressee_no = l.addressee_no) AS status
                FROM live.resident l WHERE l.resident_status = '1')""").fetchone()
        households, gone = self.connection.execute("""
            SELECT count(*), coalesce(sum(NOT EXISTS
                (SELECT 1 FROM main.resident r WHERE r.household_no = l.household_no)), 0)
            FROM (SELECT DISTINCT household_no FROM live.resident WHERE resident_status = '1') l""").fetchone()
        self.connection.execute("DETACH DATABASE live")
        return people, vanished, ended, households, gone

    def _delivery(self, kind: str, ours: Sequence[str], required: Sequence[str], *, optional: bool = True,
                  ) -> Delivery | None:
        name = self.by.file_name(kind)
        entry = self.manifest.file(name)
        if entry is None:
            if not optional:
                self.report.error(NAME, 0, "files", "missing", f"{name} が [[files]] にありません")
            elif kind in self.by.files:
                self.report.error(NAME, 0, "files", "mapping", f"対応表にある {name} が [[files]] にありません")
            return None
        return Delivery(kind, self.folder, entry, self.by, self.report, ours, required)

    def _copy(self, path: Path, key: str) -> None:
        """Everything of the base but the index of names, which is made anew."""
        self.connection.execute("ATTACH DATABASE ? AS base KEY \"" f"x'{key}'" "\"", (str(path),))
        self.connection.execute("BEGIN")
        for table in ("resident", "card_link", "shelter"):
            self.connection.execute(f"INSERT INTO main.{table} SELECT * FROM base.{table}")
        self.connection.execute("UPDATE resident SET line = 0")
        self.connection.execute("COMMIT")
        self.connection.execute("DETACH DATABASE base")

    def _load(self, delivery: Delivery) -> None:
        table = "incoming" if self.diff else "resident"
        if self.diff:
            self.connection.execute("CREATE TABLE incoming AS SELECT *, '' AS change FROM resident WHERE 0")
        self.connection.execute("CREATE TEMP TABLE older(addressee_no TEXT, line INTEGER)")
        marks = ", ".join("?" * (_KEPT + self.diff))
        change = ", change" if self.diff else ""
        self.connection.executemany(f"INSERT INTO {table}({self._fields}{change}) VALUES ({marks})",
                                    self._judged(delivery))
        self.report.records = delivery.records
        if delivery.present and "rel1" not in delivery.present:
            self.report.warn(delivery.entry.name, 1, "rel1", "missing",
                             "続柄コードの列がなく、世帯主を確かめられません")
        if delivery.present and "suppress_flags" not in delivery.present:
            self.report.warn(delivery.entry.name, 1, "suppress_flags", "missing",
                             "抑止の列がなく、前のデータで保護されている人だけを保護します" if self.diff else
                             "抑止の列がなく、支援措置の方も保護されません")

    def _judged(self, delivery: Delivery) -> Iterator[Row]:
        """What stands in the table for each row; history rows marked as such are left out."""
        check = RowCheck(self.report, delivery.entry.name, self.manifest.lg_code, self.manifest.as_of.isoformat())
        older: list[tuple[str, int]] = []
        for line, taken in delivery.rows():
            (addressee_no, household_no, name, birth_date, status, lg_code, history_no, branch, is_latest, is_deleted,
             kind, name_kana, name_roman, name_hanzi, alias, alias_kana, former_family, former_family_kana, sex,
             unknown, birth_text, era, rel1, rel2, rel3, rel4, rel_label, head_name, order, postal_code, town, lot_text,
             building, district_code, nationality, suppress_flags, change) = taken
            if is_latest == "0":
                older.append((addressee_no, line))
                continue
            if self.diff and change == "delete":
                if not addressee_no:
                    check.numbers(line, addressee_no, "0")
                yield (addressee_no, *("",) * 14, None, *("",) * 11, 0, "", 0, 0, line, change)
                continue
            if self.diff and change not in columns.CHANGES:
                check.error(line, "change", "code", "add、update、delete のどれかを書いてください", change)
            check.codes(line, (status, kind, sex, unknown, era, is_latest, is_deleted, lg_code))
            check.numbers(line, addressee_no, household_no)
            birth_key = check.birth(line, birth_date, unknown, birth_text, era)
            if not (name or alias or name_roman):
                check.warn(line, "name", "required", "氏名がありません")
            if is_deleted == "1":
                continue
            values = (
                addressee_no, household_no, check.integer(line, "order_in_household", order), name, name_kana, alias,
                alias_kana, name_roman, name_hanzi, former_family, former_family_kana, birth_date,
                "1" if unknown == "1" else "", birth_text, era, birth_key, sex,
                check.relationship(line, (rel1, rel2, rel3, rel4)), rel_label, kind or "1", status, postal_code, town,
                lot_text, building, district_code, nationality,
                check.protection(line, suppress_flags) if suppress_flags else False, head_name,
                check.integer(line, "history_no", history_no), check.integer(line, "branch", branch), line)
            yield (*values, change) if self.diff else values
        self.connection.executemany("INSERT INTO older VALUES (?, ?)", older)

    def _check_between(self, residents: Delivery, *, merge: bool) -> None:
        file, table = residents.entry.name, "incoming" if self.diff else "resident"
        household.keep_latest(self.connection, self.report, file, table=table, flagged="is_latest" in residents.present)
        for number, line in self.connection.execute(
                f"SELECT addressee_no, min(line) FROM older WHERE addressee_no NOT IN"
                f" (SELECT addressee_no FROM {table}) GROUP BY addressee_no").fetchall():
            self.report.error(file, line, "is_latest", "no_latest", "この宛名番号に最新の行がありません", number)
        if not self.diff or (merge and self.report.ok):
            if self.diff:
                if "suppress_flags" not in residents.present:  # what is not delivered does not end a protection
                    self.connection.execute("UPDATE incoming SET protected = 1 WHERE addressee_no IN"
                                            " (SELECT addressee_no FROM resident WHERE protected)")
                self._merge(file)
            household.check(self.connection, self.report, file, touched_only=self.diff,
                            heads=self.diff or "rel1" in residents.present,
                            order=self.diff or "order_in_household" in residents.present)

    def _merge(self, file: str) -> None:
        """Applies a diff: what is added must be new, what is changed or deleted must be there."""
        for line, number, change, known in self.connection.execute(
                "SELECT line, addressee_no, change, addressee_no IN (SELECT addressee_no FROM resident)"
                " FROM incoming").fetchall():
            if known and change == "add":
                self.report.error(file, line, "change", "change", f"宛名番号 {number} はすでにあります", change)
            if not known and change in ("update", "delete"):
                self.report.error(file, line, "change", "change", f"宛名番号 {number} は元のデータにありません", change)
        for sql in (
                "CREATE TABLE touched AS SELECT household_no FROM incoming UNION SELECT household_no FROM resident"
                " WHERE addressee_no IN (SELECT addressee_no FROM incoming)",
                "DELETE FROM resident WHERE addressee_no IN (SELECT addressee_no FROM incoming)",
                f"INSERT INTO resident({self._fields}) SELECT {self._fields} FROM incoming WHERE change <> 'delete'",
                "DELETE FROM card_link WHERE addressee_no IN"
                " (SELECT addressee_no FROM incoming WHERE change = 'delete')"):
            self.connection.execute(sql)

    def _cards(self, delivery: Delivery, merged: bool) -> None:
        file = delivery.entry.name
        insert = "INSERT INTO card_link(addressee_no, user_id, valid_until, status, line) VALUES (?, ?, ?, ?, ?)"
        if self.diff:
            for row in list(self._judged_cards(delivery)):
                self.connection.execute("DELETE FROM card_link WHERE user_id = ?", (row[1],))
                if row[5] != "delete":
                    self.connection.execute(insert, row[:5])
        else:
            self.connection.executemany(insert, (row[:5] for row in self._judged_cards(delivery)))
        for line in self.connection.execute(
                "SELECT line FROM card_link WHERE user_id IN (SELECT user_id FROM card_link GROUP BY user_id"
                " HAVING count(*) > 1) ORDER BY user_id, line").fetchall():
            self.report.error(file, line[0], "user_id", "duplicate", "同じ利用者IDが 2 行以上あります")
        if self.diff and not merged:
            return
        for number, line in self.connection.execute(
                "SELECT addressee_no, line FROM card_link WHERE line > 0 AND addressee_no NOT IN"
                " (SELECT addressee_no FROM resident)").fetchall():
            self.report.warn(file, line, "addressee_no", "unknown_person", "住民データにない宛名番号です", number)

    def _judged_cards(self, delivery: Delivery) -> Iterator[Row]:
        file = delivery.entry.name
        for line, (addressee_no, user_id, valid_until, status, change) in delivery.rows():
            known = columns.CARD_STATUSES.get(status or "active")
            if not addressee_no.isascii() or not addressee_no.isdigit():
                self.report.error(file, line, "addressee_no", "digits", "宛名番号がないか、数字ではありません",
                                  addressee_no)
            if len(user_id) != 13 or not user_id.isascii() or not user_id.isdigit():
                self.report.error(file, line, "user_id", "digits", "利用者IDは 13 桁の数字です")
            if known is None:
                self.report.error(file, line, "status", "code", "active、suspended、revoked のどれかです", status)
            if valid_until == "99999999":
                valid_until = ""
            if valid_until and not wareki.readable(valid_until):
                self.report.error(file, line, "valid_until", "date", "日付として読めません", valid_until)
            yield addressee_no, user_id, valid_until, known or "", line, change

    def _shelters(self, delivery: Delivery) -> None:
        file = delivery.entry.name
        self.connection.execute("DELETE FROM shelter")
        seen = set()
        for line, row in delivery.rows():
            code, name, address, district_code, capacity, phone = row
            if not code or not name:
                self.report.error(file, line, "shelter_code", "required", "避難所コードか名称がありません")
            elif code in seen:
                self.report.error(file, line, "shelter_code", "duplicate", "同じ避難所コードがあります", code)
            elif capacity and not (capacity.isascii() and capacity.isdigit()):
                self.report.error(file, line, "capacity", "digits", "数字で書いてください", capacity)
            else:
                self.connection.execute("INSERT INTO shelter VALUES (?, ?, ?, ?, ?, ?)",
                                        (code, name, address, district_code, int(capacity or 0), phone))
            seen.add(code)

    def _count(self) -> None:
        self.report.people, self.report.households = self.connection.execute(
            "SELECT count(*), count(DISTINCT household_no) FROM resident WHERE resident_status = '1'").fetchone()
        self.report.cards = self.connection.execute("SELECT count(*) FROM card_link").fetchone()[0]
