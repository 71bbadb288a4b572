"""ChildcareDesk: 子育て支援カード; what its desk counts, and what a new register asks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sanjo_tui.desk.childcare.lists import Lists
from sanjo_tui.desk.following import Due
from sanjo_tui.receptions.childcare.changed import question
from sanjo_tui.receptions.childcare.words import Status

if TYPE_CHECKING:
    from sanjo_tui.desk.following import Changes
    from sanjo_tui.journal.events import Event, Recorded
    from sanjo_tui.journal.view import View

SHOWN = (Status.APPLIED, Status.PHOTOGRAPHED, Status.PRINTED, Status.HANDED, Status.LOST)


class ChildcareDesk(Lists):
    """子育て支援カード; see Desk for threads and errors."""

    def notices(self) -> tuple[str, ...]:
        """A set-up that is missing, or that nobody compared with the town's rules."""
        if not self.ready:
            return ("子育て支援カードの設定なし",)
        setup = self.setup
        return ("見本の設定",) if setup.sample else () if setup.confirmed_on else ("設定は未確認",)

    def tally(self) -> dict[Status, int]:
        """How many present cards are in each state."""
        with self.desk.journal.view() as view:
            found = Counter(holding.card.status for holding in self.holdings(view) if holding.card is not None)
        return {status: found[status] for status in SHOWN}

    def counts(self) -> str:
        """The line of live counts."""
        return "  ".join(f"{status.label}{number}" for status, number in self.tally().items()) if self.ready else ""

    def say(self, group: Sequence[Recorded]) -> str:
        """Numbers and verbs; of a batch how many cards."""
        verbs = "・".join(dict.fromkeys(self.VERBS[one.event.kind] for one in group))
        if len(group) > 1:
            return f"{verbs} {len(group)}枚"
        return f"{getattr(group[0].event, 'card_no', '')} {verbs}".strip()

    # --- a new register

    def follow(self, changes: Changes, view: View) -> Iterable[Event]:
        """Holder or children died, moved, changed household or name: a question about each such card."""
        if not self.ready:
            return
        for holding in self.holdings(view):
            card = holding.card
            if card is None:
                continue
            asked = question(holding.addressee_no, card, changes.of(holding.addressee_no),
                             {child.addressee_no: changes.of(child.addressee_no) for child in card.children
                              if child.addressee_no != holding.addressee_no},
                             self.counted_now(holding.addressee_no, card)[0], self.setup.rule, changes.as_of)
            if asked is not None:
                yield asked

    def dues(self, view: View) -> tuple[Due, ...]:
        """Cards with a question that nobody has answered, and people whom two stations gave one each."""
        found = []
        for holding in self.holdings(view):
            card = holding.card
            if card is None:
                continue
            if card.what:
                found.append(Due(subject=holding.addressee_no, number=card.card_no, what=card.what, todo=card.todo,
                                 since=card.since))
            found += [Due(subject=holding.addressee_no, number=card.card_no, what="二重のカード",
                          todo=f"{other.card_no} と合わせ、一方を返却にする") for other in holding.doubles]
        return tuple(found)
