"""One print worker a station, however many desks are open on it: a lock that the system frees when its process dies."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


class WorkerLock:
    """An exclusive lock on an empty file. Held by a process until `release`, or until it ends in whatever way."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor: int | None = None

    def acquire(self) -> bool:
        """True if this worker may print. OSError if the file cannot be opened."""
        if self._descriptor is not None:
            return True
        descriptor = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
        if not _locked(descriptor):
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Lets another worker print."""
        if self._descriptor is not None:
            with suppress(OSError):
                os.close(self._descriptor)      # closing frees the lock
            self._descriptor = None


def _locked(descriptor: int) -> bool:
    try:
        if os.name == "nt":                     # never true where mypy runs: the Windows half is typed loosely
            import msvcrt
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
