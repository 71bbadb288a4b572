"""Residents and households as the register delivers them: frozen values, code points untouched.

Columns: docs/register.md §1. Who may be shown to whom (支援措置): the same file, §4.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sanjo_tui.wareki import RegisterDate, parse

MASKED = "（表示しません）"
"""What stands in place of a protected person's address, household and telephone: the same text for every flag."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resident:
    """One person, latest history row. `sex_code` 1 男, 2 女, or blank; `relationship`: up to four codes, 02 is head."""

    addressee_no: str
    household_no: str
    order: int
    name: str
    name_kana: str = ""
    alias: str = ""
    name_roman: str = ""
    birth: RegisterDate
    sex_code: str = ""
    relationship: tuple[str, ...] = ()
    relationship_label: str = ""
    resident_kind: str = "1"
    resident_status: str = "1"
    postal_code: str = ""
    town: str = ""
    lot_text: str = ""
    building: str = ""
    district_code: str = ""
    nationality: str = ""
    protected: bool = False

    @property
    def birth_label(self) -> str:
        """生年月日 as it is written for people: 和暦, for foreign residents 西暦, never both."""
        return self.birth.seireki() if self.resident_kind == "2" else self.birth.wareki()

    @property
    def living(self) -> bool:
        """住民: neither moved out, dead nor struck off."""
        return self.resident_status == "1"

    @property
    def is_head(self) -> bool:
        """世帯主: the first relationship code is 02."""
        return self.relationship[:1] == ("02",)

    @property
    def address(self) -> str:
        """Town, lot and building in one line; 方書 is never dropped. Masked for the protected."""
        if self.protected:
            return MASKED
        return " ".join(part for part in (self.town + self.lot_text, self.building) if part)


@dataclass(frozen=True, slots=True)
class Household:
    """The people of one 世帯番号 in the register's order (記載順位)."""

    number: str
    members: tuple[Resident, ...]

    @property
    def head(self) -> Resident | None:
        """The 世帯主, if the register names one."""
        return next((m for m in self.members if m.is_head), None)

    def member(self, addressee_no: str) -> Resident | None:
        """The member with this 宛名番号."""
        return next((m for m in self.members if m.addressee_no == addressee_no), None)

    def seen_from(self, addressee_no: str) -> Household:
        """What the tap of one member may show (docs/register.md §3).

        A protected person sees only herself; others never see a protected member, nor that anybody is missing.
        """
        own = self.member(addressee_no)
        if own is not None and own.protected:
            return replace(self, members=(own,))
        return replace(self, members=tuple(m for m in self.members if not m.protected))


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of a search result. `match`: "exact", "folded" (異体字一致) or "vague" (あいまい); exact first.

    `reading` says what the text was taken for: user_id, birth_date, addressee_no, name_kana or name.
    """

    resident: Resident
    match: str = "exact"
    reading: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gave: at most the limit; `more` if there are others. `readings`: what the text was taken for."""

    hits: tuple[Hit, ...] = ()
    readings: tuple[str, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class CardLink:
    """What a card's 利用者ID leads to. `valid_until` as delivered, or ""; `status`: active, suspended or revoked."""

    user_id: str
    addressee_no: str
    valid_until: str = ""
    status: str = "active"

    def expired_on(self, day: dt.date) -> bool:
        """Whether the card's last valid day is before `day`; a card without a date does not expire."""
        last = parse(self.valid_until).sort_key
        return bool(last) and last < day.isoformat()


@dataclass(frozen=True, slots=True)
class ShelterPlace:
    """One line of shelters.csv: a shelter of the municipality. `capacity` in people, 0 when not given."""

    shelter_code: str
    name: str
    address: str = ""
    district_code: str = ""
    capacity: int = 0
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SnapshotInfo:
    """What a loaded register says of itself. `loaded_at`: ISO 8601, UTC; `previous`: the one live before it."""

    snapshot_id: str
    kind: str
    as_of: dt.date
    sequence: int
    lg_code: str
    fictitious: bool
    people: int
    households: int
    cards: int
    loaded_at: str
    source_system: str = ""
    previous: str = ""
    warnings: int = 0
    highest_sequence: int = 0
    """The greatest sequence this station had ever loaded, itself included."""

    digest: str = ""
    """SHA-256 of the manifest it was made from."""

    def days_old(self, day: dt.date) -> int:
        """Days since 現在日."""
        return (day - self.as_of).days
