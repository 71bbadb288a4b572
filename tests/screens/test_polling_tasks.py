"""The rarer tasks of a polling place, each by its keys, on the real desk: opening, counting, taking back, closing."""

from __future__ import annotations

import datetime as dt
from unicodedata import east_asian_width

import pytest
from rich.cells import cell_len

from sanjo_tui.receptions.polling.doubles import Double, DoubleRow
from sanjo_tui.receptions.polling.events import JournalMerged
from sanjo_tui.receptions.polling.state import Issue
from sanjo_tui.receptions.polling.words import Mode, Occasion, PaperKind, PlaceState, State
from screens.polling_arrivals import chart, span
from screens.polling_opening import groups, near
from tests.screens.polling_stage import DAY, EARLY, PIN, PollingStage, set_up
from tests.screens.stage import NOW

CLERK, PRESIDING = "J03", "K01"


@pytest.fixture
def stage(tmp_path):
    return lambda **wanted: PollingStage(tmp_path / "home", **{"place": DAY, **wanted})


async def received(s, number=1, leave=True):
    """One voter with all papers, on polling day."""
    before = len(s.recorded())
    await s.card(number)
    s.screen._not_before = 0.0                  # a test looks faster than a clerk
    await s.press("enter")
    await s.until(lambda: len(s.recorded()) == before + 1)
    if leave:
        await s.press("escape")
    return s.recorded()[-1].reception_no


def states(s, number=1):
    voter = s.desk.polling.voter(f"9{number:05}")
    return [voter.ballot(c).state for c in ("sho", "hirei", "shinsa", "chiji", "shigi")]


async def signs(s, who=CLERK):
    """The second operator's number and PIN, where the form asks for them now."""
    await s.type(who)
    await s.press("enter")
    await s.type(PIN)
    await s.press("enter")


# --- 開所


async def test_the_place_opens_when_the_clock_was_typed_and_the_zero_report_was_seen(stage):
    async with stage(is_open=False).on() as s:
        await s.press("f2")
        await s.until("開所の確認")
        assert "時計をまだ確かめていません" in s.text() and "名簿は期限内" in s.text()
        await s.type("1200")
        await s.press("enter")
        await s.until("画面の時計と合いません")
        assert s.desk.polling.day() is None
        await s.type("1406")
        await s.press("enter")
        await s.until("開所ゼロ票をまだ出していません")
        await s.press("enter")
        await s.until("開所ゼロ票を印刷に回しました")
        assert [job.form for job in s.desk.printing.pending()] == ["zero"]
        await s.press("enter", "enter")
        await s.until("開所しました")
        day = s.desk.polling.day()
        assert day.state is PlaceState.OPEN and day.opening.clock_confirmed and day.opening.zero_printed


async def test_without_a_printer_the_zero_report_is_copied_from_the_screen(stage):
    async with stage(is_open=False).on() as s:
        await s.press("f2")
        await s.type("1405")
        await s.press("enter", "2")
        await s.until("開所のゼロ票 (書き写し)")
        assert groups(s.desk.polling.proof().election_sha256) in s.text()
        await s.press("enter")
        await s.until("見比べた人")
        await s.type("J04")
        await s.press("enter", "enter")
        await s.until("開所しました")
        assert s.desk.polling.day().opening.witnessed_by == "J04"


async def test_a_roll_that_is_too_old_is_waived_only_by_the_presiding_officer(stage):
    old = set_up(DAY).replace("stale_after_hours = 24", "stale_after_hours = 1")
    async with stage(is_open=False, toml=old).on() as s:
        await s.press("f2")
        await s.until("開所の確認")
        assert "9 投票管理者の判断" not in s.text()         # clock and zero report first: nobody waives those
        await s.type("1405")
        await s.press("enter", "enter", "enter")
        await s.until("9 投票管理者の判断で開ける")
        await s.press("enter")
        assert s.desk.polling.day() is None
        await s.press("9")
        await s.type("新しい名簿が届かない")
        await s.press("enter", "1")
        await s.type(PIN)
        await s.press("enter")
        await s.until("開所しました")
        opening = s.desk.polling.day().opening
        assert (opening.on_paper, opening.decided_by) == ("新しい名簿が届かない", PRESIDING)


