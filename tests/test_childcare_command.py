"""`sanjo-tui childcare`, as IT and a timer call it: JSON documents, sentences, exit codes, nothing half done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.station import fixtures
from tests import childcare_ground as ground

SAMPLE = fixtures() / "childcare"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    desk = ground.hall(tmp_path / "home")
    stations.write(desk.station)
    (desk.station.home / "profiles.toml").write_bytes((fixtures() / "cards" / "profiles.toml").read_bytes())
    ground.apply(desk)
    desk.childcare.take_photo(ground.FATHER, ground.picture(tmp_path))
    desk.close()
    return desk.station.home


def run(home: Path, *words: str) -> int:
    try:
        return main(["--home", str(home), *words])
    finally:
        log.stop()


def test_the_sample_is_good_and_said_to_be_a_sample(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "childcare", "check", str(SAMPLE), "--json") == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"] and document["children"] == 3 and document["shops"] == 10 and document["sample"] is True
    assert run(home, "childcare", "load", str(SAMPLE)) == 0
    out, err = capsys.readouterr()
    assert "見本 未確認" in out and "架空です" in err and "confirmed_on" in err


def test_a_broken_folder_is_refused_whole(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    bad = tmp_path / "bad"
    bad.mkdir()
    text = (SAMPLE / "childcare.toml").read_text(encoding="utf-8")
    (bad / "childcare.toml").write_text(text.replace("age = 18", "age = 0"), encoding="utf-8")
    (bad / "shops.csv").write_text("shop_id,name\nS1,x\n", encoding="utf-8")
    assert run(home, "childcare", "check", str(bad), "--json") == 1
    out, err = capsys.readouterr()
    errors = json.loads(out)["errors"]
    assert any("行目 [rule] age" in one for one in errors) and any("shops.csv に category" in one for one in errors)
    assert "直すまで読み込めません" in err
    assert run(home, "childcare", "load", str(bad)) == 1
    assert run(home, "childcare", "status", "--json") == 0
    assert json.loads(capsys.readouterr().out.split("\n", 0)[0])["age"] == 18
    assert run(home, "childcare", "check", str(tmp_path / "none")) == 1


def test_cards_for_the_printer_and_what_is_counted(home: Path, tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "out"
    out.mkdir()
    assert run(home, "childcare", "cards", "--out", str(out), "--json") == 0
    batch = json.loads(capsys.readouterr().out)
    assert batch["cards"] == 1 and all(Path(path).exists() for path in batch["files"])
    assert run(home, "childcare", "cards", "--out", str(out)) == 1, "nothing waits any more"
    assert run(home, "childcare", "cards", "--out", str(home)) == 1
    capsys.readouterr()
    assert run(home, "childcare", "status", "--json") == 0
    assert json.loads(capsys.readouterr().out)["cards"]["printed"] == 1


@pytest.mark.parametrize(("name", "key", "rows"), [("ledger", "card_no", 1), ("renewals", "todo", 0),
                                                   ("shops", "benefit", 9)])
def test_lists_as_json_csv_and_pages(home: Path, tmp_path: Path, capsysbinary: pytest.CaptureFixture[bytes],
                                     name: str, key: str, rows: int) -> None:
    assert run(home, "childcare", name, "--format", "json") == 0
    document = json.loads(capsysbinary.readouterr().out)
    assert len(document["rows"]) == rows and document["card"] == "サンキッズカード"
    assert run(home, "childcare", name, "--format", "csv") == 0
    lines = capsysbinary.readouterr().out.decode().splitlines()
    assert key in lines[0].split(",") and len(lines) == rows + 1
    assert run(home, "childcare", name, "--out", str(tmp_path / "x.pdf")) == 0
    assert (tmp_path / "x.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize("year", ["0", "-5", "99999", "R8", "２０２７"])
def test_a_year_that_is_none_is_told(home: Path, capsys: pytest.CaptureFixture[str], year: str) -> None:
    assert main(["--home", str(home), "childcare", "renewals", f"--year={year}"]) == 2
    assert "年ではありません" in capsys.readouterr().err


def test_the_timers_lines(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "childcare", "expire", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"expired": 0}
    assert run(home, "childcare", "erase-photos", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"erased": 0}
