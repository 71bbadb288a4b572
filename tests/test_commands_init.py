"""`sanjo-tui init`: a station whole or not at all, never over another, and its recovery phrase once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.vault import Vault

PROFILE = """
[[profile]]
id = "city"
kind = "file"
aid = "D3921000310001FF01"
ef = "0001"
length = 13
"""
SECRET = "嵐南 2026 correct"


@pytest.fixture
def given(tmp_path: Path) -> list[str]:
    """Options of a complete init."""
    (tmp_path / "p").write_text(f"{SECRET}\nsecond line\n", encoding="utf-8")
    (tmp_path / "profiles.toml").write_text(PROFILE, encoding="utf-8")
    return ["--home", str(tmp_path / "home"), "init", "--lg-code", "152048", "--municipality", "三条市",
            "--place", "嵐南小学校", "--reception", "shelter", "--profiles", str(tmp_path / "profiles.toml"),
            "--passphrase-file", str(tmp_path / "p"), "--no-input"]


def test_a_station_that_opens_with_the_passphrase_and_with_the_phrase(
        given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*given, "--json", "--capacity", "300", "--shelter-code", "S01"]) == 0
    said = json.loads(capsys.readouterr().out)
    station = stations.read(tmp_path / "home")
    assert (station.lg_code, station.municipality, station.place) == ("152048", "三条市", "嵐南小学校")
    assert (station.capacity, station.shelter_code, station.code) == (300, "S01", said["station"])
    assert station.profiles.read_text(encoding="utf-8") == PROFILE
    for secret in (SECRET, said["recovery_phrase"]):
        Desk.open(station, Vault.open(station.vault).unlock(secret)).close()


def test_the_phrase_is_printed_once_and_kept_nowhere(
        given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*given, "--json"]) == 0
    phrase = json.loads(capsys.readouterr().out)["recovery_phrase"]
    kept = b"".join(path.read_bytes() for path in (tmp_path / "home").rglob("*") if path.is_file())
    for secret in (phrase, phrase.replace("-", ""), SECRET):
        assert secret.encode() not in kept


def test_people_are_told_what_to_do_with_the_phrase(given: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(given) == 0
    assert "封筒" in capsys.readouterr().out


def test_five_digits_are_completed(given: list[str], tmp_path: Path) -> None:
    given[given.index("152048")] = "15204"
    assert main(given) == 0
    assert stations.read(tmp_path / "home").lg_code == "152048"


def test_a_second_init_changes_nothing(given: list[str], tmp_path: Path) -> None:
    assert main(given) == 0
    before = {path.name: path.read_bytes() for path in (tmp_path / "home").iterdir()}
    assert main(given) == 1
    assert {path.name: path.read_bytes() for path in (tmp_path / "home").iterdir()} == before


@pytest.mark.parametrize(("option", "value"), [
    ("--lg-code", "152049"), ("--lg-code", "1520"), ("--place", " "), ("--profiles", "nowhere.toml"),
    ("--passphrase-file", "nowhere"), ("--municipality", "123456789018"),
])
def test_what_is_refused_leaves_nothing_behind(given: list[str], tmp_path: Path, option: str, value: str) -> None:
    given[given.index(option) + 1] = value
    assert main(given) == 1
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(("more", "code"), [
    (["--station", "ABC-1"], 1), (["--capacity", "-1"], 1), (["--printer", "lpt1"], 1), (["--reception", "bath"], 2),
])
def test_wrong_additions_leave_nothing_behind(given: list[str], tmp_path: Path, more: list[str], code: int) -> None:
    assert main([*given, *more]) == code
    assert not (tmp_path / "home").exists()


def test_readable_pages_never_go_into_the_home(given: list[str], tmp_path: Path) -> None:
    assert main([*given, "--printer", f"folder:{tmp_path}/home/pages"]) == 1
    (tmp_path / "link").symlink_to(tmp_path / "home")
    assert main([*given, "--printer", f"folder:{tmp_path}/link/pages"]) == 1
    assert main([*given, "--printer", f"folder:{tmp_path}/pages"]) == 0
    assert stations.read(tmp_path / "home").printer == f"folder:{tmp_path}/pages"


def test_a_broken_profile_is_named_and_not_copied(
        given: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "profiles.toml").write_text(PROFILE.replace("length = 13", "lenght = 13"), encoding="utf-8")
    assert main(given) == 1
    assert "lenght" in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_what_stood_in_the_folder_stays_when_init_fails(
        given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "note.txt").write_text("keep")
    monkeypatch.setattr("sanjo_tui.station.write", full)
    assert main(given) == 1
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["note.txt"]


@pytest.mark.parametrize("option", ["--lg-code", "--municipality", "--place", "--passphrase-file"])
def test_nothing_is_asked_with_no_input(given: list[str], tmp_path: Path, option: str,
                                        capsys: pytest.CaptureFixture[str]) -> None:
    at = given.index(option)
    assert main(given[:at] + given[at + 2:]) == 2
    assert option in capsys.readouterr().err
    assert not (tmp_path / "home").exists()


def test_at_a_terminal_missing_values_are_asked_for(
        given: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["\n", "見附市\n"])
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("sys.stdin.readline", lambda: next(answers))
    typed = iter(["first typing", "another typing", SECRET, SECRET])
    monkeypatch.setattr("getpass.getpass", lambda _: next(typed))
    for option in ("--municipality", "--passphrase-file"):
        at = given.index(option)
        del given[at:at + 2]
    assert main(given[:-1]) == 0
    station = stations.read(tmp_path / "home")
    assert station.municipality == "見附市"
    Vault.open(station.vault).unlock(SECRET)


def test_a_drill_needs_no_secret(given: list[str], tmp_path: Path) -> None:
    at = given.index("--passphrase-file")
    assert main([*given[:at], "--no-input", "--drill"]) == 0
    station = stations.read(tmp_path / "home")
    assert station.drill
    Desk.open(station, Vault.open(station.vault).unlock("")).close()


def test_live_and_drill_stand_side_by_side(given: list[str], tmp_path: Path) -> None:
    assert main(given) == 0
    assert main([*given, "--drill"]) == 0
    assert not stations.read(tmp_path / "home").drill
    assert stations.read(tmp_path / "home-drill").drill
