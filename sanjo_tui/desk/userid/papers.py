"""The papers of 利用者ID発行: which there are, what each needs, how it is filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from sanjo_tui.desk.paper import Paper
from sanjo_tui.documents.userid import consent, ledger, notice
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.userid import events as ev
from sanjo_tui.receptions.userid.state import HOLDERS, Holder
from sanjo_tui.receptions.userid.words import SCOPE, Status, masked
from sanjo_tui.register.people import MASKED
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, parse, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.userid.desk import UseridDesk
    from sanjo_tui.documents.paper import Heading
    from sanjo_tui.register.people import Resident

NOTICE, CONSENT, LEDGER, DAY = "userid.notice", "userid.consent", "userid.ledger", "userid.day"


def _both(service: UseridDesk, addressee_no: str) -> tuple[Holder, Resident]:
    with service.desk.journal.view() as view:
        holder = view.record_of(HOLDERS, SCOPE, addressee_no)
    resident = service.desk.register.resident(addressee_no) if service.desk.register else None
    if holder is None or resident is None:
        raise PrintError("この方の利用者IDの記録がありません。", "検索した人を確かめてください。")
    return holder, resident


def _until(text: str) -> str:
    day = parse(text).sort_key
    return wareki(dt.date.fromisoformat(day)) if day else ""


def _consent(service: UseridDesk, heading: Heading, *, addressee_no: str) -> Paper:
    """The form as of the latest reservation; a protected person's address is not on it."""
    _, resident = _both(service, addressee_no)
    setup = service.setup
    with service.desk.journal.view() as view:
        latest = next((r.event for r in view.events(scope=SCOPE, kinds=(ev.IdReserved.kind,), subject=addressee_no,
                                                    newest_first=True)
                       if not view.is_reversed(r.station, r.seq) and isinstance(r.event, ev.IdReserved)), None)
    if latest is None:
        raise PrintError("この方の申請はありません。", "予約から始めてください。")
    law = setup.ordinance
    content = consent.Consent(
        heading=heading, reception_no=latest.reception_no, applied_on=wareki(dt.date.fromisoformat(latest.consent_on)),
        name=resident.name, kana=resident.name_kana, birth=resident.birth_label,
        address=MASKED if resident.protected else resident.address, identified=latest.verified_by.label,
        ordinance=f"{law.name} {law.article}", version=latest.consent_version, lines=setup.consent_lines,
        services=tuple((one.code in latest.consent_scope, one.label) for one in setup.scopes),
        user_id=masked(latest.number),
        replaces="同じ番号を引き継ぐ" if latest.carried else masked(latest.replaces), sample=setup.sample)
    return Paper(document=consent, content=content)


def _notice(service: UseridDesk, heading: Heading, *, addressee_no: str) -> Paper:
    """利用者ID通知 of a number that is in use."""
    holder, resident = _both(service, addressee_no)
    if not holder.in_use:
        raise PrintError("この方の利用者IDは、今は使えません。", "番号の状態を確かめてください。")
    setup = service.setup
    names = {one.code: one.label for one in setup.links}
    issued = dt.datetime.fromtimestamp((holder.issued_ms or holder.at_ms) / 1000, JST).date()
    content = notice.Notice(
        heading=heading, name=resident.name, masked=masked(holder.user_id), issued_on=wareki(issued),
        valid_until=_until(holder.valid_until), services=[setup.label_of(code) for code in holder.consent_scope],
        links=[f"{names.get(system, system)} {number}" for system, number in holder.links],
        reception_no=holder.reception_no, sample=setup.sample)
    return Paper(document=notice, content=content)


STATES = {Status.SUSPENDED: "suspended", Status.REVOKED: "revoked", Status.ABANDONED: "revoked"}


def _rows(service: UseridDesk, holders: tuple[Holder, ...]) -> Iterator[ledger.LedgerRow]:
    register = service.desk.register
    for one in holders:
        resident = register.resident(one.addressee_no) if register else None
        name = "" if resident is None else MASKED if resident.protected else resident.name
        issued = dt.datetime.fromtimestamp(one.issued_ms / 1000, JST).date().isoformat() if one.issued_ms else ""
        rows = [(old, "revoked", "替わった番号" if one.user_id else Status.REVOKED.label) for old in one.before if old]
        rows += [(one.user_id, STATES.get(one.status, "active"), one.status.label)] if one.user_id else []
        if one.pending and one.pending != one.user_id:
            rows.append((one.pending, "reserved", one.pending_status.label))
        for user_id, status, state in rows:
            now = user_id == one.user_id
            yield ledger.LedgerRow(
                addressee_no=one.addressee_no, user_id=user_id,
                valid_until=parse(one.valid_until).sort_key if now else "",
                status=status, state=state, issued_on=issued if now else "", consent_version=one.consent_version,
                consent_on=one.consent_on, consent_scope=one.consent_scope if now else (),
                linked_ids=tuple(f"{system}:{number}" for system, number in one.links) if now else (),
                reason=one.reason if now or status == "revoked" else "", issued_by=one.operator, name=name,
                masked=masked(user_id),
                scope_text="・".join(service.setup.label_of(code) for code in one.consent_scope) if now else "")


def _listed(service: UseridDesk, heading: Heading, title: str, day: dt.date | None) -> Paper:
    rows = tuple(_rows(service, service.rows(day)))
    content = ledger.Ledger(heading=heading, title=title, rows=rows, sample=service.setup.sample)
    return Paper(document=ledger, content=content, columns=ledger.COLUMNS, rows=rows)


def _ledger(service: UseridDesk, heading: Heading) -> Paper:
    return _listed(service, heading, "利用者ID発行台帳", None)


def _day(service: UseridDesk, heading: Heading, *, day: str = "") -> Paper:
    date = dt.date.fromisoformat(day) if day else service.desk.today()
    return _listed(service, heading, f"利用者ID発行日次一覧　{wareki(date)}", date)


FORMS: Mapping[str, Callable[..., Paper]] = {NOTICE: _notice, CONSENT: _consent, LEDGER: _ledger, DAY: _day}
NEEDS: Mapping[str, Permission] = {NOTICE: Permission.FORM, CONSENT: Permission.FORM, LEDGER: Permission.LIST,
                                   DAY: Permission.LIST}
FORM_NAMES: Mapping[str, str] = {NOTICE: "利用者ID通知", CONSENT: "利用申請書兼同意書", LEDGER: "発行台帳",
                                 DAY: "日次一覧"}
