"""What holds now: each holder's number, each range's stock, each day's list, each card's binding."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.words import Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """Somebody with a 図書番号, as last seen. `reason`: what changed last, "" for what nobody is told."""

    addressee_no: str
    number: str
    standing: Standing
    name: str = ""
    address: str = ""
    valid_until: str = ""
    web_use: bool = False
    protected: bool = False
    reason: str = ""
    by_register: bool = False
    since: str = ""
    user_id: str = ""
    reception_no: str = ""
    event_no: str = ""
    """Number of the latest event, to see whether a list holds it."""
    at_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """One range. `last`: the greatest number that was taken."""

    first: str
    last: str
    taken: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DayList:
    """One list that was written."""

    day: str
    list_seq: int
    output_at: str
    covers: tuple[str, ...]
    pdf_sha256: str
    csv_sha256: str
    register_as_of: str = ""
    fictitious: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """One card at the library."""

    token: str
    user_id: str
    number: str
    branch: str
    standing: Standing
    reason: str = ""
    bound_ms: int = 0


def apply_holder(now: Holder | None, recorded: Recorded) -> Holder | None:
    """The holder after one more event."""
    event = recorded.event
    match event:
        case ev.HolderKnown():
            return Holder(addressee_no=event.subject, number=event.number, standing=Standing.KNOWN,
                          valid_until=event.valid_until, event_no=recorded.number, at_ms=recorded.at_ms)
        case ev.NumberIssued() | ev.NumberRenewed():
            return Holder(addressee_no=event.subject, number=event.number, standing=Standing.ISSUED, name=event.name,
                          address=event.address, valid_until=event.valid_until, web_use=event.web_use,
                          protected=event.protected, user_id=event.user_id, reception_no=event.reception_no,
                          event_no=recorded.number, at_ms=recorded.at_ms)
        case ev.HolderChanged() if now is not None:
            standing = Standing.SUSPENDED if event.suspended else (
                Standing.KNOWN if now.standing is Standing.KNOWN else Standing.ISSUED)
            return replace(now, standing=standing, name=event.name, address=event.address, web_use=event.web_use,
                           protected=event.protected, reason=event.what, by_register=event.by_register,
                           since=event.since, event_no=recorded.number, at_ms=recorded.at_ms)
    return now


def apply_stock(now: Stock | None, recorded: Recorded) -> Stock | None:
    """The range after one more number."""
    event = recorded.event
    if not isinstance(event, ev.NumberTaken):
        return now
    taken, last = (now.taken, now.last) if now else (0, "")
    return Stock(first=event.subject, last=max(last, event.number), taken=taken + 1)


def apply_list(now: DayList | None, recorded: Recorded) -> DayList | None:
    """A day is listed once; should two journals meet, the first stands."""
    event = recorded.event
    if now is not None or not isinstance(event, ev.ListWritten):
        return now
    return DayList(day=event.subject, list_seq=event.list_seq, output_at=event.output_at, covers=event.covers,
                   pdf_sha256=event.pdf_sha256, csv_sha256=event.csv_sha256, register_as_of=event.register_as_of,
                   fictitious=event.fictitious)


def apply_binding(now: Binding | None, recorded: Recorded) -> Binding | None:
    """The card's binding after one more event."""
    event = recorded.event
    match event:
        case ev.CardBound():
            return Binding(token=event.subject, user_id=event.user_id, number=event.number, branch=event.branch,
                           standing=Standing.BOUND, bound_ms=recorded.at_ms)
        case ev.BindingReleased() if now is not None:
            return replace(now, standing=Standing.RELEASED, reason=event.reason)
        case ev.BindingSuspended() if now is not None:
            return replace(now, standing=Standing.SUSPENDED, reason=event.reason)
        case ev.BindingResumed() if now is not None:
            return replace(now, standing=Standing.BOUND, reason="")
    return now


HOLDERS = Ledger("library_holders", (ev.HolderKnown, ev.NumberIssued, ev.NumberRenewed, ev.HolderChanged), Holder,
                 apply_holder)
STOCKS = Ledger("library_stocks", (ev.NumberTaken,), Stock, apply_stock)
LISTS = Ledger("library_lists", (ev.ListWritten,), DayList, apply_list)
BINDINGS = Ledger("library_bindings", (ev.CardBound, ev.BindingReleased, ev.BindingSuspended, ev.BindingResumed),
                  Binding, apply_binding)

LEDGERS = (HOLDERS, STOCKS, LISTS, BINDINGS)
LOOSE: tuple[type[Event], ...] = (ev.LoansCounted, ev.LibraryLoaded)
