"""LibraryDesk: 図書館窓口."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class LibraryDesk(ServiceDesk):
    """図書館窓口; see Desk for threads and errors."""

    NAME = "library"
