"""The alarm at many look-ups without a reception: it follows the journal, also what other processes record."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sanjo_tui.receptions import audit
from sanjo_tui.receptions.lookups import ActDone, Alarm

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.desk.hands import Hands
    from sanjo_tui.journal.view import View


@dataclass(slots=True)
class Watching:
    """One desk's watch. Calls may come from any thread."""

    watch: audit.Watch
    _mark: int = -1
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @classmethod
    def over(cls, desk: Desk) -> Watching:
        """A watch with the station's figures."""
        return cls(audit.Watch(desk.station.alarm_lookups, desk.station.alarm_minutes))

    def look(self, desk: Hands, operator: str = "") -> str:
        """Catch up with the journal, and record an Alarm where a burst of `operator` deserves one.

        Gives what the header of whoever may AUDIT says, "" while all is well. Raises JournalError.
        """
        if not self.watch.figure:
            return ""
        with self._lock:
            self._catch_up(desk)
            figure = self.watch.due(operator, time.time_ns() // 1_000_000) if operator else 0
            if figure:
                alarm = Alarm(subject=operator, what="lookups", figure=figure, minutes=self.watch.minutes)
                desk.journal.record(operator, lambda _: (alarm,), reserve=True)
                self._catch_up(desk)
        return "受付のない照会が多数あります" if self.watch.standing else ""

    def _catch_up(self, desk: Hands) -> None:
        with desk.journal.view() as view:
            now = view.mark()
            if self._mark < 0:
                self._begin(view)
            elif now != self._mark:
                for recorded in view.since(self._mark):
                    self.watch.feed(recorded)
            self._mark = now

    def _begin(self, view: View) -> None:
        """The latest events, and whether an alarm stands that nobody asked the audit about since."""
        for recorded in reversed(list(view.events(newest_first=True, limit=10 * self.watch.figure))):
            self.watch.feed(recorded)
        alarm = next(view.events(kinds=(Alarm.kind,), newest_first=True, limit=1), None)
        asked = alarm and next((r for r in view.events(kinds=(ActDone.kind,), newest_first=True)
                                if audit.asks_for_masses(r.event)), None)
        self.watch.standing = int(alarm is not None and (asked is None or asked.hlc < alarm.hlc))
