"""Whose hands the desk is in: what they may do, how they change, and that every act of theirs is recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from sanjo_tui.desk import signing
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.lookups import ActDone, LookedUp, Searched, SignedOn
from sanjo_tui.vault.roles import Permission, Role, Who
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk.alarm import Watching
    from sanjo_tui.journal.events import Event
    from sanjo_tui.journal.writer import Journal
    from sanjo_tui.printing.queue import PrintQueue
    from sanjo_tui.station import Station
    from sanjo_tui.vault import Keys


@dataclass(slots=True)
class Hands:
    """The lowest part of a Desk: station, keys, journal, and who is at it."""

    station: Station
    keys: Keys
    journal: Journal
    operator: str
    """Id of whoever is at the desk: it stands in every event."""
    who: Who = field(default_factory=lambda: Who(id=""), kw_only=True)
    """The same person with name and role."""
    _warnings: dict[str, str] = field(default_factory=dict, kw_only=True)
    _printing: PrintQueue | None = field(default=None, kw_only=True)
    _watching: Watching | None = field(default=None, kw_only=True)

    def permit(self, permission: Permission) -> None:
        """Raises NotAllowed unless the table of vault/roles.py gives it to whoever is at the desk."""
        if signing.ordered_by() is not None:
            return                      # it was permitted when it was ordered
        self.who = now = signing.still(self.keys, self.who)
        self.operator = now.id or self.operator
        signing.permit(now, permission)

    def may(self, permission: Permission) -> bool:
        """Whether `permit` would let it pass: what a menu offers."""
        now = signing.still(self.keys, self.who)
        return now is not signing.NO_ONE and now.may(permission)

    @property
    def hands(self) -> Who:
        """For whose eyes things are made: whoever ordered a document, else whoever is at the desk."""
        return signing.ordered_by() or self.who

    def sign_on(self, operator: str, pin: str) -> Who:
        """Quick change of operator by short PIN, within an unlocked station. Raises RuleError; wrong PINs are logged.

        After several in a row only a card changes the operator for some minutes.
        """
        return self._signed_on(self._by_pin(operator, pin))

    def _by_pin(self, operator: str, pin: str) -> Who:
        with self.journal.view() as view:
            signing.refuse_trying_out(view)
        try:
            return signing.by_pin(self.keys, operator, pin)
        except RuleError:
            known = any(one.id == operator.strip() for one in self.keys.operators())
            self.log_act(signing.REFUSED, {"operator": operator.strip() if known else "unknown"})
            raise

    def sign_on_card(self, seen: CardSeen) -> Who:
        """Quick change of operator by a registered card. Raises UnknownToken."""
        return self._signed_on(signing.by_card(self.keys, self.keys.token_key(seen.token, seen.value)))

    def back_to_terminal(self, terminal: Who) -> Who:
        """The wall is itself again after somebody used it; no PIN, for it may do less. RuleError for another role."""
        now = signing.still(self.keys, terminal)
        if now.role is not Role.TERMINAL:
            raise RuleError("打刻端末の操作者がいません。", "Ctrl+O で操作者を替えてください。")
        return self._signed_on(now)

    def _signed_on(self, who: Who) -> Who:
        self.log(SignedOn(subject=self.station.code, operator=who.id, role=who.role.value if who.role else "",
                          before=self.operator))
        self.who, self.operator = who, who.id
        if self._printing is not None:
            self._printing.operator = who.id
        return who

    def second(self, operator: str, pin: str, permission: Permission) -> str:
        """Somebody else than the operator, by id and PIN, whose role allows `permission`; gives the id. RuleError."""
        other = self._by_pin(operator, pin)
        if other.id == self.operator:
            raise RuleError("確認者は、操作者と別の人にしてください。", "もう一人の職員に入れてもらってください。")
        if not other.may(permission):
            raise signing.refusal("その人は、この確認をできません。", "に入れてもらってください。", permission)
        return other.id

    # --- what they do is recorded

    def log(self, *events: Event) -> None:
        """Record look-ups, and an alarm where they are too many; they may use the reserve of the disk."""
        ordered = signing.ordered_by()
        operator = ordered.id if ordered else self.operator
        self.journal.record(operator, lambda _: events, reserve=True)
        if self._watching is not None and any(isinstance(event, LookedUp | Searched) for event in events):
            self._watching.look(self, operator)

    def log_act(self, act: str, details: Mapping[str, object]) -> None:
        """Record an act of the operator that concerns no resident, e.g. `register.rollback`; numbers and codes only."""
        self.log(ActDone(subject=self.station.code, act=act, details={k: str(v) for k, v in details.items()}))

    def warn(self, about: str, sentence: str) -> None:
        """Put a standing warning into the header; an empty sentence takes it away."""
        if sentence:
            self._warnings[about] = sentence
        else:
            self._warnings.pop(about, None)

    def mark(self) -> int:
        """A number that grows with every event, whoever records it: a command over SSH too."""
        with self.journal.view() as view:
            return view.mark()

    def today(self) -> dt.date:
        """Today in Japan."""
        return dt.datetime.now(JST).date()
