"""The receptions below a Desk, each made when it is first asked for: nobody waits for a room that nobody enters."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from sanjo_tui.desk import rendering
from sanjo_tui.desk.hands import Hands
from sanjo_tui.station import RECEPTIONS

if TYPE_CHECKING:
    import datetime as dt

    from sanjo_tui.desk.application.desk import ApplicationDesk
    from sanjo_tui.desk.attendance.desk import AttendanceDesk
    from sanjo_tui.desk.certificate.desk import CertificateDesk
    from sanjo_tui.desk.childcare.desk import ChildcareDesk
    from sanjo_tui.desk.counter.desk import CounterDesk
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.desk.heading import Heading
    from sanjo_tui.desk.kiosk.desk import KioskDesk
    from sanjo_tui.desk.library.desk import LibraryDesk
    from sanjo_tui.desk.polling import PollingDesk
    from sanjo_tui.desk.shelter import ShelterDesk
    from sanjo_tui.desk.userid.desk import UseridDesk
    from sanjo_tui.printing.queue import PrintQueue


class Room(Protocol):
    """What a Desk asks of a reception below it."""

    def heading_of(self, today: dt.date) -> Heading | None:
        """What the header says of the data it stands on; None: the register."""

    def notices(self) -> tuple[str, ...]:
        """Short standing warnings for the header."""

    def close(self) -> None:
        """Close what it has open."""


def module_of(reception: str) -> str:
    """Where a reception's desk stands; the two that came first are not packages."""
    plain = reception in ("shelter", "polling")
    return f"sanjo_tui.desk.{reception}" if plain else f"sanjo_tui.desk.{reception}.desk"


@dataclass(slots=True)
class Rooms(Hands):
    """The part of a Desk that leads to its receptions and to the print queue."""

    _rooms: dict[str, Any] = field(default_factory=dict, kw_only=True)

    def room(self, reception: str) -> Any:
        """The desk of a reception by its name in station.toml; KeyError for no reception."""
        if reception not in self._rooms:
            made = getattr(import_module(module_of(reception)), f"{reception.capitalize()}Desk")
            self._rooms[reception] = made(cast("Desk", self)) if reception in RECEPTIONS else None
        return self._rooms[reception]

    @property
    def shelter(self) -> ShelterDesk:
        """避難所受付."""
        return cast("ShelterDesk", self.room("shelter"))

    @property
    def polling(self) -> PollingDesk:
        """投票所受付."""
        return cast("PollingDesk", self.room("polling"))

    @property
    def counter(self) -> CounterDesk:
        """窓口受付."""
        return cast("CounterDesk", self.room("counter"))

    @property
    def kiosk(self) -> KioskDesk:
        """証明書交付."""
        return cast("KioskDesk", self.room("kiosk"))

    @property
    def library(self) -> LibraryDesk:
        """図書館窓口."""
        return cast("LibraryDesk", self.room("library"))

    @property
    def userid(self) -> UseridDesk:
        """利用者ID発行."""
        return cast("UseridDesk", self.room("userid"))

    @property
    def application(self) -> ApplicationDesk:
        """カード申請代行."""
        return cast("ApplicationDesk", self.room("application"))

    @property
    def childcare(self) -> ChildcareDesk:
        """子育て支援カード."""
        return cast("ChildcareDesk", self.room("childcare"))

    @property
    def attendance(self) -> AttendanceDesk:
        """出退勤受付."""
        return cast("AttendanceDesk", self.room("attendance"))

    @property
    def certificate(self) -> CertificateDesk:
        """罹災証明受付."""
        return cast("CertificateDesk", self.room("certificate"))

    @property
    def printing(self) -> PrintQueue:
        """The documents that are due; the screens' worker prints them, commands may only add."""
        if self._printing is None:
            from sanjo_tui.printing.printers import printer_for
            from sanjo_tui.printing.queue import PrintQueue

            desk = cast("Desk", self)
            self._printing = PrintQueue(self.journal, self.operator, printer_for(self.station),
                                        lambda job: rendering.render(desk, job))
            self._printing.allowed = lambda form: rendering.may_print(desk, form)
        return self._printing

    def close_rooms(self) -> None:
        """Close what the receptions have open."""
        for room in self._rooms.values():
            room.close()
