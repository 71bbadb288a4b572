"""The counter's papers: what stands on them, the longest and the rarest that can come, nothing over anything else."""

from __future__ import annotations

import io
import re

import pytest
from pypdf import PdfReader

from sanjo_tui.documents.counter import application, cash, guide, sheet, ticket
from sanjo_tui.documents.paper import Heading, Pdf

HEADING = Heading(municipality="サンプル市", place="市民窓口課", at="令和8年11月24日 14:05", station="A1B2C3",
                  register_as_of="令和8年11月20日", serial="A1B2C3-P0001")
LONG = "グエン　ティ　ホア　アレクサンドラ　クリスティーナ　フォン・デア・ハイデ"
RARE = "葛\U000e0100城　花子"
KANA = "グエン　ティ　ホア　アレクサンドラ　クリスティーナ　フォン　デア　ハイデ"
ADDRESS = "サンプル県サンプル市大字下田字前田一丁目１２３４番地５６　メゾン・ド・グランデュールみなみ東館 １０２３号室"
PROCEDURE = "国民健康保険の被保険者証の再交付と資格の届出(見本の長い手続の名前)"
ANSWER = "長い答えがここに入ります。" * 6


def person(name: str = "佐藤　太郎", **more: str) -> sheet.Person:
    return sheet.Person(**{"name": name, "kana": "サトウ　タロウ", "birth": "昭和49年5月12日", "sex": "男",
                           "relationship": "世帯主", "address": "旭町１丁目２番３号", **more})


def confirmation(*people: sheet.Person, notes: int = 2, **more: object) -> Pdf:
    values: dict[str, object] = {
        "heading": HEADING, "number": "A1B2C3-0001-9", "accepted_at": "令和8年11月24日 14:05", "procedure": "転入届",
        "department": "市民窓口課 1番窓口", "requester": "佐藤　太郎（本人）", "verified": "カードの顔写真と照合",
        "operator": "T01", "people": people, "fee": "300円　1通",
        "notes": tuple((f"質問{n}", ANSWER) for n in range(1, notes + 1)), **more}
    return sheet.render(sheet.ConfirmationSheet(**values))  # type: ignore[arg-type]


def text(pdf: Pdf, page: int = 0) -> str:
    return re.sub(r"\s", "", PdfReader(io.BytesIO(pdf.data)).pages[page].extract_text())


def test_the_four_attributes_of_every_member_stand_on_the_sheet() -> None:
    wife = person("佐藤　花子", kana="サトウ　ハナコ", relationship="妻", sex="女", birth="1977年3月3日")
    said = text(confirmation(person(mark="対象1"), wife))
    for word in ("確認書", "A1B2C3-0001-9", "佐藤太郎", "サトウタロウ", "昭和49年5月12日", "男", "旭町１丁目２番３号",
                 "世帯主", "佐藤花子", "サトウハナコ", "1977年3月3日", "女", "妻", "対象1", "署名", "書き足すこと",
                 "300円"):
        assert word in said, word


@pytest.mark.parametrize("members", [1, 6, 7, 8, 14, 15])
@pytest.mark.parametrize("notes", [0, 4, 11])
def test_questions_and_signature_stand_together_and_over_nothing(members: int, notes: int) -> None:
    """Everybody and every question once; where they end leaves room for the signature."""
    pdf = confirmation(*[person()] * members, notes=notes)
    whole = text(pdf, pdf.pages - 1)
    assert "上の内容を確認しました" in whole and "300円" in whole
    assert all(f"質問{n}" in whole for n in range(1, notes + 1))
    assert not pdf.issues
    drawn = [text(pdf, page).count("佐藤太郎") for page in range(pdf.pages)]
    assert sum(drawn) == members + 1                    # and once as the requester
    room = 297 - 20 - 28 - 6
    here = drawn[-1] - (pdf.pages == 1)
    top = 65.0 if pdf.pages == 1 else 28.0
    assert top + here * 22.2 + (notes + 1) * 6.5 <= room + 0.01


