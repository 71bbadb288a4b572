"""委任状, A4: somebody is authorised to apply and to receive. Blank, or with what the desk knows (docs §5)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents.certificate.parts import boxed, unconfirmed
from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, Sheet

LEFT, RIGHT = 25.0, 185.0
WIDE = RIGHT - LEFT


@dataclass(frozen=True, slots=True, kw_only=True)
class Proxy:
    """One 委任状."""

    heading: Heading
    to: str
    disaster: str
    place: str = ""
    number: str = ""
    confirmed: bool = False


def render(content: Proxy) -> Pdf:
    """One page."""
    return compose(content.heading, "委任状", A4, [partial(_page, content)])


def _page(content: Proxy, sheet: Sheet) -> None:
    title(sheet, "委任状", 34, 22)
    sheet.text(LEFT, 52, content.to, 12)
    sheet.text(RIGHT, 52, "令和　　年　　月　　日", 11, "right")
    sheet.text(LEFT, 66, "代理人（頼まれる人）", 11, font="gothic")
    y = 71.0
    for words, high in (("住所", 13), ("氏名", 14), ("生年月日", 11), ("電話", 11), ("委任者との関係", 11)):
        y = boxed(sheet, LEFT, y, WIDE, high, words, "")
    sheet.rect(LEFT, 71, WIDE, y - 71, BOLD)
    sheet.fit(LEFT, y + 5, WIDE, 12, "　私は、上の者を代理人と定め、次の手続を委任します。", 11.5, pad=0)
    y += 20
    top = y
    y = boxed(sheet, LEFT, y, WIDE, 13, "災害", content.disaster)
    y = boxed(sheet, LEFT, y, WIDE, 13, "被災した所", content.place)
    sheet.rect(LEFT, y, WIDE, 22)
    x = LEFT + 5
    for n, words in enumerate(("罹災証明書の申請", "罹災証明書の受領", "被災届出証明書の申請と受領", "再調査の申請")):
        sheet.check(x + (n % 2) * 75, y + 7 + (n // 2) * 9, False, words, 10.5)
    y += 22
    sheet.rect(LEFT, top, WIDE, y - top, BOLD)
    sheet.text(LEFT, y + 10, "委任者（頼む人。自分で書いてください）", 11, font="gothic")
    y += 15
    top = y
    for words, high in (("住所", 13), ("氏名", 15), ("生年月日", 11), ("電話", 11)):
        y = boxed(sheet, LEFT, y, WIDE, high, words, "")
    sheet.rect(LEFT, top, WIDE, y - top, BOLD)
    sheet.fit(LEFT, y + 4, WIDE, 8, "代理人は、自分の本人確認書類を持ってきてください。", 9.5, pad=0)
    if not content.confirmed:
        unconfirmed(sheet, 275, left=LEFT, right=RIGHT)
    if content.number:
        sheet.text(RIGHT, y + 16, f"受付番号　{content.number}", 9.5, "right", "gothic")
