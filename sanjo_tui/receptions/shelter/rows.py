"""From presences to the rows of the lists: the one place where protection, consent and edition decide what is written.

docs/shelter.md §3: a protected person's name, address, household and telephone stand on no list; on
one that is posted, or that says who is missing, she does not stand at all. Her own sheet shows her name, masked else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sanjo_tui.receptions.shelter.counts import here
from sanjo_tui.receptions.shelter.lists import Edition, RosterRow, UnconfirmedRow
from sanjo_tui.receptions.shelter.look import SEXES, age_text, clock_state, day_and_clock, seen_of
from sanjo_tui.receptions.shelter.state import Presence
from sanjo_tui.receptions.shelter.words import State
from sanjo_tui.register.people import MASKED, Resident

PROTECTED_NAME = "（氏名非表示）"


def name_on_list(presence: Presence) -> str:
    """The name as a list for the staff may show it."""
    return PROTECTED_NAME if presence.seen.protected else presence.seen.name or "氏名不明"


def kana_on_list(presence: Presence) -> str:
    """The reading as a list for the staff may show it."""
    return "" if presence.seen.protected else presence.seen.name_kana


def needs_text(presence: Presence) -> str:
    """要配慮 in short words."""
    return "・".join([*(need.label for need in presence.needs),
                     *(text for text in (presence.needs_note, presence.evac_support) if text)])


def roster(presences: Iterable[Presence], shelter: str, edition: Edition, today: dt.date) -> tuple[RosterRow, ...]:
    """避難者名簿: who counts here, in the order of 受付番号 and of the register."""
    people = here(presences, shelter)
    if edition is Edition.POSTING:
        people = tuple(p for p in people if p.disclose_public and not p.seen.protected)
    ordered = sorted(people, key=lambda p: (p.registration_no, p.household, p.seen.order, p.person))
    return tuple(_posted(p, today) if edition is Edition.POSTING else _staff(p, today) for p in ordered)


def _staff(p: Presence, today: dt.date) -> RosterRow:
    hidden = p.seen.protected
    return RosterRow(
        registration_no=p.registration_no, addressee_no="" if hidden or p.provisional else p.person,
        name=name_on_list(p), name_kana=kana_on_list(p),
        birth_date="" if hidden else p.seen.birth_label, age=age_text(p.seen, today),
        sex=SEXES.get(p.seen.sex_code, ""), address=MASKED if hidden else p.seen.address,
        town="" if hidden else p.seen.town, relationship="" if hidden else p.seen.relationship,
        checked_in_at=day_and_clock(p.admitted_ms), presence=clock_state(p), stay_mode=p.stay.label,
        needs=needs_text(p), area=p.area, recorded_by=p.recorded_by,
        note=" ".join(part for part in ("仮登録" if p.provisional else "", p.other_ident,
                                        f"転入 {p.moved_from}" if p.moved_from else "", p.note) if part))


def _posted(p: Presence, today: dt.date) -> RosterRow:
    """For the wall: name, age, sex and town; nothing of health, number or birth."""
    return RosterRow(registration_no="", name=p.seen.name or "氏名不明", name_kana=p.seen.name_kana,
                     age=age_text(p.seen, today), sex=SEXES.get(p.seen.sex_code, ""), town=p.seen.town,
                     checked_in_at=day_and_clock(p.admitted_ms), presence=clock_state(p))


def unconfirmed(residents: Iterable[Resident], presences: Mapping[str, Presence], today: dt.date,
                district: str = "") -> Iterator[UnconfirmedRow]:
    """未確認者: residents of whom nothing is known, by town. Protected people are left out without a trace."""
    for resident in residents:
        if resident.protected or (district and resident.district_code != district):
            continue
        presence = presences.get(resident.addressee_no)
        if presence is not None and presence.state not in (State.UNCONFIRMED, State.MISTAKEN):
            continue
        seen = seen_of(resident)
        known = presence.whereabouts.label if presence and presence.whereabouts else ""
        yield UnconfirmedRow(
            district_code=resident.district_code, town=resident.town, address=resident.address,
            household_no=resident.household_no, name=resident.name, name_kana=resident.name_kana,
            age=age_text(seen, today), sex=SEXES.get(resident.sex_code, ""),
            relationship=resident.relationship_label, known=known)


def overdue(presences: Sequence[Presence], now: str) -> tuple[Presence, ...]:
    """On leave past the time they named. `now` is local time as `YYYY-MM-DDTHH:MM`."""
    return tuple(p for p in presences if p.state is State.ON_LEAVE and p.leave_until and p.leave_until < now)
