"""`sanjo-tui journal`: what IT sees and what a script gets; numbers and codes, never a name."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.journal.cipher import CipherDatabase
from sanjo_tui.journal.events import Reversal
from sanjo_tui.journal.writer import Journal
from sanjo_tui.station import Station
from sanjo_tui.vault import Vault
from tests.journal_ground import ADDRESS, KANA, NAME, admitted

Ran = tuple[int, str, str]


class House:
    """A drill with receptions, and `sanjo-tui --home HOME journal ...`."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS

        self.root, self.home, self._capsys = root, root / "home", capsys
        self.home.mkdir()
        self.keys = Vault.create(self.home / "vault.toml", "", drill=True)[0].unlock("")
        self.station = Station(home=self.home, lg_code="152048", municipality="三条市", code="A1", place="嵐南小学校",
                               drill=True)
        stations.write(self.station)
        journal = Journal.create(self.station.journal, self.keys, "A1", LEDGERS, LOOSE_EVENTS)
        journal.record("五", lambda _: [admitted(1), admitted(2)])
        journal.record("op", lambda _: (Reversal(subject=f"{2:015d}", scope="E1", of_station="A1", of_seq=2,
                                                 reason="人違い"),))
        self.head = journal.heads()[0]
        journal.close()

    def __call__(self, *line: str, home: Path | None = None) -> Ran:
        self._capsys.readouterr()
        code = main(["--home", str(home or self.home), "journal", *line])
        said = self._capsys.readouterr()
        for word in (NAME, KANA, ADDRESS, NAME.split()[0]):
            assert word not in said.out + said.err
        assert "Traceback" not in said.err
        return code, said.out, said.err

    def json(self, *line: str, home: Path | None = None) -> Any:
        code, out, _ = self(*line, "--json", home=home)
        assert code == 0
        return json.loads(out)

    def edit(self, statement: str) -> None:
        with CipherDatabase(self.station.journal, self.keys.file_key("journal"),
                            self.keys.file_salt("journal")) as database:
            for trigger in ("event_no_update", "event_no_delete"):
                database.execute_sql(f"DROP TRIGGER {trigger}")
            database.execute_sql(statement)


@pytest.fixture
def house(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> House:
    return House(tmp_path, capsys)


def test_verify_tells_the_count_and_the_head_in_groups_of_four(house: House) -> None:
    code, out, err = house("verify")
    assert (code, err) == (0, "") and "3 件" in out and f"A1-3  末尾 {house.head.groups}" in out
    assert house.head.groups.replace(" ", "") == house.head.hash.hex()[:8]
    said = house.json("verify")
    assert (said["ok"], said["count"], said["head"]) == (True, 3, house.head.hash.hex())


def test_verify_names_the_first_bad_row(house: House) -> None:
    house.edit("UPDATE event SET operator = 'x' WHERE seq = 2")
    code, out, err = house("verify")
    assert code == 1 and "A1-2" in err and not out
    code, out, err = house("verify", "--json")
    assert code == 1 and "A1-2" in err
    assert json.loads(out) == {"ok": False, "first_bad": {"station": "A1", "seq": 2}}


def test_verify_names_the_row_that_a_broken_page_hides(house: House) -> None:
    path = house.station.journal
    whole = path.read_bytes()
    named = 0
    for at in range(4096 + 100, len(whole), 4096):
        path.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1:])
        code, _, err = house("verify")
        assert code == 1 and "壊れて" in err
        named += "A1-" in err
    assert named


def test_list_gives_numbers_and_codes(house: House) -> None:
    code, out, _ = house("list")
    assert code == 0
    lines = out.splitlines()
    assert len(lines) == 3 and "取消済" in lines[1] and "取消済" not in lines[0]
    said = house.json("list")
    assert said["count"] == 3
    first = said["events"][0]
    assert (first["station"], first["seq"], first["kind"], first["subject"], first["operator"]) == (
        "A1", 1, "shelter.admitted", f"{1:015d}", "五")
    assert first["time"].endswith("+09:00") and [e["reversed"] for e in said["events"]] == [False, True, False]


