"""Search keys: the example pairs of the national standard 2.1.2, and what must never be joined."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui import text

STANDARD = [
    ("ヂ", "ジ"), ("ズ", "ヅ"), ("ワ", "ハ"), ("ヴァ", "バ"), ("ヴィ", "ビ"), ("ヴ", "ブ"), ("オ", "ヲ"), ("ヒ", "ピ"),
    ("ハッタ", "ハツタ"), ("シャ", "シヤ"), ("シュ", "シユ"), ("ショ", "シヨ"), ("イガラシ", "イカラシ"),
    ("コウノ", "コオノ"),
    ("サトウ タロウ", "さとうたろう"), ("シヅコ", "シズコ"), ("ミチコ", "ミヂコ"), ("ツヅキ", "ツズキ"),
    ("ヨウイチ", "ヨオイチ"), ("ローマ", "ロマ"), ("ローマ", "ロ―マ"), ("ローマ", "ロ－マ"), ("ローマ", "ﾛｰﾏ"),
    ("ローマ", "ロ-マ"), ("ローマ", "ロ‐マ"), ("サトウ　タロウ", "サトウ タロウ"), ("ﾖｼﾀﾞ", "よしだ"),
]
LONG_VOWELS = [("オオタ", "オータ"), ("ユウコ", "ユーコ"), ("ｼﾞｭｳﾐﾝ　ﾀﾛｳ", "ジュウミン タロー"), ("オノ", "オオノ"),
               ("ヨウコ", "ヨコ"), ("ケイコ", "ケーコ")]
NEVER = [("サトウ", "サイトウ"), ("ミチコ", "ミシコ"), ("サトウ", "カトウ"), ("チ", "シ"), ("ツ", "ス")]
VARIANTS = [
    ("渡辺", "渡邊"), ("渡邉", "渡邊"), ("浜田", "濱田"), ("濵田", "浜田"), ("佐藤", "佐籐"), ("高橋", "髙橋"),
    ("山崎", "山﨑"), ("斎藤", "齋藤"), ("斉藤", "齊藤"), ("斎藤", "斉藤"), ("吉田", "𠮷田"), ("曲淵", "曲渕"),
    ("籠島", "篭嶋"), ("槇", "槙"), ("塚本", "塚本"), ("葛西", "葛󠄀西"), ("桑原", "桒原"), ("柳", "栁"), ("徳", "德"),
    ("NGUYEN", "ｎｇｕｙｅｎ"),
]
OTHER_NAMES = [("渡辺", "渡部"), ("阿部", "安部"), ("崎玉", "埼玉"), ("宍戸", "肉戸"), ("林", "森")]
KANA = st.text(st.sampled_from([chr(code) for code in range(0x30A1, 0x30FB)] + ["ー", " ", "　"]), max_size=12)


@pytest.mark.parametrize(("one", "other"), STANDARD)
def test_the_standard_s_pairs_agree(one: str, other: str) -> None:
    assert text.kana_match(one, other)


@pytest.mark.parametrize(("one", "other"), LONG_VOWELS)
def test_long_vowels_agree_only_vaguely(one: str, other: str) -> None:
    assert not text.kana_match(one, other)
    assert text.kana_match(one, other, 2)


@pytest.mark.parametrize(("one", "other"), NEVER)
def test_different_readings_never_agree(one: str, other: str) -> None:
    assert not text.kana_match(one, other, 2)


@pytest.mark.parametrize(("one", "other"), VARIANTS)
def test_variant_characters_share_a_key(one: str, other: str) -> None:
    assert text.kanji_key(one) == text.kanji_key(other)


@pytest.mark.parametrize(("one", "other"), OTHER_NAMES)
def test_other_names_do_not(one: str, other: str) -> None:
    assert text.kanji_key(one) != text.kanji_key(other)


@given(KANA)
def test_hiragana_and_half_width_agree_with_katakana(reading: str) -> None:
    hiragana = "".join(chr(ord(c) - 0x60) if "ァ" <= c <= "ヶ" else c for c in reading)
    assert text.kana_keys(hiragana) == text.kana_keys(reading)


@given(KANA)
def test_a_kana_key_is_its_own_key(reading: str) -> None:
    for key in text.kana_keys(reading):
        assert key in text.kana_keys(key)


@given(KANA, KANA)
def test_the_standard_implies_the_vague_level(one: str, other: str) -> None:
    if text.kana_match(one, other):
        assert text.kana_match(one, other, 2)


@given(st.text(st.characters(categories=("Lo", "Ll", "Lu", "Zs")), max_size=12))
def test_a_kanji_key_is_its_own_key(name: str) -> None:
    key = text.kanji_key(name)
    assert text.kanji_key(key) == key
    assert " " not in key and "　" not in key


def test_kinds_of_writing() -> None:
    assert text.is_kana("サトウ　タロー") and text.is_kana("さとう") and text.is_kana("ｻﾄｳ")
    assert not text.is_kana("佐藤") and not text.is_kana("Smith") and not text.is_kana("12") and not text.is_kana("")
    assert text.digits("９５５−００６５") == "9550065"
