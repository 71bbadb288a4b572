"""The one text field of a desk."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.events import Key, Paste
from textual.widgets import Input

if TYPE_CHECKING:
    from screens.desk import DeskScreen

EDIT = {"backspace": "delete_left", "delete": "delete_right", "left": "cursor_left", "right": "cursor_right",
         "home": "home", "end": "end", "ctrl+u": "delete_left_all", "ctrl+w": "delete_left_word"}
"""Keys that edit the text, and the Input's action for each."""


class SearchBox(Input):
    """The one text field of a desk. It keeps the caret (and with it the input method's window) but decides nothing:
    every key goes to the screen first.
    """

    def __init__(self) -> None:
        super().__init__(id="search", compact=True, select_on_focus=False)
        self.cursor_blink = False

    async def _on_key(self, event: Key) -> None:
        event.stop()
        event.prevent_default()
        cast("DeskScreen", self.screen).press(event.key, event.character or "")

    def _on_paste(self, event: Paste) -> None:
        event.stop()
        event.prevent_default()
        cast("DeskScreen", self.screen).paste(event.text)

    @property
    def _cursor_offset(self) -> int:
        return self._position_to_cell(self.cursor_position)   # the base class adds a cell at the end of the text
