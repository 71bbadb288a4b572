"""PIN checks and writing through a real PC/SC daemon and the watching thread, with the card pulled at every APDU."""

from __future__ import annotations

import queue
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sanjo_tui.cards.errands import CheckPin, PinOutcome, WriteId, WriteOutcome
from sanjo_tui.cards.facts import CardFact, CardGone, CardRefused, CardSeen, Readers
from sanjo_tui.cards.filecard import FileCard, PinFile
from sanjo_tui.cards.profiles import parse
from sanjo_tui.cards.reader import PcscReader
from tests.hardware.pcscd import PrivateDaemon, until
from tests.test_cards_errands import AID, CITY, KEY, NEW, OLD, OWN_PIN, PIN, PIN_AID, PROFILE

PROFILES = parse(CITY + PIN)


class Watch:
    """A reader's thread at work and what it said."""

    def __init__(self) -> None:
        self.facts: queue.SimpleQueue[CardFact] = queue.SimpleQueue()
        self.reader = PcscReader(PROFILES, self.facts.put)

    def next(self, *kinds: type) -> CardFact:
        while True:
            fact = self.facts.get(timeout=20)
            if isinstance(fact, kinds):
                return fact

    def ready(self) -> None:
        while not getattr(self.next(Readers), "ready"):  # noqa: B009
            pass


@contextmanager
def watching() -> Iterator[Watch]:
    one = Watch()
    one.reader.start()
    try:
        one.ready()
        yield one
    finally:
        one.reader.stop()


def whole(content: bytes) -> FileCard:
    """A card with both applications."""
    return FileCard({AID: {1: content}}, writable={(AID, 1): 0x12},
                    pins={(AID, 0x12): PinFile(KEY.encode()), (PIN_AID, 0x21): PinFile(b"1234")})


def test_a_blank_card_is_written_read_back_and_read_at_its_next_tap(daemon: PrivateDaemon) -> None:
    card = whole(bytes(13))
    with watching() as watch:
        with daemon.tap(card):
            assert "書き込まれていません" in getattr(watch.next(CardRefused), "sentence")  # noqa: B009
            written = watch.reader.errand(WriteId(PROFILE, NEW, secret=KEY))
            assert (written.outcome, written.read_back) == (WriteOutcome.WRITTEN, NEW)
        watch.next(CardGone)
        with daemon.tap(card):
            seen = watch.next(CardSeen)
            assert isinstance(seen, CardSeen) and seen.value == NEW


def test_the_pin_is_checked_on_the_card_that_was_tapped_and_counts_for_nobody_afterwards(daemon: PrivateDaemon) -> None:
    card = whole(NEW.encode())
    with watching() as watch, daemon.tap(card):
        seen = watch.next(CardSeen)
        assert isinstance(seen, CardSeen)
        assert watch.reader.errand(CheckPin(OWN_PIN, "9999"), seen).tries_left == 2
        assert watch.reader.errand(CheckPin(OWN_PIN, "1234"), seen).outcome is PinOutcome.OK
        assert not card.pins[PIN_AID, 0x21].shown
        for _ in range(4):
            last = watch.reader.errand(CheckPin(OWN_PIN, "9999"), seen)
        assert last.outcome is PinOutcome.LAST_TRY and card.pins[PIN_AID, 0x21].tries == 1
        other = CardSeen(seen.reader, seen.profile, seen.token, OLD)
        assert watch.reader.errand(CheckPin(OWN_PIN, "1234"), other).outcome is PinOutcome.GONE


def test_without_a_card_or_a_daemon_there_is_an_outcome_at_once(daemon: PrivateDaemon) -> None:
    with watching() as watch:
        assert watch.reader.errand(CheckPin(OWN_PIN, "1234")).outcome is PinOutcome.GONE
        daemon.stop()
        assert watch.reader.errand(WriteId(PROFILE, NEW, secret=KEY)).outcome is WriteOutcome.GONE
    assert watch.reader.errand(CheckPin(OWN_PIN, "1234")).outcome is PinOutcome.GONE


@pytest.mark.parametrize("answered", range(13))
def test_writing_with_the_card_pulled_at_every_apdu(daemon: PrivateDaemon, answered: int) -> None:
    card = whole(OLD.encode())
    errand = WriteId(PROFILE, NEW, over=OLD, secret=KEY)
    with watching() as watch:
        with daemon.tap(card, tear_after=3 + answered):         # three for the tap itself
            watch.next(CardSeen)
            torn = watch.reader.errand(errand)
        assert torn.outcome is WriteOutcome.TORN and torn.touched == (answered >= 7)
        watch.next(CardGone)
        with daemon.tap(card):
            again = []
            until(lambda: again.append(watch.reader.errand(errand)) or again[-1].outcome is not WriteOutcome.GONE,
                  "the card is back", 20)
            assert again[-1].read_back == NEW


@pytest.mark.parametrize("answered", range(4))
def test_a_pin_with_the_card_pulled_at_every_apdu(daemon: PrivateDaemon, answered: int) -> None:
    card = whole(NEW.encode())
    with watching() as watch, daemon.tap(card, tear_after=3 + answered):
        watch.next(CardSeen)
        torn = watch.reader.errand(CheckPin(OWN_PIN, "9999"))
        assert torn.outcome is (PinOutcome.UNSURE if answered == 3 else PinOutcome.TORN)
        assert card.pins[PIN_AID, 0x21].tries == 3              # it never reached the card
