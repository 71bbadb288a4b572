"""Doors without a line between them: their journals taken in in any order, some of them again, come to one state."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanjo_tui.desk import Desk
from sanjo_tui.desk.merging import take_in
from sanjo_tui.journal import exports
from sanjo_tui.receptions.attendance.state import SHEETS
from sanjo_tui.receptions.attendance.words import Kind, month_scope
from tests import desk as desks
from tests.attendance_ground import IKARASHI, SATO, card

DOORS = ("DOOR1", "DOOR2", "DOOR3")
FIRST = dt.datetime(2026, 9, 28, 4, 0)

ACTS = st.lists(st.tuples(st.sampled_from(DOORS), st.sampled_from((SATO, IKARASHI)), st.integers(0, 6 * 86400),
                          st.sampled_from(list(Kind)), st.sampled_from(("tap", "tap", "ask", "approve", "reject"))),
                min_size=4, max_size=16)


def station(home: Path, code: str) -> Desk:
    made = desks.desk(home, receptions=["attendance"], code=code)
    made.attendance.begin_practice()
    return made


def act(desk: Desk, who: str, at: dt.datetime, kind: Kind, what: str, asked: list[str]) -> None:
    """One act at a door; a decision is of the door's own oldest request."""
    if what == "tap":
        desk.attendance.punch(card(who), kind, at)
    elif what == "ask":
        number = desk.attendance.staff.by_user_id[who]
        asked.append(desk.attendance.request(number, at=at.isoformat(timespec="minutes"), punch=kind,
                                             reason="打刻忘れ").recorded[0].number)
    elif asked:
        desk.attendance.decide(asked.pop(0), approved=what == "approve")


def state_of(desk: Desk) -> list[Any]:
    """Sheets and the days that follow from them."""
    with desk.journal.view() as view:
        sheets = [sheet for month in ("2026-09", "2026-10") for sheet in view.records(SHEETS, month_scope(month))]
        return [*sheets, desk.attendance.everybody(view, "2026-09"), desk.attendance.everybody(view, "2026-10")]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ACTS, st.permutations(DOORS), st.permutations(DOORS))
def test_any_order_and_repetition_give_the_same_sheets_and_days(acts: list[Any], one: list[str],
                                                                other: list[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="sanjo-test-") as folder:
        place = Path(folder)
        files = {}
        for code in DOORS:
            door, asked = station(place / code, code), list[str]()
            for of, who, seconds, kind, what in acts:
                if of == code:
                    act(door, who, FIRST + dt.timedelta(seconds=seconds), kind, what, asked)
            (files[code],) = [file.path for file in exports.write(door.journal, place / f"usb-{code}")]
            door.close()
        states = []
        for name, order in (("a", one), ("b", [*other, other[0]])):
            centre = station(place / name, "HQ")
            for code in order:
                take_in(centre, files[code], "")
            centre.journal.verify()
            state = state_of(centre)
            centre.journal.rebuild()
            assert state_of(centre) == state
            states.append(state)
            centre.close()
        assert states[0] == states[1]
