"""The counter's screen: from a tap to the papers by keys alone; stops, tickets, cases, taking back."""

from __future__ import annotations

from tests.screens.service_stage import PROTECTED_CARD, SATO_CARD


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

