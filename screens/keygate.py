"""The gate before all screens: a scanner's burst never reaches a field half-way (engineering of keyboard wedges).

Characters that could be a scan are held for 60 ms. Followed by more of them and an end mark they are one code; else
they are passed on, in order, as what they are: typing. Only `event.time` counts, which is stamped in the input
thread, so that a busy application never mistakes a person for a scanner.
"""

from __future__ import annotations

from statistics import median

from textual.events import Key

HOLD = 0.060
"""Seconds that a character is held; also the longest gap within a scan."""

LEAST = 8
"""Characters of the shortest scan."""

MEDIAN = 0.025
"""Half of the gaps of a scan are shorter than this (seconds)."""

END_WITHIN = 0.100
"""Seconds from the last character to the end mark."""

END_MARKS = ("enter", "tab", "ctrl+j", "ctrl+m")


class KeyGate:
    """Feed it every key; it says which to pass on now and whether they were a scan."""

    def __init__(self) -> None:
        self._held: list[Key] = []

    def feed(self, event: Key) -> tuple[list[Key], str]:
        """Keys to deliver now, and the code of a finished scan (or "")."""
        if self._held and event.key in END_MARKS and event.time - self._held[-1].time <= END_WITHIN and self._fast():
            code = "".join(key.character or "" for key in self._held)
            self._held.clear()
            return [], code
        if not _may_be_scanned(event):
            return [*self._take(), event], ""
        before = self._take() if self._held and event.time - self._held[-1].time > HOLD else []
        self._held.append(event)
        return before, ""

    def release(self, now: float) -> tuple[list[Key], bool]:
        """Keys whose time is up, and whether they came as fast as a scanner's (a scan without its end mark)."""
        wait = END_WITHIN if self._fast() else HOLD
        if not self._held or now - self._held[-1].time < wait:
            return [], False
        fast = self._fast()
        return self._take(), fast

    @property
    def holding(self) -> bool:
        """Something waits for its time."""
        return bool(self._held)

    def _fast(self) -> bool:
        if len(self._held) < LEAST:
            return False
        gaps = [b.time - a.time for a, b in zip(self._held, self._held[1:], strict=False)]
        return median(gaps) < MEDIAN and max(gaps) <= HOLD

    def _take(self) -> list[Key]:
        held, self._held = self._held, []
        return held


def _may_be_scanned(event: Key) -> bool:
    character = event.character or ""
    return len(character) == 1 and "!" <= character <= "~"
