"""Base of the few windows: a card that comes meanwhile waits at the desk below, and the window says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar, cast

from textual.css.query import NoMatches
from textual.screen import ModalScreen
from textual.widgets import Static

from sanjo_tui.cards.facts import CardSeen
from screens.desk import DeskScreen
from screens.messages import Reported, Scanned

if TYPE_CHECKING:
    from screens.app import SanjoApp

T = TypeVar("T")


class DeskModal(ModalScreen[T]):
    """A window over a desk. It returns a value by `dismiss` and never records anything itself."""

    closes_on_tap = False
    """A card closes this window and is worked on (help)."""

    def _desk(self) -> DeskScreen | None:
        return next((s for s in reversed(self.app.screen_stack) if isinstance(s, DeskScreen)), None)

    def on_reported(self, message: Reported) -> None:
        """Hands a card on to the desk below, which keeps it waiting."""
        if isinstance(message.fact, CardSeen):
            self._keep(message.fact)

    def on_scanned(self, message: Scanned) -> None:
        """A scanner is a card too; any other code is not for a window."""
        seen = cast("SanjoApp", self.app).recognise(message.text)
        if isinstance(seen, CardSeen):
            self._keep(seen)

    def _keep(self, seen: CardSeen) -> None:
        desk = self._desk()
        if desk is None:
            return
        if self.closes_on_tap:
            self.dismiss(None)
            desk.take(seen)
            return
        desk.keep_waiting(seen)
        try:
            self.query_one(".window-keys", Static).update("次のカードが待っています。この画面を終えてから開きます")
        except NoMatches:
            return
