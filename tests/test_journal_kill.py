"""SIGKILL at any moment, several processes at one journal: what was acknowledged is there, once, in a whole chain."""

from __future__ import annotations

import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sanjo_tui.journal.events import Claim
from tests.journal_ground import TRAILS, create, kept_of, put, reopen

GROUND = Path(__file__).with_name("journal_ground.py")
ROOT = GROUND.parent.parent


def start(*arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "tests.journal_ground", *arguments], cwd=ROOT,
                            stdout=subprocess.PIPE)


def kill_rounds(home: Path, rounds: int, seed: int) -> tuple[int, int]:
    """Acknowledged events and rounds in which more was stored than acknowledged. Everything else is asserted."""
    create(home).close()
    chosen, acknowledged, beyond = random.Random(seed), {}, 0
    for _ in range(rounds):
        writer = start(str(home))
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(chosen.randrange(1, 12))]
        pause = threading.Event()
        pause.wait(chosen.random() * 0.02)      # not a synchronisation: the random moment of the kill
        writer.kill()
        lines += writer.stdout.read().split(b"\n")
        writer.wait(30)
        for line in lines:
            if len(parts := line.split()) == 2 and (len(parts[1]) == 64 or parts[1] == b"-"):
                acknowledged[int(parts[0])] = parts[1].decode()
        journal = reopen(home)
        with journal.view() as view:
            stored = {row.seq: row.hash.hex() for row in view.rows()}
            last = view.last()
        assert acknowledged.keys() <= stored.keys()
        assert all(mark in ("-", stored[seq]) for seq, mark in acknowledged.items())
        assert last is not None and last.seq == max(stored) >= max(acknowledged)
        beyond += max(stored) > max(acknowledged)
        assert journal.verify().count == max(stored)
        before = kept_of(journal)
        journal.rebuild()
        assert kept_of(journal) == before
        journal.close()
    return len(acknowledged), beyond


def test_ten_kills_lose_nothing(tmp_path: Path) -> None:
    acknowledged, _ = kill_rounds(tmp_path, 10, seed=3)
    assert acknowledged >= 10


@pytest.mark.slow
def test_two_hundred_kills_lose_nothing(tmp_path: Path) -> None:
    acknowledged, _ = kill_rounds(tmp_path, 200, seed=7)
    assert acknowledged >= 200


def test_a_log_left_by_a_kill_is_not_harmed_by_the_wrong_keys(tmp_path: Path) -> None:
    create(tmp_path).close()
    writer = start(str(tmp_path))
    assert writer.stdout is not None
    for _ in range(20):
        writer.stdout.readline()
    writer.kill()
    writer.communicate(timeout=30)
    assert (tmp_path / "journal.db-wal").stat().st_size
    vault = (tmp_path / "vault.toml").read_text()
    (tmp_path / "vault.toml").write_text(vault.replace('drill_key = "', 'drill_key = "00').replace('00"', '"', 1))
    broken = (tmp_path / "vault.toml").read_text()
    assert broken != vault
    with pytest.raises(Exception, match="鍵"):
        reopen(tmp_path)
    (tmp_path / "vault.toml").write_text(vault)
    journal = reopen(tmp_path)
    assert journal.verify().count >= 20
    journal.close()


def test_six_processes_race_for_the_same_claims(tmp_path: Path) -> None:
    journal = create(tmp_path)
    put(journal, "before", "1")
    desks = [start(str(tmp_path), "race", str(desk), "60") for desk in range(6)]
    for n in range(20):
        put(journal, "beside", str(n))          # the desk goes on recording meanwhile
    won = [int(desk.communicate(timeout=120)[0]) for desk in desks]
    assert [desk.returncode for desk in desks] == [0] * 6
    assert sum(won) == 60
    with journal.view() as view:
        assert view.count(kinds=("test.taken",)) == 60
        assert all(view.holder(Claim("test", str(n))) for n in range(60))
        assert len(view.record_of(TRAILS, "", "beside").values) == 20
    assert journal.verify().count == 81
    journal.close()
