"""Forms, papers and the rarer tasks, each by its keys, on the real desk."""

from __future__ import annotations

import pytest

from sanjo_tui.receptions.shelter.words import Category, Need, State
from tests.screens.test_desk_plain import admitted


async def provisional(s, name="やまだ　たろう"):
    await s.press("f2")
    await s.type(name)
    await s.press("enter", "enter", "enter")
    await s.until("受付しました")


async def test_an_unknown_person_is_one_form_and_has_a_tag(stage):
    async with stage().on() as s:
        await s.press("f2")
        await s.until("氏名かな")
        await s.type("やまだ　たろう")
        await s.press("enter")
        await s.type("６０代")
        await s.press("enter", "1", "2", "enter")        # 男; 種別 市外; Enter records
        await s.until("受付しました")
        (who,) = s.desk.shelter.presences().values()
        assert (who.seen.name_kana, who.seen.age_text, who.seen.sex_code) == ("やまだ　たろう", "60代", "1")
        assert who.category is Category.OUTSIDER and who.provisional
        assert "受付票を印刷します" in s.text() and who.registration_no in s.text() and "印刷待ち1" in s.text()


async def test_an_empty_form_is_not_recorded_but_said(stage):
    async with stage().on() as s:
        await s.press("f2", "enter", "enter", "enter")
        await s.until("何か一つは入れてください")
        assert "shelter.admitted" not in s.kinds()


async def test_a_my_number_is_refused_in_every_field(stage):
    async with stage().on() as s:
        await s.press("f2")
        await s.type("１２３４５６７８９０１８")
        await s.press("enter", "enter", "enter")
        await s.until("個人番号")
        assert "shelter.admitted" not in s.kinds() and len(s.app.screen_stack) == 3
        await s.press("escape")
        await s.until("カードをかざしてください")


async def test_a_form_is_left_by_esc_and_explained_by_f1(stage):
    async with stage().on() as s:
        await s.press("f2", "f1")
        await s.until("説明:")
        await s.press("escape")
        await s.until("氏名かな")
        await s.press("down", "up", "tab", "escape")
        await s.until("カードをかざしてください")
        assert "shelter.admitted" not in s.kinds()


async def test_additions_to_a_person(stage):
    async with stage().on() as s:
        await s.tap("2000000000002")
        await s.press("enter", "f7", "2")
        await s.until("補記: 五十嵐　春")
        await s.press("2", "9", "9")                     # 乳児 on; 服薬 on and off again
        await s.press("down", "down", "2")               # けが あり
        await s.press("down", "2", "enter")              # 親族へ回答 可
        await s.until("受付しました")
        now = s.desk.shelter.presences()["100202"]
        assert now.needs == (Need.INFANT,) and now.injured is True and now.disclose_kin is True
        assert not now.disclose_public and not s.desk.shelter.presences()["100201"].needs
        assert "要配慮1人" in s.text()


async def test_nothing_changed_is_nothing_recorded(stage):
    async with stage().on() as s:
        await s.tap("2000000000002")
        await s.press("enter", "f7", "1")
        await s.until("補記: 五十嵐　一郎")
        await s.press("enter")
        await s.until("次の方はカードをかざしてください")
        assert "shelter.supplemented" not in s.kinds()


async def test_the_household_is_asked_for_telephone_pets_and_car(stage):
    async with stage().on() as s:
        await s.tap("2000000000002")
        await s.press("enter", "f7", "3")
        await s.until("聞き取り")
        await s.type("0256-33-1111")
        await s.press("down", "down", "down")
        await s.type("犬1")
        await s.press("enter")
        await s.until("受付しました")
        (sheet,) = s.desk.shelter.sheets().values()
        assert (sheet.phone, sheet.pets) == ("0256-33-1111", "犬1")


async def test_additions_need_an_open_household(stage):
    async with stage().on() as s:
        await s.press("f7")
        assert "世帯を開いてから" in s.text()
        await s.tap("2000000000001")
        await s.press("f7")
        assert "受付した後に" in s.text()


@pytest.mark.parametrize(("keys", "form"), [
    ("1", "roster"), ("2", "posting"), ("3", "unconfirmed"), ("4", "report"), ("5", "blanks"), ("6", "leave"),
    ("7", "cars"), ("8", "pets"), ("9", "supplies")])
async def test_every_list_goes_to_the_printer(stage, keys, form):
    async with stage().on() as s:
        await admitted(s)
        await s.press("f5", keys)
        assert "印刷に回しました" in s.text()
        assert [job.form for job in s.desk.printing.pending()][-1] == form


async def test_papers_of_the_household_on_the_screen_come_first(stage):
    async with stage().on() as s:
        await s.tap("2000000000002")
        await s.press("enter", "f5")
        assert "避難者カード: 五十嵐　一郎 さんの世帯" in s.text()
        await s.press("1")
        assert "避難者カードを印刷に回しました" in s.text() and s.desk.printing.pending()[-1].form == "card"
        await s.press("f5", "2")
        assert s.desk.printing.pending()[-1].form == "tag"


