"""From the command to the first screen, unlocking not counted, beside a Textual app with one Label."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from tests.bench import bare
from tests.bench.figures import Figure, p50, spread
from tests.bench.ground import Ground
from tests.bench.terminal import Terminal


def measure(ground: Ground) -> Iterator[Figure]:
    """Alternately, so that both meet the same noise. The first of each fills the caches and is not counted."""
    station = ground.live_station()
    ours, plain = [], []
    for _ in range(ground.repeats(20) + 1):
        with Terminal([sys.executable, "-m", "tests.bench.bare"]) as terminal:
            plain.append((terminal.painted(lambda text: bare.READY in text) - terminal.started) * 1e3)
        with Terminal([sys.executable, "-m", "sanjo_tui", "--home", str(station.home)]) as terminal:
            ours.append((terminal.painted(_asks) - terminal.started) * 1e3)
    yield Figure(name="start to the passphrase", value=p50(ours[1:]), ratio_budget=1.5, yardstick=p50(plain[1:]),
                 yardstick_name="one Label", spread=spread(ours[1:]))


def _asks(text: str) -> bool:
    """The screen that asks for the passphrase, down to its last line."""
    return "を入れて Enter" in text and "F1 説明" in text
