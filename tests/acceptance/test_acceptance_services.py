"""The demo's home screen: every service by one key, left with Esc; the same keys mean the same as at the shelter."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator

import pytest

from sanjo_tui.station import RECEPTIONS, fixtures
from tests.acceptance.terminal import Terminal
from tests.acceptance.town import Town

KEYS = "1234567890"
OFFERED = tomllib.loads((fixtures() / "stations" / "drill.toml").read_text(encoding="utf-8"))["receptions"]
HOME = "受付を選んでください"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """The demo at its home screen."""
    town = Town(tmp_path_factory.mktemp("services") / "drill")
    with town.desk("demo") as desk:
        desk.until("カードをかざしてください", seconds=60)
        desk.press("Esc")
        desk.until(HOME)
        yield desk


def test_the_demo_offers_every_reception() -> None:
    assert set(OFFERED) == set(RECEPTIONS) and len(OFFERED) == len(KEYS)


@pytest.mark.parametrize("name", OFFERED)
def test_a_service_is_one_key_away_and_left_with_esc(demo: Terminal, name: str) -> None:
    demo.press(KEYS[OFFERED.index(name)])
    demo.until(RECEPTIONS[name] if name != "polling" else "期日前投票", seconds=60)
    demo.until("F1 説明")
    if name == "attendance":            # the entrance offers passers-by nothing; behind F2 the keys are everybody's
        demo.press("F2")
        demo.until("F8 その他")
    demo.press("F1")
    demo.until("説明:")
    demo.press("Esc")
    demo.until("F8 その他")
    demo.press("F8")
    demo.until("数字 選ぶ")
    demo.press("Esc")
    demo.until("F1 説明")
    demo.press("Esc")
    if name == "attendance":
        demo.until("F2 人事・宿直")
        demo.press("Esc")
    demo.until(HOME)
