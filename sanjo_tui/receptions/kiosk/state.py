"""What holds now: each issue number, each seal that changed here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from sanjo_tui.journal.events import Event, Ledger, Recorded
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.kiosk.events import (
    Forgotten,
    Issued,
    PinTried,
    Requested,
    SealChanged,
    SealQuestioned,
    Taken,
    Voided,
)
from sanjo_tui.receptions.kiosk.words import (
    CertificateKind,
    Channel,
    Include,
    PinResult,
    SealStatus,
    State,
    Tender,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One number. Fields as in Issued; times in milliseconds, UTC."""

    issue_no: str
    reception_no: str
    certificate: CertificateKind
    channel: Channel
    person: str
    subjects: tuple[str, ...]
    includes: tuple[Include, ...]
    fiscal_year: int
    copies: int
    fee: int
    discount: int
    tender: Tender
    exemption: str
    pin_result: PinResult
    pin_retries_left: int
    verified_by: VerifiedBy
    state: State = State.ISSUED
    issued_ms: int = 0
    station: str = ""
    operator: str = ""
    snapshot_id: str = ""
    request_file: str = ""
    void_reason: str = ""

    @property
    def open(self) -> bool:
        """Nobody has said yet what became of the paper."""
        return self.state in (State.ISSUED, State.FORGOTTEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A 印鑑登録. `asked`: what a person must still say about it, "" for nothing."""

    holder: str
    seal_registration_no: str
    status: SealStatus
    integrated: bool = False
    reason: str = ""
    asked: str = ""


def apply_issue(now: Issue | None, recorded: Recorded) -> Issue | None:
    """The issue after one more of its events."""
    match recorded.event:
        case Issued() as event:
            return Issue(
                issue_no=event.issue_no, reception_no=event.reception_no, certificate=event.certificate,
                channel=event.channel, person=event.person, subjects=event.subjects, includes=event.includes,
                fiscal_year=event.fiscal_year, copies=event.copies, fee=event.fee, discount=event.discount,
                tender=event.tender, exemption=event.exemption, pin_result=event.pin_result,
                pin_retries_left=event.pin_retries_left, verified_by=event.verified_by, issued_ms=recorded.at_ms,
                station=recorded.station, operator=recorded.operator, snapshot_id=event.snapshot_id)
        case Requested(file=file) if now is not None:
            return replace(now, request_file=file)
        case Taken() if now is not None:
            return replace(now, state=State.TAKEN)
        case Forgotten() if now is not None:
            return replace(now, state=State.FORGOTTEN)
        case Voided(reason=reason) if now is not None:
            return replace(now, state=State.VOID, void_reason=reason)
    return now


def apply_seal(now: Seal | None, recorded: Recorded) -> Seal | None:
    """The seal after one more of its events."""
    match recorded.event:
        case SealChanged() as event:
            asked = now.asked if now is not None and event.status is not SealStatus.DELETED else ""
            return Seal(holder=event.subject, seal_registration_no=event.seal_registration_no, status=event.status,
                        integrated=event.integrated, reason=event.reason, asked=asked)
        case SealQuestioned() as event:
            known = now or Seal(holder=event.subject, seal_registration_no=event.seal_registration_no,
                                status=SealStatus.REGISTERED)
            return replace(known, asked="" if event.answer else event.what)
    return now


ISSUES = Ledger("kiosk.issues", (Issued, Requested, Taken, Forgotten, Voided), Issue, apply_issue)
SEALS = Ledger("kiosk.seals", (SealChanged, SealQuestioned), Seal, apply_seal)
LEDGERS = (ISSUES, SEALS)
LOOSE: tuple[type[Event], ...] = (PinTried,)
