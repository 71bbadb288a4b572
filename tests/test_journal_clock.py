"""The hybrid clock only rises; the chain covers every field; events survive their JSON."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import BrokenChain, JournalError
from sanjo_tui.journal import chain, clock
from sanjo_tui.journal.chain import Head, canonical, follow, link
from sanjo_tui.journal.clock import Moment
from sanjo_tui.journal.codec import Codec
from sanjo_tui.journal.tables import Row
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.words import Category, Need, Stay, Via
from tests.journal_ground import LEDGERS, LOOSE, drill_keys

MS = st.integers(0, (1 << 47) - 1)


@given(st.lists(MS, min_size=1), st.lists(MS))
def test_the_clock_rises_whatever_the_wall_says(walls: list[int], others: list[int]) -> None:
    last = 0
    for at, wall in enumerate(walls):
        seen = max([last, *(o << 16 for o in others[:at])])
        now = clock.tick(last, seen, wall)
        assert now > last and now >= wall << 16
        assert now > seen or seen > (wall + clock.FOREIGN_AHEAD_MS) << 16
        last = now


def test_many_events_in_one_millisecond_stay_in_order() -> None:
    last = 0
    for _ in range(70_000):
        last, before = clock.tick(last, last, 1000), last
        assert last > before
    assert last >> 16 == 1001, "a full counter borrows from the next millisecond"


@pytest.mark.parametrize(("last", "present", "word"), [
    (None, Moment(0, 0, "a"), ""),
    (Moment(100_000, 0, "a"), Moment(100_000, 0, "a"), ""),
    (Moment(100_000, 0, "a"), Moment(99_000, 0, "a"), ""),
    (Moment(100_000, 0, "a"), Moment(90_000, 10**9, "a"), "前です"),
    (Moment(100_000, 0, "a"), Moment(90_000, 0, "b"), "前です"),
    (Moment(100_000, 0, "a"), Moment(160_000, 60 * 10**9, "a"), ""),
    (Moment(100_000, 0, "a"), Moment(10_000_000, 60 * 10**9, "a"), "急に進みました"),
    (Moment(100_000, 0, "a"), Moment(10_000_000, 0, "b"), "")])
def test_a_wrong_clock_is_told(last: Moment | None, present: Moment, word: str) -> None:
    told = clock.notice(last, present)
    assert (word in told) if word else not told


def test_the_machines_clocks() -> None:
    first, second = clock.now(), clock.now()
    assert first.boot == second.boot and first.mono_ns <= second.mono_ns and first.wall_ms > 1_600_000_000_000


# --- the chain


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@st.composite
def rows(draw: st.DrawFn) -> list[Row]:
    key, head, found = b"k" * 32, Head("A1", 0, chain.START), []
    for n in range(draw(st.integers(1, 6))):
        row = link(key, Row("A1", n + 1, bytes(16), n + 5, draw(MS), draw(MS), draw(TEXT), draw(TEXT), draw(TEXT),
                            draw(TEXT), draw(TEXT), 1, draw(TEXT | st.binary(max_size=20)), b"", b""), head.hash)
        head = Head("A1", row.seq, row.hash)
        found.append(row)
    return found


@given(rows())
def test_a_chain_follows(linked: list[Row]) -> None:
    assert follow(b"k" * 32, "A1", linked) == Head("A1", len(linked), linked[-1].hash)
    half = len(linked) // 2
    after = follow(b"k" * 32, "A1", linked[:half])
    assert follow(b"k" * 32, "A1", linked[half:], after=after).seq == len(linked)


@given(rows(), st.data())
def test_any_change_of_any_field_is_the_first_bad_row(linked: list[Row], data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(linked) - 1))
    name = data.draw(st.sampled_from([f.name for f in dataclasses.fields(Row)]))
    value = getattr(linked[at], name)
    new: object
    match value:
        case int():
            new = value + 1
        case bytes():
            new = value + b"x"
        case str():
            new = value + "x"
    broken = [*linked[:at], dataclasses.replace(linked[at], **{name: new}), *linked[at + 1:]]
    with pytest.raises(BrokenChain) as caught:
        follow(b"k" * 32, "A1", broken)
    assert caught.value.seq == at + 1


@given(rows())
def test_another_key_does_not_verify(linked: list[Row]) -> None:
    with pytest.raises(BrokenChain) as caught:
        follow(b"j" * 32, "A1", linked)
    assert caught.value.seq == 1


def test_text_and_sealed_bytes_are_never_taken_for_each_other() -> None:
    row = Row("A1", 1, bytes(16), 1, 1, 1, "b", "k", "", "s", "o", 1, b"\x00", b"", b"")
    as_text = dataclasses.replace(row, body='{"sealed":"00"}')
    assert canonical(row) != canonical(as_text)
    assert json.loads(canonical(row))[-1] == {"sealed": "00"}
    assert chain.in_groups("1a2b3c4d") == "1a2b 3c4d"


# --- events and their JSON


SEEN = st.builds(ev.Seen, name=TEXT, name_kana=TEXT, address=TEXT, order=st.integers(0, 99), protected=st.booleans())
EVENTS = st.one_of(
    st.builds(ev.Admitted, subject=TEXT, scope=TEXT, shelter=TEXT, household=TEXT, registration_no=TEXT, seen=SEEN,
              stay=st.sampled_from(Stay), category=st.sampled_from(Category), via=st.sampled_from(Via)),
    st.builds(ev.Supplemented, subject=TEXT, scope=TEXT, needs=st.none() | st.lists(st.sampled_from(Need)).map(tuple),
              injured=st.none() | st.booleans(), note=st.none() | TEXT),
    st.builds(ev.HouseholdNoted, subject=TEXT, scope=TEXT, home_damage=st.none() | st.lists(TEXT).map(tuple)),
    st.builds(ev.NumbersIssued, subject=TEXT, scope=TEXT, numbers=st.lists(TEXT, min_size=1).map(tuple)))


@given(event=EVENTS, sealed=st.booleans())
def test_events_survive_their_body(tmp_path_factory: pytest.TempPathFactory, event: ev.Admitted, sealed: bool) -> None:
    home = tmp_path_factory.getbasetemp() / "codec"
    home.mkdir(exist_ok=True)
    keys = drill_keys(home)
    event = dataclasses.replace(event, scope="E1" if sealed else "")
    if sealed:
        keys.make_scope_key("E1")
    codec = Codec(keys, LEDGERS, LOOSE)
    body = codec.body(event, "A1", 7)
    ledger = codec.ledger_of[event.kind]
    assert isinstance(body, bytes) == (sealed and ledger.sealed)    # openings and numbers name nobody
    row = Row("A1", 7, bytes(16), 9, 8, 7, "b", event.kind, event.scope, event.subject, "op", 7, body, b"", b"")
    recorded = codec.recorded(row)
    assert recorded.event == event and type(recorded.event) is type(event)
    assert (recorded.station, recorded.seq, recorded.hlc, recorded.at_ms, recorded.batch) == ("A1", 7, 9, 8, 7)


@pytest.mark.parametrize("body", ["", "{", "[]", '{"shelter": 1}', '{"unknown": "field"}'])
def test_a_body_of_a_known_kind_that_is_none_is_an_error_and_not_a_guess(tmp_path: Path, body: str) -> None:
    codec = Codec(drill_keys(tmp_path), LEDGERS, LOOSE)
    row = Row("A1", 7, bytes(16), 9, 8, 7, "b", "shelter.admitted", "", "1", "op", 7, body, b"", b"")
    with pytest.raises(JournalError, match="A1-7"):
        codec.recorded(row)


def test_a_field_of_a_newer_version_is_left_out(tmp_path: Path) -> None:
    codec = Codec(drill_keys(tmp_path), LEDGERS, LOOSE)
    event = ev.CameBack(subject="1", shelter="S1")
    body = json.dumps({**msgspec.to_builtins(event), "mood": "glad"})
    row = Row("A1", 7, bytes(16), 9, 8, 7, "b", event.kind, "", "1", "op", 7, body, b"", b"")
    assert codec.recorded(row).event == event
