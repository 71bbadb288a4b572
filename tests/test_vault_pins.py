"""PINs of second operators: text form, width of digits, and what is no PIN."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.vault import pins

LIGHT = pins.make("2468", light=True)


@settings(max_examples=20)
@given(st.text("0123456789", min_size=4, max_size=12))
def test_the_pin_opens_and_another_does_not(pin: str) -> None:
    made = pins.make(pin, light=True)
    assert pins.is_hash(made) and pin not in made
    assert pins.check(made, pin)
    assert not pins.check(made, pin[:-1] + str((int(pin[-1]) + 1) % 10))


def test_two_hashes_of_one_pin_differ() -> None:
    assert pins.make("2468", light=True) != LIGHT


def test_full_width_digits_of_an_ime_are_the_same_pin() -> None:
    assert pins.check(LIGHT, "２４６８")


@pytest.mark.parametrize("pin", ["", "123", "1234567890123", "12a4", "①②③④⑤x", " ", "12 34"])
def test_what_is_no_pin_is_refused(pin: str) -> None:
    with pytest.raises(RuleError, match="4 桁から 12 桁"):
        pins.make(pin, light=True)
    assert not pins.check(LIGHT, pin)


def test_the_usual_cost_is_that_of_the_vault() -> None:
    assert pins.make("2468").startswith("$argon2id$v=19$m=65536,t=3,p=4$")


@pytest.mark.parametrize("text", [
    "", "2468", "$argon2i$v=19$m=64,t=1,p=1$c2FsdHNhbHQ$aGFzaGhhc2hoYXNoaGFzaGhhc2g", LIGHT[:-30], LIGHT + "\n",
    LIGHT.replace("m=64", "m=9999999"), LIGHT.replace("t=1", "t=99"), LIGHT.replace("p=1", "p=0"),
    LIGHT.replace("m=64", "m=4")], ids=range(9))
def test_a_text_that_is_no_bearable_hash_never_opens(text: str) -> None:
    assert not pins.is_hash(text)
    assert not pins.check(text, "2468")


def test_a_hash_of_broken_base64_does_not_open() -> None:
    assert not pins.check(LIGHT[:-1], "2468")
