"""Applications and what becomes of them before a certificate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from sanjo_tui.desk.certificate.finding import FindingDesk
from sanjo_tui.desk.certificate.look import Look
from sanjo_tui.desk.service import Receipt
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import issuing, rules
from sanjo_tui.receptions.certificate.matching import Candidate
from sanjo_tui.receptions.certificate.records import Application
from sanjo_tui.receptions.certificate.rules import Asked
from sanjo_tui.receptions.certificate.words import Applicant, Kind, State
from sanjo_tui.receptions.identity import IdentifiedBy
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View


class ReceivingDesk(FindingDesk):
    """The part of a certificate desk that records what happens to an application."""

    def apply(self, look: Look, candidate: Candidate | None, asked: Asked, *, address: str = "", parcel_no: str = "",
              manual: bool = False, second: str = "", pin: str = "") -> Receipt:
        """申請受付 or 相談 (R2 to R5). `candidate` None: the house by hand, by its address or 地番.

        `manual`: the house was searched by hand. A binding by hand or by a weak candidate waits for a second operator
        before anything is issued; `second` and `pin` confirm it, and that somebody lived there, at once.
        """
        self.desk.permit(Permission.ADDRESS)
        disaster, today = self.known(), self.today()
        if look.verdict.stops:
            raise RuleError(f"{look.verdict.message}。", "責任者を呼んでください。", detail=look.verdict.code)
        if not asked.consultation and {look.household.applicant_no, look.household.head_no} & self.desk.protected():
            raise RuleError("この方の申請は、ここでは受け付けません。", "責任者が本庁で受け付けます。",
                            detail="E-PROTECTED")
        self.desk.refuse_my_number(address, parcel_no)
        other = self._second(second, pin) if second else ""
        binding = (candidate.binding(manual=manual, confirmed_by=other) if candidate is not None else
                   ev.Binding(address=address.strip(), parcel_no=parcel_no.strip(), manual=True, confirmed_by=other,
                              reasons=("手入力",)))
        if binding.owner and candidate is not None and candidate.house.owner_addressee_no in self.desk.protected():
            binding = replace(binding, owner="")
        if not binding.manual:
            binding = replace(binding, confirmed_by="")
        if asked.residence_proof and other:
            asked = replace(asked, residence_confirmed_by=other)
        if asked.applicant is Applicant.HEAD and look.household.applicant_no != look.household.head_no:
            asked = replace(asked, applicant=Applicant.MEMBER)
        by = IdentifiedBy.CARD if look.by_card else IdentifiedBy.SEARCH
        asked = replace(asked, identified_by=IdentifiedBy.PROXY if asked.applicant is Applicant.AGENT else by)
        surveys = self._surveys_of(binding.house) if binding.house else ()

        def decide(view: View) -> Iterable[Event]:
            rules.must_be_open(self.opening(view))
            earlier = self.applications_of(view, look.household.key)
            number = self.next_number(view)
            events = tuple(rules.apply_for(disaster, number, look.household, binding, asked, today=today,
                                           earlier=earlier, surveys=surveys, user_id=look.user_id,
                                           snapshot_id=self.snapshot_id))
            yield from events
            if not asked.consultation:
                yield self.due(view, "certificate.ticket", application=number)

        recorded = self.record(decide)
        self.desk.releases.end(look.household.applicant_no)
        return self._receipt(recorded)

    def _second(self, operator: str, pin: str) -> str:
        """Who else confirms it: an operator by PIN; where none are registered, a name that is not the operator's."""
        if self.desk.keys.operators():
            return self.desk.second(operator, pin, Permission.ADDRESS)
        other = operator.strip()
        self.desk.refuse_my_number(other)
        if not other or other == self.desk.operator:
            raise RuleError("操作している本人は、二人目にはなれません。", "ほかの職員に確かめてもらってください。")
        return other

    def _receipt(self, recorded: tuple[Recorded, ...], detail: str = "") -> Receipt:
        number = next((r.event.subject for r in recorded if isinstance(r.event, ev.Applied)), "")
        if not number:
            return self.receipt(recorded, detail)
        with self.desk.journal.view() as view:
            application = self._application(view, number)
        ready = not issuing.why_not(application) and application.state is not State.CONSULTED
        note = "証明書を発行できます" if ready else issuing.why_not(application) or application.state.label
        return self.receipt(recorded, detail or application.what.label, note=note)

    def _act(self, number: str, rule: Callable[[Application], Iterable[Event]], detail: str = "", *,
             permission: Permission = Permission.RECEIVE) -> Receipt:
        """One act on one application, on the state as it is then."""
        self.desk.permit(Permission.ADDRESS)
        recorded = self.record(lambda view: rule(self._application(view, number)), permission=permission)
        return self.receipt(recorded, **({"message": detail} if recorded and detail else {}))

    def rebind(self, number: str, candidate: Candidate | None, *, address: str = "", parcel_no: str = "",
               manual: bool = True, second: str = "", pin: str = "") -> Receipt:
        """家屋の結付けの変更, and what the surveys say of the new house."""
        self.desk.permit(Permission.ADDRESS)
        disaster = self.known()
        self.desk.refuse_my_number(address, parcel_no)
        other = self._second(second, pin) if second else ""
        binding = (candidate.binding(manual=manual, confirmed_by=other) if candidate is not None else
                   ev.Binding(address=address.strip(), parcel_no=parcel_no.strip(), manual=True, confirmed_by=other,
                              reasons=("手入力",)))
        surveys = self._surveys_of(binding.house) if binding.house else ()

        def decide(view: View) -> Iterable[Event]:
            application = self._application(view, number)
            yield from rules.rebind(application, disaster.scope, binding,
                                    self.applications_of(view, application.household))
            if application.what is Kind.GRADE:
                yield from rules.surveys_taken(disaster, number, binding.house, surveys)

        return self.receipt(self.record(decide), message="家屋を変えました")

    def confirm_binding(self, number: str, second: str, pin: str = "") -> Receipt:
        """A second operator confirms a house that was bound by hand (R6)."""
        self.desk.permit(Permission.ADDRESS)
        other = self._second(second, pin)
        return self._act(number, lambda a: rules.confirm(a, self.scope, other), "家屋を確認しました")

    def expect(self, number: str, day: dt.date) -> Receipt:
        """予定日."""
        return self._act(number, lambda a: rules.expect(a, self.scope, day, self.today()), "予定日を記録しました")

    def accept_self(self, number: str) -> Receipt:
        """自己判定の承認 (R4): somebody looked at the photographs."""
        return self._act(number, lambda a: rules.accept_self(self.known(), a, self.today()),
                         "自己判定を承認しました")

    def reject_self(self, number: str, reason: str = "") -> Receipt:
        """The photographs are not enough: a survey."""
        return self._act(number, lambda a: rules.reject_self(self.known(), a, reason, self.today()),
                         "調査に回しました")

    def withdraw(self, number: str, reason: str) -> Receipt:
        """取下."""
        return self._act(number, lambda a: rules.withdraw(a, self.scope, reason), "取り下げました")

    def refuse(self, number: str, reason: str) -> Receipt:
        """不交付."""
        return self._act(number, lambda a: rules.refuse(a, self.scope, reason), "不交付にしました")

    def ask_resurvey(self, number: str, reason: str) -> Receipt:
        """再調査の申請."""
        return self._act(number, lambda a: rules.ask_resurvey(self.known(), a, reason, self.today()),
                         "再調査を受け付けました")

    def drop_resurvey(self, number: str, reason: str) -> Receipt:
        """再調査の取下."""
        return self._act(number, lambda a: rules.drop_resurvey(a, self.scope, reason), "再調査を取り下げました")
