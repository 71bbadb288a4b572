"""`sanjo-tui drill polling`: a made-up election through the real desk adds up; a seed plays the same drill again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.cards import virtual
from sanjo_tui.cards.facts import CardFact, CardSeen
from sanjo_tui.cards.profiles import load
from sanjo_tui.commands import drill
from sanjo_tui.commands.context import Context
from sanjo_tui.commands.usage import Options, Parser
from sanjo_tui.desk import Desk, practice
from sanjo_tui.desk.drill import crowd, piles, polling
from sanjo_tui.desk.drill.crowd import Part
from sanjo_tui.errors import StationError
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import IdMethod, Oath, Via
from sanjo_tui.station import Station
from sanjo_tui.vault import Vault

ROOT = Path(__file__).parent.parent
SMALL = len(Part) + 6
"""Voters with whom every part is played."""


@pytest.fixture(scope="module")
def outcome(tmp_path_factory: pytest.TempPathFactory) -> polling.Outcome:
    return polling.play(tmp_path_factory.mktemp("drill"), SMALL, 480, 7)


def test_what_goes_out_is_what_is_claimed_and_every_count_fits(outcome: polling.Outcome) -> None:
    assert outcome.papers_issued == outcome.claims > SMALL
    assert outcome.doubles == 0 and outcome.differences == () and outcome.replayed and outcome.adds_up
    assert outcome.counts >= 30 and outcome.provisional == 2
    assert set(outcome.parts) == set(Part) and sum(outcome.parts.values()) == SMALL
    assert [day["place"] for day in outcome.days] == ["E1", "E1", "D1"]


def test_everything_that_may_go_wrong_is_stopped_somewhere(outcome: polling.Outcome) -> None:
    assert {"E-VOTED", "E-WARD", "E-AGE17", "E-MOVED", "E-NOTENTITLED", "E-ABSENTEE", "E-SAMENAME", "E-NOTFOUND",
            "E-NOPAPER", "E-TAKEAWAY", "E-NOTOPEN"} <= set(outcome.stops)
    assert {"E-PARTIAL", "E-WINDOW", "E-MOVED", "E-SAMENAME"} <= set(outcome.verdicts)
    assert all(code.startswith("E-") for code in outcome.stops)


def test_the_same_seed_plays_the_same_drill_whatever_the_process(tmp_path: Path) -> None:
    runs = []
    for seed in ("1", "2"):
        run = subprocess.run(
            [sys.executable, "-m", "sanjo_tui", "drill", "polling", "--voters", "12", "--seed", "5", "--headless",
             "--json"], cwd=ROOT, capture_output=True, text=True, timeout=300,
            env={**os.environ, "PYTHONHASHSEED": seed, "TMPDIR": str(tmp_path)})
        assert run.returncode == 0, run.stderr
        runs.append(json.loads(run.stdout))
    assert all(run.pop("seconds") > 0 for run in runs)
    assert runs[0] == runs[1]
    assert {"voters", "papers_issued", "claims", "doubles", "stops"} <= runs[0].keys()
    assert not list(tmp_path.iterdir())


def test_another_seed_gathers_another_crowd() -> None:
    def names(seed: int) -> list[tuple[str, Part | None]]:
        return [(person.name, person.part) for person in crowd.gather(50, seed).comers]

    assert names(1) == names(1) != names(2)


def test_numbers_that_name_people_are_each_given_once() -> None:
    people = list(crowd.gather(200, 3).on_roll)
    for numbers in ([p.addressee_no for p in people], [p.user_id for p in people if p.has_card],
                    [p.ticket_no for p in people]):
        assert len(numbers) == len(set(numbers))


def test_sheets_are_somewhere_always() -> None:
    table, smd = piles.Piles(), ("smd", "普通")
    table.deliver(smd, 10)
    table.hand_out("a", [smd, smd])
    table.exchange("a", smd)
    table.give_back("a", smd)
    table.carry_off("a", smd)
    table.hand_out("b", [smd])
    table.envelope([smd])
    table.end_of_day()
    assert (table.left[smd], table.spoiled[smd], table.returned[smd], table.envelopes[smd]) == (5, 1, 1, 1)
    assert table.out == 2 == table.box[smd] + table.carried_off[smd]


def test_what_does_not_add_up_is_told_and_ends_with_one(outcome: polling.Outcome, monkeypatch: pytest.MonkeyPatch,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    for wrong in ({"claims": outcome.claims - 1}, {"doubles": 1}, {"differences": ("衆議院 普通 1枚 不足",)},
                  {"replayed": False}):
        monkeypatch.setattr(polling, "play", lambda *_, wrong=wrong: replace(outcome, **wrong))
        assert main(["drill", "polling", "--headless", "--json"]) == 1
        said = capsys.readouterr()
        assert json.loads(said.out)["voters"] == SMALL and "数が合いません" in said.err


def test_the_report_is_short_and_names_nobody(outcome: polling.Outcome, monkeypatch: pytest.MonkeyPatch,
                                              capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(polling, "play", lambda *_: outcome)
    assert main(["drill", "polling", "--headless"]) == 0
    said = capsys.readouterr().out
    assert len(said.splitlines()) < 20 and "二重交付 0 件" in said and "E-VOTED" in said
    assert not any(person.name in said for person in crowd.gather(SMALL, 7).comers)
    assert main(["drill", "polling", "--headless", "--json", "--times"]) == 0
    times = json.loads(capsys.readouterr().out)["times"]
    assert 0 < times["verdict_ms"]["p50"] <= times["verdict_ms"]["p99"]


@pytest.mark.parametrize("line", [["--voters", "0"], ["--voters", "x"], ["--rate", "0"], ["--seed", "a"]])
def test_wrong_numbers_are_wrong_usage(line: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["drill", "polling", "--headless", *line]) == 2
    assert "Traceback" not in capsys.readouterr().err


# --- for somebody who learns


class Clerk:
    """Stands for the screens: takes the cards that come, receives those who may vote, leaves after some."""

    def __init__(self, cards: int) -> None:
        self.cards, self.seen = cards, 0
        self.station: Station | None = None
        self.enough = threading.Event()

    def __call__(self, station: Station, passphrase: str | None) -> int:
        assert passphrase is None
        self.station = station
        desk = Desk.open(station, Vault.open(station.vault).unlock(""))
        practice.begin(desk)

        def take(fact: CardFact) -> None:
            if isinstance(fact, CardSeen) and self.seen < self.cards:
                look = desk.polling.look(desk.polling.open_card(fact))
                self.seen += 1
                if look.examined.papers and not look.examined.confirm:
                    desk.polling.receive(look, Choice(id_method=IdMethod.CARD, via=Via.CARD, reason_code=1,
                                                      oath=Oath.PRINTED))
                if self.seen == self.cards:
                    self.enough.set()

        reader = virtual.BuiltInReader(station.cards, load(station.profiles), take, station.inbox)
        reader.start()
        try:
            assert self.enough.wait(60)
        finally:
            reader.stop()
            desk.close()
        return 0


def trainee(clerk: Clerk, *line: str, home: Path | None = None) -> int:
    parser = Parser(prog="drill")
    drill.arguments(parser)
    context = Context(Options(home=str(home) if home else None, json=True), clerk)
    try:
        return drill.run(context, parser.parse_args(["polling", *line]))
    finally:
        context.close()


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    yield folder
    assert not list(folder.iterdir())


def test_cards_come_by_themselves_and_the_journal_tells_how_it_went(
        temporary: Path, capsys: pytest.CaptureFixture[str]) -> None:
    clerk = Clerk(3)
    assert trainee(clerk, "--voters", "9", "--rate", "100000", "--seed", "2") == 0
    went: dict[str, Any] = json.loads(capsys.readouterr().out)
    assert clerk.station is not None and clerk.station.drill and clerk.station.receptions == ("polling",)
    assert temporary in clerk.station.home.parents
    assert went["opened"] == 3 == went["received"] + sum(went["stops"].values())
    assert went["laid"] >= 3 and len(went["waited"]) == 3 and len(went["served"]) == went["received"]


def test_a_home_that_is_named_stays_and_only_the_new_is_told(
        temporary: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    for _ in range(2):
        assert trainee(Clerk(1), "--voters", "3", "--rate", "100000", home=home) == 0
        assert json.loads(capsys.readouterr().out)["opened"] == 1
    assert set(stations.read(home).receptions) == set(stations.RECEPTIONS)


def test_a_live_station_is_never_drilled_on(temporary: Path, tmp_path: Path) -> None:
    home = tmp_path / "live"
    home.mkdir()
    stations.write(stations.build(home, {"lg_code": "152048", "municipality": "三条市", "code": "A1",
                                         "place": "嵐南小学校"}))
    with pytest.raises(StationError, match="本番"):
        trainee(Clerk(1), home=home)


@pytest.mark.slow
def test_a_thousand_voters_add_up(tmp_path: Path) -> None:
    outcome = polling.play(tmp_path, 1000, 480, 42)
    print(f"1000 voters headless: {outcome.seconds:.1f} s")
    assert outcome.adds_up and outcome.stops["E-VOTED"] > 50
