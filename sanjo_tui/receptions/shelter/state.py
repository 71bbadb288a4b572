"""What holds now, folded from events: the episode, each person's presence, each household's sheet.

`apply_*` are pure and per subject; the journal keeps their results and can rebuild them (journal/replay.py).
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.lists import Figures
from sanjo_tui.receptions.shelter.words import Category, Exit, Need, State, Stay, Via, Whereabouts


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """One shelter from 開設 to 閉鎖. Times are wall-clock milliseconds, UTC; `closed_ms` 0 while open."""

    shelter: str
    name: str
    capacity: int
    disaster_name: str = ""
    snapshot_id: str = ""
    opened_ms: int = 0
    closed_ms: int = 0
    archived: bool = False
    drill: bool = False
    last_number: str = ""
    last_report: Figures | None = None

    @property
    def is_open(self) -> bool:
        """Receptions may be recorded."""
        return not self.closed_ms


@dataclass(frozen=True, slots=True, kw_only=True)
class Presence:
    """One person in one episode. Nobody is here without an event: no record means 未確認."""

    person: str
    state: State
    seen: ev.Seen
    shelter: str = ""
    household: str = ""
    registration_no: str = ""
    stay: Stay = Stay.SHELTER
    place: str = ""
    category: Category = Category.RESIDENT
    via: Via = Via.SEARCH
    provisional: bool = False
    other_ident: str = ""
    moved_from: str = ""
    whereabouts: Whereabouts | None = None
    admitted_ms: int = 0
    """First admission in this episode."""
    since_ms: int = 0
    """When the present state began."""
    leave_until: str = ""
    leave_to: str = ""
    exit_to: Exit | None = None
    exit_address: str = ""
    exit_phone: str = ""
    needs: tuple[Need, ...] = ()
    needs_note: str = ""
    injured: bool | None = None
    injury_note: str = ""
    disclose_kin: bool | None = None
    """親族等からの照会に回答可: None was not asked, and counts as no."""
    disclose_public: bool | None = None
    """公表可: the same."""
    current_place: str = ""
    language: str = ""
    area: str = ""
    note: str = ""
    evac_support: str = ""
    merged_into: str = ""
    aliases: tuple[str, ...] = ()
    recorded_by: str = ""
    last_station: str = ""
    last_seq: int = 0
    """The person's latest event: the one that 取消 would take back."""

    @property
    def counted(self) -> bool:
        """Counts towards meals: inside, staying outside, or on leave."""
        return self.state in (State.INSIDE, State.OUTSIDE, State.ON_LEAVE)

    @property
    def with_needs(self) -> bool:
        """要配慮."""
        return bool(self.needs or self.needs_note or self.evac_support)


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseholdSheet:
    """避難者カード: what is known of a household beyond its members."""

    key: str
    registration_no: str = ""
    phone: str = ""
    other_contact: str = ""
    neighbourhood: str = ""
    home_tenure: str = ""
    home_damage: tuple[str, ...] = ()
    home_livable: bool | None = None
    car: str = ""
    pets: str = ""
    note: str = ""
    since_ms: int = 0


def _noted(event: Event) -> dict[str, Any]:
    """The fields of a 補記 that were asked, as changes to the record."""
    own = {f.name for f in fields(Event)}
    values = {f.name: getattr(event, f.name) for f in fields(event) if f.name not in own}
    return {name: value for name, value in values.items() if value is not None}


NOTED = ("needs_note", "injury_note", "current_place", "language", "area", "note", "evac_support")
"""What is asked after admission in words; the provisional record's stand where the resident's own say nothing."""


def _taken_over(before: Presence, event: ev.Identified) -> dict[str, Any]:
    """What was asked while nobody knew who it was. A yes or no that the resident gave is not overruled."""
    said = {name: getattr(before, name) or getattr(event, name) for name in NOTED}
    answers = {name: getattr(event, name) if getattr(before, name) is None else getattr(before, name)
               for name in ("disclose_kin", "disclose_public")}
    return {**said, **answers, "injured": before.injured or event.injured}


