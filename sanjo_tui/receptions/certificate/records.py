"""What is kept of a disaster, an application, a certificate number: frozen values, folded from events by state.py."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate.transitions import TRANSITIONS
from sanjo_tui.receptions.certificate.words import (
    Act,
    Applicant,
    Grade,
    Kind,
    Method,
    SelfRule,
    Standing,
    State,
    Tenure,
)
from sanjo_tui.receptions.identity import VerifiedBy


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A disaster whose applications are received here. `closed_ms` 0 while open; times in UTC milliseconds."""

    code: str
    name: str
    date: str
    snapshot_id: str
    snapshot_as_of: str
    houses_id: str
    setup_sha256: str
    opened_ms: int = 0
    closed_ms: int = 0

    @property
    def is_open(self) -> bool:
        """Applications are received."""
        return not self.closed_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One number and what it stands for now."""

    number: str
    what: Kind
    issued_on: str
    issued_ms: int
    operator: str
    check: str
    grade: Grade | None = None
    judged: ev.Judged | None = None
    standing: Standing = Standing.VALID
    supersedes: str = ""
    again: bool = False
    reason: str = ""
    ended_on_ms: int = 0
    copies: int = 1
    handed_on: str = ""
    received_by: Applicant | None = None

    @property
    def reissued(self) -> bool:
        """It carries the mark 再交付."""
        return bool(self.supersedes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """A change of the register about somebody of this application."""

    person: str
    what: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """One application as it stands."""

    number: str
    state: State
    what: Kind
    household: str
    applicant_no: str
    applicant: Applicant
    applicant_name: str
    head_name: str
    head_no: str = ""
    head_address: str = ""
    agent_name: str = ""
    proxy_doc: str = ""
    members: tuple[ev.Person, ...] = ()
    binding: ev.Binding
    method: Method = Method.SURVEY
    self_rule: SelfRule | None = None
    consent: bool = False
    photos: int = 0
    photo_note: str = ""
    flood_cm: int | None = None
    damage_note: str = ""
    tenure: Tenure | None = None
    present_place: str = ""
    phone: str = ""
    copies: int = 1
    purpose: str = ""
    ledger_consent: bool | None = None
    residence_proof: str = ""
    residence_confirmed_by: str = ""
    verified_by: VerifiedBy = VerifiedBy.CARD_FACE
    applied_on: str = ""
    applied_ms: int = 0
    expected_on: str = ""
    judged: ev.Judged | None = None
    """The decision that holds: the latest stage."""
    surveyed: ev.Judged | None = None
    """A survey that is not decided yet."""
    certificates: tuple[Certificate, ...] = ()
    resurvey_reason: str = ""
    resurvey_on: str = ""
    ended_reason: str = ""
    changes: tuple[Noted, ...] = ()
    operator: str = ""

    @property
    def standing(self) -> Certificate | None:
        """The certificate that is valid, the last one issued."""
        return next((c for c in reversed(self.certificates) if c.standing is Standing.VALID), None)

    @property
    def is_open(self) -> bool:
        """Neither withdrawn nor refused."""
        return self.state not in (State.WITHDRAWN, State.REFUSED)

    @property
    def needs_reissue(self) -> bool:
        """要再交付: a later decision differs from what the valid certificate says."""
        now = self.standing
        return bool(now and self.judged and now.what is Kind.GRADE and now.grade is not self.judged.grade)

    @property
    def needs_second(self) -> bool:
        """A second operator must still confirm the house."""
        return self.binding.manual and not self.binding.confirmed_by

    @property
    def doubled(self) -> bool:
        """More than one valid certificate: two desks issued without knowing of each other."""
        return sum(c.standing is Standing.VALID for c in self.certificates) > 1

    def may(self, act: Act) -> bool:
        """Whether the table allows it now."""
        return act in TRANSITIONS[self.state]

    def after(self, act: Act) -> State:
        """The state after an act; an act out of place changes nothing."""
        return TRANSITIONS[self.state].get(act, self.state)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """A certificate number that was given out, and the application it was given to."""

    number: str
    application: str
