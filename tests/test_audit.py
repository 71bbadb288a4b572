"""The audit: its questions as rules over events, the alarm, and the command from outside."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui import log
from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk, audit
from sanjo_tui.errors import NotAllowed, RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions import audit as rules
from sanjo_tui.receptions.lookups import ActDone, Alarm, Approved, LookedUp, Searched, Unmasked
from sanjo_tui.vault.roles import Role
from sanjo_tui.wareki import JST
from tests import desk as desks
from tests.operators_ground import FREE, PIN, SATO, Ground, at, build

NOON = int(dt.datetime(2026, 11, 24, 12, tzinfo=JST).timestamp() * 1000)
MINUTE = 60_000
Captured = pytest.CaptureFixture[str]


def recorded(event: Event, minute: float = 0, operator: str = "J01", seq: int = 1) -> Recorded:
    at_ms = int(NOON + minute * MINUTE)
    return Recorded("A1B2C3", seq, at_ms << 16 | seq, at_ms, operator, event)


def look(who: str, *others: str) -> LookedUp:
    return LookedUp(subject=who, via="card", shown=(who, *others))


class Received(Event):
    kind = "shelter.admitted"


def story(*events: tuple[Event, float, str]) -> list[Recorded]:
    return [recorded(event, minute, operator, seq) for seq, (event, minute, operator) in enumerate(events, 1)]


def numbers(lines: list[rules.Line]) -> list[int]:
    return [int(line.number.split("-")[1]) for line in lines]


# --- the questions


def test_a_look_up_is_followed_by_a_reception_of_the_same_operator_soon() -> None:
    events = story((look("1", "2"), 0, "J01"), (look("3"), 1, "J01"), (look("1"), 2, "J02"),
                   (Received(subject="2"), 5, "J01"), (look("2"), 6, "J01"), (Received(subject="3"), 30, "J01"))
    assert rules.followed(events) == {"A1B2C3-1": True, "A1B2C3-2": False, "A1B2C3-3": False, "A1B2C3-5": False}


def test_a_person_is_found_in_look_ups_searches_and_unmaskings() -> None:
    events = story((look("1", "2"), 0, "J01"), (Searched(subject="A", readings=("name",), listed=("5", "2")), 1, "J02"),
                   (look("9"), 2, "J01"), (Unmasked(subject="2", reason="check"), 3, "J01"),
                   (ActDone(subject="A", act="x", details={}), 4, "J01"))
    listed = rules.lines(events)
    assert numbers(rules.of_person(listed, frozenset({"2"}))) == [1, 2, 4]
    assert [line.reason for line in rules.of_person(listed, frozenset({"2"}))] == ["", "", "本人確認"]
    assert numbers(rules.of_operator(listed, "J02")) == [2]


@given(st.times(), st.times(), st.integers(0, 24 * 60 - 1))
def test_night_is_within_its_hours_past_midnight_too(start: dt.time, end: dt.time, minute: int) -> None:
    line = rules.line(recorded(look("1"), minute - 12 * 60))
    time = dt.datetime.fromisoformat(line.time).time()
    inside = bool(rules.at_night([line], start, end))
    outside = bool(rules.at_night([line], end, start))
    assert inside != outside or start == end
    assert inside == (start <= time < end if start < end else not end <= time < start)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(("J01", "J02")), st.booleans()), max_size=25),
       st.integers(1, 15), st.integers(2, 6))
def test_masses_are_what_any_window_says(looks: list[tuple[int, str, bool]], minutes: int, count: int) -> None:
    lines = []
    for seq, (minute, who, answered) in enumerate(sorted(looks), 1):
        lines.append(rules.line(recorded(look("1"), minute, who, seq), answered))
    found = set(numbers(rules.masses(lines, minutes, count)))
    expected = set()
    for start in range(41):
        for who in ("J01", "J02"):
            window = [seq for seq, (minute, operator, answered) in enumerate(sorted(looks), 1)
                      if operator == who and not answered and start <= minute < start + minutes]
            expected |= set(window) if len(window) >= count else set()
    assert found == expected


def test_what_waits_for_approval() -> None:
    events = story((Unmasked(subject="1", reason="check", approval="later"), 0, "J01"),
                   (Unmasked(subject="2", reason="check", verifier="K01"), 1, "J01"),
                   (Unmasked(subject="3", reason="check", approval="later"), 2, "J01"),
                   (Approved(subject="1", of="A1B2C3-1"), 3, "K01"))
    assert numbers(rules.unapproved(events)) == [3]


# --- the alarm


def watched(watch: rules.Watch, looks: int, start: float = 0) -> int:
    alarms = 0
    for n in range(looks):
        event = recorded(look(str(n)), start + n / 10)
        watch.feed(event)
        figure = watch.due("J01", event.at_ms)
        if figure:
            alarms += 1
            watch.feed(recorded(Alarm(subject="J01", what="lookups", figure=figure, minutes=10), start + n / 10))
    return alarms


def test_one_alarm_a_burst_and_again_for_the_next() -> None:
    watch = rules.Watch(30, 10)
    assert watched(watch, 29) == 0 and watched(watch, 60, 3) == 1 and watch.standing == 1
    assert watched(watch, 29, 60) == 0 and watched(watch, 31, 63) == 1
    watch.feed(recorded(ActDone(subject="A", act=rules.ASKING, details={"question": "mass"})))
    assert watch.standing == 0


def test_receptions_take_their_look_ups_away() -> None:
    watch = rules.Watch(5, 10)
    for n in range(50):
        watch.feed(recorded(look(str(n), f"{n}b"), n / 10))
        watch.feed(recorded(Received(subject=f"{n}b"), n / 10))
        assert watch.due("J01", NOON + n * MINUTE // 10) == 0
    assert rules.Watch(0, 10).due("J01", NOON) == 0


def alarms(desk: Desk) -> list[Event]:
    with desk.journal.view() as view:
        return [r.event for r in view.events(kinds=(Alarm.kind,))]


def test_the_desk_raises_it_once_across_processes_and_says_so_in_the_header(tmp_path: Path) -> None:
    for _ in range(3):
        desk = desks.desk(tmp_path / "home", alarm_lookups=6)
        for n in range(3):
            desk.log(look(str(n)))
        desk.close()
    desk = desks.desk(tmp_path / "home", alarm_lookups=6)
    assert [(e.subject, e.figure) for e in alarms(desk)] == [("op", 6)]  # type: ignore[attr-defined]
    now = dt.datetime(2026, 11, 24, 14, tzinfo=JST)
    assert any("照会" in warning for warning in desk.header(now).warnings)
    audit.ask(desk, "mass")
    assert not any("照会" in warning for warning in desk.header(now).warnings)
    desk.close()


# --- at the desk and from outside


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return build(tmp_path_factory.mktemp("station") / "home")


@pytest.fixture
def home(ground: Ground, tmp_path: Path) -> Iterator[Path]:
    home = ground.copy(tmp_path / "home")
    (tmp_path / "pin").write_text(PIN)
    yield home
    log.stop()


def run(home: Path, *words: str, who: str = "K01") -> int:
    return main(["--home", str(home), "--operator", who, "--operator-pin-file", str(home.parent / "pin"), *words])


def test_only_who_may_audit_sees_the_alarm_and_may_ask(home: Path) -> None:
    desk = at(home, Role.CLERK)
    for _ in range(30):
        desk.open_resident(FREE)
    now = dt.datetime(2026, 11, 24, 14, tzinfo=JST)
    assert not any("照会" in warning for warning in desk.header(now).warnings)
    with pytest.raises(NotAllowed):
        audit.ask(desk, "mass")
    desk.sign_on("K01", PIN)
    assert any("照会" in warning for warning in desk.header(now).warnings)
    paper = audit.ask(desk, "mass")
    assert len(paper.rows) >= 30 and paper.pdf().pages == 2
    desk.close()


@pytest.mark.parametrize("words", ["person " + SATO, "operator J01", "night --from 00:00 --to 23:59", "mass --count 1",
                                   "unlocks", "unapproved"])
def test_each_question_as_table_json_csv_and_pdf(words: str, home: Path, tmp_path: Path, capsys: Captured) -> None:
    assert run(home, "audit", *words.split()) == 0
    assert capsys.readouterr().out.rstrip().endswith("件。")
    assert run(home, "--json", "audit", *words.split()) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert run(home, "audit", *words.split(), "--out", str(tmp_path / "a.csv")) == 0
    written = list(csv.DictReader(io.StringIO((tmp_path / "a.csv").read_text(encoding="utf-8"))))
    assert len(rows) <= len(written) <= len(rows) + 3           # each question is a line of its own for the next one
    assert run(home, "audit", *words.split(), "--out", str(tmp_path / "a.pdf")) == 0
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")
    whole = json.dumps(rows, ensure_ascii=False)
    assert "佐藤" not in whole and "旭町" not in whole
    desk = at(home, Role.MANAGER)
    with desk.journal.view() as view:
        asked = [r.event for r in view.events(kinds=(ActDone.kind,))]
    assert sum(isinstance(e, ActDone) and e.act == rules.ASKING for e in asked) == 4
    desk.close()


def test_a_name_is_no_question(home: Path) -> None:
    desk = at(home, Role.MANAGER)
    before = desk.mark()
    for question, of in (("person", "佐藤　太郎"), ("operator", "佐藤")):
        with pytest.raises(RuleError):
            audit.ask(desk, question, of=of)
    with pytest.raises(RuleError):
        audit.ask(desk, "night", start="25:00")
    assert desk.mark() == before
    desk.close()


# --- the journal's end


def test_a_head_on_paper_is_found_or_missed_by_name(home: Path, tmp_path: Path, capsys: Captured) -> None:
    shutil.copytree(home, tmp_path / "image")
    assert run(home, "--json", "audit", "anchors") == 0
    first = json.loads(capsys.readouterr().out)["heads"][0]
    number = f"{first['station']}-{first['seq']}"
    assert run(home, "audit", "anchors", "--head", first["hash"][:4] + " " + first["hash"][4:8]) == 0
    assert number in capsys.readouterr().out
    image = tmp_path / "image"
    (image.parent / "pin").write_text(PIN)
    assert run(image, "audit", "anchors", "--head", first["hash"]) == 1
    assert "末尾は今の記録にありません" in capsys.readouterr().err
    assert run(image, "audit", "anchors", "--head", first["hash"], "--number", number.split("-")[0] + "-99999") == 1
    assert "後ろが切られています" in capsys.readouterr().err
    assert run(image, "audit", "anchors", "--head", first["hash"], "--number", number) == 1
    assert "古い控え" in capsys.readouterr().err
    assert run(image, "audit", "anchors", "--head", "佐藤") == 1


def test_the_end_that_closing_a_shelter_says_is_found_again(home: Path, capsys: Captured) -> None:
    assert run(home, "shelter", "close", "--transfer") == 0
    said = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("記録の末尾"))
    number, groups = said.split()[1], said.split("　")[0].split(maxsplit=2)[2]
    assert run(home, "audit", "anchors", "--head", groups, "--number", number) == 0
    assert number in capsys.readouterr().out
