"""ApplicationDesk: カード申請代行."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sanjo_tui.desk.application.basis import moment, person_of
from sanjo_tui.desk.application.sending import Sending
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application import rules
from sanjo_tui.receptions.application.setup import WEEKDAYS
from sanjo_tui.receptions.application.state import Application
from sanjo_tui.receptions.application.words import SCOPE, Channel, State
from sanjo_tui.receptions.identity import stop_of
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.opened import Opened
    from sanjo_tui.journal.events import Event, Recorded
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.base import Verdict
    from sanjo_tui.register.people import Resident

PRACTICE = ("3210987654321", "8854101966248", "3326237921246")
"""Cards of the demo whose holders have a booking today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What the desk knows of who is open: the application that is open, why nothing may be done, what to warn of."""

    resident: Resident
    application: Application | None
    stop: Verdict | None
    notes: tuple[str, ...] = ()


class ApplicationDesk(Sending):
    """カード申請代行; see Desk for threads and errors."""

    def look(self, opened: Opened) -> Look:
        """After somebody was opened (and logged)."""
        self.desk.permit(Permission.TAP)
        resident = opened.household.member(opened.who) if opened.household else None
        if resident is None:
            raise RegisterError("住民の記録がありません。", "住民の方だけが申請できます。")
        with self.desk.journal.view() as view:
            found = self.open_of(view, opened.who)
        return Look(resident=resident, application=found, notes=self._notes(resident, found),
                    stop=stop_of(resident, card=opened.link, today=self.desk.today(),
                                 released=self.desk.released(opened.who)))

    def _notes(self, resident: Resident, found: Application | None) -> tuple[str, ...]:
        card, today = self.setup.card, self.desk.today()
        day = resident.birth.calendar_day
        notes = [] if day else ["生年月日が不明です。年齢の決まりは職員が確かめます"]
        if day and rules.age_of(day, today) < card.representative_under:
            notes.append(f"{card.representative_under}歳未満: 法定代理人が要ります")
        if found and found.reissue:
            notes.append("申請書は要再発行")
        if found and found.changes:
            notes.append("住基の変更: " + "・".join(note.what for note in found.changes))
        return tuple(notes)

    def notices(self) -> tuple[str, ...]:
        """What stands in the header."""
        if not self.ready:
            return ("申請代行の設定なし",)
        return ("見本の設定",) if self.setup.sample and not self.desk.station.drill else ()

    def say(self, group: Sequence[Recorded]) -> str:
        """受付番号 (of a batch its number and count) and what was done."""
        verbs = "・".join(dict.fromkeys(self.VERBS[one.event.kind] for one in group))
        number = group[0].event.subject
        return f"{number} {verbs}" + (f" {len(group) - 1}通" if isinstance(group[0].event, ev.BatchClosed) else "")

    def counts(self) -> str:
        """The line of live counts."""
        if not self.ready:
            return ""
        today = self.desk.today().isoformat()
        with self.desk.journal.view() as view:
            found = self.applications(view)
        here = [one for one in found if one.slot.startswith(today)]
        came = sum(bool(one.arrived_ms) for one in here)
        waiting = sum(one.state is State.SIGNED for one in found)
        return f"今日の予約{len([one for one in here if one.seat])} 来庁{came}  送付待ち{waiting}"

    def begin_practice(self) -> None:
        """The sample set-up, open every day, and bookings of today for some cards."""
        if self.ready:
            return
        from sanjo_tui.station import fixtures

        sample = (fixtures() / "application" / "application.toml").read_text(encoding="utf-8")
        today = self.desk.today()
        self.load(sample.replace('weekdays = "月火水木金"', f'weekdays = "{WEEKDAYS}"').replace(
            "2026-12-05", today.isoformat()).encode())
        self._book_today()

    def _book_today(self) -> None:
        """Bookings that the lead time would have wanted earlier."""
        place, today = self.setup.places[0], self.desk.today()
        slots = list(rules.slots(place, today)) or [f"{today.isoformat()}T{moment():%H:%M}"]
        register = self.desk.register
        if register is None:
            raise RuleError("住基の写しがありません。", "register load で読み込んでください。")
        for n, card in enumerate(PRACTICE):
            link = register.by_user_id(card)
            resident = register.resident(link.addressee_no) if link else None
            if resident is None or not resident.living or resident.protected:
                continue
            slot = slots[min(n // place.capacity, len(slots) - 1)]
            seat = n % place.capacity + 1
            self.record(partial(self._practice_booking, resident, place.code, slot, seat))

    def _practice_booking(self, resident: Resident, place: str, slot: str, seat: int, view: View) -> tuple[Event, ...]:
        number = self.next_number(view)
        return self._given(number), ev.Booked(
            subject=number, scope=SCOPE, reception_no=number, applicant_no=resident.addressee_no,
            person=person_of(resident), place=place, slot=slot, seat=seat, channel=Channel.PHONE,
            snapshot_id=self.snapshot_id)
