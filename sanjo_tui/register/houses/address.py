"""One form for an address, however it is written: 住居表示, 地番, 丁目, 番, ハイフン, any width, variant characters.

    １丁目２番３号 = 一丁目2-3 = 1-2-3       大字下田字前田１２３番地４ = 下田前田123-4

What stands behind the numbers is 方書 (building and room). A key is for comparing, never for showing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from sanjo_tui import text

_DASHES = re.compile("[‐‑‒–—―−ー－ｰ~〜～]")
_NUMERAL = re.compile("([〇一二三四五六七八九十百]+)(?=丁目|番地|番|号)")
_FIRST = re.compile(r"[0-9]")
_NUMBER = re.compile(r"([0-9]+)(丁目|番地の|番地|番の|番|号|の|ノ|-)*")
_BRANCH = re.compile(r"[イロハニホヘトチリヌ甲乙丙丁戊](?![ァ-ヶー一-龥])")
_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")}
_ROOM = re.compile(r"([A-Z]?-?[0-9]+[A-Z]?)(?:号室|号|室|F)?$")


@dataclass(frozen=True, slots=True)
class Place:
    """An address taken apart: key of the town, its numbers, and the text behind them."""

    town: str
    numbers: tuple[str, ...] = ()
    rest: str = ""

    @property
    def key(self) -> str:
        """Equal for two spellings of one address; "" where there is no number."""
        return f"{self.town}|{'-'.join(self.numbers)}" if self.town and self.numbers else ""

    @property
    def block(self) -> str:
        """The key without the last number: 街区, or a 地番 without its branch; "" where only one number is left."""
        return f"{self.town}|{'-'.join(self.numbers[:-1])}" if len(self.numbers) > 1 else ""


@lru_cache(maxsize=65536)
def place(town: str, lot: str = "") -> Place:
    """Reads a town and what follows it; either may hold the whole."""
    plain = _DASHES.sub("-", text.joined(text.nfkc(town + lot))) if town or lot else ""
    plain = _NUMERAL.sub(lambda found: str(_value(found[1])), plain)
    first = _FIRST.search(plain)
    head, tail = (plain, "") if first is None else (plain[:first.start()], plain[first.start():])
    numbers: list[str] = []
    while found := _NUMBER.match(tail):
        numbers.append(found[1].lstrip("0") or "0")
        tail = tail[found.end():]
        if not found[2]:                            # digits with nothing behind them end the numbers
            break
    if numbers and (branch := _BRANCH.match(tail)):
        numbers.append(branch[0])
        tail = tail[branch.end():]
    return Place(town_key(head), tuple(numbers), tail)


def town_key(town: str) -> str:
    """A town's name without 大字 and 字, small and large ケ and の alike, variant characters folded."""
    plain = re.sub("^大字", "", text.joined(text.nfkc(town)))
    plain = re.sub("(?<!文)字", "", plain)
    return text.kanji_key(re.sub("[之の]", "ノ", re.sub("[ヶヵがカ](?=[一-龥])", "ケ", plain)))


def parcel(town: str, parcel_no: str) -> Place:
    """A 地番: of the town beside it, or with a town of its own."""
    plain = text.joined(text.nfkc(parcel_no))
    return place("", plain) if plain and not plain[0].isdigit() else place(town, plain)


def room(building: str) -> str:
    """The number of the room at the end of a 方書, without 号室; "" where there is none."""
    plain = _DASHES.sub("-", text.joined(text.nfkc(building))).upper()
    found = _ROOM.search(plain)
    return found[1].lstrip("0") if found else ""


def _value(numeral: str) -> int:
    """一 to 九百九十九, and 一二 as 12."""
    if not set(numeral) & set("十百"):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, digit = 0, 0
    for character in numeral:
        if character in _DIGITS:
            digit = _DIGITS[character]
        else:
            total += (digit or 1) * {"十": 10, "百": 100}[character]
            digit = 0
    return total + digit
