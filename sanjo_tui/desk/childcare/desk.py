"""ChildcareDesk: 子育て支援カード."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class ChildcareDesk(ServiceDesk):
    """子育て支援カード; see Desk for threads and errors."""

    NAME = "childcare"
