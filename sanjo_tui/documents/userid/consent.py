"""利用者ID利用申請書 兼 同意書, A4: what is consented to, by which ordinance, a line to sign."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import RULE, Sheet, checks, label, value

LEFT, WIDE = 18.0, 174.0
A_ROW = 4
"""Services in one line of boxes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """Dates as people read them; `services`: (consented, name). `sample`: ordinance and text are invented."""

    heading: Heading
    reception_no: str
    applied_on: str
    name: str
    kana: str
    birth: str
    address: str
    identified: str
    ordinance: str
    version: str
    lines: Sequence[str]
    services: Sequence[tuple[bool, str]]
    user_id: str
    replaces: str = ""
    sample: bool = False


def render(content: Consent) -> Pdf:
    """One page."""
    return compose(content.heading, "利用者ID利用申請書兼同意書", A4, [lambda sheet: _page(content, sheet)])


def _page(content: Consent, sheet: Sheet) -> None:
    title(sheet, "利用者ID利用申請書 兼 同意書", 24, 16)
    sheet.text(LEFT, 35, f"（あて先）{content.heading.municipality}長", 11)
    sheet.text(LEFT + WIDE, 35, content.applied_on, 10, "right")
    y = sheet.table(LEFT, 41, [
        (13.0, (label(28, "氏名"), value(84, content.name, "氏名", size=13, above=content.kana),
                label(24, "生年月日"), value(38, content.birth, "生年月日", size=9))),
        (11.0, (label(28, "住所"), value(146, content.address, "住所", size=11))),
        (9.0, (label(28, "本人確認"), value(60, content.identified, "本人確認"),
               label(28, "受付番号"), value(58, content.reception_no, "受付番号", font="gothic", align="center"))),
        (9.0, (label(28, "利用者ID"), value(60, content.user_id, "利用者ID", font="gothic", align="center"),
               label(28, "替わる番号"), value(58, content.replaces or "なし", "替わる番号", font="gothic",
                                           align="center")))])
    sheet.text(LEFT, y + 9, f"根拠　{content.ordinance}", 10)
    sheet.text(LEFT, y + 17, f"次のことに同意して、利用者IDの利用を申請します。（同意文 第{content.version}版）", 11)
    y += 25
    for number, line in enumerate(content.lines, 1):
        for at, part in enumerate(sheet.wrap(line, 10, (WIDE - 8) * 72 / 25.4)):
            if at == 0:
                sheet.text(LEFT, y, str(number), 10, font="gothic")
            sheet.text(LEFT + 7, y, part, 10)
            y += 5.4
        y += 1.2
    rows = [tuple(content.services[at:at + A_ROW]) for at in range(0, len(content.services), A_ROW)]
    height = max(9.0, 6.0 * len(rows))
    y = sheet.table(LEFT, y + 3, [(height, (label(28, "使う業務"), checks(146, *rows, size=9.5)))])
    sheet.text(LEFT, y + 12, "年　　　月　　　日", 11)
    sheet.text(LEFT + 70, y + 12, "署名", 11)
    sheet.line(LEFT + 82, y + 16, LEFT + WIDE, y + 16, RULE)
    sheet.text(LEFT, y + 26, "同意はいつでも撤回できます。撤回と停止は、次にカードをかざしたときから効きます。", 9)
    if content.sample:
        sheet.text(LEFT, y + 33, "見本（条例と同意の文は架空です）", 9, font="gothic")
