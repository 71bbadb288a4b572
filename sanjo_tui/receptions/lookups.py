"""Look-ups and the operator's other acts: recorded before anything is shown, folded into nothing.

A search keeps the numbers that were listed, never the words that were typed (docs/register.md §5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp(Event):
    """A resident's record was opened. `shown`: whose lines stood on the screen with it."""

    kind: ClassVar[str] = "lookup.opened"
    via: str
    shown: tuple[str, ...] = ()
    reception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched(Event):
    """A search listed these people. `readings`: how the text was understood (date, kana ...), not the text itself."""

    kind: ClassVar[str] = "lookup.searched"
    readings: tuple[str, ...]
    listed: tuple[str, ...]
    reception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMade(Event):
    """A list or sheet with names was shown or made. `form` and `edition` say which; `rows` how many people."""

    kind: ClassVar[str] = "lookup.list_made"
    form: str
    edition: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone(Event):
    """An act of the operator that concerns no resident: a register loaded, rolled back, a key destroyed."""

    kind: ClassVar[str] = "station.act"
    act: str
    details: dict[str, str]


LOOSE: tuple[type[Event], ...] = (LookedUp, Searched, ListMade, ActDone)
