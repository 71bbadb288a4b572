"""A token out of a card: layouts, encodings, odd answers, refusals. No daemon: a card in memory."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.cards.filecard import FELICA, FileCard
from sanjo_tui.cards.profiles import Pin, Profile
from sanjo_tui.cards.reading import NotThisCard, Refused, read, read_card

AID = bytes.fromhex("D3921000310001FF01")
USER = "3210987654321"
MY_NUMBER = "123456789018"


def city(**changes: Any) -> Profile:
    given: dict[str, Any] = {"id": "city", "kind": "file", "aid": AID, "ef": b"\x00\x01", "length": 13,
                             "assurance": "possession"}
    return Profile(**{**given, **changes})


def card(content: bytes, ef: int = 1, aid: bytes = AID, **more: Any) -> FileCard:
    return FileCard({aid: {ef: content}}, **more)


class Traced(FileCard):
    """Also keeps what it was asked."""

    def __init__(self, *values: Any, **named: Any) -> None:
        super().__init__(*values, **named)
        self.asked: list[bytes] = []

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        self.asked.append(apdu)
        return super().transmit(apdu)


@pytest.mark.parametrize("where", [{"ef": b"\x00\x01"}, {"ef": b"", "sfi": 1}, {"ef": b"\x00\x01", "sfi": 1}])
@given(offset=st.integers(0, 0x7FFF - 600), length=st.integers(1, 600), tail=st.binary(max_size=20), data=st.data())
def test_any_offset_and_length(where: dict[str, Any], offset: int, length: int, tail: bytes,
                               data: st.DataObject) -> None:
    number = data.draw(st.text("0123456789", min_size=length, max_size=length))
    held = card(b"\x00" * offset + number.encode() + tail)
    assert read(city(offset=offset, length=length, pattern=r"\d+", **where), held.transmit) == number \
        or length == 12                                                     # may look like a 個人番号: refused


@given(aid=st.binary(min_size=5, max_size=16), ef=st.integers(1, 0xFFFE))
def test_any_application_and_file(aid: bytes, ef: int) -> None:
    assert read(city(aid=aid, ef=ef.to_bytes(2)), card(USER.encode(), ef, aid).transmit) == USER


@pytest.mark.parametrize(("decode", "content", "length", "number"), [
    ("ascii", USER.encode(), 13, USER), ("ascii", USER.encode() + b"\x00\x00\xff", 16, USER),
    ("ascii", b"A-17  ", 6, "A-17"), ("bcd", bytes.fromhex(USER + "F"), 7, USER),
    ("bcd", bytes.fromhex("0012345678901F"), 7, "0012345678901"), ("bcd", bytes.fromhex("1234FF"), 3, "1234"),
    ("hex", bytes.fromhex("01ab"), 2, "01AB"),
])
def test_encodings(decode: str, content: bytes, length: int, number: str) -> None:
    assert read(city(decode=decode, length=length), card(content).transmit) == number


@pytest.mark.parametrize(("decode", "content"), [
    ("ascii", "三条".encode()), ("ascii", b"12\x0745"), ("bcd", bytes.fromhex("12AB")), ("ascii", b"      "),
    ("ascii", b"\x00" * 6), ("hex", b"\xff" * 6), ("bcd", b"\xff" * 6),
])
def test_what_is_no_number_is_refused(decode: str, content: bytes) -> None:
    with pytest.raises(Refused):
        read(city(decode=decode, length=len(content)), card(content).transmit)


def test_a_short_file_id_saves_one_command() -> None:
    held = Traced({AID: {1: USER.encode()}})
    assert read(city(ef=b"", sfi=1), held.transmit) == USER
    assert [one[1] for one in held.asked] == [0xA4, 0xB0]


def test_a_card_that_does_not_select_by_short_id_is_asked_by_the_long_one() -> None:
    class Forgetful(FileCard):
        def transmit(self, apdu: bytes) -> tuple[bytes, int]:
            answer = super().transmit(apdu)
            if apdu[1] == 0xB0 and apdu[2] & 0x80:
                self.current = None
            return answer

    held = Forgetful({AID: {1: b"\x00" * 400 + USER.encode()}})
    assert read(city(ef=b"", sfi=1, offset=400), held.transmit) == USER


def test_records() -> None:
    held = FileCard(records={(AID, 2): (b"first", b"xx" + USER.encode() + b"rest")})
    where = {"kind": "record", "ef": b"", "sfi": 2, "record": 2}
    assert read(city(offset=2, **where), held.transmit) == USER
    assert read(city(length=0, **where), held.transmit) == f"xx{USER}rest"
    assert read(city(kind="record", ef=b"\x00\x02", record=1, length=5), held.transmit) == "first"
    with pytest.raises(NotThisCard):
        read(city(kind="record", ef=b"", sfi=2, record=3), held.transmit)


@pytest.mark.parametrize("kind", ["file", "record"])
def test_a_number_cut_short_is_refused(kind: str) -> None:
    held = FileCard({AID: {1: USER[:9].encode()}}, {(AID, 1): (USER[:9].encode(),)})
    with pytest.raises(Refused, match=r"短い|超えて"):
        read(city(kind=kind), held.transmit)


def answers(*rows: tuple[bytes, int]) -> tuple[Callable[[bytes], tuple[bytes, int]], list[bytes]]:
    """A card that gives these answers one after another, and the commands it got."""
    asked: list[bytes] = []

    def transmit(apdu: bytes) -> tuple[bytes, int]:
        asked.append(apdu)
        return rows[len(asked) - 1]

    return transmit, asked


def test_contact_cards_that_correct_the_length_or_hold_the_answer_ready() -> None:
    transmit, asked = answers((b"", 0x9000), (b"", 0x9000), (b"", 0x6C0D), (USER.encode(), 0x9000))
    assert read(city(), transmit) == USER and asked[-1][4] == 13
    transmit, asked = answers((b"", 0x6110), (b"FCI", 0x9000), (b"", 0x9000), (USER[:8].encode(), 0x6105),
                              (USER[8:].encode(), 0x9000))
    assert read(city(), transmit) == USER and asked[-1] == bytes.fromhex("00C0000005")


def test_a_warning_at_the_end_of_the_file_is_no_error() -> None:
    transmit, _ = answers((b"", 0x9000), (b"", 0x9000), (USER.encode(), 0x6282))
    assert read(city(), transmit) == USER


@pytest.mark.parametrize("status", [0x6A82, 0x6A81, 0x6A83, 0x6999, 0x6D00, 0x6E00])
@pytest.mark.parametrize("step", [0, 1, 2])
def test_status_words_that_mean_another_card(status: int, step: int) -> None:
    with pytest.raises(NotThisCard):
        read(city(), answers(*[(b"", 0x9000)] * step, (b"", status))[0])


@pytest.mark.parametrize(("status", "said"), [(0x6982, "暗証番号"), (0x6B00, "offset"), (0x6F42, "断りました")])
def test_other_status_words_are_a_named_refusal(status: int, said: str) -> None:
    with pytest.raises(Refused, match=said) as error:
        read(city(), answers((b"", 0x9000), (b"", 0x9000), (b"", status))[0])
    assert f"{status:04X}" in error.value.code


def test_the_first_profile_that_fits_wins_and_the_others_are_skipped() -> None:
    other = city(id="other", aid=b"\xa0" * 6)
    off, wedge = city(id="off", enabled=False), Profile(id="w", kind="wedge", pattern=".*")
    contact = city(id="contact", match_atr=("3BE0*",))
    held = card(USER.encode())
    assert read_card([wedge, off, contact, other, city()], held.transmit, held.atr, "R") == CardSeen(
        "R", "city", "user_id", USER, "possession")


def test_a_card_of_no_profile_is_refused_with_its_atr_in_the_log() -> None:
    held = card(USER.encode(), aid=b"\xa0" * 6)
    with pytest.raises(Refused, match="使えるカードではありません") as error:
        read_card([city()], held.transmit, held.atr, "R")
    assert held.atr.hex().upper() in error.value.code


def test_a_refused_card_never_falls_to_a_lower_assurance() -> None:
    uid = Profile(id="idm", kind="uid", token="idm", decode="hex")
    held = card(b"wrong number!", uid=b"\x01" * 8)
    with pytest.raises(Refused, match="形が違います"):
        read_card([city(pattern=r"\d{13}"), uid], held.transmit, held.atr, "R")
    second = city(id="second", pattern=".*")
    assert read_card([city(pattern=r"\d{13}"), uid, second], held.transmit, held.atr, "R").profile == "second"


def test_a_random_uid_is_refused_and_a_file_still_read() -> None:
    uid = Profile(id="idm", kind="uid", token="idm", decode="hex", forbid_random=True)
    held = card(USER.encode(), uid=b"\x08\x12\x34\x56")
    with pytest.raises(Refused, match="かざすたびに変わる"):
        read_card([uid], held.transmit, held.atr, "R")
    assert read_card([uid, city()], held.transmit, held.atr, "R").profile == "city"
    longer = Profile(id="idm", kind="uid", token="idm", decode="hex", length=8, forbid_random=True)
    with pytest.raises(Refused, match="かざすたびに変わる"):      # the reason, also where eight bytes are asked for
        read_card([longer], held.transmit, held.atr, "R")


def test_uid_of_the_length_asked_for() -> None:
    uid = Profile(id="idm", kind="uid", token="idm", decode="hex", length=8)
    held = FileCard(uid=bytes.fromhex("0102030405060708"), atr=FELICA)
    assert read_card([uid], held.transmit, held.atr, "R") == CardSeen("R", "idm", "idm", "0102030405060708")
    for other in (FileCard(uid=b"\x04" * 7), FileCard()):
        with pytest.raises(NotThisCard):
            read(uid, other.transmit)


@pytest.mark.parametrize(("pattern", "content", "expected"), [
    (r"^\d{13}$", USER, USER), (r"^0(?P<number>\d{13})$", "0" + USER, USER),
    (r"(?P<number>\d{7}).*", "1234567/2/X", "1234567"),
])
def test_a_named_group_is_the_number(pattern: str, content: str, expected: str) -> None:
    assert read(city(pattern=pattern, length=len(content)), card(content.encode()).transmit) == expected


@pytest.mark.parametrize(("check", "good", "bad"), [
    ("luhn", "79927398713", "79927398714"), ("jan", "4901234567894", "4901234567890"),
    ("mod11-2to7", MY_NUMBER[:-1] + "8", "1234567"),
])
def test_check_digits(check: str, good: str, bad: str) -> None:
    pattern = rf"\d{{{len(good)}}}"
    assert read(city(check=check, length=len(good), pattern=pattern), card(good.encode()).transmit) == good
    with pytest.raises(Refused, match="検査数字"):
        read(city(check=check, length=len(bad)), card(bad.encode()).transmit)


@pytest.mark.parametrize("pattern", ["", r"^\d{13}$", r"^\d+$", r"\d{10,14}", ".*"])
def test_a_my_number_is_refused_and_in_no_text_of_the_refusal(pattern: str) -> None:
    low = Profile(id="any", kind="file", aid=AID, ef=b"\x00\x01", length=12, assurance="possession", pattern=r"\d{12}")
    held = card(MY_NUMBER.encode())
    with pytest.raises(Refused, match="個人番号") as error:
        read_card([city(length=12, pattern=pattern), low], held.transmit, held.atr, "R")
    assert MY_NUMBER[:6] not in f"{error.value} {error.value.detail} {error.value.code} {error.value!r}"


def test_a_pattern_made_for_twelve_digits_lets_its_own_number_pass() -> None:
    assert read(city(length=12, pattern=r"^\d{12}$"), card(MY_NUMBER.encode()).transmit) == MY_NUMBER


class PinCard(FileCard):
    """A file behind a PIN."""

    def __init__(self, tries: int) -> None:
        super().__init__({AID: {1: USER.encode(), 0x11: b""}})
        self.tries, self.open, self.shown = tries, False, 0

    def transmit(self, apdu: bytes) -> tuple[bytes, int]:
        if apdu[1] == 0x20:
            if len(apdu) == 4:
                return b"", 0x63C0 | self.tries if self.tries else 0x6984
            self.shown += 1
            self.open = apdu[5:] == b"1234"
            self.tries = 3 if self.open else self.tries - 1
            return b"", 0x9000 if self.open else 0x63C0 | self.tries
        if apdu[1] == 0xB0 and not self.open:
            return b"", 0x6982
        return super().transmit(apdu)


def test_a_pin_is_shown_only_while_enough_tries_are_left() -> None:
    profile = city(pin=Pin(b"\x00\x11", 4, 1))
    assert read(profile, PinCard(3).transmit, "1234") == USER
    for tries, pin, said in ((3, "", "暗証番号が要ります"), (3, "12345", "暗証番号が要ります"), (3, "9999", "違います"),
                             (1, "1234", "残り回数"), (0, "1234", "残り回数")):
        held = PinCard(tries)
        with pytest.raises(Refused, match=said):
            read(profile, held.transmit, pin)
        assert held.tries >= min(tries, 1) and held.shown <= 1
