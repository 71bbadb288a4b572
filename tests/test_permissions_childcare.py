"""Every role with every act of the childcare desk and every verb of its command, run for real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from PIL import Image

from sanjo_tui.desk import Desk
from sanjo_tui.desk.childcare.desk import ChildcareDesk
from sanjo_tui.desk.childcare.looks import Look
from sanjo_tui.desk.opened import Opened
from sanjo_tui.receptions.childcare.rules import Answer
from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import Place, Role
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.station import fixtures
from sanjo_tui.vault.roles import Permission
from tests.service_permissions import Line, ServicePermissions

SAMPLE = fixtures() / "childcare"
FATHER, MOTHER, SON, WIFE, GRANDPA, GRANDMA = (
    "99900000274", "99900000282", "99900003397", "99900003400", "99900003370", "99900003389")
BY = VerifiedBy.PHOTO_ID


@dataclass(frozen=True, slots=True)
class Kept:
    """A picture, and cards in the states that the acts need."""

    picture: Path
    out: Path
    card_no: str

    def __str__(self) -> str:
        return str(self.out)


def _opened(desk: Desk, who: str) -> Opened:
    """As the desk opens somebody, without its own permission."""
    assert desk.register is not None
    one = desk.register.resident(who)
    assert one is not None
    return Opened(who=who, household=desk.register.household(one.household_no), household_key=one.household_no)


def _look(desk: Desk, who: str) -> Look:
    """What `look` gives, without its own permission."""
    from sanjo_tui.receptions.childcare import rules

    opened = _opened(desk, who)
    assert opened.household is not None
    resident = opened.household.member(who)
    assert resident is not None
    with desk.journal.view() as view:
        holding = desk.childcare.holding(view, who)
    return Look(resident=resident, household=opened.household, card=holding.card if holding else None, past=(),
                looked=rules.look(opened.household, who, desk.childcare.setup.rule, desk.today()), stop=None)


def _apply(desk: Desk, who: str) -> object:
    look = _look(desk, who)
    return desk.childcare.apply(look, _sure(look), role=look.looked.role or Role.CHILD, verified_by=BY)


def _sure(look: Look) -> dict[str, Answer]:
    return {number: Answer() for number in look.looked.sure}


def _renew(desk: Desk) -> object:
    look = _look(desk, WIFE)
    return desk.childcare.renew(look, _sure(look), verified_by=BY)


def _settle(desk: Desk) -> object:
    """Somebody is asked about first, as a new register does."""
    from sanjo_tui.receptions.childcare import events as ev

    with desk.journal.view() as view:
        holding = desk.childcare.holding(view, WIFE)
    assert holding is not None and holding.card is not None
    desk.permit(R)
    desk.journal.record("op", lambda view: (ev.CardQuestioned(
        subject=WIFE, scope="childcare", card_no=holding.cards[-1].card_no, what="氏名変更", todo="x",
        since="2026-11-20"),))
    return desk.childcare.settle(WIFE, "確かめた")


def _card(desk: Desk, who: str) -> Card:
    card = _look(desk, who).card
    assert card is not None
    return card


T, R, L = Permission.TAP, Permission.RECEIVE, Permission.LIST


class TestChildcare(ServicePermissions):
    SERVICE = "childcare"
    KIND = ChildcareDesk
    ACTS: ClassVar[Any] = {
        "look": (T, lambda d, k: d.childcare.look(_opened(d, FATHER))),
        "beside": (T, lambda d, k: d.childcare.beside(_look(d, GRANDMA), _opened(d, FATHER), Place.ELSEWHERE)),
        "child_of": (T, lambda d, k: d.childcare.child_of(_card(d, WIFE))),
        "person_of": (T, lambda d, k: d.childcare.person_of(k.card_no)),
        "apply": (R, lambda d, k: _apply(d, GRANDMA)),
        "check_photo": (R, lambda d, k: d.childcare.check_photo(FATHER, k.picture)),
        "take_photo": (R, lambda d, k: d.childcare.take_photo(FATHER, k.picture)),
        "hand_over": (R, lambda d, k: d.childcare.hand_over(MOTHER, verified_by=BY, signed=True)),
        "lose": (R, lambda d, k: d.childcare.lose(WIFE, "紛失")),
        "reissue": (R, lambda d, k: d.childcare.reissue(SON, verified_by=BY)),
        "renew": (R, lambda d, k: _renew(d)),
        "give_back": (R, lambda d, k: d.childcare.give_back(WIFE, "本人の申出")),
        "settle": (R, lambda d, k: _settle(d)),
        "expire": (L, lambda d, k: d.childcare.expire()),
        "waiting": (T, lambda d, k: d.childcare.waiting()),
        "write_cards": (Permission.CLEAR_FILE, lambda d, k: d.childcare.write_cards(k.out)),
        "ledger": (L, lambda d, k: d.childcare.ledger()),
        "renewals": (L, lambda d, k: d.childcare.renewals()),
        "erase_photos": (L, lambda d, k: d.childcare.erase_photos()),
        "load": (Permission.DATA, lambda d, k: d.childcare.load((SAMPLE / "childcare.toml").read_bytes())),
        "undoable": (Permission.UNDO_OWN, lambda d, k: d.childcare.undoable()),
        "undo": (Permission.UNDO_OWN, lambda d, k: d.childcare.undo(d.childcare.latest(1)[0].number, "押しまちがい")),
        "paper application": (Permission.FORM, lambda d, k: d.childcare.paper(
            "childcare.application", addressee_no=FATHER)),
        "paper shops": (Permission.FORM, lambda d, k: d.childcare.paper("childcare.shops")),
        "print ledger": (L, lambda d, k: d.childcare.print("childcare.ledger")),
        "print renewals": (L, lambda d, k: d.childcare.print("childcare.renewals")),
    }
    FREE = frozenset({
        "ready", "setup", "photo_rules", "shops", "holding", "holdings", "tally", "counts", "renewal_year",
        "counted_now"})
    LINES = (
        Line("childcare load {fixtures}/childcare", (Permission.DATA,)), Line("childcare status", (L,)),
        Line("childcare cards --out {kept}", (R, Permission.CLEAR_FILE)), Line("childcare expire", (L,)),
        Line("childcare erase-photos", (L,)),
        *(Line(f"childcare {name} --format csv", (Permission.CLEAR_FILE, L)) for name in ("ledger", "renewals")),
        Line("childcare shops --format csv", (Permission.CLEAR_FILE, Permission.FORM)))
    NO_DESK = frozenset({"childcare check"})

    @staticmethod
    def prepare(desk: Desk) -> Kept:
        """Father applied with a photo, mother's card was printed, the wife's is in her hand, the son's is lost."""
        service, place = desk.childcare, desk.station.home.parent
        service.begin_practice()
        picture, out = place / "photo.jpg", place / "printer"
        out.mkdir()
        for shade, who in enumerate((MOTHER, WIFE, SON)):
            Image.new("RGB", (700, 900), (120, 140 + 9 * shade, 160)).save(picture)
            _apply(desk, who)
            service.take_photo(who, picture)
        service.write_cards(out)
        for who in (WIFE, SON):
            service.hand_over(who, verified_by=BY, signed=True)
        service.lose(SON, "紛失")
        Image.new("RGB", (700, 900), (90, 140, 160)).save(picture)
        _apply(desk, FATHER)
        service.take_photo(FATHER, picture)
        with desk.journal.view() as view:
            holding = service.holding(view, FATHER)
        assert holding is not None
        return Kept(picture=picture, out=out, card_no=holding.cards[-1].card_no)
