"""発行番号: none twice, none missing, a void keeps its own; also when two processes issue and are killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.numbers import luhn_digit
from sanjo_tui.receptions.kiosk.words import State
from tests.killing import kills
from tests.kiosk_ground import hall, look_at, wanted


def serial(number: str) -> int:
    code, running, check = number.rsplit("-", 2)
    assert check == str(luhn_digit(f"{code}{running}"))
    return int(running[1:])


def kill_rounds(home: Path, rounds: int, seed: int) -> int:
    """Two stations' processes on one journal, killed at a random moment, over and over; how many numbers there are."""
    hall(home).close()
    said: list[str] = []
    for desk, said in kills("tests.kiosk_ground", home, hall, rounds=rounds, seed=seed, most=4, at_once=2):
        issues = {one.issue_no: one for one in desk.kiosk.issues()}
        assert len(set(said)) == len(said), "a number was given twice"
        assert set(said) <= set(issues), "a number was lost"
        assert sorted(map(serial, issues)) == list(range(1, len(issues) + 1)), "a gap"
        assert {one.issue_no for one in desk.kiosk.unfinished()} == {
            number for number, one in issues.items() if one.state is State.ISSUED}, "a crash leaves it to be looked at"
        jobs = [job.parameters["issue_no"] for job in desk.printing.jobs(10_000) if job.form == "kiosk.request"]
        assert sorted(jobs) == sorted(issues), "a sheet without a number, or the reverse"
    return len(said)


def test_two_processes_are_killed_while_they_issue(tmp_path: Path) -> None:
    assert kill_rounds(tmp_path / "home", 2, 3) >= 4


@pytest.mark.slow
def test_forty_times_two_processes_are_killed_while_they_issue(tmp_path: Path) -> None:
    assert kill_rounds(tmp_path / "home", 40, 7) >= 80


def test_a_void_keeps_its_number_and_the_next_is_the_next(tmp_path: Path) -> None:
    desk = hall(tmp_path / "home")
    look = look_at(desk)
    for _ in range(3):
        desk.kiosk.issue(look, wanted(look))
    first, second, third = desk.kiosk.issues()
    desk.kiosk.void(third.issue_no, "書損", paper_back=True)
    desk.kiosk.issue(look, wanted(look))
    assert [serial(one.issue_no) for one in desk.kiosk.issues()] == [1, 2, 3, 4]
    assert [one.state for one in desk.kiosk.issues()] == [State.ISSUED, State.ISSUED, State.VOID, State.ISSUED]
    assert len({first.reception_no, second.reception_no, third.reception_no}) == 3
    desk.close()


def test_after_999999_the_numbers_go_on(tmp_path: Path) -> None:
    from sanjo_tui.receptions.kiosk.events import ISSUE

    desk = hall(tmp_path / "home")

    class Far:
        def last_claim(self, scope: str, prefix: str) -> str | None:
            return f"{prefix}999999-0" if scope == ISSUE else None

        def holder(self, claim: object) -> None:
            return None

    assert serial(desk.kiosk._next_issue(Far())) == 1_000_000  # type: ignore[arg-type]
    desk.close()
