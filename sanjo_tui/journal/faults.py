"""What the database says, in the words of the desk."""

from __future__ import annotations

from collections.abc import Iterator

import peewee
from sqlcipher3 import dbapi2  # type: ignore[import-untyped]

from sanjo_tui.errors import DiskFull, JournalError

DATABASE_ERRORS = (peewee.PeeweeException, dbapi2.Error)

PAPER = "紙の受付票に切り替え、本部に連絡してください。記録した受付は残っています。"
"""The paper procedure: what to do when the journal takes nothing any more."""

_FULL = ("SQLITE_FULL", "SQLITE_IOERR_SHMSIZE", "SQLITE_IOERR_TRUNCATE")
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")


def code_of(error: BaseException) -> str:
    """SQLite's own name of the cause, e.g. `SQLITE_FULL`; "" if none is known.

    A failed rollback stands before the failure that mattered, so the whole chain of errors is walked to its beginning.
    """
    found = ""
    for one in _chain(error):
        for holder in (one, getattr(one, "orig", None)):
            found = getattr(holder, "sqlite_errorname", None) or found
    return found


def sentence_for(error: BaseException) -> JournalError:
    """The JournalError (or DiskFull) that tells what a database error or OSError means for the desk."""
    code = code_of(error)
    detail = code or type(error).__name__
    if code.startswith(_FULL):
        return disk_full(detail)
    if code.startswith(_DAMAGED):
        return damaged(detail)
    if code.startswith(("SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM", "SQLITE_AUTH")):
        return JournalError("受付記録に書き込めません（書き込みが禁止されています）。", PAPER, detail=detail)
    if code.startswith("SQLITE_IOERR"):
        return JournalError("ディスクが読み書きできません。", PAPER, detail=detail)
    if code.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
        return JournalError("ほかの画面が記録している最中です。", "少し待って、もう一度行ってください。", detail=detail)
    return JournalError("受付記録を読み書きできません。", PAPER, detail=detail)


def disk_full(detail: str) -> DiskFull:
    """No room for a reception."""
    return DiskFull("ディスクがいっぱいで、受付を記録できません。", PAPER, detail=detail)


def damaged(detail: str) -> JournalError:
    """The file is broken somewhere."""
    return JournalError("受付記録のファイルが壊れています。",
                        "紙の受付票に切り替え、本部に連絡してください。控えから別の端末に戻せます。", detail=detail)


def _chain(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    now: BaseException | None = error
    while now is not None and id(now) not in seen:
        seen.add(id(now))
        yield now
        now = now.__cause__ or now.__context__
