"""`sanjo-tui shelter`: the episode and every paper of it, as a command, a file and one JSON document."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.commands.shelter import DOCUMENTS
from sanjo_tui.desk.papers import FORMS
from sanjo_tui.receptions.lookups import ListMade
from tests import desk as desks

Captured = pytest.CaptureFixture[str]
NEEDS_NOBODY = ("roster", "unconfirmed", "report", "blanks", "leave", "pets", "cars", "supplies", "requests",
                "departures")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A drill station whose shelter is open, with the Sato family of three in it."""
    here = tmp_path / "home"
    desk = desks.desk(here)
    stations.write(desk.station)
    desk.shelter.open_shelter("20261124", "大雨")
    opened = desks.opened(*desks.FAMILY)
    look = desk.shelter.look(opened)
    desk.shelter.admit(look, [line.key for line in look.members])
    desk.close()
    return here


def asked(capsys: Captured, home: Path, *line: str) -> Any:
    """The one JSON document of a command that succeeds."""
    assert main(["--home", str(home), "--json", "shelter", *line]) == 0
    return json.loads(capsys.readouterr().out)


def test_every_document_is_a_command() -> None:
    assert set(DOCUMENTS) | {"posting"} == set(FORMS)


def test_opening_twice_is_one_episode(tmp_path: Path, capsys: Captured) -> None:
    desk = desks.desk(tmp_path / "home")
    stations.write(desk.station)
    desk.close()
    first = asked(capsys, tmp_path / "home", "open", "--name", "大雨")
    assert first["open"] and first["disaster_name"] == "大雨"
    assert asked(capsys, tmp_path / "home", "open") == first


def test_status_counts(home: Path, capsys: Captured) -> None:
    said = asked(capsys, home, "status")
    assert said["open"] and said["counts"]["inside"] == 3 and said["counts"]["households"] == 1
    assert main(["--home", str(home), "shelter", "status"]) == 0
    assert "入所3人" in capsys.readouterr().out


def test_the_roster_as_json_is_complete(home: Path, capsys: Captured) -> None:
    said = asked(capsys, home, "roster")
    assert [row["name"] for row in said["rows"]] == ["佐藤　太郎", "佐藤　花子", "佐藤　次郎"]
    assert said["form"] == "roster" and said["drill"] is True


def test_the_posting_edition_names_only_those_who_agreed(home: Path, capsys: Captured) -> None:
    assert asked(capsys, home, "roster", "--edition", "posting")["rows"] == []
    desk = desks.desk(home)
    desk.shelter.supplement("2", {"disclose_public": True})
    desk.close()
    assert [row["name"] for row in asked(capsys, home, "roster", "--edition", "posting")["rows"]] == ["佐藤　花子"]


