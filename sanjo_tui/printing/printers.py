"""Where paper comes out: what a printer must be able to do, and which one a station's setting names.

`station.printer`: "" (documents wait), `folder:DIR` (PDF files, outside the home only), `ipp://HOST[:PORT]/PATH` or
`ipps://...` (network printers and CUPS queues, on Windows too: nothing but the standard library is needed).
A wrong setting never keeps a desk from opening: its printer says what is wrong and the documents wait.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Protocol
from urllib.parse import urlsplit

from sanjo_tui.errors import PrintError
from sanjo_tui.printing.faults import Fault, NotSent, fault
from sanjo_tui.printing.jobs import PrintJob
from sanjo_tui.station import Station

FOLDER = "folder:"


@dataclass(frozen=True, slots=True)
class PrinterState:
    """How a printer is. `ready`: it takes a document now; a ready printer may have a `fault` too (one tray empty)."""

    name: str
    ready: bool
    fault: Fault | None = None
    busy: bool = False
    """It is printing something at the moment."""

    @property
    def sentence(self) -> str:
        """One line for the screen and for doctor."""
        return self.fault.sentence if self.fault else "印刷できます。"

    @property
    def cure(self) -> str:
        """What to do; "" if nothing is wrong."""
        return self.fault.cure if self.fault else ""


@dataclass(frozen=True, slots=True)
class Sent:
    """The printer has the document. `ref`: its own number for it, "" when it is finished already."""

    ref: str = ""
    notes: tuple[str, ...] = ()


class Step(Enum):
    """What became of a document that the printer has."""

    PRINTING = auto()
    DONE = auto()
    GIVEN_UP = auto()
    """Cancelled or aborted at the printer."""
    UNKNOWN = auto()
    """Nobody can tell: a person must look."""


@dataclass(frozen=True, slots=True)
class Progress:
    """The fate of one sent document; `code` of a fault where there is one."""

    step: Step
    code: str = ""


class Printer(Protocol):
    """A place where documents come out. Calls block; only the print worker and doctor make them."""

    @property
    def address(self) -> str:
        """What the journal keeps, without secrets."""

    @property
    def name(self) -> str:
        """What the screen says."""

    def state(self) -> PrinterState:
        """How the printer is now; never raises."""

    def send(self, pdf: bytes, job: PrintJob) -> Sent:
        """Hand a document over. NotSent, Refused, AnswerLost."""

    def progress(self, job: PrintJob) -> Progress:
        """What became of a document that was sent here. NotSent if the printer cannot be asked now."""


@dataclass(frozen=True, slots=True)
class NoPrinter:
    """Stands where no printer is: documents wait, and `why` says what is missing."""

    why: Fault
    address: str = ""
    name: str = "プリンターなし"

    def state(self) -> PrinterState:
        """Never ready."""
        return PrinterState(self.name, ready=False, fault=self.why)

    def send(self, pdf: bytes, job: PrintJob) -> Sent:
        """Nothing is sent."""
        raise NotSent(self.why.code)

    def progress(self, job: PrintJob) -> Progress:
        """Nothing can be asked; the document went to another printer."""
        return Progress(Step.UNKNOWN, "other-printer")


def printer_for(station: Station) -> Printer:
    """The station's printer; never raises."""
    if not station.printer:
        return NoPrinter(fault("no-printer"))
    try:
        setting = settle(station.printer, station.home)
    except PrintError as error:
        return NoPrinter(Fault("setting", error.message, error.hint), address=station.printer)
    if setting.startswith(FOLDER):
        from sanjo_tui.printing.folder import FolderPrinter
        return FolderPrinter(Path(setting.removeprefix(FOLDER)), station.home)
    from sanjo_tui.printing.network import NetworkPrinter
    return NetworkPrinter(setting)


def settle(setting: str, home: Path) -> str:
    """A printer setting as it belongs into station.toml (folders absolute). PrintError says what is wrong with it."""
    setting = setting.strip()
    if setting.startswith(FOLDER):
        from sanjo_tui.printing.folder import outside
        given = setting.removeprefix(FOLDER)
        if not given:
            raise PrintError("印刷先のフォルダーが書かれていません。", "folder:/media/usb/insatsu のように書きます。")
        return FOLDER + str(outside(Path(given).expanduser().absolute(), home))
    if not setting:
        return ""
    try:
        parts = urlsplit(setting)
        valid = parts.scheme in ("ipp", "ipps") and bool(parts.hostname) and (parts.port or 631) > 0
    except ValueError:
        valid = False
    if not valid or not setting.isascii() or any(c <= " " for c in setting):
        raise PrintError("プリンターの書き方が正しくありません。",
                         "ipp://192.168.0.5/ipp/print または folder:/media/usb/insatsu のように書きます。")
    if parts.username or parts.password:
        raise PrintError("プリンターの宛先に利用者名やパスワードは書けません。", "宛先だけを書いてください。")
    return setting
