"""Journals of three polling places taken in, in any order and twice: one state, one list of doubles, none resolved."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.desk.merging import take_in
from sanjo_tui.journal import exports
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.doubles import Double
from sanjo_tui.receptions.polling.rules import Refusal
from sanjo_tui.receptions.polling.state import DAYS, STOCK, VOTERS
from tests.polling_homes import CHOICE, can_vote, polling_home, reopened
from tests.polling_sites import SITES, exported, share

QUICK, SLOW = 200, 5000
"""Receptions of each site."""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return exported(tmp_path_factory.mktemp("sites"), QUICK)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory, files: list[Path]) -> dict[str, Any]:
    """What comes of the files in their own order, each once, and everything folded anew."""
    desk = headquarters(tmp_path_factory.mktemp("plain") / "home")
    for file in files:
        take_in(desk, file, "")
    desk.journal.rebuild()
    state = state_of(desk)
    desk.close()
    return state


def state_of(desk: Desk) -> dict[str, Any]:
    """All that follows from the events, but for what this station says of itself."""
    with desk.journal.view() as view:
        scope = desk.polling.scope
        state: dict[str, Any] = {
            "voters": list(view.records(VOTERS, scope)),
            "stock": list(view.records(STOCK, scope)), "days": list(view.records(DAYS, scope)),
            "received": view.count(kinds=(ev.Received.kind,))}
    state["doubles"] = desk.polling.doubles()
    state["totals"] = desk.polling.turnout()[1]
    return state


def headquarters(home: Path) -> Desk:
    """A station at which nobody is received."""
    return polling_home(home, code="HQ", place="D1", is_open=False)


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=lambda order: "".join(map(str, order)))
def test_every_order_and_twice_gives_the_same(tmp_path: Path, files: list[Path], plain: dict[str, Any],
                                              order: tuple[int, ...]) -> None:
    desk = headquarters(tmp_path / "home")
    took = [take_in(desk, files[number], "") for number in order]
    assert all(one.new > QUICK for one in took)
    assert [take_in(desk, files[number], "").new for number in reversed(order)] == [0, 0, 0]
    desk.journal.verify()                       # what is kept and claimed is what all events say, folded anew
    assert state_of(desk) == plain
    desk.close()


def test_doubles_across_sites_are_listed_and_never_resolved(tmp_path: Path, files: list[Path]) -> None:
    desk = headquarters(tmp_path / "home")
    for file in files:
        take_in(desk, file, "")
    rows = desk.polling.doubles()
    twice = {row.voter for row in rows}
    people = [{elector.addressee_no for elector in share(site, QUICK)} for site in range(3)]
    expected = people[0] & people[1] | people[1] & people[2] | people[0] & people[2]
    assert twice == expected and len(expected) == QUICK * 10 // 100
    assert {row.kind for row in rows} == {Double.TWO_PAPERS}
    assert any(row.stations == ("SITEA", "SITEB", "SITEC") for row in rows)
    with desk.journal.view() as view:
        records = {voter.key: voter for voter in view.records(VOTERS, desk.polling.scope)}
        assert view.count(kinds=(ev.Received.kind,)) == 3 * QUICK
    for row in rows:
        assert len(records[row.voter].ballot(row.contest).papers) == len(row.issues) >= 2
    desk.close()


def test_whoever_was_received_elsewhere_is_stopped_here(tmp_path: Path) -> None:
    """The record of another place counts like one's own once it has been taken in; the header says until when."""
    site = polling_home(tmp_path / "site", code="SITEB", place="E2")
    desk = polling_home(tmp_path / "home")
    key, other = can_vote(desk, 2)
    site.polling.receive(site.polling.look(site.polling.open_voter(key)), CHOICE)
    file = exports.write(site.journal, tmp_path / "usb")[0].path
    site.close()
    assert "SITEB" not in " ".join(desk.polling.heading_of(desk.polling.today()).warnings)
    old = desk.polling.look(desk.polling.open_voter(key))
    assert take_in(desk, file, "").new > 0
    assert any("他会場データ SITEB" in warning and warning.endswith("まで")
               for warning in desk.polling.heading_of(desk.polling.today()).warnings)
    look = desk.polling.look(desk.polling.open_voter(key))
    assert look.examined.stop is not None and look.examined.stop.code == "E-VOTED"
    assert "栄庁舎" in " ".join(look.examined.stop.facts)
    with pytest.raises(Refusal):
        desk.polling.receive(old, CHOICE)
    desk.polling.receive(desk.polling.look(desk.polling.open_voter(other)), CHOICE)
    assert desk.polling.doubles() == ()
    for line in desk.polling.equations():       # papers of the other place are not papers of this one
        if line.delivered and line.paper.value == "普通":
            assert line.issued == 1
    desk.close()


def test_a_later_export_of_the_same_site_adds_what_is_new(tmp_path: Path) -> None:
    site = polling_home(tmp_path / "site", code="SITEB", place="E2")
    desk = polling_home(tmp_path / "home")
    keys = can_vote(desk, 3)
    files = []
    for number, key in enumerate(keys):
        site.polling.receive(site.polling.look(site.polling.open_voter(key)), CHOICE)
        files += [one.path for one in exports.write(site.journal, tmp_path / f"usb{number}")]
    site.close()
    assert take_in(desk, files[1], "").new > 0
    assert take_in(desk, files[0], "").new == 0
    assert len(desk.polling.turnout()[0]) == 2
    assert take_in(desk, files[2], "").new > 0
    assert set(desk.polling.turnout()[0]) == set(keys)
    desk.journal.verify()
    desk.close()


def test_the_command_takes_all_files_and_tells_of_doubles(tmp_path: Path, files: list[Path],
                                                          capsys: pytest.CaptureFixture[str]) -> None:
    from sanjo_tui import station as stations

    desk = headquarters(tmp_path / "home")
    stations.write(desk.station)
    desk.close()
    assert main(["--home", str(tmp_path / "home"), "journal", "merge", *map(str, files)]) == 0
    said = capsys.readouterr()
    assert all(code in said.out for code, _ in SITES) and "二重交付の疑いが" in said.err
    desk = reopened(tmp_path / "home", code="HQ", place="D1")
    assert len(desk.polling.merged()) == 3
    desk.close()


@pytest.mark.slow
def test_three_sites_of_five_thousand(tmp_path: Path) -> None:
    files = exported(tmp_path, SLOW)
    states = []
    for name, order in (("one", (0, 1, 2)), ("other", (2, 0, 1))):
        desk = headquarters(tmp_path / name)
        began = time.perf_counter()
        took = [take_in(desk, files[number], "") for number in order]
        print(f"3 sites, {sum(one.new for one in took):,} events: {time.perf_counter() - began:.1f} s")
        assert [take_in(desk, file, "").new for file in files] == [0, 0, 0]
        states.append(state_of(desk))
        desk.close()
    assert states[0] == states[1]
    assert len({row.voter for row in states[0]["doubles"]}) == SLOW * 10 // 100
