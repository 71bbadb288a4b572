"""Snapshots through the front door: what is read, what is refused and where, what stays on the disk, what goes back."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from fixtures.broken import BROKEN, ODD, break_snapshot, good, odd_snapshot
from fixtures.generate import write_diff, write_snapshot
from sanjo_tui.errors import RegisterError
from sanjo_tui.register import snapshot
from sanjo_tui.register.lookup import Register
from sanjo_tui.register.people import SnapshotInfo
from sanjo_tui.register.report import Problem, Report
from sanjo_tui.vault import Keys, Vault
from tests.register_ground import (
    CARDS,
    HEADER,
    LG_CODE,
    PEOPLE,
    SATO,
    WATANABE,
    changed,
    raw_snapshot,
    table,
)
from tests.register_ground import (
    snapshot as write,
)

NAMES = ("佐藤", "渡邉", "サトウ", "ワタナベ")
DIFF = (*HEADER, "change")
TOWN = (*PEOPLE, *(changed(SATO[0], addressee_no=f"2{n:07}", household_no=f"8{n:03}", order_in_household="1",
                           name=f"住民　{n}") for n in range(200)))


@pytest.fixture(scope="module")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Keys:
    path = tmp_path_factory.mktemp("vault") / "vault.toml"
    return Vault.create(path, "", drill=True)[0].unlock("")


class Shelf:
    """A station's folder of registers, and a pen for the snapshots that are put into it."""

    def __init__(self, place: Path, keys: Keys) -> None:
        self.place, self.keys, self.directory = place, keys, place / "register"

    def put(self, name: str, people: Iterable[Sequence[str]] = PEOPLE, *, header: Sequence[str] = HEADER,
            yes: bool = False, pinned: Sequence[str] = (), mapping: Path | None = None, loss_percent: float = 1.0,
            cards: Iterable[Sequence[str]] | None = CARDS, **manifest: object) -> SnapshotInfo:
        folder = write(self.place / name, people, header=header, cards=cards, **manifest)  # type: ignore[arg-type]
        return self.load(folder, yes=yes, pinned=pinned, mapping=mapping, loss_percent=loss_percent)

    def load(self, folder: Path, *, yes: bool = False, pinned: Sequence[str] = (), mapping: Path | None = None,
             loss_percent: float = 1.0, lg_code: str = LG_CODE) -> SnapshotInfo:
        return snapshot.load(folder, self.directory, self.keys, lg_code=lg_code, yes=yes, pinned=pinned,
                             mapping=mapping, loss_percent=loss_percent)

    def state(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.directory.iterdir() if path.suffix != ".lock"}

    def names(self) -> list[str]:
        register = Register.open(self.directory, self.keys)
        try:
            return [resident.name for resident in register.everyone()]
        finally:
            register.close()

    def files(self) -> set[str]:
        return {path.stem for path in self.directory.glob("*.db")}


@pytest.fixture
def shelf(tmp_path: Path, keys: Keys) -> Shelf:
    return Shelf(tmp_path, keys)


def no_names(report: Report) -> None:
    for problem in (*report.errors, *report.warnings):
        assert not any(name in f"{problem} {problem!r}" for name in NAMES)


def one(problems: list[Problem], rule: str) -> Problem:
    found = [problem for problem in problems if problem.rule == rule]
    assert len(found) == 1, problems
    return found[0]


def nothing_readable(place: Path) -> None:
    """No name in any file in any of the encodings a name may stand in."""
    for path in (path for path in place.rglob("*") if path.is_file()):
        data = path.read_bytes()
        for name in NAMES:
            assert not any(name.encode(code) in data for code in ("utf-8", "cp932", "utf-16-le")), path.name


# ---- how files may be written


@pytest.mark.parametrize("encoding", ["utf-8", "cp932", "utf-16le"])
@pytest.mark.parametrize("mark", [False, True], ids=["plain", "bom"])
@pytest.mark.parametrize("end", ["\r\n", "\n"], ids=["crlf", "lf"])
@pytest.mark.parametrize("tail", ["", "\x1a", "cut"])
def test_every_way_to_write_a_file_gives_the_same_people(
        shelf: Shelf, encoding: str, mark: bool, end: str, tail: str) -> None:
    text = table(HEADER, PEOPLE, end)
    text = text.removesuffix(end) if tail == "cut" else text + tail
    if mark and encoding != "cp932":
        text = "\ufeff" + text
    data = text.encode(encoding.replace("utf-16le", "utf-16-le"))
    folder = raw_snapshot(shelf.place / "in", {"residents.csv": (data, len(PEOPLE))}, encoding=encoding)
    assert snapshot.check(folder).ok
    assert shelf.load(folder).people == len(PEOPLE)
    assert shelf.names() == ["渡邉　敬", "渡邉　シヅ", "佐藤　太郎", "佐藤　花子", "佐藤　次郎"]


