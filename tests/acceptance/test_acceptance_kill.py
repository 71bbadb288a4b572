"""SIGKILL right after 受付しました: whatever was shown as recorded is there, whole, and rebuilt the same."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import threading

import pytest

from tests.acceptance.town import CHECKOUT, DEMO, IKARASHI, ISHIGURO, SATO, Town

READY, DONE = "カードをかざしてください", "受付しました"


def whole(town: Town) -> list[tuple[str, str]]:
    """The journal holds, and derived state is what its events say; gives (kind, subject) of all events."""
    assert town.json("journal", "verify")["ok"] is True
    before = town.status()
    town.run("journal", "rebuild")
    assert town.status() == before
    return [(event["kind"], event["subject"]) for event in town.json("journal", "list")["events"]]


def test_what_was_shown_as_recorded_survives_the_kill(sample: Town) -> None:
    sample.run("shelter", "open")
    people = 0
    for card, members in ((SATO, 3), (IKARASHI, 4), (ISHIGURO, 3)):
        with sample.desk() as desk:
            desk.until(READY)
            desk.scan(card)
            desk.until(f"Enter で{members}人とも入所")
            desk.press("Enter")
            desk.until(DONE)
            desk.kill()
        people += members
        assert sample.status()["counts"]["inside"] == people
        whole(sample)
    with sample.desk() as desk:
        desk.until(lambda text: READY in text and f"うち入所{people}人" in text and "3人入所" in text)


def test_a_kill_while_a_household_is_open_records_nobody(sample: Town) -> None:
    sample.run("shelter", "open")
    with sample.desk() as desk:
        desk.until(READY)
        desk.scan(SATO)
        desk.until("Enter で3人とも入所")
        desk.kill()
    assert sample.status()["counts"]["people"] == 0
    kinds = [kind for kind, _ in whole(sample)]
    assert any("look" in kind or "opened" in kind for kind in kinds), "that the record was shown is in the journal"


def kill_rounds(town: Town, rounds: int, rebuild_every: int, seed: int) -> int:
    """Kills a process that admits one resident after the other, at random moments; gives how many were shown.

    The process says a number when `admit` has returned, as the screen does; nothing else is trusted.
    """
    with (DEMO / "residents.csv").open(encoding="utf-8-sig", newline="") as file:
        living = [row["addressee_no"] for row in csv.DictReader(file) if row["resident_status"] == "1"]
    chosen, shown = random.Random(seed), set[str]()
    for number in range(rounds):
        waiting = [one for one in dict.fromkeys(living) if one not in shown]
        if len(waiting) < 20:
            town.run("shelter", "close", "--transfer")
            town.run("shelter", "open", "--disaster", f"round-{number}")
            shown, waiting = set(), list(dict.fromkeys(living))
        line = [sys.executable, "-m", "tests.acceptance.admitting", str(town.home), *waiting[:20]]
        desk = subprocess.Popen(line, cwd=CHECKOUT, env=town.environment, stdout=subprocess.PIPE)
        assert desk.stdout is not None
        said = [desk.stdout.readline() for _ in range(chosen.randrange(1, 8))]
        threading.Event().wait(chosen.random() * 0.02)          # not a synchronisation: the moment of the kill
        desk.kill()
        said += desk.stdout.read().splitlines(keepends=True)
        assert desk.wait(30) == -9
        fresh = {one.decode().strip() for one in said if one.endswith(b"\n")}
        assert fresh, "the process ended before it admitted anybody"
        shown |= fresh
        assert town.json("journal", "verify")["ok"] is True
        inside = {row["addressee_no"] for row in town.json("shelter", "roster")["rows"]}
        hidden = town.status()["counts"]["inside"] - len(inside - {""})
        assert len(shown - inside) <= hidden, shown - inside    # protected people have no number on a list
        if number % rebuild_every == 0:
            whole(town)
    return len(shown)


def test_a_few_kills_at_random_moments(sample: Town) -> None:
    sample.run("shelter", "open", "--disaster", "round")
    assert kill_rounds(sample, 4, rebuild_every=2, seed=11) >= 4


@pytest.mark.slow
def test_two_hundred_kills_at_random_moments(sample: Town) -> None:
    sample.run("shelter", "open", "--disaster", "round")
    assert kill_rounds(sample, 200, rebuild_every=10, seed=5) >= 1
