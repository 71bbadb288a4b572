"""Every verb of the command line with every role: allowed or refused by the same table as the desk."""

from __future__ import annotations

import argparse
import importlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import log
from sanjo_tui.__main__ import main
from sanjo_tui.cards import reader
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.commands import COMMANDS
from sanjo_tui.commands import polling as polling_commands
from sanjo_tui.commands import shelter as shelter_commands
from sanjo_tui.commands.usage import Parser
from sanjo_tui.desk import Desk, archive, operators, papers, polling_papers
from sanjo_tui.receptions.polling.words import Occasion
from sanjo_tui.register import snapshot
from sanjo_tui.station import RECEPTIONS, fixtures
from sanjo_tui.vault.roles import ALLOWED, Permission, Role
from tests.operators_ground import HOME, LIGHT, OF_ROLE, PIN, Ground, at, build

P = Permission
Captured = pytest.CaptureFixture[str]


def counted(desk: Desk) -> None:
    for line in desk.polling.equations():
        desk.polling.count(line.contest, line.paper, line.expected, Occasion.CLOSING)


def closed(desk: Desk) -> None:
    counted(desk)
    desk.polling.close_place(oaths_counted=1, remark="大雪のため", verifier="J02", pin=PIN)


def reported(desk: Desk) -> None:
    desk.polling.report()


def shut(desk: Desk) -> None:
    desk.shelter.close_shelter(transfer=True)


def archived(desk: Desk) -> None:
    shut(desk)
    archive.archive(desk.shelter, desk.station.home.with_name("usb"))


def nothing(desk: Desk) -> None:
    """Nothing has to happen before."""


@dataclass(frozen=True, slots=True)
class Line:
    """A command line in words, what it needs, and what a 責任者 must have done before.

    `ends`: a sentence of another error in which the command ends at this station although it is allowed.
    """

    words: str
    needs: tuple[Permission, ...]
    before: Callable[[Desk], None] = nothing
    ends: str = ""

    @property
    def verb(self) -> str:
        name, *rest = self.words.split()
        return " ".join((name, *rest[:1]))


OPTIONS = {"card": HOME, "handover": HOME, "tag": "{tag}", "declaration": "{ballot}", "slip": "{ballot}",
           "records": "proxy", "incident": "{voter}"}

IN_A_DRILL = "訓練の拠点は、だれでも開けます。"
EVERY = (
    Line("register load {residents} --yes", (P.DATA,)), Line("register status", ()),
    Line("register find {voter}", (P.SEARCH_TWO,), ends="見つかりません"),
    Line("register find サトウ --reason check", (P.SEARCH_FREE,)),
    Line("register dues counter", (P.LIST,), ends="この拠点にその受付はありません。"),
    Line("register rollback", (P.ROLLBACK,)),
    Line("journal verify", (P.JOURNAL,)), Line("journal list", (P.JOURNAL,)), Line("journal rebuild", (P.JOURNAL,)),
    Line("journal backup {home}", (P.JOURNAL,)), Line("journal export {usb}", (P.EXPORT,)),
    Line("journal merge {export}", (P.EXPORT,)),
    Line("shelter open", (P.EPISODE,)), Line("shelter close --transfer", (P.EPISODE,)), Line("shelter status", ()),
    Line("shelter archive {usb}", (P.EXPORT,), shut),
    Line("shelter destroy-key --confirm 20261124", (P.EXPORT,), archived),
    Line("shelter load {residents}", (P.DATA,), ends="。"),
    Line("election load {election}", (P.DATA,)), Line("election status", ()),
    Line("polling status", ()), Line("polling gate", ()), Line("polling final", ()),
    Line("polling open --clock-confirmed --zero-printed --on-paper 再び --decided-by K02 --pin-file {pin}",
         (P.EPISODE,), closed),
    Line("polling count smd 999", (P.EPISODE,)), Line("polling report --time 11:00", (P.EPISODE,)),
    Line("polling close --oaths 1 --remark 雪 --verifier J02 --pin-file {pin}", (P.EPISODE,), counted),
    Line("polling seal {usb}", (P.EPISODE,), closed),
    Line("operators add V02 --name 協力二 --role volunteer --pin-file {pin}", (P.KEYS,)),
    Line("operators remove V01", (P.KEYS,)), Line("operators list", (P.KEYS,)),
    Line("operators pin V01 --pin-file {pin}", (P.KEYS,)), Line("operators card V01", (P.KEYS,)),
    Line("slots list", (P.KEYS,)),
    Line("slots passphrase --new-passphrase-file {pin}", (P.KEYS,), ends=IN_A_DRILL),
    Line("slots card --card-pin-file {pin}", (P.KEYS,), ends=IN_A_DRILL),
    Line("slots recovery", (P.KEYS,), ends=IN_A_DRILL), Line("slots remove passphrase", (P.KEYS,), ends="。"),
    *(Line(f"keys {verb}", (P.KEYS,)) for verb in ("make", "show", "list")),
    Line("keys trust {pin}.toml --fingerprint 0", (P.KEYS,), ends="読めません。"),
    Line("keys remove NOBODY", (P.KEYS,), ends="。"),
    Line("register pack {residents} --to NOBODY --out {usb}.sanjo-bundle", (P.DATA,), ends="。"),
    Line("audit person {voter}", (P.AUDIT,)), Line("audit operator J01", (P.AUDIT,)),
    Line("audit night", (P.AUDIT,)), Line("audit mass", (P.AUDIT,)), Line("audit unlocks", (P.AUDIT,)),
    Line("audit unapproved", (P.AUDIT,)), Line("audit anchors", (P.AUDIT,)),
    Line("audit approve A1B2C3-1", (P.UNMASK,), ends="承認を待っている記録ではありません。"),
    *(Line(f"shelter {form} {OPTIONS.get(form, '')} --format json", (papers.NEEDS[form], P.CLEAR_FILE))
      for form in shelter_commands.DOCUMENTS),
    *(Line(f"polling {form} {OPTIONS.get(form, '')} --format json",
           (polling_papers.NEEDS[form.replace("-", "_")], P.CLEAR_FILE),
           {"interim": reported, "closing": closed}.get(form, nothing)) for form in polling_commands.DOCUMENTS),
)