@pytest.mark.parametrize("broken_line", ["サンプル荘\r\n２０１", "サンプル荘\n\"角\"の２０１", "あ、い\r\n\r\nう"])
def test_line_breaks_and_quotes_in_a_value_are_kept(shelf: Shelf, broken_line: str) -> None:
    shelf.put("in", (changed(SATO[0], building=broken_line), *SATO[1:], *WATANABE))
    register = Register.open(shelf.directory, shelf.keys)
    found = register.resident("10000001")
    register.close()
    assert found is not None
    assert found.building == broken_line


def test_lines_are_counted_past_line_breaks_in_quotes(shelf: Shelf) -> None:
    people = (changed(SATO[0], building="サンプル荘\r\n２０１"), changed(SATO[1], birth_date="1977X710"), SATO[2])
    problem = one(snapshot.check(write(shelf.place / "in", people)).errors, "date")
    assert (problem.line, problem.column) == (4, "birth_date")


@pytest.mark.parametrize("name", [
    "葛\U000e0100西　徹", "\ue000田　豊", "\U00020bb7田　陽子", "髙﨑　①", "ﾊﾝｶｸ　ｶﾅ", "が゛　ヴ", "O’Neil　Ann",
])
def test_names_stay_byte_for_byte(shelf: Shelf, name: str) -> None:
    shelf.put("in", (changed(SATO[0], name=name), *SATO[1:]))
    register = Register.open(shelf.directory, shelf.keys)
    found = register.resident("10000001")
    register.close()
    assert found is not None
    assert found.name.encode() == name.encode()


@pytest.mark.parametrize("name", sorted(ODD))
def test_odd_snapshots_load(shelf: Shelf, name: str) -> None:
    assert shelf.load(odd_snapshot(name, shelf.place / name), lg_code="999997").people == 320


# ---- history rows


def history(*rows: tuple[str, ...]) -> list[tuple[str, ...]]:
    """(name, history_no, branch, is_latest) of one person as rows; columns beside HEADER."""
    return [(*changed(SATO[0], name=name), *rest) for name, *rest in rows]


def test_is_latest_names_the_row_whatever_the_numbers(shelf: Shelf) -> None:
    shelf.put("in", history(("旧　姓", "3", "1", "0"), ("新　姓", "1", "1", "1")),
              header=(*HEADER, "history_no", "branch", "is_latest"))
    assert shelf.names() == ["新　姓"]


@pytest.mark.parametrize("first", [0, 1, 2])
def test_without_is_latest_the_highest_history_and_branch_is_the_latest(shelf: Shelf, first: int) -> None:
    rows = history(("旧　一", "1", "9"), ("旧　二", "10", "1"), ("新　姓", "10", "2"))
    shelf.put("in", rows[first:] + rows[:first], header=(*HEADER, "history_no", "branch"))
    assert shelf.names() == ["新　姓"]


def test_what_is_wrong_in_an_old_row_is_forgotten(shelf: Shelf) -> None:
    rows = history(("旧　姓", "1", "1"), ("新　姓", "2", "1"))
    rows[0] = tuple("1974X105" if value == "19740105" else value for value in rows[0])
    assert snapshot.check(write(shelf.place / "in", rows, header=(*HEADER, "history_no", "branch"), cards=None)).ok


def test_nobody_is_left_with_old_rows_alone(shelf: Shelf) -> None:
    rows = [*history(("旧　姓", "1", "1", "0")), (*WATANABE[0], "1", "1", "1")]
    report = snapshot.check(write(shelf.place / "in", rows, header=(*HEADER, "history_no", "branch", "is_latest")))
    problem = one(report.errors, "no_latest")
    assert (problem.line, problem.column) == (2, "is_latest")


# ---- findings


