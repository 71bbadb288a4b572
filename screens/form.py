"""One form for everything that is asked in writing: text fields, choices by digit, several marks by digit.

Enter goes to the next field that must be filled and, when none is left, records. Down, Up and Tab move; Esc leaves
without recording. A number that passes the check of 個人番号 is refused in every field.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.events import DescendantFocus, Key
from textual.widget import Widget
from textual.widgets import Input, Static

from sanjo_tui import numbers
from screens.messages import Scanned
from screens.modal import DeskModal
from screens.widgets import pad

if TYPE_CHECKING:
    from screens.app import SanjoApp

LABEL = 18
"""Cells of the label column."""

BESIDE = 5
"""Cells of the window's padding, and one between label and answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One line of a form. `options` makes it a choice, `several` a set of marks; else it is text."""

    key: str
    label: str
    value: Any = ""
    options: tuple[tuple[Any, str], ...] = ()
    several: bool = False
    required: bool = False
    asked: bool = False
    """Enter stops here once when it is still empty; left empty, it is accepted."""
    secret: bool = False
    """A PIN: typed unseen."""
    hint: str = ""


class Choice(Widget, can_focus=True):
    """A field that is answered by digit. One option goes on to the next field; several are switched on and off."""

    def __init__(self, field: Field) -> None:
        super().__init__(id="field-" + field.key, classes="choice")
        self.field = field
        self.value: Any = tuple(field.value or ()) if field.several else field.value

    @property
    def answer(self) -> Any:
        """The chosen value, or a tuple of values."""
        return self.value

    @property
    def missing(self) -> bool:
        """Nothing chosen yet."""
        return not self.field.several and self.value in ("", None)

    def render(self) -> Content:
        """`1 男  2[女] 3 不明`, the chosen ones in brackets and colour; broken between options, never inside one."""
        return Content("\n").join(Content.assemble(*line) for line in self.lines(self.size.width))

    def lines(self, room: int) -> list[list[str | tuple[str, str]]]:
        """The options in lines of at most `room` cells."""
        lines: list[list[str | tuple[str, str]]] = [[]]
        used = 0
        for number, (value, label) in enumerate(self.field.options, 1):
            on = value in self.value if self.field.several else value == self.value
            text = f"{number % 10}[{label}] " if on else f"{number % 10} {label}  "
            if used + cell_len(text) > room and lines[-1]:
                lines.append([])
                used = 0
            lines[-1].append((text, "$chosen" if on else ""))
            used += cell_len(text)
        return lines

    def on_key(self, event: Key) -> None:
        """Digits choose; left and right move the choice."""
        digit = unicodedata.normalize("NFKC", event.character or "")
        options = self.field.options
        if len(digit) == 1 and digit in "1234567890":
            index = (int(digit) - 1) % 10
            event.stop()
            if index < len(options):
                self._choose(options[index][0])
        elif event.key in ("left", "right") and not self.field.several:
            event.stop()
            values = [v for v, _ in options]
            at = values.index(self.value) if self.value in values else -1
            self.value = values[(at + (1 if event.key == "right" else -1)) % len(values)]
            self.refresh()

    def _choose(self, value: Any) -> None:
        if self.field.several:
            chosen = tuple(v for v, _ in self.field.options if (v in self.value) != (v == value))
            self.value = chosen
        else:
            self.value = value
            self.screen.focus_next()
        self.refresh()


class TextField(Input):
    """A compact text field without a blinking caret."""

    def __init__(self, field: Field) -> None:
        super().__init__(str(field.value or ""), placeholder=field.hint, compact=True, id="field-" + field.key,
                         select_on_focus=False, password=field.secret)
        self.cursor_blink = False
        self.field = field

    async def _on_key(self, event: Key) -> None:
        if event.character == "\u3000":
            event.stop()
            event.prevent_default()
            self.insert_text_at_cursor(event.character)
        else:
            await super()._on_key(event)

    @property
    def answer(self) -> str:
        """What was typed, without blanks around it."""
        return self.value.strip()

    @property
    def missing(self) -> bool:
        """Nothing typed yet."""
        return not self.answer

    @property
    def _cursor_offset(self) -> int:
        return self._position_to_cell(self.cursor_position)


