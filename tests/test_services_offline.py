"""A reception of the hall opens no connection: everything that it needs lies on the laptop."""

from __future__ import annotations

import socket
from pathlib import Path
from typing import Any

import pytest

from tests import attendance_ground as attendance
from tests import test_counter_desk as counter
from tests import test_kiosk_desk as kiosk


@pytest.fixture(autouse=True)
def no_line(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for a connection fails."""

    def refuse(self: socket.socket, address: Any) -> None:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            raise AssertionError(f"a connection to {address}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)


def test_the_counter_opens_no_connection(tmp_path: Path) -> None:
    desk = counter.desks.desk(tmp_path / "home", receptions=("counter",))
    counter.snapshot.load(counter.fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys,
                          lg_code="999997")
    desk.refresh_register()
    desk.counter.begin_practice()
    look = counter.look_at(desk)
    number = desk.counter.receive(look, counter.wanted(desk, look, "tennyu")).reception_no
    for form in ("counter.sheet", "counter.application", "counter.guide"):
        assert desk.counter.paper(form, reception_no=number).pdf().pages
    desk.close()


def test_the_kiosk_opens_no_connection(tmp_path: Path) -> None:
    desk = kiosk.open_desk(tmp_path / "home")
    number = kiosk.issued(desk)
    assert desk.kiosk.paper("kiosk.request", issue_no=number).pdf().pages
    desk.close()


def test_the_attendance_opens_no_connection(tmp_path: Path) -> None:
    desk = counter.desks.desk(tmp_path / "home", receptions=("attendance",))
    desk.attendance.begin_practice()
    assert not desk.attendance.punch(attendance.card()).double
    assert desk.attendance.paper("attendance.month", staff_no="1001").pdf().pages      # holidays are reckoned here
    desk.close()
