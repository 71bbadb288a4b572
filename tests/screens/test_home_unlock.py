"""The first screens: passphrase, several receptions, the register's state."""

from __future__ import annotations


async def test_the_passphrase_opens_the_station(stage):
    async with stage(locked=True).on(first="パスフレーズ") as s:
        await s.pilot.press(*"だめ", "enter")
        await s.until("パスフレーズが違います")
        await s.pilot.press(*"ひらけごま", "enter")
        await s.until("カードをかざしてください")


async def test_the_passphrase_never_stands_on_the_screen_and_f1_explains(stage):
    async with stage(locked=True).on(first="パスフレーズ") as s:
        await s.pilot.press(*"ひらけ")
        assert "ひらけ" not in s.text()
        await s.pilot.press("f1")
        await s.until("説明:")
        await s.pilot.press("escape")
        await s.until("パスフレーズを入れて")


async def test_a_passphrase_that_comes_in_one_go_is_no_scan(stage):
    async with stage(locked=True).on(first="パスフレーズ") as s:
        await s.burst("abcdefgh12")
        await s.until("パスフレーズが違います")


async def test_several_receptions_have_a_home_and_enter_opens_the_first(stage):
    async with stage(receptions=("shelter", "library")).on(first="受付を選んでください") as s:
        await s.press("3")
        await s.until("受付を選んでください")
        await s.press("f1")
        await s.until("説明:")
        await s.press("escape")
        await s.press("f10")
        await s.until("住基の写しの状態")
        await s.press("f1")
        await s.until("説明:")
        await s.press("escape")
        await s.press("escape")
        await s.until("受付を選んでください")
        await s.press("enter")
        await s.until("カードをかざしてください")
        await s.press("escape")
        await s.until("受付を選んでください")


async def test_ctrl_c_does_not_end_the_desk_and_ctrl_q_does(stage):
    async with stage().on() as s:
        await s.press("ctrl+c")
        await s.until("Ctrl+Q")
        assert s.app.is_running
        await s.pilot.press("ctrl+q")
        for _ in range(200):
            if not s.app.is_running or s.app._exit:
                break
            await s.pilot.pause(0.01)
        assert s.app._exit
