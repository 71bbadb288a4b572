"""The papers of カード申請代行: what stands on them and what must not, the longest and rarest that can come."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from pypdf import PdfReader

from sanjo_tui.documents.application import application_sheet, batch, day_list, slip, tally
from sanjo_tui.documents.paper import Heading, Pdf
from tests.application_ground import FORM, photo

HEADING = Heading(municipality="サンプル市", place="本庁舎", at="令和8年11月24日 14:05", station="A1B2C3",
                  register_as_of="令和8年11月20日", serial="A1B2C3-P0001")
LONG = "グエン　ティ　ホア　アレクサンドラ　クリスティーナ　フォン・デア・ハイデ"
RARE = "葛\U000e0100城　\ue000子"
ADDRESS = "サンプル県サンプル市大字下田字前田一丁目１２３４番地５６　メゾン・ド・グランデュールみなみ東館 １０２３号室"


def sheet(tmp_path: Path, **more: object) -> application_sheet.ApplicationSheet:
    values: dict[str, object] = {
        "heading": HEADING, "number": "A1B2C3-0012-3", "application_form_id": FORM, "applied_on": "令和8年12月1日",
        "name": "佐藤　花子", "kana": "サトウ　ハナコ", "birth": "昭和52年3月3日", "sex": ((False, "男"), (True, "女")),
        "postal_code": "9550081", "address": "旭町１丁目２番３号", "photo": photo(tmp_path).read_bytes(),
        "method": ((True, "交付時来庁(窓口で受取)"), (False, "申請時来庁(郵便で受取)")),
        "certificates": ((True, "署名用"), (True, "利用者証明用")),
        "braille": ((False, "希望する"), (True, "希望しない")),
        "documents": ((True, "顔写真付き1点"), (False, "書類2点")), "valid_until": "令和18年3月3日（申請日で計算）",
        "points": tuple((True, word) for word in ("正面", "帽子なし", "無地", "影なし", "6か月以内")),
        "checked_by": "J01",
        "certificates_until": "令和13年3月3日", "received_by": "J01", "identified": "カードの顔写真と照合",
        "unverified": "未確認の項目: 写真の基準", "sample": True}
    return application_sheet.ApplicationSheet(**{**values, **more})  # type: ignore[arg-type]


def text(pdf: Pdf) -> str:
    return re.sub(r"\s", "", "".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf.data)).pages))


def test_the_sheet_carries_the_photo_in_its_size_and_no_pin(tmp_path: Path) -> None:
    pdf = application_sheet.render(sheet(tmp_path))
    page = PdfReader(io.BytesIO(pdf.data)).pages[0]
    assert pdf.pages == 1 and not pdf.issues and len(page.images) == 1
    assert page.images[0].image is not None and page.images[0].image.size == (700, 900)
    said = text(pdf)
    for word in ("12345678901234567890123", "佐藤花子", "サトウハナコ", "昭和52年3月3日",
                 "〒955-0081旭町１丁目２番３号", "取扱注意", "令和18年3月3日",
                 "写真確認J01", "未確認の項目", "署名", "A1B2C3-0012-3"):
        assert word in said, word
    assert "暗証" not in said and "PIN" not in said
    drawn = page.get_contents()
    assert drawn is not None
    boxes = re.findall(rb"([\d.]+) 0 0 ([\d.]+) [\d.]+ [\d.]+ cm", drawn.get_data())
    assert [35, 45] in [[round(float(each) * 25.4 / 72) for each in box] for box in boxes]


@pytest.mark.parametrize("name", [LONG, RARE])
def test_the_longest_and_rarest_are_never_clipped(tmp_path: Path, name: str) -> None:
    pdf = application_sheet.render(sheet(tmp_path, name=name, kana=LONG, alias=LONG, address=ADDRESS,
                                         representative=LONG, relation="法定代理人（成年後見人）", ward="成年被後見人",
                                         leaving=True))
    assert pdf.pages == 1 and not any("枠に収まらない" in issue for issue in pdf.issues)
    assert name is LONG or pdf.issues, "a character that no font has is said"
    booked = slip.render(slip.Slip(heading=HEADING, number="A1B2C3-0012-3", name=name, day="令和8年12月1日（火）",
                                   clock="10:00", place=LONG, place_address=ADDRESS, bring=(LONG, ADDRESS)))
    assert booked.pages == 1


def test_a_child_without_photo_has_words_in_its_place(tmp_path: Path) -> None:
    pdf = application_sheet.render(sheet(tmp_path, photo=None, photo_note="写真なし\n1歳未満"))
    assert "写真なし" in text(pdf) and not PdfReader(io.BytesIO(pdf.data)).pages[0].images


def test_the_slip_says_when_and_where_and_asks_for_no_pin() -> None:
    said = text(slip.render(slip.Slip(
        heading=HEADING, number="A1B2C3-0012-3", name="佐藤　花子", day="令和8年12月1日（火）", clock="10:00",
        place="カード窓口", bring=("本人確認書類",), sample=True, unverified=True)))
    for word in ("令和8年12月1日（火）", "10:00", "カード窓口", "本人確認書類", "見本", "未確認", "お聞きしません"):
        assert word in said


ROW = day_list.Row(time="10:00", number="A1B2C3-0012-3", addressee_no="1", name="佐藤　花子",
                   name_kana="サトウ　ハナコ", age="49", channel="電話", phone="0256-34-5511", state="予約")


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (18, 1), (19, 2)])
def test_lists_of_any_length(count: int, pages: int) -> None:
    rows = tuple(replace(ROW, name=LONG if n % 2 else RARE) for n in range(count))
    assert day_list.render(day_list.DayList(heading=HEADING, day="令和8年12月1日", place="窓口", seats=26,
                                            rows=rows)).pages == pages
    sent = tuple(batch.Row(number="A1B2C3-0012-3", application_form_id="***0123", name=LONG, method="交付時来庁",
                           photo="あり", state="送付済") for _ in range(count))
    said = text(batch.render(batch.BatchList(heading=HEADING, batch="A1B2C3-0001-9", sent_on="令和8年12月1日",
                                             rows=sent)))
    assert f"通数{count}通" in said and "A1B2C3-0001-9" in said
    days = tuple(tally.Row(day="2026-12-01", place=LONG, seats=26, booked=1, walk_in=2, arrived=3, no_show=0,
                           cancelled=0, filled=2, sent=1, delivered=1) for _ in range(count))
    assert f"来庁{3 * count}" in text(tally.render(tally.Tally(heading=HEADING, period="", rows=days)))


def test_the_same_content_gives_the_same_bytes(tmp_path: Path) -> None:
    one = sheet(tmp_path)
    assert application_sheet.render(one).data == application_sheet.render(one).data
