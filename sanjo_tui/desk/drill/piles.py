"""Papers as things: piles on the table, sheets in hands, boxes, heaps. Nothing here knows an equation or a record."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable

Sheet = tuple[str, str]
"""Contest and 普通 or 点字."""


class Piles:
    """The papers of one polling place, all in sheets."""

    def __init__(self) -> None:
        self.left: Counter[Sheet] = Counter()
        self.box: Counter[Sheet] = Counter()
        self.carried_off: Counter[Sheet] = Counter()
        self.spoiled: Counter[Sheet] = Counter()
        self.returned: Counter[Sheet] = Counter()
        self.envelopes: Counter[Sheet] = Counter()
        self.oaths = 0
        """宣誓書 in their folder today."""
        self._hands: defaultdict[str, list[Sheet]] = defaultdict(list)

    def deliver(self, sheet: Sheet, number: int) -> None:
        """More papers arrive."""
        self.left[sheet] += number

    def hand_out(self, who: str, sheets: Iterable[Sheet]) -> None:
        """From the pile into somebody's hand."""
        for sheet in sheets:
            self.left[sheet] -= 1
            self._hands[who].append(sheet)

    def envelope(self, sheets: Iterable[Sheet]) -> None:
        """仮投票: from the pile into an envelope that is signed."""
        for sheet in sheets:
            self.left[sheet] -= 1
            self.envelopes[sheet] += 1

    def in_hand(self, who: str) -> tuple[Sheet, ...]:
        """What somebody holds."""
        return tuple(self._hands[who])

    def cast(self, who: str) -> None:
        """All that somebody holds goes into the boxes."""
        self.box.update(self._hands.pop(who, []))

    def exchange(self, who: str, sheet: Sheet) -> None:
        """A spoiled paper against a fresh one of the same kind."""
        self._hands[who].remove(sheet)
        self.spoiled[sheet] += 1
        self.hand_out(who, [sheet])

    def give_back(self, who: str, sheet: Sheet) -> None:
        """Back over the table; it is not handed out again."""
        self._hands[who].remove(sheet)
        self.returned[sheet] += 1

    def carry_off(self, who: str, sheet: Sheet) -> None:
        """Out of the door."""
        self._hands[who].remove(sheet)
        self.carried_off[sheet] += 1

    def end_of_day(self) -> None:
        """Whoever still held papers had put them into the box without the exit having seen it."""
        for who in list(self._hands):
            self.cast(who)

    @property
    def out(self) -> int:
        """Ordinary papers that went out and stayed out."""
        return self.box.total() + self.carried_off.total()
