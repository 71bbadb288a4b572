"""A printer that speaks IPP: printers in the network and CUPS queues, with what they say put into our words.

Reasons are compared by prefix: printers add -report, -warning or -error, and at least one changes the ending on its way
(media-empty-error is answered as media-empty-warning). Reasons alone never stop a document: with two trays one is often
empty for weeks. What counts is the printer's state and whether it accepts jobs.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from sanjo_tui.printing import ipp
from sanjo_tui.printing.faults import AnswerLost, NotSent, Refused, fault
from sanjo_tui.printing.ipp import Answer, Attribute, Operation, Tag, one
from sanjo_tui.printing.jobs import PrintJob
from sanjo_tui.printing.printers import PrinterState, Progress, Sent, Step

REASONS = (("media-empty", "media-empty"), ("media-needed", "media-empty"), ("media-jam", "media-jam"),
           ("cover-open", "cover-open"), ("door-open", "cover-open"), ("interlock-open", "cover-open"),
           ("toner-empty", "marker-empty"), ("marker-supply-empty", "marker-empty"),
           ("output-area-full", "output-full"), ("output-tray-missing", "output-full"),
           ("offline", "unreachable"), ("connecting-to-device", "unreachable"), ("timed-out", "unreachable"),
           ("shutdown", "stopped"), ("paused", "stopped"), ("moving-to-paused", "stopped"))
"""printer-state-reasons (RFC 8011 §5.4.12) by prefix -> our fault, most telling first."""

PROCESSING, STOPPED = 4, 5
TEMPORARY = {0x0401: "not-allowed", 0x0402: "not-allowed", 0x0403: "not-allowed", ipp.NOT_FOUND: "no-such-printer",
             0x0502: "not-accepting", 0x0504: "busy", 0x0505: "stopped", 0x0506: "not-accepting", ipp.BUSY: "busy"}
"""Statuses with which a printer turns away any job for now, whatever its content (RFC 8011 appendix B)."""

ASKED = ("printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "document-format-supported")
JOB_ASKED = ("job-state", "job-state-reasons", "job-name")


class NetworkPrinter:
    """One IPP address. Seconds: `connect` to reach it, `ask` for short answers, `send` for the answer to a document."""

    def __init__(self, uri: str, *, connect: float = 5.0, ask: float = 10.0, send: float = 90.0) -> None:
        parts = urlsplit(uri)
        self.address = uri
        self.name = f"{parts.hostname}{parts.path}"
        self._connect, self._ask, self._send = connect, ask, send
        self._version = (2, 0)

    def state(self) -> PrinterState:
        """Asks the printer; what cannot be asked is a fault too."""
        try:
            answer = self._question(Operation.GET_PRINTER_ATTRIBUTES,
                                    one(Tag.KEYWORD, "requested-attributes", *ASKED))
        except NotSent as error:
            return PrinterState(self.name, ready=False, fault=error.fault)
        except AnswerLost:
            return PrinterState(self.name, ready=False, fault=fault("not-ipp"))
        if answer.status >= 0x0400:
            return PrinterState(self.name, ready=False, fault=fault(TEMPORARY.get(answer.status, "not-ipp")))
        return self._judged(answer)

    def _judged(self, answer: Answer) -> PrinterState:
        state = answer.number(Tag.PRINTER, "printer-state")
        reason = _reason(answer.words(Tag.PRINTER, "printer-state-reasons"))
        formats = answer.words(Tag.PRINTER, "document-format-supported")
        if state is None:
            return PrinterState(self.name, ready=False, fault=fault("not-ipp"))
        if formats and "application/pdf" not in formats:
            return PrinterState(self.name, ready=False, fault=fault("not-pdf"))
        if state == STOPPED:
            return PrinterState(self.name, ready=False, fault=fault(reason or "stopped"))
        if False in answer.values(Tag.PRINTER, "printer-is-accepting-jobs"):
            return PrinterState(self.name, ready=False, fault=fault("not-accepting"))
        return PrinterState(self.name, ready=True, fault=fault(reason) if reason else None, busy=state == PROCESSING)

    def send(self, pdf: bytes, job: PrintJob) -> Sent:
        """Print-Job. A4, one side, not scaled where the printer knows how to leave a page alone."""
        answer = ipp.exchange(
            self.address, Operation.PRINT_JOB,
            (one(Tag.NAME, "job-name", job.title), one(Tag.MIME, "document-format", "application/pdf")),
            (one(Tag.INTEGER, "copies", job.copies), one(Tag.KEYWORD, "sides", "one-sided"),
             one(Tag.KEYWORD, "media", "iso_a4_210x297mm"), one(Tag.KEYWORD, "print-scaling", "none")),
            pdf, version=self._version, connect_seconds=self._connect, answer_seconds=self._send)
        status = f"IPP 0x{answer.status:04x}"
        if answer.status in TEMPORARY:
            raise NotSent(TEMPORARY[answer.status], detail=status)
        if answer.status >= 0x0400:
            raise Refused("refused", detail=status)
        number = answer.number(Tag.JOB, "job-id")
        if number is None:
            raise AnswerLost("answer-lost", detail=f"{status} without job-id")
        alone = job.copies > 1 and bool(answer.values(Tag.UNSUPPORTED, "copies"))
        return Sent(str(number), ("プリンターが部数を受け付けません。1部だけ印刷しました。",) if alone else ())

    def progress(self, job: PrintJob) -> Progress:
        """Get-Job-Attributes. A printer that was reset may give our number to another document: names are compared."""
        if job.printer != self.address or not job.ref.isdecimal():
            return Progress(Step.UNKNOWN, "other-printer")
        try:
            answer = self._question(Operation.GET_JOB_ATTRIBUTES, one(Tag.INTEGER, "job-id", int(job.ref)),
                                    one(Tag.KEYWORD, "requested-attributes", *JOB_ASKED))
        except AnswerLost as error:                # only a question was lost
            raise NotSent("unreachable", detail=error.detail) from error
        if answer.status in TEMPORARY and answer.status != ipp.NOT_FOUND:
            raise NotSent(TEMPORARY[answer.status], detail=f"IPP 0x{answer.status:04x}")
        state = answer.number(Tag.JOB, "job-state")
        name = answer.words(Tag.JOB, "job-name")
        if answer.status >= 0x0400 or state is None or (name and name[0] != job.title):
            return Progress(Step.UNKNOWN, "job-unknown")
        return _step(state, answer.words(Tag.JOB, "job-state-reasons"))

    def _question(self, operation: Operation, *attributes: Attribute) -> Answer:
        answer = ipp.exchange(self.address, operation, attributes, version=self._version,
                              connect_seconds=self._connect, answer_seconds=self._ask)
        if answer.status == ipp.VERSION_NOT_SUPPORTED and self._version != (1, 1):
            self._version = (1, 1)                 # printers from before 2009
            return self._question(operation, *attributes)
        return answer


def _reason(words: tuple[str, ...]) -> str:
    """The most telling fault among a printer's reasons; an unknown one counts if the printer calls it an error."""
    for prefix, code in REASONS:
        if any(word.startswith(prefix) for word in words):
            return code
    return next((word for word in words if word.endswith("-error")), "")


def _step(state: int, reasons: tuple[str, ...]) -> Progress:
    """job-state (RFC 8011 §5.3.7) in our words."""
    match state:
        case 9 if "job-completed-with-errors" in reasons:
            return Progress(Step.UNKNOWN, "with-errors")
        case 9:
            return Progress(Step.DONE)
        case 7 | 8:
            return Progress(Step.GIVEN_UP, "aborted")
        case 4:
            return Progress(Step.PRINTING, "held-at-printer")
        case 6:
            return Progress(Step.PRINTING, "stopped")
    return Progress(Step.PRINTING)
