"""PollingDesk: the polling desk through the one door. Rules are in receptions/polling, papers in polling_papers.py."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk.heading import Heading, days_ago
from sanjo_tui.desk.polling_place import PlaceDesk
from sanjo_tui.desk.rendering import need_of
from sanjo_tui.desk.voters import FORMS_OF_A_RECEPTION
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.printing.jobs import JOBS, JobState, due
from sanjo_tui.receptions.polling.gate import extracted_at
from sanjo_tui.receptions.polling.words import PlaceKind
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, short

if TYPE_CHECKING:
    from sanjo_tui.desk.paper import Paper
    from sanjo_tui.journal.events import Event
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.polling.election import Election, PollingPlace

RECEPTIONS = {PlaceKind.EARLY: "期日前投票", PlaceKind.MOBILE: "移動期日前投票", PlaceKind.DAY: "当日投票"}


class PollingDesk(PlaceDesk):
    """The polling reception of a desk; see Desk for threads and errors."""

    def heading_of(self, today: dt.date) -> Heading:
        """What the header says: place, the roll and its age, and until when other places' receptions are known."""
        try:
            election, place, roll = self.election, self.place, self.roll
        except (RuleError, RegisterError):
            return Heading(data="名簿なし", level="none", warnings=("選挙の設定か名簿を読めません",))
        if election is None or roll is None:
            return Heading(data="名簿なし", level="none", place=place.name if place else "")
        age = self.clock() - extracted_at(roll.info)
        stale = age > dt.timedelta(hours=election.stale_after_hours)
        return Heading(
            data=f"名簿{short(roll.info.as_of)}({days_ago((today - roll.info.as_of).days)})",
            level="red" if stale else "ok", place=place.name if place else "",
            warnings=self._others(election, place), reception=RECEPTIONS[place.kind] if place else "",
            fictitious=roll.info.fictitious or election.fictitious)

    def _others(self, election: Election, place: PollingPlace | None) -> tuple[str, ...]:
        """他会場データ: until when each other station's receptions are known; early places are not apart by ward."""
        known = tuple(f"他会場データ {one.station} {_moment(one.at)}まで" for one in self.merged())
        if known or place is None or not place.kind.is_early:
            return known
        alone = all(p is place or not p.kind.is_early for p in election.places)
        return () if alone else ("他会場データなし",)

    def notices(self) -> tuple[str, ...]:
        """What it has to say stands in its heading."""
        return ()

    def needs(self, form: str) -> Permission:
        """What one must be allowed to see or print a form."""
        from sanjo_tui.desk.polling_papers import NEEDS

        return need_of(NEEDS, form)

    def made(self, form: str, **parameters: Any) -> Paper:
        """The form of a print job."""
        from sanjo_tui.desk.polling_papers import make

        return make(self, form, **parameters)

    def form_name(self, form: str) -> str:
        """What a form is called."""
        from sanjo_tui.desk.polling_papers import FORM_NAMES

        return FORM_NAMES.get(form, form)

    def paper(self, form: str, **parameters: Any) -> Paper:
        """The form, filled in now, and marked 再発行 where it is one of a reception that was printed before."""
        from sanjo_tui.desk.polling_papers import NEEDS, make

        self.desk.permit(NEEDS.get(form, Permission.LIST))
        with self.desk.journal.view() as view:
            _, reissue = _printed_before(view, form, parameters)
        return make(self, form, reissue=reissue, **parameters)

    def print(self, form: str, **parameters: Any) -> str:
        """Record that the form is due; the worker makes and prints it. Gives the number of the job.

        A 交付票 hands out papers: a second one of a reception is marked 再発行, like every 宣誓書 but the first.
        """
        from sanjo_tui.desk.polling_papers import NEEDS

        self.desk.permit(NEEDS.get(form, Permission.LIST))
        self.loaded()
        code = self.desk.station.code

        def decide(view: View) -> Sequence[Event]:
            first, reissue = _printed_before(view, form, parameters)
            return (due(view, code, form, parameters, reprint_of=first, reissue=reissue),)

        recorded = self.desk.journal.record(self.desk.operator, decide, reserve=form in ("extract", "closing"))
        self.desk.printing.wake()
        return recorded[0].event.subject


def _printed_before(view: View, form: str, parameters: Mapping[str, Any]) -> tuple[str, int]:
    """The first job of this paper of a reception, and the number of the 再発行 now; "" and 0 for the first."""
    if form not in FORMS_OF_A_RECEPTION:
        return "", 0
    number = parameters.get("reception_no")
    jobs = [job for job in view.records(JOBS, "") if job.form == form and job.state is not JobState.CANCELLED
            and job.parameters.get("reception_no") == number]
    if not jobs:
        return "", 0
    first = min(jobs, key=lambda job: (job.due_ms, job.number))
    return first.reprint_of or first.number, 1 + max(job.reissue for job in jobs)


def _moment(text: str) -> str:
    """`2026-11-24T20:05+09:00` as `24日20時05分`."""
    at = dt.datetime.fromisoformat(text).astimezone(JST)
    return f"{at.day}日{at.hour}時{at.minute:02}分"
