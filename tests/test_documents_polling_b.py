"""Counting and record papers of a polling place: golden text, what must stand on them, and extreme contents."""

from __future__ import annotations

import csv
import io
import os
import re
import unicodedata
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui.documents import (
    balance,
    fonts,
    incident,
    interim,
    one_line_records,
    proof_sheet,
    sections,
    table,
    voting_record,
)
from sanjo_tui.documents.balance import BalanceLine
from sanjo_tui.documents.one_line_records import Record, RecordKind
from sanjo_tui.documents.paper import A4, A4_LANDSCAPE, A5, Pdf
from sanjo_tui.documents.proof_sheet import Proof
from sanjo_tui.documents.sections import Line, Section, heads
from sanjo_tui.documents.sheet import value
from tests.documents_polling_b import (
    BALANCE,
    CHAIN,
    CONTENTS,
    CONTESTS,
    DOUBLES,
    ELECTION,
    FIGURES,
    HEADING,
    INCIDENT,
    INTERIM,
    LINES,
    LONG_CONTEST,
    LONG_PLACE,
    LONG_TEXT,
    RECORD,
    RECORDS,
    TSUJI,
    VOTING_RECORD,
    ZERO,
)
from tests.documents_samples import pages_of, text_of

GOLDEN = Path(__file__).parent / "golden"
have = fonts.found()
pytestmark = pytest.mark.skipif(not {"BIZUDMincho", "BIZUDGothic"} <= set(have),
                                reason="BIZ UD fonts (fonts-morisawa-bizud-mincho, -gothic) are not installed")

EIGHT = tuple(LONG_CONTEST if at % 2 else f"選挙{at}" for at in range(8))


def plain(pdf: Pdf) -> str:
    """All text without line breaks and blanks: what was wrapped is found again."""
    return "".join(text_of(pdf).split())


@pytest.mark.parametrize("name", CONTENTS)
def test_the_text_of_the_paper_is_as_agreed(name: str) -> None:
    """Golden text, page by page. After a wanted change: SANJO_GOLDEN=write, look at the page, commit the difference."""
    got = "\n\f\n".join(pages_of(CONTENTS[name](HEADING))) + "\n"
    path = GOLDEN / f"document-polling-{name}.txt"
    if os.environ.get("SANJO_GOLDEN") == "write":
        path.write_text(got, encoding="utf-8")
    assert got == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", CONTENTS)
def test_ordinary_contents_fit_and_print_the_same_twice(name: str) -> None:
    pdf = CONTENTS[name](HEADING)
    assert pdf.issues == ()
    assert CONTENTS[name](HEADING).data == pdf.data


@pytest.mark.parametrize(("name", "size"), [
    ("interim", A5), ("balance", A4), ("voting-record", A4), ("early-record", A4), ("incident", A4),
    ("doubles", A4_LANDSCAPE), ("zero", A5), ("closing", A5), ("record-refused", A4_LANDSCAPE)])
def test_each_paper_has_its_size(name: str, size: tuple[float, float]) -> None:
    from pypdf import PdfReader

    box = PdfReader(io.BytesIO(CONTENTS[name](HEADING).data)).pages[0].mediabox
    assert (round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) == size


@pytest.mark.parametrize("name", CONTENTS)
def test_drills_reprints_and_invented_data_are_marked_on_every_page(name: str) -> None:
    pages = pages_of(CONTENTS[name](replace(HEADING, drill=True, fictitious=True, reissue=2)))
    assert all("訓練" in page and "架空データ" in page and "再発行 2" in page for page in pages)


def test_names_are_handled_with_care_and_no_paper_here_can_hold_an_address_of_an_elector() -> None:
    for name in ("incident", "doubles", "voting-record", *(f"record-{kind}" for kind in RecordKind)):
        assert "取扱注意" in text_of(CONTENTS[name](HEADING))
    for kind in (Record, incident.Incident, incident.ChainLine, incident.DoubleRow, voting_record.Case):
        assert not [field.name for field in fields(kind) if "address" in field.name]


# --- 中間報告


def test_every_number_has_the_same_place_in_each_report_of_an_election() -> None:
    lines = interim.lines(INTERIM)
    assert [line.no for line in lines[:4]] == [11, 12, 13, 21] and lines[-1].no == 53
    first = interim.lines(replace(INTERIM, number=1, previous_time="", contests=tuple(
        replace(line, previous=None) for line in INTERIM.contests)))
    assert [(line.no, line.contest, line.item) for line in first] == [(x.no, x.contest, x.item) for x in lines]
    assert all(line.previous is None and line.change is None for line in first)


