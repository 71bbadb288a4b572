"""罹災証明書, A4 upright, by the fields of the unified form (docs/disaster-certificates.md §5).

Number, head of the household, its members, cause, place of the damaged 住家, grade by ■ or □, remarks, what 住家 means,
the certifying sentence, day, mayor with an area of 24 mm for the official seal. A QR code holds number and keyed check.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.certificate.parts import Person, boxed, marked, seal_area, unconfirmed
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, HAIR, LABEL_GREY, RULE, Sheet

LEFT, RIGHT = 20.0, 190.0
WIDE = RIGHT - LEFT
MOST = 8
"""So many members are named one a line; more are set smaller."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One certificate. `grades`: all six with whether it is this one; `reissued`: it carries 再交付.

    `remark`: 追加記載欄② (浸水区分等); `unverified`: statute words or bands that nobody compared with their source.
    """

    heading: Heading
    number: str
    head_name: str
    head_address: str
    members: tuple[Person, ...]
    cause: str
    house_address: str
    parcel_no: str = ""
    grades: tuple[tuple[str, bool], ...]
    remark: str = ""
    dwelling_note: str = ""
    statute: str = ""
    sentence: str
    issued_on: str
    mayor: str
    qr: str
    copies: int = 1
    reissued: bool = False
    supersedes: str = ""
    confirmed: bool = False
    """The layout was compared with the official file."""
    unverified: tuple[str, ...] = ()


def render(content: Certificate) -> Pdf:
    """One page for each copy, all with the same number."""
    pages = [partial(_page, content, n) for n in range(1, content.copies + 1)]
    return compose(content.heading, "罹災証明書", A4, pages)


def _page(content: Certificate, copy: int, sheet: Sheet) -> None:
    sheet.text(RIGHT, 18, f"整理番号　{content.number}", 10, "right", "gothic", name="整理番号")
    if content.reissued:
        sheet.rect(LEFT, 14, 24, 8, BOLD)
        sheet.text(LEFT + 12, 18, "再交付", 12, "center", "gothic")
    title(sheet, "罹災証明書", 32, 22)
    y = 42.0
    y = boxed(sheet, LEFT, y, WIDE, 12, "世帯主住所", content.head_address)
    y = boxed(sheet, LEFT, y, WIDE, 14, "世帯主氏名", content.head_name, size=15)
    y = _members(content, sheet, y)
    sheet.rect(LEFT, 42, WIDE, y - 42, BOLD)
    below = y + 4
    y = boxed(sheet, LEFT, below, WIDE, 12, "罹災原因", content.cause)
    place = content.house_address + (f"\n（地番　{content.parcel_no}）" if content.parcel_no else "")
    y = boxed(sheet, LEFT, y, WIDE, 15, "被災住家※の\n所在地", place)
    y = _grades(content, sheet, y)
    y = boxed(sheet, LEFT, y, WIDE, 13, "備考\n（浸水区分等）", content.remark, size=10)
    if content.dwelling_note:
        sheet.fit(LEFT, y + 1, WIDE, 9, f"※　{content.dwelling_note}", 8, pad=0)
    sheet.rect(LEFT, below, WIDE, y - below, BOLD)
    _certified(content, sheet, y + 13)
    _foot(content, copy, sheet)


def _members(content: Certificate, sheet: Sheet, y: float) -> float:
    rows = max(4, min(len(content.members), MOST))
    high = 7.0 * rows + 6
    sheet.rect(LEFT, y, 38, high, RULE, fill=LABEL_GREY)
    sheet.rect(LEFT, y, 38, high, RULE)
    sheet.fit(LEFT, y, 38, high, "追加記載欄①\n世帯構成員", 9.5, "center", pad=1)
    x, wide = LEFT + 38, WIDE - 38
    parts = ((0.0, 66.0, "氏名"), (66.0, 26.0, "続柄"), (92.0, wide - 92.0, "生年月日"))
    for at, w, word in parts:
        sheet.rect(x + at, y, w, 6, HAIR)
        sheet.text(x + at + w / 2, y + 3, word, 8, "center")
    step = (high - 6) / max(rows, len(content.members))
    for n, member in enumerate(content.members):
        top = y + 6 + n * step
        for (at, w, word), text in zip(parts, (member.name, member.relationship, member.birth), strict=True):
            sheet.fit(x + at, top, w, step, text, min(10.5, step * 2.2), name=word)
        sheet.line(x, top + step, x + wide, top + step, HAIR)
    for at, _, _ in parts[1:]:
        sheet.line(x + at, y, x + at, y + high, HAIR)
    if len(content.members) < rows:
        top = y + 6 + len(content.members) * step
        sheet.text(x + wide / 2, top + step / 2, "以下余白", 8.5, "center")
    sheet.rect(x, y, wide, high, RULE)
    return y + high


def _grades(content: Certificate, sheet: Sheet, y: float) -> float:
    high = 20.0
    sheet.rect(LEFT, y, 38, high, RULE, fill=LABEL_GREY)
    sheet.rect(LEFT, y, 38, high, RULE)
    sheet.fit(LEFT, y, 38, high, "住家※の\n被害の程度", 9.5, "center", pad=1)
    sheet.rect(LEFT + 38, y, WIDE - 38, high, RULE)
    columns = (LEFT + 43, LEFT + 80, LEFT + 120)
    for n, (label, on) in enumerate(content.grades):
        marked(sheet, columns[n % 3], y + 6 + (n // 3) * 8.5, on, label, 10.5 if len(label) < 9 else 8.5)
    return y + high


def _certified(content: Certificate, sheet: Sheet, y: float) -> None:
    if content.statute:
        sheet.fit(LEFT, y, WIDE, 10, f"　{content.statute}", 10, pad=0)
        y += 10
    sheet.text(LEFT + 4, y + 4, content.sentence, 12)
    sheet.text(LEFT + 10, y + 16, content.issued_on, 12)
    sheet.fit(LEFT + 62, y + 19, WIDE - 62 - 28, 9, content.mayor, 14, "right", pad=0, name="市長")
    seal_area(sheet, RIGHT, y + 11)


def _foot(content: Certificate, copy: int, sheet: Sheet) -> None:
    y = 252.0
    symbols.qr(sheet, LEFT + 2, y, 20, content.qr)
    notes = ["この QR コードと番号で、発行元が真偽を確かめられます。"]
    if content.copies > 1:
        notes.append(f"{content.copies}通のうち {copy} 通目")
    if content.supersedes:
        notes.append(f"{content.supersedes} は失効しました。")
    if content.unverified:
        notes.append(f"（{'・'.join(content.unverified)}は未確認）")
    for n, note in enumerate(notes):
        sheet.text(LEFT + 27, y + 3 + n * 5, note, 8.5)
    if not content.confirmed:
        unconfirmed(sheet, 275)
