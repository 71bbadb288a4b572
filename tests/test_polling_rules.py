"""The table of a polling desk, T1 to T12: each row and each code at least once."""

from __future__ import annotations

from sanjo_tui.receptions.polling.words import State
from tests.polling_ground import ALL, DAY, Ground, at, elector


def test_t2_all_papers_go_out_at_once():
    ground = Ground()
    voter = ground.receive(elector(), at())
    assert {code: ballot.state for code, ballot in voter.ballots.items()} == dict.fromkeys(ALL, State.ISSUED)


def test_t9_voted_stops_with_day_time_place_and_contests():
    ground = Ground()
    ground.receive(elector(), at())
    look = ground.examine(elector(), at(DAY))
    assert look.stop.heading == "投票済みです"
