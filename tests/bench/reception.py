"""A reception recorded durably, at the desk's own door (without a screen), beside one fsynced commit."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.vault import Vault
from tests.bench.figures import Figure, p50, p99, spread, times
from tests.bench.ground import Ground


def measure(ground: Ground) -> Iterator[Figure]:
    """Look-up by card, and admission of everybody in the household."""
    station = ground.station(ground.town, "reception")
    desk = Desk.open(station, Vault.open(station.vault).unlock(""))
    ids = ground.user_ids(ground.town, ground.repeats(300) + 1)
    looks = []

    def tap(i: int) -> None:
        opened = desk.open_card(CardSeen("bench", "city", "user_id", ids[i], "possession"))
        looks.append(desk.shelter.look(opened))

    try:
        opening = times(len(ids) - 1, tap)
        waiting = [(look, [line.key for line in look.members if line.selectable]) for look in looks[1:]]
        waiting = [(look, chosen) for look, chosen in waiting if chosen]
        admitting = times(len(waiting), lambda i: desk.shelter.admit(*waiting[i]), warm=0)
    finally:
        desk.close()
    commits = _commits(ground)
    yield Figure(name="card to household, without a screen", value=p99(opening), spread=spread(opening),
                 yardstick=p99(commits), yardstick_name="one commit", note="p99, look-up event included")
    yield Figure(name="reception, without a screen", value=p99(admitting), spread=spread(admitting),
                 yardstick=p99(commits), yardstick_name=f"one commit, p50 {p50(commits):.2f}", note="p99, durable")


def _commits(ground: Ground) -> list[float]:
    """One row and fsync each, in plain SQLite on the same disk."""
    connection = sqlite3.connect(ground.folder / "commits.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("CREATE TABLE IF NOT EXISTS t (n INTEGER PRIMARY KEY, body)")
    taken = times(ground.repeats(300), lambda _: connection.execute("INSERT INTO t (body) VALUES (?)", ("x" * 300,)))
    connection.close()
    return taken
