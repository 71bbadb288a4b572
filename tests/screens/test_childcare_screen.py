"""子育て支援カード under Pilot: from tap to the card in the hand, every key, what stops, and what is asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from rich.cells import cell_len

from sanjo_tui.desk import Desk
from sanjo_tui.desk.following import follow
from sanjo_tui.receptions.childcare.state import CARDS, Holding
from sanjo_tui.receptions.childcare.words import SCOPE, Place, Role, Status
from tests import childcare_ground as ground
from tests.register_ground import changed
from tests.screens.service_stage import KUMAKURA_CARD, PROTECTED_CARD, ServiceStage
from tests.screens.stage import Stage
from tests.screens.test_pictures import ambiguous

KANEKO_CARD, SHIMIZU_CARD = "1214781741238", "1405171626144"
KANEKO, SHIMIZU, GRANDFATHER = "99900000274", "99900003400", "99900003370"


def stage(tmp_path: Path, **more: Any) -> ServiceStage:
    return ServiceStage(tmp_path / "home", "childcare", **more)


def holding(one: Stage, who: str = KANEKO) -> Holding:
    with one.desk.journal.view() as view:
        found: Holding | None = view.record_of(CARDS, SCOPE, who)
    assert found is not None
    return found


def photo(tmp_path: Path) -> Path:
    path = tmp_path / "k.jpg"
    Image.new("RGB", (700, 900), (120, 140, 160)).save(path)
    return path


async def typed(one: Stage, text: str) -> None:
    """Text into the box, then Enter."""
    one.screen.box.value = text
    await one.press("enter")


async def applied(one: Stage, card: str = KANEKO_CARD) -> None:
    await one.tap(card)
    await one.press("1", "enter")
    await one.press("escape")


async def test_from_tap_to_the_signed_form(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        assert "子育て支援カード" in one.text() and "見本の設定" in one.text()
        await one.tap(KANEKO_CARD)
        assert "顔写真と見くらべてください" in one.text()
        await one.press("1")
        assert "Enter で保護者として申請  子3人  R19.3.31まで" in one.text()
        await one.press("enter")
        assert "受付しました" in one.text() and "SK-" in one.text()
        kinds = [kind for kind in one.kinds() if kind.startswith(("childcare", "print"))]
        assert kinds[-3:] == ["childcare.taken", "childcare.applied", "print.due"]
        card = holding(one).card
        assert card is not None and card.role is Role.GUARDIAN and card.valid_until == "2037-03-31"


async def test_the_whole_life_of_a_card(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    async with stage(tmp_path).on() as one:
        await applied(one)
        first = holding(one).cards[0].card_no
        await one.tap(KANEKO_CARD)
        await one.press("1")
        assert "Enter で写真を取り込みます" in one.text() and first in one.text()
        await one.press("enter")
        await typed(one, str(photo(tmp_path)))
        await one.press("1")
        assert holding(one).cards[0].status is Status.PHOTOGRAPHED
        await one.press("escape", "f8")
        await one.press("1")
        await typed(one, str(out))
        assert "1枚のデータを書き出しました" in one.text() and (out / f"{first}.jpg").exists()
        await typed(one, first)
        await one.press("1", "enter", "1")
        assert "受付しました" in one.text() and holding(one).cards[0].status is Status.HANDED
        await one.press("escape")
        await typed(one, first)
        await one.press("1")
        assert "交付済みです" in one.text()
        await one.press("2", "1")
        assert "無効" in one.text() and holding(one).cards[0].status is Status.LOST
        await one.press("escape")
        await typed(one, first)
        await one.press("1")
        assert "Enter で再発行します" in one.text()
        await one.press("enter")
        old, new = holding(one).cards
        assert old.status is Status.REISSUED and new.status is Status.PHOTOGRAPHED and new.card_no != first
        await one.press("escape")
        await typed(one, new.card_no)
        await one.press("1")
        assert "無効の番号" in one.text() and first in one.text()
        await one.press("3", "4")
        assert holding(one).card is None


async def test_too_few_children_is_said_and_nothing_is_recorded(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.tap(KUMAKURA_CARD)
        await one.press("1")
        assert "数える子どもが2人です。3人からです" in one.text()
        await one.press("enter")
        assert "数える子どもが2人です" in one.text() and "childcare.applied" not in one.kinds()
        await one.press("1")
        assert "子どもの年齢ではありません" in one.text()
        await one.press("escape")
        assert "カードをかざしてください" in one.text()


async def test_a_grandparent_of_another_household_needs_somebody_who_made_sure(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await typed(one, GRANDFATHER)
        await one.press("1", "f3")
        await typed(one, "99900000290")
        assert "申請する祖父母の住まい" in one.text()
        await one.press("2")
        assert "金子" in one.text()
        await one.press("enter")
        assert "子どもとの関係" in one.text()
        await one.press("2")
        await one.press("enter")
        assert "続柄を確かめた方法を入れてください" in one.text()
        await typed(one, "戸籍で確認")
        assert "受付しました" in one.text()
        card = holding(one, GRANDFATHER).card
        assert card is not None and card.place is Place.ELSEWHERE and card.confirmed == "戸籍で確認"
        assert card.role is Role.GRANDPARENT and len(card.children) == 3


async def test_their_card_is_renewed_with_the_grandchildren_of_the_other_household(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await typed(one, GRANDFATHER)
        await one.press("1", "f3")
        await typed(one, "99900000290")
        await one.press("2", "enter", "2", "enter")
        await typed(one, "戸籍で確認")
        await one.press("escape")
        before = holding(one, GRANDFATHER).card
        assert before is not None
        await typed(one, before.card_no)
        await one.press("1", "2")
        assert "更新する" not in one.text() and "金子" in one.text() and "Enter で" in one.text()
        await one.press("enter")
        assert "受付しました" in one.text() and "カードはそのまま使えます" in one.text()
        after = holding(one, GRANDFATHER).card
        assert after is not None and (after.household_no, after.children) == (before.household_no, before.children)
        assert after.counted_ms > before.counted_ms


async def test_a_protected_person_stops_and_enter_does_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.tap(PROTECTED_CARD)
        assert "この方の手続は、ここではできません" in one.text()
        before = one.kinds()
        await one.press("enter", "1")
        assert one.kinds() == before


async def test_who_is_not_the_person_is_not_received(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.tap(KANEKO_CARD)
        await one.press("5")
        assert "受け付けません" in one.text() and "childcare.applied" not in one.kinds()


async def test_taking_back_the_application(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await applied(one)
        await one.press("f9", "1", "1")
        assert "取り消しました" in one.text()
        await one.tap(KANEKO_CARD)
        await one.press("1")
        assert "Enter で保護者として申請" in one.text()


async def test_a_bad_photo_is_refused_in_words_and_the_card_stays(tmp_path: Path) -> None:
    bad = tmp_path / "bad.jpg"
    bad.write_bytes(b"no picture")
    async with stage(tmp_path).on() as one:
        await applied(one)
        await one.tap(KANEKO_CARD)
        await one.press("1", "enter")
        await typed(one, str(bad))
        assert "写真のファイルではありません" in one.text(), "before anybody says that it was looked at"
        await typed(one, str(photo(tmp_path)))
        assert holding(one).cards[0].card_no in one.text() and "金子" in one.text(), "whose photo it is to be"
        await one.press("2")
        assert holding(one).cards[0].status is Status.APPLIED


async def test_one_child_taken_away_by_digit(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.tap(KANEKO_CARD)
        await one.press("1", "3")
        assert "数える子どもが2人です" in one.text()
        await one.press("3", "enter")
        assert "受付しました" in one.text()
        assert {child.addressee_no for child in holding(one).cards[0].children} == {
            "99900000290", "99900000304", "99900000312"}


async def test_papers_and_lists_by_key(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await applied(one)
        for digit, name in (("1", "交付台帳"), ("2", "更新対象一覧"), ("3", "協賛店一覧")):
            await one.press("f5", digit)
            assert f"{name}を印刷に回しました" in one.text()
        await one.press("f8", "2")
        assert "期限の過ぎたカードはありません" in one.text()
        await one.press("escape", "f8", "3")
        assert "消す写真はありません" in one.text()
        await one.press("f8", "1")
        assert "作るカードはありません" in one.text()


async def test_a_birth_date_off_the_calendar_is_asked_never_guessed(tmp_path: Path) -> None:
    def prepare(desk: Desk) -> None:
        desk.childcare.begin_practice()
        odd = changed(ground.FAMILY[4], birth_date="20150229")
        ground.load(desk, tmp_path / "data", (*ground.FAMILY[:4], odd), 2)

    async with stage(tmp_path, prepare=prepare).on() as one:
        await typed(one, ground.FATHER)
        await one.press("1")
        assert "数える子どもが2人です" in one.text() and "要確認" in one.text()
        await one.press("5", "enter")
        assert "見本　三 を確かめた方法" in one.text()
        await typed(one, "戸籍で確認")
        assert "見本　三 を数える最後の日" in one.text()
        await typed(one, "R12.2.30")
        assert "日付ではありません" in one.text() and "childcare.applied" not in one.kinds()
        await typed(one, "R12.3.31")
        assert "受付しました" in one.text()
        card = holding(one, ground.FATHER).cards[-1]
        assert card.valid_until == "2030-03-31"
        assert [(child.until, child.confirmed) for child in card.children][2] == ("2030-03-31", "戸籍で確認")


async def test_the_card_of_somebody_who_died_is_only_taken_back(tmp_path: Path) -> None:
    def prepare(desk: Desk) -> None:
        desk.childcare.begin_practice()
        ground.load(desk, tmp_path / "data", ground.PEOPLE, 2)
        ground.handed(desk, tmp_path)
        gone = changed(ground.FAMILY[0], resident_status="3")
        ground.load(desk, tmp_path / "data", (gone, *ground.PEOPLE[1:]), 3)

    async with stage(tmp_path, prepare=prepare).on() as one:
        await typed(one, holding(one, ground.FATHER).cards[-1].card_no)
        assert "カードを返してもらいます" in one.text() and "更新する" not in one.text()
        await one.press("enter")
        assert holding(one, ground.FATHER).card is not None
        await one.press("1", "3")
        assert "受付しました" in one.text() and holding(one, ground.FATHER).card is None


async def test_what_a_new_register_asks_is_settled_by_digit(tmp_path: Path) -> None:
    def prepare(desk: Desk) -> None:
        desk.childcare.begin_practice()
        ground.load(desk, tmp_path / "data", ground.PEOPLE, 2)
        follow(desk, desk.childcare)
        ground.handed(desk, tmp_path)
        moved = changed(ground.FAMILY[2], resident_status="2")
        ground.load(desk, tmp_path / "data", (*ground.FAMILY[:2], moved, *ground.PEOPLE[3:]), 3)

    async with stage(tmp_path, prepare=prepare).on() as one:
        await one.press("f8", "4")
        assert "子:転出" in one.text() and "見本" not in one.text().split("見本の設定")[1]
        await one.press("escape", "escape")
        await typed(one, ground.FATHER)
        await one.press("1")
        assert "確かめることがあります: 数える子2人" in one.text()
        await one.press("4", "2")
        assert "受付しました" in one.text() and not holding(one, ground.FATHER).cards[-1].what


@pytest.mark.parametrize("state", ["idle", "household", "card", "elsewhere"])
def test_the_picture(tmp_path: Path, snap_compare: Any, state: str) -> None:
    one = stage(tmp_path)

    async def run(pilot: Any) -> None:
        one.pilot = pilot
        await one.until("検索")
        await one.settle()
        if state == "card":
            await applied(one)
        if state != "idle":
            await one.tap(SHIMIZU_CARD if state == "household" else KANEKO_CARD)
            await one.press("1")
        if state == "elsewhere":
            await one.press("f3")
        await one.settle()
        lines = one.text().split("\n")
        assert [cell_len(line) for line in lines] == [80] * 24
        assert not ambiguous("".join(lines) + one.screen.panel.help)

    assert snap_compare(one.app, run_before=run, terminal_size=(80, 24))
