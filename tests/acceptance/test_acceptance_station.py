"""A town makes a station with one line, opens it with another, and is never surprised by either."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.acceptance.terminal import Terminal, files_under
from tests.acceptance.town import PROFILES, Town, assert_sentence

INIT = ("init", "--lg-code", "152048", "--municipality", "三条市", "--place", "嵐南小学校", "--reception", "shelter",
        "--profiles", PROFILES)
READY = "カードをかざしてください"


@pytest.fixture
def made(tmp_path: Path, passphrase: Path) -> Town:
    """A station by the line of the guide, with nothing loaded."""
    town = Town(tmp_path / "home", passphrase)
    town.bare("--home", town.home, *INIT, "--passphrase-file", passphrase, "--no-input")
    return town


def test_one_line_makes_a_station(tmp_path: Path, passphrase: Path) -> None:
    town = Town(tmp_path / "home", passphrase)
    ran = town.bare("--home", town.home, *INIT, "--passphrase-file", passphrase, "--no-input")
    station = tomllib.loads((town.home / "station.toml").read_text(encoding="utf-8"))
    assert station["lg_code"] == "152048" and station["municipality"] == "三条市" and station["place"] == "嵐南小学校"
    assert station["receptions"] == ["shelter"] and re.fullmatch("[0-9A-Z]{6}", station["code"])
    assert re.search(r"([0-9A-Z]{4}-){7}[0-9A-Z]{4}", ran.out), "the recovery phrase is printed, once"
    assert (town.home / "profiles.toml").read_bytes() == PROFILES.read_bytes()
    for path in files_under(town.home):
        assert passphrase.read_text(encoding="utf-8").strip().encode() not in path.read_bytes()


def test_the_recovery_phrase_opens_what_the_passphrase_does(tmp_path: Path, passphrase: Path) -> None:
    made = Town(tmp_path / "home", passphrase).bare("--home", tmp_path / "home", *INIT, "--passphrase-file", passphrase,
                                                    "--no-input", "--json").document
    other = tmp_path / "envelope"
    other.write_text(made["recovery_phrase"] + "\n")
    assert Town(tmp_path / "home", other).status()["open"] is False


def test_it_opens_at_the_shelter_desk_and_one_key_opens_the_shelter(made: Town) -> None:
    with made.desk() as desk:
        screen = desk.until("まだ開設していません")
        assert "三条市" in screen and "避難所受付" in screen and "嵐南小学校" in screen
        assert READY not in screen
        desk.press("F2")
        desk.until(READY)
        assert desk.keys == 1
        assert made.status()["open"] is True
        assert desk.leave() == 0
    with made.desk() as desk:
        desk.until(READY)


def test_the_command_line_opens_the_shelter_and_the_desk_finds_it_open(made: Town) -> None:
    made.run("shelter", "open", "--name", "令和8年豪雨")
    assert made.status()["open"] is True
    with made.desk() as desk:
        desk.until(READY)


def test_a_running_desk_notices_that_the_shelter_was_opened_and_closed(made: Town) -> None:
    with made.desk() as desk:
        desk.until("まだ開設していません")
        made.run("shelter", "open")
        desk.until(READY)
        made.run("shelter", "close")
        desk.until("まだ開設していません")


def test_a_passphrase_is_typed_where_no_file_is_given(made: Town, passphrase: Path) -> None:
    with Town(made.home).desk() as desk:
        desk.until("パスフレーズを入れて Enter")
        desk.press(*"wrong", "Enter")
        told = desk.until("パスフレーズが違います").replace("\n", "").replace(" ", "")
        assert "封筒にある復旧用の合言葉を入力してください。" in told, "what to do next is there to its end"
        desk.press(*passphrase.read_text(encoding="utf-8").strip(), "Enter")
        desk.until("まだ開設していません")
        assert "正しい馬" not in desk.text()


@pytest.mark.parametrize("where", ["verdict", "search"])
def test_what_nobody_foresaw_ends_in_one_sentence_without_a_name(sample: Town, where: str) -> None:
    """A mistake in the program itself, while a name is at hand: on the event loop, and in the desk's worker."""
    sample.run("shelter", "open")
    program = f"""
import sys
from screens import shelter
from sanjo_tui.__main__ import main

def fall(self, *_):
    name = "佐藤　花子"
    raise KeyError(name)

setattr(shelter.Idle, {where!r}, fall)
sys.exit(main(sys.argv[1:]))
"""
    with Terminal([sys.executable, "-c", program, *sample.common], sample.environment) as desk:
        if where == "search":
            desk.until(READY)
            desk.type("abc")
            desk.press("Enter")
        assert desk.process.wait(20) == 1
        screen = desk.until("予期しない誤り")
        assert "KeyError" in screen and "佐藤" not in screen and "Traceback" not in screen and "locals" not in screen
    for path in files_under(sample.home / "log"):
        assert "KeyError" in path.read_text() and "佐藤" not in path.read_text()


