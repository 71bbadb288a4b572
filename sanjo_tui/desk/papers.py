"""The shelter's papers: what the journal and the register hold, filled into the documents. Layout: documents/.

Every form that carries names is logged before it is made. `FORMS` is the list of what there is.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from types import ModuleType
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk import sheets
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents import (
    blanks,
    cars,
    departures,
    leave,
    pets,
    report,
    requests,
    roster,
    supplies,
    tag,
    unconfirmed,
)
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.lists import Edition
from sanjo_tui.receptions.shelter.look import SEXES, age_text, day_and_clock
from sanjo_tui.receptions.shelter.rows import kana_on_list, name_on_list, needs_text
from sanjo_tui.receptions.shelter.state import HouseholdSheet, Presence
from sanjo_tui.receptions.shelter.words import Exit, State, Stay
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.shelter import ShelterDesk


def heading(shelter: ShelterDesk, serial: str = "", reissue: int = 0, edition: str = "") -> Heading:
    """What every page says of itself, as of now."""
    station, register, episode = shelter.desk.station, shelter.desk.register, shelter.episode()
    now = dt.datetime.now(JST)
    return Heading(
        municipality=station.municipality, place=episode.name if episode else station.place, station=station.code,
        at=f"{wareki(now.date())} {now:%H:%M}", register_as_of=wareki(register.info.as_of) if register else "",
        drill=station.drill, fictitious=bool(register and register.info.fictitious), serial=serial, reissue=reissue,
        edition=edition, disaster=episode.disaster_name if episode else "")


def make(shelter: ShelterDesk, form: str, *, serial: str = "", reissue: int = 0, **parameters: Any) -> Paper:
    """The form, filled in as things are now. Raises PrintError for a form that does not exist."""
    fill = FORMS.get(form)
    if fill is None:
        raise PrintError("その書類はありません。", f"{'、'.join(FORMS)} から選んでください。", detail=form)
    shelter.desk.permit(NEEDS[form])
    shelter.refuse_before_opening()
    edition = {"roster": "運営用", "posting": "掲示・閲覧用"}.get(form, "")
    return fill(shelter, heading(shelter, serial, reissue, edition), **parameters)


def _people(shelter: ShelterDesk, *states: State) -> list[Presence]:
    """Those of this shelter who are in one of the states, by 受付番号 and place in the register."""
    ours = [p for p in shelter.presences().values() if p.shelter == shelter.here and p.state in states]
    return sorted(ours, key=lambda p: (p.registration_no, p.seen.order, p.person))


COUNTED = (State.INSIDE, State.OUTSIDE, State.ON_LEAVE)


def _households(people: Iterable[Presence]) -> list[list[Presence]]:
    """People of the same household together, its representative first."""
    homes: dict[str, list[Presence]] = {}
    for person in people:
        homes.setdefault(person.household or person.person, []).append(person)
    return [sorted(home, key=lambda p: not p.seen.is_head) for home in homes.values()]


def _sheet(shelter: ShelterDesk, person: Presence) -> HouseholdSheet:
    """The household's sheet; a protected person's says nothing on a list."""
    empty = HouseholdSheet(key=person.household)
    return empty if person.seen.protected else shelter.sheets().get(person.household, empty)


def _roster(shelter: ShelterDesk, head: Heading, order: str = "number", towns_only: bool = False) -> Paper:
    rows = shelter.roster(Edition.STAFF)
    content = roster.Roster(heading=head, rows=rows, order=roster.Order(order), towns_only=towns_only)
    return Paper(document=roster, content=content, columns=roster.columns(Edition.STAFF),
                 rows=roster.ordered(rows, content.order))


def _posting(shelter: ShelterDesk, head: Heading) -> Paper:
    rows = shelter.roster(Edition.POSTING)
    content = roster.Roster(heading=head, rows=rows, edition=Edition.POSTING, order=roster.Order.KANA)
    return Paper(document=roster, content=content, columns=roster.columns(Edition.POSTING),
                 rows=roster.ordered(rows, roster.Order.KANA))


def _unconfirmed(shelter: ShelterDesk, head: Heading, district: str = "") -> Paper:
    rows = shelter.unconfirmed(district)
    return Paper(document=unconfirmed, content=unconfirmed.Unconfirmed(heading=head, rows=rows),
                 columns=unconfirmed.COLUMNS, rows=rows)


def _report(shelter: ShelterDesk, head: Heading, number: int = 0) -> Paper:
    """The report with this number, from its event: printed again it says the same."""
    desk, episode = shelter.desk, shelter.episode()
    with desk.journal.view() as view:
        made = [r for r in view.events(scope=shelter.scope, kinds=(ev.ShelterReported.kind,))
                if r.event.subject == shelter.here]
        if not 1 <= (number or len(made)) <= len(made):
            raise PrintError("その報告書はまだありません。", "F6 で報告書を作ってください。")
        number = number or len(made)
        this, last = made[number - 1], made[number - 2] if number > 1 else None
        since = last.hlc if last else 0
        moves = [r.event for r in view.events(scope=shelter.scope, kinds=(ev.Admitted.kind, ev.Departed.kind))
                 if since < r.hlc < this.hlc and not view.is_reversed(r.station, r.seq)]
    assert isinstance(this.event, ev.ShelterReported)
    content = report.Report(
        heading=head, number=number, figures=this.event.figures,
        previous=last.event.figures if last and isinstance(last.event, ev.ShelterReported) else None,
        opened_at=day_and_clock(episode.opened_ms) if episode else "", reporter=this.operator,
        arrived=sum(isinstance(e, ev.Admitted) and e.shelter == shelter.here for e in moves),
        left=sum(isinstance(e, ev.Departed) and e.shelter == shelter.here for e in moves))
    return Paper(document=report, content=content, columns=report.LINE_COLUMNS, rows=report.lines(content))


def _tag(shelter: ShelterDesk, head: Heading, registration_no: str, media: tag.Media = "receipt",
         scope: str = "") -> Paper:
    registration_no = canonical_registration_no(registration_no) or registration_no
    # A job that was due in an earlier episode is still printed; asked for by hand, the number must be somebody's.
    if not scope and all(p.registration_no != registration_no for p in shelter.presences().values()):
        raise PrintError("その受付番号の記録はありません。", "番号を、最後の1文字まで確かめてください。")
    people = [p for p in _people(shelter, *COUNTED) if p.registration_no == registration_no]
    first = min((p.admitted_ms for p in people), default=0)
    ticket = tag.Ticket(registration_no=registration_no, people=len(people), checked_in_at=day_and_clock(first),
                        area=next((p.area for p in people if p.area), ""),
                        provisional=any(p.provisional for p in people))
    return Paper(document=tag, content=tag.Tag(heading=head, tickets=(ticket,), media=media))


def _blanks(shelter: ShelterDesk, head: Heading, numbers: Sequence[str], paper: str = "A4") -> Paper:
    content = blanks.Blanks(heading=head, numbers=tuple(numbers), paper="A5" if paper == "A5" else "A4")
    return Paper(document=blanks, content=content)


def _leave(shelter: ShelterDesk, head: Heading) -> Paper:
    late, today = {p.person for p in shelter.overdue()}, shelter.desk.today()
    rows = tuple(leave.LeaveRow(
        registration_no=p.registration_no, name=name_on_list(p), name_kana=kana_on_list(p),
        age=age_text(p.seen, today), sex=SEXES.get(p.seen.sex_code, ""), area=p.area, left_at=day_and_clock(p.since_ms),
        until=p.leave_until[5:].replace("-", "/").replace("T", " "), overdue=p.person in late,
        destination="" if p.seen.protected else p.leave_to, phone=_sheet(shelter, p).phone, note=p.note)
        for p in _people(shelter, State.ON_LEAVE))
    return _list(shelter, "leave", leave, leave.Leave(heading=head, rows=rows))


def _pets(shelter: ShelterDesk, head: Heading) -> Paper:
    homes = [(home[0], _sheet(shelter, home[0])) for home in _households(_people(shelter, *COUNTED))]
    rows = tuple(pets.PetRow(registration_no=p.registration_no, name=name_on_list(p), name_kana=kana_on_list(p),
                             area=p.area, phone=sheet.phone, pets=sheet.pets, note=sheet.note)
                 for p, sheet in homes if sheet.pets)
    return _list(shelter, "pets", pets, pets.Pets(heading=head, rows=rows))


def _cars(shelter: ShelterDesk, head: Heading) -> Paper:
    asleep = [p for p in _people(shelter, *COUNTED) if p.stay is Stay.CAR]
    rows = tuple(cars.CarRow(
        registration_no=home[0].registration_no, name=name_on_list(home[0]), name_kana=kana_on_list(home[0]),
        people=len(home), car=_sheet(shelter, home[0]).car, parked_at=home[0].place,
        since=day_and_clock(home[0].since_ms), phone=_sheet(shelter, home[0]).phone,
        needs="・".join(filter(None, map(needs_text, home)))) for home in _households(asleep))
    return _list(shelter, "cars", cars, cars.Cars(heading=head, rows=rows))


def _departures(shelter: ShelterDesk, head: Heading) -> Paper:
    today = shelter.desk.today()
    rows = tuple(departures.DepartureRow(
        registration_no=p.registration_no, name=name_on_list(p), name_kana=kana_on_list(p),
        age=age_text(p.seen, today), sex=SEXES.get(p.seen.sex_code, ""), checked_in_at=day_and_clock(p.admitted_ms),
        checked_out_at=day_and_clock(p.since_ms), exit_to=(p.exit_to or Exit.UNKNOWN).label,
        exit_address="" if p.seen.protected else p.exit_address, exit_phone="" if p.seen.protected else p.exit_phone,
        recorded_by=p.recorded_by) for p in _people(shelter, State.DEPARTED))
    return _list(shelter, "departures", departures, departures.Departures(heading=head, rows=rows))


def _supplies(shelter: ShelterDesk, head: Heading, items: Sequence[str] = ()) -> Paper:
    rows = tuple(supplies.SupplyRow(
        registration_no=home[0].registration_no, name=name_on_list(home[0]), name_kana=kana_on_list(home[0]),
        area=home[0].area, people=len(home), stay_mode="・".join(dict.fromkeys(p.stay.label for p in home)))
        for home in _households(_people(shelter, *COUNTED)))
    return _list(shelter, "supplies", supplies, supplies.Supplies(heading=head, rows=rows, items=tuple(items)))


def _requests(shelter: ShelterDesk, head: Heading) -> Paper:
    now = shelter.figures()
    content = requests.Requests(heading=head, people=now.people, households=now.households, infants=now.infants)
    return Paper(document=requests, content=content, columns=requests.COLUMNS)


def _list(shelter: ShelterDesk, form: str, document: ModuleType, content: Any) -> Paper:
    shelter.list_made(form, len(content.rows))
    return Paper(document=document, content=content, columns=document.COLUMNS, rows=content.rows)


def _card(shelter: ShelterDesk, head: Heading, household: str) -> Paper:
    document, content = sheets.card_of(shelter, head, household)
    return Paper(document=document, content=content)


def _handover(shelter: ShelterDesk, head: Heading, household: str, handed_to: str = "") -> Paper:
    document, content = sheets.handover_of(shelter, head, household, handed_to)
    return Paper(document=document, content=content)


FORMS: dict[str, Callable[..., Paper]] = {
    "roster": _roster, "posting": _posting, "unconfirmed": _unconfirmed, "report": _report, "card": _card, "tag": _tag,
    "handover": _handover, "blanks": _blanks, "leave": _leave, "pets": _pets, "cars": _cars, "supplies": _supplies,
    "requests": _requests, "departures": _departures}

NEEDS: dict[str, Permission] = {
    **dict.fromkeys(FORMS, Permission.LIST), **dict.fromkeys(("card", "tag", "handover", "blanks"), Permission.FORM),
    "report": Permission.EPISODE}
"""What one must be allowed to see or print a form."""

FORM_NAMES = {
    "roster": "避難者名簿(運営用)", "posting": "避難者名簿(掲示用)", "unconfirmed": "未確認者リスト",
    "report": "状況報告書", "card": "避難者カード", "tag": "受付票", "handover": "要配慮者引継票", "blanks": "白紙様式",
    "leave": "外泊届一覧", "pets": "ペット台帳", "cars": "車中泊名簿", "supplies": "物資配布簿",
    "requests": "物資要望票", "departures": "退所届一覧"}
