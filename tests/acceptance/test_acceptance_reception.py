"""What a new volunteer does in the demo: taps, keys and forms counted, and what `sanjo-tui tap` may touch."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal
from tests.acceptance.town import Town
from tests.hardware.pcscd import until

READY, DONE = "カードをかざしてください", "受付しました"


@pytest.fixture
def drill(tmp_path: Path) -> Town:
    """Where the demo makes its station."""
    return Town(tmp_path / "drill")


@pytest.fixture
def demo(drill: Town) -> Iterator[Terminal]:
    """The demo as it greets a volunteer."""
    with drill.desk("demo") as desk:
        desk.until(READY, seconds=60)
        desk.count_keys()
        yield desk


def idle(text: str) -> bool:
    """Nobody is on the desk, and no card in the field."""
    return f"\n {READY}" in text and "カードを取って" not in text


def test_a_family_of_three_is_admitted_with_one_tap_and_one_key(drill: Town, demo: Terminal) -> None:
    drill.run("tap", "sato")
    screen = demo.until("Enter で3人とも入所")
    assert screen.count("未確認") >= 3 and "架空データ" in screen and "訓練" in screen
    demo.press("Enter")
    demo.until(lambda text: DONE in text and "3人" in text)
    assert demo.keys == 1
    counts = drill.status()["counts"]
    assert (counts["inside"], counts["households"]) == (3, 1)


def test_one_member_absent_takes_at_most_four_keys(drill: Town, demo: Terminal) -> None:
    drill.run("tap", "ikarashi")
    demo.until("Enter で4人とも入所")
    demo.press("3")
    demo.until("Enter で3人入所")
    demo.press("Enter")
    demo.until(lambda text: DONE in text and "残り" in text)
    assert drill.status()["counts"]["inside"] == 3, "nobody is admitted who was not seen"
    demo.press("Tab")
    demo.until("さんの消息")
    demo.press("1")                                     # 後から来る
    demo.until(lambda text: DONE in text and "残り" not in text)
    assert demo.keys <= 4
    counts = drill.status()["counts"]
    assert (counts["inside"], counts["accounted"]) == (3, 1)


def test_an_unknown_person_gets_a_tag_from_one_form(drill: Town, demo: Terminal) -> None:
    demo.press("F2")
    demo.until("氏名かな")
    demo.type("ヤマノ")
    demo.step("Enter")
    demo.type("60代")
    demo.step("Enter")
    demo.press("1")
    demo.until("[男]")
    demo.press("Enter")
    screen = demo.until(DONE)
    number = re.search(r"DRILL-\d{4}-\d", screen)
    assert number and "受付票を印刷します" in screen
    counts = drill.status()["counts"]
    assert (counts["inside"], counts["provisional"]) == (1, 1)
    prints = drill.home.with_name("drill-prints")
    until(lambda: prints.is_dir() and list(prints.glob("*.pdf")), "the tag was never printed", 30)
    assert not list(drill.home.rglob("*.pdf"))
    rows = drill.json("shelter", "roster")["rows"]
    assert [row["registration_no"] for row in rows] == [number[0]]
    with_needs = drill.json("journal", "list")["events"]
    assert any(event["kind"].startswith("print") for event in with_needs), "that the tag is due is in the journal"


def test_a_card_nobody_knows_is_handed_out_on_the_spot(drill: Town, demo: Terminal) -> None:
    drill.run("tap", "suica")
    demo.until("登録のないカードです")
    demo.type("サトウ　タロウ")
    demo.press("Enter")
    screen = demo.until("本人を番号で選んでください")
    row = re.search(r"(\d) 佐藤　太郎", screen)
    assert row, screen
    demo.press(row[1])
    demo.until("Enter でカードを渡して")
    demo.press("Enter")
    demo.until(DONE)
    demo.press("Esc")
    demo.until(idle)
    drill.run("tap", "suica")
    demo.until(lambda text: "佐藤　太郎" in text and "配布カード" in text)


def test_the_card_of_somebody_protected_shows_no_place(drill: Town, demo: Terminal) -> None:
    drill.run("tap", "yamada")
    screen = demo.until("Enter で1人入所")
    assert "取扱注意" in screen and "南四日町" not in screen


def test_an_expired_card_opens_the_household_and_says_so(drill: Town, demo: Terminal) -> None:
    drill.run("tap", "yokoyama")
    demo.until(lambda text: "期限が切れたカード" in text and "Enter で1人入所" in text)


@pytest.mark.parametrize(("card", "says"), [
    ("araki", "失効"), ("other-town", "登録のないカード"), ("random", "かざすたびに変わる"),
    ("torn", "早く離れました")])
def test_a_card_that_cannot_be_used_is_told_in_words(drill: Town, demo: Terminal, card: str, says: str) -> None:
    drill.run("tap", card)
    screen = demo.until(says)
    assert ".." not in "".join(screen.splitlines()[2:4]), "what happened and what to do are there to their end"
    assert drill.status()["counts"]["people"] == 0


def test_a_tap_from_another_terminal_opens_the_household(drill: Town, demo: Terminal) -> None:
    assert drill.json("tap", "sato") == {"card": "sato"}
    demo.until(lambda text: "佐藤　花子" in text and "未確認" in text)
    drill.run("tap", "ikarashi")
    screen = demo.until("次のカードが1枚待っています")
    assert "佐藤　花子" in screen and "五十嵐" not in screen, "an open household is never replaced"
    drill.refused("tap", "nobody")


def test_nobody_taps_where_no_demo_runs(drill: Town, sanjo: Town) -> None:
    with drill.desk("demo") as demo:
        demo.until(READY, seconds=60)
        assert demo.leave() == 0
    drill.refused("tap", "sato")


def test_a_live_home_takes_no_played_cards(sanjo: Town) -> None:
    sanjo.run("shelter", "open")
    with sanjo.desk() as desk:
        desk.until(READY)
        refusal = sanjo.refused("tap", "sato")
        assert "本番" in refusal
        sanjo.refused("demo")
    assert sanjo.status()["counts"]["people"] == 0
