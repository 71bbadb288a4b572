"""受付案内票, A5: what comes next, at which counter, what to bring; 要, 不要 and 済 to tick. No name stands on it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import LABEL_GREY, RULE, Sheet

LEFT, WIDE = 10.0, 128.0
COLUMNS = (("手続", 35.0), ("窓口", 34.0), ("要", 7.5), ("不要", 7.5), ("済", 7.5), ("持ち物", 36.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """One related procedure. `window`: where; 要, 済, or 不要 where neither; `bring`: 持ち物."""

    title: str
    window: str
    needed: bool
    done: bool = False
    bring: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guide:
    """One 案内票."""

    heading: Heading
    number: str
    procedure: str
    window: str
    guide: str
    bring: tuple[str, ...]
    following: tuple[Next, ...]
    sample: bool = False
    """見本: procedures, counters and what to bring are invented."""


def render(content: Guide) -> Pdf:
    """One page."""
    return compose(content.heading, "受付案内票", A5, [partial(_page, content)], margin=8)


def _page(content: Guide, sheet: Sheet) -> None:
    title(sheet, "受付案内票", 16, 15)
    sheet.text(LEFT, 28, f"受付番号　{content.number}", 12, font="gothic")
    sheet.fit(LEFT, 31, WIDE, 8, f"{content.procedure}　{content.window}", 11, pad=0, name="手続")
    y = 41.0
    if content.guide:
        sheet.fit(LEFT, y, WIDE, 10, content.guide, 9.5, pad=0, name="案内")
        y += 11
    if content.bring:
        sheet.fit(LEFT, y, WIDE, 8, f"この手続に要るもの：{'、'.join(content.bring)}", 9.5, pad=0, name="持ち物")
        y += 10
    sheet.text(LEFT, y + 2, "つづけてご案内する手続" if content.following else "ほかに案内する手続はありません。", 10,
               font="gothic")
    y += 6
    if content.following:
        _table(content, sheet, y)
    if content.sample:
        sheet.text(LEFT + WIDE, sheet.height - 13.5, "見本（手続、窓口、持ち物は架空です）", 7.5, "right", "gothic")


def _table(content: Guide, sheet: Sheet, y: float) -> None:
    x = LEFT
    for name, width in COLUMNS:
        sheet.rect(x, y, width, 6.5, RULE, fill=LABEL_GREY)
        sheet.rect(x, y, width, 6.5, RULE)
        sheet.fit(x, y, width, 6.5, name, 8.5, "center", pad=0.5)
        x += width
    y += 6.5
    high = min(13.0, (sheet.height - 18 - y) / len(content.following))
    for one in content.following:
        x = LEFT
        for (_, width), text in zip(COLUMNS, (one.title, one.window, "", "", "", one.bring), strict=True):
            sheet.rect(x, y, width, high, RULE)
            sheet.fit(x, y, width, high, text, 9, pad=1, name="手続" if text == one.title else "案内")
            x += width
        boxes = LEFT + COLUMNS[0][1] + COLUMNS[1][1]
        for at, on in enumerate((one.needed, not (one.needed or one.done), one.done)):
            sheet.check(boxes + 2.3 + at * 7.5, y + high / 2, on, "", 9)
        y += high
