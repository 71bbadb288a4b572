"""図書館窓口 under Pilot: every key of both sides, nothing personal at the library, a slow line that holds up nobody."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.register.people import CardLink
from sanjo_tui.sip2.client import Line, Settings
from tests.screens.service_stage import IKARASHI_CARD, PROTECTED_CARD, SATO_CARD, ServiceStage


def stage(tmp_path: Path, **more: Any) -> ServiceStage:
    return ServiceStage(tmp_path / "home", "library", **more)


def bound(one: ServiceStage, card: str = SATO_CARD) -> str:
    """Issues a number to the card's holder and binds the card; gives the number."""
    desk = one.desk
    assert desk.register is not None
    link = desk.register.by_user_id(card)
    assert isinstance(link, CardLink)
    desk.library.issue(link.addressee_no, link=link, verified_by=VerifiedBy.CARD_FACE)
    turn = desk.library.tap(one.seen(card))
    with desk.journal.view() as view:
        number = next(r.event.number for r in view.events(kinds=(ev.NumberIssued.kind,), newest_first=True)
                      if isinstance(r.event, ev.NumberIssued))
    desk.library.bind(turn, number)
    desk.library.finish(turn)
    return number


async def test_from_tap_to_notice(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        assert "図書館窓口" in one.text() and "番号の残り160" in one.text()
        await one.tap(SATO_CARD)
        await one.press("1")
        assert "佐藤" in one.text() and "まだありません" in one.text() and "R14.5.12" in one.text()
        await one.press("1")
        assert "希望する" in one.text()
        await one.press("enter")
        assert "受付しました" in one.text() and "図書番号 3100001" in one.text() and "番号の残り159" in one.text()
        assert [kind for kind in one.kinds() if kind.startswith(("library", "print"))][-3:] == [
            "library.taken", "library.issued", "print.due"]


async def test_from_tap_to_loan_with_nothing_personal(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        one.desk.library.play.loans.update({"P1": "3100001", "P2": "3100001", "P3": "3100001"})
        await one.press("f6")
        assert "図書館: カードをかざしてください" in one.text()
        await one.tap(SATO_CARD)
        assert "３冊貸出中" in one.text() and "佐藤" not in one.text() and "3100001" not in one.text()
        await one.burst("B0001234")
        await one.until("貸出しました  返却日")
        assert "B0001234" not in one.text() and "練習の本" not in one.text()
        await one.press("enter")
        assert "受付しました" in one.text() and "貸出１冊" in one.text()
        assert one.desk.library.play.loans["B0001234"] == "3100001"


async def test_a_first_visit_binds_and_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        one.desk.library.play.loans["P1"] = "3100009"
        await one.press("f6")
        await one.tap(IKARASHI_CARD)
        assert "はじめてのカードです" in one.text() and "五十嵐" not in one.text()
        await one.burst("3100009")
        assert "登録しました  １冊貸出中" in one.text()
        await one.press("enter")
        assert one.kinds()[-1] == "library.bound"
