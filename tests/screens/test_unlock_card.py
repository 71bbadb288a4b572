"""Opening the station by an operator's card at the first screen: F2, the card's PIN, Enter."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.errors import CardError
from tests.screens.stage import Stage

PIN = "2468"


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A locked stage that a card opens; the reader and the card are played."""
    one = Stage(tmp_path / "home", locked=True)
    parts: Any = one.parts

    def open_desk_by_card(pin: str) -> Desk:
        if pin != PIN:
            raise CardError("カードの暗証番号が違います。残りは 2 回です。", "暗証番号を確かめてください。")
        return parts.open_desk("ひらけごま")  # type: ignore[no-any-return]

    parts.card_opens, parts.open_desk_by_card = lambda: True, open_desk_by_card
    return one


async def test_f2_asks_for_the_pin_of_the_card_and_the_card_opens(stage: Stage) -> None:
    async with stage.on(first="F2 カードで開ける") as s:
        assert s.pilot
        await s.pilot.press("f2")
        await s.until("カードの暗証番号を入れて Enter")
        await s.pilot.press(*PIN)
        assert PIN not in s.text()
        await s.pilot.press("enter")
        await s.until("カードをかざしてください")


async def test_a_wrong_pin_says_how_many_are_left_and_the_passphrase_still_opens(stage: Stage) -> None:
    async with stage.on(first="F2 カードで開ける") as s:
        assert s.pilot
        await s.pilot.press("f2", *"1357", "enter")
        await s.until("残りは 2 回です")
        await s.pilot.press("f2")
        await s.until("パスフレーズを入れて Enter")
        await s.until("F2 カードで開ける")
        await s.pilot.press(*"ひらけごま", "enter")
        await s.until("カードをかざしてください")


async def test_what_was_typed_for_one_way_is_gone_in_the_other(stage: Stage) -> None:
    async with stage.on(first="F2 カードで開ける") as s:
        assert s.pilot
        await s.pilot.press(*"ひらけ", "f2", *PIN, "enter")
        await s.until("カードをかざしてください")


async def test_a_station_without_a_card_slot_offers_no_card(tmp_path: Path) -> None:
    async with Stage(tmp_path / "home", locked=True).on(first="パスフレーズ") as s:
        assert s.pilot
        await s.pilot.press("f2", *"ひらけごま", "enter")
        assert "カードで開ける" not in s.text()
        await s.until("カードをかざしてください")
