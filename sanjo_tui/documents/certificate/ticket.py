"""受付票, 80 mm: the number of the application, its bar code, what happens next and when. No name stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import DRILL, Heading, Pdf, compose, marks
from sanjo_tui.documents.sheet import HAIR, RULE, Sheet

WIDTH, HIGH = 80.0, 112.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticket:
    """One 受付票. `next_step`: a short sentence; `expected`: 和暦 or ""."""

    heading: Heading
    number: str
    kind: str
    disaster: str
    received_on: str
    state: str
    next_step: str
    expected: str = ""
    confirmed: bool = False


def render(content: Ticket) -> Pdf:
    """One strip."""
    return compose(content.heading, "受付票", (WIDTH, HIGH), [partial(_page, content)], furniture=False)


def _page(content: Ticket, sheet: Sheet) -> None:
    left, right = 4.0, WIDTH - 4
    words = "　".join(marks(content.heading))
    if words:
        dark = content.heading.drill
        sheet.rect(left, 2, right - left, 4.6, 0.8, fill=0.0 if dark else None)
        sheet.text(WIDTH / 2, 4.3, words, 8.5, "center", "gothic", grey=1.0 if DRILL in words else 0.0)
    sheet.text(WIDTH / 2, 12, "罹災証明 受付票", 14, "center", "gothic")
    sheet.fit(left, 16, right - left, 6, content.disaster, 8.5, "center", pad=0, name="災害")
    sheet.line(left, 23, right, 23, RULE)
    sheet.text(left, 27, "受付番号", 8)
    sheet.fit(left, 29, right - left, 10, content.number, 22, "center", "gothic", pad=0, name="受付番号")
    symbols.code128(sheet, left, 41, right - left, 12, content.number)
    sheet.line(left, 56, right, 56, HAIR)
    sheet.text(left, 60.5, "証明書の種類", 8)
    sheet.text(right, 60.5, content.kind, 11, "right", "gothic")
    sheet.text(left, 67, "受付日", 8)
    sheet.text(right, 67, content.received_on, 10, "right", "gothic")
    sheet.rect(left, 71, right - left, 24, RULE)
    sheet.text(left + 2, 75, f"いま：{content.state}", 10, font="gothic")
    sheet.fit(left + 1, 78, right - left - 2, 9.5, f"次：{content.next_step}", 9.5, pad=1, name="次")
    if content.expected:
        sheet.text(left + 2, 91, f"予定　{content.expected}ごろ", 11, font="gothic")
    sheet.fit(left, 97, right - left, 5, "受け取りのときに、この票をお持ちください。", 8, pad=0)
    if not content.confirmed:
        sheet.fit(left, 107.5, right - left, 4, "様式未確認（公式の様式と見くらべていません）", 7, pad=0, font="gothic")
    note = f"{content.heading.municipality}　{content.heading.place}　端末 {content.heading.station}"
    sheet.fit(left, 104, right - left, 4, note, 7, pad=0, name="欄外")
