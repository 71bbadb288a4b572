"""What a tapped card may open, by the numbers that are issued or looked after here: asked before the register."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sanjo_tui.errors import UnknownToken
from sanjo_tui.journal.events import Claim
from sanjo_tui.receptions.userid import events as ev
from sanjo_tui.receptions.userid.rules import refusal
from sanjo_tui.receptions.userid.state import HOLDERS, Holder
from sanjo_tui.receptions.userid.words import SCOPE
from sanjo_tui.register.people import CardLink

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View


def holder_of(view: View, user_id: str) -> Holder | None:
    """Whose number this is or was, by what was recorded; None where nobody here knows it."""
    held = view.holder(Claim(ev.ID, user_id))
    found = view.event(*held) if held else None
    event = found.event if found else None
    person = event.person if isinstance(event, ev.IdTaken) else event.subject if event else ""
    return view.record_of(HOLDERS, SCOPE, person) if person else None


class IssuedCards:
    """A `CardWay` of the Desk: a stop or a withdrawn consent counts at the very next tap."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __call__(self, seen: CardSeen, reception: str) -> CardLink | None:
        """The link of a number that is in use; None for one that only the register knows. Raises UnknownToken."""
        if seen.token != "user_id":
            return None
        with self.desk.journal.view() as view:
            holder = holder_of(view, seen.value)
        if holder is None:
            return None
        if (why := refusal(holder, seen.value, reception)) is not None:
            raise UnknownToken(*why)
        return CardLink(seen.value, holder.addressee_no, holder.valid_until, "active")


def watch(desk: Desk) -> None:
    """Let the desk ask; once."""
    if not any(isinstance(way, IssuedCards) for way in desk.card_ways):
        desk.card_ways.append(IssuedCards(desk))
