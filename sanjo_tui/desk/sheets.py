"""The sheets of one household: 避難者カード, 要配慮者引継票. A protected person's shows her name and masks the rest."""

from __future__ import annotations

from collections.abc import Sequence
from types import ModuleType
from typing import TYPE_CHECKING

from sanjo_tui.desk import sight
from sanjo_tui.documents import card, handover
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.look import SEXES, age_text, clock_state, day_and_clock, seen_of
from sanjo_tui.receptions.shelter.rows import needs_text
from sanjo_tui.receptions.shelter.state import HouseholdSheet, Presence
from sanjo_tui.receptions.shelter.words import State
from sanjo_tui.register.people import MASKED

if TYPE_CHECKING:
    from sanjo_tui.desk.shelter import ShelterDesk

Member = tuple[ev.Seen, Presence | None]


def _household(shelter: ShelterDesk, key: str) -> tuple[list[Member], HouseholdSheet]:
    """Everybody whom the sheet of this household may show, the head first, in the register's order."""
    recorded = {p.person: p for p in shelter.presences().values() if p.household == key and not p.merged_into}
    members: dict[str, Member] = {}
    register = shelter.desk.register
    if register is not None and key.isdigit():
        for resident in register.household(key).members:
            if not resident.protected:
                members[resident.addressee_no] = (seen_of(resident), recorded.get(resident.addressee_no))
    for person, presence in recorded.items():
        members.setdefault(person, (presence.seen, presence))
    if not members or not recorded:
        raise PrintError("この世帯はまだ受付していません。", "先に受付してください。")
    listed = sorted(members.values(), key=lambda m: (not m[0].is_head, m[0].order))
    shelter.list_made("sheet", len(listed))
    return listed, shelter.sheets().get(key, HouseholdSheet(key=key))


def _address(shelter: ShelterDesk, who: ev.Seen, hidden: bool) -> str:
    """The address on a sheet: masked for the protected, the town alone for who may see no more."""
    return MASKED if hidden else sight.seen(shelter.desk.hands, who).address


def _asked(people: list[Presence], field: str) -> bool | None:
    """Consent of the whole family: yes only if everybody agreed, None as long as nobody was asked."""
    answers = [getattr(p, field) for p in people]
    return None if all(a is None for a in answers) else all(answers)


def card_of(shelter: ShelterDesk, head: Heading, household: str) -> tuple[ModuleType, card.Card]:
    """避難者カード, filled in as far as is known."""
    members, sheet = _household(shelter, household)
    people = [p for _, p in members if p is not None]
    first, today = members[0][0], shelter.desk.today()
    hidden = any(seen.protected for seen, _ in members)
    gone = next((p for p in people if p.state is State.DEPARTED), None)
    content = card.Card(
        heading=head, registration_no=next((p.registration_no for p in people if p.registration_no), ""),
        checked_in_at=day_and_clock(min(p.admitted_ms or p.since_ms for p in people)),
        checked_out_at=day_and_clock(gone.since_ms) if gone else "", rep_name=first.name, rep_kana=first.name_kana,
        address=_address(shelter, first, hidden), phone=MASKED if hidden else sheet.phone,
        other_contact="" if hidden else sheet.other_contact, neighbourhood="" if hidden else sheet.neighbourhood,
        area=next((p.area for p in people if p.area), ""), category=people[0].category.label,
        home_tenure=sheet.home_tenure, home_damage=sheet.home_damage, home_livable=sheet.home_livable,
        stay=tuple(dict.fromkeys(p.stay.label for p in people if p.counted)),
        place=next((p.place for p in people if p.place), ""), car=sheet.car, pets=sheet.pets,
        disclose_kin=_asked(people, "disclose_kin"), disclose_public=_asked(people, "disclose_public"),
        exit_to=gone.exit_to.label if gone and gone.exit_to else "",
        exit_address="" if hidden or not gone else sight.presence(shelter.desk.hands, gone).exit_address,
        exit_phone="" if hidden or not gone else gone.exit_phone, note=sheet.note,
        members=tuple(card.CardMember(
            name=seen.name or "氏名不明", name_kana=seen.name_kana, birth=seen.birth_label, age=age_text(seen, today),
            sex=SEXES.get(seen.sex_code, ""), relationship="" if hidden else seen.relationship,
            presence=clock_state(p) if p else State.UNCONFIRMED.label, needs=needs_text(p) if p else "",
            injury=p.injury_note if p else "") for seen, p in members))
    return card, content


def _helper(shelter: ShelterDesk, needing: Sequence[tuple[ev.Seen, Presence]]) -> str:
    """The telephone that the list of 避難行動要支援者 gives for them, where nobody was asked."""
    listed = shelter.support()
    return next((listed[p.person].phone for _, p in needing if p.person in listed), "")


def handover_of(shelter: ShelterDesk, head: Heading, household: str,
                handed_to: str = "") -> tuple[ModuleType, handover.Handover]:
    """要配慮者引継票: those of the household who need care, and who else is there."""
    members, sheet = _household(shelter, household)
    people = [(seen, p) for seen, p in members if p is not None and p.counted]
    needing = [(seen, p) for seen, p in people if p.with_needs or p.injured]
    if not needing:
        raise PrintError("この世帯に要配慮の記録がありません。", "F4 補記で配慮の内容を入れてから印刷してください。")
    first, today = members[0][0], shelter.desk.today()
    hidden = any(seen.protected for seen, _ in members)
    one = needing[0][1]
    content = handover.Handover(
        heading=head, registration_no=one.registration_no, rep_name=first.name, rep_kana=first.name_kana,
        address=_address(shelter, first, hidden), phone=MASKED if hidden else sheet.phone,
        other_contact="" if hidden else sheet.other_contact or _helper(shelter, needing), area=one.area,
        stay=one.stay.label, place=one.place,
        others="、".join(seen.name for seen, p in people if (seen, p) not in needing), note=sheet.note,
        handed_to=handed_to,
        people=tuple(handover.HandoverPerson(
            name=seen.name or "氏名不明", name_kana=seen.name_kana, birth=seen.birth_label, age=age_text(seen, today),
            sex=SEXES.get(seen.sex_code, ""), relationship="" if hidden else seen.relationship,
            presence=clock_state(p), needs=tuple(need.label for need in p.needs), needs_note=p.needs_note,
            injury=p.injury_note or ("あり" if p.injured else ""), evac_support=p.evac_support, language=p.language)
            for seen, p in needing))
    return handover, content
