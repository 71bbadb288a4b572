"""Loans and returns that wait for the library's system: sealed, one file each, on the disk before anybody is told.

A file goes when its answer is here. The journal never learns an item (docs/library.md §7).
"""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.desk.library import sealed
from sanjo_tui.errors import JournalError
from sanjo_tui.sip2.once import Deal, Deed
from sanjo_tui.vault.durable import only_one, sync_folder

if TYPE_CHECKING:
    from sanjo_tui.vault import Keys

SUFFIX = ".waiting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One that waits. `sent`: it may have reached the system; `trouble`: why a person must look at it, in words."""

    number: int
    deal: Deal
    sent: bool = False
    stop: str = ""
    trouble: str = ""


class Queue:
    """All that wait at this station, in the order in which they happened."""

    def __init__(self, home: Path, keys: Keys) -> None:
        self._home, self._keys = home, keys

    @property
    def _folder(self) -> Path:
        return sealed.folder(self._home)

    def count(self) -> int:
        """How many wait, without opening one."""
        place = self._home / "library"
        return sum(1 for _ in place.glob(f"*{SUFFIX}")) if place.is_dir() else 0

    def add(self, deal: Deal, *, sent: bool, stop: str = "") -> Waiting:
        """Keep one more: after this it survives anything. Raises JournalError where it cannot be kept."""
        with self._faults(), only_one(self._folder / "number"):
            numbers = [int(path.stem) for path in self._folder.glob(f"*{SUFFIX}")]
            one = Waiting(number=max(numbers, default=0) + 1, deal=deal, sent=sent, stop=stop)
            self._write(one)
        return one

    def change(self, one: Waiting, *, sent: bool | None = None, trouble: str | None = None) -> Waiting:
        """The same with what was learned. Raises JournalError."""
        changed = replace(one, sent=one.sent if sent is None else sent,
                          trouble=one.trouble if trouble is None else trouble)
        with self._faults():
            self._write(changed)
        return changed

    def erase(self, one: Waiting) -> None:
        """Its answer is here. Raises JournalError."""
        with self._faults():
            self._path(one.number).unlink(missing_ok=True)
            sync_folder(self._folder)

    def all(self) -> tuple[Waiting, ...]:
        """Everything, the oldest first. Raises RuleError for a broken file."""
        found = []
        with self._faults():
            for path in sorted(self._folder.glob(f"*{SUFFIX}")):
                with contextlib.suppress(FileNotFoundError):        # another process has just had its answer
                    found.append(self._read(path))
        return tuple(found)

    @contextlib.contextmanager
    def sending(self) -> Iterator[None]:
        """Only one process of this station talks about its queue at a time."""
        with self._faults():
            folder = self._folder
        with only_one(folder / "sending"):
            yield

    def _path(self, number: int) -> Path:
        return self._folder / f"{number:08}{SUFFIX}"

    def _write(self, one: Waiting) -> None:
        deal = one.deal
        data = {"deed": deal.deed.value, "item": deal.item, "patron": deal.patron, "at": deal.at.isoformat(),
                "due": deal.due.isoformat() if deal.due else "", "sent": one.sent, "stop": one.stop,
                "trouble": one.trouble}
        sealed.write(self._keys, self._path(one.number), json.dumps(data, ensure_ascii=False).encode().ljust(512))

    def _read(self, path: Path) -> Waiting:
        data = json.loads(sealed.read(self._keys, path))
        deal = Deal(deed=Deed(data["deed"]), item=data["item"], patron=data["patron"],
                    at=dt.datetime.fromisoformat(data["at"]),
                    due=dt.datetime.fromisoformat(data["due"]) if data["due"] else None)
        return Waiting(number=int(path.stem), deal=deal, sent=data["sent"], stop=data["stop"],
                       trouble=data["trouble"])

    @contextlib.contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise JournalError("貸出を端末に預かれません。", "貸出をやめ、紙に控えて、情報担当に連絡してください。",
                               detail=type(error).__name__) from error
