"""Public incidents of polling places, each played at the screen: what a clerk sees, and what no key does.

Every test is named after place and year. Its table is in tests/test_polling_incidents.py, with those cases whose fault
lay in loading or in two desks. The electors are those of tests/screens/polling_stage.py: all are fictitious.
"""

from __future__ import annotations

import datetime as dt
import string
from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import Act, Code, IdMethod, PaperKind, State, Via
from screens.polling_exit import Leaving
from screens.polling_sight import paint_of
from screens.polling_stop import Stopped
from screens.polling_voter import Voter
from tests.desk import desk as make_desk
from tests.screens.polling_stage import CONTESTS, DAY, PIN, Electors, PollingStage, elector, set_up, voted
from tests.screens.stage import NOW

PLAIN = PaperKind.PLAIN
RED, WHITE = (0xB3, 0x26, 0x1E), (0xFF, 0xFF, 0xFF)
"""The colours of a stop, of which one is behind every cell of the body."""
VOTED, DEAD, NATIONAL = "投 票 済 み で す", "投 票 で き ま せ ん", ("sho", "hirei", "shinsa")
NAMES = {"sho": "衆議院小選挙区選出議員選挙", "hirei": "衆議院比例代表選出議員選挙",
         "shinsa": "最高裁判所裁判官国民審査", "chiji": "県知事選挙", "shigi": "市議会議員補欠選挙"}
HURRIED = ("enter", "enter", "space", "1", "2", "3", "5", "6", "b", "j", "k", "n", "a", "y", "tab", "ctrl+j", "ctrl+m")
"""What a hand in a hurry presses."""


@pytest.fixture
def place(tmp_path: Path) -> Callable[..., PollingStage]:
    def make(**wanted: Any) -> PollingStage:
        return PollingStage(tmp_path / "home", **wanted)

    return make


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> Callable[[PollingStage], list[str]]:
    def listen(s: PollingStage) -> list[str]:
        heard: list[str] = []
        monkeypatch.setattr(s.app, "bell", lambda: heard.append("bell"))
        return heard

    return listen


def another_desk(s: PollingStage) -> Desk:
    """A second desk of the same polling place, on the same journal, with another clerk."""
    station = s.desk.station
    other = make_desk(station.home, operator="op2", receptions=("polling",), polling_place=station.polling_place)
    other.polling._roll = s.desk.polling.roll
    other.polling.clock = lambda: NOW
    return other


def acts(s: PollingStage) -> list[str]:
    """Kinds of everything in the journal but look-ups."""
    return [kind for kind in s.kinds() if not kind.startswith("lookup.")]


def words(s: PollingStage) -> str:
    """The screen as it reads: a sentence that goes on in the next line is one sentence."""
    return "".join(s.text().split())


def paint(s: PollingStage) -> list[set[tuple[int, int, int]]]:
    """The colours behind the body, line by line."""
    region = s.screen.query_one("#body").region
    strips = s.app.screen._compositor.render_strips()[region.y:region.bottom]
    return [{tuple(seg.style.bgcolor.get_truecolor()) for seg in strip.crop(1, region.right - 1)
             if seg.style and seg.style.bgcolor} for strip in strips]


async def stands(s: PollingStage, heard: Iterable[str], *facts: str, heading: str = VOTED,
                 keys: Iterable[str] = HURRIED, card: str = "") -> None:
    """A stop fills the body, rang, says all facts, and none of the keys records anything or takes it away."""
    def whole() -> None:
        text, said = s.text(), words(s)
        assert isinstance(s.screen.panel, Stopped) and s.screen.panel.verdict().weight is Weight.STOP
        assert heading in text and "止まってください" in text and "用紙を渡さないでください" in text
        assert not [fact for fact in facts if fact not in said], text
        assert "交 付" not in text and "渡 す" not in text and "受付しました" not in text and "Enter で" not in text
        body = paint(s)
        assert len(body) >= 8 and all(line in ({RED}, {WHITE}) for line in body) and {RED} in body and {WHITE} in body

    assert list(heard), "it did not sound"
    whole()
    before = acts(s)
    await s.press(*keys)
    whole()
    if card:
        await s.tap(card)                                  # a second tap: it stops once more, and nothing else
        whole()
        await s.press("escape")
    whole()
    assert acts(s) == before
    await s.press("escape")
    assert not isinstance(s.screen.panel, Stopped | Voter) and acts(s) == before


# --- (a) 済 was on the screen, and nobody stopped


