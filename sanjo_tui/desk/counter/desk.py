"""CounterDesk: 窓口支援 through the one door. Rules are in receptions/counter, papers in papers.py, tickets beside."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sanjo_tui.desk import searching, sight
from sanjo_tui.desk.counter import store
from sanjo_tui.desk.counter.tickets import Tickets
from sanjo_tui.desk.following import Changes, Due
from sanjo_tui.desk.service import Latest, Receipt
from sanjo_tui.errors import RegisterError, RuleError, StationError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.base import Verdict
from sanjo_tui.receptions.changes import GONE, Change
from sanjo_tui.receptions.counter import rules, setup
from sanjo_tui.receptions.counter.events import Accepted, Moved, RelatedMarked, TicketGiven
from sanjo_tui.receptions.counter.procedure import Procedure, Setup
from sanjo_tui.receptions.counter.rules import Application, Charge
from sanjo_tui.receptions.counter.state import CASES, Case
from sanjo_tui.receptions.counter.words import Channel, Related, Step
from sanjo_tui.receptions.lookups import LookedUp, Searched
from sanjo_tui.receptions.shelter.look import clock
from sanjo_tui.register.lookup import Register
from sanjo_tui.register.people import CardLink, Found, Resident
from sanjo_tui.station import fixtures
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.service import Papers
    from sanjo_tui.journal.view import View

WATCHED = frozenset({*GONE, Change.MOVED, Change.RENAMED, Change.PROTECTED, Change.HOUSEHOLD})
"""What a new register may say of somebody with an open case that somebody must look at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whoever is on the desk, with the day's cases of the same household. `stop`: why nothing may be begun."""

    opened: Opened
    who: Resident
    members: tuple[Resident, ...]
    stop: Verdict | None
    card_seen: bool
    cases: tuple[Case, ...] = ()

    @property
    def link(self) -> CardLink | None:
        """The card."""
        return self.opened.link


