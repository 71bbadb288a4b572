"""What can happen at a shelter, one event a person; household sheet and episode have their own.

Fields: docs/shelter.md §1. Events keep the person *as seen*: a later snapshot cannot rewrite history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.shelter.lists import Figures
from sanjo_tui.receptions.shelter.words import Category, Exit, Need, Stay, Via, Whereabouts

NUMBER_ISSUED = "shelter.number"
"""Claim scope of 受付番号: every number that was printed or reserved is held here once."""

NUMBER_USED = "shelter.number.used"
"""Claim scope of 受付番号 that stand for a household or a provisional person."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """A person as the desk saw them. `birth` is the register's raw text, `birth_label` how it is written for people."""

    name: str = ""
    name_kana: str = ""
    birth: str = ""
    birth_label: str = ""
    birth_sort: str = ""
    birth_precision: str = "unknown"
    sex_code: str = ""
    address: str = ""
    town: str = ""
    district_code: str = ""
    relationship: str = ""
    nationality: str = ""
    is_head: bool = False
    protected: bool = False
    order: int = 0
    age_text: str = ""
    """A person's age as they said it (年代), for those whose birth date nobody knows."""


# --- the episode: subject is the shelter code


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelterOpened(Event):
    """開設. `snapshot_id` pins the register in use, so that it is kept while the episode lives."""

    kind: ClassVar[str] = "shelter.opened"
    name: str
    capacity: int = 0
    disaster_name: str = ""
    snapshot_id: str = ""
    drill: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelterClosed(Event):
    """閉鎖 (S12). `remaining` people were still inside and were handed over by list."""

    kind: ClassVar[str] = "shelter.closed"
    remaining: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelterReported(Event):
    """状況報告書: the figures that were reported, so that the next report can show the change."""

    kind: ClassVar[str] = "shelter.reported"
    figures: Figures


@dataclass(frozen=True, slots=True, kw_only=True)
class ShelterArchived(Event):
    """The episode was written out for the archive; only after this may its key be destroyed."""

    kind: ClassVar[str] = "shelter.archived"
    archive_sha256: str
    events: int


# --- people: subject is the 宛名番号 or the provisional number


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted(Event):
    """入所 (S2, S5, S9). `stay` other than 避難所 is 所外滞在 (S8).

    `moved_from`: the shelter that the person left for this one (転所). `household`: the key of the household sheet;
    `registration_no`: its 受付番号. A provisional person has `provisional` set and is the subject under that number.
    """

    kind: ClassVar[str] = "shelter.admitted"
    shelter: str
    household: str
    registration_no: str
    seen: Seen
    stay: Stay = Stay.SHELTER
    place: str = ""
    category: Category = Category.RESIDENT
    via: Via = Via.SEARCH
    assurance: str = ""
    moved_from: str = ""
    provisional: bool = False
    other_ident: str = ""
    paper_at: str = ""
    """Date and time as written on the paper form, when a blank form is keyed in later."""
    new_number: bool = False
    """This event takes the household's number (the first member of a new sheet does)."""
    @property
    def claims(self) -> tuple[Claim, ...]:
        """A 受付番号 is used once. Issuing it is an event of its own, which stays when the admission is taken back."""
        return (Claim(NUMBER_USED, self.registration_no),) if self.new_number else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounted(Event):
    """安否確認 (S3): known to be elsewhere, as the family says. 不明 is recorded and leaves the person 未確認."""

    kind: ClassVar[str] = "shelter.accounted"
    shelter: str
    household: str
    seen: Seen
    whereabouts: Whereabouts
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WentOut(Event):
    """一時外出 (S6, 外泊届). `until`: when the person said they would be back, `YYYY-MM-DDTHH:MM` local time, or ""."""

    kind: ClassVar[str] = "shelter.went_out"
    shelter: str
    destination: str = ""
    until: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CameBack(Event):
    """帰所 (S6)."""

    kind: ClassVar[str] = "shelter.came_back"
    shelter: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StayChanged(Event):
    """滞在方法の変更: someone inside goes to sleep in a car, at home ..., or comes in again (S8)."""

    kind: ClassVar[str] = "shelter.stay_changed"
    shelter: str
    stay: Stay
    place: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departed(Event):
    """退所 (S7)."""

    kind: ClassVar[str] = "shelter.departed"
    shelter: str
    exit_to: Exit = Exit.UNKNOWN
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Supplemented(Event):
    """補記: what was learned after admission. A field that is None was not asked and stays as it was."""

    kind: ClassVar[str] = "shelter.supplemented"
    needs: tuple[Need, ...] | None = None
    needs_note: str | None = None
    injured: bool | None = None
    injury_note: str | None = None
    disclose_kin: bool | None = None
    disclose_public: bool | None = None
    current_place: str | None = None
    language: str | None = None
    area: str | None = None
    note: str | None = None
    evac_support: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged(Event):
    """名寄せ (S10): the provisional record (subject) is the resident `into`.

    `approval` is the second person's name as the operator typed it; pending until operators have keys of their own.
    """

    kind: ClassVar[str] = "shelter.merged"
    into: str
    approval: str
    pending: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Identified(Event):
    """The other half of 名寄せ: the resident (subject) was the provisional `alias` and takes over what it knew."""

    kind: ClassVar[str] = "shelter.identified"
    alias: str
    shelter: str
    household: str
    registration_no: str
    seen: Seen
    stay: Stay
    place: str = ""
    admitted_ms: int = 0
    needs: tuple[Need, ...] = ()
    needs_note: str = ""
    on_leave: bool = False
    leave_to: str = ""
    leave_until: str = ""
    departed: bool = False
    exit_to: Exit | None = None
    exit_address: str = ""
    exit_phone: str = ""
    injured: bool | None = None
    injury_note: str = ""
    disclose_kin: bool | None = None
    disclose_public: bool | None = None
    current_place: str = ""
    language: str = ""
    area: str = ""
    note: str = ""
    evac_support: str = ""


# --- the household sheet: subject is the household key


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdNoted(Event):
    """聞き取り of the household (避難者カード). None: not asked."""

    kind: ClassVar[str] = "shelter.household_noted"
    registration_no: str | None = None
    phone: str | None = None
    other_contact: str | None = None
    neighbourhood: str | None = None
    home_tenure: str | None = None
    home_damage: tuple[str, ...] | None = None
    home_livable: bool | None = None
    car: str | None = None
    pets: str | None = None
    note: str | None = None


# --- the station's own acts


@dataclass(frozen=True, slots=True, kw_only=True)
class NumbersIssued(Event):
    """受付番号 that are given out now, for a reception or, `on_blanks`, on blank forms to be keyed in later.

    Subject is the shelter code. A number once issued is never issued again, whatever is taken back later: it may
    stand on somebody's tag.
    """

    kind: ClassVar[str] = "shelter.numbers_issued"
    numbers: tuple[str, ...]
    on_blanks: bool = False

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Each number is issued once."""
        return tuple(Claim(NUMBER_ISSUED, number) for number in self.numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquired(Event):
    """安否照会: somebody asked after the subject. `answered`: what consent allowed was told; the words are not kept."""

    kind: ClassVar[str] = "shelter.inquired"
    asker: str
    relation: str
    answered: bool