async def test_gamagori_2025_an_early_voter_who_comes_back_with_the_ticket_is_stopped(place, rung):
    async with place(place=DAY).on() as s:
        heard = rung(s)
        await s.burst("T0000002")
        function = [f"f{n}" for n in (2, 3, 5, 6, 9, 10, 11)]
        await stands(s, heard, "11月20日(金)", "栄庁舎", *NAMES.values(), keys=(
            *HURRIED, *string.ascii_letters, *string.digits, *string.punctuation, *function, "あ", "済"),
            card="3000000000002")
        assert not s.recorded()


async def test_gamagori_2025_keys_that_lead_away_from_the_stop_lead_back_to_it_and_record_nothing(place):
    async with place(place=DAY, cards=True).on() as s:
        await s.burst("T0000002")
        before = acts(s)
        for key in ("f1", "f4", "f7", "f8", "f12"):        # help, papers, who presides, the cards of the demo
            await s.press(key)
            assert "受付しました" not in s.text() and "交 付" not in s.text()
            await s.press("enter") if key in ("f1", "f4") else None
            for _ in range(4):
                if isinstance(s.screen.panel, Stopped) and VOTED in s.text():
                    break
                await s.press("escape")
            assert isinstance(s.screen.panel, Stopped) and VOTED in s.text(), key
        assert acts(s) == before and not s.recorded()


async def test_gamagori_2025_the_stop_of_an_early_voter_weighs_as_much_as_that_of_the_dead(place, rung):
    pictures = []
    async with place(place=DAY).on() as s:
        for number, heading in ((2, VOTED), (4, DEAD)):
            heard = rung(s)
            await s.card(number)
            panel = s.screen.panel
            assert isinstance(panel, Stopped) and heading in s.text()
            verdict, text = panel.verdict(), s.text()
            colours = {colour for line in paint(s) for colour in line}
            pictures.append((type(panel), verdict.weight, verdict.notes, len(heard), len(paint(s)), colours,
                             panel.hints(), text.count("=" * 60)))
            if number == 4:                                # the cause is nobody's business at the desk
                assert not any(word in text for word in ("死亡", "死", "抹消", "失権", "停止", "E-"))
            await s.press("escape")
    assert pictures[0] == pictures[1] and pictures[0][1] is Weight.STOP


def once(s: PollingStage, way: str) -> Any:
    """How the same voter comes before the desk."""
    ways: dict[str, Callable[[], Any]] = {
        "card": lambda: s.card(2), "ticket": lambda: s.burst("T0000002"),
        "typed ticket": lambda: typed(s, "T0000002"), "name": lambda: found(s, "たかはし", "高橋"),
        "birth date": lambda: found(s, "S49.3.5", "高橋"), "roll number": lambda: found(s, "1-01-003-02", "高橋")}
    return ways[way]()


async def typed(s: PollingStage, text: str, *keys: str) -> None:
    await s.type(text)
    await s.press("enter", *keys)


async def found(s: PollingStage, text: str, name: str) -> str:
    """Somebody looked for by what was typed, and picked from the list by number; gives the key."""
    await typed(s, text)
    await s.until(name)
    line = next(line for line in s.text().split("\n") if name in line)
    key = line.strip().removeprefix(">")[0]
    await s.press(key)
    return key


@pytest.mark.parametrize("way", ["ticket", "typed ticket", "card", "name", "birth date", "roll number"])
async def test_yaizu_2021_a_ticket_in_the_hand_does_not_mean_not_voted(place, rung, way):
    async with place(place=DAY).on() as s:
        heard = rung(s)
        await once(s, way)
        await stands(s, heard, "11月20日(金)", "栄庁舎", *NAMES.values())
        assert not s.recorded()


async def test_yaizu_2021_the_help_of_the_stop_says_that_a_ticket_changes_nothing(place):
    async with place(place=DAY).on() as s:
        await s.burst("T0000002")
        await s.press("f1")
        await s.until("入場券やカードを持ってい")
        await s.press("escape")
        assert isinstance(s.screen.panel, Stopped) and VOTED in s.text() and not s.recorded()


