"""The one thread that prints: renders in memory, records 送信開始, sends, follows the document, records the end.

Whatever happens, one of three things is true of a document afterwards: it is on paper once, it visibly waits, or it is
要確認 and a person looks. A fault of printer or document never ends the thread and never touches a reception.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from sanjo_tui.errors import SanjoError
from sanjo_tui.printing.faults import AnswerLost, Fault, NotSent, Refused, fault
from sanjo_tui.printing.jobs import JobState, PrintJob
from sanjo_tui.printing.lock import WorkerLock
from sanjo_tui.printing.printers import Step
from sanjo_tui.printing.queue import PrintQueue

log = logging.getLogger("sanjo_tui.printing")


@dataclass(frozen=True, slots=True)
class PrintState:
    """What the screen says about printing. Counts are jobs; `code`, `sentence`, `hint` are "" while all is well."""

    printer: str
    waiting: int = 0
    """待ち, 送信 and 印刷中."""
    uncertain: int = 0
    """要確認: somebody must look."""
    held: int = 0
    current: str = ""
    """Number of the job at work."""
    code: str = ""
    sentence: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds between tries; the last value of each row repeats."""

    idle: float = 2.0
    """How often documents recorded by other processes are noticed."""
    ready: Sequence[float] = (1, 2, 5, 10)
    """Asking a printer that takes nothing: not recorded, costs nothing."""
    again: Sequence[float] = (1, 2, 5, 15, 60, 300)
    """Sending again after a document was turned away: each try is recorded."""
    follow: Sequence[float] = (0.2, 0.3, 0.5, 1, 2)
    """Asking what became of a document."""
    render: float = 30.0
    """Making a document again that could not be made."""
    busy: float = 60.0
    """A printer that turned us away as busy is left alone while it prints, at most this long."""


