"""Room on the disk: a reserve file that only look-ups and the closing roster may use up.

Receptions stop first, with a sentence; what the paper procedure needs still gets through.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from sanjo_tui.journal.faults import disk_full

RESERVE_MB = 64
DRILL_RESERVE_MB = 4
_SLICES = 8
_LEAST_SLICE = 64 * 1024
_FLOOR = 4 * 1024 * 1024
_PAGE = 4096
_OPENING = 256 * 1024
"""Bytes for the write-ahead log and its index when a journal is opened."""


class Room:
    """The reserve beside the journal: `journal.reserve`, zeros, as large as `megabytes` or 1/8 of a small disk."""

    def __init__(self, journal: Path, megabytes: int) -> None:
        self._path = journal.with_name(journal.stem + ".reserve")
        total = shutil.disk_usage(journal.parent).total
        self.target = min(megabytes * 1024 * 1024, total // 8)
        self.floor = min(_FLOOR, total // 16)
        """Free bytes, beside a whole reserve, below which no reception begins."""

    @property
    def log_pages(self) -> int:
        """Pages of write-ahead log after which it is worked into the file; that itself needs room: half the floor."""
        return max(32, min(500, self.floor // (2 * _PAGE)))

    @property
    def held(self) -> int:
        """Bytes in the reserve."""
        try:
            return self._path.stat().st_size
        except OSError:
            return 0

    @property
    def free(self) -> int:
        """Bytes that receptions may still use; negative when even the reserve could not be made whole."""
        return shutil.disk_usage(self._path.parent).free - (self.target - self.held)

    @property
    def enough(self) -> bool:
        """A reception may begin."""
        return self.free >= self.floor

    def check(self) -> None:
        """Raises DiskFull when a reception must not begin; fills the reserve again when there is room."""
        if not self.enough:
            raise disk_full("below the reserve")
        if self.held < self.target:
            self.fill()

    def fill(self) -> None:
        """Make the reserve whole, as far as the disk has room beside it; a disk that is full keeps what there is."""
        held = self.held
        if held >= self.target or not self.enough:
            return
        try:
            descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                _allocate(descriptor, held, self.target - held)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)
        except OSError:
            self._shrink(held)

    def let_in(self) -> None:
        """The log's index is made anew when the first process opens the journal: a full disk has room for it here."""
        while shutil.disk_usage(self._path.parent).free < _OPENING and self.give():
            pass

    def give(self) -> bool:
        """Hand a slice of the reserve back to the disk; False when nothing is left."""
        held = self.held
        if not held:
            return False
        return self._shrink(max(0, held - max(_LEAST_SLICE, self.target // _SLICES)))

    def _shrink(self, size: int) -> bool:
        try:
            os.truncate(self._path, size)
        except OSError:
            return False
        return True


def _allocate(descriptor: int, start: int, length: int) -> None:
    if hasattr(os, "posix_fallocate"):
        os.posix_fallocate(descriptor, start, length)
        return
    os.lseek(descriptor, start, os.SEEK_SET)  # macOS, Windows: write, so that the blocks are really taken
    block = bytes(1024 * 1024)
    while length > 0:
        length -= os.write(descriptor, block[:length])