def test_the_report_shows_the_change_since_the_last_and_the_rate() -> None:
    line = interim.lines(INTERIM)[2]
    assert (line.count, line.previous, line.change, line.electors, line.rate) == (1252, 651, 601, 2982, "41.99")
    text = text_of(interim.render(INTERIM))
    assert "+601" in text and "41.99%" in text and "前回 9:00" in text and "第 2 報" in text


def test_numbers_are_read_out_in_groups_of_three_digits() -> None:
    big = replace(INTERIM, contests=(interim.InterimLine(contest="知事", voters=(123456, 7, 123463)),))
    text = text_of(interim.render(big))
    assert "11 男 123,456" in text and "13 計 123,463" in text and "―" in text and "%" not in text


def test_a_first_report_and_an_early_place_say_so() -> None:
    text = text_of(interim.render(replace(INTERIM, early=True, previous_time="")))
    assert "前回なし（第1報）" in text and interim.EARLY in text and interim.NOT_COUNTED not in text


@pytest.mark.parametrize(("contests", "pages"), [(0, 1), (1, 1), (8, 1), (9, 2), (17, 3)])
def test_eight_contests_stand_on_a_page(contests: int, pages: int) -> None:
    pdf = interim.render(replace(INTERIM, contests=tuple(
        interim.InterimLine(contest=f"選挙{at}", voters=(at, at, 2 * at)) for at in range(1, contests + 1))))
    assert pdf.pages == pages and pdf.issues == ()
    assert all(f"選挙{at}" in text_of(pdf) for at in range(1, contests + 1))


