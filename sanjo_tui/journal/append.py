"""Appending inside an open transaction: our own next events, or rows of another station, and what follows from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sanjo_tui.errors import BrokenChain, JournalError
from sanjo_tui.journal import chain, clock
from sanjo_tui.journal.chain import Head
from sanjo_tui.journal.codec import Codec
from sanjo_tui.journal.events import Event, Ledger, Recorded, Reversal
from sanjo_tui.journal.replay import Derived
from sanjo_tui.journal.tables import INSERT, Row
from sanjo_tui.journal.view import View

Decide = Callable[[View], Sequence[Event]]


class Appender:
    """Sequence, previous hash and clock are read inside the transaction: another process may have written meanwhile."""

    def __init__(self, execute: Callable[..., Any], codec: Codec, station: str) -> None:
        self._execute = execute
        self._codec = codec
        self._station = station

    def append(self, operator: str, decide: Decide,
               now: Callable[[], clock.Moment]) -> tuple[tuple[Recorded, ...], clock.Moment | None]:
        """What `decide` says, chained, with its claims and records; and the moment of the last one."""
        view = View(self._execute, self._codec)
        try:
            events = tuple(decide(view))
        finally:
            view.end()
        if not events:
            return (), None
        head, last_hlc, highest = self._position()
        seen, moment, batch = highest, now(), head.seq + 1
        recorded: list[Recorded] = []
        for event in events:
            seq = head.seq + 1
            last_hlc = highest = clock.tick(last_hlc, highest, moment.wall_ms)
            row = chain.link(self._codec.keys.chain_key, Row(
                self._station, seq, _event_id(), last_hlc, moment.wall_ms, moment.mono_ns, moment.boot, event.kind,
                event.scope, event.subject, operator, batch, self._codec.body(event, self._station, seq), b"", b""),
                head.hash)
            self._execute(INSERT, row.values)
            head = Head(self._station, seq, row.hash)
            recorded.append(Recorded(self._station, seq, last_hlc, moment.wall_ms, operator, event, batch))
        self._execute("UPDATE station SET seq = ?, hash = ? WHERE station = ?",
                      (head.seq, head.hash, self._station))
        self._keep(recorded, seen)
        return tuple(recorded), clock.Moment(last_hlc >> 16, moment.mono_ns, moment.boot)

    def _keep(self, recorded: list[Recorded], seen: int) -> None:
        """Claims, reversals and records of what was just written. `seen`: the highest clock that was here before."""
        derived = Derived(self._execute, self._codec)
        touched: dict[tuple[Ledger, str, str], list[Recorded]] = {}
        again = set()
        for one in recorded:
            key = derived.follow(one)
            if key is not None:
                touched.setdefault(key, []).append(one)
                if isinstance(one.event, Reversal) or one.hlc <= seen:
                    again.add(key)
        for key, newest in touched.items():
            if key in again:
                derived.keep(*key)
            else:
                derived.go_on(*key, newest)

    def _position(self) -> tuple[Head, int, int]:
        """Head of our chain, its clock, and the highest clock that is here."""
        seq, hashed = self._execute("SELECT seq, hash FROM station WHERE station = ?", (self._station,)).fetchone()
        last = self._execute("SELECT hlc, hash FROM event WHERE station = ? AND seq = ?",
                             (self._station, seq)).fetchone()
        if seq and (last is None or bytes(last[1]) != bytes(hashed)):
            raise BrokenChain(self._station, seq)
        highest = self._execute("SELECT coalesce(max(hlc), 0) FROM event").fetchone()[0]
        return Head(self._station, seq, bytes(hashed)), (last[0] if seq else 0), highest

    def absorb(self, rows: list[Row], chain_key: bytes | None) -> int:
        """Rows of other stations that are not here yet; how many there were. BrokenChain, JournalError."""
        new = 0
        for station in dict.fromkeys(row.station for row in rows):
            if station == self._station:
                raise JournalError("この端末の記録は、この端末には取り込めません。", "ファイルを確かめてください。")
            held = self._execute("SELECT seq, hash FROM station WHERE station = ?", (station,)).fetchone()
            head = Head(station, held[0], bytes(held[1])) if held else Head(station, 0, chain.START)
            theirs = sorted((row for row in rows if row.station == station), key=lambda row: row.seq)
            for row in theirs:
                if row.seq <= head.seq:
                    here = self._execute("SELECT hash FROM event WHERE station = ? AND seq = ?",
                                         (station, row.seq)).fetchone()
                    if bytes(here[0]) != row.hash:
                        raise BrokenChain(station, row.seq)
            fresh = list({row.seq: row for row in theirs if row.seq > head.seq}.values())
            head = chain.follow(chain_key or self._codec.keys.chain_key, station, fresh, after=head)
            for row in fresh:
                self._execute(INSERT, row.values)
            self._execute("INSERT INTO station VALUES(?, ?, ?, ?) ON CONFLICT(station) DO UPDATE SET"
                          " seq = excluded.seq, hash = excluded.hash",
                          (head.station, head.seq, head.hash, chain_key))
            new += len(fresh)
        if new:
            Derived(self._execute, self._codec).join(dict.fromkeys(row.station for row in rows))
        return new


def _event_id() -> bytes:
    import uuid_utils

    return uuid_utils.uuid7().bytes
