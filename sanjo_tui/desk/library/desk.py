"""LibraryDesk: 図書館窓口, at the hall and at the library; what a desk shows of both."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanjo_tui.desk.heading import Heading
from sanjo_tui.desk.library import lists
from sanjo_tui.desk.library.hall import Hall, of_register
from sanjo_tui.desk.library.lending import Lending
from sanjo_tui.desk.library.lists import Lists
from sanjo_tui.desk.service import Latest
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.words import SCOPE, Mode
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View


class LibraryDesk(Hall, Lists, Lending):
    """図書館窓口; see Desk for threads and errors."""

    def heading_of(self, today: dt.date) -> Heading | None:
        """A desk at the library alone needs no register; at the hall its age counts."""
        if self.modes != (Mode.LIBRARY,):
            return None
        return Heading(data=self.setup.branch_name or self.setup.branch, level="ok", fictitious=self.setup.sample)

    def notices(self) -> tuple[str, ...]:
        """Stock of numbers, lists that are late, loans that wait."""
        try:
            setup = self.setup
        except RuleError:
            return ("図書館の設定なし",)
        found = []
        if Mode.HALL in setup.modes:
            left = self.remaining()
            found += [f"図書番号 残り{left}"] if left <= setup.alarm else []
            late = self.late(lists.moment())
            found += [f"申請データ一覧 {len(late)}日分なし"] if late else []
        waiting = self.queue.count()
        found += [f"貸出待ち{waiting}"] if waiting else []
        return tuple(found)

    def undoable(self, n: int = 9) -> tuple[Latest, ...]:
        """Receptions of the hall and bindings; loans are undone by returning."""
        self.desk.permit(Permission.UNDO_OWN)
        with self.desk.journal.view() as view:
            fit = [group for group in self._groups(view, 200)
                   if not any(isinstance(r.event, ev.LoansCounted) for r in group)
                   and not of_register(group)]
            latest = [self._latest(view, group) for group in fit[:n * 3]]
        return tuple(one for one in latest if one.mine and not one.reversed)[:n]

    def say(self, group: Sequence[Recorded]) -> str:
        """Numbers and words; of loans the counts."""
        first = group[0].event
        if isinstance(first, ev.LoansCounted):
            parts = [f"{word}{n}" for word, n in (("貸出", first.lent), ("返却", first.returned),
                                                  ("預かり", first.kept_back), ("断り", first.refused)) if n]
            return " ".join(parts)
        return super().say(group)

    def _today_counts(self, view: View) -> dict[str, int]:
        """Issued, renewed, lent and returned today at this station."""
        today = self.desk.today()
        start = dt.datetime.combine(today, dt.time(), JST).timestamp() * 1000
        found = {"issued": 0, "renewed": 0, "lent": 0, "returned": 0}
        for one in view.events(scope=SCOPE, kinds=tuple(self.VERBS), newest_first=True):
            if one.at_ms < start:
                break
            if view.is_reversed(one.station, one.seq):
                continue
            match one.event:
                case ev.NumberIssued():
                    found["issued"] += 1
                case ev.NumberRenewed():
                    found["renewed"] += 1
                case ev.LoansCounted(lent=lent, returned=returned):
                    found["lent"] += lent
                    found["returned"] += returned
        return found

    def counts(self) -> str:
        """The line of live counts."""
        if not self.ready:
            return ""
        with self.desk.journal.view() as view:
            today = self._today_counts(view)
        parts = []
        if Mode.HALL in self.modes:
            parts.append(f"今日の発行{today['issued']} 更新{today['renewed']} 番号の残り{self.remaining()}")
        if Mode.LIBRARY in self.modes:
            parts.append(f"今日の貸出{today['lent']} 返却{today['returned']} 送信待ち{self.queue.count()}")
        return "  ".join(parts)
