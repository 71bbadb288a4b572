"""Every role with every act and command of the counter."""

from __future__ import annotations

from typing import Any, ClassVar

from sanjo_tui.desk import Desk
from sanjo_tui.desk.counter.desk import CounterDesk
from sanjo_tui.receptions.counter.words import Related, Step, Waiting
from sanjo_tui.station import fixtures
from sanjo_tui.vault.roles import Permission as P
from tests.service_permissions import Line, ServicePermissions
from tests.test_counter_desk import SATO, look_at, wanted


def received(desk: Desk) -> Any:
    look = look_at(desk)
    return desk.counter.receive(look, wanted(desk, look, "tennyu"))


class TestCounter(ServicePermissions):
    SERVICE = "counter"
    KIND = CounterDesk
    ACTS: ClassVar[Any] = {
        "look": (P.TAP, lambda d, k: d.counter.look(d.open_resident(SATO))),
        "receive": (P.RECEIVE, lambda d, k: received(d)),
        "move": (P.RECEIVE, lambda d, k: d.counter.move(k[0], Step.DONE)),
        "mark_related": (P.RECEIVE, lambda d, k: d.counter.mark_related(k[0], "suido_kaisen", Related.DONE)),
        "give_ticket": (P.RECEIVE, lambda d, k: d.counter.give_ticket("A")),
        "move_ticket": (P.RECEIVE, lambda d, k: d.counter.move_ticket("A001", Waiting.CALLED)),
        "call_next": (P.RECEIVE, lambda d, k: d.counter.call_next()),
        "case": (P.TAP, lambda d, k: d.counter.case(k[0])),
        "cases": (P.LIST, lambda d, k: d.counter.cases()),
        "search_gone": (P.SEARCH_TWO, lambda d, k: d.counter.search_gone(k[2])),
        "load": (P.DATA, lambda d, k: d.counter.load(fixtures() / "counter")),
        "undoable": (P.UNDO_OWN, lambda d, k: d.counter.undoable()),
        "undo": (P.UNDO_OWN, lambda d, k: d.counter.undo(
            (received(d) and d.counter.undoable()[0].number) if d.may(P.UNDO_OWN) else k[1], "まちがい")),
        "paper sheet": (P.FORM, lambda d, k: d.counter.paper("counter.sheet", reception_no=k[0]).pdf()),
        "paper application": (P.FORM, lambda d, k: d.counter.paper("counter.application", reception_no=k[0]).pdf()),
        "paper guide": (P.FORM, lambda d, k: d.counter.paper("counter.guide", reception_no=k[0]).pdf()),
        "paper ticket": (P.FORM, lambda d, k: d.counter.paper("counter.ticket", number="A001").pdf()),
        "paper cash": (P.LIST, lambda d, k: d.counter.paper("counter.cash").pdf()),
        "paper dues": (P.LIST, lambda d, k: d.counter.paper("counter.dues").pdf()),
        "print sheet": (P.FORM, lambda d, k: d.counter.print("counter.sheet", reception_no=k[0])),
    }
    FREE: ClassVar[Any] = {"setup", "version", "ready", "find", "charge", "earlier", "expected", "scope_of", "totals",
                           "tickets"}
    LINES: ClassVar[Any] = (
        Line("counter load {fixtures}/counter", (P.DATA,)), Line("counter status", ()),
        Line("counter handover", (P.LIST, P.CLEAR_FILE)),
        Line("counter cash --format json", (P.LIST, P.CLEAR_FILE)),
        *(Line(f"counter {form} {{kept[0]}} --format json", (P.FORM, P.CLEAR_FILE))
          for form in ("sheet", "application", "guide")))
    NO_DESK: ClassVar[Any] = {"counter check"}

    @staticmethod
    def prepare(desk: Desk) -> Any:
        desk.counter.begin_practice()
        receipt = received(desk)
        desk.counter.give_ticket("A")
        assert desk.register is not None
        gone = next(hit.resident for hit in desk.register.search("丸山", gone=True).hits if not hit.resident.living)
        return receipt.reception_no, desk.counter.latest(2)[1].number, gone.addressee_no
