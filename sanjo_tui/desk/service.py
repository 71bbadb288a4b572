"""ServiceDesk: what the desks of all services of the hall share: one transaction a reception, numbers, 取消, papers.

A service gives its events' words (`VERBS`), its papers (`papers`), and what a new register means to its people.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sanjo_tui.desk import following, numbers, undoing
from sanjo_tui.desk.rendering import need_of
from sanjo_tui.desk.typed import texts_of
from sanjo_tui.documents.paper import Heading as PaperHeading
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.journal.events import Event, Recorded, Reversal
from sanjo_tui.printing.jobs import JobState, PrintDue, due
from sanjo_tui.receptions.identity import NUMBER
from sanjo_tui.receptions.lookups import Followed, ListMade
from sanjo_tui.receptions.shelter.look import clock
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.desk.following import Changes, Due
    from sanjo_tui.desk.heading import Heading
    from sanjo_tui.desk.paper import Paper
    from sanjo_tui.journal.view import View

Decide = Callable[["View"], Iterable[Event]]
"""What to record, given the state as it is inside the transaction."""

UNSENT = (JobState.WAITING, JobState.HELD)
"""A document in one of these states has not left for the printer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was recorded, durably: only now may the screen say so."""

    message: str = "受付しました"
    detail: str = ""
    reception_no: str = ""
    note: str = ""
    recorded: tuple[Recorded, ...] = ()
    jobs: tuple[str, ...] = ()
    """Numbers of the documents that are due with it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """One line of the latest receptions: everything that one key recorded. Numbers and words, never a name."""

    number: str
    at: str
    text: str
    operator: str
    reversed: bool = False
    mine: bool = True


class Papers(Protocol):
    """What a service's module of papers gives."""

    @property
    def FORMS(self) -> Mapping[str, Callable[..., Paper]]:
        """Form name (`counter.sheet`) -> how it is filled: `(desk, heading, **parameters) -> Paper`."""

    @property
    def NEEDS(self) -> Mapping[str, Permission]:
        """What one must be allowed for a form."""

    @property
    def FORM_NAMES(self) -> Mapping[str, str]:
        """What a form is called on the screen."""


