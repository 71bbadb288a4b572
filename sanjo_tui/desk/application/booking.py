"""Bookings: slots and seats, taken by claims, so that two desks on one journal never give the same seat."""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.desk.application.basis import Basis, person_of
from sanjo_tui.errors import RuleError, SanjoError
from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application import rules
from sanjo_tui.receptions.application.setup import Place
from sanjo_tui.receptions.application.state import Application
from sanjo_tui.receptions.application.words import SCOPE, Act, Channel
from sanjo_tui.receptions.lookups import Searched
from sanjo_tui.text import kana_match
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import parse

if TYPE_CHECKING:
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.journal.view import View

SLIP = "application.slip"
COLUMNS = ("place", "date", "time", "addressee_no", "name_kana", "birth_date", "phone")
"""Of a file of web bookings; addressee_no, or name_kana and birth_date."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Slot:
    """One slot of a day: `at` `YYYY-MM-DDTHH:MM`, its seats and those who have them, by 受付番号 and state."""

    at: str
    capacity: int
    taken: tuple[Application, ...] = ()

    @property
    def free(self) -> int:
        """Seats that are left."""
        return max(0, self.capacity - sum(1 for one in self.taken if one.seat))


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What became of one line of a file of bookings. `number`: its booking, or "" with `reason`."""

    line: int
    number: str = ""
    reason: str = ""


