"""What registered operators add to a tap: whether it is permitted, at whose hands, the alarm, the list of operators.

Two stations with the same people are tapped in turns: one with operators, somebody signed on and the alarm on; one
with neither, as a station was before. The event of a look-up is written by both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.receptions.lookups import Alarm
from sanjo_tui.vault import Vault, pins
from sanjo_tui.vault.roles import Operator, Role
from tests.bench.figures import Figure, p50, spread, times
from tests.bench.ground import Ground

PIN = "2468"
STAFF = 20
"""Registered operators: a large shelter's three shifts."""
PAIRS = 200
"""At least so many taps at each: what a commit takes varies by more than what is looked for."""


def measure(ground: Ground) -> Iterator[Figure]:
    """Card to household without a screen, by a clerk; which station comes first alternates."""
    staffed, plain = _desk(ground, staffed=True), _desk(ground, staffed=False)
    with_them, without = list[float](), list[float]()
    pairs = [(staffed, with_them), (plain, without)]
    try:
        for i, user_id in enumerate(ground.user_ids(ground.town, max(PAIRS, ground.repeats(400)), "operators")):
            for desk, taken in pairs[::1 if i % 2 else -1]:
                taken += times(1, lambda _, d=desk, card=user_id: _tap(d, card), warm=0)  # type: ignore[misc]
        with staffed.journal.view() as view:
            assert len(list(view.events(kinds=(Alarm.kind,)))) == (len(with_them) >= staffed.station.alarm_lookups)
    finally:
        staffed.close()
        plain.close()
    del with_them[:2], without[:2]                  # they load what a desk loads once
    yield Figure(name="operators: added to a tap", value=p50(with_them) - p50(without), budget=3,
                 spread=spread(with_them), note=f"difference of the medians; without operators {spread(without)}")


def _tap(desk: Desk, user_id: str) -> None:
    desk.shelter.look(desk.open_card(CardSeen("bench", "city", "user_id", user_id, "possession")))


def _desk(ground: Ground, staffed: bool) -> Desk:
    station = ground.station(ground.town, "staffed" if staffed else "unstaffed")
    keys = Vault.open(station.vault).unlock("")
    if not staffed:
        return Desk.open(replace(station, alarm_lookups=0), keys)
    pin = pins.make(PIN, light=True)
    keys.set_operators([Operator(id=f"J{n:02}", name=f"受付　{n}", role=Role.CLERK, pin_hash=pin)
                        for n in range(1, STAFF + 1)])
    desk = Desk.open(station, keys)
    desk.sign_on("J01", PIN)
    return desk
