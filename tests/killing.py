"""A process that works until it is killed, and what it said before: for the kill tests of the hall's desks."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

ROOT = Path(__file__).parent.parent


def killed(module: str, home: Path, chance: random.Random, most: int) -> list[str]:
    """Run `python -m module home` and kill -9 it a moment after one of its first `most` lines; gives all its lines."""
    process = subprocess.Popen([sys.executable, "-m", module, str(home)], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    said = [process.stdout.readline().strip() for _ in range(chance.randrange(1, most))]
    threading.Event().wait(chance.random() * 0.02)             # not a synchronisation: the random moment of the kill
    process.kill()
    said += [line for line in process.stdout.read().split("\n")[:-1] if line]
    process.wait(30)
    assert all(said), "it ended by itself"
    return said
