"""図書番号通知書: number, until when, where the libraries are, what to bring the first time. A5 for the resident."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, LABEL_GREY, RULE, Sheet, label, value


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One library."""

    name: str
    address: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """Dates as people read them. `sample`: the town's words are invented, and the paper says 見本."""

    heading: Heading
    library_card_no: str
    name: str
    valid_until: str
    issued_on: str
    reception_no: str = ""
    web_use: bool = False
    lines: Sequence[str] = ()
    places: Sequence[Place] = ()
    sample: bool = False


def render(content: Notice) -> Pdf:
    """One page A5; no address stands on it."""
    return compose(content.heading, "図書番号通知書", A5, [lambda sheet: _page(content, sheet)])


def _page(content: Notice, sheet: Sheet) -> None:
    left, wide = 12.0, sheet.width - 24
    title(sheet, "図書番号通知書", 22, 17)
    sheet.text(left + wide, 32, content.issued_on, 9.5, "right")
    sheet.fit(left, 36, wide, 9, f"{content.name}　様", 14, name="氏名", pad=0)
    sheet.line(left, 45.6, left + wide, 45.6, RULE)
    sheet.text(left, 50.5, "あなたの図書番号をお知らせします。", 9.5)
    sheet.rect(left, 55, wide, 32, BOLD)
    sheet.rect(left, 55, 26, 32, 0, fill=LABEL_GREY)
    sheet.text(left + 13, 71, "図書番号", 11, "center")
    sheet.line(left + 26, 55, left + 26, 87, RULE)
    sheet.text(left + 26 + (wide - 26) / 2, 63.5, " ".join(content.library_card_no), 27, "center", "gothic")
    symbols.code128(sheet, left + 38, 71.5, wide - 50, 12, content.library_card_no)
    web = "希望する" if content.web_use else "希望しない"
    y = sheet.table(left, 91, [(9.0, (
        label(26, "有効期限"), value(wide - 78, content.valid_until or "カードの有効期限まで", "有効期限"),
        label(26, "ネット利用"), value(26, web, align="center")))])
    y = _guide(content, sheet, left, wide, y + 7)
    _places(content, sheet, left, wide, y + 2.5)
    if content.reception_no:
        sheet.text(left + wide, sheet.height - 15.5, f"受付番号 {content.reception_no}", 7.5, "right", "gothic")
    if content.sample:
        sheet.text(left, sheet.height - 15.5, "見本（案内文と館の名前は架空です）", 7.5, font="gothic")


def _guide(content: Notice, sheet: Sheet, left: float, wide: float, y: float) -> float:
    if content.lines:
        sheet.text(left, y, "ご利用のまえに", 10, font="gothic")
        y += 6
    for number, line in enumerate(content.lines, 1):
        for at, part in enumerate(sheet.wrap(line, 8.8, (wide - 6) * 72 / 25.4)):
            if at == 0:
                sheet.text(left, y, str(number), 8.8, font="gothic")
            sheet.text(left + 6, y, part, 8.8)
            y += 4.5
    return y


def _places(content: Notice, sheet: Sheet, left: float, wide: float, y: float) -> None:
    if not content.places:
        return
    sheet.text(left, y, "図書館", 10, font="gothic")
    room = min(7.0, (sheet.height - 19 - y - 4) / len(content.places))
    rows = [(room, (value(38, place.name, "館名", size=8.5), value(wide - 66, place.address, "館の所在地", size=8.5),
                    value(28, place.phone, "館の電話", size=8.5, font="gothic"))) for place in content.places]
    sheet.table(left, y + 4, rows)
