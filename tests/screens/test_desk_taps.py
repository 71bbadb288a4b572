"""Cards and scanners: what is worked on, what waits, and what never lands half-way in a field."""

from __future__ import annotations

import pytest

from sanjo_tui.cards.facts import CardGone, CardRefused, CardSeen, CardTouched, Readers


async def test_a_tap_while_a_household_is_open_waits_and_is_announced(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.press("3")
        before = s.kinds()
        await s.tap("2000000000002")
        assert "次のカードが1枚待っています" in s.text()
        assert "佐藤　太郎" in s.text() and "Enter で2人入所" in s.text() and "五十嵐" not in s.text()
        assert s.kinds() == before                       # not even looked up
        await s.press("enter")
        assert "受付しました" in s.text() and "五十嵐" not in s.text()
        await s.press("enter")
        assert "五十嵐　一郎" in s.text() and s.kinds().count("shelter.admitted") == 2
        assert "待っています" not in s.text()


async def test_the_waiting_card_follows_by_itself_after_a_while(stage, monkeypatch):
    monkeypatch.setattr("screens.desk.NEXT_AFTER", 0.05)
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.tap("2000000000002")
        await s.press("enter")
        await s.until("五十嵐　一郎 さんの世帯")


async def test_esc_lets_the_waiting_card_in(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.tap("2000000000002")
        await s.press("escape")
        assert "五十嵐　一郎 さんの世帯" in s.text() and "shelter.admitted" not in s.kinds()


async def test_the_same_card_waits_once_and_not_behind_itself(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.tap("2000000000001")
        assert "待っています" not in s.text()
        await s.tap("2000000000002")
        await s.tap("2000000000002")
        assert "次のカードが1枚" in s.text()
        await s.tap("2000000000003")
        assert "次のカードが2枚" in s.text()


async def test_after_a_record_the_next_card_is_taken_at_once(stage):
    async with stage().on() as s:
        await s.tap("2000000000001")
        await s.press("enter")
        await s.tap("2000000000002")
        assert "五十嵐　一郎 さんの世帯" in s.text()


async def test_the_screen_follows_the_card(stage):
    async with stage().on() as s:
        s.parts.emit(CardTouched("r"))
        await s.until("読取中")
        s.parts.emit(CardSeen("r", "p", "user_id", "2000000000001"))
        await s.until("Enter で3人とも入所")
        await s.press("enter")
        assert "カードを取ってください" in s.text()
        s.parts.emit(CardGone("r"))
        await s.until("受付しました", absent="カードを取ってください")


async def test_a_refused_card_says_why(stage):
    async with stage().on() as s:
        s.parts.emit(CardTouched("r"))
        s.parts.emit(CardRefused("r", "カードが早く離れました。", "torn"))
        await s.until("カードが早く離れました")
        await s.tap("2000000000001")
        assert "Enter で3人とも入所" in s.text()


async def test_the_header_says_whether_cards_can_be_read(stage):
    async with stage().on() as s:
        assert "読取可" in s.text()
        s.parts.emit(Readers(False, (), "リーダーなし"))
        await s.until("読取不可(リーダーなし)")
        await s.type("佐藤")
        await s.press("enter")
        assert "3人" in s.text()                         # typing and search work all the while
        s.parts.emit(Readers(True, ("r",), "読取可"))
        await s.until("読取可")


@pytest.mark.parametrize("end", ["enter", "ctrl+j", "tab"])
async def test_a_burst_at_an_idle_desk_is_a_card(stage, end):
    async with stage().on() as s:
        await s.burst("2000000000001", end)
        assert "Enter で3人とも入所" in s.text()
        assert s.screen.box.value == ""


async def test_a_burst_with_a_household_open_waits_and_toggles_nobody(stage):
    async with stage().on() as s:
        await s.tap("2000000000002")
        await s.burst("2000000000001")
        assert "Enter で2人とも入所" in s.text() and "次のカードが1枚待っています" in s.text()


async def test_a_burst_without_its_end_toggles_nobody(stage):
    async with stage().on() as s:
        await s.tap("2000000000002")
        await s.burst("1212121212", end="")
        await s.until("読み取りが途中で切れました")
        await s.press("down")
        assert "Enter で2人とも入所" in s.text()


async def test_a_code_that_is_no_card_is_searched_for(stage):
    async with stage().on() as s:
        await s.burst("19740305")
        assert s.desk.register.searched == ["19740305"]


async def test_a_tag_opens_its_person(stage):
    async with stage().on() as s:
        await s.press("f2")
        await s.type("やまだ")
        await s.press("enter", "enter", "enter")
        await s.until("受付しました")
        number = next(iter(s.desk.shelter.presences()))
        await s.burst(number)
        assert number in s.text() and "全員確認済み" in s.text() and "やまだ" in s.text()


async def test_a_tap_during_a_window_waits_and_is_said(stage):
    async with stage().on() as s:
        await s.press("f2")
        s.parts.tap("2000000000001")
        await s.until("次のカードが待っています")
        await s.press("escape")
        await s.until("Enter で3人とも入所")


async def test_a_scanner_never_types_into_a_form(stage):
    async with stage().on() as s:
        await s.press("f2")
        await s.burst("2000000000001")
        await s.until("次のカードが待っています")
        assert s.app.screen.query_one("#field-name_kana").value == ""


async def test_a_tap_closes_the_help(stage):
    async with stage().on() as s:
        await s.press("f1")
        await s.until("説明:")
        s.parts.tap("2000000000001")
        await s.until("Enter で3人とも入所")


async def test_a_tap_before_opening_waits_for_it(stage):
    async with stage(is_open=False).on() as s:
        await s.tap("2000000000001")
        assert "次のカードが1枚待っています" in s.text()
        await s.press("f2")
        assert "Enter で3人とも入所" in s.text()


async def test_an_unknown_card_is_handed_out_and_admits(stage):
    async with stage().on() as s:
        await s.tap("2999999999999")
        assert "登録のないカード" in s.text() and "2999999999999" not in s.text()
        await s.type("五十嵐　春")
        await s.press("enter", "1")
        assert "Enter でカードを渡して2人入所" in s.text()
        await s.press("enter")
        assert "受付しました" in s.text()
        assert s.kinds().count("token.bound") == 1 and s.kinds().count("shelter.admitted") == 2
        await s.tap("2999999999999")
        assert "全員確認済み" in s.text()


async def test_an_unknown_card_goes_to_an_unknown_person(stage):
    async with stage().on() as s:
        await s.tap("2999999999999")
        await s.press("f2")
        await s.type("たびびと")
        await s.press("enter", "enter", "enter")
        await s.until("受付しました")
        assert s.desk.bound_to(s.seen("2999999999999")) in s.desk.shelter.presences()


async def test_a_handed_out_card_is_taken_back(stage):
    async with stage().on() as s:
        s.desk.bind(s.seen("2999999999999"), "100201")
        await s.press("f8", "6")
        assert "返してもらったカード" in s.text()
        await s.tap("2999999999999")
        assert "結び付けを外しました" in s.text() and s.desk.bound_to(s.seen("2999999999999")) is None


async def test_a_drill_shows_where_its_cards_are(stage):
    async with stage(cards=True).on() as s:
        assert "F12" in s.text()
        await s.press("f12", "1")
        await s.until("Enter で3人とも入所")
        await s.press("f12", "2")
        await s.until("次のカードが1枚待っています")


async def test_without_the_built_in_reader_f12_says_so(stage):
    async with stage().on() as s:
        await s.press("f12")
        assert "練習でだけ" in s.text()


async def test_idle_text_is_given_up_for_a_card(stage):
    async with stage().on() as s:
        await s.type("さと")
        await s.tap("2000000000002")
        await s.press("escape")
        assert s.screen.box.value == ""


async def test_a_double_enter_records_once(stage):
    async with stage().on() as s:
        await s.tap("2000000000002")
        s.parts.tap("2000000000001")
        await s.press("enter", "enter")
        assert s.kinds().count("shelter.admitted") == 2      # the second opens the waiting card, it records nobody
        assert "Enter で3人とも入所" in s.text()
