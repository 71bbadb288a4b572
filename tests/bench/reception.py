"""A reception recorded durably: from Enter to 受付しました on the screen, and at the desk's own door.

The yardstick is one fsynced commit of plain SQLite on the same disk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.vault import Vault
from tests.bench import desk
from tests.bench.figures import Figure, p50, p99, spread, times
from tests.bench.ground import Ground


def measure(ground: Ground) -> Iterator[Figure]:
    """With and without a screen."""
    commits = plain_commits(ground)
    yield _painted(ground, commits)
    yield from _at_the_door(ground, commits)


def _painted(ground: Ground, commits: list[float]) -> Figure:
    """Households by typed user ID, each received by Enter; after that the next tap is taken at once."""
    station, taken = ground.station(ground.town), list[float]()
    with desk.desk_on(station, desk.Notes(ground.folder / "notes-reception")) as terminal:
        terminal.painted(desk.idle)
        for user_id in ground.user_ids(ground.town, ground.repeats(120), "reception"):
            terminal.send(f"{user_id}\r")
            terminal.settle()
            if desk.household(terminal.text()):
                start = terminal.send("\r")
                taken.append((terminal.painted(desk.recorded) - start) * 1e3)
            desk.back(terminal)
    return Figure(name="reception recorded and shown", value=p99(taken), budget=50, spread=spread(taken),
                  yardstick=p99(commits), yardstick_name=f"one commit, p50 {p50(commits):.2f}", note="p99")


def _at_the_door(ground: Ground, commits: list[float]) -> Iterator[Figure]:
    """Look-up by card, and admission of everybody in the household."""
    station = ground.station(ground.town, "reception")
    counter = Desk.open(station, Vault.open(station.vault).unlock(""))
    ids = ground.user_ids(ground.town, ground.repeats(300) + 1, "reception")
    looks = []

    def tap(i: int) -> None:
        opened = counter.open_card(CardSeen("bench", "city", "user_id", ids[i], "possession"))
        looks.append(counter.shelter.look(opened))

    try:
        opening = times(len(ids) - 1, tap)
        waiting = [(look, [line.key for line in look.members if line.selectable]) for look in looks[1:]]
        waiting = [(look, chosen) for look, chosen in waiting if chosen]
        admitting = times(len(waiting), lambda i: counter.shelter.admit(*waiting[i]), warm=0)
    finally:
        counter.close()
    yield Figure(name="card to household, without a screen", value=p99(opening), spread=spread(opening),
                 yardstick=p99(commits), yardstick_name="one commit", note="p99, look-up event included")
    yield Figure(name="reception, without a screen", value=p99(admitting), spread=spread(admitting),
                 yardstick=p99(commits), yardstick_name=f"one commit, p50 {p50(commits):.2f}", note="p99, durable")


def plain_commits(ground: Ground) -> list[float]:
    """One row and fsync each, in plain SQLite on the same disk."""
    connection = sqlite3.connect(ground.folder / "commits.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, body)")
    taken = times(ground.repeats(300), lambda _: connection.execute("INSERT INTO t (body) VALUES (?)", ("x" * 300,)))
    connection.close()
    return taken
