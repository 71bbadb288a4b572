"""Opening and locking: wrong tries are slowed and counted, both are events, and no key outlives the lock."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.desk import Desk, locking
from sanjo_tui.errors import JournalError, VaultError
from sanjo_tui.station import Station
from tests.locked_station import PASSPHRASE, SNAPSHOT, opened, station_at

ROOT = Path(__file__).parent.parent


class Clocks:
    """A wall clock and seconds that a test moves."""

    def __init__(self) -> None:
        self.wall, self.ticks = 1_764_000_000_000, 100.0

    def pass_(self, seconds: float) -> None:
        self.wall += int(seconds * 1000)
        self.ticks += seconds

    def door(self, home: Path) -> locking.Door:
        return locking.Door(home, lambda: self.wall, lambda: self.ticks)


@pytest.fixture
def clocks() -> Clocks:
    return Clocks()


@pytest.fixture
def here(tmp_path: Path) -> Station:
    return station_at(tmp_path / "home")


def events(desk: Desk, kind: str) -> list[dict[str, object]]:
    with desk.journal.view() as view:
        return [asdict(recorded.event) for recorded in view.events(kinds=(kind,))]


def test_the_wait_grows_and_never_beyond_a_minute() -> None:
    assert [locking.delay(n) for n in range(10)] == [0, 0, 0, 2, 4, 8, 16, 32, 60, 60]
    assert locking.delay(10**9) == 60


def test_wrong_tries_are_slowed_counted_and_told_when_it_opens(here: Station, clocks: Clocks) -> None:
    door = clocks.door(here.home)
    for _ in range(3):
        with pytest.raises(VaultError, match="パスフレーズが違います"):
            opened(here, door, "ちがう")
    with pytest.raises(VaultError, match="あと 2 秒"):
        opened(here, door, PASSPHRASE)
    clocks.pass_(2)
    last = clocks.wall - 2000
    desk = opened(here, door, PASSPHRASE)
    assert events(desk, "station.unlocked") == [
        {"subject": "A1", "scope": "", "slot": "passphrase", "failed": 3, "last_failed_ms": last}]
    assert not (here.home / locking.FILE).exists()
    assert door.wait == 0
    locking.close_desk(desk, "key")


def test_a_restart_does_not_take_the_wait_away(here: Station, clocks: Clocks) -> None:
    for _ in range(5):
        clocks.door(here.home).refused()
    assert (here.home / locking.FILE).read_bytes() == f"5 {clocks.wall}\n".encode()
    assert (here.home / locking.FILE).stat().st_mode & 0o077 == 0
    clocks.pass_(3)
    assert clocks.door(here.home).wait == pytest.approx(5)


@given(failed=st.integers(0, 10**6), wall=st.integers(-10**12, 10**12), waited=st.floats(0, 200))
def test_no_clock_shuts_anybody_out(tmp_path_factory: pytest.TempPathFactory, failed: int, wall: int,
                                    waited: float) -> None:
    home = tmp_path_factory.mktemp("door")
    clocks = Clocks()
    (home / locking.FILE).write_text(f"{failed} {clocks.wall}")
    clocks.wall += wall                                      # set back or forward, by years
    door = clocks.door(home)
    assert 0 <= door.wait <= locking.LONGEST
    clocks.pass_(waited)
    assert door.wait <= max(0.0, locking.LONGEST - waited) + 0.001


@pytest.mark.parametrize("nonsense", [b"", b"x", b"1 2 3", b"\xff", b"nan 1", b"-5 1"])
def test_a_file_that_makes_no_sense_slows_and_does_not_stop(tmp_path: Path, clocks: Clocks, nonsense: bytes) -> None:
    (tmp_path / locking.FILE).write_bytes(nonsense)
    door = clocks.door(tmp_path)
    clocks.pass_(locking.LONGEST)
    door.knock()
    door.opened()
    assert door.failed == locking.Failed()


def test_a_home_that_cannot_be_written_still_slows(tmp_path: Path, clocks: Clocks) -> None:
    door = clocks.door(tmp_path / "absent")
    for _ in range(4):
        door.refused()
    assert door.wait == 4


def test_a_broken_vault_is_no_wrong_try(here: Station, clocks: Clocks) -> None:
    here.vault.write_text("format = 1", encoding="utf-8")
    with pytest.raises(VaultError, match="壊れて"):
        opened(here, clocks.door(here.home), PASSPHRASE)
    assert clocks.door(here.home).failed.count == 0


@pytest.mark.parametrize("why", ["key", "idle", "card", "closed"])
def test_locking_is_recorded_and_ends_everything(here: Station, clocks: Clocks, why: str) -> None:
    desk = opened(here, clocks.door(here.home), PASSPHRASE)
    keys = desk.keys
    locking.close_desk(desk, why)
    for ask in (lambda: keys.file_key("journal"), lambda: keys.chain_key, lambda: keys.token_key("a", "b"),
                lambda: keys.make_scope_key("E1")):
        with pytest.raises((VaultError, JournalError)):
            ask()
    with pytest.raises(JournalError):
        desk.mark()
    again = opened(here, clocks.door(here.home), PASSPHRASE)
    assert [event["why"] for event in events(again, "station.locked")] == [why]
    assert again.journal.verify().count == 3
    locking.close_desk(again, "closed")


def test_a_journal_that_cannot_be_written_is_locked_all_the_same(
        here: Station, clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = opened(here, clocks.door(here.home), PASSPHRASE)

    def full(*_: object) -> None:
        raise JournalError("受付記録に書けません。", "紙で受け付けてください。", detail="full")

    with monkeypatch.context() as patch:
        patch.setattr(Desk, "log", full)
        locking.close_desk(desk, "key")
    with pytest.raises(VaultError):
        desk.keys.file_key("journal")


def test_what_is_not_recorded_is_not_opened(here: Station, clocks: Clocks, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []

    def full(desk: Desk, *_: object) -> None:
        kept.append(desk)
        raise JournalError("受付記録に書けません。", "紙で受け付けてください。", detail="full")

    monkeypatch.setattr(Desk, "log", full)
    with pytest.raises(JournalError):
        opened(here, clocks.door(here.home), PASSPHRASE)
    with pytest.raises(VaultError):
        kept[0].keys.file_key("journal")


def test_opening_forbids_core_dumps_and_looks_into_memory(here: Station, clocks: Clocks) -> None:
    desk = opened(here, clocks.door(here.home), PASSPHRASE)
    assert resource.getrlimit(resource.RLIMIT_CORE)[0] == 0
    ctypes = pytest.importorskip("ctypes")
    assert ctypes.CDLL(None).prctl(3, 0, 0, 0, 0) == 0       # PR_GET_DUMPABLE
    locking.close_desk(desk, "closed")


def test_a_drill_opens_without_a_secret_and_counts_nothing(tmp_path: Path, clocks: Clocks) -> None:
    here = station_at(tmp_path / "home", drill=True)
    for _ in range(9):
        clocks.door(here.home).refused()
    desk = opened(here, clocks.door(here.home), "")
    assert events(desk, "station.unlocked")[0]["slot"] == "drill"
    locking.close_desk(desk, "closed")


def test_free_memory_is_overwritten_in_a_moment() -> None:
    locking.scrub()


# --- memory, in a process of its own: here the test's own frames would be found


def found(scene: str, folder: Path) -> dict[str, dict[str, int]]:
    done = subprocess.run([sys.executable, "-m", "tests.locked_memory", scene, str(folder)], cwd=ROOT,
                          capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    told: dict[str, dict[str, int]] = json.loads(done.stdout.splitlines()[-1])
    return told


def test_after_locking_no_live_object_holds_a_key(tmp_path: Path) -> None:
    told = found("desk", tmp_path)
    assert {"master", "chain", "journal", f"register/{SNAPSHOT}"} <= set(told["before"]), "the search itself finds"
    assert any(name.startswith("scope ") for name in told["before"])
    assert told["after"] == {}


def test_after_locking_no_live_object_holds_the_key_of_a_roll(tmp_path: Path) -> None:
    told = found("polling", tmp_path)
    assert any(name.startswith("roll/") for name in told["before"]), "the search itself finds"
    assert told["after"] == {}


def test_after_locking_the_screens_hold_neither_a_key_nor_a_name(tmp_path: Path) -> None:
    told = found("screens", tmp_path)
    assert {"master", "chain", "journal", f"register/{SNAPSHOT}"} <= set(told["before"]), "the search itself finds"
    assert (told["after"], told["again"], told["names"]) == ({}, {}, {})
