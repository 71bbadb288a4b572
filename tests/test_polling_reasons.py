"""期日前投票事由 by everyday words: the case of Nagoya 2022 never again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.receptions.polling.election import Reason, ReasonLabels
from sanjo_tui.receptions.polling.reasons import by_words, sets

FIVE, SIX = sets()["five"], sets()["six"]


def first(text: str, labels: ReasonLabels = FIVE) -> int:
    return by_words(labels, text)[0].code


@pytest.mark.parametrize("said", ["介護", "かいご", "カイゴ", "ｶｲｺﾞ", "かいこ", "母の介護をするので", "kaigo"])
def test_nagoya_2022_care_for_a_relative_leads_to_a_reason(said: str) -> None:
    assert first(said) == 1 and len(by_words(FIVE, said)) < len(FIVE.reasons)


@pytest.mark.parametrize(("said", "code"), [
    ("仕事", 1), ("しごと", 1), ("結婚式", 1), ("稲刈り", 1), ("農作業", 1), ("買い物", 2), ("買物", 2), ("ｶｲﾓﾉ", 2),
    ("かいもの", 2), ("レジャー", 2), ("れじゃー", 2), ("レジャ", 2), ("旅行", 2), ("りょこう", 2), ("ﾘｮｺｳ", 2),
    ("旅", 2), ("kaimono", 2), ("shucchou", 2), ("syuttyou", 2), ("kekkonshiki", 1), ("yuki", 6), ("Onsen", 2),
    ("出産", 3), ("けが", 3), ("車椅子", 3), ("足が悪い", 3), ("引っ越し", 5), ("ひっこし", 5), ("転出", 5), ("雪", 6),
    ("ゆき", 6), ("大雪で", 6), ("台風", 6), ("悪天候", 6), ("温泉旅行に行く", 2),
    ("友だちの結婚式があって", 1), ("レジャーに行く", 2),
    ("父のかいごです", 1), ("母の看病のため", 1)])
def test_everyday_words_lead_to_a_reason(said: str, code: int) -> None:
    assert first(said) == code


@pytest.mark.parametrize(("typed", "code"), [("1", 1), ("２", 2), (" 6 ", 6), ("③", 3)])
def test_a_digit_of_any_width_is_the_reason_of_that_number(typed: str, code: int) -> None:
    assert [reason.code for reason in by_words(FIVE, typed)] == [code]


@pytest.mark.parametrize("said", ["", "  ", "4", "99", "量子力学", "xyz", "ぬぬぬ", "?", "²³", "9" * 9999])
def test_an_unknown_word_gives_every_reason_to_choose_from(said: str) -> None:
    assert by_words(FIVE, said) == FIVE.reasons


@given(st.text(max_size=30))
def test_no_text_ever_blocks(said: str) -> None:
    found = by_words(SIX, said)
    assert found and set(found) <= set(SIX.reasons) and len(set(found)) == len(found)


def test_words_that_fit_two_reasons_give_both() -> None:
    assert {reason.code for reason in by_words(FIVE, "通院")} == {2, 3}


def test_sets_have_words_enough_and_say_that_their_wording_is_unverified() -> None:
    assert [reason.code for reason in FIVE.reasons] == [1, 2, 3, 5, 6]
    assert [reason.code for reason in SIX.reasons] == [1, 2, 3, 4, 5, 6]
    for labels in (FIVE, SIX):
        assert len({word for reason in labels.reasons for word in reason.words}) >= 40
        assert all(reason.words for reason in labels.reasons)
        assert labels.source and not labels.verified and labels.version
    assert FIVE.version != SIX.version


def test_every_word_of_a_set_leads_to_its_own_reason() -> None:
    for reason in SIX.reasons:
        for word in reason.words:
            assert reason in by_words(SIX, word)[:2], word


def test_a_label_itself_is_enough() -> None:
    labels = ReasonLabels(version="1", reasons=(Reason(code=1, label="用務"), Reason(code=2, label="レジャー等")))
    assert first("れじゃー", labels) == 2
