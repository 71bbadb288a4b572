"""出退勤 under Pilot: the tap in large words, nothing guessed or kept waiting, a correction approved in two keys."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.desk.signing import as_who
from sanjo_tui.receptions.attendance.words import Kind
from screens.attendance_correcting import moment_typed
from screens.attendance_letters import LETTERS
from screens.attendance_wall import ORDER, word
from tests.operators_ground import OPERATORS, PIN
from tests.screens.service_stage import IKARASHI_CARD, SATO_CARD, ServiceStage

TODAY = dt.date(2026, 11, 25)


def stage(tmp_path: Path, **station: object) -> ServiceStage:
    return ServiceStage(tmp_path / "home", "attendance", cards=True, **station)


def punches(desk: Desk) -> list[tuple[str, str, bool]]:
    with desk.journal.view() as view:
        return [(one.event.subject, one.event.punch.value, one.event.by_key)  # type: ignore[attr-defined]
                for one in view.events(kinds=("attendance.punched",))]


@pytest.mark.parametrize(("key", "kind"), [(str(n), kind) for n, kind in enumerate(ORDER, 1)])
async def test_a_key_says_what_the_next_tap_means(tmp_path: Path, key: str, kind: Kind) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.press(key)
        assert f"{word(kind)}の方は" in one.text()
        await one.tap(SATO_CARD)
        assert punches(one.desk) == [("1001", kind.value, True)]
        assert f"{word(kind)}  " in one.text() and "佐藤　太郎 さん" in one.text()
        assert set(word(kind)) <= LETTERS.keys()                  # it stands there in large letters


async def test_the_clock_decides_where_no_key_does_and_the_word_goes_by_itself(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.tap(SATO_CARD)
        assert punches(one.desk)[0][2] is False and "佐藤" in one.text()
        await one.until("カードをかざしてください")
        assert "佐藤" not in one.text()


async def test_a_chosen_kind_holds_for_one_tap(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.press("3")
        await one.tap(SATO_CARD)
        await one.tap(IKARASHI_CARD)
        assert [(no, by_key) for no, _, by_key in punches(one.desk)] == [("1001", True), ("1002", False)]
        assert "五十嵐" in one.text() and "佐藤" not in one.text()


async def test_twice_at_once_and_unknown_cards_record_nothing_and_name_nobody(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.tap(SATO_CARD)
        await one.tap(SATO_CARD)
        assert "二重打刻" in one.text() and "佐藤" not in one.text() and len(punches(one.desk)) == 1
        await one.tap("9999999999994")
        assert "登録されていません" in one.text() and len(punches(one.desk)) == 1
        await one.until("の方は、カードをかざしてください")


async def test_at_the_entrance_the_staffs_keys_do_nothing(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        for key in ("f3", "f4", "f5", "f6", "f8", "f9"):
            await one.press(key)
            assert "カードをかざしてください" in one.text() and "1-6" in one.text()


async def test_a_card_at_the_staffs_side_is_no_punch_and_does_not_wait(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.press("f2")
        await one.tap(SATO_CARD)
        assert "打刻していません" in one.text() and not one.screen.waiting
        await one.press("f2")
        assert punches(one.desk) == [] and "カードをかざしてください" in one.text()


async def test_the_night_guard_sees_who_is_in_and_it_is_logged_first(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.press("1")
        await one.tap(SATO_CARD)
        await one.press("f2", "f6")
        assert "在庁者  1人" in one.text() and "本庁舎 2階" in one.text() and "佐藤" in one.text()
        assert "list.made" in one.kinds() or any(kind.endswith("made") for kind in one.kinds())
        await one.press("enter")
        assert "在庁者一覧を印刷に回しました" in one.text()


async def test_a_forgotten_tap_is_asked_for_and_approved_in_two_keys(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.press("f2", "f3")
        await one.type("1002")
        await one.press("enter", "1", "1")
        await one.type("99:99")
        await one.press("enter")
        assert "の形で入れてください" in one.text()
        one.screen.box.value = ""
        await one.type("0:01")
        await one.press("enter", "1", "enter")
        assert "1002 の訂正を申請" in one.text()
        await one.press("escape", "f4")
        assert "打刻忘れ" in one.text() or "打刻なし" in one.text()
        await one.press("1")
        assert "承認する" in one.text() and "打刻忘れ" in one.text()
        await one.press("enter")                                     # Enter decides nothing
        assert "承認する" in one.text()
        await one.press("1")
        assert "1002 の訂正を承認" in one.text()
        assert one.desk.attendance.punched("1002")[0].punch is Kind.IN
        await one.press("escape")
        await one.type("1002")
        await one.press("enter")
        assert "月次出勤簿" in one.text() and "00:01" in one.text()


async def test_a_rejection_has_a_reason_and_changes_nothing(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        one.desk.attendance.request("1002", at=f"{one.desk.today()}T00:01", punch=Kind.IN, reason="打刻忘れ")
        await one.press("f2", "f4", "1", "2")
        await one.type("出張の記録がない")
        await one.press("enter")
        assert "1002 の訂正を却下" in one.text() and one.desk.attendance.punched("1002") == ()


async def test_a_card_from_another_town_is_bound_and_freed(tmp_path: Path) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.press("f2", "f8", "6")
        await one.type("1004")
        await one.press("enter")
        await one.tap("9999999999994")
        assert "カードを登録しました" in one.text()
        await one.press("f2", "2")
        await one.tap("9999999999994")
        assert punches(one.desk) == [("1004", "out", True)]
        await one.press("f2", "f8", "7")
        await one.tap("9999999999994")
        await one.press("1")
        assert "解除しました" in one.text()


@pytest.mark.parametrize("key", ["1", "2", "3", "4", "5", "8"])
async def test_every_other_task_opens_and_is_left_with_esc(tmp_path: Path, key: str) -> None:
    one = stage(tmp_path)
    async with one.on(first="職員R"):
        await one.press("f2", "f8", key)
        assert "Esc" in one.text()
        await one.press("escape")
        assert "F2 打刻の画面" in one.text()


async def test_a_terminal_asks_for_a_pin_and_is_itself_again(tmp_path: Path) -> None:
    def prepare(desk: Desk) -> None:
        desk.attendance.begin_practice()
        desk.keys.set_operators(OPERATORS)
        desk.who = as_who(next(one for one in OPERATORS if one.id == "T01"))
        desk.operator = "T01"

    one = ServiceStage(tmp_path / "home", "attendance", prepare=prepare)
    async with one.on(first="職員R"):
        await one.press("1")
        await one.tap(SATO_CARD)
        assert "佐藤" in one.text()
        await one.press("f2")
        assert "人事と宿直の画面" in one.text()
        await one.type("K01")
        await one.press("enter")
        await one.type(PIN)
        await one.press("enter")
        await one.until("F2 打刻の画面")
        assert one.desk.operator == "K01"
        await one.press("f2")
        await one.until("1-6")
        assert one.desk.operator == "T01" and one.desk.who.role is not None


async def test_without_staff_the_wall_says_what_to_do(tmp_path: Path) -> None:
    one = ServiceStage(tmp_path / "home", "attendance", prepare=lambda desk: None, built_in_reader=False)
    async with one.on(first="打刻できません"):
        await one.until("職員名簿がありません")
        await one.tap(SATO_CARD)
        assert "紙に氏名と時刻" in one.text() and punches(one.desk) == []


@pytest.mark.parametrize(("text", "moment"), [
    ("11/24 8:25", "2026-11-24T08:25"), ("2026-10-01 0825", "2026-10-01T08:25"), ("8:25", "2026-11-20T08:25"),
    ("12/31 8:25", "2025-12-31T08:25"), ("１１／２４　８：２５", "2026-11-24T08:25"), ("13/1 8:25", ""), ("8:75", ""),
    ("朝", "")])
def test_a_moment_is_typed_as_people_write_it(text: str, moment: str) -> None:
    assert moment_typed(text, TODAY, dt.date(2026, 11, 20)) == moment


@pytest.mark.parametrize(("size", "case"), [((80, 24), "idle"), ((80, 24), "punched"), ((120, 36), "punched"),
                                            ((80, 24), "personnel")])
async def test_the_wall_stands_as_drawn(tmp_path: Path, size: tuple[int, int], case: str) -> None:
    """The words and, where something was recorded, sixteen rows of a large letter in the middle of the screen."""
    one = stage(tmp_path)
    async with one.on(size, first="職員R"):
        if case == "personnel":
            await one.press("f2")
        else:
            await one.press("2")
        if case == "punched":
            await one.tap(SATO_CARD)
        text = one.text()
        body = str(one.screen.query_one("#body").render())
        if case == "punched":
            assert max(len(line.rstrip()) for line in body.splitlines() or [""]) <= size[0]
            assert one.screen.query_one("#body").size.height >= 16
        else:
            assert ("カ ー ド を か ざ し て く だ さ い" in text) is (case == "idle")
