"""`sanjo-tui election`: check, load and status of set-up, roll and tickets, in words and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from roll_ground import ELECTORS, LG_CODE, MARKS, changed, roll, ticket_rows, tickets, ward_rows

from sanjo_tui.__main__ import main
from sanjo_tui.vault import pins

ELECTION = """
id = "2026-11-29-shi"
name = "市長市議選挙"
polling_day = 2026-11-29
reason_labels = "five"
committee = "三条市選挙管理委員会委員長"
fictitious = true
[[contests]]
code = "shicho"
name = "市長"
level = "市"
ballot_colour = "白"
box_no = 1
early_from = 2026-11-16
[[contests]]
code = "shigi"
name = "市議"
level = "市"
ballot_colour = "桃色"
box_no = 2
early_from = 2026-11-16
[[stations]]
code = "E1"
name = "市役所"
kind = "期日前"
hours = [{ from = 2026-11-16, to = 2026-11-28, open = "08:30", close = "20:00" }]
[[stations]]
code = "D1"
name = "第一小学校"
kind = "当日"
wards = ["1"]
hours = [{ day = 2026-11-29, open = "07:00", close = "20:00" }]
[[stations]]
code = "D2"
name = "第二小学校"
kind = "当日"
wards = ["2", "10"]
hours = [{ day = 2026-11-29, open = "07:00", close = "18:00" }]
[[staff]]
id = "K01"
name = "山田"
role = "投票管理者"
pin_hash = "$argon2id$v=19$m=64,t=1,p=1$RLi20RkFajbQfmH1h5Txvw$blIbmN4HmUCu63wiCfPzxcKVidbpsy2ZOzBytzxqxm4"
"""
NO_TICKETS = [(*row[:4], "", *row[5:]) for row in ELECTORS]


class Ground:
    """A station, and what is loaded into it."""

    def __init__(self, place: Path, capsys: pytest.CaptureFixture[str], code: str = "D1") -> None:
        self.place, self.capsys = place, capsys
        self.options = ["--home", str(place / "home"), "--drill"]
        assert main([*self.options, "init", "--lg-code", LG_CODE, "--municipality", "三条市", "--station", code,
                     "--place", "第一小学校", "--reception", "polling", "--no-input"]) == 0
        capsys.readouterr()

    def run(self, *line: object) -> tuple[int, str, str]:
        code = main([*self.options, "election", *map(str, line)])
        return code, *self.capsys.readouterr()

    def json(self, *line: object, code: int = 0) -> Any:
        ended, out, err = self.run("--json", *line)
        assert ended == code, err
        return json.loads(out)

    def setup(self, text: str = ELECTION, name: str = "election.toml") -> Path:
        path = self.place / name
        path.write_text(text, encoding="utf-8")
        return path

    def acts(self) -> list[str]:
        assert main([*self.options, "--json", "journal", "list"]) == 0
        listed = json.loads(self.capsys.readouterr().out)
        events = listed if isinstance(listed, list) else listed["events"]
        return [event["kind"] for event in events]

    def home(self) -> dict[str, bytes]:
        return {str(path.relative_to(self.place)): path.read_bytes() for folder in ("roll", "elections")
                for path in (self.place / "home" / folder).rglob("*") if path.is_file() and path.name[0] != "."}


@pytest.fixture
def ground(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Ground:
    return Ground(tmp_path, capsys)


def test_check_needs_no_station(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "e" / "election.toml"
    path.parent.mkdir()
    path.write_text(ELECTION, encoding="utf-8")
    folder = roll(tmp_path / "r1", ticket_file=ticket_rows(), wards=ward_rows())
    for line, content in (([path], "election"), ([path.parent], "election"), ([folder], "roll"),
                          ([folder / "manifest.toml"], "roll"), ([tickets(tmp_path / "t", ticket_rows())], "tickets")):
        assert main(["election", "check", *map(str, line), "--json"]) == 0
        document = json.loads(capsys.readouterr().out)
        assert document["ok"] and document["content"] == content
    assert document["tickets"] == 6
    assert main(["election", "check", str(folder)]) == 0
    assert "選挙人6人 投票区3 カード4枚 入場券6件 誤り0件" in capsys.readouterr().out


def test_check_names_every_fault_and_its_place(ground: Ground) -> None:
    marks = [*MARKS, ("7", "shicho", "", "", "", "")]
    folder = roll(ground.place / "r1", changed("10000002", roll_status="無効"), marks=marks)
    document = ground.json("check", folder, code=1)
    assert [(e["file"], e["line"], e["column"], e["value"]) for e in document["errors"]] == [
        ("roll.csv", 3, "roll_status", "無効"), ("roll_contests.csv", 6, "addressee_no", "7")]
    code, out, err = ground.run("check", folder)
    assert code == 1 and "roll.csv 3行目 roll_status" in out and "2 件" in err
    text = ELECTION.replace('level = "市"', 'level = "村"').replace("polling_day = 2026-11-29", "polling_day = 5")
    document = ground.json("check", ground.setup(text), code=1)
    assert {e["where"] for e in document["errors"]} >= {"polling_day", "contests[1].level", "contests[2].level"}
    code, out, err = ground.run("load", ground.setup(text))
    assert code == 1 and not out and "polling_day" in err and "読み込みませんでした" in err
    assert not ground.home()


def test_election_roll_and_late_tickets_are_loaded_for_this_place(ground: Ground) -> None:
    path = ground.setup()
    assert ground.json("load", path)["id"] == "2026-11-29-shi"
    assert (ground.place / "home/elections/2026-11-29-shi.toml").read_bytes() == path.read_bytes()
    code, out, err = ground.run("load", roll(ground.place / "r1", NO_TICKETS, wards=ward_rows()))
    assert code == 0 and "選挙人3人 投票区1 入場券なし" in out and "届いたら" in err
    info = ground.json("load", tickets(ground.place / "t1", ticket_rows()))
    assert (info["tickets"], info["only_wards"], info["electors"]) == (3, ["1"], [2, 1, 0])
    status = ground.json("status")
    assert status["election"]["id"] == "2026-11-29-shi" and status["place"]["code"] == "D1"
    assert status["roll"]["tickets_id"] == "t1" and len(status["kept"]) == 2 and status["ready"]
    code, out, err = ground.run("status")
    assert code == 0 and "投票所 D1 第一小学校 当日" in out and "入場券3件" in out and not err
    kinds = ground.acts()
    assert len([kind for kind in kinds if "roll" in kind]) == 2 and len([k for k in kinds if "election" in k]) == 1


def test_an_early_place_takes_the_whole_town(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ground = Ground(tmp_path, capsys, code="E1")
    ground.json("load", ground.setup())
    info = ground.json("load", roll(ground.place / "r1", ticket_file=ticket_rows()))
    assert info["only_wards"] == [] and info["wards"] == ["1", "2", "10"] and info["tickets"] == 6


def test_both_in_one_folder_are_loaded_in_order(ground: Ground) -> None:
    folder = roll(ground.place / "both", ticket_file=ticket_rows())
    (folder / "election.toml").write_text(ELECTION, encoding="utf-8")
    assert set(ground.json("check", folder)) == {"election", "roll"}
    document = ground.json("load", folder)
    assert document["election"]["id"] == "2026-11-29-shi" and document["roll"]["snapshot_id"] == "both"


def test_a_roll_waits_for_its_election_and_its_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ground = Ground(tmp_path, capsys, code="X9")
    folder = roll(ground.place / "r1")
    code, out, err = ground.run("load", folder, "--json")
    assert code == 1 and not out and "先に election load" in err
    code, _, err = ground.run("load", ground.setup())
    assert code == 0 and "X9 という投票所がありません" in err
    code, _, err = ground.run("load", folder)
    assert code == 1 and "polling_place" in err
    status = ground.json("status")
    assert not status["ready"] and status["place"] is None and status["roll"] is None


def test_what_is_refused_leaves_everything(ground: Ground) -> None:
    ground.json("load", ground.setup())
    ground.json("load", roll(ground.place / "r1", ticket_file=ticket_rows()))
    before, acts = ground.home(), ground.acts()
    swapped = [("A0001", "10000002"), ("A0002", "10000001")]
    for folder, word in (
            (roll(ground.place / "r2", ticket_file=ticket_rows(), tickets_base="other", sequence=2), "other"),
            (roll(ground.place / "r3", ticket_file=swapped, sequence=2), "別の方"),
            (roll(ground.place / "r4", marks=[("10000001", "kencho", "", "", "", "")], sequence=2), "設定にない選挙"),
            (roll(ground.place / "r5", ELECTORS[3:], marks=[], sequence=2), "一人もいません"),
            (roll(ground.place / "r6", sequence=0), "新しくありません"),
            (tickets(ground.place / "t1", ticket_rows(), roll_base="other"), "作られたものではありません")):
        code, out, err = ground.run("load", folder, "--yes", "--json")
        assert code == 1 and not out and word in err and err.count("\n") == 1
    assert ground.home() == before and ground.acts() == acts


def test_numbers_that_the_scanner_would_not_read_are_said(ground: Ground) -> None:
    form = r"""ticket = { pattern = '[A-Z]\d{4}', prefix = "T-" }
