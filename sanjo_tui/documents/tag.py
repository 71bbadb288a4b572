"""受付票: the number of a household (or of an unknown person) to keep, as digits, Code 128 and QR. No address, no name.

For a receipt printer of 80 mm, or as a label of 62 mm (ラベル). Scanned at the desk, it types the number.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import DRILL, Heading, Pdf, compose, marks
from sanjo_tui.documents.sheet import HAIR, RULE, Sheet

Media = Literal["receipt", "label"]

SIZES: dict[Media, tuple[float, float]] = {"receipt": (80.0, 62.0), "label": (62.0, 40.0)}
"""Width and height in mm; of a receipt, 4 mm on either side do not print."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One tag. `people`: how many it stands for, 0 unknown. `provisional`: 仮登録, the person is not identified yet."""

    registration_no: str
    checked_in_at: str = ""
    people: int = 0
    area: str = ""
    provisional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """One or more tags, a page each."""

    heading: Heading
    tickets: tuple[Ticket, ...]
    media: Media = "receipt"


def render(content: Tag) -> Pdf:
    """A page for each ticket."""
    draw = _receipt if content.media == "receipt" else _label
    pages = [partial(draw, content.heading, ticket) for ticket in content.tickets]
    return compose(content.heading, "受付票", SIZES[content.media], pages, furniture=False)


def _marks(sheet: Sheet, heading: Heading, left: float, right: float, y: float) -> None:
    """One bar across the tag: 訓練 must be seen before the number is."""
    words = "　".join(marks(heading))
    if not words:
        return
    sheet.rect(left, y, right - left, 4.6, 0.8, fill=0.0 if heading.drill else None)
    sheet.text((left + right) / 2, y + 2.3, words, 8.5, "center", "gothic", grey=1.0 if DRILL in words else 0.0)


def _receipt(heading: Heading, ticket: Ticket, sheet: Sheet) -> None:
    left, right = 4.0, 76.0
    _marks(sheet, heading, left, right, 2)
    sheet.text(left, 10, "受 付 票", 11, font="gothic")
    sheet.fit(left + 22, 7.5, right - left - 22, 5, f"{heading.municipality}　{heading.place}", 8.5, "right", pad=0,
              name="避難所名")
    sheet.line(left, 13, right, 13, RULE)
    sheet.text(left, 16.4, "受付番号" + ("（仮登録）" if ticket.provisional else ""), 7.5)
    sheet.fit(left, 18.2, right - left, 9, ticket.registration_no, 23, "center", "gothic", pad=0, name="受付番号")
    symbols.code128(sheet, left, 28.5, right - left, 10.5, ticket.registration_no)
    symbols.qr(sheet, right - 16, 42.2, 15, ticket.registration_no)
    facts = (("受付", ticket.checked_in_at), ("人数", _people(ticket)), ("区画", ticket.area))
    y = 44.5
    for word, text in facts:
        sheet.text(left, y, word, 8)
        sheet.fit(left + 9, y - 2.2, 42, 4.4, text, 9.5, font="gothic", pad=0, name=word)
        sheet.line(left + 9, y + 2.3, left + 50, y + 2.3, HAIR)
        y += 5.2
    request = f"退所・外出のときは受付に見せてください。　端末 {heading.station}"
    sheet.fit(left, 58, right - left, 3.4, request, 6.2, pad=0)


def _people(ticket: Ticket) -> str:
    return f"{ticket.people}人" if ticket.people else ""


def _label(heading: Heading, ticket: Ticket, sheet: Sheet) -> None:
    left, right = 2.0, 60.0
    if marks(heading):
        _marks(sheet, heading, left, right, 1)
    else:
        sheet.text((left + right) / 2, 3.6, f"{heading.municipality}　受付票", 8, "center", "gothic")
    words = "受付番号" + ("（仮登録）" if ticket.provisional else "")
    sheet.text(left, 8.2, words, 7)
    sheet.fit(left + 20, 6.2, right - left - 20, 4, heading.place, 7, "right", pad=0, name="避難所名")
    sheet.fit(left, 10.2, right - left, 7.5, ticket.registration_no, 19, "center", "gothic", pad=0, name="受付番号")
    symbols.code128(sheet, left, 18.6, right - left, 7.5, ticket.registration_no)
    symbols.qr(sheet, right - 11.5, 27.6, 10.5, ticket.registration_no)
    facts = "　".join(part for part in (ticket.checked_in_at, _people(ticket), ticket.area) if part)
    sheet.fit(left, 28, 44, 5, facts, 9, font="gothic", pad=0, name="受付")
    sheet.text(left, 36, f"端末 {heading.station}", 6.2)