def row(number: int, **columns: str) -> Callable[[], list[tuple[str, ...]]]:
    """PEOPLE with other values in one row, counted from 0."""
    return lambda: [changed(person, **columns) if n == number else person for n, person in enumerate(PEOPLE)]


ERRORS = [
    (row(0, addressee_no=""), 2, "addressee_no", "required"),
    (row(1, addressee_no="1000000A"), 3, "addressee_no", "digits"),
    (row(1, addressee_no="１０００００２"), 3, "addressee_no", "digits"),
    (row(1, addressee_no="1" * 16), 3, "addressee_no", "digits"),
    (lambda: [changed(SATO[0], household_no="")], 2, "household_no", "required"),
    (lambda: [*SATO, changed(WATANABE[0], household_no="9-2")], 5, "household_no", "digits"),
    (row(2, birth_date=""), 4, "birth_date", "required"),
    (row(2, birth_date="2012040"), 4, "birth_date", "date"),
    (row(2, birth_date="20121301"), 4, "birth_date", "date"),
    (row(2, resident_status=""), 4, "resident_status", "required"),
    (row(2, resident_status="7"), 4, "resident_status", "code"),
    (row(2, sex_code="3"), 4, "sex_code", "code"),
    (row(2, rel1="33"), 4, "rel1", "code"),
    (row(2, rel2="33"), 4, "rel2", "code"),
    (row(2, order_in_household="三"), 4, "order_in_household", "digits"),
    (row(2, addressee_no="10000002"), 4, "addressee_no", "duplicate"),
    (row(1, rel1="02"), 2, "rel1", "heads"),
    (row(3, rel1="12"), 5, "rel1", "no_head"),
]


@pytest.mark.parametrize(("people", "line", "column", "rule"), ERRORS)
def test_an_error_names_line_column_and_rule(
        shelf: Shelf, people: Callable[[], list[tuple[str, ...]]], line: int, column: str, rule: str) -> None:
    folder = write(shelf.place / "in", people(), cards=None)
    report = snapshot.check(folder)
    assert [(p.file, p.line, p.column, p.rule) for p in report.errors] == [("residents.csv", line, column, rule)]
    no_names(report)
    with pytest.raises(RegisterError) as refused:
        shelf.load(folder, yes=True)
    assert not any(name in f"{refused.value} {refused.value.hint} {refused.value.detail}" for name in NAMES)


@pytest.mark.parametrize(("column", "value", "rule"), [
    ("is_latest", "x", "code"), ("is_deleted", "2", "code"), ("birth_unknown", "y", "code"),
    ("resident_kind", "3", "code"), ("birth_era", "9", "code"), ("lg_code", "131016", "lg_code"),
    ("history_no", "-1", "digits"), ("branch", "1.0", "digits"),
])
def test_columns_that_few_towns_deliver_are_judged_too(shelf: Shelf, column: str, value: str, rule: str) -> None:
    rows = [(*person, value if n == 1 else "") for n, person in enumerate(PEOPLE)]
    report = snapshot.check(write(shelf.place / "in", rows, header=(*HEADER, column), cards=None))
    assert [(p.line, p.column, p.rule) for p in report.errors] == [(3, column, rule)]


@pytest.mark.parametrize(("cards", "line", "column", "rule"), [
    ([("10000002", "000000000021", "", "active")], 2, "user_id", "digits"),
    ([("10000002", "00000000000２1", "", "active")], 2, "user_id", "digits"),
    ([CARDS[0], ("1000000X", "0000000000113", "", "1")], 3, "addressee_no", "digits"),
    ([("10000002", "0000000000021", "", "lost")], 2, "status", "code"),
    ([("10000002", "0000000000021", "2030/99", "active")], 2, "valid_until", "date"),
])
def test_errors_of_cards(shelf: Shelf, cards: list[tuple[str, ...]], line: int, column: str, rule: str) -> None:
    report = snapshot.check(write(shelf.place / "in", cards=cards))
    assert [(p.file, p.line, p.column, p.rule) for p in report.errors] == [("cards.csv", line, column, rule)]
    assert not any(card[1] in f"{problem!r}" for card in cards for problem in report.errors)


def test_one_card_of_two_people_is_an_error(shelf: Shelf) -> None:
    report = snapshot.check(write(shelf.place / "in", cards=[CARDS[0], ("10000011", *CARDS[0][1:])]))
    assert {(p.line, p.rule) for p in report.errors} == {(2, "duplicate"), (3, "duplicate")}


