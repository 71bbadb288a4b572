"""申請データ一覧: every business day, nothing twice or lost, the same bytes again, nobody's protected address."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.desk.library import lists
from sanjo_tui.documents.library import daily_list
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.rows import day_of, row_of, uncovered
from sanjo_tui.receptions.library.words import ProtectedRow
from sanjo_tui.workdays import is_business_day
from tests.library_ground import HOMMA, IKARASHI, KUMAKURA, PROTECTED, SAMPLE, SATO, Days, issue, library, link_of


@pytest.fixture
def out(tmp_path: Path) -> Path:
    place = tmp_path / "share"
    place.mkdir()
    return place


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Desk, Days]]:
    """A desk whose set-up was loaded on Friday 2026-11-20."""
    desk = library(tmp_path / "home", on="2026-11-20")
    days = Days(desk, monkeypatch)
    days.at("2026-11-20", "09:00")
    yield desk, days
    desk.close()


def rows(out: Path, day: str) -> list[dict[str, str]]:
    data = (out / f"library-list-{day}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(data)))


def names(out: Path) -> list[str]:
    return sorted(path.name for path in out.iterdir())


def test_one_day(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO, web_use=True)
    days.at("2026-11-20", "11:00")
    issue(desk, IKARASHI)
    days.at("2026-11-24", "06:00")                    # Monday was 勤労感謝の日
    written = desk.library.write_lists(out)
    assert [(one.day.isoformat(), one.list_seq, one.rows, one.again) for one in written] == [
        ("2026-11-20", 1, 2, False)]
    assert names(out) == [f"library-list-2026-11-20.{end}" for end in ("csv", "pdf", "sha256")]
    listed = rows(out, "2026-11-20")
    assert [(r["change_kind"], r["library_card_no"], r["applied_on"], r["web_use"]) for r in listed] == [
        ("新規", "3100001", "2026-11-20", "1"), ("更新", "3100003", "2026-11-20", "0")]
    assert tuple(listed[0]) == daily_list.COLUMNS and listed[0]["name"] and listed[0]["address"]
    for line in (out / "library-list-2026-11-20.sha256").read_text().splitlines():
        digest, name = line.split()
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    text = "".join(PdfReader(out / "library-list-2026-11-20.pdf").pages[0].extract_text().split())
    assert "申請データ一覧" in text and "Ｒ8.11.20" in text and "3100001" in text and "1/1頁" in text and "2件" in text
    assert all(path.stat().st_mode & 0o077 == 0 for path in out.iterdir())


def test_a_day_without_applications_has_a_list_too(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    days.at("2026-11-24", "06:00")
    assert [(one.rows, one.list_seq) for one in desk.library.write_lists(out)] == [(0, 1)]
    assert rows(out, "2026-11-20") == []
    assert "０件" in PdfReader(out / "library-list-2026-11-20.pdf").pages[0].extract_text()


def test_missed_days_are_caught_up_and_holidays_go_to_the_next_list(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-22")                             # a Sunday opening
    issue(desk, HOMMA)
    days.at("2026-11-25")
    issue(desk, KUMAKURA)
    days.at("2026-11-27", "06:00")
    assert desk.library.missing(dt.date(2026, 11, 26)) == (dt.date(2026, 11, 20), dt.date(2026, 11, 24),
                                                           dt.date(2026, 11, 25), dt.date(2026, 11, 26))
    assert len(desk.library.late(days.now)) == 3, "the list of the 26th is due at nine"
    days.at("2026-11-27", "09:00")
    assert len(desk.library.late(days.now)) == 4 and "申請データ一覧 4日分なし" in desk.library.notices()
    written = desk.library.write_lists(out)
    assert [(one.day.isoformat(), one.list_seq, one.rows) for one in written] == [
        ("2026-11-20", 1, 1), ("2026-11-24", 2, 1), ("2026-11-25", 3, 1), ("2026-11-26", 4, 0)]
    assert rows(out, "2026-11-24")[0]["applied_on"] == "2026-11-22"
    assert desk.library.late(days.now) == () and not any("一覧" in one for one in desk.library.notices())


def test_what_comes_after_the_list_of_its_day_stands_on_the_next(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    desk.library.write_lists(out, day=dt.date(2026, 11, 20))
    days.at("2026-11-20", "17:40")
    issue(desk, HOMMA)
    days.at("2026-11-25", "06:00")
    written = desk.library.write_lists(out)
    assert [(one.day.isoformat(), one.rows) for one in written] == [("2026-11-24", 1)]
    assert rows(out, "2026-11-24")[0]["applied_on"] == "2026-11-20"


def test_twice_is_once(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-24", "06:00")
    desk.library.write_lists(out)
    before = {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.iterdir()}
    days.at("2026-11-24", "06:05")
    again = desk.library.write_lists(out)
    assert [(one.again, one.changed) for one in again] == [(True, False)]
    assert before == {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in out.iterdir()}
    with desk.journal.view() as view:
        assert view.count(kinds=(ev.ListWritten.kind,)) == 1


def test_any_past_day_is_made_again_byte_for_byte(ground: tuple[Desk, Days], out: Path, tmp_path: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-24")
    issue(desk, HOMMA)
    days.at("2026-11-27", "06:00")
    desk.library.write_lists(out)
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    later = tmp_path / "later"
    later.mkdir()
    days.at("2027-02-01")
    link = link_of(desk, SATO)
    desk.library.suspend(link.addressee_no, "紛失")
    for day in (20, 24, 25, 26):
        desk.library.write_lists(later, day=dt.date(2026, 11, day))
    assert before == {path.name: path.read_bytes() for path in later.iterdir()} and len(before) == 12


def test_files_that_were_lost_in_a_crash_are_put_back(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-24", "06:00")
    desk.library.write_lists(out)
    whole = (out / "library-list-2026-11-20.pdf").read_bytes()
    (out / "library-list-2026-11-20.pdf").write_bytes(whole[:100])
    (out / "library-list-2026-11-20.sha256").unlink()
    desk.library.write_lists(out)
    assert (out / "library-list-2026-11-20.pdf").read_bytes() == whole and len(names(out)) == 3


def test_a_full_folder_says_so_and_the_next_run_finishes(ground: tuple[Desk, Days], out: Path,
                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-24", "06:00")

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "no space")

    with monkeypatch.context() as patch:
        patch.setattr(lists, "replace_file", full)
        with pytest.raises(PrintError, match="書けません"):
            desk.library.write_lists(out)
    assert names(out) == []
    written = desk.library.write_lists(out)
    assert [(one.rows, one.again, one.changed) for one in written] == [(1, True, False)] and len(names(out)) == 3


def test_suspensions_and_changes_are_rows_更新(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    desk.library.suspend(link_of(desk, SATO).addressee_no, "紛失")
    days.at("2026-11-24", "06:00")
    desk.library.write_lists(out)
    assert [(r["change_kind"], r["note"]) for r in rows(out, "2026-11-20")] == [
        ("新規", ""), ("更新", "紛失・利用停止")]


def test_what_was_taken_back_is_not_listed(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    desk.library.undo(desk.library.undoable()[0].number, "人違い")
    days.at("2026-11-24", "06:00")
    assert desk.library.write_lists(out)[0].rows == 0


@pytest.mark.parametrize(("how", "name", "listed"), [("number", False, True), ("name", True, True),
                                                     ("left_out", False, False)])
def test_a_protected_person(ground: tuple[Desk, Days], out: Path, how: str, name: bool, listed: bool) -> None:
    desk, days = ground
    desk.library.load(SAMPLE.replace('protected_row = "number"', f'protected_row = "{how}"').encode())
    person = link_of(desk, PROTECTED).addressee_no
    desk.release(person, "reception")
    issue(desk, PROTECTED)
    days.at("2026-11-24", "06:00")
    assert desk.library.write_lists(out)[0].rows == int(listed)
    found = rows(out, "2026-11-20")
    assert [(bool(row["name"]), row["address"], row["library_card_no"]) for row in found] == (
        [(name, "", "3100001")] if listed else [])
    assert all("支援" not in value for row in found for value in row.values())


def test_who_is_protected_later_has_no_address_on_an_old_list(ground: tuple[Desk, Days], out: Path,
                                                              monkeypatch: pytest.MonkeyPatch) -> None:
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-24", "06:00")
    desk.library.write_lists(out)
    address = rows(out, "2026-11-20")[0]["address"]
    person = link_of(desk, SATO).addressee_no
    monkeypatch.setattr(type(desk), "protected", lambda self: frozenset({person}))
    again = desk.library.write_lists(out, day=dt.date(2026, 11, 20))
    assert again[0].changed and rows(out, "2026-11-20")[0]["address"] == "" and address
    assert address not in (out / "library-list-2026-11-20.csv").read_text(encoding="utf-8")


@pytest.mark.parametrize("day", [dt.date(2026, 11, 22), dt.date(2026, 11, 23), dt.date(2026, 12, 29),
                                 dt.date(2027, 3, 1), dt.date(2026, 11, 19)])
def test_days_without_a_list_are_refused(ground: tuple[Desk, Days], out: Path, day: dt.date) -> None:
    desk, days = ground
    days.at("2027-01-05")
    with pytest.raises(RuleError):
        desk.library.write_lists(out, day=day)


def test_the_folder_must_be_there_and_outside(ground: tuple[Desk, Days], out: Path) -> None:
    desk, _ = ground
    with pytest.raises(PrintError):
        desk.library.write_lists(out / "missing")
    with pytest.raises(PrintError):
        desk.library.write_lists(desk.station.home)


def test_a_list_prints_and_exports_as_it_was(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-24", "06:00")
    desk.library.write_lists(out)
    paper = desk.library.paper("library.list", day="2026-11-20")
    assert [row["library_card_no"] for row in paper.records()] == ["3100001"]
    assert paper.csv().encode() == (out / "library-list-2026-11-20.csv").read_bytes()
    with pytest.raises(RuleError):
        desk.library.paper("library.list", day="2026-11-24")
    with pytest.raises(RuleError):
        desk.library.paper("library.list", day="x")


def test_a_character_that_the_library_cannot_read_is_a_geta(ground: tuple[Desk, Days], out: Path) -> None:
    desk, days = ground
    desk.library.load(SAMPLE.replace('csv_encoding = "utf-8"', 'csv_encoding = "cp932"').encode())
    assert desk.register is not None
    rare = next(one for one in desk.register.everyone() if one.living and not one.protected
                and _outside_cp932(one.name))
    desk.library.issue(rare.addressee_no, verified_by=VerifiedBy.PHOTO_ID)
    days.at("2026-11-24", "06:00")
    desk.library.write_lists(out)
    data = (out / "library-list-2026-11-20.csv").read_bytes().decode("cp932")
    assert "〓" in data


def _outside_cp932(text: str) -> bool:
    try:
        text.encode("cp932")
    except UnicodeEncodeError:
        return True
    return False


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 20), st.booleans()), max_size=30), st.sets(st.integers(0, 22)))
def test_every_event_stands_on_exactly_one_list(events: list[tuple[int, bool]], runs: set[int]) -> None:
    """Whatever days the timer ran on: covered once, never before its day, nothing left after the last run."""
    first = dt.datetime(2026, 12, 21, 10, tzinfo=dt.UTC)
    recorded = [Recorded("A", n, n, int((first + dt.timedelta(days=day)).timestamp() * 1000), "op",
                         ev.NumberIssued(subject=str(n), reception_no="", number="1", name="x", protected=protected))
                for n, (day, protected) in enumerate(sorted(events))]
    done: set[str] = set()
    covered: set[str] = set()
    for run in sorted(runs | {24}):
        today = (first + dt.timedelta(days=run)).date()
        known = [one for one in recorded if day_of(one) <= today]
        for back in range(40, -1, -1):
            day = today - dt.timedelta(days=back)
            if day.isoformat() in done or not is_business_day(day):
                continue
            listed = uncovered(known, covered, day)
            assert all(day_of(one) <= day for one in listed)
            assert not covered & {one.number for one in listed}
            covered |= {one.number for one in listed}
            done.add(day.isoformat())
    assert covered == {one.number for one in recorded if day_of(one) <= (first + dt.timedelta(days=24)).date()}


def test_no_row_ever_has_a_protected_address() -> None:
    event = ev.HolderChanged(subject="1", number="1234567", what="転居", name="佐藤", address="旭町１")
    recorded = Recorded("A", 1, 1, 0, "op", event)
    for how in ProtectedRow:
        row = row_of(recorded, {"1"}, how)
        assert row is None or row.address == ""
    quiet = replace(event, what="", protected=True)
    assert row_of(Recorded("A", 1, 1, 0, "op", quiet), (), ProtectedRow.NAME) is None, "that somebody is protected"


# --- the command


def test_the_command_for_a_timer(tmp_path: Path, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    desk = library(tmp_path / "home")
    issue(desk, SATO)
    stations.write(desk.station)
    desk.close()
    home = ["--home", str(tmp_path / "home")]
    assert main([*home, "library", "status", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["remaining"] == 159 and told["missing"] == [] and told["waiting"] == 0
    assert main([*home, "library", "list", "--out", str(out)]) == 0
    assert "出していない一覧はありません" in capsys.readouterr().out
    assert main([*home, "library", "list", "--date", "2026-02-30", "--out", str(out)]) == 2
    assert main([*home, "library", "list", "--date", "2020-01-01", "--out", str(out)]) == 1
    assert main([*home, "library", "send"]) == 0
    assert main([*home, "library", "check", str(Path(__file__).parent.parent / "fixtures" / "library")]) == 0
    broken = tmp_path / "broken.toml"
    broken.write_text("modes = []\n", encoding="utf-8")
    capsys.readouterr()
    assert main([*home, "library", "check", str(broken)]) == 1
    out_text, err = capsys.readouterr()
    assert "library.toml: modes" in out_text and "直すまで読み込めません" in err
    assert main([*home, "library", "load", str(broken)]) == 1
    assert main([*home, "library", "check", str(tmp_path / "nothing")]) == 1


def test_no_half_file_is_ever_seen(ground: tuple[Desk, Days], out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every name in the folder appears by a rename of a file that was synced."""
    desk, days = ground
    issue(desk, SATO)
    days.at("2026-11-24", "06:00")
    done: list[str] = []
    sync, rename = os.fsync, Path.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (done.append("sync"), sync(fd))[1])
    monkeypatch.setattr(Path, "replace", lambda self, to: (done.append(f"rename {Path(to).name}"), rename(self, to))[1])
    desk.library.write_lists(out)
    mine = [step for step in done if step == "sync" or step.startswith("rename library-list")]
    for at, step in enumerate(mine):
        if step.startswith("rename"):
            assert mine[at - 1] == "sync"
    assert [step for step in mine if step.startswith("rename")][-1].endswith(".sha256")
