"""CertificateDesk: 罹災証明受付 through the one door. Rules are in receptions/certificate, papers in papers.py."""

from __future__ import annotations

import datetime as dt
import hmac
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar, cast

from sanjo_tui.desk.certificate import look as looks
from sanjo_tui.desk.certificate.loading import LoadedDesk
from sanjo_tui.desk.certificate.look import Look
from sanjo_tui.desk.service import Receipt
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import matching, rules
from sanjo_tui.receptions.certificate.disaster import Disaster, certificate_no, read_certificate_no
from sanjo_tui.receptions.certificate.matching import Candidate
from sanjo_tui.receptions.certificate.rules import Asked
from sanjo_tui.receptions.certificate.state import APPLICATIONS, NUMBERS, Application, Given
from sanjo_tui.receptions.certificate.words import Applicant, Kind, State
from sanjo_tui.receptions.identity import IdentifiedBy
from sanjo_tui.receptions.lookups import ListMade, LookedUp
from sanjo_tui.receptions.shelter.words import Via
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.following import Changes, Due
    from sanjo_tui.desk.opened import Opened
    from sanjo_tui.desk.paper import Paper
    from sanjo_tui.desk.service import Papers
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.houses.values import House, Survey

QR = "SANJO-RS1"
"""First part of what a certificate's QR code holds: version, number, keyed check."""

LETTERS = str.maketrans("0123456789abcdef", "ACDEFGHJKMNPRTUX")
"""Hexadecimal digits as letters that nobody mistakes for each other."""


