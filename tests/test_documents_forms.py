"""Each printed document: its text (golden), what it must and must not say, and what happens with extreme data."""

from __future__ import annotations

import csv
import io
import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from sanjo_tui.documents import blanks, card, fonts, handover, leave, report, roster, supplies, table, tag, unconfirmed
from sanjo_tui.documents.card import MEMBERS_FIRST, MEMBERS_NEXT
from sanjo_tui.documents.paper import A4, A4_LANDSCAPE, A5
from sanjo_tui.receptions.shelter.lists import Edition, Figures, RosterRow, UnconfirmedRow
from sanjo_tui.receptions.shelter.words import Exit, Need, Stay
from tests.documents_samples import (
    CARD,
    CONTENTS,
    FAMILY,
    HANDOVER,
    HEADING,
    LONG_ADDRESS,
    NUMBER,
    RARE_ROWS,
    ROMAN,
    ROMAN_KANA,
    figures,
    member,
    pages_of,
    row,
    rows,
    text_of,
)

GOLDEN = Path(__file__).parent / "golden"
have = fonts.found()
pytestmark = pytest.mark.skipif(not {"BIZUDMincho", "BIZUDGothic"} <= set(have),
                                reason="BIZ UD fonts (fonts-morisawa-bizud-mincho, -gothic) are not installed")


@pytest.mark.parametrize("name", CONTENTS)
def test_the_text_of_the_form_is_as_agreed(name: str) -> None:
    """Golden text, page by page. After a wanted change: SANJO_GOLDEN=write, look at the page, commit the difference."""
    if name == "roster" and "IPAmjMincho" not in have:
        pytest.skip("the golden text has rare names; IPAmj Mincho (fonts-ipamj-mincho) is not installed")
    got = "\n\f\n".join(pages_of(CONTENTS[name](HEADING))) + "\n"
    path = GOLDEN / f"document-{name}.txt"
    if os.environ.get("SANJO_GOLDEN") == "write":
        path.write_text(got, encoding="utf-8")
    assert got == path.read_text(encoding="utf-8")


def paper_of(name: str) -> tuple[float, float]:
    from pypdf import PdfReader

    box = PdfReader(io.BytesIO(CONTENTS[name](HEADING).data)).pages[0].mediabox
    return round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)


@pytest.mark.parametrize(("name", "size"), [
    ("roster", A4_LANDSCAPE), ("card", A5), ("report", A4), ("unconfirmed", A4), ("handover", A5),
    ("blanks", A4_LANDSCAPE), ("tag", (80, 62)), ("label", (62, 40))])
def test_each_document_has_its_paper(name: str, size: tuple[float, float]) -> None:
    assert paper_of(name) == size


@pytest.mark.parametrize("name", CONTENTS)
def test_ordinary_contents_fit(name: str) -> None:
    issues = CONTENTS[name](HEADING).issues
    assert not any("枠に収まらない" in issue for issue in issues if name != "roster")


# --- 避難者名簿


def staff(people: tuple[RosterRow, ...], order: roster.Order = roster.Order.NUMBER, **more: bool) -> str:
    return text_of(roster.render(roster.Roster(heading=HEADING, rows=people, order=order, **more)))


def test_a_page_has_25_people_and_totals() -> None:
    pdf = roster.render(roster.Roster(heading=HEADING, rows=rows(60)))
    assert pdf.pages == 3
    first, second, third = pages_of(pdf)
    assert "頁計　25人（男17 女8）9世帯" in first
    assert "累計　50人（男33 女17）17世帯" in second
    assert "頁計　10人（男7 女3）4世帯" in third
    assert "以下余白" in third and "以下余白" not in first


def test_the_staff_edition_is_marked_and_says_who_recorded_whom() -> None:
    text = staff(rows(3))
    assert "運営用" in text and "取扱注意" in text and "山田" in text


def test_the_posting_edition_holds_nothing_but_name_age_sex_town_and_state() -> None:
    secret = row(1, needs="要介護", note="転入 S02", area="2班")
    pdf = roster.render(roster.Roster(heading=HEADING, rows=(secret,), edition=Edition.POSTING))
    text = text_of(pdf)
    assert "掲示・閲覧用" in text and "佐藤　太郎" in text and "旭町" in text
    for word in ("A1B2C3-0001", "二丁目", "要介護", "転入", "2班", "山田", "昭和", "世帯主", "1000001", "取扱注意"):
        assert word not in text


