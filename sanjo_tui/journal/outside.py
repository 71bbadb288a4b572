"""Files that leave the home: never into the home itself, and an error of the medium told in words."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Iterator
from pathlib import Path

from sanjo_tui.errors import JournalError


def outside(home: Path, folder: Path) -> None:
    """Raises JournalError where `folder` lies in the home: a copy beside the original helps nobody."""
    if folder.resolve().is_relative_to(home.resolve()):
        raise JournalError("拠点のフォルダーの中には書き出せません。",
                           "USBメモリなど、外のフォルダーを指定してください。", detail="inside the home")


@contextlib.contextmanager
def taking_out(what: str) -> Iterator[None]:
    """OSError of the other medium as JournalError. `what`: 書き出し, 控え."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise JournalError(f"{what}先の空きが足りません。", "空きを作るか、別の媒体を使ってください。",
                               detail="ENOSPC") from error
        raise JournalError(f"{what}先に書けません。", "媒体が差してあり、書き込めることを確かめてください。",
                           detail=errno.errorcode.get(error.errno or 0, type(error).__name__)) from error
