"""What the body of a desk can show: one panel at a time, in place, so that the plain way opens no window.

A panel says what stands on the screen (verdict, lines, keys) and what a key does; the desk screen paints it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.receptions.base import Verdict, Weight
from screens.widgets import folded, pad, row

if TYPE_CHECKING:
    from screens.desk import DeskScreen

Hints = Sequence[tuple[str, str]]

PAGE = 9
"""Rows that digits can pick."""


class Panel:
    """One thing in the body. Subclasses answer keys; Enter never does anything on a stop, Esc never records."""

    takes_tap = False
    """A tap is worked on at once; otherwise it waits."""

    asks_for_card = False
    """A tap is for this panel's task, also while other cards wait for the idle desk."""

    takes_text = False
    """Printable keys fill the search box."""

    asks = ""
    """What may be typed here, said beside the box; empty: what the desk searches for."""

    idle = False
    """Nothing is open: whoever comes next is welcome."""

    help = ""
    """What F1 says of this panel, in short Japanese sentences."""

    def __init__(self, screen: DeskScreen) -> None:
        self.screen = screen

    def verdict(self) -> Verdict:
        """The sentence of the verdict line."""
        raise NotImplementedError

    def title(self) -> str:
        """First line of the body; whose household, which list."""
        return ""

    def lines(self, width: int, height: int) -> list[Content]:
        """The body below the title."""
        return []

    def hints(self) -> Hints:
        """Keys for the key line."""
        return ()

    def writes(self, character: str) -> bool:
        """Where `takes_text`: this character goes into the box. Otherwise it is a key of the panel."""
        return True

    async def key(self, key: str, character: str) -> None:
        """A key that is none of the desk's own. `character` is half-width and lower case, or empty."""
        if key == "escape":
            self.screen.rest()

    def kept(self) -> tuple[str, Mapping[str, Any]] | None:
        """Whose reception is in progress here (by number) and what was chosen; None where none is (kept.py)."""
        return None

    async def search(self, text: str) -> None:
        """Enter after typing into the search box, when `takes_text`."""
        await self.screen.find(text)

    async def tap(self, seen: CardSeen) -> None:
        """A card, when `takes_tap`."""
        await self.screen.open_card(seen)


class Paged(Panel):
    """A panel whose rows are picked by digit, nine a page; on tall screens the other pages stay in sight."""

    def __init__(self, screen: DeskScreen) -> None:
        super().__init__(screen)
        self.cursor = 0

    def count(self) -> int:
        """How many rows there are."""
        raise NotImplementedError

    def line(self, index: int, mark: str, width: int) -> Content:
        """One row; `mark` is the digit that picks it, or blank."""
        raise NotImplementedError

    @property
    def top(self) -> int:
        """First row that digits reach now."""
        return self.cursor // PAGE * PAGE

    def rows(self, width: int, height: int) -> list[Content]:
        """The page of the cursor, with as many neighbours as fit."""
        count = self.count()
        first = self.top
        if height > PAGE:
            first = max(0, min(self.top, count - height))
        shown = range(first, min(count, first + max(1, height)))
        return [self.line(i, str(i - self.top + 1) if 0 <= i - self.top < PAGE else " ", width) for i in shown]

    def more(self) -> str:
        """`1-9 / 17 PageDown で続き`, when there is more than one page."""
        if self.count() <= PAGE:
            return ""
        return f"{self.top + 1}-{min(self.count(), self.top + PAGE)} / {self.count()}  PageUp PageDown で前後"

    def move(self, key: str) -> bool:
        """Arrow and page keys; True when it was one."""
        last = max(0, self.count() - 1)
        match key:
            case "down":
                self.cursor = min(last, self.cursor + 1)
            case "up":
                self.cursor = max(0, self.cursor - 1)
            case "pagedown":
                self.cursor = self.top + PAGE if self.top + PAGE <= last else self.cursor
            case "pageup":
                self.cursor = max(0, self.top - PAGE)
            case _:
                return False
        return True

    def digit(self, character: str) -> int | None:
        """The row that this digit picks on the present page."""
        if len(character) == 1 and character in "123456789":
            index = self.top + int(character) - 1
            return index if index < self.count() else None
        return None


