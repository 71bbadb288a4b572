"""Loading a roll: what is refused and why, what is kept, and that the roll in use stays whole whatever comes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from roll_ground import (
    BASE,
    CONTESTS,
    ELECTORS,
    LG_CODE,
    MARKS,
    FakeKeys,
    changed,
    roll,
    ticket_rows,
    tickets,
    ward_rows,
    write,
)

from sanjo_tui.errors import RegisterError
from sanjo_tui.numbers import is_my_number
from sanjo_tui.register import tables
from sanjo_tui.register.report import Problem
from sanjo_tui.register.roll import columns, snapshot
from sanjo_tui.register.roll.build import Known
from sanjo_tui.register.roll.elector import RollInfo
from sanjo_tui.register.roll.lookup import Roll
from sanjo_tui.register.snapshot import Refused


class Ground:
    """A roll shelf, and folders for it."""

    def __init__(self, place: Path) -> None:
        self.place, self.directory, self.keys = place, place / "roll", FakeKeys()

    def load(self, folder: Path, **options: Any) -> RollInfo:
        return snapshot.load(folder, self.directory, self.keys,
                             **{"lg_code": LG_CODE, "contests": CONTESTS, **options})

    def put(self, name: str, *args: Any, options: dict[str, Any] | None = None, **values: Any) -> RollInfo:
        return self.load(roll(self.place / name, *args, **values), **(options or {}))

    def open(self) -> Roll:
        return Roll.open(self.directory, self.keys)

    def numbers(self) -> list[str]:
        with_roll = self.open()
        try:
            return [elector.addressee_no for elector in with_roll.everyone()]
        finally:
            with_roll.close()

    def state(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.directory.iterdir() if not path.name.startswith(".")}

    def refuses(self, folder: Path, **options: Any) -> Refused:
        """The folder is refused by check and load alike, and the roll in use stays byte for byte."""
        before = self.state() if self.directory.exists() else {}
        with pytest.raises(Refused) as refused:
            self.load(folder, yes=True, **options)
        assert (self.state() if self.directory.exists() else {}) == before
        return refused.value


@pytest.fixture
def ground(tmp_path: Path) -> Ground:
    return Ground(tmp_path)


def found(problems: list[Problem]) -> set[tuple[str, int, str, str]]:
    return {(p.file, p.line, p.column, p.rule) for p in problems}


def test_a_whole_folder_is_loaded(ground: Ground) -> None:
    info = ground.put("r1", ticket_file=ticket_rows(), wards=ward_rows(), created_at="2026-11-16T05:00:00")
    assert (info.snapshot_id, info.roll_base, info.tickets_base, info.tickets) == ("r1", BASE, BASE, 6)
    assert info.electors == (3, 2, 0) and info.wards == ("1", "2", "10") and info.fictitious
    assert info.created_at == "2026-11-16T05:00:00+09:00"
    assert ground.numbers() == [row[0] for row in ELECTORS]
    reader = ground.open()
    assert reader.info == info and reader.tickets_agree()
    reader.close()


def test_nothing_is_readable_on_the_disk(ground: Ground) -> None:
    ground.put("r1", ticket_file=ticket_rows(), wards=ward_rows())
    for data in ground.state().values():
        for name in ("渡邉", "ワタナベ", "元町", "A0001", BASE):
            assert all(name.encode(codec) not in data for codec in ("utf-8", "utf-16-le", "cp932"))
    path = ground.directory / "r1.db"
    assert not tables.is_plaintext(path) and path.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("encoding", ["cp932", "utf-16le", "utf-8"])
def test_encodings_of_towns(ground: Ground, encoding: str) -> None:
    ground.put("r1", ticket_file=ticket_rows(), wards=ward_rows(), encoding=encoding)
    reader = ground.open()
    elector = reader.elector("10000002")
    assert elector is not None and elector.name == "髙橋　さくら"
    reader.close()


WRONG: dict[str, tuple[dict[str, str], str, str]] = {
    "no 宛名番号": ({"addressee_no": ""}, "addressee_no", "required"),
    "letters in 宛名番号": ({"addressee_no": "1000000X"}, "addressee_no", "digits"),
    "利用者ID of 12 digits": ({"user_id": "000000000001"}, "user_id", "digits"),
    "no 名簿番号": ({"roll_no": " "}, "roll_no", "required"),
    "no 投票区": ({"ward_code": ""}, "ward_code", "required"),
    "a blank in a ticket": ({"ticket_no": "A 1"}, "ticket_no", "code"),
    "no name": ({"name": "　"}, "name", "required"),
    "no birth date": ({"birth_date": ""}, "birth_date", "required"),
    "an unreadable birth date": ({"birth_date": "1974X"}, "birth_date", "date"),
    "sex": ({"sex_code": "3"}, "sex_code", "code"),
    "no 登録状態": ({"roll_status": ""}, "roll_status", "required"),
    "unknown 登録状態": ({"roll_status": "無効"}, "roll_status", "code"),
    "unknown 転出先": ({"roll_status": "転出表示", "moved_scope": "隣町"}, "moved_scope", "code"),
    "転出表示 without 転出先": ({"roll_status": "転出表示", "moved_scope": ""}, "moved_scope", "required"),
    "有効 and 県外": ({"moved_scope": "県外"}, "moved_scope", "status"),
    "a day that is none": ({"moved_on": "2026-02-30"}, "moved_on", "date"),
    "a number twice": ({"addressee_no": "10000001"}, "addressee_no", "duplicate"),
    "a card twice": ({"user_id": "0000000000013"}, "user_id", "duplicate"),
    "a ticket twice": ({"ticket_no": "A0001"}, "ticket_no", "duplicate"),
    "a 名簿番号 twice": ({"roll_no": "01-1-1-01"}, "roll_no", "duplicate"),
}


@pytest.mark.parametrize("name", sorted(WRONG))
def test_a_broken_row_is_named_by_line_and_column(ground: Ground, name: str) -> None:
    values, column, rule = WRONG[name]
    ground.put("r1")
    folder = roll(ground.place / "in", changed("10000002", **values), marks=[], sequence=2)
    assert ("roll.csv", 3, column, rule) in found(snapshot.check(folder).errors)
    refusal = ground.refuses(folder)
    assert any(p.line == 3 for p in refusal.report.errors) and "電" not in str(refusal)
    assert ground.numbers() == [row[0] for row in ELECTORS]


@pytest.mark.parametrize(("row", "column", "rule"), [
    (("10000009", "shicho", "", "", "", ""), "addressee_no", "unknown_person"),
    (("10000002", "kencho", "", "", "", ""), "contest", "unknown_contest"),
    (("10000002", "", "", "", "", ""), "contest", "required"),
    (("10000002", "shicho", "", "2026-13-01", "", ""), "early_date", "date"),
    (("10000002", "shicho", "", "", "E1", ""), "early_date", "required"),
    (("10000002", "shicho", "", "", "", "受理"), "absentee", "code"),
    (("10000001", "shicho", "", "", "", "none"), "contest", "duplicate"),
])
def test_a_broken_mark_is_named_by_line_and_column(ground: Ground, row: tuple[str, ...], column: str,
                                                   rule: str) -> None:
    ground.put("r1")
    folder = roll(ground.place / "in", marks=[*MARKS, row], sequence=2)
    assert ("roll_contests.csv", 6, column, rule) in found(snapshot.check(folder, Known(contests=CONTESTS)).errors)
    ground.refuses(folder)
    ground.refuses(folder, wards=("1",))


def test_contests_are_not_judged_where_no_election_is_known(ground: Ground) -> None:
    assert snapshot.check(roll(ground.place / "in", marks=[("10000002", "kencho", "", "", "", "")])).ok


@pytest.mark.parametrize("column", columns.REQUIRED)
def test_a_missing_column_is_an_error(ground: Ground, column: str) -> None:
    place = columns.ROLL.index(column)
    header, rows = [n for n in columns.ROLL if n != column], [(*r[:place], *r[place + 1:]) for r in ELECTORS]
    report = snapshot.check(roll(ground.place / "in", rows, header=header, marks=None))
    assert ("roll.csv", 1, column, "required") in found(report.errors)


def test_my_number_and_unknown_columns_are_dropped_and_said(ground: Ground) -> None:
    header = (*columns.ROLL, "個人番号", "備考", "整理番号")
    rows = [(*row, "123456789018", "x", "123456789018") for row in ELECTORS]
    folder = roll(ground.place / "in", rows, header=header)
    report = snapshot.check(folder)
    assert report.ok and report.dropped == ["roll.csv: 個人番号", "roll.csv: 整理番号", "roll.csv: 備考"]
    assert ("roll.csv", 1, "個人番号", "my_number") in found(report.warnings)
    ground.load(folder)


@pytest.mark.parametrize(("values", "column"), [
    ({"roll_base": None}, "roll_base"), ({"roll_base": ""}, "roll_base"), ({"roll_base": 7}, "roll_base"),
    ({"content": "register"}, "content"), ({"content": "tickets"}, "content"),
    ({"kind": "diff", "base_snapshot": "r0"}, "kind"), ({"sequence": -1}, "sequence"), ({"as_of": "?"}, "as_of")])
def test_a_manifest_that_is_not_a_rolls(ground: Ground, values: dict[str, Any], column: str) -> None:
    ground.put("r1")
    folder = roll(ground.place / "in", **{"sequence": 2, **values})
    assert column in {p.column for p in snapshot.check(folder).errors}
    ground.refuses(folder)


def test_bytes_that_changed_and_files_that_nobody_knows(ground: Ground) -> None:
    folder = roll(ground.place / "in", ticket_file=ticket_rows())
    path = folder / "tickets.csv"
    path.write_bytes(path.read_bytes().replace(b"A0001", b"A0009"))
    assert ("tickets.csv", 0, "", "sha256") in found(snapshot.check(folder).errors)
    folder = write(ground.place / "typo", {"roll.csv": (columns.ROLL, ELECTORS), "ticket.csv": (columns.TICKETS, [])},
                   content="roll", kind="full", sequence=1, roll_base=BASE)
    assert ("manifest.toml", 0, "name", "unknown_file") in found(snapshot.check(folder).warnings)


# --- tickets: the same extraction, and every number the same elector (高知 2025)

def test_tickets_of_another_extraction_are_refused(ground: Ground) -> None:
    ground.put("r1")
    folder = roll(ground.place / "in", ticket_file=ticket_rows(), tickets_base="2026-11-01-B", sequence=2)
    assert ("manifest.toml", 0, "roll_base", "roll_base") in found(snapshot.check(folder).errors)
    assert "2026-11-01-B" in str(ground.refuses(folder)) and BASE in str(ground.refuses(folder))


@pytest.mark.parametrize("only", [None, ("1",), ("2",)])
@pytest.mark.parametrize(("rows", "line", "column", "rule"), [
    ([("A0001", "10000002"), ("A0002", "10000001")], 2, "ticket_no", "other_person"),
    ([("A0001", "10000001"), ("A0006", "10000004")], 3, "ticket_no", "other_person"),
    ([("A0001", "10000009")], 2, "addressee_no", "unknown_person"),
    ([("B0001", "10000001")], 2, "ticket_no", "other_number"),
    ([("A0001", "10000001"), ("A0001", "10000001")], 3, "ticket_no", "duplicate"),
    ([("", "10000001")], 2, "ticket_no", "code"),
    ([("A0001", "")], 2, "addressee_no", "required"),
])
def test_a_ticket_of_another_elector_or_of_nobody_is_refused(ground: Ground, only: tuple[str, ...] | None,
                                                             rows: list[tuple[str, str]], line: int, column: str,
                                                             rule: str) -> None:
    ground.put("r1", options={"wards": only})
    folder = roll(ground.place / "in", ticket_file=rows, sequence=2)
    assert ("tickets.csv", line, column, rule) in found(snapshot.check(folder).errors)
    assert ("tickets.csv", line, column, rule) in found(ground.refuses(folder, wards=only).report.errors)
    late = tickets(ground.place / "late", rows)
    assert ("tickets.csv", line, column, rule) in found(ground.refuses(late).report.errors)


NO_TICKETS = [(*row[:4], "", *row[5:]) for row in ELECTORS]
"""The roll before the tickets were made."""


def test_tickets_may_come_later(ground: Ground) -> None:
    info = ground.put("r1", NO_TICKETS, options={"wards": ("1",)})
    assert not info.tickets and not info.tickets_base
    reader = ground.open()
    assert reader.tickets_agree() and reader.by_ticket("A0001") is None
    info = ground.load(tickets(ground.place / "t1", ticket_rows()))
    assert (info.snapshot_id, info.tickets_base, info.tickets, info.tickets_id) == ("r1", BASE, 3, "t1")
    assert reader.refresh() and not reader.refresh()
    elector = reader.by_ticket("A0001")
    assert elector is not None and (elector.addressee_no, elector.ticket_no) == ("10000001", "A0001")
    assert reader.by_ticket("A0006") is None and reader.ward_of("A0006") == "10" and reader.tickets_agree()
    assert [hit.elector.addressee_no for hit in reader.search("A0002").hits] == ["10000002"]
    reader.close()
    with pytest.raises(RegisterError, match="すでに使用中"):
        ground.load(tickets(ground.place / "t1", ticket_rows()))
    with pytest.raises(RegisterError, match="新しくありません"):
        ground.load(tickets(ground.place / "t0", ticket_rows()[:3]))
    again = [("B0001", "10000001"), *ticket_rows()[1:]]
    assert ground.load(tickets(ground.place / "t2", again, sequence=2)).tickets == 3
    reader = ground.open()
    assert reader.by_ticket("A0001") is None and reader.by_ticket("B0001") is not None
    reader.close()


def test_tickets_alone_need_a_roll_of_their_extraction(ground: Ground) -> None:
    folder = tickets(ground.place / "t1", ticket_rows())
    assert snapshot.check(folder).ok and snapshot.check(folder).content == "tickets"
    with pytest.raises(RegisterError, match="まだ読み込まれていません"):
        ground.load(folder)
    ground.put("r1")
    before = ground.state()
    with pytest.raises(RegisterError, match="作られたものではありません"):
        ground.load(tickets(ground.place / "t2", ticket_rows(), roll_base="other"))
    assert ground.state() == before
    assert not snapshot.check(tickets(ground.place / "t3", ticket_rows(), roll_base="")).ok


def test_a_ticket_file_that_lacks_numbers_of_the_roll_is_a_warning(ground: Ground) -> None:
    report = snapshot.check(roll(ground.place / "in", ticket_file=ticket_rows()[:4]))
    assert report.ok and ("tickets.csv", 0, "ticket_no", "missing") in found(report.warnings)


MY_NUMBERS = [str(n) for n in range(111111111110, 111111111300) if is_my_number(str(n))][:len(ELECTORS)]


def test_tickets_that_pass_the_check_of_my_number_need_the_towns_own_pattern(ground: Ground) -> None:
    electors = [(*row[:4], number, *row[5:]) for row, number in zip(ELECTORS, MY_NUMBERS, strict=True)]
    folder = roll(ground.place / "r1", electors, marks=[])
    report = snapshot.check(folder)
    assert report.ok and report.dropped == ["roll.csv: ticket_no"]
    refusal = ground.refuses(folder, is_ticket=lambda number: False)
    assert {(p.column, p.rule) for p in refusal.report.errors} == {("ticket_no", "my_number")}
    assert not any(number in str(problem) for number in MY_NUMBERS for problem in refusal.report.errors)
    ground.load(folder, is_ticket=lambda number: True)
    reader = ground.open()
    assert reader.by_ticket(MY_NUMBERS[0]) is not None
    reader.close()


def test_numbers_that_no_bar_code_gives_are_said_once(ground: Ground) -> None:
    folder = roll(ground.place / "r1", ticket_file=ticket_rows())
    report = snapshot.check(folder, Known(is_ticket=lambda number: number == "A0001"))
    assert report.ok
    assert [(p.file, p.line) for p in report.warnings if p.rule == "form"] == [("roll.csv", 3), ("tickets.csv", 3)]


# --- wards: a polling place keeps only its own electors

def test_only_the_places_own_electors_are_kept(ground: Ground) -> None:
    info = ground.put("r1", ticket_file=ticket_rows(), wards=ward_rows(), options={"wards": ("2", "10")})
    assert info.wards == ("2", "10") and info.only_wards == ("10", "2") and info.electors == (1, 1, 0)
    assert info.tickets == 3 and ground.numbers() == ["10000004", "10000005", "10000006"]
    reader = ground.open()
    assert reader.by_user_id("0000000000013") is None and reader.by_ticket("A0001") is None
    assert reader.elector("10000001") is None and not reader.search("さくら").hits
    assert reader.ward_of("0000000000013") == "1" and reader.ward_of("A0002") == "1"
    assert reader.ward_of("A0006") == "10" and reader.ward_of("0000000000099") is None and reader.ward_of("") is None
    reader.close()


def test_names_of_other_wards_are_nowhere_in_the_file(ground: Ground) -> None:
    from sanjo_tui.register.roll import shelf

    ground.put("r1", ticket_file=ticket_rows(), wards=ward_rows(), options={"wards": ("2",)})
    database, _ = shelf.open_file(ground.directory, ground.keys, "r1")
    dump = "".join(str(row) for (name,) in database.execute_sql(
        "SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for row in database.execute_sql(f"SELECT * FROM {name}").fetchall())
    database.close_all()
    assert "渡辺" in dump and "A0004" in dump
    for gone in ("渡邉", "髙橋", "タカハシ", "元町２", "10000001", "0000000000013", "A0001", "小野"):
        assert gone not in dump


def test_a_roll_of_the_places_wards_alone_still_names_other_wards(ground: Ground) -> None:
    own = [row for row in ELECTORS if row[3] == "2"]
    marks = [row for row in MARKS if row[0] in {elector[0] for elector in own}]
    ground.put("r1", own, marks=marks, ticket_file=ticket_rows(), wards=ward_rows(), options={"wards": ("2",)})
    reader = ground.open()
    assert reader.ward_of("A0001") == "1" and reader.ward_of("0000000000021") == "1"
    assert reader.by_ticket("A0004") is not None
    reader.close()


def test_an_index_that_contradicts_the_roll_is_refused(ground: Ground) -> None:
    wrong = [(key, "9") if n == 1 else (key, ward) for n, (key, ward) in enumerate(ward_rows())]
    report = snapshot.check(roll(ground.place / "in", wards=wrong))
    assert ("wards.csv", 3, "ward_code", "ward") in found(report.errors)
    twice = snapshot.check(roll(ground.place / "in2", wards=[*ward_rows(), (ward_rows()[0][0], "7")]))
    assert ("wards.csv", 12, "key", "duplicate") in found(twice.errors)
    other = snapshot.check(roll(ground.place / "in3", wards=ward_rows(base="other")))
    assert other.ok and ("wards.csv", 0, "key", "other_keys") in found(other.warnings)
    short = snapshot.check(roll(ground.place / "in4", wards=[("abc", "1"), *ward_rows()]))
    assert short.ok and ("wards.csv", 2, "key", "code") in found(short.warnings)


def test_a_place_without_electors_gets_no_roll(ground: Ground) -> None:
    with pytest.raises(RegisterError, match="一人もいません"):
        ground.put("r1", options={"wards": ("77",)})
    with pytest.raises(RegisterError, match="一人もいない"):
        ground.put("r2", [], marks=[])
    assert not list(ground.directory.glob("*.db"))


def test_a_ward_that_the_election_does_not_know_is_a_warning(ground: Ground) -> None:
    report = snapshot.check(roll(ground.place / "in"), Known(contests=CONTESTS, wards=("1", "2")))
    assert report.ok and ("roll.csv", 7, "ward_code", "unknown_ward") in found(report.warnings)


def test_the_same_roll_is_loaded_again_for_other_wards_only(ground: Ground) -> None:
    folder = roll(ground.place / "r1")
    ground.load(folder, wards=("1",))
    with pytest.raises(RegisterError, match="すでに使用中"):
        ground.load(folder, wards=("1",))
    reader = ground.open()
    assert ground.load(folder, wards=("1", "2")).file == "r1.2"
    assert reader.refresh() and reader.info.only_wards == ("1", "2")
    assert len(ground.numbers()) == 5
    reader.close()


# --- what may follow what

def test_sequences_only_rise(ground: Ground) -> None:
    ground.put("r5", sequence=5)
    for name, sequence in (("r4", 4), ("r5b", 5)):
        with pytest.raises(RegisterError, match="新しくありません"):
            ground.put(name, sequence=sequence, options={"yes": True})
    ground.put("r6", sequence=6)
    with pytest.raises(RegisterError, match="新しくありません"):
        ground.load(ground.place / "r5", yes=True)
    with pytest.raises(RegisterError, match="別のデータ"):
        ground.put("r6", changed("10000001", address="x"), sequence=7)
    with pytest.raises(RegisterError, match="市区町村"):
        ground.put("r7", sequence=7, lg_code="131016")


def test_the_last_three_are_kept(ground: Ground) -> None:
    for number in range(1, 6):
        ground.put(f"r{number}", sequence=number)
    assert {path.stem for path in ground.directory.glob("*.db")} == {"r3", "r4", "r5"}


def test_surprising_losses_need_yes(ground: Ground) -> None:
    ground.put("r1")
    own = [row for row in MARKS if row[0] != "10000006"]
    for name, values, sentence in (
            ("less", {"electors": ELECTORS[:5], "marks": own}, "1 人が新しい名簿にいません"),
            ("marks", {"marks": MARKS[:1]}, "投票済の印が、新しい名簿には 2 件"),
            ("tickets", {"electors": NO_TICKETS}, "入場券番号が新しい名簿にありません")):
        before = ground.state()
        with pytest.raises(RegisterError, match=sentence):
            ground.put(name, sequence=2, **values)
        assert ground.state() == before
    assert ground.put("less", ELECTORS[:5], marks=own, sequence=2, options={"yes": True}).previous == "r1"


def test_a_few_electors_may_be_struck_off(ground: Ground) -> None:
    ground.put("r1")
    assert ground.put("r2", changed("10000001", roll_status="死亡"), sequence=2).electors == (2, 2, 0)


def test_a_damaged_roll_is_no_obstacle_to_the_next(ground: Ground) -> None:
    ground.put("r1")
    (ground.directory / "r1.db").write_bytes(b"\0" * 8192)
    with pytest.raises(RegisterError, match="開けません"):
        ground.open()
    assert ground.put("r1").file == "r1.2"
    assert len(ground.numbers()) == 6


def test_a_full_disk_leaves_the_roll_in_use(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    from sanjo_tui.vault import durable

    ground.put("r1")
    before = ground.state()

    def full(path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(durable, "sync_file", full)
    with pytest.raises(RegisterError, match="選挙人名簿を書き込めません"):
        ground.put("r2", sequence=2)
    assert ground.state() == before and not list(ground.directory.glob(".building-*"))
