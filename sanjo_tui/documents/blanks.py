"""白紙様式: empty 避難者カード for a power cut (docs/shelter.md §3).

Their numbers are reserved in the journal, so that they are keyed in later without collision.
Two on A4 landscape, to be cut in the middle, or one on A5.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from sanjo_tui.documents import card
from sanjo_tui.documents.paper import A4_LANDSCAPE, A5, Heading, Pdf, compose
from sanjo_tui.documents.sheet import HAIR, Sheet

TITLE = "避難者カード（白紙様式）"


@dataclass(frozen=True, slots=True, kw_only=True)
class Blanks:
    """`numbers`: reserved 受付番号, one a form."""

    heading: Heading
    numbers: tuple[str, ...]
    paper: Literal["A4", "A5"] = "A4"


def render(content: Blanks) -> Pdf:
    """Two forms a page on A4, one on A5."""
    forms = [card.Card(heading=content.heading, registration_no=number) for number in content.numbers]
    if content.paper == "A5":
        return compose(content.heading, TITLE, A5, [partial(card.front, form) for form in forms], margin=8)
    pairs = [forms[first:first + 2] for first in range(0, len(forms), 2)]
    return compose(content.heading, TITLE, A4_LANDSCAPE, [partial(_pair, pair) for pair in pairs], margin=8, forms=2)


def _pair(forms: list[card.Card], sheet: Sheet) -> None:
    half = sheet.width / 2
    sheet.line(half, 4, half, sheet.height - 4, HAIR, (3, 3))
    for form, dx in zip(forms, (0.0, half), strict=False):
        with sheet.shifted(dx, 0):
            card.front(form, sheet)
