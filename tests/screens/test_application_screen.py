"""カード申請代行 by its keys, on the real desk with the demo's register."""

from __future__ import annotations

import unicodedata
from pathlib import Path

import pytest
from rich.cells import cell_len

from sanjo_tui.receptions.application.words import Channel, Defect, Point, State
from tests.application_ground import FORM, asked, filled, photo, pictured, signed
from tests.screens.service_stage import HOMMA_CARD, KUMAKURA_CARD, PROTECTED_CARD, SATO_CARD, ServiceStage


@pytest.fixture
def hall(tmp_path):
    return lambda **more: ServiceStage(tmp_path / "home", "application", **more)


def applications(s):
    with s.desk.journal.view() as view:
        return {one.number: one for one in s.desk.application.applications(view)}



async def photographed(s, folder: Path) -> None:
    """From 来庁 on: the file, the five points, the photo is kept."""
    await s.press("enter")
    await s.until("写真のファイルを打って Enter")
    s.screen.paste(str(photo(folder)))
    await s.settle()
    await s.press("enter")
    await s.until("写真を見て確かめます  あと5")
    await s.press("1", "2", "3", "4", "5")
    await s.until("Enter で写真を取り込みます")
    await s.press("enter")
    await s.until("受付しました  Enter で申請書を作る")


async def test_from_the_tap_of_a_booked_person_to_the_paper_and_the_box(hall, tmp_path):
    async with hall().on() as s:
        assert "の予約" in s.text() and "空き" in s.text()
        await s.tap(SATO_CARD)
        await s.until("予約  Enter で来庁を受付")
        await s.press("enter", "1")
        await s.until("受付しました  Enter で写真を取り込む")
        await photographed(s, tmp_path)
        await s.press("enter")
        await s.until("申請書ID")
        await s.burst(FORM, end="")
        await s.press("enter", "1", "enter")
        await s.until("受付しました  Enter で署名を確かめた")
        (one,) = [one for one in applications(s).values() if one.application_form_id]
        assert one.application_form_id == FORM and FORM not in s.text() and "***0123" in s.text()
        await s.press("enter")
        await s.until("次の方どうぞ")
        assert applications(s)[one.number].state is State.SIGNED
        assert [job.form for job in s.desk.printing.pending()] == ["application.sheet"]
        await s.press("escape", "f8", "1")
        await s.until("1通を締め切って送付")
        await s.press("enter")
        await s.until("受付しました  送付")
        assert applications(s)[one.number].state is State.SENT


async def test_no_booking_walks_in_and_somebody_else_is_told(hall):
    async with hall().on() as s:
        await s.tap(KUMAKURA_CARD)
        await s.until("申請はありません")
        await s.press("enter", "1")
        await s.until("受付しました  Enter で写真を取り込む")
        await s.press("escape")
        assert [one.state for one in applications(s).values() if one.channel is Channel.WALK_IN] == [State.ARRIVED]


async def test_booking_by_telephone_ends_with_a_slip(hall):
    async with hall().on() as s:
        await s.tap(KUMAKURA_CARD)
        await s.until("申請はありません")
        await s.press("1", "1")
        await s.until("の空き")
        await s.press("2")
        await s.until("電話番号")
        await s.press("0", "2", "5", "6", "enter")
        await s.until("受付しました  予約")
        (one,) = [one for one in applications(s).values() if one.phone]
        assert one.state is State.BOOKED and one.channel is Channel.PHONE
        assert [job.form for job in s.desk.printing.pending()] == ["application.slip"]
        await s.press("escape")
        await s.type(one.number)
        await s.press("enter")
        await s.until("予約  Enter で来庁を受付")
        await s.press("f2")
        await s.until("予約の変更")
        await s.press("1")
        await s.until("の空き")
        await s.press("5")
        await s.until("予約の変更")
        assert applications(s)[one.number].slot != one.slot