def test_rebuild_mends_what_is_derived(house: House) -> None:
    house.edit("DELETE FROM kept")
    code, _, err = house("verify")
    assert code == 1 and "rebuild" in err
    assert house.json("rebuild") == {"records": 1, "claims": 1, "reversed": 1, "conflicts": 0}
    assert house("verify")[0] == 0


def test_export_writes_outside_the_home_and_is_logged(house: House, tmp_path: Path) -> None:
    said = house.json("export", str(tmp_path / "out"))
    assert [(one["station"], one["to_seq"]) for one in said["files"]] == [("A1", 3)]
    assert Path(said["files"][0]["file"]).exists()
    assert house.json("list")["events"][-1]["kind"] == "station.act"
    code, _, err = house("export", str(house.home / "out"))
    assert code == 1 and "中には" in err and not (house.home / "out").exists()


def test_backup_and_restore(house: House, tmp_path: Path) -> None:
    assert house("backup")[0] == 2
    code, _, err = house("backup", str(tmp_path / "stick"))
    assert code == 1 and "媒体" in err
    (tmp_path / "stick").mkdir()
    said = house.json("backup", str(tmp_path / "stick"))
    assert said["outcome"] == "done" and house.json("backup", str(tmp_path / "stick"))["outcome"] == "unchanged"
    spare = tmp_path / "spare"
    back = house.json("restore", said["file"], home=spare)
    assert (back["formerly"], back["events"]) == ("A1", 3) and back["station"] != "A1"
    listed = house.json("list", home=spare)["events"]
    assert [e["seq"] for e in listed] == [1, 2, 3, 1] and listed[-1]["kind"] == "journal.restored"
    assert house("verify", home=spare)[0] == 0
    code, _, err = house("restore", said["file"], home=spare)
    assert code == 1 and "すでに" in err
    assert house("restore", str(tmp_path / "none"), home=tmp_path / "other")[0] == 1
    assert not (tmp_path / "other").exists()


def test_restore_under_a_given_code(house: House, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    file = house.json("backup", str(tmp_path / "stick"))["file"]
    assert house.json("restore", file, "--station", "Z9", home=tmp_path / "a")["station"] == "Z9"
    assert house.json("restore", file, "--station", "A1", home=tmp_path / "b")["station"] == "A1"
    code, _, err = house("restore", file, "--station", "小さい", home=tmp_path / "c")
    assert code == 1 and "code" in err and not (tmp_path / "c").exists()


@pytest.mark.parametrize("line", [(), ("nothing",), ("export",), ("restore",), ("verify", "--fast")])
def test_wrong_usage(house: House, line: tuple[str, ...]) -> None:
    assert house(*line)[0] == 2


def test_without_a_journal(house: House) -> None:
    house.station.journal.unlink()
    for verb in ("verify", "list", "rebuild"):
        code, _, err = house(verb)
        assert code == 1 and "restore" in err


def test_a_live_station_asks_for_its_passphrase(tmp_path: Path, capsys: pytest.CaptureFixture[str],
                                                monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p").write_text("ことば\n")
    (tmp_path / "wrong").write_text("ちがう\n")
    line: Callable[..., int] = lambda *rest: main(["--home", str(tmp_path / "home"), *rest])  # noqa: E731
    assert line("init", "--lg-code", "152048", "--municipality", "三条市", "--place", "嵐南小学校", "--reception",
                "shelter", "--passphrase-file", str(tmp_path / "p"), "--no-input") == 0
    assert line("journal", "verify", "--passphrase-file", str(tmp_path / "p")) == 0
    capsys.readouterr()
    assert line("journal", "verify", "--json", "--passphrase-file", str(tmp_path / "wrong")) == 1
    said = capsys.readouterr()
    assert said.out == "" and "パスフレーズが違います" in said.err
