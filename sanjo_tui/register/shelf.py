"""The folder of register or roll files: `<snapshot_id>.db`, never replaced, and `current`, which names the live one.

Switching is one atomic rename of `current`; a desk that has the old file open goes on reading it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Protocol

from sanjo_tui.errors import RegisterError
from sanjo_tui.register.content import REGISTER, Content
from sanjo_tui.register.people import SnapshotInfo
from sanjo_tui.register.tables import is_plaintext, open_for_reading

KEPT = 3
"""How many registers stay beside those that a disaster pinned."""

_DRAFT = ".building-"


class FileKeys(Protocol):
    """Where the key of a file comes from: the unlocked vault."""

    def file_key(self, name: str) -> bytes:
        """32 bytes for one file."""
        ...


def key_of(keys: FileKeys, snapshot_id: str, content: Content = REGISTER) -> bytes:
    """The key of one file."""
    return keys.file_key(f"{content.name}/{snapshot_id}")


def path_of(directory: Path, snapshot_id: str) -> Path:
    """Where the file of a register stands."""
    return directory / f"{snapshot_id}.db"


def live_id(directory: Path, content: Content = REGISTER) -> str | None:
    """The file that `current` names, without its ending; None where nothing was loaded.

    RegisterError if it names nothing sensible.
    """
    try:
        name = (directory / "current").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _no_current(type(error).__name__, content) from error
    if not re.fullmatch(r"[A-Za-z0-9-]{1,64}(\.[0-9]{1,4})?", name):
        raise _no_current("unexpected content", content)
    return name


def switch(directory: Path, snapshot_id: str) -> None:
    """Makes a file the live one, atomically and durably."""
    from sanjo_tui.vault import durable

    durable.replace_file(directory / "current", f"{snapshot_id}\n".encode())


def read_info(path: Path, key: bytes) -> SnapshotInfo:
    """What a register file says of itself. RegisterError if it cannot be opened."""
    database = open_for_reading(path, key)
    try:
        return info_from(dict(database.execute_sql("SELECT key, value FROM info").fetchall()))
    finally:
        database.close_all()


def info_from(values: dict[str, str]) -> SnapshotInfo:
    """The rows of the table info as a value."""
    return SnapshotInfo(
        snapshot_id=values["snapshot_id"], kind=values["kind"], as_of=dt.date.fromisoformat(values["as_of"]),
        sequence=int(values["sequence"]), lg_code=values["lg_code"], fictitious=values["fictitious"] == "1",
        people=int(values["people"]), households=int(values["households"]), cards=int(values["cards"]),
        loaded_at=values["loaded_at"], source_system=values["source_system"], previous=values["previous"],
        warnings=int(values["warnings"]), highest_sequence=int(values["highest_sequence"]), digest=values["digest"])


def info_rows(info: SnapshotInfo) -> dict[str, str]:
    """A value as rows of the table info."""
    rows = {f.name: getattr(info, f.name) for f in fields(info)}
    return {name: str(int(value)) if isinstance(value, bool) else str(value) for name, value in rows.items()}


def stored(directory: Path, keys: FileKeys) -> list[SnapshotInfo]:
    """All registers that can be opened, the last loaded first."""
    found = []
    for path in sorted(directory.glob("*.db")):
        if not path.name.startswith("."):
            with contextlib.suppress(RegisterError):  # a damaged old one must not stop the loading of a new one
                found.append(read_info(path, key_of(keys, path.stem)))
    return sorted(found, key=lambda info: (info.highest_sequence, info.loaded_at), reverse=True)


def prune(directory: Path, infos: Iterable[SnapshotInfo], live: SnapshotInfo, pinned: Iterable[str]) -> None:
    """Removes all but the live one, the one before it, the last three, and the pinned ones."""
    keep = {live.snapshot_id, live.previous, *pinned, *[info.snapshot_id for info in infos][:KEPT]}
    for info in infos:
        if info.snapshot_id not in keep:
            path_of(directory, info.snapshot_id).unlink(missing_ok=True)


def put_up(draft_path: Path, path: Path, key: bytes, count: tuple[str, int], content: Content = REGISTER) -> None:
    """Verifies a finished draft, brings it to the medium and gives it its name.

    `count`: a query, and what it gives in a whole file. RegisterError where the medium did not keep what was written.
    """
    from sanjo_tui.vault import durable

    if is_plaintext(draft_path):
        raise RegisterError(f"{content.noun}を暗号化できませんでした。", "本部に連絡してください。",
                            detail="plaintext file")
    database = open_for_reading(draft_path, key, content)
    try:
        damaged = database.execute_sql("PRAGMA cipher_integrity_check").fetchone()
        counted = database.execute_sql(count[0]).fetchone()[0]
        if damaged or counted != count[1] or database.execute_sql("PRAGMA quick_check").fetchone()[0] != "ok":
            raise RegisterError(f"書き込んだ{content.noun}が壊れています。",
                                "ディスクを確かめて、もう一度読み込んでください。",
                                detail="integrity check")
    finally:
        database.close_all()
    durable.sync_file(draft_path)
    draft_path.replace(path)
    durable.sync_folder(path.parent)


@contextlib.contextmanager
def driver_errors(content: Content = REGISTER) -> Iterator[None]:
    """The database's errors while writing (a full disk above all) as a sentence."""
    from peewee import DatabaseError
    from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

    try:
        yield
    except (DatabaseError, dbapi2.DatabaseError, OSError) as error:
        raise RegisterError(f"{content.noun}を書き込めません。", "ディスクの空きを確かめて、もう一度実行してください。",
                            detail=f"{type(error).__name__} {getattr(error, 'sqlite_errorname', '')}") from error


@contextlib.contextmanager
def draft(directory: Path, snapshot_id: str, content: Content = REGISTER) -> Iterator[Path]:
    """A file to build in, under a name that nobody opens; gone afterwards unless it was renamed.

    Only one loading at a time, so that every other draft is what a killed loading left, and goes.
    """
    from sanjo_tui.vault import durable

    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with durable.only_one(directory / "current"):
            for old in directory.glob(f"{_DRAFT}*"):
                old.unlink(missing_ok=True)
            path = directory / f"{_DRAFT}{snapshot_id}-{os.getpid()}.db"
            os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
            try:
                yield path
            finally:
                path.unlink(missing_ok=True)
    except OSError as error:
        raise RegisterError(f"{content.noun}を書き込めません。", "ディスクの空きと書込権限を確かめてください。",
                            detail=f"{type(error).__name__} {error.errno}") from error


def _no_current(detail: str, content: Content) -> RegisterError:
    return RegisterError(f"どの{content.noun}が使用中か分かりません。", f"{content.load} で読み込み直してください。",
                         detail=detail)
