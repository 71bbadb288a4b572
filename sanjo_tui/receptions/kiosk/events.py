"""What happens with certificates and seals. An issue is known by its 発行番号, a seal by the 宛名番号 of its holder.

Nothing is ever deleted or reversed here: a number that was given stays given, and what went wrong with it is 廃止 with
a reason (住民記録システム標準仕様書, 発行ログ).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.identity import Reception, number_claim
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, Include, PinResult, SealStatus, Tender

ISSUE = "kiosk.issue_no"
"""Claim scope of 発行番号."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Reception):
    """発行: subject is the 発行番号. `fee` in yen for all copies, as charged; `sheets` is told by the issuing system.

    `pin_retries_left`: as the card said, -1 where no PIN was asked. `fiscal_year` 0 where the kind has none.
    """

    kind: ClassVar[str] = "kiosk.issued"
    issue_no: str
    certificate: CertificateKind
    channel: Channel
    person: str
    subjects: tuple[str, ...]
    includes: tuple[Include, ...] = ()
    fiscal_year: int = 0
    copies: int = 1
    fee: int = 0
    discount: int = 0
    tender: Tender = Tender.CASH
    exemption: str = ""
    pin_result: PinResult = PinResult.NOT_ASKED
    pin_retries_left: int = -1
    version: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """受付番号 and 発行番号 are given once."""
        return (number_claim(self.reception_no), Claim(ISSUE, self.issue_no))


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested(Event):
    """依頼ファイル written for the issuing system."""

    kind: ClassVar[str] = "kiosk.requested"
    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken(Event):
    """交付: the paper is in the applicant's hands. `later`: it had been left behind."""

    kind: ClassVar[str] = "kiosk.taken"
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Forgotten(Event):
    """取忘れ: the paper lies there and its applicant is gone."""

    kind: ClassVar[str] = "kiosk.forgotten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Voided(Event):
    """廃止 of a number, with the paper back where there was one. `reason` stands in the log (処分)."""

    kind: ClassVar[str] = "kiosk.voided"
    reason: str
    paper_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PinTried(Event):
    """A card's own PIN was tried for a kind of certificate. Subject: 宛名番号. Never the PIN."""

    kind: ClassVar[str] = "kiosk.pin_tried"
    certificate: CertificateKind
    result: PinResult
    tries_left: int = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class SealChanged(Event):
    """印鑑登録: its state or its card changed here. `by_register`: found at a new register, by itself."""

    kind: ClassVar[str] = "kiosk.seal_changed"
    status: SealStatus
    seal_registration_no: str
    reason: str
    integrated: bool = False
    by_register: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SealQuestioned(Event):
    """要確認: a change of name; a person says whether the seal still fits (`answer` keep or delete, "" so far)."""

    kind: ClassVar[str] = "kiosk.seal_questioned"
    seal_registration_no: str
    what: str
    answer: str = ""
