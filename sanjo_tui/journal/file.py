"""The journal's file: made whole or not at all, and looked at before it is opened."""

from __future__ import annotations

import os
from pathlib import Path

from sanjo_tui.errors import JournalError
from sanjo_tui.journal import chain
from sanjo_tui.journal.cipher import MAGIC, CipherDatabase, OpenFile
from sanjo_tui.journal.faults import DATABASE_ERRORS, PAPER, code_of, damaged, sentence_for
from sanjo_tui.journal.tables import DDL, FORMAT
from sanjo_tui.vault import Keys
from sanjo_tui.vault.durable import sync_file, sync_folder

_READER = (("temp_store", "memory"), ("cache_size", -8192), ("query_only", 1))
NAME = "journal"
"""Name of the journal among the vault's file keys."""


def create_file(path: Path, keys: Keys, station_code: str, now_ms: int) -> None:
    """An empty journal at `path`, durable, under its name only when it is whole. JournalError."""
    draft = path.with_name(path.name + ".new")
    try:
        if path.exists():
            raise JournalError("受付記録はすでにあります。", "上書きはしません。別の場所を使ってください。",
                               detail=str(path))
        draft.unlink(missing_ok=True)
        os.close(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        database = CipherDatabase(draft, keys.file_key(NAME), keys.file_salt(NAME),
                                  pragmas=(("journal_mode", "delete"), ("synchronous", "full")))
        with database, database.atomic():
            for statement in DDL:
                database.execute_sql(statement)
            database.execute_sql("INSERT INTO station VALUES(?, 0, ?, NULL)", (station_code, chain.START))
            for key, value in (("format", str(FORMAT)), ("station", station_code), ("created_ms", str(now_ms))):
                database.execute_sql("INSERT INTO meta VALUES(?, ?)", (key, value))
        sync_file(draft)
        _publish(draft, path)
        sync_folder(path.parent)
    except (*DATABASE_ERRORS, OSError) as error:
        draft.unlink(missing_ok=True)
        raise sentence_for(error) from error


def look_at(path: Path, keys: Keys) -> OpenFile:
    """The file counted as open, after a look at its head. JournalError: missing, empty, plaintext, of other keys."""
    try:
        file = OpenFile(path)
    except FileNotFoundError as error:
        raise JournalError("受付記録のファイルがありません。",
                           "新しい拠点なら sanjo-tui init、失われたのなら控えから sanjo-tui journal restore です。",
                           detail=str(path)) from error
    except OSError as error:
        raise JournalError("受付記録のファイルを開けません。", PAPER, detail=f"{error.errno}") from error
    if file.head is None or file.head == keys.file_salt(NAME):
        return file
    file.release()
    if len(file.head) < len(MAGIC):
        raise damaged("shorter than its head")
    if file.head == MAGIC:
        raise JournalError("受付記録が暗号化されていません。", "この端末では開けません。本部に連絡してください。",
                           detail="plaintext")
    raise JournalError("受付記録がこの拠点の鍵と合いません。",
                       "別の拠点のファイルでないか確かめてください。壊れているなら控えから戻せます。", detail="salt")


def open_to_read(path: Path, keys: Keys) -> CipherDatabase:
    """A connection that reads, usable from any one thread at a time.

    A write-ahead log needs a folder that can be written; on a read-only medium a journal that was closed in order (no
    log is left) is read as the unchangeable file that it is there.
    """
    key, salt = keys.file_key(NAME), keys.file_salt(NAME)
    database = CipherDatabase(path, key, salt, pragmas=_READER, thread_safe=False, check_same_thread=False)
    try:
        database.connect()
    except DATABASE_ERRORS as error:
        log = path.with_name(path.name + "-wal")
        if not code_of(error).startswith("SQLITE_CANTOPEN") or (log.exists() and log.stat().st_size):
            raise
        database = CipherDatabase(f"{path.absolute().as_uri()}?immutable=1", key, salt, pragmas=_READER, uri=True,
                                  thread_safe=False, check_same_thread=False)
        database.connect()
    return database


def go_on_as(path: Path, keys: Keys, code: str) -> None:
    """Let a journal that was brought back go on under a station code: a new one begins a chain of its own."""
    database = CipherDatabase(path, keys.file_key(NAME), keys.file_salt(NAME), pragmas=(("synchronous", "full"),))
    try:
        with database, database.atomic():
            database.execute_sql("UPDATE meta SET value = ? WHERE key = 'station'", (code,))
            database.execute_sql("INSERT INTO station VALUES(?, 0, ?, NULL) ON CONFLICT(station) DO NOTHING",
                                 (code, chain.START))
    except DATABASE_ERRORS as error:
        raise sentence_for(error) from error


def _publish(draft: Path, path: Path) -> None:
    try:
        os.link(draft, path)  # never overwrites, unlike a rename
        draft.unlink()
    except FileExistsError as error:
        raise JournalError("受付記録はすでにあります。", "上書きはしません。", detail=str(path)) from error
    except OSError:  # a medium without hard links
        draft.replace(path)
