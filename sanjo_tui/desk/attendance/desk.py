"""AttendanceDesk: 出退勤受付."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class AttendanceDesk(ServiceDesk):
    """出退勤受付; see Desk for threads and errors."""

    NAME = "attendance"
