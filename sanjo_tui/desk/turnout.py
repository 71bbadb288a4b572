"""The voters of one election, kept decoded with their sums, and brought up to date by what the journal has since."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING

from sanjo_tui.receptions.polling.state import VOTERS, Voter
from sanjo_tui.receptions.polling.tally import Totals, contribution

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View

FEW = 200
"""So many new events are looked up one by one; beyond that everything is read again."""


class Turnout:
    """A view of the journal's kept voters; another process may write beside us, so each look compares first."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._scope = ""
        self._mark = -1
        self._voters: dict[str, Voter] = {}
        self._totals = Totals()

    def of(self, view: View, scope: str) -> tuple[dict[str, Voter], Totals]:
        """Everybody with a record in this election by 宛名番号 or 補正登録, and the sums over them; both are copies."""
        with self._lock:
            mark = view.mark()
            if scope != self._scope or mark < self._mark or mark - self._mark > FEW:
                voters = {voter.key: voter for voter in view.records(VOTERS, scope)}
                self._voters, self._totals = voters, Totals.of(voters.values())
            elif mark != self._mark:
                # All is read before anything is changed, so that an error leaves what was there.
                subjects = {r.event.subject for r in view.since(self._mark) if r.event.scope == scope}
                now = {subject: view.record_of(VOTERS, scope, subject) for subject in sorted(subjects)}
                for subject, voter in now.items():
                    self._put(subject, voter)
            self._scope, self._mark = scope, mark
            return dict(self._voters), self._totals.copy()

    def _put(self, subject: str, voter: Voter | None) -> None:
        before = self._voters.pop(subject, None)
        if before is not None:
            self._totals.subtract(contribution(before))
        if voter is not None:
            self._voters[subject] = voter
            self._totals.add(contribution(voter))
