"""Several desks at one journal: each paper goes out once, everybody else hears a plain sentence, and papers add up."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.errors import ClaimTaken
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.rules import Refusal
from sanjo_tui.receptions.polling.state import VOTERS
from sanjo_tui.receptions.polling.words import Occasion, PaperKind
from tests.polling_homes import CHOICE, LONG, can_vote, noon, polling_home, receive_all, reopened, work

DESKS, CONTESTS = 8, 5


def said_by(home: Path, number: int) -> list[dict[str, Any]]:
    """What a process has said so far; a line that a kill has cut is left out."""
    path = home.parent / f"said-{number}"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True) if path.exists() else []
    return [json.loads(line) for line in lines if line.endswith("\n")]


def yes(said: list[dict[str, Any]]) -> list[str]:
    """受付番号 of those who were received."""
    return [line["number"] for line in said if "number" in line]


def run_desks(home: Path, keys: list[str], kill: int | None = None) -> list[list[dict[str, Any]]]:
    """Eight processes at once; `kill`: one of them is killed as soon as it has received somebody or was refused."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(DESKS)
    desks = [context.Process(target=work, args=(str(home), noon().isoformat(), keys, number, ready))
             for number in range(DESKS)]
    for one in desks:
        one.start()
    try:
        end = time.monotonic() + LONG
        if kill is not None:
            while not said_by(home, kill) and desks[kill].is_alive():
                assert time.monotonic() < end
                desks[kill].join(0.01)
            pid = desks[kill].pid
            assert pid is not None
            os.kill(pid, signal.SIGKILL)
        for one in desks:
            one.join(max(0.0, end - time.monotonic()))
        assert all(one.exitcode == 0 for number, one in enumerate(desks) if number != kill)
    finally:
        for one in desks:
            if one.is_alive():
                one.kill()
                one.join()
    return [said_by(home, number) for number in range(DESKS)]


def check(desk: Desk, keys: list[str], said: list[list[dict[str, Any]]]) -> None:
    """Each of them has every paper once; whoever heard yes is the one who is recorded; the piles fit."""
    with desk.journal.view() as view:
        received = [r.event for r in view.events(kinds=(ev.Received.kind,)) if isinstance(r.event, ev.Received)]
    papers = Counter((event.subject, handed.contest) for event in received for handed in event.issued)
    assert set(papers.values()) == {1} and len(papers) == len(keys) * CONTESTS
    numbers = [event.reception_no for event in received]
    assert len(numbers) == len(set(numbers)) == len(keys)
    assert {number for lines in said for number in yes(lines)} <= set(numbers)
    for line in (line for lines in said for line in lines if "no" in line):
        assert line["no"] in (Refusal.__name__, ClaimTaken.__name__), line
        assert line["sentence"].endswith("。") and line["hint"].endswith("。")
    for equation in desk.polling.equations():
        if equation.delivered:
            left = equation.delivered - (len(keys) if equation.paper is PaperKind.PLAIN else 0)
            assert desk.polling.count(equation.contest, equation.paper, left, Occasion.ANY_TIME).current
    assert desk.polling.doubles() == ()
    desk.journal.verify()
    kept = kept_of(desk)
    desk.journal.rebuild()
    assert kept_of(desk) == kept


def kept_of(desk: Desk) -> list[Any]:
    with desk.journal.view() as view:
        return list(view.records(VOTERS, desk.polling.scope))


@pytest.mark.parametrize("kill", [pytest.param(None, marks=pytest.mark.slow), 3], ids=["all-live", "one-is-killed"])
def test_eight_processes_at_one_journal_hand_out_each_paper_once(tmp_path: Path, kill: int | None) -> None:
    desk = polling_home(tmp_path / "home")
    keys = can_vote(desk, 10)
    said = run_desks(tmp_path / "home", keys, kill)
    assert all(len(lines) == len(keys) for number, lines in enumerate(said) if number != kill)
    won = sum(len(yes(lines)) for lines in said)
    # A kill may fall between the record and the word: then one is recorded of which nobody spoke.
    assert len(keys) - (kill is not None) <= won <= len(keys)
    check(desk, keys, said)
    desk.close()


@pytest.mark.parametrize("same_desk", [False, True], ids=["two-desks", "one-desk"])
def test_threads_that_press_enter_together_hand_out_each_paper_once(tmp_path: Path, same_desk: bool) -> None:
    first = polling_home(tmp_path / "home")
    second = first if same_desk else reopened(tmp_path / "home", operator="op2")
    keys, together = can_vote(first, 20), threading.Barrier(2)
    said: list[list[dict[str, Any]]] = [[], []]

    def sit(number: int, desk: Desk) -> None:
        for key in keys:
            look = desk.polling.look(desk.polling.open_voter(key))
            together.wait(LONG)
            receive_all(desk, [look], said[number].append)
            together.wait(LONG)

    threads = [threading.Thread(target=sit, args=(number, desk)) for number, desk in enumerate((first, second))]
    for one in threads:
        one.start()
    for one in threads:
        one.join(LONG)
    assert [len(lines) for lines in said] == [20, 20]
    assert [len(yes([one, other])) for one, other in zip(*said, strict=True)] == [1] * 20
    check(first, keys, said)
    if second is not first:
        second.close()
    first.close()


def test_what_one_desk_hands_out_the_other_sees_at_its_next_look(tmp_path: Path) -> None:
    first = polling_home(tmp_path / "home")
    second = reopened(tmp_path / "home", operator="op2")
    key = can_vote(first, 1)[0]
    old = second.polling.look(second.polling.open_voter(key))
    assert old.examined.stop is None
    first.polling.receive(first.polling.look(first.polling.open_voter(key)), CHOICE)
    new = second.polling.look(second.polling.open_voter(key))
    assert new.examined.stop is not None and new.examined.stop.code == "E-VOTED"
    assert second.polling.turnout()[1].receptions("E1", noon().date().isoformat()) == 1
    with pytest.raises(Refusal):
        second.polling.receive(old, CHOICE)
    second.close()
    first.close()


def test_a_desk_that_was_killed_opens_again_and_goes_on(tmp_path: Path) -> None:
    """Everything that was acknowledged is there after SIGKILL; the next number follows."""
    home = tmp_path / "home"
    desk = polling_home(home)
    keys = can_vote(desk, 4)
    desk.polling.receive(desk.polling.look(desk.polling.open_voter(keys[0])), CHOICE)
    desk.close()
    context = multiprocessing.get_context("spawn")
    nobody = context.Barrier(1)
    alone = context.Process(target=work, args=(str(home), noon().isoformat(), keys[1:] * 40, 0, nobody))
    alone.start()
    end = time.monotonic() + LONG
    while len(yes(said_by(home, 0))) < 3 and alone.is_alive() and time.monotonic() < end:
        alone.join(0.01)
    alone.kill()
    alone.join(LONG)
    said = said_by(home, 0)
    desk = reopened(home)
    check(desk, keys, [said])
    assert len(yes(said)) == 3
    desk.close()