async def test_the_report_is_read_on_the_screen_and_printed_by_enter(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.press("f6")
        assert "避難者 2人  1世帯" in s.text() and "2026-11-24 14:05 現在" in s.text()
        await s.press("enter")
        assert "状況報告書を印刷に回しました" in s.text()


async def test_relatives_are_told_only_what_consent_allows(stage):
    async with stage().on() as s:
        await admitted(s)
        for allowed in (False, True):
            await s.press("f8", "1")
            await s.type("五十嵐")
            await s.press("enter", "1")
            await s.until("聞いた人")
            await s.type("いとう")
            await s.press("enter")
            await s.type("おい")
            await s.press("enter")
            await s.until("お答えする言葉")
            assert ("避難しています" in s.text()) is allowed
            await s.press("escape")
            s.desk.shelter.supplement("100201", {"disclose_kin": True})
        assert s.kinds().count("shelter.inquired") == 2


async def test_those_who_are_late_are_listed(stage, monkeypatch):
    async with stage().on() as s:
        await s.press("f8", "2")
        assert "戻る時刻を過ぎた方はいません" in s.text()
        await s.press("escape")
        await admitted(s)
        look = s.desk.shelter.look(s.desk.open_resident("100201"))
        s.desk.shelter.go_out(look, ["100201"], until="2026-11-24T09:00")
        await s.press("f8", "2")
        assert "戻る時刻を過ぎた方 1人" in s.text()
        await s.press("1", "enter")
        assert s.desk.shelter.presences()["100201"].state is State.INSIDE


async def test_those_not_yet_confirmed_are_listed_without_the_protected(stage):
    async with stage().on() as s:
        await s.press("f8", "3")
        assert "まだ確認できていない方" in s.text() and "佐藤　太郎" in s.text()
        for _ in range(4):
            assert "隠田" not in s.text()
            await s.press("pagedown")
        await s.press("enter")
        assert "未確認者リストを印刷に回しました" in s.text()


async def test_a_paper_form_is_keyed_in_later_under_its_number(stage):
    async with stage().on() as s:
        number = s.desk.shelter.reserve_numbers(2)[1]
        await s.press("f8", "4")
        await s.until("紙の番号")
        await s.press("enter")
        await s.until("紙の番号を入れてください")
        await s.type(number)
        await s.press("enter")
        await s.type("すずき")
        await s.press("enter", "enter", "enter")
        await s.until("受付しました")
        assert number in s.desk.shelter.presences()


async def test_a_provisional_record_is_merged_with_a_named_second_person(stage):
    async with stage().on() as s:
        await provisional(s)
        number = next(iter(s.desk.shelter.presences()))
        await s.press("f8", "5", "1")
        await s.type("五十嵐")
        await s.press("enter", "2")
        await s.until("確認した人")
        await s.type("たかはし")
        await s.press("enter")
        await s.until("統合")
        now = s.desk.shelter.presences()
        assert now[number].merged_into == "100202" and now["100202"].state is State.INSIDE


async def test_jobs_are_listed_and_can_be_cancelled(stage):
    async with stage().on() as s:
        await provisional(s)
        await s.press("f8", "7")
        assert "受付票" in s.text() and "待ち" in s.text()
        await s.press("1")
        assert "取り消す" in s.text()
        await s.press("2")
        assert "取消" in s.text() and not s.desk.printing.pending()
        await s.press("1")
        assert "今できることはありません" in s.text()
        await s.press("escape")
        assert "印刷の状態" in s.text()


async def test_the_state_of_the_register(stage):
    async with stage().on() as s:
        await s.press("f8", "8")
        assert "2026-11-21" in s.text() and "demo-1" in s.text() and "架空データ" in s.text()


async def test_closing_names_those_who_are_still_inside(stage):
    async with stage().on() as s:
        await admitted(s)
        await s.press("f8", "9")
        assert "まだ2人います" in s.text() and "五十嵐　春" in s.text()
        await s.press("enter")
        await s.press("1")
        assert s.desk.shelter.episode().is_open
        await s.press("f8", "9", "2")
        assert not s.desk.shelter.episode().is_open and "閉鎖しました" in s.text()
        await s.press("down")
        assert "F2 で避難所を開設" in s.text()


SCREENS = {"idle": (), "closed": (), "hits": ("佐", "藤", "enter"), "depart": ("f3",), "papers": ("f5",),
           "report": ("f6",), "tasks": ("f8",), "undo": ("f9",), "inquiry": ("f8", "1"), "merge": ("f8", "5"),
           "jobs": ("f8", "7"), "closing": ("f8", "9"), "cards": ("f12",)}


@pytest.mark.parametrize("name", SCREENS)
async def test_f1_explains_every_panel_and_changes_nothing(stage, name):
    async with stage(is_open=name != "closed", cards=True).on() as s:
        await s.press(*SCREENS[name])
        before, panel = s.kinds(), s.screen.panel
        await s.press("f1")
        await s.until("説明:")
        assert len(panel.help) > 10
        await s.press("f1")
        await s.until(lambda: len(s.app.screen_stack) == 2)
        assert s.screen.panel is panel and s.kinds() == before


async def test_keys_without_a_meaning_do_nothing(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        for key in ("f11", "b", "9", "0", "left", "ctrl+a", "f10"):
            await s.press(key)
        assert "Enter で3人とも入所" in s.text()
