"""The home screen of a station with several receptions: one key each; Enter opens the first."""

from __future__ import annotations

import unicodedata
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.events import Key
from textual.screen import Screen
from textual.widgets import Static

from sanjo_tui.station import RECEPTIONS
from screens.widgets import shown

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from screens.app import SanjoApp
    from screens.desk import DeskScreen

HELP = "この拠点の受付の一覧です。Enter で上の受付を、数字でその番号の受付を開きます。Esc でここに戻れます。"
DIGITS = "1234567890"
"""The keys of the receptions, in their order; 0 is the tenth."""


def reception_screen(name: str, desk: Desk) -> DeskScreen:
    """The screen of a reception type: `NameScreen` of screens/name.py."""
    kind: Any = getattr(import_module(f"screens.{name}"), f"{name.capitalize()}Screen")
    screen: DeskScreen = kind(desk, desk.shelter.episode()) if name == "shelter" else kind(desk)
    return screen


class HomeScreen(Screen[None]):
    """One line a reception."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.receptions = desk.station.receptions

    def compose(self) -> ComposeResult:
        """Station, receptions, keys."""
        station = self.desk.station
        with Vertical(classes="page"):
            yield Static(shown(f"{station.municipality} {station.place}"), classes="page-title", markup=False)
            if station.drill:
                yield Static("訓練  架空データ", classes="drill", markup=False)
            yield Static("受付を選んでください", id="home-say", markup=False)
            lines = [Content.assemble((f"{'>' if n == 0 else ' '} {DIGITS[n]}  ", "bold"), RECEPTIONS[name])
                     for n, name in enumerate(self.receptions[:len(DIGITS)])]
            yield Static(Content("\n").join(lines), id="home-list", markup=False)
        yield Static("Enter 上の受付を開く  数字 選ぶ  F10 住基の状態  F1 説明  Ctrl+Q 終了",
                     classes="window-keys", markup=False)

    def on_key(self, event: Key) -> None:
        """Enter the first, a digit the one of that number."""
        character = unicodedata.normalize("NFKC", event.character or "")
        app = cast("SanjoApp", self.app)
        if event.key in ("enter", "ctrl+j"):
            self._open(0)
        elif len(character) == 1 and character in DIGITS:
            self._open(DIGITS.index(character))
        elif event.key == "f1":
            from screens.help import HelpScreen

            self.app.push_screen(HelpScreen("受付の一覧", HELP))
        elif event.key == "f10":
            from screens.register import RegisterScreen

            self.app.push_screen(RegisterScreen(self.desk, app.header()))
        else:
            return
        event.stop()

    def _open(self, index: int) -> None:
        if index < len(self.receptions):
            self.app.push_screen(reception_screen(self.receptions[index], self.desk))
