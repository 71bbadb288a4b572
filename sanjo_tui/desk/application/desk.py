"""ApplicationDesk: カード申請代行."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class ApplicationDesk(ServiceDesk):
    """カード申請代行; see Desk for threads and errors."""

    NAME = "application"
