"""A stream of pieces in one encrypted file: a header that anybody can read, then pieces that only the key opens.

Each piece is ChaCha20-Poly1305 under a key of this file alone; its place and whether it is the last are part of the
nonce, the header is part of what is authenticated: nothing can be cut, swapped or taken from another file.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sanjo_tui.errors import JournalError
from sanjo_tui.vault.keys import derive

MAGIC = b"SANJO1\n"
_LONGEST = 64 * 1024 * 1024


def broken(detail: str) -> JournalError:
    """The file is no sealed file, is cut, or was changed."""
    return JournalError("ファイルが壊れているか、受付端末のものではありません。", "別の控えを使ってください。",
                        detail=detail)


def write(file: BinaryIO, key: bytes, header: dict[str, Any], pieces: Iterable[bytes]) -> None:
    """Header, then pieces. `header` must not tell a name: it stands in clear. Raises OSError."""
    head = json.dumps({**header, "salt": os.urandom(16).hex()}, ensure_ascii=False).encode()
    cipher = _cipher(key, head)
    file.write(MAGIC + len(head).to_bytes(4) + head)
    place, waiting = 0, b""
    for piece in pieces:
        _put(file, cipher.encrypt(_nonce(place, False), waiting, None))
        place, waiting = place + 1, piece
    _put(file, cipher.encrypt(_nonce(place, True), waiting, None))


def read_header(file: BinaryIO) -> tuple[dict[str, Any], bytes]:
    """The header, and its bytes for `read`. JournalError where the file is none of ours."""
    if file.read(len(MAGIC)) != MAGIC:
        raise broken("magic")
    head = _get(file)
    try:
        header: dict[str, Any] = json.loads(head)
    except ValueError as error:
        raise broken("header") from error
    return header, head


def read(file: BinaryIO, key: bytes, head: bytes) -> Iterator[bytes]:
    """The pieces. JournalError: another key, or a file that was changed or cut."""
    cipher, place = _cipher(key, head), 0
    while True:
        sealed = _get(file)
        last = file.read(1) == b""
        if not last:
            file.seek(-1, os.SEEK_CUR)
        try:
            piece = cipher.decrypt(_nonce(place, last), sealed, None)
        except InvalidTag as error:
            raise broken(f"piece {place}") from error
        if place:
            yield piece
        if last:
            return
        place += 1


def _cipher(key: bytes, head: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(derive(key, "sealed file", salt=head))


def _nonce(place: int, last: bool) -> bytes:
    return place.to_bytes(11) + bytes([last])


def _put(file: BinaryIO, data: bytes) -> None:
    file.write(len(data).to_bytes(4) + data)


def _get(file: BinaryIO) -> bytes:
    length = file.read(4)
    size = int.from_bytes(length)
    if len(length) != 4 or size > _LONGEST:
        raise broken("length")
    data = file.read(size)
    if len(data) != size:
        raise broken("cut")
    return data
