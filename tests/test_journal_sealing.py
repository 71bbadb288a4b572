"""Bodies of an episode are sealed with its key: destroying the key makes them unreadable, the chain still verifies."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sanjo_tui.errors import JournalError
from sanjo_tui.journal.events import Claim, Reversal, Unread
from sanjo_tui.journal.writer import Journal
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.state import EPISODES, HOUSEHOLDS, PEOPLE
from tests.journal_ground import LOOSE, NAME, admit, admitted, create, drill_keys, put, reopen

OPEN_EPISODES = dataclasses.replace(EPISODES, sealed=False)
LEDGERS = (OPEN_EPISODES, PEOPLE, HOUSEHOLDS)


def shelter(home: Path) -> Journal:
    keys = drill_keys(home)
    keys.make_scope_key("E1")
    journal = Journal.create(home / "journal.db", keys, "A1", LEDGERS, LOOSE, reserve_mb=0)
    journal.record("op", lambda _: (ev.ShelterOpened(subject="S1", scope="E1", name="嵐南"),))
    for n in range(1, 4):
        admit(journal, n)
    journal.record("op", lambda _: (Reversal(subject=f"{3:015d}", scope="E1", of_station="A1", of_seq=4, reason="x"),))
    return journal


def bodies(journal: Journal) -> list[str | bytes]:
    with journal.view() as view:
        return [row.body for row in view.rows()]


def test_bodies_and_records_are_sealed_but_for_the_ledger_that_is_not(tmp_path: Path) -> None:
    journal = shelter(tmp_path)
    assert [isinstance(body, bytes) for body in bodies(journal)] == [False, True, True, True, True]
    with journal.view() as view:
        assert view.record_of(PEOPLE, "E1", f"{1:015d}").seen.name == NAME
        values = view._all("SELECT value FROM kept WHERE ledger = 'shelter.person'", ())
        assert values and all(isinstance(value, bytes) and NAME.encode() not in value for value, in values)
    journal.verify()
    journal.close()


def test_a_destroyed_key_leaves_a_whole_chain_without_bodies(tmp_path: Path) -> None:
    journal = shelter(tmp_path)
    with journal.view() as view:
        head = view.count(), journal.heads()
    with pytest.raises(JournalError, match="まだあります"):
        journal.forget("E1")
    journal.keys.destroy_scope_key("E1")
    with journal.view() as view:
        assert view.record_of(PEOPLE, "E1", f"{1:015d}") is None and list(view.records(PEOPLE, "E1")) == []
    journal.forget("E1")
    with journal.view() as view:
        assert (view.count(), journal.heads()) == head
        assert view._all("SELECT count(*) FROM kept WHERE ledger <> 'shelter.episode'", ()) == [(0,)]
        events = list(view.events())
        assert isinstance(events[0].event, ev.ShelterOpened)
        assert all(isinstance(r.event, Unread) and r.event.reason == "destroyed" for r in events[1:])
        assert [r.event.kind for r in events] == ["shelter.opened", *["shelter.admitted"] * 3, "reversal"]
        assert view.record_of(OPEN_EPISODES, "E1", "S1").name == "嵐南"
        assert view.is_reversed("A1", 4)
    verified = journal.verify()
    assert (verified.count, verified.destroyed) == (5, 4)
    journal.rebuild()
    with journal.view() as view:
        assert view.holder(Claim(ev.NUMBER_USED, "A1-0001-0")) == ("A1", 2), "numbers stay used"
        assert view.is_reversed("A1", 4)
    with pytest.raises(JournalError, match="廃棄"):
        admit(journal, 9)
    archived = ev.ShelterArchived(subject="S1", scope="E1", archive_sha256="0" * 64, events=5)
    journal.record("op", lambda _: (archived,))
    with journal.view() as view:
        assert view.record_of(OPEN_EPISODES, "E1", "S1").archived
    journal.verify()
    journal.close()


def test_a_key_made_by_another_process_seals_the_very_next_event(tmp_path: Path) -> None:
    journal = create(tmp_path)
    admit(journal, 1)
    drill_keys(tmp_path).make_scope_key("E1")
    admit(journal, 2)
    assert [isinstance(body, bytes) for body in bodies(journal)] == [False, True]
    drill_keys(tmp_path).destroy_scope_key("E1")
    with pytest.raises(JournalError):
        journal.record("op", lambda _: (admitted(3),))
    with journal.view() as view:
        assert [type(r.event).__name__ for r in view.events()] == ["Admitted", "Unread"]
    journal.close()


def test_a_seal_that_was_moved_to_another_row_does_not_open(tmp_path: Path) -> None:
    journal = create(tmp_path)
    journal.keys.make_scope_key("E1")
    put(journal, "a", "1", "E1")
    put(journal, "a", "2", "E1")
    database = journal._writer
    journal._on_writer(lambda: database.execute("DROP TRIGGER event_no_update"))
    journal._on_writer(lambda: database.execute(
        "UPDATE event SET body = (SELECT body FROM event WHERE seq = 1) WHERE seq = 2"))
    with journal.view() as view, pytest.raises(JournalError, match="封が合いません"):
        list(view.events())
    journal.close()


def test_sealed_records_are_the_same_after_reopening(tmp_path: Path) -> None:
    shelter(tmp_path).close()
    journal = Journal.open(tmp_path / "journal.db", drill_keys(tmp_path), "A1", LEDGERS, LOOSE, reserve_mb=0)
    with journal.view() as view:
        assert [p.seen.name for p in view.records(PEOPLE, "E1")] == [NAME, NAME]
    journal.verify()
    journal.close()
    with pytest.raises(JournalError):
        reopen(tmp_path, "B2")
