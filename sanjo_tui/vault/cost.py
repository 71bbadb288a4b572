"""What one try of a passphrase should cost on this very laptop: about half a second, measured once, at set-up.

64 MiB and three passes are the floor (RFC 9106, second recommended option); a fast laptop adds passes. More memory
would not fit beside a register on a small one.
"""

from __future__ import annotations

import math
import os
import time
from collections.abc import Callable

from sanjo_tui.vault.slots import MOST_PASSES, Cost, stretch

WANTED = 0.5
"""Seconds of one try."""


def measured(wanted: float = WANTED, *, seconds_of: Callable[[Cost], float] | None = None) -> Cost:
    """The cost of which one try takes about `wanted` seconds here, never below the floor nor above what slots allow.

    `seconds_of`: how long one try of a cost takes; the clock and this processor if none is given. VaultError: the
    laptop has not the memory.
    """
    seconds_of = seconds_of or _timed
    floor = Cost()
    seconds_of(floor)                       # the first one also fetches its memory from the system
    once = seconds_of(floor)
    if not math.isfinite(once) or once <= 0:
        return floor
    return Cost(floor.memory_kib, min(MOST_PASSES, max(floor.passes, round(floor.passes * wanted / once))), floor.lanes)


def _timed(cost: Cost) -> float:
    start = time.perf_counter()
    stretch("sanjo", os.urandom(16), cost)
    return time.perf_counter() - start
