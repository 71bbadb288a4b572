"""The plain way: tap, look, Enter; and what a person may do with a household, in place, by keys."""

from __future__ import annotations

import pytest

from sanjo_tui.receptions.shelter.events import Admitted
from sanjo_tui.receptions.shelter.words import Exit, State, Stay, Whereabouts
from tests.desk import desk as make_desk


async def test_a_family_of_three_is_one_tap_and_one_key(stage):
    async with stage().on() as s:
        assert "カードをかざしてください" in s.text()
        await s.tap("2000000000001")
        assert "Enter で3人とも入所" in s.text()
        await s.press("enter")
        assert "受付しました" in s.text() and "佐藤 3人入所" in s.text()
        assert s.kinds().count("shelter.admitted") == 3
        assert "避難者3人" in s.text()
        assert "カードをかざしてください" in s.text()
        assert len(s.app.screen_stack) == 2          # no window, no other screen


async def test_one_absent_is_two_keys_and_what_is_known_of_them_a_third(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.press("3")
        assert "Enter で2人入所" in s.text()
        await s.press("enter")
        assert "残り: 佐藤　次郎" in s.text()
        await s.press("tab")
        await s.press("1")
        assert s.desk.shelter.presences()["100103"].whereabouts is Whereabouts.LATER
        assert "残り" not in s.text() and "後から来る" in s.text()


async def test_digits_after_a_reception_begin_a_search_and_say_nothing_of_the_missing(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.press("3")
        await s.press("enter")
        for digit in "2151":
            await s.press(digit)
        await s.until("2151")
        assert "100103" not in s.desk.shelter.presences()


async def test_esc_never_records(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        before = s.kinds()
        await s.press("escape")
        assert "カードをかざしてください" in s.text() and s.kinds() == before
        await s.tap("2000000000001")
        for key in ("f3", "escape", "f4", "escape", "f8", "escape", "f9", "escape", "f5", "escape", "f6", "escape"):
            await s.press(key)
        assert not [k for k in s.kinds() if k.startswith("shelter.") and k != "shelter.opened"]


async def test_nobody_chosen_is_not_recorded(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.press("a", "enter")
        assert "だれも選ばれていません" in s.text() and "shelter.admitted" not in s.kinds()
        await s.press("a")
        assert "Enter で3人とも入所" in s.text()


async def test_arrows_and_space_choose_too(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.press("down", "space", "up", "space")
        assert "Enter で1人入所" in s.text()


async def test_full_width_digits_of_an_input_method_choose(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.press("３")
        assert "Enter で2人入所" in s.text()


async def test_more_than_nine_members_by_page(stage):
    async with stage().on() as s:
        await s.tap("2000000000004")
        assert "1-9 / 12" in s.text()
        await s.press("pagedown", "2")
        assert "10-12 / 12" in s.text() and "Enter で11人入所" in s.text()
        await s.press("pageup", "enter")
        assert s.kinds().count("shelter.admitted") == 11
        assert "100411" not in s.desk.shelter.presences()


@pytest.mark.parametrize(("tabs", "stay"), [(1, Stay.HOME), (2, Stay.CAR), (3, Stay.TENT)])
async def test_staying_outside_is_one_key_before_enter(stage, tabs, stay):
    async with stage().on() as s:
        await s.tap("2000000000002")
        await s.press(*["tab"] * tabs)
        assert stay.label in s.text()
        await s.press("enter")
        assert {p.stay for p in s.desk.shelter.presences().values()} == {stay}
        assert "避難者2人" in s.text() and "所外2人" in s.text()


async def admitted(s, card="2000000000002"):
    await s.tap(card)
    await s.press("enter")
    await s.press("enter")


async def test_somebody_inside_goes_to_sleep_in_the_car(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.tap("2000000000002")
        assert "全員確認済み" in s.text()
        await s.press("enter")
        assert "shelter.stay_changed" not in s.kinds()
        await s.press("tab", "tab", "enter")
        assert {p.stay for p in s.desk.shelter.presences().values()} == {Stay.CAR}


async def test_departure_with_a_destination_by_digit(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.press("f3")
        assert "退所する方" in s.text()
        await s.tap("2000000000002")
        await s.press("2", "enter")
        assert "行き先" in s.text()
        await s.press("5")
        assert "受付しました" in s.text()
        now = s.desk.shelter.presences()
        assert (now["100201"].state, now["100201"].exit_to) == (State.DEPARTED, Exit.HOSPITAL)
        assert now["100202"].state is State.INSIDE


async def test_a_destination_that_nobody_knows_is_skipped_with_enter(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.tap("2000000000002")
        await s.press("f3", "enter", "enter")
        assert {p.exit_to for p in s.desk.shelter.presences().values()} == {Exit.UNKNOWN}


async def test_leave_and_return(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.tap("2000000000002")
        await s.press("f4", "2", "enter")
        assert "いつ戻りますか" in s.text()
        await s.press("2")
        assert s.desk.shelter.presences()["100201"].state is State.ON_LEAVE
        assert s.desk.shelter.presences()["100201"].leave_until == "2026-11-24T18:00"
        await s.tap("2000000000002")
        assert "帰所" in s.text()
        await s.press("enter")
        assert s.desk.shelter.presences()["100201"].state is State.INSIDE


async def test_where_they_go_and_when_they_return_in_writing(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.tap("2000000000002")
        await s.press("f4", "enter", "6")
        await s.until("行き先")
        await s.type("病院")
        await s.press("enter")
        await s.type("9:30")
        await s.press("enter")
        await s.until("受付しました")
        now = s.desk.shelter.presences()["100201"]
        assert (now.leave_to, now.leave_until) == ("病院", "2026-11-25T09:30")


async def test_undo_with_a_reason_by_digit(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.press("f9")
        await s.press("enter")                       # no row is taken by Enter here
        assert "reversal" not in s.kinds()
        await s.press("1", "1")
        assert "取り消しました" in s.text() and s.kinds().count("reversal") == 2
        assert "避難者0人" in s.text()


async def test_undo_with_a_reason_in_writing(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.press("f9", "1", "5")
        await s.until("取消の理由")
        await s.press("enter")
        assert "理由を入れてください" in s.text()
        await s.type("別人でした")
        await s.press("enter")
        await s.until("取り消しました")


async def test_the_shelter_is_opened_by_one_key(stage):
    async with stage(is_open=False).on() as s:
        assert "F2 で避難所を開設" in s.text()
        await s.press("enter")
        await s.press("f3")
        assert "shelter.opened" not in s.kinds()
        await s.press("f2")
        assert "カードをかざしてください" in s.text() and s.kinds().count("shelter.opened") == 1


async def test_what_another_process_records_is_seen_without_a_key(stage, monkeypatch):
    monkeypatch.setattr("screens.desk.LOOK_ROUND", 0.02)
    async with stage(is_open=False).on() as s:
        assert "F2 で避難所を開設" in s.text()
        other = make_desk(s.desk.station.home)
        other.shelter.open_shelter()
        await s.until("カードをかざしてください")
        other.shelter.close_shelter()
        await s.until("F2 で避難所を開設")
        other.close()


async def test_a_stop_is_not_passed_by_enter_and_left_by_esc(stage, monkeypatch):
    from sanjo_tui.errors import DiskFull

    async with stage().on() as s:
        await s.tap("2000000000001")

        def full(*_args, **_named):
            raise DiskFull("空き容量がありません。", "紙の受付に切り替えてください。")

        monkeypatch.setattr(type(s.desk.shelter), "admit", full)
        await s.press("enter")
        assert "空き容量がありません" in s.text() and "紙の受付に切り替えて" in s.text()
        monkeypatch.undo()
        await s.press("enter", "enter")
        assert "空き容量がありません" in s.text() and "shelter.admitted" not in s.kinds()
        await s.press("escape")
        assert "Enter で3人とも入所" in s.text()


async def test_a_person_at_another_shelter_is_moved_only_by_digit(stage):
    async with stage().on() as s:
        shelter = s.desk.shelter
        look = shelter.look(s.desk.open_resident("100201"))
        there = Admitted(subject="100202", scope=shelter.scope, shelter="15209999", household=look.household_key,
                         registration_no="B-0001-1", seen=look.members[1].seen)
        s.desk.journal.record("op", lambda _: (there,))
        await s.tap("2000000000002")
        assert "他所(15209999)" in s.text() and "Enter で1人入所" in s.text()
        await s.press("a")                                   # everybody here, not those elsewhere
        await s.press("a")
        assert "Enter で1人入所" in s.text()
        await s.press("2", "enter")
        now = shelter.presences()["100202"]
        assert (now.shelter, now.moved_from) == (shelter.here, "15209999")
