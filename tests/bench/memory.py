"""Resident memory of the desk after some work, beside a Textual app with one Label. No rare font is loaded."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import bare, desk
from tests.bench.figures import Figure
from tests.bench.ground import Ground
from tests.bench.terminal import Terminal


def measure(ground: Ground) -> Iterator[Figure]:
    """Twenty receptions by typed user ID, ten searches, then what stands in memory."""
    station = ground.station(ground.town)
    with Terminal([sys.executable, "-m", "tests.bench.bare"]) as terminal:
        terminal.painted(lambda text: bare.READY in text)
        plain = terminal.memory_mb()
    with desk.desk_on(station, desk.Notes(ground.folder / "notes-memory")) as terminal:
        terminal.painted(desk.idle)
        for user_id in ground.user_ids(ground.town, 20, "memory"):
            terminal.send(f"{user_id}\r")
            terminal.settle()
            terminal.send("\r")
            terminal.settle()
            desk.back(terminal)
        for person in ground.residents(ground.town, 10):
            terminal.send(person["name"].partition("　")[0])
            terminal.send("\r")
            terminal.settle()
            desk.back(terminal)
        ours = terminal.memory_mb()
    yield Figure(name=f"memory at the desk, {ground.town:,}", value=ours, unit="MB", budget=110, yardstick=plain,
                 yardstick_name="one Label", spread="RSS after 20 receptions and 10 searches")
