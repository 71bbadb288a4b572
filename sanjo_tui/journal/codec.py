"""Events and kept records to JSON and back, and sealing them with the key of their episode."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from sanjo_tui.errors import JournalError
from sanjo_tui.journal.events import Event, Ledger, Recorded, Restored, Reversal, Unread
from sanjo_tui.journal.faults import PAPER
from sanjo_tui.journal.tables import Row
from sanjo_tui.vault import Keys

_OWN_COLUMNS = ("subject", "scope")


class Codec:
    """Knows the kinds of all ledgers and of the loose events; seals and opens with `keys`."""

    def __init__(self, keys: Keys, ledgers: Iterable[Ledger], loose: Iterable[type[Event]]) -> None:
        self.keys = keys
        self.ledgers = {ledger.name: ledger for ledger in ledgers}
        self.ledger_of: dict[str, Ledger] = {}
        self.classes: dict[str, type[Event]] = {}
        for ledger in self.ledgers.values():
            for one in ledger.events:
                self._add(one)
                self.ledger_of[one.kind] = ledger
        self._add(Reversal)
        self._add(Restored)
        for cls in loose:
            self._add(cls)
        self.claimless = frozenset(kind for kind, cls in self.classes.items() if cls.claims is Event.claims
                                   and cls.releases is Event.releases)
        """Kinds that neither take nor give up a claim: the class says so, no event need be opened for it."""

    def _add(self, cls: type[Event]) -> None:
        if not cls.kind or cls.kind in self.classes:
            raise ValueError(f"{cls.__name__}: its kind {cls.kind!r} is empty or taken")
        self.classes[cls.kind] = cls

    def body(self, event: Event, station: str, seq: int) -> str | bytes:
        """The body column: JSON of the event's own fields, sealed where its episode has a key."""
        if type(event) is not self.classes.get(event.kind):
            raise ValueError(f"{type(event).__name__} belongs to no ledger of this journal")
        values: dict[str, Any] = msgspec.to_builtins(event)
        for name in _OWN_COLUMNS:
            del values[name]
        text = msgspec.json.encode(values)
        key = self._key_for(event.scope, self.ledger_of.get(event.kind))
        return text.decode() if key is None else _seal(key, text, _event_bound(station, seq, event.kind))

    def recorded(self, row: Row) -> Recorded:
        """The stored row as an event. JournalError where a known kind has a body that is none of its own."""
        return Recorded(row.station, row.seq, row.hlc, row.at_ms, row.operator, self._event(row), row.batch)

    def _event(self, row: Row) -> Event:
        cls = self.classes.get(row.kind)
        if cls is None:
            return Unread(subject=row.subject, scope=row.scope, kind=row.kind, reason="unknown")
        body = row.body
        if isinstance(body, bytes):
            key = self.keys.scope_key(foreign_scope(row.scope, row.station)) or self.keys.scope_key(row.scope)
            if key is None:
                return Unread(subject=row.subject, scope=row.scope, kind=row.kind, reason="destroyed")
            body = self._open(key, body, _event_bound(row.station, row.seq, row.kind), f"{row.station}-{row.seq}")
        try:
            values = msgspec.json.decode(body)
            return msgspec.convert({**values, "subject": row.subject, "scope": row.scope}, cls)
        except (msgspec.MsgspecError, TypeError) as error:
            raise JournalError(f"受付記録の {row.station}-{row.seq} 番が読めません。", PAPER,
                               detail=f"{row.kind} {type(error).__name__}") from error

    def value(self, ledger: Ledger, scope: str, subject: str, record: Any) -> str | bytes:
        """The value column of a kept record."""
        text = msgspec.json.encode(record)
        key = self._key_for(scope, ledger)
        return text.decode() if key is None else _seal(key, text, _kept_bound(ledger.name, scope, subject))

    def record(self, ledger: Ledger, scope: str, subject: str, value: str | bytes) -> Any | None:
        """The kept record; None where the key of its episode was destroyed."""
        if isinstance(value, bytes):
            key = self.keys.scope_key(scope)
            if key is None:
                return None
            value = self._open(key, value, _kept_bound(ledger.name, scope, subject), f"{ledger.name} of {subject}")
        try:
            return msgspec.json.decode(value, type=ledger.record)
        except msgspec.MsgspecError as error:
            raise JournalError("いまの状態の記録が読めません。", "sanjo-tui journal rebuild で作り直してください。",
                               detail=f"{ledger.name} {type(error).__name__}") from error

    def _key_for(self, scope: str, ledger: Ledger | None) -> bytes | None:
        if not scope or (ledger is not None and not ledger.sealed):
            return None
        if self.keys.is_destroyed(scope):
            raise JournalError("この期間の記録は廃棄されました。", "新しく開設してから受け付けてください。",
                               detail=scope)
        return self.keys.scope_key(scope)

    def _open(self, key: bytes, sealed: bytes, bound: bytes, what: str) -> bytes:
        try:
            return ChaCha20Poly1305(key).decrypt(sealed[:12], sealed[12:], bound)
        except (InvalidTag, ValueError) as error:
            raise JournalError("受付記録の封が合いません。", PAPER, detail=f"seal of {what}") from error


def foreign_scope(scope: str, station: str) -> str:
    """Under which name the vault keeps the key with which another station sealed its events of this episode."""
    return f"{scope}@{station}"


def _seal(key: bytes, text: bytes, bound: bytes) -> bytes:
    nonce = os.urandom(12)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, text, bound)


def _event_bound(station: str, seq: int, kind: str) -> bytes:
    return f"{station}|{seq}|{kind}".encode()


def _kept_bound(ledger: str, scope: str, subject: str) -> bytes:
    return "|".join(("kept", ledger, scope, subject)).encode()
