"""Bar codes of 入場券: pattern, prefix, check digit, and never a user ID."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.numbers import luhn_digit
from sanjo_tui.receptions.polling.election import TicketForm
from sanjo_tui.receptions.polling.tables import Problem, Table
from sanjo_tui.receptions.polling.tickets import read_form, read_ticket

LUHN = TicketForm(pattern=r"T(?P<ticket>\d{10})", check="luhn")


def form(**keys: str) -> tuple[TicketForm, list[Problem]]:
    problems: list[Problem] = []
    return read_form(Table({"ticket": dict(keys)}, "", problems)), problems


@given(st.text("0123456789", min_size=9, max_size=9))
def test_a_right_code_gives_its_number_without_the_prefix(body: str) -> None:
    number = f"{body}{luhn_digit(body)}"
    assert read_ticket(LUHN, f"T{number}") == number
    wrong = f"{body}{(luhn_digit(body) + 1) % 10}"
    assert read_ticket(LUHN, f"T{wrong}") is None


@pytest.mark.parametrize("code", ["", " ", "0000000018", "T000000001", "T00000000180", "XT0000000018", "T0000000018X",
                                  "さとう", "T000000001٨"])
def test_a_code_of_another_form_is_no_ticket(code: str) -> None:
    assert read_ticket(LUHN, code) is None


def test_width_and_blanks_around_do_not_matter() -> None:
    assert read_ticket(LUHN, " Ｔ００００００００１８\n") == "0000000018"


def test_without_a_form_nothing_is_a_ticket() -> None:
    assert read_ticket(TicketForm(), "0000000018") is None


def test_thirteen_bare_digits_are_a_user_id_whatever_the_pattern() -> None:
    assert read_ticket(TicketForm(pattern=r"\d+"), "3210987654321") is None
    assert read_ticket(TicketForm(pattern=r"(?P<ticket>\d{12})\d"), "3210987654321") is None


@pytest.mark.parametrize(("number", "right"), [("1000000001", False), ("0000000019", True), ("0000000027", True)])
def test_mod11(number: str, right: bool) -> None:
    assert (read_ticket(TicketForm(pattern=r"\d{10}", check="mod11"), number) == number) is right


@pytest.mark.parametrize(("pattern", "prefix"), [
    (r"\d{10}", ""), (r"\d{13}", "T"), (r"\d{12}", "A"), (r"[0-9]{8}", ""), (r"\d{2}-\d{3}-\d{5}", ""),
    (r"(?P<ticket>\d{9})\d", "T"), (r"K\d{12}", "")])
def test_unambiguous_forms_are_taken(pattern: str, prefix: str) -> None:
    read, problems = form(pattern=pattern, prefix=prefix)
    assert not problems and re.compile(read.pattern)


@pytest.mark.parametrize(("keys", "word"), [
    ({"pattern": r"\d{13}"}, "13 桁"), ({"pattern": r"\d{10,}"}, "13 桁"), ({"pattern": r"15\d{11}"}, "13 桁"),
    ({"pattern": r"152048\d{7}"}, "13 桁"), ({"pattern": r"\d{12}", "prefix": "1"}, "13 桁"),
    ({"pattern": "["}, "正規表現"), ({"pattern": r"\d{10}", "prefix": "T", "check": "crc"}, "check"),
    ({"pattern": ".*"}, "広すぎ"), ({"pattern": r"\d*"}, "広すぎ"), ({"pattern": r"\w+"}, "広すぎ"),
    ({"prefix": "T"}, "pattern"), ({"pattern": r"\d{10}", "lenght": "10"}, "lenght")])
def test_ambiguous_or_broken_forms_are_refused(keys: dict[str, str], word: str) -> None:
    _, problems = form(**keys)
    assert any(word in str(problem) for problem in problems), problems
