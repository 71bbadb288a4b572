"""The rows of the lists: ledger, ended numbers, survey requests, and the exports for other programs.

What may be given to whom: the 被災者台帳 names only those who agreed, unless the town itself asks for all of it
(docs/disaster-certificates.md §6). A protected household stands in none of them with an address.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sanjo_tui.documents.certificate import ledger, request, voids
from sanjo_tui.receptions.certificate.records import Application, Certificate
from sanjo_tui.receptions.certificate.words import Kind, Standing, State
from sanjo_tui.register.people import MASKED
from sanjo_tui.wareki import JST, short

if TYPE_CHECKING:
    from sanjo_tui.desk.certificate.desk import CertificateDesk
    from sanjo_tui.register.houses.values import Survey


@dataclass(frozen=True, slots=True, kw_only=True)
class Victim:
    """One person of the 被災者台帳; the keys are those of docs §6."""

    disaster: str
    application: str
    household: str
    addressee_no: str
    name: str
    name_kana: str
    birth: str
    sex_code: str
    relationship: str
    address: str
    present_place: str
    phone: str
    house_id: str
    house_address: str
    damage: str
    state: str
    certificates: tuple[str, ...]
    shelter: str
    consent: bool | None


VICTIM = ("disaster", "application", "household", "addressee_no", "name", "name_kana", "birth", "sex_code",
          "relationship", "address", "present_place", "phone", "house_id", "house_address", "damage", "state",
          "certificates", "shelter", "consent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One house on the map: no name, its number, place and what is known of the damage."""

    house_id: str
    unit: str
    address: str
    parcel_no: str
    map_sheet: str
    lat: str
    lon: str
    grade: str
    stage: str
    applications: int
    state: str


