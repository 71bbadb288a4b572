"""Roman letters as kana, for desks whose console has no IME: `kaigo` is カイゴ, `syucchou` and `shutchou` シュッチョウ.

For search keys only. Both usual spellings are read; what is no Japanese syllable gives "".
"""

from __future__ import annotations

import re

_VOWELS = "aiueo"
_ROWS = {"": "アイウエオ", "k": "カキクケコ", "s": "サシスセソ", "t": "タチツテト", "n": "ナニヌネノ",
         "h": "ハヒフヘホ", "m": "マミムメモ", "y": "ヤイユエヨ", "r": "ラリルレロ", "w": "ワイウエヲ",
         "g": "ガギグゲゴ", "z": "ザジズゼゾ", "d": "ダヂヅデド", "b": "バビブベボ", "p": "パピプペポ"}
_SMALL = ("ャ", "ィ", "ュ", "ェ", "ョ")
_SPELT = {"sh": ("シ", 1), "ch": ("チ", 1), "j": ("ジ", 1), "f": ("フ", 2), "v": ("ヴ", 2)}
"""Consonants of the other spelling: the kana before a small letter, and the vowel (index) that needs none."""


def _syllables() -> dict[str, str]:
    table = {row + vowel: kana for row, line in _ROWS.items() for vowel, kana in zip(_VOWELS, line, strict=True)}
    for row, line in _ROWS.items():
        if row not in ("", "y", "w"):
            table |= {f"{row}y{vowel}": line[1] + small for vowel, small in zip(_VOWELS, _SMALL, strict=True)}
    for row, (kana, bare) in _SPELT.items():
        small = ("ァ", "ィ", "ゥ", "ェ", "ォ") if bare == 2 else _SMALL
        table |= {row + vowel: kana + (letter if place != bare else "")
                  for place, (vowel, letter) in enumerate(zip(_VOWELS, small, strict=True))}
    return table | {"tsu": "ツ", "n": "ン", "-": "ー"}


_TABLE = _syllables()
_DOUBLE = re.compile(r"([bcdfghjkprstwz])(?=\1)|t(?=ch)")
_TOKEN = re.compile("|".join(sorted(_TABLE, key=len, reverse=True)) + "|ッ|ン")


def as_kana(text: str) -> str:
    """Katakana of a word in roman letters (blanks fall away), "" where it is none."""
    plain = re.sub(r"\s+", "", text.casefold()).replace("n'", "ン")
    plain = _DOUBLE.sub("ッ", re.sub(r"nn(?=[^aiueoyn]|$)", "n", plain))
    if not plain or _TOKEN.sub("", plain):
        return ""
    return _TOKEN.sub(lambda found: _TABLE.get(found[0], found[0]), plain)
