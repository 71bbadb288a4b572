"""Loading houses or surveys: check, build, compare with what is in use, switch; by the register's mechanics.

Whatever goes wrong, what is in use stays as it is. `yes` accepts that many rows are gone and overrides nothing else.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import os
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import fields
from itertools import islice
from pathlib import Path
from typing import Any

from sanjo_tui.errors import RegisterError
from sanjo_tui.register import manifest as manifests
from sanjo_tui.register import shelf
from sanjo_tui.register.content import Content
from sanjo_tui.register.delivery import Delivery
from sanjo_tui.register.houses import columns, tables
from sanjo_tui.register.houses.rows import HouseRows, SurveyRows
from sanjo_tui.register.houses.values import DataInfo
from sanjo_tui.register.manifest import NAME, Manifest
from sanjo_tui.register.mapping import Mapping
from sanjo_tui.register.reading import Folder
from sanjo_tui.register.report import Report
from sanjo_tui.register.shelf import FileKeys
from sanjo_tui.register.snapshot import Refused
from sanjo_tui.register.tables import RegisterDatabase, open_for_reading

AGAIN = "フォルダーを certificate load で読み込み直してください。"
HOUSES = Content(name="houses", noun="家屋データ", load="certificate load", again=AGAIN)
SURVEYS = Content(name="surveys", noun="被害認定調査データ", load="certificate load", again=AGAIN)
CONTENTS = {content.name: content for content in (HOUSES, SURVEYS)}
_BATCH = 2000


def check(folder: Folder) -> Report:
    """Every finding of a folder of houses or surveys, without loading it: in a file whose key nobody keeps."""
    report = Report()
    manifest = _manifest(folder, report)
    if manifest is not None:
        with (tempfile.TemporaryDirectory(prefix="sanjo-") as place, shelf.driver_errors(CONTENTS[manifest.content]),
              _building(Path(place) / "check.db", os.urandom(32)) as connection):
            _fill(connection, folder, manifest, report)
    report.in_order()
    return report


def load(folder: Folder, home_dir: Path, keys: FileKeys, *, lg_code: str, yes: bool = False,
         pinned: Sequence[str] = (), loss_percent: float = 1.0) -> DataInfo:
    """Checks, builds, compares, switches. Refused or RegisterError: all is as before.

    `home_dir`: the station's folder; houses and surveys stand in folders of their own. `pinned`: files that are kept.
    """
    report = Report()
    manifest = _manifest(folder, report)
    if manifest is None or not report.ok:
        raise _refused(report)
    content = CONTENTS[manifest.content]
    if manifest.lg_code != lg_code:
        raise RegisterError(f"ほかの市区町村（{manifest.lg_code}）の{content.noun}です。",
                            f"この端末は {lg_code} のものです。データを確かめてください。")
    directory = directory_of(home_dir, content)
    with shelf.draft(directory, manifest.snapshot_id, content) as path, shelf.driver_errors(content):
        infos = stored(directory, keys, content)
        live_id = shelf.live_id(directory, content)
        live = next((info for info in infos if info.snapshot_id == live_id), None)
        info = _new(manifest, content, live, infos)
        key = shelf.key_of(keys, info.snapshot_id, content)
        with _building(path, key) as connection:
            _fill(connection, folder, manifest, report)
            if not report.ok:
                raise _refused(report)
            if live is not None and not yes:
                _refuse_losses(connection, directory, keys, content, live, loss_percent)
            info = _finished(connection, info, report)
        shelf.put_up(path, shelf.path_of(directory, info.snapshot_id), key,
                     (f"SELECT count(*) FROM {tables.ROWS[content.name]}", info.records), content)
        shelf.switch(directory, info.snapshot_id)
        _prune(directory, stored(directory, keys, content), info, pinned)
        return info


def directory_of(home_dir: Path, content: Content) -> Path:
    """Where the files of a content stand."""
    return home_dir / content.name


def open_file(directory: Path, keys: FileKeys, content: Content,
              snapshot_id: str) -> tuple[RegisterDatabase, DataInfo]:
    """Opens a file for reading. RegisterError if that is impossible or its form is another version's."""
    database = open_for_reading(shelf.path_of(directory, snapshot_id), shelf.key_of(keys, snapshot_id, content),
                                content)
    try:
        written = database.execute_sql("PRAGMA user_version").fetchone()[0]
        if written != tables.FORMAT:
            raise RegisterError(f"{content.noun}のファイルが、この版では読めない形です。", content.again,
                                detail=f"format {written}")
        rows = dict(database.execute_sql("SELECT key, value FROM info").fetchall())
        values = {name: json.loads(value) for name, value in rows.items()}
        return database, DataInfo(**{**values, "as_of": dt.date.fromisoformat(values["as_of"])})
    except BaseException:
        database.close_all()
        raise


