"""Every role with every act of the certificate desk and every verb of its command, run for real."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, ClassVar

from sanjo_tui.desk import Desk
from sanjo_tui.desk.certificate.desk import CertificateDesk
from sanjo_tui.desk.opened import Opened
from sanjo_tui.receptions.certificate.rules import Asked
from sanjo_tui.receptions.certificate.words import Method, SelfRule
from sanjo_tui.vault.roles import Permission
from tests.certificate_ground import SAMPLE, applied, sample_rows, surveys_folder, unsurveyed
from tests.operators_ground import PIN
from tests.service_permissions import Line, ServicePermissions


@dataclass(frozen=True, slots=True)
class Kept:
    """Applications in the states that the acts need; texts in command lines name the issued certificate."""

    decided: str
    issued: str
    certificate: str
    handed: str
    waiting: str
    reviewed: str
    manual: str
    resurvey: str
    free: str

    def __str__(self) -> str:
        return self.certificate


def _certificate(desk: Desk, number: str) -> str:
    standing = desk.certificate.application(number).standing
    assert standing is not None
    return standing.number


def _prepared(desk: Desk) -> Kept:
    service = desk.certificate
    for name in ("houses", "surveys"):
        service.load_setup((SAMPLE / "disaster.toml").read_bytes())
        service.load_data(SAMPLE / name)
    service.open_disaster()
    register = desk.register
    assert register is not None
    surveyed = [p.addressee_no for p in register.everyone() if p.is_head and not p.protected
                and (look := service.look(desk.open_resident(p.addressee_no))).sure
                and any(s.decided_on for s in look.surveys[look.sure.house.key])]
    free = unsurveyed(desk)
    numbers = [applied(desk, one).reception_no for one in surveyed[1:5]]
    for number in numbers[1:]:
        service.issue(number)
    for number in numbers[2:]:
        service.hand_over(number)
    service.ask_resurvey(numbers[3], "理由")
    reviewed = applied(desk, free[1], method=Method.SELF, self_rule=SelfRule.QUAKE, photos=1).reception_no
    look = service.look(desk.open_resident(free[2]))
    manual = service.apply(look, look.candidates[0], Asked(), manual=True).reception_no
    return Kept(decided=numbers[0], issued=numbers[1], certificate=_certificate(desk, numbers[1]), handed=numbers[2],
                resurvey=numbers[3], waiting=applied(desk, free[0]).reception_no, reviewed=reviewed, manual=manual,
                free=surveyed[5])


def _look(desk: Desk, kept: Kept) -> object:
    assert desk.register is not None
    who = desk.register.resident(kept.free)
    assert who is not None
    return desk.certificate.look(Opened(who=kept.free, household=desk.register.household(who.household_no),
                                        household_key=who.household_no))


def _apply(desk: Desk, kept: Kept) -> object:
    from sanjo_tui.desk.certificate import look as looks
    from sanjo_tui.receptions.base import Verdict, Weight
    from sanjo_tui.receptions.certificate.rules import Household

    look = looks.Look(verdict=Verdict(Weight.READY, ""), title="", surveys={}, household=Household(
        key="999", applicant_no=kept.free, applicant_name="見本", head_no=kept.free, head_name="見本"))
    return desk.certificate.apply(look, None, Asked(), address="旭町のはずれ")


A, R = Permission.ADDRESS, Permission.LIST


class TestCertificate(ServicePermissions):
    SERVICE = "certificate"
    KIND = CertificateDesk
    ACTS: ClassVar[Any] = {
        "look": (A, _look),
        "search_then": (Permission.SEARCH_TWO, lambda d, k: d.certificate.search_then(k.free)),
        "open_then": (Permission.TAP, lambda d, k: d.certificate.open_then(k.free)),
        "search_houses": (A, lambda d, k: d.certificate.search_houses("旭町")),
        "application": (A, lambda d, k: d.certificate.application(k.decided)),
        "apply": (A, _apply),
        "rebind": (A, lambda d, k: d.certificate.rebind(k.waiting, None, address="旭町のはずれ")),
        "confirm_binding": (A, lambda d, k: d.certificate.confirm_binding(k.manual, _other(d), PIN)),
        "expect": (A, lambda d, k: d.certificate.expect(k.waiting, d.certificate.today() + dt.timedelta(days=3))),
        "accept_self": (A, lambda d, k: d.certificate.accept_self(k.reviewed)),
        "reject_self": (A, lambda d, k: d.certificate.reject_self(k.reviewed)),
        "withdraw": (A, lambda d, k: d.certificate.withdraw(k.waiting, "本人の申出")),
        "refuse": (A, lambda d, k: d.certificate.refuse(k.waiting, "住家でない")),
        "ask_resurvey": (A, lambda d, k: d.certificate.ask_resurvey(k.handed, "理由")),
        "drop_resurvey": (A, lambda d, k: d.certificate.drop_resurvey(k.resurvey, "理由")),
        "issue": (A, lambda d, k: d.certificate.issue(k.decided)),
        "same_again": (A, lambda d, k: d.certificate.same_again(k.handed, "紛失")),
        "void": (A, lambda d, k: d.certificate.void(k.issued, k.certificate, "印刷の失敗")),
        "hand_over": (A, lambda d, k: d.certificate.hand_over(k.issued)),
        "settle": (A, lambda d, k: d.certificate.settle(k.decided)),
        "verify": (Permission.TAP, lambda d, k: d.certificate.verify(k.certificate)),
        "undoable": (Permission.UNDO_OWN, lambda d, k: d.certificate.undoable()),
        "undo": (Permission.UNDO_OWN, lambda d, k: d.certificate.undo(_latest(d), "押しまちがい")),
        "open_disaster": (Permission.EPISODE, lambda d, k: d.certificate.open_disaster()),
        "close_disaster": (Permission.EPISODE, lambda d, k: d.certificate.close_disaster()),
        "load_setup": (Permission.DATA, lambda d, k: d.certificate.load_setup((SAMPLE / "disaster.toml").read_bytes())),
        "load_data": (Permission.DATA, lambda d, k: d.certificate.load_data(surveys_folder(
            d.station.home.parent / "more", sample_rows(), 9))),
        "take_in": (Permission.DATA, lambda d, k: d.certificate.take_in()),
        "rows": (R, lambda d, k: d.certificate.rows("issued")),
        "export": (R, lambda d, k: d.certificate.export("victims")),
        "paper certificate": (A, lambda d, k: d.certificate.paper(
            "certificate.certificate", application=k.issued)),
        "paper ticket": (Permission.FORM, lambda d, k: d.certificate.paper(
            "certificate.ticket", application=k.issued)),
        "print ledger": (R, lambda d, k: d.certificate.print("certificate.ledger")),
    }
    FREE = frozenset({
        "disaster", "known", "opening", "pinned", "pinned_houses", "register_then", "houses", "surveys", "today",
        "applications", "applications_of", "shelter_names", "guarded", "hidden", "find", "existing", "check_of"})
    LINES = (
        Line("certificate status", ()), Line("certificate load {fixtures}/certificate/disaster.toml",
                                             (Permission.DATA,)),
        Line("certificate open", (Permission.EPISODE,)), Line("certificate close", (Permission.EPISODE,)),
        Line("certificate take-in", (Permission.DATA,)), Line("certificate verify {kept}", (Permission.TAP,)),
        *(Line(f"certificate {name} --format csv", (Permission.CLEAR_FILE, R))
          for name in ("request", "ledger", "voids", "victims", "houses", "waiting", "loose")))
    NO_DESK = frozenset({"certificate check"})

    @staticmethod
    def prepare(desk: Desk) -> Kept:
        """Applications in every state that an act needs."""
        return _prepared(desk)


def _other(desk: Desk) -> str:
    """Another operator than the one at the desk, who may confirm."""
    from sanjo_tui.vault.roles import ALLOWED

    return next(one.id for one in desk.keys.operators() if one.id != desk.operator and A in ALLOWED[one.role])


def _latest(desk: Desk) -> str:
    return desk.certificate.latest(1)[0].number


