"""What holds now: each person's number, and what is left of each range."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.userid import events as ev
from sanjo_tui.receptions.userid.words import IN_USE, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody with a number. `user_id` is the one in use, "" before the first; `pending` the one under way, or "".

    `trouble`: outcome of the last write that did not end well. `before`: numbers that were replaced.
    """

    addressee_no: str
    user_id: str = ""
    status: Status = Status.RESERVED
    pending: str = ""
    pending_status: Status = Status.RESERVED
    trouble: str = ""
    by_tool: bool = False
    carried: bool = False
    before: tuple[str, ...] = ()
    known: bool = False
    """Brought by the register: its consent is not known here."""
    consent_version: str = ""
    consent_on: str = ""
    consent_scope: tuple[str, ...] = ()
    pending_consent: tuple[str, str, tuple[str, ...]] = ("", "", ())
    links: tuple[tuple[str, str], ...] = ()
    valid_until: str = ""
    pending_until: str = ""
    reason: str = ""
    since: str = ""
    by_register: bool = False
    reception_no: str = ""
    operator: str = ""
    at_ms: int = 0
    issued_ms: int = 0

    @property
    def in_use(self) -> bool:
        """A card with the number opens this person."""
        return bool(self.user_id) and self.status in IN_USE

    @property
    def live(self) -> bool:
        """There is a number, also a suspended one."""
        return bool(self.user_id) and self.status in (*IN_USE, Status.SUSPENDED)

    @property
    def shown(self) -> Status:
        """What to say of it: what is under way, else what holds."""
        return self.pending_status if self.pending else self.status


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One range. `last`: the greatest number that was taken."""

    first: str
    last: str
    taken: int


def apply_holder(now: Holder | None, recorded: Recorded) -> Holder | None:
    """The holder after one more event."""
    event, at, who = recorded.event, recorded.at_ms, recorded.operator
    match event:
        case ev.IdKnown():
            return Holder(addressee_no=event.subject, user_id=event.number, status=Status.VERIFIED, known=True,
                          valid_until=event.valid_until, at_ms=at, operator=who)
        case ev.IdReserved():
            base = now or Holder(addressee_no=event.subject)
            return replace(base, pending=event.number, pending_status=Status.RESERVED, trouble="",
                           by_tool=event.by_tool, carried=event.carried, pending_until=event.valid_until,
                           pending_consent=(event.consent_version, event.consent_on, event.consent_scope),
                           reception_no=event.reception_no, at_ms=at, operator=who)
    if now is None:
        return None
    match event:
        case ev.CardTried() if event.number == now.pending:
            written = event.touched or event.outcome == "already" or now.pending_status is Status.WRITTEN
            return replace(now, pending_status=Status.WRITTEN if written else Status.RESERVED,
                           trouble="" if event.outcome in ("written", "already") else event.outcome, at_ms=at)
        case ev.IdVerified() if event.number == now.pending:
            version, on, scope = now.pending_consent
            old = (now.user_id,) if now.user_id and now.user_id != now.pending else ()
            return replace(now, user_id=now.pending, pending="", trouble="", before=(*now.before, *old), known=False,
                           status=Status.LINKED if now.links else Status.VERIFIED, consent_version=version,
                           consent_on=on, consent_scope=scope, valid_until=now.pending_until, reason="", since="",
                           by_register=False, at_ms=at, issued_ms=at, operator=who)
        case ev.IdLinked():
            rest = tuple(pair for pair in now.links if pair[0] != event.system)
            links = (*rest, (event.system, event.other)) if event.other else rest
            status = now.status if now.status not in IN_USE else Status.LINKED if links else Status.VERIFIED
            return replace(now, links=links, status=status, at_ms=at)
        case ev.ConsentChanged():
            return replace(now, consent_version=event.consent_version, consent_on=event.consent_on,
                           consent_scope=event.consent_scope, known=False, at_ms=at)
        case ev.IdSuspended():
            return replace(now, status=Status.SUSPENDED, reason=event.reason, since=event.since,
                           by_register=event.by_register, at_ms=at)
        case ev.IdResumed():
            return replace(now, status=Status.LINKED if now.links else Status.VERIFIED, reason="", since="",
                           by_register=False, at_ms=at)
        case ev.ConsentWithdrawn():
            return replace(now, status=Status.REVOKED, pending="", reason=event.reason, consent_scope=(), at_ms=at,
                           before=(*now.before, now.user_id), user_id="")
        case ev.IdAbandoned():
            return replace(now, pending="", trouble="", reason=event.reason, at_ms=at,
                           status=now.status if now.user_id else Status.ABANDONED)
    return now


def apply_stock(now: Stock | None, recorded: Recorded) -> Stock | None:
    """The range after one more number."""
    event = recorded.event
    if not isinstance(event, ev.IdTaken):
        return now
    taken, last = (now.taken, now.last) if now else (0, "")
    return Stock(first=event.subject, last=max(last, event.number), taken=taken + 1)


HOLDERS = Ledger("userid_holders", (ev.IdKnown, ev.IdReserved, ev.CardTried, ev.IdVerified, ev.IdLinked,
                                    ev.ConsentChanged, ev.IdSuspended, ev.IdResumed, ev.ConsentWithdrawn,
                                    ev.IdAbandoned), Holder, apply_holder)
STOCKS = Ledger("userid_stocks", (ev.IdTaken,), Stock, apply_stock)

LEDGERS = (HOLDERS, STOCKS)
LOOSE: tuple[type[Event], ...] = (ev.UserIdLoaded,)