SERVICES = set(RECEPTIONS) - {"shelter", "polling"}
"""Their verbs have rows of their own: tests/test_permissions_*.py."""


def verbs() -> set[str]:
    """Every verb that can be typed, as the parsers have them."""
    found = set()
    for name in set(COMMANDS) - SERVICES:
        parser = Parser(prog=name)
        importlib.import_module(f"sanjo_tui.commands.{name}").arguments(parser)
        nouns = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        found |= {f"{name} {verb}" for action in nouns for verb in action.choices} if nouns else {name}
    return found


VERBS = verbs()
LINES = tuple(line for line in EVERY if line.verb in VERBS)

NO_DESK = {"demo", "init", "doctor", "tap", "card read", "register check", "shelter check", "election check",
           "election pin", "journal restore", "drill polling"}
"""Verbs that neither record nor show anything of a station's people: there is no desk behind them."""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return build(tmp_path_factory.mktemp("station") / "home")


@pytest.fixture(scope="module")
def shared(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy at which nothing may happen."""
    return ground.copy(tmp_path_factory.mktemp("shared") / "home")


@pytest.fixture(scope="module")
def watch(shared: Path) -> Iterator[Desk]:
    """A desk that looks on."""
    desk = at(shared, None)
    yield desk
    desk.close()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """PINs that cost nothing, and a card that lies on the reader."""
    monkeypatch.setattr(operators, "_hash", lambda pin: LIGHT)
    monkeypatch.setattr(reader, "read_once", lambda profiles, wait: CardSeen(
        reader="r", profile="p", token="idm", value="0123456789abcdef"))
    yield
    log.stop()


def run(home: Path, ground: Ground, line: Line, role: Role | None) -> int:
    folder = home.parent
    (folder / "pin").write_text(PIN + "\n")
    (home / "profiles.toml").write_bytes((fixtures() / "cards" / "profiles.toml").read_bytes())
    election = next((home / "elections").glob("*.toml"))
    words = [word.format(tag=ground.tag, ballot=ground.ballot, voter=ground.voter, export=ground.export,
                         usb=folder / "usb", home=folder, pin=folder / "pin", election=election,
                         residents=fixtures() / "residents" / "demo-next") for word in line.words.split()]
    who = [] if role is None else ["--operator", OF_ROLE[role], "--operator-pin-file", str(folder / "pin")]
    return main(["--home", str(home), *who, *words])


def cases(allowed: bool) -> Iterator[Any]:
    for line in LINES:
        for role in Role:
            if set(line.needs).issubset(ALLOWED[role]) is allowed:
                yield pytest.param(role, line, id=f"{role.value}-{line.words.split(' -')[0]}")


@pytest.mark.parametrize(("role", "line"), cases(allowed=True))
def test_what_is_allowed_can_be_done(role: Role, line: Line, ground: Ground, tmp_path: Path, capsys: Captured) -> None:
    home = ground.copy(tmp_path / "home")
    desk = at(home, Role.MANAGER)
    line.before(desk)
    if line.verb == "register load":
        snapshot.rollback(desk.station.register_dir, desk.keys)
    desk.close()
    code = run(home, ground, line, role)
    err = capsys.readouterr().err
    assert code == bool(line.ends), err
    assert line.ends in err and "操作者" not in err.replace("操作者を登録した", "")


@pytest.mark.parametrize(("role", "line"), cases(allowed=False))
def test_what_is_refused_says_who_may(role: Role, line: Line, ground: Ground, shared: Path, watch: Desk,
                                      capsys: Captured) -> None:
    before = watch.mark()
    assert run(shared, ground, line, role) == 1
    out, err = capsys.readouterr()
    assert out == "" and ("この操作は、今の操作者にはできません。" in err or "手がかりがもう一つ要ります。" in err)
    with watch.journal.view() as view:
        assert [recorded.event.kind for recorded in view.since(before)] == ["station.signed_on"]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line.words.split(" -")[0])
def test_without_an_operator_nothing_runs(line: Line, ground: Ground, shared: Path, watch: Desk,
                                          capsys: Captured) -> None:
    before = watch.mark()
    assert run(shared, ground, line, None) == 1
    out, err = capsys.readouterr()
    assert out == "" and "--operator" in err
    assert watch.mark() == before


def test_no_verb_is_forgotten() -> None:
    assert {line.verb for line in LINES} | NO_DESK == VERBS
