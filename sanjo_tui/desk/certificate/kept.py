"""The applications of one disaster, kept decoded, found by household, and brought up to date by the journal.

Without it every look would decode every application of the town.
"""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from sanjo_tui.receptions.certificate.records import Application
from sanjo_tui.receptions.certificate.state import APPLICATIONS

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View

FEW = 200
"""So many new events are looked up one by one; beyond that everything is read again."""


class Applications:
    """A view of the journal's kept records; another process may write beside us, so each look compares first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scope = ""
        self._mark = -1
        self._all: dict[str, Application] = {}
        self._homes: dict[str, set[str]] = {}

    def of(self, view: View, scope: str) -> dict[str, Application]:
        """All of a disaster by 受付番号, in their order."""
        with self._lock:
            self._renew(view, scope)
            return {number: self._all[number] for number in sorted(self._all)}

    def of_household(self, view: View, scope: str, household: str) -> tuple[Application, ...]:
        """Those of one household."""
        with self._lock:
            self._renew(view, scope)
            return tuple(self._all[number] for number in sorted(self._homes.get(household, ())))

    def _renew(self, view: View, scope: str) -> None:
        mark = view.mark()
        if scope != self._scope or mark < self._mark or mark - self._mark > FEW:
            self._all, self._homes = {}, {}
            for application in view.records(APPLICATIONS, scope):
                self._put(application.number, application)
        elif mark != self._mark:
            # All is read before anything is changed, so that an error leaves what was there.
            subjects = {r.event.subject for r in view.since(self._mark) if r.event.scope == scope}
            now = {subject: view.record_of(APPLICATIONS, scope, subject) for subject in sorted(subjects)}
            for subject, one in now.items():
                self._put(subject, one)
        self._scope, self._mark = scope, mark

    def _put(self, number: str, application: Application | None) -> None:
        before = self._all.pop(number, None)
        if before is not None:
            self._homes[before.household].discard(number)
        if application is not None:
            self._all[number] = application
            self._homes.setdefault(application.household, set()).add(number)
