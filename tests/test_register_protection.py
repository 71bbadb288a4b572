"""Protection that is not delivered, 個人番号 in groups, and old ends of files."""

from __future__ import annotations

from pathlib import Path

from register_ground import HEADER, LG_CODE, PEOPLE, SATO, FakeKeys, changed, raw_snapshot, snapshot, table

from sanjo_tui.numbers import is_my_number
from sanjo_tui.register import snapshot as snapshots
from sanjo_tui.register.lookup import Register

FLAGS = HEADER.index("suppress_flags")
SHIZU = PEOPLE[-1]


def without_flags(*rows: tuple[str, ...]) -> list[tuple[str, ...]]:
    return [row[:FLAGS] + row[FLAGS + 1:] for row in rows]


def rules(report: object) -> set[tuple[str, str]]:
    return {(p.column, p.rule) for p in report.warnings}  # type: ignore[attr-defined]


def test_a_file_without_flags_is_loaded_and_says_that_nobody_is_protected(tmp_path: Path) -> None:
    report = snapshots.check(snapshot(tmp_path / "s1", without_flags(*PEOPLE), header=without_flags(HEADER)[0]))
    assert report.ok and ("suppress_flags", "missing") in rules(report)
    assert ("suppress_flags", "missing") not in rules(snapshots.check(snapshot(tmp_path / "s2")))


def test_a_diff_without_flags_ends_no_protection(tmp_path: Path) -> None:
    directory, keys = tmp_path / "register", FakeKeys()
    snapshots.load(snapshot(tmp_path / "base"), directory, keys, lg_code=LG_CODE)
    header = (*without_flags(HEADER)[0], "change")
    moved = (changed(SHIZU, building="別棟"), changed(SATO[0], building="別棟"))
    rows = [(*row, "update") for row in without_flags(*moved)]
    snapshots.load(snapshot(tmp_path / "next", rows, header=header, cards=None, kind="diff", base_snapshot="base",
                            sequence=2), directory, keys, lg_code=LG_CODE)
    register = Register.open(directory, keys)
    assert register.protected_numbers() == {SHIZU[0]}
    taro = register.resident(SATO[0][0])
    assert taro is not None and not taro.protected and taro.building == "別棟"
    register.close()


def test_a_diff_with_flags_ends_a_protection(tmp_path: Path) -> None:
    directory, keys = tmp_path / "register", FakeKeys()
    snapshots.load(snapshot(tmp_path / "base"), directory, keys, lg_code=LG_CODE)
    snapshots.load(snapshot(tmp_path / "next", [(*changed(SHIZU, suppress_flags=""), "update")],
                            header=(*HEADER, "change"), cards=None, kind="diff", base_snapshot="base", sequence=2),
                   directory, keys, lg_code=LG_CODE)
    register = Register.open(directory, keys)
    assert register.protected_numbers() == frozenset()
    register.close()


def test_my_numbers_in_groups_are_dropped_too(tmp_path: Path) -> None:
    found = [number for n in range(1, 40) for c in range(10) if is_my_number(number := f"{n * 98765:011}{c}")]
    rows = [changed(row, building="-".join((number[:4], number[4:8], number[8:])))
            for row, number in zip(PEOPLE, found, strict=False)]
    report = snapshots.check(snapshot(tmp_path / "s1", rows))
    assert report.dropped == ["residents.csv: building"]


def test_several_0x1a_at_the_end_are_no_record(tmp_path: Path) -> None:
    data = table(HEADER, PEOPLE).encode("cp932")
    for name, end in (("s1", b"\x1a"), ("s2", b"\x1a" * 100)):
        assert snapshots.check(raw_snapshot(tmp_path / name, {"residents.csv": (data + end, len(PEOPLE))},
                                            encoding="cp932")).ok
