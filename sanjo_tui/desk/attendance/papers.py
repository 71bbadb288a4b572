"""The papers of 出退勤, filled in from the journal when they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sanjo_tui.desk.attendance.basis import checked_month, moment
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.attendance import gaps, limits, month, nights, present, questions
from sanjo_tui.receptions.attendance.limits import rounded_hours, sums
from sanjo_tui.receptions.attendance.spans import DAY
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.attendance.desk import AttendanceDesk
    from sanjo_tui.documents.paper import Heading
    from sanjo_tui.receptions.attendance.rules import Day
    from sanjo_tui.receptions.attendance.words import DayState

WEEK = "月火水木金土日"


def hours(minutes: int, blank: bool = True) -> str:
    """`7:45`; nothing for 0 where `blank`."""
    if not minutes and blank:
        return ""
    return f"{'-' if minutes < 0 else ''}{abs(minutes) // 60}:{abs(minutes) % 60:02}"


def clock_of(minute: int | None) -> str:
    """`08:25`, "" for none."""
    return "" if minute is None else f"{minute % DAY // 60:02}:{minute % 60:02}"


def day_label(day: dt.date) -> str:
    """`11/24(火)`."""
    return f"{day.month}/{day.day}({WEEK[day.weekday()]})"


def _month(service: AttendanceDesk, given: str) -> str:
    return checked_month(given or service.month_now(moment()))


def _label(text: str) -> str:
    """`令和8年11月`."""
    return wareki(dt.date.fromisoformat(text + "-01")).rsplit("月", 1)[0] + "月分"


def present_of(service: AttendanceDesk, heading: Heading) -> Paper:
    """在庁者一覧 of this moment."""
    names = {one.code: one.name for one in service.setup.buildings}
    rows = tuple(present.Row(
        building=names.get(one.member.building, one.member.building), floor=one.member.floor,
        section=one.member.section, staff_no=one.member.staff_no, name=one.member.name,
        since=f"{int(one.since[5:7])}/{int(one.since[8:10])} {one.since[11:16]}", phone=one.member.phone,
        note="要確認" if one.unsure else one.away) for one in service.present())
    service.list_made("attendance.present", len(rows))
    return Paper(document=present, content=present.PresentList(heading=heading, rows=rows), columns=present.COLUMNS,
                 rows=rows)


def questions_of(service: AttendanceDesk, heading: Heading, *, month: str = "") -> Paper:
    """未処理一覧."""
    rows = tuple(questions.Row(work_date=one.work_date, staff_no=one.staff_no, name=one.name, what=one.what,
                               state="訂正申請" if one.request else "要確認")
                 for one in service.questions(month=_month(service, month)))
    service.list_made("attendance.questions", len(rows))
    return Paper(document=questions, content=questions.QuestionList(heading=heading, rows=rows),
                 columns=questions.COLUMNS, rows=rows)


def month_of(service: AttendanceDesk, heading: Heading, *, staff_no: str, month: str = "") -> Paper:
    """月次出勤簿 of one person."""
    text = _month(service, month)
    member, days, states = service.month(staff_no, text)
    total = sums(days.values())
    rounding = service.setup.rounding
    lines = [_MONTH.Row(work_date="計", shift=f"{total.days}日", start="", end="", rest="",
                        worked=hours(total.worked, blank=False), overtime=hours(total.overtime, blank=False),
                        holiday=hours(total.holiday, blank=False), night=hours(total.night, blank=False), state="",
                        note=f"要確認{total.open_questions}件" if total.open_questions else "")]
    if rounding != "none":
        whole = {name: f"{rounded_hours(getattr(total, name), rounding)}時間"
                 for name in ("overtime", "holiday", "night")}
        lines.append(_MONTH.Row(work_date="月計の端数処理", shift="", start="", end="", rest="", worked="", state="",
                                note="30分以上切上げ", **whole))
    group = service.setup.groups[member.group]
    rows = tuple(_day(one, states[day]) for day, one in days.items())
    content = _MONTH.MonthSheet(
        heading=heading, month=_label(text), staff_no=member.staff_no, name=member.name, section=member.section,
        group=group.name, sums=tuple(lines),
        unverified=bool(service.setup.unverified), rows=rows)
    service.list_made("attendance.month", len(rows))
    return Paper(document=_MONTH, content=content, columns=_MONTH.COLUMNS, rows=rows)


_MONTH = month


def _day(one: Day, state: DayState) -> month.Row:
    notes = [question.label for question in one.questions] + (["休憩が短い"] if one.short_break else [])
    over = one.start is not None and one.end is not None and one.end // DAY > one.work_date.toordinal() - 719163
    return _MONTH.Row(
        work_date=day_label(one.work_date), shift=one.shift.name, start=clock_of(one.start),
        end=("翌" if over else "") + clock_of(one.end), rest=hours(one.rest), worked=hours(one.worked),
        overtime=hours(one.overtime), holiday=hours(one.holiday), night=hours(one.night), state=state.label,
        note="・".join(notes))


def limits_of(service: AttendanceDesk, heading: Heading, *, month: str = "") -> Paper:
    """上限確認 with the forecast."""
    text = _month(service, month)
    rows = tuple(limits.Row(
        staff_no=one.member.staff_no, name=one.member.name, section=one.member.section, profile=one.profile,
        overtime=hours(one.now.overtime), holiday=hours(one.now.holiday), both=hours(one.now.both),
        year=hours(one.year), forecast=hours(one.forecast), step=f"{one.step}超" if one.step else "",
        findings="・".join(each.text for each in one.findings)) for one in service.limits(text))
    service.list_made("attendance.limits", len(rows))
    content = limits.LimitList(heading=heading, month=_label(text), rows=rows,
                               unverified=bool(service.setup.unverified))
    return Paper(document=limits, content=content, columns=limits.COLUMNS, rows=rows)


def gaps_of(service: AttendanceDesk, heading: Heading, *, month: str = "") -> Paper:
    """乖離一覧."""
    text = _month(service, month)
    rows = tuple(gaps.Row(
        work_date=day_label(one.work_date), staff_no=member.staff_no, name=member.name, section=member.section,
        start=clock_of(one.start), end=clock_of(one.end), outside=hours(one.outside), ordered=hours(one.ordered),
        gap=hours(one.gap), reason=reason) for member, one, reason in service.gaps(text))
    service.list_made("attendance.gaps", len(rows))
    return Paper(document=gaps, content=gaps.GapList(heading=heading, month=_label(text), rows=rows),
                 columns=gaps.COLUMNS, rows=rows)


def nights_of(service: AttendanceDesk, heading: Heading, *, month: str = "") -> Paper:
    """深夜・休日一覧."""
    text = _month(service, month)
    rows = tuple(nights.Row(work_date=day_label(one.work_date), staff_no=member.staff_no, name=member.name,
                            shift=one.shift.name, holiday=hours(one.holiday), night=hours(one.night), rest="")
                 for member, one in service.nights(text))
    return _nights(service, heading, "深夜・休日勤務一覧", text, rows, "attendance.nights")


def rests_of(service: AttendanceDesk, heading: Heading, *, month: str = "") -> Paper:
    """勤務間隔一覧: rests below the interval."""
    text = _month(service, month)
    rows = tuple(nights.Row(work_date=day_label(day), staff_no=member.staff_no, name=member.name, shift="", holiday="",
                            night="", rest=hours(minutes, blank=False)) for member, day, minutes in service.rests(text))
    title = f"勤務間隔{service.setup.interval_hours}時間未満一覧"
    return _nights(service, heading, title, text, rows, "attendance.rests")


def _nights(service: AttendanceDesk, heading: Heading, title: str, text: str, rows: tuple[nights.Row, ...],
            form: str) -> Paper:
    service.list_made(form, len(rows))
    content = nights.NightList(heading=heading, title=title, month=_label(text), rows=rows,
                               unverified=bool(service.setup.unverified))
    return Paper(document=nights, content=content, columns=nights.COLUMNS, rows=rows)


FORMS: Mapping[str, Callable[..., Paper]] = {
    "attendance.present": present_of, "attendance.questions": questions_of, "attendance.month": month_of,
    "attendance.limits": limits_of, "attendance.gaps": gaps_of, "attendance.nights": nights_of,
    "attendance.rests": rests_of}
NEEDS: Mapping[str, Permission] = {
    "attendance.present": Permission.LIST, "attendance.questions": Permission.LIST,
    "attendance.month": Permission.PERSONNEL, "attendance.limits": Permission.PERSONNEL,
    "attendance.gaps": Permission.PERSONNEL, "attendance.nights": Permission.PERSONNEL,
    "attendance.rests": Permission.PERSONNEL}
FORM_NAMES: Mapping[str, str] = {
    "attendance.present": "在庁者一覧", "attendance.questions": "未処理一覧", "attendance.month": "月次出勤簿",
    "attendance.limits": "上限確認", "attendance.gaps": "乖離一覧", "attendance.nights": "深夜・休日一覧",
    "attendance.rests": "勤務間隔一覧"}
