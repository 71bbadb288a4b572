"""図書館窓口 under Pilot: every key of both sides, nothing personal at the library, a slow line holds up nobody."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.register.people import CardLink
from sanjo_tui.sip2.client import Line, Settings
from sanjo_tui.station import fixtures
from tests.screens.service_stage import HOMMA_CARD, IKARASHI_CARD, PROTECTED_CARD, SATO_CARD, ServiceStage
from tests.screens.stage import NOW


@pytest.fixture(autouse=True)
def fixed_library(monkeypatch: pytest.MonkeyPatch) -> None:
    """The lists and the library inside live on the day of the stage."""
    monkeypatch.setattr("sanjo_tui.desk.library.lists.moment", lambda: NOW)
    monkeypatch.setattr("sanjo_tui.sip2.play.now", lambda: NOW)


def stage(tmp_path: Path, **more: Any) -> ServiceStage:
    return ServiceStage(tmp_path / "home", "library", **more)


def bound(one: ServiceStage, card: str = SATO_CARD) -> str:
    """Issues a number to the card's holder and binds the card; gives the number."""
    desk = one.desk
    assert desk.register is not None
    link = desk.register.by_user_id(card)
    assert isinstance(link, CardLink)
    desk.library.issue(link.addressee_no, link=link, verified_by=VerifiedBy.CARD_FACE)
    turn = desk.library.tap(one.seen(card))
    with desk.journal.view() as view:
        number = next(r.event.number for r in view.events(kinds=(ev.NumberIssued.kind,), newest_first=True)
                      if isinstance(r.event, ev.NumberIssued))
    desk.library.bind(turn, number)
    desk.library.finish(turn)
    return number


