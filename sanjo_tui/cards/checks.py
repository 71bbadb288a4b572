"""Check digits that a profile may ask for by name."""

from __future__ import annotations

from collections.abc import Callable

from sanjo_tui.numbers import is_jan, is_luhn


def is_mod11(number: str) -> bool:
    """Modulus 11, weights 2 to 7 from the right over and over; remainders 0 and 1 give 0 (any length)."""
    if not (number.isascii() and number.isdigit() and len(number) > 1):
        return False
    remainder = sum(int(digit) * (2 + place % 6) for place, digit in enumerate(reversed(number[:-1]))) % 11
    return int(number[-1]) == (0 if remainder <= 1 else 11 - remainder)


CHECKS: dict[str, Callable[[str], bool]] = {"luhn": is_luhn, "jan": is_jan, "mod11-2to7": is_mod11}
"""Each says whether the last digit of a number is right."""
