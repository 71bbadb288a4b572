"""Every role with every act of 出退勤 and every verb of its command, run for real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.desk.attendance.desk import AttendanceDesk
from sanjo_tui.desk.signing import as_who
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.attendance.words import Kind
from sanjo_tui.vault.roles import Permission
from tests.attendance_ground import SAMPLE, card, staff_folder
from tests.operators_ground import OPERATORS, PIN
from tests.service_permissions import Line, ServicePermissions

MONTH = "2026-10"
OTHER = "9999999999994"


@dataclass(frozen=True, slots=True)
class Kept:
    """Number of a request that waits, a later staff list."""

    request: str
    staff: Path

class TestAttendance(ServicePermissions):
    SERVICE = "attendance"
    KIND = AttendanceDesk
    ACTS: ClassVar[dict[str, tuple[Permission, Any]]] = {
        "load": (Permission.DATA, lambda desk, kept: desk.attendance.load(SAMPLE)),
        "load_staff": (Permission.DATA, lambda desk, kept: desk.attendance.load_staff(kept.staff, yes=True)),
        "who": (Permission.PUNCH, lambda desk, kept: desk.attendance.who(card())),
        "punch": (Permission.PUNCH, lambda desk, kept: desk.attendance.punch(card())),
        "bind_card": (Permission.LIST, lambda desk, kept: desk.attendance.bind_card("1002", card("8888888888886"))),
        "unbind_card": (Permission.LIST, lambda desk, kept: desk.attendance.unbind_card(card(OTHER), "返却")),
        "request": (Permission.RECEIVE, lambda desk, kept: desk.attendance.request(
            "1001", at="2026-10-02T08:25", punch=Kind.IN, reason="打刻忘れ")),
        "decide": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.decide(kept.request, approved=True)),
        "explain": (Permission.RECEIVE, lambda desk, kept: desk.attendance.explain(
            "1001", desk.today(), "自己研さん")),
        "lock": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.lock("2026-09")),
        "present": (Permission.LIST, lambda desk, kept: desk.attendance.present()),
        "questions": (Permission.LIST, lambda desk, kept: desk.attendance.questions()),
        "punched": (Permission.LIST, lambda desk, kept: desk.attendance.punched("1001")),
        "month": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.month("1001", MONTH)),
        "totals": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.totals(MONTH)),
        "limits": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.limits(MONTH)),
        "gaps": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.gaps(MONTH)),
        "rests": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.rests(MONTH)),
        "nights": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.nights(MONTH)),
        "punches_csv": (Permission.EXPORT, lambda desk, kept: desk.attendance.punches_csv(MONTH)),
        "pay_csv": (Permission.EXPORT, lambda desk, kept: desk.attendance.pay_csv(MONTH)),
        "print present": (Permission.LIST, lambda desk, kept: desk.attendance.print("attendance.present")),
        "paper limits": (Permission.PERSONNEL, lambda desk, kept: desk.attendance.paper("attendance.limits")),
        "undoable": (Permission.UNDO_OWN, lambda desk, kept: desk.attendance.undoable()),
        "undo": (Permission.UNDO_OWN, lambda desk, kept: desk.attendance.undo(
            desk.attendance.undoable()[0].number, "押しまちがい")),
    }
    FREE = frozenset({
        "setup", "ready", "staff", "unfit", "member", "key_of", "shift_on", "sheet", "month_now", "is_locked",
        "punches", "days_of", "everybody", "requests_of", "waiting", "state_of", "mode", "counts", "this_month"})
    """Set-up, and what is reckoned for the acts above within the desk."""
    LINES = (
        Line("attendance load {fixtures}/attendance/attendance.toml", (Permission.DATA,)),
        Line("attendance status", (Permission.LIST,)),
        *(Line(f"attendance {verb}", (Permission.LIST, Permission.CLEAR_FILE)) for verb in ("present", "questions")),
        Line("attendance month --staff 1001", (Permission.PERSONNEL, Permission.CLEAR_FILE)),
        *(Line(f"attendance {verb}", (Permission.PERSONNEL, Permission.CLEAR_FILE))
          for verb in ("limits", "gaps", "nights", "rests")),
        Line("attendance punches --month 2026-10", (Permission.EXPORT, Permission.CLEAR_FILE)),
        Line("attendance pay --month 2026-10", (Permission.EXPORT, Permission.PERSONNEL, Permission.CLEAR_FILE)),
        Line("attendance lock 2026-09", (Permission.PERSONNEL,)),
        Line("attendance unlock 2026-09", (Permission.PERSONNEL,)),
    )
    NO_DESK = frozenset({"attendance check"})

    def test_only_a_terminal_is_gone_back_to_without_a_pin(self, tmp_path: Path) -> None:
        desk = self._desk(tmp_path / "home")
        desk.keys.set_operators(OPERATORS)
        terminal, clerk = (as_who(next(one for one in OPERATORS if one.id == no)) for no in ("T01", "J01"))
        desk.sign_on("K01", PIN)
        with pytest.raises(RuleError, match="打刻端末"):
            desk.back_to_terminal(clerk)
        assert desk.operator == "K01"
        desk.back_to_terminal(terminal)
        assert desk.operator == "T01" and not desk.may(Permission.LIST)

    @staticmethod
    def prepare(desk: Desk) -> Kept:
        desk.attendance.begin_practice()
        desk.attendance.bind_card("1004", card(OTHER))
        receipt = desk.attendance.request("1001", at="2026-10-01T08:25", punch=Kind.IN, reason="打刻忘れ",
                                          requested_by="1001")
        with desk.journal.view() as view:
            asked = desk.attendance.waiting(view, MONTH)
        assert receipt.message and len(asked) == 1
        home = desk.station.home
        return Kept(request=asked[0][1].number, staff=staff_folder(home.parent / "staff", 5))
