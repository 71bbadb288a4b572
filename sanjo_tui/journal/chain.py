"""HMAC chain over the stored rows of one station: each hash covers its row and the hash before it.

It shows edits, gaps and swapped rows to whoever holds the key. A tail that was cut off needs an anchor outside the
events: the `station` table here, the manifest of a copy, the head printed on paper.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sanjo_tui.errors import BrokenChain
from sanjo_tui.journal.tables import Row

START = bytes(32)
"""What the first event of a station follows."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a station's chain."""

    station: str
    seq: int
    hash: bytes

    @property
    def groups(self) -> str:
        """The first 32 bits of the hash, for people: `1a2b 3c4d`."""
        return in_groups(self.hash.hex()[:8])


def in_groups(text: str) -> str:
    """Groups of four, to be read aloud or compared with paper."""
    return " ".join(text[at:at + 4] for at in range(0, len(text), 4))


def canonical(row: Row) -> bytes:
    """The row as bytes, one way only: a JSON array without blanks; a sealed body stands in it as hexadecimal."""
    body: object = row.body if isinstance(row.body, str) else {"sealed": row.body.hex()}
    return json.dumps([1, row.station, row.seq, row.event_id.hex(), row.hlc, row.at_ms, row.mono_ns, row.boot, row.kind,
                       row.scope, row.subject, row.operator, row.batch, body],
                      ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def link(key: bytes, row: Row, prev: bytes) -> Row:
    """The row with its place in the chain."""
    return replace(row, prev=prev, hash=_hash(key, row, prev))


def follow(key: bytes, station: str, rows: Iterable[Row], *, after: Head | None = None) -> Head:
    """The head after these rows of one station, in the order of seq. Raises BrokenChain with the first bad row."""
    head = after or Head(station, 0, START)
    clock = -1
    for row in rows:
        expected = head.seq + 1
        if (row.station != station or row.seq != expected or row.prev != head.hash or row.hlc <= clock
                or not hmac.compare_digest(row.hash, _hash(key, row, head.hash))):
            raise BrokenChain(station, expected)
        head, clock = Head(station, row.seq, row.hash), row.hlc
    return head


def _hash(key: bytes, row: Row, prev: bytes) -> bytes:
    return hmac.new(key, prev + canonical(row), hashlib.sha256).digest()
