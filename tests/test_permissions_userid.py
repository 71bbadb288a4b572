"""Every role with every act of 利用者ID発行 and every verb of its command, run for real."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from sanjo_tui.cards.errands import WriteOutcome, Written
from sanjo_tui.desk import Desk
from sanjo_tui.desk.userid.desk import UseridDesk
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.vault.roles import Permission
from tests.service_permissions import Line, ServicePermissions
from tests.userid_ground import SAMPLE, issue, nobody_yet, reserve, seen


@dataclass(frozen=True, slots=True)
class Kept:
    """宛名番号 of who has a number, whose issue is under way (and its number), who is stopped, who has nothing."""

    issued: str
    under_way: str
    number: str
    stopped: str
    free: str


class TestUserid(ServicePermissions):
    SERVICE = "userid"
    KIND = UseridDesk
    ACTS: ClassVar[dict[str, tuple[Permission, Any]]] = {
        "load": (Permission.DATA, lambda desk, kept: desk.userid.load(SAMPLE)),
        "look": (Permission.TAP, lambda desk, kept: desk.userid.look(desk.open_resident(kept.issued))),
        "reserve": (Permission.RECEIVE, lambda desk, kept: desk.userid.reserve(
            kept.free, verified_by=VerifiedBy.PHOTO_ID, consent=("library",))),
        "pending": (Permission.RECEIVE, lambda desk, kept: desk.userid.pending(kept.under_way)),
        "written": (Permission.RECEIVE, lambda desk, kept: desk.userid.written(
            kept.under_way, Written(outcome=WriteOutcome.WRITTEN, read_back=kept.number, touched=True))),
        "read_back": (Permission.RECEIVE, lambda desk, kept: desk.userid.read_back(
            kept.under_way, seen(kept.number))),
        "abandon": (Permission.RECEIVE, lambda desk, kept: desk.userid.abandon(kept.under_way, "カードの破損")),
        "unfinished": (Permission.LIST, lambda desk, kept: desk.userid.unfinished()),
        "link_number": (Permission.RECEIVE, lambda desk, kept: desk.userid.link_number(
            kept.issued, "library_no", "3100001")),
        "change_consent": (Permission.RECEIVE, lambda desk, kept: desk.userid.change_consent(
            kept.issued, ("shelter",))),
        "suspend": (Permission.RECEIVE, lambda desk, kept: desk.userid.suspend(kept.issued, "紛失")),
        "resume": (Permission.RECEIVE, lambda desk, kept: desk.userid.resume(kept.stopped, "見つかった")),
        "withdraw": (Permission.RECEIVE, lambda desk, kept: desk.userid.withdraw(kept.issued, "本人の申出")),
        "rows": (Permission.LIST, lambda desk, kept: desk.userid.rows()),
        "paper notice": (Permission.FORM, lambda desk, kept: desk.userid.paper(
            "userid.notice", addressee_no=kept.issued)),
        "print ledger": (Permission.LIST, lambda desk, kept: desk.userid.print("userid.ledger")),
        "undoable": (Permission.UNDO_OWN, lambda desk, kept: desk.userid.undoable()),
        "undo": (Permission.UNDO_OWN, lambda desk, kept: desk.userid.undo(
            desk.userid.undoable()[0].number, "押しまちがい")),
    }
    FREE = frozenset({"setup", "ready", "in_force", "remaining", "counts"})
    LINES = (
        Line("userid load {fixtures}/userid", (Permission.DATA,)),
        Line("userid status", (Permission.LIST,)),
        Line("userid ledger", (Permission.LIST, Permission.CLEAR_FILE)),
        Line("userid day", (Permission.LIST, Permission.CLEAR_FILE)),
    )
    NO_DESK = frozenset({"userid check"})

    @staticmethod
    def prepare(desk: Desk) -> Kept:
        desk.userid.load(SAMPLE)
        who = [nobody_yet(desk, n).addressee_no for n in range(4)]
        issue(desk, who[0])
        issue(desk, who[1])
        desk.userid.suspend(who[1], "紛失")
        number = reserve(desk, who[2])                  # the latest reception, which F9 may take back
        return Kept(issued=who[0], under_way=who[2], number=number, stopped=who[1], free=who[3])
