"""`sanjo-tui doctor`: each fault on its line, with its cure, whatever else is broken."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.commands import doctor
from sanjo_tui.documents import fonts
from sanjo_tui.station import fixtures
from tests import desk as desks

Captured = pytest.CaptureFixture[str]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A drill station with the built-in reader: everything but the register is in order."""
    here, prints = tmp_path / "home", tmp_path / "prints"
    prints.mkdir()
    desk = desks.desk(here, built_in_reader=True, printer=f"folder:{prints}")
    stations.write(desk.station)
    desk.close()
    shutil.copy(fixtures() / "cards" / "profiles.toml", desk.station.profiles)
    return here


def examined(home: Path, capsys: Captured) -> dict[str, dict[str, Any]]:
    code = main(["--home", str(home), "doctor", "--json"])
    said = json.loads(capsys.readouterr().out)
    found = {check["check"]: check for check in said["checks"]}
    assert len(found) == len(said["checks"]) and set(found) <= set(doctor.LABELS)
    broken = [check for check in found.values() if check["state"] == "broken"]
    assert (code, said["ok"]) == (1 if broken else 0, not broken)
    assert all(check["cure"] for check in found.values() if check["state"] in ("broken", "warning"))
    return found


def change(home: Path, **values: object) -> None:
    """The station with other values."""
    station = replace(stations.read(home), **values)   # type: ignore[arg-type]
    station.toml.unlink()
    stations.write(station)


def test_a_station_is_examined_from_end_to_end(home: Path, capsys: Captured) -> None:
    found = examined(home, capsys)
    assert set(found) == set(doctor.LABELS) - {"daemon"}
    for part in ("station", "profiles", "reader", "vault", "journal", "clock", "disk", "printer"):
        assert found[part]["state"] == "ok", found[part]
    assert found["headquarters"]["state"] == "unused"


def test_people_get_one_line_a_part(home: Path, capsys: Captured) -> None:
    main(["--home", str(home), "doctor"])
    lines = capsys.readouterr().out.splitlines()
    assert sum(": " in line for line in lines) == len(doctor.LABELS) - 1
    assert any(line.startswith("NG   住基: ") and " -> " in line for line in lines)


def test_without_a_station_the_machine_is_examined(tmp_path: Path, capsys: Captured) -> None:
    found = examined(tmp_path / "nowhere", capsys)
    assert found["station"]["state"] == "broken"
    assert {"disk", "fonts", "terminal"} <= set(found)


def test_a_missing_register_is_told(home: Path, capsys: Captured) -> None:
    assert "register load" in examined(home, capsys)["register"]["cure"]


def test_broken_profiles_are_told_and_the_rest_is_examined(home: Path, capsys: Captured) -> None:
    (home / "profiles.toml").write_text("[[profile]]\nid = 3\n", encoding="utf-8")
    found = examined(home, capsys)
    assert found["profiles"]["state"] == "broken"
    assert found["journal"]["state"] == "ok"


def test_a_damaged_journal_is_told(home: Path, capsys: Captured) -> None:
    data = bytearray((home / "journal.db").read_bytes())
    data[5000:5040] = os.urandom(40)
    (home / "journal.db").write_bytes(data)
    assert examined(home, capsys)["journal"]["state"] == "broken"


def test_a_missing_vault_leaves_the_rest_unseen(home: Path, capsys: Captured) -> None:
    (home / "vault.toml").unlink()
    found = examined(home, capsys)
    assert found["register"]["state"] == found["journal"]["state"] == "warning"


@pytest.mark.parametrize(("free", "state"), [(100, "broken"), (500, "warning"), (5000, "ok")])
def test_disk(home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    real = shutil.disk_usage(home)
    monkeypatch.setattr(doctor.shutil, "disk_usage", lambda _: real._replace(free=free * 1_000_000))
    assert examined(home, capsys)["disk"]["state"] == state


@pytest.mark.parametrize(("printer", "state"), [
    ("", "warning"), ("folder:/nowhere/at/all", "broken"), ("ipp://127.0.0.1:9/ipp", "broken"), ("lpt1", "broken"),
])
def test_printer(home: Path, capsys: Captured, printer: str, state: str) -> None:
    change(home, printer=printer)
    assert examined(home, capsys)["printer"]["state"] == state


@pytest.mark.parametrize(("where", "state"), [
    ("", "warning"), ("home/copy", "broken"), ("gone", "broken"), ("prints", "warning"),
])
def test_second_medium(home: Path, tmp_path: Path, capsys: Captured, where: str, state: str) -> None:
    change(home, backup_dir=str(tmp_path / where) if where else "")
    assert examined(home, capsys)["second_medium"]["state"] == state


@pytest.mark.parametrize(("state", "advice", "level"), [
    (("", "", ()), "フォントを入れてください。", "broken"),
    (("明朝", "ゴシック", ()), "IPAmj明朝を入れてください。", "warning"),
    (("明朝", "ゴシック", ("IPAmj明朝",)), "", "ok"),
])
def test_fonts(home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch, state: tuple[str, str, tuple[str, ...]],
               advice: str, level: str) -> None:
    monkeypatch.setattr(fonts, "state", lambda: fonts.FontState(*state, advice))
    assert examined(home, capsys)["fonts"]["state"] == level


def test_the_linux_console_is_told(home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "linux")
    assert examined(home, capsys)["terminal"]["state"] == "warning"


@pytest.mark.parametrize(("sentence", "broken"), [
    ("読取サービス停止", "daemon"), ("読取部品なし", "daemon"), ("読取の許可なし", "daemon"),
    ("リーダーなし", "reader"),
])
def test_what_the_watcher_says_is_what_doctor_says(home: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch,
                                                   sentence: str, broken: str) -> None:
    from sanjo_tui.cards import reader
    from sanjo_tui.cards.facts import Readers

    monkeypatch.setattr(reader.PcscReader, "_run", lambda self: self._tell(Readers(False, (), sentence)))
    change(home, built_in_reader=False)
    assert examined(home, capsys)[broken]["state"] == "broken"


def test_every_sentence_of_the_watcher_has_a_cure() -> None:
    from sanjo_tui.cards import reader

    assert set(doctor.CURES) == {reader.NO_READER, reader.NO_DAEMON, reader.NOT_ALLOWED, reader.NO_LIBRARY,
                                 reader.BROKEN}
