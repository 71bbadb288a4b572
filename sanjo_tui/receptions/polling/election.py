"""An election as it was set up: contests, polling places, wording, staff. Frozen values; read by setup.py.

Keys of the file: docs/polling.md §1.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjo_tui.receptions.polling.words import Level, PaperKind, PlaceKind, SignaturePolicy, StaffRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """選挙(投票種別). `early_from`/`early_to`: its own days of early voting; `box_no` its ballot box."""

    code: str
    name: str
    level: Level
    ballot_colour: str
    box_no: int
    order: int
    early_from: dt.date
    early_to: dt.date
    districts: tuple[str, ...] = ()
    """Districts of this municipality in which it is held; empty: in all of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """Opening hours of one day, local time."""

    day: dt.date
    opens: dt.time
    closes: dt.time


@dataclass(frozen=True, slots=True, kw_only=True)
class PollingPlace:
    """投票所 or 期日前投票所. `exit_check`: papers are checked at the exit."""

    code: str
    name: str
    kind: PlaceKind
    wards: tuple[str, ...] = ()
    """投票区 whose electors vote here on polling day; empty at an early place, which takes the whole town."""
    address: str = ""
    exit_check: bool = False
    hours: tuple[Hours, ...] = ()

    def hours_on(self, day: dt.date) -> Hours | None:
        """When it is open on a day."""
        return next((h for h in self.hours if h.day == day), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Staff:
    """Somebody on duty. `pin_hash`: Argon2id in its standard text form; empty: cannot be a second operator."""

    id: str
    name: str
    role: StaffRole
    pin_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """期日前投票事由 (法48の2①). `words`: everyday words that lead to it."""

    code: int
    label: str
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonLabels:
    """A town's wording of the reasons; `verified` False: the wording was not compared with the law."""

    version: str
    reasons: tuple[Reason, ...]
    source: str = ""
    verified: bool = False

    def reason(self, code: int) -> Reason | None:
        """The reason with this number."""
        return next((r for r in self.reasons if r.code == code), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A sentence of law or practice as printed, with where it comes from."""

    text: str
    source: str = ""
    verified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Stock:
    """投票用紙 delivered to a place before it opens."""

    place: str
    contest: str
    paper: PaperKind
    sheets: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketForm:
    """Bar code of the 入場券: a regular expression for the whole code. `check`: none, luhn or mod11, its last digit."""

    pattern: str = ""
    check: str = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Election:
    """One election day with all its contests. `sha256`: of the file it was read from."""

    id: str
    name: str
    polling_day: dt.date
    contests: tuple[Contest, ...]
    places: tuple[PollingPlace, ...]
    reason_labels: ReasonLabels
    oath: Wording
    signature_policy: SignaturePolicy = SignaturePolicy.SIGNED
    committee: str = ""
    """宛先 of the 宣誓書, e.g. 三条市選挙管理委員会委員長."""
    report_times: tuple[dt.time, ...] = ()
    staff: tuple[Staff, ...] = ()
    stock: tuple[Stock, ...] = ()
    ticket: TicketForm = TicketForm()
    stale_after_hours: int = 24
    moved_months: int = 4
    """Months after 転出 for which an elector stays on the roll (法28条)."""
    abroad_votes_national: bool = True
    """Whether 転出表示 to another country may still vote in 国政 while on the roll (unverified, so a setting)."""
    home_places: bool = False
    """Several early places without a shared journal: each voter has a home place (docs/polling.md §6)."""
    fictitious: bool = False
    sha256: str = ""

    @property
    def in_order(self) -> tuple[Contest, ...]:
        """Contests in the order of the boxes."""
        return tuple(sorted(self.contests, key=lambda c: (c.order, c.box_no, c.code)))

    def contest(self, code: str) -> Contest | None:
        """The contest of this code."""
        return next((c for c in self.contests if c.code == code), None)

    def place(self, code: str) -> PollingPlace | None:
        """The polling place of this code."""
        return next((p for p in self.places if p.code == code), None)

    def place_of_ward(self, ward: str) -> PollingPlace | None:
        """Where the electors of a ward vote on polling day."""
        return next((p for p in self.places if p.kind is PlaceKind.DAY and ward in p.wards), None)

    def person(self, staff_id: str) -> Staff | None:
        """Staff by id."""
        return next((s for s in self.staff if s.id == staff_id), None)
