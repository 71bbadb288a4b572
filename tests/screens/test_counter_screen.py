"""The counter's screen: from a tap to the papers by keys alone; stops, tickets, cases, taking back."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from tests.screens.service_stage import PROTECTED_CARD, SATO_CARD
from tests.screens.test_pictures import ambiguous


async def test_from_a_tap_to_the_papers(stage):
    async with stage(service="counter").on() as s:
        await s.tap(SATO_CARD)
        await s.until("顔写真と見くらべてください")
        await s.press("1")
        await s.until("手続の名前を打って Enter")
        await s.type("印鑑登録証")
        await s.press("enter")
        await s.until("だれの請求ですか")
        await s.press("1")
        await s.until("通数を打って Enter")
        await s.press("enter")
        await s.until("減免: 番号で選んでください")
        await s.press("1")
        await s.until("Enter で受付")
        assert "手数料    200円" in s.text() and "カード割引 100円" in s.text()
        assert "counter.accepted" not in s.kinds()
        await s.press("enter")
        await s.until("受付しました  印鑑登録証明書 手数料200円")
        assert "A1B2C3-0001-9" in s.text() and "きょう 1件  手数料 200円" in s.text()
        kinds = s.kinds()
        assert kinds.count("print.due") == 3 and kinds.index("lookup.opened") < kinds.index("counter.accepted")


async def test_household_questions_and_the_order_of_choice(stage):
    async with stage(service="counter").on() as s:
        await s.tap(SATO_CARD)
        await s.press("1")
        await s.type("転入")
        await s.press("enter")
        await s.until("だれの請求ですか")
        await s.press("2")
        await s.until("対象の方を番号で選んで Enter")
        await s.press("1", "3", "1", "enter")
        await s.until("引っ越した日を打って Enter")
        await s.type("きのう")
        await s.press("enter")
        await s.until("日付は R8.11.25")
        await s.press(*["backspace"] * 3)
        await s.type("R8.11.20")
        await s.press("enter")
        await s.until("新しい住所を打って Enter")
        await s.type("本町1-1")
        await s.press("enter")
        await s.until("国民健康保険に入りますか")
        await s.press("1")
        await s.until("犬を飼っていますか")
        await s.press("escape")
        await s.until("国民健康保険に入りますか")
        await s.press("1")
        await s.press("2")
        await s.until("Enter で受付")
        await s.press("enter")
        await s.until("受付しました  転入届")
        await s.press("f6")
        await s.until("きょうの受付  1件")
        await s.press("1")
        await s.until("転入届  受付済")
        assert "要     国民健康保険の加入" in s.text() and "不要   犬の登録" in s.text()
        await s.press("1")
        await s.until("済     国民健康保険の加入")
        await s.press("f3")
        await s.until("転入届  完了")


async def test_a_protected_person_stops_and_only_f7_goes_on(stage):
    async with stage(service="counter").on() as s:
        await s.tap(PROTECTED_CARD)
        await s.until("この方の手続は、ここではできません")
        await s.press("enter")
        await s.until("この方の手続は、ここではできません")
        await s.press("f7")
        await s.until("責任者による解除")
        await s.press("3", "enter")
        await s.until("顔写真と見くらべてください")
        assert "lookup.released" in s.kinds()
        await s.press("escape")
        await s.until("カードをかざしてください")


async def test_somebody_else_with_the_card_is_recorded_and_nothing_received(stage):
    async with stage(service="counter").on() as s:
        await s.tap(SATO_CARD)
        await s.until("本人ではない")
        await s.press("5")
        await s.until("受け付けません")
        assert "station.act" in s.kinds() and "counter.accepted" not in s.kinds()


async def test_esc_at_any_step_records_nothing(stage):
    async with stage(service="counter").on() as s:
        await s.tap(SATO_CARD)
        await s.press("1")
        await s.press("enter")
        await s.until("手続  36件")
        await s.press("escape")
        await s.until("手続の名前を打って Enter")
        await s.press("escape")
        await s.until("カードをかざしてください")
        assert not [kind for kind in s.kinds() if kind.startswith("counter.")]


async def test_taking_back_says_the_number_and_needs_a_reason(stage):
    async with stage(service="counter").on() as s:
        s.desk.counter.give_ticket("A")
        await s.press("f9")
        await s.until("番号札 A001")
        await s.press("1")
        await s.until("取消の理由を番号で選んでください")
        await s.press("1")
        await s.until("取り消しました")


async def test_number_tickets_are_given_called_and_sent_back(stage):
    async with stage(service="counter").on() as s:
        await s.press("f2")
        await s.until("番号札を出す: A 証明書")
        await s.press("2")
        await s.until("番号札 A001 を渡してください")
        await s.press("1")
        await s.until("A001 の方を呼んでください")
        await s.press("5")
        await s.until("A001  呼出")
        await s.press("2")
        await s.until("A001 不在")
        await s.press("5")
        await s.press("1")
        await s.until("A001 待ち")
        await s.press("escape")
        await s.until("番号札 1人待ち")


async def test_without_a_set_up_nothing_can_be_received(stage):
    async with stage(service="counter", prepare=lambda desk: None).on(first="手続の設定がありません") as s:
        await s.tap(SATO_CARD)
        assert "lookup.opened" not in s.kinds()


async def test_a_case_opens_by_its_number(stage):
    async with stage(service="counter").on() as s:
        await s.tap(SATO_CARD)
        await s.press("1")
        await s.type("犬の登録")
        await s.press("enter")
        await s.until("だれの請求ですか")
        await s.press("1")
        await s.type("ポチ")
        await s.press("enter")
        await s.type("柴")
        await s.press("enter")
        await s.press("enter")
        await s.press("1")
        await s.until("Enter で受付")
        await s.press("enter")
        await s.until("受付しました")
        await s.press("enter")
        await s.burst("A1B2C3-0001-9")
        await s.until("犬の登録  受付済")
        await s.press("f5")
        await s.until("確認書")
        await s.press("1")
        await s.until("確認書を印刷に回しました")



# --- who asks for somebody else, who is gone, what was there before


async def test_a_proxy_shows_the_paper_and_gives_a_name(stage):
    async with stage(service="counter").on() as s:
        await s.tap(SATO_CARD)
        await s.press("2")
        await s.type("印鑑登録の廃止")
        await s.press("enter")
        await s.until("だれの請求ですか")
        await s.press("2")
        await s.until("来た方の氏名を打って Enter")
        await s.press("enter")
        await s.until("来た方の氏名を入れてください")
        await s.type("代理")
        await s.press("enter")
        await s.until("委任状を確かめましたか")
        await s.press("enter")
        assert "委任状を確かめましたか" in s.text(), "Enter is no yes"
        await s.press("1")
        await s.until("廃止の理由")
        await s.press("1")
        await s.until("Enter で受付")
        assert "代理  代理人" in s.text()


async def test_the_same_again_is_said_in_caution_before_enter(stage):
    async with stage(service="counter").on() as s:
        for turn in range(2):
            await s.tap(SATO_CARD)
            await s.until("顔写真と見くらべてください")
            await s.press("1")
            await s.type("世帯主変更")
            await s.press("enter")
            await s.until("だれの請求ですか")
            await s.press("1")
            if "対象の方を番号で選んで" in s.text():
                await s.press("enter")
            await answer_all(s)
            await s.until("Enter で受付")
            assert ("同じ手続を" in s.text()) is bool(turn)
            if not turn:
                await s.press("enter")
                await s.until("受付しました")
                await s.press("enter")
        assert "A1B2C3-0001-9" in s.text() and "端末A1B2C3 の" in s.text()


async def answer_all(s):
    """Whatever is asked, by the first choice or a word that fits, until the summary."""
    for _ in range(12):
        said = s.text()
        if "Enter で受付" in said:
            return
        if "番号で選んでください" in said:
            await s.press("1")
            continue
        if "通数を打って" not in said:                      # one copy: Enter
            await s.type("R8.11.20" if "日を打って" in said else "あさひ")
        await s.press("enter")


async def test_who_is_gone_is_found_apart_and_said_loudly(stage):
    async with stage(service="counter").on() as s:
        await s.press("f8", "3")
        await s.until("氏名か生年月日を打って Enter")
        await s.type("丸山")
        await s.press("enter")
        await s.until("転出・死亡した方")
        assert "lookup.searched" in s.kinds() and ("死亡" in s.text() or "転出" in s.text())
        await s.press("1")
        await s.until("本人確認をしてください")
        await s.press("1")
        await s.until("除票などの手続だけです")
        assert "住基では" in s.text()
        await s.type("除票")
        await s.press("enter")
        await s.until("だれの請求ですか")
        await s.press("4")
        await s.type("相続人")
        await s.press("enter")
        await s.until("疎明資料を確かめましたか")
        await s.press("1")
        await s.until("対象の方を番号で選んで Enter")
        await s.press("1", "enter")
        await answer_all(s)
        await s.press("enter")
        await s.until("受付しました  住民票の除票の写し")


async def test_nobody_gone_is_said_and_esc_leaves(stage):
    async with stage(service="counter").on() as s:
        await s.press("f8", "3")
        await s.type("ささささ")
        await s.press("enter")
        await s.until("見つかりません")
        await s.press("escape")
        await s.until("カードをかざしてください")
        assert not [kind for kind in s.kinds() if kind.startswith("counter.")]


async def test_two_copies_are_two(stage):
    async with stage(service="counter").on() as s:
        await s.tap(SATO_CARD)
        await s.press("1")
        await s.type("印鑑登録証")
        await s.press("enter", "1")
        await s.until("通数を打って Enter")
        await s.type("2")
        await s.press("enter", "1")
        await s.until("Enter で受付")
        assert "手数料    400円  2通  カード割引 200円" in s.text()


# --- pictures


async def to_choice(s):
    await s.tap(SATO_CARD)
    await s.press("1")


async def to_list(s):
    await to_choice(s)
    await s.press("enter")
    await s.until("手続  36件")


async def to_members(s):
    await to_choice(s)
    await s.type("転入")
    await s.press("enter", "2")
    await s.until("対象の方を番号で選んで Enter")
    await s.press("3")


async def to_summary(s):
    await to_members(s)
    await s.press("enter")
    await answer_all(s)


async def to_recorded(s):
    await to_summary(s)
    await s.press("enter")
    await s.until("受付しました")


async def to_case(s):
    await to_recorded(s)
    await s.press("enter", "f6", "1")
    await s.until("転入届  受付済")


async def to_tickets(s):
    for category in "AAB":
        s.desk.counter.give_ticket(category)
    s.desk.counter.call_next()
    await s.press("f2")
    await s.until("番号札を出す")


async def to_stop(s):
    await s.tap(PROTECTED_CARD)


PICTURES = {"idle": None, "choosing": to_choice, "list": to_list, "members": to_members, "summary": to_summary,
            "recorded": to_recorded, "case": to_case, "tickets": to_tickets, "stop": to_stop}


@pytest.mark.parametrize("name", PICTURES)
def test_the_picture(stage, snap_compare, name):
    s = stage(service="counter")

    async def run(pilot):
        s.pilot = pilot
        await s.until("検索")
        await s.settle()
        if PICTURES[name]:
            await PICTURES[name](s)
        await s.settle()
        lines = s.text().split("\n")
        assert [cell_len(line) for line in lines] == [80] * 24
        assert not ambiguous("".join(lines) + s.screen.panel.help)

    assert snap_compare(s.app, run_before=run, terminal_size=(80, 24))
