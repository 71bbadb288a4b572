"""A house, a survey of it, and what a loaded file of either says of itself: frozen values as delivered."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One house, or one 住戸 (`unit`) of a building. Dates are ISO 8601 or ""; `lat`, `lon` degrees as text."""

    house_id: str
    unit: str = ""
    town: str = ""
    lot: str = ""
    parcel_no: str = ""
    use: str = ""
    owner_addressee_no: str = ""
    owner_name: str = ""
    map_sheet: str = ""
    lat: str = ""
    lon: str = ""
    active_from: str = ""
    active_to: str = ""

    @property
    def key(self) -> str:
        """Names the house or the 住戸."""
        return f"{self.house_id}/{self.unit}" if self.unit else self.house_id

    @property
    def address(self) -> str:
        """住居表示 and 住戸 as one writes them; the 地番 where there is no 住居表示."""
        lot = self.lot or (f"{self.parcel_no}（地番）" if self.parcel_no else "")
        return " ".join(part for part in (self.town + lot, self.unit) if part)

    def stood_on(self, day: dt.date) -> bool:
        """Whether it stood on that day; a date that is missing sets no limit."""
        iso = day.isoformat()
        return (not self.active_from or self.active_from <= iso) and (not self.active_to or iso <= self.active_to)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey:
    """One survey of one house. `stage`: 1 1次, 2 2次, 3 再調査; `ratio` percent as text; `decided_on` "" so far."""

    disaster: str
    survey_no: str
    house_id: str
    unit: str = ""
    stage: int = 1
    date: str = ""
    method: str = ""
    ratio: str = ""
    grade: str = ""
    decided_on: str = ""

    @property
    def key(self) -> str:
        """The house or 住戸 that it is about."""
        return f"{self.house_id}/{self.unit}" if self.unit else self.house_id


@dataclass(frozen=True, slots=True, kw_only=True)
class DataInfo:
    """What a loaded file says of itself. `content`: houses or surveys; `loaded_at`: ISO 8601, UTC."""

    content: str
    snapshot_id: str
    as_of: dt.date
    sequence: int
    lg_code: str
    fictitious: bool
    records: int
    sha256: str
    loaded_at: str
    previous: str = ""
    warnings: int = 0
    highest_sequence: int = 0
