"""From punches to days: pairs, 要確認, working minutes. Pure and exact to the minute (docs/attendance.md).

Nothing is invented: a second 出勤 is no 退勤, midnight ends nothing, and a day that is unclear counts no minutes until
a correction was approved.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from sanjo_tui.receptions.attendance import spans
from sanjo_tui.receptions.attendance.setup import Setup, Shift
from sanjo_tui.receptions.attendance.spans import Spans, minute_of
from sanjo_tui.receptions.attendance.state import Punch
from sanjo_tui.receptions.attendance.words import Kind, Question, ShiftKind, Source

ShiftOn = Callable[[dt.date], Shift]
"""勤務区分 of somebody on a day."""


def is_double(last: Punch | None, at: str, setup: Setup) -> bool:
    """Whether a tap at `at` follows the last one so soon that it is the same (二重打刻)."""
    return last is not None and abs(_seconds(at) - _seconds(last.at)) < setup.double_tap_seconds


def _seconds(at: str) -> int:
    return minute_of(at) * 60 + int(at[17:19] or 0)


def single(punches: Iterable[Punch], setup: Setup) -> list[Punch]:
    """Without double taps, e.g. on two terminals that were merged later; a correction is never one."""
    kept: list[Punch] = []
    last = -setup.double_tap_seconds
    for one in punches:
        now = _seconds(one.at)
        if not (one.station_id and kept and kept[-1].station_id and abs(now - last) < setup.double_tap_seconds):
            kept.append(one)
            last = now
    return kept


@dataclass(slots=True, kw_only=True)
class Session:
    """出勤 to 退勤. `end` None: not left. `away` private absence and breaks."""

    work_date: dt.date
    punches: list[Punch] = field(default_factory=list)
    start: int | None = None
    end: int | None = None
    breaks: list[tuple[int, int]] = field(default_factory=list)
    outings: list[tuple[int, int]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        """Somebody is in and has not left."""
        return self.start is not None and self.end is None and not self.questions


def work_date(at: str, setup: Setup, shift_on: ShiftOn) -> dt.date:
    """勤務日 of an arrival: the day begins at the boundary.

    Who comes shortly before a shift that begins right after the boundary belongs to that shift.
    """
    minute = minute_of(at)
    day = spans.date_of(minute - setup.boundary)
    today = spans.date_of(minute)
    if day != today:
        shift = shift_on(today)
        if not shift.kind.off and setup.boundary <= shift.start <= minute % spans.DAY + setup.early_minutes:
            return today
    return day


def sessions(punches: Sequence[Punch], setup: Setup, shift_on: ShiftOn) -> list[Session]:
    """The pairs of somebody's punches in the order of time."""
    found: list[Session] = []
    now: Session | None = None
    away: Punch | None = None
    for one in single(punches, setup):
        minute = minute_of(one.at)
        if one.punch is Kind.IN:
            if now is not None:
                now.questions.append(Question.NO_OUT)
            now, away = Session(work_date=work_date(one.at, setup, shift_on), punches=[one], start=minute), None
            found.append(now)
            continue
        if now is None:
            day = work_date(one.at, setup, shift_on)
            if not (found and found[-1].start is None and found[-1].work_date == day):
                found.append(Session(work_date=day, questions=[Question.NO_IN]))
            found[-1].punches.append(one)
            continue
        now.punches.append(one)
        if one.punch is Kind.OUT:
            now.end = minute
            if away is not None:
                now.questions.append(Question.NO_RETURN)
            if one.source is Source.CARD and _too_long(now, minute, setup, shift_on):
                now.questions.append(Question.TOO_LONG)
            now, away = None, None
        elif one.punch in (Kind.BREAK_OUT, Kind.OUTING):
            if away is not None:
                now.questions.append(Question.ODD_ORDER)
            away = one
        else:
            wanted = Kind.BREAK_OUT if one.punch is Kind.BREAK_IN else Kind.OUTING
            if away is None or away.punch is not wanted:
                now.questions.append(Question.ODD_ORDER)
            else:
                (now.breaks if wanted is Kind.BREAK_OUT else now.outings).append((minute_of(away.at), minute))
            away = None
    return found


def _too_long(session: Session, end: int, setup: Setup, shift_on: ShiftOn) -> bool:
    """A pair over the day's boundary is a night shift's, or a forgotten 退勤 and a forgotten 出勤: a person decides."""
    assert session.start is not None
    if end - session.start > setup.longest_hours * 60:
        return True
    boundary = spans.day_start(session.work_date) + spans.DAY + setup.boundary
    shift = shift_on(session.work_date)
    last = spans.day_start(session.work_date) + shift.end
    return end > boundary and (shift.kind is not ShiftKind.NIGHT or end > last + 8 * 60)


def forgotten(session: Session, now: int, setup: Setup, shift_on: ShiftOn) -> bool:
    """Open longer than its shift can be: nobody is taken to be there or to have left, somebody asks."""
    return session.is_open and _too_long(session, now, setup, shift_on)