async def test_a_closed_place_is_opened_again_by_the_presiding_officer(stage):
    async with stage().on() as s:
        for line in s.desk.polling.equations():
            s.desk.polling.count(line.contest, line.paper, line.expected, Occasion.CLOSING)
        s.desk.polling.close_place(remark="早く閉める")
        await s.press("f8", "escape")                       # any key brings the news
        await s.until(lambda: s.screen.day.state is PlaceState.CLOSED)
        await s.press("f2")
        await s.type("1405")
        await s.press("enter")
        await s.until("もう一度開けるのは")
        await s.press("enter")
        await s.type("まだ並んでいる")
        await s.press("enter", "1")
        await s.type(PIN)
        await s.press("enter")
        await s.until("開所しました")
        assert s.desk.polling.day().openings == 2


def test_a_typed_time_is_near_or_not():
    now = dt.datetime(2026, 11, 24, 0, 1)
    assert near("0001", now) and near("2359", now) and near("0003", now)
    assert not near("0010", now) and not near("2401", now) and not near("01", now) and not near("", now)


# --- 用紙の残数


async def test_papers_are_counted_by_hand_and_a_difference_stands_until_it_is_settled(stage):
    async with stage().on() as s:
        await received(s)
        await s.press("f5")
        await s.until("用紙の残数")
        assert "未計数" in s.text() and "499" not in s.text()      # what it should be is not told before
        await s.type("499")
        await s.press("enter")
        await s.until("合う")
        await s.type("4")
        await s.press("enter")
        await s.until("1枚 不足")
        await s.press("escape")
        await s.until("用紙の差")
        await s.press("f5", "down", "/")
        await s.until("差の説明")
        await s.type("2回数えた")
        await s.press("enter")
        await signs(s)
        await s.until("差を説明と一緒に記録しました")
        assert not s.desk.polling.standing_differences()
        line = s.desk.polling.equations()[1]
        assert (line.accepted, line.explanations) == (-1, ("2回数えた",))


async def test_a_wrong_pin_is_said_and_only_the_pin_is_typed_again(stage):
    async with stage().on() as s:
        await s.press("f5")
        await s.type("499")
        await s.press("enter", "/")
        await s.until("差の説明")
        await s.type("調べた")
        await s.press("enter")
        await s.type(CLERK)
        await s.press("enter")
        await s.type("9999")
        await s.press("enter")
        await s.until("番号か暗証番号が違います")
        assert "調べた" in s.text() and "9999" not in s.text()
        await s.press("enter")
        await s.type(PIN)
        await s.press("enter")
        await s.until("差を説明と一緒に記録しました")


async def test_more_papers_are_delivered(stage):
    async with stage().on() as s:
        await s.press("f5", "+")
        await s.until("用紙の受領")
        await s.press("down", "down")
        await s.type("abc")
        await s.press("enter")
        await s.until("枚数は数字で")
        await s.press("down", "down", "ctrl+u")
        await s.type("100")
        await s.press("enter")
        await s.until("用紙の受領を記録しました")
        assert s.desk.polling.equations()[0].delivered == 600


async def test_counting_at_a_report_time_is_reconciling_until_the_counts_are_left(stage):
    times = set_up(DAY).replace("polling_day =", 'report_times = ["14:00"]\npolling_day =', 1)
    async with stage(toml=times).on() as s:
        await s.press("f5")
        await s.until("機会: 定時")
        await s.type("500")
        await s.press("enter")
        assert s.desk.polling.day().state is PlaceState.RECONCILING
        await s.press("escape")
        assert s.desk.polling.day().state is PlaceState.OPEN
        await s.press("f5", "5", "enter")
        s.desk.polling.end_reconciling()                    # another desk was first
        await s.press("escape")
        await s.until("カードか入場券", absent="用紙の残数")


# --- 取消, 引換


async def test_a_reception_is_taken_back_with_all_papers_and_a_second_person(stage):
    async with stage().on() as s:
        number = await received(s)
        await s.press("f9", "1")
        await s.until("あと5枚")
        await s.press("enter", "1", "2", "3", "4")
        await s.until("あと1枚")
        assert len(s.app.screen_stack) == 2
        await s.press("5", "enter")
        await s.until("受付取消 " + number)
        await s.press("1", "enter")
        await signs(s)
        await s.until("取り消しました")
        assert states(s) == [State.NOT_YET] * 5
        await s.press("escape", "f9")
        await s.until("取り消せる受付はありません")


