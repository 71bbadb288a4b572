"""A pre-filled 申請書, A4: the boxes of the procedure's template, filled where something is known, else for the pen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, RULE, Sheet, label, value

LEFT, WIDE, HEAD = 15.0, 180.0, 44.0
LINE = 11.0
ROOM = 190.0
"""mm between the sentence and the signature."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """One box: its label, what stands in it ("" leaves it empty), how many lines high."""

    label: str
    text: str = ""
    lines: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class ApplicationForm:
    """One form. `handwritten`: labels of boxes for the resident's own hand; `sample`: not a town's own form."""

    heading: Heading
    title: str
    addressed_to: str
    sentence: str
    number: str
    boxes: tuple[Filled, ...]
    handwritten: tuple[str, ...] = ()
    sample: bool = False
    mandate: bool = False


def render(content: ApplicationForm) -> Pdf:
    """One page, or more where the boxes need it."""
    boxes = [*content.boxes, *(Filled(label=one, lines=2) for one in content.handwritten)]
    pages: list[list[Filled]] = [[]]
    used = 0.0
    for box in boxes:
        high = box.lines * LINE
        if used + high > ROOM and pages[-1]:
            pages.append([])
            used = 0.0
        pages[-1].append(box)
        used += high
    last = len(pages) - 1
    return compose(content.heading, content.title, A4,
                   [partial(_page, content, page, at == last) for at, page in enumerate(pages)])


def _page(content: ApplicationForm, boxes: Sequence[Filled], last: bool, sheet: Sheet) -> None:
    title(sheet, content.title, 20, 18)
    sheet.text(LEFT, 32, f"（宛先）{content.addressed_to}", 11)
    sheet.fit(LEFT, 36, WIDE, 7, content.sentence, 10, pad=0, name="文")
    y = sheet.table(LEFT, 45, [
        (box.lines * LINE, [label(HEAD, box.label, 9.5), value(WIDE - HEAD, box.text, box.label, size=11.5)])
        for box in boxes])
    if not last:
        return
    y += 4
    sheet.text(LEFT, y + 2, "記載のとおり相違ありません。", 9.5)
    sheet.rect(LEFT + 70, y, WIDE - 70, 14, RULE)
    sheet.text(LEFT + 72, y + 3, "署名", 8)
    if content.mandate:
        sheet.text(LEFT, y + 9, "委任状を添えます。", 9)
    bottom = sheet.height - 34
    sheet.rect(LEFT, bottom, WIDE, 15, BOLD)
    sheet.text(LEFT + 2, bottom + 3, "受付欄", 8)
    sheet.text(LEFT + 2, bottom + 9, f"受付番号　{content.number}", 11, font="gothic")
    symbols.code128(sheet, LEFT + WIDE - 66, bottom + 2.5, 64, 10, content.number)
    if content.sample:
        sheet.text(LEFT + WIDE, bottom - 2, "様式は見本です。町の様式に替えてください。", 8, "right")
