"""What stands on the lists of a shelter: rows without layout, masked and filtered here and nowhere else.

Two editions (docs/shelter.md §3): `staff`, with protected people masked; `posting`, only those who agreed to be
named (disclose_public), never a protected one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Edition(StrEnum):
    """運営用 or 掲示用."""

    STAFF = "staff"
    POSTING = "posting"


@dataclass(frozen=True, slots=True, kw_only=True)
class RosterRow:
    """One person on 避難者名簿; every field is text ready for paper, CSV and JSON."""

    registration_no: str
    addressee_no: str = ""
    name: str
    name_kana: str = ""
    birth_date: str = ""
    age: str = ""
    sex: str = ""
    address: str = ""
    town: str = ""
    relationship: str = ""
    checked_in_at: str = ""
    presence: str = ""
    stay_mode: str = ""
    needs: str = ""
    area: str = ""
    recorded_by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnconfirmedRow:
    """One person not yet confirmed, for the door-to-door list by 町内会."""

    district_code: str
    town: str
    address: str
    household_no: str
    name: str
    name_kana: str = ""
    age: str = ""
    sex: str = ""
    relationship: str = ""
    known: str = ""
    """What the family said (安否確認), or ""."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """状況報告書: numbers at one moment (docs/shelter.md §1). Pairs are (label, number) in the order of the form."""

    at: str
    households: int = 0
    people: int = 0
    male: int = 0
    female: int = 0
    sex_unknown: int = 0
    by_age: tuple[tuple[str, int], ...] = ()
    by_stay: tuple[tuple[str, int], ...] = ()
    by_need: tuple[tuple[str, int], ...] = ()
    with_needs: int = 0
    on_leave: int = 0
    departed: int = 0
    accounted: int = 0
    provisional: int = 0
    injured: int = 0
    infants: int = 0
    meals: int = 0
    pets: int = 0
    capacity: int = 0
