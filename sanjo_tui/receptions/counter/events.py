"""What happens at the counter: cases accepted, followed up, handed over; number tickets given, called, served.

A case is known by its 受付番号, a ticket by its number of the day. The day is the round: `counter.2026-11-25`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.counter.words import Include, Related, Requester, Step, Waiting
from sanjo_tui.receptions.identity import Reception, number_claim

TICKET = "counter.ticket"
"""Claim scope of ticket numbers; its subjects are `DAY/A001`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted(Reception):
    """受付: an application for `subjects` (宛名番号 in 記載順位). Subject of the event: the 受付番号.

    `person`: whoever is on the desk. `version`: of the set-up it was accepted under. `fee`: yen as charged, after
    `discount` and for all copies; 0 where `exemption` stands. `requester_name`: somebody who is not in the register.
    """

    kind: ClassVar[str] = "counter.accepted"
    procedure: str
    version: str
    person: str
    subjects: tuple[str, ...]
    requester_kind: Requester = Requester.SELF
    requester_name: str = ""
    mandate_seen: bool = False
    evidence_seen: bool = False
    includes: tuple[Include, ...] = ()
    copies: int = 1
    answers: dict[str, str]
    fee_code: str = ""
    fee: int = 0
    discount: int = 0
    exemption: str = ""
    related: tuple[tuple[str, Related], ...] = ()
    ticket: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """The 受付番号."""
        return (number_claim(self.reception_no),)


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedMarked(Event):
    """A related procedure of a case: 要, 不要 or 済."""

    kind: ClassVar[str] = "counter.related_marked"
    procedure: str
    state: Related


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved(Event):
    """A case went a step on: 引継済, 完了, 取下; `note` says why where it was withdrawn."""

    kind: ClassVar[str] = "counter.moved"
    step: Step
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketGiven(Event):
    """発券. Subject: `A001`; it is given once a day, whichever desk gives it."""

    kind: ClassVar[str] = "counter.ticket_given"
    category: str
    number: int

    @property
    def claims(self) -> tuple[Claim, ...]:
        """A number once a day."""
        return (Claim(TICKET, f"{self.scope}/{self.subject}"),)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMoved(Event):
    """呼出, 対応中, 不在, 待ちに戻す, 完了, 削除. `window`: who called it."""

    kind: ClassVar[str] = "counter.ticket_moved"
    state: Waiting
    window: str = ""
