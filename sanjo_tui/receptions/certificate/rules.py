"""What may be recorded of an application, and which events follow (docs/disaster-certificates.md §3, R1 to R9).

Pure: no clock, no database, no screen. `detail` of a refusal is its code: E-DUP, E-PENDING, E-STATE, E-BINDING ...
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate.disaster import Disaster
from sanjo_tui.receptions.certificate.records import Application, Opening
from sanjo_tui.receptions.certificate.state import later
from sanjo_tui.receptions.certificate.words import Act, Applicant, Grade, Kind, Method, SelfRule, State, Tenure
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy
from sanjo_tui.register.houses.values import Survey
from sanjo_tui.wareki import wareki

GRADES = {grade.label: grade for grade in Grade}
"""By the words of surveys.csv."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What the desk asks beyond what the register says; each field as in events.Applied."""

    what: Kind = Kind.GRADE
    consultation: bool = False
    applicant: Applicant = Applicant.HEAD
    agent_name: str = ""
    proxy_doc: str = ""
    method: Method = Method.SURVEY
    self_rule: SelfRule | None = None
    consent: bool = False
    photos: int = 0
    photo_note: str = ""
    flood_cm: int | None = None
    damage_note: str = ""
    tenure: Tenure | None = None
    present_place: str = ""
    phone: str = ""
    copies: int = 1
    purpose: str = ""
    ledger_consent: bool | None = None
    residence_proof: str = ""
    residence_confirmed_by: str = ""
    verified_by: VerifiedBy = VerifiedBy.CARD_FACE
    identified_by: IdentifiedBy = IdentifiedBy.CARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Household:
    """Who lived together on the day of the disaster. `registered`: the pinned register has the applicant then."""

    key: str
    applicant_no: str
    applicant_name: str
    head_no: str = ""
    head_name: str = ""
    head_address: str = ""
    members: tuple[ev.Person, ...] = ()
    registered: bool = True


def must_be_begun(opening: Opening | None) -> Opening:
    """The disaster, open or closed; what was received before its end goes on after it."""
    if opening is None:
        raise RuleError("受付を始めた災害がありません。", "F2 か sanjo-tui certificate open で始めてください。")
    return opening


def must_be_open(opening: Opening | None) -> Opening:
    """The disaster whose applications are received; without one nothing can be."""
    opening = must_be_begun(opening)
    if not opening.is_open:
        raise RuleError(f"{opening.name}の受付は終わっています。", "交付と再交付は F8 その他から行えます。")
    return opening


def must_know(application: Application | None, number: str) -> Application:
    """The application with this number."""
    if application is None:
        raise RuleError(f"{number} の申請はありません。", "受付番号を確かめてください。")
    return application


def must_be_possible(application: Application, act: Act) -> None:
    """Raises RuleError where the table of states does not allow the act."""
    if not application.may(act):
        raise RuleError(f"この申請は「{application.state.label}」なので、{act.label}はできません。",
                        next_step(application), detail="E-STATE")


def next_step(application: Application) -> str:
    """What can be done with it now, for a person."""
    match application.state:
        case State.CONSULTED:
            return "相談だけの記録です。申請するときは、もう一度カードから始めます。"
        case State.APPLIED:
            return "被災届出証明書を発行できます。"
        case State.SELF_REVIEW:
            return "写真を見て、自己判定を承認するか、調査に回してください。"
        case State.WAITING | State.SURVEYED:
            return "調査と判定を待っています。判定のデータを取り込むと発行できます。"
        case State.DECIDED:
            return "証明書を発行できます。"
        case State.PREPARED:
            return "証明書を渡すか、書き損じなら書損にしてください。"
        case State.HANDED:
            return "渡し終えています。再発行か再調査の申請ができます。"
        case State.RESURVEY:
            return "再調査の結果を待っています。"
        case State.REDECIDED:
            return "新しい判定で再交付してください。"
        case State.REFUSED:
            return "被災届出証明書なら申請できます。"
        case State.WITHDRAWN:
            return "取り下げられています。もう一度申請できます。"


