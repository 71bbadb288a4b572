"""What a certificate needs before it is issued, and what becomes of it: R6 to R9 (docs/disaster-certificates.md §3).

Pure: no clock, no database, no screen.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate.disaster import Disaster
from sanjo_tui.receptions.certificate.records import Application, Certificate
from sanjo_tui.receptions.certificate.rules import must_be_possible
from sanjo_tui.receptions.certificate.words import Act, Applicant, Grade, Kind, State
from sanjo_tui.wareki import wareki


def why_not(application: Application) -> str:
    """Why no certificate can be issued now, in one sentence; "" where it can."""
    if application.state in (State.WAITING, State.SURVEYED, State.SELF_REVIEW, State.RESURVEY):
        when = f"予定 {_short(application.expected_on)}" if application.expected_on else "予定日はまだありません"
        what = {State.WAITING: "調査を待っています", State.SURVEYED: "調査は済み、判定を待っています",
                State.SELF_REVIEW: "写真の審査を待っています",
                State.RESURVEY: "再調査の結果を待っています"}[application.state]
        return f"{what}（{when}）"
    if application.needs_second:
        return "家屋の結付けに、もう一人の職員の確認が要ります"
    if application.what is Kind.GRADE and application.judged is None:
        return "判定がありません"
    return ""


def issue(disaster: Disaster, application: Application, number: str, check: str, today: dt.date) -> Iterator[Event]:
    """発行 (R6), and 再交付 after a new decision (R9): the old number ends with it."""
    again = application.state is State.REDECIDED
    if application.state in (State.WAITING, State.SURVEYED, State.SELF_REVIEW, State.RESURVEY):
        raise RuleError(f"{why_not(application)}。", "判定のデータを取り込むと発行できます。", detail="E-PENDING")
    must_be_possible(application, Act.REISSUE if again else Act.ISSUE)
    if reason := why_not(application):
        raise RuleError(f"{reason}。", "F8 その他から確認してください。",
                        detail="E-BINDING" if application.needs_second else "E-PENDING")
    old = application.standing if again else _ended(application)
    yield from _issued(disaster, application, number, check, today, supersedes=old.number if old else "",
                       reason="再調査" if again else "")


def same_again(disaster: Disaster, application: Application, number: str, check: str, today: dt.date,
               reason: str) -> Iterator[Event]:
    """再発行(同内容): a new number, so that no number is on two papers; the old one ends."""
    must_be_possible(application, Act.SAME_AGAIN)
    if application.standing is None or application.needs_reissue:
        raise RuleError("同じ内容では出せません。", "新しい判定で再交付してください。", detail="E-STATE")
    if not reason.strip():
        raise RuleError("理由を入れてください。", "例: 紛失、汚損")
    yield from _issued(disaster, application, number, check, today, supersedes=application.standing.number,
                       again=True, reason=reason.strip())


def _ended(application: Application) -> Certificate | None:
    """The number that the void one had taken the place of: what comes now still says 再交付."""
    last = application.certificates[-1] if application.certificates else None
    while last is not None and last.supersedes:
        before = next((c for c in application.certificates if c.number == last.supersedes), None)
        if before is not None and before.handed_on:
            return before
        last = before
    return None


def _issued(disaster: Disaster, application: Application, number: str, check: str, today: dt.date, *,
            supersedes: str = "", again: bool = False, reason: str = "") -> Iterator[Event]:
    graded = application.what is Kind.GRADE
    judged = application.judged if graded else None
    yield ev.NumberTaken(subject=number, scope=disaster.scope, application=application.number)
    yield ev.Issued(subject=application.number, scope=disaster.scope, number=number, what=application.what,
                    grade=judged.grade if judged else None, judged=judged, supersedes=supersedes, again=again,
                    issued_on=today.isoformat(), check=check, copies=application.copies, reason=reason)


def void(application: Application, scope: str, number: str, reason: str, today: dt.date) -> Iterator[Event]:
    """書損 (R7): the paper is useless and stays here. After it was handed over only the same day (R8)."""
    must_be_possible(application, Act.VOID)
    found = next((c for c in application.certificates if c.number == number), None)
    if found is None or found.standing.value != "valid":
        raise RuleError("その番号の有効な証明書はありません。", "番号を確かめてください。")
    if found.handed_on and found.handed_on != today.isoformat():
        raise RuleError("交付した日が過ぎています。", "再発行か、再調査の申請にしてください。", detail="E-HANDED")
    if not reason.strip():
        raise RuleError("理由を入れてください。", "例: 印刷の失敗、記載の誤り")
    yield ev.Voided(subject=application.number, scope=scope, number=number, reason=reason.strip())


def hand_over(application: Application, scope: str, today: dt.date, by: Applicant, *, signed: bool) -> Iterator[Event]:
    """交付 (R8): somebody signed for it. One that says what is decided no more is not handed over."""
    must_be_possible(application, Act.HAND_OVER)
    now = application.standing
    if now is None:
        raise RuleError("有効な証明書がありません。", "先に発行してください。", detail="E-STATE")
    if application.needs_reissue:
        raise RuleError("新しい判定と違う証明書です。", "書損にして、発行し直してください。", detail="E-STALE")
    if not signed:
        raise RuleError("受領の署名か印が要ります。", "交付台帳に署名をもらってください。")
    yield ev.HandedOver(subject=application.number, scope=scope, number=now.number, received_by=by, signed=True,
                        handed_on=today.isoformat())


def content_text(disaster: Disaster, number: str, application: Application, grade: Grade | None, on: str) -> str:
    """What the keyed check of a certificate stands for: number, disaster, kind, grade, house, day."""
    parts = (number, disaster.code, application.what.value, grade.value if grade else "",
             application.binding.house or application.binding.address, on)
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def _short(iso: str) -> str:
    return wareki(dt.date.fromisoformat(iso)) if iso else ""
