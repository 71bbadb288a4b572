"""The command line: options anywhere, one Japanese sentence for every mistake, exit codes 0, 1 and 2."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sanjo_tui import __main__, __version__, log
from sanjo_tui.__main__ import main
from sanjo_tui.commands import COMMANDS
from sanjo_tui.commands.context import Context, as_json, read_passphrase
from sanjo_tui.commands.usage import Options, take_common
from sanjo_tui.errors import VaultError
from sanjo_tui.station import build

Captured = pytest.CaptureFixture[str]


def complaint(capsys: Captured, *line: str, code: int = 2) -> str:
    """The sentence on standard error; nothing else is written anywhere."""
    assert main(line) == code
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1 and "Traceback" not in err
    return err


@pytest.mark.parametrize("line", [
    ["--home", "H", "--drill", "--json", "--passphrase-file", "P", "register", "find", "-"],
    ["register", "--home", "H", "find", "--drill", "-", "--json", "--passphrase-file", "P"],
    ["register", "find", "-", "--home=H", "--json", "--drill", "--passphrase-file=P"],
])
def test_common_options_stand_anywhere(line: list[str]) -> None:
    options, rest = take_common(line)
    assert options == Options(home="H", drill=True, passphrase_file="P", json=True)
    assert rest == ["register", "find", "-"]


def test_other_options_keep_their_place() -> None:
    _, rest = take_common(["init", "--lg-code", "152048", "--json", "--place", "嵐南 小学校", "--no-input"])
    assert rest == ["init", "--lg-code", "152048", "--place", "嵐南 小学校", "--no-input"]


@pytest.mark.parametrize(("line", "said"), [
    (["bath"], "bath という命令はありません"), (["--hom", "x"], "--hom"), (["--home"], "--home には値が要ります"),
    (["--json=1", "init"], "--json"), (["init", "--colour"], "--colour は使えません"),
    (["init", "--capacity", "many"], "--capacity の値 'many' は正しくありません"),
    (["init", "--reception", "bath"], "--reception の 'bath' は使えません"), (["init", "here"], "here は使えません"),
    (["init", "--no-input"], "--lg-code を指定してください"),
])
def test_wrong_usage_is_one_japanese_sentence(capsys: Captured, line: list[str], said: str) -> None:
    assert said in complaint(capsys, *line)


def test_errors_of_a_station_end_with_1(capsys: Captured, tmp_path: Path) -> None:
    assert "sanjo-tui init" in complaint(capsys, "--home", str(tmp_path), code=1)


def test_screens_need_a_terminal(capsys: Captured, tmp_path: Path) -> None:
    (tmp_path / "station.toml").write_text(
        'lg_code = "152048"\nmunicipality = "三条市"\ncode = "A1"\nplace = "嵐南小学校"\n', encoding="utf-8")
    assert "端末" in complaint(capsys, "--home", str(tmp_path), code=1)


@pytest.mark.parametrize("line", [["--help"], ["-h"], ["help"], ["--home", "x", "--help"]])
def test_help_names_every_command(capsys: Captured, line: list[str]) -> None:
    assert main(line) == 0
    out = capsys.readouterr().out
    assert all(f"  {name}" in out for name in COMMANDS)
    assert "--passphrase-file" in out


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_explains_itself_in_japanese(capsys: Captured, name: str) -> None:
    assert main([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert out.startswith(f"使い方: sanjo-tui {name}")
    assert "usage:" not in out and "options:" not in out and "show this help" not in out


def test_version(capsys: Captured) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"sanjo-tui {__version__}\n"


def test_the_unforeseen_is_a_sentence_and_a_line_in_the_log(
        capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def fall(_: object, __: object) -> int:
        log.start(tmp_path)
        raise KeyError("三条 花子 99900000001")

    monkeypatch.setattr("sanjo_tui.commands.init.run", fall)
    said = complaint(capsys, "init", code=1)
    written = (tmp_path / "sanjo-tui.log").read_text(encoding="ascii")
    for text in (said, written):
        assert "KeyError" in text and "test_commands_usage.py" in text
        assert "花子" not in text and "99900000001" not in text


def test_a_reader_that_went_away_is_no_error(tmp_path: Path) -> None:
    done = subprocess.run(f'"{sys.executable}" -m sanjo_tui --help | true', shell=True, capture_output=True, text=True,
                          timeout=60, check=True)
    assert "Traceback" not in done.stderr


def test_a_console_without_japanese_still_gets_an_answer() -> None:
    done = subprocess.run([sys.executable, "-m", "sanjo_tui", "bath"], capture_output=True, timeout=60, check=False,
                          env={"PYTHONIOENCODING": "ascii", "PATH": ""})
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr and b"bath" in done.stderr


def test_the_linux_console_is_warned_in_ascii(
        capsys: Captured, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import screens.app

    started: list[str] = []
    monkeypatch.setenv("TERM", "linux")
    monkeypatch.delenv("TEXTUAL_DISABLE_KITTY_KEY", raising=False)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    monkeypatch.setattr(screens.app, "run", lambda *_: started.append(os.environ["TEXTUAL_DISABLE_KITTY_KEY"]) or 0)
    station = build(tmp_path, {"lg_code": "152048", "municipality": "三条市", "code": "A1", "place": "嵐南小学校"})
    assert __main__.open_screens(station, None) == 0
    log.stop()
    assert started == ["1"]
    assert capsys.readouterr().err.isascii()


# --- what goes out


def test_json_is_one_document_and_people_hear_nothing(capsys: Captured) -> None:
    context = Context(Options(json=True), lambda *_: 0)
    context.say("受付しました")
    context.emit({"place": "嵐南小学校", "path": Path("a"), "set": {2, 1}})
    assert json.loads(capsys.readouterr().out) == {"place": "嵐南小学校", "path": "a", "set": [1, 2]}


def test_without_json_only_people_are_spoken_to(capsys: Captured) -> None:
    context = Context(Options(), lambda *_: 0)
    context.emit({"place": 1})
    context.say("受付しました")
    assert capsys.readouterr().out == "受付しました\n"


def test_json_stays_json_where_the_output_is_not_utf8(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", open("/dev/null", "w", encoding="cp932"))   # noqa: SIM115, PTH123
    assert json.loads(as_json({"name": "𠮷田"})) == {"name": "𠮷田"}
    assert as_json({"name": "𠮷田"}).isascii()


# --- the passphrase


@pytest.mark.parametrize(("content", "passphrase"), [
    (b"open sesame\n", "open sesame"), (b"open sesame", "open sesame"),
    (b"open sesame\r\nfor the desk\r\n", "open sesame"),
    ("\ufeff合言葉 です\n".encode(), "合言葉 です"), (b"  spaces stay  \n", "  spaces stay  "),
])
def test_the_passphrase_is_the_first_line(tmp_path: Path, content: bytes, passphrase: str) -> None:
    (tmp_path / "p").write_bytes(content)
    assert read_passphrase(tmp_path / "p") == passphrase


@pytest.mark.parametrize("content", [b"", b"\n", b"\nsecond line\n", b"\xff\xfe\n", None])
def test_a_file_without_a_passphrase_is_told(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "p").write_bytes(content)
    with pytest.raises(VaultError):
        read_passphrase(tmp_path / "p")


# --- the log


def test_the_log_takes_numbers_and_codes_only(tmp_path: Path) -> None:
    log.start(tmp_path / "log")
    log.ROOTS[0].warning("card %s of %s refused SW %s\nsecond line", "3210987654321", "佐藤 花子", "6A82")
    log.stop()
    text = (tmp_path / "log" / "sanjo-tui.log").read_text(encoding="ascii")
    assert text.count("\n") == 1
    assert "6A82" in text and "4321" in text
    assert "3210987654321" not in text and "佐藤" not in text


def test_a_log_that_cannot_be_written_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("")
    log.start(tmp_path / "log")
    log.ROOTS[0].warning("still here")
    log.stop()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_log_on_a_full_disk_says_nothing_on_the_terminal(tmp_path: Path, capsys: Captured) -> None:
    (tmp_path / "sanjo-tui.log").symlink_to("/dev/full")
    log.start(tmp_path)
    log.ROOTS[0].warning("no room")
    log.stop()
    assert capsys.readouterr() == ("", "")
