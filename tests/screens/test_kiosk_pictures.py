"""How the kiosk's screens look at 80 x 24: the counter, the residents' start, their questions, the PIN, the number."""

from __future__ import annotations

import pytest
from rich.cells import cell_len

from sanjo_tui.cards import profiles, virtual
from sanjo_tui.station import fixtures
from tests.screens.service_stage import SATO_CARD
from tests.screens.test_kiosk_pins import ready
from tests.screens.test_pictures import ambiguous

STEPS = {
    "counter": (), "start": ("f2",), "which": ("f2", SATO_CARD), "pin": ("f2", SATO_CARD, "2", "1", "2"),
    "wrong": ("f2", SATO_CARD, "2", *"0000", "enter"), "done": ("f2", SATO_CARD, "2", *"1234", "enter", "1", "1"),
    "kinds": (SATO_CARD, "1")}
SAID = {"counter": "カードをかざしてください", "start": "カ ー ド を 置 い て", "which": "ど の 証 明 書",
        "pin": "* * _ _", "wrong": "残りは 2 回です", "done": "忘 れ ず に", "kinds": "証明書を番号で選んで"}


@pytest.mark.parametrize("state", sorted(STEPS))
def test_the_kiosk_picture(stage, snap_compare, monkeypatch, state):
    known = profiles.load(fixtures() / "cards" / "profiles.toml")
    chip = next(one.chip for one in virtual.load(fixtures() / "cards" / "demo.toml", known) if one.name == "sato")
    monkeypatch.setattr("screens.parts.Parts.errand", lambda self, errand, card=None, reader="":
                        errand.run(chip.transmit))
    one = stage(service="kiosk", prepare=ready)

    async def run(pilot):
        one.pilot = pilot
        await one.until("検索")
        for step in STEPS[state]:
            await (one.tap(step) if step == SATO_CARD else one.press(step))
            await one.settle()
        await one.until(SAID[state])
        await one.settle()
        lines = one.text().split("\n")
        assert [cell_len(line) for line in lines] == [80] * 24
        assert not ambiguous("".join(lines) + one.screen.panel.help)
        assert state in ("counter", "kinds") or "佐藤" not in one.text()

    assert snap_compare(one.app, run_before=run, terminal_size=(80, 24))
