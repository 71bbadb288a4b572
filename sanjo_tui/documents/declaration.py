"""期日前投票宣誓書: one voter's oath with the reason ringed, filled in from the roll (docs/polling.md §5).

A5, or the upper half of A4. Empty fields print as blanks for the pen, so the same form serves as the 白紙様式.
There is no field for a candidate or a party, and none for what becomes of the papers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Literal

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A4, A5, Heading, Pdf, compose
from sanjo_tui.documents.sheet import HAIR, LABEL_GREY, MM, RULE, Sheet, label, value
from sanjo_tui.receptions.polling.election import ReasonLabels, Wording
from sanjo_tui.receptions.polling.words import SignaturePolicy

Paper = Literal["A5", "A4"]

HALF = 148.5
"""Height in mm of the form on A4; the rest of the sheet is cut off."""

FILLED = 12.0
"""Points: what was filled in is at least this large as long as it fits (elections are for old eyes too)."""

UNVERIFIED = "文言は未確認"
DATE_BLANK = "令和　　年　　月　　日"
BIRTH_BLANK = "　　　　　年　　　月　　　日"
_HONORIFICS = ("様", "殿", "宛", "あて")


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """One 宣誓書. Dates are 和暦 as people read them; "" and 0 print as blanks to fill in.

    `heading.place`: the polling place. `committee`: 宛先. `contests`: names of the contests voted in now, in the order
    of the boxes. `address`: as it may be printed, so "" for a protected elector. `confirmed_by`: 確認者, and
    `identified_by` how, where nobody signs.
    """

    heading: Heading
    committee: str
    election: str
    polling_day: str
    oath: Wording
    reasons: ReasonLabels
    policy: SignaturePolicy = SignaturePolicy.SIGNED
    reason_code: int = 0
    contests: tuple[str, ...] = ()
    written_on: str = ""
    name: str = ""
    name_kana: str = ""
    birth: str = ""
    address: str = ""
    roll_no: str = ""
    reception_no: str = ""
    confirmed_by: str = ""
    identified_by: str = ""
    paper: Paper = "A5"


def render(content: Declaration) -> Pdf:
    """One page."""
    if content.paper == "A4":
        return compose(content.heading, "期日前投票宣誓書", A4, [partial(_half, content)], below=A4[1] - HALF)
    return compose(content.heading, "期日前投票宣誓書", A5, [partial(_upright, content)], margin=9)


def _upright(content: Declaration, sheet: Sheet) -> None:
    left, wide = 9.0, 130.0
    _title(content, sheet, left + wide / 2, 16)
    _addressed(content, sheet, left, 25, wide)
    _oath(content, sheet, left, 34, wide, 14.5)
    y = _election(content, sheet, left, 49.5, wide)
    y = _reasons(content, sheet, left, y + 1.5, wide, 45)
    y = _person(content, sheet, left, y + 1.8, wide, (6, 15, 9, 16.5))
    y = _signed(content, sheet, left, y, wide, 11)
    _office(content, sheet, left, y + 3, wide, 15.5)
    _footnote(content, sheet, left, 197.3)


def _half(content: Declaration, sheet: Sheet) -> None:
    left, wide, right = 10.0, 190.0, 95.0
    _title(content, sheet, A4[0] / 2, 15)
    _addressed(content, sheet, left, 23.5, wide)
    _oath(content, sheet, left, 29, 82, 19)
    _reasons(content, sheet, left, 48.5, 82, 67.5)
    y = _election(content, sheet, right, 28.5, 105, stacked=True)
    y = _person(content, sheet, right, y + 1.5, 105, (6, 15.4, 8.5, 20.7))
    _signed(content, sheet, right, y, 105, 116 - y)
    _office(content, sheet, left, 119, wide, 14)
    _footnote(content, sheet, left, 136)
    sheet.line(0, HALF, A4[0], HALF, HAIR, (3, 2))
    sheet.text(A4[0] / 2, HALF + 2.4, "切 り 取 り", 6.5, "center")


# --- the parts, each at (x, y) in mm and as wide as told


def _title(content: Declaration, sheet: Sheet, centre: float, y: float) -> None:
    """The name of the form, spread as on official papers; a request as well only if its sentence requests papers."""
    main, also = "期日前投票宣誓書", "（兼請求書）" if "請求" in content.oath.text else ""
    wide, small = 70.0, sheet.measure(also, 12)
    left = centre - (wide + small) / 2
    sheet.just(left, y, wide, main, 17)
    sheet.text(left + wide + 1.5, y + 0.4, also, 12)


def _addressed(content: Declaration, sheet: Sheet, x: float, y: float, w: float) -> None:
    """宛先 on the left, 記載日 on the right."""
    dated = content.written_on or DATE_BLANK
    date = max(42.0, sheet.measure(dated, 11)) + 12
    to = content.committee if content.committee.endswith(_HONORIFICS) else f"{content.committee}　様"
    sheet.fit(x, y - 3.5, w - date - 4, 7, to, 12, pad=0, name="宛先")
    sheet.text(x + w, y, dated, 11, "right", name="記載日")
    sheet.text(x + w - sheet.measure(dated, 11) - 2, y + 0.3, "記載日", 7.5, "right")


def _oath(content: Declaration, sheet: Sheet, x: float, y: float, w: float, h: float) -> None:
    sheet.fit(x, y, w, h, f"　{content.oath.text}", 10.5, pad=0, name="宣誓の文言")


def _election(content: Declaration, sheet: Sheet, x: float, y: float, w: float, *, stacked: bool = False) -> float:
    """Which election, when, and in which of its contests the voter votes now; `stacked` where there is no width."""
    day = max(34.0, sheet.measure(content.polling_day, 9.5) + 2.5)
    polled = [label(17, "選挙期日", 8.5, just=False), value(w - 17 if stacked else day, content.polling_day, "選挙期日",
                                                        size=9.5, pad=1.2)]
    named = [label(17, "選挙名", 8.5), value(w - 17 if stacked else w - 34 - day, content.election, "選挙名", size=10.5,
                                          pad=1.2)]
    voted = (10.5, [label(17, "投票する\n選挙", 8), value(w - 17, "、".join(content.contests), "投票する選挙", size=9.5,
                                                     pad=1.2)])
    if stacked:
        return sheet.table(x, y, [(8, named), (6.5, polled), voted], outer=RULE)
    return sheet.table(x, y, [(8, [*named, *polled]), voted], outer=RULE)


def _reasons(content: Declaration, sheet: Sheet, x: float, y: float, w: float, h: float) -> float:
    """Every 事由 of the town legible, the chosen number in a drawn ring."""
    head, side = 5.5, 11.0
    sheet.rect(x, y, w, head, 0, fill=LABEL_GREY)
    sheet.fit(x, y, w, head, "選挙の当日の事由（あてはまる番号を丸で囲みます）", 8.5, pad=1.5)
    rows = content.reasons.reasons
    high = (h - head) / max(1, len(rows))
    for at, reason in enumerate(rows):
        top = y + head + at * high
        sheet.line(x, top, x + w, top, HAIR)
        sheet.text(x + side / 2, top + high / 2, str(reason.code), 11.5, "center", "gothic")
        sheet.fit(x + side, top, w - side, high, reason.label, 10, name=f"事由{reason.code}")
        if reason.code == content.reason_code:
            ring(sheet, x + side / 2, top + high / 2)
    sheet.line(x + side, y + head, x + side, y + h, HAIR)
    sheet.rect(x, y, w, h, RULE)
    return y + h


def ring(sheet: Sheet, x: float, y: float, radius: float = 3.1) -> None:
    """A ring as drawn by hand around a number, which stays legible; mm."""
    sheet.canvas.setLineWidth(1.3)
    sheet.canvas.circle(sheet.px(x), sheet.py(y), radius * MM)


def _person(content: Declaration, sheet: Sheet, x: float, y: float, w: float,
            high: tuple[float, float, float, float]) -> float:
    """フリガナ, 氏名, 生年月日, 住所."""
    kana, name, birth, address = high
    rest = w - 22
    return sheet.table(x, y, [
        (kana, [label(22, "フリガナ", 8), value(rest, content.name_kana, "フリガナ", size=9.5, pad=2)]),
        (name, [label(22, "氏名", 10), value(rest, content.name, "氏名", size=16, pad=2)]),
        (birth, [label(22, "生年月日", 10), value(rest, content.birth or BIRTH_BLANK, "生年月日", size=13, pad=2)]),
        (address, [label(22, "住所", 10), value(rest, content.address, "住所", size=FILLED, pad=2)])])


def _signed(content: Declaration, sheet: Sheet, x: float, y: float, w: float, h: float) -> float:
    """A box to sign in, or who confirmed instead."""
    rest = w - 22
    if content.policy is SignaturePolicy.SIGNED:
        sheet.table(x, y, [(h, [label(22, "署名", 10), value(rest, "")])])
        sheet.text(x + w - 1.5, y + 2.2, "（本人が書きます）", 6.5, "right")
        return y + h
    who = f"確認者　{content.confirmed_by or '　　　　　　'}"
    how = f"本人確認　{content.identified_by}" if content.identified_by else ""
    words = "\n".join(part for part in (content.policy.value, how) if part)
    return sheet.table(x, y, [(h, [label(22, "確認", 10), value(rest * 0.48, words, "確認", size=9.5),
                                   value(rest * 0.52, who, "確認者", size=10.5)])])


def _office(content: Declaration, sheet: Sheet, x: float, y: float, w: float, h: float) -> None:
    """事務処理欄 under a dotted line: numbers, place, bar code of the 受付番号."""
    sheet.line(x, y - 1.5, x + w, y - 1.5, HAIR, (2, 2))
    code = 66.0
    first = w - code
    sheet.table(x, y, [
        (h / 3, [label(17, words, 7.5), value(first - 17, text, words, size=9.5, font="gothic", pad=1)])
        for words, text in (("名簿番号", content.roll_no), ("受付番号", content.reception_no),
                            ("投票所", content.heading.place))], outer=RULE)
    sheet.rect(x + first, y, code, h, RULE)
    if content.reception_no:
        symbols.code128(sheet, x + first + 0.5, y + 1.2, code - 1, h - 5.8, content.reception_no)
        sheet.text(x + first + code / 2, y + h - 2.3, content.reception_no, 8, "center", "gothic")


def _footnote(content: Declaration, sheet: Sheet, x: float, y: float) -> None:
    """Said on the paper as long as nobody compared the wording with the law, so that somebody notices."""
    unsure = [word for word, verified in (("宣誓の文", content.oath.verified), ("事由", content.reasons.verified))
              if not verified]
    if unsure:
        sheet.text(x, y, f"（{'・'.join(unsure)}の{UNVERIFIED}）", 7)
