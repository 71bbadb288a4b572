"""What a new register and later surveys ask somebody to do with applications that are there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sanjo_tui.desk.following import Due
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate.records import Application, Noted
from sanjo_tui.receptions.certificate.state import APPLICATIONS, DISASTERS
from sanjo_tui.receptions.changes import Change

if TYPE_CHECKING:
    from sanjo_tui.desk.certificate.desk import CertificateDesk
    from sanjo_tui.desk.following import Changes
    from sanjo_tui.journal.view import View

TOLD = (Change.DIED, Change.RENAMED, Change.PROTECTED, Change.MISSING, Change.STRUCK_OFF)
"""Moving house changes nothing: the household and the house of the day count."""

TODO = {Change.DIED: "相続人か新しい世帯主に確かめる", Change.RENAMED: "証明書の氏名を確かめる",
        Change.PROTECTED: "書類を出さず責任者に知らせる", Change.MISSING: "住基の担当に確かめる",
        Change.STRUCK_OFF: "住基の担当に確かめる"}


def follow(desk: CertificateDesk, changes: Changes, view: View) -> Iterable[Event]:
    """One note for each changed applicant or head of an application that is still open."""
    for scope in view.scopes(DISASTERS):
        for application in view.records(APPLICATIONS, scope):
            if not application.is_open:
                continue
            for person in sorted({application.applicant_no, application.head_no} - {""}):
                for change in sorted(changes.of(person).changes & set(TOLD)):
                    note = Noted(person=person, what=change.value, since=changes.as_of.isoformat())
                    if note not in application.changes:
                        yield ev.PersonChanged(subject=application.number, scope=scope, person=person,
                                               what=change.value, since=note.since)


def dues(desk: CertificateDesk, view: View) -> tuple[Due, ...]:
    """Noted changes, 要再交付, and applications that two stations took or issued twice."""
    found: list[Due] = []
    applications = desk.applications(view)
    for application in applications:
        if not application.is_open:
            continue
        for note in application.changes:
            found.append(Due(subject=note.person, number=application.number, what=note.what,
                             todo=TODO.get(Change(note.what), "確かめる"), since=note.since))
        if application.needs_reissue:
            found.append(Due(subject=application.applicant_no, number=application.number, what="要再交付",
                             todo="新しい判定で再交付し、前の証明書を回収する"))
        if application.doubled:
            found.append(Due(subject=application.applicant_no, number=application.number, what="二重の発行",
                             todo="一方を書損にする"))
    found += [Due(subject=a.applicant_no, number=a.number, what="二重の申請", todo=f"{b.number} と合わせる")
              for a, b in doubles(applications)]
    return tuple(found)


def doubles(applications: Iterable[Application]) -> list[tuple[Application, Application]]:
    """Applications that are open for the same household, house and kind, each with the first of them."""
    first: dict[tuple[str, str, str], Application] = {}
    found = []
    for application in sorted(applications, key=lambda a: (a.applied_ms, a.number)):
        if not application.is_open or application.state.value == "consulted":
            continue
        key = (application.household, application.binding.house or f"?{application.binding.address}",
               application.what.value)
        if key in first:
            found.append((application, first[key]))
        else:
            first[key] = application
    return found
