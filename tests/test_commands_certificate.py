"""`sanjo-tui certificate` as IT and scripts type it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.vault import Vault
from tests.certificate_ground import DAY, SAMPLE, applied, hall, sample_rows, surveys_folder
from tests.test_certificate_houses import change


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.setattr("sanjo_tui.desk.certificate.loading.LoadedDesk.today", lambda self: DAY)
    yield
    log.stop()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    """A station with an open disaster and one issued certificate."""
    home = tmp_path_factory.mktemp("made") / "home"
    desk = hall(home)
    stations.write(desk.station)
    number = applied(desk, ledger_consent=True).reception_no
    desk.certificate.issue(number)
    desk.close()
    return home


@pytest.fixture
def home(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "home"))


def run(home: Path, *words: str) -> int:
    return main(["--home", str(home), "certificate", *map(str, words)])


def told(capsys, home: Path, *words: str):
    """The JSON document of a command that can be done."""
    capsys.readouterr()
    assert run(home, *words, "--json") == 0
    return json.loads(capsys.readouterr().out)


def test_check_names_every_fault_and_needs_no_station(tmp_path, capsys):
    broken = change(SAMPLE / "houses", tmp_path / "broken", "H000002,", "H000001,")
    assert run(tmp_path / "nowhere", "check", broken, "--json") == 1
    said = json.loads(capsys.readouterr().out)
    assert not said["ok"] and said["errors"][0]["rule"] == "duplicate" and said["errors"][0]["line"] > 1
    bad = tmp_path / "bad.toml"
    bad.write_text((SAMPLE / "disaster.toml").read_text(encoding="utf-8").replace("mayor =", "major ="))
    assert run(tmp_path / "nowhere", "check", bad) == 1
    out, err = capsys.readouterr()
    assert "mayor" in out and "誤りが 2 件" in err


def test_the_way_from_nothing_to_an_open_disaster(tmp_path, capsys):
    home = tmp_path / "home"
    desk = hall(home, begun=False)
    stations.write(desk.station)
    desk.close()
    for folder in ("houses", "surveys", "disasters"):
        shutil.rmtree(home / folder)
    assert run(home, "open") == 1 and "災害の設定が読み込まれていません" in capsys.readouterr().err
    assert told(capsys, home, "load", SAMPLE)["code"] == "20261120"
    assert run(home, "open") == 1 and "家屋データが読み込まれていません" in capsys.readouterr().err
    assert told(capsys, home, "load", SAMPLE / "houses")["records"] == 191
    assert told(capsys, home, "open")["snapshot_id"] == "demo-20261120"
    assert told(capsys, home, "load", SAMPLE / "surveys" / "manifest.toml")["changed"] == 0
    assert told(capsys, home, "status")["applications"] == 0


def test_surveys_that_come_later_are_taken_in_by_the_load(home, tmp_path, capsys):
    rows = sample_rows()
    rows.append({**rows[0], "survey_no": "S900001", "stage": "2", "grade": "半壊", "ratio": "24"})
    said = told(capsys, home, "load", surveys_folder(tmp_path / "more", rows, 2))
    assert said["changed"] == 1
    assert told(capsys, home, "status")["needs_reissue"] == 1
    assert told(capsys, home, "waiting")["rows"][0]["now"] == "全壊 → 半壊"
    assert told(capsys, home, "take-in")["changed"] == 0


def test_a_certificate_is_verified_and_a_forgery_ends_with_one(home, capsys):
    (row,) = told(capsys, home, "ledger")["rows"]
    assert told(capsys, home, "verify", row["number"])["valid"]
    assert run(home, "verify", f"SANJO-RS1:{row['number']}:{'A' * 16}") == 1
    assert "偽造の疑い" in capsys.readouterr().err


def test_lists_and_papers_as_files(home, tmp_path, capsys):
    out = tmp_path / "ledger.pdf"
    assert run(home, "ledger", "--out", out) == 0 and out.read_bytes().startswith(b"%PDF")
    assert run(home, "voids", "--format", "csv") == 0
    assert "2026-A1B2C3" not in capsys.readouterr().out
    document = told(capsys, home, "houses")
    assert document["type"] == "FeatureCollection" and len(document["features"]) == len(sample_rows())
    assert {f["geometry"]["type"] for f in document["features"]} == {"Point"}
    assert [row["shelter"] for row in told(capsys, home, "victims")["rows"]] == ["", "", ""]
    assert run(home, "victims", "--format", "pdf", "--out", tmp_path / "x.pdf") == 1
    assert "PDF はありません" in capsys.readouterr().err
    assert run(home, "ledger", "--out", home / "inside.csv") == 1 and not (home / "inside.csv").exists()


def test_a_demo_opens_a_disaster_once(tmp_path):
    desk = hall(tmp_path / "home", begun=False)
    desk.certificate.close()
    for folder in ("houses", "surveys", "disasters"):
        shutil.rmtree(desk.station.home / folder)
    desk.certificate.begin_practice()
    assert desk.certificate.known().cause == "令和8年11月23日の大雨による浸水（見本）"
    opening, mark = desk.certificate.opening(), desk.mark()
    assert opening is not None and opening.is_open and opening.date == "2026-11-23"
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    before = desk.mark()
    desk.certificate.begin_practice()
    assert desk.mark() == before > mark
    desk.close()
    again = Desk.open(desk.station, Vault.open(desk.station.vault).unlock(""), "J01")
    again.refresh_register()
    assert again.certificate.application(number).standing is not None
    again.close()
