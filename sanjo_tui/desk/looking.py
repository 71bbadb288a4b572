"""Looking up: logged first, shown then; and the cards that are handed out to people."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import searching, sight, typed
from sanjo_tui.desk.opened import Opened, card_notes
from sanjo_tui.desk.rooms import Rooms
from sanjo_tui.errors import RegisterError, RuleError, UnknownToken
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.lookups import LookedUp, Searched
from sanjo_tui.receptions.shelter.look import sheet_key
from sanjo_tui.receptions.shelter.words import Via
from sanjo_tui.receptions.tokens import SCOPE, TOKENS, TokenBound, TokenUnbound
from sanjo_tui.register.people import CardLink, Found, Household, Resident
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.lookup import Register

log = logging.getLogger(__name__)

CardWay = Callable[[CardSeen, str], "CardLink | None"]
"""What else knows of a card, asked before the register; may raise UnknownToken. The second argument: the reception."""


@dataclass(slots=True)
class Looking(Rooms):
    """The part of a Desk that finds people."""

    register: Register | None = field(default=None, kw_only=True)
    card_ways: list[CardWay] = field(default_factory=list, kw_only=True)

    def refresh_register(self) -> None:
        """Notice that another register became the live one, or that there is one now."""
        if self.register is None and not (self.station.register_dir / "current").exists():
            self._warnings["register"] = "住基の写しがありません"
            return
        from sanjo_tui.register.lookup import Register  # a station without one starts without it

        try:
            if self.register is None:
                self.register = Register.open(self.station.register_dir, self.keys)
            else:
                self.register.refresh()
            self._warnings.pop("register", None)
        except RegisterError as error:
            self._warnings["register"] = error.message
            log.warning("register: %s", error.detail or type(error).__name__)

    def protected(self) -> frozenset[str]:
        """宛名番号 of all whom the live register protects."""
        return self.register.protected_numbers() if self.register else frozenset()

    def search(self, text: str, reason: str = "") -> Found:
        """One look-up, one event, then the hits. Raises RegisterError without a register or for a refused number.

        `reason`: a key of REASONS. Where operators are registered, who has not two features of a person gives one
        (searching.ReasonNeeded), or may not search so at all (NotAllowed).
        """
        self.permit(Permission.SEARCH_TWO)
        if self.register is None:
            raise RegisterError("住基の写しがありません。", "F2 仮登録で受け付けてください。")
        self.register.refresh()
        found = searching.in_register(self.who, text, reason, self.register.search)
        self.log(Searched(subject=self.station.code, readings=tuple(found.readings), reason=reason,
                          listed=tuple(hit.resident.addressee_no for hit in found.hits)))
        return sight.found(self.who, found)

    def open_resident(self, addressee_no: str, via: Via = Via.SEARCH) -> Opened:
        """The household of a resident of the register."""
        self.permit(Permission.TAP)
        resident = self.register.resident(addressee_no) if self.register else None
        if resident is None:
            raise RegisterError("その番号の住民はいません。", "番号を確かめるか、F2 仮登録で受け付けてください。")
        return self._open(resident, via)

    def open_person(self, key: str, via: Via = Via.SEARCH) -> Opened:
        """A resident, or a provisional person by number."""
        self.permit(Permission.TAP)
        if key.isdigit():
            return self.open_resident(key, via)
        household, merged_into = self.shelter.household_of(key)
        if merged_into:
            return self.open_resident(merged_into, via)
        self.log(LookedUp(subject=key, via=via.value, shown=(key,)))
        return Opened(who=key, household=None, household_key=household, via=via)

    def open_card(self, seen: CardSeen, reception: str = "shelter") -> Opened:
        """Whose card this is: IDs issued here first, then the register's, then the handed-out cards.

        Raises UnknownToken, also where the holder's consent does not cover `reception`.
        """
        self.permit(Permission.TAP)
        link = self.link_of(seen, reception)
        resident = self.register.resident(link.addressee_no) if self.register and link else None
        if link is not None and resident is not None:
            return self._open(resident, Via.CARD, seen.assurance, card_notes(link, self.today()), link=link)
        person = self.bound_to(seen)
        if person is None:
            raise UnknownToken("このカードの持ち主が分かりません。", "氏名で探すか、F2 仮登録で受け付けてください。")
        with self.journal.view() as view:
            if not self.shelter.knows(view, person):
                raise UnknownToken("前の災害で配ったカードです。", "氏名で探すか、F2 仮登録で受け付けてください。")
        return self.open_person(person, Via.TOKEN)

    def link_of(self, seen: CardSeen, reception: str) -> CardLink | None:
        """Whose user ID this card carries. Raises UnknownToken where it was withdrawn."""
        if seen.token != "user_id":
            return None
        for way in self.card_ways:
            link = way(seen, reception)
            if link is not None:
                return link
        return self.register.by_user_id(seen.value) if self.register else None

    def _open(self, resident: Resident, via: Via, assurance: str = "", notes: Sequence[str] = (),
              link: CardLink | None = None) -> Opened:
        assert self.register is not None
        household = self.register.household(resident.household_no)
        notes = list(notes)
        if household.member(resident.addressee_no) is None:
            notes.append("住基では転出か死亡です。本人か確かめてください")
            household = Household(resident.household_no, (resident, *household.members))
        household = household.seen_from(resident.addressee_no)
        self.log(LookedUp(subject=resident.addressee_no, via=via.value,
                          shown=tuple(m.addressee_no for m in household.members)))
        household = sight.household(self.who, household)
        return Opened(who=resident.addressee_no, household=household, household_key=sheet_key(resident), via=via,
                      assurance=assurance, notes=tuple(notes), link=link)

    def refuse_my_number(self, *texts: str) -> None:
        """Raises RuleError when a typed text holds a 個人番号; exactly a known 宛名番号 is none."""
        found = {number for text in texts for number in typed.my_numbers(text)}
        known = (number for number in found if self.register and self.register.resident(number))
        typed.refuse(texts, known if found else ())

    # --- handed-out cards

    def _binding(self, view: View, seen: CardSeen) -> Any:
        return view.record_of(TOKENS, SCOPE, self.keys.token_key(seen.token, seen.value))

    def bound_to(self, seen: CardSeen) -> str | None:
        """Whom a handed-out card stands for."""
        self.permit(Permission.TAP)
        with self.journal.view() as view:
            binding = self._binding(view, seen)
        return binding.person if binding and binding.person else None

    def bind(self, seen: CardSeen, key: str) -> None:
        """Hand the card out to a resident or a provisional person. Raises RuleError when it is somebody's already.

        One that was handed to a provisional person of an earlier disaster is nobody's any more.
        """
        self.permit(Permission.RECEIVE)
        subject = self.keys.token_key(seen.token, seen.value)

        def decide(view: View) -> Sequence[Event]:
            binding = self._binding(view, seen)
            if binding and binding.person == key:
                return ()
            bound = TokenBound(subject=subject, person=key, token=seen.token, profile=seen.profile)
            if binding and binding.person and self.shelter.knows(view, binding.person):
                raise RuleError("このカードは、ほかの人に配られています。",
                                "返してもらったカードなら、先に結び付けを外してください。")
            if binding and binding.person:
                return TokenUnbound(subject=subject, reason="前の災害の仮登録", bound_by=binding.bound_by), bound
            return (bound,)

        if self.register and seen.token == "user_id" and self.register.by_user_id(seen.value):
            raise RuleError("住基に登録のあるカードです。", "配布用の別のカードを使ってください。")
        self.journal.record(self.operator, decide)

    def unbind(self, seen: CardSeen, reason: str) -> None:
        """Take the card back. Raises RuleError when it is nobody's."""
        self.permit(Permission.RECEIVE)
        self.refuse_my_number(reason)
        subject = self.keys.token_key(seen.token, seen.value)

        def decide(view: View) -> Sequence[Event]:
            binding = self._binding(view, seen)
            if not binding or not binding.person:
                raise RuleError("だれにも配られていないカードです。", "結び付けを外す必要はありません。")
            return (TokenUnbound(subject=subject, reason=reason or "返却", bound_by=binding.bound_by),)

        self.journal.record(self.operator, decide)
