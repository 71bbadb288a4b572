"""What the events of 出退勤 come to: one sheet a person and month, the cards, the months that are closed.

A sheet only gathers; what a day is follows from all its punches together (rules.py), so that neither the order in
which stations are merged nor a repeated event changes anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.attendance import events as ev
from sanjo_tui.receptions.attendance.words import Kind, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Punch:
    """One punch as it counts. `at` local `YYYY-MM-DDTHH:MM:SS`; `corrects` the punch whose place it takes."""

    at: str
    number: str
    punch: Kind
    source: Source = Source.CARD
    building: str = ""
    station_id: str = ""
    user_id: str = ""
    corrects: str = ""


def in_order(punches: Iterable[Punch]) -> tuple[Punch, ...]:
    """By time; of the same second by number, so that every station has one order."""
    return tuple(sorted(punches, key=lambda one: (one.at, one.number)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A correction that was asked for; `approved` None while nobody decided."""

    number: str
    corrects: str
    at: str
    punch: Kind
    before: str
    reason: str
    requested_by: str
    entered_by: str
    source: Source = Source.REQUEST
    approved: bool | None = None
    approved_by: str = ""
    approved_at: str = ""

    @property
    def waits(self) -> bool:
        """Nobody decided yet."""
        return self.approved is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """Why a day's presence differs from what was ordered."""

    work_date: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All punches of somebody in a month, as they were made, and what was asked and decided about them."""

    staff_no: str
    punches: tuple[Punch, ...] = ()
    requests: tuple[Request, ...] = ()
    explained: tuple[Explained, ...] = ()

    @property
    def counted(self) -> tuple[Punch, ...]:
        """The punches that count: as made, with approved corrections in their places; in the order of time."""
        gone = {one.corrects for one in self.requests if one.approved and one.corrects}
        added = [Punch(at=one.at, number=one.number, punch=one.punch, source=one.source, corrects=one.corrects)
                 for one in self.requests if one.approved and one.at and one.number not in gone]
        return in_order([*(one for one in self.punches if one.number not in gone), *added])

    def reason(self, work_date: str) -> str:
        """The last explanation of a day, or ""."""
        return next((one.reason for one in reversed(self.explained) if one.work_date == work_date), "")


def apply(now: Sheet | None, recorded: Recorded) -> Sheet | None:
    """The sheet after one more event."""
    event = recorded.event
    sheet = now or Sheet(staff_no=event.subject)
    match event:
        case ev.Punched():
            one = Punch(at=event.punched_at, number=recorded.number, punch=event.punch, source=event.source,
                        building=event.building, station_id=event.station_id, user_id=event.user_id)
            return replace(sheet, punches=(*sheet.punches, one))
        case ev.CorrectionRequested():
            asked = Request(number=recorded.number, corrects=event.corrects, at=event.punched_at, punch=event.punch,
                            before=event.before, reason=event.reason, requested_by=event.requested_by,
                            entered_by=event.entered_by, source=event.source)
            return replace(sheet, requests=(*sheet.requests, asked))
        case ev.CorrectionDecided():
            return replace(sheet, requests=tuple(
                replace(one, approved=event.approved, approved_by=event.approved_by, approved_at=event.approved_at)
                if one.number == event.request and one.waits and event.approved_by != one.requested_by else one
                for one in sheet.requests))
        case ev.GapExplained():
            return replace(sheet, explained=(*sheet.explained, Explained(work_date=event.work_date,
                                                                         reason=event.reason)))
    return now


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffCard:
    """Whose card this is; `staff_no` "" after it was returned."""

    key: str
    staff_no: str


def apply_card(now: StaffCard | None, recorded: Recorded) -> StaffCard | None:
    """The card after one more event."""
    match recorded.event:
        case ev.CardBound() as event:
            return StaffCard(key=event.subject, staff_no=event.staff_no)
        case ev.CardUnbound() as event:
            return StaffCard(key=event.subject, staff_no="")
    return now


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month that is closed, or open again."""

    month: str
    locked: bool


def apply_month(now: Month | None, recorded: Recorded) -> Month | None:
    """The month after one more event."""
    event = recorded.event
    return Month(month=event.subject, locked=event.locked) if isinstance(event, ev.MonthLocked) else now


_OF_SHEET: tuple[type[Event], ...] = (ev.Punched, ev.CorrectionRequested, ev.CorrectionDecided, ev.GapExplained)

SHEETS = Ledger("attendance_sheets", _OF_SHEET, Sheet, apply)
CARDS = Ledger("attendance_cards", (ev.CardBound, ev.CardUnbound), StaffCard, apply_card)
MONTHS = Ledger("attendance_months", (ev.MonthLocked,), Month, apply_month)

LEDGERS = (SHEETS, CARDS, MONTHS)
LOOSE: tuple[type[Event], ...] = (ev.DataLoaded,)
