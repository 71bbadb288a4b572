"""Small values for shelter tests: seen people, lines, recorded events."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from itertools import count

from sanjo_tui.journal.events import Event, Recorded, Reversal
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.look import Line, line_of
from sanjo_tui.receptions.shelter.state import Episode, Presence, apply_person

HERE, SCOPE = "15204801", "20261124"
TODAY = dt.date(2026, 11, 24)
OPEN = Episode(shelter=HERE, name="嵐南小学校", capacity=300, opened_ms=1)


def seen(name: str = "佐藤　太郎", *, sex: str = "1", born: str = "1974-03-05", protected: bool = False,
         order: int = 1) -> ev.Seen:
    return ev.Seen(name=name, name_kana="サトウ　タロウ", birth=born.replace("-", ""), birth_sort=born,
                   birth_label=born, birth_precision="day", sex_code=sex, relationship="世帯主" if order == 1 else "子",
                   address="" if protected else "旭町1-2", town="" if protected else "旭町", is_head=order == 1,
                   protected=protected, order=order)


def fold(events: Iterable[Event], *, start_ms: int = 1_000) -> dict[str, Presence]:
    """The state by hand: per subject, in order, reversed ones left out."""
    recorded = [Recorded("A1B2C3", n, n << 16, start_ms + n, "op", event) for n, event in enumerate(events, 1)]
    gone = {(r.event.of_station, r.event.of_seq) for r in recorded if isinstance(r.event, Reversal)}
    people: dict[str, Presence] = {}
    for r in recorded:
        if isinstance(r.event, Reversal) or (r.station, r.seq) in gone:
            continue
        after = apply_person(people.get(r.event.subject), r)
        if after is not None:
            people[r.event.subject] = after
    return people


def family(*names: str, people: dict[str, Presence] | None = None, tapped: int = 0) -> list[Line]:
    """A household of named members with 宛名番号 1, 2, 3 ..."""
    people = people or {}
    return [line_of(key, seen(name, order=n), people.get(key), HERE, TODAY, tapped=n - 1 == tapped)
            for n, (key, name) in enumerate(zip(map(str, count(1)), names, strict=False), 1)]


def subjects(events: Sequence[Event]) -> list[str]:
    return [event.subject for event in events]
