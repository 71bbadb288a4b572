"""期日前の事由 on the voter's own panel: a digit, or an everyday word. Nothing is preselected, nobody is sent away.

A word only marks what may be meant; the number that is pressed is always the number of the law.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from sanjo_tui.receptions.polling.reasons import by_words
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.election import Reason, ReasonLabels


class Reasons:
    """The reasons of this town and which one was said."""

    def __init__(self, labels: ReasonLabels) -> None:
        self.labels = labels
        self.chosen: Reason | None = None
        self.meant: tuple[int, ...] = ()
        """Numbers that a word may mean, best first, until one of them is pressed."""

    def press(self, character: str) -> bool:
        """A digit; True when it was the number of a reason."""
        reason = self.labels.reason(int(character)) if len(character) == 1 and character in "123456789" else None
        if reason is None:
            return False
        self.chosen, self.meant = reason, ()
        return True

    def say(self, text: str) -> bool:
        """A word. One meaning is taken at once; several are marked; an unknown word marks none. False: not settled."""
        found = by_words(self.labels, text)
        if len(found) == 1:
            self.chosen, self.meant = found[0], ()
            return True
        self.meant = tuple(r.code for r in found) if len(found) < len(self.labels.reasons) else ()
        return False

    @property
    def numbers(self) -> str:
        """`1-6`, or `1 2 3 5 6` where a town leaves one out."""
        codes = [r.code for r in self.labels.reasons]
        if codes == list(range(codes[0], codes[-1] + 1)):
            return f"{codes[0]}-{codes[-1]}"
        return " ".join(map(str, codes))

    def lines(self, width: int, height: int) -> list[Content]:
        """One reason a line where there is room, else two."""
        reasons = self.labels.reasons
        if height >= len(reasons):
            return [self._one(r, width) for r in reasons]
        half, down = (width - 1) // 2, (len(reasons) + 1) // 2
        return [self._one(reasons[at], half) + Content(" ") + (
            self._one(reasons[at + down], half) if at + down < len(reasons) else Content(" " * half))
            for at in range(down)]

    def _one(self, reason: Reason, width: int) -> Content:
        taken = reason is self.chosen
        mark = ">" if taken else "*" if reason.code in self.meant else " "
        head = f"{mark}{reason.code} "
        room = width - cell_len(head)
        text = shown(reason.label)
        if cell_len(text) > room:                # what people say tells them apart sooner than half a sentence of law
            text = _fitting(reason.words, room) or text
        elif words := _fitting(reason.words, room - cell_len(text) - 2):
            text = f"{text}  {words}"
        line = Content.assemble((head, "bold"), pad(text, room))
        return line.stylize("$chosen") if taken else line


def _fitting(words: tuple[str, ...], room: int) -> str:
    """As many of the words as there is room for, in their order."""
    line = ""
    for word in words:
        longer = f"{line} {shown(word)}".strip()
        if cell_len(longer) > room:
            break
        line = longer
    return line
