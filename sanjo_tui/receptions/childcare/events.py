"""What can happen to a card. Subject: the holder's 宛名番号; the card's number stands in the event."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.childcare.words import Place, Role
from sanjo_tui.receptions.identity import Reception, VerifiedBy, number_claim

CARD = "childcare.card"
"""Claim scope of card numbers: each is given once, for good."""

PERSON = "childcare.person"
"""Claim scope of people: one live card each."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """One child as counted then. `until`: last day, `YYYY-MM-DD`; `confirmed`: how a person made sure, or ""."""

    addressee_no: str
    until: str
    confirmed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTaken(Event):
    """A card number (subject) is `person`'s. Stays when the application is taken back."""

    kind: ClassVar[str] = "childcare.taken"
    person: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """No number twice."""
        return (Claim(CARD, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied(Reception):
    """申請. `household_no`: the children's; `confirmed`: how what the register does not show was made sure of."""

    kind: ClassVar[str] = "childcare.applied"
    card_no: str
    role: Role
    household_no: str
    children: tuple[Child, ...]
    needed: int
    valid_until: str
    place: Place = Place.HOUSEHOLD
    confirmed: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One live card a person."""
        return number_claim(self.reception_no), Claim(PERSON, self.subject)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoTaken(Event):
    """The photo of the card, looked at and accepted by whoever took it in."""

    kind: ClassVar[str] = "childcare.photo"
    card_no: str
    sha256: str
    width: int
    height: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CardPrinted(Event):
    """The card's data went to the card printer, in the batch of that number."""

    kind: ClassVar[str] = "childcare.printed"
    card_no: str
    batch: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardHanded(Event):
    """交付: handed over against 受領サイン."""

    kind: ClassVar[str] = "childcare.handed"
    card_no: str
    verified_by: VerifiedBy = VerifiedBy.CARD_FACE
    signed: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class CardLost(Event):
    """紛失: the number is void from now on."""

    kind: ClassVar[str] = "childcare.lost"
    card_no: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReissued(Reception):
    """再発行: a new number takes the lost card's place; `old_card_no` is void."""

    kind: ClassVar[str] = "childcare.reissued"
    card_no: str
    old_card_no: str
    children: tuple[Child, ...]
    valid_until: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The person's claim is the application's."""
        return (number_claim(self.reception_no),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardRenewed(Reception):
    """更新: the children were counted again. `new_card`: the last day changed, so a new card is made."""

    kind: ClassVar[str] = "childcare.renewed"
    card_no: str
    household_no: str
    children: tuple[Child, ...]
    valid_until: str
    new_card: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The number of the reception alone."""
        return (number_claim(self.reception_no),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardReturned(Event):
    """返却, or 取下げ of one that was never handed over."""

    kind: ClassVar[str] = "childcare.returned"
    card_no: str
    reason: str

    @property
    def releases(self) -> tuple[Claim, ...]:
        """The person may apply again."""
        return (Claim(PERSON, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardExpired(Event):
    """期限切れ: its last day is over."""

    kind: ClassVar[str] = "childcare.expired"
    card_no: str
    valid_until: str

    @property
    def releases(self) -> tuple[Claim, ...]:
        """The person may apply again."""
        return (Claim(PERSON, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class CardQuestioned(Event):
    """A new register changed the holder or the children. `what` and `todo` are for the list; nothing ends by itself."""

    kind: ClassVar[str] = "childcare.questioned"
    card_no: str
    what: str
    todo: str
    since: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSettled(Event):
    """Somebody looked into the question: the card stays as it is, for this reason."""

    kind: ClassVar[str] = "childcare.settled"
    card_no: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotosErased(Event):
    """Photos that no live card needs any more were erased (subject: the station). `count`: how many."""

    kind: ClassVar[str] = "childcare.photos_erased"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLoaded(Event):
    """The set-up was loaded (subject: "setup"); `shops`: how many partner shops came with it."""

    kind: ClassVar[str] = "childcare.loaded"
    sha256: str
    shops: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchMade(Event):
    """Cards' data were written for the card printer (subject: the batch). `sha256` of the CSV file."""

    kind: ClassVar[str] = "childcare.batch"
    cards: int
    sha256: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """A batch is made once."""
        return (Claim("childcare.batch", self.subject),)
