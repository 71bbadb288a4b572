"""A staff entrance: a tap, durable; who is in; the month report of 800 staff out of two months of punches.

The yardstick of the tap is one synced commit, that of the month the reading of its sheets alone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.attendance import events as ev
from sanjo_tui.receptions.attendance.state import SHEETS
from sanjo_tui.receptions.attendance.words import Kind, month_scope
from tests import desk as desks
from tests.attendance_ground import card, staff_folder, user_id
from tests.bench.figures import Figure, p50, p99, spread, times
from tests.bench.ground import Ground

PEOPLE = 800
MONTH = "2026-10"


def measure(ground: Ground) -> Iterator[Figure]:
    """Three lines."""
    people = 80 if ground.quick else PEOPLE
    desk = desks.desk(ground.folder / "attendance-home", receptions=["attendance"])
    service = desk.attendance
    service.begin_practice()
    service.load_staff(staff_folder(ground.folder / "attendance-staff", people), yes=True)
    for month in (9, 10):
        for day in range(1, 31):
            desk.journal.record("bench", lambda view, on=dt.date(2026, month, day): _day(people, on))
    start = dt.datetime(2026, 11, 24, 8, 20)
    taps = times(min(200, people), lambda n: service.punch(card(user_id(n % people)), at=start + dt.timedelta(
        seconds=3 * max(n, 0))), warm=0)
    yield Figure(name="a tap at the entrance, durable (200 in ten minutes: 3,000 ms each)", value=p99(taps),
                 budget=1000.0, spread=spread(taps))
    present = times(5, lambda _: service.present(dt.datetime(2026, 11, 24, 9, 0)))
    yield Figure(name="who is in", value=p50(present), budget=1000.0, spread=spread(present))
    bare = p50(times(3, lambda _: _read(desk)))
    report = times(3, lambda _: service.totals(MONTH))
    yield Figure(name=f"the month of {people} staff", value=p50(report), budget=2000.0, yardstick=bare,
                 yardstick_name="its sheets read", spread=spread(report))
    desk.close()


def _day(people: int, day: dt.date) -> list[Event]:
    return [ev.Punched(subject=f"S{n:04}", scope=month_scope(f"{day:%Y-%m}"), punch=punch, building="main",
                       punched_at=f"{day}T{clock}:{n % 60:02}", station_id="A1B2C3", user_id=user_id(n))
            for n in range(people) for punch, clock in (
                (Kind.IN, f"08:{n % 30:02}"), (Kind.BREAK_OUT, "12:05"), (Kind.BREAK_IN, "12:50"),
                (Kind.OUT, f"{17 + n % 4}:{15 + n % 40}"))]


def _read(desk: desks.Desk) -> int:
    with desk.journal.view() as view:
        return sum(len(sheet.punches) for sheet in view.records(SHEETS, month_scope(MONTH)))
