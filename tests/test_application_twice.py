"""Seats are never given twice: by any order of bookings, by two desks at once, by two programs on one journal."""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanjo_tui.desk import Desk
from sanjo_tui.errors import SanjoError
from sanjo_tui.receptions.application.words import Channel
from tests.application_ground import TODAY, application, on

SLOTS = ("2026-12-01T10:00", "2026-12-01T10:30", "2026-12-02T09:00")


def people(desk: Desk, count: int) -> list[str]:
    assert desk.register is not None
    return [one.addressee_no for one in desk.register.everyone() if one.living and not one.protected][:count]


def seats(desk: Desk) -> Counter[tuple[str, str]]:
    """How many open bookings each slot has; no seat number stands twice."""
    with desk.journal.view() as view:
        open_ones = [one for one in desk.application.applications(view) if one.is_open]
    assert len({one.seat_key for one in open_ones}) == len(open_ones)
    assert len({one.applicant_no for one in open_ones}) == len(open_ones)
    return Counter((one.place, one.slot) for one in open_ones)


@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(st.sampled_from(["book", "move", "cancel", "undo"]), st.integers(0, 6),
                          st.sampled_from(SLOTS)), max_size=25))
def test_no_order_of_acts_overbooks_a_slot(acts: list[tuple[str, int, str]]) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        on(patch, TODAY)
        desk = application(Path(folder) / "home")
        try:
            who = people(desk, 7)
            for act, n, slot in acts:
                _tried(desk, act, who[n], slot)
                assert max(seats(desk).values(), default=0) <= 2
        finally:
            desk.close()


def _tried(desk: Desk, act: str, person: str, slot: str) -> None:
    with desk.journal.view() as view:
        now = desk.application.open_of(view, person)
    try:
        if act == "book":
            desk.application.book(person, "hall", slot, Channel.PHONE)
        elif act == "undo":
            latest = desk.application.undoable(1)
            if latest:
                desk.application.undo(latest[0].number, "押しまちがい")
        elif now is not None and act == "move":
            desk.application.move(now.number, "hall", slot)
        elif now is not None:
            desk.application.cancel(now.number, "本人の申出")
    except SanjoError as error:
        assert error.message.endswith("。")


PROGRAM = """
import sys
from pathlib import Path
import pytest
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.application.words import Channel
from tests.application_ground import TODAY, application, on
from tests.test_application_twice import SLOTS, people

patch = pytest.MonkeyPatch()
on(patch, TODAY)
desk = application(Path(sys.argv[1]), operator=sys.argv[2])
mine = people(desk, 24)[int(sys.argv[3])::2]
print("ready", flush=True)
sys.stdin.readline()
booked = full = 0
for person in mine:
    for slot in SLOTS:
        try:
            desk.application.book(person, "hall", slot, Channel.PHONE)
            booked += 1
            break
        except RuleError:
            full += 1
desk.close()
print(booked, full, flush=True)
"""


def test_two_programs_on_one_journal_fill_each_slot_exactly(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, TODAY)
    application(tmp_path / "home").close()
    desks = [subprocess.Popen([sys.executable, "-c", PROGRAM, str(tmp_path / "home"), name, str(n)], text=True,
                              stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parent.parent)
             for n, name in enumerate(("op1", "op2"))]
    for one in desks:
        assert one.stdout is not None and one.stdout.readline() == "ready\n"
    for one in desks:
        assert one.stdin is not None
        one.stdin.write("go\n")
        one.stdin.flush()
    counts = [tuple(map(int, one.communicate(timeout=60)[0].split())) for one in desks]
    desk = application(tmp_path / "home")
    assert sum(booked for booked, _ in counts) == 6 and set(seats(desk).values()) == {2}
    assert {one.at for one in desk.application.day("hall", dt.date(2026, 12, 1)) if one.taken} == set(SLOTS[:2])
    desk.close()
