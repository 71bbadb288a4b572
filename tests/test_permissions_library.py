"""Every role with every act of the library's desk and every verb of its command, run for real."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sanjo_tui.desk import Desk
from sanjo_tui.desk.library.desk import LibraryDesk
from sanjo_tui.desk.library.turns import Turn
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.library import setup as setups
from sanjo_tui.sip2.once import Deal, Deed
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST
from sanjo_tui.workdays import is_business_day
from tests.library_ground import HOLDERS, HOMMA, IKARASHI, SAMPLE, SATO, issue, link_of, number_of, seen
from tests.service_permissions import Line, ServicePermissions


@dataclass(frozen=True, slots=True)
class Kept:
    """宛名番号 of who has a number (and a bound card) and who has none; the out folder, a day with a list."""

    issued: str
    free: str
    number: str
    out: Path
    day: str
    trouble: int

    def __str__(self) -> str:
        return str(self.out)


def _desk(desk: Desk) -> LibraryDesk:
    return desk.library


def _turn(desk: Desk, card: str = SATO) -> Turn:
    return Turn(token=desk.keys.token_key("user_id", card), user_id=card, number="3100001")


class TestLibrary(ServicePermissions):
    SERVICE = "library"
    KIND = LibraryDesk
    ACTS: ClassVar[dict[str, tuple[Permission, Any]]] = {
        "load": (Permission.DATA, lambda desk, kept: desk.library.load(SAMPLE.encode())),
        "look": (Permission.TAP, lambda desk, kept: desk.library.look(desk.open_resident(kept.issued))),
        "person_of": (Permission.TAP, lambda desk, kept: desk.library.person_of(kept.number)),
        "issue": (Permission.RECEIVE, lambda desk, kept: desk.library.issue(
            kept.free, verified_by=VerifiedBy.PHOTO_ID)),
        "renew": (Permission.RECEIVE, lambda desk, kept: desk.library.renew(
            kept.issued, verified_by=VerifiedBy.PHOTO_ID)),
        "suspend": (Permission.RECEIVE, lambda desk, kept: desk.library.suspend(kept.issued, "紛失")),
        "write_lists": (Permission.CLEAR_FILE, lambda desk, kept: desk.library.write_lists(kept.out)),
        "lists": (Permission.LIST, lambda desk, kept: desk.library.lists()),
        "list_paper": (Permission.LIST, lambda desk, kept: desk.library.list_paper(kept.day)),
        "tap": (Permission.TAP, lambda desk, kept: desk.library.tap(seen(SATO))),
        "bind": (Permission.RECEIVE, lambda desk, kept: desk.library.bind(_turn(desk, HOMMA), "3100050")),
        "lend": (Permission.RECEIVE, lambda desk, kept: desk.library.lend(_turn(desk), "B0001234")),
        "give_back": (Permission.RECEIVE, lambda desk, kept: desk.library.give_back("B0001234")),
        "finish": (Permission.RECEIVE, lambda desk, kept: desk.library.finish(_turn(desk))),
        "send_waiting": (Permission.RECEIVE, lambda desk, kept: desk.library.send_waiting()),
        "reach": (Permission.RECEIVE, lambda desk, kept: desk.library.reach()),
        "choose_stop": (Permission.RECEIVE, lambda desk, kept: desk.library.choose_stop("a1")),
        "trouble": (Permission.LIST, lambda desk, kept: desk.library.trouble()),
        "settle": (Permission.LIST, lambda desk, kept: desk.library.settle(kept.trouble)),
        "paper notice": (Permission.FORM, lambda desk, kept: desk.library.paper(
            "library.notice", addressee_no=kept.issued)),
        "print list": (Permission.LIST, lambda desk, kept: desk.library.print("library.list", day=kept.day)),
        "undoable": (Permission.UNDO_OWN, lambda desk, kept: desk.library.undoable()),
        "undo": (Permission.UNDO_OWN, lambda desk, kept: desk.library.undo(
            desk.library.undoable()[0].number, "押しまちがい")),
    }
    FREE = frozenset({"setup", "ready", "modes", "remaining", "missing", "late", "down", "counts", "item_of"})
    LINES = (
        Line("library load {fixtures}/library", (Permission.DATA,)),
        Line("library status", (Permission.LIST,)),
        Line("library list --out {kept}", (Permission.CLEAR_FILE,)),
        Line("library send", (Permission.RECEIVE,)),
    )
    NO_DESK = frozenset({"library check"})

    @staticmethod
    def prepare(desk: Desk) -> Kept:
        library = _desk(desk)
        library.load(SAMPLE.encode(), setups.read_holders(HOLDERS)[0])
        number = number_of(issue(desk, SATO))
        library.bind(library.tap(seen(SATO)), number)
        out = desk.station.home.parent / "share"
        out.mkdir()
        day = next(day for n in range(12) if is_business_day(day := desk.today() - dt.timedelta(n)))
        library.write_lists(out, day=day)
        issue(desk, IKARASHI)                           # the latest reception, which no list holds
        waiting = library.queue.add(Deal(deed=Deed.RETURN, item="B9", at=dt.datetime.now(JST)), sent=False)
        library.queue.change(waiting, trouble="断られました")
        return Kept(issued=link_of(desk, SATO).addressee_no, free=link_of(desk, HOMMA).addressee_no, number=number,
                    out=out, day=day.isoformat(), trouble=waiting.number)
