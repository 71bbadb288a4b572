"""予約票: when and where, what to bring. A5 for the applicant; no address stands on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, LABEL_GREY, RULE, Sheet, label, value


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """Dates as people read them. `sample`: places and words are invented, and the paper says 見本."""

    heading: Heading
    number: str
    name: str
    day: str
    clock: str
    place: str
    place_address: str = ""
    bring: Sequence[str] = ()
    photo: str = ""
    latest: str = ""
    sample: bool = False
    unverified: bool = False


def render(content: Slip) -> Pdf:
    """One page A5."""
    return compose(content.heading, "予約票", A5, [lambda sheet: _page(content, sheet)])


def _page(content: Slip, sheet: Sheet) -> None:
    left, wide = 12.0, sheet.width - 24
    title(sheet, "マイナンバーカード申請 予約票", 22, 14)
    sheet.fit(left, 31, wide, 9, f"{content.name}　様", 14, name="氏名", pad=0)
    sheet.line(left, 40.6, left + wide, 40.6, RULE)
    sheet.rect(left, 46, wide, 24, BOLD)
    sheet.rect(left, 46, 26, 24, 0, fill=LABEL_GREY)
    sheet.text(left + 13, 58, "予約の日時", 10, "center")
    sheet.line(left + 26, 46, left + 26, 70, RULE)
    middle = left + 26 + (wide - 26) / 2
    sheet.fit(left + 26, 47.5, wide - 26, 10, content.day, 17, "center", "gothic")
    sheet.text(middle, 63.5, content.clock, 20, "center", "gothic")
    rows = [(9.5, (label(26, "場所"), value(wide - 26, content.place, "場所", size=11))),
            (8.5, (label(26, "所在地"), value(wide - 26, content.place_address, "場所の所在地"))),
            (9.5, (label(26, "受付番号"), value(wide - 26, content.number, font="gothic", size=12)))]
    y = sheet.table(left, 74, rows) + 7
    sheet.text(left, y, "持ち物", 10, font="gothic")
    y += 5.5
    for line in content.bring:
        sheet.check(left + 1, y, False, line, 9.2)
        y += 5.6
    y += 2.5
    for line in (content.photo, content.latest,
                 "暗証番号は、この予約でも申請でもお聞きしません。"):
        for part in sheet.wrap(line, 8.6, wide * 72 / 25.4) if line else ():
            sheet.text(left, y, part, 8.6)
            y += 4.6
    symbols.code128(sheet, left + 20, sheet.height - 35, wide - 40, 11, content.number)
    words = [word for word, on in (("見本（場所と案内文は架空です）", content.sample),
                                   ("予約の期間などに未確認の項目があります", content.unverified)) if on]
    if words:
        sheet.text(left, sheet.height - 18, "　".join(words), 7.5, font="gothic")
