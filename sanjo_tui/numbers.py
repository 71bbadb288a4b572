"""Check digits: 個人番号 (to refuse it), 宛名番号, municipality codes, bar codes, and the station's own numbers."""

from __future__ import annotations

import re
import unicodedata
from itertools import cycle
from operator import mul


def is_my_number(text: str) -> bool:
    """Twelve digits (any width, blanks and hyphens between) that pass the check of 個人番号 (省令第85号 第5条)."""
    digits = only_digits(text)
    if len(digits) != 12:
        return False
    remainder = _weighed(digits[:11])
    return int(digits[11]) == (0 if remainder <= 1 else 11 - remainder)


def only_digits(text: str) -> str:
    """ASCII digits of a number typed in any width with blanks or hyphens between; "" if it is no such number."""
    plain = re.sub(r"[\s\-‐‑‒–—―−ーｰ]", "", unicodedata.normalize("NFKC", text))
    return plain if plain.isascii() and plain.isdigit() else ""


def addressee_check_digit(body: str) -> int | None:
    """Last digit of a 宛名番号 or 世帯番号: modulus 11, weights 2 to 7 from the right. None: there is none."""
    remainder = _weighed(body)
    return None if remainder == 1 else (11 - remainder) % 11


def is_addressee_no(number: str) -> bool:
    """Whether the check digit is right. Old numbers keep their form: warn, never refuse."""
    return bool(re.fullmatch(r"[0-9]{2,}", number)) and addressee_check_digit(number[:-1]) == int(number[-1])


def lg_code(code: str) -> str:
    """The municipality code with its check digit from five or six digits; "" if it is none."""
    if not re.fullmatch(r"[0-9]{5,6}", code):
        return ""
    total = sum(weight * int(digit) for weight, digit in zip((6, 5, 4, 3, 2), code, strict=False))
    whole = f"{code[:5]}{(11 - total % 11) % 10}"
    return whole if code in (whole, whole[:5]) else ""


def luhn_digit(body: str) -> int:
    """The digit that makes `body` pass Luhn's check; letters count as 10 to 35, as in an ISIN."""
    digits = "".join(str(int(character, 36)) for character in body)
    doubled = "".join(str(int(digit) * (2 - place % 2)) for place, digit in enumerate(reversed(digits)))
    return -sum(map(int, doubled)) % 10


def is_luhn(number: str) -> bool:
    """Whether the last digit is Luhn's."""
    return bool(re.fullmatch(r"[0-9A-Za-z]+[0-9]", number)) and luhn_digit(number[:-1]) == int(number[-1])


def is_jan(number: str) -> bool:
    """A JAN or EAN bar code of 8 or 13 digits with the right check digit."""
    if not re.fullmatch(r"[0-9]{8}|[0-9]{13}", number):
        return False
    total = sum(int(digit) * (1, 3)[place % 2] for place, digit in enumerate(reversed(number)))
    return total % 10 == 0


def registration_no(code: str, number: int) -> str:
    """受付番号 `CODE-NNNN-C`: the station's code, a running number of four digits or more, a check digit over both."""
    body = f"{code.upper()}{number:04}"
    return f"{code.upper()}-{number:04}-{luhn_digit(body)}"


def read_registration_no(text: str) -> tuple[str, int] | None:
    """Station code and number of a 受付番号 as typed or scanned; None if it is none or its check digit is wrong."""
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    parts = re.fullmatch(r"([0-9A-Z]+)-([0-9]{4,})-([0-9])", plain)
    if not parts or luhn_digit(parts[1] + parts[2]) != int(parts[3]):
        return None
    return parts[1], int(parts[2])


def canonical_registration_no(text: str) -> str | None:
    """A 受付番号 as typed or scanned in the one form that the journal keeps; None if it is none."""
    read = read_registration_no(text)
    return registration_no(*read) if read else None


def _weighed(body: str) -> int:
    """Sum of the digits by the weights 2 to 7 from the right, over and over, modulo 11."""
    total: int = sum(map(mul, map(int, reversed(body)), cycle(range(2, 8))))
    return total % 11