@pytest.mark.parametrize(("manifest", "column"), [
    ({"kind": "part"}, "kind"), ({"snapshot_id": "a/b"}, "snapshot_id"), ({"lg_code": "152049"}, "lg_code"),
    ({"as_of": "2026-11-31"}, "as_of"), ({"sequence": "1"}, "sequence"), ({"content": "roll"}, "content"),
    ({"fictitious": "yes"}, "fictitious"), ({"kind": "diff"}, "base_snapshot"),
])
def test_errors_of_the_manifest(shelf: Shelf, manifest: dict[str, object], column: str) -> None:
    report = snapshot.check(write(shelf.place / "in", **manifest))  # type: ignore[arg-type]
    assert [(p.file, p.column, p.rule) for p in report.errors] == [("manifest.toml", column, "manifest")]


@pytest.mark.parametrize("change", ["hash", "records", "encoding", "short", "quote", "missing", "column", "twice"])
def test_errors_of_a_whole_file(shelf: Shelf, change: str) -> None:
    folder, text = shelf.place / "in", table(HEADER, PEOPLE)
    records, encoding, rule, line = len(PEOPLE), "utf-8", "", 0
    if change == "records":
        records, rule = 6, "records"
    elif change == "short":
        text, rule, line = text.replace(",元町,２番地,,支援措置", ",元町"), "columns", 6
    elif change == "quote":
        text, rule, line = text.replace("渡邉　シヅ", '"渡邉　シヅ'), "csv", 6
    elif change == "column":
        text, rule, line = text.replace("household_no", "setai"), "required", 1
    elif change == "twice":
        text, rule, line = text.replace("building", "town"), "header", 1
    data = text.encode()
    if change == "encoding":
        data = table(HEADER, PEOPLE[:3]).encode() + table(HEADER, PEOPLE[3:]).encode("cp932")
        rule, line = "encoding", 6
    raw_snapshot(folder, {"residents.csv": (data, records)}, encoding=encoding)
    if change == "hash":
        (folder / "residents.csv").write_bytes(data.replace(b"19740105", b"19740106"))
        rule = "sha256"
    elif change == "missing":
        (folder / "residents.csv").unlink()
        rule = "missing"
    report = snapshot.check(folder)
    assert (report.errors[0].file, report.errors[0].line, report.errors[0].rule) == ("residents.csv", line, rule)
    no_names(report)


WARNINGS = [
    (row(0, addressee_no="10000001"), 2, "addressee_no", "check_digit"),
    (row(3, resident_status="3"), 6, "rel1", "no_head"),
    (row(3, resident_status="2"), 6, "rel1", "no_head"),
    (row(2, birth_date="20261201"), 4, "birth_date", "future"),
    (row(2, name=""), 4, "name", "required"),
    (row(2, suppress_flags="ナゾ"), 4, "suppress_flags", "unknown_flag"),
    (row(2, suppress_flags="支援措置:昨日から"), 4, "suppress_flags", "period"),
    (row(2, order_in_household="9"), 2, "order_in_household", "order"),
    (row(2, lot_text="９番地"), 2, "household_no", "address"),
]


@pytest.mark.parametrize(("people", "line", "column", "rule"), WARNINGS)
def test_a_warning_stands_apart_and_does_not_refuse(
        shelf: Shelf, people: Callable[[], list[tuple[str, ...]]], line: int, column: str, rule: str) -> None:
    folder = write(shelf.place / "in", people(), cards=None)
    report = snapshot.check(folder)
    assert report.ok
    assert ("residents.csv", line, column, rule) in [(p.file, p.line, p.column, p.rule) for p in report.warnings]
    no_names(report)
    assert shelf.load(folder).warnings == len(report.warnings)


def test_right_check_digits_are_not_warned_of(shelf: Shelf) -> None:
    from sanjo_tui.numbers import addressee_check_digit

    body = next(body for body in map(str, range(1000000, 1000020)) if addressee_check_digit(body) is not None)
    person = changed(SATO[0], addressee_no=f"{body}{addressee_check_digit(body)}")
    assert not snapshot.check(write(shelf.place / "in", [person], cards=None)).warnings


