"""What the certificate desk shows of whoever came: the household on the day, houses, what was received so far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import rules
from sanjo_tui.receptions.certificate.disaster import Disaster
from sanjo_tui.receptions.certificate.matching import Candidate
from sanjo_tui.receptions.certificate.records import Application
from sanjo_tui.receptions.certificate.rules import Household
from sanjo_tui.receptions.certificate.words import State
from sanjo_tui.receptions.identity import stop_of
from sanjo_tui.receptions.shelter.look import sheet_key

if TYPE_CHECKING:
    from sanjo_tui.desk.opened import Opened
    from sanjo_tui.register.houses.values import Survey
    from sanjo_tui.register.lookup import Register
    from sanjo_tui.register.people import Resident


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Somebody on the desk. `applications`: the household's in this disaster; `surveys`: by House.key."""

    verdict: Verdict
    household: Household
    title: str
    candidates: tuple[Candidate, ...] = ()
    applications: tuple[Application, ...] = ()
    surveys: dict[str, tuple[Survey, ...]]
    in_shelter: str = ""
    """Where members of the household are, e.g. `嵐南小学校に3人`; "" where none is in a shelter."""
    by_card: bool = False
    user_id: str = ""
    released: bool = False
    """The stop was lifted for this moment: a consultation may be recorded, nothing with an address."""

    @property
    def sure(self) -> Candidate | None:
        """The one house that Enter takes."""
        return next((c for c in self.candidates if c.sure), None)


def household_then(opened: Opened, then: Register, protected: frozenset[str]) -> tuple[Household, list[Resident]]:
    """Who lived together on the day, as far as this tap may show it; whoever is protected now is left out."""
    resident = then.resident(opened.who)
    now = opened.household.member(opened.who) if opened.household else None
    if resident is None or not resident.living:
        name = now.name if now else resident.name if resident else ""
        known = now or resident
        person = ev.Person(no=opened.who, name=name, kana=known.name_kana if known else "",
                           birth=known.birth_label if known else "", sex_code=known.sex_code if known else "")
        return Household(key=f"N{opened.who}", applicant_no=opened.who, applicant_name=name, head_no=opened.who,
                         head_name=name, members=(person,), registered=False), []
    home = then.household(resident.household_no).seen_from(opened.who)
    members = [m for m in home.members if m.addressee_no not in protected or m.addressee_no == opened.who]
    members.sort(key=lambda m: (not m.is_head, m.order, m.addressee_no))
    head = next((m for m in members if m.is_head), resident)
    return Household(
        key=sheet_key(resident), applicant_no=opened.who, applicant_name=now.name if now else resident.name,
        head_no=head.addressee_no, head_name=head.name, head_address=head.address,
        members=tuple(ev.Person(no=m.addressee_no, name=m.name, kana=m.name_kana, birth=m.birth_label,
                                relationship=m.relationship_label, sex_code=m.sex_code) for m in members)), members


def verdict(disaster: Disaster, household: Household, candidates: tuple[Candidate, ...],
            applications: tuple[Application, ...], today: dt.date) -> Verdict:
    """The one sentence, most urgent first."""
    going = [a for a in applications if a.is_open and a.state is not State.CONSULTED]
    if going:
        return Verdict(Weight.CAUTION, f"申請済みです（{len(going)}件）", code="E-DUP",
                       notes=("番号で選ぶと、その申請を開きます",))
    if closed := rules.window(disaster, today):
        return Verdict(Weight.CAUTION, closed, code="E-WINDOW", notes=("相談は F7",))
    if not household.registered:
        return Verdict(Weight.CAUTION, "災害の日の住基にいません。要確認", code="E-RESIDENCE",
                       notes=("F4 で家屋を探し、住んでいた証明を確かめます",))
    if any(c.sure for c in candidates):
        return Verdict(Weight.READY, "Enter で 1 の家屋を申請", notes=("ほかの家屋は番号で選びます",))
    if candidates:
        return Verdict(Weight.CAUTION, "家屋を番号で選んでください", code="E-BINDING",
                       notes=("一つに決まりません", "ないときは F4 で探します"))
    return Verdict(Weight.CAUTION, "家屋の候補がありません", code="E-BINDING", notes=("F4 で家屋を探してください",))


def released_verdict() -> Verdict:
    """A protected person whose stop was lifted: words may be kept, nothing with an address."""
    return Verdict(Weight.CAUTION, "相談だけを記録できます", code="E-PROTECTED",
                   notes=("申請と証明書は責任者が本庁で扱います", "相談は F7"))


def stopped(resident: Resident | None, opened: Opened, today: dt.date, *, released: bool) -> Verdict | None:
    """Why nothing may be received of this person; who moved away since may apply, who died cannot."""
    if resident is None:
        return None
    if resident.resident_status == "3":
        return stop_of(resident, today=today, released=released)
    return stop_of(resident, card=opened.link, today=today, released=released, gone=True)
