"""A search from Enter to the painted list of hits, in the large register."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path

from tests.bench import desk
from tests.bench.figures import Figure, p50, p99, spread, times
from tests.bench.ground import Ground
from tests.bench.loading import load_plain

QUERIES = {"kana prefix": "name_kana", "kanji": "name", "birth date": "birth_date"}
"""What is typed, and the column that the yardstick asks."""


def measure(ground: Ground) -> Iterator[Figure]:
    """Each kind of query on the screen, beside the same question to plain SQLite with an index."""
    station = ground.station(ground.large)
    people = ground.residents(ground.large, ground.repeats(50))
    plain = _plain(ground)
    with desk.desk_on(station, desk.Notes(ground.folder / "notes-search")) as terminal:
        terminal.painted(desk.idle)
        for kind, column in QUERIES.items():
            asked = [_query(kind, person[column]) for person in people]
            taken = []
            for text in asked:
                terminal.send(text)
                terminal.settle()
                start = terminal.send("\r")
                taken.append((terminal.painted(partial(_answered, query=text)) - start) * 1e3)
                desk.back(terminal)
            with closing(sqlite3.connect(plain)) as connection:
                raw = times(len(asked), lambda i, c=connection, col=column, texts=asked, k=kind: _ask(  # type: ignore[misc]
                    c, col, k, texts[i]))
            yield Figure(name=f"search by {kind}, {ground.large:,}", value=p99(taken), budget=50, yardstick=p99(raw),
                         yardstick_name=f"raw SQL, p50 {p50(raw):.2f}", spread=spread(taken), note="p99")


def _query(kind: str, value: str) -> str:
    if kind == "kana prefix":
        family, _, given = value.partition("　")
        return (family + given)[:max(4, len(family))]
    return value.replace("　", "") if kind == "kanji" else value.replace("-", "")


def _answered(text: str, query: str) -> bool:
    return desk.hits(text, query) or desk.household(text)


def _plain(ground: Ground) -> Path:
    folder = ground.folder / "plain"
    folder.mkdir(exist_ok=True)
    path = load_plain(ground.snapshot(ground.large), folder)
    with closing(sqlite3.connect(path)) as connection:
        for column in QUERIES.values():
            connection.execute(f"CREATE INDEX by_{column} ON resident({column})")
        connection.commit()
    return path


def _ask(connection: sqlite3.Connection, column: str, kind: str, text: str) -> list[object]:
    """Fifty rows whose column begins with the text; dates are asked as they stand in the file."""
    start = f"{text[:4]}-{text[4:6]}-{text[6:]}" if kind == "birth date" else text
    return connection.execute(f"SELECT * FROM resident WHERE {column} >= ? AND {column} < ? LIMIT 50",
                              (start, start + "\U0010ffff")).fetchall()