def test_several_receptions_begin_at_home_and_enter_opens_the_first(tmp_path: Path, passphrase: Path) -> None:
    town = Town(tmp_path / "home", passphrase)
    town.bare("--home", town.home, *INIT, "--reception", "polling", "--passphrase-file", passphrase, "--no-input")
    town.run("shelter", "open")
    with town.desk() as desk:
        screen = desk.until("避難所受付")
        assert READY not in screen
        desk.press("Enter")
        desk.until(READY)


def test_options_stand_before_or_after_the_command(made: Town) -> None:
    home, secret = ("--home", made.home), ("--passphrase-file", made.passphrase)
    before = made.bare(*home, *secret, "--json", "shelter", "status").out
    assert made.bare("shelter", "status", "--json", *secret, *home).out == before
    assert made.bare("--json", "shelter", f"--home={made.home}", "status", *secret).out == before


def test_a_second_init_overwrites_nothing(made: Town) -> None:
    def contents() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in files_under(made.home) if path.suffix != ".reserve"}

    before = contents()
    ran = made.bare("--home", made.home, *INIT, "--passphrase-file", made.passphrase, "--no-input", code=1)
    assert_sentence(ran.err)
    assert ran.out == ""
    assert contents() == before


@pytest.mark.parametrize(("change", "code"), [
    (("--lg-code", "152047"), 1), (("--lg-code", "三条"), 1), (("--profiles", "/nowhere/profiles.toml"), 1),
    (("--printer", "fax:1"), 1), (("--capacity", "many"), 2), (("--reception", "bath"), 2),
])
def test_a_wrong_value_makes_no_station(tmp_path: Path, passphrase: Path, change: tuple[str, str], code: int) -> None:
    town = Town(tmp_path / "home", passphrase)
    ran = town.bare("--home", town.home, *INIT, *change, "--passphrase-file", passphrase, "--no-input", code=code)
    assert_sentence(ran.err)
    assert not town.home.exists()


def test_the_folder_printer_is_refused_inside_the_home(tmp_path: Path, passphrase: Path) -> None:
    town = Town(tmp_path / "home", passphrase)
    ran = town.bare("--home", town.home, *INIT, "--printer", f"folder:{town.home / 'prints'}",
                    "--passphrase-file", passphrase, "--no-input", code=1)
    assert_sentence(ran.err)


def test_five_digits_are_given_their_check_digit(tmp_path: Path, passphrase: Path) -> None:
    town = Town(tmp_path / "home", passphrase)
    town.bare("--home", town.home, *INIT, "--lg-code", "15204", "--passphrase-file", passphrase, "--no-input")
    assert 'lg_code = "152048"' in (town.home / "station.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("code", ["152048", '"152047"', '"15204"'])
def test_a_station_file_with_another_form_of_the_code_is_refused(made: Town, code: str) -> None:
    made.set("lg_code", code)
    made.refused("shelter", "status")


@pytest.mark.parametrize(("line", "code"), [
    (("bath",), 2), (("shelter",), 2), (("shelter", "roster", "--edition", "both"), 2), (("card", "read", "--wait"), 2),
    (("register", "load"), 2), (("register", "load", "/nowhere"), 1), (("register", "find", "佐藤"), 1),
    (("journal", "restore", "/nowhere.sanjo"), 1), (("shelter", "close"), 1), (("shelter", "roster"), 1),
])
def test_exit_codes_tell_wrong_usage_from_what_could_not_be_done(made: Town, line: tuple[str, ...], code: int) -> None:
    made.refused(*line, code=code)


@pytest.mark.parametrize("first_line", ["", "wrong", " 正しい馬 電池 ホチキス"])
def test_a_wrong_or_empty_passphrase_opens_nothing(made: Town, tmp_path: Path, first_line: str) -> None:
    wrong = tmp_path / "wrong"
    wrong.write_text(first_line + "\n", encoding="utf-8")
    Town(made.home, wrong).refused("shelter", "status")
    Town(made.home, wrong).refused("shelter", "open", "--json")


def test_only_the_first_line_of_the_file_counts(made: Town, tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    notes.write_bytes("正しい馬 電池 ホチキス\r\nこの行は説明です\r\n".encode())
    assert Town(made.home, notes).status()["open"] is False


def test_without_a_station_the_sentence_says_what_to_do(tmp_path: Path) -> None:
    ran = Town(tmp_path / "none").run("shelter", "status", code=1)
    assert_sentence(ran.err)
    assert "init" in ran.err
