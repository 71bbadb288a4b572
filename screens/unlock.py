"""The first screen: the passphrase of the station, or the words that it is being opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Input, Static

from sanjo_tui.errors import SanjoError
from sanjo_tui.station import Station
from screens.widgets import folded

if TYPE_CHECKING:
    from screens.app import SanjoApp

HELP = ("この拠点のパスフレーズを入れて Enter を押します。パスフレーズは画面に出ません。\n"
        "分からないときは責任者の封筒にある復旧用の合言葉でも開きます。\n"
        "カードを登録した拠点では、F2 を押し、カードの暗証番号を入れて Enter を押し、カードを読取装置に置きます。\n"
        "終わるときは Ctrl+Q です。")


WIDE = 60
"""Cells of a line here (the style sheet too); Textual would break Japanese only where it has blanks."""


class UnlockScreen(Screen[None]):
    """Asks for the passphrase when `locked`; otherwise it only says that the station is being opened."""

    def __init__(self, station: Station, locked: bool) -> None:
        super().__init__()
        self.station, self.locked = station, locked
        self._offered = self._by_card = False

    def compose(self) -> ComposeResult:
        """Name of the station, one field, one sentence."""
        with Vertical(id="unlock"):
            yield Static(f"{self.station.municipality} {self.station.place}", id="unlock-place", markup=False)
            if self.station.drill:
                yield Static("訓練", id="unlock-drill", markup=False)
            yield Static("パスフレーズ" if self.locked else "", id="unlock-label", markup=False)
            box = Input(password=True, compact=True, id="secret", disabled=not self.locked)
            box.cursor_blink = False
            box.display = self.locked
            yield box
            say = "パスフレーズを入れて Enter" if self.locked else "受付記録を開いています"
            yield Static(say, id="unlock-say", markup=False)
            yield Static("F1 説明  Ctrl+Q 終了", id="unlock-keys", markup=False)

    def on_mount(self) -> None:
        """Ready to type at once."""
        if self.locked:
            self.query_one(Input).focus()
            self.call_after_refresh(self.offer_card)

    def offer_card(self) -> None:
        """Says F2 where a card could open the station."""
        self._offered = self.locked and cast("SanjoApp", self.app).parts.card_opens()
        if self._offered:
            self.query_one("#unlock-keys", Static).update(
                f"F1 説明  F2 {'パスフレーズ' if self._by_card else 'カード'}で開ける  Ctrl+Q 終了")

    def _other_way(self) -> None:
        """Card instead of passphrase, or back."""
        box = self.query_one(Input)
        if not self._offered or box.disabled:
            return
        self._by_card = not self._by_card
        box.value = ""
        self.query_one("#unlock-say", Static).update(
            "カードを置き、カードの暗証番号を入れて Enter" if self._by_card else "パスフレーズを入れて Enter")
        self.offer_card()

    def on_key(self, event: Key) -> None:
        """F1 explains; LF from a paste or a script is Enter."""
        if event.key == "f1":
            event.stop()
            from screens.help import HelpScreen

            self.app.push_screen(HelpScreen("拠点を開く", HELP))
        elif event.key == "f2":
            event.stop()
            self._other_way()
        elif event.key == "ctrl+j" and self.locked:
            event.stop()
            self._try(self.query_one(Input).value)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Enter tries the passphrase."""
        self._try(event.value)

    def _try(self, secret: str) -> None:
        box = self.query_one(Input)
        if not secret or box.disabled:
            return
        box.value = ""
        box.disabled = True
        self.send(secret)

    def send(self, secret: str) -> None:
        """Tries to open the station with this."""
        self.query_one("#unlock-say", Static).update(
            "カードを読取装置に置いたままにしてください" if self._by_card else "開いています。数秒かかります")
        cast("SanjoApp", self.app).open_station(secret, by_card=self._by_card)

    def refused(self, error: SanjoError) -> None:
        """Why it did not open, and what to do next."""
        self.query_one("#unlock-say", Static).update("\n".join(folded(f"{error.message}\n{error.hint}", WIDE)))
        self.app.bell()
        if self.locked:
            box = self.query_one(Input)
            box.disabled = False
            box.focus()
