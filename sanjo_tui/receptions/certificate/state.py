"""What holds now, folded from events: the disaster, each application, each certificate number.

`apply` is total: journals that were joined may hold what no single desk would have let happen, and still give one
state. What a desk lets happen is asked of transitions.py by rules.py before something is recorded.
"""

from __future__ import annotations

from dataclasses import replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate.records import Application, Certificate, Given, Noted, Opening
from sanjo_tui.receptions.certificate.words import (
    Act,
    Kind,
    Method,
    Standing,
    State,
)


def apply_disaster(now: Opening | None, recorded: Recorded) -> Opening | None:
    """開始 and 終了 of the reception of a disaster."""
    event = recorded.event
    match event:
        case ev.DisasterOpened():
            if now is not None and now.is_open:
                return now                                 # a second laptop of the same journal was quicker
            return Opening(code=event.subject, name=event.name, date=event.date, snapshot_id=event.snapshot_id,
                           snapshot_as_of=event.snapshot_as_of, houses_id=event.houses_id,
                           setup_sha256=event.setup_sha256, opened_ms=recorded.at_ms)
        case ev.DisasterClosed() if now is not None:
            return replace(now, closed_ms=recorded.at_ms)
    return now


def apply_number(now: Given | None, recorded: Recorded) -> Given | None:
    """A number stands for the application it was given to first."""
    event = recorded.event
    if isinstance(event, ev.NumberTaken) and now is None:
        return Given(number=event.subject, application=event.application)
    return now


def apply(now: Application | None, recorded: Recorded) -> Application | None:
    """One more event of an application."""
    event = recorded.event
    if isinstance(event, ev.Applied):
        return _applied(now, event, recorded)
    if now is None:
        return None                                        # what it belongs to was taken back
    match event:
        case ev.Rebound():
            fresh = replace(now, binding=event.binding, state=now.after(Act.REBIND))
            return replace(fresh, judged=None, surveyed=None) if now.standing is None else fresh
        case ev.BindingConfirmed():
            if now.binding.house != event.house:
                return now
            return replace(now, binding=replace(now.binding, confirmed_by=event.confirmed_by))
        case ev.Expected():
            return replace(now, expected_on=event.expected_on)
        case ev.SelfAnswered():
            return _answered(now, event)
        case ev.SurveyTaken():
            return _surveyed(now, event.judged) if event.house == now.binding.house else now
        case ev.Withdrawn():
            return replace(now, state=now.after(Act.WITHDRAW), ended_reason=event.reason)
        case ev.Refused():
            return replace(now, state=now.after(Act.REFUSE), ended_reason=event.reason)
        case ev.ResurveyAsked():
            return replace(now, state=now.after(Act.ASK_RESURVEY), resurvey_reason=event.reason,
                           resurvey_on=event.asked_on)
        case ev.ResurveyDropped():
            return _settled(replace(now, state=now.after(Act.DROP_RESURVEY), resurvey_reason="", resurvey_on=""))
        case ev.Issued():
            return _issued(now, event, recorded)
        case ev.Voided():
            return _voided(now, event, recorded)
        case ev.HandedOver():
            return _handed(now, event)
        case ev.PersonChanged():
            note = Noted(person=event.person, what=event.what, since=event.since)
            return now if note in now.changes else replace(now, changes=(*now.changes, note))
        case ev.ChangeSettled():
            return replace(now, changes=())
    return now


def _applied(now: Application | None, event: ev.Applied, recorded: Recorded) -> Application:
    if event.consultation:
        state = State.CONSULTED
    elif event.what is Kind.REPORT:
        state = State.APPLIED
    else:
        state = State.SELF_REVIEW if event.method is Method.SELF else State.WAITING
    fresh = Application(
        number=event.subject, state=state, what=event.what, household=event.household,
        applicant_no=event.applicant_no, applicant=event.applicant, applicant_name=event.applicant_name,
        head_name=event.head_name, head_no=event.head_no, head_address=event.head_address,
        agent_name=event.agent_name, proxy_doc=event.proxy_doc, members=event.members, binding=event.binding,
        method=event.method, self_rule=event.self_rule, consent=event.consent, photos=event.photos,
        photo_note=event.photo_note, flood_cm=event.flood_cm, damage_note=event.damage_note, tenure=event.tenure,
        present_place=event.present_place, phone=event.phone, copies=event.copies, purpose=event.purpose,
        ledger_consent=event.ledger_consent, residence_proof=event.residence_proof,
        residence_confirmed_by=event.residence_confirmed_by, verified_by=event.verified_by,
        applied_on=event.applied_on, applied_ms=recorded.at_ms, expected_on=event.expected_on,
        operator=recorded.operator)
    return fresh if now is None else now


