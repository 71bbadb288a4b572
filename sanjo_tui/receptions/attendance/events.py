"""What can happen in 出退勤. Subject is the 職員番号, scope the month of the punch; a punch is never changed.

A correction is two new events: what somebody asks for, and what somebody else decides (docs/attendance.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.attendance.words import SCOPE, Kind, Source

TOKEN = "attendance.token"
"""Claim scope of other cards of staff, as keyed hashes: one card is one person's."""
DECISION = "attendance.decision"
"""Claim scope of requests: each is decided once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Punched(Event):
    """打刻, to the second: `punched_at` local time `YYYY-MM-DDTHH:MM:SS`. `by_key`: the person chose the kind."""

    kind: ClassVar[str] = "attendance.punched"
    punched_at: str
    punch: Kind
    source: Source = Source.CARD
    building: str = ""
    station_id: str = ""
    user_id: str = ""
    by_key: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionRequested(Event):
    """訂正の申請. `corrects`: number of a punch, "" where one is missing; `punched_at` "" takes it out.

    `before`: what stood there, in words; `requested_by` a 職員番号 or an operator; `entered_by` who typed it.
    """

    kind: ClassVar[str] = "attendance.requested"
    corrects: str
    punched_at: str
    punch: Kind
    before: str
    reason: str
    requested_by: str
    entered_by: str = ""
    source: Source = Source.REQUEST


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionDecided(Event):
    """承認 or 却下 of the request with this number, by somebody else than who asked."""

    kind: ClassVar[str] = "attendance.decided"
    request: str
    approved: bool
    approved_by: str
    approved_at: str
    reason: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """A request is decided once."""
        return (Claim(DECISION, self.request),)


@dataclass(frozen=True, slots=True, kw_only=True)
class GapExplained(Event):
    """Why presence and ordered overtime of a day differ. `work_date` ISO."""

    kind: ClassVar[str] = "attendance.explained"
    work_date: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthLocked(Event):
    """月の締め, or its lifting. Subject: `2026-11`."""

    kind: ClassVar[str] = "attendance.locked"
    scope: str = SCOPE
    locked: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBound(Event):
    """Another card of a member of staff. Subject: its keyed hash; the card's number is never kept."""

    kind: ClassVar[str] = "attendance.bound"
    scope: str = SCOPE
    staff_no: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One card, one person."""
        return (Claim(TOKEN, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardUnbound(Event):
    """Returned or lost."""

    kind: ClassVar[str] = "attendance.unbound"
    scope: str = SCOPE
    reason: str

    @property
    def releases(self) -> tuple[Claim, ...]:
        """It may be given to somebody else."""
        return (Claim(TOKEN, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class DataLoaded(Event):
    """Staff or set-up were loaded."""

    kind: ClassVar[str] = "attendance.loaded"
    sha256: str
    what: str
