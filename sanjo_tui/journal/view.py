"""What the journal says at one moment: a consistent read for screens, lists and rules."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from sanjo_tui.errors import JournalError
from sanjo_tui.journal.codec import Codec
from sanjo_tui.journal.events import Claim, Ledger, Recorded
from sanjo_tui.journal.faults import DATABASE_ERRORS, sentence_for
from sanjo_tui.journal.tables import SELECT, Row


class View:
    """Valid inside `with journal.view()`, or inside the `decide` of `journal.record`; not kept beyond."""

    def __init__(self, execute: Callable[..., Any], codec: Codec) -> None:
        self._execute = execute
        self._codec = codec
        self._cursors: list[Any] = []
        self._over = False

    def record_of(self, ledger: Ledger, scope: str, subject: str) -> Any | None:
        """The kept record of one subject, or None."""
        rows = self._all("SELECT value FROM kept WHERE ledger = ? AND scope = ? AND subject = ?",
                         (ledger.name, scope, subject))
        return self._codec.record(ledger, scope, subject, rows[0][0]) if rows else None

    def records(self, ledger: Ledger, scope: str) -> Iterator[Any]:
        """All kept records of a scope, in the order of their subjects."""
        for subject, value in self._each("SELECT subject, value FROM kept WHERE ledger = ? AND scope = ?"
                                         " ORDER BY subject", (ledger.name, scope)):
            record = self._codec.record(ledger, scope, subject, value)
            if record is not None:
                yield record

    def scopes(self, ledger: Ledger) -> tuple[str, ...]:
        """Scopes that have records of this ledger, the oldest first."""
        rows = self._all("SELECT scope FROM kept WHERE ledger = ? GROUP BY scope ORDER BY min(first_hlc)",
                         (ledger.name,))
        return tuple(scope for scope, in rows)

    def holder(self, claim: Claim) -> tuple[str, int] | None:
        """Station and sequence number of the event that holds the claim."""
        rows = self._all("SELECT station, seq FROM claim WHERE scope = ? AND subject = ?", (claim.scope, claim.subject))
        return (rows[0][0], rows[0][1]) if rows else None

    def last_claim(self, scope: str, prefix: str) -> str | None:
        """The greatest subject of a claim scope that begins with `prefix`: the longest, then by code points.

        So that a running number may outgrow its leading zeros: A-10000 comes after A-9999.
        """
        rows = self._all("SELECT subject FROM claim WHERE scope = ? AND subject >= ? AND subject < ?"
                         " ORDER BY length(subject) DESC, subject DESC LIMIT 1",
                         (scope, prefix, prefix + "\U0010ffff"))
        return rows[0][0] if rows else None

    def events(self, *, scope: str | None = None, subject: str | None = None, kinds: Sequence[str] | None = None,
               station: str | None = None, newest_first: bool = False, limit: int | None = None) -> Iterator[Recorded]:
        """Events in the order of their clock, reversed ones and reversals included."""
        where, values = _filter(scope, subject, kinds, station)
        way = "DESC" if newest_first else "ASC"
        order = f"ORDER BY hlc {way}, station {way}, seq {way} LIMIT {-1 if limit is None else int(limit)}"
        return self._recorded(f"{SELECT} {where} {order}", values)

    def count(self, *, scope: str | None = None, subject: str | None = None, kinds: Sequence[str] | None = None,
              station: str | None = None) -> int:
        """How many events `events` would give."""
        where, values = _filter(scope, subject, kinds, station)
        return int(self._all(f"SELECT count(*) FROM event {where}", values)[0][0])

    def event(self, station: str, seq: int) -> Recorded | None:
        """One event by its number."""
        return next(self._recorded(f"{SELECT} WHERE station = ? AND seq = ?", (station, seq)), None)

    def is_reversed(self, station: str, seq: int) -> bool:
        """The event was taken back."""
        return bool(self._all("SELECT 1 FROM reversed WHERE station = ? AND seq = ?", (station, seq)))

    def reversals(self) -> dict[tuple[str, int], tuple[str, int]]:
        """Every event that was taken back, and the event that did it."""
        return {(row[0], row[1]): (row[2], row[3]) for row in self._all("SELECT * FROM reversed", ())}

    def last(self) -> Recorded | None:
        """The latest event."""
        return next(self.events(newest_first=True, limit=1), None)

    def mark(self) -> int:
        """A number that grows with every event that arrives; `since` gives what came after it."""
        return int(self._all("SELECT coalesce(max(row), 0) FROM event", ())[0][0])

    def since(self, mark: int) -> Iterator[Recorded]:
        """Events that arrived after `mark`, in the order of arrival."""
        return self._recorded(f"{SELECT} WHERE row > ? ORDER BY row", (mark,))

    def rows(self, where: str = "", values: Sequence[Any] = (), order: str = "hlc, station, seq") -> Iterator[Row]:
        """Stored rows as they are; for the journal's own rooms."""
        for row in self._each(f"{SELECT} {where} ORDER BY {order}", values):
            yield Row(*row)

    def end(self) -> None:
        """The read is over; lists that were not read to their end stop here."""
        self._over = True
        for cursor in self._cursors:
            cursor.close()
        self._cursors.clear()

    def _recorded(self, query: str, values: Sequence[Any]) -> Iterator[Recorded]:
        for row in self._each(query, values):
            yield self._codec.recorded(Row(*row))

    def _all(self, query: str, values: Sequence[Any]) -> list[Any]:
        return list(self._each(query, values))

    def _each(self, query: str, values: Sequence[Any]) -> Iterator[Any]:
        if self._over:
            raise JournalError("読み終わった記録を読もうとしました。", "もう一度行ってください。", detail="view ended")
        try:
            cursor = self._execute(query, tuple(values))
            self._cursors.append(cursor)
            try:
                while batch := cursor.fetchmany(256):
                    yield from batch
            finally:
                cursor.close()
                if cursor in self._cursors:
                    self._cursors.remove(cursor)
        except DATABASE_ERRORS as error:
            raise sentence_for(error) from error


def _filter(scope: str | None, subject: str | None, kinds: Sequence[str] | None,
            station: str | None) -> tuple[str, list[Any]]:
    parts: list[str] = []
    values: list[Any] = []
    for column, value in (("scope", scope), ("subject", subject), ("station", station)):
        if value is not None:
            parts.append(f"{column} = ?")
            values.append(value)
    if kinds is not None:
        parts.append(f"kind IN ({', '.join('?' * len(kinds))})")
        values.extend(kinds)
    return ("WHERE " + " AND ".join(parts) if parts else ""), values