def _answered(now: Application, event: ev.SelfAnswered) -> Application:
    if not event.accepted or event.judged is None:
        return replace(now, state=now.after(Act.SELF_REJECT), method=Method.SURVEY)
    if now.state is not State.SELF_REVIEW:
        return now
    return replace(now, state=now.after(Act.SELF_ACCEPT), judged=event.judged)


def later(one: ev.Judged, other: ev.Judged | None) -> bool:
    """Whether `one` takes the place of `other`: the later stage, the 住戸's own, the later decision.

    The order is total, so that any order of arrival gives the same decision.
    """
    if other is None:
        return True
    return (one.stage, one.own, one.decided_on, one.surveyed_on, one.survey_no) > (
        other.stage, other.own, other.decided_on, other.surveyed_on, other.survey_no)


def _surveyed(now: Application, judged: ev.Judged) -> Application:
    if not now.is_open or now.state is State.CONSULTED or now.what is Kind.REPORT:
        return now
    if not judged.decided_on:
        if not later(judged, now.surveyed) or (now.judged and judged.stage <= now.judged.stage):
            return now
        return replace(now, surveyed=judged, state=now.after(Act.SURVEY))
    if not later(judged, now.judged):
        return now
    waiting = now.surveyed if now.surveyed and now.surveyed.stage > judged.stage else None
    return _settled(replace(now, judged=judged, surveyed=waiting, state=now.after(Act.DECIDE)))


def _settled(now: Application) -> Application:
    """再判定 that says what the valid certificate says already changes nothing: it stays 交付済."""
    if now.state is State.REDECIDED and not now.needs_reissue and now.standing is not None:
        return replace(now, state=State.HANDED)
    if now.state is State.HANDED and now.needs_reissue:
        return replace(now, state=State.REDECIDED)
    if now.state in (State.HANDED, State.REDECIDED) and now.standing is None:
        return replace(now, state=State.DECIDED)
    return now


def _issued(now: Application, event: ev.Issued, recorded: Recorded) -> Application:
    if any(c.number == event.number for c in now.certificates):
        return now
    made = Certificate(
        number=event.number, what=event.what, grade=event.grade, judged=event.judged, issued_on=event.issued_on,
        issued_ms=recorded.at_ms, operator=recorded.operator, check=event.check, supersedes=event.supersedes,
        again=event.again, copies=event.copies)
    earlier = tuple(
        replace(c, standing=Standing.SUPERSEDED, ended_on_ms=recorded.at_ms,
                reason=event.reason or ("再発行" if event.again else "再調査"))
        if c.number == event.supersedes and c.standing is Standing.VALID else c for c in now.certificates)
    act = Act.SAME_AGAIN if event.again else Act.REISSUE if event.supersedes else Act.ISSUE
    state = now.after(act)
    return replace(now, certificates=(*earlier, made), state=State.PREPARED if now.is_open else state)


def _voided(now: Application, event: ev.Voided, recorded: Recorded) -> Application:
    """The number ends; what it took the place of stays 失効, for its paper was given up."""
    gone = next((c for c in now.certificates if c.number == event.number), None)
    if gone is None or gone.standing is Standing.VOID:
        return now
    certificates = tuple(replace(c, standing=Standing.VOID, reason=event.reason, ended_on_ms=recorded.at_ms)
                         if c.number == event.number else c for c in now.certificates)
    fresh = replace(now, certificates=certificates)
    if now.state not in (State.PREPARED, State.HANDED, State.REDECIDED) or fresh.standing is not None:
        return fresh
    if now.what is Kind.REPORT:
        return replace(fresh, state=State.APPLIED)
    return replace(fresh, state=State.DECIDED if now.judged else State.WAITING)


def _handed(now: Application, event: ev.HandedOver) -> Application:
    certificates = tuple(replace(c, handed_on=event.handed_on, received_by=event.received_by)
                         if c.number == event.number else c for c in now.certificates)
    state = now.after(Act.HAND_OVER)
    return _settled(replace(now, certificates=certificates, state=state))


_OF_APPLICATION: tuple[type[Event], ...] = (
    ev.Applied, ev.Rebound, ev.BindingConfirmed, ev.Expected, ev.SelfAnswered, ev.SurveyTaken, ev.Refused,
    ev.Withdrawn, ev.ResurveyAsked, ev.ResurveyDropped, ev.PersonChanged, ev.ChangeSettled, ev.Issued, ev.Voided,
    ev.HandedOver)

DISASTERS = Ledger("certificate.disaster", (ev.DisasterOpened, ev.DisasterClosed), Opening, apply_disaster,
                   sealed=False)
APPLICATIONS = Ledger("certificate.application", _OF_APPLICATION, Application, apply)
NUMBERS = Ledger("certificate.number", (ev.NumberTaken,), Given, apply_number, sealed=False)

LEDGERS = (DISASTERS, APPLICATIONS, NUMBERS)
LOOSE: tuple[type[Event], ...] = (ev.Numbered,)
