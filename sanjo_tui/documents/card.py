"""避難者カード: one household on A5, filled in from the register, with blanks for what is asked at the desk.

Fields: docs/shelter.md §1 (岐阜県 避難者カード, 福山市 登録票). More than six people go on with
more pages.
The same form, empty and with a reserved number, is the 白紙様式 (blanks.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import HAIR, Box, Sheet, checks, label, value
from sanjo_tui.receptions.shelter.words import Category, Exit, Stay

TENURE = ("持家", "借家", "その他")
DAMAGE = ("全壊", "半壊", "一部損壊", "全焼", "半焼", "床上", "床下", "断水", "停電", "ガス停止")
MEMBERS_FIRST, MEMBERS_NEXT = 6, 17
WHEN = "　　月　　日　　時　　分"
WIDTH = 132.0
"""Between margins of 8 mm."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardMember:
    """One person. `birth` as people read it (昭和23年2月29日), `needs`, `injury` as words; "" is left for the pen."""

    name: str
    name_kana: str = ""
    birth: str = ""
    age: str = ""
    sex: str = ""
    relationship: str = ""
    presence: str = ""
    needs: str = ""
    injury: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """A household sheet. Words are labels as people read them; "" and None print as blanks to fill in.

    `stay` and `home_damage` hold labels (車中, 床上); those the form has no box for are written beside. `address` comes
    masked if the household is protected. `disclose_kin`, `disclose_public`: None as long as nobody asked.
    """

    heading: Heading
    registration_no: str
    checked_in_at: str = ""
    checked_out_at: str = ""
    rep_name: str = ""
    rep_kana: str = ""
    address: str = ""
    phone: str = ""
    other_contact: str = ""
    neighbourhood: str = ""
    area: str = ""
    category: str = ""
    home_tenure: str = ""
    home_damage: tuple[str, ...] = ()
    home_livable: bool | None = None
    stay: tuple[str, ...] = ()
    place: str = ""
    car: str = ""
    pets: str = ""
    disclose_kin: bool | None = None
    disclose_public: bool | None = None
    exit_to: str = ""
    exit_address: str = ""
    exit_phone: str = ""
    note: str = ""
    members: tuple[CardMember, ...] = ()


def render(content: Card) -> Pdf:
    """A5, one page for up to six members."""
    pages = [partial(front, content)]
    rest = content.members[MEMBERS_FIRST:]
    for first in range(0, len(rest), MEMBERS_NEXT):
        pages.append(partial(_continued, content, rest[first:first + MEMBERS_NEXT], MEMBERS_FIRST + first))
    return compose(content.heading, "避難者カード", A5, pages, margin=8, caution=bool(content.members))


def ticks(words: Sequence[str], chosen: Sequence[str]) -> list[tuple[bool, str]]:
    """Check boxes of `words`, marked where chosen."""
    return [(word in chosen, word) for word in words]


def yes_no(answer: bool | None, yes: str, no: str) -> list[tuple[bool, str]]:
    """Two check boxes; neither is marked before somebody asked."""
    return [(answer is True, yes), (answer is False, no)]


def front(content: Card, sheet: Sheet) -> None:
    """The first page, in the left 148 mm of the sheet (two of them fit on A4 landscape)."""
    left = 8.0
    _head(content, sheet)
    y = sheet.table(left, 23.5, _household(content))
    sheet.text(left, y + 2.6, "世帯の方（いっしょに避難した方も、していない方も書きます）", 7.5, font="gothic")
    y = _members(content.members[:MEMBERS_FIRST], MEMBERS_FIRST, 1, sheet, y + 4.6)
    more = len(content.members) - MEMBERS_FIRST
    note = f"ほか{more}人は次の頁" if more > 0 else ""
    sheet.text(left, y + 2.6, "聞き取り", 7.5, font="gothic")
    sheet.text(left + WIDTH, y + 2.6, note, 7.5, "right", "gothic")
    y = sheet.table(left, y + 4.6, _interview(content))
    y = _consent(content, sheet, y + 1.6)
    sheet.table(left, y + 1.6, _exit(content))


def _head(content: Card, sheet: Sheet) -> None:
    title(sheet, "避難者カード", 13.5, 15, x=60, width=62)
    sheet.fit(8, 18, 95, 5, f"避難所　{content.heading.place}", 9.5, pad=0, name="避難所名")
    symbols.qr(sheet, 126.5, 11.4, 11.4, content.registration_no)


def _household(content: Card) -> list[tuple[float, list[Box]]]:
    return [
        (7.5, [label(20, "受付番号"), number_box(46, content.registration_no), label(20, "入所日時"),
               value(46, content.checked_in_at or WHEN, "入所日時", size=9.5, font="gothic")]),
        (9.5, [label(20, "代表者氏名", 8.5),
               value(67, content.rep_name, "代表者氏名", above=content.rep_kana or "（ふりがな）", size=12),
               label(12, "種別", 8), _category(content.category)]),
        (8.5, [label(20, "住所"), value(112, content.address, "住所", size=10)]),
        (7, [label(20, "電話"), value(46, content.phone, "電話", font="gothic"),
             label(20, "ほかの連絡先", 8), value(46, content.other_contact, "ほかの連絡先", size=9)]),
        (7, [label(20, "町内会"), value(46, content.neighbourhood, "町内会", size=9.5),
             label(20, "居住組・区画", 8), value(46, content.area, "居住組・区画", size=9.5)]),
    ]


