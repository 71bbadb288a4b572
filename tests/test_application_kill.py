"""SIGKILL between door and hand-over: what was said is there, no number, form or batch twice, no photo without need."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.desk import photos
from sanjo_tui.receptions.application.state import Application
from sanjo_tui.receptions.application.words import SCOPE, State
from tests import application_ground as ground
from tests.killing import kills

WAY = (State.ARRIVED, State.PHOTOGRAPHED, State.FORM_READY, State.SIGNED, State.SENT, State.DELIVERED)


def kill_rounds(home: Path, rounds: int, seed: int) -> int:
    """How many steps were said. Everything else is asserted after every kill."""
    ground.application(home).close()
    said: list[str] = []
    for desk, said in kills("tests.application_ground", home, ground.application, rounds=rounds, seed=seed, most=9):
        with desk.journal.view() as view:
            known: dict[str, Application] = {one.number: one for one in desk.application.applications(view)}
        assert len(set(said)) == len(said), "a number was given twice"
        for state, number in (line.split() for line in said):
            assert WAY.index(known[number].state) >= WAY.index(State(state)), "a step was lost"
        assert sum(one.is_open for one in known.values()) <= 1, "two applications of one person"
        filled = [one.application_form_id for one in known.values() if one.application_form_id]
        assert len(set(filled)) == len(filled)
        sent = [number for batch in desk.application.batches() for number in batch.numbers]
        assert sorted(sent) == sorted(one.number for one in known.values() if one.sent_on), "sent without its 送付書"
        assert all(photos.has(desk, one.photo_sha256, service=SCOPE) for one in known.values()
                   if one.photo_sha256 and one.is_open)
        papers = [job.form for job in desk.printing.jobs(10_000)]
        assert papers.count("application.sheet") == len(filled)
        assert papers.count("application.batch") == len(desk.application.batches())
        desk.application.erase_photos()
        assert not any(photos.has(desk, one.photo_sha256, service=SCOPE) for one in known.values()
                       if not one.is_open and one.photo_sha256 not in {o.photo_sha256 for o in known.values()
                                                                       if o.is_open}), "a photo outlives its use"
        assert ground.step(desk, home.parent), "the desk goes on where it was"
    return len(said)


def test_five_kills_on_the_way_of_an_application(tmp_path: Path) -> None:
    assert kill_rounds(tmp_path / "home", 5, 5) >= 5


@pytest.mark.slow
def test_a_hundred_kills_on_the_way_of_an_application(tmp_path: Path) -> None:
    assert kill_rounds(tmp_path / "home", 100, 11) >= 100
