"""Opening the rooms below for the screens: the only place that knows which thread and which reader they need.

Heavy libraries are imported inside the functions, after the first paint.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from sanjo_tui.cards.facts import CardFact, CardRefused, CardSeen, Readers
from sanjo_tui.errors import CardError
from sanjo_tui.station import Station

if TYPE_CHECKING:
    from sanjo_tui.cards.errands import Errand
    from sanjo_tui.cards.profiles import Profile
    from sanjo_tui.cards.reader import PcscReader
    from sanjo_tui.cards.virtual import BuiltInReader
    from sanjo_tui.desk import Desk
    from sanjo_tui.desk.locking import Door
    from sanjo_tui.printing.worker import PrintState, PrintWorker
    from sanjo_tui.vault import Keys, Vault

log = logging.getLogger("sanjo_tui.screens")
T = TypeVar("T")


class Parts:
    """What the App owns: vault, desk, readers. Methods run on the App's threads, never on the event loop if slow."""

    def __init__(self, station: Station) -> None:
        self.station = station
        self._profiles: tuple[Profile, ...] = ()
        self._built_in: BuiltInReader | None = None
        self._reader: PcscReader | None = None
        self._worker: PrintWorker | None = None
        self._handing = threading.Lock()
        self._door: Door | None = None
        self._desk: Desk | None = None
        """The desk that is open: what was begun for another one is not begun any more."""

    def needs_passphrase(self) -> bool:
        """A drill's key is openly in its vault."""
        return not self.station.drill

    def card_opens(self) -> bool:
        """Whether an operator's card could open the station. Reads two small files."""
        try:
            if self.station.drill or b'"card"' not in self.station.vault.read_bytes():
                return False                # without a slot for one nothing is imported: the first paint is at stake
        except OSError:
            return False                    # the passphrase's way says what is wrong
        from sanjo_tui.desk import cardkey

        return cardkey.is_offered(self.station)

    def open_desk(self, secret: str) -> Desk:
        """Unlocks and opens the desk; a demo is ready for its first card. VaultError, JournalError."""
        desk = self._open(lambda vault: vault.unlock(secret))
        if self.station.built_in_reader:
            from sanjo_tui.desk import practice

            practice.begin(desk)
        return desk

    def open_desk_by_card(self, pin: str) -> Desk:
        """Waits some seconds for the operator's card and opens the desk. CardError, VaultError, JournalError."""
        from sanjo_tui.desk import cardkey

        return self._open(cardkey.by_card(self.station, pin))

    def _open(self, unlock: Callable[[Vault], Keys]) -> Desk:
        from sanjo_tui.desk import locking

        self._door = self._door or locking.Door(self.station.home)
        self._desk = locking.open_desk(self.station, unlock, self._door)
        return self._desk

    def close_desk(self, desk: Desk, why: str) -> None:
        """Locks: the print worker ends, the desk closes, the keys are gone."""
        from sanjo_tui.desk import locking

        self._desk = None
        self.stop_printing()
        locking.close_desk(desk, why)

    def start_readers(self, emit: Callable[[CardFact], None]) -> None:
        """Starts the readers' threads; they report through `emit` from then on.

        A drill also takes the cards that `sanjo-tui tap` leaves; the header then speaks of the real reader.
        """
        from sanjo_tui.cards import profiles
        from sanjo_tui.cards.reader import PcscReader
        from sanjo_tui.cards.virtual import BuiltInReader

        station = self.station
        try:
            self._profiles = profiles.load(station.profiles) if station.profiles.exists() else ()
            if station.drill:
                only = station.built_in_reader
                tell = emit if only else lambda fact: None if isinstance(fact, Readers) else emit(fact)
                self._built_in = BuiltInReader(station.cards, self._profiles, tell, station.inbox)
                self._built_in.start()
                if only:
                    return
        except CardError as error:
            log.warning("cards: %s", error.detail or error.message)
            emit(Readers(ready=False, sentence=error.message))
            if station.built_in_reader:
                return
        self._reader = PcscReader(self._profiles, emit)
        self._reader.start()

    def prefixes(self) -> tuple[str, ...]:
        """What scanners send first."""
        from sanjo_tui.cards import wedge

        return wedge.prefixes(self._profiles)

    def demo_cards(self) -> tuple[tuple[str, str], ...]:
        """Cards of the built-in reader, `(name, label)`; none where a real reader is used."""
        if self._built_in is None or not self.station.built_in_reader:
            return ()
        return tuple((card.name, card.label or card.name) for card in self._built_in.cards)

    def tap(self, card: str) -> None:
        """Puts a card of the built-in reader into the field. CardError."""
        if self._built_in is not None:
            self._built_in.tap(card)

    def errand(self, errand: Errand[T], card: CardSeen | None = None, reader: str = "") -> T:
        """What came of an errand on the card in the field (cards/errands.py); blocks for as long as the card takes."""
        from sanjo_tui.cards.virtual import READER

        where = reader or (card.reader if card else "")
        built_in = self._built_in is not None and (where == READER or self.station.built_in_reader)
        part = self._built_in if built_in else self._reader
        return part.errand(errand, card, reader) if part is not None else errand.gone("no reader")

    def writing(self) -> Profile | None:
        """The profile that says how a user ID is written, where this station has one."""
        return next((one for one in self._profiles if one.write and one.token == "user_id"), None)

    def recognise(self, code: str) -> CardSeen | CardRefused | None:
        """A scanned code that fits a profile of kind `wedge`."""
        from sanjo_tui.cards import wedge

        return wedge.recognise(self._profiles, code)

    def start_printing(self, desk: Desk, changed: Callable[[PrintState], None]) -> None:
        """Starts the print worker; `changed` is called from its thread."""
        from sanjo_tui.documents import paper
        from sanjo_tui.printing.worker import PrintWorker

        worker = PrintWorker(desk.printing, changed, lock=self.station.home / "print.lock", warm=paper.warm)
        with self._handing:
            if desk is self._desk:
                self._worker = worker
                worker.start()

    def stop_printing(self) -> None:
        """Ends the print worker; a document that is under way is followed up when the station is open again."""
        with self._handing:
            worker, self._worker = self._worker, None
        if worker is not None:
            worker.stop()

    def stop(self) -> None:
        """Ends all threads; what they had begun is on paper, waits, or is marked."""
        for part in (self._built_in, self._reader, self._worker):
            if part is not None:
                part.stop()
