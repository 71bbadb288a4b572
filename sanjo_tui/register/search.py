"""One search box, every reading of the text at once: number, date, kana, kanji. Exact hits first, vague ones last.

The order of what is found: numbers and dates; names that hold the text as typed; names that meet it by the national
rules (`folded`); names whose long vowels differ (`vague`). Within each, whole words come before beginnings of words,
and those before the middle of words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sanjo_tui import numbers, text, wareki
from sanjo_tui.errors import RegisterError
from sanjo_tui.register.tables import GONE, WORD

_END = "\U0010ffff"
_LONE_TWELVE = re.compile(r"(?<![0-9])[0-9]{12}(?![0-9])")
_ROW = GONE - 1
_SEEKS = 1000
"""So many pairs of words are looked up one by one; beyond that all who bear a first word are gone through."""

_MATCHES = ("exact", "folded", "vague")


class Word(NamedTuple):
    """A word of the index that meets a piece of the query. `whole`: nothing but the piece."""

    number: int
    exact: bool
    whole: bool


class Search:
    """One run of one query on one open register. `found`: row number -> (match, reading), in the order of the hits."""

    def __init__(self, database: Any, query: str, limit: int, *, gone: bool) -> None:
        self._sql = database.execute_sql
        self.query = query.strip()
        self.limit = limit
        self._gone = gone
        self.found: dict[int, tuple[str, str]] = {}
        self.readings: list[str] = []

    @property
    def full(self) -> bool:
        """More than the limit is found already."""
        return len(self.found) > self.limit

    def run(self) -> None:
        """Tries every reading until there are more hits than the limit."""
        self._refuse_my_number()
        if not self.query:
            return
        self._numbers()
        parts = self.query.split()
        dates = [date for part in parts if (date := wareki.typed(part))]
        if len(parts) > len(dates) == 1:
            self._born(dates[0].sort_key, [part for part in parts if not wareki.typed(part)])
        elif not self.readings:
            self._names(parts)

    def _refuse_my_number(self) -> None:
        """個人番号 is no search term: refused, unless it is exactly a known 宛名番号. Nothing of it is kept."""
        candidates = {numbers.only_digits(self.query), *_LONE_TWELVE.findall(text.nfkc(self.query))}
        for number in candidates:
            if numbers.is_my_number(number) and not self._is_known(number):
                raise RegisterError("個人番号と思われる 12 桁の番号は使えません。",
                                    "氏名、生年月日、宛名番号のどれかで探してください。", detail="my number refused")

    def _is_known(self, number: str) -> bool:
        """Whether twelve digits are exactly a number that is looked up here."""
        return bool(self._sql("SELECT 1 FROM resident WHERE addressee_no = ?", (number,)).fetchone())

    def _add(self, rows: Iterator[tuple[int]] | Sequence[tuple[int]], match: str, reading: str) -> None:
        for (row,) in rows:
            self.found.setdefault(row, (match, reading))
            if self.full:
                return

    def _numbers(self) -> None:
        """利用者ID, 生年月日, 宛名番号."""
        digits = numbers.only_digits(self.query)
        date = wareki.typed(self.query) or wareki.typed(text.joined(self.query))
        if len(digits) == 13:
            self.readings.append("user_id")
            self._add(self._sql("SELECT r.id FROM card_link c JOIN resident r ON r.addressee_no = c.addressee_no"
                                " WHERE c.user_id = ?", (digits,)), "exact", "user_id")
        if date is not None:
            self.readings.append("birth_date")
            self._add(self._sql(f"SELECT id FROM resident WHERE birth_key = ?{self._living()} LIMIT ?",
                                (date.sort_key, self.limit + 1)), "exact", "birth_date")
        number = text.nfkc(self.query)
        if number.isascii() and number.isdigit():
            self.readings.append("addressee_no")
            self._add(self._sql(f"SELECT id FROM resident WHERE addressee_no = ?{self._living()}", (number,)),
                      "exact", "addressee_no")

    def _living(self) -> str:
        return "" if self._gone else " AND resident_status = '1'"

    def _born(self, day: str, rest: list[str]) -> None:
        """A birth date and part of a name."""
        self.readings += ["birth_date", "name_kana" if text.is_kana("".join(rest)) else "name"]
        rows = self._sql("SELECT id, name, alias, name_roman, former_family, name_kana, alias_kana FROM resident"
                         f" WHERE birth_key = ?{self._living()}", (day,)).fetchall()
        for match in ("exact", "folded"):
            hits = [(row[0],) for row in rows if all(_meets(part, row[1:], match) for part in rest)]
            self._add(hits, match, "birth_date")

    def _names(self, parts: list[str]) -> None:
        joined = "".join(parts)
        kana = text.is_kana(joined)
        self.readings.append("name_kana" if kana else "name")
        later = self._single(joined)
        several = [] if self.full else list(self._several(parts))
        for match in _MATCHES[:2]:
            for number in later if match == "folded" else ():
                self._add(self._bearers(number), match, self.readings[-1])
                if self.full:
                    return
            self._add([(row,) for row, exact in several if exact == (match == "exact")], match, self.readings[-1])
        if kana and not self.full:
            self._vague(parts)

    def _single(self, joined: str) -> list[int]:
        """Everybody with the text in one word of the name, as typed; gives the words that meet it only when folded."""
        later = []
        for start in (1, 0):
            for word in self._words(joined, start):
                if not word.exact:
                    later.append(word.number)
                    continue
                self._add(self._bearers(word.number), "exact", self.readings[-1])
                if self.full:
                    return later
        return later

    def _several(self, parts: list[str]) -> Iterator[tuple[int, bool]]:
        """Everybody whose name has all the pieces, family name first; whole words before beginnings.

        Without a blank, every place where the family name might end is tried: 佐藤太郎, サトウタロウ.
        """
        best: dict[int, tuple[bool, int]] = {}
        joined = "".join(parts)
        cut_here = len(parts) == 1
        cuts = [[joined[:place], joined[place:]] for place in range(1, len(joined))] if cut_here else [parts]
        for cut in cuts:
            for found in self._together(cut, whole_family=cut_here):
                for row, rank in found.items():
                    best[row] = min(rank, best.get(row, rank))
        for row, (folded, _) in sorted(best.items(), key=lambda item: (item[1], item[0])):
            yield row, not folded

    def _together(self, cut: list[str], *, whole_family: bool) -> Iterator[dict[int, tuple[bool, int]]]:
        """Row -> rank of those whose name has all pieces of a cut; 佐藤 さくら may be written so, or read so."""
        alike = len({text.is_kana(piece) for piece in cut}) == 1
        for written in (False,) if alike else (True, False):
            pieces = []
            for place, piece in enumerate(cut):
                words = list(self._words(piece, 1, whole=whole_family and place == 0, written=written))
                if not words:
                    break
                pieces.append(words)
            else:
                yield self._pairs(*pieces) if len(cut) == 2 and (alike or written) else self._bearing_all(pieces)

    def _pairs(self, first: list[Word], second: list[Word]) -> dict[int, tuple[bool, int]]:
        """The same for two pieces of one kind: who bears a first and then a second word in one name; stops early."""
        seconds = {word.number: word for word in second}
        found: dict[int, tuple[bool, int]] = {}
        enough = self.limit + len(self.found)
        if len(first) * len(second) <= _SEEKS:
            ranked = sorted((_rank(one, other), one.number, other.number) for one in first for other in second)
            for rank, one, other in ranked:
                for (row,) in self._sql("SELECT person FROM name_pair WHERE first = ? AND second = ? AND person < ?"
                                        " LIMIT ?", (one, other, self._end(), enough + 1)):
                    found.setdefault(row & _ROW, rank)
                if len(found) > enough:
                    break
            return found
        exact = 0
        for word in sorted(first, key=lambda word: (not word.exact, not word.whole)):
            for number, row in self._sql("SELECT second, person FROM name_pair WHERE first = ? AND person < ?",
                                         (word.number, self._end())):
                follower = seconds.get(number)
                if follower is not None:
                    rank = _rank(word, follower)
                    exact += not rank[0]
                    found[row & _ROW] = min(rank, found.get(row & _ROW, rank))
                    if exact > enough:
                        return found
        return found

    def _end(self) -> int:
        return WORD if self._gone else GONE

    def _bearing_all(self, pieces: list[list[Word]]) -> dict[int, tuple[bool, int]]:
        """Row -> (folded, words that are only begun) of those who bear a word of every piece; stops early."""
        common: dict[int, tuple[bool, int]] | None = None
        enough = self.limit + len(self.found)
        for last, words in enumerate(sorted(pieces, key=len), 1 - len(pieces)):
            bearers: dict[int, tuple[bool, int]] = {}
            for word in sorted(words, key=lambda word: (not word.exact, not word.whole)):
                rank = (not word.exact, int(not word.whole))
                for (row,) in self._bearers(word.number, all_of_them=True):
                    before = common.get(row) if common is not None else (False, 0)
                    if before is not None:
                        total = (rank[0] or before[0], rank[1] + before[1])
                        bearers[row] = min(total, bearers.get(row, total))
                if not last and len(bearers) > enough < sum(not folded for folded, _ in bearers.values()):
                    break
            common = bearers
            if not common:
                break
        return common or {}

    def _vague(self, parts: list[str]) -> None:
        """Whole words that agree once long vowels are dropped."""
        joined = "".join(parts)
        pieces = [parts] if len(parts) > 1 else [[joined], *([joined[:n], joined[n:]] for n in range(1, len(joined)))]
        for cut in pieces:
            words = [[Word(number, True, True) for key in set(text.kana_keys(part, 2)) if key
                      for (number,) in self._sql("SELECT word FROM word_key WHERE kind = 'v' AND start = 1 AND key = ?",
                                                 (key,))] for part in cut]
            if all(words):
                together = self._pairs(*words) if len(words) == 2 else self._bearing_all(words)
                self._add([(row,) for row in sorted(together)], "vague", "name_kana")
            if self.full:
                return

    def _words(self, piece: str, start: int, *, whole: bool = False, written: bool = False) -> Iterator[Word]:
        """Words that begin with a piece of the query (start 1) or have it further in (start 0).

        A piece in kana is taken for a reading; `written`: for a part of the name itself.
        """
        kana = text.is_kana(piece) and not written
        plain = text.katakana(piece) if kana else piece
        keys = set(text.kana_keys(piece)) if kana else {text.kanji_key(piece)}
        for key in keys - {""}:
            for number, found, word in self._sql(
                    "SELECT k.word, k.key, w.text FROM word_key k JOIN word w ON w.id = k.word"
                    " WHERE k.kind = ? AND k.start = ? AND k.key >= ? AND k.key < ? ORDER BY k.key",
                    ("k" if kana else "n", start, key, key + ("\x01" if whole else _END))):
                exact = (word == plain) if whole else word.startswith(plain) if start else plain in word
                yield Word(number, exact, found == key)

    def _bearers(self, word: int, *, all_of_them: bool = False) -> Iterator[tuple[int]]:
        """Row numbers of the residents who bear a word."""
        first = word * WORD
        last = first + self._end() - 1
        limit = -1 if all_of_them else self.limit + 1
        rows: Iterator[tuple[int]] = self._sql(
            f"SELECT packed & {_ROW} FROM name_word WHERE packed BETWEEN ? AND ? LIMIT ?", (first, last, limit))
        return rows


def _rank(one: Word, other: Word) -> tuple[bool, int]:
    return not (one.exact and other.exact), (not one.whole) + (not other.whole)


def _meets(part: str, names: Sequence[str], match: str) -> bool:
    """Whether a part of the query stands in one of a person's names; the last two are readings."""
    if match == "exact":
        plain = text.katakana(part) if text.is_kana(part) else part
        return any(plain in text.joined(name) or plain in text.katakana(name) for name in names)
    if text.is_kana(part):
        keys = set(text.kana_keys(part)) - {""}
        return any(key in own for key in keys for name in names[-2:] for own in text.kana_keys(name))
    return any(text.kanji_key(part) in text.kanji_key(name) for name in names[:-2])
