"""CertificateDesk: 罹災証明受付 through the one door. Rules are in receptions/certificate, papers in papers.py."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, cast

from sanjo_tui.desk.certificate.issuing import IssuingDesk
from sanjo_tui.desk.service import Receipt
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import rules
from sanjo_tui.receptions.certificate.disaster import read_certificate_no
from sanjo_tui.receptions.certificate.records import Application
from sanjo_tui.receptions.certificate.words import Kind, State
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.following import Changes, Due
    from sanjo_tui.desk.paper import Paper
    from sanjo_tui.desk.service import Papers
    from sanjo_tui.journal.view import View


class CertificateDesk(IssuingDesk):
    """罹災証明受付; see Desk for threads and errors."""

    VERBS: ClassVar[Mapping[str, str]] = {
        ev.Applied.kind: "申請受付", ev.Rebound.kind: "家屋の変更", ev.BindingConfirmed.kind: "家屋の確認",
        ev.Expected.kind: "予定日", ev.SelfAnswered.kind: "自己判定", ev.Refused.kind: "不交付",
        ev.Withdrawn.kind: "取下", ev.ResurveyAsked.kind: "再調査申請", ev.ResurveyDropped.kind: "再調査取下",
        ev.Issued.kind: "発行", ev.HandedOver.kind: "交付"}

    @property
    def papers(self) -> Papers:
        """The forms."""
        from sanjo_tui.desk.certificate import papers

        return cast("Papers", papers)

    # --- surveys

    def take_in(self) -> int:
        """判定取込 (R5); see LoadedDesk. What has a certificate already is left as it is and listed as 要再交付."""
        self.desk.permit(Permission.DATA)
        disaster, surveys = self.known(), self.surveys()
        if surveys is None:
            return 0

        def decide(view: View) -> Iterable[Event]:
            for application in self.applications(view):
                if application.what is Kind.GRADE and application.binding.house and application.is_open and (
                        application.state is not State.CONSULTED):
                    house_id, _, unit = application.binding.house.partition("/")
                    yield from rules.surveys_taken(
                        disaster, application.number, application.binding.house,
                        surveys.of_house(disaster.code, house_id, unit), application.judged, application.surveyed)

        recorded = self.record(decide, permission=Permission.DATA)
        return len({r.event.subject for r in recorded})

    def say(self, group: Sequence[Recorded]) -> str:
        """受付番号 and verb; the number is the application's, whatever was done with it."""
        verbs = "・".join(dict.fromkeys(self.VERBS[r.event.kind] for r in group))
        return f"{group[0].event.subject} {verbs}"

    # --- taking back

    def undo(self, number: str, reason: str) -> Receipt:
        """取消; of an issued certificate it is 書損, for a number is never free again."""
        self.desk.permit(Permission.UNDO_OWN)
        with self.desk.journal.view() as view:
            group = next((g for g in self._groups(view, 500) if any(r.number == number for r in g)), [])
        issued = next((r.event for r in group if isinstance(r.event, ev.Issued)), None)
        if issued is None:
            return super().undo(number, reason)
        from sanjo_tui.desk import undoing

        undoing.may_take_back(self.desk, group[0].operator, group[0].at_ms)
        return self.void(issued.subject, issued.number, reason)

    def may_undo(self, view: View, group: Sequence[Recorded]) -> None:
        """交付 is taken back only the same day, with the paper (R8); 取下 not where they applied anew since (R3)."""
        for recorded in group:
            event = recorded.event
            if isinstance(event, ev.Refused | ev.Withdrawn) and any(
                    a.is_open and a.number != event.subject and a.what is event.what
                    and rules.same_house(a.binding, event.binding)
                    for a in self.applications_of(view, event.household)):
                raise RuleError("そのあとに、同じ家屋の申請があります。", "新しいほうの申請で進めてください。",
                                detail="E-DUP")
            if isinstance(event, ev.HandedOver) and event.handed_on != self.today().isoformat():
                raise RuleError("交付した日が過ぎています。", "再発行か、再調査の申請にしてください。",
                                detail="E-HANDED")

    # --- telling a forgery

    def verify(self, text: str) -> tuple[bool, str]:
        """Whether what a QR code or a person says is a certificate of ours, and what to say of it."""
        self.desk.permit(Permission.TAP)
        from sanjo_tui.desk.certificate.verifying import verify

        good, sentence = verify(self, text)
        number = next((part for part in text.split(":") if read_certificate_no(part)), "")
        self.desk.log_act("certificate.verify", {"number": number.strip().upper(), "valid": good})
        return good, sentence

    def check_of(self, content: str, check: str) -> bool:
        """Whether this station's key gives that check."""
        return hmac.compare_digest(self._check(content), check)

    # --- a new register

    def follow(self, changes: Changes, view: View) -> Iterable[Event]:
        """What a new register says of applicants and heads."""
        from sanjo_tui.desk.certificate.changed import follow

        return follow(self, changes, view)

    def dues(self, view: View) -> tuple[Due, ...]:
        """What somebody must do because of it, and because of later surveys."""
        from sanjo_tui.desk.certificate.changed import dues

        return dues(self, view)

    def settle(self, number: str, note: str = "") -> Receipt:
        """Somebody did what a change of the register asked for."""
        def rule(application: Application) -> Iterable[Event]:
            if application.changes:
                yield ev.ChangeSettled(subject=number, scope=self.scope, note=note)

        return self._act(number, rule, "対応済みにしました")

    def begin_practice(self) -> None:
        """The fictitious disaster of yesterday, with houses and surveys, open for applications."""
        from sanjo_tui.desk.certificate import practice

        practice.begin(self)

    def export(self, name: str, **options: Any) -> Paper:
        """A list for other programs: `victims`, `houses`, `waiting`, `loose`; logged as a list with names."""
        from sanjo_tui.desk.certificate import exports

        self.desk.permit(Permission.LIST)
        return exports.export(self, name, **options)

    def rows(self, name: str, **options: Any) -> list[Any]:
        """The rows of one of the lists (lists.py): counted, and logged as a list with names."""
        self.desk.permit(Permission.LIST)
        from sanjo_tui.desk.certificate import lists

        rows = lists.LISTS[name](self, **options)
        self.list_made(f"certificate.{name}", len(rows))
        return rows
