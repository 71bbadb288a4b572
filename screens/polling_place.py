"""開所 and 閉所 of a polling place: each a list of what is done and what is not, worked on from the top.

Enter always does the line with the mark. Opening: polling_opening.py; closing and sealing: polling_closing.py.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from screens.panels import Panel
from screens.widgets import folded, pad, shown

if TYPE_CHECKING:
    from screens.polling import PollingScreen


async def opening(screen: PollingScreen) -> None:
    """F2: the gate, the clock and the zero report."""
    from screens import polling_opening

    await polling_opening.opening(screen)


async def closing(screen: PollingScreen) -> None:
    """Closing an open place, sealing a closed one."""
    from screens import polling_closing

    await polling_closing.closing(screen)


class Steps(Panel):
    """A list of lines `(done, sentence, what to do)`; the first one that is not done has the mark."""

    def __init__(self, screen: PollingScreen, back: Callable[[], Awaitable[None]]) -> None:
        super().__init__(screen)
        self.desk, self.back = screen, back
        self.typed = ""

    def steps(self) -> list[tuple[bool, str, str]]:
        """The lines, in the order in which they are worked on."""
        raise NotImplementedError

    @property
    def at(self) -> int | None:
        """The line with the mark; None when all are done."""
        return next((n for n, (done, _, _) in enumerate(self.steps()) if not done), None)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        lines: list[Content] = []
        at = self.at
        for n, (done, sentence, hint) in enumerate(self.steps()):
            mark = "> 未 " if n == at else "  済 " if done else "  未 "
            text = pad(shown(sentence), width - 5)
            lines.append(Content.assemble((mark, "bold" if done else "bold $text-warning"), text))
            if n == at and hint:
                lines += [Content("     " + line) for line in folded(shown(hint), width - 5)]
        # On a small screen what was done already gives way to what is still to be done.
        over = max(0, len(lines) - height)
        return lines[min(over, at if at is not None else over):][:height]

    def type_digit(self, key: str, character: str, most: int) -> bool:
        """Digits and Backspace of a line that takes a number."""
        if len(character) == 1 and character in "0123456789":
            self.typed = (self.typed + character)[:most]
        elif key == "backspace":
            self.typed = self.typed[:-1]
        else:
            return False
        return True
