"""The yardstick for start and memory: a Textual app with one Label."""

from __future__ import annotations

import os

os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "1")
os.environ.setdefault("TEXTUAL_ANIMATIONS", "none")

from textual.app import App, ComposeResult
from textual.widgets import Label

READY = "READY"


class BareApp(App[None]):
    """One line of text."""

    def compose(self) -> ComposeResult:
        """The label."""
        yield Label(READY)


if __name__ == "__main__":
    BareApp().run(mouse=False)
