"""What can happen to somebody's 利用者ID. Subject is the 宛名番号, but for a number that leaves its range."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.identity import Reception, number_claim

ID = "userid.id"
"""Claim scope of the numbers: each is somebody's once, and never given again."""

PERSON = "userid.person"
"""Claim scope of people: one live number each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdTaken(Event):
    """A number leaves its range for `person`. Subject: the range's first number. Stays when the issue is taken back."""

    kind: ClassVar[str] = "userid.taken"
    number: str
    person: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """No number twice."""
        return (Claim(ID, self.number),)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdKnown(Event):
    """A number that the register brought, and that is looked after here from now on (停止, 撤回, 差替え)."""

    kind: ClassVar[str] = "userid.known"
    number: str
    valid_until: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """It is theirs."""
        return Claim(ID, self.number), Claim(PERSON, self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdReserved(Reception):
    """予約: consent was given, and a number is set aside; nothing stands on a card yet.

    `replaces`: the number that stays in use until the new one is read back; `carried`: it is that very number, for a
    new chip. `consent_scope`: codes of the services. Dates `YYYY-MM-DD`.
    """

    kind: ClassVar[str] = "userid.reserved"
    number: str
    consent_version: str
    consent_on: str
    consent_scope: tuple[str, ...]
    valid_until: str = ""
    by_tool: bool = False
    replaces: str = ""
    carried: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One live number a person."""
        own = () if self.replaces else (Claim(PERSON, self.subject),)
        return (number_claim(self.reception_no), *own)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardTried(Event):
    """A write was tried. `outcome` as cards/errands.py names it; `touched`: the card may carry a part of the number."""

    kind: ClassVar[str] = "userid.tried"
    number: str
    outcome: str
    touched: bool = False
    code: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdVerified(Event):
    """読戻し: the card gave the very number that was reserved. `way`: write | tap."""

    kind: ClassVar[str] = "userid.verified"
    number: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IdLinked(Event):
    """連携: this person's number in another system (図書番号 ...); "" takes it away."""

    kind: ClassVar[str] = "userid.linked"
    system: str
    other: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentChanged(Event):
    """Another set of services, or another version of the text."""

    kind: ClassVar[str] = "userid.consent"
    consent_version: str
    consent_on: str
    consent_scope: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class IdSuspended(Event):
    """停止, at once. `since`: date of the register that brought it, or ""."""

    kind: ClassVar[str] = "userid.suspended"
    number: str
    reason: str
    by_register: bool = False
    since: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class IdResumed(Event):
    """The stop is over."""

    kind: ClassVar[str] = "userid.resumed"
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWithdrawn(Event):
    """同意の撤回, at once; the person may apply anew."""

    kind: ClassVar[str] = "userid.withdrawn"
    number: str
    reason: str

    @property
    def releases(self) -> tuple[Claim, ...]:
        """Another number may be issued."""
        return (Claim(PERSON, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdAbandoned(Event):
    """取りやめ of an unfinished issue; the number is never given to anybody. `first`: there was none before."""

    kind: ClassVar[str] = "userid.abandoned"
    number: str
    reason: str
    first: bool

    @property
    def releases(self) -> tuple[Claim, ...]:
        """Where it was the first number, another may be issued."""
        return (Claim(PERSON, self.subject),) if self.first else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class UserIdLoaded(Event):
    """The set-up was loaded."""

    kind: ClassVar[str] = "userid.loaded"
    sha256: str
