"""番号札, 80 mm: two slips of one number, one for the visitor and one for the counter, to be cut apart."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents.paper import DRILL, Heading, Pdf, compose, marks
from sanjo_tui.documents.sheet import HAIR, Sheet

WIDTH, HIGH = 80.0, 110.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberTicket:
    """One number. `waiting`: how many were before it when it was given."""

    heading: Heading
    number: str
    category: str
    given_at: str
    waiting: int


def render(content: NumberTicket) -> Pdf:
    """One strip with both slips."""
    return compose(content.heading, "番号札", (WIDTH, HIGH), [partial(_page, content)], furniture=False)


def _page(content: NumberTicket, sheet: Sheet) -> None:
    _slip(content, sheet, 0.0, "お客様控え")
    sheet.line(2, HIGH / 2, WIDTH - 2, HIGH / 2, HAIR, (2, 2))
    _slip(content, sheet, HIGH / 2, "窓口控え")


def _slip(content: NumberTicket, sheet: Sheet, top: float, which: str) -> None:
    words = "　".join(marks(content.heading))
    if words:
        dark = DRILL in words
        sheet.rect(4, top + 2, WIDTH - 8, 4.6, 0.8, fill=0.0 if dark else None)
        sheet.text(WIDTH / 2, top + 4.3, words, 8.5, "center", "gothic", grey=1.0 if dark else 0.0)
    sheet.fit(4, top + 8, WIDTH - 8, 6, f"{content.heading.municipality}　{content.category}", 10, "center",
              name="区分")
    sheet.text(WIDTH / 2, top + 25, content.number, 44, "center", "gothic")
    sheet.text(WIDTH / 2, top + 38, f"お待ちの方 {content.waiting}人", 10, "center")
    sheet.text(4, top + 48, which, 8)
    sheet.text(WIDTH - 4, top + 48, content.given_at, 8, "right")
