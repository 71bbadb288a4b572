"""The real app on this terminal, with one difference: it notes when the card side said what.

`python -m tests.bench.watched HOME NOTES`: one line a fact in NOTES, seconds of the monotonic clock and its name.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

from sanjo_tui import station as stations
from sanjo_tui.cards.facts import CardFact
from screens.app import SanjoApp
from screens.parts import Parts


class WatchedParts(Parts):
    """Passes every fact on, after noting it."""

    def __init__(self, station: stations.Station, notes: Path) -> None:
        super().__init__(station)
        self._notes = notes

    def start_readers(self, emit: Callable[[CardFact], None]) -> None:
        """The reader's thread writes the notes: an append of 40 bytes, some microseconds."""
        out = os.open(self._notes, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

        def noted(fact: CardFact) -> None:
            os.write(out, f"{time.monotonic():.6f} {type(fact).__name__}\n".encode())
            emit(fact)

        super().start_readers(noted)


if __name__ == "__main__":
    station = stations.read(Path(sys.argv[1]))
    SanjoApp(station, "", WatchedParts(station, Path(sys.argv[2]))).run(mouse=False)
