"""For somebody who learns at the real screens: cards come onto the built-in reader at a rate; then, how it went."""

from __future__ import annotations

import csv
import datetime as dt
import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from sanjo_tui.cards import virtual
from sanjo_tui.desk import Desk
from sanjo_tui.errors import CardError
from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.lookups import LookedUp
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.state import VOTERS, Voter
from sanjo_tui.receptions.polling.words import Code, Via
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST

COME_AGAIN = 0.12
"""Share of cards that lay on the reader before."""

FULL = 2.0
"""Seconds until a reader with a long queue is tried again."""

NOT_YET = 0.5
"""Seconds between two looks for screens that are not open yet."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """How it went. `waited`: seconds from card to record opened; `served`: from there to 受付しました; sorted."""

    laid: int
    opened: int
    received: int
    stops: dict[str, int]
    waited: tuple[float, ...]
    served: tuple[float, ...]


class Queue(threading.Thread):
    """Lays cards of the sample roll into the inbox until `leave`, or until all have been laid."""

    def __init__(self, inbox: Path, voters: int, rate: float, seed: int) -> None:
        super().__init__(name="queue of a drill", daemon=True)
        self._inbox, self._left = inbox, threading.Event()
        draw = random.Random(f"polling trainee {seed}")
        self._plan = list(_plan(draw, voters, rate))
        self.laid: list[tuple[str, float]] = []
        """User ID and wall clock (seconds) of each card that the reader took."""

    def run(self) -> None:
        """The times are between two cards; the first comes as soon as a screen is there."""
        while not (self._inbox / virtual.OPEN).exists():
            if self._left.wait(NOT_YET):
                return
        for pause, card in self._plan:
            if self._left.wait(pause):
                return
            at = time.time()
            while not self._lay(card):
                if self._left.wait(FULL):
                    return
            self.laid.append((card, at))

    def leave(self) -> None:
        """The screens were left."""
        self._left.set()
        self.join()

    def _lay(self, card: str) -> bool:
        try:
            virtual.drop(self._inbox, card)
        except CardError:
            return False            # the reader's own queue is full, or the screens are closing
        return True


def _plan(draw: random.Random, voters: int, rate: float) -> Iterator[tuple[float, str]]:
    """Seconds to wait, and the card: everybody once in a drawn order, some again."""
    with (fixtures() / "rolls" / "demo" / "roll.csv").open(encoding="utf-8", newline="") as file:
        cards = [row["user_id"] for row in csv.DictReader(file) if row["user_id"]]
    fresh, came = draw.sample(cards, len(cards)), list[str]()
    for _ in range(voters):
        card = draw.choice(came) if came and (not fresh or draw.random() < COME_AGAIN) else fresh.pop()
        came.append(card)
        yield draw.expovariate(rate / 3600), card


@dataclass(slots=True)
class _Reading:
    """What is known while the journal is read from its beginning."""

    voters: dict[str, Voter | None] = field(default_factory=dict)
    opened_at: dict[str, int] = field(default_factory=dict)
    stops: Counter[str] = field(default_factory=Counter)
    waited: list[float] = field(default_factory=list)
    served: list[float] = field(default_factory=list)
    opened: int = 0


def how_it_went(desk: Desk, after: int, laid: list[tuple[str, float]]) -> Training:
    """Read from the journal, from its event `after` on. Each stop is what the desk had to say at that moment."""
    election, place, _ = desk.polling.loaded()
    waiting: dict[str, list[float]] = {}
    for card, at in laid:
        waiting.setdefault(card, []).append(at)
    read, kinds = _Reading(), {cls.kind for cls in VOTERS.events}
    with desk.journal.view() as view:
        events: list[Recorded] = [r for r in view.events() if r.event.kind in kinds or isinstance(r.event, LookedUp)]
    for recorded in events:
        event, key, new = recorded.event, recorded.event.subject, recorded.seq > after
        if event.kind in kinds and event.scope == election.id:
            read.voters[key] = VOTERS.apply(read.voters.get(key), recorded)
            if isinstance(event, ev.Received) and new and key in read.opened_at:
                read.served.append((recorded.at_ms - read.opened_at.pop(key)) / 1000)
        elif isinstance(event, LookedUp) and event.reception == "polling" and new:
            read.opened += 1
            elector = desk.polling.elector(key, read.voters.get(key))
            if elector is None:
                read.stops[Code.WARD] += 1
                continue
            read.opened_at[key] = recorded.at_ms
            if event.via == Via.CARD and (at_reader := waiting.get(elector.user_id)):
                read.waited.append(max(0.0, recorded.at_ms / 1000 - at_reader.pop(0)))
            here = rules.Here.at(place, dt.datetime.fromtimestamp(recorded.at_ms / 1000, JST))
            examined = rules.examine(elector, read.voters.get(key), election, here, via=Via(event.via))
            if examined.stop is not None:
                read.stops[examined.stop.code] += 1
    return Training(laid=len(laid), opened=read.opened, received=len(read.served),
                    stops={str(code): read.stops[code] for code in sorted(read.stops)},
                    waited=tuple(sorted(read.waited)), served=tuple(sorted(read.served)))
