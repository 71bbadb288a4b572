"""The index of names: every word that occurs in a name once, with its search keys, and who bears it.

A town of 467,446 people has a few ten thousand different words in its names. Keys are therefore made once a word, and
the middle of a word is found by a range over its suffixes, without a scan and without a full-text index.

A second index holds the pairs of words that follow one another in one name, for 佐藤 太郎 and サトウタロウ.

    kind n  words of names, aliases, roman and former names      key: kanji_key
    kind k  words of readings                                    key: kana key of level 1 (two where ヂヅ occur)
    kind v  the same words                                       key: kana key of level 2, whole words only
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any

from sanjo_tui import text
from sanjo_tui.register.tables import GONE, WORD

_NAMES = ("name", "alias", "name_roman", "name_hanzi", "former_family")
_READINGS = ("name_kana", "alias_kana", "former_family_kana")
_BATCH = 20000


def build(connection: Any) -> None:
    """Fills word, word_key and name_word from the residents that stand in the file."""
    numbers: dict[tuple[str, str], int] = {}
    rows = connection.execute(f"SELECT id, resident_status, {', '.join(_NAMES + _READINGS)} FROM resident")
    while True:
        batch = rows.fetchmany(_BATCH)
        if not batch:
            break
        people = [(row[0] if row[1] == "1" else row[0] + GONE, _all_words(row[2:], numbers)) for row in batch]
        connection.executemany("INSERT OR IGNORE INTO name_word VALUES (?)",
                               ((word * WORD + person,) for person, names in people for name in names for word in name))
        connection.executemany("INSERT OR IGNORE INTO name_pair VALUES (?, ?, ?)",
                               ((first, second, person) for person, names in people for name in names
                                for first, second in combinations(name, 2)))
    connection.executemany("INSERT INTO word(id, kind, text) VALUES (?, ?, ?)",
                           ((number, kind, word) for (kind, word), number in numbers.items()))
    connection.executemany("INSERT OR IGNORE INTO word_key VALUES (?, ?, ?, ?)", _keys(numbers))


def _all_words(names: Sequence[str], numbers: dict[tuple[str, str], int]) -> list[list[int]]:
    """Word numbers of every name and reading of one person, in their order; new words get a number."""
    found = []
    for place, name in enumerate(names):
        if not name:
            continue
        parts = text.words(name)
        forms = [parts] if len(parts) < 3 else [parts, ["".join(parts)]]  # グエンティホン, typed without blanks
        for form in forms:
            if place < len(_NAMES):
                found.append([numbers.setdefault(("n", part), len(numbers) + 1) for part in form])
            readings = [word for part in form if (word := _reading(part, place >= len(_NAMES)))]
            found.append([numbers.setdefault(word, len(numbers) + 1) for word in readings])
    return found


@lru_cache(maxsize=16384)
def _reading(word: str, of_a_reading: bool) -> tuple[str, str] | None:
    """A word of a reading, or a word of a name that is written in kana."""
    return ("k", text.katakana(word)) if of_a_reading or text.is_kana(word) else None


def _keys(numbers: dict[tuple[str, str], int]) -> Iterator[tuple[str, int, str, int]]:
    for (kind, word), number in numbers.items():
        keys = {text.kanji_key(word)} if kind == "n" else set(text.kana_keys(word))
        for key in keys:
            yield kind, 1, key, number
            for start in range(1, len(key)):
                yield kind, 0, key[start:], number
        if kind == "k":
            for key in set(text.kana_keys(word, 2)):
                yield "v", 1, key, number
