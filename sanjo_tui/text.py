"""Search keys of names after the national standard (住民記録システム標準仕様書 2.1.2), and width forms.

Keys are for comparing only; what is shown and printed is always the original, code point for code point.

    level 0  the kana as they are, in full width
    level 1  the standard's rules: voicing, small letters, ウ after the オ row, long marks, ヂ=ジ=チ
    level 2  long vowels dropped altogether: シヨウコ meets シヨコ. Such hits come last, marked あいまい.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from importlib import resources

_KATAKANA = {code: code + 0x60 for code in range(ord("ぁ"), ord("ゖ") + 1)}
_GAPS = re.compile(r"[\s・=']")
_DASHES = str.maketrans(dict.fromkeys("-‐‑‒–—―−~〜", "ー"))
_VU = re.compile("ヴ[ァィェォ]?|[ヷヸヹヺ]")
_VU_AS = {"ヴァ": "バ", "ヴィ": "ビ", "ヴェ": "ベ", "ヴォ": "ボ", "ヴ": "ブ",
          "ヷ": "バ", "ヸ": "ビ", "ヹ": "ベ", "ヺ": "ボ"}
_LARGE = str.maketrans("ァィゥェォッャュョヮヵヶ", "アイウエオツヤユヨワカケ")
_UNVOICED = str.maketrans("ガギグゲゴザジズゼゾダデドバビブベボパピプペポヲヰヱ",
                          "カキクケコサシスセソタテトハヒフヘホハヒフヘホオイエ")
_LONG_O = re.compile("(?<=[オコソトノホモヨロ])ウ")
_LONG = re.compile(
    "(?<=[アカサタナハマヤラワ])ア+|(?<=[イキシチニヒミリ])イ+|(?<=[ウクスツヌフムユル])ウ+|"
    "(?<=[エケセテネヘメレ])[イエ]+|(?<=[オコソトノホモヨロ])[ウオ]+")
_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_KANA_ONLY = re.compile(r"[\u3041-\u3096\u30a1-\u30fc\s・\-‐‑‒–—―−~〜]+")
_SPACES = re.compile(r"\s+")


def nfkc(text: str) -> str:
    """Compatibility form: half-width kana whole, full-width letters and digits narrow."""
    return text if unicodedata.is_normalized("NFKC", text) else unicodedata.normalize("NFKC", text)


def digits(text: str) -> str:
    """ASCII digits of a postal code or the like, whatever its width; everything else falls away."""
    return "".join(character for character in nfkc(text) if character in "0123456789")


def words(name: str) -> list[str]:
    """The parts of a name between blanks of any width, as they are written."""
    return name.split()


def joined(text: str) -> str:
    """Without any blank."""
    return _SPACES.sub("", text)


def is_kana(text: str) -> bool:
    """Only kana (either kind, any width), blanks and long marks."""
    return bool(_KANA_ONLY.fullmatch(nfkc(text)))


def katakana(text: str) -> str:
    """Level 0: full-width katakana without blanks, every dash a long mark; voicing and small letters stay."""
    return _GAPS.sub("", nfkc(text).translate(_KATAKANA).translate(_DASHES))


@lru_cache(maxsize=65536)
def kana_keys(text: str, level: int = 1) -> tuple[str, str]:
    """The two keys of a reading: ヂヅ as ジズ, and ヂヅ as チツ. Two readings agree if they share a key.

    One transitive key would be wrong: ヂ equals both ジ and チ, but シ never equals チ.
    """
    plain = _VU.sub(lambda found: _VU_AS[found[0]], katakana(text).replace("ー", "")).translate(_LARGE)
    first = _fold_kana(plain.replace("ヂ", "ジ").replace("ヅ", "ズ"), level)
    if "ヂ" not in plain and "ヅ" not in plain:
        return first, first
    return first, _fold_kana(plain.replace("ヂ", "チ").replace("ヅ", "ツ"), level)


def kana_match(one: str, other: str, level: int = 1) -> bool:
    """Whether two readings are the same at a level."""
    return not set(kana_keys(one, level)).isdisjoint(kana_keys(other, level))


def kanji_key(text: str) -> str:
    """Names that differ only in variant characters share a key: 髙=高, 渡邉=渡辺, 斎=斉. Latin letters in one case.

    NFKC, variation selectors away, then the outer and the inner fold table and the union groups; blanks fall away.
    """
    plain = nfkc(_SPACES.sub("", _SELECTORS.sub("", text)))
    return _SPACES.sub("", plain.casefold()).translate(_folds())


def _fold_kana(plain: str, level: int) -> str:
    folded = plain.translate(_UNVOICED)
    folded = _LONG_O.sub("オ", folded) if level == 1 else _LONG.sub("", folded)
    return folded.replace("ワ", "ハ")


@cache
def _folds() -> dict[int, str]:
    """All tables in one, outer then inner then union, so that a name is folded in a single pass."""
    inner, outer, union = (_table(name) for name in ("kanji_fold_inner", "kanji_fold_outer", "kanji_fold_union"))

    def end(character: str) -> str:
        character = inner.get(character, character)
        return union.get(character, character)

    steps = {source: end(target) for source, target in outer.items()}
    steps |= {source: end(source) for source in (*inner, *union)}
    return {ord(source): target for source, target in steps.items() if len(source) == 1 and source != target}


def _table(name: str) -> dict[str, str]:
    lines = resources.files("sanjo_tui.data").joinpath(f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {pair[0]: pair[1] for pair in pairs}
