"""Hybrid logical clock: 48-bit milliseconds << 16 | counter. Order holds even when the laptop's clock is wrong."""

from __future__ import annotations

import functools
import secrets
import time
from dataclasses import dataclass
from pathlib import Path

BEHIND_MS = 2_000
"""The clock may stand this far before the last event (another process, rounding) without anybody being told."""

JUMP_MS = 5 * 60_000
FOREIGN_AHEAD_MS = 60 * 60_000
"""Another station's clock that is further ahead than this does not pull ours along."""


@dataclass(frozen=True, slots=True)
class Moment:
    """Now, three ways: wall clock in ms (UTC), monotonic ns, and the boot within which the latter counts."""

    wall_ms: int
    mono_ns: int
    boot: str


@functools.cache
def boot_id() -> str:
    """Names this start of the machine; of this process where the system does not tell."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()[:8]
    except OSError:
        return "p" + secrets.token_hex(4)


def now() -> Moment:
    """What the machine's clocks say."""
    return Moment(time.time_ns() // 1_000_000, time.monotonic_ns(), boot_id())


def tick(own_last: int, seen: int, wall_ms: int) -> int:
    """The clock of the next event: later than our last one and, unless it is absurdly ahead, than any that we hold."""
    ahead = seen if seen <= (wall_ms + FOREIGN_AHEAD_MS) << 16 else 0
    return max(own_last + 1, ahead + 1, wall_ms << 16)


def notice(last: Moment | None, present: Moment) -> str:
    """A warning for the header when the clock went back, or jumped within one boot; "" while it is in order."""
    if last is None:
        return ""
    if present.wall_ms < last.wall_ms - BEHIND_MS:
        return "時計が最後の受付より前です。時刻を合わせてください"
    if last.boot == present.boot:
        ran_ms = (present.mono_ns - last.mono_ns) // 1_000_000
        if present.wall_ms - last.wall_ms - ran_ms > JUMP_MS:
            return "時計が急に進みました。時刻を確かめてください"
    return ""
