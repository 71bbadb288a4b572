"""Folders with a manifest whose CSV files become tables of one encrypted file: support, and what is built like it.

Check, build, compare with what is in use, switch: the register's mechanics (shelf.py). Whatever goes wrong, what is in
use stays as it is. `yes` accepts that many rows are gone and overrides nothing else.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import Any

from sanjo_tui.errors import RegisterError
from sanjo_tui.register import manifest as manifests
from sanjo_tui.register import shelf
from sanjo_tui.register.check import RowCheck
from sanjo_tui.register.content import Content
from sanjo_tui.register.delivery import Delivery
from sanjo_tui.register.manifest import NAME, Manifest
from sanjo_tui.register.mapping import Mapping
from sanjo_tui.register.reading import Folder
from sanjo_tui.register.report import Report
from sanjo_tui.register.shelf import FileKeys
from sanjo_tui.register.snapshot import Refused
from sanjo_tui.register.tables import RegisterDatabase, open_for_reading

FORMAT = 1
"""Kept as user_version; raised with every change of a table, so that an older file is loaded again."""

_BATCH = 2000

Judge = Callable[[RowCheck, int, Sequence[str]], tuple[Any, ...]]
"""What stands in the table for a row, its findings told to the RowCheck; the line comes last by itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One CSV file and its table. `own`: columns of the table beyond the file's; `key`: what must not come twice."""

    name: str
    columns: tuple[str, ...]
    required: tuple[str, ...]
    key: str
    judge: Judge
    own: tuple[str, ...] = ()
    indexes: tuple[str, ...] = ()
    exempt: tuple[str, ...] = ("addressee_no",)
    """Columns whose values may pass the check of 個人番号."""

    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What a loaded file says of itself. `records`: rows of its first table; `loaded_at`: ISO 8601, UTC."""

    snapshot_id: str
    as_of: dt.date
    sequence: int
    lg_code: str
    fictitious: bool
    records: int
    sha256: str
    loaded_at: str
    previous: str = ""
    warnings: int = 0
    highest_sequence: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of folder: what it is called, and its tables, the first one first."""

    content: Content
    tables: tuple[Table, ...]
    check_command: str

    def check(self, folder: Folder) -> Report:
        """Every finding, without loading it: in an encrypted file whose key nobody keeps."""
        report = Report()
        manifest = self._manifest(folder, report)
        if manifest is not None:
            with (tempfile.TemporaryDirectory(prefix="sanjo-") as place, shelf.driver_errors(self.content),
                  _building(Path(place) / "check.db", os.urandom(32)) as connection):
                self._fill(connection, folder, manifest, report)
        report.in_order()
        return report

    def load(self, folder: Folder, home: Path, keys: FileKeys, *, lg_code: str, yes: bool = False,
             loss_percent: float = 1.0) -> Loaded:
        """Checks, builds, compares, switches. Refused or RegisterError: all is as before. `home`: the station's."""
        report = Report()
        manifest = self._manifest(folder, report)
        if manifest is None or not report.ok:
            raise self._refused(report)
        noun = self.content.noun
        if manifest.lg_code != lg_code:
            raise RegisterError(f"ほかの市区町村（{manifest.lg_code}）の{noun}です。",
                                f"この端末は {lg_code} のものです。データを確かめてください。")
        directory = self.directory(home)
        with shelf.draft(directory, manifest.snapshot_id, self.content) as path, shelf.driver_errors(self.content):
            stored = self.stored(home, keys)
            live_id = shelf.live_id(directory, self.content)
            live = next((info for info in stored if info.snapshot_id == live_id), None)
            info = self._new(manifest, live, stored)
            key = shelf.key_of(keys, info.snapshot_id, self.content)
            with _building(path, key) as connection:
                self._fill(connection, folder, manifest, report)
                if not report.ok:
                    raise self._refused(report)
                if live is not None and not yes:
                    self._refuse_losses(connection, directory, keys, live, loss_percent)
                info = replace(info, records=_count(connection, self.tables[0].name), warnings=len(report.warnings))
                _finish(connection, info)
            shelf.put_up(path, shelf.path_of(directory, info.snapshot_id), key,
                         (f"SELECT count(*) FROM {self.tables[0].name}", info.records), self.content)
            shelf.switch(directory, info.snapshot_id)
            self._prune(directory, self.stored(home, keys), info)
            return info

    def live_id(self, home: Path) -> str | None:
        """The file in use; None where nothing was loaded. RegisterError."""
        return shelf.live_id(self.directory(home), self.content)

    def directory(self, home: Path) -> Path:
        """Where its files stand."""
        return home / self.content.name

    def open_live(self, home: Path, keys: FileKeys) -> tuple[RegisterDatabase, Loaded] | None:
        """The file in use; None where nothing was loaded. RegisterError."""
        live = self.live_id(home)
        return None if live is None else self.open(home, keys, live)

    def open(self, home: Path, keys: FileKeys, snapshot_id: str) -> tuple[RegisterDatabase, Loaded]:
        """One of its files, for reading. RegisterError, also where its form is another version's."""
        database = open_for_reading(shelf.path_of(self.directory(home), snapshot_id),
                                    shelf.key_of(keys, snapshot_id, self.content), self.content)
        try:
            written = database.execute_sql("PRAGMA user_version").fetchone()[0]
            if written != FORMAT:
                raise RegisterError(f"{self.content.noun}のファイルが、この版では読めない形です。", self.content.again,
                                    detail=f"format {written}")
            rows = dict(database.execute_sql("SELECT key, value FROM info").fetchall())
            values = {name: json.loads(value) for name, value in rows.items()}
            return database, Loaded(**{**values, "as_of": dt.date.fromisoformat(values["as_of"])})
        except BaseException:
            database.close_all()
            raise

    def stored(self, home: Path, keys: FileKeys) -> list[Loaded]:
        """All files that can be opened, the last loaded first."""
        found = []
        for path in sorted(self.directory(home).glob("*.db")):
            if not path.name.startswith("."):
                with contextlib.suppress(RegisterError):  # a damaged old one must not stop the loading of a new one
                    database, info = self.open(home, keys, path.stem)
                    database.close_all()
                    found.append(info)
        return sorted(found, key=lambda info: (info.highest_sequence, info.loaded_at), reverse=True)

    def _prune(self, directory: Path, stored: Sequence[Loaded], live: Loaded) -> None:
        keep = {live.snapshot_id, live.previous, *[info.snapshot_id for info in stored][:shelf.KEPT]}
        for info in stored:
            if info.snapshot_id not in keep:
                shelf.path_of(directory, info.snapshot_id).unlink(missing_ok=True)

    def _manifest(self, folder: Folder, report: Report) -> Manifest | None:
        manifest = manifests.read(folder, report, (self.content.name,))
        if manifest is None:
            return None
        if manifest.kind != "full":
            report.error(NAME, 0, "kind", "manifest", "全件データ（full）だけを読み込めます", manifest.kind)
            return None
        known = {f"{table.name}.csv" for table in self.tables}
        for entry in manifest.files:
            if entry.name.casefold() not in known:
                report.warn(NAME, 0, "name", "unknown_file", "知らないファイルなので取り込みません", entry.name)
        return manifest

    def _new(self, manifest: Manifest, live: Loaded | None, stored: Sequence[Loaded]) -> Loaded:
        """Whether it may follow what was loaded before."""
        highest = max((info.highest_sequence for info in stored), default=-1)
        same = next((info for info in stored if info.snapshot_id == manifest.snapshot_id), None)
        if same is not None:
            what = "すでに読み込まれています" if same.sha256 == manifest.digest else "別のデータで使われています"
            raise RegisterError(f"snapshot_id {manifest.snapshot_id} は{what}。", "新しいデータを指定してください。")
        if manifest.sequence <= highest:
            noun = self.content.noun
            raise RegisterError(f"通番 {manifest.sequence} の{noun}は、前の通番 {highest} より新しくありません。",
                                "最新のデータを確かめてください。")
        return Loaded(
            snapshot_id=manifest.snapshot_id, as_of=manifest.as_of, sequence=manifest.sequence,
            lg_code=manifest.lg_code, fictitious=manifest.fictitious, records=0, sha256=manifest.digest,
            loaded_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
            previous=live.snapshot_id if live else "", highest_sequence=max(highest, manifest.sequence))

    def _fill(self, connection: Any, folder: Folder, manifest: Manifest, report: Report) -> None:
        connection.execute("CREATE TABLE info(key TEXT PRIMARY KEY, value TEXT)")
        connection.execute(f"PRAGMA user_version = {FORMAT}")
        connection.execute("BEGIN")
        for table in self.tables:
            names = [f'"{name}"' for name in (*table.columns, *table.own, "line")]    # group, from: SQL's own words
            connection.execute(f"CREATE TABLE {table.name}({', '.join(names)})")
            entry = manifest.file(f"{table.name}.csv")
            if entry is None:
                if not table.optional:
                    report.error(NAME, 0, "files", "missing", f"{table.name}.csv が [[files]] にありません")
                continue
            delivery = Delivery(table.name, folder, entry, Mapping(), report, table.columns, table.required,
                                table.exempt)
            check = RowCheck(report, entry.name, manifest.lg_code, manifest.as_of.isoformat())
            rows = ((*table.judge(check, line, row), line) for line, row in delivery.rows())
            insert = f"INSERT INTO {table.name} VALUES ({', '.join('?' * len(names))})"
            while batch := list(islice(rows, _BATCH)):
                connection.executemany(insert, batch)
            report.records += delivery.records
            for index in table.indexes:
                connection.execute(f"CREATE INDEX {table.name}_{index.partition(',')[0]} ON {table.name}({index})")
            for line, first in connection.execute(
                    f"SELECT t.line, f.first FROM {table.name} t JOIN (SELECT {table.key}, min(line) AS first"
                    f" FROM {table.name} GROUP BY {table.key} HAVING count(*) > 1) f USING ({table.key})"
                    " WHERE t.line > f.first").fetchall():
                report.error(entry.name, line, table.key.partition(",")[0], "duplicate",
                             f"同じものが {first}行目にもあります")
        connection.execute("COMMIT")

    def _refuse_losses(self, connection: Any, directory: Path, keys: FileKeys, live: Loaded, percent: float) -> None:
        """Rows of what is in use that the new data do not have."""
        table = self.tables[0]
        path, key = shelf.path_of(directory, live.snapshot_id), shelf.key_of(keys, live.snapshot_id, self.content)
        connection.execute("ATTACH DATABASE ? AS live KEY \"" f"x'{key.hex()}'" "\"", (str(path),))
        same = " AND ".join(f"n.{column} = l.{column}" for column in map(str.strip, table.key.split(",")))
        gone = connection.execute(f"SELECT count(*) FROM live.{table.name} l WHERE NOT EXISTS"
                                  f" (SELECT 1 FROM main.{table.name} n WHERE {same})").fetchone()[0]
        connection.execute("DETACH DATABASE live")
        if gone * 100 > live.records * percent:
            noun = self.content.noun
            raise RegisterError(f"今の{noun} {live.records:,} 件のうち {gone:,} 件が、新しいデータにありません。",
                                "データが正しいと確かめたら --yes を付けて実行してください。",
                                detail="surprising losses")

    def _refused(self, report: Report) -> Refused:
        report.in_order()
        first = report.errors[0]
        return Refused(f"誤りが {len(report.errors)} 件あり、読み込みませんでした。最初の誤り: {first}。",
                       f"{self.check_command} で全部の誤りを見られます。今のデータはそのままです。", report)


@contextlib.contextmanager
def _building(path: Path, key: bytes) -> Iterator[Any]:
    """A fresh encrypted file: no journal and no fsync while it grows, it is worthless until it is whole."""
    database = RegisterDatabase(path, key, read_only=False)
    try:
        database.connect()
        connection = database.connection()
        for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -64000", "locking_mode = EXCLUSIVE"):
            connection.execute(f"PRAGMA {pragma}")
        yield connection
    finally:
        database.close_all()


def _count(connection: Any, table: str) -> int:
    return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])


def _finish(connection: Any, info: Loaded) -> None:
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO info VALUES (?, ?)", [
        (f.name, json.dumps(getattr(info, f.name), ensure_ascii=False, default=str)) for f in fields(info)])
    connection.execute("ANALYZE")
    connection.execute("COMMIT")
