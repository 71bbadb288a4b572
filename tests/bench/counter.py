"""300 procedures of the counter: checked from their files, opened as they are kept, and found by a part of a name.

The yardstick parses the same files with the standard library alone, without a check.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

from sanjo_tui.desk.counter import store
from sanjo_tui.receptions.counter import rules, setup
from tests.bench.figures import Figure, p50, spread, times
from tests.bench.ground import FIXTURES, Ground

PROCEDURES = 300
BUDGET = 1000.0


def measure(ground: Ground) -> Iterator[Figure]:
    """Three lines; the samples repeated under other codes until there are 300."""
    files = _files()
    bare = p50(times(ground.repeats(20), lambda _: [tomllib.loads(data.decode()) for data in files.values()]))
    found, problems = setup.read(files)
    if found is None:
        raise AssertionError(str(problems[0]))
    home = ground.folder / "counter-home"
    store.store(home, files, found.version)
    for name, work in ((f"{len(found.procedures)} procedures checked", lambda _: setup.read(files)),
                       ("the same opened from the station", lambda _: store.load(home, found.version))):
        taken = times(ground.repeats(20), work)
        yield Figure(name=name, value=p50(taken), budget=BUDGET, yardstick=bare, yardstick_name="tomllib alone",
                     spread=spread(taken))
    words = ("じゅうみん", "証明", "てん", "ほけん", "しょうめい", "犬")
    taken = times(ground.repeats(200), lambda i: rules.find(found, words[i % len(words)]))
    yield Figure(name="a procedure found by a part of its name", value=p50(taken), budget=50.0, spread=spread(taken))


def _files() -> dict[str, bytes]:
    folder = FIXTURES / "counter"
    given = store.files_of(folder)
    samples = {name: data for name, data in given.items() if name.startswith(setup.FOLDER)}
    many = {name: data for name, data in given.items() if name not in samples}
    many |= samples
    turn = 0
    while len(many) < PROCEDURES + 2:
        turn += 1
        for name, data in samples.items():
            code = tomllib.loads(data.decode())["code"]
            if len(many) < PROCEDURES + 2:
                many[name.replace(".toml", f"_{turn}.toml")] = data.replace(
                    f'\ncode = "{code}"'.encode(), f'\ncode = "{code}_{turn}"'.encode(), 1)
    return many
