"""What the journal keeps about paper: a document is due, was sent, is on paper, or nobody knows.

The queue is nothing but the fold of these events. A job says *what* to render (form and plain parameters), never a
rendered page. Only changes that matter are written: polls and silent retries are not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Protocol

from sanjo_tui.errors import PrintError
from sanjo_tui.journal.events import Claim, Event, Ledger, Recorded

if TYPE_CHECKING:
    from collections.abc import Callable

NUMBER = "print.number"
"""Claim scope of job numbers. Its subjects are padded to eight digits, so that the greatest is also the latest."""


class JobState(StrEnum):
    """Where a document stands. The value is what the screen says."""

    WAITING = "待ち"
    SENDING = "送信"
    PRINTING = "印刷中"
    DONE = "完了"
    UNCERTAIN = "要確認"
    HELD = "保留"
    CANCELLED = "取消"

    @property
    def is_open(self) -> bool:
        """Something is still to happen, by the worker or by a person."""
        return self not in (JobState.DONE, JobState.CANCELLED)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDue(Event):
    """A document is due. Subject is the job number; `reprint_of` the first job, `reissue` its 再発行 count."""

    kind: ClassVar[str] = "print.due"
    form: str
    parameters: dict[str, Any] = field(default_factory=dict)
    copies: int = 1
    reprint_of: str = ""
    reissue: int = 0

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Each job number is given once."""
        code, serial = split(self.subject)
        return (Claim(NUMBER, f"{code}-P{serial:08d}"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintSending(Event):
    """送信開始, durable before the first byte leaves. `sha256` is that of the rendered file."""

    kind: ClassVar[str] = "print.sending"
    printer: str
    pages: int = 0
    sha256: str = ""
    issues: tuple[str, ...] = ()
    """What the page could not show (characters without a glyph), as sentences without names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintAccepted(Event):
    """The printer has the document under its own number `ref`: from here its fate can be asked, even after a crash."""

    kind: ClassVar[str] = "print.accepted"
    ref: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintDone(Event):
    """On paper. `confirmed`: a person looked and said so."""

    kind: ClassVar[str] = "print.done"
    confirmed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintWaiting(Event):
    """The printer does not have the document; it will be tried again. `reason`: a code of printing/faults.py."""

    kind: ClassVar[str] = "print.waiting"
    reason: str
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintUncertain(Event):
    """要確認: it may be on paper or not; only a person who looks can tell."""

    kind: ClassVar[str] = "print.uncertain"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintHeld(Event):
    """保留: by a person, or because the printer refused this document or gave it up."""

    kind: ClassVar[str] = "print.held"
    reason: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintReleased(Event):
    """A person sends it (again): from 保留, or from 要確認 after looking for the paper."""

    kind: ClassVar[str] = "print.released"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintCancelled(Event):
    """取消: it will not be printed."""

    kind: ClassVar[str] = "print.cancelled"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintJob:
    """One document on its way to paper. Times are wall-clock milliseconds, UTC."""

    number: str
    form: str
    scope: str = ""
    parameters: dict[str, Any] = field(default_factory=dict)
    copies: int = 1
    reprint_of: str = ""
    reissue: int = 0
    state: JobState = JobState.WAITING
    reason: str = ""
    """Code of what holds it up (printing/faults.py); "" if nothing does."""
    sentence: str = ""
    """What the screen says about it, where the code's own sentence is not enough."""
    printer: str = ""
    """Address of the printer that it went to."""
    ref: str = ""
    """The printer's own number for it."""
    pages: int = 0
    sha256: str = ""
    issues: tuple[str, ...] = ()
    attempts: int = 0
    due_ms: int = 0
    since_ms: int = 0
    asked_by: str = ""
    touched_at: str = ""
    """Station whose event was the last."""

    @property
    def waits(self) -> bool:
        """Not on paper yet, as far as anybody knows; counted in the header."""
        return self.state.is_open

    @property
    def station(self) -> str:
        """The station whose worker prints it."""
        return split(self.number)[0]

    @property
    def serial(self) -> int:
        """Running number at its station."""
        return split(self.number)[1]

    @property
    def title(self) -> str:
        """What the printer is told: number and form, ASCII, never a person's name."""
        form = "".join(c if c.isascii() and c.isalnum() else "-" for c in self.form)
        return f"{self.number}-{form}" + (f"-R{self.reissue}" if self.reissue else "")

    @property
    def mark(self) -> str:
        """What stands on a reprint: 再発行 and how many; "" on the first."""
        return f"再発行 {self.reissue}" if self.reissue else ""


def apply(now: PrintJob | None, recorded: Recorded) -> PrintJob | None:
    """The job after one more of its events."""
    after = _after(now, recorded)
    return replace(after, touched_at=recorded.station, since_ms=recorded.at_ms) if after else None


def _after(now: PrintJob | None, recorded: Recorded) -> PrintJob | None:
    event = recorded.event
    if isinstance(event, PrintDue):
        return PrintJob(number=event.subject, scope=event.scope, form=event.form, parameters=event.parameters,
                        copies=event.copies, reprint_of=event.reprint_of, reissue=event.reissue,
                        due_ms=recorded.at_ms, asked_by=recorded.operator)
    if now is None:
        return None
    match event:
        case PrintSending():
            return replace(now, state=JobState.SENDING, printer=event.printer, pages=event.pages, sha256=event.sha256,
                           issues=event.issues, ref="", reason="", sentence="", attempts=now.attempts + 1)
        case PrintAccepted():
            return replace(now, state=JobState.PRINTING, ref=event.ref, issues=now.issues + event.notes)
        case PrintDone():
            return replace(now, state=JobState.DONE, reason="", sentence="")
        case PrintWaiting():
            return replace(now, state=JobState.WAITING, reason=event.reason, sentence=event.sentence)
        case PrintUncertain():
            return replace(now, state=JobState.UNCERTAIN, reason=event.reason, sentence="")
        case PrintHeld():
            return replace(now, state=JobState.HELD, reason=event.reason, sentence=event.sentence)
        case PrintReleased():
            return replace(now, state=JobState.WAITING, reason="", sentence="")
        case PrintCancelled():
            return replace(now, state=JobState.CANCELLED, reason=event.reason, sentence="")
    return now


EVENTS: tuple[type[Event], ...] = (PrintDue, PrintSending, PrintAccepted, PrintDone, PrintWaiting, PrintUncertain,
                                   PrintHeld, PrintReleased, PrintCancelled)
KINDS = tuple(event.kind for event in EVENTS)
JOBS = Ledger("print.jobs", EVENTS, PrintJob, apply)


def split(number: str) -> tuple[str, int]:
    """`CODE-P0001` -> (`CODE`, 1)."""
    code, _, serial = number.rpartition("-P")
    if not code or not (serial.isascii() and serial.isdigit()):
        raise PrintError("書類の番号が正しくありません。", "A1B2C3-P0001 のように書きます。", detail=repr(number))
    return code, int(serial)


class Claims(Protocol):
    """The one thing that `due` asks of the journal's view."""

    @property
    def last_claim(self) -> Callable[[str, str], str | None]:
        """Greatest subject of a claim scope that starts with a prefix."""


def due(view: Claims, station_code: str, form: str, parameters: Mapping[str, Any] | None = None, *,
        copies: int = 1, scope: str = "", reprint_of: str = "", reissue: int = 0,
        beside: Sequence[Event] = ()) -> PrintDue:
    """The event that makes a document due, for use inside another reception's `decide`: same transaction, next number.

    `parameters` are keys and plain values, never a name: they outlive the episode that they belong to.
    `beside`: the events that the same `decide` has made so far, so that two documents get two numbers.
    """
    if not form or copies < 1:
        raise ValueError("a document needs a form and at least one copy")
    values = dict(parameters or {})
    for name, value in values.items():
        if not _plain(value):
            raise TypeError(f"parameter {name} is not a plain value")
    last = view.last_claim(NUMBER, f"{station_code}-P")
    taken = split(last)[1] if last else 0
    ahead = sum(isinstance(event, PrintDue) for event in beside)
    return PrintDue(subject=f"{station_code}-P{taken + ahead + 1:04d}", scope=scope, form=form, parameters=values,
                    copies=copies, reprint_of=reprint_of, reissue=reissue)


def _plain(value: Any) -> bool:
    """What JSON gives back as it was."""
    if isinstance(value, list | tuple):
        return all(_plain(item) for item in value)
    if isinstance(value, dict):
        return all(isinstance(key, str) and _plain(item) for key, item in value.items())
    return value is None or isinstance(value, str | int | float | bool)