def window(disaster: Disaster, today: dt.date) -> str:
    """What to say where today is outside the window of applications; "" within it."""
    if today < disaster.apply_from:
        return f"受付は{wareki(disaster.apply_from)}からです"
    return f"受付期間は{wareki(disaster.apply_to)}までです" if today > disaster.apply_to else ""


def apply_for(disaster: Disaster, number: str, household: Household, binding: ev.Binding, asked: Asked, *,
              today: dt.date, earlier: Iterable[Application] = (), surveys: Sequence[Survey] = (),
              user_id: str = "", snapshot_id: str = "") -> Iterator[Event]:
    """申請受付 or 相談: the number, the application, and the survey where it is there already (R1 to R5).

    `earlier`: the household's applications so far. Raises RuleError.
    """
    if not asked.consultation:
        _possible(disaster, household, binding, asked, today)
        _once(binding, asked.what, earlier)
    waiting = asked.what is Kind.GRADE and not asked.consultation
    expected = today + dt.timedelta(days=disaster.survey_days) if waiting and asked.method is Method.SURVEY else None
    yield ev.Numbered(subject=number, scope=disaster.scope)
    yield ev.Applied(
        subject=number, scope=disaster.scope, reception_no=number, identified_by=asked.identified_by,
        verified_by=asked.verified_by, user_id=user_id, snapshot_id=snapshot_id, consultation=asked.consultation,
        what=asked.what, household=household.key, applicant_no=household.applicant_no, applicant=asked.applicant,
        applicant_name=household.applicant_name, agent_name=asked.agent_name, proxy_doc=asked.proxy_doc,
        head_no=household.head_no, head_name=household.head_name, head_address=household.head_address,
        members=household.members, binding=binding, method=asked.method, self_rule=asked.self_rule,
        consent=asked.consent, photos=asked.photos, photo_note=asked.photo_note, flood_cm=asked.flood_cm,
        damage_note=asked.damage_note, tenure=asked.tenure, present_place=asked.present_place, phone=asked.phone,
        copies=asked.copies, purpose=asked.purpose, ledger_consent=asked.ledger_consent,
        residence_proof=asked.residence_proof, residence_confirmed_by=asked.residence_confirmed_by,
        applied_on=today.isoformat(), expected_on=expected.isoformat() if expected else "")
    if waiting:
        yield from surveys_taken(disaster, number, binding.house, surveys)


def _once(binding: ev.Binding, what: Kind, earlier: Iterable[Application]) -> None:
    """R3."""
    for one in earlier:
        if one.is_open and one.state is not State.CONSULTED and one.what is what and same_house(one.binding, binding):
            raise RuleError(f"同じ世帯と家屋の申請が、もうあります（{one.number}）。", "その申請を開いてください。",
                            detail="E-DUP")


