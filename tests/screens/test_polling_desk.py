"""The polling desk from the keyboard: from the card to the papers, what stops, and what no key ever passes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.events import Key

from sanjo_tui.receptions.polling.words import Act, Code, Feature, IdMethod, Oath, PaperKind, Via
from screens.polling_recorded import Recorded
from screens.polling_stop import Stopped
from screens.polling_voter import Voter
from tests.screens.polling_stage import CONTESTS, DAY, PIN, PollingStage, elector, voted

BIG = ("小選挙区選出議員選挙", "比例代表選出議員選挙", "国民審査", "県知事選挙")


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., PollingStage]:
    def make(**wanted: Any) -> PollingStage:
        return PollingStage(tmp_path / "home", **wanted)

    return make


# --- the plain way


async def test_a_card_a_reason_and_enter_are_the_whole_reception(place):
    async with place().on() as s:
        await s.card(1)
        text = s.text()
        assert "顔写真を確かめてください" in text and "佐藤　太郎  サトウ　タロウ" in text
        assert "昭和49年3月5日生" in text and "旭町1番地" in text and "1-01-003-01" in text and "車椅子" in text
        assert all(name in text for name in BIG) and "うすもも色" in text and "1箱" in text
        assert "市議会 11月26日(木)から" in text
        await s.press("2")
        assert "Enter で4枚を交付" in s.text() and not s.recorded()
        await s.press("enter")
        assert "受付しました  用紙を4枚渡してください" in s.text() and "宣誓書と交付票を印刷します" in s.text()
        assert "宣誓書に署名をもらいます" in s.text()
        event = s.recorded()[0]
        assert [h.act for h in event.handed] == [Act.ISSUE] * 4 + [Act.NOT_NOW]
        assert (event.reason_code, event.id_method, event.oath) == (2, IdMethod.CARD, Oath.PRINTED)
        assert [j.form for j in s.desk.printing.pending()] == ["declaration", "slip"]
        assert "受付1人  男1 女0  小選挙区1" in s.text() and event.reception_no in s.text()


async def test_on_polling_day_a_card_and_enter_are_enough(place):
    async with place(place=DAY).on() as s:
        await s.card(1)
        assert "Enter で5枚を交付" in s.text() and "事由" not in s.text()
        await s.press("enter")
        event = s.recorded()[0]
        assert "受付しました" in s.text() and len(event.issued) == 5 and event.oath is None and event.reason_code == 0


async def test_what_to_hand_out_stays_until_the_next_card(place):
    async with place().on() as s:
        await s.card(1)
        await s.press("1", "enter")
        assert all(name in s.text() for name in BIG) and "渡 す" in s.text()
        await s.card(7)
        assert "渡辺　移" in s.text() and "受付しました" not in s.text()


async def test_nothing_is_preselected_and_enter_says_what_is_missing(place):
    async with place().on() as s:
        await s.card(1)
        assert "事由を聞いて、番号(1 2 3 5 6)を押してください" in s.text()
        await s.press("enter")
        assert "それまで Enter では何も記録されません" in s.text() and not s.recorded()
        await s.press("4")                                     # a number that this town's form does not have
        await s.press("enter")
        assert not s.recorded()


@pytest.mark.parametrize(("word", "code"), [("介護", 1), ("りょこう", 2), ("台風", 6)])
async def test_an_everyday_word_gives_the_reason(place, word, code):
    async with place().on() as s:
        await s.card(1)
        await s.type(word)
        await s.press("enter")
        if "か " in s.text().split("\n")[2]:                   # several fit: marked, and the number decides
            await s.press(str(code))
        assert "Enter で4枚を交付" in s.text()
        await s.press("enter")
        assert s.recorded()[0].reason_code == code


async def test_a_word_that_may_mean_two_reasons_marks_both(place):
    async with place().on() as s:
        await s.card(1)
        await s.type("通院")
        await s.press("enter")
        assert "どの事由ですか" in s.text() and "*2" in s.text() and "*3" in s.text()
        await s.press("enter")
        assert not s.recorded()
        await s.press("3")
        await s.press("enter")
        assert s.recorded()[0].reason_code == 3


async def test_an_unknown_word_sends_nobody_away(place):
    async with place().on() as s:
        await s.card(1)
        await s.type("ぴよぴよ")
        await s.press("enter")
        assert "の事由が見つかりません" in s.text()
        await s.press("1", "enter")
        assert s.recorded()[0].reason_code == 1


async def test_full_width_digits_pick_too(place):
    async with place().on() as s:
        await s.card(1)
        s._post(Key("2", "２"), 0.0)
        await s.until("Enter で4枚を交付")


async def test_esc_records_nothing(place):
    async with place().on() as s:
        await s.card(1)
        await s.press("2", "escape")
        assert "カードか入場券をかざしてください" in s.text() and not s.recorded()
        assert s.kinds()[-1] == "lookup.opened"


# --- tickets and searches


async def test_a_ticket_opens_its_elector(place):
    async with place().on() as s:
        await s.burst("T0000001")
        assert "佐藤　太郎" in s.text() and "氏名と生年月日を言ってもらって" in s.text()
        await s.press("1", "enter")
        assert s.recorded()[0].id_method is IdMethod.TICKET


async def test_a_typed_ticket_number_is_a_ticket(place):
    async with place().on() as s:
        await s.type("t0000001".upper())
        await s.press("enter")
        assert "佐藤　太郎" in s.text() and isinstance(s.screen.panel, Voter)


async def test_an_unknown_ticket_or_card_hands_out_nothing(place):
    async with place().on() as s:
        await s.tap("3999999999999")
        assert "名簿に見つかりません" in s.text() and "用紙を渡さないでください" in s.text()
        await s.press("enter")
        assert not s.recorded()
        await s.card(2)
        assert "次のカードが1枚待っています" in s.text() and "高橋" not in s.text()
        await s.type("佐藤")
        await s.press("enter", "1")
        assert "生年月日が、画面と同じなら B" in s.text()


async def test_without_a_card_the_spoken_birth_date_is_compared(place):
    async with place().on() as s:
        await s.type("さとう")
        await s.press("enter")
        assert "S49.3.5" in s.text() and "旭町1番地" in s.text()
        await s.press("1")
        await s.press("2", "enter")
        assert "生年月日が、画面と同じなら B" in s.text() and not s.recorded()
        await s.press("b")
        await s.press("enter")
        event = s.recorded()[0]
        assert event.id_method is IdMethod.SPOKEN and event.via is Via.SEARCH


async def test_a_birth_date_that_was_typed_was_said(place):
    async with place().on() as s:
        await s.type("S25.1.1")
        await s.press("enter", "1")
        assert "事由を聞いて" in s.text()                        # and a namesake is told apart by it
        await s.press("1", "enter")
        event = s.recorded()[0]
        assert event.subject == "900005" and event.confirmed == (Code.SAMENAME.value,)


async def test_namesakes_are_told_apart_before_enter_works(place):
    async with place().on() as s:
        await s.type("山本")
        await s.press("enter")
        assert "S25.1.1" in s.text() and "S63.8.8" in s.text() and s.text().count("同名あり") == 2
        await s.press("2")
        assert "同じ名前の方がほかに1人います" in s.text()
        await s.press("1", "enter")
        assert "生年月日が合えば B、住所が合えば J" in s.text() and not s.recorded()
        await s.press("j")                                     # the address fits, the birth date is asked all the same
        await s.press("enter")
        assert not s.recorded()
        await s.press("b", "enter")
        event = s.recorded()[0]
        assert event.subject == "900006" and event.confirmed == (Code.SAMENAME.value,)


async def test_nobody_is_found_and_nothing_is_handed_out(place):
    async with place().on() as s:
        await s.type("いないひと")
        await s.press("enter")
        assert "名簿に見つかりません" in s.text() and "F7 投票管理者" in s.text()


async def test_a_protected_elector_shows_no_address(place):
    other = elector(20, "隠田　守子", "オンダ　モリコ", "19900101", user_id="")
    async with place(others=(other,)).on() as s:
        await s.type("おんだ")
        await s.press("enter")
        assert "旭町8番地" not in s.text() and "（表示しません）" in s.text()
        await s.press("1")
        assert "旭町8番地" not in s.text() and "住所が一致" not in s.text() and "生年月日が合えば B" in s.text()
        await s.press("j")
        await s.press("1", "enter")
        assert not s.recorded()
        await s.press("b", "enter")
        assert len(s.recorded()) == 1


# --- what stops


@pytest.mark.parametrize(("number", "heading", "fact"), [
    (2, "投 票 済 み で す", "11月20日(金) 栄庁舎"), (4, "投 票 で き ま せ ん", "投票管理者を呼んでください"),
    (9, "ま だ", "11月27日(金)"), (10, "不 在 者 投 票", "返してもらいます")])
async def test_a_stop_fills_the_body_and_no_key_passes_it(place, monkeypatch, number, heading, fact):
    async with place().on() as s:
        rung: list[int] = []
        monkeypatch.setattr(s.app, "bell", lambda: rung.append(1))
        await s.card(number)
        text = s.text()
        assert heading in text and fact in text and "止まってください" in text and "用紙を渡さないでください" in text
        assert rung and isinstance(s.screen.panel, Stopped)
        before = s.kinds()
        for key in ("enter", "enter", "1", "b", "j", "k", "a", "space", "tab", "ctrl+j", "f3", "f5", "f6", "f9"):
            await s.press(key)
            assert isinstance(s.screen.panel, Stopped) and heading in s.text() and "止まってください" in s.text()
        await s.type("さとう")
        assert isinstance(s.screen.panel, Stopped) and s.kinds() == before and not s.recorded()
        await s.press("escape")
        assert "カードか入場券をかざしてください" in s.text()


async def test_the_dead_are_said_in_neutral_words(place):
    async with place().on() as s:
        await s.card(4)
        assert "死亡" not in s.text()


async def test_a_second_visit_stops_like_any_other(place):
    async with place(place=DAY).on() as s:
        await s.card(1)
        await s.press("enter")
        number = s.recorded()[0].reception_no
        await s.burst("T0000001")                              # with the ticket this time
        assert "投 票 済 み で す" in s.text() and "11月24日(火) 14:05 嵐南小学校" in s.text() and number in s.text()
        await s.press("enter")
        assert len(s.recorded()) == 1


async def test_a_card_that_waits_never_replaces_a_stop(place):
    async with place().on() as s:
        await s.card(2)
        await s.card(1)
        assert "投 票 済 み で す" in s.text() and "次のカードが1枚待っています" in s.text() and "佐藤" not in s.text()
        await s.burst("T0000003")
        assert "投 票 済 み で す" in s.text() and "止まってください" in s.text() and "田中" not in s.text()
        await s.press("enter")
        assert "投 票 済 み で す" in s.text()
        await s.press("escape")
        assert "佐藤　太郎" in s.text()


async def test_a_stop_calls_the_presiding_officer(place):
    for key in ("f7", "f8"):
        async with place().on() as s:
            await s.card(2)
            await s.press(key)
            assert not isinstance(s.screen.panel, Stopped) and not s.recorded()
            await s.press("escape")
            assert isinstance(s.screen.panel, Stopped)
        break


async def test_another_ward_is_sent_to_the_right_place(place):
    async with place(place=DAY).on() as s:
        await s.card(11)
        assert "投 票 所 が 違 い ま す" in s.text() and "一ノ木戸小学校" in s.text() and "東裏館2-1" in s.text()
        await s.press("enter")
        assert isinstance(s.screen.panel, Stopped) and not s.recorded()
        await s.press("escape")
        await s.tap("3000000000099")                           # only the ward of this card is known here
        assert "投 票 所 が 違 い ま す" in s.text() and "一ノ木戸小学校" in s.text()
        await s.press("enter", "f7")
        assert not s.recorded()


async def test_another_desk_was_faster(place):
    async with place(place=DAY).on() as s:
        await s.card(1)
        other = s.desk.polling
        look = other.look(other.open_voter("900001", Via.CARD))
        from sanjo_tui.receptions.polling.rules import Choice

        other.receive(look, Choice(id_method=IdMethod.CARD, via=Via.CARD))
        await s.press("enter")
        assert "投 票 済 み で す" in s.text() and len(s.recorded()) == 1


# --- contest by contest


async def test_only_the_remaining_papers_are_shown_to_be_handed_out(place):
    async with place().on() as s:
        await s.card(3)
        text = s.text()
        assert "国民審査" in text and "交 付" in text and text.count("交 付") == 1
        assert "小選挙区 済(11/20)" in text and "県知事 済(11/20)" in text
        await s.press("1")
        assert "Enter で残りの1枚だけ交付" in s.text()
        await s.press("enter")
        event = s.recorded()[0]
        assert [h.contest for h in event.issued] == ["shinsa"] and "用紙を1枚渡してください" in s.text()
        assert s.text().count("渡 す") == 1


async def test_abstention_is_said_contest_by_contest(place):
    async with place().on() as s:
        await s.card(1)
        await s.press("a")
        assert "本人が受け取らないと言った用紙はどれですか" in s.text()
        await s.press("3")
        assert "国民審査 棄権" in s.text()
        await s.press("1")
        assert "Enter で3枚を交付、ほかは棄権" in s.text()
        await s.press("enter")
        event = s.recorded()[0]
        assert {h.contest: h.act for h in event.handed}["shinsa"] is Act.ABSTAIN and len(event.issued) == 3


async def test_whoever_wants_no_paper_at_all_abstains(place):
    async with place(place=DAY).on() as s:
        await s.card(1)
        for n in range(1, 6):
            await s.press("a")
            await s.press(str(n))
        assert "Enter で棄権を記録" in s.text()
        await s.press("enter")
        assert not s.recorded() and "polling.abstained" in s.kinds() and "交 付" not in s.text()


async def test_a_move_within_the_prefecture_is_asked_about(place):
    async with place().on() as s:
        await s.card(7)
        assert "県内に住み続けていれば K" in s.text() and "市議会 対象外" in s.text()
        await s.press("1", "enter")
        assert not s.recorded()
        await s.press("k", "enter")
        event = s.recorded()[0]
        assert event.confirmed == (Code.MOVED.value,) and len(event.issued) == 4


async def test_a_move_that_cannot_be_confirmed_leaves_the_national_papers(place):
    async with place().on() as s:
        await s.card(7)
        await s.press("n", "1")
        assert "Enter で3枚を交付" in s.text() and "県知事 対象外" in s.text()
        await s.press("enter")
        assert len(s.recorded()[0].issued) == 3


async def test_braille_and_another_oath_are_behind_one_key(place):
    async with place().on() as s:
        await s.card(1)
        await s.press("f7")
        await s.press("1")
        assert "点字" in s.text().split("\n")[3] and "点字  交 付" in s.text()
        await s.press("f7", "3")
        assert "宣誓書は手書き" in s.text()
        await s.press("1", "enter")
        event = s.recorded()[0]
        assert {h.paper for h in event.issued} == {PaperKind.BRAILLE} and event.oath is Oath.HANDWRITTEN
        assert "点字" in s.text() and [j.form for j in s.desk.printing.pending()] == ["slip"]


async def test_a_proxy_vote_names_two_assistants(place):
    async with place().on() as s:
        await s.card(1)
        await s.press("f7", "2")
        await s.until("代理投票の補助者")
        await s.press("2", "3", "enter")
        await s.until("代理投票  ", absent="補助者")
        await s.press("1", "enter")
        event = s.recorded()[0]
        assert event.proxy and event.assistants == ("J03", "J04")


async def test_whoever_cannot_be_identified_declares_and_the_presiding_officer_decides(place):
    async with place(place=DAY).on() as s:
        await s.type("さとう")
        await s.press("enter", "1")
        await s.press("f7", "4")
        await s.until("本人の宣言で受け付ける")
        await s.press("escape")
        await s.until("生年月日が、画面と同じなら B")
        await s.press("f7", "4")
        await s.until("本人の宣言で受け付ける")
        await s.press("1")
        await s.type(PIN)
        await s.press("enter")
        await s.until("本人確認は宣言(法50条)")
        await s.press("enter")
        assert s.recorded()[0].id_method is IdMethod.DECLARED


async def test_a_wrong_pin_decides_nothing(place):
    async with place(place=DAY).on() as s:
        await s.type("さとう")
        await s.press("enter", "1")
        await s.press("f7", "4")
        await s.until("本人の宣言で受け付ける")
        await s.press("1")
        await s.type("1357")
        await s.press("enter")
        await s.until("番号か暗証番号が違います")
        await s.press("escape")
        await s.until("生年月日が、画面と同じなら B")
        await s.press("enter")
        assert not s.recorded()


async def test_a_stop_with_much_to_say_says_all_of_it(place):
    other = elector(20, "多日　投子", "タビ　トウコ", marks=tuple(
        mark for n, code in enumerate(CONTESTS) for mark in voted(code, day=dt.date(2026, 11, 18 + n))))
    async with place(others=(other,)).on() as s:
        await s.card(20)
        assert all(f"11月{18 + n}日" in s.text() for n in range(5)) and "次にすること" in s.text()


async def test_the_desk_reminds_of_a_report_and_says_when_papers_are_counted(place):
    from tests.screens.polling_stage import set_up

    async with place(toml=set_up().replace("fictitious", 'report_times = ["10:00", "18:00"]\nfictitious', 1)).on() as s:
        assert "10:00 の中間報告がまだです(F6)" in s.text()
        s.desk.polling.begin_reconciling()
        s.screen.do(s.screen.refresh_facts)
        await s.settle()
        assert "照合中です。受付は続けられます" in s.text()
        await s.card(1)
        await s.press("1", "enter")
        assert len(s.recorded()) == 1


async def test_a_document_identifies_instead_of_the_spoken_birth_date(place):
    async with place().on() as s:
        await s.type("さとう")
        await s.press("enter", "1")
        await s.press("f7", "4")
        await s.press("1", "enter")
        assert s.recorded()[0].id_method is IdMethod.DOCUMENT


# --- what the desk says of itself


async def test_enter_pressed_too_often_keeps_the_papers_and_receives_nobody_unseen(place, monkeypatch):
    monkeypatch.setattr("screens.polling.TOO_SOON", 60.0)
    async with place(place=DAY).on() as s:
        await s.card(1)
        s.parts.tap("3000000000007")
        await s.press("enter")
        for _ in range(3):                                     # before anybody has seen the papers
            s.screen.press("enter", "")
        await s.settle()
        assert "用紙を5枚渡してください" in s.text() and len(s.recorded()) == 1
        monkeypatch.setattr(s.screen, "_not_before", 0.0)
        await s.press("enter")
        assert "渡辺　移" in s.text() and len(s.recorded()) == 1


async def test_a_waiting_card_does_not_take_the_papers_off_the_screen(place, monkeypatch):
    monkeypatch.setattr("screens.desk.NEXT_AFTER", 0.01)
    async with place(place=DAY).on() as s:
        await s.card(1)
        await s.card(3)
        await s.press("enter")
        assert s.screen._next_timer is None and "用紙を5枚渡してください" in s.text()


async def test_a_second_enter_in_haste_receives_nobody_unseen(place, monkeypatch):
    monkeypatch.setattr("screens.polling.TOO_SOON", 60.0)
    async with place(place=DAY).on() as s:
        await s.card(1)
        await s.card(3)
        await s.press("enter")
        monkeypatch.setattr(s.screen, "_not_before", 0.0)
        await s.press("enter")
        await s.press("enter")                                 # pressed twice: the next voter only just came up
        assert "次の方が出ています。見くらべてから" in s.text() and len(s.recorded()) == 1
        monkeypatch.setattr(s.screen, "_not_before", 0.0)
        await s.press("enter")
        assert len(s.recorded()) == 2


async def test_whoever_was_refused_needs_the_presiding_officer(place):
    async with place(place=DAY).on() as s:
        s.desk.polling.refuse("900001", ("sho",), "本人と確認できない", "異議なし", decided_by="K01", pin=PIN)
        await s.card(1)
        await s.press("enter")
        assert "前に投票管理者が断った方です" in s.text() and not s.recorded()
        await s.press("f7", "1")
        await s.until("前に断った方の投票を認める")
        await s.press("1")
        await s.type(PIN)
        await s.press("enter")
        await s.until("Enter で5枚を交付")
        await s.press("enter")
        assert len(s.recorded()) == 1


async def test_a_provisional_vote_says_so_on_its_papers(place):
    async with place().on() as s:
        s.desk.polling.refuse("900002", ("sho",), "投票済みの表示", "異議なし", decided_by="K01", pin=PIN)
        receipt = s.desk.polling.provisional("900002", ("sho",), "投票済みの表示に異議", "異議なし", "選挙人",
                                             decided_by="K01", pin=PIN)
        s.screen.do(lambda: s.screen.recorded(receipt))
        await s.settle()
        assert "仮 投 票" in s.text() and "小選挙区選出議員選挙" in s.text()


async def test_practice_cards_are_one_key_away(place):
    async with place(cards=True).on() as s:
        await s.press("f12", "1")
        await s.until("佐藤　太郎  サトウ　タロウ")


async def test_a_ticket_is_not_lost_while_somebody_is_open(place):
    async with place().on() as s:
        await s.card(1)
        await s.burst("T0000003")
        assert "先にこの方を終えてから" in s.text() and "田中" not in s.text() and not s.recorded()


async def test_a_place_that_is_not_open_receives_nobody(place):
    async with place(is_open=False).on() as s:
        assert "まだ開所していません。F2 で開所の手順へ" in s.text()
        await s.card(1)
        assert "次のカードが1枚待っています" in s.text() and "佐藤" not in s.text()
        await s.press("enter", "f9")
        assert "まだ開所していません" in s.text() and not s.recorded()


@pytest.mark.parametrize(("missing", "sentence"), [
    ({"election": False, "roll": False}, "選挙の設定が読み込まれていません"),
    ({"roll": False}, "選挙人名簿が読み込まれていません")])
async def test_without_election_or_roll_it_says_what_is_to_be_done(place, missing, sentence):
    async with place(**missing).on() as s:
        assert sentence in s.text() and "sanjo-tui election load" in s.text() and "紙の名簿" in s.text()
        await s.card(1)
        await s.press("enter", "f2")
        assert sentence in s.text() and not s.recorded() and "佐藤" not in s.text()


async def test_a_difference_stands_on_the_desk_until_it_is_settled(place):
    async with place().on() as s:
        s.desk.polling.count("sho", PaperKind.PLAIN, 499)
        s.screen.do(s.screen.refresh_facts)
        await s.settle()
        assert "用紙の差 小選挙区 -1" in s.text()
        await s.card(1)
        await s.press("1", "enter")
        assert "用紙の差 小選挙区 -1" in s.text()
        s.desk.polling.count("sho", PaperKind.PLAIN, 499)      # one is out now: it fits
        s.screen.do(s.screen.refresh_facts)
        await s.settle()
        assert "用紙の差" not in s.text()


async def test_every_contest_has_its_count_on_one_line(place):
    async with place().on() as s:
        await s.card(1)
        await s.press("1", "enter")
        counted = next(line for line in s.text().split("\n") if "受付1人" in line)
        assert all(f"{name}{n}" in counted for name, n in (("小選挙区", 1), ("国民審査", 1), ("市議会", 0)))


async def test_no_name_stands_among_the_latest_receptions(place):
    async with place().on() as s:
        await s.card(1)
        await s.press("1", "enter", "escape")
        last = s.text().split("\n")[-3]
        assert s.recorded()[0].reception_no in last and "小選挙区・比例代表" in last and "佐藤" not in s.text()


async def test_what_was_looked_up_is_logged_before_it_is_shown(place):
    async with place().on() as s:
        await s.card(2)
        with s.desk.journal.view() as view:
            looked = [r.event for r in view.events() if r.event.kind == "lookup.opened"]
        assert [e.subject for e in looked] == ["900002"]


async def test_a_name_with_a_rare_character_is_marked(place):
    async with place().on() as s:
        await s.card(12)
        assert "葛城　〓子*" in s.text() and "画面の字形が実際と異なります" in s.text()


async def test_a_long_name_leaves_the_number_whole(place):
    name = "グエン　ティ　ホア　アレクサンドラ　クリスティーナ"
    other = elector(20, name, name)
    async with place(others=(other,)).on() as s:
        await s.card(20)
        assert "名簿番号 1-01-003-20" in s.text()


@pytest.mark.parametrize(("count", "size"), [(1, (60, 20)), (1, (80, 24)), (8, (80, 24)), (8, (120, 36))])
async def test_one_paper_and_eight_fit_every_terminal(place, size, count):
    from rich.cells import cell_len

    more = "".join(f"""