class CounterDesk(Tickets):
    """The counter of a desk; see Desk for threads and errors."""

    NAME = "counter"
    VERBS: ClassVar[Mapping[str, str]] = {
        Accepted.kind: "受付", Moved.kind: "状態変更", RelatedMarked.kind: "関連手続", TicketGiven.kind: "番号札"}

    @property
    def papers(self) -> Papers:
        """The counter's papers."""
        from sanjo_tui.desk.counter import papers

        return papers

    @cached_property
    def _setups(self) -> dict[str, Setup]:
        return {}

    # --- the set-up

    @property
    def setup(self) -> Setup:
        """The set-up in use. StationError where none was loaded."""
        version = store.in_use(self.desk.station.home)
        if not version:
            raise StationError("窓口の手続がまだ読み込まれていません。",
                               "情報担当に、sanjo-tui counter load で読み込んでもらってください。")
        return self.version(version)

    def version(self, version: str) -> Setup:
        """The set-up of a record."""
        if version not in self._setups:
            self._setups[version] = store.load(self.desk.station.home, version)
        return self._setups[version]

    def ready(self) -> str:
        """Why nothing can be received, or ""."""
        try:
            self.setup  # noqa: B018  (read for its error)
        except StationError as error:
            return f"{error.message} {error.hint}"
        return ""

    def load(self, folder: Path) -> Setup:
        """Check a folder and make it the set-up in use. StationError names the first problem."""
        self.desk.permit(Permission.DATA)
        files = store.files_of(folder)
        found, problems = setup.read(files)
        if found is None:
            raise StationError(f"窓口の設定に誤りが {len(problems)} 件あります。最初の誤り: {problems[0]}。",
                               "counter check で全部の誤りを見られます。今の設定はそのままです。")
        try:
            store.store(self.desk.station.home, files, found.version)
        except OSError as error:
            raise StationError("窓口の設定を書き込めません。", "ディスクの空きと書込権限を確かめてください。",
                               detail=type(error).__name__) from error
        self.desk.log_act("counter.load", {"version": found.version, "procedures": len(found.procedures)})
        return found

    def begin_practice(self) -> None:
        """The samples, where nothing was loaded."""
        if not store.in_use(self.desk.station.home):
            self.load(fixtures() / "counter")

    def notices(self) -> tuple[str, ...]:
        """That there is no set-up, or that it is the sample."""
        if not store.in_use(self.desk.station.home):
            return ("手続の設定なし",)
        try:
            return ("手続は見本",) if self.setup.sample else ()
        except StationError:
            return ("手続の設定を読めません",)

    # --- who is on the desk

    def look(self, opened: Opened) -> Look:
        """Whoever was opened, the household, why it stops, and today's cases of these people."""
        self.desk.permit(Permission.TAP)
        if opened.household is None:
            raise RuleError("住民ではない方は、ここでは開けません。", "担当課の窓口へ案内してください。")
        members = opened.household.members
        who = next(one for one in members if one.addressee_no == opened.who)
        keys = {one.addressee_no for one in members}
        with self.desk.journal.view() as view:
            cases = tuple(case for case in view.records(CASES, self.scope)
                          if case.person in keys or keys & set(case.subjects))
        stop = rules.stopped(who, card=opened.link, day=self.desk.today(), released=self.desk.released(opened.who))
        return Look(opened=opened, who=who, members=members, stop=stop, card_seen=opened.link is not None, cases=cases)

    def search_gone(self, text: str, reason: str = "") -> Found:
        """People who died or moved away, for procedures about them (除票 ...): one look-up, one event, as Desk.search.

        Raises RegisterError, ReasonNeeded, NotAllowed.
        """
        self.desk.permit(Permission.SEARCH_TWO)
        register = self.desk.register
        if register is None:
            raise RegisterError("住基の写しがありません。", "情報担当に連絡してください。")
        found = searching.in_register(self.desk.who, text, reason, partial(register.search, gone=True))
        found = replace(found, hits=tuple(hit for hit in found.hits if not hit.resident.living))
        self.desk.log(Searched(subject=self.desk.station.code, readings=tuple(found.readings), reason=reason,
                               listed=tuple(hit.resident.addressee_no for hit in found.hits), reception=self.NAME))
        return sight.found(self.desk.who, found)

    def find(self, text: str) -> tuple[Procedure, ...]:
        """Procedures by a part of their name."""
        return rules.find(self.setup, text)

    def charge(self, procedure: Procedure, copies: int, card_seen: bool, exemption: str = "") -> Charge:
        """What it costs today."""
        return rules.charge(self.setup, procedure, channel=Channel.COUNTER, day=self.desk.today(), copies=copies,
                            card_seen=card_seen, exemption=exemption)

    def earlier(self, procedure: Procedure, subjects: Iterable[str]) -> str:
        """Who, when and where the same application was accepted today, in a sentence; "" where it was not."""
        with self.desk.journal.view() as view:
            first = rules.first_of(tuple(view.records(CASES, self.scope)), procedure.code, tuple(subjects))
        return _first(first) if first else ""

    def expected(self, what: Application, look: Look) -> tuple[tuple[str, Related], ...]:
        """What the guide will say, before anything is recorded."""
        people = [one for one in look.members if one.addressee_no in what.subjects]
        with self.desk.journal.view() as view:
            cases = tuple(view.records(CASES, self.scope))
        return rules.related(self.setup, what.procedure, what.answers, people, self.desk.today(), cases)

    # --- recording

    def receive(self, look: Look, what: Application, *, papers: bool = True) -> Receipt:
        """受付 with its papers in one transaction: 確認書, 申請書 where there is a form, 受付案内票 where needed."""
        today, known = self.desk.today(), self.setup
        released = tuple(one.addressee_no for one in look.members if self.desk.released(one.addressee_no))

        twice: list[Case] = []

        def decide(view: View) -> Iterable[Event]:
            cases = tuple(view.records(CASES, self.scope))
            event = rules.accept(known, what, look.members, today, self.next_number(view), self.scope,
                                 released=released, snapshot_id=self.snapshot_id, earlier=cases)
            first = rules.first_of(cases, event.procedure, event.subjects)
            twice[:] = [first] if first else []
            events: list[Event] = [event, *rules.settled_by(event, cases)]
            forms = ["counter.sheet"] if papers else []
            forms += ["counter.application"] if papers and what.procedure.template else []
            forms += ["counter.guide"] if papers and (event.related or what.procedure.bring) else []
            for form in forms:
                events.append(self.due(view, form, events, reception_no=event.reception_no, day=self.scope))
            return events

        recorded = self.record(decide)
        for key in released:
            self.desk.releases.end(key)
        event = next(r.event for r in recorded if isinstance(r.event, Accepted))
        fee = f" 手数料{event.fee:,}円" if event.fee else ""
        return self.receipt(recorded, f"{what.procedure.title}{fee}", note=_first(twice[0]) if twice else "")

    def move(self, reception_no: str, step: Step, note: str = "") -> Receipt:
        """引継済, 完了, 取下."""
        recorded = self.record(lambda view: (rules.move(
            view.record_of(CASES, self.scope_of(view, reception_no), reception_no), step,
            self.scope_of(view, reception_no), note),))
        return self.receipt(recorded, f"{reception_no} {step.value}")

    def mark_related(self, reception_no: str, procedure: str, state: Related) -> Receipt:
        """A related procedure: 要, 不要, 済."""

        def decide(view: View) -> Iterable[Event]:
            scope = self.scope_of(view, reception_no)
            case = view.record_of(CASES, scope, reception_no)
            if case is None or procedure not in dict(case.related):
                raise RuleError("その関連手続はありません。", "受付番号を確かめてください。")
            if dict(case.related)[procedure] is not state:
                yield RelatedMarked(subject=reception_no, scope=scope, procedure=procedure, state=state)

        return self.receipt(self.record(decide), reception_no)

    # --- asking

    @property
    def scope(self) -> str:
        """The day is the round."""
        return f"counter.{self.desk.today().isoformat()}"

    def scope_of(self, view: View, reception_no: str) -> str:
        """The day of a case. RuleError for a number that nobody has."""
        for scope in reversed(view.scopes(CASES)):
            if view.record_of(CASES, scope, reception_no) is not None:
                return scope
        raise RuleError("その受付番号の受付はありません。", "番号を、最後の1文字まで確かめてください。")

    def case(self, reception_no: str) -> Case:
        """One case with its answers: a look-up of whose it is, logged before it is given."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            found = view.record_of(CASES, self.scope_of(view, reception_no), reception_no)
        assert isinstance(found, Case)
        self.desk.log(LookedUp(subject=found.person, via="number", shown=found.subjects,
                               reception=self.NAME))
        return found

    def cases(self, day: dt.date | None = None) -> tuple[Case, ...]:
        """The cases of a day in the order of their acceptance: numbers, no names."""
        self.desk.permit(Permission.LIST)
        scope = f"counter.{day.isoformat()}" if day else self.scope
        with self.desk.journal.view() as view:
            return tuple(sorted(view.records(CASES, scope), key=lambda case: (case.accepted_ms, case.reception_no)))

    def totals(self) -> tuple[int, int]:
        """Cases and yen of today."""
        with self.desk.journal.view() as view:
            counted = [case for case in view.records(CASES, self.scope) if case.step is not Step.WITHDRAWN]
        return len(counted), sum(case.fee for case in counted)

    def say(self, group: Sequence[Recorded]) -> str:
        """Number and procedure, or the number of a ticket."""
        first = group[0].event
        if isinstance(first, TicketGiven):
            return f"番号札 {first.subject}"
        said = super().say(group)
        if isinstance(first, Accepted) and (known := self._known(first.version, first.procedure)):
            said += f" {known.title}"
        return said

    def _known(self, version: str, code: str) -> Procedure | None:
        try:
            return self.version(version).procedure(code)
        except StationError:                    # the set-up of an old record is gone: its number still says enough
            return None

    def latest(self, n: int = 3) -> tuple[Latest, ...]:
        """The last n receptions; none to who may open nobody."""
        return super().latest(n) if self.desk.may(Permission.TAP) else ()

    # --- a new register

    def dues(self, view: View) -> tuple[Due, ...]:
        """Open cases of people whom the register changed since they were accepted."""
        register = self.desk.register
        if register is None:
            return ()
        found: list[Due] = []
        earlier: dict[str, Register | None] = {}
        try:
            for scope in view.scopes(CASES):
                for case in view.records(CASES, scope):
                    if not case.open or case.snapshot_id == register.info.snapshot_id:
                        continue
                    if case.snapshot_id not in earlier:
                        earlier[case.snapshot_id] = self._before(case.snapshot_id)
                    found += self._changed(case, Changes(earlier[case.snapshot_id], register))
        finally:
            for one in earlier.values():
                if one is not None:
                    one.close()
        return tuple(found)

    def _changed(self, case: Case, changes: Changes) -> list[Due]:
        found = []
        about_gone = self._gone(case)
        for key in dict.fromkeys((case.person, *case.subjects)):
            what = changes.of(key)
            if what.changes & (WATCHED - GONE if about_gone and key in case.subjects else WATCHED):
                stop = what.gone or Change.PROTECTED in what
                todo = "書類を止め、担当課に知らせる" if stop else "申請書の氏名・住所を確かめる"
                found.append(Due(subject=key, number=case.reception_no, what=what.words, todo=todo,
                                 since=changes.as_of.isoformat()))
        return found

    def _gone(self, case: Case) -> bool:
        found = self._known(case.version, case.procedure)
        return found is not None and found.gone

    def _before(self, snapshot_id: str) -> Register | None:
        try:
            return Register.open_at(self.desk.station.register_dir, self.desk.keys, snapshot_id)
        except RegisterError:                  # no longer kept: what holds now (died, gone, protected) is still said
            return None


def _first(case: Case) -> str:
    """Who, when and where the first was."""
    where = f"端末{case.station} の {case.operator}"
    return f"同じ手続を {clock(case.accepted_ms)} に {where} が受付済み({case.reception_no})"
