"""打刻の訂正: what is wrong, what it should be, who asks; and the decision of somebody else, in two keys."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from sanjo_tui.receptions.attendance.words import Kind
from sanjo_tui.receptions.base import Weight
from screens.attendance_lists import MonthSheet
from screens.panels import Pick
from screens.questions import Question, ask_all
from screens.widgets import row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.attendance.reports import Open
    from sanjo_tui.receptions.attendance.state import Punch
    from screens.attendance import AttendanceScreen
    from screens.service import ServiceScreen

REASONS = ("打刻忘れ", "カード忘れ", "押しまちがい", "出張から直帰", "打刻端末の故障")
GAP_REASONS = ("自己研さん", "組合活動", "命令の漏れ", "私用で残った")
OTHER = "そのほか"
TAKE_OUT = "take_out"
WHEN = re.compile(r"(?:(?:(\d{4})[-/])?(\d{1,2})[-/](\d{1,2})[ T]+)?(\d{1,2}):?(\d{2})")


def moment_typed(text: str, today: dt.date, day: dt.date) -> str:
    """`11/24 8:25` as `2026-11-24T08:25`, of the last year in which it is not to come; `8:25` alone is of `day`.

    "" for what is no moment.
    """
    found = WHEN.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return ""
    year, month, day_of, hour, minute = (int(part or 0) for part in found.groups())
    try:
        if not month:
            return dt.datetime.combine(day, dt.time(hour, minute)).isoformat(timespec="minutes")
        moment = dt.datetime(year or today.year, month, day_of, hour, minute)
        if not year and moment.date() > today:
            moment = moment.replace(year=today.year - 1)
    except ValueError:
        return ""
    return moment.isoformat(timespec="minutes")


def reason_question(reasons: tuple[str, ...]) -> Question:
    """The usual reasons by digit."""
    usual = tuple((text, text) for text in reasons)
    return Question(key="reason", label="理由", options=(*usual, (OTHER, "そのほか(書く)")))


async def correct(screen: AttendanceScreen) -> None:
    """F3: whose punch, which one."""
    if isinstance(screen.panel, MonthSheet):
        await _which(screen, screen.panel.staff_no)
        return

    async def back() -> None:
        screen.rest()

    async def named(answers: dict[str, Any]) -> None:
        await _which(screen, answers["staff_no"].strip())

    whose = Question(key="staff_no", label="職員番号", hint="訂正する人の職員番号")
    await ask_all(screen, "打刻の訂正", [whose], named, back)


async def _which(screen: AttendanceScreen, staff_no: str, day: str = "") -> None:
    """`day` ISO: where the questions begin."""
    punches: tuple[Punch, ...] = await screen.ask(screen.attendance.punched, staff_no, screen.month)
    shown_ones = [one for one in punches if not day or one.at[:10] == day] or list(punches)

    async def picked(punch: Punch | None) -> None:
        await _what(screen, staff_no, punch, day)

    options: list[tuple[str, Punch | None]] = [("打刻を足す (忘れたとき)", None)]
    options += [(f"{one.at[:16].replace('T', ' ')}  {one.punch.label}  {one.source.label}", one)
                for one in reversed(shown_ones)]
    screen.show(Pick(screen, f"打刻の訂正  職員番号 {shown(staff_no)}", options, picked,
                     prompt="直す打刻を番号で選んでください", notes=("元の打刻は消えずに残ります",)))


async def _what(screen: AttendanceScreen, staff_no: str, punch: Punch | None, day: str) -> None:
    today = screen.desk.today()
    kinds: tuple[tuple[Any, str], ...] = tuple((kind, kind.label) for kind in Kind)
    if punch is not None:
        kinds = (*kinds, (TAKE_OUT, "この打刻をなくす"))
    stood = punch.at[:16].replace("T", " ") if punch else ""
    of = dt.date.fromisoformat(punch.at[:10] if punch else day or today.isoformat())
    check = partial(_wrong, today=today, day=of)
    questions = [Question(key="punch", label="正しい打刻", options=kinds),
                 Question(key="at", label="日時", value=stood, check=check,
                          hint=f"例 11/24 8:25。{of.month}/{of.day} なら時刻だけ"),
                 reason_question(REASONS),
                 Question(key="by", label="申請した人の職員番号", hint="本人ならそのまま Enter", value=staff_no)]

    async def back() -> None:
        await _which(screen, staff_no, day)

    async def record(answers: dict[str, Any], reason: str) -> None:
        out = answers["punch"] == TAKE_OUT
        receipt = await screen.ask(partial(
            screen.attendance.request, staff_no, at="" if out else moment_typed(answers["at"], today, of),
            punch=(punch.punch if punch else Kind.IN) if out else answers["punch"], reason=reason,
            corrects=punch.number if punch else "", requested_by=answers["by"]))
        await screen.recorded(receipt, ("承認を待っています。F4 の一覧から、別の人が承認します。",))

    async def asked(answers: dict[str, Any]) -> None:
        await _in_words(screen, answers["reason"], partial(record, answers))

    await ask_all(screen, f"打刻の訂正  職員番号 {shown(staff_no)}", questions, asked, back)


def _wrong(text: str, today: dt.date, day: dt.date) -> str:
    return "" if moment_typed(text, today, day) else "日時は 11/24 8:25 の形で入れてください"


async def _in_words(screen: AttendanceScreen, reason: str, then: Any) -> None:
    """Another reason is written."""
    if reason != OTHER:
        await then(reason)
        return

    async def back() -> None:
        screen.rest()

    async def written(answers: dict[str, Any]) -> None:
        await then(answers["text"])

    await ask_all(screen, "理由", [Question(key="text", label="理由")], written, back)


# --- what is open

async def unfinished(screen: AttendanceScreen) -> None:
    """F4: requests to decide, days to ask about."""
    listed: tuple[Open, ...] = await screen.ask(_listed, screen)

    async def picked(one: Open) -> None:
        if one.request is None:
            await _which(screen, one.staff_no, one.work_date)
        else:
            _decide(screen, one)

    options = [(row([(one.work_date, 11), (one.staff_no, 9), (shown_name(one.name), 16),
                     ("申請" if one.request else "要確認", 7), (shown(one.what), 80)], screen.size.width - 5), one)
               for one in listed]
    screen.show(Pick(screen, f"未処理  {len(listed)}件", options, picked, empty="未処理はありません",
                     prompt="番号で選んでください", notes=("申請は承認か却下、要確認は訂正の申請に進みます",)))


def _listed(screen: AttendanceScreen) -> tuple[Open, ...]:
    listed = screen.attendance.questions(month=screen.month)
    screen.attendance.list_made("attendance.questions", len(listed))
    return listed


def _decide(screen: AttendanceScreen, one: Open) -> None:
    request = one.request
    if request is None:
        return

    async def record(approved: bool, reason: str = "") -> None:
        receipt = await screen.ask(partial(screen.attendance.decide, request.number, approved=approved, reason=reason))
        await screen.recorded(receipt)

    async def decided(approved: bool) -> None:
        if approved:
            await record(True)
            return

        async def back() -> None:
            _decide(screen, one)

        async def why(answers: dict[str, Any]) -> None:
            await record(False, answers["reason"])

        await ask_all(screen, "却下の理由", [Question(key="reason", label="却下の理由")], why, back)

    async def back() -> None:
        await unfinished(screen)

    answers = [("承認する", True), ("却下する", False)]
    screen.show(Pick(screen, shown(one.what), answers, decided, enter=False, back=back, weight=Weight.CAUTION,
                     prompt=f"{one.staff_no} {shown_name(one.name)}  {one.work_date} の訂正",
                     notes=(f"申請 {shown(request.requested_by)}", "承認する人は、申請した人とは別の人")))


# --- gaps

async def explain(screen: ServiceScreen) -> None:
    """乖離の理由: which day, why."""
    own = cast("AttendanceScreen", screen)
    gaps = await own.ask(_gaps, own)

    async def picked(found: tuple[str, dt.date]) -> None:
        staff_no, day = found

        async def record(reason: str) -> None:
            await own.recorded(await own.ask(own.attendance.explain, staff_no, day, reason))

        async def chosen(reason: str) -> None:
            await _in_words(own, reason, record)

        reasons = [(text, text) for text in GAP_REASONS]
        own.show(Pick(own, f"乖離の理由  {day}  {shown(staff_no)}", [*reasons, ("そのほか(書く)", OTHER)], chosen,
                      prompt="理由を番号で選んでください", enter=False))

    own.show(Pick(own, f"乖離  {len(gaps)}件", [
        (row([(day.isoformat(), 11), (member.staff_no, 9), (shown_name(member.name), 16), (f"{minutes}分", 8),
              (shown(reason), 40)], own.size.width - 5), (member.staff_no, day))
        for member, day, minutes, reason in gaps], picked, empty="乖離はありません",
        prompt="理由を書く日を番号で選んでください", notes=("在庁と時間外命令の差が大きい日です",)))


def _gaps(screen: AttendanceScreen) -> list[tuple[Any, dt.date, int, str]]:
    service = screen.attendance
    found = service.gaps(screen.month or service.this_month())
    service.list_made("attendance.gaps", len(found))
    return [(member, day.work_date, day.gap, reason) for member, day, reason in found]