[[contests]]
code = "x{n}"
name = "県議会議員補欠選挙{n}区"
level = "県"
ballot_colour = "{colour}色"
box_no = {n}
early_from = 2026-11-18
""" for n, colour in enumerate("桃青緑黄藤白灰赤"[:count], 1))
    from tests.screens.polling_stage import set_up

    toml = set_up()
    head, rest = toml.split("\n[[contests]]", 1)
    stations = "\n[[stations]]" + rest.split("\n[[stations]]", 1)[1].split("[stock.")[0]
    async with place(toml=head + more + stations).on(size=size) as s:
        await s.card(1)
        await s.press("2")
        lines = s.text().split("\n")
        assert {cell_len(line) for line in lines} == {size[0]} and len(lines) == size[1]
        assert s.text().count("交 付") == count and ">2" in s.text()
        await s.press("enter")
        assert s.text().count("渡 す") == count and isinstance(s.screen.panel, Recorded)
        assert "受付1人" in s.text() and "受領不足 " in s.text()     # nothing was entered as delivered in this election


def test_every_contest_has_a_short_name_of_its_own():
    from sanjo_tui.receptions.polling import setup
    from screens.polling_sight import short_name
    from tests.screens.polling_stage import set_up

    election, _ = setup.read(set_up().encode())
    assert election is not None
    names = [short_name(c) for c in election.in_order]
    assert names == ["小選挙区", "比例代表", "国民審査", "県知事", "市議会"] and len(CONTESTS) == 5
    assert election.polling_day == dt.date(2026, 11, 29) and Feature.BIRTH.value == "生年月日"