def test_csv_goes_to_standard_output_by_default(home: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert main(["--home", str(home), "shelter", "roster"]) == 0
    rows = list(csv.DictReader(io.StringIO(capfdbinary.readouterr().out.decode(), newline="")))
    assert [row["name"] for row in rows] == ["佐藤　太郎", "佐藤　花子", "佐藤　次郎"]


@pytest.mark.parametrize("form", NEEDS_NOBODY)
@pytest.mark.parametrize("style", ["csv", "json", "pdf"])
def test_every_list_in_every_format(home: Path, tmp_path: Path, capsys: Captured, form: str, style: str) -> None:
    said = asked(capsys, home, form, "--out", str(tmp_path / f"page.{style}"))
    data = (tmp_path / f"page.{style}").read_bytes()
    assert said["format"] == style
    assert data.startswith(b"%PDF") if style == "pdf" else data.decode()
    if style == "pdf":
        assert said["pages"] >= 1
    if style == "json":
        assert json.loads(data)["form"] == form
    assert (tmp_path / f"page.{style}").stat().st_mode & 0o077 == 0
    assert not list(tmp_path.glob(".page*"))


def test_the_sheets_of_a_household(home: Path, tmp_path: Path, capsys: Captured) -> None:
    number = asked(capsys, home, "roster")["rows"][0]["registration_no"]
    assert asked(capsys, home, "tag", number)["tickets"][0]["people"] == 3
    assert asked(capsys, home, "card", "77")["registration_no"] == number
    assert main(["--home", str(home), "shelter", "card", "77", "--out", str(tmp_path / "card.pdf")]) == 0
    assert (tmp_path / "card.pdf").read_bytes().startswith(b"%PDF")
    capsys.readouterr()
    assert main(["--home", str(home), "shelter", "handover", "77"]) == 1
    assert "要配慮" in capsys.readouterr().err


def test_a_sheet_is_no_table(home: Path, capsys: Captured) -> None:
    assert main(["--home", str(home), "shelter", "card", "77", "--format", "csv"]) == 2
    assert "--format pdf" in capsys.readouterr().err


def test_reports_are_numbered_and_can_be_made_again(home: Path, capsys: Captured) -> None:
    first, second = asked(capsys, home, "report"), asked(capsys, home, "report")
    assert (first["number"], second["number"]) == (1, 2)
    assert second["previous"] == first["figures"]
    again = asked(capsys, home, "report", "--number", "1")
    assert (again["number"], again["figures"]) == (1, first["figures"])
    assert main(["--home", str(home), "shelter", "report", "--number", "9"]) == 1


def test_blank_forms_reserve_their_numbers(home: Path, capsys: Captured) -> None:
    one = asked(capsys, home, "blanks", "--count", "3")["numbers"]
    two = asked(capsys, home, "blanks", "--count", "3")["numbers"]
    assert len({*one, *two}) == 6
    assert main(["--home", str(home), "shelter", "blanks", "--count", "0"]) == 2


def test_names_on_a_list_are_logged_first(home: Path, capsys: Captured) -> None:
    asked(capsys, home, "roster")
    desk = desks.desk(home)
    with desk.journal.view() as view:
        made = [recorded.event for recorded in view.events(kinds=(ListMade.kind,))]
    desk.close()
    assert made[-1].form == "roster" and made[-1].rows == 3


def test_closing_names_those_who_are_still_inside(home: Path, capsys: Captured) -> None:
    assert main(["--home", str(home), "shelter", "close"]) == 1
    assert "3" in capsys.readouterr().err
    assert not asked(capsys, home, "close", "--transfer", "--reason", "統合")["open"]


def test_what_is_left_when_the_disaster_is_over(home: Path, tmp_path: Path, capsys: Captured) -> None:
    assert main(["--home", str(home), "shelter", "archive", str(tmp_path / "usb")]) == 1
    assert main(["--home", str(home), "shelter", "destroy-key", "--confirm", "20261124"]) == 1
    capsys.readouterr()
    asked(capsys, home, "close", "--transfer")
    kept = asked(capsys, home, "archive", str(tmp_path / "usb"))
    assert Path(kept["path"]).exists() and kept["phrase"]
    assert main(["--home", str(home), "shelter", "destroy-key", "--confirm", "2026"]) == 1
    capsys.readouterr()
    assert asked(capsys, home, "destroy-key", "--confirm", "20261124") == {"destroyed": "20261124"}


@pytest.mark.parametrize("form", NEEDS_NOBODY)
def test_before_the_opening_there_are_no_papers(tmp_path: Path, capsys: Captured, form: str) -> None:
    desk = desks.desk(tmp_path / "home")
    stations.write(desk.station)
    desk.close()
    assert main(["--home", str(tmp_path / "home"), "shelter", form]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("out", ["home/roster.csv", "nowhere/roster.csv"])
def test_pages_go_only_where_they_may(home: Path, tmp_path: Path, capsys: Captured, out: str) -> None:
    before = sorted(home.iterdir())
    assert main(["--home", str(home), "shelter", "roster", "--out", str(tmp_path / out)]) == 1
    assert sorted(home.iterdir()) == before
    assert "--out" in capsys.readouterr().err


def test_json_and_csv_do_not_mix_on_one_output(home: Path) -> None:
    assert main(["--home", str(home), "--json", "shelter", "roster", "--format", "csv"]) == 2
