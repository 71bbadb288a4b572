"""Every rule of a snapshot: what is an error, what a warning, and that no name gets into the report."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from register_ground import CARDS, HEADER, LG_CODE, PEOPLE, SATO, WATANABE, changed, raw_snapshot, snapshot, table

from fixtures import broken
from sanjo_tui.register import manifest
from sanjo_tui.register.report import Report
from sanjo_tui.register.snapshot import check


def found(report: Report) -> list[tuple[str, int, str, str]]:
    return [(p.file, p.line, p.column, p.rule) for p in report.errors]


def warned(report: Report) -> list[tuple[int, str, str]]:
    return [(p.line, p.column, p.rule) for p in report.warnings if p.rule != "check_digit"]


def test_a_good_snapshot_has_no_errors(tmp_path: Path) -> None:
    report = check(snapshot(tmp_path / "s1"))
    assert report.ok and (report.people, report.households, report.cards, report.records) == (5, 2, 2, 5)
    assert {p.rule for p in report.warnings} == {"check_digit"} and len(report.warnings) == 5


@pytest.mark.parametrize(("column", "value", "rule"), [
    ("addressee_no", "", "required"), ("addressee_no", "12A", "digits"), ("addressee_no", "1234567890123456", "digits"),
    ("addressee_no", "１２３", "digits"), ("household_no", "", "required"), ("birth_date", "", "required"),
    ("birth_date", "1974-13-01", "date"), ("birth_date", "20001232", "date"), ("birth_date", "昭和", "date"),
    ("resident_status", "7", "code"), ("resident_status", "", "required"), ("sex_code", "3", "code"),
    ("rel2", "77", "code"), ("order_in_household", "x", "digits"),
])
def test_a_wrong_value_is_an_error_with_line_and_column(tmp_path: Path, column: str, value: str, rule: str) -> None:
    report = check(snapshot(tmp_path / "s1", [*WATANABE, *SATO[:2], changed(SATO[2], **{column: value})]))
    assert found(report)[0] == ("residents.csv", 6, column, rule)


@pytest.mark.parametrize("value", ["19470229", "2011-02-29", "1912-07-30", "明治45年7月30日", "大正15年12月25日",
                                   "3230229"])
def test_legal_dates_off_the_calendar_pass(tmp_path: Path, value: str) -> None:
    assert check(snapshot(tmp_path / "s1", [changed(SATO[0], birth_date=value), *SATO[1:]], cards=())).ok


def test_an_unknown_birth_date_needs_its_flag(tmp_path: Path) -> None:
    header = (*HEADER, "birth_unknown", "birth_text")
    rows = [(*changed(SATO[0], birth_date=""), "1", "昭和10年頃"), (*SATO[1], "0", "")]
    assert check(snapshot(tmp_path / "s1", rows, header=header)).ok


def test_heads(tmp_path: Path) -> None:
    none = [changed(SATO[0], rel1="11"), *SATO[1:]]
    assert found(check(snapshot(tmp_path / "a", none))) == [("residents.csv", 2, "rel1", "no_head")]
    dead = [changed(SATO[0], resident_status="3"), *SATO[1:]]
    assert warned(check(snapshot(tmp_path / "b", dead, cards=()))) == [(3, "rel1", "no_head")]
    two = [SATO[0], changed(SATO[1], rel1="2"), SATO[2]]
    assert found(check(snapshot(tmp_path / "c", two))) == [("residents.csv", 2, "rel1", "heads")]
    succeeded = [changed(SATO[0], resident_status="3"), changed(SATO[1], rel1="02"), SATO[2]]
    assert check(snapshot(tmp_path / "d", succeeded)).ok
    all_gone = [changed(row, resident_status="2", rel1="") for row in SATO]
    assert check(snapshot(tmp_path / "e", [*WATANABE, *all_gone])).ok


def test_order_and_address_are_warnings(tmp_path: Path) -> None:
    rows = [SATO[0], changed(SATO[1], order_in_household="5"), changed(SATO[2], town="元町")]
    report = check(snapshot(tmp_path / "s1", rows, cards=()))
    assert report.ok and warned(report) == [(2, "household_no", "address"), (2, "order_in_household", "order")]


def test_duplicates(tmp_path: Path) -> None:
    report = check(snapshot(tmp_path / "s1", [*PEOPLE, SATO[1]]))
    assert found(report) == [("residents.csv", 7, "addressee_no", "duplicate")]
    card = ("10000001", CARDS[0][1], "", "1")
    assert ("cards.csv", 4, "user_id", "duplicate") in found(check(snapshot(tmp_path / "s2", cards=[*CARDS, card])))


def test_history_rows_are_not_judged(tmp_path: Path) -> None:
    header = (*HEADER, "history_no", "branch")
    rows = [(*changed(SATO[0], rel1="77", town="元町"), "1", "0"), (*SATO[0], "1", "1"), (*SATO[1], "", "")]
    report = check(snapshot(tmp_path / "s1", rows, header=header))
    assert report.ok and report.people == 2
    assert {rule for _, _, rule in warned(report)} == {"unknown_person"}  # a card's owner that is not in this table


def test_the_latest_flag_rules(tmp_path: Path) -> None:
    header = (*HEADER, "is_latest")
    rows = [(*changed(SATO[0], rel1="77"), "0"), (*SATO[0], "1"), (*SATO[1], "1"), (*SATO[2], "0")]
    assert found(check(snapshot(tmp_path / "s1", rows, header=header))) == [
        ("residents.csv", 5, "is_latest", "no_latest")]


def test_flags_protect_even_when_unknown(tmp_path: Path) -> None:
    rows = [changed(SATO[0], suppress_flags="仮支援措置:2026-01-01/ 何か"), *SATO[1:]]
    assert (2, "suppress_flags", "unknown_flag") in warned(check(snapshot(tmp_path / "s1", rows)))


@pytest.mark.parametrize(("card", "column", "rule"), [
    (("10000001", "123456789012", "", "1"), "user_id", "digits"),
    (("x", "1234567890123", "", "1"), "addressee_no", "digits"),
    (("10000001", "1234567890123", "", "9"), "status", "code"),
    (("10000001", "1234567890123", "soon", ""), "valid_until",
                                                                "date")])
def test_wrong_cards(tmp_path: Path, card: tuple[str, ...], column: str, rule: str) -> None:
    assert found(check(snapshot(tmp_path / "s1", cards=[*CARDS, card])))[0] == ("cards.csv", 4, column, rule)


def test_a_card_of_nobody_is_a_warning(tmp_path: Path) -> None:
    report = check(snapshot(tmp_path / "s1", cards=[("10000099", "1234567890123", "99999999", "有効")]))
    assert report.ok and warned(report) == [(2, "addressee_no", "unknown_person")]


def test_columns(tmp_path: Path) -> None:
    for missing in ("addressee_no", "household_no", "name", "birth_date", "resident_status"):
        place = HEADER.index(missing)
        rows = [[*row[:place], *row[place + 1:]] for row in PEOPLE]
        header = [*HEADER[:place], *HEADER[place + 1:]]
        report = check(snapshot(tmp_path / missing.replace("_", "-"), rows, header=header))
        assert found(report) == [("residents.csv", 1, missing, "required")]
    report = check(snapshot(tmp_path / "s1", [(*row, "", "") for row in PEOPLE], header=(*HEADER, "血液型", "honseki")))
    assert report.ok and report.dropped == ["residents.csv: 血液型", "residents.csv: honseki"]
    report = check(snapshot(tmp_path / "s2", [(*row, "") for row in PEOPLE], header=(*HEADER, "name")))
    assert found(report) == [("residents.csv", 1, "name", "header")]


def test_my_number_is_dropped_by_name_and_by_value(tmp_path: Path) -> None:
    for name, value in (("個人番号", ""), ("mynumber", "x"), ("MyNumber", ""), ("memo", "123456789018")):
        report = check(snapshot(tmp_path / f"s-{name.isascii() and name}", [(*row, value) for row in PEOPLE],
                                header=(*HEADER, name)))
        assert report.ok and f"residents.csv: {name}" in report.dropped
        assert (1, name, "my_number") in warned(report)
        assert all("123456789018" not in str(p) for p in report.warnings)


def test_a_known_column_full_of_my_numbers_does_not_enter(tmp_path: Path) -> None:
    report = check(snapshot(tmp_path / "s1", [changed(row, building="123456789018") for row in PEOPLE]))
    assert report.ok and report.dropped == ["residents.csv: building"]


def test_the_report_has_no_names(tmp_path: Path) -> None:
    rows = [changed(row, rel1="77", order_in_household="x", name="秘密　太郎", town="秘密町") for row in SATO]
    report = check(snapshot(tmp_path / "s1", rows))
    assert report.errors and not any("秘密" in str(p) for p in (*report.errors, *report.warnings))


def test_row_counts_and_short_rows(tmp_path: Path) -> None:
    report = check(snapshot(tmp_path / "s1", [*PEOPLE[:4], PEOPLE[4][:-2]]))
    assert found(report)[0] == ("residents.csv", 6, "", "columns")
    raw = table(HEADER, PEOPLE).encode()
    assert found(check(raw_snapshot(tmp_path / "s2", {"residents.csv": (raw, 6)})))[0][3] == "records"


@pytest.mark.parametrize(("key", "value"), [
    ("lg_code", "152049"), ("lg_code", 1), ("kind", "whole"), ("snapshot_id", "../x"), ("snapshot_id", ""),
    ("sequence", "1"), ("sequence", True), ("as_of", "11月20日"), ("fictitious", "yes"), ("content", "roll")])
def test_a_wrong_manifest_names_its_key(tmp_path: Path, key: str, value: object) -> None:
    report = check(snapshot(tmp_path / "s1", **{key: value}))
    assert ("manifest.toml", 0, key, "manifest") in found(report)


def test_manifest_forms(tmp_path: Path) -> None:
    folder = snapshot(tmp_path / "s1", lg_code=15204)
    text = (folder / "manifest.toml").read_text(encoding="utf-8").replace('"2026-11-20"', "2026-11-20")
    (folder / "manifest.toml").write_text("\ufeff" + text, encoding="utf-8")
    report = check(folder)
    assert report.ok and report.lg_code == LG_CODE and report.as_of == "2026-11-20"
    assert found(check(tmp_path / "nowhere")) == [("manifest.toml", 0, "", "missing")]


@given(st.dictionaries(
    st.sampled_from(["lg_code", "kind", "snapshot_id", "as_of", "sequence", "files", "base_snapshot",
                     "created_at"]),
    st.one_of(st.text(max_size=9), st.integers(), st.booleans(), st.none(), st.lists(st.integers()))))
def test_no_manifest_is_a_crash(values: dict[str, object]) -> None:
    report = Report()
    reading = manifest._Reading(report)
    reading.manifest(values, ("register",), "")
    assert report.errors


@pytest.mark.parametrize("name", sorted(broken.BROKEN))
def test_every_broken_fixture_that_stands_alone_has_errors(tmp_path: Path, name: str) -> None:
    report = check(broken.break_snapshot(name, tmp_path / name))
    assert report.ok == broken.BROKEN[name].needs_live


@pytest.mark.parametrize("name", sorted(broken.ODD))
def test_every_odd_fixture_is_fine(tmp_path: Path, name: str) -> None:
    assert check(broken.odd_snapshot(name, tmp_path / name)).ok


def test_check_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "tmp"
    place.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(place))
    check(snapshot(tmp_path / "s1"))
    assert list(place.iterdir()) == []
