"""The words of 利用者ID発行."""

from __future__ import annotations

from enum import StrEnum

SCOPE = "userid"
"""Scope of all its events."""


class Status(StrEnum):
    """Where a number stands."""

    RESERVED = "reserved"
    WRITTEN = "written"
    VERIFIED = "verified"
    LINKED = "linked"
    SUSPENDED = "suspended"
    REVOKED = "revoked"
    ABANDONED = "abandoned"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Status.RESERVED: "予約", Status.WRITTEN: "書込み・読戻し前", Status.VERIFIED: "発行済み",
                Status.LINKED: "発行済み・連携済み", Status.SUSPENDED: "停止中", Status.REVOKED: "同意撤回",
                Status.ABANDONED: "取りやめ"}[self]


IN_USE = (Status.VERIFIED, Status.LINKED)
"""A card with the number opens its holder."""

SERVICE_OF = {"polling": "election"}
"""Reception -> the code of its service in a consent, where it is another word."""


def service_of(reception: str) -> str:
    """The code that a consent must hold for this reception."""
    return SERVICE_OF.get(reception, reception)


def masked(user_id: str) -> str:
    """The last four digits."""
    return "*" * max(0, len(user_id) - 4) + user_id[-4:]