async def test_a_spoiled_paper_is_exchanged_only_when_it_is_in_hand(stage):
    async with stage().on() as s:
        await received(s)
        await s.press("f4")
        await s.card(1)
        await s.until("佐藤　太郎 さんのどの用紙ですか")
        await s.press("2", "1")
        await s.until("元の用紙を受け取りましたか")
        await s.press("2")
        await s.until("引 換 で き ま せ ん")
        await s.press("enter")
        assert "polling.exchanged" not in s.kinds()
        await s.press("escape", "escape", "f4")
        await s.card(1)
        await s.press("2", "1", "1")
        await s.until("引換")
        voter = s.desk.polling.voter("900001")
        assert voter.ballot("hirei").spoiled == (PaperKind.PLAIN,) and len(voter.ballot("hirei").papers) == 1


async def test_after_a_reception_the_voter_is_named_and_another_one_is_a_key_away(stage):
    async with stage().on() as s:
        await received(s, 12)
        await received(s, 1, leave=False)
        await s.press("f4")
        await s.until("佐藤　太郎 さんのどの用紙ですか")
        await s.press("6")
        await s.type("かつらぎ")
        await s.press("enter", "enter")
        assert "どの用紙" not in s.text()                    # a list is answered by its number, never by Enter
        await s.press("1")
        await s.until("さんのどの用紙ですか", absent="佐藤")


async def test_a_paper_is_given_back_and_the_voter_may_come_again(stage):
    async with stage().on() as s:
        number = await received(s)
        await s.press("f4")
        await s.burst(number)
        await s.press("1", "5", "1")
        await s.until("返付")
        assert states(s)[0] is State.RETURNED


async def test_a_paper_that_was_taken_away_is_a_record_only(stage):
    async with stage().on() as s:
        await received(s)
        await s.press("f4")
        await s.card(1)
        await s.press("1", "6")
        await s.until("持ち帰り: ")
        await s.type("かばんに入れた")
        await s.press("enter")
        await s.until("記録しました")
        assert s.desk.polling.voter("900001").ballot("sho").taken_away and states(s)[0] is State.ISSUED
        await s.press("escape", "f3")
        await s.type("T0000001")
        await s.press("enter")
        await s.until("Enter で全部(4枚)投函")
        await s.press("enter")
        await s.until("投函4")
        await s.card(1)
        await s.until("持ち帰りが記録されています")


# --- 出口


async def test_the_exit_is_one_code_and_enter(stage):
    async with stage().on() as s:
        number = await received(s)
        await s.press("f3")
        await s.burst(number)
        await s.until("Enter で全部(5枚)投函")
        await s.press("enter")
        await s.until("投函5")
        assert states(s) == [State.CAST] * 5
        await s.type(number)
        await s.press("enter")
        await s.until("投函は確認済みです")


async def test_nobody_leaves_without_a_paper_unasked(stage):
    async with stage().on() as s:
        number = await received(s, 3)                       # three contests were voted early; two papers
        await s.press("f3")
        await s.burst(number)
        await s.press("1", "enter")
        await s.until("返付1")
        assert states(s, 3)[2] is State.RETURNED
        await s.type(number)
        await s.press("enter")
        await s.until("受け取っていない選挙が1つ")
        await s.press("enter")
        assert "polling.abstained" not in s.kinds()
        await s.press("1", "enter")
        await s.until("記録しました")
        assert states(s, 3)[2] is State.ABSTAINED


async def test_a_desk_at_the_exit_hears_of_a_difference_by_itself(stage):
    async with stage().on() as s:
        await s.press("f3")
        s.desk.polling.count("sho", PaperKind.PLAIN, 499)
        await s.until("用紙の差 小選挙区 -1")
        assert "交付票のバーコード" in s.text()