async def test_cancel_and_undo_by_key(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で来庁を受付")
        await s.press("f2")
        await s.until("取りやめ")
        await s.press("3")
        await s.until("取りやめの理由")
        await s.press("1")
        await s.until("受付しました")
        assert [one.state for one in applications(s).values()].count(State.CANCELLED) == 1
        await s.press("escape", "f9")
        await s.until("どの受付ですか")
        await s.press("1", "1")
        await s.until("取り消しました")
        assert not any(one.state is State.CANCELLED for one in applications(s).values())


async def test_a_face_that_is_not_theirs_records_nothing(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で来庁を受付")
        await s.press("enter", "5")
        await s.until("責任者に知らせてください")
        assert all(one.state is State.BOOKED for one in applications(s).values())


async def test_a_photo_of_another_shape_is_said_and_can_be_chosen_again(hall, tmp_path):
    def prepare(desk):
        desk.application.begin_practice()

    async with hall(prepare=prepare).on() as s:
        await s.tap(KUMAKURA_CARD)
        await s.until("申請はありません")
        await s.press("enter", "1")
        await s.until("Enter で写真を取り込む")
        s.screen.photo_folder = tmp_path
        photo(tmp_path, name="wide.jpg", width=900, height=900)
        await s.press("enter")
        await s.until("wide.jpg")
        await s.press("enter")
        await s.until("縦横の比")
        photo(tmp_path, name="z.jpg")
        await s.press("escape", "enter")
        await s.until("z.jpg")
        await s.press("enter")
        await s.until("あと5")
        await s.press("1", "2", "3", "4")
        await s.press("enter")
        await s.until("写真の確認が残っています")
        await s.press("5", "enter")
        await s.until("受付しました  Enter で申請書を作る")


async def test_protected_people_stop(hall):
    async with hall().on() as s:
        await s.tap(PROTECTED_CARD)
        await s.until("この方の手続は、ここではできません")
        await s.press("enter")
        assert len(applications(s)) == 3


async def test_a_defect_is_recorded_and_enter_leads_to_the_photo(hall, tmp_path):
    def prepare(desk):
        desk.application.begin_practice()
        number = signed(desk, KUMAKURA_CARD, tmp_path)
        desk.application.send_batch()
        desk.application.give_back(number, Defect.PHOTO)

    async with hall(prepare=prepare).on() as s:
        await s.tap(KUMAKURA_CARD)
        await s.until("不備返却  Enter で写真を撮り直す")
        assert "写真の不備" in s.text()


async def test_hand_over_asks_who_it_is_and_the_photo_goes(hall, tmp_path):
    def prepare(desk):
        desk.application.begin_practice()
        number = signed(desk, KUMAKURA_CARD, tmp_path, asked())
        desk.application.send_batch()
        desk.application.notify(number)

    async with hall(prepare=prepare).on() as s:
        await s.tap(KUMAKURA_CARD)
        await s.until("通知済  Enter でカードを交付")
        await s.press("enter")
        await s.until("顔写真と見くらべて")
        await s.press("1")
        await s.until("この端末から消しました")
        (one,) = [one for one in applications(s).values() if one.state is State.DELIVERED]
        assert one.photo_points == tuple(Point)


async def test_f6_shows_another_place_and_esc_leaves(hall):
    async with hall(receptions=("application", "library")).on(first="受付を選んでください") as s:
        await s.press("1")
        await s.until("本庁舎")
        await s.press("f6")
        await s.until("出張申請")
        await s.press("f6")
        await s.until("本庁舎")
        await s.press("escape")
        await s.until("受付を選んでください")


async def test_who_booked_at_another_place_is_told(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        assert "予約の場所は" not in s.text()
        await s.press("escape", "f6")
        await s.tap(SATO_CARD)
        assert "予約の場所は 本庁舎" in s.text()


async def test_a_tap_waits_while_an_application_is_open(hall):
    async with hall().on() as s:
        await s.tap(SATO_CARD)
        await s.until("Enter で来庁を受付")
        before = s.text()
        await s.tap(HOMMA_CARD)
        assert "佐藤" in s.text() and "佐藤" in before
        await s.press("escape")
        await s.until("本間")


async def test_f5_offers_her_own_papers_first(hall, tmp_path):
    def prepare(desk):
        desk.application.begin_practice()
        filled(desk, KUMAKURA_CARD, tmp_path)

    async with hall(prepare=prepare).on() as s:
        await s.tap(KUMAKURA_CARD)
        await s.until("Enter で署名を確かめた")
        await s.press("f5")
        await s.until("申請書 台紙 (この方)")
        await s.press("1")
        await s.until("申請書 台紙を印刷に回しました")


# --- how it looks


async def _case(s) -> None:
    await s.tap(SATO_CARD)


async def _points(s) -> None:
    await s.tap(KUMAKURA_CARD)
    await s.press("enter", "1", "enter")
    await s.press("enter", "1", "2")


async def _sheet(s) -> None:
    await s.tap(KUMAKURA_CARD)
    await s.press("enter")


async def _nothing(s) -> None:
    await s.settle()


LOOKS = {"idle": _nothing, "booked": _case, "points": _points, "sheet": _sheet}


@pytest.mark.parametrize("name", LOOKS)
def test_the_picture(snap_compare, hall, tmp_path, name):
    def prepare(desk):
        desk.application.begin_practice()
        if name == "sheet":
            pictured(desk, KUMAKURA_CARD, tmp_path)

    s = hall(prepare=prepare)
    photo(tmp_path)

    async def play(pilot):
        s.pilot = pilot
        await s.until("検索")
        await s.settle()
        s.screen.photo_folder = tmp_path
        await LOOKS[name](s)
        await s.settle()
        lines = s.text().split("\n")
        assert [cell_len(line) for line in lines] == [80] * 24
        assert not {c for line in lines for c in line if unicodedata.east_asian_width(c) == "A" and c != "─"}

    assert snap_compare(s.app, terminal_size=(80, 24), run_before=play)


async def test_a_sheet_that_is_refused_keeps_its_answers(hall, tmp_path):
    def prepare(desk):
        desk.application.begin_practice()
        pictured(desk, KUMAKURA_CARD, tmp_path)

    async with hall(prepare=prepare).on() as s:
        await s.tap(KUMAKURA_CARD)
        await s.until("Enter で申請書を作る")
        await s.press("enter")
        await s.burst(FORM, end="")
        await s.press("enter", "2", "enter")
        await s.until("要再発行")
        await s.press("enter")
        await s.until(FORM)
        await s.press("down", "1", "enter")
        await s.until("受付しました  Enter で署名を確かめた")
