"""Live counts and the figures of 状況報告書, from presences alone (docs/shelter.md §1)."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanjo_tui.receptions.shelter.lists import Figures
from sanjo_tui.receptions.shelter.look import age_text
from sanjo_tui.receptions.shelter.state import HouseholdSheet, Presence
from sanjo_tui.receptions.shelter.words import Need, State, Stay

AGE_BANDS = ((0, 2, "0-2歳"), (3, 5, "3-5歳"), (6, 14, "6-14歳"), (15, 64, "15-64歳"), (65, 74, "65-74歳"),
             (75, 200, "75歳以上"))
"""The bands that municipalities usually ask for; not fixed by law."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The line of numbers at the foot of the desk. `people` are all who are counted here, wherever they sleep."""

    people: int = 0
    households: int = 0
    inside: int = 0
    outside: int = 0
    on_leave: int = 0
    with_needs: int = 0
    provisional: int = 0
    accounted: int = 0
    departed: int = 0
    capacity: int = 0

    @property
    def full(self) -> bool:
        """More people sleep inside than the shelter is made for."""
        return bool(self.capacity) and self.inside + self.on_leave >= self.capacity


def here(presences: Iterable[Presence], shelter: str) -> tuple[Presence, ...]:
    """Those who count at this shelter: inside, staying outside, or on leave; merged records are gone."""
    return tuple(p for p in presences if p.counted and p.shelter == shelter)


def count(presences: Sequence[Presence], shelter: str, capacity: int) -> Counts:
    """The numbers of one shelter."""
    ours = [p for p in presences if p.shelter == shelter]
    counted = here(ours, shelter)
    return Counts(
        people=len(counted), households=len({p.household or p.person for p in counted}),
        inside=sum(p.state is State.INSIDE for p in counted), outside=sum(p.state is State.OUTSIDE for p in counted),
        on_leave=sum(p.state is State.ON_LEAVE for p in counted), with_needs=sum(p.with_needs for p in counted),
        provisional=sum(p.provisional for p in counted), accounted=sum(p.state is State.ACCOUNTED for p in ours),
        departed=sum(p.state is State.DEPARTED for p in ours), capacity=capacity)


def count_pets(text: str) -> int:
    """Animals in free text such as 犬2、猫: a kind without a number is one."""
    parts = [part for part in re.split(r"[\s、,・/]+", text) if part]
    return sum(int(found.group()) if (found := re.search(r"\d+", part)) else 1 for part in parts)


def figures(presences: Sequence[Presence], sheets: Sequence[HouseholdSheet], shelter: str, capacity: int,
            today: dt.date, at: str) -> Figures:
    """All numbers of the report at one moment."""
    people = here(presences, shelter)
    numbers = count(presences, shelter, capacity)
    ages = [age_text(p.seen, today) for p in people]
    known = [int(age) for age in ages if age.isdigit()]
    by_age = [(label, sum(low <= age <= high for age in known)) for low, high, label in AGE_BANDS]
    stays = Counter(p.stay for p in people)
    households = {p.household for p in people}
    return Figures(
        at=at, households=numbers.households, people=numbers.people,
        male=sum(p.seen.sex_code == "1" for p in people), female=sum(p.seen.sex_code == "2" for p in people),
        sex_unknown=sum(p.seen.sex_code not in ("1", "2") for p in people),
        by_age=(*by_age, ("不詳", len(ages) - len(known))),
        by_stay=tuple((stay.label, stays[stay]) for stay in Stay),
        by_need=tuple((need.label, sum(need in p.needs for p in people)) for need in Need),
        with_needs=numbers.with_needs, on_leave=numbers.on_leave, departed=numbers.departed,
        accounted=numbers.accounted, provisional=numbers.provisional, capacity=capacity,
        injured=sum(bool(p.injured) for p in people), infants=sum(age < 1 for age in known),
        meals=numbers.people, pets=sum(count_pets(s.pets) for s in sheets if s.key in households))
