"""The folder of roll files, with the register's mechanics: `<file>.db`, never replaced, and `current`.

One roll may have several files: for other wards, or with tickets that came later. They share a key, so that a ticket
delivery can be added to a copy.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path

from sanjo_tui.errors import RegisterError
from sanjo_tui.register import shelf
from sanjo_tui.register.content import ROLL
from sanjo_tui.register.roll.elector import RollInfo
from sanjo_tui.register.roll.tables import FORMAT
from sanjo_tui.register.shelf import KEPT, FileKeys
from sanjo_tui.register.tables import RegisterDatabase, open_for_reading


def key_of(keys: FileKeys, file: str) -> bytes:
    """The key of a roll file: one for all files of a snapshot."""
    return shelf.key_of(keys, file.partition(".")[0], ROLL)


def live_file(directory: Path) -> str | None:
    """The file that `current` names; None where no roll was loaded. RegisterError."""
    return shelf.live_id(directory, ROLL)


def open_file(directory: Path, keys: FileKeys, file: str) -> tuple[RegisterDatabase, RollInfo]:
    """Opens a roll file for reading. RegisterError if that is impossible or its form is another version's."""
    database = open_for_reading(shelf.path_of(directory, file), key_of(keys, file), ROLL)
    try:
        written = database.execute_sql("PRAGMA user_version").fetchone()[0]
        if written != FORMAT:
            raise RegisterError("選挙人名簿のファイルが、この版では読めない形です。", ROLL.again,
                                detail=f"format {written}")
        info = info_from(dict(database.execute_sql("SELECT key, value FROM info").fetchall()))
    except BaseException:
        database.close_all()
        raise
    return database, info


def stored(directory: Path, keys: FileKeys) -> list[RollInfo]:
    """All rolls that can be opened, the last loaded first."""
    found = []
    for path in sorted(directory.glob("*.db")):
        if not path.name.startswith("."):
            with contextlib.suppress(RegisterError):  # a damaged old one must not stop the loading of a new one
                database, info = open_file(directory, keys, path.stem)
                database.close_all()
                found.append(info)
    return sorted(found, key=lambda info: (info.highest_sequence, info.loaded_at), reverse=True)


def prune(directory: Path, infos: Iterable[RollInfo], live: RollInfo) -> None:
    """Removes all but the live one, the one before it and the last three."""
    keep = {live.file, live.previous, *[info.file for info in infos][:KEPT]}
    for info in infos:
        if info.file not in keep:
            shelf.path_of(directory, info.file).unlink(missing_ok=True)


def next_revision(directory: Path, snapshot_id: str) -> int:
    """The first revision of a snapshot that has no file yet, readable or not."""
    revision = 1
    while shelf.path_of(directory, snapshot_id if revision == 1 else f"{snapshot_id}.{revision}").exists():
        revision += 1
    return revision


def info_rows(info: RollInfo) -> dict[str, str]:
    """A value as rows of the table info."""
    return {f.name: json.dumps(getattr(info, f.name), ensure_ascii=False, default=str) for f in fields(info)}


def info_from(rows: dict[str, str]) -> RollInfo:
    """The rows of the table info as a value."""
    values = {name: json.loads(value) for name, value in rows.items()}
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}
    values["as_of"] = dt.date.fromisoformat(values["as_of"])
    return RollInfo(**values)
