"""How attendance looks: the wall at 80 x 24 and larger, idle, after a tap and after one that was none; the staff."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from sanjo_tui.desk.attendance.tapping import Tapped
from sanjo_tui.receptions.attendance.words import Kind
from screens import attendance_wall
from screens.attendance_wall import Punched, Refused
from tests.screens.test_pictures import ambiguous

SAID = {"idle": "カードをかざしてください", "in": "記録しました", "again": "再開", "double": "二 重 打 刻",
        "forgotten": "前の退勤がありません", "staff": "F6"}
SIZES = [("idle", (80, 24)), ("idle", (120, 36)), ("in", (80, 24)), ("in", (120, 36)), ("again", (80, 24)),
         ("double", (80, 24)), ("forgotten", (80, 24)), ("staff", (80, 24))]


@pytest.mark.parametrize(("state", "size"), SIZES, ids=[f"{state}-{size[0]}x{size[1]}" for state, size in SIZES])
def test_the_attendance_picture(stage, snap_compare, monkeypatch, state, size):
    monkeypatch.setattr(attendance_wall, "SHOWN", 600.0)
    monkeypatch.setattr(attendance_wall, "CHOSEN", 600.0)
    one = stage(service="attendance")

    def tapped(kind: Kind, note: str = "") -> Tapped:
        return Tapped(member=one.desk.attendance.member("1001"), punch=kind, at="08:25", note=note)

    async def run(pilot):
        one.pilot = pilot
        await one.until("職員R")
        screen = one.screen
        if state == "staff":
            await one.press("f2")
        else:
            await one.press("1")                    # the clock's own choice would differ by the hour
        forgotten = "前の退勤がありません。人事担当に申し出てください"
        shown = {"in": lambda: Punched(screen, tapped(Kind.IN)),
                 "again": lambda: Punched(screen, tapped(Kind.BREAK_IN)),
                 "forgotten": lambda: Punched(screen, tapped(Kind.IN, forgotten)),
                 "double": lambda: Refused(screen, "二重打刻", "前の打刻を受け付けています")}
        if state in shown:
            screen.show(shown[state]())
            screen.paint()
        await one.settle()
        await one.until(SAID[state])
        lines = one.text().split("\n")
        assert [cell_len(line) for line in lines] == [size[0]] * size[1]
        assert not ambiguous("".join(lines) + screen.panel.help)

    assert snap_compare(one.app, run_before=run, terminal_size=size)