SPOT = ("house_id", "unit", "address", "parcel_no", "map_sheet", "lat", "lon", "grade", "stage", "applications",
        "state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Loose:
    """A survey that fits no house or no set-up."""

    survey_no: str
    house: str
    stage: int
    grade: str
    why: str


LOOSE = ("survey_no", "house", "stage", "grade", "why")


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One application that somebody must do something with: 要再交付, or a binding to confirm."""

    number: str
    state: str
    head_name: str
    what: str
    now: str = ""
    certificate: str = ""


WAITING = ("number", "state", "head_name", "what", "now", "certificate")


def _all(desk: CertificateDesk) -> list[Application]:
    with desk.desk.journal.view() as view:
        return [desk.guarded(a) for a in desk.applications(view)]


def _day(iso: str) -> str:
    return short(dt.date.fromisoformat(iso)) if iso else ""


def _when(ms: int) -> str:
    return short(dt.datetime.fromtimestamp(ms / 1000, JST).date()) if ms else ""


def address_of(desk: CertificateDesk, application: Application) -> str:
    """The damaged place as it may be shown."""
    return MASKED if desk.hidden(application) else application.binding.address


def issued(desk: CertificateDesk) -> list[ledger.Row]:
    """交付台帳 by number."""
    rows = [_issued(desk, a, c) for a in _all(desk) for c in a.certificates]
    return sorted(rows, key=lambda row: row.number)


def _issued(desk: CertificateDesk, application: Application, certificate: Certificate) -> ledger.Row:
    return ledger.Row(
        number=certificate.number, issued_on=_day(certificate.issued_on), kind=certificate.what.label,
        head_name=application.head_name, address=address_of(desk, application),
        grade=certificate.grade.label if certificate.grade else "", copies=certificate.copies,
        standing=certificate.standing.label, handed_on=_day(certificate.handed_on),
        received_by=certificate.received_by.label if certificate.received_by else "", application=application.number,
        supersedes=certificate.supersedes, reason=certificate.reason, operator=certificate.operator)


def ended(desk: CertificateDesk) -> list[voids.Row]:
    """失効一覧 by number."""
    rows = []
    for application in _all(desk):
        after = {c.supersedes: c.number for c in application.certificates if c.supersedes}
        rows += [voids.Row(
            number=c.number, kind=c.what.label, issued_on=_day(c.issued_on), standing=c.standing.label,
            ended_on=_when(c.ended_on_ms), reason=c.reason, replaced_by=after.get(c.number, ""))
            for c in application.certificates if c.standing is not Standing.VALID]
    return sorted(rows, key=lambda row: row.number)


def requested(desk: CertificateDesk, map_sheet: str = "") -> list[request.Row]:
    """調査依頼票: what waits for a survey, by map sheet and address."""
    rows = []
    for a in _all(desk):
        if a.what is not Kind.GRADE or a.state not in (State.WAITING, State.RESURVEY) or (
                map_sheet and a.binding.map_sheet != map_sheet):
            continue
        rows.append(request.Row(
            map_sheet=a.binding.map_sheet, number=a.number, applied_on=_day(a.applied_on),
            house_key=a.binding.house, address=address_of(desk, a), parcel_no=a.binding.parcel_no,
            head_name=a.head_name, phone=a.phone, tenure=a.tenure.label if a.tenure else "",
            damage=a.resurvey_reason or a.damage_note, expected_on=_day(a.expected_on),
            again="再" if a.state is State.RESURVEY else ""))
    return sorted(rows, key=lambda row: (row.map_sheet == "", row.map_sheet, row.address, row.number))


def victims(desk: CertificateDesk, everybody: bool = False) -> list[Victim]:
    """被災者台帳: one row a person. Only households that agreed, unless `everybody` (the town's own ledger).

    A protected person's row has no address, telephone or house.
    """
    presences, names, protected = desk.desk.shelter.presences(), desk.shelter_names(), desk.desk.protected()
    rows = []
    for a in _all(desk):
        if not a.is_open or a.state is State.CONSULTED or not (everybody or a.ledger_consent):
            continue
        hidden = desk.hidden(a)
        for m in a.members:
            presence = presences.get(m.no)
            where = names.get(presence.shelter, presence.shelter) if presence and presence.counted else ""
            rows.append(Victim(
                disaster=desk.known().code, application=a.number, household="" if hidden else a.household,
                addressee_no=m.no, name=m.name, name_kana=m.kana, birth=m.birth, sex_code=m.sex_code,
                relationship=m.relationship, address=MASKED if hidden else a.head_address,
                present_place="" if hidden else a.present_place, phone="" if hidden else a.phone,
                house_id="" if hidden else a.binding.house, house_address=MASKED if hidden else a.binding.address,
                damage=a.judged.grade.label if a.judged else "", state=a.state.label,
                certificates=tuple(c.number for c in a.certificates if c.standing is Standing.VALID),
                shelter="" if hidden or m.no in protected else where, consent=a.ledger_consent))
    return rows


def spots(desk: CertificateDesk) -> list[Spot]:
    """Houses with coordinates that were surveyed or applied for, for the town's map; nobody's name."""
    applications: dict[str, list[Application]] = {}
    for a in _all(desk):
        if a.is_open and a.binding.house:
            applications.setdefault(a.binding.house, []).append(a)
    surveys = desk.surveys()
    found: dict[str, Survey] = {}
    for survey in surveys.of_disaster(desk.known().code) if surveys else ():
        if survey.key not in found or survey.stage >= found[survey.key].stage:
            found[survey.key] = survey
    rows = []
    for house in desk.houses().everything():
        mine, last = applications.get(house.key, []), found.get(house.key)
        if not mine and last is None:
            continue
        rows.append(Spot(
            house_id=house.house_id, unit=house.unit, address=house.town + house.lot, parcel_no=house.parcel_no,
            map_sheet=house.map_sheet, lat=house.lat, lon=house.lon, grade=last.grade if last else "",
            stage=str(last.stage) if last else "", applications=len(mine),
            state=mine[0].state.label if mine else ""))
    return rows


def geojson(rows: list[Spot]) -> dict[str, Any]:
    """The same as GeoJSON (RFC 7946: longitude first); houses without coordinates are left out."""
    return {"type": "FeatureCollection", "features": [
        {"type": "Feature", "geometry": {"type": "Point", "coordinates": [float(row.lon), float(row.lat)]},
         "properties": {key: getattr(row, key) for key in SPOT if key not in ("lat", "lon")}}
        for row in rows if row.lat and row.lon]}


def loose(desk: CertificateDesk) -> list[Loose]:
    """R5: surveys whose house is unknown, or whose grade does not follow from their ratio."""
    surveys, houses, disaster = desk.surveys(), desk.houses(), desk.known()
    rows = []
    for survey in surveys.of_disaster(disaster.code) if surveys else ():
        why = ""
        if houses.house(survey.house_id, survey.unit) is None:
            why = "家屋データにない家屋です"
        elif survey.ratio and survey.grade != disaster.grade_of_ratio(float(survey.ratio)).label:
            why = f"割合 {survey.ratio}% と程度が合いません"
        if why:
            rows.append(Loose(survey_no=survey.survey_no, house=survey.key, stage=survey.stage, grade=survey.grade,
                              why=why))
    return rows


def waiting(desk: CertificateDesk) -> list[Waiting]:
    """要再交付 and bindings that a second operator must confirm."""
    rows = []
    for a in _all(desk):
        now = a.standing
        if a.is_open and a.needs_reissue and now is not None and a.judged is not None:
            rows.append(Waiting(number=a.number, state=a.state.label, head_name=a.head_name, what="要再交付",
                                now=f"{now.grade.label if now.grade else ''} → {a.judged.grade.label}",
                                certificate=now.number))
        elif a.is_open and a.needs_second and a.state is not State.CONSULTED:
            rows.append(Waiting(number=a.number, state=a.state.label, head_name=a.head_name, what="家屋の確認待ち"))
    return rows


LISTS: Mapping[str, Callable[..., list[Any]]] = {
    "issued": issued, "ended": ended, "requested": requested, "victims": victims, "spots": spots, "loose": loose,
    "waiting": waiting}
