"""Rows of the 交付台帳 and of the yearly 更新対象一覧, and when a renewal is due. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import Status
from sanjo_tui.wareki import JST, short

LEDGER = ("card_no", "name", "holder_role", "town", "applied_on", "issued_on", "valid_until", "status", "ended_on")
RENEWALS = ("card_no", "name", "holder_role", "town", "children", "needed", "counted_on", "valid_until",
            "next_valid_until", "todo")


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerRow:
    """One card of the 交付台帳. Dates `YYYY-MM-DD` or ""; `town` is "" for protected people."""

    card_no: str
    name: str
    holder_role: str
    town: str
    applied_on: str
    issued_on: str
    valid_until: str
    status: str
    ended_on: str = ""

    @property
    def applied_text(self) -> str:
        """As paper says it."""
        return day_text(self.applied_on)

    @property
    def issued_text(self) -> str:
        """As paper says it."""
        return day_text(self.issued_on)

    @property
    def valid_text(self) -> str:
        """As paper says it."""
        return day_text(self.valid_until)

    @property
    def signed_text(self) -> str:
        """済 where it was handed over; else the box is for the signature."""
        return "済" if self.issued_on else "－" if self.ended_on else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RenewalRow:
    """One card of the 更新対象一覧. `children`: how many count on the first day of the renewal, by the register."""

    card_no: str
    name: str
    holder_role: str
    town: str
    children: int
    needed: int
    counted_on: str
    valid_until: str
    next_valid_until: str
    todo: str

    @property
    def counted_text(self) -> str:
        """As paper says it."""
        return day_text(self.counted_on)

    @property
    def valid_text(self) -> str:
        """As paper says it."""
        return day_text(self.valid_until)

    @property
    def next_text(self) -> str:
        """As paper says it."""
        return day_text(self.next_valid_until) or "－"

    @property
    def count_text(self) -> str:
        """3人 of how many are needed."""
        return f"{self.children}人／{self.needed}人"


def day_text(day: str) -> str:
    """R8.11.25, or ""."""
    return short(dt.date.fromisoformat(day)) if day else ""


def day_of(at_ms: int) -> str:
    """The Japanese day of a moment as `YYYY-MM-DD`, "" for none."""
    return dt.datetime.fromtimestamp(at_ms / 1000, JST).date().isoformat() if at_ms else ""


def renewal_day(year: int, month: int) -> dt.date:
    """First day of a year's renewal."""
    return dt.date(year, month, 1)


def renewal_year(today: dt.date, month: int, lead_days: int) -> int:
    """The year whose renewal is on: the last one that has begun, or begins within `lead_days`."""
    return next(year for year in (today.year + 1, today.year, today.year - 1)
                if renewal_day(year, month) - dt.timedelta(days=lead_days) <= today)


def renewal_is_due(card: Card, first: dt.date, lead_days: int) -> bool:
    """Whether a handed card was not counted again for the renewal that begins on `first`."""
    begin = first - dt.timedelta(days=lead_days)
    return card.status is Status.HANDED and day_of(card.counted_ms) < begin.isoformat()


def todo_of(children: int, needed: int, valid_until: str, after: str, first: dt.date, unclear: int) -> str:
    """What somebody must do with a card of the renewal."""
    if unclear:
        return f"子{unclear}人を書類で確かめる"
    if children < needed or not after:
        return "終了の案内、返却"
    if valid_until < first.isoformat():
        return "期限が過ぎる。更新か返却"
    return "更新" if after == valid_until else "更新（最終日が変わる）"
