"""Desk: logs and then looks up, binds cards, says what the header shows; receptions hang below it (`desk.shelter`)."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import searching, sight, signing, typed
from sanjo_tui.desk.alarm import Watching
from sanjo_tui.errors import JournalError, RegisterError, RuleError, UnknownToken
from sanjo_tui.journal.events import Event
from sanjo_tui.journal.writer import Journal
from sanjo_tui.printing.jobs import JOBS
from sanjo_tui.receptions.lookups import LOOSE, ActDone, LookedUp, Searched, SignedOn
from sanjo_tui.receptions.polling.state import DAYS, LOADED, STOCK, VOTERS
from sanjo_tui.receptions.shelter.look import sheet_key
from sanjo_tui.receptions.shelter.state import EPISODES, HOUSEHOLDS, INQUIRIES, PEOPLE
from sanjo_tui.receptions.shelter.words import Via
from sanjo_tui.receptions.tokens import SCOPE, TOKENS, TokenBound, TokenUnbound
from sanjo_tui.register.people import CardLink, Found, Household, Resident
from sanjo_tui.station import RECEPTIONS
from sanjo_tui.vault.roles import Permission, Who
from sanjo_tui.wareki import JST, short

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk
    from sanjo_tui.desk.shelter import ShelterDesk
    from sanjo_tui.documents.paper import Pdf
    from sanjo_tui.journal.view import View
    from sanjo_tui.printing.jobs import PrintJob
    from sanjo_tui.printing.queue import PrintQueue
    from sanjo_tui.register.lookup import Register
    from sanjo_tui.station import Station
    from sanjo_tui.vault import Keys

LEDGERS = (EPISODES, PEOPLE, HOUSEHOLDS, TOKENS, JOBS, LOADED, DAYS, STOCK, VOTERS)
LOOSE_EVENTS: tuple[type[Event], ...] = (*LOOSE, *INQUIRIES)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """The first line of every desk. `register_level`: ok, amber, red, none (there is no register)."""

    place: str
    reception: str
    date: str
    clock: str
    register: str
    register_level: str
    fictitious: bool = False
    drill: bool = False
    waiting_prints: int = 0
    unsent: int = 0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """What a reception gives to the header: the data it stands on and their age. "" leaves the station's own word."""

    data: str
    level: str
    fictitious: bool = False
    place: str = ""
    reception: str = ""
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Somebody whose record is open on the desk. `household` holds only those whom this tap may show."""

    who: str
    household: Household | None
    household_key: str
    via: Via = Via.SEARCH
    assurance: str = ""
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Desk:
    """The counter of one station. Every call blocks for some milliseconds and may come from any thread."""

    station: Station
    keys: Keys
    journal: Journal
    operator: str
    """Id of whoever is at the desk: it stands in every event."""
    register: Register | None = None
    who: Who = field(default_factory=lambda: Who(id=""))
    """The same person with name and role."""
    _warnings: dict[str, str] = field(default_factory=dict)
    _shelter: ShelterDesk | None = None
    _polling: PollingDesk | None = None
    _printing: PrintQueue | None = None
    _watching: Watching | None = None

    @classmethod
    def open(cls, station: Station, keys: Keys, operator: str = "") -> Desk:
        """The desk with its journal and, when there is one, the register; shelters work without a register too.

        Raises JournalError when the journal cannot be opened: then nothing may be recorded.
        """
        journal = Journal.open(station.journal, keys, station.code, LEDGERS, LOOSE_EVENTS)
        desk = cls(station, keys, journal, operator or station.operator or station.code)
        desk.who = signing.at_opening(keys, desk.operator)
        desk.operator = desk.who.id or desk.operator
        desk._watching = Watching.over(desk)
        desk.refresh_register()
        return desk

    # --- who is at the desk, and what they may do

    def permit(self, permission: Permission) -> None:
        """Raises NotAllowed unless the table of vault/roles.py gives it to whoever is at the desk."""
        if signing.ordered_by() is not None:
            return                      # it was permitted when it was ordered
        self.who = now = signing.still(self.keys, self.who)
        self.operator = now.id or self.operator
        signing.permit(now, permission)

    def may(self, permission: Permission) -> bool:
        """Whether `permit` would let it pass: what a menu offers."""
        now = signing.still(self.keys, self.who)
        return now is not signing.NO_ONE and now.may(permission)

    @property
    def hands(self) -> Who:
        """For whose eyes things are made: whoever ordered a document, else whoever is at the desk."""
        return signing.ordered_by() or self.who

    def sign_on(self, operator: str, pin: str) -> Who:
        """Quick change of operator by short PIN, within an unlocked station. Raises RuleError; wrong PINs are logged.

        After several in a row only a card changes the operator for some minutes.
        """
        return self._signed_on(self._by_pin(operator, pin))

    def _by_pin(self, operator: str, pin: str) -> Who:
        with self.journal.view() as view:
            signing.refuse_trying_out(view)
        try:
            return signing.by_pin(self.keys, operator, pin)
        except RuleError:
            known = any(one.id == operator.strip() for one in self.keys.operators())
            self.log_act(signing.REFUSED, {"operator": operator.strip() if known else "unknown"})
            raise

    def sign_on_card(self, seen: CardSeen) -> Who:
        """Quick change of operator by a registered card. Raises UnknownToken."""
        return self._signed_on(signing.by_card(self.keys, self.keys.token_key(seen.token, seen.value)))

    def _signed_on(self, who: Who) -> Who:
        self.log(SignedOn(subject=self.station.code, operator=who.id, role=who.role.value if who.role else "",
                          before=self.operator))
        self.who, self.operator = who, who.id
        if self._printing is not None:
            self._printing.operator = who.id
        return who

    def second(self, operator: str, pin: str, permission: Permission) -> str:
        """Somebody else than the operator, by id and PIN, whose role allows `permission`; gives the id. RuleError."""
        other = self._by_pin(operator, pin)
        if other.id == self.operator:
            raise RuleError("確認者は、操作者と別の人にしてください。", "もう一人の職員に入れてもらってください。")
        if not other.may(permission):
            raise signing.refusal("その人は、この確認をできません。", "に入れてもらってください。", permission)
        return other.id

    @property
    def shelter(self) -> ShelterDesk:
        """The shelter reception of this desk."""
        if self._shelter is None:
            from sanjo_tui.desk.shelter import ShelterDesk  # its documents are not needed before the first reception

            self._shelter = ShelterDesk(self)
        return self._shelter

    @property
    def polling(self) -> PollingDesk:
        """The polling desk."""
        if self._polling is None:
            from sanjo_tui.desk.polling import PollingDesk  # a shelter never needs it

            self._polling = PollingDesk(self)
        return self._polling

    @property
    def printing(self) -> PrintQueue:
        """The documents that are due; the screens' worker prints them, commands may only add."""
        if self._printing is None:
            from sanjo_tui.printing.printers import printer_for
            from sanjo_tui.printing.queue import PrintQueue

            self._printing = PrintQueue(self.journal, self.operator, printer_for(self.station), self._render)
            self._printing.allowed = self._may_print
        return self._printing

    def _may_print(self, form: str) -> None:
        """Raises NotAllowed: a document is printed again, held or taken back by who may print it."""
        from sanjo_tui.desk import papers, polling_papers

        table = polling_papers.NEEDS if form in polling_papers.FORMS else papers.NEEDS
        self.permit(table.get(form, Permission.LIST))

    def _render(self, job: PrintJob) -> Pdf:
        """The pages of a job, by the reception whose form it is."""
        from sanjo_tui.desk import papers, polling_papers

        with signing.on_order_of(signing.who_ordered(self.keys, job.asked_by)):
            if job.form in polling_papers.FORMS:
                return polling_papers.make(self.polling, job.form, serial=job.number, reissue=job.reissue,
                                           **job.parameters).pdf()
            return papers.make(self.shelter, job.form, serial=job.number, reissue=job.reissue, **job.parameters).pdf()

    def close(self) -> None:
        """Close register, roll and journal; what was recorded is on the disk already."""
        if self._polling is not None:
            self._polling.close()
        if self.register is not None:
            self.register.close()
        self.journal.close()

    # --- the register

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

    def header(self, now: dt.datetime, reception: str = "shelter") -> Header:
        """Place, clock and the age of the data that this reception stands on; cheap enough for every minute."""
        self.warn("clock", self.journal.clock_warning)
        self.warn("alarm", self._watching.look(self) if self._watching and self.may(Permission.AUDIT) else "")
        today = now.astimezone(JST).date()
        if reception == "polling":
            say = self.polling.heading(today)
        else:
            self.refresh_register()
            say = self._register_heading(today)
        ignored = "register" if reception == "polling" else ""
        warnings = {about: text for about, text in self._warnings.items() if about != ignored}
        return Header(
            place=say.place or self.station.place, reception=say.reception or RECEPTIONS[reception], date=short(today),
            clock=now.astimezone(JST).strftime("%H:%M"), register=say.data, register_level=say.level,
            drill=self.station.drill, fictitious=say.fictitious, waiting_prints=len(self.printing.pending()),
            warnings=(*warnings.values(), *say.warnings))

    def _register_heading(self, today: dt.date) -> Heading:
        if self.register is None:
            return Heading(data="住基なし", level="none")
        info = self.register.info
        days = (today - info.as_of).days
        level = "red" if days > self.station.very_stale_days else "amber" if days > self.station.stale_days else "ok"
        return Heading(data=f"住基{short(info.as_of)}({days_ago(days)})", level=level, fictitious=info.fictitious)

    def warn(self, about: str, sentence: str) -> None:
        """Put a standing warning into the header; an empty sentence takes it away."""
        if sentence:
            self._warnings[about] = sentence
        else:
            self._warnings.pop(about, None)

    def back_up(self) -> None:
        """The encrypted copy to the second medium, when one is there; a fault stands in the header until the next."""
        from sanjo_tui.journal.backup import back_up

        try:
            self.warn("backup", back_up(self.journal, self.station).sentence)
        except JournalError as error:
            self.warn("backup", "控えのコピーに失敗")
            log.warning("backup: %s", error.detail)

    # --- looking up: logged first, shown then

    def log(self, *events: Event) -> None:
        """Record look-ups, and an alarm where they are too many; they may use the reserve of the disk."""
        ordered = signing.ordered_by()
        operator = ordered.id if ordered else self.operator
        self.journal.record(operator, lambda _: events, reserve=True)
        if self._watching is not None and any(isinstance(event, LookedUp | Searched) for event in events):
            self._watching.look(self, operator)

    def log_act(self, act: str, details: Mapping[str, object]) -> None:
        """Record an act of the operator that concerns no resident, e.g. `register.rollback`; numbers and codes only."""
        self.log(ActDone(subject=self.station.code, act=act, details={k: str(v) for k, v in details.items()}))

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

    def open_card(self, seen: CardSeen) -> Opened:
        """Whose card this is: the register's user ID first, then the handed-out cards. Raises UnknownToken."""
        self.permit(Permission.TAP)
        link = self.register.by_user_id(seen.value) if self.register and seen.token == "user_id" else None
        resident = self.register.resident(link.addressee_no) if self.register and link else None
        if link is not None and resident is not None:
            return self._open(resident, Via.CARD, seen.assurance, card_notes(link, self.today()))
        person = self.bound_to(seen)
        if person is None:
            raise UnknownToken("このカードの持ち主が分かりません。", "氏名で探すか、F2 仮登録で受け付けてください。")
        with self.journal.view() as view:
            if not self.shelter.knows(view, person):
                raise UnknownToken("前の災害で配ったカードです。", "氏名で探すか、F2 仮登録で受け付けてください。")
        return self.open_person(person, Via.TOKEN)

    def _open(self, resident: Resident, via: Via, assurance: str = "", notes: Sequence[str] = ()) -> Opened:
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
                      assurance=assurance, notes=tuple(notes))

    def mark(self) -> int:
        """A number that grows with every event, whoever records it: a command over SSH too."""
        with self.journal.view() as view:
            return view.mark()

    def today(self) -> dt.date:
        """Today in Japan."""
        return dt.datetime.now(JST).date()

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


def days_ago(days: int) -> str:
    """今日, 3日前; an age in days for a header."""
    return "今日" if days == 0 else f"{days}日前"


def card_notes(link: CardLink, today: dt.date) -> tuple[str, ...]:
    """What to say of a card that is not in order; shelters receive its holder all the same."""
    if link.status == "revoked":
        return ("失効したカードです。顔を確かめてください",)
    if link.status == "suspended":
        return ("停止中のカードです。顔を確かめてください",)
    if link.expired_on(today):
        return ("期限が切れたカードです。顔を確かめてください",)
    return ()
