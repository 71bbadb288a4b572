"""Opening and locking a station: wrong tries are slowed, what happened is recorded, and the keys are dropped.

The wait grows with each wrong try and is kept across restarts in `unlock.tries` beside the vault: how many, and when.
It never shuts anybody out for good (60 seconds at most): what protects a stolen laptop is the cost of the slots.
"""

from __future__ import annotations

import contextlib
import logging
import math
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.errors import SanjoError, VaultError
from sanjo_tui.receptions.lookups import Locked, Unlocked

if TYPE_CHECKING:
    from pathlib import Path

    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.station import Station
    from sanjo_tui.vault import Keys, Vault

log = logging.getLogger("sanjo_tui.locking")

FILE = "unlock.tries"
"""Name of the file in the home that counts wrong tries; it holds two numbers and nothing else."""

FREE = 3
"""From this wrong try on, the next one has to wait."""

LONGEST = 60
"""Seconds; whoever knows the passphrase is never kept out for longer."""

_PR_SET_DUMPABLE = 4


def delay(failed: int) -> int:
    """Seconds that must pass after so many wrong tries: 0, 0, 2, 4, 8, 16, 32, 60, 60 ..."""
    return 0 if failed < FREE else min(LONGEST, 2 ** min(failed - FREE + 1, 10))


@dataclass(frozen=True, slots=True)
class Failed:
    """Wrong tries since the station was open last, and when the last one was (Unix time in ms)."""

    count: int = 0
    last_ms: int = 0


class Door:
    """The wrong tries of one station. `wall` gives Unix time in ms, `ticks` seconds that never run backwards."""

    def __init__(self, home: Path, wall: Callable[[], int] | None = None,
                 ticks: Callable[[], float] = time.monotonic) -> None:
        self._path = home / FILE
        self._wall = wall or (lambda: time.time_ns() // 1_000_000)
        self._ticks = ticks
        self._failed = Failed()
        self._passed = 0.0
        """Seconds that had passed since the last wrong try when it was read or made, at `_from`."""
        self._from = ticks()
        self._refresh()

    @property
    def failed(self) -> Failed:
        """What stands in the file."""
        self._refresh()
        return self._failed

    @property
    def wait(self) -> float:
        """Seconds until the next try is let in; 0.0 when it may come now. A clock that was set back costs nothing."""
        self._refresh()
        passed = self._passed + self._ticks() - self._from
        return max(0.0, delay(self._failed.count) - passed)

    def knock(self) -> None:
        """Raises VaultError while the wait is not over."""
        if (wait := self.wait) > 0:
            raise VaultError(f"続けて間違えたので、あと {math.ceil(wait)} 秒待ってください。",
                             "待ってから、もう一度入れてください。", detail=f"tries {self._failed.count}")

    def refused(self) -> None:
        """One more wrong try."""
        from sanjo_tui.vault.durable import only_one, replace_file

        try:
            with only_one(self._path):
                self._refresh()
                now = Failed(self._failed.count + 1, self._wall())
                self._take(now, 0.0)
                replace_file(self._path, f"{now.count} {now.last_ms}\n".encode())
        except OSError as error:            # a medium that cannot be written: this process still counts
            self._take(Failed(self._failed.count + 1, self._wall()), 0.0)
            log.warning("tries: %s", error.errno)
        log.warning("unlock refused: %d in a row", self._failed.count)

    def opened(self) -> Failed:
        """The right secret came: gives what was counted, and counts anew."""
        before = self.failed
        try:
            self._path.unlink(missing_ok=True)
        except OSError as error:
            log.warning("tries: %s", error.errno)
        self._take(Failed(), 0.0)
        return before

    def _take(self, failed: Failed, passed: float) -> None:
        self._failed, self._passed, self._from = failed, passed, self._ticks()

    def _refresh(self) -> None:
        """What another process counted meanwhile; a file that makes no sense counts as many tries."""
        try:
            count, last_ms = map(int, self._path.read_bytes().split())
            there = Failed(max(0, count), last_ms)
        except FileNotFoundError:
            return
        except (OSError, ValueError):
            there = Failed(FREE + 6, self._failed.last_ms)
        if there != self._failed:
            self._take(there, max(0, self._wall() - there.last_ms) / 1000)


def open_desk(station: Station, unlock: Callable[[Vault], Keys], door: Door) -> Desk:
    """The desk of a station that `unlock` opens; that it was opened is its first event.

    `unlock` is given the vault and gives the keys; the VaultError of a wrong secret is counted and passed on. Raises
    VaultError, JournalError; nothing stays open and no key stays in memory then.
    """
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.vault import Vault

    vault = Vault.open(station.vault)
    if not vault.drill:
        door.knock()
    no_dumps()
    try:
        keys = unlock(vault)
    except VaultError as error:
        if not error.detail:                # a detail says what is broken; a wrong secret has none
            door.refused()
        raise
    try:
        desk = Desk.open(station, keys)
    except BaseException:
        keys.forget()
        raise
    failed = door.opened()
    try:
        desk.log(Unlocked(subject=station.code, slot=":".join(part for part in keys.opened_by if part) or "drill",
                          failed=failed.count, last_failed_ms=failed.last_ms))
    except BaseException:
        desk.close()
        keys.forget()
        raise
    return desk


def close_desk(desk: Desk, why: str) -> None:
    """Locks: records it, closes journal, register and roll, drops the keys. `why`: key, idle, card, closed.

    A journal that cannot be written never keeps a station from being locked; the log says so then.
    """
    try:
        desk.log(Locked(subject=desk.station.code, why=why))
    except SanjoError as error:
        log.warning("lock: not recorded: %s", error.detail)
    try:
        desk.close()
    finally:
        desk.keys.forget()


def no_dumps() -> None:
    """No core dump of this process, and on Linux no look into its memory by others of the same user."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)


def scrub() -> None:
    """Overwrites what the allocators hold as free, as far as they give it out again: best effort, no promise.

    Blocks of every small size are taken, zeroed and given back, then the C library hands free pages to the system.
    """
    for size in range(16, 4097, 16):
        room = 3_000_000 if size <= 256 else 400_000        # keys and the words around them are short
        held = [bytes(size) for _ in range(room // size)]
        del held
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)
