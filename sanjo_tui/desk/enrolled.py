"""People of a 補正登録 or a judgment (T12): found like those of the roll, and never a second record of one person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.refusals import Refusal
from sanjo_tui.receptions.polling.state import Voter
from sanjo_tui.receptions.polling.words import Code
from sanjo_tui.register.roll.elector import Elector, ElectorHit, RollStatus
from sanjo_tui.text import is_kana, kana_keys, kanji_key
from sanjo_tui.wareki import typed

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.election import Election
    from sanjo_tui.register.roll.lookup import Roll

ON_THE_ROLL = (RollStatus.VALID, RollStatus.MOVED)
"""Received under the record of the roll; the others may be enrolled by a judgment."""


def electors(voters: Mapping[str, Voter]) -> Iterator[Elector]:
    """Everybody of a 補正登録, in the order of their numbers."""
    found = {key: voter.enrolled for key, voter in voters.items() if voter.enrolled is not None}
    return (rules.elector_of(found[key], key) for key in sorted(found))


def hits(voters: Mapping[str, Voter], text: str) -> tuple[ElectorHit, ...]:
    """Whoever is meant by what was typed: each word is the number, the birth date or part of the name."""
    words = text.split()
    return tuple(ElectorHit(elector=one) for one in electors(voters)
                 if words and all(_is_meant(one, word) for word in words))


def _is_meant(elector: Elector, word: str) -> bool:
    born = typed(word)
    if word == elector.addressee_no or (born is not None and born.sort_key == elector.birth.sort_key):
        return True
    if is_kana(word):
        return bool(elector.name_kana) and any(
            whole.startswith(key) for key in kana_keys(word) for whole in kana_keys(elector.name_kana))
    return bool(kanji_key(word)) and kanji_key(word) in kanji_key(elector.name)


def refuse_known(new: Elector, roll: Roll, voters: Mapping[str, Voter], election: Election,
                 contests: tuple[str, ...]) -> None:
    """Refusal E-DUPLICATE where the roll or another 補正登録 has the same name and birth date: two records, two papers.

    Somebody whom the roll has only as struck may be enrolled by a judgment, but not for a contest that is done.
    """
    for other in (*roll.namesakes(new), *electors(voters)):
        if other.birth.sort_key != new.birth.sort_key or not _same_name(other, new):
            continue
        done = {one.contest.code for one in rules.standings(other, voters.get(other.addressee_no), election)
                if one.done}
        if other.enrolled_by or other.roll_status in ON_THE_ROLL or not done.isdisjoint(contests):
            raise Refusal(Code.DUPLICATE, "同じ氏名と生年月日の方が、もう名簿か補正登録にいます。",
                          f"{other.roll_no or other.addressee_no} の方の記録を開いて確かめてください。")


def _same_name(one: Elector, other: Elector) -> bool:
    """The same name in kanji, variant characters aside, or the same reading."""
    if one.name_kana and other.name_kana and not set(kana_keys(one.name_kana)).isdisjoint(kana_keys(other.name_kana)):
        return True
    return kanji_key(one.name) == kanji_key(other.name)