@pytest.mark.parametrize(("order", "expected"), [
    (roster.Order.NUMBER, ["え", "う", "い", "あ"]), (roster.Order.KANA, ["あ", "い", "う", "え"]),
    (roster.Order.NEEDS, ["う"]), (roster.Order.AREA, ["あ", "え", "う", "い"]),
    (roster.Order.HOUSEHOLD, ["い", "あ", "え", "う"])])
def test_orders(order: roster.Order, expected: list[str]) -> None:
    people = (row(1, registration_no="A1B2C3-10000-1", name="い", name_kana="イ", area="10班"),
              row(1, registration_no="A1B2C3-10000-1", name="あ", name_kana="ア", area="1班"),
              row(1, registration_no="A1B2C3-0002-1", name="え", name_kana="エ", area="2班"),
              row(1, registration_no="A1B2C3-0002-1", name="う", name_kana="ウ", needs="服薬", area="2班"))
    if order is roster.Order.AREA:
        people = (replace(people[0], area=""), *people[1:])
    assert [person.name for person in roster.ordered(people, order)] == expected


def test_living_groups_have_headings_and_those_without_one_come_last() -> None:
    text = staff((row(1, area=""), row(2, area="1班"), row(3, area="1班")), roster.Order.AREA)
    assert text.index("居住組　1班") < text.index("佐藤　花子") < text.index("居住組　未定") < text.index("佐藤　太郎")


def test_addresses_may_stop_at_the_town() -> None:
    assert "二丁目" in staff(rows(1))
    assert "二丁目" not in staff(rows(1), towns_only=True)


def test_where_somebody_sleeps_is_said_unless_it_is_the_shelter() -> None:
    text = staff(RARE_ROWS)
    assert "一時外出 在宅" in text.replace("\n", " ")
    assert "避難所 11/23" not in text


def test_an_empty_roster_says_so() -> None:
    pdf = roster.render(roster.Roster(heading=HEADING, rows=()))
    assert pdf.pages == 1
    assert "該当する方はいません" in text_of(pdf)
    assert "0人" in text_of(pdf)


def test_extreme_rows_lose_no_character() -> None:
    text = staff(RARE_ROWS).replace("\n", "").replace(" ", "")
    for person in RARE_ROWS:
        assert person.name.replace("\ue000", "〓U+E000").replace(" ", "") in text
        assert person.address.replace(" ", "") in text


# --- 避難者カード, 白紙様式, 引継票


def test_a_family_stands_on_one_card() -> None:
    pdf = card.render(CARD)
    text = text_of(pdf)
    assert pdf.pages == 1
    for name, kana, _, _ in FAMILY:
        assert name in text and kana in text
    assert "がけ崩れ" in text and NUMBER in text


def test_seventeen_members_go_on_with_another_page() -> None:
    people = tuple(member(f"{name}人目") for name in range(1, 18))
    pdf = card.render(replace(CARD, members=people))
    assert pdf.pages == 2
    first, second = pages_of(pdf)
    assert f"{MEMBERS_FIRST}人目" in first and "ほか11人は次の頁" in first
    assert "17人目" in second and NUMBER in second
    assert card.render(replace(CARD, members=people * 2)).pages == 2 + (34 - MEMBERS_FIRST - 1) // MEMBERS_NEXT


def test_an_extreme_card_stays_whole() -> None:
    full = replace(CARD, rep_name=ROMAN, address=LONG_ADDRESS, phone="090-1234-5678 / 0256-34-5511",
                   other_contact="長岡市大手通一丁目　佐藤一郎（弟）0258-35-1122",
                   exit_to=Exit.OTHER_PREFECTURE.label, exit_address=LONG_ADDRESS, note="水曜と金曜に送迎。" * 8,
                   members=(member(ROMAN, ROMAN_KANA),) * 6)
    text = text_of(card.render(full)).replace("\n", "").replace(" ", "")
    assert text.count(LONG_ADDRESS) == 2
    assert text.count(ROMAN.replace(" ", "")) == 7
    assert "水曜と金曜に送迎。" * 8 in text


