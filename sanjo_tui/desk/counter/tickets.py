"""Number tickets of the counter: given, called, absent, served; every desk on this journal sees the same line."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sanjo_tui.desk.service import Receipt, ServiceDesk
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.counter import rules
from sanjo_tui.receptions.counter.events import TicketGiven
from sanjo_tui.receptions.counter.procedure import Setup
from sanjo_tui.receptions.counter.state import TICKETS, Ticket
from sanjo_tui.receptions.counter.words import Waiting
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View


class Tickets(ServiceDesk):
    """The part of a counter's desk that knows who waits."""

    @property
    def setup(self) -> Setup:
        """The set-up in use."""
        raise NotImplementedError

    def tickets(self) -> tuple[Ticket, ...]:
        """Today's tickets, in the order in which they were given. No person stands in one."""
        with self.desk.journal.view() as view:
            return tuple(sorted(view.records(TICKETS, self.scope), key=lambda one: (one.given_ms, one.number)))

    def give_ticket(self, category: str) -> Receipt:
        """発券: the next number of a category, and its two slips.

        A number whose giving was taken back is not given again that day: its slip may be in somebody's hand.
        """
        found = next((one for one in self.setup.categories if one.code == category), None)
        if found is None:
            raise RuleError("その区分の番号札はありません。", "区分を選び直してください。")

        def decide(view: View) -> Iterable[Event]:
            taken = [r.event.number for r in view.events(scope=self.scope, kinds=(TicketGiven.kind,))
                     if isinstance(r.event, TicketGiven) and r.event.category == found.code]
            given = rules.give_ticket(found, taken, self.scope)
            return given, self.due(view, "counter.ticket", number=given.subject, day=self.scope)

        recorded = self.record(decide)
        return self.receipt(recorded, f"番号札 {recorded[0].event.subject}")

    def move_ticket(self, number: str, state: Waiting, window: str = "") -> Receipt:
        """呼出, 対応中, 不在, 待ちに戻す, 完了, 削除."""

        def decide(view: View) -> Iterable[Event]:
            yield rules.move_ticket(view.record_of(TICKETS, self.scope, number), state, self.scope,
                                    window or self.desk.station.code)

        return self.receipt(self.record(decide), f"{number} {state.value}")

    def call_next(self, category: str = "") -> Ticket | None:
        """呼出 of whoever waits longest; None where nobody waits. Two desks never call the same number."""
        self.desk.permit(Permission.RECEIVE)
        called: list[str] = []

        def decide(view: View) -> Iterable[Event]:
            called.clear()
            following = rules.next_ticket(tuple(view.records(TICKETS, self.scope)), category)
            if following is not None:
                called.append(following.number)
                yield rules.move_ticket(following, Waiting.CALLED, self.scope, self.desk.station.code)

        self.record(decide)
        return next((one for one in self.tickets() if called and one.number == called[0]), None)