class PrintWorker:
    """Works through a queue until stopped. `emit` is called from its thread, only when something changed.

    `lock`: a file in the home; of several desks on one station one prints. `warm`: called once before the first job
    (imports and fonts), so that the first page is as fast as the others.
    """

    def __init__(self, queue: PrintQueue, emit: Callable[[PrintState], None], *, lock: Path | None = None,
                 warm: Callable[[], None] | None = None, pace: Pace | None = None) -> None:
        self.queue, self._emit, self._warm, self._pace = queue, emit, warm, pace or Pace()
        self._lock = WorkerLock(lock) if lock else None
        self._thread = threading.Thread(target=self._run, name="print-worker", daemon=True)
        self._stopping = threading.Event()
        self._awake = threading.Event()
        self._recovered = False
        self._owed: Callable[[], object] | None = None     # an outcome that the journal has not taken yet
        self._tries = 0                                     # turns in a row without progress
        self._turned_away = 0                               # documents turned away in a row, after being sent
        self._not_before = 0.0
        self._busy_until = 0.0
        self._unmade: dict[str, float] = {}                 # job that could not be made -> when to try again
        self._said: PrintState | None = None

    def start(self) -> None:
        """Begin to print."""
        self.queue.wake = self.wake
        self._thread.start()

    def wake(self) -> None:
        """Look at the queue now: something was recorded."""
        self._awake.set()

    def stop(self, timeout: float = 3.0) -> bool:
        """End after the step at hand; False if a printer has not answered in time (the document is then 要確認)."""
        self._stopping.set()
        self._awake.set()
        if self._thread.ident is not None:
            self._thread.join(timeout)
        return not self._thread.is_alive()

    def _run(self) -> None:
        try:
            self._warm_up()
            while not self._stopping.is_set():
                self._awake.clear()
                self._awake.wait(self._safe_turn())
            if self._owed:
                self._safe_turn()
        finally:
            if self._lock:
                self._lock.release()

    def _warm_up(self) -> None:
        if self._warm is None:
            return
        try:
            self._warm()
        except SanjoError as error:          # no font: each document will say so itself
            log.warning("warm-up: %s %s", type(error).__name__, error.detail)
        except Exception:
            log.exception("warm-up")

    def _safe_turn(self) -> float:
        """One turn; seconds until the next. Nothing that goes wrong in it ends the thread."""
        try:
            return self._turn()
        except SanjoError as error:          # the journal: without it nothing may be printed
            log.warning("journal: %s %s", type(error).__name__, error.detail)
        except Exception:
            log.exception("print worker")
        if not self._stopping.is_set():
            self._say_without_journal()
        return self._slower(self._pace.ready)

    def _turn(self) -> float:
        if self._lock and not self._lock.acquire():
            return self._rest(fault("second-desk"))
        self._pay()
        if self._stopping.is_set():
            return 0.0
        if not self._recovered:
            self.queue.recover()
            self._recovered = True
        pending = self.queue.pending()
        for job in pending:
            if job.state is JobState.PRINTING:
                return self._follow(job)
        now = time.monotonic()
        self._unmade = {number: when for number, when in self._unmade.items()
                        if any(job.number == number for job in pending)}
        for job in pending:
            if job.state is JobState.WAITING and self._unmade.get(job.number, 0.0) <= now:
                return self._print(job)
        self._tries = 0
        unmade = next((job for job in pending if job.number in self._unmade), None)
        return self._rest(_told(unmade) if unmade else None, unmade)

    # --- one document

    def _print(self, job: PrintJob) -> float:
        state = self.queue.printer.state()
        now = time.monotonic()
        if not state.ready:
            why = state.fault or fault("stopped")
            self.queue.waiting(job, why.code)
            self._say(why, job)
            return self._slower(self._pace.ready)
        if self._busy_until and not state.busy:
            self._busy_until = self._not_before = 0.0
        if now < max(self._busy_until, self._not_before):
            self._say(fault("busy") if self._busy_until else _told(job), job)
            return min(self._slower(self._pace.ready), max(self._busy_until, self._not_before) - now)
        return self._send(job)

    def _send(self, job: PrintJob) -> float:
        try:
            pdf = self.queue.render(job)
        except SanjoError as error:
            log.warning("render %s: %s %s", job.number, type(error).__name__, error.detail)
            self._unmade[job.number] = time.monotonic() + self._pace.render
            self.queue.waiting(job, "render", str(error))
            return 0.0
        except Exception:
            log.exception("render %s", job.number)
            self.queue.given_up(job, "broken")
            return 0.0
        self._unmade.pop(job.number, None)
        now = self.queue.sending(job, pdf)
        if now is None:                      # held, cancelled or taken meanwhile
            return 0.0
        self._say(None, now)
        self._owed = self._sent(now, pdf.data)
        self._pay()
        return 0.0

    def _pay(self) -> None:
        """Record what became of the sent document. Until the journal takes it, nothing else is printed."""
        if self._owed:
            self._owed()
            self._owed = None

    def _sent(self, job: PrintJob, pdf: bytes) -> Callable[[], object]:
        """Send; what is to be recorded about it."""
        try:
            sent = self.queue.printer.send(pdf, job)
        except NotSent as error:
            code = error.fault.code
            log.info("%s not sent: %s", job.number, error.detail)
            self._not_before = time.monotonic() + _at(self._pace.again, self._turned_away)
            self._busy_until = time.monotonic() + self._pace.busy if code == "busy" else 0.0
            self._turned_away += 1
            return lambda: self.queue.waiting(job, code)
        except Refused as error:
            log.warning("%s refused: %s", job.number, error.detail)
            return lambda: self.queue.given_up(job, "refused")
        except AnswerLost as error:
            log.warning("%s uncertain: %s", job.number, error.detail)
            return lambda: self.queue.uncertain(job, "answer-lost")
        except Exception:
            log.exception("%s uncertain", job.number)
            return lambda: self.queue.uncertain(job, "answer-lost")
        self._turned_away, self._tries = 0, 0
        self._not_before = self._busy_until = 0.0
        if sent.ref:
            return lambda: self.queue.accepted(job, sent.ref, sent.notes)
        return lambda: self.queue.done(job)

    def _follow(self, job: PrintJob) -> float:
        try:
            progress = self.queue.printer.progress(job)
        except NotSent as error:
            self._say(error.fault, job)
            return self._slower(self._pace.ready)
        match progress.step:
            case Step.DONE:
                self.queue.done(job)
            case Step.GIVEN_UP:
                self.queue.given_up(job, progress.code)
            case Step.UNKNOWN:
                self.queue.uncertain(job, progress.code)
            case Step.PRINTING:
                self._say(self.queue.printer.state().fault or (fault(progress.code) if progress.code else None), job)
                return self._slower(self._pace.follow)
        self._tries = 0
        return 0.0

    # --- what the screen hears, and how long to wait

    def _rest(self, why: Fault | None, job: PrintJob | None = None) -> float:
        self._say(why, job)
        return self._pace.idle

    def _slower(self, row: Sequence[float]) -> float:
        self._tries += 1
        return _at(row, self._tries - 1)

    def _say(self, why: Fault | None, job: PrintJob | None) -> None:
        states = [pending.state for pending in self.queue.pending()]
        uncertain, held = states.count(JobState.UNCERTAIN), states.count(JobState.HELD)
        self._tell(PrintState(self.queue.printer.name, len(states) - uncertain - held, uncertain, held,
                              job.number if job else "", why.code if why else "", why.sentence if why else "",
                              why.cure if why else ""))

    def _say_without_journal(self) -> None:
        last, why = self._said or PrintState(self.queue.printer.name), fault("journal")
        self._tell(PrintState(last.printer, last.waiting, last.uncertain, last.held, last.current, why.code,
                              why.sentence, why.cure))

    def _tell(self, state: PrintState) -> None:
        if state == self._said or self._stopping.is_set():
            return
        self._said = state
        try:
            self._emit(state)
        except Exception:                    # a screen that is closing must not cost a document
            log.exception("print state")


def _told(job: PrintJob) -> Fault:
    """The fault of a waiting job, with its own sentence where it has one."""
    known = fault(job.reason or "busy")
    return Fault(known.code, job.sentence or known.sentence, "" if job.sentence else known.cure)


def _at(row: Sequence[float], position: int) -> float:
    return row[min(position, len(row) - 1)]
