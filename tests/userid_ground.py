"""A desk of 利用者ID発行 on the demo register."""

from __future__ import annotations

from pathlib import Path

from sanjo_tui.cards.errands import WriteOutcome, Written
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.userid.state import HOLDERS, Holder
from sanjo_tui.receptions.userid.words import SCOPE
from sanjo_tui.register import snapshot
from sanjo_tui.register.people import Resident
from sanjo_tui.station import fixtures
from tests import desk as desks

SAMPLE = (fixtures() / "userid" / "userid.toml").read_bytes()
SATO, IKARASHI, PROTECTED = "3210987654321", "8854101966248", "5283665448725"
FIRST = "7100000000001"


def userid(home: Path, **more: object) -> Desk:
    desk = desks.desk(home, **{"receptions": ("userid",), **more})
    if desk.register is None:
        load_register(desk, "demo")
    if not desk.userid.ready:
        desk.userid.load(SAMPLE)
    return desk


def load_register(desk: Desk, name: str) -> None:
    snapshot.load(fixtures() / "residents" / name, desk.station.register_dir, desk.keys, lg_code="999997", yes=True)
    desk.refresh_register()


def nobody_yet(desk: Desk, skip: int = 0) -> Resident:
    """A living, unprotected resident without a card."""
    assert desk.register is not None
    fit = [one for one in desk.register.everyone() if one.living and not one.protected
           and not desk.register.cards_of(one.addressee_no)]
    return fit[skip]


def holder(desk: Desk, addressee_no: str) -> Holder:
    with desk.journal.view() as view:
        found = view.record_of(HOLDERS, SCOPE, addressee_no)
    assert isinstance(found, Holder)
    return found


def seen(card: str) -> CardSeen:
    return CardSeen("r", "city", "user_id", card, "possession")


def reserve(desk: Desk, addressee_no: str, *consent: str, **more: object) -> str:
    """Reserves, and gives the number that is under way."""
    desk.userid.reserve(addressee_no, verified_by=VerifiedBy.PHOTO_ID,
                        consent=consent or ("library", "shelter"), **more)  # type: ignore[arg-type]
    return holder(desk, addressee_no).pending


def issue(desk: Desk, addressee_no: str, *consent: str, **more: object) -> str:
    """Reserves, writes and reads back."""
    number = reserve(desk, addressee_no, *consent, **more)
    desk.userid.written(addressee_no, Written(outcome=WriteOutcome.WRITTEN, read_back=number, touched=True))
    return number
