"""Corrections with approval, explanations of gaps, the closing of a month: the personnel desk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanjo_tui.desk.attendance.basis import checked_month, moment
from sanjo_tui.desk.attendance.tapping import Tapping
from sanjo_tui.desk.service import Receipt
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.attendance import events as ev
from sanjo_tui.receptions.attendance.state import SHEETS, Punch, Request, Sheet
from sanjo_tui.receptions.attendance.words import SCOPE, Kind, Source, month_scope
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.events import Event, Recorded
    from sanjo_tui.journal.view import View


class Correcting(Tapping):
    """What somebody asks for, and what somebody else decides."""

    def request(self, staff_no: str, *, at: str, punch: Kind, reason: str, corrects: str = "", requested_by: str = "",
                source: Source = Source.REQUEST) -> Receipt:
        """訂正の申請. `at` local `YYYY-MM-DDTHH:MM`, "" to take the punch `corrects` out; `requested_by`: the person.

        Raises NotAllowed, RuleError.
        """
        member, when = self.member(staff_no), _moment(at) if at else None
        if not reason.strip():
            raise RuleError("理由を入れてください。", "例: 打刻忘れ、カード忘れ")
        if when is None and not corrects:
            raise RuleError("日時を入れてください。", "2026-11-24T17:15 の形で入れます。")
        if when is not None and when > moment():
            raise RuleError("先の日時の打刻は申請できません。", "日時を確かめてください。")

        def decide(view: View) -> Sequence[Event]:
            old = self._punch(view, member.staff_no, corrects) if corrects else None
            month = self.month_now(_moment(old.at) if old else when or moment())
            for each in {month, self.month_now(when) if when else month}:
                self._refuse_locked(view, each)
            asked = self.sheet(view, member.staff_no, month).requests
            if corrects and any(one.waits and one.corrects == corrects for one in asked):
                raise RuleError("その打刻の訂正は、もう申請されています。", "承認か却下を待ってください。")
            return (ev.CorrectionRequested(
                subject=member.staff_no, scope=month_scope(month), corrects=corrects,
                punched_at=when.isoformat(timespec="seconds") if when else "", punch=punch,
                before=f"{old.punch.label} {old.at[:16].replace('T', ' ')}" if old else "打刻なし",
                reason=reason.strip(),
                requested_by=requested_by.strip() or member.staff_no, entered_by=self.desk.operator,
                source=source),)

        return self.receipt(self.record(decide), f"{member.staff_no} の訂正を申請")

    def decide(self, request: str, *, approved: bool, reason: str = "") -> Receipt:
        """承認 or 却下, by somebody else than asked and typed it in. Raises NotAllowed, RuleError, ClaimTaken."""

        def decide(view: View) -> Sequence[Event]:
            station, _, seq = request.rpartition("-")
            event = view.event(station, int(seq)) if seq.isdigit() else None
            if event is None or not isinstance(event.event, ev.CorrectionRequested) \
                    or view.is_reversed(station, int(seq)):
                raise RuleError("その申請は見つかりません。", "一覧から選んでください。")
            asked = event.event
            if self.desk.operator == asked.requested_by or (
                    self.desk.who.role is not None and self.desk.operator == asked.entered_by):
                raise RuleError("申請した人は承認できません。", "別の人が承認してください。")
            now = next(one for one in self.requests_of(view, asked.subject, asked.scope) if one.number == request)
            if not now.waits:
                raise RuleError("その申請は、もう決まっています。", "一覧を見直してください。")
            self._refuse_locked(view, asked.scope.partition(".")[2])
            if asked.punched_at:
                self._refuse_locked(view, self.month_now(_moment(asked.punched_at)))
            return (ev.CorrectionDecided(
                subject=asked.subject, scope=asked.scope, request=request, approved=approved,
                approved_by=self.desk.operator, approved_at=moment().isoformat(timespec="seconds"),
                reason=reason.strip()),)

        recorded = self.record(decide, permission=Permission.PERSONNEL)
        whose = recorded[0].event.subject
        return self.receipt(recorded, f"{whose} の訂正を{'承認' if approved else '却下'}")

    def requests_of(self, view: View, staff_no: str, scope: str) -> tuple[Request, ...]:
        """What was asked about somebody's month."""
        found: Sheet | None = view.record_of(SHEETS, scope, staff_no)
        return found.requests if found else ()

    def waiting(self, view: View, month: str) -> list[tuple[str, Request]]:
        """Requests that nobody decided, with the 職員番号, the oldest first."""
        return sorted(((sheet.staff_no, one) for sheet in view.records(SHEETS, month_scope(month))
                       for one in sheet.requests if one.waits), key=lambda pair: pair[1].at)

    def explain(self, staff_no: str, work_date: dt.date, reason: str) -> Receipt:
        """Why presence and orders of a day differ. Raises NotAllowed, RuleError."""
        member = self.member(staff_no)
        if not reason.strip():
            raise RuleError("理由を入れてください。", "例: 自己研さん、組合活動、命令漏れ")

        def decide(view: View) -> Sequence[Event]:
            month = work_date.isoformat()[:7]
            self._refuse_locked(view, month)
            return (ev.GapExplained(subject=member.staff_no, scope=month_scope(month),
                                    work_date=work_date.isoformat(), reason=reason.strip()),)

        return self.receipt(self.record(decide), f"{member.staff_no} {work_date} の理由")

    def lock(self, month: str, *, locked: bool = True) -> Receipt:
        """月の締め; refused while anything is 要確認 or asked. Raises NotAllowed, RuleError."""
        month = checked_month(month)
        if locked and month >= self.month_now(moment()):
            raise RuleError("終わっていない月は締められません。", "翌月になってから締めてください。")

        def decide(view: View) -> Sequence[Event]:
            if self.is_locked(view, month) == locked:
                return ()
            if locked:
                questions = sum(bool(day.questions) or day.is_open for each in self.everybody(view, month).values()
                                for day in each.values())
                waits = len(self.waiting(view, month))
                if questions or waits:
                    raise RuleError(f"要確認が {questions} 件、申請が {waits} 件残っています。",
                                    "先に訂正を済ませてください。")
            return (ev.MonthLocked(subject=month, locked=locked),)

        return self.receipt(self.record(decide, permission=Permission.PERSONNEL), f"{month} の締め")

    def may_undo(self, view: View, group: Sequence[Recorded]) -> None:
        """A punch is never taken back; what rests on a closed month neither."""
        for one in group:
            if isinstance(one.event, ev.Punched | ev.CorrectionDecided):
                raise RuleError("打刻と決定は取り消せません。", "訂正を申請してください。元の記録は残ります。")
            if one.event.scope.startswith(f"{SCOPE}."):
                self._refuse_locked(view, one.event.scope.partition(".")[2])

    def _refuse_locked(self, view: View, month: str) -> None:
        if self.is_locked(view, month):
            raise RuleError(f"{month} は締められています。", "責任者が締めを解いてから訂正します。")

    def _punch(self, view: View, staff_no: str, number: str) -> Punch:
        station, _, seq = number.rpartition("-")
        event = view.event(station, int(seq)) if seq.isdigit() else None
        if event is not None and event.event.subject == staff_no:
            for one in (p for p in self._all(view, staff_no, event.event.scope) if p.number == number):
                return one
        raise RuleError("その打刻は見つかりません。", "一覧から選んでください。")

    def _all(self, view: View, staff_no: str, scope: str) -> tuple[Punch, ...]:
        found: Sheet | None = view.record_of(SHEETS, scope, staff_no)
        return found.counted if found else ()


def _moment(text: str) -> dt.datetime:
    """A local moment. RuleError for anything else."""
    try:
        found = dt.datetime.fromisoformat(text.strip())
    except ValueError as error:
        raise RuleError("日時は 2026-11-24T17:15 の形で入れてください。", "日と時刻の間は T か空白です。") from error
    if found.tzinfo is not None or len(text.strip()) < 16:
        raise RuleError("日時は 2026-11-24T17:15 の形で入れてください。", "時刻も入れてください。")
    return found