def _possible(disaster: Disaster, household: Household, binding: ev.Binding, asked: Asked, today: dt.date) -> None:
    if asked.what not in disaster.kinds:
        raise RuleError(f"この災害では、{asked.what.label}を出しません。", "証明の種類を選び直してください。")
    if closed := window(disaster, today):
        raise RuleError(f"{closed}。", "責任者に相談してください。相談としてなら記録できます。", detail="E-WINDOW")
    if not household.registered and not (asked.residence_proof and asked.residence_confirmed_by):
        raise RuleError("災害の日の住基に、この方がいません。",
                        "住んでいたことを示す書類と、もう一人の職員の確認が要ります。", detail="E-RESIDENCE")
    if not binding.house and not binding.address:
        raise RuleError("家屋が決まっていません。", "候補から選ぶか、所在地を入れてください。", detail="E-BINDING")
    if asked.what is Kind.GRADE and binding.house and not disaster.is_dwelling(binding.use):
        raise RuleError(f"住家ではない家屋です（{binding.use or '用途なし'}）。",
                        "罹災証明書は住家だけです。被災届出証明書なら申請できます。", detail="E-DWELLING")
    if asked.applicant is Applicant.AGENT and not (asked.agent_name and asked.proxy_doc):
        raise RuleError("代理人の氏名と、委任状の確認が要ります。", "委任状の用紙は F5 書類で印刷できます。")
    if not 1 <= asked.copies <= 20:
        raise RuleError("通数は 1 から 20 までです。", "通数を入れ直してください。")
    if asked.what is Kind.GRADE and asked.method is Method.SELF:
        if asked.self_rule is None or asked.photos < 1:
            raise RuleError("自己判定には、写真と、ア・イ・ウのどれかが要ります。",
                            "写真がなければ調査にします。",
                            detail="E-PHOTO")
        if asked.self_rule is SelfRule.MINOR and not asked.consent:
            raise RuleError("ウの自己判定には、準半壊に至らないことへの同意が要ります。",
                            "同意がなければ調査にします。",
                            detail="E-CONSENT")
        if asked.self_rule is SelfRule.FLOOD and (disaster.flood is None or asked.flood_cm is None):
            raise RuleError("イの自己判定には、床上の浸水の深さが要ります。",
                            "深さが分からなければ調査にしてください。",
                            detail="E-FLOOD")


def same_house(one: ev.Binding, other: ev.Binding) -> bool:
    """Whether two bindings mean the same house."""
    return one.house == other.house if one.house or other.house else one.address == other.address


# --- binding (R2)


def rebind(application: Application, scope: str, binding: ev.Binding,
           earlier: Iterable[Application] = ()) -> Iterator[Event]:
    """Another house. Only before a certificate was issued, or after it was made void; `earlier` as in apply_for."""
    must_be_possible(application, Act.REBIND)
    _once(binding, application.what, (one for one in earlier if one.number != application.number))
    if application.standing is not None:
        raise RuleError("有効な証明書があります。", "先に書損にしてください。", detail="E-STATE")
    if application.binding == binding:
        return
    yield ev.Rebound(subject=application.number, scope=scope, household=application.household, what=application.what,
                     before=application.binding, binding=binding)


def confirm(application: Application, scope: str, second: str) -> Iterator[Event]:
    """A second operator confirms a house that was bound by hand."""
    must_be_possible(application, Act.CONFIRM)
    if not application.needs_second:
        return
    yield ev.BindingConfirmed(subject=application.number, scope=scope, house=application.binding.house,
                              confirmed_by=second)


# --- judgement (R4, R5)


def judged_of(survey: Survey) -> ev.Judged | None:
    """What a row of surveys.csv says; None while it has no grade."""
    grade = GRADES.get(survey.grade)
    if grade is None:
        return None
    return ev.Judged(grade=grade, stage=survey.stage, survey_no=survey.survey_no, surveyed_on=survey.date,
                     decided_on=survey.decided_on, ratio=survey.ratio, method=survey.method, own=bool(survey.unit))


def surveys_taken(disaster: Disaster, number: str, house: str, surveys: Sequence[Survey],
                  decided: ev.Judged | None = None, waiting: ev.Judged | None = None) -> Iterator[Event]:
    """判定取込 of the bound house's surveys: those that say something new; nothing where nothing changes.

    `decided` and `waiting`: what the application knows so far.
    """
    for survey in sorted(surveys, key=lambda s: (s.stage, bool(s.unit), s.survey_no)):
        judged = judged_of(survey)
        if judged is None or survey.disaster != disaster.code:
            continue
        if judged.decided_on:
            if not later(judged, decided):
                continue
            decided = judged
        elif (decided is not None and judged.stage <= decided.stage) or not later(judged, waiting):
            continue
        else:
            waiting = judged
        yield ev.SurveyTaken(subject=number, scope=disaster.scope, judged=judged, house=house)