def stored(directory: Path, keys: FileKeys, content: Content) -> list[DataInfo]:
    """All files that can be opened, the last loaded first."""
    found = []
    for path in sorted(directory.glob("*.db")):
        if not path.name.startswith("."):
            with contextlib.suppress(RegisterError):  # a damaged old one must not stop the loading of a new one
                database, info = open_file(directory, keys, content, path.stem)
                database.close_all()
                found.append(info)
    return sorted(found, key=lambda info: (info.highest_sequence, info.loaded_at), reverse=True)


def _prune(directory: Path, infos: Iterable[DataInfo], live: DataInfo, pinned: Sequence[str]) -> None:
    infos = list(infos)
    keep = {live.snapshot_id, live.previous, *pinned, *[info.snapshot_id for info in infos][:shelf.KEPT]}
    for info in infos:
        if info.snapshot_id not in keep:
            shelf.path_of(directory, info.snapshot_id).unlink(missing_ok=True)


def _manifest(folder: Folder, report: Report) -> Manifest | None:
    manifest = manifests.read(folder, report, tuple(CONTENTS))
    if manifest is None:
        return None
    if manifest.kind != "full":
        report.error(NAME, 0, "kind", "manifest", "全件データ（full）だけを読み込めます", manifest.kind)
        return None
    for entry in manifest.files:
        if entry.name.casefold() != f"{manifest.content}.csv":
            report.warn(NAME, 0, "name", "unknown_file", "知らないファイルなので取り込みません", entry.name)
    return manifest


def _new(manifest: Manifest, content: Content, live: DataInfo | None, infos: Sequence[DataInfo]) -> DataInfo:
    highest = max((info.highest_sequence for info in infos), default=-1)
    same = next((info for info in infos if info.snapshot_id == manifest.snapshot_id), None)
    if same is not None:
        what = "すでに読み込まれています" if same.sha256 == manifest.digest else "別のデータで使われています"
        raise RegisterError(f"snapshot_id {manifest.snapshot_id} は{what}。", "新しいデータを指定してください。")
    if manifest.sequence <= highest:
        raise RegisterError(f"通番 {manifest.sequence} の{content.noun}は、前の通番 {highest} より新しくありません。",
                            "最新のデータを確かめてください。")
    return DataInfo(
        content=content.name, snapshot_id=manifest.snapshot_id, as_of=manifest.as_of, sequence=manifest.sequence,
        lg_code=manifest.lg_code, fictitious=manifest.fictitious, records=0, sha256=manifest.digest,
        loaded_at=dt.datetime.now(dt.UTC).isoformat(timespec="milliseconds"),
        previous=live.snapshot_id if live else "", highest_sequence=max(highest, manifest.sequence))


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


