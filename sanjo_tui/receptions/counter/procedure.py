"""A procedure as data, and what it is made of: frozen values that a town's TOML files become (docs/counter.md §2)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjo_tui.receptions.counter.words import Asked, Channel, Include, Requester, Scope


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One thing to ask. `options`: words of a choice; `longest`: characters of a text."""

    key: str
    label: str
    kind: Asked
    required: bool = True
    options: tuple[str, ...] = ()
    hint: str = ""
    longest: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A related procedure: needed when the answer to `ask` is `answer`, or when the subject's age lies within.

    Without a condition it is always needed.
    """

    code: str
    ask: str = ""
    answer: str = ""
    age_min: int = 0
    age_max: int = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Procedure:
    """One kind of application. Ages in years at the day; 0 and 200 are no limit."""

    code: str
    title: str
    kana: str
    dept: str
    requester_kinds: tuple[Requester, ...]
    subject_scope: Scope
    age_min: int = 0
    age_max: int = 200
    gone: bool = False
    """About people who died or moved away (除票 ...)."""
    asks: tuple[Question, ...] = ()
    template: str = ""
    fee_code: str = ""
    copies: bool = False
    includes: tuple[Include, ...] = ()
    related: tuple[Link, ...] = ()
    bring: tuple[str, ...] = ()
    guide: str = ""
    handwritten: tuple[str, ...] = ()
    """Boxes that stay empty for the resident's own hand."""
    mandate: bool = True
    """A proxy shows a 委任状."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """A counter of the hall. `window`: what the sign says (3番窓口)."""

    code: str
    name: str
    window: str = ""
    floor: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fee:
    """What a thing costs from a day on, in yen; `discount` off with a card that was seen."""

    code: str
    channel: Channel
    valid_from: dt.date
    yen: int
    discount: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """A box of an application form. `source`: where it is filled from (SOURCES, or `ask.KEY`); "" stays empty."""

    label: str
    source: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """An application form: title, whom it is addressed to, a sentence, and its boxes from top to bottom."""

    code: str
    title: str
    addressed_to: str
    sentence: str = ""
    boxes: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Category:
    """A kind of number ticket: `A`, from 1 to 499, for these departments."""

    code: str
    name: str
    first: int
    last: int


SOURCES = frozenset({
    "requester.name", "requester.kana", "requester.birth", "requester.sex", "requester.address", "requester.kind",
    "requester.phone", "subjects.names", "subject.name", "subject.kana", "subject.birth", "subject.sex",
    "subject.address", "household.head", "household.members", "copies", "includes", "fee", "date", "reception_no",
    "purpose"})
"""What a box may be filled from, beside `ask.KEY`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """Everything of a town's counter. `version`: first twelve hex digits of the SHA-256 of its files."""

    procedures: tuple[Procedure, ...]
    departments: tuple[Department, ...]
    fees: tuple[Fee, ...]
    templates: tuple[Template, ...]
    categories: tuple[Category, ...]
    exemptions: tuple[str, ...] = ()
    version: str = ""
    sample: bool = False
    """見本: invented, not a town's own."""

    def procedure(self, code: str) -> Procedure | None:
        """The procedure of this code."""
        return next((one for one in self.procedures if one.code == code), None)

    def department(self, code: str) -> Department | None:
        """The counter of this code."""
        return next((one for one in self.departments if one.code == code), None)

    def template(self, code: str) -> Template | None:
        """The form of this code."""
        return next((one for one in self.templates if one.code == code), None)

    def fee(self, code: str, channel: Channel, day: dt.date) -> Fee | None:
        """The fee that holds on a day: the latest that has begun."""
        fitting = [fee for fee in self.fees if fee.code == code and fee.channel is channel and fee.valid_from <= day]
        return max(fitting, key=lambda fee: fee.valid_from, default=None)
