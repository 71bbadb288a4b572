"""Rules of 利用者ID発行, pure: which number is next, whether a card that was tapped may be used (docs/userid.md §2)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.userid.state import Holder, Stock
from sanjo_tui.receptions.userid.words import Status, service_of

DIGITS = 13
ANY = "*"
"""A range for whatever station: only in a drill."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """Numbers `first` to `last` that this station may give, both of them too. 13 digits, opaque, as text."""

    station: str
    first: str
    last: str

    @property
    def size(self) -> int:
        """How many."""
        return int(self.last) - int(self.first) + 1


def is_id(text: str) -> bool:
    """13 digits; whether one of them is a check digit is not published, so none is checked."""
    return len(text) == DIGITS and text.isascii() and text.isdecimal()


def overlapping(ranges: Sequence[Range]) -> tuple[Range, Range] | None:
    """Two ranges that share a number."""
    rows = sorted(ranges, key=lambda one: one.first)
    return next(((a, b) for a, b in pairwise(rows) if b.first <= a.last), None)


def own(ranges: Iterable[Range], station: str) -> tuple[Range, ...]:
    """The ranges of this station."""
    return tuple(one for one in ranges if one.station in (station, ANY))


def following(ranges: Sequence[Range], stocks: Mapping[str, Stock],
              taken: Callable[[str], bool]) -> tuple[Range, str]:
    """The next number and its range. RuleError when there is none."""
    for one in ranges:
        stock = stocks.get(one.first)
        at = int(stock.last) + 1 if stock and stock.last else int(one.first)
        while at <= int(one.last):
            number = str(at).zfill(DIGITS)
            if not taken(number):
                return one, number
            at += 1
    raise RuleError("この端末に割り当てられた利用者IDがもうありません。", "情報担当に、範囲の追加を頼んでください。")


def remaining(ranges: Iterable[Range], stocks: Mapping[str, Stock]) -> int:
    """How many numbers are left."""
    left = 0
    for one in ranges:
        stock = stocks.get(one.first)
        left += int(one.last) - int(stock.last) if stock and stock.last else one.size
    return left


def refusal(holder: Holder, user_id: str, reception: str) -> tuple[str, str] | None:
    """Why a card with this number opens nobody at this reception, and what to do; None where it does."""
    again = "氏名や生年月日で探してください。"
    if user_id == holder.user_id:
        if holder.status is Status.SUSPENDED:
            return "この利用者IDは停止中です。", again
        if reception == "userid" or holder.known or service_of(reception) in holder.consent_scope:
            return None
        return "この受付でカードを使う同意がありません。", again
    if user_id == holder.pending:
        return "この利用者IDはまだ発行の途中です。", "利用者ID発行の窓口で読み戻してください。"
    if user_id in holder.before and holder.status is Status.REVOKED:
        return "この利用者IDは同意が撤回されています。", again
    return "この利用者IDは新しいものに替わっています。", again
