"""When a station locks by itself, and how the screens let go of it: screens first, then the desk, then the keys."""

from __future__ import annotations

import asyncio
import functools
import gc
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sanjo_tui.cards.facts import CardFact, CardGone, CardSeen, CardTouched, Readers
from screens.desk import DeskScreen
from screens.kept import Kept, give_back, keep
from screens.lock import LockScreen

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from sanjo_tui.station import Station
    from screens.app import SanjoApp

_Cached = functools._lru_cache_wrapper
LOOK = 1.0
"""Seconds between two looks at the clock of a station that locks itself; they send nothing to the terminal."""


def since_start() -> float:
    """Seconds that go on while the laptop sleeps: a closed lid counts as nobody at the desk."""
    clock: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)


class Sentry:
    """Watches the last key or card, and the operator's card."""

    def __init__(self, station: Station, ticks: Callable[[], float] | None = None) -> None:
        self._station, self._ticks = station, ticks or since_start
        self._last = self._ticks()
        self._in_field: set[str] = set()
        self._watched = ""
        self._adopting = False

    def touch(self) -> None:
        """Somebody is there."""
        self._last = self._ticks()

    @property
    def is_due(self) -> bool:
        """Nobody was there for `lock_minutes`."""
        minutes = self._station.lock_minutes
        return minutes > 0 and self._ticks() - self._last >= minutes * 60

    def hears(self, fact: CardFact) -> bool:
        """A fact of the card side; True when it means that the operator's card is gone."""
        match fact:
            case CardTouched(reader) | CardSeen(reader):
                self._in_field.add(reader)
                self.touch()
                if self._adopting:
                    self._adopting, self._watched = False, reader
            case CardGone(reader):
                self._in_field.discard(reader)
            case Readers():
                self._in_field &= set(fact.names)
        return bool(self._watched) and self._watched not in self._in_field

    def owns(self, fact: CardFact) -> bool:
        """It is the operator's own card that lies there and is watched: none of a resident."""
        return isinstance(fact, CardTouched | CardSeen) and bool(self._watched) and fact.reader == self._watched

    def begin(self, by_card: bool) -> None:
        """The station was opened. By a card: the one that lies there, or is told of first, is the operator's."""
        self.touch()
        self._watched, self._adopting = "", False
        if by_card and self._station.lock_on_card_removal:
            self._watched = next(iter(self._in_field)) if len(self._in_field) == 1 else ""
            self._adopting = not self._watched

    def watch(self, seen: CardSeen | None) -> bool:
        """From now on this card's leaving locks the station, where it is set so; False: it has left already."""
        self._adopting = False
        wanted = seen is not None and self._station.lock_on_card_removal
        self._watched = seen.reader if seen is not None and wanted else ""
        return not self._watched or self._watched in self._in_field


async def shut(app: SanjoApp, desk: Desk, why: str) -> Kept | None:
    """Takes everything off the screen, closes the desk and drops the keys; gives what is to be there again."""
    from sanjo_tui.desk.locking import scrub

    front = next((s for s in reversed(app.screen_stack) if isinstance(s, DeskScreen)), None)
    kept = keep(front) if front is not None else None
    del front
    while len(app.screen_stack) > 1:
        await app.pop_screen()
    screen = LockScreen(app.station, app.parts.needs_passphrase(), app.clock)
    await app.push_screen(screen)
    await asyncio.to_thread(app.parts.stop_printing)
    await app.ask(app.parts.close_desk, desk, why)
    del desk
    forget_what_was_seen()
    await asyncio.to_thread(scrub)
    screen.ready()
    return kept


def forget_what_was_seen() -> None:
    """Empties the caches that keep what was painted, folded or searched: names among it, until they overflow."""
    gc.collect()
    for one in gc.get_objects():
        if isinstance(one, _Cached) and one.__module__.partition(".")[0] in ("rich", "textual", "screens", "sanjo_tui"):
            one.cache_clear()
    gc.collect()


async def change(app: SanjoApp, desk: Desk) -> None:
    """操作者交替 without locking: what is open is looked up anew under the new operator."""
    from screens.signon import sign_on

    before = desk.operator
    signed = await sign_on(app, desk, must=False)
    if signed is None:
        return
    who, seen = signed
    for screen in app.screen_stack:
        if isinstance(screen, DeskScreen):
            kept = keep(screen)
            if who.id != before:
                screen.rest()
                screen.waiting.clear()
                give_back(screen, Kept(reception=kept.reception, operator=before, key=kept.key, choices=kept.choices,
                                       waiting=kept.waiting))
            if not kept.key:                    # else the header says it, and the verdict stays in sight
                screen.tell(f"操作者は {who.label} です")
            screen.paint()
    if not app.sentry.watch(seen):
        app.lock("card")
