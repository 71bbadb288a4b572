"""Who stands before the childcare desk: the children who count, the card there is, whose a card number is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sanjo_tui.desk.childcare.basis import Basis
from sanjo_tui.errors import RegisterError
from sanjo_tui.journal.events import Claim
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare import rules
from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import Place
from sanjo_tui.receptions.identity import stop_of
from sanjo_tui.receptions.lookups import LookedUp
from sanjo_tui.text import nfkc
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.opened import Opened
    from sanjo_tui.receptions.base import Verdict
    from sanjo_tui.register.people import Household, Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the desk knows of who is open. `household`: the children's, as far as this desk may show it."""

    resident: Resident
    household: Household
    looked: rules.Looked
    card: Card | None
    past: tuple[Card, ...]
    stop: Verdict | None
    place: Place = Place.HOUSEHOLD
    doubles: tuple[Card, ...] = ()
    """Live cards beside `card`, from a station that was not met yet."""


class Looks(Basis):
    """Looks before anything is recorded; see Desk for threads and errors."""

    def look(self, opened: Opened) -> Look:
        """After somebody was opened (and logged): who counts, and which card there is. RegisterError, RuleError."""
        self.desk.permit(Permission.TAP)
        resident = opened.household.member(opened.who) if opened.household else None
        if resident is None or opened.household is None:
            raise RegisterError("住民の記録がありません。", "住民の方だけが申請できます。")
        household = opened.household
        if resident.protected and self.desk.released(opened.who):
            household = self._household(household.number, opened.who)
            self.desk.log(LookedUp(subject=opened.who, via=opened.via.value,
                                   shown=tuple(one.addressee_no for one in household.members)))
        with self.desk.journal.view() as view:
            holding = self.holding(view, opened.who)
        card = holding.card if holding else None
        past = tuple(one for one in holding.cards if not one.live) if holding else ()
        today = self.desk.today()
        return Look(resident=resident, household=household, card=card, past=past,
                    doubles=holding.doubles if holding else (),
                    looked=rules.look(household, opened.who, self.setup.rule, today),
                    stop=stop_of(resident, card=opened.link, today=today, released=self.desk.released(opened.who)))

    def beside(self, look: Look, opened: Opened, place: Place) -> Look:
        """The same holder before the children's household, which is another one: `opened`, and logged."""
        self.desk.permit(Permission.TAP)
        if opened.household is None:
            raise RegisterError("住民の記録がありません。", "子どもを住基から探してください。")
        looked = rules.look(opened.household, look.resident.addressee_no, self.setup.rule, self.desk.today())
        return replace(look, household=opened.household, looked=looked, place=place)

    def child_of(self, card: Card) -> str:
        """宛名番号 of a child by whom the household of a card is opened again; "" where none is left in it."""
        self.desk.permit(Permission.TAP)
        for child in card.children:
            one = self.desk.register.resident(child.addressee_no) if self.desk.register else None
            if one is not None and one.living and one.household_no == card.household_no:
                return one.addressee_no
        return ""

    def person_of(self, card_no: str) -> str:
        """宛名番号 of whoever was given this card number, or ""; also of a void one."""
        self.desk.permit(Permission.TAP)
        number = nfkc(card_no).strip().upper()
        if not self.ready or not self.setup.form.serial(number):
            return ""
        with self.desk.journal.view() as view:
            held = view.holder(Claim(ev.CARD, number))
            found = view.event(*held) if held else None
        return found.event.person if found and isinstance(found.event, ev.NumberTaken) else ""

    def _household(self, household_no: str, who: str) -> Household:
        """A household as the register has it now, with those whom this holder may be told of.

        A protected holder sees herself alone; once the responsible person lifted the stop, also who is protected
        with her: the children she took along.
        """
        assert self.desk.register is not None
        household = self.desk.register.household(household_no)
        own = household.member(who)
        if own is not None and own.protected and self.desk.released(who):
            return replace(household, members=tuple(one for one in household.members if one.protected))
        return household.seen_from(who)
