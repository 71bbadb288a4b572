"""The residents' kiosk with a practice card of fixtures/cards: its own PINs, by the station's own profiles."""

from __future__ import annotations

import datetime as dt

import pytest

from sanjo_tui.cards import profiles, virtual
from sanjo_tui.receptions.kiosk.words import PinResult
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests.screens.service_stage import SATO_CARD

NOON = dt.datetime(2026, 11, 25, 12, 0, tzinfo=JST)


def ready(desk):
    desk.station.profiles.write_bytes((fixtures() / "cards" / "profiles.toml").read_bytes())
    desk.kiosk.begin_practice()
    desk.kiosk.clock = lambda: NOON


@pytest.fixture
def practice(stage, monkeypatch):
    """The stage plays the tap; what is asked of the card is answered by the practice card itself."""
    known = profiles.load(fixtures() / "cards" / "profiles.toml")
    chip = next(one.chip for one in virtual.load(fixtures() / "cards" / "demo.toml", known) if one.name == "sato")

    def errand(self, errand, card=None, reader=""):
        assert card is not None and card.value == SATO_CARD
        chip.reset()
        return errand.run(chip.transmit)

    monkeypatch.setattr("screens.parts.Parts.errand", errand)
    return stage(service="kiosk", prepare=ready)


def tried(desk):
    with desk.journal.view() as view:
        return [(r.event.result, r.event.tries_left) for r in view.events(kinds=("kiosk.pin_tried",))]


async def put(s):
    await s.press("f2")
    await s.until("カ ー ド を 置 い て く だ さ い")
    await s.tap(SATO_CARD)
    await s.until("ど の 証 明 書 で す か")


@pytest.mark.parametrize("kind", range(1, 7))
async def test_every_kind_has_its_own_pin_on_the_practice_card(practice, kind):
    async with practice.on() as s:
        await put(s)
        await s.press(str(kind))
        if "本 籍" in s.text():
            await s.press("1")
        await s.until("暗証番号を入れて Enter")
        await s.press(*"1234", "enter")
        await s.until("で す か")
        assert [result for result, _ in tried(s.desk)] == [PinResult.OK]


async def test_three_two_one_and_the_last_is_left_alone(practice):
    async with practice.on() as s:
        await put(s)
        await s.press("1")
        for left in (2, 1):
            await s.press(*"0000", "enter")
            await s.until(f"残りは {left} 回です")
        await s.press(*"1234", "enter")
        await s.until("ここではもう試しません")
        assert tried(s.desk) == [(PinResult.WRONG, 2), (PinResult.WRONG, 1), (PinResult.LAST_TRY, 1)]
        assert "kiosk.issued" not in s.kinds()


async def test_the_pin_of_one_kind_says_nothing_of_another(practice):
    async with practice.on() as s:
        await put(s)
        await s.press("1", *"0000", "enter")
        await s.until("残りは 2 回です")
        await s.press("escape")
        await s.tap(SATO_CARD)
        await s.until("ど の 証 明 書 で す か")
        await s.press("2", *"1234", "enter")
        await s.until("何 通 で す か")
        assert [result for result, _ in tried(s.desk)] == [PinResult.WRONG, PinResult.OK]
        assert tried(s.desk)[0] == (PinResult.WRONG, 2)


async def test_what_the_card_said_stands_with_the_issue(practice):
    async with practice.on() as s:
        await put(s)
        await s.press("2", *"1234", "enter")
        await s.until("何 通 で す か")
        await s.press("1")
        await s.until("手 数 料")
        await s.press("1")
        await s.until("忘 れ ず に お 取 り く だ さ い")
        (one,) = s.desk.kiosk.issues()
        assert [(one.pin_result, one.pin_retries_left)] == tried(s.desk) and one.pin_result is PinResult.OK


async def test_esc_forgets_the_digits_that_were_typed(practice):
    async with practice.on() as s:
        await put(s)
        await s.press("2", *"12")
        await s.until("* * _ _")
        panel = s.screen.panel
        await s.press("escape")
        await s.until("カ ー ド を 置 い て く だ さ い")
        assert "12" not in repr(panel) and tried(s.desk) == []


async def test_no_key_of_the_staff_is_offered_to_residents(practice):
    async with practice.on() as s:
        await put(s)
        assert "F8" not in s.text() and "F9" not in s.text()
        await s.press("escape", "f2")
        await s.until("カードをかざしてください")
        assert "F8" in s.text() and "F9" in s.text()


async def test_where_the_request_cannot_be_written_the_resident_is_sent_to_the_counter(practice, monkeypatch):
    from sanjo_tui.desk.kiosk.desk import KioskDesk

    monkeypatch.setattr(KioskDesk, "_request", lambda self, issued: "依頼ファイルを書けません。")
    async with practice.on() as s:
        await put(s)
        await s.press("2", *"1234", "enter")
        await s.until("何 通 で す か")
        await s.press("1")
        await s.until("手 数 料")
        await s.press("1")
        await s.until("証明書は窓口でお渡しします")
        assert "依頼" not in s.text()


async def test_a_station_may_open_as_the_residents_kiosk(practice, tmp_path):
    sample = (fixtures() / "kiosk" / "kiosk.toml").read_text(encoding="utf-8")
    file = tmp_path / "own.toml"
    file.write_text(sample.replace("kiosk_mode = false", "kiosk_mode = true"), encoding="utf-8")
    practice.desk.kiosk.load(file)
    async with practice.on() as s:
        await s.until("カ ー ド を 置 い て く だ さ い")
        assert "F8" not in s.text()
        await s.press("f2")
        await s.until("カードをかざしてください")
        assert "F8" in s.text()
