"""The gate before all screens: every key passes `sanjo_tui.cards.wedge` once, so that no field sees half a code."""

from __future__ import annotations

from collections.abc import Iterable

from textual._time import get_time
from textual.events import Key

from sanjo_tui.cards.wedge import Burst, Code, Typed

_MARKS = {"enter": "\r", "ctrl+m": "\r", "ctrl+j": "\n", "tab": "\t"}

Outcome = Typed[Key] | Code


class KeyGate:
    """Feeds a `Burst` with Textual's key events; their `time` was stamped where the keys came in."""

    def __init__(self, prefixes: Iterable[str] = (), same_within: float = 2.0) -> None:
        self._burst: Burst[Key] = Burst(prefixes, same_within)

    def know(self, prefixes: Iterable[str], same_within: float) -> None:
        """The station's own scanners, once their profiles are read; a key that is held meanwhile is not lost."""
        self._burst.know(prefixes, same_within)

    def feed(self, event: Key) -> tuple[Outcome, ...]:
        """What is settled by this key."""
        character = _MARKS.get(event.key) or (event.character if event.is_printable else None)
        return self._burst.feed(event, character, event.time)

    def tick(self) -> tuple[Outcome, ...]:
        """What is settled because its time is up."""
        return self._burst.tick(get_time())

    @property
    def wait(self) -> float | None:
        """Seconds until `tick` is due; None when nothing is held."""
        deadline = self._burst.deadline
        return None if deadline is None else max(0.001, deadline - get_time())
