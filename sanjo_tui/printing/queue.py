"""The print queue: what the journal says about documents, and what people may do about them.

Nothing is kept here but a reading of the journal. Every change is decided inside the journal's transaction on the
state that it finds there, so two desks on one station, or a command beside a desk, cannot send the same document twice.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sanjo_tui.errors import PrintError
from sanjo_tui.journal.events import Event
from sanjo_tui.printing import jobs as j
from sanjo_tui.printing.jobs import JOBS, JobState, PrintJob
from sanjo_tui.printing.printers import Printer

if TYPE_CHECKING:
    from sanjo_tui.documents.paper import Pdf
    from sanjo_tui.journal.view import View
    from sanjo_tui.journal.writer import Journal


class PrintQueue:
    """Documents of one station. `render` makes a job's pages in memory; it is called in the worker's thread only."""

    def __init__(self, journal: Journal, operator: str, printer: Printer,
                 render: Callable[[PrintJob], Pdf]) -> None:
        self.journal, self.operator, self.printer, self.render = journal, operator, printer, render
        self._codes = frozenset(journal.codes())      # ours, and those of laptops that this one has replaced
        self._lock = threading.Lock()
        self._open: dict[str, PrintJob] = {}
        self._mark: int | None = None       # how far the journal has been taken in
        self.wake: Callable[[], None] = lambda: None
        """Called when something is to be printed; the worker puts itself here."""
        self.allowed: Callable[[str], None] = lambda form: None
        """Called with the form before a person's act on a document; the desk raises NotAllowed here."""

    # --- reading

    def pending(self) -> tuple[PrintJob, ...]:
        """Jobs of this station that are not finished, in the order in which they became due."""
        with self._lock:
            self._refresh()
            return tuple(sorted(self._open.values(), key=lambda job: (job.due_ms, job.serial)))

    def jobs(self, limit: int = 200) -> tuple[PrintJob, ...]:
        """The latest jobs of this station in any state, newest first."""
        with self.journal.view() as view:
            due = [recorded for code in self._codes for recorded in
                   view.events(kinds=(j.PrintDue.kind,), station=code, newest_first=True, limit=limit)]
            due = sorted(due, key=lambda recorded: recorded.hlc, reverse=True)[:limit]
            found = [view.record_of(JOBS, recorded.event.scope, recorded.event.subject) for recorded in due]
        return tuple(job for job in found if isinstance(job, PrintJob))

    def job(self, number: str) -> PrintJob:
        """One job; PrintError if there is none of this number."""
        with self.journal.view() as view:
            return self._found(view, number)

    def _refresh(self) -> None:
        """Take in what was recorded since the last look, by whatever process; cheap when nothing was."""
        with self.journal.view() as view:
            mark = view.mark()
            if self._mark is None:
                for scope in view.scopes(JOBS):
                    for job in view.records(JOBS, scope):
                        self._take(job.number, job)
            elif mark != self._mark:
                changed = {recorded.event.subject: recorded.event.scope for recorded in view.since(self._mark)
                           if isinstance(recorded.event, j.EVENTS)}
                for number, scope in changed.items():
                    self._take(number, view.record_of(JOBS, scope, number))
            self._mark = mark

    def _take(self, number: str, job: object) -> None:
        if isinstance(job, PrintJob) and job.state.is_open and job.station in self._codes:
            self._open[number] = job
        else:
            self._open.pop(number, None)

    # --- a document becomes due

    def add(self, form: str, parameters: Mapping[str, Any] | None = None, *, copies: int = 1,
            scope: str = "") -> str:
        """Record that a document is due, by itself; its job number. Receptions use `jobs.due` in their own `decide`."""
        self.allowed(form)
        (recorded,) = self.journal.record(self.operator, lambda view: (
            j.due(view, self.journal.station, form, parameters, copies=copies, scope=scope),), reserve=True)
        self.wake()
        return recorded.event.subject

    def reprint(self, number: str) -> str:
        """A new job for the same content, marked 再発行 n; its number. Only of what is, or may be, on paper."""
        self.allowed(self.job(number).form)

        def decide(view: View) -> Sequence[Event]:
            job = self._found(view, number)
            if job.state not in (JobState.DONE, JobState.UNCERTAIN):
                raise PrintError(f"この書類はまだ印刷されていません({job.state.value})。",
                                 "取消した書類は、もう一度作ってください。" if job.state is JobState.CANCELLED
                                 else "印刷が終わってから再発行してください。", detail=number)
            first = job.reprint_of or job.number
            reissue = 1 + max((other.reissue for other in view.records(JOBS, job.scope)
                               if other.reprint_of == first), default=0)
            return (j.due(view, self.journal.station, job.form, job.parameters, copies=job.copies, scope=job.scope,
                          reprint_of=first, reissue=reissue),)

        (recorded,) = self.journal.record(self.operator, decide, reserve=True)
        self.wake()
        return recorded.event.subject

    # --- what people decide

    def hold(self, number: str) -> None:
        """待ち -> 保留."""
        self._decide(number, (JobState.WAITING,),
                     lambda job: j.PrintHeld(subject=job.number, scope=job.scope, reason="by-operator"))

    def release(self, number: str) -> None:
        """保留 -> 待ち."""
        self._decide(number, (JobState.HELD,), lambda job: j.PrintReleased(subject=job.number, scope=job.scope))
        self.wake()

    def cancel(self, number: str, reason: str = "") -> None:
        """待ち, 保留, 要確認 -> 取消. What the printer has must be cancelled at the printer first."""
        self._decide(number, (JobState.WAITING, JobState.HELD, JobState.UNCERTAIN),
                     lambda job: j.PrintCancelled(subject=job.number, scope=job.scope, reason=reason))

    def resolve(self, number: str, *, printed: bool) -> None:
        """A person looked for the paper: 完了, or once more. Also of a job that a printer never reports back."""
        def event(job: PrintJob) -> Event:
            if printed:
                return j.PrintDone(subject=job.number, scope=job.scope, confirmed=True)
            return j.PrintReleased(subject=job.number, scope=job.scope)

        self._decide(number, (JobState.UNCERTAIN, JobState.PRINTING), event)
        self.wake()

    # --- what the worker reports; False: a person or another desk was faster, nothing was recorded

    def sending(self, job: PrintJob, pdf: Pdf) -> PrintJob | None:
        """待ち -> 送信, durable before anything is sent; the job as it stands then, None if it may not be sent."""
        digest = hashlib.sha256(pdf.data).hexdigest()
        if not self._report(job, (JobState.WAITING,), j.PrintSending(
                subject=job.number, scope=job.scope, printer=self.printer.address, pages=pdf.pages, sha256=digest,
                issues=pdf.issues)):
            return None
        return replace(job, state=JobState.SENDING, printer=self.printer.address, attempts=job.attempts + 1)

    def accepted(self, job: PrintJob, ref: str, notes: tuple[str, ...] = ()) -> bool:
        """送信 -> 印刷中."""
        return self._report(job, (JobState.SENDING,),
                            j.PrintAccepted(subject=job.number, scope=job.scope, ref=ref, notes=notes))

    def done(self, job: PrintJob) -> bool:
        """送信, 印刷中 -> 完了."""
        return self._report(job, (JobState.SENDING, JobState.PRINTING),
                            j.PrintDone(subject=job.number, scope=job.scope))

    def waiting(self, job: PrintJob, reason: str, sentence: str = "") -> bool:
        """送信 -> 待ち, or a new reason while waiting; the same reason again is not recorded."""
        if job.state is JobState.WAITING and (job.reason, job.sentence) == (reason, sentence):
            return True
        return self._report(job, (JobState.WAITING, JobState.SENDING), j.PrintWaiting(
            subject=job.number, scope=job.scope, reason=reason, sentence=sentence))

    def recover(self) -> None:
        """At the worker's start: what was being sent when the last one ended is 要確認.

        On a laptop that replaces another, so is everything the old one may still have printed after its last copy.
        """
        for job in self.pending():
            if job.touched_at != self.journal.station:
                self._report(job, (JobState.WAITING, JobState.SENDING, JobState.PRINTING),
                             j.PrintUncertain(subject=job.number, scope=job.scope, reason="restored"))
            elif job.state is JobState.SENDING:
                self.uncertain(job, "restarted")

    def uncertain(self, job: PrintJob, reason: str) -> bool:
        """送信, 印刷中 -> 要確認."""
        return self._report(job, (JobState.SENDING, JobState.PRINTING),
                            j.PrintUncertain(subject=job.number, scope=job.scope, reason=reason))

    def given_up(self, job: PrintJob, reason: str, sentence: str = "") -> bool:
        """-> 保留: the printer refused or stopped this document, or it cannot be made."""
        return self._report(job, (JobState.WAITING, JobState.SENDING, JobState.PRINTING),
                            j.PrintHeld(subject=job.number, scope=job.scope, reason=reason, sentence=sentence))

    # --- deciding inside the transaction

    def _report(self, job: PrintJob, allowed: tuple[JobState, ...], event: Event) -> bool:
        def decide(view: View) -> Sequence[Event]:
            now = view.record_of(JOBS, job.scope, job.number)
            same = isinstance(now, PrintJob) and now.state in allowed and now.attempts == job.attempts
            return (event,) if same else ()

        return bool(self.journal.record(self.operator, decide, reserve=True))

    def _decide(self, number: str, allowed: tuple[JobState, ...], event: Callable[[PrintJob], Event]) -> None:
        self.allowed(self.job(number).form)

        def decide(view: View) -> Sequence[Event]:
            job = self._found(view, number)
            if job.state not in allowed:
                raise PrintError(f"この書類は今「{job.state.value}」です。", "印刷の一覧で今の状態を見てください。",
                                 detail=number)
            return (event(job),)

        self.journal.record(self.operator, decide, reserve=True)

    def _found(self, view: View, number: str) -> PrintJob:
        code, _ = j.split(number)
        if code in self._codes:
            for scope in view.scopes(JOBS):
                job = view.record_of(JOBS, scope, number)
                if isinstance(job, PrintJob):
                    return job
        raise PrintError("その番号の書類はありません。", "印刷の一覧で番号を確かめてください。", detail=number)
