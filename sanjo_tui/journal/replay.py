"""What follows from the events: kept records, claims, what was taken back. Written along and rebuilt by one fold.

A record is the fold of its subject's events in the order of their clock, those left out that were taken back. The order
in which stations' events arrive here therefore changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable
from dataclasses import dataclass, field
from typing import Any

from sanjo_tui.errors import ClaimTaken, RuleError
from sanjo_tui.journal.codec import Codec
from sanjo_tui.journal.events import Claim, Ledger, Recorded, Reversal, Unread
from sanjo_tui.journal.view import View

Number = tuple[str, int]
Key = tuple[str, str, str]

_REVERSED = "SELECT 1 FROM reversed r WHERE r.station = event.station AND r.seq = event.seq"


@dataclass(slots=True)
class Kept:
    """A record with the clocks of its first and last event."""

    record: Any
    first_hlc: int
    hlc: int


@dataclass(slots=True)
class State:
    """All that follows from the events. `losers`: claims that came second, after journals were joined."""

    kept: dict[Key, Kept] = field(default_factory=dict)
    claims: dict[Claim, Number] = field(default_factory=dict)
    reversed: dict[Number, Number] = field(default_factory=dict)
    losers: list[tuple[Claim, Number]] = field(default_factory=list)


class Derived:
    """The derived tables of one open connection, inside its transaction."""

    def __init__(self, execute: Callable[..., Any], codec: Codec) -> None:
        self._execute = execute
        self._codec = codec
        self._view = View(execute, codec)

    def follow(self, recorded: Recorded) -> tuple[Ledger, str, str] | None:
        """Claims and reversal of a new event; gives the record that it touches. ClaimTaken, RuleError."""
        event, touched = recorded.event, recorded.event
        if isinstance(event, Reversal):
            touched = self._reverse(recorded, event)
        for claim in event.releases:
            self._execute("DELETE FROM claim WHERE scope = ? AND subject = ?", (claim.scope, claim.subject))
        for claim in event.claims:
            self._take(claim, (recorded.station, recorded.seq))
        ledger = self._codec.ledger_of.get(touched.kind)
        return (ledger, event.scope, event.subject) if ledger else None

    def go_on(self, ledger: Ledger, scope: str, subject: str, newest: list[Recorded]) -> None:
        """Fold events onto the kept record that are later than all that it holds: the same as folding all again."""
        rows = self._execute("SELECT value, first_hlc, hlc FROM kept WHERE ledger = ? AND scope = ? AND subject = ?",
                             (ledger.name, scope, subject)).fetchall()
        kept: Kept | None = None
        for value, first, last in rows:
            kept = Kept(self._codec.record(ledger, scope, subject, value), first, last)
        for recorded in newest:
            kept = _folded(ledger, kept, recorded)
        self._write(ledger, scope, subject, kept)

    def keep(self, ledger: Ledger, scope: str, subject: str) -> None:
        """Fold one subject again, from its first event, and keep the result."""
        kinds = [cls.kind for cls in ledger.events]
        rows = self._view.rows(
            f"WHERE scope = ? AND subject = ? AND kind IN ({', '.join('?' * len(kinds))}) AND NOT EXISTS ({_REVERSED})",
            [scope, subject, *kinds])
        kept: Kept | None = None
        for row in rows:
            kept = _folded(ledger, kept, self._codec.recorded(row))
        self._write(ledger, scope, subject, kept)

    def compute(self, only: Container[tuple[str, str]] | None = None) -> State:
        """Everything, from the events alone. What unreadable events hold is carried over as it stands.

        `only`: scope and subject of the records that are wanted; claims and reversals are complete in any case.
        """
        state = State()
        unread: set[Number] = set()
        for row in self._view.rows("WHERE kind = ?", [Reversal.kind]):
            event = self._codec.recorded(row).event
            if isinstance(event, Reversal):
                state.reversed.setdefault((event.of_station, event.of_seq), (row.station, row.seq))
            else:
                unread.add((row.station, row.seq))
        for of, by in self._view.reversals().items():
            if by in unread:
                state.reversed.setdefault(of, by)
        for row in self._view.rows():
            number = (row.station, row.seq)
            wanted = only is None or (row.scope, row.subject) in only
            if number in state.reversed or (not wanted and row.kind in self._codec.claimless):
                continue
            recorded = self._codec.recorded(row)
            if isinstance(recorded.event, Unread):
                unread.add(number)
                continue
            _claim(state, recorded)
            ledger = self._codec.ledger_of.get(row.kind)
            if ledger is not None and wanted:
                key = (ledger.name, row.scope, row.subject)
                kept = _folded(ledger, state.kept.get(key), recorded)
                if kept is None:
                    state.kept.pop(key, None)
                else:
                    state.kept[key] = kept
        for claim, holder in self._claims().items() if unread else ():
            if holder in unread:
                state.claims.setdefault(claim, holder)
        return state

    def rebuild(self) -> State:
        """Replace the derived tables by what the events say."""
        state = self.compute()
        for table in ("kept", "claim", "reversed"):
            self._execute(f"DELETE FROM {table}")
        for of, by in state.reversed.items():
            self._execute("INSERT INTO reversed VALUES(?, ?, ?, ?)", (*of, *by))
        for claim, holder in state.claims.items():
            self._execute("INSERT INTO claim VALUES(?, ?, ?, ?)", (claim.scope, claim.subject, *holder))
        for (name, scope, subject), kept in state.kept.items():
            self._write(self._codec.ledgers[name], scope, subject, kept)
        return state

    def join(self, stations: Iterable[str]) -> None:
        """After events of these stations have arrived: their subjects are folded anew, all other records stand.

        Gives the same as `rebuild`, in a time that follows what has arrived.
        """
        touched = {(scope, subject) for station in stations for scope, subject in self._execute(
            "SELECT DISTINCT scope, subject FROM event WHERE station = ?", (station,)).fetchall()}
        state = self.compute(touched)
        gone = [key for key in self._execute("SELECT ledger, scope, subject FROM kept").fetchall()
                if key[1:] in touched and key not in state.kept]
        for name, scope, subject in gone:
            self._execute("DELETE FROM kept WHERE ledger = ? AND scope = ? AND subject = ?", (name, scope, subject))
        for (name, scope, subject), kept in state.kept.items():
            self._write(self._codec.ledgers[name], scope, subject, kept)
        held, reversals = self._claims(), self._view.reversals()
        for claim in held.keys() - state.claims.keys():
            self._execute("DELETE FROM claim WHERE scope = ? AND subject = ?", (claim.scope, claim.subject))
        for claim, holder in state.claims.items():
            if held.get(claim) != holder:
                self._execute("INSERT OR REPLACE INTO claim VALUES(?, ?, ?, ?)", (claim.scope, claim.subject, *holder))
        for of in reversals.keys() - state.reversed.keys():
            self._execute("DELETE FROM reversed WHERE station = ? AND seq = ?", of)
        for of, by in state.reversed.items():
            if reversals.get(of) != by:
                self._execute("INSERT OR REPLACE INTO reversed VALUES(?, ?, ?, ?)", (*of, *by))

    def differences(self) -> tuple[str, ...]:
        """Where the derived tables do not say what the events say: ledger, scope and subject of each."""
        state, found = self.compute(), []
        stored: dict[Key, Kept] = {}
        for name, scope, subject, value, first, last in self._execute("SELECT * FROM kept").fetchall():
            ledger = self._codec.ledgers.get(name)
            record = self._codec.record(ledger, scope, subject, value) if ledger else None
            if record is not None:
                stored[name, scope, subject] = Kept(record, first, last)
        found += [" ".join(key) for key in sorted(state.kept.keys() | stored.keys())
                  if state.kept.get(key) != stored.get(key)]
        claims, reversals = self._claims(), self._view.reversals()
        found += [f"claim {c.scope} {c.subject}" for c in state.claims.keys() | claims.keys()
                  if state.claims.get(c) != claims.get(c)]
        found += [f"reversed {of[0]}-{of[1]}" for of in state.reversed.keys() ^ reversals.keys()]
        return tuple(found)

    def forget(self, scope: str) -> None:
        """Delete the kept records that were sealed with the destroyed key of this scope."""
        for ledger in self._codec.ledgers.values():
            if ledger.sealed:
                self._execute("DELETE FROM kept WHERE ledger = ? AND scope = ?", (ledger.name, scope))

    def _reverse(self, recorded: Recorded, reversal: Reversal) -> Any:
        number = (reversal.of_station, reversal.of_seq)
        target = self._view.event(*number)
        if target is None or (target.event.subject, target.event.scope) != (reversal.subject, reversal.scope):
            raise RuleError("取り消す受付が見つかりません。", "番号を確かめてください。", detail=f"{number}")
        if isinstance(target.event, Reversal | Unread):
            raise RuleError("この受付は取り消せません。", "もう一度、正しい内容で受け付けてください。",
                            detail=target.event.kind)
        if self._view.is_reversed(*number):
            raise RuleError("この受付はもう取り消されています。", "今の状態を見てください。", detail=f"{number}")
        self._execute("INSERT INTO reversed VALUES(?, ?, ?, ?)", (*number, recorded.station, recorded.seq))
        self._execute("DELETE FROM claim WHERE station = ? AND seq = ?", number)
        if target.event.releases:
            self._hold_again(target.event.releases)
        return target.event

    def _hold_again(self, claims: tuple[Claim, ...]) -> None:
        """A release was taken back: the claims are whose they were before, unless somebody took them meanwhile."""
        holders = self.compute().claims
        for claim in claims:
            now = self._view.holder(claim)
            if now is not None:
                raise ClaimTaken(claim.scope, claim.subject, now)
            if claim in holders:
                self._take(claim, holders[claim])

    def _take(self, claim: Claim, number: Number) -> None:
        holder = self._view.holder(claim)
        if holder is not None:
            raise ClaimTaken(claim.scope, claim.subject, holder)
        self._execute("INSERT INTO claim VALUES(?, ?, ?, ?)", (claim.scope, claim.subject, *number))

    def _claims(self) -> dict[Claim, Number]:
        rows = self._execute("SELECT scope, subject, station, seq FROM claim").fetchall()
        return {Claim(scope, subject): (station, seq) for scope, subject, station, seq in rows}

    def _write(self, ledger: Ledger, scope: str, subject: str, kept: Kept | None) -> None:
        if kept is None:
            self._execute("DELETE FROM kept WHERE ledger = ? AND scope = ? AND subject = ?",
                          (ledger.name, scope, subject))
            return
        value = self._codec.value(ledger, scope, subject, kept.record)
        self._execute("INSERT INTO kept VALUES(?, ?, ?, ?, ?, ?) ON CONFLICT(ledger, scope, subject) DO UPDATE SET"
                      " value = excluded.value, first_hlc = excluded.first_hlc, hlc = excluded.hlc",
                      (ledger.name, scope, subject, value, kept.first_hlc, kept.hlc))


def _folded(ledger: Ledger, kept: Kept | None, recorded: Recorded) -> Kept | None:
    """The record after one more event; nothing is kept where `apply` says None."""
    if isinstance(recorded.event, Unread):
        return kept
    record = ledger.apply(kept.record if kept else None, recorded)
    return None if record is None else Kept(record, kept.first_hlc if kept else recorded.hlc, recorded.hlc)


def _claim(state: State, recorded: Recorded) -> None:
    for claim in recorded.event.releases:
        state.claims.pop(claim, None)
    number = (recorded.station, recorded.seq)
    for claim in recorded.event.claims:
        if state.claims.setdefault(claim, number) != number:
            state.losers.append((claim, number))


