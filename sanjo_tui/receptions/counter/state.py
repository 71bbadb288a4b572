"""What holds now at the counter: each case and each ticket, folded from their events."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.counter.events import Accepted, Moved, RelatedMarked, TicketGiven, TicketMoved
from sanjo_tui.receptions.counter.words import Include, Related, Requester, Step, Waiting
from sanjo_tui.receptions.identity import VerifiedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One application. Fields as in Accepted; times in milliseconds, UTC."""

    reception_no: str
    procedure: str
    version: str
    person: str
    subjects: tuple[str, ...]
    requester_kind: Requester
    verified_by: VerifiedBy
    answers: dict[str, str]
    requester_name: str = ""
    includes: tuple[Include, ...] = ()
    copies: int = 1
    fee_code: str = ""
    fee: int = 0
    discount: int = 0
    exemption: str = ""
    related: tuple[tuple[str, Related], ...] = ()
    step: Step = Step.ACCEPTED
    accepted_ms: int = 0
    operator: str = ""
    station: str = ""
    snapshot_id: str = ""

    @property
    def open(self) -> bool:
        """Something is still to be done."""
        return self.step in (Step.ACCEPTED, Step.HANDED_OVER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One number ticket. `since_ms`: when its present state began."""

    number: str
    category: str
    state: Waiting
    given_ms: int
    since_ms: int
    window: str = ""


def apply_case(now: Case | None, recorded: Recorded) -> Case | None:
    """The case after one more of its events."""
    match recorded.event:
        case Accepted() as event:
            return Case(
                reception_no=event.reception_no, procedure=event.procedure, version=event.version, person=event.person,
                subjects=event.subjects, requester_kind=event.requester_kind, verified_by=event.verified_by,
                answers=event.answers, requester_name=event.requester_name, includes=event.includes,
                copies=event.copies, fee_code=event.fee_code, fee=event.fee, discount=event.discount,
                exemption=event.exemption, related=event.related, accepted_ms=recorded.at_ms,
                operator=recorded.operator, station=recorded.station, snapshot_id=event.snapshot_id)
        case RelatedMarked() as event if now is not None:
            marked = tuple((code, event.state if code == event.procedure else state) for code, state in now.related)
            return replace(now, related=marked)
        case Moved() as event if now is not None:
            return replace(now, step=event.step)
    return now


def apply_ticket(now: Ticket | None, recorded: Recorded) -> Ticket | None:
    """The ticket after one more of its events."""
    match recorded.event:
        case TicketGiven() as event:
            return Ticket(number=event.subject, category=event.category, state=Waiting.WAITING,
                          given_ms=recorded.at_ms, since_ms=recorded.at_ms)
        case TicketMoved() as event if now is not None:
            return replace(now, state=event.state, since_ms=recorded.at_ms, window=event.window or now.window)
    return now


CASES = Ledger("counter.cases", (Accepted, RelatedMarked, Moved), Case, apply_case)
TICKETS = Ledger("counter.tickets", (TicketGiven, TicketMoved), Ticket, apply_ticket)
LEDGERS = (CASES, TICKETS)
LOOSE: tuple[type[Event], ...] = ()
