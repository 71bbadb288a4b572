"""What holds now: each holder's cards, the present one last."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare.words import ENDED, FOLLOWING, Place, Role, Status


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """One card. Dates `YYYY-MM-DD`; `what`, `todo`, `since`: what a new register asks about it, "" for nothing."""

    card_no: str
    status: Status
    role: Role
    household_no: str
    children: tuple[ev.Child, ...]
    needed: int
    valid_until: str
    reception_no: str
    place: Place = Place.HOUSEHOLD
    confirmed: str = ""
    applied_ms: int = 0
    counted_ms: int = 0
    """When the children were counted last: application or renewal."""
    photo: str = ""
    printed_ms: int = 0
    batch: str = ""
    handed_ms: int = 0
    ended_ms: int = 0
    reason: str = ""
    what: str = ""
    todo: str = ""
    since: str = ""
    seq: str = ""
    """Number of the latest event."""

    @property
    def live(self) -> bool:
        """Not ended: it takes the holder's one place, also while it is lost."""
        return self.status not in ENDED

    def usable_on(self, day: dt.date) -> bool:
        """Whether a shop may honour it: handed over, and its last day not over."""
        return self.status is Status.HANDED and day.isoformat() <= self.valid_until

    def may(self, status: Status) -> bool:
        """Whether the transition table lets this follow."""
        return status in FOLLOWING[self.status]


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """Everything one person ever had, the present card last."""

    addressee_no: str
    cards: tuple[Card, ...] = ()

    @property
    def card(self) -> Card | None:
        """The present card, if there is a live one."""
        return next((card for card in reversed(self.cards) if card.live), None)

    @property
    def doubles(self) -> tuple[Card, ...]:
        """Live cards beside the present one: two stations gave one each and met later."""
        return tuple(card for card in self.cards if card.live and card is not self.card)


def apply(now: Holding | None, recorded: Recorded) -> Holding | None:
    """The holding after one more event."""
    event, at, number = recorded.event, recorded.at_ms, recorded.number
    if isinstance(event, ev.Applied):
        card = Card(card_no=event.card_no, status=Status.APPLIED, role=event.role, household_no=event.household_no,
                    children=event.children, needed=event.needed, valid_until=event.valid_until,
                    reception_no=event.reception_no, place=event.place, confirmed=event.confirmed, applied_ms=at,
                    counted_ms=at, seq=number)
        return Holding(addressee_no=event.subject, cards=(*(now.cards if now else ()), card))
    if now is None or not now.cards:
        return now
    number_of = event.old_card_no if isinstance(event, ev.CardReissued) else getattr(event, "card_no", "")
    place = next((n for n, one in enumerate(now.cards) if one.card_no == number_of), None)
    if place is None:
        return now
    past, card, later = now.cards[:place], now.cards[place], now.cards[place + 1:]
    if isinstance(event, ev.CardReissued):
        old = replace(card, status=Status.REISSUED, ended_ms=at, what="", todo="", since="")
        new = replace(card, card_no=event.card_no, status=Status.PHOTOGRAPHED if card.photo else Status.APPLIED,
                      children=event.children, valid_until=event.valid_until, reception_no=event.reception_no,
                      applied_ms=at, counted_ms=at, printed_ms=0, batch="", handed_ms=0, reason="", what="", todo="",
                      since="", seq=number)
        return replace(now, cards=(*past, old, new, *later))
    return replace(now, cards=(*past, replace(_changed(card, event, at), seq=number), *later))


def _changed(card: Card, event: Event, at: int) -> Card:
    """A card after an event of it."""
    match event:
        case ev.PhotoTaken():
            return replace(card, status=Status.PHOTOGRAPHED, photo=event.sha256)
        case ev.CardPrinted():
            return replace(card, status=Status.PRINTED, printed_ms=at, batch=event.batch)
        case ev.CardHanded():
            return replace(card, status=Status.HANDED, handed_ms=at)
        case ev.CardLost():
            return replace(card, status=Status.LOST, reason=event.reason)
        case ev.CardRenewed():
            again = event.new_card and card.status in (Status.PRINTED, Status.HANDED)
            status = Status.PHOTOGRAPHED if again else card.status
            return replace(card, status=status, children=event.children, household_no=event.household_no,
                           valid_until=event.valid_until, counted_ms=at, what="", todo="", since="")
        case ev.CardReturned():
            return replace(card, status=Status.RETURNED, ended_ms=at, reason=event.reason, what="", todo="", since="")
        case ev.CardExpired():
            return replace(card, status=Status.EXPIRED, ended_ms=at, reason="期限切れ", what="", todo="", since="")
        case ev.CardQuestioned():
            return replace(card, what=event.what, todo=event.todo, since=event.since)
        case ev.CardSettled():
            return replace(card, what="", todo="", since="", reason=event.reason)
    return card


CARDS = Ledger("childcare_cards", (ev.Applied, ev.PhotoTaken, ev.CardPrinted, ev.CardHanded, ev.CardLost,
                                   ev.CardReissued, ev.CardRenewed, ev.CardReturned, ev.CardExpired,
                                   ev.CardQuestioned, ev.CardSettled), Holding, apply)
LEDGERS = (CARDS,)
LOOSE: tuple[type[Event], ...] = (ev.NumberTaken, ev.BatchMade, ev.SetupLoaded, ev.PhotosErased)
