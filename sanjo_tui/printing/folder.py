"""The printer that writes PDF files into a folder which the operator named, outside the home.

Live pages are readable, so they must never lie beside the encrypted data: the folder is resolved (links included) and
compared with the home each time. Files appear whole or not at all, readable by their owner only, named by job number.
"""

from __future__ import annotations

import errno
import os
from contextlib import suppress
from pathlib import Path

from sanjo_tui.errors import PrintError
from sanjo_tui.printing.faults import FAULTS, NotSent, fault
from sanjo_tui.printing.jobs import PrintJob
from sanjo_tui.printing.printers import FOLDER, PrinterState, Progress, Sent, Step

_PART = ".sanjo-part"
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} if hasattr(errno, "EDQUOT") else {errno.ENOSPC, errno.EFBIG}


def outside(folder: Path, home: Path) -> Path:
    """The folder, if it lies outside the home; PrintError if it is the home or inside it, by whatever links."""
    if _inside(folder, home):
        raise PrintError(FAULTS["inside-home"].sentence, FAULTS["inside-home"].cure)
    return folder


def _inside(folder: Path, home: Path) -> bool:
    try:
        real, house = folder.resolve(), home.resolve()
    except (OSError, RuntimeError):      # a loop of links leads nowhere; writing there fails with its own sentence
        return False
    for place in (real, *real.parents):
        if place == house:
            return True
        with suppress(OSError):          # not there yet: only the spelling can be compared
            if place.samefile(house):
                return True
    return False


class FolderPrinter:
    """Writes `CODE-P0001.pdf`; a file that is there already is never overwritten (`CODE-P0001-2.pdf`)."""

    def __init__(self, folder: Path, home: Path) -> None:
        self.folder, self.home = folder, home
        self.address = f"{FOLDER}{folder}"
        self.name = f"フォルダー {folder}"

    def state(self) -> PrinterState:
        """Ready if the folder is there (or can be made), outside the home, and writable."""
        try:
            self._prepare()
        except NotSent as error:
            return PrinterState(self.name, ready=False, fault=error.fault)
        if not os.access(self.folder, os.W_OK):
            return PrinterState(self.name, ready=False, fault=fault("not-writable"))
        return PrinterState(self.name, ready=True)

    def send(self, pdf: bytes, job: PrintJob) -> Sent:
        """Write the file; finished when it is durable. A folder holds one file whatever the copies."""
        self._prepare()
        stem = "".join(c if c.isascii() and c.isalnum() else "-" for c in job.number)
        part = self.folder / f".{stem}{_PART}"
        try:
            for stale in self.folder.glob(f".*{_PART}"):   # left by a process that was killed while writing
                stale.unlink(missing_ok=True)
            with open(part, "xb", opener=_private) as file:
                file.write(pdf)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._free_name(stem))
            _sync_folder(self.folder)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            code = "disk-full" if error.errno in _FULL else "not-writable"
            raise NotSent(code, detail=f"{code} errno {error.errno}") from error
        return Sent()

    def progress(self, job: PrintJob) -> Progress:
        """A file is finished when it is sent; a job with a reference went elsewhere."""
        return Progress(Step.UNKNOWN, "other-printer")

    def _prepare(self) -> None:
        """Make the folder if only its last part is missing: not the place where a stick should have been."""
        if _inside(self.folder, self.home):
            raise NotSent("inside-home")
        try:
            self.folder.mkdir(exist_ok=True)
        except FileExistsError as error:
            raise NotSent("no-folder") from error
        except FileNotFoundError as error:
            raise NotSent("no-folder") from error
        except OSError as error:
            code = "disk-full" if error.errno in _FULL else "not-writable"
            raise NotSent(code, detail=f"{code} errno {error.errno}") from error
        if _inside(self.folder, self.home):
            raise NotSent("inside-home")

    def _free_name(self, stem: str) -> Path:
        path, n = self.folder / f"{stem}.pdf", 1
        while path.exists():
            n += 1
            path = self.folder / f"{stem}-{n}.pdf"
        return path


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """The new name is durable too. Windows cannot open folders, and some network shares cannot sync them."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
