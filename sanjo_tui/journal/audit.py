"""Is the journal whole? Every row of every chain, the ends of the chains, the file's pages, and what is derived."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sanjo_tui.errors import BrokenChain, JournalError
from sanjo_tui.journal import chain
from sanjo_tui.journal.chain import Head
from sanjo_tui.journal.codec import Codec
from sanjo_tui.journal.faults import DATABASE_ERRORS, damaged
from sanjo_tui.journal.replay import Derived
from sanjo_tui.journal.tables import SELECT, Row


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A whole journal. `unknown`: events by a newer version's kind; `destroyed`: events whose episode's key is gone."""

    count: int
    heads: tuple[Head, ...]
    unknown: int = 0
    destroyed: int = 0

    @property
    def head(self) -> Head:
        """The end of our own chain: quote its groups, write them on paper."""
        return self.heads[0]


def verify(execute: Callable[..., Any], codec: Codec, own: str, anchor: Head | None = None) -> Verified:
    """Everything checked inside one read. BrokenChain: the first bad row; JournalError: pages or derived tables."""
    kinds: Counter[str] = Counter()
    heads = []
    stations = execute("SELECT station, seq, hash, chain_key FROM station ORDER BY station <> ?, station",
                       (own,)).fetchall()
    for station, seq, hashed, key in stations:
        head = chain.follow(codec.keys.chain_key if key is None else bytes(key), station,
                            _rows(execute, codec, station, kinds, anchor))
        if (head.seq, head.hash) != (seq, bytes(hashed)):
            raise BrokenChain(station, max(1, min(head.seq + 1, seq + 1) if head.seq != seq else seq))
        if anchor is not None and anchor.station == station and head.seq < anchor.seq:
            raise BrokenChain(station, head.seq + 1)
        heads.append(head)
    strangers = execute("SELECT station, min(seq) FROM event WHERE station NOT IN (SELECT station FROM station)"
                        " GROUP BY station").fetchall()
    for station, seq in strangers:
        raise BrokenChain(station, seq)
    pages = execute("PRAGMA cipher_integrity_check").fetchall()
    if pages:
        raise damaged(f"{len(pages)} pages")
    quick = [row[0] for row in execute("PRAGMA quick_check(1)").fetchall()]
    if quick != ["ok"]:
        raise damaged("quick_check")
    wrong = Derived(execute, codec).differences()
    if wrong:
        raise JournalError(f"いまの状態が受付記録と {len(wrong)} 件くい違っています（受付記録そのものは正しい）。",
                           "sanjo-tui journal rebuild で作り直してください。", detail="; ".join(wrong[:5]))
    return Verified(count=sum(head.seq for head in heads), heads=tuple(heads), unknown=kinds["unknown"],
                    destroyed=kinds["destroyed"])


def _rows(execute: Callable[..., Any], codec: Codec, station: str, kinds: Counter[str],
          anchor: Head | None) -> Iterator[Row]:
    """The rows of a station in order; a page that cannot be read is told as the row that could not be reached."""
    reached = 0
    try:
        cursor = execute(f"{SELECT} WHERE station = ? ORDER BY seq", (station,))
        for values in cursor:
            row = Row(*values)
            if anchor is not None and (row.station, row.seq) == (anchor.station, anchor.seq) \
                    and row.hash != anchor.hash:
                raise BrokenChain(station, row.seq)
            if row.kind not in codec.classes:
                kinds["unknown"] += 1
            elif isinstance(row.body, bytes) and codec.keys.is_destroyed(row.scope):
                kinds["destroyed"] += 1
            yield row
            reached = row.seq
    except DATABASE_ERRORS as error:
        raise BrokenChain(station, reached + 1) from error
