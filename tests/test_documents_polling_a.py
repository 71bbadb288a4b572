"""宣誓書, 交付票 and 名簿抄本: golden text, what they must never say, and what happens with extreme data."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import os
from collections.abc import Callable
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ContentStream

from sanjo_tui.documents import declaration, extract, fonts, slip, table
from sanjo_tui.documents.declaration import Declaration
from sanjo_tui.documents.extract import Extract, ExtractRow, Order, Tick
from sanjo_tui.documents.extract_cover import TO_PRESIDING
from sanjo_tui.documents.kana import KANA_ROWS, kana_row
from sanjo_tui.documents.paper import A4, A4_LANDSCAPE, A5, Heading, Pdf
from sanjo_tui.documents.slip import Slip, Square
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.election import Election, Reason
from sanjo_tui.receptions.polling.events import Handed
from sanjo_tui.receptions.polling.words import Act, PaperKind, SignaturePolicy, State
from tests.documents_polling import (
    CONTESTS,
    DECLARATION,
    EIGHT,
    EXTRACT,
    EXTREME,
    HEADING,
    LONG_ADDRESS,
    LONG_KANA,
    LONG_NAME,
    NUMBER,
    OATH,
    REASONS,
    SLIP,
    contests,
    elector,
    squares,
)
from tests.documents_samples import pages_of, text_of

GOLDEN = Path(__file__).parent / "golden"
have = fonts.found()
pytestmark = pytest.mark.skipif(not {"BIZUDMincho", "BIZUDGothic"} <= set(have),
                                reason="BIZ UD fonts (fonts-morisawa-bizud-mincho, -gothic) are not installed")

rare = pytest.mark.skipif("IPAmjMincho" not in have, reason="IPAmj Mincho (fonts-ipamj-mincho) is not installed")

STAFF = replace(DECLARATION, policy=SignaturePolicy.STAFF_CONFIRMS, confirmed_by="山田", identified_by="カード")
CONTENTS: dict[str, Callable[[Heading], Pdf]] = {
    "declaration": lambda h: declaration.render(replace(DECLARATION, heading=h)),
    "declaration-a4": lambda h: declaration.render(replace(STAFF, heading=h, paper="A4")),
    "slip": lambda h: slip.render(replace(SLIP, heading=h)),
    "slip-receipt": lambda h: slip.render(replace(SLIP, heading=h, media="receipt", proxy=True,
                                                  squares=squares(8, PaperKind.BRAILLE))),
    "extract": lambda h: extract.render(replace(EXTRACT, heading=h)),
}


@pytest.mark.parametrize("name", CONTENTS)
def test_the_text_of_the_form_is_as_agreed(name: str) -> None:
    """Golden text, page by page. After a wanted change: SANJO_GOLDEN=write, look at the page, commit the difference."""
    if name == "extract" and "IPAmjMincho" not in have:
        pytest.skip("the golden text has rare names; IPAmj Mincho (fonts-ipamj-mincho) is not installed")
    got = "\n\f\n".join(pages_of(CONTENTS[name](HEADING))) + "\n"
    path = GOLDEN / f"document-{name}.txt"
    if os.environ.get("SANJO_GOLDEN") == "write":
        path.write_text(got, encoding="utf-8")
    assert got == path.read_text(encoding="utf-8")


@pytest.mark.parametrize(("name", "size"), [
    ("declaration", A5), ("declaration-a4", A4), ("slip", (105, 148)), ("extract", A4_LANDSCAPE)])
def test_each_document_has_its_paper(name: str, size: tuple[float, float]) -> None:
    box = PdfReader(io.BytesIO(CONTENTS[name](HEADING).data)).pages[0].mediabox
    assert (round(float(box.width) * 25.4 / 72), round(float(box.height) * 25.4 / 72)) == size


@pytest.mark.parametrize("name", CONTENTS)
def test_every_page_says_drill_fictitious_and_reprint(name: str) -> None:
    for page in pages_of(CONTENTS[name](replace(HEADING, drill=True, fictitious=True, reissue=2))):
        assert "訓練" in page and "架空データ" in page and "再発行 2" in page


@pytest.mark.parametrize("name", CONTENTS)
def test_the_same_content_gives_the_same_bytes(name: str) -> None:
    assert CONTENTS[name](HEADING).data == CONTENTS[name](HEADING).data


def squeezed(pdf: Pdf) -> str:
    """The text without blanks and line ends: what was wrapped is whole again."""
    return "".join(text_of(pdf).split())


def in_one(text: str) -> str:
    return "".join(text.split())


# --- 宣誓書


def rings(pdf: Pdf) -> list[tuple[float, float]]:
    """Centres of the circles of a page that has only one kind of curve."""
    reader = PdfReader(io.BytesIO(pdf.data))
    contents = reader.pages[0].get_contents()
    assert contents is not None
    found: list[tuple[float, float]] = []
    points: list[tuple[float, float]] = []
    for operands, operator in ContentStream(contents, reader).operations:
        if operator == b"c":
            numbers = [float(each) for each in operands]
            points += list(zip(numbers[::2], numbers[1::2], strict=True))
        elif points:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            found.append(((min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2))
            points = []
    return found


def placed(pdf: Pdf) -> list[tuple[str, float, float, float]]:
    """Every stretch of text of the first page with x, y and size in points."""
    found: list[tuple[str, float, float, float]] = []

    def visit(text: str, cm: object, tm: list[float], font: object, size: float) -> None:
        if text.strip():
            found.append((text.strip(), tm[4], tm[5], size))

    PdfReader(io.BytesIO(pdf.data)).pages[0].extract_text(visitor_text=visit)
    return found


@pytest.mark.parametrize("paper", ["A5", "A4"])
@pytest.mark.parametrize("code", [1, 2, 3, 4, 5, 6])
def test_the_ring_is_around_the_chosen_number_and_all_reasons_are_legible(code: int, paper: declaration.Paper) -> None:
    pdf = declaration.render(replace(DECLARATION, reason_code=code, paper=paper))
    text = squeezed(pdf)
    assert all(reason.label in text for reason in REASONS.reasons)
    [(x, y)] = rings(pdf)
    near = [word for word, left, base, _ in placed(pdf) if abs(left + 3 - x) < 8 and abs(base + 4 - y) < 8]
    assert near == [str(code)]


def test_without_a_reason_no_number_is_ringed() -> None:
    assert rings(declaration.render(replace(DECLARATION, reason_code=0))) == []


def test_a_town_may_leave_reasons_out() -> None:
    five = replace(REASONS, reasons=tuple(r for r in REASONS.reasons if r.code != 4))
    pdf = declaration.render(replace(DECLARATION, reasons=five, reason_code=6))
    assert len(rings(pdf)) == 1
    assert "交通至難" not in text_of(pdf)


def test_it_says_who_declares_what_to_whom_and_for_which_contests() -> None:
    text = squeezed(declaration.render(DECLARATION))
    for words in ("期日前投票宣誓書（兼請求書）", "三条市選挙管理委員会委員長様", OATH.text, "令和8年11月25日",
                  "佐藤太郎", "サトウタロウ", "昭和49年2月3日", "旭町二丁目３番１号", "012-01-003-15", NUMBER,
                  HEADING.place, *CONTESTS):
        assert words in text


def test_it_is_a_request_as_well_only_if_the_sentence_requests_papers() -> None:
    plain = replace(OATH, text="私は、選挙の当日、次の事由に該当する見込みであることを誓います。")
    assert "兼請求書" not in squeezed(declaration.render(replace(DECLARATION, oath=plain)))


ELECTIONS = sorted((Path(__file__).parent.parent / "fixtures" / "elections").glob("*.toml"))


@pytest.mark.parametrize("path", ELECTIONS, ids=lambda path: path.stem)
def test_the_elections_that_come_along_fit_on_both_papers(path: Path) -> None:
    election, problems = setup.read(path.read_bytes())
    assert election is not None and not problems
    for paper in ("A5", "A4"):
        for reason in election.reason_labels.reasons:
            pdf = declaration.render(replace(
                DECLARATION, paper=paper, committee=election.committee, election=election.name, oath=election.oath,
                reasons=election.reason_labels, reason_code=reason.code, policy=election.signature_policy,
                contests=tuple(contest.name for contest in election.in_order)))
            assert pdf.issues == () and len(rings(pdf)) == 1
    handed = tuple(Handed(contest=contest.code, act=Act.ISSUE) for contest in election.contests)
    for media in ("A6", "receipt"):
        content = replace(SLIP, media=media, squares=slip.squares(election, handed))
        assert slip.render(content).issues == () and len(content.issued) == len(election.contests)


@pytest.mark.parametrize("committee", ["三条市選挙管理委員会委員長 様", "三条市選挙管理委員会委員長あて"])
def test_an_addressee_with_its_own_honorific_gets_no_second_one(committee: str) -> None:
    assert text_of(declaration.render(replace(DECLARATION, committee=committee))).count("様") == committee.count("様")


def test_wording_that_nobody_compared_with_the_law_is_marked_on_the_paper() -> None:
    sure_oath, sure_reasons = replace(OATH, verified=True), replace(REASONS, verified=True)
    assert "文言は未確認" in text_of(declaration.render(DECLARATION))
    assert "（事由の文言は未確認）" in text_of(declaration.render(replace(DECLARATION, oath=sure_oath)))
    assert "未確認" not in text_of(declaration.render(replace(DECLARATION, oath=sure_oath, reasons=sure_reasons)))


def test_either_there_is_a_box_to_sign_or_a_member_of_staff_confirms() -> None:
    signed, confirmed = text_of(declaration.render(DECLARATION)), text_of(declaration.render(STAFF))
    assert "本人が書きます" in signed and "職員確認" not in signed
    assert "署名なし・職員確認" in confirmed and "確認者　山田" in confirmed and "本人が書きます" not in confirmed


def test_a_protected_elector_has_an_empty_box_and_no_word_why() -> None:
    pdf = declaration.render(replace(DECLARATION, address=""))
    assert "旭町" not in text_of(pdf) and "佐藤　太郎" in text_of(pdf)
    assert not any(word in text_of(pdf) for word in ("支援", "保護", "非表示", "＊", "*"))


def test_neither_paper_has_a_field_for_a_choice_or_for_a_result() -> None:
    for kind in (Declaration, Slip, Square, ExtractRow, Extract):
        names = " ".join(field.name for field in fields(kind))
        assert not any(word in names for word in ("candidate", "party", "choice", "votes", "result"))


@rare
@pytest.mark.parametrize("paper", ["A5", "A4"])
def test_what_is_filled_in_is_large_even_with_extreme_names(paper: declaration.Paper) -> None:
    pdf = declaration.render(replace(EXTREME, paper=paper))
    assert len(LONG_NAME) >= 50 and len(LONG_ADDRESS) >= 60
    text = squeezed(pdf)
    assert in_one(LONG_NAME) in text and in_one(LONG_ADDRESS) in text and in_one(LONG_KANA) in text
    assert all(contest in text for contest in EIGHT) and in_one(EXTREME.election) in text
    assert pdf.pages == 1 and pdf.issues == ()
    sizes = [size for word, _, _, size in placed(pdf) if len(word) > 4 and word not in LONG_KANA
             and (word in LONG_ADDRESS or word in LONG_NAME)]
    assert sizes and min(sizes) >= 12


def test_without_content_it_is_a_form_to_fill_in() -> None:
    empty = Declaration(heading=HEADING, committee="三条市選挙管理委員会委員長", election=DECLARATION.election,
                        polling_day="令和8年11月29日", oath=OATH, reasons=REASONS)
    text = text_of(declaration.render(empty))
    assert declaration.DATE_BLANK in text and "佐藤" not in text


def test_on_a4_everything_stands_above_the_cut() -> None:
    pdf = declaration.render(replace(EXTREME, paper="A4"))
    cut = (A4[1] - declaration.HALF) * 72 / 25.4
    assert "".join(word for word, _, y, _ in placed(pdf) if y < cut) == "切り取り"


@rare
def test_too_much_is_reported_and_nothing_is_cut() -> None:
    pdf = declaration.render(replace(DECLARATION, address=LONG_ADDRESS * 8, name=LONG_NAME * 5))
    assert in_one(LONG_ADDRESS * 8) in squeezed(pdf) and in_one(LONG_NAME * 5) in squeezed(pdf)
    assert any(issue.startswith("住所：枠に収まらない") for issue in pdf.issues)


LETTERS = st.sampled_from(("佐", "髙", "﨑", "𠮷", "辻\U000E0100", "葛\U000E0100", "\ue000", "ア", "ー", "ヴ", "A", "M",
                           "１", "（", "、", "・"))
NAMES = st.lists(LETTERS, min_size=1, max_size=60).map("".join)


@rare
@settings(max_examples=30, deadline=None)
@given(name=NAMES, address=NAMES, paper=st.sampled_from(("A5", "A4")))
def test_no_character_of_any_name_or_address_is_lost(name: str, address: str, paper: declaration.Paper) -> None:
    pdf = declaration.render(replace(DECLARATION, name=name, address=address, paper=paper))
    text = squeezed(pdf)
    for words in (name, address):
        assert words.replace("\ue000", "〓U+E000") in text
    assert ("\ue000" in name) == any(issue.startswith("氏名：印字できない文字") for issue in pdf.issues)


# --- 交付票


@pytest.mark.parametrize("media", ["A6", "receipt"])
def test_a_slip_names_each_contest_in_the_order_of_the_boxes(media: slip.Media) -> None:
    content = replace(SLIP, media=media, squares=squares(8))
    text = squeezed(slip.render(content))
    places = [text.index(f"投票箱{square.box_no}") for square in content.squares]
    assert places == sorted(places)
    for square in content.squares:
        assert square.contest in text and square.colour in text and square.act.value in text


@pytest.mark.parametrize("media", ["A6", "receipt"])
def test_each_paper_has_a_coupon_to_tear_off_and_nothing_else_has(media: slip.Media) -> None:
    content = replace(SLIP, media=media, squares=squares(8))
    text = text_of(slip.render(content))
    assert text.count("　1枚") == len(content.issued) == 4
    assert text.count("用紙なし") == 4
    assert text.count(NUMBER) == 1 + 4                              # every coupon can be told by its number
    assert "用紙 4枚" in text


def test_braille_and_proxy_are_marked_on_the_paper_and_on_the_coupon() -> None:
    plain = text_of(slip.render(SLIP))
    marked = text_of(slip.render(replace(SLIP, proxy=True, squares=squares(5, PaperKind.BRAILLE))))
    assert "点字" not in plain and "代理" not in plain
    assert "代理投票" in marked and "点字投票" in marked and "箱2　点字 1枚" in marked and "箱1　1枚" in marked


def test_a_slip_has_no_place_for_a_name_or_a_number_of_the_roll() -> None:
    names = {field.name for kind in (Slip, Square) for field in fields(kind)}
    assert not names & {"name", "name_kana", "address", "birth", "roll_no", "addressee_no", "user_id", "ticket_no"}
    assert "氏名" not in text_of(slip.render(SLIP)) and "名簿番号" not in text_of(slip.render(SLIP))


def test_the_exit_check_is_there_where_the_place_has_one() -> None:
    assert "出口確認" in text_of(slip.render(SLIP))
    assert "出口確認" not in text_of(slip.render(replace(SLIP, exit_check=False)))
    assert "仮投票" in text_of(slip.render(replace(SLIP, provisional=True)))


def test_squares_follow_the_election_and_an_unnamed_contest_has_no_paper() -> None:
    election = Election(id="e", name="", polling_day=dt.date(2026, 11, 29), contests=tuple(reversed(contests(3))),
                        places=(), reason_labels=REASONS, oath=OATH)
    handed = (Handed(contest="C2", act=Act.DONE), Handed(contest="C0", act=Act.ISSUE, paper=PaperKind.BRAILLE))
    found = slip.squares(election, handed)
    assert [(square.box_no, square.act, square.paper) for square in found] == [
        (1, Act.ISSUE, PaperKind.BRAILLE), (2, Act.NOT_ENTITLED, PaperKind.PLAIN), (3, Act.DONE, PaperKind.PLAIN)]


@settings(max_examples=25, deadline=None)
@given(names=st.lists(st.text("衆議院参小選挙区補欠・（）新潟県", min_size=1, max_size=40), min_size=1, max_size=8),
       colour=st.text("うすい水色格子（）", min_size=1, max_size=20), media=st.sampled_from(("A6", "receipt")),
       act=st.sampled_from(tuple(Act)))
def test_long_contests_stay_whole_on_a_slip(names: list[str], colour: str, media: slip.Media, act: Act) -> None:
    lines = tuple(Square(contest=name, colour=colour, box_no=at, act=act) for at, name in enumerate(names, 1))
    pdf = slip.render(replace(SLIP, squares=lines, media=media))
    text = squeezed(pdf)
    assert pdf.pages == 1
    assert all(name in text for name in names)
    assert text.count(colour) >= len(names)


# --- 名簿抄本


def listed(*rows: ExtractRow, order: Order = Order.KANA) -> Extract:
    return replace(EXTRACT, rows=rows, order=order)


def test_a_page_has_25_electors_and_a_ward_begins_a_page() -> None:
    pages = pages_of(extract.render(listed(*(elector(number) for number in range(120)))))
    assert len(pages) == 1 + 3 + 3                                  # cover, 60 of each ward
    assert [page.count("頁計　25人") for page in pages[1:]] == [1, 1, 0, 1, 1, 0]
    assert all("投票区 001" in page for page in pages[1:4]) and all("投票区 002" in page for page in pages[4:])
    assert all("受付番号 A1B2C3-0123-4・13時45分まで反映" in page for page in pages)
    assert all("下田庁舎 11月24日 20時まで" in page for page in pages)


def test_before_the_first_reception_the_mark_says_so() -> None:
    assert "受付なし・7時00分まで反映" in text_of(extract.render(replace(EXTRACT, upto_no="", upto_time="7時00分")))


def test_kana_order_is_that_of_a_directory() -> None:
    kana = ("ワタナベ　ジロウ", "サトウ　ハナコ", "ガトウ　イチ", "カトウ　ニ", "サト　ワカ", "ヴァン　アン",
            "ヂンナイ", "", "アーノルド")
    rows = [elector(2, name_kana=each) for each in kana]
    assert [row.name_kana for row in extract.ordered(rows, Order.KANA)] == [
        "アーノルド", "ヴァン　アン", "ガトウ　イチ", "カトウ　ニ", "サト　ワカ", "サトウ　ハナコ", "ヂンナイ",
        "ワタナベ　ジロウ", ""]


def test_roll_numbers_count_as_numbers() -> None:
    rows = [elector(2, roll_no=number) for number in ("1-10-1", "1-9-12", "1-9-2", "1-A-1")]
    assert [row.roll_no for row in extract.ordered(rows, Order.ROLL_NO)] == ["1-9-2", "1-9-12", "1-10-1", "1-A-1"]


@pytest.mark.parametrize(("kana", "row"), [
    ("アオキ", "ア"), ("ｵｵﾉ", "ア"), ("ヴァン", "ア"), ("ガンジ", "カ"), ("ヂンナイ", "タ"), ("パク", "ハ"),
    ("ャ", "ヤ"), ("ン", "ワ"), ("わたなべ", "ワ"), ("SMITH", "他"), ("", "他"), ("渡辺", "他")])
def test_rows_of_kana(kana: str, row: str) -> None:
    assert kana_row(kana) == row


def test_the_index_names_the_page_of_each_row_of_kana() -> None:
    rows = [elector(2, name_kana=f"{first}イ", name=f"{first}様{at}") for first in "アカサ" for at in range(25)]
    cover, *pages = pages_of(extract.render(listed(*rows)))
    assert "ア行" in cover
    for page in pages:
        assert "索引　ア 2頁　カ 3頁　サ 4頁" in page
    assert all("イ様" not in page for page in pages) and "カ様24" in pages[1]


def test_more_wards_than_the_cover_holds_go_on_with_an_index() -> None:
    rows = [elector(0, ward_code=f"{ward:03d}", roll_no=f"{ward:03d}-1") for ward in range(40)]
    pages = pages_of(extract.render(listed(*rows)))
    assert len(pages) == 1 + 2 + 40
    assert "索引" in pages[1] and "039" in pages[2]
    assert all("13時45分まで反映" in page for page in pages)
    assert "索引　ア 4頁" in pages[3]


def drawn(*rows: ExtractRow) -> str:
    return pages_of(extract.render(listed(*rows)))[1]


def test_signs_stand_in_the_box_of_their_contest() -> None:
    signs = (Tick.DONE, Tick.EARLY, Tick.ABSENTEE, Tick.NOT_ENTITLED, Tick.ABSENTEE_OUT)
    page = in_one(drawn(elector(0, ticks=signs)))
    assert all(sign.value in page for sign in signs)


def test_struck_out_is_who_voted_in_every_contest_that_is_hers() -> None:
    done, early, out, open_, waits = Tick.DONE, Tick.EARLY, Tick.NOT_ENTITLED, Tick.OPEN, Tick.ABSENTEE_OUT
    for signs, struck in (((done, early, out), True), ((done, open_), False), ((out, out), False), ((), False),
                          ((done, waits), False), ((Tick.ABSENTEE,), True)):
        assert elector(0, ticks=signs).struck is struck
    assert "うち投票済 1人" in drawn(elector(0, ticks=(done,) * 5), elector(6))


def test_who_is_sent_to_the_presiding_officer_has_no_box_and_no_cause() -> None:
    blocked = elector(0, to_presiding=True, note="失権")
    page = drawn(blocked)
    assert TO_PRESIDING in page
    assert not any(word in page for word in ("失権", "抹消", "死亡"))
    assert len(strokes(listed(blocked))) < len(strokes(listed(elector(0))))


def strokes(content: Extract) -> list[object]:
    reader = PdfReader(io.BytesIO(extract.render(content).data))
    contents = reader.pages[1].get_contents()
    assert contents is not None
    return [operator for _, operator in ContentStream(contents, reader).operations if operator == b"l"]


def test_a_protected_elector_has_no_address_on_the_list() -> None:
    assert "旭町" not in drawn(elector(0, address=""))


@pytest.mark.parametrize(("state", "early", "expected"), [
    (State.NOT_YET, False, Tick.OPEN), (State.ABSTAINED, False, Tick.OPEN), (State.RETURNED, True, Tick.OPEN),
    (State.ISSUED, False, Tick.DONE), (State.CAST, False, Tick.DONE), (State.CAST, True, Tick.EARLY),
    (State.ISSUED, True, Tick.EARLY), (State.ABSENTEE_ACCEPTED, False, Tick.ABSENTEE),
    (State.ABSENTEE_ISSUED, False, Tick.ABSENTEE_OUT), (State.NOT_ENTITLED, True, Tick.NOT_ENTITLED)])
def test_each_state_has_its_sign(state: State, early: bool, expected: Tick) -> None:
    assert extract.tick(state, early=early) is expected
    assert expected.voted == state.has_voted


def test_every_state_has_a_sign() -> None:
    for state in State:
        assert extract.tick(state).voted == state.has_voted


def test_an_empty_roll_is_one_page_that_says_so() -> None:
    pdf = extract.render(listed())
    assert pdf.pages == 1
    assert "該当する方はいません" in text_of(pdf)


@rare
@pytest.mark.parametrize("order", Order)
def test_eight_contests_and_extreme_people_lose_no_character(order: Order) -> None:
    rows = [elector(0, 8, name=LONG_NAME, name_kana=LONG_KANA, address=LONG_ADDRESS),
            elector(2, 8, name="佐\ue000藤")]
    pdf = extract.render(replace(listed(*rows, order=order), contests=contests(8)))
    text = squeezed(pdf)
    assert in_one(LONG_NAME) in text and in_one(LONG_ADDRESS) in text and in_one(LONG_KANA) in text
    assert all(text.count(name) >= 2 for name in EIGHT)             # on the cover and over the column
    assert any("人目 氏名：枠に収まらない" in issue for issue in pdf.issues)
    assert any("人目 氏名：印字できない文字" in issue for issue in pdf.issues)
    assert not any("佐" in issue or "髙" in issue for issue in pdf.issues)


@settings(max_examples=20, deadline=None)
@given(people=st.lists(st.tuples(NAMES, st.text("アイカサタナン　ー", max_size=12),
                                 st.sampled_from(("001", "002", ""))), max_size=30),
       order=st.sampled_from(tuple(Order)))
def test_every_elector_is_on_the_list_once(people: list[tuple[str, str, str]], order: Order) -> None:
    rows = tuple(ExtractRow(roll_no=f"R{at:05d}", name=name, name_kana=kana, ward_code=ward, ticks=(Tick.OPEN,) * 5)
                 for at, (name, kana, ward) in enumerate(people))
    pages = pages_of(extract.render(replace(EXTRACT, rows=rows, order=order)))
    body = "".join("\n".join(line for line in page.split("\n") if "から" not in line) for page in pages[1:])
    assert all(body.count(row.roll_no) == 1 for row in rows)


def test_csv_and_json_name_the_fields() -> None:
    assert set(extract.COLUMNS) == {field.name for field in fields(ExtractRow)}
    row = elector(0, ticks=(Tick.DONE, Tick.OPEN, Tick.EARLY), address="旭町, 二丁目")
    [back] = csv.DictReader(io.StringIO(table.csv_text(extract.COLUMNS, (row,)), newline=""))
    assert (back["ticks"], back["address"], back["to_presiding"]) == ("済;;期日前", "旭町, 二丁目", "0")
    [record] = json.loads(json.dumps(table.records(extract.COLUMNS, (row,))))
    assert record["ticks"] == ["済", "", "期日前"] and record["to_presiding"] is False


def test_ten_thousand_electors_are_four_hundred_pages() -> None:
    rows = tuple(elector(2 * number, name_kana=f"{KANA_ROWS[number % 10]}イ　タロウ")
                 for number in range(10_000))
    pdf = extract.render(replace(EXTRACT, rows=rows))
    assert pdf.pages == 401
    assert len(pdf.data) < 20_000_000


def test_a_reason_may_be_long() -> None:
    words = "仕事、レジャー、旅行、冠婚葬祭および買い物など" * 3
    long = replace(REASONS, reasons=tuple(Reason(code=at, label=f"{at}号　{words}") for at in range(1, 7)))
    text = squeezed(declaration.render(replace(DECLARATION, reasons=long)))
    assert all(in_one(reason.label) in text for reason in long.reasons)
