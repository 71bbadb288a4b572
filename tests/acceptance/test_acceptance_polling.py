"""The polling desk of the demo in a terminal: taps and keys counted, a second tap, the plug pulled, no card at all."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal
from tests.acceptance.town import Town
from tests.hardware.pcscd import until

SHELTER, READY, DONE = "カードをかざしてください", "カードか入場券をかざしてください", "受付しました"
STOP, VOTED, ASKED = "止まってください", "投 票 済 み で す", "事由を聞いて、番号"
CONTESTS = ("衆議院小選挙区", "衆議院比例代表", "最高裁裁判官国民審査", "知事", "県議会補欠")
MOST_KEYS = 4
"""Keys of a reception after the tap."""
MOST_SECONDS, SECONDS_A_KEY = 25, 0.7
"""Without card and ticket: seconds of work, and those of a slow typist for each key."""


@pytest.fixture
def drill(tmp_path: Path) -> Town:
    """Where the demo makes its station."""
    return Town(tmp_path / "drill")


def polling(desk: Terminal) -> None:
    """From the first screen of the demo to the polling desk, as its greeting says."""
    desk.until(SHELTER, seconds=60)
    desk.press("Esc")
    desk.until("2  投票所受付")
    desk.press("2")
    desk.until(READY, seconds=60)
    desk.count_keys()


@pytest.fixture
def place(drill: Town) -> Iterator[Terminal]:
    """The early polling place of the demo, open."""
    with drill.desk("demo") as desk:
        polling(desk)
        yield desk


def received(town: Town) -> list[dict[str, object]]:
    """All 受付確定 in the journal."""
    listed = town.json("journal", "list")
    return [event for event in listed["events"] if event["kind"] == "polling.received"]


def one_tap(drill: Town, place: Terminal) -> str:
    """佐藤 with a card and the reason 2; gives the 受付番号."""
    drill.run("tap", "sato")
    place.until(ASKED)
    place.press("2")
    place.until("Enter で5枚を交付")
    place.press("Enter")
    found = re.search(r"DRILL-\d{4}-\d", place.until(DONE))
    assert found is not None
    return found[0]


def test_a_voter_takes_one_tap_and_two_keys_and_the_papers_stand_in_big_words(drill: Town, place: Terminal) -> None:
    drill.run("tap", "sato")
    screen = place.until(ASKED)
    assert "顔写真を確かめてください" in screen and "架空データ" in screen and "訓練" in screen
    lines = [line for line in screen.split("\n") if "交 付" in line]
    assert len(lines) == 5
    for line, (box, name) in zip(lines, enumerate(CONTESTS, 1), strict=True):
        assert f"{box}箱" in line and name in line and re.search("桃色|水色|うぐいす色|白|クリーム色", line)
    assert not received(drill)
    place.press("2")
    place.until("Enter で5枚を交付")
    place.press("Enter")
    screen = place.until(lambda text: DONE in text and "受付1人" in text)
    assert "用紙を5枚渡してください" in screen and "宣誓書と交付票を印刷します" in screen
    assert [name for name in CONTESTS if any(name in line and "渡 す" in line for line in screen.split("\n"))] == [
        *CONTESTS]
    assert place.keys == 2 <= MOST_KEYS
    assert len(received(drill)) == 1 and drill.json("polling", "status")["voters"] == 1
    prints = drill.home.with_name(f"{drill.home.name}-prints")
    until(lambda: len(list(prints.glob("*.pdf"))) >= 2, "宣誓書 and 交付票 never came", 30)


def test_the_second_tap_of_the_same_card_stops_and_no_key_goes_on(drill: Town, place: Terminal) -> None:
    number = one_tap(drill, place)
    place.until(lambda text: "カードを取って" not in text)   # while it lies there it is one tap
    drill.run("tap", "sato")
    screen = place.until(VOTED)
    said = "".join(screen.split())
    assert STOP in screen and "用紙を渡さないでください" in screen and number in screen
    assert "市役所期日前投票所" in said and all(name in said for name in CONTESTS)
    assert "交 付" not in screen and "渡 す" not in screen
    place.press("Enter", "Enter", "2", "b", "j", "a", "F3", "F5", "F9", "Enter")
    place.until(VOTED)
    place.press("Esc")                                     # worked on in order: all before it has had its effect
    place.until(READY)
    assert len(received(drill)) == 1 and drill.json("polling", "status")["voters"] == 1


def test_what_was_shown_as_recorded_survives_the_kill_and_still_stops(drill: Town) -> None:
    with drill.desk("demo") as desk:
        polling(desk)
        number = one_tap(drill, desk)
        desk.kill()
    before = drill.json("polling", "status")
    assert before["voters"] == 1 and drill.json("journal", "verify")["ok"] is True
    assert {line["issued"] for line in before["papers"] if line["paper"] == "普通"} == {1}
    drill.run("journal", "rebuild")
    assert drill.json("polling", "status")["papers"] == before["papers"]
    with drill.desk("demo") as desk:
        polling(desk)
        desk.until(lambda text: "受付1人" in text and number in text)
        drill.run("tap", "sato")
        screen = desk.until(VOTED)
        assert number in screen and "用紙を交付済み" in "".join(screen.split())
        desk.press("Enter", "Enter", "Esc")
        desk.until(READY)
    assert len(received(drill)) == 1


def test_only_the_paper_that_is_left_is_handed_out(drill: Town, place: Terminal) -> None:
    drill.run("tap", "sakino")
    screen = place.until(ASKED)
    assert screen.count("交 付") == 1
    assert "最高裁裁判官国民審査" in next(line for line in screen.split("\n") if "交 付" in line)
    assert screen.count("済(") == 4
    place.press("1", "Enter")
    screen = place.until(DONE)
    assert "用紙を1枚渡してください" in screen and screen.count("渡 す") == 1 and place.keys <= MOST_KEYS


def test_a_stop_rings_and_an_ordinary_voter_does_not(drill: Town, place: Terminal) -> None:
    rung, feed = [0], place._stream.feed

    def listen(data: bytes) -> None:
        rung[0] += data.count(b"\a")
        feed(data)

    place._stream.feed = listen  # type: ignore[method-assign]
    one_tap(drill, place)
    place.until(lambda text: "カードを取って" not in text)
    assert rung == [0]
    drill.run("tap", "sato")
    place.until(lambda text: VOTED in text and rung[0] > 0)


def test_whoever_cannot_vote_stops_in_neutral_words(drill: Town, place: Terminal) -> None:
    drill.run("tap", "tomarigi")
    screen = place.until(STOP)
    assert "投 票 で き ま せ ん" in screen and "投票管理者を呼んでください" in screen
    assert not re.search("死亡|抹消|失権|停止|受刑", screen)
    place.press("Enter", "1", "Enter", "Esc")
    place.until(READY)
    assert not received(drill)


def pick(place: Terminal, name: str) -> None:
    """The number that stands before the name in the list."""
    line = next(line for line in place.until(name).split("\n") if name in line)
    place.press(line.strip().removeprefix(">").strip()[0])


@pytest.mark.parametrize("said", ["さとう S52.3.3", "はなこ S52.3.3", "3520303"])
def test_without_card_and_ticket_the_work_takes_less_than_half_a_minute(drill: Town, place: Terminal,
                                                                        said: str) -> None:
    place.type(said)
    place.press("Enter")
    pick(place, "佐藤　花子")
    place.until(ASKED)                                     # the birth date that was typed was said by the voter
    place.press("1")
    place.until("Enter で5枚を交付")
    place.press("Enter")
    place.until(DONE)
    kana = sum(not character.isascii() for character in said)
    assert (place.keys + kana) * SECONDS_A_KEY <= MOST_SECONDS, (place.keys, kana)     # two keys for each kana
    assert len(received(drill)) == 1


def test_the_exit_is_the_slip_and_one_key(drill: Town, place: Terminal) -> None:
    number = one_tap(drill, place)
    place.press("F3")
    place.until("交付票のバーコードを読んでください")
    place.count_keys()
    place.scan(number)
    screen = place.until("Enter で全部(5枚)投函")
    assert all(name in screen for name in CONTESTS)
    place.press("Enter")
    place.until("投函5")
    assert place.keys == 1
    papers = drill.json("polling", "status")["papers"]
    assert {line["issued"] for line in papers if line["paper"] == "普通"} == {1}