def number_box(width: float, registration_no: str) -> Box:
    """受付番号, the most legible thing on the form."""
    return value(width, registration_no, "受付番号", size=12.5, font="gothic", align="center")


def _category(chosen: str) -> Box:
    words = [category.label for category in Category]
    short = {"帰宅困難者": "帰宅困難"}
    line = [(word == chosen, short.get(word, word)) for word in words]
    return checks(33, line[:3], line[3:], size=7)


def _members(members: Sequence[CardMember], lines: int, first: int, sheet: Sheet, y: float,
             high: float = 7.8) -> float:
    heads = [label(6, "", just=False), label(35, "氏名（ふりがな）", 8), label(14, "続柄", 8),
             label(8, "性別", 7, just=False), label(28, "生年月日（年齢）", 8), label(14, "状態", 8),
             label(27, "配慮が必要なこと・けが", 6.8, just=False)]
    rows: list[tuple[float, list[Box]]] = [(5, heads)]
    for at in range(lines):
        member = members[at] if at < len(members) else CardMember(name="")
        number = first + at
        empty = not member.name
        age = f"（{member.age}歳）" if member.age.isdecimal() else member.age
        birth = "　　年　　月　　日" if empty else "\n".join(part for part in (member.birth, age) if part)
        needs = "、".join(part for part in (member.needs, member.injury) if part)
        rows.append((high, [
            value(6, str(number), size=7.5, font="gothic", align="center", pad=0.3),
            value(35, member.name, f"{number}人目 氏名", above=member.name_kana, size=10.5),
            value(14, member.relationship, f"{number}人目 続柄", size=8.5, align="center", pad=0.5),
            value(8, "男・女" if empty else member.sex, f"{number}人目 性別", size=6.5 if empty else 9, align="center",
                  pad=0.3),
            value(28, birth, f"{number}人目 生年月日", size=8, align="center", pad=0.5),
            value(14, member.presence, f"{number}人目 状態", size=8, align="center", pad=0.5),
            value(27, needs, f"{number}人目 配慮", size=8, pad=0.8)]))
    return sheet.table(8, y, rows)


def _interview(content: Card) -> list[tuple[float, list[Box]]]:
    stays = [stay.label for stay in Stay]
    other = "、".join(damage for damage in content.home_damage if damage not in DAMAGE)
    damage = ticks(DAMAGE, content.home_damage)
    tenure = content.home_tenure if content.home_tenure in (*TENURE, "") else "その他"
    return [
        (6, [label(20, "住居"), checks(50, ticks(TENURE, (tenure,))), label(20, "住めるか", 8.5),
             checks(42, yes_no(content.home_livable, "住める", "住めない"))]),
        (8.4, [label(20, "自宅の被害", 8.5), checks(86, damage[:7], damage[7:], size=7.5),
               value(26, other, "自宅の被害", size=8)]),
        (6, [label(20, "滞在方法"), checks(68, ticks(stays, content.stay)), label(14, "場所", 8.5),
             value(30, content.place, "場所", size=8.5)]),
        (7, [label(20, "車\n（車種・番号・色）", 6.4), value(46, content.car, "車", size=8.5),
             label(20, "ペット"), value(46, content.pets, "ペット", size=8.5)]),
    ]


def _consent(content: Card, sheet: Sheet, y: float) -> float:
    rule = "安否の問い合わせへの回答（世帯全員の同意が必要です。聞くまでは「答えない」として扱います）"
    sheet.text(8, y + 1.6, rule, 6.8, font="gothic")
    y = sheet.table(8, y + 3.4, [
        (6.6, [label(32, "親族などからの照会", 8),
               checks(34, yes_no(content.disclose_kin, "答えてよい", "答えない"), size=7.5),
               label(32, "名簿・市の公表", 8),
               checks(34, yes_no(content.disclose_public, "出してよい", "出さない"), size=7.5)]),
        (7, [label(32, "同意した方の署名", 8), value(100, "")])])
    sheet.seal(8 + WIDTH - 6, y - 3.5, 2.6)
    return y


def _exit(content: Card) -> list[tuple[float, list[Box]]]:
    places = ticks([place.label for place in Exit], (content.exit_to,))
    where = "　".join(part for part in (content.exit_address, content.exit_phone) if part)
    return [
        (7.6, [label(20, "退所日時"), value(34, content.checked_out_at or WHEN[1:], "退所日時", size=8.5,
                                              font="gothic"),
               label(14, "退所先", 8), checks(64, places[:4], places[4:], size=7)]),
        (7, [label(20, "退所先住所等", 8), value(112, where, "退所先", size=9)]),
        (9.5, [label(20, "備考"), value(112, content.note, "備考", size=9)]),
    ]


def _continued(content: Card, members: Sequence[CardMember], before: int, sheet: Sheet) -> None:
    title(sheet, "避難者カード（続き）", 14.5, 14)
    sheet.table(8, 24, [(7.5, [label(20, "受付番号"), number_box(46, content.registration_no),
                               label(20, "代表者氏名", 8.5), value(46, content.rep_name, "代表者氏名", size=10)])])
    sheet.line(8, 33.4, 8 + WIDTH, 33.4, HAIR, (2, 2))
    _members(members, MEMBERS_NEXT, before + 1, sheet, 36, 9)