@given(st.integers(0, 10**7), st.integers(1, 10**7))
def test_the_rate_is_rounded_half_up_to_two_decimals(count: int, electors: int) -> None:
    from decimal import ROUND_HALF_UP, Decimal

    exact = (Decimal(count) * 100 / Decimal(electors)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert interim.rate(count, electors) == f"{exact}"


def test_without_electors_there_is_no_rate() -> None:
    assert interim.rate(3, None) == interim.rate(3, 0) == ""


# --- 照合表


@given(*(st.integers(0, 5000) for _ in range(4)), st.integers(-50, 50), st.integers(-5, 5))
def test_a_line_adds_up(out: int, spoiled: int, returned: int, left: int, accepted: int, wrong: int) -> None:
    line = BalanceLine(contest="知事", paper="普通", delivered=out + spoiled + returned + left - accepted,
                       issued=out, spoiled=spoiled, returned=returned, accepted=accepted, counted=left + wrong,
                       expected_then=left)
    assert line.expected == left
    assert line.difference == wrong


def test_a_line_that_was_never_counted_has_no_difference() -> None:
    line = BalanceLine(contest="知事", paper="点字", delivered=20)
    assert line.difference is None and line.expected == 20
    text = text_of(balance.render(replace(BALANCE, lines=(line,))))
    assert "未計数" in text and "差があるもの" not in text


def test_more_handed_out_than_delivered_is_said() -> None:
    content = replace(BALANCE, lines=(BalanceLine(contest="知事", paper="点字", issued=1),), counts=())
    assert balance.standing(content) == ("知事（点字）　受領の枚数が足りません",)
    assert white_words(balance.render(content)) == 2


def test_differences_are_said_in_words() -> None:
    assert balance.standing(BALANCE) == (f"{CONTESTS[2]}（普通）　1枚不足",)
    assert f"{CONTESTS[2]}（普通）1枚不足" in plain(balance.render(BALANCE))
    assert [balance.in_words(each) for each in (-1234, 0, 2)] == ["1,234枚不足", "差なし", "2枚過剰"]


def white_words(pdf: Pdf) -> int:
    """How often the colour of the text becomes white."""
    from pypdf import PdfReader

    pages = [page.get_contents() for page in PdfReader(io.BytesIO(pdf.data)).pages]
    return sum(len(re.findall(rb"(?<![.0-9])1 g\b", page.get_data())) for page in pages if page is not None)


def test_a_difference_is_white_on_black_where_it_stands_and_where_it_is_said() -> None:
    even = tuple(replace(line, counted=None) for line in LINES)
    none = balance.render(replace(BALANCE, lines=even, counts=()))
    one = balance.render(replace(BALANCE, counts=()))
    assert (white_words(one), white_words(none)) == (2, 0)


def test_sheets_of_the_oath_are_compared_with_the_record() -> None:
    early = replace(BALANCE, oaths_recorded=1803, oaths_counted=1801)
    assert balance.standing(early)[-1] == "宣誓書　2枚不足"
    text = text_of(balance.render(early))
    assert "1,803 枚" in text and "1,801 枚" in text and "2枚不足" in text
    waiting = replace(early, oaths_counted=None)
    assert len(balance.standing(waiting)) == 1
    assert "記録の枚数" in plain(balance.render(waiting))
    assert "記録の枚数" not in plain(balance.render(BALANCE))


def test_a_long_day_of_counts_goes_on_and_keeps_every_line() -> None:
    counts = tuple(replace(BALANCE.counts[0], at=f"{at:03d}回目") for at in range(200))
    pdf = balance.render(replace(BALANCE, counts=counts))
    assert pdf.pages > 4
    pages = pages_of(pdf)
    assert all(f"{at:03d}回目" in "".join(pages) for at in range(200))
    assert all("数えた記録（続き）" in page and "数えた人" in page for page in pages[2:])
    assert "投票管理者" in pages[0].replace(" ", "")


def test_extreme_figures_and_explanations_lose_nothing() -> None:
    lines = tuple(BalanceLine(contest=name, paper=paper, delivered=123456, issued=100000, provisional=12, spoiled=123,
                              returned=45, accepted=-12, counted=23271, expected_then=23276, counted_at="11/29 11:02")
                  for name in EIGHT for paper in ("普通", "点字"))
    why = replace(BALANCE.explanations[0], text=LONG_TEXT, contest=LONG_CONTEST)
    pdf = balance.render(replace(BALANCE, lines=lines, explanations=(why,), remark=LONG_TEXT,
                                 heading=replace(HEADING, place=LONG_PLACE)))
    text = plain(pdf)
    assert text.count(LONG_TEXT) == 2 and text.count(LONG_CONTEST) >= 8 and LONG_PLACE in text
    assert text.count("5枚不足") == 16


def test_keys_of_csv_are_fields_of_the_rows() -> None:
    rows = list(csv.DictReader(io.StringIO(table.csv_text(balance.COLUMNS, LINES), newline="")))
    assert (rows[4]["contest"], rows[4]["difference"], rows[1]["difference"]) == (CONTESTS[2], "-1", "")
    assert "11,衆議院小選挙区選出議員選挙,男,612,320,292,1450,42.21\r\n" in table.csv_text(
        interim.LINE_COLUMNS, interim.lines(INTERIM))
    assert table.records(incident.CHAIN_COLUMNS, CHAIN)[0]["contests"] == list(CONTESTS[:2])
    assert table.records(incident.DOUBLE_COLUMNS, DOUBLES.rows)[0]["case"] == 1
    assert table.records(voting_record.COLUMNS, FIGURES)[0]["voters"] == [612, 640, 1252]
    for kind in RecordKind:
        assert table.records(one_line_records.columns(kind), (RECORD,))[0]["name"] == RECORD.name


# --- 投票録


@pytest.mark.parametrize(("early", "name"), [(True, "期日前投票録"), (False, "投票録")])
def test_the_record_of_the_day_is_a_draft_on_every_page(early: bool, name: str) -> None:
    pages = pages_of(voting_record.render(replace(VOTING_RECORD, early=early)))
    assert all(f"{name}（素案" in page and voting_record.FOOTNOTE in page for page in pages)
    assert ("期日前" in "".join(pages)) is early


def test_the_record_has_every_item_and_says_where_nothing_was_recorded() -> None:
    text = plain(voting_record.render(VOTING_RECORD))
    for item in ("投票所を開いた時刻", "職務代理者", "投票立会人", "参会の時刻", "名簿の対照", "選挙人数と投票者数",
                 "代理投票と補助者", "点字", "投票の拒否", "仮投票", "再交付・引換・返付", "不在者投票", "判決書",
                 "退出を命じた者", "投票用紙の受払", "投票箱の開閉と送致", "そのほかの事項", "署名"):
        assert item in text, item
    assert text.count("（記録なし）") == 4
    assert "宣誓書" not in text
    assert voting_record.UNVERIFIED


def test_an_empty_record_is_a_form_for_the_pen() -> None:
    empty = voting_record.VotingRecord(heading=HEADING, election="選挙", early=True, day="")
    text = plain(voting_record.render(empty))
    assert "時分" in text and "署名" in text


def test_hundreds_of_cases_go_on_page_after_page() -> None:
    case = voting_record.Case(at="10:02", contests=CONTESTS, text="手が不自由なため", by="山田、鈴木")
    cases = tuple(replace(case, who=f"番号{at:03d}") for at in range(150))
    pdf = voting_record.render(replace(VOTING_RECORD, proxies=cases))
    text = plain(pdf)
    assert all(f"番号{at:03d}" in text for at in range(150))
    assert "6代理投票と補助者（続き）" in text and pdf.issues == ()


def test_an_extreme_case_is_printed_whole() -> None:
    case = voting_record.Case(at="11:20", who=TSUJI, contests=EIGHT, text=LONG_TEXT, by="佐藤　一郎")
    pdf = voting_record.render(replace(VOTING_RECORD, refusals=(case,) * 3))
    assert plain(pdf).count(LONG_TEXT) == 3
    assert not any("枠に収まらない" in issue for issue in pdf.issues)


# --- 一行調書


@pytest.mark.parametrize("kind", RecordKind)
def test_one_line_an_event(kind: RecordKind) -> None:
    many = replace(RECORDS[kind], rows=tuple(replace(RECORD, name=f"選挙人{at:02d}") for at in range(40)))
    pdf = one_line_records.render(many)
    text = plain(pdf)
    assert pdf.pages == 3 and kind.label in text and "素案" in text and "累計40件" in text
    assert all(f"選挙人{at:02d}" in text for at in range(40))


def test_each_kind_asks_for_what_only_it_needs() -> None:
    text = {kind: plain(one_line_records.render(RECORDS[kind])) for kind in RecordKind}
    assert "用紙返還" in text[RecordKind.ABSENTEE] and "用紙返還" not in text[RecordKind.REFUSED]
    assert "山田、鈴木" in text[RecordKind.PROXY] and "山田、鈴木" not in text[RecordKind.BRAILLE]
    assert "立会人の意見" in text[RecordKind.REFUSED] and "異議" in text[RecordKind.PROVISIONAL]


def test_no_event_is_said_and_a_line_too_long_is_reported() -> None:
    empty = replace(RECORDS[RecordKind.REFUSED], rows=())
    assert "記録はありません" in text_of(one_line_records.render(empty))
    long = replace(empty, rows=(replace(RECORD, ground=LONG_TEXT, name=TSUJI),))
    pdf = one_line_records.render(long)
    assert plain(pdf).count(LONG_TEXT) == 1
    assert any(issue.startswith("1行 理由：枠に収まらない") for issue in pdf.issues)


def test_five_contests_stand_in_one_line() -> None:
    pdf = one_line_records.render(replace(RECORDS[RecordKind.PROXY], rows=(replace(RECORD, contests=CONTESTS),)))
    assert "、".join(CONTESTS) in plain(pdf) and pdf.issues == ()


# --- 事故記録


def test_doubled_contests_are_said_in_words_and_the_chain_in_order() -> None:
    text = plain(incident.render(INCIDENT))
    assert f"この方に、{CONTESTS[0]}の投票用紙が2枚渡った記録があります。" in text
    places = [text.index(line.number + line.at.replace(" ", "")) for line in CHAIN]
    assert places == sorted(places)
    assert all(line.short_hash in text and line.operator in text for line in CHAIN)
    assert "第2確認者" in text and "選挙管理委員会" in text


def test_an_incident_without_a_double_says_that() -> None:
    text = plain(incident.render(replace(INCIDENT, doubled=(), chain=())))
    assert "同じ選挙の投票用紙が2枚渡った記録はありません" in text and "この方の記録はありません" in text


def test_a_long_chain_goes_on_and_what_was_taken_back_is_marked() -> None:
    chain = (*CHAIN * 12, replace(CHAIN[0], contests=EIGHT, place=LONG_PLACE, reversed=True))
    pdf = incident.render(replace(INCIDENT, chain=chain, name=TSUJI, remark=LONG_TEXT * 3,
                                  doubled=tuple((name, 2) for name in EIGHT)))
    text = plain(pdf)
    assert pdf.pages > 2 and text.count("9f3a21bc") == 13 and text.count("（取消）") == 1
    assert LONG_TEXT * 3 in text and LONG_PLACE in text and "署名" in text
    assert not any("枠に収まらない" in issue for issue in pdf.issues)


def test_doubles_are_listed_by_case_with_every_paper() -> None:
    text = text_of(incident.render(DOUBLES))
    assert "2件" in text and "事故 1　二重交付" in text
    assert text.index("事故 1") < text.index("A1B2C3-81") < text.index("D4E5F6-81") < text.index("事故 2")
    assert "災害名" not in text_of(incident.render(replace(DOUBLES, heading=replace(HEADING, disaster=ELECTION))))
    assert "二重交付の記録はありません" in text_of(incident.render(replace(DOUBLES, rows=())))


# --- 開所ゼロ票, 閉所票


def test_hashes_stand_in_groups_of_four_eight_a_line() -> None:
    assert proof_sheet.grouped("0123456789abcdef" * 4) == ("0123 4567 89ab cdef 0123 4567 89ab cdef",) * 2
    text = text_of(proof_sheet.render(ZERO))
    for _, digits in ZERO.hashes:
        for line in proof_sheet.grouped(digits):
            assert line in text
    assert "開所ゼロ票" in text and "開所時刻" in plain(proof_sheet.render(ZERO))


def test_the_closing_sheet_names_its_moment() -> None:
    text = plain(proof_sheet.render(replace(ZERO, proof=Proof.CLOSING)))
    assert "閉所票" in text and "閉所時刻" in text and "開所時刻" not in text


def test_a_place_opened_on_paper_says_why_and_who_decided() -> None:
    content = replace(ZERO, on_paper=LONG_TEXT, decided_by="佐藤 一郎", remark="故障", counts=ZERO.counts * 4)
    pdf = proof_sheet.render(content)
    text = plain(pdf)
    assert LONG_TEXT in text and "佐藤一郎" in text and text.count("1,450人") == 4
    assert not pdf.issues
    screen = "".join(proof_sheet.lines(content, 70)).replace(" ", "")
    assert LONG_TEXT in screen and "佐藤一郎" in screen


def test_all_papers_of_five_contests_stand_on_one_closing_sheet() -> None:
    counts = tuple((f"{name} {paper}", "受領 3000 交付 1252 書損 2 回収 1 残 1745") for name in CONTESTS
                   for paper in ("普通", "点字"))
    pdf = proof_sheet.render(replace(ZERO, proof=Proof.CLOSING, counts=(("今日の受付", "1803 件"), *counts)))
    text = plain(pdf)
    assert pdf.pages == 1 and pdf.issues == ()
    assert text.count("受領3000交付1252書損2回収1残1745") == 10 and "1803件" in text


@settings(deadline=None)
@given(st.integers(24, 120), st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=80),
       st.text("0123456789abcdef", max_size=128))
