"""期日前投票事由 by everyday words: what people say at the desk leads to a reason of the law, and never to a refusal.

In Nagoya in 2022 somebody who cared for a relative was sent away because no box on the form said 介護. Here an unknown
word gives all reasons to choose from; which one it is costs the voter no time (docs/polling.md §1).
"""

from __future__ import annotations

import re
import tomllib
from functools import cache, lru_cache
from importlib import resources
from typing import Any

from sanjo_tui.receptions.polling.election import Reason, ReasonLabels
from sanjo_tui.receptions.polling.romaji import as_kana
from sanjo_tui.receptions.polling.tables import Table
from sanjo_tui.text import is_kana, kana_keys, kanji_key, nfkc

_KANA_RUN, _KATAKANA_RUN = re.compile("[ぁ-ゖァ-ヺー]{3,}"), re.compile("[ァ-ヺー]{2,}")
"""What is typed is hiragana or katakana; in a label hiragana is endings and particles."""

HIGHEST = 9
"""Reasons are picked by one digit."""


def by_words(labels: ReasonLabels, text: str) -> tuple[Reason, ...]:
    """Reasons for what somebody says, best first; all of them, in their order, where nothing fits.

    A digit of any width is the reason of that number. Words are compared as kana of either kind and width, without
    regard to voicing marks and small letters, typed in roman letters where there is no IME, or as kanji with their
    variants; a whole sentence may be typed.
    """
    typed = nfkc(text).strip()
    if len(typed) == 1 and typed.isdecimal() and (chosen := labels.reason(int(typed))):
        return (chosen,)
    keys = _keys(typed) | _runs(typed, _KANA_RUN)
    scored = [(max((_score(keys, word) for word in (*reason.words, reason.label)), default=(0, 0)), reason)
              for reason in labels.reasons] if keys else []
    fitting = sorted((pair for pair in scored if pair[0] > (0, 0)), key=lambda pair: pair[0], reverse=True)
    return tuple(reason for _, reason in fitting) or labels.reasons


@cache
def sets() -> dict[str, ReasonLabels]:
    """The sets of wording that travel with the program, by name: `five` (without 4号, as most towns print), `six`."""
    table = tomllib.loads(resources.files("sanjo_tui.data").joinpath("reasons.toml").read_text(encoding="utf-8"))
    reasons = {row["code"]: Reason(code=row["code"], label=row["label"], words=tuple(row["words"]))
               for row in table["reasons"]}
    return {name: ReasonLabels(version=f"{name}-{table['version']}", source=table["source"], verified=table["verified"],
                               reasons=tuple(reasons[code] for code in codes))
            for name, codes in table["sets"].items()}


def read_labels(file: Table) -> ReasonLabels:
    """`reason_labels` of a set-up: the name of a set, or a table `version`, `source`, `verified`, `[[reasons]]` with
    `code`, `label` and `words`. Reasons without words of their own have those that travel with the program.
    """
    known = sets()
    given: Any = file.take("reason_labels", required=True)
    if isinstance(given, str):
        if given not in known:
            file.wrong("reason_labels", f"に書けるのは {'、'.join(known)} か、事由の表です。")
        return known.get(given, known["five"])
    table = file.table("reason_labels")
    if table is None:
        return known["five"]
    labels = ReasonLabels(
        version=table.text("version", required=True, most=24), source=table.text("source", most=200),
        verified=table.flag("verified"),
        reasons=tuple(_reason(row) for row in table.tables("reasons", required=True)))
    if labels.verified and not labels.source:
        table.wrong("source", "がありません。verified = true にするには、照合した原文を書いてください。")
    codes = [reason.code for reason in labels.reasons]
    for code in sorted({code for code in codes if code and codes.count(code) > 1}):
        table.wrong("reasons", f"に番号 {code} が二度あります。")
    table.done()
    return labels


def _reason(row: Table) -> Reason:
    code = row.whole("code", least=1, most=HIGHEST, required=True)
    inherited = sets()["six"].reason(code)
    words = row.texts("words", most=40) or (inherited.words if inherited else ())
    reason = Reason(code=code, label=row.text("label", required=True, most=120), words=words)
    row.done()
    return reason


@lru_cache(maxsize=4096)
def _keys(text: str) -> frozenset[str]:
    """What a word is compared by: kana without voicing, also of roman letters, or kanji without variants."""
    kana = text if is_kana(text) else as_kana(text)
    keys = set(kana_keys(kana)) if kana else {kanji_key(text)}
    return frozenset(key for key in keys if key)


def _runs(text: str, run: re.Pattern[str]) -> frozenset[str]:
    """Keys of the kana within a mixed text: レジャー in レジャーに行く."""
    return frozenset(key for found in run.findall(nfkc(text)) for key in kana_keys(found))


@lru_cache(maxsize=4096)
def _own(word: str) -> frozenset[str]:
    return _keys(word) | _runs(word, _KATAKANA_RUN)


def _score(keys: frozenset[str], word: str) -> tuple[int, int]:
    """How well a word fits: the same, begun, said within a sentence, a part of the word; longer words first."""
    best = (0, 0)
    for own in _own(word):
        for key in keys:
            if key == own:
                rank = 4
            elif own.startswith(key):
                rank = 3
            elif len(own) > 1 and own in key:
                rank = 2
            else:
                rank = int(len(key) > 1 + is_kana(key) and key in own)
            best = max(best, (rank, len(own) if rank == 2 else -len(own)) if rank else (0, 0))
    return best
