"""What can happen to an application. Subject is its 受付番号, which is its booking number; scope `application`.

No event has a field for a PIN: 暗証番号 are neither asked nor kept (docs/application.md §6).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.application.words import Channel, Defect, Identity, Method, Point, Ward
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy, number_claim

SEAT = "application.seat"
"""Claim scope of one seat of one slot: `place|slot|number`."""

PERSON = "application.person"
"""Claim scope of people: one application at a time."""

FORM = "application.form"
"""Claim scope of 申請書ID, as a keyed hash: one form is one person's."""

BATCH = "application.batch"
"""Claim scope of the numbers of batches."""


def seat_of(place: str, slot: str, seat: int) -> str:
    """The subject of a seat's claim; "" for seat 0, which is none (来庁 without a booking)."""
    return f"{place}|{slot}|{seat:03}" if seat else ""


def _seat_claims(seat: str) -> tuple[Claim, ...]:
    return (Claim(SEAT, seat),) if seat else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """The applicant as the register had them. `address` is "" for protected people; `birth` `YYYY-MM-DD`."""

    name: str
    kana: str = ""
    alias: str = ""
    birth: str = ""
    birth_label: str = ""
    sex_code: str = ""
    postal_code: str = ""
    address: str = ""
    protected: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGiven(Event):
    """A 受付番号 is given out, and stays so when its booking is taken back: a 予約票 may lie somewhere.

    Subject: the station's code.
    """

    kind: ClassVar[str] = "application.number"
    number: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Nobody else's."""
        return (number_claim(self.number),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Booked(Event):
    """予約, or 来庁 without one (channel walk_in, seat 0). `slot`: local time `YYYY-MM-DDTHH:MM`."""

    kind: ClassVar[str] = "application.booked"
    reception_no: str
    applicant_no: str
    person: Person
    place: str
    slot: str
    seat: int
    channel: Channel
    phone: str = ""
    snapshot_id: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The seat, and that this person applies."""
        return (*_seat_claims(seat_of(self.place, self.slot, self.seat)),
                Claim(PERSON, self.applicant_no))


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """予約の変更: another seat is taken, `left` is given up."""

    kind: ClassVar[str] = "application.moved"
    place: str
    slot: str
    seat: int
    left: str

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The new seat."""
        return _seat_claims(seat_of(self.place, self.slot, self.seat))

    @property
    def releases(self) -> tuple[Claim, ...]:
        """The old one."""
        return _seat_claims(self.left)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived(Event):
    """来庁: who stands there, and how that was made sure."""

    kind: ClassVar[str] = "application.arrived"
    identified_by: IdentifiedBy
    verified_by: VerifiedBy
    user_id: str = ""
    snapshot_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Photographed(Event):
    """写真. `photo_sha256` names the picture that is kept, "" where none is needed; `points` a person confirmed."""

    kind: ClassVar[str] = "application.photographed"
    photo_sha256: str = ""
    width: int = 0
    height: int = 0
    points: tuple[Point, ...] = ()
    none_needed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FormFilled(Event):
    """申請書. `application_form_id` 23 digits, `form_key` its keyed hash; `left` that of a form that is given up."""

    kind: ClassVar[str] = "application.filled"
    person: Person
    application_form_id: str
    form_key: str
    left: str = ""
    method: Method
    id_documents: Identity | None = None
    ward: Ward = Ward.NONE
    representative: str = ""
    relation: str = ""
    sign: bool = True
    auth: bool = True
    braille_name: bool = False
    leaving: bool = False
    snapshot_id: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The form is this person's; one that stays is held already."""
        return () if self.form_key == self.left else (Claim(FORM, self.form_key),)

    @property
    def releases(self) -> tuple[Claim, ...]:
        """A form that another took the place of."""
        return (Claim(FORM, self.left),) if self.left and self.left != self.form_key else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Event):
    """署名: somebody saw that the sheet is signed."""

    kind: ClassVar[str] = "application.signed"


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchClosed(Event):
    """送付書: a batch is closed with its applications. Subject: the batch's number."""

    kind: ClassVar[str] = "application.batch"
    sent_on: str
    numbers: tuple[str, ...]

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The number, once."""
        return (Claim(BATCH, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Event):
    """送付 with a batch."""

    kind: ClassVar[str] = "application.sent"
    batch: str
    sent_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned(Event):
    """不備: it came back."""

    kind: ClassVar[str] = "application.returned"
    defect: Defect
    returned_on: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notified(Event):
    """交付通知書 sent."""

    kind: ClassVar[str] = "application.notified"
    notice_sent_on: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered(Event):
    """交付: handed over, or the post confirmed it (`verified_by` None)."""

    kind: ClassVar[str] = "application.delivered"
    applicant_no: str
    delivered_on: str
    verified_by: VerifiedBy | None = None

    @property
    def releases(self) -> tuple[Claim, ...]:
        """The person may apply again, some years later."""
        return (Claim(PERSON, self.applicant_no),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended(Event):
    """取りやめ, or `no_show`: 来庁なし. The seat is free again."""

    kind: ClassVar[str] = "application.ended"
    applicant_no: str
    reason: str
    ended_on: str
    no_show: bool = False
    left: str = ""
    left_form: str = ""

    @property
    def releases(self) -> tuple[Claim, ...]:
        """Person, seat and form."""
        form = (Claim(FORM, self.left_form),) if self.left_form else ()
        return (Claim(PERSON, self.applicant_no), *_seat_claims(self.left), *form)


@dataclass(frozen=True, slots=True, kw_only=True)
class PhotoErased(Event):
    """A picture is gone from this station. Subject: its name."""

    kind: ClassVar[str] = "application.photo_erased"


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonChanged(Event):
    """A new register changed the applicant. `reissue`: the form names what is no longer so (要再発行)."""

    kind: ClassVar[str] = "application.person_changed"
    what: str
    since: str
    reissue: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeSettled(Event):
    """Somebody saw to the changes that the register brought."""

    kind: ClassVar[str] = "application.settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupLoaded(Event):
    """A set-up was loaded."""

    kind: ClassVar[str] = "application.setup"
    sha256: str
    places: int
