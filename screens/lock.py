"""The lock screen: municipality, place and clock. Nothing of whoever was on the screen, and no count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.widgets import Input, Static
from typing_extensions import override

from sanjo_tui.station import Station
from screens.unlock import UnlockScreen
from screens.widgets import shown

LOCKED = "施錠中"


class LockScreen(UnlockScreen):
    """The station is locked. `asks`: a passphrase opens it; in a drill Enter does."""

    def __init__(self, station: Station, asks: bool, clock: Callable[[], dt.datetime]) -> None:
        super().__init__(station, asks)
        self._clock = clock
        self._shut = False

    @override
    def compose(self) -> ComposeResult:
        with Vertical(id="unlock"):
            yield Static(shown(f"{self.station.municipality} {self.station.place}"), id="unlock-place", markup=False)
            yield Static(self._time(), id="unlock-clock", markup=False)
            if self.station.drill:
                yield Static("訓練", id="unlock-drill", markup=False)
            yield Static(LOCKED, id="unlock-label", markup=False)
            box = Input(password=True, compact=True, id="secret", disabled=True)
            box.cursor_blink = False
            box.display = self.locked
            yield box
            yield Static("閉じています", id="unlock-say", markup=False)
            yield Static("F1 説明  Ctrl+Q 終了", id="unlock-keys", markup=False)

    @override
    def on_mount(self) -> None:
        """The clock goes on."""
        self._tick()

    def ready(self) -> None:
        """Journal and register are closed and the keys are gone: it may be opened again."""
        self._shut = True
        say = "パスフレーズを入れて Enter" if self.locked else "Enter で開きます"
        self.query_one("#unlock-say", Static).update(say)
        box = self.query_one(Input)
        box.disabled = not self.locked
        if self.locked:
            box.focus()
            self.offer_card()

    @override
    def on_key(self, event: Key) -> None:
        """Enter opens a drill."""
        if event.key in ("enter", "ctrl+j") and not self.locked:
            event.stop()
            event.prevent_default()         # each class of a screen hears of a key by itself
            if self._shut:
                self._shut = False
                self.send("")

    def _tick(self) -> None:
        self.query_one("#unlock-clock", Static).update(self._time())
        self.set_timer(60.5 - self._clock().second, self._tick)

    def _time(self) -> str:
        return f"{self._clock():%H:%M}"
