"""Contents of every document, ordinary and extreme. All people are invented."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from pypdf import PdfReader

from sanjo_tui.documents import (
    blanks,
    card,
    cars,
    departures,
    handover,
    leave,
    pets,
    report,
    requests,
    roster,
    supplies,
    tag,
    unconfirmed,
)
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.receptions.shelter.lists import Edition, Figures, RosterRow, UnconfirmedRow
from sanjo_tui.receptions.shelter.words import Need, Stay

TSUJI = "辻\U000E0100"
"""One dot, Adobe-Japan1."""
NABE = "邉\U000E0110"
"""Only IPAmj Mincho has this one."""
LONG_ADDRESS = ("新潟県三条市大字荻堀字中道下乙１２３４番地５６　"
                "グランドメゾン下田リバーサイドヒルズ東館１２０３号室　髙﨑様方")
ROMAN = "MARIA FERNANDA DOS SANTOS OLIVEIRA SILVA"
ROMAN_KANA = "マリア　フェルナンダ　ドス　サントス　オリヴェイラ　シルヴァ"
NUMBER = "A1B2C3-0012-7"

HEADING = Heading(municipality="三条市", place="嵐南小学校", at="令和8年11月23日 14:05", station="A1B2C3",
                  register_as_of="令和8年11月20日", disaster="令和8年11月豪雨", serial="A1B2C3-P12")

FAMILY = (("佐藤　太郎", "サトウ　タロウ", "男", "世帯主"), ("佐藤　花子", "サトウ　ハナコ", "女", "妻"),
          ("佐藤　次郎", "サトウ　ジロウ", "男", "子"))


def row(number: int, **changed: str) -> RosterRow:
    """Families of three, one after the other."""
    name, kana, sex, relationship = FAMILY[(number - 1) % 3]
    plain = RosterRow(
        registration_no=f"A1B2C3-{(number + 2) // 3:04d}-1", addressee_no=f"{1000000 + number}", name=name,
        name_kana=kana, birth_date="昭和49年2月3日", age="52", sex=sex, address="旭町二丁目３番１号", town="旭町",
        relationship=relationship, checked_in_at="11/23 14:02", presence="入所中", stay_mode="避難所",
        recorded_by="山田")
    return replace(plain, **changed)


RARE_ROWS = (
    row(1, name=f"{TSUJI}　葛\U000E0100子", name_kana="ツジ　カツコ", address=LONG_ADDRESS,
        needs="要介護・服薬・人工透析", presence="車中", stay_mode="車中"),
    row(2, name=f"𠮷田　{NABE}蔵\ue000", name_kana="ヨシダ　ナベゾウ", age="不詳", sex=""),
    row(3, name=ROMAN, name_kana=ROMAN_KANA, presence="一時外出", stay_mode="在宅", note="転入 S02"),
)


def rows(count: int) -> tuple[RosterRow, ...]:
    return tuple(row(number) for number in range(1, count + 1))


def figures(at: str, people: int) -> Figures:
    ages = ("0-2歳", "3-5歳", "6-14歳", "15-64歳", "65-74歳", "75歳以上", "不詳")
    return Figures(at=at, households=people // 3, people=people, male=people // 2, female=people - people // 2,
                   by_age=tuple((age, at) for at, age in enumerate(ages)), by_stay=((Stay.SHELTER.label, people),),
                   by_need=((Need.CARE.label, 4), (Need.ALLERGY.label, 2)), with_needs=12, on_leave=3, departed=9,
                   accounted=4, provisional=2, injured=1, infants=1, meals=people, pets=5, capacity=300)


def member(name: str, kana: str = "", **more: str) -> card.CardMember:
    return card.CardMember(name=name, name_kana=kana, birth="昭和49年2月3日", age="52", **more)


CARD = card.Card(
    heading=HEADING, registration_no=NUMBER, checked_in_at="令和8年11月23日 14:02", rep_name=FAMILY[0][0],
    rep_kana=FAMILY[0][1], address="旭町二丁目３番１号", phone="090-1234-5678", neighbourhood="旭町", area="2班",
    category="住民", home_damage=("床上", "断水", "がけ崩れ"), home_livable=False, stay=("避難所",), pets="犬1",
    disclose_kin=True, disclose_public=False,
    members=tuple(member(name, kana, sex=sex, relationship=relationship, presence="入所中")
                  for name, kana, sex, relationship in FAMILY))

HANDOVER = handover.Handover(
    heading=HEADING, registration_no=NUMBER, rep_name="五十嵐　トメ", rep_kana="イガラシ　トメ",
    address="旭町二丁目３番１号", phone="0256-34-5511", area="福祉室", stay="避難所",
    others="五十嵐 健一（子・58歳）", note="夜間の見守りが必要。",
    people=(handover.HandoverPerson(
        name="五十嵐　トメ", name_kana="イガラシ　トメ", birth="昭和8年3月9日", age="93", sex="女",
        relationship="世帯主",
        presence="入所中", needs=("要介護", "服薬", "医療的ケア"), needs_note="血圧の薬、残り2日分",
        evac_support="要介護3以上"),))

UNCONFIRMED = tuple(
    UnconfirmedRow(district_code=f"{1 + at // 4:03d}", town="旭町" if at < 2 else "本町", address="旭町二丁目３番１号",
                   household_no=str(at // 2), name=FAMILY[at % 3][0], name_kana=FAMILY[at % 3][1], age="52", sex="男",
                   relationship="世帯主", known="後から来る" if at == 1 else "") for at in range(7))

Render = Callable[[Heading], Pdf]


def _render(module: object, content: Callable[[Heading], object], heading: Heading) -> Pdf:
    return module.render(content(heading))  # type: ignore[attr-defined,no-any-return]


def _of(module: object, content: Callable[[Heading], object]) -> Render:
    return partial(_render, module, content)


CONTENTS: dict[str, Render] = {
    "roster": _of(roster, lambda h: roster.Roster(heading=h, rows=(*rows(27), *RARE_ROWS))),
    "roster-area": _of(roster, lambda h: roster.Roster(
        heading=h, rows=(row(1, area="2班"), row(2), row(3, area="1班")), order=roster.Order.AREA)),
    "posting": _of(roster, lambda h: roster.Roster(
        heading=h, rows=tuple(row(at, registration_no="") for at in range(1, 4)), edition=Edition.POSTING)),
    "card": _of(card, lambda h: replace(CARD, heading=h)),
    "tag": _of(tag, lambda h: tag.Tag(heading=h, tickets=(
        tag.Ticket(registration_no=NUMBER, checked_in_at="11/23 14:05", people=3, area="2班"),
        tag.Ticket(registration_no="A1B2C3-0013-5", provisional=True)))),
    "label": _of(tag, lambda h: tag.Tag(heading=h, tickets=(tag.Ticket(registration_no=NUMBER, people=3),),
                                        media="label")),
    "report": _of(report, lambda h: report.Report(
        heading=h, number=3, figures=figures(h.at, 213), previous=figures("令和8年11月23日 12:00", 216),
        opened_at="令和8年11月23日 05:30", arrived=4, left=7, power="停電", water="使える", staff="6",
        requests="毛布 50枚", reporter="山田")),
    "unconfirmed": _of(unconfirmed, lambda h: unconfirmed.Unconfirmed(heading=h, rows=UNCONFIRMED)),
    "handover": _of(handover, lambda h: replace(HANDOVER, heading=h)),
    "blanks": _of(blanks, lambda h: blanks.Blanks(
        heading=h, numbers=("A1B2C3-0101-3", "A1B2C3-0102-1", "A1B2C3-0103-9"))),
    "supplies": _of(supplies, lambda h: supplies.Supplies(heading=h, items=("水 2L", "毛布"), rows=(
        supplies.SupplyRow(registration_no=NUMBER, name=FAMILY[0][0], name_kana=FAMILY[0][1], people=3,
                           stay_mode="在宅"),))),
    "requests": _of(requests, lambda h: requests.Requests(heading=h, people=213, households=74, infants=1, rows=(
        requests.RequestRow(item="粉ミルク", quantity="3", unit="缶", urgency="至急"),))),
    "leave": _of(leave, lambda h: leave.Leave(heading=h, rows=(
        leave.LeaveRow(registration_no=NUMBER, name=FAMILY[0][0], left_at="11/23 09:00", until="11/23 20:00"),
        leave.LeaveRow(registration_no=NUMBER, name=FAMILY[1][0], left_at="11/23 09:00", until="11/23 12:00",
                       overdue=True, destination="長岡市の親族宅", phone="090-1234-5678")))),
    "pets": _of(pets, lambda h: pets.Pets(heading=h, rows=(
        pets.PetRow(registration_no=NUMBER, name=FAMILY[0][0], pets="犬1、猫2", phone="090-1234-5678"),))),
    "cars": _of(cars, lambda h: cars.Cars(heading=h, rows=(
        cars.CarRow(registration_no=NUMBER, name=FAMILY[0][0], people=2, car="白 ワゴン 長岡 500 あ 12-34",
                    parked_at="校庭東側", since="11/23 05:30"),))),
    "departures": _of(departures, lambda h: departures.Departures(heading=h, rows=(
        departures.DepartureRow(registration_no=NUMBER, name=FAMILY[0][0], checked_in_at="11/23 05:00",
                                checked_out_at="11/23 12:00", exit_to="福祉避難所", exit_address="長岡市大手通"),))),
}
"""Every document, as a function of its heading."""


def pages_of(pdf: Pdf) -> list[str]:
    """The text of each page as a reader of the PDF would copy it."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages]


def text_of(pdf: Pdf) -> str:
    return "\n".join(pages_of(pdf))