def test_consent_is_marked_only_when_somebody_asked() -> None:
    assert card.yes_no(None, "可", "不可") == [(False, "可"), (False, "不可")]
    assert card.yes_no(False, "可", "不可") == [(False, "可"), (True, "不可")]


def test_blank_forms_carry_their_reserved_numbers_and_the_fields_of_the_card() -> None:
    numbers = ("A1B2C3-0101-3", "A1B2C3-0102-1", "A1B2C3-0103-9")
    a4 = blanks.render(blanks.Blanks(heading=HEADING, numbers=numbers))
    a5 = blanks.render(blanks.Blanks(heading=HEADING, numbers=numbers, paper="A5"))
    assert (a4.pages, a5.pages) == (2, 3)
    for pdf in (a4, a5):
        text = text_of(pdf)
        assert all(text.count(number) == 1 for number in numbers)
    for field in ("代表者氏名", "ほかの連絡先", "自宅の被害", "滞在方法", "ペット", "名簿・市の公表",
                  "退所先", *card.DAMAGE, *(stay.label for stay in Stay)):
        assert field in text_of(a5) and field in text_of(card.render(CARD))


def test_each_half_of_a_blank_page_is_marked_when_it_is_cut() -> None:
    drill = replace(HEADING, drill=True)
    for text in pages_of(blanks.render(blanks.Blanks(heading=drill, numbers=("A1B2C3-0101-3", "A1B2C3-0102-1")))):
        assert text.count("訓練") == 4                             # across each form and in its corner
        assert text.count("端末 A1B2C3") == 2


def test_a_handover_sheet_has_three_people_a_page_and_every_need() -> None:
    pdf = handover.render(replace(HANDOVER, people=HANDOVER.people * 4))
    assert pdf.pages == 2
    text = pages_of(pdf)[0]
    assert "医療的ケア" in text                                   # a need the form has no box for is written out
    assert all(need.label in text for need in Need)


def test_a_handover_sheet_may_be_empty() -> None:
    assert handover.render(replace(HANDOVER, people=())).pages == 1


# --- 受付票


def test_a_tag_has_number_and_moment_but_no_place_for_a_name_or_address() -> None:
    text = pages_of(tag.render(tag.Tag(heading=HEADING, tickets=(tag.Ticket(registration_no=NUMBER, people=3),))))[0]
    assert NUMBER in text and "3人" in text
    assert "氏名" not in text and "住所" not in text
    assert not {"name", "address"} & set(tag.Ticket.__dataclass_fields__)


def test_each_ticket_is_a_page() -> None:
    tickets = tuple(tag.Ticket(registration_no=f"A1B2C3-{n:04d}-1", provisional=True) for n in range(1, 6))
    pdf = tag.render(tag.Tag(heading=HEADING, tickets=tickets))
    assert pdf.pages == 5
    assert "仮登録" in text_of(pdf)


# --- 状況報告書


def a_report(**more: object) -> report.Report:
    first = report.Report(heading=HEADING, number=1, figures=figures("", 213))
    return replace(first, **more)  # type: ignore[arg-type]


def test_the_report_shows_the_change_since_the_last_one() -> None:
    lines = {line.item: line for line in report.lines(a_report(previous=figures("", 216)))}
    assert (lines["人数"].count, lines["人数"].previous, lines["人数"].change) == (213, 216, -3)
    assert report.delta(213, 216) == "-3" and report.delta(5, 2) == "+3" and report.delta(4, 4) == "0"
    assert "213 216 -3" in text_of(report.render(a_report(previous=figures("", 216))))


def test_the_first_report_has_no_change() -> None:
    assert all(line.previous is None and line.change is None for line in report.lines(a_report()))
    assert "なし（第1報）" in text_of(report.render(a_report()))


def test_numbers_keep_their_place_whatever_the_figures_are() -> None:
    full, empty = report.lines(a_report()), report.lines(a_report(figures=Figures(at="")))
    places = {(line.group, line.item): line.no for line in full}
    assert all(places[line.group, line.item] == line.no for line in empty)
    assert len({line.no for line in full}) == len(full)


