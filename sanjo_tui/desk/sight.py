"""What a role without ADDRESS sees of people: the town in place of the address, on screens, paper and in JSON alike."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from sanjo_tui.register.people import MASKED, Found, Hit, Household, Resident
from sanjo_tui.vault.roles import Permission, Who

if TYPE_CHECKING:
    from sanjo_tui.receptions.shelter.events import Seen
    from sanjo_tui.receptions.shelter.state import Presence
    from sanjo_tui.register.roll.elector import Elector, ElectorsFound


def whole(who: Who) -> bool:
    """Whether this person may see addresses (of people who are not protected)."""
    return who.may(Permission.ADDRESS)


def resident(who: Who, one: Resident) -> Resident:
    """Somebody of the register, with lot, building and postal code only for who may see them."""
    return one if whole(who) else replace(one, lot_text="", building="", postal_code="")


def household(who: Who, home: Household) -> Household:
    """A household of the register."""
    return home if whole(who) else replace(home, members=tuple(resident(who, one) for one in home.members))


def found(who: Who, what: Found) -> Found:
    """What a search of the register gave."""
    return what if whole(who) else replace(what, hits=tuple(
        Hit(resident(who, hit.resident), hit.match, hit.reading) for hit in what.hits))


def seen(who: Who, one: Seen) -> Seen:
    """Somebody as an event has them."""
    return one if whole(who) else replace(one, address=one.town)


def presence(who: Who, one: Presence) -> Presence:
    """Somebody's record in a shelter; where they went is an address too."""
    return one if whole(who) else replace(one, seen=seen(who, one.seen), exit_address="")


def elector(who: Who, one: Elector) -> Elector:
    """Somebody of the roll, which has no town of its own."""
    return one if whole(who) else replace(one, address_as_delivered=MASKED)


def electors(who: Who, what: ElectorsFound) -> ElectorsFound:
    """What a search of the roll gave."""
    return what if whole(who) else replace(what, hits=tuple(
        replace(hit, elector=elector(who, hit.elector)) for hit in what.hits))
