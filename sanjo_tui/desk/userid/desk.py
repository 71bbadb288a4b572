"""UseridDesk: 利用者ID発行. Consent, a number set aside, written or brought on the card, read back, looked after."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from sanjo_tui.cards.errands import WriteOutcome
from sanjo_tui.desk.following import Due
from sanjo_tui.desk.userid.basis import Basis
from sanjo_tui.desk.userid.way import holder_of
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy, stop_of
from sanjo_tui.receptions.userid import events as ev
from sanjo_tui.receptions.userid.rules import following, own
from sanjo_tui.receptions.userid.state import HOLDERS, Holder
from sanjo_tui.receptions.userid.words import SCOPE, Status, masked
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.cards.errands import Written
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk.following import Changes
    from sanjo_tui.desk.opened import Opened
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.base import Verdict
    from sanjo_tui.register.people import CardLink, Resident

NOTICE, CONSENT = "userid.notice", "userid.consent"
CARD_GONE = "カードの失効"
NOT_HERE = ("この方の利用者IDは、ここでは発行していません。", "検索した人を確かめてください。")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the desk knows of who is open; `stop`: why nothing may be done. `register_id`: the card's, not ours."""

    resident: Resident
    holder: Holder | None
    stop: Verdict | None
    register_id: str = ""
    valid_until: str = ""


