"""Scanner or person: the burst rule as a machine, and the meaning of a code by profile."""

from __future__ import annotations

from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.cards.facts import CardRefused, CardSeen
from sanjo_tui.cards.profiles import Profile
from sanjo_tui.cards.wedge import END_WITHIN, GAP, HELD_DOWN, LEAST, MEDIAN, Burst, Code, Typed, prefixes, recognise

USER = "3210987654321"
CODES = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=30)


class Keyboard:
    """Types into a burst machine and keeps what came out; ticks as a timer in the same queue would."""

    def __init__(self, *prefix: str) -> None:
        self.burst: Burst[str] = Burst(prefix)
        self.time = 100.0
        self.typed = ""
        self.codes: list[Code] = []
        self.longest_held = 0.0
        self._since: list[float] = []

    def key(self, character: str | None, after: float, key: str | None = None) -> None:
        until = self.time + after
        while (deadline := self.burst.deadline) is not None and deadline < until - 1e-9:
            self.time = deadline
            self._take(self.burst.tick(deadline))
        self.time = until
        self._take(self.burst.feed(key or character or "", character, until))

    def type(self, text: str, gap: float | list[float]) -> None:
        for place, character in enumerate(text):
            self.key(character, gap if isinstance(gap, float) else gap[place])

    def pause(self) -> None:
        while (deadline := self.burst.deadline) is not None:
            self.time = deadline
            self._take(self.burst.tick(deadline))
        self.time += 10

    def _take(self, outcomes: tuple[Typed[str] | Code, ...]) -> None:
        for one in outcomes:
            if isinstance(one, Code):
                self.codes.append(one)
            else:
                self.typed += "".join(one.keys)


@pytest.mark.parametrize("end", ["\r", "\n", "\t"])
@pytest.mark.parametrize("gap", [0.0, 0.001, 0.008, 0.016])
def test_a_scanner_is_a_code_and_never_typing(end: str, gap: float) -> None:
    keyboard = Keyboard()
    keyboard.type(USER + end, gap)
    keyboard.pause()
    assert keyboard.codes == [Code(USER)] and keyboard.typed == ""


@pytest.mark.parametrize("gap", [0.030, 0.061, 0.120, 0.5])
def test_a_person_or_a_key_repeat_is_typing(gap: float) -> None:
    keyboard = Keyboard()
    keyboard.type(USER + "\r", gap)
    keyboard.pause()
    assert keyboard.codes == [] and keyboard.typed == USER + "\r"


def test_a_single_key_is_held_for_60_ms() -> None:
    keyboard = Keyboard()
    keyboard.key("1", 1.0)
    assert keyboard.typed == "" and keyboard.burst.deadline == pytest.approx(keyboard.time + GAP)
    assert keyboard.burst.tick(keyboard.time + GAP / 2) == ()
    keyboard.pause()
    assert keyboard.typed == "1" and keyboard.burst.deadline is None


@given(code=CODES.filter(lambda text: len(text) >= LEAST), data=st.data(), end=st.sampled_from("\r\n\t"))
def test_what_the_rule_calls_a_scan_never_lands_half_way(code: str, data: st.DataObject, end: str) -> None:
    gaps = data.draw(st.lists(st.floats(0, GAP), min_size=len(code) - 1, max_size=len(code) - 1)
                     .filter(lambda some: median(some) < MEDIAN - 1e-6))
    end_gap = data.draw(st.floats(0, END_WITHIN - 1e-6))
    keyboard = Keyboard()
    keyboard.type(code + end, [1.0, *(gap * 0.999 for gap in gaps), end_gap])
    slow_start = next((place for place, gap in enumerate(gaps) if gap * 0.999 < MEDIAN), len(gaps))
    if slow_start >= HELD_DOWN - 1 and len(set(code[:HELD_DOWN])) == 1:
        return                                             # eight slow times the same key: a key held down, by design
    keyboard.pause()
    assert keyboard.codes == [Code(code)] and keyboard.typed == ""


@given(text=st.text(st.characters(min_codepoint=0x20, max_codepoint=0x30FF), max_size=40), data=st.data())
def test_nothing_is_lost_or_reordered(text: str, data: st.DataObject) -> None:
    gaps = data.draw(st.lists(st.floats(0, 0.3), min_size=len(text), max_size=len(text)))
    keyboard = Keyboard()
    out: list[str] = []
    for character, gap in zip(text, gaps, strict=True):
        keyboard.type(character, gap)
        if keyboard.codes:
            out.append(keyboard.typed + "".join(code.text for code in keyboard.codes))
            keyboard.typed, keyboard.codes = "", []
    keyboard.pause()
    out.append(keyboard.typed + "".join(code.text for code in keyboard.codes))
    assert sorted("".join(out)) == sorted(text)


@given(text=st.text("0123456789", max_size=LEAST - 1), gap=st.floats(0, 0.2))
def test_short_numbers_are_typing_in_their_order(text: str, gap: float) -> None:
    keyboard = Keyboard()
    keyboard.type(text + "\r", gap)
    assert keyboard.typed == text + "\r" and not keyboard.codes


def test_a_scan_without_an_end_mark_is_given_whole_after_100_ms() -> None:
    keyboard = Keyboard()
    keyboard.type(USER, 0.008)
    assert keyboard.burst.deadline == pytest.approx(keyboard.time + END_WITHIN)
    keyboard.pause()
    assert keyboard.codes == [Code(USER, whole=False)] and keyboard.typed == ""


