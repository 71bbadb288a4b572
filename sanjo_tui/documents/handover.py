"""要配慮者引継票: one household with special needs, handed to the nurse, the welfare shelter or the next shift. A5."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents.card import WHEN, number_box
from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import Box, Sheet, checks, label, value
from sanjo_tui.receptions.shelter.words import Need

PEOPLE_A_PAGE = 3
WIDTH = 132.0


@dataclass(frozen=True, slots=True, kw_only=True)
class HandoverPerson:
    """One person with needs. `needs`: labels of `Need`; `needs_note`, `injury`, `evac_support` (事由) in words."""

    name: str
    name_kana: str = ""
    birth: str = ""
    age: str = ""
    sex: str = ""
    relationship: str = ""
    presence: str = ""
    needs: tuple[str, ...] = ()
    needs_note: str = ""
    injury: str = ""
    evac_support: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """A household. `address` and `phone` come masked if it is protected; `others`: family without needs, in words."""

    heading: Heading
    registration_no: str
    rep_name: str = ""
    rep_kana: str = ""
    address: str = ""
    phone: str = ""
    other_contact: str = ""
    area: str = ""
    stay: str = ""
    place: str = ""
    others: str = ""
    note: str = ""
    handed_to: str = ""
    people: tuple[HandoverPerson, ...] = ()


def render(content: Handover) -> Pdf:
    """A5, three people a page."""
    groups = [content.people[first:first + PEOPLE_A_PAGE]
              for first in range(0, max(1, len(content.people)), PEOPLE_A_PAGE)]
    pages = [partial(_page, content, group, at * PEOPLE_A_PAGE) for at, group in enumerate(groups)]
    return compose(content.heading, "要配慮者引継票", A5, pages, margin=8, caution=True)


def _page(content: Handover, people: Sequence[HandoverPerson], before: int, sheet: Sheet) -> None:
    title(sheet, "要配慮者引継票", 16, 15)
    sheet.fit(8, 21.2, WIDTH, 5, f"避難所　{content.heading.place}", 9.5, pad=0, name="避難所名")
    stay = "　".join(part for part in (content.stay, content.place) if part)
    y = sheet.table(8, 26.5, [
        (7.5, [label(20, "受付番号"), number_box(46, content.registration_no),
               label(20, "区画"), value(46, content.area, "区画", size=10)]),
        (9, [label(20, "代表者氏名", 8.5), value(46, content.rep_name, "代表者氏名", above=content.rep_kana, size=11),
             label(20, "滞在方法"), value(46, stay, "滞在方法", size=9.5)]),
        (8.5, [label(20, "住所"), value(112, content.address, "住所", size=10)]),
        (7, [label(20, "電話"), value(46, content.phone, "電話", size=9.5, font="gothic"),
             label(20, "ほかの連絡先", 8), value(46, content.other_contact, "ほかの連絡先", size=9)]),
        (7, [label(20, "ほかの家族", 8.5), value(112, content.others, "ほかの家族", size=9)]),
    ]) + 2
    for at in range(PEOPLE_A_PAGE):
        person = people[at] if at < len(people) else HandoverPerson(name="")
        y = sheet.table(8, y, _person(person, before + at + 1)) + 1.4
    sheet.table(8, y + 0.4, [
        (11, [label(20, "引継ぎ事項", 8.5), value(112, content.note, "引継ぎ事項", size=9)]),
        (8, [label(20, "引継先"), value(46, content.handed_to, "引継先", size=9.5), label(20, "引継日時"),
             value(46, WHEN, size=9, font="gothic")]),
        (8, [label(20, "渡した人"), value(46, ""), label(20, "受けた人"), value(46, "")])])


def _person(person: HandoverPerson, number: int) -> list[tuple[float, list[Box]]]:
    field = f"{number}人目"
    age = f"{person.age}歳" if person.age.isdecimal() else person.age
    who = "　".join(part for part in (person.sex, age, person.relationship, person.presence) if part)
    words = [need.label for need in Need]
    boxes = [(word in person.needs, word) for word in words]
    unknown = (need for need in person.needs if need not in words)
    more = "、".join(part for part in (person.needs_note, *unknown) if part)
    return [
        (9, [label(6, str(number), 8, just=False),
             value(50, person.name, f"{field} 氏名", above=person.name_kana, size=11),
             value(34, person.birth, f"{field} 生年月日", size=8.5),
             value(42, who, f"{field} 性別・年齢・続柄", size=8.5)]),
        (9, [label(20, "配慮の内容", 8), checks(112, boxes[:6], boxes[6:], size=7.5)]),
        (8, [label(20, "具体的に", 8), value(60, more, f"{field} 具体的に", size=8.5),
             label(14, "けが等", 8), value(38, person.injury, f"{field} けが等", size=8.5)]),
        (6, [label(20, "要支援者名簿", 7.5), value(60, person.evac_support, f"{field} 要支援者名簿", size=8.5),
             label(14, "言語", 8), value(38, person.language, f"{field} 言語", size=8.5)]),
    ]
