"""Journals of two desks taken in, in either order and twice: one state; what both did is listed, never resolved."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.desk.merging import take_in
from sanjo_tui.journal import exports
from sanjo_tui.receptions.application.state import APPLICATIONS, BATCHES
from sanjo_tui.receptions.application.words import SCOPE
from tests.application_ground import HOMMA, IKARASHI, KUMAKURA, SATO, TODAY, application, asked, book, on, sent


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Two desks without a line between them: both book the same person and the same seats, both send a batch."""
    on(monkeypatch, TODAY)
    found = []
    for code, other, whole in (("WIN1", IKARASHI, HOMMA), ("WIN2", KUMAKURA, HOMMA)):
        desk = application(tmp_path / code, code=code)
        book(desk, SATO)
        book(desk, other)
        sent(desk, whole, tmp_path, asked())
        found += [one.path for one in exports.write(desk.journal, tmp_path / "usb")]
        desk.close()
    return found


def state_of(desk: Desk) -> list[object]:
    with desk.journal.view() as view:
        return [*view.records(APPLICATIONS, SCOPE), *view.records(BATCHES, SCOPE), *desk.application.dues(view)]


def test_either_order_and_twice_gives_the_same_and_doubles_are_listed(tmp_path: Path, files: list[Path]) -> None:
    states = []
    for name, order in (("one", files), ("two", files[::-1])):
        desk = application(tmp_path / name, code="HQ")
        for file in order:
            assert take_in(desk, file, "").new > 0
        assert [take_in(desk, file, "").new for file in order] == [0, 0]
        desk.journal.verify()
        state = state_of(desk)
        desk.journal.rebuild()
        assert state_of(desk) == state
        states.append(state)
        with desk.journal.view() as view:
            dues = [due.what for due in desk.application.dues(view)]
        assert sorted(dues) == sorted(["二重の申請"] * 2 + ["二重の予約"] * 2 + ["同じ申請書ID"])
        assert len({batch.number for batch in desk.application.batches()}) == 2
        desk.close()
    assert states[0] == states[1]
