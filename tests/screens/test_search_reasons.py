"""A free search where operators are registered: the reason is one digit, and stands in the journal."""

from __future__ import annotations

from sanjo_tui.receptions.lookups import Searched
from sanjo_tui.vault.roles import Role
from tests.operators_ground import OF_ROLE, OPERATORS, PIN
from tests.screens.polling_stage import PollingStage


def staffed(stage, role):
    stage.desk.keys.set_operators(OPERATORS)
    stage.desk.sign_on(OF_ROLE[role], PIN)
    return stage


def reasons(stage):
    with stage.desk.journal.view() as view:
        return [r.event.reason for r in view.events(kinds=(Searched.kind,))]


async def test_a_clerk_gives_a_reason_before_anybody_is_listed(stage):
    async with staffed(stage(), Role.CLERK).on() as s:
        await s.press(*"佐藤", "enter")
        await s.until("探す理由")
        assert "太郎" not in s.text() and reasons(s) == []
        await s.press("2")
        await s.until("佐藤　太郎")
        assert reasons(s) == ["inquiry"]


async def test_esc_asks_nothing_and_finds_nobody(stage):
    async with staffed(stage(), Role.CLERK).on() as s:
        await s.press(*"佐藤", "enter")
        await s.until("探す理由")
        await s.press("escape")
        assert reasons(s) == [] and "太郎" not in s.text()


async def test_a_volunteer_is_told_how_to_search(stage):
    async with staffed(stage(), Role.VOLUNTEER).on() as s:
        await s.press(*"佐藤", "enter")
        await s.until("手がかりがもう一つ要ります")
        assert reasons(s) == []


async def test_the_polling_desk_asks_too(tmp_path):
    async with staffed(PollingStage(tmp_path / "home"), Role.CLERK).on() as s:
        await s.press(*"山本", "enter")
        await s.until("探す理由")
        await s.press("3")
        await s.until("山本　健")
        assert reasons(s) == ["check"]
