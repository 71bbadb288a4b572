"""The search box of an idle desk, the list, and what protected people's households show."""

from __future__ import annotations

from sanjo_tui.errors import RegisterError


async def test_typing_looks_nothing_up_and_enter_searches_once(stage):
    async with stage().on() as s:
        await s.type("佐藤")
        assert s.screen.box.value == "佐藤" and "lookup.searched" not in s.kinds()
        await s.press("enter")
        assert s.kinds().count("lookup.searched") == 1 and s.desk.register.searched == ["佐藤"]
        assert "佐藤　太郎" in s.text() and "昭和49年3月5日" in s.text()
        await s.press("2")
        assert "Enter で3人とも入所" in s.text() and s.kinds().count("lookup.opened") == 1


async def test_the_row_of_the_cursor_is_taken_by_enter(stage):
    async with stage().on() as s:
        await s.type("佐藤")
        await s.press("enter", "down", "enter")
        assert "佐藤　花子 さんの世帯" in s.text()


async def test_esc_goes_back_to_the_idle_desk(stage):
    async with stage().on() as s:
        await s.type("佐藤")
        await s.press("enter", "escape")
        assert "カードをかざしてください" in s.text()


async def test_editing_keys_edit(stage):
    async with stage().on() as s:
        await s.type("abc")
        await s.press("left", "backspace", "home", "delete", "end")
        assert s.screen.box.value == "c"
        await s.press("escape")
        assert s.screen.box.value == ""


async def test_a_user_id_opens_at_once(stage):
    async with stage().on() as s:
        await s.type("2000000000001")
        await s.press("enter")
        assert "Enter で3人とも入所" in s.text()


async def test_digits_are_typed_at_an_idle_desk(stage):
    async with stage().on() as s:
        await s.type("2490305")
        assert s.screen.box.value == "2490305"


async def test_pasted_text_is_typing(stage):
    from textual.events import Paste

    async with stage().on() as s:
        s.app.post_message(Paste("2000000000001\n"))
        await s.settle()
        assert s.screen.box.value == "2000000000001" and "lookup.opened" not in s.kinds()


async def test_nobody_found_says_what_to_do(stage):
    async with stage().on() as s:
        await s.type("だれもいない")
        await s.press("enter")
        assert "見つかりません" in s.text() and "F2 仮登録" in s.text()


async def test_a_refused_number_is_said_and_nothing_found(stage, monkeypatch):
    async with stage().on() as s:
        def refuse(text, limit=50):
            raise RegisterError("個人番号は使えません。", "氏名で探してください。")

        monkeypatch.setattr(s.desk.register, "search", refuse)
        await s.type("123456789018")
        await s.press("enter")
        assert "個人番号は使えません" in s.text()


async def test_without_a_register_the_shelter_still_works(stage):
    async with stage(register=False).on() as s:
        assert "住基なし" in s.text()
        await s.type("佐藤")
        await s.press("enter")
        assert "F2 仮登録" in s.text()
        await s.press("f2")
        await s.type("さとう")
        await s.press("enter", "enter", "enter")
        await s.until("受付しました")
        await s.type("さとう")
        await s.press("enter")
        assert "仮登録" in s.text()


async def test_a_protected_person_sees_herself_alone_and_no_place(stage):
    async with stage().on() as s:
        await s.tap("2000000000003")
        assert "隠田　守子" in s.text() and "取扱注意" in s.text()
        assert "表野" not in s.text() and "旭町" not in s.text()
        await s.press("enter")
        assert "氏名非表示" in s.text()                       # in the line of the latest receptions


async def test_the_others_never_see_a_protected_member_nor_that_anybody_is_missing(stage):
    async with stage().on() as s:
        await s.tap("2000000000006")
        assert "Enter で1人入所" in s.text() and "隠田" not in s.text()
        await s.press("enter")
        assert "残り" not in s.text() and "隠田" not in s.text()


async def test_glyphs_that_a_terminal_lacks_are_marked(stage):
    async with stage().on() as s:
        await s.tap("2000000000005")
        assert "葛城　〓子*" in s.text() and "* の付いた氏名" in s.text()
        assert s.screen.panel.look.members[0].name == "葛\U000e0100城　\ue000子"
