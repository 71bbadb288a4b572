"""Check digits, with the examples their sources give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui import numbers


def my_number(body: str) -> str:
    return next(body + last for last in "0123456789" if numbers.is_my_number(body + last))


@pytest.mark.parametrize("text", ["123456789018", "１２３４ ５６７８ ９０１８", "1234-5678-9018"])
def test_my_number_is_recognised_in_any_width(text: str) -> None:
    assert numbers.is_my_number(text)


@pytest.mark.parametrize("text", ["123456789012", "12345678901", "1234567890180", "", "佐藤", "12345678901x"])
def test_other_text_is_no_my_number(text: str) -> None:
    assert not numbers.is_my_number(text)


@given(st.from_regex(r"[0-9]{11}", fullmatch=True))
def test_every_body_has_exactly_one_my_number(body: str) -> None:
    assert sum(numbers.is_my_number(f"{body}{last}") for last in range(10)) == 1


@pytest.mark.parametrize("code", ["152048", "152021", "152111", "152251", "155861", "999997"])
def test_lg_code_takes_five_or_six_digits(code: str) -> None:
    assert numbers.lg_code(code) == numbers.lg_code(code[:5]) == code


@pytest.mark.parametrize("code", ["152049", "15204", "1520", "1520480", "15204a", ""])
def test_wrong_lg_codes(code: str) -> None:
    assert numbers.lg_code(code) == ("152048" if code == "15204" else "")


@given(st.from_regex(r"[0-9]{4,14}", fullmatch=True))
def test_addressee_check_digit(body: str) -> None:
    digit = numbers.addressee_check_digit(body)
    right = [last for last in range(10) if numbers.is_addressee_no(f"{body}{last}")]
    assert right == ([] if digit is None else [digit])


def test_bar_codes() -> None:
    assert numbers.is_jan("4901234567894") and numbers.is_jan("49968712")
    assert not numbers.is_jan("4901234567895") and not numbers.is_jan("490123")
    assert numbers.is_luhn("79927398713") and not numbers.is_luhn("79927398710")
    assert numbers.is_luhn("US0378331005")


@given(st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True), st.integers(0, 99999))
def test_registration_numbers_come_back(code: str, number: int) -> None:
    written = numbers.registration_no(code, number)
    assert numbers.read_registration_no(written) == (code, number)
    assert numbers.read_registration_no(f" {written.lower()} ") == (code, number)
    for wrong in {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"} - {written[-1]}:
        assert numbers.read_registration_no(written[:-1] + wrong) is None