class Booking(Basis):
    """予約; see Desk for threads and errors."""

    def day(self, place: str, day: dt.date) -> tuple[Slot, ...]:
        """The slots of a day with who has them; numbers and states only, no name. RuleError for no such place."""
        self.desk.permit(Permission.TAP)
        known = self._place(place)
        with self.desk.journal.view() as view:
            here = [one for one in self.applications(view)
                    if one.place == place and one.slot.startswith(day.isoformat())]
        taken: dict[str, list[Application]] = {at: [] for at in rules.slots(known, day)}
        for one in here:
            if one.is_open or one.arrived_ms or one.state.value == "no_show":
                taken.setdefault(one.slot, []).append(one)
        planned = set(rules.slots(known, day))
        return tuple(Slot(at=at, capacity=known.capacity if at in planned else 0, taken=tuple(taken[at]))
                     for at in sorted(taken))

    def bookable(self, place: str, channel: Channel) -> tuple[tuple[str, int], ...]:
        """Slots that can be booked now that way, with the seats that are left."""
        self.desk.permit(Permission.TAP)
        known, today = self._place(place), self.desk.today()
        earliest, latest = self.setup.lead(known)
        if channel not in known.channels:
            return ()
        found = []
        with self.desk.journal.view() as view:
            for n in range(latest, earliest + 1):
                for slot in rules.slots(known, today + dt.timedelta(days=n)):
                    left = known.capacity - len(self._taken(view, known, slot))
                    if left > 0:
                        found.append((slot, left))
        return tuple(found)

    def book(self, addressee_no: str, place: str, slot: str, channel: Channel, phone: str = "") -> Receipt:
        """予約: one seat of the slot; the 予約票 is due with it. Raises RuleError, RegisterError, NotAllowed."""
        resident, setup = self._may(addressee_no), self.setup
        known = rules.must_be_bookable(setup, setup.place(place), slot, channel, self.desk.today())
        number = ""

        def decide(view: View) -> Iterator[Event]:
            nonlocal number
            self._must_be_free(view, addressee_no)
            seat, number = self._seat(view, known, slot), self.next_number(view)
            yield self._given(number)
            yield ev.Booked(subject=number, scope=SCOPE, reception_no=number, applicant_no=addressee_no,
                            person=person_of(resident), place=place, slot=slot, seat=seat, channel=channel,
                            phone="" if resident.protected else phone.strip(), snapshot_id=self.snapshot_id)
            yield self.due(view, SLIP, number=number)

        recorded = self.record(decide)
        return self.receipt(recorded, detail=f"予約 {said(slot)}")

    def move(self, number: str, place: str, slot: str) -> Receipt:
        """予約の変更: another seat; the old one is free at once. Raises RuleError, NotAllowed."""
        setup = self.setup
        known = rules.must_be_bookable(setup, setup.place(place), slot, Channel.WALK_IN, self.desk.today())
        self._may(self.application(number).applicant_no)

        def decide(view: View) -> Iterator[Event]:
            now = rules.must(self._known(view, number), Act.MOVE)
            if (now.place, now.slot) == (place, slot):
                raise RuleError("今と同じ予約です。", "別の時間を選んでください。")
            yield ev.Moved(subject=number, scope=SCOPE, place=place, slot=slot, seat=self._seat(view, known, slot),
                           left=now.seat_key)
            yield self.due(view, SLIP, number=number)

        return self.receipt(self.record(decide), detail=f"予約の変更 {said(slot)}")

    def cancel(self, number: str, reason: str, *, no_show: bool = False) -> Receipt:
        """取りやめ, or 来庁なし: the seat is free again. Raises RuleError, NotAllowed."""
        if not reason.strip():
            raise RuleError("理由を入れてください。", "例: 本人の申出")

        def decide(view: View) -> Iterator[Event]:
            now = rules.must(self._known(view, number), Act.MISS if no_show else Act.CANCEL)
            if no_show and now.slot[:10] > self.desk.today().isoformat():
                raise RuleError("予約の日がまだ来ていません。", "取りやめなら「取りやめ」を選んでください。")
            yield ev.Ended(subject=number, scope=SCOPE, applicant_no=now.applicant_no, reason=reason.strip(),
                           ended_on=self.desk.today().isoformat(), no_show=no_show, left=now.seat_key,
                           left_form=now.form_key)

        return self.receipt(self.record(decide), detail=f"{number} {'来庁なし' if no_show else '取りやめ'}")

    def no_show(self, number: str) -> Receipt:
        """来庁なし."""
        return self.cancel(number, "来庁なし", no_show=True)

    def book_file(self, data: bytes) -> tuple[Row, ...]:
        """Web bookings from a CSV file (docs/application.md §3): each line for itself, what failed with its reason.

        Raises RuleError where the file itself cannot be read: then nothing was booked.
        """
        self.desk.permit(Permission.RECEIVE)
        try:
            lines = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            raise RuleError("予約のファイルが読めません。", "UTF-8 の CSV にしてください。",
                            detail=type(error).__name__) from error
        missing = [name for name in ("place", "date", "time") if lines and name not in lines[0]]
        if missing or not lines:
            raise RuleError(f"予約のファイルに {'、'.join(missing) or '行'} がありません。",
                            f"列は {','.join(COLUMNS)} です。")
        return tuple(self._book_line(count, line) for count, line in enumerate(lines, 2))

    def _book_line(self, count: int, line: dict[str, str]) -> Row:
        plain = {key: (value or "").strip() for key, value in line.items() if isinstance(value, str | None)}
        try:
            self.desk.refuse_my_number(*plain.values())
            person = plain.get("addressee_no") or self._by_name(plain.get("name_kana", ""), plain.get("birth_date", ""))
            clock = plain.get("time", "").rjust(5, "0")
            receipt = self.book(person, plain["place"], f"{plain['date']}T{clock}", Channel.WEB, plain.get("phone", ""))
        except SanjoError as error:
            return Row(line=count, reason=error.message)
        return Row(line=count, number=receipt.reception_no)

    def _by_name(self, kana: str, birth: str) -> str:
        """宛名番号 of the one resident with this name and birth date. RuleError: nobody, or several."""
        day = parse(birth).sort_key
        if not kana or not day or self.desk.register is None:
            raise RuleError("だれの予約か分かりません。", "宛名番号か、かな氏名と生年月日を入れてください。")
        hits = [hit.resident for hit in self.desk.register.search(day).hits
                if hit.resident.birth.sort_key == day and kana_match(kana, hit.resident.name_kana)]
        self.desk.log(Searched(subject=self.desk.station.code, readings=("birth_date",),
                               listed=tuple(hit.addressee_no for hit in hits)))
        if len(hits) != 1:
            raise RuleError("氏名と生年月日の合う方が、一人に決まりません。", "電話で確かめ、画面で予約してください。")
        return hits[0].addressee_no

    # --- inside the transaction

    def _given(self, number: str) -> ev.NumberGiven:
        return ev.NumberGiven(subject=self.desk.station.code, scope=SCOPE, number=number)

    def _place(self, code: str) -> Place:
        place = self.setup.place(code)
        if place is None:
            raise RuleError("その場所は設定にありません。", "設定にある場所を選んでください。", detail=code)
        return place

    def _taken(self, view: View, place: Place, slot: str) -> set[int]:
        return {seat for seat in range(1, place.capacity + 1)
                if view.holder(Claim(ev.SEAT, ev.seat_of(place.code, slot, seat)))}

    def _seat(self, view: View, place: Place, slot: str) -> int:
        seat = rules.free_seat(place, self._taken(view, place, slot))
        if seat is None:
            raise RuleError(f"{said(slot)} の予約は、もういっぱいです。", "別の時間を選んでください。")
        return seat

    def _must_be_free(self, view: View, addressee_no: str) -> None:
        now = self.open_of(view, addressee_no)
        if now is not None:
            raise RuleError(f"この方の申請がもうあります（{now.number} {now.state.label} {said(now.slot)}）。",
                            "その申請を開くか、先に取りやめにしてください。")


def said(slot: str) -> str:
    """12月1日 10:00."""
    at = dt.datetime.fromisoformat(slot)
    return f"{at.month}月{at.day}日 {at:%H:%M}"
