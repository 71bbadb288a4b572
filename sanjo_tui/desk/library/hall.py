"""The hall's side: 図書番号 issued and renewed, what a register changes, what must be told to the library."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk.following import Due
from sanjo_tui.desk.library.basis import Basis
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.journal.events import Claim, Event, Recorded
from sanjo_tui.receptions.changes import GONE, Change, Changed
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy, stop_of
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.numbers import following, is_number
from sanjo_tui.receptions.library.state import BINDINGS, HOLDERS, LISTS, Binding, Holder
from sanjo_tui.receptions.library.words import SCOPE, Standing
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import parse

if TYPE_CHECKING:
    from sanjo_tui.desk.following import Changes
    from sanjo_tui.desk.opened import Opened
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.base import Verdict
    from sanjo_tui.register.people import CardLink, Resident

NOTICE = "library.notice"
TOLD = (Change.DIED, Change.MOVED_OUT, Change.STRUCK_OFF, Change.MISSING, Change.RENAMED, Change.MOVED,
        Change.CAME_BACK)
"""Changes that the library is told. That somebody is protected is told to nobody."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HallLook:
    """What the desk knows of who is open: the number, or that there is none yet; why nothing may be done."""

    resident: Resident
    holder: Holder | None
    stop: Verdict | None
    valid_until: str
    """Of the card on the reader, `YYYY-MM-DD`; "" without a card."""


