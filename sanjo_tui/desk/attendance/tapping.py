"""The tap at the staff entrance: one person, one word, recorded before it is said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.desk.attendance.basis import Basis, moment
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.attendance import events as ev
from sanjo_tui.receptions.attendance import rules
from sanjo_tui.receptions.attendance.limits import before
from sanjo_tui.receptions.attendance.state import CARDS, Punch
from sanjo_tui.receptions.attendance.words import SCOPE, Kind, month_scope
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.journal.events import Event
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.attendance.staff import Member


@dataclass(frozen=True, slots=True, kw_only=True)
class Tapped:
    """What the entrance says. `at` `08:25`; `double`: nothing was recorded; `note` for the person alone."""

    member: Member
    punch: Kind
    at: str
    double: bool = False
    note: str = ""


class Tapping(Basis):
    """Taps and cards."""

    def mode(self, at: dt.datetime | None = None) -> Kind:
        """What a tap means now, unless a key says otherwise."""
        now = at or moment()
        return self.setup.mode_at(now.hour * 60 + now.minute)

    def punch(self, seen: CardSeen, kind: Kind | None = None, at: dt.datetime | None = None) -> Tapped:
        """Record a tap. `kind` None: the terminal's mode. Raises NotAllowed, UnknownToken, JournalError."""
        self.desk.permit(Permission.PUNCH)
        now = at or moment()
        member, punch, text = self.who(seen), kind or self.mode(now), now.isoformat(timespec="seconds")
        said: list[Tapped] = []

        def decide(view: View) -> Sequence[Event]:
            last = self._last(view, member.staff_no, now)
            if rules.is_double(last, text, self.setup):
                said.append(Tapped(member=member, punch=punch, at=text[11:16], double=True, note="二重打刻"))
                return ()
            said.append(Tapped(member=member, punch=punch, at=text[11:16], note=_note(last, punch)))
            return (ev.Punched(subject=member.staff_no, scope=month_scope(self.month_now(now)), punched_at=text,
                               punch=punch, building=self.desk.station.place, station_id=self.desk.station.code,
                               user_id=seen.value if seen.token == "user_id" else "", by_key=kind is not None),)

        self.record(decide, permission=Permission.PUNCH)
        return said[-1]

    def _last(self, view: View, staff_no: str, now: dt.datetime) -> Punch | None:
        month = self.month_now(now)
        for each in (month, before(month, 1)):
            found = [one for one in self.sheet(view, staff_no, each).counted if one.station_id]
            if found:
                return found[-1]
        return None

    # --- other cards of staff

    def bind_card(self, staff_no: str, seen: CardSeen) -> None:
        """The card is that person's from now on. Raises NotAllowed, RuleError, ClaimTaken where it is somebody's."""
        member = self.member(staff_no)
        if seen.token == "user_id" and seen.value in self.staff.by_user_id:
            raise RuleError("そのカードは職員名簿にあります。", "登録はいりません。")
        key = self.key_of(seen)

        def decide(view: View) -> Sequence[Event]:
            held = view.record_of(CARDS, SCOPE, key)
            if held is not None and held.staff_no:
                raise RuleError("そのカードはもう登録されています。", "先に登録を解除してください。")
            return (ev.CardBound(subject=key, staff_no=member.staff_no),)

        self.record(decide, permission=Permission.LIST)

    def unbind_card(self, seen: CardSeen, reason: str) -> None:
        """The card is nobody's any more. Raises NotAllowed, RuleError."""
        key = self.key_of(seen)

        def decide(view: View) -> Sequence[Event]:
            held = view.record_of(CARDS, SCOPE, key)
            if held is None or not held.staff_no:
                raise RuleError("そのカードは登録されていません。", "カードを確かめてください。")
            return (ev.CardUnbound(subject=key, reason=reason),)

        self.record(decide, permission=Permission.LIST)


def _note(last: Punch | None, punch: Kind) -> str:
    """What the person should know: nothing is changed by it."""
    inside = last is not None and last.punch is not Kind.OUT
    if punch is Kind.IN and inside:
        return "前の退勤がありません。人事担当に申し出てください"
    if punch is not Kind.IN and not inside:
        return "出勤の打刻がありません。人事担当に申し出てください"
    return ""
