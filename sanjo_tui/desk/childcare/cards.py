"""The life of a card at the desk: counted and applied for, photo, handed over, lost, made anew, renewed, returned."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk import photos
from sanjo_tui.desk.childcare.looks import Look, Looks
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare import rules
from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import SCOPE, Role, Status
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy, stop_of
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.people import CardLink, Resident

APPLICATION = "childcare.application"


class Cards(Looks):
    """The life of a card; see Desk for threads and errors."""

    # --- the way of a card

    def apply(self, look: Look, chosen: Mapping[str, rules.Answer], *, role: Role, verified_by: VerifiedBy,
              confirmed: str = "", disability: bool = False, link: CardLink | None = None) -> Receipt:
        """申請: the children are counted, a number is given, the 申請書 is due. Raises RuleError, NotAllowed."""
        who = look.resident.addressee_no
        self._may(who, link)
        self._refuse_my_number(chosen)
        rule, today = self.setup.rule, self.desk.today()
        looked = rules.look(self._household(look.household.number, who), who, rule, today)
        rules.check_role(looked, rule, role, look.place, confirmed)
        if disability and not (rule.disability_children and confirmed.strip()):
            raise RuleError("障がいのある方がいる家庭の扱いにできません。", "設定と、確かめた方法を見直してください。")
        needed = rule.needed(disability)
        children = rules.counted(looked, chosen)
        end = self._end(rules.enough(children, needed, rule.fixed_end, today), who, role, children)
        number = ""

        def decide(view: View) -> Iterator[Event]:
            nonlocal number
            holding = self.holding(view, who)
            if holding is not None and holding.card is not None:
                raise RuleError("この方のカードがもうあります。",
                                "紛失なら再発行、内容が変わったなら更新にしてください。")
            number = self._next_card(view)
            yield ev.NumberTaken(subject=number, scope=SCOPE, person=who)
            yield ev.Applied(subject=who, scope=SCOPE, reception_no=self.next_number(view), card_no=number, role=role,
                             household_no=look.household.number, children=children, needed=needed,
                             valid_until=end.isoformat(), place=look.place, confirmed=confirmed.strip(),
                             verified_by=verified_by, **self._identity(link))
            yield self.due(view, APPLICATION, addressee_no=who)

        recorded = self.record(decide)
        self.desk.releases.end(who)
        return self.receipt(recorded, detail=f"カード番号 {number}")

    def check_photo(self, addressee_no: str, path: Path) -> photos.Photo:
        """A file before a person looks at it: its shape, and that it is not somebody else's photo. RuleError."""
        self._may(addressee_no, None)
        photo = photos.check(path, self.photo_rules)
        with self.desk.journal.view() as view:
            other = next((card.card_no for holding in self.holdings(view) if holding.addressee_no != addressee_no
                          for card in holding.cards if card.photo == photo.sha256), "")
        if other:
            raise photos.somebody_elses(f"カード（{other}）")
        return photo

    def take_photo(self, addressee_no: str, path: Path) -> Receipt:
        """写真: taken in from a file, after a person looked at it. RuleError says what is wrong with it."""
        self.desk.permit(Permission.RECEIVE)
        with self.desk.journal.view() as view:
            card = self._card(view, addressee_no, Status.PHOTOGRAPHED, Status.APPLIED, Status.PHOTOGRAPHED,
                              Status.PRINTED)
        photo = self.check_photo(addressee_no, path)
        photos.keep(self.desk, photo, service=SCOPE)

        def decide(view: View) -> Iterator[Event]:
            now = self._card(view, addressee_no, Status.PHOTOGRAPHED, Status.APPLIED, Status.PHOTOGRAPHED,
                             Status.PRINTED)
            yield ev.PhotoTaken(subject=addressee_no, scope=SCOPE, card_no=now.card_no, sha256=photo.sha256,
                                width=photo.width, height=photo.height)

        return self.receipt(self.record(decide), detail=f"{card.card_no} 写真 {photo.width}x{photo.height}")

    def hand_over(self, addressee_no: str, *, verified_by: VerifiedBy, signed: bool) -> Receipt:
        """交付 against 受領サイン on the 交付台帳. RuleError without it, and for a card whose last day is over."""
        self._may(addressee_no, None)
        if not signed:
            raise RuleError("受領サインがまだです。", "交付台帳にサインをもらってから、もう一度押してください。")

        def decide(view: View) -> Iterator[Event]:
            card = self._card(view, addressee_no, Status.HANDED)
            if card.valid_until < self.desk.today().isoformat():
                raise RuleError("カードの最終日を過ぎています。", "更新か、期限切れの記録をしてください。")
            yield ev.CardHanded(subject=addressee_no, scope=SCOPE, card_no=card.card_no, verified_by=verified_by)

        recorded = self.record(decide)
        self.desk.releases.end(addressee_no)
        return self.receipt(recorded, detail=self._number_of(recorded))

    def lose(self, addressee_no: str, reason: str) -> Receipt:
        """紛失・盗難: the number is void at once."""
        def decide(view: View) -> Iterator[Event]:
            card = self._card(view, addressee_no, Status.LOST)
            yield ev.CardLost(subject=addressee_no, scope=SCOPE, card_no=card.card_no, reason=reason.strip())

        recorded = self.record(decide)
        return self.receipt(recorded, detail=f"{self._number_of(recorded)} 無効")

    def reissue(self, addressee_no: str, *, verified_by: VerifiedBy, link: CardLink | None = None) -> Receipt:
        """再発行 of a lost card: a new number with the photo that is there; the old number stays void for good."""
        self._may(addressee_no, link)
        number = ""

        def decide(view: View) -> Iterator[Event]:
            nonlocal number
            card = self._card(view, addressee_no, Status.REISSUED)
            if card.valid_until < self.desk.today().isoformat():
                raise RuleError("カードの最終日を過ぎています。", "返却にしてから、申請をやり直してください。")
            number = self._next_card(view)
            yield ev.NumberTaken(subject=number, scope=SCOPE, person=addressee_no)
            yield ev.CardReissued(subject=addressee_no, scope=SCOPE, reception_no=self.next_number(view),
                                  card_no=number, old_card_no=card.card_no, children=card.children,
                                  valid_until=card.valid_until, verified_by=verified_by, **self._identity(link))
            yield self.due(view, APPLICATION, addressee_no=addressee_no)

        recorded = self.record(decide)
        self.desk.releases.end(addressee_no)
        return self.receipt(recorded, detail=f"新しいカード番号 {number}")

    def renew(self, look: Look, chosen: Mapping[str, rules.Answer], *, verified_by: VerifiedBy,
              link: CardLink | None = None) -> Receipt:
        """更新: the children are counted again; another last day needs a new plastic card of the same number."""
        who = look.resident.addressee_no
        self._may(who, link)
        self._refuse_my_number(chosen)
        rule, today = self.setup.rule, self.desk.today()
        looked = rules.look(self._household(look.household.number, who), who, rule, today)
        children = rules.counted(looked, chosen)
        again = False

        def decide(view: View) -> Iterator[Event]:
            nonlocal again
            card = self._card(view, who, None, Status.APPLIED, Status.PHOTOGRAPHED, Status.PRINTED, Status.HANDED)
            end = self._end(rules.enough(children, card.needed, rule.fixed_end, today), who, card.role, children)
            again = end.isoformat() != card.valid_until and card.status in (Status.HANDED, Status.PRINTED)
            yield ev.CardRenewed(subject=who, scope=SCOPE, reception_no=self.next_number(view), card_no=card.card_no,
                                 household_no=look.household.number, children=children, valid_until=end.isoformat(),
                                 new_card=again, verified_by=verified_by, **self._identity(link))

        recorded = self.record(decide)
        self.desk.releases.end(who)
        return self.receipt(recorded, detail=f"{self._number_of(recorded)} 更新",
                            note="最終日が変わりました。カードを作り直します" if again else "カードはそのまま使えます")

    def give_back(self, addressee_no: str, reason: str) -> Receipt:
        """返却, or 取下げ before the card was handed over: the number is void, the person may apply again."""
        def decide(view: View) -> Iterator[Event]:
            card = self._card(view, addressee_no, Status.RETURNED)
            yield ev.CardReturned(subject=addressee_no, scope=SCOPE, card_no=card.card_no,
                                  reason=reason.strip() or "返却")

        recorded = self.record(decide)
        return self.receipt(recorded, detail=f"{self._number_of(recorded)} 無効")

    def settle(self, addressee_no: str, reason: str) -> Receipt:
        """What a new register asks about the card was looked into: it stays as it is, for a reason."""
        if not reason.strip():
            raise RuleError("理由を入れてください。", "例: 本人に確かめ、子の数は変わらない")

        def decide(view: View) -> Iterator[Event]:
            card = self._card(view, addressee_no, None)
            if not card.what:
                raise RuleError("確かめることは残っていません。", "F8 の一覧を見直してください。")
            yield ev.CardSettled(subject=addressee_no, scope=SCOPE, card_no=card.card_no, reason=reason.strip())

        recorded = self.record(decide)
        return self.receipt(recorded, detail=f"{self._number_of(recorded)} そのまま")

    def expire(self) -> Receipt:
        """期限切れ of every card whose last day is over; those people may apply again."""
        today = self.desk.today().isoformat()

        def decide(view: View) -> Iterator[Event]:
            for holding in self.holdings(view):
                card = holding.card
                if card is not None and card.valid_until < today:
                    yield ev.CardExpired(subject=holding.addressee_no, scope=SCOPE, card_no=card.card_no,
                                         valid_until=card.valid_until)

        recorded = self.record(decide, permission=Permission.LIST)
        detail = f"期限切れ {len(recorded)}枚" if recorded else "期限の過ぎたカードはありません"
        return self.receipt(recorded, detail=detail)

    # --- what they share

    def _may(self, addressee_no: str, link: CardLink | None) -> Resident:
        self.desk.permit(Permission.RECEIVE)
        resident = self.desk.register.resident(addressee_no) if self.desk.register else None
        if resident is None:
            raise RegisterError("その番号の住民はいません。", "番号を確かめてください。")
        stop = stop_of(resident, card=link, today=self.desk.today(), released=self.desk.released(addressee_no))
        if stop is not None:
            raise RuleError(f"{stop.message}。", "。".join(stop.notes) + "。")
        return resident

    def _refuse_my_number(self, chosen: Mapping[str, rules.Answer]) -> None:
        """In what was typed of each child, which `record` does not look into."""
        self.desk.refuse_my_number(*(answer.reason for answer in chosen.values()))

    def _card(self, view: View, addressee_no: str, to: Status | None, *among: Status) -> Card:
        """The present card, if `to` may follow and it is in one of the states `among`. RuleError."""
        holding = self.holding(view, addressee_no)
        card = holding.card if holding else None
        if card is None:
            raise RuleError("この方のカードはありません。", "申請から始めてください。")
        if (to is not None and not card.may(to)) or (among and card.status not in among):
            raise RuleError(f"今は「{card.status.label}」なので、これはできません。",
                            "画面の番号で、できることを選んでください。")
        return card

    def _next_card(self, view: View) -> str:
        form, code = self.setup.form, self.desk.station.code
        last = view.last_claim(ev.CARD, form.start(code))
        return form.number(code, (form.serial(last) if last else 0) + 1)

    def _end(self, end: dt.date, who: str, role: Role, children: tuple[ev.Child, ...]) -> dt.date:
        """A child's own card also ends when the child itself counts no longer."""
        own = next((dt.date.fromisoformat(one.until) for one in children if one.addressee_no == who), None)
        return min(end, own) if role is Role.CHILD and own else end

    def _identity(self, link: CardLink | None) -> dict[str, Any]:
        return {"identified_by": IdentifiedBy.CARD if link else IdentifiedBy.SEARCH,
                "user_id": link.user_id if link else "", "snapshot_id": self.snapshot_id}

    @staticmethod
    def _number_of(recorded: tuple[Any, ...]) -> str:
        return next((no for one in recorded if (no := getattr(one.event, "card_no", ""))), "")