[[contests]]"""
    ground.json("load", ground.setup(ELECTION.replace("[[contests]]", form, 1)))
    rows = changed("10000001", ticket_no="12345")
    info = ground.json("load", roll(ground.place / "r1", rows, ticket_file=ticket_rows(rows)))
    assert info["warnings"] == len(ELECTORS) + 2      # check digits of the numbers, and one for each file


def test_losses_need_yes(ground: Ground) -> None:
    ground.json("load", ground.setup())
    ground.json("load", roll(ground.place / "r1", ticket_file=ticket_rows()))
    folder = roll(ground.place / "r2", marks=[], sequence=2, ticket_file=ticket_rows())
    code, _, err = ground.run("load", folder)
    assert code == 1 and "投票済の印" in err and "--yes" in err
    assert ground.json("load", folder, "--yes")["snapshot_id"] == "r2"


def test_other_wards_in_a_new_setup_are_said(ground: Ground) -> None:
    ground.json("load", ground.setup())
    folder = roll(ground.place / "r1", ticket_file=ticket_rows())
    ground.json("load", folder)
    code, _, err = ground.run("load", ground.setup(ELECTION.replace('wards = ["1"]', 'wards = ["1", "2"]').replace(
        'wards = ["2", "10"]', 'wards = ["10"]')))
    assert code == 0 and "名簿を読み込み直してください" in err
    assert ground.json("load", folder)["only_wards"] == ["1", "2"]


def test_the_same_roll_is_loaded_again_for_another_election(ground: Ground) -> None:
    ground.json("load", ground.setup())
    folder = roll(ground.place / "r1", ticket_file=ticket_rows())
    ground.json("load", folder)
    code, _, err = ground.run("load", folder)
    assert code == 1 and "すでに使用中" in err
    other = ground.setup(ELECTION.replace("2026-11-29-shi", "2026-11-29-b"), "b.toml")
    code, _, err = ground.run("load", other)
    assert code == 0 and "この選挙のために読み込んだものではありません" in err
    assert ground.json("load", folder)["election"] == "2026-11-29-b"
    fewer = other.read_text(encoding="utf-8").replace('code = "shigi"', 'code = "hoka"')
    assert ground.json("load", ground.setup(fewer, "b.toml"))["id"] == "2026-11-29-b"
    code, _, err = ground.run("load", folder)
    assert code == 1 and "選挙の設定にない選挙" in err


def test_status_before_anything(ground: Ground) -> None:
    code, out, err = ground.run("status")
    assert code == 0 and "選挙   読み込まれていません" in out and "election load" in err
    status = ground.json("status")
    assert status["election"] is None and status["roll"] is None and status["reason"]


def test_a_setup_that_was_changed_on_the_disk_is_said(ground: Ground) -> None:
    ground.json("load", ground.setup())
    (ground.place / "home/elections/2026-11-29-shi.toml").write_text(ELECTION + "\n# changed\n", encoding="utf-8")
    status = ground.json("status")
    assert not status["ready"] and status["election"] is None and "読み込み直して" in status["reason"]
    assert ground.json("load", ground.setup())["id"] == "2026-11-29-shi"
    assert ground.json("status")["election"]["id"] == "2026-11-29-shi"


def test_paths_that_hold_nothing(ground: Ground) -> None:
    for path in (ground.place, ground.place / "none", ground.place / "none.toml"):
        for verb in ("check", "load"):
            code, out, err = ground.run(verb, path, "--json")
            assert code == 1 and not out and err.count("\n") == 1 and "。" in err
    (ground.place / "binary.toml").write_bytes(b"\xff\xfe\x00")
    assert ground.json("check", ground.place / "binary.toml", code=1)["errors"]


@pytest.mark.parametrize("line", [[], ["load"], ["check"], ["burn"], ["status", "x"]])
def test_wrong_usage(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["election", *line]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_pin_becomes_a_hash_and_is_not_printed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "pin"
    file.write_text("4711\n")
    assert main(["election", "pin", "--pin-file", str(file)]) == 0
    said = capsys.readouterr().out
    assert "4711" not in said and pins.check(said.split('"')[1], "4711")
    file.write_text("12\n")
    assert main(["election", "pin", "--pin-file", str(file)]) == 1
