"""Full disk, read-only journal, broken snapshots: a clear sentence, exit code 1, and nothing that stood is lost."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from fixtures.broken import BROKEN, break_snapshot, odd_snapshot
from fixtures.generate import write_snapshot
from tests.acceptance.terminal import files_under
from tests.acceptance.town import SATO, Town, assert_sentence

READY, DONE, FULL = "カードをかざしてください", "受付しました", "ディスクがいっぱい"
FILLER = "somebody-elses-file"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """A small disk of its own; called again with `remount,...` it changes."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk needs root")
    place = tmp_path / "disk"
    place.mkdir()

    def mount(options: str) -> Path:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(place)], capture_output=True,
                              text=True)
        if done.returncode and "remount" not in options:
            pytest.skip(f"no small disk can be mounted here: {done.stderr.strip()}")
        assert done.returncode == 0, done.stderr
        return place

    yield mount
    subprocess.run(["umount", "-l", str(place)], capture_output=True)


def fill(folder: Path) -> None:
    """Somebody else takes all the room."""
    descriptor = os.open(folder / FILLER, os.O_WRONLY | os.O_CREAT)
    with contextlib.suppress(OSError):
        while os.write(descriptor, bytes(4096)):
            pass
    os.close(descriptor)


# --- the disk


def test_a_full_disk_stops_receptions_with_a_sentence_and_loses_nothing(
        sample: Town, disk: Callable[[str], Path]) -> None:
    place = disk("size=32m")
    town = sample.copy(place / "home")
    town.run("shelter", "open")
    with town.desk() as desk:
        desk.until(READY)
        desk.scan(SATO)
        desk.until("Enter で3人とも入所")
        desk.press("2")
        desk.until("Enter で2人入所")
        desk.press("Enter")
        desk.until(DONE)
        fill(place)
        desk.press("Esc")
        desk.until(lambda text: DONE not in text)
        desk.scan("99900000029")                            # looking somebody up still works: there is a reserve for it
        desk.until("Enter で1人入所")
        desk.press("Enter")
        screen = desk.until(FULL)
        assert "紙の受付票" in screen and DONE not in screen
        assert town.status()["counts"]["inside"] == 2
        assert FULL in town.refused("shelter", "blanks", "--count", "2")
        roster = town.json("shelter", "roster")             # the closing roster too
        assert len(roster["rows"]) == 2
        assert town.json("journal", "verify")["ok"] is True
        (place / FILLER).unlink()
        desk.press("Esc")
        desk.until(lambda text: FULL not in text)
        desk.press("Enter")
        desk.until(DONE)
    assert town.status()["counts"]["inside"] == 3
    assert town.json("journal", "verify")["ok"] is True


def test_a_full_disk_makes_no_half_station(disk: Callable[[str], Path], passphrase: Path) -> None:
    place = disk("size=4m")
    fill(place)
    ran = Town(place / "home", passphrase).run(
        "init", "--lg-code", "152048", "--municipality", "三条市", "--place", "嵐南小学校", "--no-input", code=1)
    assert_sentence(ran.err)
    assert [path.name for path in files_under(place)] == [FILLER]


def test_a_full_disk_refuses_a_new_register_and_keeps_the_old_one(
        sample: Town, disk: Callable[[str], Path], tmp_path: Path) -> None:
    place = disk("size=24m")
    town = sample.copy(place / "home")
    before = town.json("register", "status")["current"]["snapshot_id"]
    write_snapshot(tmp_path / "next", 6000, seed=1, snapshot_id="next-1")       # more than the reserve would hold
    manifest = tmp_path / "next" / "manifest.toml"
    manifest.write_text(manifest.read_text(encoding="utf-8").replace("sequence = 1", "sequence = 2"), encoding="utf-8")
    town.run("shelter", "open")
    fill(place)
    assert town.status()["open"] is True                    # the reserve lets a closed journal be opened and read
    town.refused("register", "load", tmp_path / "next")
    (place / FILLER).unlink()
    assert town.json("register", "status")["current"]["snapshot_id"] == before
    assert town.json("register", "find", SATO)["hits"]
    assert not [path for path in files_under(town.home) if path.suffix in (".tmp", ".new", ".part", ".csv")]


