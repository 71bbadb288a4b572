"""One transaction a reception: what is written, what is refused, and who may read meanwhile."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from sanjo_tui.errors import ClaimTaken, JournalError, RuleError
from sanjo_tui.journal.events import Claim, Event, Reversal
from sanjo_tui.journal.view import View
from sanjo_tui.journal.writer import Journal
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.state import EPISODES, PEOPLE
from sanjo_tui.receptions.shelter.words import State
from tests.journal_ground import (
    LEDGERS,
    LOOSE,
    TRAILS,
    Looked,
    Put,
    Returned,
    Taken,
    admit,
    admitted,
    create,
    drill_keys,
    hands,
    put,
    reopen,
)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    one = create(tmp_path)
    yield one
    one.close()


def test_a_family_is_one_transaction_and_one_batch(journal: Journal) -> None:
    family = journal.record("五十嵐", lambda _: [admitted(n) for n in (1, 2, 3)])
    assert [r.seq for r in family] == [1, 2, 3] and {r.batch for r in family} == {1}
    assert [r.number for r in family] == ["A1-1", "A1-2", "A1-3"]
    with journal.view() as view:
        inside = list(view.records(PEOPLE, "E1"))
        assert [p.state for p in inside] == [State.INSIDE] * 3
        assert [p.recorded_by for p in inside] == ["五十嵐"] * 3
        assert list(view.events()) == list(family)
        assert view.count(scope="E1", kinds=("shelter.admitted",)) == 3 and view.count(scope="E2") == 0


def test_nothing_decided_is_nothing_written(journal: Journal) -> None:
    assert journal.record("op", lambda _: ()) == ()
    with journal.view() as view:
        assert view.last() is None and view.mark() == 0


def test_what_decide_raises_comes_out_and_nothing_is_written(journal: Journal) -> None:
    def decide(view: View) -> Sequence[Event]:
        raise RuleError("だめです。")

    with pytest.raises(RuleError, match="だめ"):
        journal.record("op", decide)
    assert put(journal, "a", "1").seq == 1


def test_decide_reads_what_stands_inside_the_transaction(journal: Journal) -> None:
    def next_number(view: View) -> Sequence[Event]:
        record = view.record_of(TRAILS, "", "count")
        return (Put(subject="count", value=str(len(record.values) if record else 0)),)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: journal.record("op", next_number), range(40)))
    with journal.view() as view:
        assert view.record_of(TRAILS, "", "count").values == tuple(str(n) for n in range(40))


def test_decide_must_not_record_again(journal: Journal) -> None:
    with pytest.raises(RuntimeError, match="own transaction"):
        journal.record("op", lambda _: journal.record("op", lambda _: ()))  # type: ignore[arg-type, return-value]
    assert put(journal, "a", "1").seq == 1


def test_a_view_is_over_when_its_block_is(journal: Journal) -> None:
    for n in range(600):
        put(journal, "a", str(n)) if n < 3 else None
    with journal.view() as view:
        begun = view.events()
        next(begun)
    with pytest.raises(JournalError):
        list(begun)
    with pytest.raises(JournalError):
        view.last()


def test_a_view_does_not_move_while_others_write(journal: Journal) -> None:
    put(journal, "a", "1")
    with journal.view() as view:
        assert view.count() == 1
        put(journal, "a", "2")
        assert view.count() == 1 and len(list(view.events())) == 1
    with journal.view() as view:
        assert view.count() == 2


def test_views_from_many_threads_while_one_writes(journal: Journal) -> None:
    stop, seen = threading.Event(), []

    def look() -> None:
        while not stop.is_set():
            with journal.view() as view:
                count = view.count()
                seen.append(count == sum(len(t.values) for t in view.records(TRAILS, "")))
    readers = [threading.Thread(target=look) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(60):
        put(journal, str(n % 3), str(n))
    stop.set()
    for reader in readers:
        reader.join(20)
    assert seen and all(seen)


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="open descriptors are counted in /proc")
def test_threads_that_looked_leave_nothing_open(journal: Journal) -> None:
    put(journal, "a", "1")

    def look() -> None:
        with journal.view() as view:
            view.count()

    def opened() -> int:
        return len([p for p in Path("/proc/self/fd").iterdir() if "journal.db" in str(p.resolve())])
    for _ in range(3):
        threads = [threading.Thread(target=look) for _ in range(20)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(20)
    held = opened()
    journal.close()
    assert 0 < held < 25 and opened() == 0


def test_a_look_cannot_write(journal: Journal) -> None:
    with journal._reader() as connection, pytest.raises(dbapi2.OperationalError, match="readonly"):
        connection.execute("DELETE FROM claim")


def test_claims_are_taken_once(journal: Journal) -> None:
    first = journal.record("op", lambda _: (Taken(subject="vote"),))[0]
    with pytest.raises(ClaimTaken) as caught:
        journal.record("op", lambda _: (Put(subject="x", value="1"), Taken(subject="vote")))
    assert caught.value.holder == ("A1", first.seq) and caught.value.subject == "vote"
    with journal.view() as view:
        assert view.count() == 1 and view.record_of(TRAILS, "", "x") is None
        assert view.holder(Claim("test", "vote")) == ("A1", 1)
        assert view.holder(Claim("test", "none")) is None


def test_two_of_the_same_in_one_transaction_are_refused_too(journal: Journal) -> None:
    with pytest.raises(ClaimTaken):
        journal.record("op", lambda _: (Taken(subject="vote"), Taken(subject="vote")))
    with journal.view() as view:
        assert view.count() == 0


def test_a_reversal_takes_back_state_and_claims(journal: Journal) -> None:
    put(journal, "v", "before")
    taken = journal.record("op", lambda _: (Taken(subject="v"),))[0]
    back = Reversal(subject="v", of_station="A1", of_seq=taken.seq, reason="まちがい")
    journal.record("op", lambda _: (back,))
    with journal.view() as view:
        assert view.record_of(TRAILS, "", "v").values == ("before",)
        assert view.is_reversed("A1", taken.seq) and not view.is_reversed("A1", 1)
        assert view.holder(Claim("test", "v")) is None
        assert view.reversals() == {("A1", 2): ("A1", 3)}
    journal.record("op", lambda _: (Taken(subject="v"),))
    with pytest.raises(RuleError, match="もう取り消され"):
        journal.record("op", lambda _: (back,))


@pytest.mark.parametrize("wrong", [
    Reversal(subject="b", of_station="A1", of_seq=1, reason="x"),
    Reversal(subject="a", of_station="A1", of_seq=9, reason="x"),
    Reversal(subject="a", of_station="B2", of_seq=1, reason="x"),
    Reversal(subject="a", scope="E9", of_station="A1", of_seq=1, reason="x"),
    Reversal(subject="a", of_station="A1", of_seq=3, reason="x")])
def test_what_cannot_be_reversed(journal: Journal, wrong: Reversal) -> None:
    put(journal, "a", "1")
    put(journal, "a", "2")
    journal.record("op", lambda _: (Reversal(subject="a", of_station="A1", of_seq=2, reason="x"),))
    with pytest.raises(RuleError):
        journal.record("op", lambda _: (wrong,))
    with journal.view() as view:
        assert view.count() == 3


def test_a_first_admission_that_is_reversed_leaves_no_record(journal: Journal) -> None:
    one = admit(journal, 1)
    journal.record("op", lambda _: (Reversal(subject=one.event.subject, scope="E1", of_station="A1", of_seq=1,
                                             reason="人違い"),))
    with journal.view() as view:
        assert view.record_of(PEOPLE, "E1", one.event.subject) is None
        assert list(view.records(PEOPLE, "E1")) == []
        assert view.last_claim(ev.NUMBER_USED, "A1-") is None


def test_a_release_frees_the_claim_and_its_reversal_takes_it_again(journal: Journal) -> None:
    claim = Claim("test", "card")
    journal.record("op", lambda _: (Taken(subject="card"),))
    back = journal.record("op", lambda _: (Returned(subject="card"),))[0]
    with journal.view() as view:
        assert view.holder(claim) is None
    journal.record("op", lambda _: (Reversal(subject="card", of_station="A1", of_seq=back.seq, reason="x"),))
    with journal.view() as view:
        assert view.holder(claim) == ("A1", 1)
    assert journal.verify().count == 3


def test_a_release_cannot_be_taken_back_when_the_thing_is_somebody_elses(journal: Journal) -> None:
    journal.record("op", lambda _: (Taken(subject="card"),))
    back = journal.record("op", lambda _: (Returned(subject="card"),))[0]
    journal.record("op", lambda _: (Taken(subject="card"),))
    with pytest.raises(ClaimTaken):
        journal.record("op", lambda _: (Reversal(subject="card", of_station="A1", of_seq=back.seq, reason="x"),))
    assert journal.verify().count == 3


def test_the_greatest_claim_with_a_prefix(journal: Journal) -> None:
    for subject in ("A1-0009-3", "A1-0010-1", "B2-0099-0", "A10-0500-1", "一-0001"):
        journal.record("op", lambda _, s=subject: (Taken(subject=s),))  # type: ignore[misc]
    with journal.view() as view:
        assert view.last_claim("test", "A1-") == "A1-0010-1"
        assert view.last_claim("test", "一") == "一-0001"
        assert view.last_claim("test", "C") is None and view.last_claim("other", "A1-") is None


def test_scopes_are_told_oldest_first(journal: Journal) -> None:
    for scope in ("Z-old", "A-new"):
        journal.record("op", lambda _, s=scope: (ev.ShelterOpened(subject="S1", scope=s, name="嵐南"),))  # type: ignore[misc]
        put(journal, "x", "1", scope)
    journal.record("op", lambda _: (ev.ShelterClosed(subject="S1", scope="Z-old"),))
    with journal.view() as view:
        assert view.scopes(EPISODES) == view.scopes(TRAILS) == ("Z-old", "A-new")


def test_events_are_filtered_and_ordered(journal: Journal) -> None:
    for n in range(5):
        put(journal, str(n % 2), str(n), scope="E" if n > 2 else "")
    journal.record("op", lambda _: (Looked(subject="0"),))
    with journal.view() as view:
        assert [r.seq for r in view.events(subject="0")] == [1, 3, 5, 6]
        assert [r.seq for r in view.events(newest_first=True, limit=2)] == [6, 5]
        assert [r.seq for r in view.events(kinds=("test.looked",))] == [6]
        assert [r.seq for r in view.events(scope="E")] == [4, 5]
        assert list(view.events(kinds=())) == [] and list(view.events(station="B2")) == []
        assert [r.seq for r in view.since(4)] == [5, 6] and view.mark() == 6
        last = view.last()
        assert last is not None and last.seq == 6 and view.event("A1", 6) == last


def test_a_record_may_be_erased_by_its_fold(journal: Journal) -> None:
    put(journal, "a", "1")
    put(journal, "a", "erase")
    with journal.view() as view:
        assert view.record_of(TRAILS, "", "a") is None
    put(journal, "a", "2")
    assert journal.verify().count == 3


def test_an_event_that_no_ledger_knows_is_a_mistake_of_the_program(journal: Journal) -> None:
    class Stranger(Put):
        pass

    with pytest.raises(ValueError, match="no ledger"):
        journal.record("op", lambda _: (Stranger(subject="a", value="1"),))
    assert put(journal, "a", "1").seq == 1


def test_kinds_are_unique(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="taken"):
        Journal.create(tmp_path / "journal.db", drill_keys(tmp_path), "A1", LEDGERS, (*LOOSE, Put))


def test_what_was_recorded_is_there_after_reopening(tmp_path: Path) -> None:
    journal = create(tmp_path)
    last = admit(journal, 7)
    journal.close()
    journal = reopen(tmp_path)
    with journal.view() as view:
        assert view.last() == last
    assert admit(journal, 8).seq == 2
    journal.close()


def test_a_closed_journal_says_so(tmp_path: Path) -> None:
    journal = create(tmp_path)
    journal.close()
    journal.close()
    with pytest.raises(JournalError, match="閉じられて"):
        put(journal, "a", "1")
    with pytest.raises(JournalError, match="閉じられて"), journal.view():
        pass


def test_a_journal_is_made_once_and_never_by_opening(tmp_path: Path) -> None:
    with pytest.raises(JournalError, match="ありません"):
        reopen(tmp_path)
    assert not (tmp_path / "journal.db").exists()
    journal = create(tmp_path)
    put(journal, "a", "1")
    journal.close()
    with pytest.raises(JournalError, match="すでに"):
        create(tmp_path)
    with pytest.raises(JournalError, match="別の拠点"):
        reopen(tmp_path, "B2")
    journal = reopen(tmp_path)
    assert journal.verify().count == 1
    journal.close()


def test_looking_only_writes_nothing(tmp_path: Path) -> None:
    journal = create(tmp_path)
    put(journal, "a", "1")
    looker = reopen(tmp_path, writing=False)
    with looker.view() as view:
        assert view.count() == 1
    assert looker.verify().count == 1
    with pytest.raises(JournalError):
        put(looker, "a", "2")
    looker.close()
    journal.close()


def test_a_clock_that_goes_back_keeps_the_order_and_is_told(tmp_path: Path) -> None:
    hour = 3_600_000
    journal = create(tmp_path, moment=hands(10 * hour, 10 * hour, 10 * hour, 9 * hour))
    first, second = put(journal, "a", "1"), put(journal, "a", "2")
    assert second.hlc > first.hlc
    third = put(journal, "a", "3")
    assert third.at_ms < first.at_ms and third.hlc > second.hlc
    assert "前です" in journal.clock_warning
    with journal.view() as view:
        assert view.record_of(TRAILS, "", "a").values == ("1", "2", "3")
    journal.verify()
    journal.close()
    later = reopen(tmp_path, moment=hands(11 * hour, boot="next"))
    assert later.clock_warning == ""
    later.close()
