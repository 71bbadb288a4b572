"""利用者ID発行 under Pilot: from a name to a card that was read back, by write and by the town's tool; a torn card."""

from __future__ import annotations

import unicodedata
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from sanjo_tui.cards.errands import WriteOutcome, Written
from sanjo_tui.cards.profiles import parse
from sanjo_tui.station import fixtures
from tests.screens.service_stage import PROTECTED_CARD, SATO_CARD, ServiceStage
from tests.userid_ground import FIRST, holder, issue, nobody_yet, reserve

WRITING = next(one for one in parse((fixtures() / "cards" / "profiles.toml").read_text(encoding="utf-8")) if one.write)


class Errands:
    """Stands for the reader: gives these outcomes, one after another, and keeps what was asked."""

    def __init__(self, *outcomes: WriteOutcome) -> None:
        self.outcomes, self.asked = list(outcomes), []  # type: ignore[var-annotated]

    def __call__(self, errand: Any, card: object = None, reader: str = "") -> Written:
        self.asked.append(errand)
        outcome = self.outcomes.pop(0)
        done = outcome is WriteOutcome.WRITTEN
        return Written(outcome=outcome, touched=outcome in (WriteOutcome.WRITTEN, WriteOutcome.TORN),
                       read_back=errand.value if done else None)


def stage(tmp_path: Path, *outcomes: WriteOutcome) -> tuple[ServiceStage, Errands]:
    one, errands = ServiceStage(tmp_path / "home", "userid"), Errands(*outcomes)
    one.parts.errand, one.parts.writing = errands, lambda: WRITING  # type: ignore[method-assign,assignment]
    return one, errands


async def open_somebody(one: ServiceStage) -> str:
    """Found by 宛名番号 and made sure of by a document."""
    who = nobody_yet(one.desk).addressee_no
    await one.type(who)
    await one.press("enter", "1")
    return who


async def test_from_a_name_to_a_card_that_was_read_back(tmp_path: Path) -> None:
    one, errands = stage(tmp_path, WriteOutcome.WRITTEN)
    async with one.on():
        assert "利用者ID発行" in one.text() and "残り 400" in one.text()
        who = await open_somebody(one)
        assert "まだありません" in one.text() and "[x]" not in one.text()          # nothing is ticked by itself
        await one.press("enter")
        assert "同意した業務がありません" in one.text()
        await one.press("1", "3", "enter")
        assert "*********0001" in one.text() and FIRST not in one.text()
        await one.press("v")
        assert FIRST in one.text()
        await one.press("enter")
        await one.type("12345678")
        await one.press("enter")
        await one.until("発行しました")
        assert holder(one.desk, who).consent_scope == ("library", "shelter") and holder(one.desk, who).in_use
        assert errands.asked[0].value == FIRST and errands.asked[0].secret == "12345678"
        assert [kind for kind in one.kinds() if kind.startswith(("userid", "print"))][-5:] == [
            "userid.reserved", "print.due", "userid.tried", "userid.verified", "print.due"]


async def test_a_torn_card_is_tried_again_left_and_given_up(tmp_path: Path) -> None:
    one, _ = stage(tmp_path, WriteOutcome.GONE, WriteOutcome.TORN)
    async with one.on():
        who = await open_somebody(one)
        await one.press("1", "enter", "enter")
        await one.type("12345678")
        await one.press("enter")
        await one.until("カードがありません")
        await one.press("enter")
        await one.type("12345678")
        await one.press("enter")
        await one.until("途中でカードが離れました")
        await one.press("escape")
        assert "発行の途中 1" in one.text()
        await one.press("f8", "1", "1", "1")
        assert "書込み・読戻し前" in one.text()
        await one.press("d", "1")
        await one.until("取りやめ")
        assert not holder(one.desk, who).pending and "発行の途中 0" in one.text()


async def test_the_towns_own_tool_and_a_tap(tmp_path: Path) -> None:
    one, _ = stage(tmp_path)
    async with one.on():
        who = await open_somebody(one)
        await one.press("1", "t", "enter")
        assert "市のツールで書き" in one.text()
        await one.tap(SATO_CARD)
        assert "予約した番号と違います" in one.text() and not holder(one.desk, who).in_use
        await one.tap(holder(one.desk, who).pending)
        await one.until("発行しました")
        assert holder(one.desk, who).in_use


async def test_stop_resume_consent_link_and_withdrawal_by_f2(tmp_path: Path) -> None:
    one, _ = stage(tmp_path)
    async with one.on():
        who = nobody_yet(one.desk).addressee_no
        issue(one.desk, who)
        await open_somebody(one)
        await one.press("f2", "1", "1")
        assert holder(one.desk, who).status.value == "suspended"
        await one.press("enter")
        await open_somebody(one)
        await one.press("f2", "1", "1")
        assert holder(one.desk, who).in_use
        await one.press("enter")
        await open_somebody(one)
        await one.press("2", "f2", "2")
        assert holder(one.desk, who).consent_scope == ("election",)
        await one.press("enter")
        await open_somebody(one)
        await one.press("f2", "4", "1")
        assert holder(one.desk, who).status.value == "revoked"


async def test_the_old_number_is_carried_to_a_new_chip(tmp_path: Path) -> None:
    one, errands = stage(tmp_path, WriteOutcome.WRITTEN)
    async with one.on():
        who = nobody_yet(one.desk).addressee_no
        number = issue(one.desk, who)
        await open_somebody(one)
        await one.press("1", "k")
        assert "引き継ぎます" in one.text()
        await one.press("enter", "enter")
        await one.type("12345678")
        await one.press("enter")
        await one.until("発行しました")
        assert errands.asked[0].value == number and holder(one.desk, who).user_id == number


async def test_protected_people_stop(tmp_path: Path) -> None:
    one, _ = stage(tmp_path)
    async with one.on():
        await one.tap(PROTECTED_CARD)
        assert "ここではできません" in one.text()
        before = one.kinds()
        await one.press("enter")
        assert "ここではできません" in one.text() and one.kinds() == before


async def test_a_reservation_is_undone_by_f9_with_a_reason(tmp_path: Path) -> None:
    one, _ = stage(tmp_path)
    async with one.on():
        who = nobody_yet(one.desk).addressee_no
        reserve(one.desk, who)
        await one.press("f9")
        assert "予約" in one.text()


@pytest.mark.parametrize("name", ["idle", "consent", "card", "change"])
def test_the_userid_picture(snap_compare: Any, tmp_path: Path, name: str) -> None:
    one, _ = stage(tmp_path)

    async def play(pilot: Any) -> None:
        one.pilot = pilot
        await one.until("検索")
        await one.settle()
        if name == "change":
            issue(one.desk, nobody_yet(one.desk).addressee_no)
        if name != "idle":
            await open_somebody(one)
            await one.press("1", "3")
        if name in ("card", "change"):
            await one.press("enter" if name == "card" else "f2")
        await one.settle()
        lines = one.text().split("\n")
        assert [cell_len(line) for line in lines] == [80] * 24
        text = "".join(lines) + one.screen.panel.help
        assert not {c for c in text if unicodedata.east_asian_width(c) == "A" and c != "─"}

    assert snap_compare(one.app, terminal_size=(80, 24), run_before=play)
