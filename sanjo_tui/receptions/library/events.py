"""What can happen to a 図書番号 and to a card at the library. Loans leave counts only (docs/library.md §7)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.identity import Reception, number_claim
from sanjo_tui.receptions.library.words import Kind

NUMBER = "library.number"
"""Claim scope of 図書番号: each is somebody's once, and never given again."""

PERSON = "library.person"
"""Claim scope of people: nobody is issued two numbers."""

BINDING = "library.binding"
"""Claim scope of bound numbers: one card a number."""


# --- at the hall: subject is the 宛名番号


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderKnown(Event):
    """Somebody who had a number before (住基カード利用者): it stays theirs."""

    kind: ClassVar[str] = "library.known"
    number: str
    valid_until: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The number is theirs."""
        return (Claim(NUMBER, self.number),)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTaken(Event):
    """A number leaves its range for `person`. Subject: the range's first number. Stays when the issue is taken back."""

    kind: ClassVar[str] = "library.taken"
    number: str
    person: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """No number twice."""
        return (Claim(NUMBER, self.number),)


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberIssued(Reception):
    """発行: a number for somebody, `kept` where it is the one they had. `address` is "" for protected people.

    Name and address as the register had them then: a past day's list is made again from here.
    """

    kind: ClassVar[str] = "library.issued"
    number: str
    name: str
    address: str = ""
    valid_until: str = ""
    web_use: bool = False
    kept: bool = False
    protected: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One number a person."""
        return number_claim(self.reception_no), Claim(PERSON, self.subject)

    @property
    def change_kind(self) -> Kind:
        """新規, or 更新 where the library knows the number already."""
        return Kind.UPDATE if self.kept else Kind.NEW


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRenewed(Reception):
    """更新: new card, new address, web use changed."""

    kind: ClassVar[str] = "library.renewed"
    number: str
    name: str
    address: str = ""
    valid_until: str = ""
    web_use: bool = False
    protected: bool = False
    change_kind: ClassVar[Kind] = Kind.UPDATE


@dataclass(frozen=True, slots=True, kw_only=True)
class HolderChanged(Event):
    """A new register, or somebody at the hall, changed a holder: a row 更新 of the next list.

    `what`: 転居, 死亡, 紛失 ...; `suspended`: the number may not be used from now on.
    """

    kind: ClassVar[str] = "library.changed"
    number: str
    what: str
    name: str
    address: str = ""
    valid_until: str = ""
    web_use: bool = False
    suspended: bool = False
    protected: bool = False
    by_register: bool = False
    since: str = ""
    """Date of the register that brought it, `YYYY-MM-DD`, or ""."""
    change_kind: ClassVar[Kind] = Kind.UPDATE


Listed = NumberIssued | NumberRenewed | HolderChanged
"""Events that give a row of the 申請データ一覧."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListWritten(Event):
    """申請データ一覧 of a business day (subject, `YYYY-MM-DD`). `covers`: numbers of the events that are its rows.

    `output_at`: date and time as the paper says it; the hashes are of the files as first written.
    """

    kind: ClassVar[str] = "library.listed"
    list_seq: int
    output_at: str
    covers: tuple[str, ...]
    pdf_sha256: str
    csv_sha256: str
    register_as_of: str = ""
    fictitious: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One list a day, one day a list number."""
        return Claim("library.list", self.subject), Claim("library.list_seq", str(self.list_seq))


# --- at the library: subject is the keyed hash of the card's user ID


@dataclass(frozen=True, slots=True, kw_only=True)
class CardBound(Event):
    """照合: this card's 利用者ID stands for this 図書番号 (table library_binding)."""

    kind: ClassVar[str] = "library.bound"
    user_id: str
    number: str
    branch: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One card a number."""
        return (Claim(BINDING, self.number),)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingReleased(Event):
    """Another card takes the number over (再発行), or the binding was wrong."""

    kind: ClassVar[str] = "library.released"
    number: str
    reason: str

    @property
    def releases(self) -> tuple[Claim, ...]:
        """The number is free for another card."""
        return (Claim(BINDING, self.number),)


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingSuspended(Event):
    """停止 of a binding: nothing is lent on this card."""

    kind: ClassVar[str] = "library.binding_suspended"
    number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BindingResumed(Event):
    """The stop is over."""

    kind: ClassVar[str] = "library.binding_resumed"
    number: str
    reason: str


# --- counts and acts: subject is the branch, or "setup"


@dataclass(frozen=True, slots=True, kw_only=True)
class LoansCounted(Event):
    """How many loans and returns one person's turn, or one sending of the queue, came to. Nobody's, and no item's."""

    kind: ClassVar[str] = "library.counted"
    lent: int = 0
    returned: int = 0
    refused: int = 0
    kept_back: int = 0
    """Waiting in the queue at the end."""
    offline: bool = False
    stop: str = ""
    """Stop of the bookmobile, by its code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryLoaded(Event):
    """The set-up was loaded. `holders`: how many older numbers came with it."""

    kind: ClassVar[str] = "library.loaded"
    sha256: str
    numbers: int
    holders: int = 0
