"""How each state looks, at 80x24 and 120x36; every line fits, and no text uses a symbol of ambiguous width.

Renew the pictures with `pytest tests/screens/test_pictures.py --snapshot-update` after looking at them.
"""

from __future__ import annotations

import unicodedata

import pytest
from rich.cells import cell_len
from textual.pilot import Pilot

from tests.screens.states import FIRST, STATES

LARGE = ("idle", "household", "recorded-remaining", "twelve", "hits", "provisional", "papers", "report", "unlock",
         "home", "not-open", "help", "stop", "undo", "unknown-card", "tasks", "waiting", "unconfirmed", "register",
         "notes", "cards", "polling-idle", "polling-voter", "polling-reason", "polling-recorded", "polling-day",
         "polling-voted", "polling-namesakes")


def ambiguous(text: str) -> set[str]:
    """Symbols that some terminals draw one cell wide and some two; the dividing line can be switched to ASCII."""
    return {c for c in text if unicodedata.east_asian_width(c) == "A" and c != "─"}


@pytest.mark.parametrize(("name", "size"), [*((n, (80, 24)) for n in STATES), *((n, (120, 36)) for n in LARGE)],
                         ids=lambda part: part if isinstance(part, str) else "x".join(map(str, part)))
def test_the_picture(snap_compare, stage, name, size):
    wanted, steps = STATES[name]
    s = stage(**wanted)

    async def play(pilot: Pilot[int]) -> None:
        s.pilot = pilot
        await s.until(FIRST.get(name, "検索"))
        await s.settle()
        await steps(s)
        await s.settle()
        lines = s.text().split("\n")
        assert [cell_len(line) for line in lines] == [size[0]] * size[1]
        helped = s.screen.panel.help if name not in FIRST else ""
        assert not ambiguous("".join(lines) + helped)

    assert snap_compare(s.app, terminal_size=size, run_before=play)