def test_a_journal_that_cannot_be_written_is_told_and_can_still_be_read(
        sample: Town, disk: Callable[[str], Path]) -> None:
    place = disk("size=32m")
    town = sample.copy(place / "home")
    town.run("shelter", "open")
    events = town.json("journal", "list")["count"]
    disk("remount,ro")
    for line in (("shelter", "close"), ("shelter", "blanks"), ("journal", "rebuild"), ("register", "find", SATO)):
        assert "書" in town.refused(*line)
    assert town.json("journal", "verify")["ok"] is True
    assert town.json("journal", "list")["count"] == events
    with town.desk() as desk:
        desk.until(lambda text: "書き込" in text or "書け" in text)
        assert "Traceback" not in desk.text() and DONE not in desk.text()
    disk("remount,rw")
    assert town.status()["open"] is True


def test_a_journal_that_is_no_journal_is_refused_in_words(sample: Town) -> None:
    sample.run("shelter", "open")
    journal = sample.home / "journal.db"
    data = bytearray(journal.read_bytes())
    data[5000:5200] = bytes(200)
    journal.write_bytes(data)
    assert "壊れ" in sample.refused("journal", "verify")
    sample.refused("shelter", "status")
    journal.unlink()
    sample.refused("shelter", "status")
    assert not journal.exists(), "a lost journal is never replaced by an empty one"


# --- snapshots


@pytest.fixture(scope="module")
def living(_sample: Town, tmp_path_factory: pytest.TempPathFactory) -> Town:
    """A station whose register must outlive every fault below."""
    return _sample.copy(tmp_path_factory.mktemp("living") / "home")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_snapshot_is_refused_and_the_live_register_stays(living: Town, tmp_path: Path, name: str) -> None:
    folder = break_snapshot(name, tmp_path / "broken")
    if not BROKEN[name].needs_live:
        checked = living.run("register", "check", folder, code=1)
        assert_sentence(checked.err)
    living.refused("register", "load", folder)
    status = living.json("register", "status")
    assert status["current"]["snapshot_id"] == "demo-20261120" and len(status["kept"]) == 1
    assert living.json("register", "find", SATO)["hits"][0]["name"] == "佐藤　花子"


def test_the_check_of_a_broken_snapshot_is_one_document_with_line_and_column(living: Town, tmp_path: Path) -> None:
    folder = break_snapshot("impossible-date", tmp_path / "broken")
    ran = living.run("register", "check", folder, "--json", code=1)
    error = ran.document["errors"][0]
    assert ran.document["ok"] is False
    assert (error["file"], error["column"]) == ("residents.csv", "birth_date") and error["line"] > 1 and error["rule"]


def test_yes_overrides_the_loss_and_nothing_else(sample: Town, tmp_path: Path) -> None:
    sample.refused("register", "load", break_snapshot("wrong-town", tmp_path / "town"), "--yes")
    sample.refused("register", "load", break_snapshot("wrong-hash", tmp_path / "hash"), "--yes")
    loss = break_snapshot("two-per-cent-gone", tmp_path / "loss")
    sample.refused("register", "load", loss)
    assert sample.json("register", "load", loss, "--yes")["people"] < 320
    assert sample.json("register", "rollback")["snapshot_id"] == "demo-20261120"


@pytest.mark.parametrize("name", ["cp932", "utf-16le", "end-mark", "my-number-column"])
def test_a_snapshot_that_only_looks_odd_is_loaded(tmp_path: Path, name: str) -> None:
    town = Town(tmp_path / "home")
    town.run("init", "--drill", "--lg-code", "999997", "--municipality", "サンプル市", "--place", "嵐南小学校",
             "--no-input")
    assert town.json("register", "load", odd_snapshot(name, tmp_path / "odd"))["people"] == 320
    assert town.json("register", "find", "佐藤花子")["hits"][0]["name"] == "佐藤　花子"