class FormScreen(DeskModal[dict[str, Any] | None]):
    """A window with fields; the answers by key, or None when it was left with Esc."""

    def __init__(self, heading: str, fields: Sequence[Field], *, enter: str = "記録", note: str = "",
                 help: str = "") -> None:
        super().__init__()
        self._heading, self.fields, self._enter, self._note = heading, tuple(fields), enter, note
        self._help = help
        self._visited: set[str] = set()

    def compose(self) -> ComposeResult:
        """Heading, one line a field, the sentence of what Enter does."""
        yield Static(" " + self._heading, classes="window-title", markup=False)
        with VerticalScroll(id="window", classes="window", can_focus=False):
            if self._note:
                yield Static(self._note, classes="window-note", markup=False)
            room = self.app.size.width - LABEL - BESIDE
            for field in self.fields:
                widget = Choice(field) if field.options else TextField(field)
                line = Horizontal(classes="field" + (" tall" if len(field.options) > 8 else ""))
                if isinstance(widget, Choice) and (high := len(widget.lines(room))) > 1:
                    line.styles.height = high
                with line:
                    star = "" if not field.required else "(必須)"
                    yield Static(pad(field.label + star, LABEL), classes="field-label", markup=False)
                    yield widget
        yield Static("", id="form-say", markup=False)
        yield Static(f"Enter {self._enter}  上下 欄を移る  数字 選ぶ  F1 説明  Esc やめる",
                     classes="window-keys", markup=False)

    def on_mount(self) -> None:
        """The first field is ready."""
        self._widgets()[0].focus()

    def _widgets(self) -> list[Choice | TextField]:
        return [self.query_one("#field-" + f.key) for f in self.fields]  # type: ignore[misc]

    async def on_key(self, event: Key) -> None:
        """What the focused field did not take."""
        match event.key:
            case "escape":
                self.dismiss(None)
            case "down":
                self.focus_next()
            case "up":
                self.focus_previous()
            case "enter" | "ctrl+j" | "f10":
                self._enter_pressed()
            case "f1":
                from screens.help import HelpScreen

                self.app.push_screen(HelpScreen(self._heading, self._help or __doc__ or ""))
            case _:
                return
        event.stop()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter in a text field."""
        event.stop()
        self._enter_pressed()

    def on_scanned(self, message: Scanned) -> None:
        """A code lands whole in the text field in front, or is a card that waits."""
        field = self.focused
        if cast("SanjoApp", self.app).recognise(message.text) is None and isinstance(field, TextField):
            field.insert_text_at_cursor(message.text)
            if message.whole:
                self._enter_pressed()
        else:
            super().on_scanned(message)

    def on_descendant_focus(self, event: DescendantFocus) -> None:
        """A field that was in front once is not asked again."""
        if isinstance(event.widget, Choice | TextField):
            self._visited.add(event.widget.field.key)

    def _enter_pressed(self) -> None:
        for widget in self._widgets():
            if widget.field.asked and widget.missing and widget.field.key not in self._visited:
                widget.focus()
                return
            if widget.field.required and widget.missing:
                if widget is self.focused:
                    self.say(f"{widget.field.label}を入れてください")
                widget.focus()
                return
        answers = {w.field.key: w.answer for w in self._widgets()}
        for widget in self._widgets():
            text = unicodedata.normalize("NFKC", widget.answer) if isinstance(widget, TextField) else ""
            if text and numbers.is_my_number(text.replace(" ", "").replace("-", "")):
                widget.focus()
                self.say("個人番号(マイナンバー)は入れられません。消してください")
                self.app.bell()
                return
        self.dismiss(answers)

    def say(self, sentence: str) -> None:
        """The one line below the fields."""
        self.query_one("#form-say", Static).update(sentence)
