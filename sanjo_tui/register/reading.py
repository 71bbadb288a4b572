"""CSV as towns deliver it: UTF-8 with and without BOM, CP932, UTF-16LE; nothing of a value is changed.

Outside characters (外字) keep their code points; CRLF, LF, line breaks in quotes, a final 0x1A and a missing last
newline are no faults. `cp932` and never `shift_jis`: only the former knows 髙 﨑 ①.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator
from types import TracebackType
from typing import Literal, Protocol

_CODECS = {"utf-8": "utf-8", "cp932": "cp932", "utf-16le": "utf-16-le"}
_CHUNK = 1 << 20


class Source(Protocol):
    """One file of a snapshot: a path, or what stands in a bundle."""

    def open(self, mode: Literal["rb"], /) -> io.BufferedReader:
        """The file for reading. OSError."""

    def read_bytes(self) -> bytes:
        """The whole file. OSError."""


class Folder(Protocol):
    """A snapshot folder: a path, or an opened bundle."""

    @property
    def name(self) -> str:
        """What people call it."""

    def is_dir(self) -> bool:
        """It is there."""

    def __truediv__(self, name: str, /) -> Source:
        """One of its files."""


class Unreadable(Exception):
    """Bytes or quotes that cannot be read; `line` counts from 1, `rule` is encoding or csv."""

    def __init__(self, line: int, rule: str, message: str) -> None:
        super().__init__(message)
        self.line, self.rule, self.message = line, rule, message


class CsvFile:
    """One open CSV file: `header`, then `rows()`. Streams; a context manager. Raises Unreadable."""

    def __init__(self, path: Source, encoding: str) -> None:
        self._path = path
        self._codec = _CODECS[encoding]
        self._raw = path.open("rb")
        self._reader = csv.reader(_lines(io.TextIOWrapper(self._raw, self._codec, "strict", newline="")), strict=True)
        try:
            self.header = tuple(name.strip() for name in self._next() or ())
        except BaseException:
            self._raw.close()
            raise

    def __enter__(self) -> CsvFile:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._raw.close()

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """Line number on which a record begins, and its values; empty lines are passed over."""
        reader = self._reader
        while True:
            line = reader.line_num + 1
            row = self._next()
            if row is None:
                return
            if row:
                yield line, row

    def _next(self) -> list[str] | None:
        line = self._reader.line_num + 1
        try:
            return next(self._reader, None)
        except UnicodeDecodeError:
            raise Unreadable(self._undecodable_line(), "encoding", "文字コードが manifest.toml と違います") from None
        except csv.Error:
            raise Unreadable(line, "csv", "引用符が閉じていないか、CSV の形ではありません") from None

    def _undecodable_line(self) -> int:
        """Reads again from the start, for the error alone: the wrapper decodes ahead of the line it is at."""
        decoder = codecs.getincrementaldecoder(self._codec)("strict")
        line = 1
        with self._path.open("rb") as stream:
            while True:
                data = stream.read(_CHUNK)
                state = decoder.getstate()
                try:
                    line += decoder.decode(data, final=not data).count("\n")
                except UnicodeDecodeError as error:
                    pending = state[0]
                    good = (pending + data)[: error.start] if error.object == pending + data else data[: error.start]
                    return line + good.decode(self._codec, "ignore").count("\n")
                if not data:
                    return line


def _lines(text: io.TextIOWrapper) -> Iterator[str]:
    """Lines with their ends; without the byte order mark and the 0x1A that old systems put at the end."""
    first = True
    for line in text:
        if first:
            line = line.removeprefix("\ufeff")
            first = False
        if line.endswith("\x1a"):
            line = line.rstrip("\x1a")
            if not line:
                continue
        yield line
