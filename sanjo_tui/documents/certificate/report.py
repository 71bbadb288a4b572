"""被災届出証明書, A4 upright: that damage was reported, no grade and no cause is certified (docs §5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.certificate.parts import boxed, seal_area, unconfirmed
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, Sheet

LEFT, RIGHT = 20.0, 190.0
WIDE = RIGHT - LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One certificate of a report. `what`: what was damaged, as the applicant says it."""

    heading: Heading
    number: str
    applicant_name: str
    applicant_address: str
    head_name: str
    cause: str
    place: str
    what: str = ""
    photos: int = 0
    reported_on: str
    issued_on: str
    mayor: str
    qr: str
    copies: int = 1
    reissued: bool = False
    supersedes: str = ""
    confirmed: bool = False


def render(content: Report) -> Pdf:
    """One page for each copy."""
    return compose(content.heading, "被災届出証明書", A4, [partial(_page, content)] * content.copies)


def _page(content: Report, sheet: Sheet) -> None:
    sheet.text(RIGHT, 18, f"整理番号　{content.number}", 10, "right", "gothic", name="整理番号")
    if content.reissued:
        sheet.rect(LEFT, 14, 24, 8, BOLD)
        sheet.text(LEFT + 12, 18, "再交付", 12, "center", "gothic")
    title(sheet, "被災届出証明書", 34, 21)
    y = 46.0
    y = boxed(sheet, LEFT, y, WIDE, 13, "届出者住所", content.applicant_address)
    y = boxed(sheet, LEFT, y, WIDE, 13, "届出者氏名", content.applicant_name, size=15)
    y = boxed(sheet, LEFT, y, WIDE, 11, "世帯主氏名", content.head_name, size=12)
    y = boxed(sheet, LEFT, y, WIDE, 13, "被災の原因\n（届出による）", content.cause)
    y = boxed(sheet, LEFT, y, WIDE, 15, "被災した場所", content.place)
    y = boxed(sheet, LEFT, y, WIDE, 34, "届出の内容", content.what or "住家以外の建物、動産などの被害")
    y = boxed(sheet, LEFT, y, WIDE, 10, "添付写真", f"{content.photos} 枚" if content.photos else "なし")
    y = boxed(sheet, LEFT, y, WIDE, 10, "届出年月日", content.reported_on)
    sheet.rect(LEFT, 46, WIDE, y - 46, BOLD)
    sheet.fit(LEFT, y + 6, WIDE, 16, "　上記のとおり、被災の届出があったことを証明します。\n"
              "　この証明書は、被害の程度や、災害との因果関係を証明するものではありません。", 11.5, pad=0)
    sheet.text(LEFT + 10, y + 34, content.issued_on, 12)
    sheet.fit(LEFT + 62, y + 37, WIDE - 62 - 28, 9, content.mayor, 14, "right", pad=0, name="市長")
    seal_area(sheet, RIGHT, y + 29)
    symbols.qr(sheet, LEFT + 2, 252, 20, content.qr)
    sheet.text(LEFT + 27, 255, "この QR コードと番号で、発行元が真偽を確かめられます。", 8.5)
    if content.supersedes:
        sheet.text(LEFT + 27, 260, f"{content.supersedes} は失効しました。", 8.5)
    if not content.confirmed:
        unconfirmed(sheet, 275)