def _fill(connection: Any, folder: Folder, manifest: Manifest, report: Report) -> None:
    content = manifest.content
    for sql in tables.TABLES[content]:
        connection.execute(sql)
    connection.execute(f"PRAGMA user_version = {tables.FORMAT}")
    entry = manifest.file(f"{content}.csv")
    if entry is None:
        report.error(NAME, 0, "files", "missing", f"{content}.csv が [[files]] にありません")
        return
    ours, required = ((columns.HOUSES, columns.REQUIRED) if content == "houses"
                      else (columns.SURVEYS, columns.REQUIRED_OF_SURVEYS))
    exempt = ("owner_addressee_no", "house_id", "survey_no", "parcel_no")
    delivery = Delivery(content, folder, entry, Mapping(), report, ours, required, exempt)
    given = (report, entry.name, manifest.lg_code, manifest.as_of.isoformat())
    judge = HouseRows(*given).house if content == "houses" else SurveyRows(*given).survey
    names = (*tables.HOUSE, *tables.KEYS) if content == "houses" else (*tables.SURVEY, "line")
    table = tables.ROWS[content]
    insert = f"INSERT INTO {table}({', '.join(names)}) VALUES ({', '.join('?' * len(names))})"
    connection.execute("BEGIN")
    rows = (judge(line, row) for line, row in delivery.rows())
    while batch := list(islice(rows, _BATCH)):
        connection.executemany(insert, batch)
    report.records = delivery.records
    for sql in tables.INDEXES[content]:
        connection.execute(sql)
    twice = ((("house_id", "house_id, unit", "同じ家屋番号と住戸"),) if content == "houses" else
             (("stage", "disaster, house_id, unit, stage", "同じ家屋の同じ段階の調査"),
              ("survey_no", "disaster, survey_no", "同じ調査番号")))
    for column, key, what in twice:
        for line, first in connection.execute(
                f"SELECT t.line, f.first FROM {table} t JOIN (SELECT {key}, min(line) AS first FROM {table}"
                f" GROUP BY {key} HAVING count(*) > 1) f USING ({key}) WHERE t.line > f.first").fetchall():
            report.error(entry.name, line, column, "duplicate", f"{what}が {first}行目にもあります")
    connection.execute("COMMIT")


def _finished(connection: Any, info: DataInfo, report: Report) -> DataInfo:
    values = {f.name: getattr(info, f.name) for f in fields(info)}
    values |= {"records": report.records, "warnings": len(report.warnings)}
    connection.execute("BEGIN")
    connection.executemany("INSERT INTO info VALUES (?, ?)", [
        (name, json.dumps(value, ensure_ascii=False, default=str)) for name, value in values.items()])
    connection.execute("ANALYZE")
    connection.execute("COMMIT")
    return DataInfo(**values)


def _refuse_losses(connection: Any, directory: Path, keys: FileKeys, content: Content, live: DataInfo,
                   percent: float) -> None:
    """Rows of what is in use that the new data do not have."""
    path, key = shelf.path_of(directory, live.snapshot_id), shelf.key_of(keys, live.snapshot_id, content).hex()
    connection.execute("ATTACH DATABASE ? AS live KEY \"" f"x'{key}'" "\"", (str(path),))
    table, same = (("house", "n.house_id = l.house_id AND n.unit = l.unit") if content is HOUSES else
                   ("survey", "n.disaster = l.disaster AND n.survey_no = l.survey_no"))
    gone = connection.execute(f"SELECT count(*) FROM live.{table} l WHERE NOT EXISTS"
                              f" (SELECT 1 FROM main.{table} n WHERE {same})").fetchone()[0]
    connection.execute("DETACH DATABASE live")
    if gone * 100 > live.records * percent:
        raise RegisterError(f"今の{content.noun} {live.records:,} 件のうち {gone:,} 件が、新しいデータにありません。",
                            "データが正しいと確かめたら --yes を付けて実行してください。", detail="surprising losses")


def _refused(report: Report) -> Refused:
    report.in_order()
    first = report.errors[0]
    return Refused(f"誤りが {len(report.errors)} 件あり、読み込みませんでした。最初の誤り: {first}。",
                   "certificate check で全部の誤りを見られます。今のデータはそのままです。", report)