def expect(application: Application, scope: str, day: dt.date, today: dt.date) -> Iterator[Event]:
    """予定日."""
    must_be_possible(application, Act.EXPECT)
    if day < today:
        raise RuleError("予定日が今日より前です。", "日付を確かめてください。")
    yield ev.Expected(subject=application.number, scope=scope, expected_on=day.isoformat())


def proposed_grade(disaster: Disaster, application: Application) -> Grade | None:
    """The grade that a self-assessment asks for: ア 全壊, イ by depth, ウ the mildest."""
    match application.self_rule:
        case SelfRule.QUAKE:
            return Grade.TOTAL
        case SelfRule.FLOOD if disaster.flood is not None and application.flood_cm is not None:
            return disaster.flood.grade(application.flood_cm)
        case SelfRule.MINOR if application.consent:
            return Grade.PARTIAL
    return None


def accept_self(disaster: Disaster, application: Application, today: dt.date) -> Iterator[Event]:
    """自己判定の承認 (R4): photographs were looked at, and for ウ the consent is there."""
    must_be_possible(application, Act.SELF_ACCEPT)
    grade = proposed_grade(disaster, application)
    if grade is None or application.photos < 1:
        raise RuleError("写真か同意が足りません。", "調査に回してください。", detail="E-CONSENT")
    judged = ev.Judged(grade=grade, stage=0, decided_on=today.isoformat(), surveyed_on=today.isoformat(),
                       method="自己判定")
    yield ev.SelfAnswered(subject=application.number, scope=disaster.scope, accepted=True, judged=judged)


def reject_self(disaster: Disaster, application: Application, reason: str, today: dt.date) -> Iterator[Event]:
    """The photographs do not show enough: a survey follows, and its date is told."""
    must_be_possible(application, Act.SELF_REJECT)
    yield ev.SelfAnswered(subject=application.number, scope=disaster.scope, accepted=False, reason=reason)
    yield ev.Expected(subject=application.number, scope=disaster.scope,
                      expected_on=(today + dt.timedelta(days=disaster.survey_days)).isoformat())


# --- what ends or begins again


def withdraw(application: Application, scope: str, reason: str) -> Iterator[Event]:
    """取下. With a valid certificate only after it was made void."""
    must_be_possible(application, Act.WITHDRAW)
    yield ev.Withdrawn(subject=application.number, scope=scope, reason=_reason(reason), household=application.household,
                       what=application.what, binding=application.binding)


def refuse(application: Application, scope: str, reason: str) -> Iterator[Event]:
    """不交付."""
    must_be_possible(application, Act.REFUSE)
    yield ev.Refused(subject=application.number, scope=scope, reason=_reason(reason), household=application.household,
                     what=application.what, binding=application.binding)


def ask_resurvey(disaster: Disaster, application: Application, reason: str, today: dt.date) -> Iterator[Event]:
    """再調査の申請, within the days after the certificate."""
    must_be_possible(application, Act.ASK_RESURVEY)
    if application.what is not Kind.GRADE:
        raise RuleError("被災届出証明書には、再調査はありません。", "内容が違うときは、書損にして出し直します。")
    since = application.standing.issued_on if application.standing else application.applied_on
    last = dt.date.fromisoformat(since) + dt.timedelta(days=disaster.resurvey_days)
    if today > last:
        raise RuleError(f"再調査の申請は{wareki(last)}まででした。", "責任者に相談してください。", detail="E-WINDOW")
    yield ev.ResurveyAsked(subject=application.number, scope=disaster.scope, reason=_reason(reason),
                           asked_on=today.isoformat())


def drop_resurvey(application: Application, scope: str, reason: str) -> Iterator[Event]:
    """再調査の取下."""
    must_be_possible(application, Act.DROP_RESURVEY)
    yield ev.ResurveyDropped(subject=application.number, scope=scope, reason=_reason(reason))


def _reason(reason: str) -> str:
    if not reason.strip():
        raise RuleError("理由を入れてください。", "例: 本人の申出")
    return reason.strip()
