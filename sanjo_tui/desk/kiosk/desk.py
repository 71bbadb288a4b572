"""KioskDesk: 証明書交付."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class KioskDesk(ServiceDesk):
    """証明書交付; see Desk for threads and errors."""

    NAME = "kiosk"