@pytest.mark.parametrize("flags", ["支援措置", "仮支援措置", "照会抑止", "発行抑止", "異動抑止", "1", "ナゾ",
                                   "支援措置:2026-01-01/2026-02-01", "異動抑止 発行抑止:/2030-01-01"])
def test_every_word_protects_and_only_blank_and_0_do_not(shelf: Shelf, flags: str) -> None:
    shelf.put("in", row(0, suppress_flags=flags)())
    register = Register.open(shelf.directory, shelf.keys)
    assert register.protected_numbers() == {"10000001", "10000012"}
    register.close()


@pytest.mark.parametrize("name", sorted(name for name, fault in BROKEN.items() if not fault.needs_live))
def test_broken_snapshots_never_load(shelf: Shelf, name: str) -> None:
    folder = break_snapshot(name, shelf.place / name)
    assert snapshot.check(folder).errors
    with pytest.raises(RegisterError):
        shelf.load(folder, lg_code="999997", yes=True)
    assert not shelf.files()


# ---- columns that are dropped


@pytest.mark.parametrize("column", ["個人番号", "mynumber", "MyNumber", "謎の番号"])
def test_my_number_columns_are_dropped_and_said(shelf: Shelf, column: str) -> None:
    from sanjo_tui.numbers import is_my_number

    numbers = [number for number in map(str, range(999900000000, 999900001000)) if is_my_number(number)]
    folder = write(shelf.place / "in", [(*person, numbers[n]) for n, person in enumerate(PEOPLE)],
                   header=(*HEADER, column))
    report = snapshot.check(folder)
    assert report.ok
    assert report.dropped == [f"residents.csv: {column}"]
    assert one(report.warnings, "my_number").column == column
    assert not any(number in f"{problem!r}" for number in numbers for problem in report.warnings)
    shelf.load(folder)


def test_unknown_columns_are_dropped_and_said(shelf: Shelf) -> None:
    report = snapshot.check(write(shelf.place / "in", [(*person, "x") for person in PEOPLE], header=(*HEADER, "memo")))
    assert report.ok
    assert report.dropped == ["residents.csv: memo"]
    assert one(report.warnings, "unknown_column").column == "memo"


# ---- mapping files


TOWNS_OWN = ("番号", "世帯", "氏", "名", "カナ", "生年月日", "性別", "続柄", "状態", "住所", "郵便番号")
TOWNS_ROWS = (
    ("10000001", "9001", "佐藤", "太郎", "ｻﾄｳ ﾀﾛｳ", "19740105", "男", "02", "在住", "旭町　１番地", "〒955-0000"),
    ("10000002", "9001", "佐藤", "", "ｻﾄｳ ﾊﾅｺ", "19770710", "女", "12", "在住", "旭町　１番地", "９５５－０００１"),
)
MAPPING = """
[files]
residents = "JUKI001.CSV"
[columns]
addressee_no = "番号"
household_no = "世帯"
name = { join = ["氏", "名"], with = "　" }
name_kana = "カナ"
birth_date = "生年月日"
sex_code = { from = "性別", codes = { "男" = "1", "女" = "2" } }
rel1 = "続柄"
resident_status = { from = "状態", codes = { "在住" = "1", "転出" = "2" } }
town = { split = "住所", at = "　", part = 1 }
lot_text = { split = "住所", at = "　", part = 2 }
postal_code = { from = "郵便番号", form = "digits" }
lg_code = { fixed = "152048" }
"""


def mapped(place: Path, mapping: str, rows: Sequence[Sequence[str]] = TOWNS_ROWS) -> tuple[Path, Path]:
    folder = raw_snapshot(place / "in", {"JUKI001.CSV": (table(TOWNS_OWN, rows).encode("cp932"), len(rows))},
                          encoding="cp932")
    path = place / "mapping.toml"
    path.write_text(mapping, encoding="utf-8")
    return folder, path


def test_a_mapping_takes_joins_splits_fixes_and_translates(shelf: Shelf) -> None:
    folder, mapping = mapped(shelf.place, MAPPING)
    assert snapshot.check(folder, mapping).ok
    assert shelf.load(folder, mapping=mapping).people == 2
    register = Register.open(shelf.directory, shelf.keys)
    first, second = register.household("9001").members
    register.close()
    assert (first.name, first.town, first.lot_text, first.sex_code, first.postal_code) == (
        "佐藤　太郎", "旭町", "１番地", "1", "9550000")
    assert (second.name, second.sex_code, second.postal_code) == ("佐藤", "2", "9550001")


