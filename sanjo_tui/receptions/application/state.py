"""What holds now, folded from events: each application and each batch. The transition table is the rule book.

`apply` is total: an act out of place changes nothing, so that journals that were joined give one state.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application.words import Act, Channel, Defect, Identity, Method, Point, State, Ward
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.wareki import JST

TRANSITIONS: Mapping[State, Mapping[Act, State]] = {
    State.BOOKED: {Act.ARRIVE: State.ARRIVED, Act.MOVE: State.BOOKED, Act.CANCEL: State.CANCELLED,
                   Act.MISS: State.NO_SHOW},
    State.ARRIVED: {Act.PHOTOGRAPH: State.PHOTOGRAPHED, Act.CANCEL: State.CANCELLED},
    State.PHOTOGRAPHED: {Act.PHOTOGRAPH: State.PHOTOGRAPHED, Act.FILL: State.FORM_READY, Act.CANCEL: State.CANCELLED},
    State.FORM_READY: {Act.PHOTOGRAPH: State.FORM_READY, Act.FILL: State.FORM_READY, Act.SIGN: State.SIGNED,
                       Act.CANCEL: State.CANCELLED},
    State.SIGNED: {Act.PHOTOGRAPH: State.FORM_READY, Act.FILL: State.FORM_READY, Act.SEND: State.SENT,
                   Act.CANCEL: State.CANCELLED},
    State.SENT: {Act.RETURN: State.RETURNED, Act.NOTIFY: State.NOTIFIED, Act.DELIVER: State.DELIVERED},
    State.RETURNED: {Act.PHOTOGRAPH: State.PHOTOGRAPHED, Act.FILL: State.FORM_READY, Act.CANCEL: State.CANCELLED},
    State.NOTIFIED: {Act.DELIVER: State.DELIVERED, Act.CANCEL: State.CANCELLED},
    State.DELIVERED: {},
    State.CANCELLED: {},
    State.NO_SHOW: {},
}
"""State -> what may be done -> the state after it. Everything else is refused (rules.must)."""

ENDED = frozenset({State.DELIVERED, State.CANCELLED, State.NO_SHOW})
"""Nothing follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A change of the register about the applicant."""

    what: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application as it stands. Times in UTC milliseconds, dates `YYYY-MM-DD`."""

    number: str
    state: State
    applicant_no: str
    person: ev.Person
    place: str
    slot: str
    seat: int
    channel: Channel
    phone: str = ""
    booked_ms: int = 0
    arrived_ms: int = 0
    verified_by: VerifiedBy | None = None
    photo_sha256: str = ""
    photo_points: tuple[Point, ...] = ()
    photo_checked_by: str = ""
    photo_none: bool = False
    application_form_id: str = ""
    form_key: str = ""
    reissue: bool = False
    """要再発行: the form names what the register no longer says."""
    filled_on: str = ""
    method: Method = Method.ON_RECEIPT
    id_documents: Identity | None = None
    ward: Ward = Ward.NONE
    representative: str = ""
    relation: str = ""
    sign: bool = True
    auth: bool = True
    braille_name: bool = False
    leaving: bool = False
    batch: str = ""
    sent_on: str = ""
    defect: Defect | None = None
    defect_note: str = ""
    notice_sent_on: str = ""
    delivered_on: str = ""
    ended_reason: str = ""
    ended_on: str = ""
    changes: tuple[Noted, ...] = ()
    operator: str = ""

    @property
    def is_open(self) -> bool:
        """Neither delivered nor ended."""
        return self.state not in ENDED

    @property
    def seat_key(self) -> str:
        """The subject of its seat's claim, or ""."""
        return ev.seat_of(self.place, self.slot, self.seat)

    def may(self, act: Act) -> bool:
        """Whether the table allows it now."""
        return act in TRANSITIONS[self.state]

    def after(self, act: Act) -> State:
        """The state after an act; an act out of place changes nothing."""
        return TRANSITIONS[self.state].get(act, self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A batch that was closed."""

    number: str
    sent_on: str
    numbers: tuple[str, ...]
    operator: str = ""


def apply(now: Application | None, recorded: Recorded) -> Application | None:
    """One more event of an application."""
    event = recorded.event
    if isinstance(event, ev.Booked):
        return now if now is not None else _booked(event, recorded)
    if now is None:
        return None                                        # what it belongs to was taken back
    act = ACTS.get(type(event))
    if isinstance(event, ev.Ended):
        act = Act.MISS if event.no_show else Act.CANCEL
    if act is not None and not now.may(act):
        return now
    after = now.after(act) if act is not None else now.state
    match event:
        case ev.Moved():
            return replace(now, place=event.place, slot=event.slot, seat=event.seat)
        case ev.Arrived():
            return replace(now, state=after, arrived_ms=recorded.at_ms, verified_by=event.verified_by)
        case ev.Photographed():
            return replace(now, state=after, photo_sha256=event.photo_sha256, photo_points=event.points,
                           photo_checked_by=recorded.operator, photo_none=event.none_needed)
        case ev.FormFilled():
            return _filled(now, event, recorded, after)
        case ev.Signed():
            return replace(now, state=after)
        case ev.Sent():
            return replace(now, state=after, batch=event.batch, sent_on=event.sent_on)
        case ev.Returned():
            return replace(now, state=after, defect=event.defect, defect_note=event.note, batch="", sent_on="")
        case ev.Notified():
            return replace(now, state=after, notice_sent_on=event.notice_sent_on)
        case ev.Delivered():
            return replace(now, state=after, delivered_on=event.delivered_on, ended_on=event.delivered_on)
        case ev.Ended():
            return replace(now, state=after, ended_reason=event.reason, ended_on=event.ended_on)
        case ev.PersonChanged():
            note = Noted(what=event.what, since=event.since)
            changes = now.changes if note in now.changes else (*now.changes, note)
            return replace(now, changes=changes, reissue=now.reissue or event.reissue)
        case ev.ChangeSettled():
            return replace(now, changes=())
    return now


ACTS: Mapping[type[Event], Act] = {
    ev.Moved: Act.MOVE, ev.Arrived: Act.ARRIVE, ev.Photographed: Act.PHOTOGRAPH, ev.FormFilled: Act.FILL,
    ev.Signed: Act.SIGN, ev.Sent: Act.SEND, ev.Returned: Act.RETURN, ev.Notified: Act.NOTIFY,
    ev.Delivered: Act.DELIVER}
"""Which act an event is."""


def _booked(event: ev.Booked, recorded: Recorded) -> Application:
    return Application(
        number=event.subject, state=State.BOOKED, applicant_no=event.applicant_no, person=event.person,
        place=event.place, slot=event.slot, seat=event.seat, channel=event.channel, phone=event.phone,
        booked_ms=recorded.at_ms, operator=recorded.operator)


def _filled(now: Application, event: ev.FormFilled, recorded: Recorded, after: State) -> Application:
    filled = dt.datetime.fromtimestamp(recorded.at_ms / 1000, JST).date()
    return replace(
        now, state=after, person=event.person, application_form_id=event.application_form_id, form_key=event.form_key,
        reissue=False, filled_on=filled.isoformat(), method=event.method,
        id_documents=event.id_documents, ward=event.ward, representative=event.representative,
        relation=event.relation, sign=event.sign, auth=event.auth, braille_name=event.braille_name,
        leaving=event.leaving, defect=None, defect_note="", changes=())


def apply_batch(now: Batch | None, recorded: Recorded) -> Batch | None:
    """A batch is closed once; should two journals meet, the first stands."""
    event = recorded.event
    if now is not None or not isinstance(event, ev.BatchClosed):
        return now
    return Batch(number=event.subject, sent_on=event.sent_on, numbers=event.numbers, operator=recorded.operator)


_OF_APPLICATION: tuple[type[Event], ...] = (
    ev.Booked, ev.Moved, ev.Arrived, ev.Photographed, ev.FormFilled, ev.Signed, ev.Sent, ev.Returned, ev.Notified,
    ev.Delivered, ev.Ended, ev.PersonChanged, ev.ChangeSettled)

APPLICATIONS = Ledger("application_applications", _OF_APPLICATION, Application, apply)
BATCHES = Ledger("application_batches", (ev.BatchClosed,), Batch, apply_batch)

LEDGERS = (APPLICATIONS, BATCHES)
LOOSE: tuple[type[Event], ...] = (ev.SetupLoaded, ev.PhotoErased, ev.NumberGiven)