async def test_gobo_2025_another_error_never_covers_the_stop(place, rung):
    async with place(place=DAY).on() as s:
        await s.tap("3999999999999")                       # first an error of somebody else stands there
        await s.until("名簿に見つかりません")
        await s.card(2)
        assert "次のカードが1枚待っています" in s.text() and VOTED not in s.text()     # one verdict at a time
        heard = rung(s)
        await s.press("escape")
        assert isinstance(s.screen.panel, Stopped) and VOTED in s.text() and heard
        verdict = s.screen.query_one("#verdict").region.y
        line = s.text().split("\n")[verdict]
        assert "止まってください" in line
        for error in ("用紙がありません", "印刷できません"):    # and then others come while it stands
            s.screen.warn(error, "紙を足してください")
            s.screen.paint()
            await s.settle()
            assert "止まってください" in s.text().split("\n")[verdict] and VOTED in s.text()
        await s.tap("3999999999998")
        await s.burst("T9999999")
        assert "止まってください" in s.text().split("\n")[verdict]
        await stands(s, heard, "11月20日(金)", "栄庁舎", *NAMES.values())
        assert not s.recorded()


async def test_gobo_2025_the_one_verdict_stands_where_every_verdict_stands(place):
    rows = []
    async with place(place=DAY).on() as s:
        for number, words in ((1, "Enter で5枚を交付"), (2, "止まってください"), (4, "止まってください"),
                              (11, "止まってください")):
            await s.card(number)
            rows.append([n for n, line in enumerate(s.text().split("\n")) if words in line][:1])
            await s.press("escape")
    assert rows == [rows[0]] * 4 and len(rows[0]) == 1


async def test_okayama_higashi_2024_words_that_need_no_training_and_a_sound(place, rung):
    past = elector(20, "岡山　東", "オカヤマ　ヒガシ", marks=voted("sho", "hirei", "shinsa", day=dt.date(2026, 11, 19),
                                                         site="E1"))
    toml = only(set_up(), NATIONAL)
    async with place(others=(past,), toml=toml).on() as s:
        heard = rung(s)
        await s.card(20)
        text = s.text()
        assert not any(code.value in text for code in Code) and "E-" not in text and "STOP" not in text
        assert "次にすること: 用紙を渡さないでください。投票管理者を呼んでください。" in text
        await stands(s, heard, "11月19日(木)", "市役所", *(NAMES[code] for code in NATIONAL))
        assert not s.recorded()


def only(toml: str, codes: Iterable[str]) -> str:
    """The election with these contests alone."""
    head, *contests = toml.split("\n[[contests]]")
    last, mark, rest = contests[-1].partition("\n[[stations]]")
    contests[-1] = last
    kept = "".join("\n[[contests]]" + one for one in contests if any(f'code = "{code}"' in one for code in codes))
    rest = "\n".join(line for line in rest.split("\n")
                     if not any(line.startswith(f"{code} = {{") for code in CONTESTS if code not in codes))
    return head + kept + mark + rest


# --- (b) one mark for a voter who has several contests


async def test_awaji_2025_who_voted_in_one_contest_gets_only_the_other_paper(place):
    past = elector(21, "淡路　早", "アワジ　ハヤ", marks=voted(*NATIONAL, "chiji"))
    async with place(place=DAY, others=(past,)).on() as s:
        await s.card(21)
        text = s.text()
        assert text.count("交 付") == 1 and NAMES["shigi"] in text and "Enter で残りの1枚だけ交付" in text
        assert all(f"{name} 済(11/20)" in text for name in ("小選挙区", "比例代表", "国民審査", "県知事"))
        await s.press("enter")
        assert s.text().count("渡 す") == 1 and "用紙を1枚渡してください" in s.text()
        slip = s.desk.polling.paper("slip", reception_no=s.recorded()[0].reception_no)
        assert [square.act for square in slip.content.squares] == [Act.DONE] * 4 + [Act.ISSUE]
        assert "淡路" not in repr(slip.content)
        await s.card(21)
        assert isinstance(s.screen.panel, Stopped) and len(s.recorded()) == 1


async def test_awaji_2025_who_wants_one_paper_only_says_so_and_the_slip_says_it_too(place):
    async with place(place=DAY).on() as s:
        await s.card(1)
        for number in ("1", "2", "3", "4"):
            await s.press("a", number)
        assert s.text().count("交 付") == 1 and "Enter で1枚を交付、ほかは棄権" in s.text()
        await s.press("enter")
        slip = s.desk.polling.paper("slip", reception_no=s.recorded()[0].reception_no)
        assert [square.act for square in slip.content.squares] == [Act.ABSTAIN] * 4 + [Act.ISSUE]
        assert s.text().count("渡 す") == 1


