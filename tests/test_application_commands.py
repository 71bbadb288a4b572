"""`sanjo-tui application`: set-up, web bookings, lists, photos; and that it all goes without a network."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.receptions.application.words import Point
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.station import fixtures
from tests.application_ground import FORM, IKARASHI, SAMPLE, SATO, TODAY, application, on, person_of, photo, sent


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A station with its set-up, closed."""
    on(monkeypatch, TODAY)
    desk = application(tmp_path / "home")
    stations.write(desk.station)
    desk.close()
    return tmp_path / "home"


@pytest.fixture(autouse=True)
def quiet() -> object:
    yield
    log.stop()


def run(home: Path, *words: str) -> int:
    return main(["--home", str(home), "application", *words])


def test_check_says_every_problem_and_load_keeps_what_was(home: Path, tmp_path: Path,
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    assert run(home, "check", str(fixtures() / "application")) == 0
    broken = tmp_path / "broken.toml"
    broken.write_text(SAMPLE.replace("capacity = 2", "capacity = 0").replace("kind = ", "art = "), encoding="utf-8")
    capsys.readouterr()
    assert run(home, "check", str(broken), "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert not found["ok"] and len(found["errors"]) >= 4
    assert run(home, "load", str(broken)) == 1
    assert "今の設定はそのまま" in capsys.readouterr().err
    assert run(home, "status", "--json") == 0
    assert [place["code"] for place in json.loads(capsys.readouterr().out)["places"]] == ["hall", "ranan"]
    assert run(home, "check", str(tmp_path / "nothing")) == 1
    assert run(home, "load", str(fixtures() / "application" / "application.toml")) == 0
    assert "架空" in capsys.readouterr().err


def test_web_bookings_become_a_list(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = application(home)
    person, other = person_of(desk, SATO), person_of(desk, IKARASHI)
    desk.close()
    file = tmp_path / "web.csv"
    file.write_text(f"place,date,time,addressee_no\nhall,2026-12-01,10:00,{person}\n"
                    f"hall,2026-12-01,12:00,{other}\n", encoding="utf-8")
    assert run(home, "book", str(file), "--json") == 1
    found = json.loads(capsys.readouterr().out)
    assert found["booked"] == 1 and "枠はありません" in found["rows"][1]["reason"]
    assert run(home, "day", "--place", "hall", "--date", "2026-12-01", "--format", "json") == 0
    (row,) = json.loads(capsys.readouterr().out)["rows"]
    assert (row["addressee_no"], row["time"], row["channel"]) == (person, "10:00", "ウェブ")
    assert run(home, "day", "--place", "hall", "--date", "x") == 2


def test_batch_and_tally_leave_as_files_without_the_form_number(home: Path, tmp_path: Path) -> None:
    desk = application(home)
    sent(desk, SATO, tmp_path)
    desk.close()
    for verb in ("batch", "tally"):
        for kind in ("csv", "json", "pdf"):
            out = tmp_path / f"{verb}.{kind}"
            assert run(home, verb, "--format", kind, "--out", str(out)) == 0
            assert FORM.encode() not in out.read_bytes()
    assert "***0123" in (tmp_path / "batch.csv").read_text(encoding="utf-8-sig")
    for path in (home / "log").glob("*"):
        assert FORM not in path.read_text(encoding="utf-8")


def test_erase_for_a_timer(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = application(home)
    number = desk.application.walk_in(person_of(desk, SATO), "hall", verified_by=VerifiedBy.PHOTO_ID).reception_no
    desk.application.photograph(number, photo(tmp_path), tuple(Point))
    desk.application.cancel(number, "本人の申出")
    desk.close()
    assert run(home, "erase", "--json") == 0
    assert json.loads(capsys.readouterr().out) == {"erased": 1}


def test_the_whole_way_opens_no_connection(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object, **__: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refused)
    desk = application(home)
    number, _ = sent(desk, SATO, tmp_path)
    desk.application.notify(number)
    desk.application.deliver(number, VerifiedBy.PHOTO_ID)
    assert desk.application.paper("application.batch").pdf().pages == 1
    desk.close()