@dataclass(frozen=True, slots=True, kw_only=True)
class Day:
    """A day of somebody, in minutes. All counts are 0 while it is open or 要確認.

    `presence` from arrival to departure; `worked` without breaks; `outside` worked beyond the shift's hours (all of it
    on a day off); `ordered` as ordered, `overtime` and `holiday` worked as ordered; `night` worked in the night.
    """

    work_date: dt.date
    shift: Shift
    start: int | None
    end: int | None
    questions: tuple[Question, ...] = ()
    is_open: bool = False
    corrected: bool = False
    presence: int = 0
    worked: int = 0
    rest: int = 0
    outside: int = 0
    ordered: int = 0
    overtime: int = 0
    holiday: int = 0
    night: int = 0
    short_break: bool = False

    @property
    def gap(self) -> int:
        """乖離: presence beyond the shift less what was ordered."""
        return self.outside - self.ordered

    @property
    def clear(self) -> bool:
        """Left, and nothing to ask."""
        return not self.questions and not self.is_open


def hours_of(day: dt.date, shift: Shift) -> tuple[Spans, Spans]:
    """Scheduled minutes of a day without breaks, and the breaks."""
    if shift.kind.off:
        return (), ()
    base = spans.day_start(day)
    breaks = spans.union((base + s, base + e) for s, e in shift.breaks)
    return spans.without(((base + shift.start, base + shift.end),), breaks), breaks


def day_of(day: dt.date, shift: Shift, found: Sequence[Session], orders: Spans, setup: Setup) -> Day:
    """Sums of one day from its pairs and the overtime that was ordered for it."""
    questions = tuple(dict.fromkeys(q for one in found for q in one.questions))
    is_open = any(one.is_open for one in found)
    starts = [one.start for one in found if one.start is not None]
    ends = [one.end for one in found if one.end is not None]
    corrected = any(p.corrects or not p.station_id for one in found for p in one.punches)
    start, end = min(starts, default=None), max(ends, default=None)
    ordered = spans.total(orders)
    if questions or is_open or not found:
        return Day(work_date=day, shift=shift, start=start, end=end, questions=questions, is_open=is_open,
                   corrected=corrected, ordered=ordered)
    inside = spans.union((one.start, one.end) for one in found if one.start is not None and one.end is not None)
    planned, breaks = hours_of(day, shift)
    punched = spans.union(*(one.breaks for one in found))
    outings = spans.union(*(one.outings for one in found))
    rest = punched or spans.both(inside, breaks)
    away = rest if setup.outing_is_work else spans.union(rest, outings)
    worked = spans.without(inside, away)
    beyond = spans.without(worked, planned)
    as_ordered = spans.both(beyond, orders)
    counted = spans.union(spans.both(worked, planned), as_ordered)
    night = spans.daily(inside[0][0], inside[-1][1], setup.night_start, setup.night_end) if inside else ()
    minutes, rested = spans.total(worked), spans.total(rest)
    return Day(
        work_date=day, shift=shift, start=start, end=end, corrected=corrected, presence=spans.total(inside),
        worked=minutes, rest=rested, outside=spans.total(beyond), ordered=ordered,
        overtime=0 if shift.kind.off else spans.total(as_ordered),
        holiday=spans.total(as_ordered) if shift.kind.off else 0, night=spans.total(spans.both(counted, night)),
        short_break=rested < (60 if minutes > 480 else 45 if minutes > 360 else 0))


def days(punches: Sequence[Punch], orders: Sequence[tuple[str, str]], setup: Setup, shift_on: ShiftOn,
         ) -> dict[dt.date, Day]:
    """Every day with a punch or an order. `orders`: (from, to) as local moments."""
    by_day: dict[dt.date, list[Session]] = {}
    for one in sessions(punches, setup, shift_on):
        by_day.setdefault(one.work_date, []).append(one)
    ordered: dict[dt.date, list[tuple[int, int]]] = {}
    for first, last in orders:
        start, end = minute_of(first), minute_of(last)
        day = order_date(start, by_day, setup, shift_on)
        ordered.setdefault(day, []).append((start, end))
    return {day: day_of(day, shift_on(day), by_day.get(day, ()), spans.union(ordered.get(day, ())), setup)
            for day in sorted(by_day.keys() | ordered.keys())}


def order_date(start: int, by_day: dict[dt.date, list[Session]], setup: Setup, shift_on: ShiftOn) -> dt.date:
    """勤務日 of an order: overtime that begins in a night shift, at its end or in its pair stays with that shift."""
    day = spans.date_of(start - setup.boundary)
    before = day - dt.timedelta(days=1)
    shift = shift_on(before)
    if shift.kind is ShiftKind.NIGHT and start <= spans.day_start(before) + shift.end:
        return before
    for one in by_day.get(before, ()):
        if one.start is not None and one.end is not None and one.start <= start < one.end:
            return before
    text = f"{spans.date_of(start)}T{start % spans.DAY // 60:02}:{start % 60:02}:00"
    return work_date(text, setup, shift_on)