async def test_awaji_2025_fifteen_people_in_a_queue_do_not_hurry_a_paper_out(place, rung):
    past = elector(21, "淡路　早", "アワジ　ハヤ", marks=voted(*CONTESTS))
    async with place(place=DAY, others=(past,)).on() as s:
        heard = rung(s)
        await s.card(21)
        for number in (1, 3, 5, 7, 8, 12):                 # the next cards come down while the stop stands
            await s.card(number)
        assert "次のカードが6枚待っています" in s.text()
        assert VOTED in s.text() and heard
        await s.press(*HURRIED)
        assert VOTED in s.text() and not s.recorded()


async def test_kasaoka_2026_an_early_bird_who_returns_gets_the_review_paper_alone(place, rung):
    async with place().on() as s:
        await s.card(3)                                    # 小選挙区, 比例代表 and 知事 were voted on 20 November
        text = s.text()
        assert isinstance(s.screen.panel, Voter) and s.screen.panel.look.examined.verdict.code == Code.PARTIAL
        body = [line for line in text.split("\n") if "交 付" in line]
        assert len(body) == 1 and "国民審査" in body[0] and "うぐいす色" in body[0] and "3箱" in body[0]
        assert "小選挙区 済(11/20)" in text and "比例代表 済(11/20)" in text
        await s.press("1", "enter")
        assert [h.contest for h in s.recorded()[0].issued] == ["shinsa"]
        assert s.text().count("渡 す") == 1 and "用紙を1枚渡してください" in s.text()
        heard = rung(s)
        await s.card(3)
        assert heard and isinstance(s.screen.panel, Stopped) and "11月24日(火)" in s.text()
        await s.press("enter")
        assert len(s.recorded()) == 1


async def test_hirakawa_2026_what_this_very_desk_gave_out_days_before_is_not_given_again(place):
    async with place().on() as s:
        await s.card(1)
        assert s.text().count("交 付") == 4
        await s.press("1", "enter")
        polling, days = s.desk.polling, dt.timedelta(days=2)
        first = s.recorded()[0].reception_no
        close(polling)
        polling.clock = lambda: NOW + days                 # 26 November: now 市議会 is open too
        polling._roll.info = replace(polling._roll.info, created_at="2026-11-26T06:00:00+09:00")
        polling.open_place(clock_confirmed=True, zero_printed=True)
        await s.press("escape")
        s.screen.do(s.screen.refresh_facts)
        await s.settle()
        await s.card(1)
        text = s.text()
        assert [line for line in text.split("\n") if "交 付" in line and NAMES["shigi"] in line]
        assert text.count("交 付") == 1 and text.count("済(11/24)") == 4
        s.screen._not_before = 0.0
        await s.press("2", "enter")
        assert [h.contest for h in s.recorded()[1].issued] == ["shigi"]
        await s.card(1)
        text = s.text()
        assert isinstance(s.screen.panel, Stopped) and first in text and s.recorded()[1].reception_no in text
        assert "11月24日(火)" in text


def close(polling: Any) -> None:
    """The day as it ends: every paper counted, sealed."""
    from sanjo_tui.receptions.polling.words import Occasion

    for line in polling.equations():
        polling.count(line.contest, line.paper, line.expected, Occasion.CLOSING)
    polling.close_place(oaths_counted=1, verifier="J03", pin=PIN, remark="早く終えた")
    polling.seal(polling.desk.station.home.parent / "usb")


# --- (e) the desk was passed by


async def test_matsuda_both_desks_know_what_either_has_done(place, rung):
    async with place(place=DAY).on() as s:
        other = another_desk(s)
        receipt = other.polling.receive(other.polling.look(other.polling.open_code("T0000001")),
                                        Choice(id_method=IdMethod.TICKET, via=Via.TICKET))
        heard = rung(s)
        await typed(s, "さとう", "1")                       # with a ticket written by hand, by name, at this desk
        await stands(s, heard, "11月24日(火)", "嵐南小学校", receipt.reception_no, *NAMES.values())
        assert len(s.recorded()) == 1
        other.close()


async def test_matsuda_two_desks_with_the_same_voter_open_hand_out_one_set_of_papers(place, rung):
    async with place(place=DAY).on() as s:
        other = another_desk(s)
        look = other.polling.look(other.polling.open_voter("900001", Via.CARD))
        await s.card(1)
        assert "Enter で5枚を交付" in s.text()               # both screens say that the voter may vote
        other.polling.receive(look, Choice(id_method=IdMethod.CARD, via=Via.CARD))
        heard = rung(s)
        await s.press("enter")
        await stands(s, heard, "11月24日(火)", *NAMES.values())
        assert len(s.recorded()) == 1
        other.close()


