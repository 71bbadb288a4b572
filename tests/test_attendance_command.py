"""`sanjo-tui attendance` as scripts type it."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.station import fixtures
from tests import desk as desks
from tests.attendance_ground import at, card, staff_folder

SAMPLE = fixtures() / "attendance"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = desks.desk(tmp_path / "home", receptions=["attendance"])
    stations.write(made.station)
    made.close()
    return tmp_path / "home"


@pytest.fixture
def run(home: Path, capsys: pytest.CaptureFixture[str]):
    def call(*words: str) -> tuple[int, str, str]:
        code = main(["--home", str(home), *words])
        return code, *capsys.readouterr()
    return call


@pytest.fixture
def loaded(run):
    assert run("attendance", "load", str(SAMPLE / "attendance.toml"))[0] == 0
    assert run("attendance", "load", str(SAMPLE / "staff"))[0] == 0
    return run


def tapped(home: Path) -> None:
    desk = desks.desk(home, receptions=["attendance"])
    desk.attendance.punch(card(), at=at("20 08:25"))
    desk.attendance.punch(card(), at=at("20 19:45"))
    desk.close()


def test_set_up_and_staff_are_checked_and_loaded(run):
    for path in ("attendance.toml", "staff"):
        assert run("attendance", "check", str(SAMPLE / path))[0] == 0
    code, out, err = run("attendance", "load", str(SAMPLE / "attendance.toml"))
    assert code == 0 and "未確認5項目 見本" in out and "架空の市" in err
    code, out, _ = run("attendance", "load", str(SAMPLE / "staff"))
    assert code == 0 and "7件" in out
    code, out, _ = run("--json", "attendance", "status")
    assert json.loads(out) == {"staff": 7, "present": 0, "open": 0, "unfit": []}


def test_a_set_up_or_a_folder_with_a_mistake_is_refused_with_every_problem(loaded, tmp_path):
    wrong = tmp_path / "attendance.toml"
    wrong.write_bytes((SAMPLE / "attendance.toml").read_bytes().replace(b'"05:00"', b'"5"').replace(b"s63", b"day"))
    code, out, err = loaded("attendance", "check", str(wrong))
    assert code == 1 and out.count("誤り") >= 2 and "Traceback" not in err
    assert loaded("attendance", "load", str(wrong))[0] == 1
    folder = staff_folder(tmp_path / "staff", 3)
    code, _, err = loaded("attendance", "load", str(folder))
    assert code == 1 and "--yes" in err
    assert loaded("attendance", "load", str(tmp_path / "nothing"))[0] == 1
    assert json.loads(loaded("--json", "attendance", "status")[1])["staff"] == 7


def test_a_group_that_the_set_up_does_not_know_is_said(loaded, tmp_path):
    folder = staff_folder(tmp_path / "staff", 8)
    text = (folder / "staff.csv").read_text().replace(",office,", ",pilots,")
    (folder / "staff.csv").write_text(text)
    import hashlib

    manifest = (folder / "manifest.toml").read_text()
    old = manifest.split('sha256 = "')[1][:64]
    (folder / "manifest.toml").write_text(manifest.replace(old, hashlib.sha256(text.encode()).hexdigest()))
    code, _, err = loaded("attendance", "load", str(folder), "--yes")
    assert code == 0 and "設定にない区分の職員が 2 人" in err
    assert loaded("attendance", "limits", "--month", "2026-11", "--format", "csv")[0] == 0


def test_lists_and_files(loaded, home, tmp_path):
    tapped(home)
    code, out, _ = loaded("attendance", "month", "--staff", "1001", "--month", "2026-11", "--format", "json")
    document = json.loads(out)
    assert code == 0 and document["fictitious"] and document["rows"][0]["overtime"] == "2:15"
    for verb in ("present", "questions", "limits", "gaps", "nights", "rests"):
        assert loaded("attendance", verb, "--format", "csv")[0] == 0
    code, out, _ = loaded("attendance", "punches", "--month", "2026-11")
    assert [row["kind"] for row in csv.DictReader(io.StringIO(out))] == ["in", "out"]
    pay = tmp_path / "pay.csv"
    assert loaded("attendance", "pay", "--month", "2026-11", "--out", str(pay))[0] == 0
    assert b"1001,2026-11,135,0,0,2,0,0" in pay.read_bytes()


@pytest.mark.parametrize(("words", "says"), [
    (("month", "--staff", "9999"), "その職員番号"), (("lock", "2999-01"), "終わっていない月"),
    (("lock", "11月"), "2026-11 の形"),
    (("limits", "--month", "x"), "2026-11 の形"), (("pay", "--month", "11月"), "2026-11 の形")])
def test_what_cannot_be_is_said_in_a_sentence(loaded, words, says):
    code, out, err = loaded("attendance", *words)
    assert (code, out) == (1, "") and says in err


def test_without_set_up_or_staff_it_says_what_to_do(run):
    code, _, err = run("attendance", "present")
    assert code == 1 and "attendance load" in err
