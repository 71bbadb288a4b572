"""Processes that work until they are killed, and what they said before: for the kill tests of the desks."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from sanjo_tui.desk import Desk

ROOT = Path(__file__).parent.parent


def kills(module: str, home: Path, opened: Callable[[Path], Desk], *, rounds: int, seed: int, most: int,
          at_once: int = 1) -> Iterator[tuple[Desk, list[str]]]:
    """After every kill: the desk as it is found, `opened`, and all lines that were said so far.

    What is asserted between is the caller's; the whole journal is checked here.
    """
    chance, said = random.Random(seed), list[str]()
    for _ in range(rounds):
        said += _killed(module, home, chance, most, at_once)
        desk = opened(home)
        yield desk, said
        desk.journal.verify()
        desk.close()


def _killed(module: str, home: Path, chance: random.Random, most: int, at_once: int) -> list[str]:
    """Run `python -m module home` and kill -9 it a moment after one of its first `most` lines; gives all its lines."""
    said = []
    working = [subprocess.Popen([sys.executable, "-m", module, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
               for _ in range(at_once)]
    for process in working:
        assert process.stdout is not None
        said += [process.stdout.readline().strip() for _ in range(chance.randrange(1, most))]
    threading.Event().wait(chance.random() * 0.02)             # not a synchronisation: the random moment of the kill
    for process in working:
        process.kill()
        assert process.stdout is not None
        said += [line for line in process.stdout.read().split("\n")[:-1] if line]
        process.wait(30)
    assert all(said), "it ended by itself"
    return said
