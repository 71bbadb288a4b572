"""The cover of a 名簿抄本: the election and the moment, what the signs mean, on which page each row of kana begins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from sanjo_tui.documents.kana import KANA_ROWS, OTHER
from sanjo_tui.documents.paper import title
from sanjo_tui.documents.sheet import Sheet, label, value

if TYPE_CHECKING:
    from sanjo_tui.documents.extract import Extract, Leaf

LEFT = 10.0
TO_PRESIDING = "管理者へ"
COVER_WARDS, INDEX_WARDS = 10, 24
"""投票区 on the cover, and on each page of the index that follows it."""


def cover(content: Extract, leaves: Sequence[Leaf], wards: Sequence[str], index: dict[str, dict[str, int]],
          sheet: Sheet) -> None:
    """The first page."""
    title(sheet, "選挙人名簿抄本", 15, 17)
    named = content.election + (f"　（{content.polling_day}執行）" if content.polling_day else "")
    roll = f"{content.roll_as_of} 現在　{content.order.words}　{len(content.rows)}人"
    top = 3 + sheet.table(LEFT, 24, [
        (7, [label(28, "選挙"), value(249, named, "選挙", size=11)]),
        (7, [label(28, "投票所"), value(110, content.heading.place, "投票所", size=11),
             label(28, "名簿"), value(111, roll, "名簿", size=10)]),
        (9, [label(28, "反映"), value(110, content.mark, "反映", size=12, font="gothic"),
             label(28, "他会場"), value(111, content.others, "他会場", size=10)])])
    rows = [(5.0, [label(12, "箱", 8), label(92, "選挙", 8, just=False), label(44, "用紙の色", 8, just=False)])]
    rows += [(5.4, [value(12, str(each.box_no), align="center", font="gothic"), value(92, each.name, "選挙名", size=9),
                    value(44, each.ballot_colour, "用紙の色", size=9)]) for each in content.contests]
    below = max(sheet.table(LEFT, top, rows), _signs(sheet, LEFT + 153, top))
    _wards(content, leaves, wards, index, sheet, below + 9)


def _signs(sheet: Sheet, x: float, y: float) -> float:
    """What the signs mean, and what the clerk does."""
    signs = (("四角の枠", "用紙を渡せます。渡したら枠にチェックを入れます。"),
             ("済・期日前・不在者等", "投票済みです。用紙を渡しません。二重線は全部の選挙で投票済みです。"),
             ("不在者交付中", "用紙の返還がなければ渡せません。管理者を呼びます。"),
             ("対象外・まだ・他会場", "この選挙の用紙は、今日ここでは渡せません。"),
             (TO_PRESIDING, "用紙を渡さず、投票管理者を呼びます。"))
    return sheet.table(x, y, [(5, [label(124, "印の見方", 8, just=False)])] + [
        (7.6, [label(32, word, 8, just=False), value(92, meaning, size=8.5)]) for word, meaning in signs])


def index_page(content: Extract, leaves: Sequence[Leaf], wards: Sequence[str], index: dict[str, dict[str, int]],
               sheet: Sheet) -> None:
    """More of the index."""
    title(sheet, "選挙人名簿抄本　索引", 15, 17)
    sheet.text(287, 23.4, content.mark, 10, "right", "gothic", name="反映")
    _wards(content, leaves, wards, index, sheet, 26)


def _wards(content: Extract, leaves: Sequence[Leaf], wards: Sequence[str], index: dict[str, dict[str, int]],
           sheet: Sheet, y: float) -> None:
    """Electors of each 投票区 and the page of each row of kana (of the first elector of it, by 名簿番号)."""
    if not content.order.by_kana:
        heads = [label(30, "投票区"), label(24, "人数"), label(24, "投票済"), label(30, "最初の頁")]
    else:
        heads = [label(30, "投票区"), label(24, "人数"), label(24, "投票済"),
                 *(label(17, f"{row}行" if row != OTHER else OTHER, 8.5, just=False) for row in (*KANA_ROWS, OTHER))]
    rows = [(6.0, heads)]
    for ward in wards:
        people = [row for leaf in leaves if leaf.ward == ward for row in leaf.rows]
        pages = index[ward]
        shown = ([str(min(pages.values()))] if not content.order.by_kana
                 else [str(pages.get(row, "")) for row in (*KANA_ROWS, OTHER)])
        rows.append((6.3, [
            value(30, ward or "なし", "投票区", align="center", font="gothic"),
            value(24, f"{len(people)}人", align="center", font="gothic"),
            value(24, f"{sum(row.struck for row in people)}人", align="center", font="gothic"),
            *(value(30 if not content.order.by_kana else 17, page, size=9, align="center", font="gothic")
              for page in shown)]))
    sheet.text(LEFT, y - 2.6, "索引（数字は頁）", 9, font="gothic")
    y = sheet.table(LEFT, y, rows)
    if not wards:
        sheet.text(LEFT, y + 5, "該当する方はいません", 10)
