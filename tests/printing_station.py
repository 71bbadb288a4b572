"""A drill's journal with a print queue on it, for the tests of printing; also a program that prints until it is killed.

python tests/printing_station.py HOME PRINTER       start a worker on that home, print what waits, say each state
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from sanjo_tui.documents.paper import Pdf
from sanjo_tui.errors import PrintError
from sanjo_tui.journal.writer import Journal
from sanjo_tui.printing.folder import FolderPrinter
from sanjo_tui.printing.jobs import JOBS, PrintJob
from sanjo_tui.printing.network import NetworkPrinter
from sanjo_tui.printing.printers import Printer
from sanjo_tui.printing.queue import PrintQueue
from sanjo_tui.printing.worker import Pace, PrintState, PrintWorker
from sanjo_tui.vault import Vault

QUICK = Pace(idle=0.02, ready=(0.01,), again=(0.01,), follow=(0.01,), render=0.05, busy=0.3)
CODE = "RANAN1"


def page(job: PrintJob) -> Pdf:
    """Stands for the documents: says what it was made from, fails where the test says so."""
    if job.form == "no-font":
        raise PrintError("書体がありません。", "書体を入れてください。")
    if job.form == "bug":
        raise KeyError("佐藤 花子")
    size = int(job.parameters.get("size", 2000))
    return Pdf(data=f"%PDF-1.4 {job.number} {job.form} {job.mark}".encode().ljust(size, b" "), pages=1)


def open_journal(home: Path) -> Journal:
    """The journal of this home, made on the first call."""
    home.mkdir(exist_ok=True)
    path = home / "vault.toml"
    if not path.exists():
        Vault.create(path, "", drill=True)
    keys = Vault.open(path).unlock("")
    place = home / "journal.db"
    return (Journal.open if place.exists() else Journal.create)(place, keys, CODE, (JOBS,), reserve_mb=0)


def printer_at(address: str, home: Path) -> Printer:
    if address.startswith("folder:"):
        return FolderPrinter(Path(address.removeprefix("folder:")), home)
    return NetworkPrinter(address, connect=2, ask=2, send=2)


class Station:
    """One opening of a home: journal, queue, worker, and the states that the worker told."""

    def __init__(self, home: Path, printer: Printer, *, render: Callable[[PrintJob], Pdf] = page,
                 lock: bool = True) -> None:
        self.journal = open_journal(home)
        self.queue = PrintQueue(self.journal, "操作者1", printer, render)
        self.told: list[PrintState] = []
        self.changed = threading.Condition()
        self.worker = PrintWorker(self.queue, self._tell, lock=home / "printing.lock" if lock else None, pace=QUICK)

    def _tell(self, state: PrintState) -> None:
        with self.changed:
            self.told.append(state)
            self.changed.notify_all()

    def states(self) -> dict[str, str]:
        return {job.number: job.state.value for job in self.queue.jobs()}

    def until(self, condition: Callable[[], bool], seconds: float = 20) -> None:
        """Wait for what must come; the bound is only there so that a broken test ends."""
        end = monotonic() + seconds
        while not condition():
            if monotonic() > end:
                raise AssertionError(f"did not happen: {self.states()} {self.told[-3:]}")
            with self.changed:
                self.changed.wait(0.01)

    def until_state(self, number: str, state: str) -> PrintJob:
        self.until(lambda: self.queue.job(number).state.value == state)
        return self.queue.job(number)

    def until_told(self, code: str) -> PrintState:
        self.until(lambda: bool(self.told) and self.told[-1].code == code)
        return self.told[-1]

    def close(self) -> None:
        assert self.worker.stop(15)
        self.journal.close()


@contextmanager
def station(home: Path, printer: Printer, *, start: bool = True, render: Callable[[PrintJob], Pdf] = page,
            lock: bool = True) -> Iterator[Station]:
    opened = Station(home, printer, render=render, lock=lock)
    if start:
        opened.worker.start()
    try:
        yield opened
    finally:
        opened.close()


if __name__ == "__main__":
    where = Path(sys.argv[1])
    with station(where, printer_at(sys.argv[2], where)) as running:
        print("ready", flush=True)
        running.until(lambda: False, 60)
