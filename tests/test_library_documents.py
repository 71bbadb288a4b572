"""図書番号通知書 and 申請データ一覧 as paper: whole with the longest and rarest names, the same bytes again."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import replace

import pytest
from pypdf import PdfReader

from sanjo_tui.documents.library import daily_list, notice
from sanjo_tui.documents.paper import Heading
from sanjo_tui.receptions.library import setup
from sanjo_tui.receptions.library.rows import ListRow

HEADING = Heading(municipality="サンプル市", place="市民窓口課", at="令和8年11月24日 17:15", station="LIB1", drill=True,
                  fictitious=True, register_as_of="令和8年11月20日", serial="LIB1-P0001")
LONGEST = "アレクサンドラ　マリア　クリスティーナ　グエン　ティ　ホア　サントス　デ　オリヴェイラ"
RARE = ("葛\U000e0100城　花子", "\U00020bb7野　家", "髙﨑　塚\ufa10", "辻\U000e0101　邉\U000e0104")
NOTICE = notice.Notice(
    heading=HEADING, library_card_no="3100001", name="佐藤　花子", valid_until="令和14年5月12日",
    issued_on="令和8年11月24日", reception_no="LIB1-0001-7", web_use=True, lines=("はじめて来るときに。",) * 3,
    places=(notice.Place(name="中央図書館", address="サンプル市旭町２番地", phone="0256-00-0001"),), sample=True)
ROW = ListRow(change_kind="新規", name="三条　太郎", address="旭町９９９番地", library_card_no="3100001",
              valid_until="2032-05-12", applied_on="2026-11-24", web_use=True)


def text_of(data: bytes) -> str:
    return "".join("".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages)


def test_the_notice_says_what_the_resident_needs_and_no_address_of_theirs() -> None:
    pdf = notice.render(NOTICE)
    text = text_of(pdf.data)
    assert pdf.pages == 1 and not pdf.issues
    for word in ("図書番号通知書", "3100001", "佐藤花子様", "令和14年5月12日", "中央図書館", "0256-00-0001", "見本",
                 "訓練", "希望する", "LIB1-0001-7"):
        assert word in text, word
    assert "見本" not in text_of(notice.render(replace(NOTICE, sample=False)).data)
    page = PdfReader(io.BytesIO(pdf.data)).pages[0].mediabox
    assert (round(page.width / 72 * 25.4), round(page.height / 72 * 25.4)) == (148, 210)


@pytest.mark.parametrize("name", [LONGEST, *RARE])
def test_longest_and_rarest_names(name: str) -> None:
    for pdf in (notice.render(replace(NOTICE, name=name)),
                daily_list.render(daily_list.DailyList(heading=HEADING, day=dt.date(2026, 11, 24), list_seq=1,
                                                       rows=(replace(ROW, name=name),)))):
        assert not any("枠に収まらない" in issue for issue in pdf.issues), pdf.issues


def test_many_libraries_and_long_lines_stay_on_the_page() -> None:
    places = tuple(notice.Place(name=f"第{n}分館", address="サンプル市大字とても長い名前の町字一丁目２番３号",
                                phone="0256-00-0000") for n in range(setup.PLACES))
    lines = (("とても長い案内の文です。" * 9)[:setup.LETTERS],) * setup.LINES
    pdf = notice.render(replace(NOTICE, places=places, lines=lines))
    assert pdf.pages == 1 and not pdf.issues and "第5分館" in text_of(pdf.data)


def test_the_list_counts_its_pages_and_rows() -> None:
    rows = tuple(replace(ROW, library_card_no=f"{3100000 + n}", change_kind="更新" if n % 2 else "新規")
                 for n in range(45))
    pdf = daily_list.render(daily_list.DailyList(heading=HEADING, day=dt.date(2016, 2, 1), list_seq=12, rows=rows))
    text = text_of(pdf.data)
    assert pdf.pages == 3 and "1/3頁" in text and "3/3頁" in text
    assert "【申請データ一覧】" in text and "Ｈ28.2.1" in text and "第12号" in text
    assert "45件（新規23件更新22件）" in text and "累計45件" in text and "3100044" in text


def test_an_empty_day() -> None:
    pdf = daily_list.render(daily_list.DailyList(heading=HEADING, day=dt.date(2026, 1, 5), list_seq=1, rows=()))
    assert pdf.pages == 1 and "０件（申請はありませんでした）" in text_of(pdf.data) and "Ｒ8.1.5" in text_of(pdf.data)


def test_the_same_content_gives_the_same_bytes() -> None:
    content = daily_list.DailyList(heading=HEADING, day=dt.date(2026, 11, 24), list_seq=1, rows=(ROW,) * 3)
    assert daily_list.render(content).data == daily_list.render(content).data
    assert notice.render(NOTICE).data == notice.render(NOTICE).data
