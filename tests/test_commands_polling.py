"""`sanjo-tui polling`: the place by command, every paper as a file, and one JSON document."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.commands.polling import DOCUMENTS
from sanjo_tui.desk.polling_papers import FORMS
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import IdMethod, Oath, Via
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests import desk as desks

Captured = pytest.CaptureFixture[str]
CARD = Choice(id_method=IdMethod.CARD, via=Via.CARD, reason_code=1, oath=Oath.PRINTED)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample election, moved to today, as a file."""
    path = tmp_path_factory.mktemp("election") / "election.toml"
    today = dt.datetime.now(JST).date()
    path.write_bytes(setup.moved_to((fixtures() / "elections" / "demo.toml").read_bytes(), today))
    return path


@pytest.fixture
def home(tmp_path: Path, made: Path) -> Path:
    """A drill station that is the early place E1, with election and roll loaded by command, and open."""
    here = tmp_path / "home"
    desk = desks.desk(here, receptions=["polling"], polling_place="E1")
    stations.write(desk.station)
    desk.close()
    assert run(here, "election", "load", str(made)) == 0
    assert run(here, "election", "load", str(fixtures() / "rolls" / "demo")) == 0
    assert run(here, "polling", "open", "--clock-confirmed", "--zero-printed") == 0
    return here


@pytest.fixture
def received(home: Path) -> tuple[Path, str, str]:
    """Home, 受付番号 and 宛名番号 of one reception."""
    desk = desks.desk(home, receptions=["polling"], polling_place="E1")
    polling = desk.polling
    roll = polling.roll
    assert roll is not None
    for elector in roll.everyone():
        look = polling.look(polling.open_voter(elector.addressee_no, Via.CARD))
        if len(look.examined.papers) == 5 and not look.examined.confirm:
            receipt = polling.receive(look, CARD)
            desk.close()
            return home, receipt.reception_no, elector.addressee_no
    raise AssertionError("nobody on the sample roll may vote in all contests")


def run(home: Path, *line: str) -> int:
    return main(["--home", str(home), *line])


def asked(capsys: Captured, home: Path, *line: str) -> Any:
    capsys.readouterr()
    assert run(home, "--json", "polling", *line) == 0
    return json.loads(capsys.readouterr().out)


def test_every_document_is_a_command() -> None:
    assert {name.replace("-", "_") for name in DOCUMENTS} == set(FORMS)


def test_without_an_election_it_says_what_to_load(tmp_path: Path, capsys: Captured) -> None:
    here = tmp_path / "home"
    desk = desks.desk(here, receptions=["polling"])
    stations.write(desk.station)
    desk.close()
    assert run(here, "polling", "status") == 1
    assert "election load" in capsys.readouterr().out
    assert run(here, "polling", "balance") == 1
    assert "選挙の設定" in capsys.readouterr().err


def test_status_tells_state_and_papers(home: Path, capsys: Captured) -> None:
    said = asked(capsys, home, "status")
    assert said["state"] == "受付中" and said["place"] == "E1" and said["voters"] == 0
    assert {line["contest"] for line in said["papers"]} == {"smd", "pr", "review", "governor", "assembly"}


def test_a_wrong_count_stands_in_the_status(received: tuple[Path, str, str], capsys: Captured) -> None:
    home = received[0]
    line = asked(capsys, home, "count", "smd", "997")
    assert line["difference"] == -2
    assert asked(capsys, home, "status")["differences"]
    assert asked(capsys, home, "count", "smd", "999")["difference"] == 0
    assert not asked(capsys, home, "status")["differences"]
    assert run(home, "polling", "count", "mayor", "1") == 1


def test_every_document_as_pdf_and_as_json(received: tuple[Path, str, str], capsys: Captured, tmp_path: Path) -> None:
    home, number, key = received
    assert run(home, "polling", "report", "--time", "11:00") == 0
    more = {"declaration": [number], "slip": [number], "records": ["proxy"], "incident": [key]}
    for name in DOCUMENTS:
        if name == "closing":
            continue
        out = tmp_path / f"{name}.pdf"
        assert run(home, "polling", name, *more.get(name, []), "--out", str(out)) == 0, name
        assert out.read_bytes().startswith(b"%PDF")
        said = asked(capsys, home, name, *more.get(name, []))
        assert said["form"] == name.replace("-", "_") and said["election_id"].startswith("demo-")


def test_a_place_is_closed_and_sealed_by_command(received: tuple[Path, str, str], capsys: Captured,
                                                 tmp_path: Path) -> None:
    home = received[0]
    for line in asked(capsys, home, "status")["papers"]:
        kind = "braille" if line["paper"] == "点字" else "plain"
        assert run(home, "polling", "count", line["contest"], str(line["expected"]), "--paper", kind, "--closing") == 0
    pin = tmp_path / "pin"
    pin.write_text("3333\n")
    assert run(home, "polling", "close", "--oaths", "1") == 1
    assert run(home, "polling", "close", "--oaths", "1", "--remark", "練習", "--verifier", "J01", "--pin-file",
               str(pin)) == 0
    assert run(home, "polling", "seal", str(tmp_path / "usb")) == 0
    assert list((tmp_path / "usb").glob("*.sanjo-export"))
    assert run(home, "polling", "closing", "--out", str(tmp_path / "closing.pdf")) == 0
    assert run(home, "polling", "open", "--clock-confirmed", "--zero-printed") == 1


def test_another_place_s_journal_is_taken_in_and_named(received: tuple[Path, str, str], tmp_path: Path, made: Path,
                                                       capsys: Captured) -> None:
    there = tmp_path / "there"
    desk = desks.desk(there, receptions=["polling"], polling_place="E2", code="Z9Y8X7")
    stations.write(desk.station)
    desk.close()
    for what in (str(made), str(fixtures() / "rolls" / "demo")):
        assert run(there, "election", "load", what) == 0
    assert run(received[0], "journal", "export", str(tmp_path / "usb")) == 0
    (file,) = (tmp_path / "usb").glob("*.sanjo-export")
    assert run(there, "journal", "merge", str(file)) == 0
    assert run(there, "journal", "merge", str(file)) == 0
    merged = asked(capsys, there, "status")["merged"]
    assert [one["station"] for one in merged] == ["A1B2C3"]



def test_last_figures_add_the_votes_of_the_roll(received: tuple[Path, str, str], capsys: Captured) -> None:
    for line in asked(capsys, received[0], "final"):
        voters = [sum(numbers) for numbers in zip(line["day"], line["early"], line["absentee"], strict=True)]
        assert voters == line["voters"] and line["voters"][2] > 1 and line["rate"]
