"""The index of names: every word that occurs in a name once, with its search keys, and who bears it.

A town of 467,446 people has a few ten thousand different words in its names. Keys are therefore made once a word, and
the middle of a word is found by a range over its suffixes, without a scan and without a full-text index.

    kind n  words of names, aliases, roman and former names      key: kanji_key
    kind k  words of readings                                    key: kana key of level 1 (two where ヂヅ occur)
    kind v  the same words                                       key: kana key of level 2, whole words only
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
        connection.executemany("INSERT OR IGNORE INTO name_word VALUES (?)", _packed(batch, numbers))
    connection.executemany("INSERT INTO word(id, kind, text) VALUES (?, ?, ?)",
                           ((number, kind, word) for (kind, word), number in numbers.items()))
    connection.executemany("INSERT OR IGNORE INTO word_key VALUES (?, ?, ?, ?)", _keys(numbers))


def words_of(names: Iterable[str], readings: Iterable[str]) -> set[tuple[str, str]]:
    """Kind and text of all words of one person; a name of three and more words also as a whole, without blanks."""
    found = set()
    for name in filter(None, names):
        parts = text.words(name)
        for part in {*parts, "".join(parts)} if len(parts) > 2 else parts:
            found.add(("n", part))
            if text.is_kana(part):
                found.add(("k", text.katakana(part)))
    for reading in filter(None, readings):
        parts = text.words(reading)
        for part in {*parts, "".join(parts)} if len(parts) > 2 else parts:
            found.add(("k", text.katakana(part)))
    return found


def _packed(batch: Iterable[tuple[Any, ...]], numbers: dict[tuple[str, str], int]) -> Iterator[tuple[int]]:
    middle = 2 + len(_NAMES)
    for row in batch:
        person = row[0] if row[1] == "1" else row[0] + GONE
        for word in words_of(row[2:middle], row[middle:]):
            yield (numbers.setdefault(word, len(numbers) + 1) * WORD + person,)


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
