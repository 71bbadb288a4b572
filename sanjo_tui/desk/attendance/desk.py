"""AttendanceDesk: 出退勤受付."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sanjo_tui.desk.attendance.basis import checked_month, moment
from sanjo_tui.desk.attendance.reports import Reports
from sanjo_tui.desk.heading import Heading
from sanjo_tui.receptions.attendance import events as ev
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import short, wareki

if TYPE_CHECKING:
    from sanjo_tui.documents.paper import Heading as PaperHeading
    from sanjo_tui.journal.events import Recorded
    from sanjo_tui.receptions.attendance.state import Punch


class AttendanceDesk(Reports):
    """出退勤受付; see Desk for threads and errors."""

    def heading_of(self, today: dt.date) -> Heading | None:
        """The staff list stands where other services have the register."""
        if not self.ready:
            return Heading(data="職員名簿なし", level="none")
        info = self.staff.info
        return Heading(data=f"職員{short(info.as_of)}", level="ok", fictitious=info.fictitious) if info else None

    def heading(self, *, serial: str = "", reissue: int = 0, edition: str = "") -> PaperHeading:
        """What every page says of itself: it stands on the staff list, not on the register."""
        made = super().heading(serial=serial, reissue=reissue, edition=edition)
        info = self.staff.info
        return replace(made, register="職員名簿", register_as_of=wareki(info.as_of) if info else "",
                       fictitious=bool(info and info.fictitious))

    def notices(self) -> tuple[str, ...]:
        """What stands in the header."""
        return ("見本の設定",) if self.ready and self.setup.sample and not self.desk.station.drill else ()

    def say(self, group: Sequence[Recorded]) -> str:
        """職員番号 and what was done, without a name."""
        event = group[0].event
        word = event.punch.label if isinstance(event, ev.Punched) else self.VERBS[event.kind]
        who = "" if isinstance(event, ev.CardBound | ev.CardUnbound) else event.subject
        return f"{who} {word}".strip()

    def counts(self) -> str:
        """The line of live counts."""
        if not self.ready or not self.desk.may(Permission.LIST):
            return ""
        with self.desk.journal.view() as view:
            asked = len(self.waiting(view, self.month_now(moment())))
        return f"在庁{len(self.present())}人  訂正の申請{asked}件"

    def this_month(self) -> str:
        """`2026-11`."""
        return self.month_now(moment())

    def punched(self, staff_no: str, month: str = "") -> tuple[Punch, ...]:
        """What counts of somebody's month (empty: this one), to be corrected; logged before it is shown.

        Raises NotAllowed, RuleError.
        """
        self.desk.permit(Permission.LIST)
        member, text = self.member(staff_no), checked_month(month or self.this_month())
        with self.desk.journal.view() as view:
            found = self.sheet(view, member.staff_no, text).counted
        self.list_made("attendance.punched", len(found))
        return found

    def begin_practice(self) -> None:
        """The sample set-up and staff."""
        if self.ready:
            return
        from sanjo_tui.station import fixtures

        place = fixtures() / "attendance"
        self.load((place / "attendance.toml").read_bytes())
        self.load_staff(place / "staff")
