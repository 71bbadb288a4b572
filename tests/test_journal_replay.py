"""What follows from the events: the same by writing along, by rebuilding, and in whatever order journals are joined."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanjo_tui.errors import BrokenChain, ClaimTaken, JournalError, RuleError
from sanjo_tui.journal.events import Claim, Event, Reversal, Unread
from sanjo_tui.journal.tables import Row
from sanjo_tui.journal.writer import Journal
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.state import EPISODES, PEOPLE
from sanjo_tui.receptions.shelter.words import Exit, Need, State
from tests.journal_ground import (
    LEDGERS,
    LOOSE,
    TRAILS,
    Put,
    Returned,
    Taken,
    admitted,
    create,
    drill_keys,
    hands,
    kept_of,
    put,
    reopen,
)

ACTS = st.lists(st.tuples(st.sampled_from(["put", "erase", "take", "return", "reverse", "admit", "leave", "depart"]),
                          st.integers(0, 3), st.integers(0, 30)), max_size=25)
FEW = settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])


def act(journal: Journal, kind: str, who: int, number: int) -> None:
    """One act; what the rules or claims refuse is simply not recorded."""
    subject = f"{who:015d}"
    events: dict[str, Event] = {
        "put": Put(subject=subject, value=str(number)), "erase": Put(subject=subject, value="erase"),
        "take": Taken(subject=subject), "return": Returned(subject=subject), "admit": admitted(who),
        "leave": ev.WentOut(subject=subject, scope="E1", shelter="S1"),
        "depart": ev.Departed(subject=subject, scope="E1", shelter="S1", exit_to=Exit.HOME)}

    def decide(view: Any) -> Sequence[Event]:
        if kind != "reverse":
            return (events[kind],)
        target = view.event(journal.station, number)
        if target is None:
            return ()
        return (Reversal(subject=target.event.subject, scope=target.event.scope, of_station=journal.station,
                         of_seq=number, reason="x"),)
    try:
        journal.record("op", decide)
    except (ClaimTaken, RuleError):
        return


def rows_of(journal: Journal) -> list[Row]:
    with journal.view() as view:
        return list(view.rows())


def state_of(journal: Journal) -> tuple[Any, ...]:
    with journal.view() as view:
        claims = {(c, s): view.holder(Claim(c, s)) for c, s in view._all("SELECT scope, subject FROM claim", ())}
        return kept_of(journal), claims, view.reversals()


@FEW
@given(ACTS)
def test_written_along_equals_rebuilt(acts: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        journal = create(Path(folder))
        for one in acts:
            act(journal, *one)
        before = state_of(journal)
        journal.verify()
        journal.rebuild()
        assert state_of(journal) == before
        journal.verify()
        journal.close()


@FEW
@given(ACTS, ACTS, st.randoms(use_true_random=False), st.integers(0, 5))
def test_joining_journals_in_any_order_gives_the_same(here: list[Any], there: list[Any], chosen: Any,
                                                      shift: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        homes = [Path(folder) / name for name in "ABXY"]
        for home in homes:
            home.mkdir()
        start = 1_700_000_000_000
        sources = [create(homes[0], "A1", moment=hands(*range(start, start + 40))),
                   create(homes[1], "B2", moment=hands(*range(start + shift, start + shift + 40)))]
        for journal, acts in zip(sources, (here, there), strict=True):
            for one in acts:
                act(journal, *one)
        rows = [rows_of(journal) for journal in sources]
        keys = [journal.keys.chain_key for journal in sources]
        first, second = create(homes[2], "X9"), create(homes[3], "Y9")
        first.absorb(rows[0], keys[0])
        first.absorb(rows[1], keys[1])
        for part in (1, 0):
            cut = chosen.randrange(len(rows[part]) + 1)
            bundles = [rows[part][:cut], rows[part][cut // 2:]]
            for bundle in bundles:
                again = [*bundle, *bundle[:2]]
                chosen.shuffle(again)
                second.absorb(again, keys[part])
        assert second.absorb(rows[0], keys[0]) == 0
        assert state_of(first) == state_of(second)
        assert first.verify().count == second.verify().count == len(rows[0]) + len(rows[1])
        for journal in (*sources, first, second):
            journal.close()


def test_a_twin_claim_of_two_stations_goes_to_the_earlier(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in "AB"]
    for home in homes:
        home.mkdir()
    one = create(homes[0], "A1", moment=hands(2_000_000))
    two = create(homes[1], "B2", moment=hands(1_000_000))
    for journal in (one, two):
        journal.record("op", lambda _: (Taken(subject="vote"),))
    one.absorb(rows_of(two), two.keys.chain_key)
    with one.view() as view:
        assert view.holder(Claim("test", "vote")) == ("B2", 1)
        assert view.count() == 2
        assert view.record_of(TRAILS, "", "vote").values == ("test.taken", "test.taken")
    assert one.rebuild().losers == [(Claim("test", "vote"), ("A1", 1))]
    put(one, "a", "1")
    assert one.verify().count == 3
    one.close()
    two.close()


def test_another_stations_rows_must_follow_and_must_not_contradict(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in "ABC"]
    for home in homes:
        home.mkdir()
    there, here, fork = create(homes[0], "B2"), create(homes[1], "A1"), create(homes[2], "B2")
    for n in range(4):
        put(there, "a", str(n))
        put(fork, "a", f"other {n}")
    rows, key = rows_of(there), there.keys.chain_key
    with pytest.raises(BrokenChain) as caught:
        here.absorb([rows[0], rows[2]], key)
    assert caught.value.seq == 2
    with pytest.raises(BrokenChain):
        here.absorb(rows, fork.keys.chain_key)
    assert here.absorb(rows[:2], key) == 2
    with pytest.raises(BrokenChain) as caught:
        here.absorb(rows_of(fork), key)
    assert caught.value.seq == 1
    with pytest.raises(JournalError, match="取り込めません"):
        there.absorb(rows, key)
    assert here.absorb(rows, key) == 2 and here.verify().count == 4
    for journal in (there, here, fork):
        journal.close()


def test_a_clock_far_ahead_elsewhere_does_not_pull_ours_along(tmp_path: Path) -> None:
    homes = [tmp_path / name for name in "AB"]
    for home in homes:
        home.mkdir()
    now = 1_700_000_000_000
    here = create(homes[0], "A1", moment=hands(now))
    near, far = now + 60_000, now + 48 * 3_600_000
    there = create(homes[1], "B2", moment=hands(near, near, far))
    put(there, "a", "near")
    here.absorb(rows_of(there), there.keys.chain_key)
    after = put(here, "a", "mine")
    assert after.hlc > near << 16, "what we saw before comes before"
    put(there, "a", "far")
    here.absorb(rows_of(there), there.keys.chain_key)
    assert put(here, "a", "mine too").hlc < far << 16
    here.verify()
    here.close()
    there.close()


def test_events_of_a_newer_version_are_carried_listed_and_not_folded(tmp_path: Path) -> None:
    journal = create(tmp_path)
    put(journal, "a", "1")
    journal.record("op", lambda _: (Taken(subject="new"),))
    journal.close()
    older = Journal.open(tmp_path / "journal.db", drill_keys(tmp_path), "A1", LEDGERS[:-1], LOOSE, reserve_mb=0)
    with older.view() as view:
        listed = list(view.events())
        assert [r.event.kind for r in listed] == ["test.put", "test.taken"]
        assert all(isinstance(r.event, Unread) and r.event.reason == "unknown" for r in listed)
        assert view.holder(Claim("test", "new")) == ("A1", 2)
    with pytest.raises(RuleError):
        older.record("op", lambda _: (Reversal(subject="a", of_station="A1", of_seq=1, reason="x"),))
    older.rebuild()
    assert older.verify().unknown == 2
    with older.view() as view:
        assert view.holder(Claim("test", "new")) == ("A1", 2), "a claim is never lost by rebuilding"
    older.close()
    journal = reopen(tmp_path)
    journal.rebuild()
    with journal.view() as view:
        assert view.record_of(TRAILS, "", "a").values == ("1",)
    journal.close()


def test_a_new_version_derives_anew_when_it_opens(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    journal = create(tmp_path)
    put(journal, "a", "1")
    journal._on_writer(lambda: journal._writer.execute("UPDATE kept SET value = '{\"old\": \"form\"}'"))
    with journal.view() as view, pytest.raises(JournalError, match="rebuild"):
        view.record_of(TRAILS, "", "a")
    journal.close()
    monkeypatch.setattr("sanjo_tui.journal.writer.__version__", "99.0")
    journal = reopen(tmp_path)
    with journal.view() as view:
        assert view.record_of(TRAILS, "", "a").values == ("1",)
    journal.verify()
    journal.close()


def test_a_shelters_day_is_kept_as_it_is_replayed(tmp_path: Path) -> None:
    journal = create(tmp_path)
    journal.keys.make_scope_key("E1")
    who = [f"{n:015d}" for n in range(4)]
    opened = ev.ShelterOpened(subject="S1", scope="E1", name="嵐南小学校", capacity=300)
    days: list[Sequence[Event]] = [
        (opened,), tuple(admitted(n) for n in range(3)), (ev.WentOut(subject=who[1], scope="E1", shelter="S1"),),
        (ev.Supplemented(subject=who[0], scope="E1", needs=(Need.CARE, Need.OTHER), disclose_kin=True),),
        (ev.CameBack(subject=who[1], scope="E1", shelter="S1"),),
        (ev.HouseholdNoted(subject="H1", scope="E1", phone="0256-00-0000", home_damage=("屋根",)),),
        (ev.NumbersIssued(subject="S1", scope="E1", numbers=("A1-0100-1", "A1-0101-9")),),
        (ev.Departed(subject=who[2], scope="E1", shelter="S1", exit_to=Exit.RELATIVES),)]
    for day in days:
        journal.record("五十嵐", lambda _, d=day: d)  # type: ignore[misc]
    before = state_of(journal)
    with journal.view() as view:
        states = [view.record_of(PEOPLE, "E1", one) for one in who]
        assert [p.state if p else None for p in states] == [State.INSIDE, State.INSIDE, State.DEPARTED, None]
        assert states[0].needs == (Need.CARE, Need.OTHER) and states[0].disclose_kin
        assert view.record_of(EPISODES, "E1", "S1").last_number == "A1-0101-9"
        assert view.last_claim(ev.NUMBER_ISSUED, "A1-") == "A1-0101-9"
    journal.rebuild()
    assert state_of(journal) == before
    journal.close()