async def test_koga_2021_who_passed_the_desk_by_has_no_slip_and_every_check_says_so(place, rung):
    async with place(place=DAY).on() as s:
        await s.press("f3")
        heard = rung(s)
        await s.burst("A1B2C3-0001-1")                     # a number that nobody was given
        assert heard and not isinstance(s.screen.panel, Leaving)
        await s.press("escape", "f3")
        await s.card(1)                                    # by card: nothing was handed to this voter
        text = s.text()
        assert "受け取っていない選挙が5つあります。本人に聞いてください" in text and "投函" not in text
        before = acts(s)
        await s.press("enter", "enter")
        assert isinstance(s.screen.panel, Leaving) and acts(s) == before
        await s.press("escape", "escape", "f4")
        await s.card(1)
        assert "この方に渡した用紙で、まだ投票されていないものはありません" in s.text()


async def test_koga_2021_a_paper_without_a_slip_is_missing_at_the_next_count(place):
    async with place(place=DAY).on() as s:
        await s.press("f5")
        await s.type("499")                                # one 小選挙区 paper went to somebody whom nobody received
        await s.press("enter")
        await s.until("1枚 不足")
        await s.press("escape")
        await s.until("用紙の差 小選挙区 -1")


# --- (d) the same name


async def test_tokamachi_2021_the_namesake_is_told_apart_by_a_second_feature(place, rung):
    async with place(place=DAY).on() as s:
        heard = rung(s)
        await typed(s, "やまもと")
        assert s.text().count("同名あり") == 2 and "S25.1.1" in s.text() and "S63.8.8" in s.text()
        await s.press("enter")                             # nothing is chosen for the clerk
        assert not isinstance(s.screen.panel, Voter)
        await s.press("1")
        text = s.text()
        assert "同じ名前の方がほかに1人います。生年月日が合えば B、住所が合えば J" in text and heard
        assert "昭和25年1月1日生" in text and "旭町5番地" in text and "Enter で" not in text
        before = acts(s)
        for key in ("enter", "enter", "1", "2", "space", "y", "k", "a", "escape"):
            await s.press(key)
        assert acts(s) == before and not s.recorded()


async def test_tokamachi_2021_the_address_alone_or_the_name_alone_is_not_enough(place):
    async with place(place=DAY).on() as s:
        await typed(s, "やまもと", "1")
        await s.press("j", "enter")
        assert not s.recorded() and "生年月日が、画面と同じなら B" in s.text()
        await s.press("b", "enter")
        event = s.recorded()[0]
        assert event.subject == "900005" and event.confirmed == (Code.SAMENAME.value,)


async def test_tokamachi_2021_an_unregistered_person_is_not_the_one_elector_of_that_name(place):
    async with place(place=DAY).on() as s:
        await typed(s, "さとう", "1")                       # the only 佐藤 on the roll; somebody else stands here
        text = s.text()
        assert "生年月日が、画面と同じなら B" in text and "昭和49年3月5日生" in text and "旭町1番地" in text
        before = acts(s)
        await s.press("enter", "space", "1", "j", "enter")  # they said another birth date: B is not pressed
        assert acts(s) == before and not s.recorded()
        await s.press("escape")
        await typed(s, "さとう S51.6.6")                    # or it is typed as they say it: nobody
        assert "名簿に見つかりません" in s.text() and "用紙を渡さないでください" in s.text()
        assert acts(s) == before


# --- (c) left without a paper


async def receive(s: PollingStage, number: int = 1, *reason: str) -> str:
    before = len(s.recorded())
    await s.card(number)
    await s.until(lambda: isinstance(s.screen.panel, Voter))
    s.screen._not_before = 0.0                             # a test looks faster than a clerk
    await s.press(*reason, "enter")
    await s.until(lambda: len(s.recorded()) == before + 1)
    await s.press("escape")
    return str(s.recorded()[-1].reception_no)


async def test_mitsuke_2024_the_exit_names_every_paper_and_one_that_is_not_cast_is_said(place):
    async with place(place=DAY).on() as s:
        number = await receive(s)
        await s.press("f3")
        await s.burst(number)
        text = s.text()
        assert all(f"箱{n}" in text for n in range(1, 6)) and all(name in text for name in NAMES.values())
        assert "Enter で全部(5枚)投函" in text and "箱に入ったのを見てから押します" in text
        before = acts(s)
        await s.press("2")                                 # 比例代表 lies on the table of the paper desk
        line = next(line for line in s.text().split("\n") if NAMES["hirei"] in line)
        assert "返付" in line and "Enter で4枚投函、ほかは表示のとおり" in s.text() and acts(s) == before
        await s.press("enter")
        await s.until("返付1")
        voter = s.desk.polling.voter("900001")
        assert [voter.ballot(c).state for c in CONTESTS] == [
            State.CAST, State.RETURNED, State.CAST, State.CAST, State.CAST]
        await typed(s, number)                             # the voter is asked before they leave
        text = s.text()
        assert "受け取っていない選挙が1つあります。本人に聞いてください" in text and NAMES["hirei"] in text
        before = acts(s)
        await s.press("enter")
        assert isinstance(s.screen.panel, Leaving) and acts(s) == before