async def test_cards_of_those_who_queue_at_the_exit_are_taken_in_turn(stage):
    async with stage().on() as s:
        await received(s)
        await received(s, 12)
        await s.press("f3")
        await s.card(1)
        await s.card(12)
        await s.until("次のカードが1枚")
        await s.press("enter")
        await s.until("葛城")
        await s.press("enter")
        await s.until("出口の確認", absent="葛城")
        assert states(s) == states(s, 12) == [State.CAST] * 5


# --- 投票管理者


async def test_a_refusal_and_the_provisional_vote_that_follows(stage):
    async with stage().on() as s:
        await s.card(2)
        await s.press("f7")
        await s.until("投票管理者が選んでください")
        await s.press("2")
        await s.until("立会人の意見")
        await s.press("down")
        await s.type("済と出た")
        await s.press("enter")
        await s.type("異議なし")
        await s.press("enter", "1")
        await s.type(PIN)
        await s.press("enter")
        await s.until("本人に不服がありますか")
        await s.press("2")
        await s.until("仮投票: ")
        await s.press("down", "down", "down")
        await s.type("投票していないと言う")
        await s.press("enter")
        await s.type("異議なし")
        await s.press("enter", "1")
        await s.type(PIN)
        await s.press("enter")
        await s.until("記録しました")
        voter = s.desk.polling.voter("900002")
        assert all(b.provisional and b.refused for b in voter.ballots.values()) and len(voter.ballots) == 5


async def test_unused_absentee_papers_are_handed_in(stage):
    async with stage().on() as s:
        await s.card(10)
        await s.press("f7", "4")
        await s.until("不在者投票用紙の返還")
        await s.press("down")
        await signs(s)
        await s.until("記録しました")
        await s.card(10)
        await s.until("交付")


async def test_somebody_outside_the_roll_is_enrolled_by_two_people(stage):
    async with stage().on() as s:
        await s.press("f7", "3")
        await s.until("補正登録・判決書")
        await s.press("1")
        await s.type("補正　一郎")
        await s.press("enter", "enter")
        await s.type("S23.2.29")
        await s.press("enter", "1", "enter", "enter")
        await s.until(lambda: s.app.focused.field.key in ("decided_by", "decider_pin"))
        await s.press("1")
        await s.type(PIN)
        await s.press("enter")
        await signs(s)
        await s.until("として登録しました")
        assert "補正" in s.text()


async def test_an_incident_is_written_down(stage):
    async with stage().on() as s:
        await received(s)
        await s.card(1)
        await s.press("f7", "5")
        await s.until("事故の記録: ")
        await s.press("2")
        await s.type("比例を2枚渡した")
        await s.press("enter")
        await s.until("記録しました")
        assert s.desk.polling.voter("900001").incidents == 1


# --- 書類, 数, 記録


async def test_papers_go_to_the_printer(stage):
    async with stage().on() as s:
        for key in ("2", "3", "8", "9"):
            await s.press("f6", key)
            await s.until("印刷に回しました")
        assert sorted(job.form for job in s.desk.printing.pending()) == ["balance", "doubles", "voting_record", "zero"]


async def test_the_interim_report_is_read_out_recorded_and_printed(stage):
    async with stage().on() as s:
        await received(s)
        await s.press("f6", "1")
        await s.until("中間報告")
        await s.press("enter")
        await s.until("印刷に回しました")
        (made,) = s.desk.polling.day().reports
        assert made.figures["sho"] == (1, 0, 1) or list(made.figures["sho"]) == [1, 0, 1]


async def test_a_report_time_that_has_passed_is_reported(stage):
    times = set_up(DAY).replace("polling_day =", 'report_times = ["10:00", "14:00", "18:00"]\npolling_day =', 1)
    async with stage(toml=times).on() as s:
        await s.press("f6", "1")
        await s.until("中間報告 14:00 現在")
        assert "まだの報告: 10:00、14:00" in s.text()
        await s.press("enter")
        assert [r.time for r in s.desk.polling.day().reports] == ["14:00"]


