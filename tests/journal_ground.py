"""What the journal's tests stand on: a drill's keys, the shelter's ledgers, a small ledger of their own, receptions.

Run as a program it is a writer to be killed: `journal_ground.py HOME` records for ever and prints `seq hash` after each
COMMIT; `journal_ground.py HOME race DESK VOTERS` tries to claim every voter once.
"""

from __future__ import annotations

import os
import random
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from sanjo_tui.errors import ClaimTaken
from sanjo_tui.journal.clock import Moment
from sanjo_tui.journal.events import Claim, Event, Ledger, Recorded
from sanjo_tui.journal.writer import Journal
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.state import EPISODES, HOUSEHOLDS, INQUIRIES, PEOPLE
from sanjo_tui.vault import Keys, Vault

NAME, KANA, ADDRESS = "佐藤 花子", "サトウ ハナコ", "三条市旭町二丁目３番１号"


@dataclass(frozen=True, slots=True, kw_only=True)
class Put(Event):
    """The subject's value is now `value`."""

    kind: ClassVar[str] = "test.put"
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Event):
    """The subject is taken once."""

    kind: ClassVar[str] = "test.taken"

    @property
    def claims(self) -> tuple[Claim, ...]:
        return (Claim("test", self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Event):
    """The subject is given back."""

    kind: ClassVar[str] = "test.returned"

    @property
    def releases(self) -> tuple[Claim, ...]:
        return (Claim("test", self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked(Event):
    """A look-up: folds into nothing."""

    kind: ClassVar[str] = "test.looked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """Everything that was put, in order: a fold that shows any change of order."""

    key: str
    values: tuple[str, ...] = ()
    last: str = ""


def apply_trail(now: Trail | None, recorded: Recorded) -> Trail | None:
    event = recorded.event
    before = now or Trail(key=event.subject)
    if isinstance(event, Put) and event.value == "erase":
        return None
    value = event.value if isinstance(event, Put) else event.kind
    return replace(before, values=(*before.values, value), last=recorded.number)


TRAILS = Ledger("test.trail", (Put, Taken, Returned), Trail, apply_trail)
LEDGERS = (EPISODES, PEOPLE, HOUSEHOLDS, TRAILS)
LOOSE: tuple[type[Event], ...] = (*INQUIRIES, Looked)
OPTIONS: dict[str, Any] = {"reserve_mb": 0}


def drill_keys(home: Path) -> Keys:
    path = home / "vault.toml"
    vault = Vault.open(path) if path.exists() else Vault.create(path, "", drill=True)[0]
    return vault.unlock("")


def create(home: Path, code: str = "A1", **options: Any) -> Journal:
    return Journal.create(home / "journal.db", drill_keys(home), code, LEDGERS, LOOSE, **{**OPTIONS, **options})


def reopen(home: Path, code: str = "A1", **options: Any) -> Journal:
    return Journal.open(home / "journal.db", drill_keys(home), code, LEDGERS, LOOSE, **{**OPTIONS, **options})


def put(journal: Journal, subject: str, value: str, scope: str = "") -> Recorded:
    return journal.record("op", lambda _: (Put(subject=subject, value=value, scope=scope),))[0]


def admitted(number: int, scope: str = "E1", household: str = "H1") -> ev.Admitted:
    return ev.Admitted(subject=f"{number:015d}", scope=scope, shelter="S1", household=household,
                       registration_no=f"A1-{number:04d}-0", new_number=True,
                       seen=ev.Seen(name=NAME, name_kana=KANA, address=ADDRESS, birth="19740403"))


def admit(journal: Journal, number: int, scope: str = "E1") -> Recorded:
    return journal.record("op", lambda _: (admitted(number, scope),))[0]


def kept_of(journal: Journal, scopes: tuple[str, ...] = ("", "E1")) -> dict[tuple[str, str], tuple[Any, ...]]:
    """All kept records, by ledger and scope."""
    with journal.view() as view:
        return {(ledger.name, scope): tuple(view.records(ledger, scope)) for ledger in LEDGERS for scope in scopes}


def files_of(home: Path) -> dict[str, bytes]:
    return {str(path.relative_to(home)): path.read_bytes() for path in home.rglob("*") if path.is_file()}


def hands(*wall_ms: int, boot: str = "boot") -> Callable[[], Moment]:
    """A clock that shows these times one after another, the last one for ever; ten ms of uptime between looks."""
    shown = list(wall_ms)
    uptime = [0]

    def look() -> Moment:
        uptime[0] += 10_000_000
        return Moment(shown.pop(0) if len(shown) > 1 else shown[0], uptime[0], boot)
    return look


def _write_for_ever(home: Path) -> None:
    journal = reopen(home)
    number = journal.heads()[0].seq
    while True:
        number += 1
        if number % 5 == 0:
            done = journal.record("op", lambda _, n=number: (  # type: ignore[misc]
                Put(subject="a", value=str(n)), Put(subject="b", value=str(n)), Taken(subject=str(n))))
            number = done[-1].seq
        else:
            done = (admit(journal, number),)
        head = done[-1]
        os.write(1, f"{head.seq} {journal.heads()[0].hash.hex() if head.seq % 7 == 0 else '-'}\n".encode())


def _race(home: Path, desk: int, voters: int) -> None:
    journal, chosen, won = reopen(home), random.Random(desk), 0
    order = [str(n) for n in range(voters)]
    chosen.shuffle(order)
    for voter in order:
        try:
            journal.record(f"desk{desk}", lambda _, v=voter: (Taken(subject=v),))  # type: ignore[misc]
            won += 1
        except ClaimTaken:
            continue
    journal.close()
    os.write(1, f"{won}\n".encode())


if __name__ == "__main__":
    if len(sys.argv) > 2:
        _race(Path(sys.argv[1]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        _write_for_ever(Path(sys.argv[1]))