class ServiceDesk:
    """Base of the desks of the hall's services; see Desk for threads and errors."""

    NAME: ClassVar[str] = ""
    """Name of the reception in station.toml."""
    VERBS: ClassVar[Mapping[str, str]] = {}
    """Kind of an event -> what the latest receptions call it. Only these are receptions that F9 may take back."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    @property
    def scope(self) -> str:
        """Scope of the events recorded now."""
        return self.NAME

    @property
    def papers(self) -> Papers:
        """The service's module of papers; imported late, it draws pages."""
        raise NotImplementedError

    # --- what the header says

    def heading_of(self, today: dt.date) -> Heading | None:
        """The data that the reception stands on; None: the register."""
        return None

    def notices(self) -> tuple[str, ...]:
        """Short standing warnings for the header."""
        return ()

    def begin_practice(self) -> None:
        """What a demo has loaded and open before the first card; costs nothing where it is ready."""

    def close(self) -> None:
        """Close what the service has open."""

    # --- recording

    def record(self, decide: Decide, *, permission: Permission = Permission.RECEIVE) -> tuple[Recorded, ...]:
        """Decide and record in one transaction, on the state as it is then; documents that are due go to the printer.

        Raises NotAllowed, RuleError (also for a 個人番号 in a text), JournalError: then nothing was recorded.
        """
        self.desk.permit(permission)

        def inside(view: View) -> Sequence[Event]:
            events = tuple(decide(view))
            self.desk.refuse_my_number(*(text for event in events if not isinstance(event, PrintDue)
                                         for text in texts_of(event)))
            return events

        recorded = self.desk.journal.record(self.desk.operator, inside)
        if any(isinstance(r.event, PrintDue) for r in recorded):
            self.desk.printing.wake()
        return recorded

    def next_number(self, view: View) -> str:
        """The next free 受付番号. Called inside the transaction whose event claims it (identity.number_claim)."""
        return numbers.following(view, self.desk.station.code, scope=NUMBER)[0]

    def due(self, view: View, form: str, beside: Sequence[Event] = (), **parameters: Any) -> PrintDue:
        """The event that a document is due, for the reception's own transaction.

        `beside`: what the same transaction has so far, where it makes several documents due.
        """
        return due(view, self.desk.station.code, form, parameters, beside=beside)

    def receipt(self, recorded: tuple[Recorded, ...], detail: str = "", **more: Any) -> Receipt:
        """What to say after the commit."""
        number = next((no for r in recorded if (no := getattr(r.event, "reception_no", ""))), "")
        jobs = tuple(r.event.subject for r in recorded if isinstance(r.event, PrintDue))
        said = Receipt(detail=detail, reception_no=number, recorded=recorded, jobs=jobs, **more)
        return said if recorded else Receipt(message="変わりはありません", detail=detail or "もう記録されています")

    @property
    def snapshot_id(self) -> str:
        """The register that is looked at now."""
        return self.desk.register.info.snapshot_id if self.desk.register else ""

    # --- what was recorded

    def _groups(self, view: View, limit: int) -> Iterator[list[Recorded]]:
        newest = view.events(kinds=tuple(self.VERBS), newest_first=True, limit=limit)
        for _, group in groupby(newest, key=lambda r: (r.station, r.batch)):
            yield sorted(group, key=lambda r: r.seq)

    def latest(self, n: int = 3) -> tuple[Latest, ...]:
        """The last n receptions, newest first."""
        with self.desk.journal.view() as view:
            groups = [group for group, _ in zip(self._groups(view, n * 20), range(n), strict=False)]
            return tuple(self._latest(view, group) for group in groups)

    def _latest(self, view: View, group: Sequence[Recorded]) -> Latest:
        first = group[0]
        undone = view.is_reversed(first.station, first.seq)
        return Latest(number=first.number, at=clock(first.at_ms), operator=first.operator, reversed=undone,
                      mine=first.station in self.desk.journal.codes(),
                      text=self.say(group) + ("(取消)" if undone else ""))

    def say(self, group: Sequence[Recorded]) -> str:
        """What one key recorded, in a few words without a name: 受付番号 and verb."""
        number = next((no for r in group if (no := getattr(r.event, "reception_no", ""))), "")
        verbs = "・".join(dict.fromkeys(self.VERBS[r.event.kind] for r in group))
        return f"{number} {verbs}".strip()

    def undoable(self, n: int = 9) -> tuple[Latest, ...]:
        """The latest receptions of this station that F9 may take back; whose one may is said by `undo`."""
        self.desk.permit(Permission.UNDO_OWN)
        return tuple(one for one in self.latest(n) if one.mine and not one.reversed)

    def undo(self, number: str, reason: str) -> Receipt:
        """取消 of everything that the reception with this number recorded; its unsent documents are taken back.

        Own receptions within ten minutes, or any, by permission. Raises NotAllowed, RuleError.
        """
        self.desk.permit(Permission.UNDO_OWN)
        if not reason.strip():
            raise RuleError("理由を入れてください。", "例: 人違い、押し間違い")
        batches: list[Sequence[Recorded]] = []

        def decide(view: View) -> Iterable[Event]:
            group = next((g for g in self._groups(view, 500) if any(r.number == number for r in g)), None)
            if group is None:
                raise RuleError("その記録は見つかりません。", "F9 の一覧から選んでください。")
            if group[0].station not in self.desk.journal.codes():
                raise RuleError("ほかの端末の記録は、ここでは取り消せません。",
                                f"端末 {group[0].station} で取り消してください。")
            undoing.may_take_back(self.desk, group[0].operator, group[0].at_ms)
            self.may_undo(view, group)
            batches.append(group)
            for recorded in reversed(group):                # what an earlier one gave up, a later one may hold
                undoing.must_be_last(view, recorded)
                yield Reversal(subject=recorded.event.subject, scope=recorded.event.scope,
                               of_station=recorded.station, of_seq=recorded.seq, reason=reason.strip())

        recorded = self.record(decide, permission=Permission.UNDO_OWN)
        self._take_papers_back(batches[-1])
        return Receipt(message="取り消しました", detail=self.say(batches[-1]), recorded=recorded)

    def may_undo(self, view: View, group: Sequence[Recorded]) -> None:
        """Raises RuleError where the service does not let this be taken back (a paper is out, a batch was sent)."""

    def _take_papers_back(self, group: Sequence[Recorded]) -> None:
        batch = (group[0].station, group[0].batch)
        with self.desk.journal.view() as view:
            jobs = {r.event.subject for r in view.events(kinds=(PrintDue.kind,), station=batch[0])
                    if r.batch == batch[1]}
        for job in self.desk.printing.pending():
            if job.number in jobs and job.state in UNSENT:
                self.desk.printing.cancel(job.number, "reception undone")

    # --- papers

    @property
    def _dues_form(self) -> str:
        return f"{self.NAME}.dues"

    def _form(self, form: str) -> Callable[..., Paper] | None:
        """How a form is filled in; the list of what a new register asks for is every service's."""
        return following.paper_of if form == self._dues_form else self.papers.FORMS.get(form)

    def needs(self, form: str) -> Permission:
        """What one must be allowed to see or print a form."""
        return Permission.LIST if form == self._dues_form else need_of(dict(self.papers.NEEDS), form)

    def form_name(self, form: str) -> str:
        """What a form is called."""
        return "住基更新対応一覧" if form == self._dues_form else self.papers.FORM_NAMES.get(form, form)

    def made(self, form: str, *, serial: str = "", reissue: int = 0, **parameters: Any) -> Paper:
        """The form, filled in as things are now, for a print job or a command. Raises PrintError for no form."""
        fill = self._form(form)
        if fill is None:
            names = "、".join(self.papers.FORM_NAMES.values())
            raise PrintError("その書類はありません。", f"{names} から選んでください。", detail=form)
        self.desk.permit(self.needs(form))
        return fill(self, self.heading(serial=serial, reissue=reissue), **parameters)

    def paper(self, form: str, **parameters: Any) -> Paper:
        """The form, filled in now."""
        return self.made(form, **parameters)

    def print(self, form: str, **parameters: Any) -> str:
        """Record that the form is due; the worker makes and prints it. Gives the number of the job."""
        if self._form(form) is None:
            raise PrintError("その書類はありません。", "F5 の一覧から選んでください。", detail=form)
        self.desk.permit(self.needs(form))
        recorded = self.desk.journal.record(self.desk.operator, lambda view: (self.due(view, form, **parameters),))
        self.desk.printing.wake()
        return recorded[0].event.subject

    def heading(self, *, serial: str = "", reissue: int = 0, edition: str = "") -> PaperHeading:
        """What every page says of itself, as of now."""
        station, register = self.desk.station, self.desk.register
        now = dt.datetime.now(JST)
        return PaperHeading(
            municipality=station.municipality, place=station.place, station=station.code,
            at=f"{wareki(now.date())} {now:%H:%M}", drill=station.drill,
            register_as_of=wareki(register.info.as_of) if register else "",
            fictitious=bool(register and register.info.fictitious), serial=serial, reissue=reissue, edition=edition)

    def list_made(self, form: str, rows: int, edition: str = "") -> None:
        """Names on a list are a look-up too, and are logged before they are shown."""
        self.desk.log(ListMade(subject=self.desk.station.code, scope=self.scope, form=form, edition=edition,
                               rows=rows))

    # --- a new register

    def follow(self, changes: Changes, view: View) -> Iterable[Event]:
        """What a new register does by itself to this service's people (suspend, expire ...)."""
        return ()

    def record_followed(self, changes: Changes, mark: Followed) -> None:
        """What follows from a new register and the mark that it was followed, in one transaction."""
        operator = self.desk.operator
        self.desk.journal.record(operator, lambda view: (*self.follow(changes, view), mark), reserve=True)

    def pinned(self) -> tuple[str, ...]:
        """Registers that must be kept because a case of this service stands on them."""
        return ()

    def dues(self, view: View) -> tuple[Due, ...]:
        """What somebody must do now because a register changed people; the list that is printed and shown."""
        return ()