@pytest.mark.parametrize(("old", "new", "column"), [
    ('"カナ"', '"ふりがな"', "name_kana"), ('["氏", "名"]', '["氏", "めい"]', "name"),
    ('from = "性別"', 'from = "せい"', "sex_code"), ('split = "住所", at', 'split = "所", at', "town"),
])
def test_a_named_column_that_is_missing_is_an_error(shelf: Shelf, old: str, new: str, column: str) -> None:
    folder, mapping = mapped(shelf.place, MAPPING.replace(old, new, 1))
    problem = one(snapshot.check(folder, mapping).errors, "mapping")
    assert (problem.line, problem.column) == (1, column)
    with pytest.raises(RegisterError):
        shelf.load(folder, mapping=mapping, yes=True)


def test_a_required_column_that_is_not_mapped_is_an_error(shelf: Shelf) -> None:
    folder, mapping = mapped(shelf.place, MAPPING.replace('household_no = "世帯"\n', ""))
    assert one(snapshot.check(folder, mapping).errors, "required").column == "household_no"


def test_a_value_that_the_code_table_does_not_know_is_an_error(shelf: Shelf) -> None:
    folder, mapping = mapped(shelf.place, MAPPING, [TOWNS_ROWS[0], tuple(
        "？" if value == "女" else value for value in TOWNS_ROWS[1])])
    problem = one(snapshot.check(folder, mapping).errors, "codes")
    assert (problem.line, problem.column) == (3, "sex_code")


@pytest.mark.parametrize(("old", "new"), [
    ('"カナ"', '"個人番号"'), ("name_kana", "furigana"), ("[columns]", "[people]"), ("part = 1", "part = 0"),
    ('fixed = "152048"', 'fixed = "152048", from = "番号"'), ("[files]", "[files"),
])
def test_a_mapping_that_makes_no_sense_is_refused(shelf: Shelf, old: str, new: str) -> None:
    folder, mapping = mapped(shelf.place, MAPPING.replace(old, new, 1))
    with pytest.raises(RegisterError, match=r"mapping\.toml"):
        snapshot.check(folder, mapping)


# ---- what may follow what


def test_wrong_town_is_refused(shelf: Shelf) -> None:
    shelf.put("one")
    before = shelf.state()
    with pytest.raises(RegisterError, match="131016"):
        shelf.put("two", sequence=2, lg_code="131016", yes=True)
    assert shelf.state() == before


@pytest.mark.parametrize("sequence", [1, 4, 5])
def test_an_older_or_equal_sequence_is_refused_even_after_rollback(shelf: Shelf, sequence: int) -> None:
    shelf.put("one", sequence=2)
    shelf.put("two", sequence=5)
    snapshot.rollback(shelf.directory, shelf.keys)
    before = shelf.state()
    with pytest.raises(RegisterError):
        shelf.put("three", sequence=sequence, yes=True)
    assert shelf.state() == before


def test_a_wrong_hash_leaves_the_live_register(shelf: Shelf) -> None:
    shelf.put("one")
    before = shelf.state()
    folder = write(shelf.place / "two", sequence=2)
    (folder / "cards.csv").write_bytes((folder / "cards.csv").read_bytes() + b"\r\n")
    with pytest.raises(snapshot.Refused):
        shelf.load(folder, yes=True)
    assert shelf.state() == before


@pytest.mark.parametrize(("base", "sequence"), [("nobody", 2), ("one", 3), ("one", 1)])
def test_a_diff_without_its_base_or_with_a_gap_is_refused(shelf: Shelf, base: str, sequence: int) -> None:
    shelf.put("one")
    before = shelf.state()
    with pytest.raises(RegisterError):
        shelf.put("two", [(*changed(SATO[0], name="佐藤　一郎"), "update")], header=DIFF, cards=None, kind="diff",
                  base_snapshot=base, sequence=sequence, yes=True)
    assert shelf.state() == before


def test_a_diff_with_nothing_loaded_is_refused(shelf: Shelf) -> None:
    with pytest.raises(RegisterError):
        shelf.put("two", [(*SATO[0], "add")], header=DIFF, cards=None, kind="diff", base_snapshot="one", sequence=2)