async def test_from_tap_to_notice(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        assert "図書館窓口" in one.text() and "番号の残り160" in one.text()
        await one.tap(SATO_CARD)
        await one.press("1")
        assert "佐藤" in one.text() and "まだありません" in one.text() and "R14.5.12" in one.text()
        await one.press("1")
        assert "希望する" in one.text()
        await one.press("enter")
        assert "受付しました" in one.text() and "図書番号 3100001" in one.text() and "番号の残り159" in one.text()
        assert [kind for kind in one.kinds() if kind.startswith(("library", "print"))][-3:] == [
            "library.taken", "library.issued", "print.due"]


async def test_from_tap_to_loan_with_nothing_personal(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        assert "図書館: カードをかざしてください" in one.text()
        await one.tap(SATO_CARD)
        assert "３冊貸出中" in one.text() and "佐藤" not in one.text() and "3100001" not in one.text()
        await one.burst("B0001234")
        await one.until("貸出しました  返却日")
        assert "B0001234" not in one.text() and "練習の本" not in one.text()
        await one.press("enter")
        assert "受付しました" in one.text() and "貸出１冊" in one.text()
        assert one.desk.library.play.loans["B0001234"] == "3100001"


async def test_a_first_visit_binds_and_goes_on(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        one.desk.library.play.loans["P1"] = "3100009"
        await one.press("f6")
        await one.tap(IKARASHI_CARD)
        assert "はじめてのカードです" in one.text() and "五十嵐" not in one.text()
        await one.burst("3100009")
        await one.burst("3100009")
        assert "登録しました  １冊貸出中" in one.text()
        await one.press("enter")
        assert one.kinds()[-1] == "library.bound"


# --- the hall's keys


async def test_enter_renews_who_has_a_number(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.tap(SATO_CARD)
        await one.press("1")
        assert "3100001  発行済み" in one.text() and "Enter で更新します" in one.text()
        await one.press("enter")
        assert "受付しました  図書番号 3100001" in one.text() and one.kinds()[-2:] == ["library.renewed", "print.due"]


async def test_an_older_number_stays(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.tap(IKARASHI_CARD)
        await one.press("1")
        assert "3100003  前からの番号" in one.text()
        await one.press("enter")
        assert "図書番号 3100003" in one.text()


async def test_by_name_by_number_and_by_scanner(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        number = bound(one)
        await one.burst(number)                         # seven characters are typing, not a scan
        assert "佐藤" in one.text() and "本人確認をしてください" in one.text()
        await one.press("escape")
        assert "カードをかざしてください" in one.text()
        await one.burst("9999999")
        assert "見つかりません" in one.text()


async def test_escape_records_nothing(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.tap(SATO_CARD)
        await one.press("1", "escape")
        assert "library.issued" not in one.kinds() and "カードをかざしてください" in one.text()


async def test_somebody_else_at_the_counter_ends_it(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.tap(SATO_CARD)
        await one.press("5")
        assert "受け付けません" in one.text() and "library.issued" not in one.kinds()


async def test_a_protected_person_stops_and_f7_lifts_it_once(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        assert one.desk.register is not None
        link = one.desk.register.by_user_id(PROTECTED_CARD)
        assert link is not None
        person = one.desk.register.resident(link.addressee_no)
        assert person is not None and person.protected and person.town
        address = person.town + person.lot_text
        await one.tap(PROTECTED_CARD)
        assert "ここではできません" in one.text() and address not in one.text()
        await one.press("enter")
        assert "ここではできません" in one.text() and "library.issued" not in one.kinds()
        one.screen.press("f7", "")
        await one.until("責任者による解除")
        await one.press("1", "enter")
        await one.until("本人ではない")
        await one.press("1")
        assert address not in one.text()
        await one.press("enter")
        await one.until("受付しました")
        assert address not in one.text()
        with one.desk.journal.view() as view:
            event = next(r.event for r in view.events(kinds=(ev.NumberIssued.kind,)))
        assert isinstance(event, ev.NumberIssued) and event.address == ""


async def test_f2_stops_a_number(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.tap(SATO_CARD)
        await one.press("1", "f2")
        assert "利用停止の理由" in one.text()
        await one.press("1")
        assert "利用停止" in one.text() and one.kinds()[-2:] == ["library.changed", "library.binding_suspended"]
        await one.press("enter", "f6")
        await one.tap(SATO_CARD)
        assert "止められています" in one.text()
        await one.press("enter")
        assert "止められています" in one.text(), "Enter passes no stop"


async def test_f5_prints_the_notice_again_and_lists(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        out = tmp_path / "share"
        out.mkdir()
        one.desk.library.write_lists(out, day=NOW.date())
        await one.tap(SATO_CARD)
        await one.press("1", "f5")
        assert "図書番号通知書 (この方)" in one.text()
        await one.press("1")
        assert "図書番号通知書を印刷に回しました" in one.text() and one.kinds()[-1] == "print.due"
        await one.press("escape", "f5")
        assert "申請データ一覧 2026-11-24 第1号" in one.text()
        await one.press("1")
        assert "申請データ一覧を印刷に回しました" in one.text()


async def test_f9_takes_an_issue_back(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f9")
        assert "カード照合" in one.text() and "図書番号 発行" in one.text()
        await one.press("2", "2")
        await one.until("取り消しました")
        assert one.kinds()[-2:] == ["reversal", "print.cancelled"]


async def test_f8_shows_lists_and_the_line(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.press("f8")
        assert "職員の確認が要るもの" in one.text() and "住基の更新でやること" in one.text()
        await one.press("4")
        assert "つながっています" in one.text()
        await one.press("f8", "5")
        assert "まだ出ていません" in one.text() and "2026-11-24" in one.text()
        await one.press("escape", "f8", "3", "2")
        assert "停留所: 山手小学校" in one.text() and one.desk.library.stop == "a2"


async def test_f1_explains_and_escape_leaves(tmp_path: Path) -> None:
    async with stage(tmp_path, receptions=("library", "shelter")).on(first="受付を選んでください") as one:
        await one.press("1")
        await one.until("図書館窓口")
        await one.press("f1")
        assert "前から番号を持つ方は" in one.text()
        await one.press("escape")
        await one.press("escape")
        await one.until("受付を選んでください")


# --- the library's keys


async def test_nobody_is_searched_for_at_the_library(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        await one.type("さとう")
        await one.press("enter")
        assert "佐藤" not in one.text() and "lookup.searched" not in one.kinds()
        await one.tap(SATO_CARD)
        await one.press("enter")
        assert "終わりました" in one.text()
        await one.type("さとう")
        await one.press("enter")
        assert "佐藤" not in one.text() and "lookup.searched" not in one.kinds()


async def test_a_library_alone_needs_no_register(tmp_path: Path) -> None:
    def only_library(desk: Any) -> None:
        text = (fixtures() / "library" / "library.toml").read_bytes()
        desk.library.load(text.replace(b'["hall", "library"]', b'["library"]'))
        desk.register.close()
        desk.register = None
        (desk.station.register_dir / "current").unlink()

    async with stage(tmp_path, prepare=only_library).on() as one:
        assert "中央図書館" in one.text() and "住基" not in one.text() and "発行" not in one.text()
        await one.tap(SATO_CARD)
        await one.burst("3100001")
        await one.burst("3100001")
        assert "登録しました  ３冊貸出中" in one.text()


async def test_f3_takes_returns_without_a_card(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        one.desk.library.play.loans["B0001234"] = "3100001"
        await one.press("f6", "f3")
        assert "返却: 本のバーコードを読み取ってください" in one.text()
        await one.burst("B0001234")
        await one.until("返却しました")
        await one.press("enter")
        assert "返却１冊" in one.text() and "B0001234" not in one.desk.library.play.loans


async def test_an_item_that_looks_like_a_user_id_is_an_item_while_items_are_taken(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        await one.tap(SATO_CARD)
        await one.burst(HOMMA_CARD)
        await one.until("貸出しました")
        assert one.desk.library.play.loans[HOMMA_CARD] == "3100001" and not one.screen.waiting


async def test_a_tap_waits_while_items_are_taken(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        await one.tap(SATO_CARD)
        await one.tap(IKARASHI_CARD)
        assert "次のカードが1枚待っています" in one.text() and "３冊貸出中" in one.text()
        await one.press("enter", "enter")
        await one.until("はじめてのカードです")


async def test_refused_and_doubled_items_say_so(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        await one.tap(SATO_CARD)
        await one.burst("R0001")
        await one.until("貸出できません: 次の方の予約があります")
        await one.burst("B0001")
        await one.until("貸出しました")
        await one.burst("B0001")
        assert "もう読み取った本です" in one.text()
        await one.type("本")
        await one.press("enter")
        assert "資料番号ではありません" in one.text()


async def test_a_stopped_patron(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        number = bound(one)
        one.desk.library.play.stopped[number] = 6
        await one.press("f6")
        await one.tap(SATO_CARD)
        assert "貸出できません: 返却期限の過ぎた本が多すぎます" in one.text() and "佐藤" not in one.text()
        await one.press("escape")
        assert "図書館: カードをかざしてください" in one.text()


async def test_the_isbn_of_a_book_is_hardly_a_card(tmp_path: Path) -> None:
    """It has thirteen digits, as 利用者ID have, and is scanned by mistake every day."""
    async with stage(tmp_path).on() as one:
        await one.press("f6")
        await one.burst("9784003101018")
        assert "本のバーコード (ISBN) のようです" in one.text()
        await one.press("escape")
        await one.burst("9784003101017")
        assert "はじめてのカードです" in one.text(), "its check digit is none of an ISBN"


async def test_a_number_is_taken_when_it_came_twice(tmp_path: Path) -> None:
    """It has no check digit: one wrong key would lend to somebody else."""
    async with stage(tmp_path).on() as one:
        await one.press("f6")
        await one.tap(SATO_CARD)
        for number, told in (("3100005", "もう一度入れて"), ("3100006", "先の番号と違います"),
                             ("31000", "7桁の数字"), ("3100006", "もう一度入れて")):
            await one.press(*number, "enter")
            assert told in one.text() and "library.bound" not in one.kinds()
        await one.press(*"3100006", "enter")
        assert "登録しました" in one.text() and one.kinds().count("library.bound") == 1


async def test_f4_binds_a_new_card_in_place_of_the_old_one(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        number = bound(one)
        await one.press("f6")
        await one.tap(HOMMA_CARD)
        await one.burst(number)
        await one.burst(number)
        assert "別の方に発行されています" in one.text()
        await one.press("escape")
        await one.tap("0000000000017")          # a card that the register does not know yet
        await one.burst(number)
        await one.burst(number)
        assert "別のカードに結び付いています" in one.text()
        await one.press("f4")
        assert "新しいカードに結び付けをかえます" in one.text()
        await one.burst(number)
        await one.burst(number)
        assert "登録しました" in one.text()


async def test_a_scan_at_an_idle_desk_does_nothing_but_ask(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        await one.press("f6")
        await one.burst("B0001234")
        assert "F3" in one.text() and not one.desk.library.play.counted


class Held:
    """A line whose answers wait until the test lets them go."""

    def __init__(self, connect: Callable[[Settings], Line]) -> None:
        self.connect, self.gate = connect, threading.Event()

    def __call__(self, settings: Settings) -> Line:
        line, gate = self.connect(settings), self.gate

        class Slow:
            def sendall(self, data: bytes, /) -> None:
                line.sendall(data)

            def recv(self, size: int, /) -> bytes:
                gate.wait(20)
                return line.recv(size)

            def settimeout(self, value: float | None, /) -> None:
                line.settimeout(value)

            def close(self) -> None:
                line.close()

        return Slow()


async def test_a_slow_line_never_holds_up_the_scanner(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        library = one.desk.library
        held = Held(library.play.connect)
        held.gate.set()
        assert library._client is not None
        library._client.close()
        library._client._connect = held
        await one.press("f6")
        await one.tap(SATO_CARD)
        assert "３冊貸出中" in one.text()
        held.gate.clear()
        for n in range(3):
            await one.burst(f"B00{n}")
        assert one.text().count("送信中です") == 3, "the scanner goes on while the first is not answered"
        await one.press("enter")
        assert "終わると次へ進みます" in one.text()
        held.gate.set()
        await one.until("貸出３冊")
        assert sum(library.play.counted.values()) == 3


async def test_without_a_line_the_desk_keeps_and_f8_sends(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        library = one.desk.library

        def nobody(settings: Settings) -> Line:
            raise ConnectionRefusedError

        assert library._client is not None
        library._client.close()
        connect, library._client._connect = library._client._connect, nobody
        await one.press("f6")
        await one.tap(SATO_CARD)
        assert "通信がありません。貸出は端末に預かります" in one.text()
        await one.burst("B0001")
        await one.until("預かりました")
        await one.press("enter")
        assert "預かり１冊" in one.text() and "送信待ち1" in one.text()
        await one.press("enter", "f8", "1")
        assert "送れたものはありません" in one.text() and "残り1" in one.text()
        library._client._connect = connect
        library.play.loans["B0001"] = "9999999"
        await one.press("f8", "1")
        assert "職員の確認が要るもの1" in one.text()
        await one.press("f8", "2", "1")
        assert "資料番号 B0001" in one.text() and "この資料は貸出中です" in one.text()
        await one.press("enter")
        assert "端末から消しました" in one.text() and library.queue.count() == 0


async def test_without_a_set_up_the_desk_says_so(tmp_path: Path) -> None:
    async with stage(tmp_path, prepare=lambda desk: None).on() as one:
        assert "図書館の設定なし" in one.text()
        await one.tap(SATO_CARD)
        await one.press("1", "enter")
        assert "図書館の設定が読み込まれていません" in one.text() and "library.issued" not in one.kinds()


# --- pictures


async def _hall(one: ServiceStage) -> None:
    bound(one)
    await one.tap(SATO_CARD)
    await one.press("1")


async def _lending(one: ServiceStage) -> None:
    bound(one)
    await one.press("f6")
    await one.tap(SATO_CARD)
    for item in ("B0001", "R0001", "B0002"):
        await one.burst(item)
        await one.settle()
    await one.until(lambda: one.text().count("貸出しました") == 2)


async def _first(one: ServiceStage) -> None:
    await one.press("f6")
    await one.tap(HOMMA_CARD)


async def _idle(one: ServiceStage) -> None:
    await one.press("f6")


@pytest.mark.parametrize(("name", "steps"), [("hall", _hall), ("lending", _lending), ("first", _first),
                                             ("idle", _idle)])
def test_the_library_picture(snap_compare: Any, tmp_path: Path, name: str, steps: Any) -> None:
    one = stage(tmp_path)

    async def play(pilot: Any) -> None:
        one.pilot = pilot
        await one.until("検索")
        await one.settle()
        await steps(one)
        await one.settle()
        lines = one.text().split("\n")
        assert [cell_len(line) for line in lines] == [80] * 24
        text = "".join(lines) + one.screen.panel.help
        assert not {c for c in text if unicodedata.east_asian_width(c) == "A" and c != "─"}

    assert snap_compare(one.app, terminal_size=(80, 24), run_before=play)


async def test_seven_digits_that_are_a_birth_date_are_one(tmp_path: Path) -> None:
    async with stage(tmp_path, prepare=lambda desk: desk.library.load(
            (fixtures() / "library" / "library.toml").read_bytes().replace(b"3100001", b"3100101").replace(
                b"3100060", b"3100160"))).on() as one:
        number = bound(one)
        assert number == "3100101"
        await one.type(number)                          # 昭和10年1月1日
        await one.press("enter")
        assert "佐藤　花子 さん" not in one.text()
        await one.press("escape")
        await one.type(f"L{number}")
        await one.press("enter")
        assert "佐藤　花子 さん" in one.text()


async def test_escape_ends_an_empty_turn_and_no_other(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        await one.tap(SATO_CARD)
        before = one.kinds()
        await one.press("escape")
        assert "図書館: カードをかざしてください" in one.text() and one.kinds() == before
        await one.press("f3")
        await one.burst("B0001")
        await one.until("返却しました")
        await one.press("escape")
        assert "Enter で終わってください" in one.text() and "返却しました" in one.text()


async def test_a_turn_that_is_broken_off_is_counted(tmp_path: Path) -> None:
    """As where the operator changes: the desk goes to rest."""
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        await one.tap(SATO_CARD)
        await one.burst("B0001234")
        one.screen.rest()
        await one.settle()
        assert "今日の貸出1" in one.text() and "図書館: カードをかざしてください" in one.text()
        assert one.kinds().count("library.counted") == 1


async def test_a_turn_is_ended_before_anything_else(tmp_path: Path) -> None:
    async with stage(tmp_path).on() as one:
        bound(one)
        await one.press("f6")
        await one.tap(SATO_CARD)
        for key in ("f5", "f8", "f9"):
            await one.press(key)
            assert "先に Enter でこの方を終えてください" in one.text() and "３冊貸出中" not in one.text()
