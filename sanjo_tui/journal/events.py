"""What the journal keeps: events, the claims they make, and the ledgers that turn events into the present state.

An event says what happened to one subject. What holds now (who is inside, whose card this is) is never stored by
hand: it is the fold of a subject's events, in the order of their clock, by the `apply` of the ledger they belong to.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Claim:
    """What may happen only once: `scope` the kind of thing, `subject` the thing. Held until its event is reversed."""

    scope: str
    subject: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of all events. Subclasses are frozen dataclasses with a `kind`; their own fields become the JSON body.

    `subject`: 宛名番号, provisional number, household or token key: never a name. `scope`: the episode, or "".
    """

    kind: ClassVar[str] = ""
    subject: str
    scope: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Claims taken in the event's own transaction; a taken claim refuses the whole transaction."""
        return ()

    @property
    def releases(self) -> tuple[Claim, ...]:
        """Claims that this event gives up, because what they stood for was taken back (返却, 返付)."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Reversal(Event):
    """取消: takes back one event of the same subject and scope, with a reason; its claims are released.

    The fold of the subject leaves the reversed event out, so the state before it comes back by itself.
    """

    kind: ClassVar[str] = "reversal"
    of_station: str
    of_seq: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored(Event):
    """復元: the journal was brought back from a copy and goes on under the subject's station code.

    `from_station` and `from_seq`: the last event that the copy held. What the lost laptop recorded after it can join
    later: a new code has a chain and numbers of its own, so nothing is issued twice.
    """

    kind: ClassVar[str] = "journal.restored"
    from_station: str
    from_seq: int
    copy_made: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread(Event):
    """An event whose body cannot be read here: carried, verified and listed, but folded into nothing.

    `reason`: "unknown" (a newer version recorded it) or "destroyed" (the key of its episode is gone).
    """

    kind: str  # type: ignore[misc]  # of the row, so that lists need not tell it apart from a readable event
    reason: str


@dataclass(frozen=True, slots=True)
class Recorded:
    """An event as it stands in the journal. `hlc`: 48-bit milliseconds << 16 | counter; `at_ms`: wall clock, UTC."""

    station: str
    seq: int
    hlc: int
    at_ms: int
    operator: str
    event: Event
    batch: int = 0
    """Sequence number of the first event of the same transaction: what one key recorded, one key takes back."""

    @property
    def number(self) -> str:
        """The number that people quote, e.g. `A1B2C3-17`."""
        return f"{self.station}-{self.seq}"


@dataclass(frozen=True)
class Ledger:
    """What a reception gives the journal: its events, the record kept for each subject, and how one follows the other.

    `record` is a frozen dataclass that msgspec can turn into JSON and back. `apply` is pure: the record so far (None
    before the first event) and the next event give the new record (None: nothing is kept). An event class belongs to
    exactly one ledger; an event class without a ledger (a look-up) is recorded and folds into nothing.

    `sealed`: bodies and records are sealed with the key of their episode, if it has one, and go when it is destroyed.
    False for what tells of no resident and must stay readable (開設, 閉鎖).
    """

    name: str
    events: tuple[type[Event], ...]
    record: type[Any]
    apply: Callable[[Any, Recorded], Any]
    sealed: bool = True