def test_the_copy_by_hand_holds_the_same_facts_within_the_width(width: int, remark: str, digits: str) -> None:
    content = replace(ZERO, remark=remark, hashes=(*ZERO.hashes, ("その他", digits)))
    lines = proof_sheet.lines(content, width)
    joined = "".join(lines).replace(" ", "")
    for word, text in (*proof_sheet.facts(content), *content.counts):
        assert f"{word}:{text}".replace(" ", "") in joined
    for _, each in content.hashes:
        assert each in joined
    for line in lines:
        cells = sum(0 if unicodedata.category(c) == "Mn" else 2 if unicodedata.east_asian_width(c) in "WFA" else 1
                    for c in line)
        assert cells <= width


def test_the_screen_groups_hashes_as_the_paper_does_where_there_is_room() -> None:
    lines = proof_sheet.lines(replace(ZERO, heading=replace(HEADING, drill=True)), 80)
    assert lines[0] == "開所ゼロ票 (手書きの写し) [訓練]"
    paper = text_of(proof_sheet.render(ZERO))
    assert all(line.strip() in paper for line in lines if line.startswith("  "))
    assert lines[-1] == "署名: 投票管理者、立会人"


# --- sections


def a_section(heights: list[float], head: bool, whole: bool, title: str) -> Section:
    return Section(title=title, whole=whole, head=heads((50, "あ")) if head else None,
                   lines=tuple(Line(height, (value(50, str(at)),)) for at, height in enumerate(heights)))


@settings(deadline=None)
@given(st.lists(st.builds(a_section, st.lists(st.floats(4, 400), min_size=1, max_size=30), st.booleans(),
                          st.booleans(), st.sampled_from(["", "い"])), min_size=1, max_size=6),
       st.floats(20, 90))
def test_every_line_stands_once_in_order_and_within_its_page(found: list[Section], first: float) -> None:
    pages = sections.paged(found, first, 24, 280)
    seen = [(part.section, line.boxes) for page in pages for part in page for line in part.lines]
    assert seen == [(section, line.boxes) for section in found for line in section.lines]
    for number, page in enumerate(pages):
        below = 24.0 if number else first
        assert page
        for part in page:
            assert part.lines and part.y >= below - 0.001
            over = sections.TITLE if part.section.title else 0
            over += part.section.head.height if part.section.head else 0
            below = part.y + over + sum(line.height for line in part.lines)
            assert below <= 280.001


def test_what_belongs_together_goes_to_the_next_page_together() -> None:
    tall = a_section([200.0], False, False, "前")
    kept = a_section([20.0] * 4, True, True, "後")
    pages = sections.paged([tall, kept], 24, 24, 280)
    assert [len(part.lines) for page in pages for part in page] == [1, 4]
    assert len(pages) == 2