async def test_tokamachi_2024_a_paper_is_left_out_only_when_the_voter_says_so(place):
    async with place(place=DAY).on() as s:
        await s.card(1)
        for key in ("space", "tab", "down", "n", "2", "3", "delete"):      # no key but A leaves a paper out
            await s.press(key)
            assert "Enter で5枚を交付" in s.text()
        await s.press("a")
        assert "本人が受け取らないと言った用紙はどれですか" in s.text()
        await s.press("enter", "escape")
        assert "Enter で5枚を交付" in s.text()               # asked and not said: all five
        await s.press("a", "3")
        assert "国民審査 棄権" in s.text() and "Enter で4枚を交付、ほかは棄権" in s.text()
        await s.press("enter")
        event = s.recorded()[0]
        assert {h.contest: h.act for h in event.handed} == {
            c: Act.ABSTAIN if c == "shinsa" else Act.ISSUE for c in CONTESTS}
        await s.press("escape", "f3")
        await s.burst(event.reception_no)
        assert "受け取っていない選挙" in s.text() or "Enter で全部(4枚)投函" in s.text()


async def test_tokamachi_2026_the_exit_does_not_let_a_missing_paper_pass_without_an_answer(place):
    async with place(place=DAY).on() as s:
        number = await receive(s, 3)                       # 国民審査 and 市議会: the rest was voted early
        await s.press("f3")
        await s.burst(number)
        await s.press("1", "enter")                        # 国民審査 was handed back unused
        await typed(s, number)
        assert "受け取っていない選挙が1つあります" in s.text() and NAMES["shinsa"] in s.text()
        before = acts(s)
        for key in ("enter", "enter", "b", "y", "a", "tab"):
            await s.press(key)
        assert acts(s) == before and isinstance(s.screen.panel, Leaving)
        await s.press("1")
        assert "棄権" in next(line for line in s.text().split("\n") if NAMES["shinsa"] in line) and acts(s) == before
        await s.press("enter")
        await s.until("記録しました")
        assert s.kinds()[-1] == "polling.abstained"
        assert s.desk.polling.voter("900003").ballot("shinsa").state is State.ABSTAINED


async def test_toin_whoever_left_unseen_is_counted_before_the_place_closes(place):
    async with place(place=DAY).on() as s:
        number = await receive(s)
        await receive(s, 12)
        await s.press("f3")
        await s.burst(number)
        await s.press("enter", "escape", "escape")
        missing = s.desk.polling.unconfirmed()
        assert {one.reception_no for one in missing} == {s.recorded()[1].reception_no}
        await s.press("f8")
        await s.press(next(str(n) for n in range(1, 10) if f"{n} 閉所・封緘" in s.text()))
        await s.until("投函を確かめていない用紙 5枚 (1人)")
        await s.press("enter")
        await s.until(s.recorded()[1].reception_no)
        assert number not in s.text() and all(name in s.text() for name in NAMES.values())


async def test_kainan_a_paper_that_was_never_handed_out_is_one_too_many_at_the_next_count(place):
    async with place(place=DAY).on() as s:
        await receive(s)
        await s.press("f5", "down", "down", "down", "down")
        name = next(line for line in s.text().split("\n") if line.strip().startswith(">"))
        assert "国民審査" in name
        await s.type("500")                                # 499 it should be
        await s.press("enter")
        await s.until("1枚 過剰")
        await s.press("escape")
        await s.until("用紙の差 国民審査 +1")


async def test_imabari_whoever_was_not_given_a_paper_is_sent_back_and_gets_just_that_one(place):
    async with place(place=DAY).on() as s:
        number = await receive(s)
        await s.press("f3")
        await s.burst(number)
        await s.press("3", "enter")                        # 国民審査 is not in the box: back at the desk
        await typed(s, number)
        await s.press("1", "1")
        assert "交付の係へ" in next(line for line in s.text().split("\n") if NAMES["shinsa"] in line)
        await s.press("enter")
        await s.until("交付の係へ案内してください")
        await s.press("escape")
        await s.card(1)
        assert s.text().count("交 付") == 1 and "Enter で残りの1枚だけ交付" in s.text()
        await s.press("enter")
        assert [h.contest for h in s.recorded()[-1].issued] == ["shinsa"] and s.text().count("渡 す") == 1


