"""Who came, the houses that may be theirs, and the applications that are there."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from sanjo_tui.desk import searching, sight
from sanjo_tui.desk.certificate import look as looks
from sanjo_tui.desk.certificate.loading import LoadedDesk
from sanjo_tui.desk.certificate.look import Look
from sanjo_tui.desk.opened import Opened
from sanjo_tui.errors import RuleError
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import matching, rules
from sanjo_tui.receptions.certificate.disaster import QR
from sanjo_tui.receptions.certificate.matching import Candidate
from sanjo_tui.receptions.certificate.records import Application, Given
from sanjo_tui.receptions.certificate.state import APPLICATIONS, NUMBERS
from sanjo_tui.receptions.certificate.words import Kind, State
from sanjo_tui.receptions.lookups import ListMade, LookedUp, Searched
from sanjo_tui.receptions.shelter.look import sheet_key
from sanjo_tui.receptions.shelter.words import Via
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.houses.values import House, Survey
    from sanjo_tui.register.people import Found


class FindingDesk(LoadedDesk):
    """The part of a certificate desk that finds people, houses and applications; what it shows was logged."""

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

    def search_then(self, text: str, reason: str = "") -> Found:
        """Who lived here on the day, also those who moved away since; as Desk.search, on the pinned register."""
        self.desk.permit(Permission.SEARCH_TWO)
        found = searching.in_register(self.desk.who, text, reason, self.register_then().search)
        self.desk.log(Searched(subject=self.desk.station.code, readings=tuple(found.readings), reason=reason,
                               reception=self.NAME, listed=tuple(hit.resident.addressee_no for hit in found.hits)))
        protected = self.desk.protected()                  # the live register decides, not the one of the day
        hits = tuple(replace(hit, resident=replace(hit.resident, protected=True))
                     if hit.resident.addressee_no in protected else hit for hit in found.hits)
        return sight.found(self.desk.who, replace(found, hits=hits))

    def open_then(self, addressee_no: str) -> Opened:
        """Somebody of the pinned register, logged before they are shown. Raises RuleError."""
        self.desk.permit(Permission.TAP)
        resident = self.register_then().resident(addressee_no)
        if resident is None:
            raise RuleError("災害の日の住基に、その番号の方はいません。", "番号を確かめてください。")
        household = self.register_then().household(resident.household_no).seen_from(addressee_no)
        self.desk.log(LookedUp(subject=addressee_no, via=Via.SEARCH.value, reception=self.NAME,
                               shown=tuple(m.addressee_no for m in household.members)))
        return Opened(who=addressee_no, household=sight.household(self.desk.who, household),
                      household_key=sheet_key(resident), via=Via.SEARCH)

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