async def test_papers_of_one_reception_are_printed_again(stage):
    async with stage(place=EARLY).on() as s:
        await s.card(1)
        await s.press("1", "enter")
        await s.until(lambda: len(s.recorded()) == 1)
        number = s.recorded()[0].reception_no
        await s.press("f6")
        assert f"宣誓書の再印刷 {number}" in s.text()
        await s.press("2")
        await s.until("投票用紙交付票を印刷に回しました")
        await s.press("escape", "f6", "7")
        await s.until("受付番号(必須)")
        await s.type("A1B2C3-0002-7")
        await s.press("enter")
        await s.until("その受付番号の記録はありません")
        s.app.focused.value = number.lower()
        await s.press("enter")
        await s.until("印刷に回しました")
        forms = [(job.form, job.parameters["reception_no"]) for job in s.desk.printing.pending()]
        assert forms == [("declaration", number), ("slip", number), ("slip", number), ("declaration", number)]
        await s.press("f6", "4", "2")
        await s.until("抄本を印刷に回しました")
        await s.press("f6", "5", "3")
        await s.until("調書を印刷に回しました")
        await s.press("f8", "6")
        await s.until("印刷の状態")
        assert "投票用紙交付票" in s.text() and "選挙人名簿抄本" in s.text()


async def test_numbers_by_hour_and_the_picture_of_arrivals(stage):
    async with stage().on() as s:
        await received(s)
        await received(s, 12)
        await s.press("f8", "1")
        await s.until("14時台")
        await s.press("escape", "f8", "2")
        await s.until("一番多い")
        assert "一番多いのは 14:00 からの15分で 2人" in s.text() and " #" in s.text()
        await s.press("enter", "pagedown", "pagedown")
        await s.until("14:00      2人")
        await s.press("escape", "escape")
        await s.until("カードか入場券")


def test_the_chart_is_as_high_as_fits_and_shows_every_arrival():
    first, last = span({28: 100, 31: 1}, (dt.time(7), dt.time(8, 30)))
    lines = chart({28: 100, 31: 1}, first, last, 78, 6)
    assert lines == ["  100 #", "      #", "      #", "      #  #", "      ------", "      07  08"]
    assert chart({}, *span({}, None), 78, 6) == []


async def test_duty_and_remarks_for_the_record(stage):
    async with stage().on() as s:
        await s.press("f8", "3", "1")
        await s.until("参会・退出")
        await s.press("enter")
        await s.until("参会・退出を記録しました")
        await s.press("f8", "4")
        await s.until("投票録に残すこと")
        await s.press("3")
        await s.type("10分間停電")
        await s.press("enter")
        await s.until("投票録に残すことを記録しました")
        day = s.desk.polling.day()
        assert day.duties[0].staff == "K01" and day.duties[0].came == "14:05" and day.remarks[0].text == "10分間停電"


async def test_other_places_are_said_to_be_unknown_until_they_are_merged(stage):
    async with stage().on() as s:
        await s.press("f8", "5")
        await s.until("他会場データは、まだありません")
        assert "二重の受付は見つかっていません" in s.text()


async def test_doubles_of_a_merge_are_listed_by_number_and_printed(stage, monkeypatch):
    def issue(station):
        return Issue(number=f"{station}-7", at_ms=0, place="E1", mode=Mode.EARLY, paper=PaperKind.PLAIN, operator="op",
                     reception_no=f"{station}-0001-9")

    row = DoubleRow(voter="900001", contest="sho", kind=Double.TWO_PAPERS, issues=(issue("AAAAAA"), issue("BBBBBB")))
    merged = JournalMerged(subject="x", station="BBBBBB", seq=40, events=40, at="2026-11-23T20:05+09:00")
    async with stage().on() as s:
        monkeypatch.setattr(s.desk.polling, "doubles", lambda: (row,))
        monkeypatch.setattr(s.desk.polling, "merged", lambda: (merged,))
        await s.press("f8", "5")
        await s.until("二重の受付 1件")
        assert "2026-11-23 20:05" in s.text() and "BBBBBB" in s.text()
        await s.press("enter")
        await s.until("BBBBBB-0001-9")
        assert "佐藤" not in s.text()
        await s.press("1", "2")
        assert [job.form for job in s.desk.printing.pending()] == ["doubles", "incident"]


# --- 閉所, 封緘