class Pick(Paged):
    """A menu or a list: a digit takes a row, Enter the row of the cursor. `then` is what happens with its value."""

    def __init__(self, screen: DeskScreen, title: str, options: Sequence[tuple[str | Content, Any]],
                 then: Callable[[Any], Awaitable[None]], *, prompt: str = "番号で選んでください", enter: bool = True,
                 back: Callable[[], Awaitable[None]] | None = None, default: int = 0, help: str = "",
                 weight: Weight = Weight.READY, notes: tuple[str, ...] = (), empty: str = "ありません") -> None:
        super().__init__(screen)
        self._title, self.options, self.then, self.prompt, self.back = title, options, then, prompt, back
        self.enter, self.cursor, self.weight, self.notes, self.empty = enter, default, weight, notes, empty
        self.help = help or "番号の数字を押すと、その行を選びます。上下の矢印と Enter でも選べます。Esc で戻ります。"

    @override
    def count(self) -> int:
        return len(self.options)

    @override
    def verdict(self) -> Verdict:
        return Verdict(self.weight if self.options else Weight.NOTICE, self.prompt if self.options else self.empty,
                       notes=self.notes)

    @override
    def title(self) -> str:
        return self._title

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        label = self.options[index][0]
        cursor = ">" if index == self.cursor and self.enter else " "
        head = Content.assemble((f"{cursor}{mark} ", "bold"))
        if isinstance(label, str):
            label = Content(pad(label, max(0, width - 3)))
        line = (head + label).truncate(width, pad=True)
        return line.stylize("$cursor-row") if index == self.cursor and self.enter else line

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        more = self.more()
        lines = self.rows(width, height - bool(more))
        return [*lines, Content(more)] if more else lines

    @override
    def hints(self) -> Hints:
        enter = (("Enter", "印の行"),) if self.enter and self.options else ()
        return (("数字", "選ぶ"), *enter, ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            await (self.back() if self.back else super().key(key, character))
        elif self.move(key):
            return
        elif (index := self.digit(character)) is not None:
            await self.then(self.options[index][1])
        elif key == "enter" and self.enter and self.options:
            await self.then(self.options[self.cursor][1])


class Reading(Panel):
    """Text or a list to look at, page by page; `on_enter` is what Enter does here, with its label."""

    help = "PageUp と PageDown で前後を見ます。Esc で戻ります。"

    def __init__(self, screen: DeskScreen, title: str, text: Sequence[str | Content], *,
                 on_enter: tuple[str, Callable[[], Awaitable[None]]] | None = None, sentence: str = "",
                 weight: Weight = Weight.NOTICE, back: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__(screen)
        self._title, self.text, self.on_enter, self.back, self.first = title, text, on_enter, back, 0
        self.sentence, self.weight, self._page = sentence or title, weight, 1

    @override
    def verdict(self) -> Verdict:
        sentence = f"Enter で{self.on_enter[0]}" if self.on_enter else self.sentence
        return Verdict(Weight.READY if self.on_enter else self.weight, sentence)

    @override
    def title(self) -> str:
        return self._title

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        whole: list[Content] = []
        for piece in self.text:
            whole += [piece] if isinstance(piece, Content) else [Content(x) for x in folded(piece, width)]
        self._page = max(1, height - 1)
        if len(whole) <= height:
            return whole
        self.first = max(0, min(self.first, len(whole) - self._page))
        end = min(len(whole), self.first + self._page)
        foot = f"{self.first + 1}-{end} / {len(whole)} 行  PageUp PageDown で前後"
        return [*whole[self.first:end], Content(foot)]

    @override
    def hints(self) -> Hints:
        enter = (("Enter", self.on_enter[0]),) if self.on_enter else ()
        return (*enter, ("PageDown", "次のページ"), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        match key:
            case "pagedown" | "down":
                self.first += self._page if key == "pagedown" else 1
            case "pageup" | "up":
                self.first = max(0, self.first - (self._page if key == "pageup" else 1))
            case "enter" if self.on_enter:
                await self.on_enter[1]()
            case "escape" if self.back:
                await self.back()
            case _:
                await super().key(key, character)


def table(heads: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]], width: int) -> list[Content]:
    """A small table: head line and rows with the widths of the heads."""
    widths = [w for _, w in heads]
    lines = [row(heads, width, "bold")]
    lines += [row(list(zip(cells, widths, strict=True)), width) for cells in rows]
    return lines
