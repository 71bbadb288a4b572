"""The words of 出退勤 as they are recorded; `label` is what screen and paper say (docs/attendance.md)."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

SCOPE = "attendance"


class Kind(StrEnum):
    """What a punch says."""

    IN = "in"
    OUT = "out"
    BREAK_OUT = "break_out"
    BREAK_IN = "break_in"
    OUTING = "outing"
    RETURN = "return"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Kind.IN: "出勤", Kind.OUT: "退勤", Kind.BREAK_OUT: "休憩", Kind.BREAK_IN: "休憩終わり",
                Kind.OUTING: "外出", Kind.RETURN: "戻り"}[self]


class Source(StrEnum):
    """How a punch came to be."""

    CARD = "card"
    REQUEST = "request"
    ADMIN = "admin_correction"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Source.CARD: "カード", Source.REQUEST: "本人の申出", Source.ADMIN: "人事の訂正"}[self]


class DayState(StrEnum):
    """Where the pair of a day stands."""

    OPEN = "open"
    CLOSED = "closed"
    NEEDS_REVIEW = "needs_review"
    REQUESTED = "requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    LOCKED = "locked"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {DayState.OPEN: "在庁", DayState.CLOSED: "退勤済", DayState.NEEDS_REVIEW: "要確認",
                DayState.REQUESTED: "訂正申請", DayState.APPROVED: "訂正承認", DayState.REJECTED: "訂正却下",
                DayState.LOCKED: "締め済"}[self]


class Question(StrEnum):
    """Why a day is 要確認. Nothing is invented for any of them."""

    NO_OUT = "no_out"
    NO_IN = "no_in"
    NO_RETURN = "no_return"
    ODD_ORDER = "odd_order"
    TOO_LONG = "too_long"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {Question.NO_OUT: "退勤がない", Question.NO_IN: "出勤がない", Question.NO_RETURN: "戻りがない",
                Question.ODD_ORDER: "打刻の順が合わない", Question.TOO_LONG: "日をまたいで長い"}[self]


class ShiftKind(StrEnum):
    """What a day is for somebody."""

    WORK = "work"
    NIGHT = "night"
    REST = "rest"
    HOLIDAY = "holiday"

    @property
    def off(self) -> bool:
        """週休 or 休日: work on it is 休日勤務."""
        return self in (ShiftKind.REST, ShiftKind.HOLIDAY)


def month_scope(month: str) -> str:
    """Scope of a month's punches: `attendance.2026-11`."""
    return f"{SCOPE}.{month}"


def month_of(moment: dt.datetime, boundary: int) -> str:
    """The month under which a punch is kept: that of its day, which begins at `boundary` minutes after midnight."""
    return (moment - dt.timedelta(minutes=boundary)).strftime("%Y-%m")
