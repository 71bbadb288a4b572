"""CertificateDesk: 罹災証明受付."""

from __future__ import annotations

from sanjo_tui.desk.service import ServiceDesk


class CertificateDesk(ServiceDesk):
    """罹災証明受付; see Desk for threads and errors."""

    NAME = "certificate"
