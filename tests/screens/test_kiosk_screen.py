"""The kiosk's screens: the counter without a PIN, the residents' own kiosk with the card's, and what stops each."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjo_tui.cards.errands import Errand
from sanjo_tui.cards.filecard import FileCard, PinFile
from sanjo_tui.cards.profiles import Pin, Profile
from sanjo_tui.wareki import JST
from tests.screens.service_stage import PROTECTED_CARD, SATO_CARD

NOW = dt.datetime(2026, 11, 24, 14, 5, tzinfo=JST)


def ready(desk):
    desk.kiosk.begin_practice()
    desk.kiosk.clock = lambda: NOW


@pytest.fixture
def card(monkeypatch):
    """A chip card with a PIN for the 住民票, on the reader of the stage."""
    profile = Profile(id="pin-juminhyo", kind="pin", certificate="resident_copy",
                      aid=bytes.fromhex("D3921000310001FF01"), ef=bytes.fromhex("0021"),
                      pin=Pin(bytes.fromhex("0021"), 4, 1))
    made = FileCard(pins={(profile.aid, 0x21): PinFile(b"1234")})
    monkeypatch.setattr("screens.kiosk_public.profile_for", lambda screen, offer: profile)

    def errand(self, errand: Errand, card=None, reader=""):
        return errand.run(made.transmit)

    monkeypatch.setattr("screens.parts.Parts.errand", errand)
    return made


async def test_at_the_counter_by_face_and_without_a_pin(stage):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.tap(SATO_CARD)
        await s.until("顔写真と見くらべてください")
        await s.press("1")
        await s.until("証明書を番号で選んでください")
        assert "暗証" not in s.text()
        await s.press("2")
        await s.until("通数を打って Enter")
        await s.press("enter")
        await s.until("支払: 番号で選んでください")
        await s.press("1")
        await s.until("Enter で発行")
        assert "手数料    200円" in s.text() and "カード割引 100円" in s.text() and "kiosk.issued" not in s.kinds()
        await s.press("enter")
        await s.until("A1B2C3-N000001-1")
        assert s.kinds().count("print.due") == 1
        await s.press("f6")
        await s.until("交付の確認がまだのもの  1件")
        await s.press("1", "f3")
        await s.until("A1B2C3-N000001-1 交付")
        await s.press("f7")
        await s.until("紙は戻りましたか")
        for character in "shoson":
            await s.pilot.press(character)
        await s.pilot.press("enter", "1", "enter")
        await s.until("A1B2C3-N000001-1 廃止")


async def test_a_household_at_the_counter(stage):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.tap(SATO_CARD)
        await s.press("1", "1")
        await s.until("だれの証明書か番号で選んで Enter")
        await s.press("1", "enter")
        await s.until("ふだん省くものを載せますか")
        await s.press("1", "enter", "2")
        await s.until("佐藤　花子、佐藤　太郎")
        await s.press("enter")
        await s.until("住民票の写し 手数料")


async def test_the_residents_kiosk_asks_one_thing_at_a_time(stage, card):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.press("f2")
        await s.until("カ ー ド を 置 い て く だ さ い")
        await s.tap(SATO_CARD)
        await s.until("ど の 証 明 書 で す か")
        assert "佐藤" not in s.text()
        await s.press("1")
        await s.until("住民票の写しの暗証番号を入れて Enter")
        await s.press(*"0000", "enter")
        await s.until("残りは 2 回です")
        await s.press(*"1234")
        assert "1234" not in s.text() and "* * * *" in s.text()
        await s.press("enter")
        await s.until("だ れ の 分 で す か")
        await s.press("2")
        await s.until("何 通 で す か")
        await s.press("1")
        await s.until("手 数 料")
        await s.press("1")
        await s.until("忘 れ ず に お 取 り く だ さ い")
        await s.press("1")
        await s.until("カ ー ド を 置 い て く だ さ い")
        kinds = s.kinds()
        assert kinds.count("kiosk.pin_tried") == 2 and "kiosk.taken" in kinds
        with s.desk.journal.view() as view:
            assert "1234" not in str([recorded.event for recorded in view.events()])


async def test_the_last_try_is_left_alone(stage, card):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.press("f2")
        await s.tap(SATO_CARD)
        await s.press("1")
        for left in ("2", "1"):
            await s.press(*"0000", "enter")
            await s.until(f"残りは {left} 回です")
        await s.press(*"1234", "enter")
        await s.until("ここではもう試しません")
        assert card.pins[bytes.fromhex("D3921000310001FF01"), 0x21].tries == 1 and "kiosk.issued" not in s.kinds()


async def test_who_is_stopped_at_the_kiosk_learns_only_to_go_to_the_counter(stage, card):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.press("f2")
        await s.tap(PROTECTED_CARD)
        await s.until("この端末では発行できません")
        assert "支援" not in s.text() and "F7" not in s.text()
        await s.press("f7")
        await s.until("この端末では発行できません")


async def test_a_kiosk_that_nobody_touches_forgets(stage, card):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.press("f2")
        await s.tap(SATO_CARD)
        await s.until("ど の 証 明 書 で す か")
        s.screen.panel._too_long()
        await s.until("カ ー ド を 置 い て く だ さ い")
        await s.press("f2")
        await s.until("顔写真" if "顔写真" in s.text() else "カードをかざしてください")


async def test_staff_keys_do_nothing_at_the_residents_kiosk(stage, card):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.press("f2")
        for key in ("f5", "f6", "f8", "f9"):
            await s.press(key)
            await s.until("カ ー ド を 置 い て く だ さ い")


async def test_without_a_set_up_nothing_can_be_issued(stage):
    async with stage(service="kiosk", prepare=lambda desk: None).on(first="証明書の設定がありません") as s:
        await s.tap(SATO_CARD)
        assert "lookup.opened" not in s.kinds()


async def test_the_seal_on_f3(stage):
    async with stage(service="kiosk", prepare=ready).on() as s:
        await s.tap(SATO_CARD)
        await s.press("1", "f3")
        await s.until("さんの印鑑登録  登録")
        await s.press("escape")
        await s.until("証明書を番号で選んでください")