class Hall(Basis):
    """図書番号の発行; see Desk for threads and errors."""

    def look(self, opened: Opened) -> HallLook:
        """After somebody was opened (and logged)."""
        self.desk.permit(Permission.TAP)
        resident = opened.household.member(opened.who) if opened.household else None
        if resident is None:
            raise RegisterError("住民の記録がありません。", "住民の方だけが図書番号を持てます。")
        with self.desk.journal.view() as view:
            holder = view.record_of(HOLDERS, SCOPE, opened.who)
        return HallLook(resident=resident, holder=holder, valid_until=_until(opened.link),
                        stop=stop_of(resident, card=opened.link, today=self.desk.today(),
                                     released=self.desk.released(opened.who)))

    def person_of(self, number: str) -> str:
        """宛名番号 of whoever has this 図書番号, or ""."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            held = view.holder(Claim(ev.NUMBER, number)) if is_number(number) else None
            found = view.event(*held) if held else None
        event = found.event if found else None
        return event.person if isinstance(event, ev.NumberTaken) else event.subject if event else ""

    def issue(self, addressee_no: str, *, link: CardLink | None = None, verified_by: VerifiedBy,
              web_use: bool = False) -> Receipt:
        """発行: the next number of the ranges, or the one that an older card had. Raises RuleError, NotAllowed.

        The 図書番号通知書 is due with it.
        """
        resident = self._may(addressee_no, link)
        number = ""

        def decide(view: View) -> Iterator[Event]:
            nonlocal number
            holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
            if holder is not None and holder.standing is not Standing.KNOWN:
                raise RuleError("図書番号はもう発行されています。", "内容が変わったときは、更新にしてください。")
            if holder is not None:
                number = holder.number
            else:
                one, number = following(self.setup.ranges, self._stocks(view),
                                        lambda text: view.holder(Claim(ev.NUMBER, text)) is not None)
                yield ev.NumberTaken(subject=one.first, scope=SCOPE, number=number, person=addressee_no)
            until = _until(link) or (holder.valid_until if holder else "")
            yield ev.NumberIssued(
                subject=addressee_no, scope=SCOPE, reception_no=self.next_number(view), number=number,
                name=resident.name, address="" if resident.protected else resident.address, valid_until=until,
                web_use=web_use, kept=holder is not None, protected=resident.protected, verified_by=verified_by,
                **self._identity(link))
            yield self.due(view, NOTICE, addressee_no=addressee_no)

        recorded = self.record(decide)
        self.desk.releases.end(addressee_no)
        return self.receipt(recorded, detail=f"図書番号 {number}")

    def renew(self, addressee_no: str, *, link: CardLink | None = None, verified_by: VerifiedBy,
              web_use: bool = False) -> Receipt:
        """更新: the same number with today's name, address, validity; also takes a stop away. RuleError, NotAllowed.

        Only the card on the reader is lent to again: a lost one that has the number stays stopped.
        """
        resident = self._may(addressee_no, link)
        number = ""

        def decide(view: View) -> Iterator[Event]:
            nonlocal number
            holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
            if holder is None or holder.standing is Standing.KNOWN:
                raise RuleError("まだ図書番号を発行していません。", "発行から始めてください。")
            number = holder.number
            yield ev.NumberRenewed(
                subject=addressee_no, scope=SCOPE, reception_no=self.next_number(view), number=number,
                name=resident.name, address="" if resident.protected else resident.address,
                valid_until=_until(link) or holder.valid_until, web_use=web_use, protected=resident.protected,
                verified_by=verified_by, **self._identity(link))
            binding = self._binding_of(view, number)
            if binding is not None and binding.standing is Standing.SUSPENDED and link is not None \
                    and link.user_id == binding.user_id:
                yield ev.BindingResumed(subject=binding.token, scope=SCOPE, number=number, reason="図書番号の更新")
            yield self.due(view, NOTICE, addressee_no=addressee_no)

        recorded = self.record(decide)
        self.desk.releases.end(addressee_no)
        return self.receipt(recorded, detail=f"図書番号 {number}")

    def suspend(self, addressee_no: str, reason: str) -> Receipt:
        """利用停止 (紛失, 本人の申出 ...): a row of the next list, and nothing is lent on it here. RuleError."""
        number = ""

        def decide(view: View) -> Iterator[Event]:
            nonlocal number
            holder: Holder | None = view.record_of(HOLDERS, SCOPE, addressee_no)
            if holder is None or holder.standing is Standing.SUSPENDED:
                raise RuleError("停止できる図書番号がありません。", "番号の状態を確かめてください。")
            number = holder.number
            yield ev.HolderChanged(subject=addressee_no, scope=SCOPE, number=number, what=reason.strip() or "停止",
                                   name=holder.name, address=holder.address, valid_until=holder.valid_until,
                                   web_use=holder.web_use, suspended=True, protected=holder.protected)
            yield from self._stop_bindings(view, {number: reason.strip() or "停止"})

        return self.receipt(self.record(decide), detail=f"図書番号 {number} 利用停止")

    def _may(self, addressee_no: str, link: CardLink | None) -> Resident:
        self.desk.permit(Permission.RECEIVE)
        resident = self.desk.register.resident(addressee_no) if self.desk.register else None
        if resident is None:
            raise RegisterError("その番号の住民はいません。", "番号を確かめてください。")
        stop = stop_of(resident, card=link, today=self.desk.today(), released=self.desk.released(addressee_no))
        if stop is not None:
            raise RuleError(f"{stop.message}。", "。".join(stop.notes) + "。")
        return resident

    def _identity(self, link: CardLink | None) -> dict[str, Any]:
        return {"identified_by": IdentifiedBy.CARD if link else IdentifiedBy.SEARCH,
                "user_id": link.user_id if link else "", "snapshot_id": self.snapshot_id}

    # --- taking back

    def may_undo(self, view: View, group: Sequence[Recorded]) -> None:
        """What the library was told, or did, is not taken back here."""
        if any(isinstance(recorded.event, ev.LoansCounted) for recorded in group):
            raise RuleError("貸出と返却は、ここでは取り消せません。", "貸出は返却で、返却は貸出で元に戻します。")
        if of_register(group):
            raise RuleError("住基による変更は取り消せません。", "更新で、正しい内容にしてください。")
        covered = self._covered(view)
        if any(recorded.number in covered for recorded in group):
            raise RuleError("もう申請データ一覧に載っています。",
                            "更新か利用停止にすると、次の一覧で図書館に伝わります。")

    def _covered(self, view: View) -> frozenset[str]:
        """Events that a list holds already."""
        return frozenset(number for one in view.records(LISTS, SCOPE) for number in one.covers)

    # --- a new register

    def follow(self, changes: Changes, view: View) -> Iterator[Event]:
        """Died and moved out: suspended; moved and renamed: a row 更新 of the next list; protected: no address kept."""
        gone: dict[str, str] = {}
        for holder in view.records(HOLDERS, SCOPE):
            changed = changes.of(holder.addressee_no)
            words = "・".join(change.value for change in TOLD if change in changed)
            quiet = Change.PROTECTED in changed or Change.UNPROTECTED in changed
            known_only = holder.standing is Standing.KNOWN and not changed.gone
            if known_only or not (words or quiet):
                continue
            if changed.gone:
                gone[holder.number] = words
            yield _followed(holder, changed, words, changes.as_of.isoformat())
        yield from self._stop_bindings(view, gone)
        for binding in view.records(BINDINGS, SCOPE):
            if binding.standing is Standing.BOUND and binding.number not in gone and changes.card_gone(binding.user_id):
                yield ev.BindingSuspended(subject=binding.token, scope=SCOPE, number=binding.number,
                                          reason="カードの失効")

    def _stop_bindings(self, view: View, numbers: dict[str, str]) -> Iterator[Event]:
        for number, reason in numbers.items():
            binding = self._binding_of(view, number)
            if binding is not None and binding.standing is Standing.BOUND:
                yield ev.BindingSuspended(subject=binding.token, scope=SCOPE, number=number, reason=reason)

    def _binding_of(self, view: View, number: str) -> Binding | None:
        """The card that has this number now."""
        held = view.holder(Claim(ev.BINDING, number))
        bound = view.event(*held) if held else None
        found: Binding | None = view.record_of(BINDINGS, SCOPE, bound.event.subject) if bound else None
        return found

    def dues(self, view: View) -> tuple[Due, ...]:
        """Changes that the library was not told yet, protection that asks for a decision, numbers given twice."""
        holders = tuple(view.records(HOLDERS, SCOPE))
        found = _doubles(view, holders)
        covered = self._covered(view)
        for holder in holders:
            if not holder.by_register:
                continue
            if holder.reason and holder.event_no not in covered:
                todo = "次の申請データ一覧で図書館に伝わります"
                if holder.reason == Change.CAME_BACK.value:
                    todo = "本人が来たら更新で再開します"
                found.append(Due(subject=holder.addressee_no, number=holder.number, what=holder.reason, todo=todo,
                                 since=holder.since))
            elif holder.protected and not holder.reason:
                found.append(Due(subject=holder.addressee_no, number=holder.number, what="支援措置・抑止",
                                 todo="図書館の登録をどうするか責任者と決めます", since=holder.since))
        return tuple(found)


def _doubles(view: View, holders: Sequence[Holder]) -> list[Due]:
    """What two halls did without knowing of each other: one number of two people, two numbers of one person."""
    found = []
    first: dict[str, str] = {}
    for holder in sorted(holders, key=lambda one: (one.at_ms, one.addressee_no)):
        if first.setdefault(holder.number, holder.addressee_no) != holder.addressee_no:
            found.append(Due(subject=holder.addressee_no, number=holder.number, what="二重の図書番号",
                             todo="ほかの方と同じ番号。発行した端末で取り消し、出し直す"))
    now = {holder.addressee_no: holder.number for holder in holders}
    for one in view.events(scope=SCOPE, kinds=(ev.NumberIssued.kind,)):
        number = getattr(one.event, "number", "")
        if now.get(one.event.subject, number) != number and not view.is_reversed(one.station, one.seq):
            found.append(Due(subject=one.event.subject, number=number, what="図書番号が二つ",
                             todo=f"{now[one.event.subject]} を使う。こちらは図書館に停止を頼む"))
    return found


def of_register(group: Sequence[Recorded]) -> bool:
    """Whether a new register brought it, not a person: also where it stopped cards and nothing else."""
    return isinstance(group[0].event, ev.BindingSuspended) or any(
        isinstance(one.event, ev.HolderChanged) and one.event.by_register for one in group)


def _followed(holder: Holder, changed: Changed, words: str, since: str) -> ev.HolderChanged:
    now = changed.now
    protected = now.protected if now is not None else holder.protected
    return ev.HolderChanged(
        subject=holder.addressee_no, scope=SCOPE, number=holder.number, what=words,
        name=now.name if now is not None else holder.name,
        address="" if protected else now.address if now is not None and not (changed.changes & GONE)
        else holder.address,
        valid_until=holder.valid_until, web_use=holder.web_use, protected=protected, by_register=True, since=since,
        suspended=changed.gone or holder.standing is Standing.SUSPENDED)


def _until(link: CardLink | None) -> str:
    """The card's last day as `YYYY-MM-DD`."""
    return parse(link.valid_until).sort_key if link else ""
