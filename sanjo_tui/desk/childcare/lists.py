"""Lists of 子育て支援カード: 交付台帳, 更新対象一覧, photos whose time is over."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from sanjo_tui.desk import photos
from sanjo_tui.desk.childcare.printer import CardData
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare import lists, rules
from sanjo_tui.receptions.childcare.words import SCOPE
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.receptions.childcare.state import Card, Holding


class Lists(CardData):
    """The lists; see Desk for threads and errors. Whoever asks for rows logs them (`list_made`) before showing them."""

    def ledger(self, *, live: bool = False) -> tuple[lists.LedgerRow, ...]:
        """Every card by its number; `live`: only those that did not end."""
        self.desk.permit(Permission.LIST)
        with self.desk.journal.view() as view:
            held = [(holding, card) for holding in self.holdings(view) for card in holding.cards
                    if card.live or not live]
        rows = []
        for holding, card in sorted(held, key=lambda pair: pair[1].card_no):
            name, town = self._shown(holding)
            rows.append(lists.LedgerRow(
                card_no=card.card_no, name=name, town=town, holder_role=card.role.label,
                applied_on=lists.day_of(card.applied_ms), issued_on=lists.day_of(card.handed_ms),
                valid_until=card.valid_until, status=card.status.label, ended_on=lists.day_of(card.ended_ms)))
        return tuple(rows)

    def renewal_year(self) -> int:
        """The year whose renewal is on."""
        setup = self.setup
        return lists.renewal_year(self.desk.today(), setup.renewal_month, setup.renewal_lead_days)

    def renewals(self, year: int = 0) -> tuple[lists.RenewalRow, ...]:
        """Handed cards that were not counted again for that year (0: the one that is on), by 町 and number."""
        self.desk.permit(Permission.LIST)
        setup = self.setup
        first = lists.renewal_day(year or self.renewal_year(), setup.renewal_month)
        with self.desk.journal.view() as view:
            due = [(holding, holding.card) for holding in self.holdings(view) if holding.card is not None
                   and lists.renewal_is_due(holding.card, first, setup.renewal_lead_days)]
        rows = [self._renewal(holding, card, first) for holding, card in due]
        return tuple(sorted(rows, key=lambda row: (row.town, row.card_no)))

    def _renewal(self, holding: Holding, card: Card, first: dt.date) -> lists.RenewalRow:
        setup = self.setup
        untils, unclear = self.counted_now(holding.addressee_no, card)
        count = rules.count_on(untils, first)
        after = rules.valid_until(untils, card.needed, setup.rule.fixed_end)
        name, town = self._shown(holding)
        next_day = after.isoformat() if after and after >= first else ""
        return lists.RenewalRow(
            card_no=card.card_no, name=name, town=town, holder_role=card.role.label, children=count,
            needed=card.needed, counted_on=lists.day_of(card.counted_ms), valid_until=card.valid_until,
            next_valid_until=next_day,
            todo=lists.todo_of(count, card.needed, card.valid_until, next_day, first, unclear))

    def counted_now(self, person: str, card: Card) -> tuple[list[dt.date], int]:
        """Last days of the children as the live register has the card's household, and how many are unclear.

        Who was born or came into it counts; who died, moved away or left it does not. A child that a person had made
        sure of counts as long as it is a resident.
        """
        register = self.desk.register
        if register is None:
            return [], 0
        holder, household = register.resident(person), register.household(card.household_no)
        if holder is None or not holder.protected:      # of a protected holder only the count leaves this function
            household = household.seen_from(person)
        kids = {kid.addressee_no: kid for kid in rules.look(household, person, self.setup.rule, self.desk.today()).kids}
        confirmed = {child.addressee_no: child for child in card.children if child.confirmed}
        untils = [kid.until for number, kid in kids.items() if kid.until and kid.sure and number not in confirmed]
        for number, child in confirmed.items():
            one, kid = register.resident(number), kids.get(number)
            if one is not None and one.living:
                untils.append((kid.until if kid else None) or dt.date.fromisoformat(child.until))
        unclear = sum(kid.until is None and number not in confirmed for number, kid in kids.items())
        return untils, unclear

    def erase_photos(self) -> int:
        """Erase photos of cards that ended longer ago than the set-up keeps them, and what no card has; how many."""
        self.desk.permit(Permission.LIST)
        last = (dt.datetime.now(JST) - dt.timedelta(days=self.setup.keep_photo_days)).timestamp() * 1000
        with self.desk.journal.view() as view:
            cards = [card for holding in self.holdings(view) for card in holding.cards if card.photo]
        needed = {card.photo for card in cards if card.live or card.ended_ms > last}
        over = {card.photo for card in cards} - needed
        over.update(photos.left_over(self.desk, needed | over, service=SCOPE))
        count = sum(photos.erase(self.desk, name, service=SCOPE) for name in over)
        if count:
            code = self.desk.station.code
            self.record(lambda view: (ev.PhotosErased(subject=code, scope=SCOPE, count=count),),
                        permission=Permission.LIST)
        return count

    def _shown(self, holding: Holding) -> tuple[str, str]:
        """Name, and 町 unless the person is protected."""
        one = self.desk.register.resident(holding.addressee_no) if self.desk.register else None
        if one is None:
            return f"（住基にいません {holding.addressee_no}）", ""
        return one.name, "" if one.protected else one.town
