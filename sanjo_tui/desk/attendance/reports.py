"""What the night guard and personnel ask: who is in, what is open, the month, limits, gaps, nights, short rests."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui import workdays
from sanjo_tui.desk.attendance.basis import checked_month, moment
from sanjo_tui.desk.attendance.correcting import Correcting
from sanjo_tui.receptions.attendance import limits, rules, spans
from sanjo_tui.receptions.attendance.limits import Finding, Sums, before
from sanjo_tui.receptions.attendance.rules import Day
from sanjo_tui.receptions.attendance.state import SHEETS, in_order
from sanjo_tui.receptions.attendance.words import DayState, Kind, month_scope
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.attendance.state import Punch, Request
    from sanjo_tui.register.attendance.staff import Member

PUNCH_COLUMNS = ("staff_no", "user_id", "punched_at", "kind", "source", "station_id", "building", "work_date",
                 "corrects", "number", "before", "reason", "requested_by", "approved_by", "approved_at")


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is in. `since` local moment; `away`: out on an errand or a break; `unsure`: 要確認."""

    member: Member
    since: str
    away: str = ""
    unsure: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Something that somebody must settle: a question about a day, or a request that waits."""

    staff_no: str
    name: str
    work_date: str
    what: str
    request: Request | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """上限確認 of one person. `forecast` minutes to the month's end, `step` hours passed by it."""

    member: Member
    profile: str
    now: Sums
    year: int
    findings: tuple[Finding, ...]
    forecast: int
    step: int


