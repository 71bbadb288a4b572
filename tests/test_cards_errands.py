"""Errands on a card: PINs that leave the last try alone, a number written and read back, the card pulled anywhere."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui import station as stations
from sanjo_tui.cards import virtual
from sanjo_tui.cards.errands import CheckPin, Errand, PinOutcome, WriteId, WriteOutcome
from sanjo_tui.cards.facts import CardFact, CardGone, CardSeen
from sanjo_tui.cards.filecard import FileCard, PinFile
from sanjo_tui.cards.profiles import parse
from sanjo_tui.cards.reading import CardLost, read
from sanjo_tui.errors import CardError

AID, PIN_AID = bytes.fromhex("D3921000310001FF01"), bytes.fromhex("D3921000310001FF02")
CITY = """
[[profile]]
id = "city"
kind = "file"
aid = "D3921000310001FF01"
ef = "0001"
length = 13
pattern = '^\\d{13}$'
write = [{ do = "verify", ef = "0012" }, { do = "update", chunk = 5 }]
"""
PIN = """
[[profile]]
id = "pin"
kind = "pin"
certificate = "resident_copy"
aid = "D3921000310001FF02"
ef = "0021"
digits = 4
keep = 1
"""
PROFILE, OWN_PIN = parse(CITY)[0], parse(PIN)[0]
NEW, OLD, KEY = "3210987654321", "9876543210987", "12345678"


def blank(content: bytes = bytes(13)) -> FileCard:
    return FileCard({AID: {1: content}}, pins={(AID, 0x12): PinFile(KEY.encode())}, writable={(AID, 1): 0x12})


def pin_card(tries: int = 3) -> FileCard:
    return FileCard(pins={(PIN_AID, 0x21): PinFile(b"1234", tries)})


def pulled(card: FileCard, answered: int, arrives: bool) -> Callable[[bytes], tuple[bytes, int]]:
    """Pulled after so many answers; `arrives`: the command under way still reached the card."""
    left = answered

    def transmit(apdu: bytes) -> tuple[bytes, int]:
        nonlocal left
        if left == 0:
            if arrives:
                card.transmit(apdu)
            raise CardLost
        left -= 1
        return card.transmit(apdu)

    return transmit


def counted(errand: Errand[object], card: FileCard) -> int:
    sent = 0

    def transmit(apdu: bytes) -> tuple[bytes, int]:
        nonlocal sent
        sent += 1
        return card.transmit(apdu)

    errand.run(transmit)
    return sent


def test_the_right_pin_gives_all_tries_back_and_a_wrong_one_takes_one() -> None:
    card = pin_card()
    wrong = CheckPin(OWN_PIN, "9999").run(card.transmit)
    assert (wrong.outcome, wrong.tries_left) == (PinOutcome.WRONG, 2) and "残りは 2 回" in wrong.sentence
    card.reset()
    assert CheckPin(OWN_PIN, "1234").run(card.transmit).outcome is PinOutcome.OK
    assert card.pins[PIN_AID, 0x21].tries == 3


@given(st.lists(st.sampled_from(["1234", "0000", "123", "１２３４", "12a4"]), max_size=12), st.integers(1, 15))
def test_no_row_of_pins_ever_uses_the_last_try(pins: list[str], tries: int) -> None:
    card = FileCard(pins={(PIN_AID, 0x21): PinFile(b"1234", tries, 15)})
    for pin in pins:
        card.reset()
        before = card.pins[PIN_AID, 0x21].tries
        checked = CheckPin(OWN_PIN, pin).run(card.transmit)
        after = card.pins[PIN_AID, 0x21].tries
        assert after >= 1
        if before == 1:
            assert checked.outcome in (PinOutcome.LAST_TRY, PinOutcome.FORM) and after == 1
        if checked.outcome is PinOutcome.FORM:
            assert after == before


def test_a_locked_pin_another_card_and_a_pin_that_was_shown_already() -> None:
    assert CheckPin(OWN_PIN, "1234").run(pin_card(0).transmit).outcome is PinOutcome.BLOCKED
    assert CheckPin(OWN_PIN, "1234").run(blank().transmit).outcome is PinOutcome.NOT_THIS_CARD
    card = pin_card()
    CheckPin(OWN_PIN, "1234").run(card.transmit)
    card_left_on = card.transmit
    shown = CheckPin(OWN_PIN, "0000").run(card_left_on)
    assert shown.outcome is PinOutcome.REFUSED and card.pins[PIN_AID, 0x21].tries == 3


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("answered", range(4))
def test_a_pin_with_the_card_pulled_at_every_command(answered: int, arrives: bool) -> None:
    card = pin_card()
    checked = CheckPin(OWN_PIN, "9999").run(pulled(card, answered, arrives))
    assert checked.outcome is (PinOutcome.UNSURE if answered == 3 else PinOutcome.TORN)
    assert card.pins[PIN_AID, 0x21].tries == (2 if answered == 3 and arrives else 3)


def test_no_pin_or_key_stands_in_what_is_shown_of_an_errand() -> None:
    assert "1234" not in repr(CheckPin(OWN_PIN, "1234"))
    assert KEY not in repr(WriteId(PROFILE, NEW, secret=KEY))


def test_a_number_is_written_in_parts_and_read_back() -> None:
    card = blank()
    written = WriteId(PROFILE, NEW, secret=KEY).run(card.transmit)
    assert (written.outcome, written.read_back, written.touched) == (WriteOutcome.WRITTEN, NEW, True)
    card.reset()
    assert read(PROFILE, card.transmit) == NEW
    again = WriteId(PROFILE, NEW).run(card.transmit)
    assert (again.outcome, again.touched) == (WriteOutcome.ALREADY, False)


def test_a_number_of_somebody_else_is_never_overwritten() -> None:
    card = blank(OLD.encode())
    stopped = WriteId(PROFILE, NEW, secret=KEY).run(card.transmit)
    assert (stopped.outcome, stopped.read_back, stopped.touched) == (WriteOutcome.DIFFERS, OLD, False)
    assert WriteId(PROFILE, NEW, over=OLD, secret=KEY).run(card.transmit).outcome is WriteOutcome.WRITTEN


def test_a_wrong_key_writes_nothing_and_its_last_try_is_left() -> None:
    card = blank()
    for _ in range(5):
        refused = WriteId(PROFILE, NEW, secret="WRONG").run(card.transmit)
        card.reset()
        assert (refused.outcome, refused.touched) == (WriteOutcome.REFUSED, False)
    assert card.pins[AID, 0x12].tries == 1 and card.files[AID][1] == bytes(13)


@pytest.mark.parametrize("arrives", [False, True])
@pytest.mark.parametrize("ground", [bytes(13), b"\xff" * 13, OLD.encode()])
def test_writing_with_the_card_pulled_at_every_command_is_finished_by_the_next_try(ground: bytes,
                                                                                  arrives: bool) -> None:
    errand = WriteId(PROFILE, NEW, over=OLD, secret=KEY)
    whole = counted(errand, blank(ground))
    assert whole == 13              # three to look, three for the key, one file, three parts, three again
    for answered in range(whole):
        card = blank(ground)
        torn = errand.run(pulled(card, answered, arrives))
        assert torn.outcome is WriteOutcome.TORN
        assert torn.touched == (answered >= 7)      # nothing was sent that changes the card before
        assert torn.touched or card.files[AID][1] == ground
        card.reset()
        finished = errand.run(card.transmit)
        assert finished.outcome in (WriteOutcome.WRITTEN, WriteOutcome.ALREADY) and finished.read_back == NEW


@given(st.integers(0, 2**64), st.from_regex(r"\A[0-9]{13}\Z"))
@settings(max_examples=60)
def test_whatever_a_card_answers_is_an_outcome(seed: int, value: str) -> None:
    import random

    chance = random.Random(seed)

    def transmit(apdu: bytes) -> tuple[bytes, int]:
        if chance.random() < 0.1:
            raise CardLost
        status = chance.choice([0x9000] * 9 + [0x63C2, 0x63C1, 0x6982, 0x6A82, 0x6B00, 0x6700, 0x6281, 0x0000])
        return chance.randbytes(chance.randint(0, 20)), status

    assert isinstance(WriteId(PROFILE, value, secret=KEY).run(transmit).outcome, WriteOutcome)
    assert isinstance(CheckPin(OWN_PIN, "1234").run(transmit).outcome, PinOutcome)


@pytest.mark.parametrize(("aid", "ef", "what"), [
    ("D392F000260100000001", "0018", "公的個人認証"), ("D392F00026", "0018", "公的個人認証"),
    ("A000000308000010000100", "0080", "PIV"), ("A000000308", "0080", "PIV"),
    ("D3921000310001010408", "0011", "券面事項入力補助"), ("D3921000310001010402", "0011", "券面事項確認"),
    ("D3921000310001010408", "0014", "個人番号"), ("D3921000310001010402", "0013", "個人番号")])
def test_pins_and_writes_never_point_at_another_application(aid: str, ef: str, what: str) -> None:
    with pytest.raises(CardError, match=what):
        parse(PIN.replace("D3921000310001FF02", aid).replace("0021", ef))
    with pytest.raises(CardError, match=what):
        parse(CITY.replace("D3921000310001FF01", aid).replace('"0001"', f'"{ef}"'))


@pytest.mark.parametrize(("change", "to", "what"), [
    ('certificate = "resident_copy"', "", "certificate"), ('ef = "0021"', "", "ef"),
    ("digits = 4", "digits = 3", "digits"),
    ("keep = 1", "keep = 0", "keep"), ('aid = "D3921000310001FF02"', "", "aid")])
def test_a_broken_pin_profile_is_refused(change: str, to: str, what: str) -> None:
    with pytest.raises(CardError, match=what):
        parse(PIN.replace(change, to))


@pytest.mark.parametrize("steps", [
    '[{ do = "verify", ef = "0012" }]', '[{ do = "update" }, { do = "update" }]', '[{ do = "burn" }]', '"update"',
    '[{ do = "update", chunk = 0 }]', '[{ do = "select" }]', '[{ do = "verify", ef = "12" }, { do = "update" }]',
    '[{ do = "update", offset = 3 }]'])
def test_broken_write_steps_are_refused(steps: str) -> None:
    head, _, _ = CITY.partition("write =")
    with pytest.raises(CardError):
        parse(f"{head}write = {steps}")


def test_writing_by_a_profile_without_steps_or_of_a_wrong_form_is_refused() -> None:
    with pytest.raises(CardError, match="書込みの手順"):
        WriteId(OWN_PIN, NEW)
    with pytest.raises(CardError):
        WriteId(PROFILE, "123")


def test_the_built_in_reader_plays_pins_and_writable_cards(tmp_path: Path) -> None:
    profiles = parse((stations.fixtures() / "cards" / "profiles.toml").read_text(encoding="utf-8"))
    facts: list[CardFact] = []
    import threading

    gone = threading.Event()

    def emit(fact: CardFact) -> None:
        facts.append(fact)
        if isinstance(fact, CardGone):
            gone.set()

    reader = virtual.BuiltInReader(stations.fixtures() / "cards" / "demo.toml", profiles, emit, tmp_path / "tap")
    own = next(one for one in profiles if one.certificate == "resident_copy")
    city = next(one for one in profiles if one.write)
    assert reader.errand(CheckPin(own, "1234")).outcome is PinOutcome.GONE
    reader.start()
    try:
        reader.tap("sato")
        assert gone.wait(10)
        sato = next(one for one in facts if isinstance(one, CardSeen))
        assert reader.errand(CheckPin(own, "0000"), sato).tries_left == 2
        assert reader.errand(CheckPin(own, "1234"), sato).outcome is PinOutcome.OK
        gone.clear()
        reader.tap("blank-torn")
        assert gone.wait(10)
        assert reader.errand(CheckPin(own, "1234"), sato).outcome is PinOutcome.GONE      # another card lies there
        torn = reader.errand(WriteId(city, OLD, secret=KEY))
        assert torn.outcome is WriteOutcome.TORN
        assert reader.errand(WriteId(city, OLD, secret=KEY)).outcome is WriteOutcome.WRITTEN
        gone.clear()
        reader.tap("blank-torn")
        assert gone.wait(10)
        assert next(one for one in reversed(facts) if isinstance(one, CardSeen)).value == OLD
    finally:
        reader.stop()