def test_a_diff_adds_changes_and_deletes(shelf: Shelf) -> None:
    shelf.put("one", TOWN)
    info = shelf.put("two", [
        (*changed(SATO[0], name="佐藤　一郎"), "update"),
        (*changed(SATO[2], addressee_no="10000004", order_in_household="3", name="佐藤　三郎"), "add"),
        (*changed(SATO[2], addressee_no="10000003"), "delete")],
        header=DIFF, cards=None, kind="diff", base_snapshot="one", sequence=2)
    assert (info.people, info.sequence, info.kind, info.previous) == (len(TOWN), 2, "diff", "one")
    register = Register.open(shelf.directory, shelf.keys)
    assert [m.name for m in register.household("9001").members] == ["佐藤　一郎", "佐藤　花子", "佐藤　三郎"]
    assert register.resident("10000003") is None
    assert register.by_user_id("0000000000021") is not None
    assert [hit.resident.addressee_no for hit in register.search("佐藤一郎").hits] == ["10000001"]
    assert not register.search("佐藤太郎").hits
    register.close()


@pytest.mark.parametrize(("person", "change", "rule"), [
    (SATO[0], "add", "change"), (changed(SATO[0], addressee_no="777"), "update", "change"),
    (changed(SATO[0], addressee_no="777"), "delete", "change"), (SATO[0], "", "code"), (SATO[0], "ADD", "code"),
])
def test_a_diff_that_does_not_fit_is_refused(shelf: Shelf, person: tuple[str, ...], change: str, rule: str) -> None:
    shelf.put("one", TOWN)
    before = shelf.state()
    with pytest.raises(snapshot.Refused) as refused:
        shelf.put("two", [(*person, change)], header=DIFF, cards=None, kind="diff", base_snapshot="one", sequence=2,
                  yes=True)
    problem = refused.value.report.errors[0]
    assert (problem.line, problem.column, problem.rule) == (2, "change", rule)
    assert shelf.state() == before


def test_a_second_head_is_found_on_a_line_of_the_diff(shelf: Shelf) -> None:
    shelf.put("one", TOWN)
    with pytest.raises(snapshot.Refused) as refused:
        shelf.put("two", [(*WATANABE[0], "update"), (*changed(SATO[1], rel1="02"), "update")], header=DIFF, cards=None,
                  kind="diff", base_snapshot="one", sequence=2, yes=True)
    assert [(p.line, p.column, p.rule) for p in refused.value.report.errors] == [(3, "rel1", "heads")]


def test_the_drill_diff_follows_the_drill_register(shelf: Shelf) -> None:
    base = write_snapshot(shelf.place / "base", 320)
    write_diff(shelf.place / "next", base)
    shelf.load(shelf.place / "base", lg_code="999997")
    assert shelf.load(shelf.place / "next", lg_code="999997").previous == base.snapshot_id


# ---- losses


def test_surprising_losses_need_a_yes(shelf: Shelf) -> None:
    shelf.put("one", TOWN)
    before = shelf.state()
    with pytest.raises(RegisterError, match="5 人") as refused:
        shelf.put("two", TOWN[:-5], sequence=2)
    assert "--yes" in refused.value.hint
    assert shelf.state() == before
    assert shelf.put("two", TOWN[:-5], sequence=2, yes=True).people == len(TOWN) - 5


def test_few_losses_and_a_wider_limit_need_none(shelf: Shelf) -> None:
    shelf.put("one", TOWN)
    shelf.put("two", TOWN[:-2], sequence=2)
    assert shelf.put("three", TOWN[:-22], sequence=3, loss_percent=11.0).people == len(TOWN) - 22


def test_lost_households_count_of_themselves(shelf: Shelf) -> None:
    shelf.put("one", TOWN)
    moved = [changed(p, household_no="8000", order_in_household=str(n), rel1="02" if n == 1 else "99")
             for n, p in enumerate(TOWN[5:15], 1)]
    with pytest.raises(RegisterError, match="9 世帯"):
        shelf.put("two", (*TOWN[:5], *moved, *TOWN[15:]), sequence=2)


def test_a_register_of_nobody_is_refused_with_a_yes_too(shelf: Shelf) -> None:
    shelf.put("one")
    with pytest.raises(RegisterError):
        shelf.put("two", [], cards=[], sequence=2, yes=True)
    assert len(shelf.names()) == len(PEOPLE)


