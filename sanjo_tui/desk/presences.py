"""The presences of one episode, kept decoded between two looks and brought up to date by what the journal has since."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from sanjo_tui.receptions.shelter.state import PEOPLE, Presence

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View

FEW = 200
"""So many new events are looked up one by one; beyond that everything is read again."""


class Presences:
    """A view of the journal's kept records; another process may write beside us, so each look compares first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scope = ""
        self._mark = -1
        self._people: dict[str, Presence] = {}

    def of(self, view: View, scope: str) -> dict[str, Presence]:
        """Everybody with a record in this episode, by 宛名番号 or provisional number."""
        with self._lock:
            mark = view.mark()
            if scope != self._scope or mark < self._mark or mark - self._mark > FEW:
                self._people = {p.person: p for p in view.records(PEOPLE, scope)}
            elif mark != self._mark:
                for subject in {r.event.subject for r in view.since(self._mark) if r.event.scope == scope}:
                    record = view.record_of(PEOPLE, scope, subject)
                    if record is None:
                        self._people.pop(subject, None)
                    else:
                        self._people[subject] = record
            self._scope, self._mark = scope, mark
            return dict(self._people)