class UseridDesk(Basis):
    """利用者ID発行; see Desk for threads and errors."""

    VERBS: ClassVar[dict[str, str]] = {
        ev.IdReserved.kind: "予約", ev.CardTried.kind: "書込み", ev.IdVerified.kind: "読戻し・発行",
        ev.IdLinked.kind: "番号連携", ev.ConsentChanged.kind: "同意の変更", ev.IdSuspended.kind: "停止",
        ev.IdResumed.kind: "停止の解除", ev.ConsentWithdrawn.kind: "同意の撤回", ev.IdAbandoned.kind: "取りやめ"}

    # --- who is open

    def look(self, opened: Opened) -> Look:
        """After somebody was opened (and logged)."""
        self.desk.permit(Permission.TAP)
        resident = opened.household.member(opened.who) if opened.household else None
        if resident is None:
            raise RegisterError("住民の記録がありません。", "住民の方だけが利用者IDを持てます。")
        with self.desk.journal.view() as view:
            holder: Holder | None = view.record_of(HOLDERS, SCOPE, opened.who)
        link = opened.link
        known = self._registers_own(opened.who, link) if holder is None else None
        return Look(resident=resident, holder=holder, register_id=known.user_id if known else "",
                    valid_until=link.valid_until if link else known.valid_until if known else "",
                    stop=stop_of(resident, card=link, today=self.desk.today(),
                                 released=self.desk.released(opened.who)))

    def counts(self) -> str:
        """The line of live counts."""
        if not self.ready:
            return ""
        holders = self._holders()
        used = sum(one.in_use for one in holders)
        return f"利用者ID {used}人  発行の途中 {len(self._open())}  この端末の残り {self.remaining()}"

    # --- issuing

    def reserve(self, addressee_no: str, *, verified_by: VerifiedBy, consent: Sequence[str], by_tool: bool = False,
                carry: bool = False, link: CardLink | None = None) -> Receipt:
        """予約 with the consent of today; the form for signing is due. Raises RuleError, NotAllowed.

        Somebody who has a live number gets another one for a new chip, or with `carry` the same; the old one stays in
        use until the new card is read back. `link`: the card that was tapped, where the register knows it.
        """
        setup = self.in_force()
        self._may(addressee_no, link)
        scope = tuple(one.code for one in setup.scopes if one.code in consent)
        if not scope or set(consent) - set(scope):
            raise RuleError("同意した業務がありません。", "本人に聞いて、使う業務を番号で選んでください。")

        def decide(view: View) -> Iterator[Event]:
            holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
            if holder is not None and holder.pending:
                raise RuleError("この方の発行は途中です。", "F8 の一覧から、続けるか取りやめてください。")
            old = holder.user_id if holder is not None and holder.live else ""
            known = self._registers_own(addressee_no, link) if holder is None else None
            if known is not None:
                old = known.user_id
                yield ev.IdKnown(subject=addressee_no, scope=SCOPE, number=old, valid_until=known.valid_until)
            if carry and not old:
                raise RuleError("引き継ぐ利用者IDがありません。", "新しい番号で発行してください。")
            number = old
            if not carry:
                one, number = following(own(setup.ranges, self.desk.station.code), self._stocks(view),
                                        lambda text: holder_of(view, text) is not None or self._registered(text))
                yield ev.IdTaken(subject=one.first, scope=SCOPE, number=number, person=addressee_no)
            yield ev.IdReserved(
                subject=addressee_no, scope=SCOPE, reception_no=self.next_number(view), number=number,
                consent_version=setup.consent_version, consent_on=self.desk.today().isoformat(), consent_scope=scope,
                valid_until=link.valid_until if link else holder.valid_until if holder else "", by_tool=by_tool,
                replaces=old, carried=carry, verified_by=verified_by, snapshot_id=self.snapshot_id,
                identified_by=IdentifiedBy.CARD if link else IdentifiedBy.SEARCH,
                user_id=link.user_id if link else "")
            yield self.due(view, CONSENT, addressee_no=addressee_no)

        recorded = self.record(decide)
        self.desk.releases.end(addressee_no)
        return self.receipt(recorded, detail="利用者IDを予約")

    def pending(self, addressee_no: str) -> Holder:
        """Whose issue is under way. RuleError."""
        self.desk.permit(Permission.RECEIVE)
        with self.desk.journal.view() as view:
            return self._pending(view, addressee_no)

    def written(self, addressee_no: str, outcome: Written) -> Receipt:
        """Record what came of a write; where the number was read back, it is issued and the notice is due."""
        done = outcome.outcome in (WriteOutcome.WRITTEN, WriteOutcome.ALREADY)

        def decide(view: View) -> Iterator[Event]:
            holder = self._pending(view, addressee_no)
            yield ev.CardTried(subject=addressee_no, scope=SCOPE, number=holder.pending, outcome=outcome.outcome.value,
                               touched=outcome.touched, code=outcome.code)
            if done:
                if outcome.read_back != holder.pending:
                    raise RuleError("読み戻した番号が予約と違います。", "カードを発行元に確かめてください。")
                yield ev.IdVerified(subject=addressee_no, scope=SCOPE, number=holder.pending, way="write")
                yield self.due(view, NOTICE, addressee_no=addressee_no)

        recorded = self.record(decide)
        return self.receipt(recorded, detail="利用者IDを発行" if done else outcome.sentence,
                            message="発行しました" if done else "まだ発行していません")

    def read_back(self, addressee_no: str, seen: CardSeen) -> Receipt:
        """読戻し by a tap, whoever wrote the card. RuleError where the card carries anything else."""
        def decide(view: View) -> Iterator[Event]:
            holder = self._pending(view, addressee_no)
            if seen.token != "user_id" or seen.assurance == "number":
                raise RuleError("打ち込まれた番号では読み戻せません。", "カードを読取機にかざしてください。")
            if seen.value != holder.pending:
                raise RuleError("カードの番号が予約した番号と違います。", "別のカードか、書込みが途中です。")
            yield ev.IdVerified(subject=addressee_no, scope=SCOPE, number=holder.pending, way="tap")
            yield self.due(view, NOTICE, addressee_no=addressee_no)

        return self.receipt(self.record(decide), detail="利用者IDを発行", message="発行しました")

    def abandon(self, addressee_no: str, reason: str) -> Receipt:
        """取りやめ of an issue that was not finished; the number is never given again. RuleError."""
        def decide(view: View) -> Iterator[Event]:
            holder = self._pending(view, addressee_no)
            yield ev.IdAbandoned(subject=addressee_no, scope=SCOPE, number=holder.pending, reason=_reason(reason),
                                 first=not holder.live)

        return self.receipt(self.record(decide), detail="発行を取りやめ", message="記録しました")

    def unfinished(self) -> tuple[Holder, ...]:
        """Issues that are under way, the oldest first; names are looked up by the caller, each logged."""
        self.desk.permit(Permission.LIST)
        return tuple(sorted(self._open(), key=lambda one: one.at_ms))

    # --- what follows an issue

    def link_number(self, addressee_no: str, system: str, other: str) -> Receipt:
        """連携 of the person's number in another system; "" takes it away. RuleError."""
        known = next((one for one in self.setup.links if one.code == system), None)
        if known is None or (other and not re.fullmatch(known.pattern, other)):
            raise RuleError("番号の形が違います。", "その業務の番号を確かめて、入れ直してください。")

        def decide(view: View) -> Iterator[Event]:
            holder = self._live(view, addressee_no)
            if (system, other) not in holder.links:
                yield ev.IdLinked(subject=addressee_no, scope=SCOPE, system=system, other=other)

        return self.receipt(self.record(decide), detail=f"{known.label}を連携", message="記録しました")

    def change_consent(self, addressee_no: str, consent: Sequence[str]) -> Receipt:
        """Another set of services, from the next tap on. RuleError; nothing at all is 撤回."""
        setup = self.in_force()
        scope = tuple(one.code for one in setup.scopes if one.code in consent)
        if not scope:
            raise RuleError("同意した業務がありません。", "全部をやめるときは、同意の撤回にしてください。")

        def decide(view: View) -> Iterator[Event]:
            self._live(view, addressee_no)
            yield ev.ConsentChanged(subject=addressee_no, scope=SCOPE, consent_version=setup.consent_version,
                                    consent_on=self.desk.today().isoformat(), consent_scope=scope)

        return self.receipt(self.record(decide), detail="同意を変更", message="記録しました")

    def suspend(self, addressee_no: str, reason: str, link: CardLink | None = None) -> Receipt:
        """停止, from the next tap on, also of a number that only the register knows (`link`). RuleError."""
        def decide(view: View) -> Iterator[Event]:
            number = yield from self._known(view, addressee_no, link)
            yield ev.IdSuspended(subject=addressee_no, scope=SCOPE, number=number, reason=_reason(reason))

        return self.receipt(self.record(decide), detail="利用者IDを停止", message="記録しました")

    def resume(self, addressee_no: str, reason: str) -> Receipt:
        """停止の解除. RuleError, also where the register has the person as gone."""
        self._may(addressee_no, None)

        def decide(view: View) -> Iterator[Event]:
            holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
            if holder is None or holder.status is not Status.SUSPENDED:
                raise RuleError("停止中の利用者IDではありません。", "状態を確かめてください。")
            yield ev.IdResumed(subject=addressee_no, scope=SCOPE, number=holder.user_id, reason=_reason(reason))

        return self.receipt(self.record(decide), detail="停止を解除", message="記録しました")

    def withdraw(self, addressee_no: str, reason: str, link: CardLink | None = None) -> Receipt:
        """同意の撤回, from the next tap on. RuleError."""
        def decide(view: View) -> Iterator[Event]:
            number = yield from self._known(view, addressee_no, link, suspended=True)
            yield ev.ConsentWithdrawn(subject=addressee_no, scope=SCOPE, number=number, reason=_reason(reason))

        return self.receipt(self.record(decide), detail="同意を撤回", message="記録しました")

    def _known(self, view: View, addressee_no: str, link: CardLink | None,
               suspended: bool = False) -> Generator[Event, None, str]:
        """The live number of a person; one that only the register knew is taken over first."""
        holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
        if holder is not None and (holder.in_use or (suspended and holder.live)):
            return holder.user_id
        known = self._registers_own(addressee_no, link) if holder is None else None
        if known is not None:
            yield ev.IdKnown(subject=addressee_no, scope=SCOPE, number=known.user_id, valid_until=known.valid_until)
            return known.user_id
        raise RuleError(*NOT_HERE)

    def _live(self, view: View, addressee_no: str) -> Holder:
        holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
        if holder is None or not holder.in_use:
            raise RuleError(*NOT_HERE)
        return holder

    @staticmethod
    def _pending(view: View, addressee_no: str) -> Holder:
        holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
        if holder is None or not holder.pending:
            raise RuleError("発行の途中の利用者IDがありません。", "予約から始めてください。")
        return holder

    def _registers_own(self, addressee_no: str, link: CardLink | None) -> CardLink | None:
        """The valid number that the register has for a person: the tapped card's, else any."""
        cards = self.desk.register.cards_of(addressee_no) if self.desk.register else ()
        valid = [one for one in cards if one.status == "active"]
        return next((one for one in valid if link and one.user_id == link.user_id), valid[0] if valid else None)

    def _registered(self, user_id: str) -> bool:
        return self.desk.register is not None and self.desk.register.by_user_id(user_id) is not None

    def _may(self, addressee_no: str, link: CardLink | None) -> Resident:
        self.desk.permit(Permission.RECEIVE)
        resident = self.desk.register.resident(addressee_no) if self.desk.register else None
        if resident is None:
            raise RegisterError("その番号の住民はいません。", "番号を確かめてください。")
        stop = stop_of(resident, card=link, today=self.desk.today(), released=self.desk.released(addressee_no))
        if stop is not None:
            raise RuleError(f"{stop.message}。", "。".join(stop.notes) + "。")
        return resident

    def may_undo(self, view: View, group: Sequence[Recorded]) -> None:
        """A number that may stand on a card is not taken back but stopped; the register's stops stay."""
        for recorded in group:
            event = recorded.event
            if isinstance(event, ev.CardTried | ev.IdVerified):
                raise RuleError("カードへの書込みと発行は取り消せません。",
                                "停止、同意の撤回、取りやめを使ってください。")
            if isinstance(event, ev.IdReserved) and event.by_tool:
                raise RuleError("市のツールに渡した番号は取り消せません。", "F8 の発行の途中から、取りやめてください。")
            if isinstance(event, ev.IdSuspended) and event.by_register:
                raise RuleError("住基による停止は取り消せません。", "住基を確かめてください。")

    # --- a new register

    def follow(self, changes: Changes, view: View) -> Iterator[Event]:
        """Who died, moved away or is missing is suspended; so is a register's number whose card is gone."""
        since = changes.as_of.isoformat()
        for holder in view.records(HOLDERS, SCOPE):
            if not holder.in_use:
                continue
            changed = changes.of(holder.addressee_no)
            gone = changes.card_gone(holder.user_id)
            if changed.gone or gone:
                yield ev.IdSuspended(subject=holder.addressee_no, scope=SCOPE, number=holder.user_id,
                                     reason=changed.words if changed.gone else CARD_GONE, by_register=True,
                                     since=since)

    def dues(self, view: View) -> tuple[Due, ...]:
        """Suspended by the register: what to do with each."""
        return tuple(Due(subject=one.addressee_no, number=masked(one.user_id), what=one.reason, since=one.since,
                         todo="新しいカードに書き直すか、撤回" if one.reason == CARD_GONE
                         else "停止を確かめ、カードの返納を案内")
                     for one in view.records(HOLDERS, SCOPE) if one.by_register and one.status is Status.SUSPENDED)

    # --- lists

    def rows(self, day: dt.date | None = None) -> tuple[Holder, ...]:
        """Everybody with a number, or who was served on one day; the list is logged before it is given."""
        self.desk.permit(Permission.LIST)
        found = tuple(sorted((one for one in self._holders()
                              if day is None or dt.datetime.fromtimestamp(one.at_ms / 1000, JST).date() == day),
                             key=lambda one: (one.at_ms, one.addressee_no)))
        self.list_made("userid.day" if day else "userid.ledger", len(found))
        return found


def _reason(text: str) -> str:
    if not text.strip():
        raise RuleError("理由を入れてください。", "例: 紛失、本人の申出")
    return text.strip()