# --- 未確認者リスト


def test_each_neighbourhood_begins_a_page_and_towns_have_headings() -> None:
    pdf = CONTENTS["unconfirmed"](HEADING)
    first, second = pages_of(pdf)
    assert "町内会　001　　旭町" in first and "町内会　001　　本町" in first and "町内会　002" not in first
    assert "町内会　002　　本町" in second
    assert first.count("取扱注意") == 2                            # across the page and in the corner


def test_a_heading_is_repeated_and_never_last_on_a_page() -> None:
    people = tuple(UnconfirmedRow(district_code="001", town="旭町" if at < 25 else "本町", address="",
                                  household_no=str(at), name=f"住民{at}") for at in range(60))
    pages = pages_of(unconfirmed.render(unconfirmed.Unconfirmed(heading=HEADING, rows=people)))
    assert "本町" not in pages[0]
    assert "町内会　001　　本町（続き）" in pages[2]
    assert sum(f"住民{at}" in "".join(pages) for at in range(60)) == 60


# --- the smaller lists


def test_the_overdue_stand_first() -> None:
    text = text_of(CONTENTS["leave"](HEADING))
    assert text.index("佐藤　花子") < text.index("佐藤　太郎")
    assert "超過" in text and "うち予定の時刻を過ぎた方 1人" in text


def test_every_item_of_the_distribution_has_a_column() -> None:
    items = tuple(f"品{n}" for n in range(1, 10))
    text = text_of(supplies.render(supplies.Supplies(heading=HEADING, rows=(), items=items)))
    assert all(item in text for item in items)


# --- CSV and JSON


def test_csv_is_rfc_4180_with_the_identifiers_as_header_and_alters_no_name() -> None:
    people = (row(1, name="=1+1", note='改行\nと"引用"、,'), row(2, name="𠮷田", address="旭町, 二丁目"))
    text = table.csv_text(roster.STAFF_COLUMNS, people)
    assert not text.startswith("\ufeff")
    assert text.split("\r\n", 1)[0] == ",".join(roster.STAFF_COLUMNS)
    back = list(csv.DictReader(io.StringIO(text, newline="")))
    assert [entry["name"] for entry in back] == ["=1+1", "𠮷田"]
    assert back[0]["note"] == '改行\nと"引用"、,'


def test_posting_columns_are_a_part_of_the_paper() -> None:
    assert set(roster.columns(Edition.POSTING)) == {"name", "name_kana", "age", "sex", "town", "presence"}
    assert roster.columns(Edition.STAFF) == roster.STAFF_COLUMNS


def test_json_keeps_numbers_and_truth() -> None:
    rows_ = table.records(leave.COLUMNS, (leave.LeaveRow(registration_no=NUMBER, name="佐藤", overdue=True),))
    assert json.loads(json.dumps(rows_))[0]["overdue"] is True
    lines = table.records(report.LINE_COLUMNS, report.lines(a_report()))
    assert lines[0] == {"no": 1, "group": "避難者数", "item": "世帯数", "count": 71, "previous": None, "change": None}
    assert "1,避難者数,世帯数,71,,\r\n" in table.csv_text(report.LINE_COLUMNS, report.lines(a_report()))


def test_every_list_names_fields_that_its_rows_have() -> None:
    from sanjo_tui.documents import cars, departures, pets, requests

    for module, kind in ((supplies, supplies.SupplyRow), (requests, requests.RequestRow), (leave, leave.LeaveRow),
                         (pets, pets.PetRow), (cars, cars.CarRow), (departures, departures.DepartureRow),
                         (unconfirmed, UnconfirmedRow)):
        assert set(module.COLUMNS) <= set(kind.__dataclass_fields__)
    assert set(roster.STAFF_COLUMNS) == set(RosterRow.__dataclass_fields__)


def test_ten_thousand_people_are_four_hundred_pages() -> None:
    pdf = roster.render(roster.Roster(heading=HEADING, rows=rows(10_000)))
    assert pdf.pages == 400
    assert len(pdf.data) < 20_000_000
