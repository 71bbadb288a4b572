"""What can happen to an application. Subject is its 受付番号, scope `certificate.<disaster>` (docs §3).

An application is one household x house x disaster x kind; that is what its claim says. Events keep the people as they
were seen, so that a later register rewrites nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.certificate.words import Applicant, Grade, Kind, Method, SelfRule, Tenure
from sanjo_tui.receptions.identity import Reception, number_claim

APPLICATION = "certificate.application"
"""Claim scope: one open application for a household, house, disaster and kind."""

NUMBER = "certificate.number"
"""Claim scope of certificate numbers. It is never released: a number that was given once is never given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member of the household on the day of the disaster. `birth`: as it is written for people."""

    no: str
    name: str
    kana: str = ""
    birth: str = ""
    relationship: str = ""
    sex_code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Which house. `house` is House.key, "" where none was found; `manual`: a second operator must confirm it."""

    house: str = ""
    address: str = ""
    parcel_no: str = ""
    use: str = ""
    map_sheet: str = ""
    owner: str = ""
    reasons: tuple[str, ...] = ()
    manual: bool = False
    confirmed_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A result of a survey, or of the photographs. `stage` 0: self-assessment, 1 1次, 2 2次, 3 再調査."""

    grade: Grade
    stage: int
    survey_no: str = ""
    surveyed_on: str = ""
    decided_on: str = ""
    ratio: str = ""
    method: str = ""
    own: bool = False
    """Of the 住戸 itself, not of its whole building."""


# --- the disaster: subject is its code


@dataclass(frozen=True, slots=True, kw_only=True)
class DisasterOpened(Event):
    """受付開始. Pins the register as of the day and the houses. `setup_sha256`: first ten digits of the file's hash."""

    kind: ClassVar[str] = "certificate.opened"
    name: str
    date: str
    snapshot_id: str
    snapshot_as_of: str
    houses_id: str
    setup_sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisasterClosed(Event):
    """受付終了: no more applications; what was received goes on."""

    kind: ClassVar[str] = "certificate.closed"
    reason: str = ""


# --- the application


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbered(Event):
    """受付番号 given out. On its own, so that taking the reception back never frees a number that is on paper."""

    kind: ClassVar[str] = "certificate.numbered"

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The number is this reception's alone, for good."""
        return (number_claim(self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied(Reception):
    """相談 or 申請受付. `household` is the pinned register's 世帯番号 (or a key of its own), `applicant_no` who came.

    `members` as of the disaster's day, the head first. `residence_proof`: how living there was shown, where the
    register did not have them; `residence_confirmed_by` the second operator. `photos`: how many.
    """

    kind: ClassVar[str] = "certificate.applied"
    consultation: bool = False
    what: Kind = Kind.GRADE
    household: str
    applicant_no: str
    applicant: Applicant = Applicant.HEAD
    applicant_name: str
    agent_name: str = ""
    proxy_doc: str = ""
    head_no: str = ""
    head_name: str
    head_address: str = ""
    members: tuple[Person, ...] = ()
    binding: Binding
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
    applied_on: str
    expected_on: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One application for each household, house, disaster and kind; a consultation takes nothing."""
        return () if self.consultation else (application_claim(self.scope, self.household, self.binding, self.what),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebound(Event):
    """家屋の結付けの変更."""

    kind: ClassVar[str] = "certificate.rebound"
    household: str
    what: Kind
    before: Binding
    binding: Binding

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The new house is this application's."""
        return (application_claim(self.scope, self.household, self.binding, self.what),)

    @property
    def releases(self) -> tuple[Claim, ...]:
        """The old one is free again."""
        return (application_claim(self.scope, self.household, self.before, self.what),)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingConfirmed(Event):
    """A second operator confirmed the house."""

    kind: ClassVar[str] = "certificate.binding_confirmed"
    house: str
    confirmed_by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected(Event):
    """予定日 that was told to the applicant."""

    kind: ClassVar[str] = "certificate.expected"
    expected_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SelfAnswered(Event):
    """自己判定の審査: accepted with a grade, or sent to a survey."""

    kind: ClassVar[str] = "certificate.self_answered"
    accepted: bool
    judged: Judged | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyTaken(Event):
    """判定取込: a survey, decided or not yet, of the `house` that the application is bound to.

    Where the binding is another by then (it was changed, or the change was taken back) it says nothing.
    """

    kind: ClassVar[str] = "certificate.survey_taken"
    judged: Judged
    house: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused(Event):
    """不交付, e.g. because the house is no 住家; a 被災届出証明 may follow."""

    kind: ClassVar[str] = "certificate.refused"
    reason: str
    household: str
    what: Kind
    binding: Binding

    @property
    def releases(self) -> tuple[Claim, ...]:
        """They may apply anew."""
        return (application_claim(self.scope, self.household, self.binding, self.what),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawn(Refused):
    """取下."""

    kind: ClassVar[str] = "certificate.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResurveyAsked(Event):
    """再調査の申請."""

    kind: ClassVar[str] = "certificate.resurvey_asked"
    reason: str
    asked_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ResurveyDropped(Event):
    """再調査の取下: the certificate stands."""

    kind: ClassVar[str] = "certificate.resurvey_dropped"
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Event):
    """住基の更新: what a new register says of the applicant or the head. `what`: words such as 死亡."""

    kind: ClassVar[str] = "certificate.person_changed"
    person: str
    what: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettled(Event):
    """Somebody did what the change asked for."""

    kind: ClassVar[str] = "certificate.change_settled"
    note: str = ""


# --- certificates


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTaken(Event):
    """A certificate number was given out. Subject is the number; it stands or has a void entry, for good."""

    kind: ClassVar[str] = "certificate.number_taken"
    application: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Never twice; no event releases it."""
        return (Claim(NUMBER, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Event):
    """発行. `supersedes`: the number that ends with it; `again`: 再発行 of the same content. `check`: keyed check."""

    kind: ClassVar[str] = "certificate.issued"
    number: str
    what: Kind
    grade: Grade | None = None
    judged: Judged | None = None
    supersedes: str = ""
    again: bool = False
    issued_on: str
    check: str
    copies: int = 1
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided(Event):
    """書損: the number stands for nothing; the next paper has the next number."""

    kind: ClassVar[str] = "certificate.voided"
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HandedOver(Event):
    """交付: who took it, and that they signed."""

    kind: ClassVar[str] = "certificate.handed_over"
    number: str
    received_by: Applicant = Applicant.HEAD
    signed: bool = True
    handed_on: str


def application_claim(scope: str, household: str, binding: Binding, what: Kind) -> Claim:
    """The claim of one household, house, disaster and kind; a house that is unknown stands by its address."""
    house = binding.house or f"?{binding.address}"
    return Claim(APPLICATION, f"{scope}/{household}/{house}/{what.value}")