def test_an_end_mark_that_comes_late_is_a_key_of_its_own() -> None:
    keyboard = Keyboard()
    keyboard.type(USER, 0.008)
    keyboard.time += 0.2                                   # no timer came in between: the application was busy
    assert keyboard.burst.feed("\r", "\r", keyboard.time) == (Code(USER, whole=False), Typed(("\r",)))


def test_a_busy_application_changes_nothing() -> None:
    burst: Burst[str] = Burst()
    for place, character in enumerate("1234567890"):
        assert burst.feed(character, character, place * 0.008) == ()
    assert burst.feed("\r", "\r", 0.08) == (Code("1234567890"),)
    slow = [burst.feed(character, character, 10 + place * 0.12) for place, character in enumerate("1234567890")]
    assert slow[1:] == [(Typed((character,)),) for character in "123456789"]


def test_cr_lf_ends_one_scan_once() -> None:
    keyboard = Keyboard()
    keyboard.type(USER + "\r\n", 0.008)
    assert keyboard.codes == [Code(USER)] and keyboard.typed == ""
    keyboard.pause()
    keyboard.key("\n", 1.0)
    assert keyboard.typed == "\n"


def test_the_same_code_within_two_seconds_is_one_scan() -> None:
    keyboard = Keyboard()
    keyboard.type(USER + "\r", 0.008)
    keyboard.key(USER[0], 1.0)
    keyboard.type(USER[1:] + "\r", 0.008)
    assert keyboard.codes == [Code(USER)] and keyboard.typed == ""
    keyboard.type("8854101966248\r", 0.008)
    keyboard.pause()
    keyboard.type(USER + "\r", 0.008)
    assert [code.text for code in keyboard.codes] == [USER, "8854101966248", USER]


def test_full_width_digits_are_the_same_code_but_typed_as_they_came() -> None:
    keyboard = Keyboard()
    keyboard.type("３２１０９８７６５４３２１\r", 0.008)
    assert keyboard.codes == [Code(USER)]
    keyboard.type("１２", 0.008)
    keyboard.pause()
    assert keyboard.typed == "１２"


def test_kana_and_other_keys_pass_at_once_after_what_was_held() -> None:
    keyboard = Keyboard()
    keyboard.type("12さ", 0.008)
    assert keyboard.typed == "12さ"
    keyboard.key("3", 0.1)
    keyboard.key(None, 0.01, key="<left>")
    assert keyboard.typed == "12さ3<left>"


def test_a_key_held_down_is_let_through() -> None:
    keyboard = Keyboard()
    keyboard.type("0" * HELD_DOWN, 0.030)
    assert keyboard.typed == "0" * HELD_DOWN
    keyboard.type("00", 0.030)
    assert keyboard.typed == "0" * (HELD_DOWN + 2)


def test_a_prefix_beats_timing() -> None:
    keyboard = Keyboard("~")
    keyboard.type("~12345\r", 0.3)
    assert keyboard.codes == [Code("~12345")] and keyboard.typed == ""
    keyboard.type("~12", 0.3)
    keyboard.pause()
    keyboard.type("~\r", 0.01)
    assert keyboard.typed == "~12~\r"


def wedge(**values: object) -> Profile:
    return Profile(**{"id": "typed", "kind": "wedge", "pattern": r"^\d{13}$", **values})  # type: ignore[arg-type]


def test_prefixes_that_become_known_later_lose_no_key() -> None:
    keyboard = Keyboard()
    keyboard.type("~", 0.0)
    keyboard.burst.know(("~",), 2.0)
    keyboard.type("123\r", 0.2)
    assert (keyboard.codes, keyboard.typed) == ([Code("~123")], "")


def test_a_code_is_a_token_by_the_first_profile_that_fits() -> None:
    tag = wedge(id="tag", token="registration_no", pattern=r"[A-Z]+-\d{4}-\d")
    off, file = wedge(id="off", enabled=False), wedge(id="file", kind="file")
    assert recognise([off, file, tag, wedge()], USER) == CardSeen("キー入力の読取機", "typed", "user_id", USER)
    assert recognise([wedge(), tag], "DEMO-0012-3") == CardSeen(
        "キー入力の読取機", "tag", "registration_no", "DEMO-0012-3")
    assert recognise([wedge(), tag], "３２１０９８７６５４３２１") == recognise([wedge()], USER)
    assert recognise([wedge(), tag], "19480229") is None
    assert recognise([], USER) is None


def test_length_prefix_and_named_group() -> None:
    assert recognise([wedge(pattern="", length=7)], "1234567") is not None
    assert recognise([wedge(pattern="", length=7)], "12345678") is None
    profile = wedge(prefix="~", pattern=r"A(?P<number>\d+)B")
    found = recognise([profile], "~A1234B")
    assert isinstance(found, CardSeen) and found.value == "1234"
    assert recognise([profile], "A1234B") is None
    assert isinstance(recognise([profile], "~X"), CardRefused)
    assert isinstance(recognise([wedge(prefix="~", length=7)], "~" + USER), CardRefused)
    assert prefixes([profile, wedge()]) == ("~",)


def test_a_wrong_check_digit_is_a_refusal_and_not_a_search() -> None:
    assert isinstance(recognise([wedge(check="jan")], "4901234567890"), CardRefused)
    assert isinstance(recognise([wedge(check="jan")], "4901234567894"), CardSeen)


def test_a_my_number_is_nobodys_code_unless_a_pattern_is_made_for_its_length() -> None:
    number = "123456789018"
    assert recognise([wedge()], number) is None
    refused = recognise([wedge(pattern=r"\d+")], number)
    assert isinstance(refused, CardRefused) and number[:6] not in repr(refused)
    assert isinstance(recognise([wedge(pattern=r"^\d{12}$", token="ticket")], number), CardSeen)
