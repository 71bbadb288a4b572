"""The words of 図書館窓口 as they are recorded."""

from __future__ import annotations

from enum import StrEnum

SCOPE = "library"
"""Scope of all events of this reception."""


class Mode(StrEnum):
    """Where the desk stands."""

    HALL = "hall"
    LIBRARY = "library"

    @property
    def label(self) -> str:
        """As the screen says it."""
        return {Mode.HALL: "図書番号の発行", Mode.LIBRARY: "貸出と返却"}[self]


class Kind(StrEnum):
    """区分 of a row of the 申請データ一覧."""

    NEW = "new"
    UPDATE = "update"

    @property
    def label(self) -> str:
        """As paper says it."""
        return {Kind.NEW: "新規", Kind.UPDATE: "更新"}[self]


class PatronId(StrEnum):
    """Which number the library's system knows a person by (AA)."""

    LIBRARY_NO = "library_no"
    USER_ID = "user_id"


class ProtectedRow(StrEnum):
    """What the list gives of a protected person. An address never."""

    NUMBER = "number"
    """The number alone; the library asks the person at the first visit."""
    NAME = "name"
    """Number and name."""
    LEFT_OUT = "left_out"
    """No row at all."""


class Standing(StrEnum):
    """Where a 図書番号 or a binding stands."""

    KNOWN = "known"
    """An older card's number, not confirmed at the hall yet."""
    ISSUED = "issued"
    BOUND = "bound"
    SUSPENDED = "suspended"
    RELEASED = "released"
    """Another card took its place."""
