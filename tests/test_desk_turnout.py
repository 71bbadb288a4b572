"""Voters and their sums, kept between two looks: always what the journal says, however it got there."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sanjo_tui.desk import turnout
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.desk.turnout import Turnout
from sanjo_tui.journal.events import Event, Reversal
from sanjo_tui.journal.writer import Journal
from sanjo_tui.receptions.lookups import LookedUp
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.state import VOTERS, Voter
from sanjo_tui.receptions.polling.tally import Totals
from sanjo_tui.receptions.polling.words import Act, IdMethod, Mode
from tests.journal_ground import drill_keys


def received(number: int, *codes: str, scope: str = "S2026") -> ev.Received:
    return ev.Received(subject=str(number), scope=scope, place="D1", mode=Mode.DAY, reception_no=f"{scope}-{number}",
                       handed=tuple(ev.Handed(contest=code, act=Act.ISSUE) for code in codes or ("SHO",)),
                       id_method=IdMethod.CARD, sex_code=str(1 + number % 2))


def journal(home: Path) -> Journal:
    keys = drill_keys(home)
    if (home / "journal.db").exists():
        return Journal.open(home / "journal.db", keys, "A1", LEDGERS, LOOSE_EVENTS, reserve_mb=0)
    keys.make_scope_key("S2026")
    return Journal.create(home / "journal.db", keys, "A1", LEDGERS, LOOSE_EVENTS, reserve_mb=0)


def record(to: Journal, *events: Event) -> None:
    to.record("op", lambda _: events)


def look(kept: Turnout, at: Journal, scope: str = "S2026") -> tuple[dict[str, Voter], Totals]:
    with at.view() as view:
        return kept.of(view, scope)


def told(at: Journal, scope: str = "S2026") -> tuple[dict[str, Voter], Totals]:
    """What the journal says, read from the beginning."""
    with at.view() as view:
        voters = {voter.key: voter for voter in view.records(VOTERS, scope)}
    return voters, Totals.of(voters.values())


def test_every_look_says_what_the_journal_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(turnout, "FEW", 5)
    here, kept = journal(tmp_path), Turnout()
    beside = journal(tmp_path)                       # another process at the same machine
    assert look(kept, here) == ({}, Totals())
    record(here, received(1, "SHO", "HIREI"))
    assert look(kept, here) == told(here)
    record(beside, received(2), LookedUp(subject="9", via="card", shown=("9",), reception="polling"))
    record(here, ev.CastPapers(subject="1", scope="S2026", place="D1", contests=("SHO",)),
           ev.PapersDelivered(subject="D1", scope="S2026", contest="SHO", paper=ev.PaperKind.PLAIN, sheets=9))
    voters, totals = look(kept, here)
    assert (voters, totals) == told(here) and voters.keys() == {"1", "2"} and totals.voters("SHO").total == 2
    record(here, *(received(n) for n in range(10, 20)))              # more than a few: all is read again
    assert look(kept, here) == told(here)
    record(here, Reversal(subject="10", scope="S2026", of_station="A1", of_seq=6, reason="r"))
    assert look(kept, here) == told(here) and "10" not in look(kept, here)[0]
    record(here, received(1, scope="T2027"))
    assert look(kept, here, "T2027") == told(here, "T2027")
    assert look(kept, here) == told(here)
    here.close()
    beside.close()


def test_what_was_handed_out_is_a_copy(tmp_path: Path) -> None:
    here, kept = journal(tmp_path), Turnout()
    record(here, received(1))
    voters, totals = look(kept, here)
    voters.clear()
    totals.subtract(totals.facts())
    record(here, received(2))
    assert look(kept, here) == told(here)
    here.close()


def test_several_threads_may_look_while_voters_come(tmp_path: Path) -> None:
    here, kept = journal(tmp_path), Turnout()

    def reader() -> bool:
        for _ in range(30):
            voters, totals = look(kept, here)
            if Totals.of(voters.values()) != totals:
                return False
        return True

    with ThreadPoolExecutor(4) as threads:
        answers = [threads.submit(reader) for _ in range(3)]
        for number in range(40):
            record(here, received(number, "SHO", "HIREI"))
        assert all(answer.result(timeout=60) for answer in answers)
    assert look(kept, here) == told(here)
    here.close()
