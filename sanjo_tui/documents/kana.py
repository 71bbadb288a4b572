"""五十音: the order of a directory, its rows from ア to ワ, and numbers within numbers."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import lru_cache

from sanjo_tui import text

KANA_ROWS = "アカサタナハマヤラワ"
OTHER = "他"
"""Readings that are no kana, or missing; they stand last."""

_SMALL = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")


def kana_row(kana: str) -> str:
    """ア カ サ タ ナ ハ マ ヤ ラ ワ of a reading, or 他."""
    letters = _letters(kana)
    if not letters or not "ア" <= letters[0] <= "ン":
        return OTHER
    return KANA_ROWS[bisect_right(KANA_ROWS, letters[0]) - 1]


@lru_cache(maxsize=65536)
def _letters(kana: str) -> str:
    """Large katakana without voicing and long marks."""
    plain = unicodedata.normalize("NFD", text.katakana(kana).translate(_SMALL))
    return plain.translate({0x3099: None, 0x309A: None, ord("ー"): None})


def collated(kana: str) -> tuple[int, tuple[str, ...], str]:
    """Family name first, as in a telephone book; voicing decides only between equals."""
    row = kana_row(kana)
    return (len(KANA_ROWS) if row == OTHER else KANA_ROWS.index(row),
            tuple(_letters(word) for word in text.words(kana)), kana)


def numbered(roll_no: str) -> tuple[tuple[int, int, str], ...]:
    """A key by which 1-9 comes before 1-10."""
    parts = (part for part in re.split(r"(\d+)", roll_no) if part)
    return tuple((0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts)