class CertificateDesk(LoadedDesk):
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

    # --- who came

    def look(self, opened: Opened) -> Look:
        """The household on the day of the disaster, candidates with reasons, and what is there of it (R1, R2).

        Addresses stand on the screen: whoever may not see them does not sit here. Raises NotAllowed, RuleError.
        """
        self.desk.permit(Permission.ADDRESS)
        disaster, today = self.known(), self.today()
        rules.must_be_begun(self.opening())
        register = self.desk.register
        released = self.desk.released(opened.who)
        stop = looks.stopped(register.resident(opened.who) if register else None, opened, today, released=released)
        household, members = looks.household_then(opened, self.register_then(), self.desk.protected())
        title = f"{household.applicant_name} さん"
        protected = opened.who in self.desk.protected() or any(m.protected for m in members)
        if stop is not None or protected:
            hidden = replace(household, head_address="") if protected else household
            say = stop or looks.released_verdict()
            return Look(verdict=say, household=hidden, title=title, surveys={}, released=released,
                        by_card=opened.via is Via.CARD)
        found: tuple[Candidate, ...] = ()
        if members:
            lived = next((m for m in members if m.addressee_no == opened.who), members[0])
            found = matching.candidates(self.houses(), lived.town, lived.lot_text, lived.building, members,
                                        disaster.day, disaster.dwelling_uses)
        with self.desk.journal.view() as view:
            mine = self.applications_of(view, household.key)
        return Look(
            verdict=looks.verdict(disaster, household, found, mine, today), household=household, title=title,
            candidates=found, applications=mine, in_shelter=self._in_shelter(household), released=released,
            surveys={c.house.key: self._surveys_of(c.house.key) for c in found}, by_card=opened.via is Via.CARD,
            user_id=opened.link.user_id if opened.link else "")

    def _surveys_of(self, key: str) -> tuple[Survey, ...]:
        surveys, (house_id, _, unit) = self.surveys(), key.partition("/")
        return surveys.of_house(self.known().code, house_id, unit) if surveys and house_id else ()

    def _in_shelter(self, household: rules.Household) -> str:
        """Where the members are who are in a shelter now."""
        presences, places = self.desk.shelter.presences(), self.shelter_names()
        here = Counter(places.get(p.shelter, p.shelter) for m in household.members
                       if (p := presences.get(m.no)) is not None and p.counted)
        return "、".join(f"{place}に{count}人" for place, count in sorted(here.items()))

    def shelter_names(self) -> dict[str, str]:
        """Names of the shelters by code."""
        station, register = self.desk.station, self.desk.register
        names = {one.shelter_code: one.name for one in register.shelters()} if register else {}
        return {station.shelter_code or station.code: station.place, **names}

    def search_houses(self, written: str) -> tuple[House, ...]:
        """Houses by number, address, 地番, map sheet or owner, for a binding by hand. The look is logged."""
        self.desk.permit(Permission.ADDRESS)
        self.desk.refuse_my_number(written)
        protected = self.desk.protected()           # an owner's name must not lead to where they live
        found = tuple(h for h in self.houses().search(written) if h.owner_addressee_no not in protected)
        self.desk.log(ListMade(subject=self.desk.station.code, scope=self.scope, form="certificate.houses",
                               rows=len(found)))
        return found

    # --- one application

    def _application(self, view: View, number: str) -> Application:
        return rules.must_know(view.record_of(APPLICATIONS, self.scope, number), number)

    def application(self, number: str) -> Application:
        """One application, logged as a look at its applicant; without the address of a protected one. RuleError."""
        self.desk.permit(Permission.ADDRESS)
        with self.desk.journal.view() as view:
            found = self._application(view, number)
        self.desk.log(LookedUp(subject=found.applicant_no, via="number", reception=self.NAME,
                               shown=tuple(m.no for m in found.members)))
        return self.guarded(found)

    def guarded(self, application: Application) -> Application:
        """As it may be shown now: the live register decides who is protected, not the one of the day."""
        protected = self.desk.protected()
        if not ({application.applicant_no, application.head_no} & protected):
            return replace(application, members=tuple(m for m in application.members if m.no not in protected))
        own = tuple(m for m in application.members if m.no == application.applicant_no)
        hidden = replace(application.binding, house="", address="", parcel_no="", map_sheet="", owner="", reasons=())
        return replace(application, head_address="", present_place="", phone="", members=own, binding=hidden)

    def hidden(self, application: Application) -> bool:
        """Somebody of it is protected now: no paper with the address is made here."""
        return bool({application.applicant_no, application.head_no} & self.desk.protected())

    def existing(self, household: str, binding: ev.Binding, what: Kind) -> str:
        """The open application of this household, house and kind; "" where there is none (R3)."""
        with self.desk.journal.view() as view:
            mine = self.applications_of(view, household)
        return next((a.number for a in mine if a.is_open and a.state is not State.CONSULTED and a.what is what
                     and rules.same_house(a.binding, binding)), "")

    def find(self, written: str) -> str:
        """The application of a 受付番号, a certificate number or the text of its QR code; "" where it is none."""
        plain = written.strip()
        number = plain.split(":")[1] if plain.startswith(QR + ":") and plain.count(":") == 2 else plain
        with self.desk.journal.view() as view:
            given: Given | None = view.record_of(NUMBERS, self.scope, number.upper())
            if given is not None:
                return given.application
            reception = canonical_registration_no(number)
            known = reception and view.record_of(APPLICATIONS, self.scope, reception)
        return reception or "" if known else ""

    # --- receiving

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
        ready = not rules.why_not(application) and application.state is not State.CONSULTED
        note = "証明書を発行できます" if ready else rules.why_not(application) or application.state.label
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

    # --- certificates

    def issue(self, number: str) -> Receipt:
        """発行 (R6), or 再交付 after a new decision (R9): the number is durable before the paper is due."""
        return self._issue(number, lambda d, a, cert, check, today: rules.issue(d, a, cert, check, today))

    def same_again(self, number: str, reason: str) -> Receipt:
        """再発行(同内容): a new number, the old one ends."""
        return self._issue(number, lambda d, a, cert, check, today: rules.same_again(d, a, cert, check, today, reason))

    def _issue(self, number: str, rule: Callable[[Disaster, Application, str, str, dt.date], Iterable[Event]],
               ) -> Receipt:
        self.desk.permit(Permission.ADDRESS)
        disaster, today = self.known(), self.today()
        taken: list[str] = []

        def decide(view: View) -> Iterable[Event]:
            application = self._application(view, number)
            if self.hidden(application):
                raise RuleError("この方の証明書は、ここでは作りません。", "責任者が本庁で交付します。",
                                detail="E-PROTECTED")
            cert = self._next_certificate(view, disaster, today)
            graded = application.what is Kind.GRADE and application.judged
            content = rules.content_text(disaster, cert, application,
                                         application.judged.grade if graded and application.judged else None,
                                         today.isoformat())
            taken.append(cert)
            yield from rule(disaster, application, cert, self._check(content), today)
            form = "certificate.certificate" if application.what is Kind.GRADE else "certificate.report"
            yield self.due(view, form, application=number, number=cert)

        recorded = self.record(decide)
        return self.receipt(recorded, f"証明書番号 {taken[-1]}", message="発行しました")

    def _next_certificate(self, view: View, disaster: Disaster, today: dt.date) -> str:
        """The next number of this station's range; called inside the transaction that takes it."""
        station = self.desk.station.code
        given = disaster.range_of(station)
        year = disaster.year(today)
        last = view.last_claim(ev.NUMBER, f"{year}-{station}-")
        read = read_certificate_no(last) if last else None
        serial = max(read[2] + 1 if read else given.first, given.first)
        if serial > given.last:
            raise RuleError("この端末の証明書番号を使い切りました。", "情報担当が災害の設定で番号の範囲を広げます。",
                            detail="E-RANGE")
        return certificate_no(year, station, serial)

    def _check(self, content: str) -> str:
        """Keyed check of a certificate: 64 bits of an HMAC by a key of this station's vault, in 16 letters.

        Letters, for among digits by chance a 個人番号 could stand.
        """
        return self.desk.keys.token_key("certificate", content)[:16].translate(LETTERS)

    def void(self, number: str, certificate: str, reason: str) -> Receipt:
        """書損 (R7, R8): the number is void for good, the next paper has the next one."""
        receipt = self._act(number, lambda a: rules.void(a, self.scope, certificate, reason, self.today()),
                            f"{certificate} を書損にしました")
        self._take_back_paper(certificate)
        return receipt

    def _take_back_paper(self, certificate: str) -> None:
        from sanjo_tui.desk.service import UNSENT

        for job in self.desk.printing.pending():
            if job.parameters.get("number") == certificate and job.state in UNSENT:
                self.desk.printing.cancel(job.number, "certificate void")

    def hand_over(self, number: str, by: Applicant | None = None, *, signed: bool = True) -> Receipt:
        """交付 (R8): who took it signed the ledger."""
        return self._act(number, lambda a: rules.hand_over(a, self.scope, self.today(), by or a.applicant,
                                                           signed=signed), "交付しました")

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
        """交付 is taken back only the same day, with the paper back (R8)."""
        for recorded in group:
            event = recorded.event
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
