"""Readers and bar-code scanners that type: telling a burst from a person, and a code's meaning by profile.

A burst is a code when it has 8 characters or more, the median of its gaps is below 25 ms, no gap is above 60 ms, and
Enter, LF or Tab follows within 100 ms (docs/cards.md §5; scanners: 1 to 16 ms, key repeat 30, people 100). Times are
those of the key events, stamped where keys come in: the clock of a busy application would take a person for a scanner.
A prefix that a profile names, sent by the scanner first, beats timing.

Pure: keys and times go in, outcomes come out. Keys are held at most 60 ms (100 when they are a scanner's by then), so
that a code never lands in a field half-way.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Generic, TypeVar

from sanjo_tui.cards.facts import CardRefused, CardSeen
from sanjo_tui.cards.profiles import Profile
from sanjo_tui.cards.reading import Refused, accept

LEAST = 8
"""Characters of the shortest code without a prefix."""

GAP, MEDIAN, END_WITHIN = 0.060, 0.025, 0.100
"""Seconds: longest gap, median below, and the end mark's delay."""

PREFIXED_GAP = 0.5
"""Seconds between two characters after a prefix, so that a slow line does not break a code."""

HELD_DOWN = 8
"""So many of one character, none faster than a scanner's median, are a key held down: let through from there."""

END_MARKS = ("\r", "\n", "\t")

SOURCE = "キー入力の読取機"
"""`reader` of what was typed by a scanner."""

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Typed(Generic[K]):
    """Keys that are typing after all, oldest first; to be handled as if they came now."""

    keys: tuple[K, ...]


@dataclass(frozen=True, slots=True)
class Code:
    """A code that a scanner typed, in half-width characters, the end mark taken off.

    `whole` is False when it came as fast as a scanner's but no end mark followed.
    """

    text: str
    whole: bool = True


class Burst(Generic[K]):
    """Feed it every key; `K` is whatever the caller calls a key.

    `tick` must be called at `deadline`, from the queue that also brings the keys: else a busy application would give up
    a burst whose rest waits in that queue. `same_within`: the same code again in this time (seconds) is one scan.
    """

    def __init__(self, prefixes: Iterable[str] = (), same_within: float = 2.0) -> None:
        self.know(prefixes, same_within)
        self._run: list[tuple[K, str, float]] = []
        self._repeating = ("", 0.0)
        self._closed = ("", float("-inf"), "")            # last code, when, its end mark

    def know(self, prefixes: Iterable[str], same_within: float) -> None:
        """Other prefixes and another stay from now on; what is held stays held."""
        self._prefixes = tuple(one for one in prefixes if one)
        self._same_within = same_within

    @property
    def deadline(self) -> float | None:
        """Time at which the held keys must be let go; None when none are held."""
        return self._run[-1][2] + self._patience() if self._run else None

    def feed(self, key: K, character: str | None, time: float) -> tuple[Typed[K] | Code, ...]:
        """What is settled by this key; () while it is held or swallowed.

        `character`: what the key types (CR for Enter, LF, HT for Tab); None for keys that type nothing.
        """
        if character in END_MARKS:
            return self._end(key, character, time)
        before = self.tick(time) if self._run and time - self._run[-1][2] > self._gap() else ()
        plain = unicodedata.normalize("NFKC", character or "")
        if not re.fullmatch(r"[!-~]", plain):
            return (*before, *self._release(key))
        held_down, since = self._repeating
        if not self._run and plain == held_down and time - since <= GAP:
            self._repeating = (plain, time)
            return (*before, Typed((key,)))
        self._run.append((key, plain, time))
        if self._is_held_down():
            self._repeating = (plain, time)
            return (*before, *self._release())
        return before

    def tick(self, time: float) -> tuple[Typed[K] | Code, ...]:
        """Lets go of keys whose time is up."""
        deadline = self.deadline
        if deadline is None or (time < deadline and time - self._run[-1][2] <= self._gap()):
            return ()
        if self._is_code() and not self._prefixed():
            text = self._text()
            self._run.clear()
            return (Code(text, whole=False),)
        return self._release()

    def _end(self, key: K, mark: str, time: float) -> tuple[Typed[K] | Code, ...]:
        last, when, closed_by = self._closed
        if not self._run and mark == "\n" and closed_by == "\r" and time - when <= END_WITHIN:
            return ()                                     # CR LF of one scanner
        if not self._is_code() or time - self._run[-1][2] > max(END_WITHIN, self._gap()):
            return (*self.tick(time), *self._release(key))
        text = self._text()
        self._run.clear()
        self._closed = (text, time, mark)
        return () if text == last and time - when <= self._same_within else (Code(text),)

    def _release(self, *more: K) -> tuple[Typed[K], ...]:
        keys = (*(key for key, _, _ in self._run), *more)
        self._run.clear()
        return (Typed(keys),) if keys else ()

    def _text(self) -> str:
        return "".join(character for _, character, _ in self._run)

    def _prefixed(self) -> bool:
        text = self._text()
        return any(text.startswith(one) for one in self._prefixes)

    def _gap(self) -> float:
        return PREFIXED_GAP if self._prefixed() else GAP

    def _patience(self) -> float:
        if self._prefixed():
            return PREFIXED_GAP
        return END_WITHIN if self._is_code() else GAP

    def _gaps(self) -> list[float]:
        times = [time for _, _, time in self._run]
        return [after - before for before, after in pairwise(times)]

    def _is_code(self) -> bool:
        if self._prefixed():
            return self._text() not in self._prefixes
        return len(self._run) >= LEAST and median(self._gaps()) < MEDIAN

    def _is_held_down(self) -> bool:
        return (len(self._run) >= HELD_DOWN and len({character for _, character, _ in self._run}) == 1
                and min(self._gaps()) >= MEDIAN and not self._prefixed())


def prefixes(profiles: Iterable[Profile]) -> tuple[str, ...]:
    """What scanners send first, for `Burst`."""
    return tuple(one.prefix for one in profiles if one.kind == "wedge" and one.prefix)


def recognise(profiles: Iterable[Profile], text: str) -> CardSeen | CardRefused | None:
    """What a code means: a token, a refusal (the right form, a wrong check digit), or None when no profile knows it.

    None is no fault: a code may be a search. Behind a profile's prefix everything that is wrong is a refusal. Neither
    tells a digit of what was read: it might be a 個人番号, which only a pattern of just that length takes.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    refused: CardRefused | None = None
    for profile in profiles:
        if profile.kind != "wedge" or not profile.enabled or not plain.startswith(profile.prefix):
            continue
        body = plain.removeprefix(profile.prefix)
        right_length = len(body) == (profile.length or len(body))
        if not profile.prefix and not (right_length and re.fullmatch(profile.pattern or ".*", body)):
            continue
        try:
            if not right_length:
                raise Refused("番号の長さが違います。", "もう一度読み取ってください。", f"{profile.id}: length")
            return CardSeen(SOURCE, profile.id, profile.token, accept(profile, body), profile.assurance)
        except Refused as error:
            refused = refused or CardRefused(SOURCE, str(error), error.code)
    return refused
