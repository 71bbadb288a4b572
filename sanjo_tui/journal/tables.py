"""The journal's tables. `event` is the truth and append-only; `reversed`, `claim` and `kept` follow from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

FORMAT = 1

DDL = (
    # row: order of arrival here, for those who ask what is new; the place in the chain is (station, seq)
    """CREATE TABLE event(
        row INTEGER PRIMARY KEY, station TEXT NOT NULL, seq INTEGER NOT NULL CHECK(seq > 0),
        event_id BLOB NOT NULL CHECK(length(event_id) = 16), hlc INTEGER NOT NULL, at_ms INTEGER NOT NULL,
        mono_ns INTEGER NOT NULL, boot TEXT NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL,
        operator TEXT NOT NULL, batch INTEGER NOT NULL, body ANY NOT NULL,
        prev BLOB NOT NULL CHECK(length(prev) = 32), hash BLOB NOT NULL CHECK(length(hash) = 32),
        UNIQUE(station, seq)) STRICT""",
    "CREATE INDEX event_order ON event(hlc, station, seq)",
    "CREATE INDEX event_subject ON event(scope, subject)",
    "CREATE TRIGGER event_no_update BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'append only'); END",
    "CREATE TRIGGER event_no_delete BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'append only'); END",
    # the last event of each chain: a tail that was cut off is missed here; chain_key of the others, NULL for our own
    """CREATE TABLE station(station TEXT PRIMARY KEY, seq INTEGER NOT NULL, hash BLOB NOT NULL, chain_key BLOB)
        STRICT, WITHOUT ROWID""",
    """CREATE TABLE reversed(station TEXT NOT NULL, seq INTEGER NOT NULL, by_station TEXT NOT NULL,
        by_seq INTEGER NOT NULL, PRIMARY KEY(station, seq)) STRICT, WITHOUT ROWID""",
    """CREATE TABLE claim(scope TEXT NOT NULL, subject TEXT NOT NULL, station TEXT NOT NULL, seq INTEGER NOT NULL,
        PRIMARY KEY(scope, subject)) STRICT, WITHOUT ROWID""",
    "CREATE INDEX claim_holder ON claim(station, seq)",
    """CREATE TABLE kept(ledger TEXT NOT NULL, scope TEXT NOT NULL, subject TEXT NOT NULL, value ANY NOT NULL,
        first_hlc INTEGER NOT NULL, hlc INTEGER NOT NULL, PRIMARY KEY(ledger, scope, subject)) STRICT""",
    "CREATE TABLE meta(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
)

COLUMNS = ("station", "seq", "event_id", "hlc", "at_ms", "mono_ns", "boot", "kind", "scope", "subject", "operator",
           "batch", "body", "prev", "hash")
SELECT = f"SELECT {', '.join(COLUMNS)} FROM event"
INSERT = f"INSERT INTO event({', '.join(COLUMNS)}) VALUES({', '.join('?' * len(COLUMNS))})"


@dataclass(frozen=True, slots=True)
class Row:
    """One event as it is stored. `body` is JSON text, or bytes where it is sealed with the key of its episode."""

    station: str
    seq: int
    event_id: bytes
    hlc: int
    at_ms: int
    mono_ns: int
    boot: str
    kind: str
    scope: str
    subject: str
    operator: str
    batch: int
    body: str | bytes
    prev: bytes
    hash: bytes

    @property
    def values(self) -> tuple[Any, ...]:
        """In the order of `COLUMNS`."""
        return tuple(getattr(self, name) for name in COLUMNS)
