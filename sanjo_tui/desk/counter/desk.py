"""CounterDesk: 窓口受付."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class CounterDesk(ServiceDesk):
    """窓口受付; see Desk for threads and errors."""

    NAME = "counter"
