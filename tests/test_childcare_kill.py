"""SIGKILL while a card is applied for, pictured, made, handed over, given back: what was said is there, and whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from sanjo_tui.desk import photos
from sanjo_tui.receptions.childcare.words import SCOPE, Status
from tests import childcare_ground as ground
from tests.childcare_ground import FATHER
from tests.killing import kills

REACHED = {"applied": "applied_ms", "printed": "printed_ms", "handed": "handed_ms", "returned": "ended_ms"}


def kill_rounds(home: Path, rounds: int, seed: int) -> int:
    """How many steps were said. Everything else is asserted after every kill."""
    ground.hall(home).close()
    said: list[str] = []
    for desk, said in kills("tests.childcare_ground", home, ground.hall, rounds=rounds, seed=seed, most=8):
        with desk.journal.view() as view:
            holding = desk.childcare.holding(view, FATHER)
        assert holding is not None
        cards = {one.card_no: one for one in holding.cards}
        given = [line.split()[1] for line in said if line.startswith("applied")]
        assert len(set(given)) == len(given), "a card number was given twice"
        for line in said:
            state, number = line.split()
            assert number in cards, "a card was lost"
            assert cards[number].photo if state == "photographed" else getattr(cards[number], REACHED[state]), line
        assert all(one.status is Status.RETURNED for one in holding.cards[:-1]), "two live cards"
        assert all(photos.has(desk, one.photo, service=SCOPE) for one in cards.values() if one.photo)
        for made in (one for one in cards.values() if one.batch):
            sums = (home.parent / f"cards-{made.batch}.sha256").read_text().splitlines()
            for digest, name in (line.split("  ") for line in sums):
                assert hashlib.sha256((home.parent / name).read_bytes()).hexdigest() == digest, "half a card"
        forms = [job for job in desk.printing.jobs(10_000) if job.form == "childcare.application"]
        assert len(forms) == len(cards), "an application without its paper, or the reverse"
        assert ground.step(desk, home.parent), "the desk goes on where it was"
    return len(said)


def test_five_kills_on_the_way_of_a_card(tmp_path: Path) -> None:
    assert kill_rounds(tmp_path / "home", 5, 3) >= 5


@pytest.mark.slow
def test_a_hundred_kills_on_the_way_of_a_card(tmp_path: Path) -> None:
    assert kill_rounds(tmp_path / "home", 100, 7) >= 100
