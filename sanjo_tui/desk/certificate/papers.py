"""The papers of the certificate desk, filled in from the journal when they are due."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk.certificate import lists
from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.certificate import application as application_form
from sanjo_tui.documents.certificate import certificate, ledger, proxy, report, request, ticket, voids
from sanjo_tui.documents.certificate.parts import Person
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.certificate import rules
from sanjo_tui.receptions.certificate.disaster import QR, Disaster
from sanjo_tui.receptions.certificate.records import Application, Certificate
from sanjo_tui.receptions.certificate.state import APPLICATIONS
from sanjo_tui.receptions.certificate.words import (
    Applicant,
    Grade,
    Method,
    SelfRule,
    Standing,
    State,
    Tenure,
)
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.certificate.desk import CertificateDesk


def _application(desk: CertificateDesk, number: str) -> Application:
    with desk.desk.journal.view() as view:
        found = view.record_of(APPLICATIONS, desk.scope, number)
    return desk.guarded(rules.must_know(found, number))


def _heading(desk: CertificateDesk, heading: Heading) -> Heading:
    """The pages stand on the register of the day."""
    opening = desk.opening()
    as_of = wareki(dt.date.fromisoformat(opening.snapshot_as_of)) if opening else heading.register_as_of
    disaster = desk.disaster
    fictitious = heading.fictitious or bool(disaster and disaster.fictitious)
    return replace(heading, register_as_of=as_of, disaster=disaster.name if disaster else "", fictitious=fictitious)


def _long(iso: str) -> str:
    return wareki(dt.date.fromisoformat(iso)) if iso else ""


def _people(found: Application) -> tuple[Person, ...]:
    return tuple(Person(name=m.name, relationship=m.relationship, birth=m.birth) for m in found.members)


def _choices(kind: type[StrEnum], now: StrEnum | None) -> tuple[tuple[bool, str], ...]:
    return tuple((one is now, str(getattr(one, "label", one))) for one in kind)


def _standing(desk: CertificateDesk, found: Application, number: str) -> Certificate:
    """The certificate to print: never one that is void, and never one with a protected address."""
    one = next((c for c in found.certificates if c.number == number), None) if number else found.standing
    if one is None:
        raise PrintError("発行した証明書がありません。", "先に発行してください。")
    if one.standing is not Standing.VALID:
        raise PrintError(f"{one.number} は{one.standing.label}なので印刷しません。",
                         "新しい番号のものを印刷してください。")
    if desk.hidden(found):
        raise PrintError("この方の証明書は、ここでは印刷しません。", "責任者が本庁で交付します。")
    return one


def _qr(one: Certificate) -> str:
    return f"{QR}:{one.number}:{one.check}"


def _confirmed(desk: CertificateDesk) -> bool:
    """Somebody compared the forms with the official files."""
    return desk.known().layout_confirmed_on is not None


def _unverified(disaster: Disaster, one: Certificate) -> tuple[str, ...]:
    """What stands on the paper and nobody compared with its source."""
    found = [] if disaster.statute_verified else ["法令の文言"]
    if one.judged and one.judged.stage == 0 and disaster.flood and not disaster.flood.verified:
        found.append("浸水の基準")
    return tuple(found)


def certificate_of(desk: CertificateDesk, heading: Heading, application: str = "", number: str = "") -> Paper:
    """罹災証明書."""
    found, disaster = _application(desk, application), desk.known()
    one = _standing(desk, found, number)
    remark = f"床上浸水 {found.flood_cm} cm" if found.flood_cm else "床下浸水" if found.flood_cm == 0 else ""
    content = certificate.Certificate(
        heading=_heading(desk, heading), number=one.number, head_name=found.head_name,
        head_address=found.head_address, members=_people(found), cause=disaster.cause,
        house_address=found.binding.address, parcel_no=found.binding.parcel_no,
        grades=tuple((grade.on_paper, grade is one.grade) for grade in Grade), remark=remark,
        dwelling_note=disaster.dwelling_note, statute=disaster.statute, sentence=disaster.sentence,
        issued_on=_long(one.issued_on), mayor=disaster.mayor, qr=_qr(one), copies=one.copies, reissued=one.reissued,
        supersedes=one.supersedes, confirmed=disaster.layout_confirmed_on is not None,
        unverified=_unverified(disaster, one))
    return Paper(document=certificate, content=content)


def report_of(desk: CertificateDesk, heading: Heading, application: str = "", number: str = "") -> Paper:
    """被災届出証明書."""
    found, disaster = _application(desk, application), desk.known()
    one = _standing(desk, found, number)
    content = report.Report(
        heading=_heading(desk, heading), number=one.number, applicant_name=found.applicant_name,
        applicant_address=found.head_address, head_name=found.head_name, cause=disaster.cause,
        place=found.binding.address, what=found.damage_note, photos=found.photos, reported_on=_long(found.applied_on),
        issued_on=_long(one.issued_on), mayor=disaster.mayor, qr=_qr(one), copies=one.copies, reissued=one.reissued,
        supersedes=one.supersedes, confirmed=disaster.layout_confirmed_on is not None)
    return Paper(document=report, content=content)


def ticket_of(desk: CertificateDesk, heading: Heading, application: str = "") -> Paper:
    """受付票."""
    found, disaster = _application(desk, application), desk.known()
    pending = found.state in (State.WAITING, State.SURVEYED, State.SELF_REVIEW, State.RESURVEY)
    step = {State.WAITING: "調査員がうかがいます", State.SURVEYED: "判定ができたら、証明書をお渡しします",
            State.SELF_REVIEW: "写真を確かめて、証明書をお渡しします",
            State.RESURVEY: "もう一度、調査員がうかがいます"}.get(found.state, "窓口で証明書をお渡しします")
    content = ticket.Ticket(
        heading=_heading(desk, heading), number=found.number, kind=found.what.label, disaster=disaster.name,
        received_on=_long(found.applied_on), state=found.state.label, next_step=step, confirmed=_confirmed(desk),
        expected=_long(found.expected_on) if pending else "")
    return Paper(document=ticket, content=content)


def form_of(desk: CertificateDesk, heading: Heading, application: str = "") -> Paper:
    """申請書, filled in."""
    found, disaster = _application(desk, application), desk.known()
    consent = found.ledger_consent
    content = application_form.Form(
        heading=_heading(desk, heading), number=found.number, kind=found.what.label,
        to=f"{disaster.mayor.split('　')[0]}　様", applied_on=_long(found.applied_on),
        applicant_name=found.applicant_name, applicant_relation=_choices(Applicant, found.applicant),
        agent_name=found.agent_name, present_place=found.present_place, phone=found.phone, head_name=found.head_name,
        head_address=found.head_address, members=_people(found), cause=disaster.cause,
        house_address=found.binding.address, parcel_no=found.binding.parcel_no, house_key=found.binding.house,
        tenure=_choices(Tenure, found.tenure), owner=found.binding.owner if found.tenure is Tenure.RENTED else "",
        damage=found.damage_note, flood_cm="" if found.flood_cm is None else f"床上 {found.flood_cm} cm",
        method=_choices(Method, found.method), self_rules=_choices(SelfRule, found.self_rule), consent=found.consent,
        photos=found.photos, copies=found.copies, purpose=found.purpose,
        ledger=((consent is True, "関係機関への情報提供に同意する"), (consent is False, "同意しない")),
        identified=found.verified_by.label, received_by=found.operator,
        confirmed=disaster.layout_confirmed_on is not None)
    return Paper(document=application_form, content=content)


def proxy_of(desk: CertificateDesk, heading: Heading, application: str = "") -> Paper:
    """委任状; without an application to be filled in by hand."""
    disaster = desk.known()
    found = _application(desk, application) if application else None
    content = proxy.Proxy(heading=_heading(desk, heading), to=f"{disaster.mayor.split('　')[0]}　様",
                          disaster=disaster.name, place=found.binding.address if found else "", number=application,
                          confirmed=_confirmed(desk))
    return Paper(document=proxy, content=content)


def _list(name: str, module: Any, kind: type[Any], columns: tuple[str, ...],
          **also: Callable[[CertificateDesk], Any]) -> Callable[..., Paper]:
    def fill(desk: CertificateDesk, heading: Heading, **options: Any) -> Paper:
        rows = tuple(lists.LISTS[name](desk, **options))
        desk.list_made(f"certificate.{name}", len(rows))
        more = {key: value(desk) for key, value in also.items()}
        made = kind(heading=_heading(desk, heading), rows=rows, confirmed=_confirmed(desk), **more)
        return Paper(document=module, content=made,
                     columns=columns, rows=rows)

    return fill


FORMS: dict[str, Callable[..., Paper]] = {
    "certificate.certificate": certificate_of,
    "certificate.report": report_of,
    "certificate.ticket": ticket_of,
    "certificate.form": form_of,
    "certificate.proxy": proxy_of,
    "certificate.request": _list("requested", request, request.Requests, request.COLUMNS,
                                 disaster=lambda desk: desk.known().name),
    "certificate.ledger": _list("issued", ledger, ledger.Ledger, ledger.COLUMNS),
    "certificate.voids": _list("ended", voids, voids.Voids, voids.COLUMNS),
}
"""The papers by the names of their forms."""

NEEDS: dict[str, Permission] = {
    "certificate.certificate": Permission.ADDRESS, "certificate.report": Permission.ADDRESS,
    "certificate.ticket": Permission.FORM, "certificate.form": Permission.ADDRESS,
    "certificate.proxy": Permission.ADDRESS, "certificate.request": Permission.LIST,
    "certificate.ledger": Permission.LIST, "certificate.voids": Permission.LIST}

FORM_NAMES: dict[str, str] = {
    "certificate.certificate": "罹災証明書", "certificate.report": "被災届出証明書", "certificate.ticket": "受付票",
    "certificate.form": "申請書", "certificate.proxy": "委任状", "certificate.request": "調査依頼票",
    "certificate.ledger": "交付台帳", "certificate.voids": "失効一覧"}