# --- the wrong paper, and papers that are missing


async def test_minokamo_2026_the_first_voter_with_the_wrong_paper_is_found_not_the_507th(place, rung):
    async with place(place=DAY).on() as s:
        other = another_desk(s)
        await receive(s)                                   # 比例代表 was given twice, 小選挙区 not at all
        heard = rung(s)
        await s.press("f5")
        await s.type("500")
        await s.press("enter")
        await s.until("1枚 過剰")
        assert len(heard) == 1
        await s.press("down", "down")
        assert "比例代表" in cursor(s) and "普通" in cursor(s)
        await s.type("498")
        await s.press("enter")
        await s.until("交付をとめてください: 小選挙区 +1 比例代表 -1")
        assert "小選挙区の代わりに比例代表を渡した疑い。山と色を確かめてください" in s.text() and len(heard) == 2
        await s.press("up")                                # and it stays said
        assert "交付をとめてください: 小選挙区 +1 比例代表 -1" in s.text()
        await s.press("escape")
        await s.until("用紙の差 小選挙区 +1")
        await s.card(12)                                   # it stands beside the next voter too
        assert "用紙の差 小選挙区 +1" in s.text() and "用紙の差 比例代表 -1" in s.text()
        standing = [line.sentence for line in other.polling.standing_differences()]
        assert standing == ["衆議院小選挙区選出議員選挙 普通 1枚 過剰", "衆議院比例代表選出議員選挙 普通 1枚 不足"]
        other.close()


def cursor(s: PollingStage) -> str:
    return next(line for line in s.text().split("\n") if line.strip().startswith(">"))


async def test_uonuma_every_paper_is_named_by_colour_and_box_before_and_after_enter(place):
    colours = {"sho": "うすもも色", "hirei": "あさぎ色", "shinsa": "うぐいす色", "chiji": "白", "shigi": "クリーム"}
    async with place(place=DAY).on() as s:
        await s.card(1)
        for word in ("交 付", "渡 す"):
            lines = [line for line in s.text().split("\n") if word in line]
            assert len(lines) == 5
            for line, (number, (code, name)) in zip(lines, enumerate(NAMES.items(), 1), strict=True):
                assert f"{number}箱" in line and colours[code] in line and name in line
            await s.press("enter")
    assert len({paint_of(colour) for colour in colours.values()}) == 5     # and no two look alike


async def test_bizen_a_paper_of_the_wrong_kind_is_changed_against_itself_and_the_sum_still_holds(place):
    async with place(place=DAY).on() as s:
        await receive(s)
        await s.press("f4")
        await s.card(1)
        await s.press("1", "3")                            # 小選挙区: ほかの選挙の用紙を渡していた
        await s.until("どの選挙の用紙ですか")
        await s.press("1")                                 # 比例代表
        await s.until("元の用紙を受け取りましたか")
        before = acts(s)
        await s.press("2")                                 # it is not in hand: no second paper
        assert acts(s) == before and "polling.exchanged" not in s.kinds()
        await s.press("escape", "escape", "f4")
        await s.card(1)
        await s.press("1", "3", "1", "1")
        await s.until("引換")
        lines = {line.contest: line for line in s.desk.polling.equations() if line.paper is PLAIN}
        assert (lines["sho"].issued, lines["sho"].spoiled, lines["sho"].expected) == (1, 0, 499)
        assert (lines["hirei"].issued, lines["hirei"].spoiled, lines["hirei"].expected) == (1, 1, 498)
        assert s.desk.polling.count("sho", PLAIN, 499).holds and s.desk.polling.count("hirei", PLAIN, 498).holds


async def test_mitake_2017_two_papers_short_stand_on_every_desk_until_two_people_settle_it(place, rung):
    async with place(place=DAY).on() as s:
        other = another_desk(s)
        await receive(s)
        other.polling.count("sho", PLAIN, 497)             # two more are gone than were handed out
        await s.until("用紙の差 小選挙区 -2")                # no key was pressed here
        await receive(s, 12)
        assert "用紙の差 小選挙区 -2" in s.text()            # one more reception does not make it go away
        await s.press("f5")
        await s.until("2枚 不足")
        assert s.desk.polling.closing_hinders()
        await s.press("/")
        await s.until("差の説明")
        await s.type("出入口を逆に通った人がいた")
        await s.press("enter")
        for text in ("J03", PIN):
            await s.type(text)
            await s.press("enter")
        await s.until("差を説明と一緒に記録しました")
        await s.press("escape")
        assert "用紙の差" not in s.text() and not other.polling.standing_differences()
        other.close()


