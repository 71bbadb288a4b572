"""利用者ID通知, A5 for the resident: the last four digits, until when, for what it is used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, LABEL_GREY, RULE, Sheet, label, value


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """`masked`: all but the last four digits hidden. Dates as people read them."""

    heading: Heading
    name: str
    masked: str
    issued_on: str
    valid_until: str
    services: Sequence[str]
    links: Sequence[str] = ()
    reception_no: str = ""
    sample: bool = False


def render(content: Notice) -> Pdf:
    """One page; neither address nor the whole number stands on it."""
    return compose(content.heading, "利用者ID通知", A5, [lambda sheet: _page(content, sheet)])


def _page(content: Notice, sheet: Sheet) -> None:
    left, wide = 12.0, sheet.width - 24
    title(sheet, "利用者ID通知", 22, 17)
    sheet.text(left + wide, 32, content.issued_on, 9.5, "right")
    sheet.fit(left, 36, wide, 9, f"{content.name}　様", 14, name="氏名", pad=0)
    sheet.line(left, 45.6, left + wide, 45.6, RULE)
    sheet.text(left, 51, "あなたのカードに利用者IDを書き込み、読み戻して確かめました。", 9.5)
    sheet.rect(left, 56, wide, 22, BOLD)
    sheet.rect(left, 56, 30, 22, 0, fill=LABEL_GREY)
    sheet.text(left + 15, 64.5, "利用者ID", 11, "center")
    sheet.text(left + 15, 70, "（下4桁）", 8, "center")
    sheet.line(left + 30, 56, left + 30, 78, RULE)
    sheet.text(left + 30 + (wide - 30) / 2, 67, " ".join(content.masked), 18, "center", "gothic")
    y = sheet.table(left, 83, [
        (9.0, (label(30, "有効期限"), value(wide - 30, content.valid_until or "カードの有効期限まで", "有効期限"))),
        (18.0, (label(30, "使う業務"), value(wide - 30, "、".join(content.services), "使う業務", size=9))),
        (12.0, (label(30, "連携した番号"), value(wide - 30, "、".join(content.links) or "なし", "連携した番号",
                                             size=9)))])
    for at, line in enumerate(("カードを替えたときは、もう一度書き込みが必要です。カードを持って窓口にお越しください。",
                               "カードをなくしたときは、すぐに窓口に知らせてください。番号の利用を止めます。",
                               "同意はいつでも撤回できます。利用者IDは個人番号（マイナンバー）ではありません。")):
        sheet.fit(left, y + 5 + at * 6, wide, 5, line, 8.8, pad=0, name="案内")
    if content.reception_no:
        sheet.text(left + wide, sheet.height - 15.5, f"受付番号 {content.reception_no}", 7.5, "right", "gothic")
    if content.sample:
        sheet.text(left, sheet.height - 15.5, "見本（条例と業務は架空です）", 7.5, font="gothic")
