"""Opening the rooms below for the screens: the only place that knows which thread and which reader they need.

Heavy libraries are imported inside the functions, after the first paint.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sanjo_tui.cards.facts import CardFact, CardSeen
from sanjo_tui.station import Station

if TYPE_CHECKING:
    from sanjo_tui.cards.profiles import Profile
    from sanjo_tui.desk import Desk


class Parts:
    """What the App owns: vault, desk, readers. Methods run on the App's threads, never on the event loop if slow."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self._readers: list[object] = []
        self._profiles: tuple[Profile, ...] = ()

    def needs_passphrase(self) -> bool:
        """A drill's key is openly in its vault."""
        return not self.station.drill

    def open_desk(self, secret: str) -> Desk:
        """Unlocks the vault and opens the desk. VaultError, JournalError."""
        from sanjo_tui.desk import Desk
        from sanjo_tui.vault import Vault

        keys = Vault.open(self.station.vault).unlock(secret)
        return Desk.open(self.station, keys)

    def start_readers(self, emit: Callable[[CardFact], None]) -> None:
        """Starts the reader thread; it reports through `emit` from then on."""
        raise NotImplementedError

    def demo_cards(self) -> tuple[tuple[str, str], ...]:
        """Cards of the built-in reader, `(id, name)`; none without it."""
        return ()

    def tap(self, card: str) -> None:
        """Puts a card of the built-in reader into the field."""

    def recognise(self, code: str) -> CardSeen | None:
        """A scanned code that fits a profile of kind `wedge`."""
        return None

    def start_printing(self, desk: Desk, changed: Callable[[], object]) -> None:
        """Starts the print worker; `changed` is called from its thread."""

    def back_up(self, desk: Desk) -> None:
        """An encrypted copy of the journal on the second medium."""

    def stop(self) -> None:
        """Ends all threads."""