def test_the_longest_and_rarest_still_fit() -> None:
    people = [person(LONG, kana=KANA, address=ADDRESS, relationship="同居人（縁故者）", birth="1974年5月12日"),
              person(RARE, relationship="妻の母", birth="大正15年12月25日"), *[person(LONG, kana=KANA)] * 10]
    pdf = confirmation(*people, procedure=PROCEDURE, requester=f"{LONG}（同じ世帯の方）")
    assert pdf.pages >= 2 and not pdf.issues, pdf.issues
    boxes = (application.Filled(label="請求者の氏名", text=LONG), application.Filled(label="フリガナ", text=KANA),
             application.Filled(label="住所", text=ADDRESS, lines=2),
             application.Filled(label="必要な方", text="　".join([LONG] * 12), lines=3),
             application.Filled(label="名前", text=RARE), application.Filled(label="答え", text=ANSWER))
    form = application.render(application.ApplicationForm(
        heading=HEADING, title="証明書交付申請書", addressed_to="サンプル市長", sentence="次のとおり申請します。",
        number="A1B2C3-0001-9", boxes=boxes, handwritten=("本人の署名",), sample=True, mandate=True))
    assert form.pages == 1 and not form.issues, form.issues
    assert "委任状を添えます" in text(form) and "見本" in text(form)


def test_a_form_with_many_boxes_goes_over_pages_and_is_signed_once() -> None:
    boxes = tuple(application.Filled(label=f"欄{n}", text="値", lines=2) for n in range(1, 20))
    form = application.render(application.ApplicationForm(
        heading=HEADING, title="申請書", addressed_to="サンプル市長", sentence="", number="A1B2C3-0001-9", boxes=boxes))
    assert form.pages == 3
    assert [("署名" in text(form, page)) for page in range(3)] == [False, False, True]


def test_the_guide_says_needed_not_needed_and_done_and_no_name() -> None:
    following = tuple(guide.Next(title=PROCEDURE if n == 1 else f"手続{n}", window="3階 12番窓口 学校教育課の長い名前",
                                 needed=n % 3 == 0, done=n % 3 == 1, bring="健康保険の資格の分かるもの、口座、写真")
                      for n in range(1, 13))
    made = guide.render(guide.Guide(heading=HEADING, number="A1B2C3-0001-9", procedure=PROCEDURE,
                                    window="市民窓口課 1番窓口", guide="案内の文です。" * 12, bring=("転出証明書",) * 6,
                                    following=following, sample=True))
    said = text(made)
    assert made.pages == 1 and not made.issues, made.issues
    for word in ("受付案内票", "要", "不要", "済", "手続12", "見本"):
        assert word in said
    assert "氏名" not in said


def test_a_ticket_has_two_slips_of_one_number() -> None:
    said = text(ticket.render(ticket.NumberTicket(heading=HEADING, number="A499", category="届出と相談の長い区分",
                                                  given_at="11/24 14:05", waiting=12)))
    assert said.count("A499") == 2 and "お客様控え" in said and "窓口控え" in said


def test_what_was_withdrawn_counts_nothing_in_the_days_fees() -> None:
    row = cash.CashRow(reception_no="A1B2C3-0001-9", accepted_at="14:05", procedure_code="juminhyo", title=PROCEDURE,
                       copies=2, fee=600)
    rows = (row, cash.CashRow(reception_no="A1B2C3-0002-7", accepted_at="14:06", procedure_code="juminhyo",
                              title="住民票の写し", copies=1, fee=300, status="取下"))
    made = cash.render(cash.Cash(heading=HEADING, day="令和8年11月24日", rows=rows, sample=True))
    said = text(made)
    assert "1件合計600円" in said and "900円" not in said and not made.issues and "見本" in said
    assert "佐藤" not in said