# --- without a ticket; the reason that stood on no form


SECONDS_A_KEY = 0.6
"""A slow typist; a card or ticket needs none of it."""


@pytest.mark.parametrize(("said", "name"), [("さとう", "佐藤　太郎"), ("S49.3.5", "佐藤　太郎"),
                                            ("3490305", "佐藤　太郎"), ("おんだ", "隠田　守子")])
async def test_setagaya_2026_without_a_ticket_the_work_is_short(place, said, name):
    async with place().on() as s:
        await found(s, said, name)
        keys = len(said) * 2 + 2                           # kana in roman letters at most double, Enter, the pick
        if "画面と同じなら B" in s.text():
            await s.press("b")
            keys += 1
        await s.press("1", "enter")
        keys += 2
        event = s.recorded()[0]
        assert event.id_method is IdMethod.SPOKEN and "受付しました" in s.text()
        assert keys * SECONDS_A_KEY <= 25, keys


async def test_setagaya_2026_a_roll_without_any_ticket_opens_and_receives(place):
    async with place(is_open=False).on() as s:
        roll = s.desk.polling._roll
        assert isinstance(roll, Electors)
        roll.info = replace(roll.info, tickets=0, tickets_base="")
        roll.people = tuple(replace(p, ticket_no="") for p in roll.people)
        await s.press("f2")
        await s.until("開所の確認")
        await s.type("1405")
        await s.press("enter", "enter", "enter", "enter")
        await s.until("開所しました")
        await s.burst("T0000001")
        assert "名簿に見つかりません" in s.text() and "氏名と生年月日で探してください" in s.text() and not s.recorded()
        await s.press("escape")
        await typed(s, "さとう", "1")
        await s.press("b", "1", "enter")
        assert "受付しました" in s.text() and s.recorded()[0].subject == "900001"


@pytest.mark.parametrize(("word", "code"), [("介護", 1), ("かいご", 1), ("カイゴ", 1), ("買い物", 2), ("レジャー", 2)])
async def test_nagoya_2022_care_for_a_relative_is_a_reason(place, word, code):
    async with place().on() as s:
        await s.card(1)
        await typed(s, word)
        if "Enter で4枚を交付" not in s.text():
            line = next(line for line in s.text().split("\n") if f"*{code} " in line)
            assert line and isinstance(s.screen.panel, Voter)
            await s.press(str(code))
        await s.press("enter")
        assert s.recorded()[0].reason_code == code and "受付しました" in s.text()


async def test_nagoya_2022_a_word_that_no_form_knows_turns_nobody_away(place):
    async with place().on() as s:
        await s.card(1)
        await typed(s, "ぷりん")
        assert isinstance(s.screen.panel, Voter) and "の事由が見つかりません" in s.text()
        assert all(f"{n} " in s.text() for n in (1, 2, 3, 5, 6)) and "受け付けられます" in s.text()
        await s.press("1", "enter")
        assert "受付しました" in s.text() and s.recorded()[0].reason_code == 1 and len(s.recorded()[0].issued) == 4


# --- the load


@pytest.mark.parametrize(("changed", "sentence"), [
    ({"tickets_base": "two-days-earlier"}, "入場券データと名簿の作成日が違います"),
    ({"tickets_wrong": 1200}, "入場券番号1200件が、名簿と別の方を指しています")])
async def test_kochi_2025_the_place_does_not_open_while_tickets_and_roll_differ(place, changed, sentence):
    async with place(is_open=False).on() as s:
        roll = s.desk.polling._roll
        assert isinstance(roll, Electors)
        roll.info = replace(roll.info, **changed)
        await s.press("f2")
        await s.until("開所の確認")
        await s.until(sentence)
        await s.type("1405")
        await s.press("enter", "enter", "enter")           # the clock and the zero report are put right
        await s.until("開所ゼロ票は立会人が見ました")
        for key in ("enter", "enter", "space", "2", "y"):
            await s.press(key)
        assert sentence in s.text() and s.desk.polling.day() is None
        while "まだ開所していません" not in s.text():
            await s.press("escape")
        await s.card(1)
        await s.press("enter")
        assert not s.recorded()
