"""Every role with every act and command of the kiosk."""

from __future__ import annotations

from typing import Any, ClassVar

from sanjo_tui.desk import Desk
from sanjo_tui.desk.kiosk.desk import KioskDesk
from sanjo_tui.receptions.kiosk import rules
from sanjo_tui.receptions.kiosk.words import CertificateKind, PinResult, SealStatus
from sanjo_tui.station import fixtures
from sanjo_tui.vault.roles import Permission as P
from tests.service_permissions import Line, ServicePermissions
from tests.test_kiosk_desk import SATO, look_at, wish


def issue(desk: Desk) -> Any:
    look = look_at(desk)
    return desk.kiosk.issue(look, wish(look))


def undo(desk: Desk) -> Any:
    """One's own issue, made a moment ago; whoever may take nothing back is refused before any is looked for."""
    if desk.may(P.UNDO_OWN):
        issue(desk)
        return desk.kiosk.undo(desk.kiosk.undoable()[0].number, "まちがい")
    return desk.kiosk.undo("A1B2C3-1", "まちがい")


class TestKiosk(ServicePermissions):
    SERVICE = "kiosk"
    KIND = KioskDesk
    ACTS: ClassVar[Any] = {
        "look": (P.TAP, lambda d, k: look_at(d)), "issue": (P.RECEIVE, lambda d, k: issue(d)),
        "pin_tried": (P.TAP, lambda d, k: d.kiosk.pin_tried(look_at(d), CertificateKind.SEAL, PinResult.WRONG, 2)),
        "take": (P.RECEIVE, lambda d, k: d.kiosk.take(k[0])), "forget": (P.RECEIVE, lambda d, k: d.kiosk.forget(k[0])),
        "void": (P.RECEIVE, lambda d, k: d.kiosk.void(k[0], "書損", paper_back=True)),
        "find": (P.TAP, lambda d, k: d.kiosk.find(k[0])), "issues": (P.LIST, lambda d, k: d.kiosk.issues()),
        "request_again": (P.RECEIVE, lambda d, k: d.kiosk.request_again()),
        "load": (P.DATA, lambda d, k: d.kiosk.load(fixtures() / "kiosk")),
        "seal": (P.TAP, lambda d, k: d.kiosk.seal(SATO)), "every_seal": (P.LIST, lambda d, k: d.kiosk.every_seal()),
        "change_seal": (P.RECEIVE, lambda d, k: d.kiosk.change_seal(SATO, SealStatus.SUSPENDED, reason="紛失")),
        "answer_seal": (P.RECEIVE, lambda d, k: d.kiosk.answer_seal(k[1], keep=True)),
        "undoable": (P.UNDO_OWN, lambda d, k: d.kiosk.undoable()),
        "undo": (P.UNDO_OWN, lambda d, k: undo(d)),
        "paper request": (P.FORM, lambda d, k: d.kiosk.paper("kiosk.request", issue_no=k[0]).pdf()),
        "paper issues": (P.LIST, lambda d, k: d.kiosk.paper("kiosk.issues").pdf()),
        "paper voids": (P.LIST, lambda d, k: d.kiosk.paper("kiosk.voids").pdf()),
        "paper seals": (P.LIST, lambda d, k: d.kiosk.paper("kiosk.seals").pdf()),
        "paper dues": (P.LIST, lambda d, k: d.kiosk.paper("kiosk.dues").pdf()),
        "print request": (P.FORM, lambda d, k: d.kiosk.print("kiosk.request", issue_no=k[0])),
    }
    FREE: ClassVar[Any] = {"setup", "ready", "offers", "barred", "charge", "clock", "delivered", "requests_due",
                           "unfinished", "totals"}
    LINES: ClassVar[Any] = (
        Line("kiosk load {fixtures}/kiosk", (P.DATA,)), Line("kiosk status", ()), Line("kiosk send", (P.RECEIVE,)),
        *(Line(f"kiosk {form} --format json", (P.LIST, P.CLEAR_FILE)) for form in ("issues", "voids", "seals")),
        Line("kiosk request {kept[0]} --format json", (P.FORM, P.CLEAR_FILE)))
    NO_DESK: ClassVar[Any] = {"kiosk check"}

    @staticmethod
    def prepare(desk: Desk) -> Any:
        desk.kiosk.begin_practice()
        number = issue(desk).recorded[0].event.subject
        asked = next(key for key, row in desk.kiosk.delivered().items() if row.status == "registered" and key != SATO)
        seal = desk.kiosk.seal(asked)
        assert seal is not None
        desk.kiosk.record(lambda view: (rules.question_seal(seal, "氏名変更", "kiosk"),))
        return number, asked
