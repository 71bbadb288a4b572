"""Who stands at the counter and how that was made sure: shared by all receptions of the hall (docs/services.md).

A user ID proves possession of the card alone, so every reception asks a person for an explicit 本人確認 and keeps it.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.base import Verdict, Weight

if TYPE_CHECKING:
    from sanjo_tui.register.people import CardLink, Resident

NUMBER = "service.number"
"""Claim scope of the 受付番号 of all services of a station: none is given twice."""


class IdentifiedBy(StrEnum):
    """How the record was found."""

    CARD = "card"
    SEARCH = "search"
    MANUAL = "manual"
    PROXY = "proxy"


class VerifiedBy(StrEnum):
    """本人確認: how a person made sure that this is them."""

    CARD_FACE = "card_face"
    PHOTO_ID = "photo_id"
    TWO_DOCUMENTS = "two_docs"
    INTERVIEW = "interview"
    PROXY = "proxy"

    @property
    def label(self) -> str:
        """As screen and paper say it."""
        return {VerifiedBy.CARD_FACE: "カードの顔写真と照合", VerifiedBy.PHOTO_ID: "写真付き書類1点",
                VerifiedBy.TWO_DOCUMENTS: "書類2点", VerifiedBy.INTERVIEW: "聞き取り",
                VerifiedBy.PROXY: "代理人(委任状)"}[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reception(Event):
    """Base of the events that begin a reception: what every record of the hall keeps.

    `subject` is the 宛名番号; `user_id` the card's 13 digits or ""; `snapshot_id`: the register that was looked at.
    """

    reception_no: str
    identified_by: IdentifiedBy = IdentifiedBy.SEARCH
    verified_by: VerifiedBy = VerifiedBy.CARD_FACE
    user_id: str = ""
    snapshot_id: str = ""
    note: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The 受付番号 is this reception's alone; subclasses add theirs: `(number_claim(...), ...)`."""
        return (number_claim(self.reception_no),)


def number_claim(reception_no: str) -> Claim:
    """The claim of a 受付番号."""
    return Claim(NUMBER, reception_no)


STATUSES = {"2": "転出", "3": "死亡", "9": "消除"}
"""住民状態 by its code (docs/register.md §1)."""


def stop_of(resident: Resident, *, card: CardLink | None = None, today: dt.date, released: bool = False,
            gone: bool = False) -> Verdict | None:
    """Why nothing may be done for this person here, most serious first; None where nothing stands in the way.

    `released`: the responsible person lifted the stop of 支援措置・抑止 for this reception. `gone`: people who died or
    moved away are this reception's very business (住民票の除票 ...).
    """
    if resident.protected and not released:
        return Verdict(Weight.STOP, "この方の手続は、ここではできません", code="SUPPRESSED",
                       notes=("支援措置か抑止があります", "責任者を呼んでください"))
    if not resident.living and not gone:
        word = STATUSES.get(resident.resident_status, "住民ではない方")
        return Verdict(Weight.STOP, f"住基では{word}です", code="GONE", notes=("手続はできません。担当課へ案内します",))
    if card is not None and card.status != "active":
        word = "失効した" if card.status == "revoked" else "停止中の"
        return Verdict(Weight.STOP, f"{word}カードです", code="CARD", notes=("別の書類で本人確認をし、検索で開きます",))
    if card is not None and card.expired_on(today):
        return Verdict(Weight.STOP, "期限が切れたカードです", code="EXPIRED",
                       notes=("別の書類で本人確認をし、検索で開きます",))
    return None
