"""UseridDesk: 利用者ID発行."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class UseridDesk(ServiceDesk):
    """利用者ID発行; see Desk for threads and errors."""

    NAME = "userid"
