"""`sanjo-tui register`: what it prints, in words and as JSON, and how it ends."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
from register_ground import LG_CODE, PEOPLE, SATO, changed, snapshot

from sanjo_tui.__main__ import main


@pytest.fixture
def home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Options that open a station."""
    (tmp_path / "p").write_text("ひみつの合言葉 2026\n", encoding="utf-8")
    options = ["--home", str(tmp_path / "home"), "--passphrase-file", str(tmp_path / "p")]
    assert main([*options, "init", "--lg-code", LG_CODE, "--municipality", "三条市", "--place", "嵐南小学校",
                 "--reception", "shelter", "--no-input"]) == 0
    capsys.readouterr()
    return options


@pytest.fixture
def loaded(home: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The same with a register."""
    assert main([*home, "register", "load", str(snapshot(tmp_path / "s1"))]) == 0
    capsys.readouterr()
    return home


def said(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def recorded(home: list[str], capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    capsys.readouterr()
    assert main([*home, "journal", "list", "--json"]) == 0
    listed = said(capsys)
    return listed if isinstance(listed, list) else listed["events"]


def test_check_needs_no_station(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["register", "check", str(snapshot(tmp_path / "s1")), "--json"]) == 0
    report = said(capsys)
    assert (report["ok"], report["people"], report["households"], report["errors"]) == (True, 5, 2, [])


def test_check_names_line_column_and_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = snapshot(tmp_path / "s1", [changed(SATO[0], birth_date="1974X"), *SATO[1:]])
    assert main(["register", "check", str(folder), "--json"]) == 1
    out, err = capsys.readouterr()
    error = json.loads(out)["errors"][0]
    assert (error["file"], error["line"], error["column"], error["rule"], error["value"]) == (
        "residents.csv", 2, "birth_date", "date", "1974X")
    assert "誤り" in err
    assert main(["register", "check", str(folder)]) == 1
    assert "residents.csv 2行目 birth_date" in capsys.readouterr().out


def test_load_status_and_rollback(loaded: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*loaded, "register", "load", str(snapshot(tmp_path / "s2", sequence=2)), "--json"]) == 0
    assert said(capsys)["snapshot_id"] == "s2"
    assert main([*loaded, "register", "status", "--json"]) == 0
    status = said(capsys)
    assert status["current"]["snapshot_id"] == "s2" and [kept["snapshot_id"] for kept in status["kept"]] == ["s2", "s1"]
    assert main([*loaded, "register", "status"]) == 0
    assert "使用中 s2 2026-11-20 現在 住民5人 2世帯 架空データ" in capsys.readouterr().out
    assert main([*loaded, "register", "rollback", "--json"]) == 0
    assert said(capsys)["snapshot_id"] == "s1"
    acts = [event for event in recorded(loaded, capsys) if "act" in str(event["kind"])]
    assert len(acts) == 3
    assert main([*loaded, "register", "rollback"]) == 1
    assert "戻せる前の住基データがありません" in capsys.readouterr().err


def test_status_without_a_register(home: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*home, "register", "status"]) == 0
    assert "まだ読み込まれていません" in capsys.readouterr().out


def test_losses_need_yes(loaded: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(snapshot(tmp_path / "s2", PEOPLE[:4], sequence=2))
    assert main([*loaded, "register", "load", folder, "--json"]) == 1
    out, err = capsys.readouterr()
    assert not out and "5 人のうち 1 人" in err and "--yes" in err
    assert main([*loaded, "register", "load", folder, "--yes"]) == 0


def test_find_gives_identifiers(loaded: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*loaded, "register", "find", "渡辺", "--json"]) == 0
    found = said(capsys)
    assert [hit["addressee_no"] for hit in found["hits"]] == ["10000011", "10000012"] and not found["more"]
    plain, protected = found["hits"]
    assert (plain["name"], plain["birth_date"], plain["match"]) == ("渡邉　敬", "1948-02-29", "folded")
    assert plain["address"] == "元町２番地" and plain["household_no"] == "9002"
    assert protected["protected"] and not protected["household_no"] and "元町" not in str(protected)
    assert main([*loaded, "register", "find", "サトウ タロウ"]) == 0
    assert "10000001 佐藤　太郎" in capsys.readouterr().out


def test_find_reads_standard_input(loaded: list[str], capsys: pytest.CaptureFixture[str],
                                   monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("佐藤 花子\n"))
    assert main([*loaded, "register", "find", "-", "--json"]) == 0
    assert [hit["addressee_no"] for hit in said(capsys)["hits"]] == ["10000002"]


def test_no_hit_ends_with_one(loaded: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*loaded, "register", "find", "該当なし", "--json"]) == 1
    out, err = capsys.readouterr()
    assert json.loads(out)["hits"] == [] and "見つかりません" in err


def test_a_search_is_one_look_up_and_my_number_is_none(loaded: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    before = recorded(loaded, capsys)
    main([*loaded, "register", "find", "佐藤"])
    after = recorded(loaded, capsys)
    assert len(after) == len(before) + 1 and "佐藤" not in json.dumps(after, ensure_ascii=False)
    assert main([*loaded, "register", "find", "123456789018"]) == 1
    out, err = capsys.readouterr()
    assert "個人番号" in err and "123456789018" not in out + err
    assert len(recorded(loaded, capsys)) == len(after)


@pytest.mark.parametrize("line", [["register"], ["register", "load"], ["register", "find"], ["register", "burn"]])
def test_wrong_usage(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(line) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_what_cannot_be_done_is_one_sentence(home: list[str], tmp_path: Path,
                                             capsys: pytest.CaptureFixture[str]) -> None:
    for line in (["load", str(tmp_path / "none")], ["find", "佐藤"], ["rollback"]):
        assert main([*home, "register", *line, "--json"]) == 1
        out, err = capsys.readouterr()
        assert not out and err.count("\n") == 1 and err.strip().endswith("。")