def apply_person(now: Presence | None, recorded: Recorded) -> Presence | None:
    """The presence after one more event of the same person."""
    event, at = recorded.event, recorded.at_ms
    stamp: dict[str, Any] = {"last_station": recorded.station, "last_seq": recorded.seq,
                             "recorded_by": recorded.operator}
    match event:
        case ev.Admitted():
            before = now or Presence(person=event.subject, state=State.UNCONFIRMED, seen=event.seen)
            return replace(before, **stamp, seen=event.seen, shelter=event.shelter, household=event.household,
                           state=State.INSIDE if event.stay is Stay.SHELTER else State.OUTSIDE,
                           registration_no=event.registration_no, stay=event.stay, place=event.place,
                           category=event.category, via=event.via, provisional=event.provisional,
                           other_ident=event.other_ident, moved_from=event.moved_from, whereabouts=None,
                           admitted_ms=before.admitted_ms or at, since_ms=at, leave_until="", leave_to="",
                           exit_to=None, exit_address="", exit_phone="", current_place="")
        case ev.Accounted():
            state = State.UNCONFIRMED if event.whereabouts is Whereabouts.UNKNOWN else State.ACCOUNTED
            before = now or Presence(person=event.subject, state=state, seen=event.seen)
            return replace(before, **stamp, seen=event.seen, state=state, shelter=event.shelter, since_ms=at,
                           household=event.household, whereabouts=event.whereabouts, current_place=event.place)
        case ev.Identified():
            before = now or Presence(person=event.subject, state=State.INSIDE, seen=event.seen)
            state = State.INSIDE if event.stay is Stay.SHELTER else State.OUTSIDE
            state = State.DEPARTED if event.departed else State.ON_LEAVE if event.on_leave else state
            return replace(before, **stamp, **_taken_over(before, event), seen=event.seen, shelter=event.shelter,
                           household=event.household, state=state, since_ms=at,
                           registration_no=event.registration_no, stay=event.stay, place=event.place,
                           aliases=(*before.aliases, event.alias), whereabouts=None,
                           admitted_ms=before.admitted_ms or event.admitted_ms or at,
                           needs=tuple(dict.fromkeys((*before.needs, *event.needs))), exit_to=event.exit_to,
                           leave_to=event.leave_to, leave_until=event.leave_until,
                           exit_address=event.exit_address, exit_phone=event.exit_phone)
    if now is None:
        return None
    match event:
        case ev.WentOut():
            return replace(now, **stamp, state=State.ON_LEAVE, since_ms=at, leave_until=event.until,
                           leave_to=event.destination)
        case ev.CameBack():
            back = State.INSIDE if now.stay is Stay.SHELTER else State.OUTSIDE
            return replace(now, **stamp, state=back, since_ms=at, leave_until="", leave_to="")
        case ev.StayChanged():
            state = State.INSIDE if event.stay is Stay.SHELTER else State.OUTSIDE
            return replace(now, **stamp, state=state, since_ms=at, stay=event.stay, place=event.place)
        case ev.Departed():
            return replace(now, **stamp, state=State.DEPARTED, since_ms=at, exit_to=event.exit_to,
                           exit_address=event.address, exit_phone=event.phone, leave_until="", leave_to="")
        case ev.Supplemented():
            return replace(now, **stamp, **_noted(event))
        case ev.Merged():
            return replace(now, **stamp, state=State.MISTAKEN, since_ms=at, merged_into=event.into)
    return now


def apply_household(now: HouseholdSheet | None, recorded: Recorded) -> HouseholdSheet | None:
    """The household sheet after one more 聞き取り."""
    event = recorded.event
    if not isinstance(event, ev.HouseholdNoted):
        return now
    before = now or HouseholdSheet(key=event.subject)
    return replace(before, since_ms=recorded.at_ms, **_noted(event))


def apply_episode(now: Episode | None, recorded: Recorded) -> Episode | None:
    """The episode after 開設, 閉鎖, issuing numbers and archiving."""
    event, at = recorded.event, recorded.at_ms
    match event:
        case ev.ShelterOpened():
            return Episode(shelter=event.subject, name=event.name, capacity=event.capacity, opened_ms=at,
                           disaster_name=event.disaster_name, snapshot_id=event.snapshot_id, drill=event.drill)
        case ev.ShelterClosed() if now:
            return replace(now, closed_ms=at)
        case ev.ShelterReported() if now:
            return replace(now, last_report=event.figures)
        case ev.ShelterArchived() if now:
            return replace(now, archived=True)
        case ev.NumbersIssued() if now:
            return replace(now, last_number=event.numbers[-1])
    return now


PEOPLE = Ledger("shelter.person",
                (ev.Admitted, ev.Accounted, ev.WentOut, ev.CameBack, ev.StayChanged, ev.Departed, ev.Supplemented,
                 ev.Merged, ev.Identified), Presence, apply_person)
HOUSEHOLDS = Ledger("shelter.household", (ev.HouseholdNoted,), HouseholdSheet, apply_household)
EPISODES = Ledger("shelter.episode",
                  (ev.ShelterOpened, ev.ShelterClosed, ev.ShelterArchived, ev.ShelterReported, ev.NumbersIssued),
                  Episode, apply_episode, sealed=False)
"""Not sealed: that a shelter was open, closed and archived names nobody, and is read when its key is gone."""
INQUIRIES = (ev.Inquired,)
"""Recorded, folded into nothing."""
