from tests.screens.stage import Stage


async def test_a_family_of_three_is_one_tap_and_one_key(tmp_path):
    stage = Stage(tmp_path / "home")
    async with stage.app.run_test(size=(80, 24)) as stage.pilot:
        await stage.until("カードをかざしてください")
        await stage.tap("2000000000001")
        await stage.until("Enter で3人とも入所")
        print(stage.text())
        await stage.press("enter")
        await stage.until("受付しました")
        print(stage.text())
        assert stage.kinds().count("shelter.admitted") == 3
