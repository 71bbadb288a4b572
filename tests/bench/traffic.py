"""Bytes to the terminal (as over SSH) from a tap to its reception, and what an idle desk costs."""

from __future__ import annotations

import time
from collections.abc import Iterator
from functools import partial

from sanjo_tui.cards import virtual
from tests.bench import desk
from tests.bench.figures import Figure, p50, spread
from tests.bench.ground import Ground
from tests.hardware.pcscd import until

IDLE = 125.0
"""Seconds: two changes of the clock."""


def measure(ground: Ground) -> Iterator[Figure]:
    """Taps by the drop folder of the drill; the card has left the field again when the bytes are counted."""
    station = ground.station(ground.town)
    notes, sizes = desk.Notes(ground.folder / "notes-traffic"), list[float]()
    with desk.desk_on(station, notes) as terminal:
        terminal.painted(desk.idle)
        for user_id in ground.user_ids(ground.town, ground.repeats(15), "traffic"):
            before, seen = terminal.size(), notes.count("CardSeen")
            virtual.drop(station.inbox, user_id)
            until(partial(_more, notes, seen), "the card was never seen")
            terminal.settle()
            opened = desk.household(terminal.text())
            if opened:
                terminal.send("\r")
                terminal.painted(desk.recorded)
            terminal.settle(quiet=1.5)                # a card of the built-in reader stays for a second
            if opened:
                sizes.append((terminal.size() - before) / 1e3)
            desk.back(terminal)
        terminal.settle(quiet=2.0)
        seconds = IDLE / 10 if ground.quick else IDLE
        bytes_before, cpu_before, start = terminal.size(), terminal.cpu_seconds(), time.monotonic()
        time.sleep(seconds)
        minutes = (time.monotonic() - start) / 60
        painted, cpu = terminal.size() - bytes_before, terminal.cpu_seconds() - cpu_before
    yield Figure(name="traffic, tap to done", value=max(sizes), unit="kB", budget=30, spread=spread(sizes),
                 note=f"p50 {p50(sizes):.1f}, 80 x 24, 256 colours")
    yield Figure(name="traffic, idle", value=painted / minutes, unit="bytes/min", budget=300)
    yield Figure(name="processor, idle", value=cpu / minutes / 60 * 100, unit="%", budget=1)


def _more(notes: desk.Notes, seen: int) -> bool:
    return notes.count("CardSeen") > seen
