"""確認書, A4: what the register says of every member of the household, read through and signed by the resident.

氏名, 生年月日, 性別, 住所 of each (the four attributes), 続柄, and room for what is added by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import HAIR, LABEL_GREY, RULE, Box, Sheet, label, value

LEFT, WIDE = 15.0, 180.0
PER_PAGE = 7
HIGH, GAP = 21.0, 1.2
ROW = 6.5
FIRST, OTHER = 65.0, 28.0
"""Where the first person stands on the first page, and on the others."""
SIGNED = 28.0
"""What the signature needs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One member. `mark`: 対象 for a subject of the application, with the place in the order, else ""."""

    name: str
    kana: str
    birth: str
    sex: str
    relationship: str
    address: str
    mark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmationSheet:
    """One 確認書. `notes`: what was asked, as (question, answer)."""

    heading: Heading
    number: str
    accepted_at: str
    procedure: str
    department: str
    requester: str
    verified: str
    operator: str
    people: tuple[Person, ...]
    notes: tuple[tuple[str, str], ...] = ()
    fee: str = ""
    sample: bool = False
    """見本: the procedure and its fee are invented."""


def render(content: ConfirmationSheet) -> Pdf:
    """As many pages as the household needs; questions and signature stand on the last, together."""
    pages = [content.people[at:at + PER_PAGE] for at in range(0, len(content.people), PER_PAGE)] or [()]
    taken = (FIRST if len(pages) == 1 else OTHER) + len(pages[-1]) * (HIGH + GAP)
    if taken + 6 + len(_rows(content)) * ROW + SIGNED > A4[1] - 20:
        pages.append(())
    last = len(pages) - 1
    draws = [partial(_page, content, people, at == 0, at == last) for at, people in enumerate(pages)]
    return compose(content.heading, "確認書", A4, draws, caution=True)


def _page(content: ConfirmationSheet, people: Sequence[Person], first: bool, last: bool, sheet: Sheet) -> None:
    title(sheet, "確認書", 18, 18)
    y = _top(content, sheet) if first else OTHER
    for person in people:
        y = _person(sheet, y, person)
    if last:
        _end(content, sheet, y + 3)


def _top(content: ConfirmationSheet, sheet: Sheet) -> float:
    symbols.code128(sheet, LEFT + WIDE - 62, 25, 62, 9, content.number)
    return sheet.table(LEFT, 37, [
        (8, [label(26, "受付番号"), value(64, content.number, "受付番号", font="gothic", size=11),
             label(26, "受付日時"), value(64, content.accepted_at)]),
        (8, [label(26, "手続"), value(64, content.procedure, "手続", size=11), label(26, "担当課"),
             value(64, content.department, "担当課")]),
        (8, [label(26, "請求者"), value(64, content.requester, "請求者"), label(26, "本人確認"),
             value(64, content.verified)]),
    ]) + 4


def _person(sheet: Sheet, y: float, person: Person) -> float:
    head, half = 20.0, (WIDE - 14) / 2
    sheet.rect(LEFT, y, 14, HIGH, RULE, fill=LABEL_GREY if person.mark else None)
    sheet.rect(LEFT, y, 14, HIGH, RULE)
    sheet.fit(LEFT, y, 14, HIGH, person.mark, 9, "center", "gothic", pad=0.5)
    sheet.table(LEFT + 14, y, [
        (11, [label(head, "氏名"), value(half - head + 20, person.name, "氏名", size=13, above=person.kana),
              label(head - 4, "続柄"), value(half - head - 16, person.relationship, "続柄", size=9)]),
        (5, [label(head, "生年月日", 8), value(half - head + 20, person.birth, size=9), label(head - 4, "性別", 8),
             value(half - head - 16, person.sex, size=9)]),
        (5, [label(head, "住所", 8), value(2 * half - head, person.address, "住所", size=9)]),
    ], outer=RULE)
    return y + HIGH + GAP


def _rows(content: ConfirmationSheet) -> list[tuple[float, list[Box]]]:
    """What was asked, and the fee."""
    rows = [(ROW, [label(44, question, 8), value(WIDE - 44, answer, question, size=9)])
            for question, answer in content.notes]
    if content.fee:
        rows.append((ROW, [label(44, "手数料", 8), value(WIDE - 44, content.fee, "手数料", size=9, font="gothic")]))
    return rows


def _end(content: ConfirmationSheet, sheet: Sheet, y: float) -> None:
    bottom = sheet.height - 20
    rows = _rows(content)
    if rows:
        y = sheet.table(LEFT, y, rows, outer=RULE) + 3
    room = bottom - 30 - y
    if room > 8:
        sheet.text(LEFT, y + 2, "書き足すこと", 8)
        for line in range(1, int(room // 8) + 1):
            sheet.line(LEFT, y + 2 + line * 8, LEFT + WIDE, y + 2 + line * 8, HAIR, (1, 2))
    y = bottom - 26
    sheet.text(LEFT, y, "上の内容を確認しました。まちがいがあれば、線で消して書き直してください。", 9.5)
    sheet.text(LEFT, y + 9, "令和　　年　　月　　日", 10)
    sheet.rect(LEFT + 70, y + 4, WIDE - 70, 14, RULE)
    sheet.text(LEFT + 72, y + 7, "署名", 8)
    if content.sample:
        sheet.text(LEFT, y + 21.5, "見本（手続と手数料は架空です）", 8, font="gothic")
    sheet.fit(LEFT, y + 19, WIDE, 5, f"受け付けた職員　{content.operator}", 8, "right", pad=0)
