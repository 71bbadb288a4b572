"""A stream that must be read from any place, on a disk that must never hold it in clear."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from sanjo_tui.errors import SanjoError

BLOCK = 64 * 1024


class Pieces:
    """Pieces as a file for reading; what went wrong while they were made is kept in `error`."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces, self._waiting = pieces, b""
        self.error: Exception | None = None

    def read(self, size: int = -1) -> bytes:
        """The next bytes, at most `size`; b"" at the end."""
        try:
            while not self._waiting:
                piece = next(self._pieces, None)
                if piece is None:
                    return b""
                self._waiting = piece
        except (SanjoError, OSError) as error:
            self.error = error
            raise
        size = len(self._waiting) if size < 0 else size
        data, self._waiting = self._waiting[:size], self._waiting[size:]
        return data


class Spool:
    """A temporary file in blocks of 64 KiB, each under ChaCha20-Poly1305 with a key that is never written."""

    def __init__(self) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

        self._cipher = ChaCha20Poly1305(os.urandom(32))
        self._file = tempfile.TemporaryFile()    # noqa: SIM115 - closed by close()
        self._waiting = bytearray()
        self._count = 0
        self.size = 0

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    def write(self, data: bytes) -> int:
        """Take the next bytes of the stream."""
        self._waiting += data
        while len(self._waiting) >= BLOCK:
            self._seal(bytes(self._waiting[:BLOCK]))
            del self._waiting[:BLOCK]
        return len(data)

    def flush(self) -> None:
        """Whole blocks are written at once; what waits is written by `end`."""

    def end(self) -> None:
        """The stream is complete."""
        self._seal(bytes(self._waiting))
        self._waiting.clear()

    def block(self, number: int) -> bytes:
        """The plain bytes of one block. OSError: the disk lies."""
        from cryptography.exceptions import InvalidTag

        if number >= self._count:
            return b""
        self._file.seek(number * (BLOCK + 16))
        try:
            return self._cipher.decrypt(number.to_bytes(12), self._file.read(BLOCK + 16), None)
        except InvalidTag as error:
            raise OSError("spool") from error

    def reader(self) -> io.BufferedReader:
        """The stream from its beginning."""
        return io.BufferedReader(_Reader(self), BLOCK)

    def close(self) -> None:
        """The file and its key are gone."""
        self._file.close()
        self._waiting.clear()

    def _seal(self, block: bytes) -> None:
        self._file.write(self._cipher.encrypt(self._count.to_bytes(12), block, None))
        self._count += 1
        self.size += len(block)


class _Reader(io.RawIOBase):
    """Reads a spool from any place."""

    def __init__(self, spool: Spool) -> None:
        super().__init__()
        self._spool, self._at = spool, 0
        self._held: tuple[int, bytes] = (-1, b"")

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        self._at = max(0, offset + {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._spool.size}[whence])
        return self._at

    def readinto(self, buffer: Any) -> int:
        number, place = divmod(self._at, BLOCK)
        if self._held[0] != number:
            self._held = number, self._spool.block(number)
        into = memoryview(buffer).cast("B")
        data = self._held[1][place:place + len(into)]
        into[:len(data)] = data
        self._at += len(data)
        return len(data)