# ---- what is kept, and back again


def test_the_last_three_and_the_pinned_are_kept(shelf: Shelf) -> None:
    for number in range(1, 7):
        shelf.put(f"s{number}", sequence=number, pinned=("s2",))
    assert shelf.files() == {"s2", "s4", "s5", "s6"}


def test_rollback_and_forward_again(shelf: Shelf) -> None:
    shelf.put("one")
    shelf.put("two", row(0, name="佐藤　一郎")(), sequence=2)
    assert snapshot.rollback(shelf.directory, shelf.keys).snapshot_id == "one"
    assert "佐藤　太郎" in shelf.names()
    assert shelf.load(shelf.place / "two").snapshot_id == "two"
    assert "佐藤　一郎" in shelf.names()


def test_rollback_without_an_earlier_one_is_refused(shelf: Shelf) -> None:
    with pytest.raises(RegisterError):
        snapshot.rollback(shelf.directory, shelf.keys)
    shelf.put("one")
    with pytest.raises(RegisterError):
        snapshot.rollback(shelf.directory, shelf.keys)
    assert len(shelf.names()) == len(PEOPLE)


def test_rollback_leaves_a_damaged_register(shelf: Shelf) -> None:
    shelf.put("one")
    shelf.put("two", sequence=2)
    (shelf.directory / "two.db").write_bytes(b"\0" * 8192)
    assert snapshot.rollback(shelf.directory, shelf.keys).snapshot_id == "one"


def test_a_snapshot_id_used_for_other_data_is_refused(shelf: Shelf) -> None:
    shelf.put("one")
    shelf.put("two", sequence=2)
    before = shelf.state()
    with pytest.raises(RegisterError):
        shelf.put("one", row(0, name="佐藤　一郎")(), sequence=3)
    assert shelf.state() == before


def test_a_running_register_notices_the_switch(shelf: Shelf) -> None:
    shelf.put("one")
    register = Register.open(shelf.directory, shelf.keys)
    assert not register.refresh()
    shelf.put("two", row(0, name="佐藤　一郎")(), sequence=2)
    assert register.info.snapshot_id == "one"
    assert register.refresh()
    found = register.resident("10000001")
    assert (register.info.snapshot_id, found and found.name) == ("two", "佐藤　一郎")
    snapshot.rollback(shelf.directory, shelf.keys)
    assert register.refresh()
    assert register.info.snapshot_id == "one"
    register.close()


# ---- what is on the disk


def test_a_register_file_is_not_readable_without_its_key(shelf: Shelf) -> None:
    shelf.put("one")
    path = shelf.directory / "one.db"
    assert not path.read_bytes().startswith(b"SQLite")
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.DatabaseError):
        connection.execute("SELECT count(*) FROM sqlite_master")
    connection.close()
    assert path.stat().st_mode & 0o077 == 0
    nothing_readable(shelf.directory)


def test_another_vault_does_not_open_it(shelf: Shelf) -> None:
    shelf.put("one")
    other = Vault.create(shelf.place / "other.toml", "", drill=True)[0].unlock("")
    with pytest.raises(RegisterError):
        Register.open(shelf.directory, other)


@pytest.mark.parametrize("people", [row(0, birth_date="x"), row(1, rel1="02"), lambda: PEOPLE[:3]],
                         ids=["row", "household", "losses"])
def test_a_failed_load_leaves_no_draft_and_no_name(
        shelf: Shelf, people: Callable[[], list[tuple[str, ...]]], monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = shelf.place / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    shelf.put("one")
    before = shelf.state()
    with pytest.raises(RegisterError):
        shelf.put("two", people(), sequence=2, cards=None)
    assert shelf.state() == before
    assert not list(temporary.iterdir())
    nothing_readable(shelf.directory)


def test_a_check_leaves_nothing(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    temporary = shelf.place / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    snapshot.check(good(shelf.place / "good"))
    assert not list(temporary.iterdir())


def test_what_a_killed_loading_left_goes_with_the_next(shelf: Shelf) -> None:
    shelf.put("one")
    (shelf.directory / ".building-two-1.db").write_bytes(b"half")
    shelf.put("two", sequence=2)
    assert shelf.files() == {"one", "two"}
