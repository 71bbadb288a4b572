"""交付申請書, filled in: the holder, the children who were counted and until when; a place to sign. A4 portrait."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, HAIR, RULE, Sheet, checks, label, value

LEFT, WIDE = 20.0, 170.0
LINES = 8
"""Children on the first page; more of them make a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildLine:
    """One child. Dates as people read them; `confirmed`: how a person made sure, or ""."""

    name: str
    birth: str
    until: str
    confirmed: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """`kind`: 新規 or 再発行; `address` is masked for the protected. `marks`: 見本, 未確認. `office`: to whom."""

    heading: Heading
    card_title: str
    kind: str
    reception_no: str
    card_no: str
    old_card_no: str
    applied_on: str
    office: str
    name: str
    name_kana: str
    birth: str
    address: str
    role: str
    place: str
    confirmed: str
    verified: str
    rule: str
    valid_until: str
    children: Sequence[ChildLine]
    marks: Sequence[str] = ()


def render(content: Application) -> Pdf:
    """One page for up to eight children, then one more for each eight."""
    parts = [content.children[at:at + LINES] for at in range(0, max(1, len(content.children)), LINES)]
    pages = [lambda sheet, part=part, at=at: _page(content, sheet, part, at * LINES) for at, part in enumerate(parts)]
    return compose(content.heading, f"{content.card_title}交付申請書", A4, pages)


def _page(content: Application, sheet: Sheet, children: Sequence[ChildLine], first: int) -> None:
    title(sheet, f"{content.card_title}交付申請書", 30, 19)
    sheet.text(LEFT + WIDE, 44, content.applied_on, 10.5, "right")
    sheet.text(LEFT, 52, f"（宛先）{content.office}", 11.5)
    for at, mark in enumerate(content.marks):
        sheet.text(LEFT, 39 + at * 5, mark, 8.5, font="gothic")
    sheet.text(LEFT, 61, f"次のとおり、{content.card_title}の交付（{content.kind}）を申請します。", 10.5)
    y = _holder(content, sheet, 67)
    y = _children(content, sheet, y + 9, children, first)
    y = _signature(content, sheet, y + 8)
    _office(content, sheet, y + 7)


def _holder(content: Application, sheet: Sheet, y: float) -> float:
    rows = [
        (15.0, (label(30, "申請者"), value(WIDE - 30, content.name, "氏名", size=15, above=content.name_kana))),
        (9.0, (label(30, "生年月日"), value(55, content.birth, "生年月日"), label(30, "子どもとの関係"),
               value(WIDE - 115, content.role, "関係"))),
        (11.0, (label(30, "住所"), value(WIDE - 30, content.address, "住所"))),
        (9.0, (label(30, "住まい"), value(55, content.place, "住まい"), label(30, "確かめた方法"),
               value(WIDE - 115, content.confirmed or "住民基本台帳", "確かめた方法", size=9)))]
    return sheet.table(LEFT, y, rows)


def _children(content: Application, sheet: Sheet, y: float, children: Sequence[ChildLine], first: int) -> float:
    sheet.text(LEFT, y - 3.5, "数える子ども", 10.5, font="gothic")
    sheet.text(LEFT + WIDE, y - 3.5, content.rule, 8.5, "right")
    widths = (10.0, 58.0, 40.0, 32.0, 30.0)
    heads = ("番号", "氏名", "生年月日", "数える最後の日", "確認")
    rows = [(7.0, tuple(label(wide, head, 8.5, just=False) for wide, head in zip(widths, heads, strict=True)))]
    for at in range(LINES):
        child = children[at] if at < len(children) else None
        texts = (str(first + at + 1), child.name, child.birth, child.until, child.confirmed) if child else ("",) * 5
        rows.append((8.0, tuple(value(wide, text, head, size=10 if head == "氏名" else 9,
                                      align="center" if head == "番号" else "left")
                                for wide, text, head in zip(widths, texts, heads, strict=True))))
    return sheet.table(LEFT, y, rows)


def _signature(content: Application, sheet: Sheet, y: float) -> float:
    lines = ("カードは本人だけが使い、ほかの人に貸しません。",
             "子どもの数が足りなくなったとき、市の外に移るとき、使わなくなったときは、カードを返します。",
             "なくしたときは、すぐに届け出ます。前の番号のカードは使えなくなります。")
    for at, text in enumerate(lines, 1):
        sheet.text(LEFT, y, f"{at}　{text}", 9)
        y += 5.4
    y += 6
    sheet.text(LEFT + 70, y, "署名", 11)
    sheet.line(LEFT + 84, y + 3.5, LEFT + WIDE, y + 3.5, RULE)
    return y + 6


def _office(content: Application, sheet: Sheet, y: float) -> None:
    high = 9.0
    rows = [
        (high, (label(30, "受付番号"), value(55, content.reception_no, "受付番号", font="gothic"),
                label(30, "本人確認"), value(WIDE - 115, content.verified, "本人確認", size=9))),
        (high, (label(30, "カード番号"), value(55, content.card_no, "カード番号", font="gothic"), label(30, "前の番号"),
                value(WIDE - 115, content.old_card_no or "－", "前の番号", font="gothic"))),
        (high, (label(30, "カードの最終日"), value(55, content.valid_until, "最終日"), label(30, "写真"),
                checks(WIDE - 115, ((False, "済"), (False, "後日"))))),
        (high, (label(30, "交付日"), value(55, "　　　年　　月　　日"), label(30, "受領サイン"),
                value(WIDE - 115, "")))]
    sheet.text(LEFT, y - 3.5, "市の記入欄", 9, font="gothic")
    below = sheet.table(LEFT, y, rows, BOLD)
    sheet.line(LEFT, below + 1.2, LEFT + WIDE, below + 1.2, HAIR)