async def counted(s):
    """All papers for closing: nine kinds by another desk, the last one by hand here."""
    *others, last = s.desk.polling.equations()
    for line in others:
        s.desk.polling.count(line.contest, line.paper, line.expected, Occasion.CLOSING)
    await s.press("pagedown")
    await s.type(str(last.expected))
    await s.press("enter")


async def test_the_place_closes_with_counted_papers_and_is_sealed(stage, tmp_path):
    async with stage().on() as s:
        await received(s)
        await s.press("f8", "7")
        await s.until("投函を確かめていない用紙 5枚")
        await s.press("enter")
        await s.until("閉所すると、どれも投票済になります")
        await s.press("enter")
        await s.until("Enter で用紙の残数に移り")
        await s.press("enter")
        await s.until("機会: 閉所")
        await counted(s)
        await s.press("escape")
        await s.until("Enter で閉所します")
        await s.press("enter")
        await s.until("早く閉める" if not s.desk.polling.place.exit_check else "訳")
        await s.type("確かめ直した")
        await s.press("enter")
        await signs(s)
        await s.until("閉所しました")
        assert s.desk.polling.day().state is PlaceState.CLOSED and states(s) == [State.CAST] * 5
        out = tmp_path / "usb"
        out.mkdir()
        await s.press("1")
        await s.until("書き出し先")
        s.app.focused.value = str(s.desk.station.home / "x")
        await s.press("enter")
        await s.until("書き出し先(必須)", absent="媒体を差してから")
        assert s.desk.polling.day().state is PlaceState.CLOSED
        s.app.focused.value = str(out)                      # as it is pasted
        await s.press("enter")
        await s.until("封緘しました")
        assert s.desk.polling.day().state is PlaceState.SEALED and list(out.iterdir())


async def test_a_day_that_was_left_open_is_closed_before_the_next_one_opens(stage):
    s = stage(place=EARLY)
    tomorrow = NOW + dt.timedelta(days=1)
    s.desk.polling.clock = s.app.clock = lambda: tomorrow
    async with s.on():
        await s.press("f2")
        await s.until("2026-11-24の閉所か封緘が済んでいません")
        assert "F8 その他の" in s.text()
        await s.press("f8", "7")
        await s.until("2026-11-24 の分")
        await s.press("enter")
        await counted(s)
        await s.press("escape", "0", "enter", "enter")
        await s.until("閉所しました")
        day, = s.desk.polling.days()
        assert (day.day, day.state) == ("2026-11-24", PlaceState.CLOSED)


async def test_oaths_that_do_not_fit_need_a_reason_and_a_second_person(stage):
    async with stage(place=EARLY).on() as s:
        await s.card(1)
        await s.press("1", "enter")
        await s.until(lambda: len(s.recorded()) == 1)
        await s.press("escape", "f3")
        await s.card(1)
        await s.press("enter", "escape", "f8", "7")
        await s.until("閉所の確認")
        await s.press("enter")
        await counted(s)
        await s.press("escape")
        await s.until("宣誓書の枚数を手で数えます")
        await s.press("2", "enter")
        await s.until("宣誓書は2枚ですが、受付は1件です")
        await s.press("backspace", "1", "enter")
        await s.until("Enter で閉所します")


PANELS = {"counts": ("f5",), "papers": ("f6",), "presiding": ("f7",), "tasks": ("f8",),
          "undo": ("f9",), "exchange": ("f4",), "exit": ("f3",), "hours": ("f8", "1"), "arrivals": ("f8", "2"),
          "duty": ("f8", "3"), "merged": ("f8", "5"), "closing": ("f8", "7")}


async def test_f1_explains_every_panel_and_changes_nothing(stage):
    async with stage().on() as s:
        for name, keys in PANELS.items():
            await s.press(*keys)
            before, panel = s.kinds(), s.screen.panel
            assert not panel.idle and len(panel.help) > 20, name
            seen = s.text()
            assert {cell_len(line) for line in seen.split("\n")} == {80}, name
            assert not {c for c in seen + panel.help if east_asian_width(c) == "A" and c != "─"}, name
            await s.press("f1")
            await s.until("説明:")
            await s.press("escape")
            await s.until(lambda: len(s.app.screen_stack) == 2)
            assert s.screen.panel is panel and s.kinds() == before, name
            await s.press("escape")
            assert s.screen.panel.idle, name