class Reports(Correcting):
    """Lists, each logged where it is shown."""

    def present(self, at: dt.datetime | None = None) -> tuple[Present, ...]:
        """在庁者一覧 by building and floor."""
        self.desk.permit(Permission.LIST)
        now = at or moment()
        month, minute = self.month_now(now), spans.minute_of(now.isoformat(timespec="seconds"))
        found: list[Present] = []
        punches: dict[str, list[Punch]] = {}
        with self.desk.journal.view() as view:
            for each in (before(month, 1), month):
                for sheet in view.records(SHEETS, month_scope(each)):
                    punches.setdefault(sheet.staff_no, []).extend(
                        one for one in sheet.counted if spans.minute_of(one.at) <= minute)
        for no in sorted(punches.keys() & self.staff.members.keys()):
            mine = in_order(punches[no])
            if not mine or mine[-1].punch is Kind.OUT:
                continue                                    # most have left: their pairs need not be sought
            if self.staff.members[no].group not in self.setup.groups:
                found.append(Present(member=self.staff.members[no], since=mine[-1].at, unsure=True))
                continue                                    # nobody is left out of an evacuation for a set-up's mistake
            shift_on = self.shift_on(no)
            last = rules.sessions(mine, self.setup, shift_on)[-1]
            if last.start is not None and last.end is None:
                away = mine[-1].punch.label if mine[-1].punch in (Kind.OUTING, Kind.BREAK_OUT) else ""
                found.append(Present(member=self.staff.members[no], since=last.punches[0].at, away=away,
                                     unsure=rules.forgotten(last, minute, self.setup, shift_on)))
        order = {one.code: n for n, one in enumerate(self.setup.buildings)}
        return tuple(sorted(found, key=lambda one: (order.get(one.member.building, 99), one.member.building,
                                                    one.member.floor, one.member.section, one.member.staff_no)))

    def questions(self, at: dt.datetime | None = None, month: str = "") -> tuple[Open, ...]:
        """未処理: requests first, then days that are 要確認, the oldest first."""
        self.desk.permit(Permission.LIST)
        now = at or moment()
        month, minute = month or self.month_now(now), spans.minute_of(now.isoformat(timespec="seconds"))
        asked: list[Open] = []
        days: list[Open] = []
        with self.desk.journal.view() as view:
            months = (before(month, 1), month)
            for each in months:
                asked += [Open(staff_no=no, name=self._name(no), work_date=(one.at or one.before[-16:])[:10],
                               request=one, what=f"{one.before} を {_after(one)} に: {one.reason}")
                          for no, one in self.waiting(view, each)]
                for no, found in self.everybody(view, each).items():
                    shift_on = self.shift_on(no)
                    days += [Open(staff_no=no, name=self._name(no), work_date=day.isoformat(),
                                  what="・".join(q.label for q in one.questions) or "退勤がない")
                             for day, one in found.items()
                             if one.questions or (one.is_open and one.start is not None and rules.forgotten(
                                 rules.Session(work_date=day, start=one.start), minute, self.setup, shift_on))]
        return (*asked, *sorted(days, key=lambda one: (one.work_date, one.staff_no)))

    def _name(self, staff_no: str) -> str:
        known = self.staff.members.get(staff_no)
        return known.name if known else ""

    def state_of(self, view: View, staff_no: str, day: dt.date, one: Day) -> DayState:
        """Where a day stands."""
        month = day.isoformat()[:7]
        if self.is_locked(view, month):
            return DayState.LOCKED
        about = [each for each in self.sheet(view, staff_no, month).requests
                 if day.isoformat() in (each.at[:10], each.before[-16:-6])]
        if any(each.waits for each in about):
            return DayState.REQUESTED
        if one.questions:
            return DayState.REJECTED if any(each.approved is False for each in about) else DayState.NEEDS_REVIEW
        if one.is_open:
            return DayState.OPEN
        return DayState.APPROVED if one.corrected else DayState.CLOSED

    def month(self, staff_no: str, month: str) -> tuple[Member, dict[dt.date, Day], dict[dt.date, DayState]]:
        """月次出勤簿 of somebody."""
        self.desk.permit(Permission.PERSONNEL)
        member = self.member(staff_no)
        with self.desk.journal.view() as view:
            found = self.days_of(view, staff_no, month)
            return member, found, {day: self.state_of(view, staff_no, day, one) for day, one in found.items()}

    def totals(self, month: str) -> dict[str, Sums]:
        """The month's sums of everybody."""
        self.desk.permit(Permission.PERSONNEL)
        with self.desk.journal.view() as view:
            return {no: limits.sums(found.values()) for no, found in self.everybody(view, month).items()}

    def limits(self, month: str, today: dt.date | None = None) -> tuple[Limit, ...]:
        """上限確認 with the forecast, who is nearest to a limit first."""
        self.desk.permit(Permission.PERSONNEL)
        day = today or self.desk.today()
        first = dt.date.fromisoformat(month + "-01")
        last = dt.date.fromisoformat(before(month, -1) + "-01") - dt.timedelta(days=1)
        done = len(list(workdays.business_days(first, min(day, last))))
        whole = len(list(workdays.business_days(first, last)))
        back = max(5, (first.month - 4) % 12)
        months = {each: self.totals(each) for each in (before(month, n) for n in range(back + 1))}
        found = []
        for no, now in months[month].items():
            member = self.staff.members[no]
            mine = {each: sums[no] for each, sums in months.items() if no in sums}
            profile = self.setup.profiles[self.setup.groups[member.group].profile]
            ahead = limits.forecast(now.both, done, whole)
            found.append(Limit(member=member, profile=profile.name, now=now, findings=limits.check(
                profile, mine, month), forecast=ahead, step=limits.step(ahead, self.setup.steps), year=sum(
                one.overtime for each, one in mine.items() if limits.fiscal_year(each) == limits.fiscal_year(month))))
        return tuple(sorted(found, key=lambda one: (-len(one.findings), -one.forecast, one.member.staff_no)))

    def gaps(self, month: str) -> tuple[tuple[Member, Day, str], ...]:
        """乖離一覧: days whose presence and orders are too far apart, with the reason that was given."""
        self.desk.permit(Permission.PERSONNEL)
        found = []
        with self.desk.journal.view() as view:
            for no, days in self.everybody(view, month).items():
                sheet = self.sheet(view, no, month)
                clear = [one for one in days.values() if one.clear]
                monthly = abs(sum(one.gap for one in clear)) > self.setup.gap_hours * 60
                found += [(self.staff.members[no], one, sheet.reason(one.work_date.isoformat())) for one in clear
                          if abs(one.gap) > self.setup.gap_minutes or (monthly and one.gap)]
        return tuple(found)

    def rests(self, month: str) -> tuple[tuple[Member, dt.date, int], ...]:
        """Days that began less than the interval after the departure before."""
        self.desk.permit(Permission.PERSONNEL)
        with self.desk.journal.view() as view:
            return tuple((self.staff.members[no], day, minutes) for no, days in self.everybody(view, month).items()
                         for day, minutes in limits.short_rests(days, self.setup))

    def nights(self, month: str) -> tuple[tuple[Member, Day], ...]:
        """深夜・休日一覧."""
        self.desk.permit(Permission.PERSONNEL)
        with self.desk.journal.view() as view:
            return tuple((self.staff.members[no], one) for no, days in self.everybody(view, month).items()
                         for one in days.values() if one.night or one.holiday)

    # --- files

    def punches_csv(self, month: str) -> str:
        """punches.csv: every punch as it was made, and every correction that was approved, with what it corrects."""
        self.desk.permit(Permission.EXPORT)
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(PUNCH_COLUMNS)
        rows: list[tuple[str, ...]] = []
        with self.desk.journal.view() as view:
            for sheet in view.records(SHEETS, month_scope(checked_month(month))):
                no = sheet.staff_no
                known = self.staff.members.get(no)
                shift_on = self.shift_on(no) if known and known.group in self.setup.groups else None
                for one in sheet.punches:
                    day = rules.work_date(one.at, self.setup, shift_on).isoformat() if shift_on else one.at[:10]
                    rows.append((no, one.user_id, one.at, one.punch, one.source, one.station_id, one.building, day,
                                 "", one.number, "", "", "", "", ""))
                rows += [(no, "", one.at, one.punch, one.source, "", "", one.at[:10], one.corrects, one.number,
                          one.before, one.reason, one.requested_by, one.approved_by, one.approved_at)
                         for one in sheet.requests if one.approved]
        rows.sort(key=lambda row: (row[0], row[2], row[9]))
        writer.writerows(rows)
        self.list_made("attendance.punches", len(rows))
        return out.getvalue()

    def pay_csv(self, month: str) -> bytes:
        """The month for the pay system, in the encoding and columns of the set-up; hours rounded as a month alone."""
        self.desk.permit(Permission.EXPORT)
        setup = self.setup
        out = io.StringIO(newline="")
        writer = csv.writer(out)
        writer.writerow(setup.pay_columns)
        totals = self.totals(month)
        for no, one in totals.items():
            values = {"staff_no": no, "month": month, "worked_minutes": one.worked,
                      "open_questions": one.open_questions}
            for name in ("overtime", "holiday", "night"):
                minutes = getattr(one, name)
                hours = limits.rounded_hours(minutes, setup.rounding)
                values |= {f"{name}_minutes": minutes,
                           f"{name}_hours": f"{minutes / 60:.2f}" if hours is None else hours}
            writer.writerow([values[column] for column in setup.pay_columns])
        self.list_made("attendance.pay", len(totals))
        return out.getvalue().encode(setup.pay_encoding)


def _after(request: Request) -> str:
    return f"{request.punch.label} {request.at[:16].replace('T', ' ')}" if request.at else "取消"
