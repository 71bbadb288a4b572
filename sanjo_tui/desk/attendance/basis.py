"""What all of 出退勤 stands on: set-up and staff, sealed in the home, cards of staff, and the sheets of the months."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from sanjo_tui import workdays
from sanjo_tui.desk.sealedfolder import SealedFolder
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.errors import RuleError, UnknownToken
from sanjo_tui.receptions.attendance import events as ev
from sanjo_tui.receptions.attendance import setup as setups
from sanjo_tui.receptions.attendance.limits import before
from sanjo_tui.receptions.attendance.rules import Day, days
from sanjo_tui.receptions.attendance.state import CARDS, MONTHS, SHEETS, Punch, Sheet, in_order
from sanjo_tui.receptions.attendance.words import SCOPE, month_of, month_scope
from sanjo_tui.register.attendance import staff as staffs
from sanjo_tui.register.attendance.staff import Member, Staff
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from types import ModuleType

    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.attendance.setup import Setup, Shift
    from sanjo_tui.register.loaded import Loaded

SETUP = "setup"


def moment() -> dt.datetime:
    """Now in Japan, without a zone: as punches are kept."""
    return dt.datetime.now(JST).replace(tzinfo=None, microsecond=0)


class Basis(ServiceDesk):
    """Set-up, staff, sheets."""

    NAME = "attendance"
    VERBS: ClassVar[dict[str, str]] = {
        ev.Punched.kind: "打刻", ev.CorrectionRequested.kind: "訂正申請", ev.CorrectionDecided.kind: "訂正の決定",
        ev.GapExplained.kind: "乖離の理由", ev.MonthLocked.kind: "月の締め", ev.CardBound.kind: "カード登録",
        ev.CardUnbound.kind: "カード解除"}

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._setup: tuple[int, Setup] | None = None
        self._staff: tuple[str | None, Staff] | None = None
        self._holidays: dict[dt.date, bool] = {}

    @property
    def papers(self) -> ModuleType:
        """Its papers, imported late."""
        return import_module("sanjo_tui.desk.attendance.papers")

    # --- set-up and staff

    @property
    def _folder(self) -> SealedFolder:
        return SealedFolder(self.desk, SCOPE)

    @property
    def ready(self) -> bool:
        """Whether there are a set-up and staff."""
        return SETUP in self._folder and staffs.STAFF.live_id(self.desk.station.home) is not None

    @property
    def setup(self) -> Setup:
        """The set-up that is loaded; a command over SSH may change it meanwhile. RuleError where there is none."""
        if SETUP not in self._folder:
            raise RuleError("出退勤の設定が読み込まれていません。", "情報担当が attendance load で読み込みます。")
        seen = self._folder.path(SETUP).stat().st_mtime_ns
        if self._setup is None or self._setup[0] != seen:
            found, problems = setups.read(self._folder.read(SETUP))
            if found is None:
                raise RuleError("出退勤の設定が、この版では読めません。", "attendance load で読み込み直してください。",
                                detail=problems[0])
            self._setup = seen, found
        return self._setup[1]

    def load(self, data: bytes) -> Setup:
        """Check and take over a set-up. Raises NotAllowed, RuleError: then the present one stays."""
        self.desk.permit(Permission.DATA)
        setup, problems = setups.read(data)
        if setup is None:
            raise RuleError(f"設定に誤りが {len(problems)} 件あり、読み込みませんでした。最初の誤り: {problems[0]}",
                            "attendance check で全部の誤りを見られます。今の設定はそのままです。")
        self._folder.write(SETUP, data)
        self.desk.log(ev.DataLoaded(subject=self.desk.station.code, scope=SCOPE, sha256=setup.sha256, what="setup"))
        return setup

    def load_staff(self, folder: Path, *, yes: bool = False) -> Loaded:
        """Check and switch to a folder of staff. Raises NotAllowed, Refused, RegisterError."""
        self.desk.permit(Permission.DATA)
        station = self.desk.station
        info = staffs.STAFF.load(folder, station.home, self.desk.keys, lg_code=station.lg_code, yes=yes,
                                 loss_percent=station.loss_percent)
        self.desk.log(ev.DataLoaded(subject=station.code, scope=SCOPE, sha256=info.sha256, what="staff"))
        return info

    @property
    def staff(self) -> Staff:
        """Everybody who works here; RuleError where nobody was loaded."""
        live = staffs.STAFF.live_id(self.desk.station.home)
        if self._staff is None or self._staff[0] != live:
            self._staff = live, staffs.read(self.desk.station.home, self.desk.keys)
        if not self._staff[1].members:
            raise RuleError("職員名簿が読み込まれていません。", "情報担当が attendance load で読み込みます。")
        return self._staff[1]

    def unfit(self) -> tuple[str, ...]:
        """職員番号 whose group the set-up does not know: they can punch, their hours cannot be reckoned."""
        groups = self.setup.groups
        return tuple(no for no, one in self.staff.members.items() if one.group not in groups)

    def member(self, staff_no: str) -> Member:
        """Somebody of the staff. RuleError for no such number."""
        found = self.staff.members.get(staff_no.strip())
        if found is None:
            raise RuleError("その職員番号の職員はいません。", "番号を確かめてください。")
        return found

    # --- cards

    def key_of(self, seen: CardSeen) -> str:
        """The keyed hash under which another card of staff is kept."""
        return self.desk.keys.token_key(seen.token, seen.value)

    def who(self, seen: CardSeen) -> Member:
        """Whose card it is: by 利用者ID of the staff list, else as the personnel desk bound it. UnknownToken.

        No register of residents is asked.
        """
        self.desk.permit(Permission.PUNCH)
        staff = self.staff
        number = staff.by_user_id.get(seen.value, "") if seen.token == "user_id" else ""
        if not number:
            with self.desk.journal.view() as view:
                card = view.record_of(CARDS, SCOPE, self.key_of(seen))
            number = card.staff_no if card else ""
        found = staff.members.get(number)
        if found is None:
            raise UnknownToken("このカードは職員のカードとして登録されていません。", "人事担当に申し出てください。")
        return found

    # --- sheets

    def shift_on(self, staff_no: str) -> Callable[[dt.date], Shift]:
        """勤務区分 of somebody by day. RuleError where the group is unknown."""
        setup, planned, one = self.setup, self.staff.planned, self.member(staff_no)
        if one.group not in setup.groups:
            raise RuleError(f"職員の区分 {one.group} が設定にありません。", "設定か職員名簿を直してください。")

        def on(day: dt.date) -> Shift:
            return setup.shift_of(one.group, day, planned.get((staff_no, day.isoformat()), ""), self._holiday(day))
        return on

    def _holiday(self, day: dt.date) -> bool:
        known = self._holidays.get(day)
        if known is None:
            rest = (day.month, day.day) >= (12, 29) or (day.month, day.day) <= (1, 3)
            known = self._holidays[day] = rest or workdays.is_holiday(day)
        return known

    def sheet(self, view: View, staff_no: str, month: str) -> Sheet:
        """Somebody's sheet of a month."""
        found: Sheet | None = view.record_of(SHEETS, month_scope(month), staff_no)
        return found or Sheet(staff_no=staff_no)

    def month_now(self, at: dt.datetime) -> str:
        """The month to which a moment belongs."""
        return month_of(at, self.setup.boundary)

    def is_locked(self, view: View, month: str) -> bool:
        """The month is closed."""
        found = view.record_of(MONTHS, SCOPE, month)
        return bool(found and found.locked)

    def punches(self, view: View, staff_no: str, month: str) -> Sequence[Punch]:
        """What counts for the days of a month, with what lies around it: a pair may begin or end in another."""
        found: list[Punch] = []
        for each in around(month):
            found += self.sheet(view, staff_no, each).counted
        return in_order(found)

    def days_of(self, view: View, staff_no: str, month: str) -> dict[dt.date, Day]:
        """The days of somebody's month."""
        return self._days(staff_no, month, self.punches(view, staff_no, month))

    def _days(self, staff_no: str, month: str, punches: Sequence[Punch]) -> dict[dt.date, Day]:
        orders = [(one.start, one.end) for one in self.staff.orders.get(staff_no, ())
                  if before(month, 1) <= one.start[:7] <= before(month, -1)]
        found = days(punches, orders, self.setup, self.shift_on(staff_no))
        return {day: one for day, one in found.items() if day.isoformat()[:7] == month}

    def everybody(self, view: View, month: str) -> dict[str, dict[dt.date, Day]]:
        """The days of everybody's month, by 職員番号."""
        punches: dict[str, list[Punch]] = {}
        for each in around(checked_month(month)):
            for sheet in view.records(SHEETS, month_scope(each)):
                near = sheet.counted if each == month else [one for one in sheet.counted if _near(one.at, each, month)]
                punches.setdefault(sheet.staff_no, []).extend(near)
        groups = self.setup.groups
        return {no: self._days(no, month, in_order(punches.get(no, ()))) for no, one in self.staff.members.items()
                if one.group in groups}


def checked_month(text: str) -> str:
    """A month as `2026-11`. RuleError for anything else."""
    try:
        dt.date.fromisoformat(text + "-01")
    except ValueError as error:
        raise RuleError("月は 2026-11 の形で入れてください。", "数字とハイフンで入れます。") from error
    return text


def around(month: str) -> tuple[str, str, str]:
    """The month with the ones before and after it."""
    return before(month, 1), month, before(month, -1)


def _near(at: str, each: str, month: str) -> bool:
    """The last days of the month before, the first of the one after: no pair is longer."""
    return at[8:10] >= "26" if each < month else at[8:10] <= "03" or at[:7] != each
