"""図書番号: ranges that were given out beforehand, and the next free number of them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.library.state import Stock

DIGITS = 7


def is_number(text: str) -> bool:
    """Seven digits."""
    return bool(re.fullmatch(r"[0-9]{7}", text))


def is_isbn(text: str) -> bool:
    """ISBN-13, which stands on the back of most books: thirteen digits, as a card's 利用者ID has."""
    if not re.fullmatch(r"97[89][0-9]{10}", text):
        return False
    return sum(int(digit) * (3 if at % 2 else 1) for at, digit in enumerate(text)) % 10 == 0


@dataclass(frozen=True, slots=True)
class Range:
    """A pre-distributed range, both ends counted."""

    first: str
    last: str

    def __contains__(self, number: str) -> bool:
        return is_number(number) and self.first <= number <= self.last

    @property
    def size(self) -> int:
        """How many numbers it holds."""
        return int(self.last) - int(self.first) + 1


def following(ranges: Sequence[Range], stocks: Mapping[str, Stock], taken: Callable[[str], bool]) -> tuple[Range, str]:
    """The range and the next number that nobody holds, in the order of the ranges. RuleError when there is none."""
    for one in ranges:
        stock = stocks.get(one.first)
        start = int(stock.last) + 1 if stock else int(one.first)
        for value in range(start, int(one.last) + 1):
            number = f"{value:0{DIGITS}}"
            if not taken(number):
                return one, number
    raise RuleError("図書番号がもうありません。", "図書館から新しい番号の範囲をもらい、設定に足してください。")


def remaining(ranges: Sequence[Range], stocks: Mapping[str, Stock]) -> int:
    """Numbers that are left; older holders' numbers within a range may make it a few less."""
    left = 0
    for one in ranges:
        stock = stocks.get(one.first)
        left += int(one.last) - int(stock.last) if stock else one.size
    return left
