"""One person's turn at the library's desk, and what became of each item, in words that name nobody and nothing."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.sip2.once import Deed


class Fate(StrEnum):
    """What became of one item, for the row on the screen."""

    DONE = "done"
    REFUSED = "refused"
    KEPT = "kept"
    """On this disk, to be sent when there is a line."""
    UNSURE = "unsure"
    """A person must look."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One item, in words that name neither title nor number."""

    fate: Fate
    text: str
    notes: tuple[str, ...] = ()


@dataclass(slots=True, kw_only=True)
class Turn:
    """One person at the library's desk, from card to end. `number` "" : the card is not bound yet."""

    token: str
    user_id: str
    number: str = ""
    person: str = ""
    """宛名番号 of the card's bearer, where there is a register; it is neither shown nor recorded."""
    verdict: Verdict = field(default_factory=lambda: Verdict(Weight.NOTICE, ""))
    online: bool = False
    lent: int = 0
    returned: int = 0
    refused: int = 0
    kept_back: int = 0

    @property
    def bound(self) -> bool:
        """The card stands for a number."""
        return bool(self.number)

    def count(self, deed: Deed, fate: Fate) -> None:
        """One more item."""
        if fate is Fate.REFUSED:
            self.refused += 1
        elif fate is not Fate.DONE:
            self.kept_back += 1
        elif deed is Deed.LEND:
            self.lent += 1
        else:
            self.returned += 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What sending the queue came to. `left`: not sent, because the line is down; `trouble`: new ones for a person."""

    lent: int = 0
    returned: int = 0
    trouble: int = 0
    left: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """One of the queue that a person must settle; for the eyes of the library's staff, on the screen alone."""

    number: int
    deed: str
    item: str
    patron: str
    at: str
    why: str
