"""Somebody whose record is open on the desk, and what to say of the card they came with."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.receptions.shelter.words import Via

if TYPE_CHECKING:
    from sanjo_tui.register.people import CardLink, Household


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody whose record is open on the desk. `household` holds only those whom this tap may show."""

    who: str
    household: Household | None
    household_key: str
    via: Via = Via.SEARCH
    assurance: str = ""
    notes: tuple[str, ...] = ()
    link: CardLink | None = None
    """The card's entry in the register, where it has one."""


def card_notes(link: CardLink, today: dt.date) -> tuple[str, ...]:
    """What to say of a card that is not in order; shelters receive its holder all the same."""
    if link.status == "revoked":
        return ("失効したカードです。顔を確かめてください",)
    if link.status == "suspended":
        return ("停止中のカードです。顔を確かめてください",)
    if link.expired_on(today):
        return ("期限が切れたカードです。顔を確かめてください",)
    return ()
