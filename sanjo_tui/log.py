"""The rotating log of a station: numbers and codes, never a name.

Every module writes to `logging.getLogger(__name__)`; nothing reaches a file before `start`. What is written
is made safe at the last step: only ASCII passes (a Japanese name cannot), long runs of digits (宛名番号, 利用者ID) keep
their last four, and an exception leaves its kind and place, not its message.
"""

from __future__ import annotations

import contextlib
import logging
import re
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path

ROOTS = tuple(logging.getLogger(name) for name in ("sanjo_tui", "screens", "sanjo"))
"""Our own rooms; what libraries log may quote data and is not kept."""
for root in ROOTS:
    root.addHandler(logging.NullHandler())

BYTES, KEPT = 500_000, 5
"""Size of one log file, and how many older ones stay."""


class Sealed(logging.Formatter):
    """One line: time, level, room, message; made safe as the module says."""

    def format(self, record: logging.LogRecord) -> str:
        """The record as text of ASCII characters, identifiers masked."""
        head = f"{self.formatTime(record)} {record.levelname} {record.name} "
        body = record.getMessage()
        if record.exc_info and record.exc_info[1]:
            body += " " + place_of(record.exc_info[1])
        return head + safe(body)


class LogFile(RotatingFileHandler):
    """A log that cannot be written (a full disk) costs its lines: nothing on the terminal, nothing of the reception."""

    def handleError(self, record: logging.LogRecord) -> None:
        """Says nothing: what logging would print lands on the screens. Journal and doctor tell of the disk."""

    def close(self) -> None:
        """Closes the file; lines that find no room are lost."""
        with contextlib.suppress(OSError):
            super().close()


def safe(text: str) -> str:
    """Text fit for the log."""
    masked = re.sub(r"\d{4,}(?=\d{4})", "****", text)
    return masked.encode("ascii", "replace").decode().replace("\n", " ")


def place_of(error: BaseException) -> str:
    """Kind of an exception and where it came from, innermost first; not its message, which may quote data."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join([type(error).__name__, *(f"{Path(f.filename).name}:{f.lineno}" for f in reversed(frames))])


def start(folder: Path) -> None:
    """Writes the log into this folder from now on. A folder that cannot be written costs the log, not the reception."""
    stop()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        handler = LogFile(folder / "sanjo-tui.log", maxBytes=BYTES, backupCount=KEPT, encoding="ascii")
    except OSError:
        return      # the fault shows where it matters: doctor and the journal test the same disk
    handler.setFormatter(Sealed())
    for root in ROOTS:
        root.addHandler(handler)
        root.setLevel(logging.INFO)
        root.propagate = False


def stop() -> None:
    """Closes the log file."""
    for root in ROOTS:
        for handler in [h for h in root.handlers if isinstance(h, LogFile)]:
            root.removeHandler(handler)
            handler.close()
        root.propagate = True
