"""Desk: the one door between a screen or a command and all rooms below.

Its parts, from the lowest: hands.py (who is at it), rooms.py (the receptions below it, the print queue), looking.py
(finding people, logged), and here its opening, its header and its end.
"""

from __future__ import annotations

import datetime as dt
import logging
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sanjo_tui.desk import signing
from sanjo_tui.desk.alarm import Watching
from sanjo_tui.desk.heading import Header, Heading, days_ago
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.desk.looking import Looking
from sanjo_tui.desk.releasing import Releases
from sanjo_tui.desk.userid import way as issued_cards
from sanjo_tui.errors import JournalError
from sanjo_tui.journal.writer import Journal
from sanjo_tui.station import RECEPTIONS
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, short

if TYPE_CHECKING:
    from sanjo_tui.station import Station
    from sanjo_tui.vault import Keys

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Desk(Looking):
    """The counter of one station. Every call blocks for some milliseconds and may come from any thread."""

    releases: Releases = field(default_factory=Releases, kw_only=True)
    """Stops that the responsible person has lifted for a moment."""

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
        issued_cards.watch(desk)
        desk.refresh_register()
        return desk

    def release(self, addressee_no: str, reason: str, verifier: str = "", pin: str = "") -> None:
        """解除: lift the stop of a protected person for one reception (releasing.py). Raises NotAllowed, RuleError."""
        self.permit(Permission.RECEIVE)
        self.releases.release(self, addressee_no, reason, verifier, pin)

    def released(self, addressee_no: str) -> bool:
        """Whether the stop of this person is lifted now."""
        return self.releases.holds(addressee_no)

    def pinned(self) -> tuple[str, ...]:
        """Registers that an open disaster stands on: they are kept, whatever else is loaded."""
        return (*self.shelter.pinned(), *self.certificate.pinned())

    def close(self) -> None:
        """Close what the receptions have open, the register and the journal; what was recorded is on the disk."""
        self.close_rooms()
        if self.register is not None:
            self.register.close()
        self.journal.close()

    def header(self, now: dt.datetime, reception: str = "shelter") -> Header:
        """Place, clock and the age of the data that this reception stands on; cheap enough for every minute."""
        self.warn("clock", self.journal.clock_warning)
        self.warn("alarm", self._watching.look(self) if self._watching and self.may(Permission.AUDIT) else "")
        today = now.astimezone(JST).date()
        room = self.room(reception)
        say = room.heading_of(today) if room is not None else None
        alone = say is not None                  # on data of its own: the register's state is not its business
        if say is None:
            self.refresh_register()
            say = self._register_heading(today)
        warnings = {about: text for about, text in self._warnings.items() if not (alone and about == "register")}
        more = room.notices() if room is not None else ()
        return Header(
            place=say.place or self.station.place, reception=say.reception or RECEPTIONS[reception], date=short(today),
            clock=now.astimezone(JST).strftime("%H:%M"), register=say.data, register_level=say.level,
            drill=self.station.drill, fictitious=say.fictitious, waiting_prints=len(self.printing.pending()),
            warnings=(*warnings.values(), *say.warnings, *more))

    def _register_heading(self, today: dt.date) -> Heading:
        if self.register is None:
            return Heading(data="住基なし", level="none")
        info = self.register.info
        days = (today - info.as_of).days
        level = "red" if days > self.station.very_stale_days else "amber" if days > self.station.stale_days else "ok"
        return Heading(data=f"住基{short(info.as_of)}({days_ago(days)})", level=level, fictitious=info.fictitious)

    def back_up(self) -> None:
        """The encrypted copy to the second medium, when one is there; a fault stands in the header until the next."""
        from sanjo_tui.journal.backup import back_up

        try:
            self.warn("backup", back_up(self.journal, self.station).sentence)
        except JournalError as error:
            self.warn("backup", "控えのコピーに失敗")
            log.warning("backup: %s", error.detail)
