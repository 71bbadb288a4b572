"""Who may do what at a service of the hall, run for real: every role with every act, from the one table of roles.

A service brings a class in `tests/test_permissions_<service>.py`:

    class TestCounter(ServicePermissions):
        SERVICE = "counter"
        KIND = CounterDesk
        ACTS = {"receive": (Permission.RECEIVE, lambda desk, kept: desk.counter.receive(...)), ...}
        FREE = {"status", ...}                      # public names that neither record, show nor print anybody
        LINES = (Line("counter status", ()), ...)   # its command line, every verb
        NO_DESK = {"counter check"}

        @staticmethod
        def prepare(desk): ...                      # loads its set-up, makes what the acts need; gives `kept`

An act is called after the method it exercises; a blank and more words tell variants apart.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import shutil
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import pytest

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.commands.usage import Parser
from sanjo_tui.desk import Desk, operators
from sanjo_tui.desk.service import ServiceDesk
from sanjo_tui.errors import NotAllowed
from sanjo_tui.register import snapshot
from sanjo_tui.station import fixtures
from sanjo_tui.vault.roles import ALLOWED, Permission, Role
from tests import desk as desks
from tests.operators_ground import LIGHT, OF_ROLE, OPERATORS, PIN

Act = Callable[[Desk, Any], object]


@dataclass(frozen=True, slots=True)
class Line:
    """A command line in words and what it needs. `ends`: a sentence of another error in which it ends here.

    `{home}` the station's parent folder, `{usb}` a folder beside it, `{pin}` a file with a PIN, `{fixtures}` the
    samples, `{kept}` what `prepare` gave.
    """

    words: str
    needs: tuple[Permission, ...]
    ends: str = ""

    @property
    def verb(self) -> str:
        """`counter status`."""
        return " ".join(self.words.split()[:2])


INHERITED = frozenset(name for name, _ in inspect.getmembers(ServiceDesk) if not name.startswith("_"))
"""What all services share; their papers, `undo` and `undoable` need rows all the same."""

ROWS_OF_ALL = frozenset({"undo", "undoable"})


class ServicePermissions:
    """The tests; a subclass says of which service."""

    SERVICE: ClassVar[str]
    KIND: ClassVar[type[ServiceDesk]]
    ACTS: ClassVar[Mapping[str, tuple[Permission, Act]]]
    FREE: ClassVar[Collection[str]] = ()
    LINES: ClassVar[Collection[Line]] = ()
    NO_DESK: ClassVar[Collection[str]] = ()
    STATION: ClassVar[Mapping[str, Any]] = {}

    @staticmethod
    def prepare(desk: Desk) -> Any:
        """What must stand before the acts; gives what they are told (`kept`)."""
        raise NotImplementedError

    @classmethod
    def _desk(cls, home: Path, role: Role | None = None) -> Desk:
        desk = desks.desk(home, operator="J01", **{"receptions": [cls.SERVICE], **cls.STATION})
        if role is not None:
            desk.sign_on(OF_ROLE[role], PIN)
        return desk

    @pytest.fixture(scope="class")
    def ground(self, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Any]:
        """The station as a folder, and what `prepare` gave."""
        home = tmp_path_factory.mktemp(self.SERVICE) / "home"
        desk = self._desk(home)
        stations.write(desk.station)
        snapshot.load(fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys,
                      lg_code=desk.station.lg_code)
        desk.refresh_register()
        kept = self.prepare(desk)
        desk.keys.set_operators(OPERATORS)
        desk.close()
        return home, kept

    @pytest.fixture(scope="class")
    def shared(self, ground: tuple[Path, Any], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
        """A copy at which nothing may happen."""
        yield Path(shutil.copytree(ground[0], tmp_path_factory.mktemp("shared") / "home"))

    @pytest.fixture(autouse=True)
    def quick(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """PINs that cost nothing."""
        monkeypatch.setattr(operators, "_hash", lambda pin: LIGHT)
        yield
        log.stop()

    def test_what_is_allowed_can_be_done(self, act_row: tuple[Role, str], ground: tuple[Path, Any],
                                         tmp_path: Path) -> None:
        role, name = act_row
        desk = self._desk(Path(shutil.copytree(ground[0], tmp_path / "home")), role)
        try:
            self.ACTS[name][1](desk, ground[1])
        finally:
            desk.close()

    def test_what_is_refused_leaves_nothing(self, refused_row: tuple[Role | None, str], ground: tuple[Path, Any],
                                            shared: Path) -> None:
        role, name = refused_row
        desk = self._desk(shared, role)
        try:
            before = desk.mark()
            with pytest.raises(NotAllowed) as told:
                self.ACTS[name][1](desk, ground[1])
            assert desk.mark() == before
            assert told.value.message.endswith("。") and told.value.hint.endswith("。")
        finally:
            desk.close()

    def test_no_act_is_forgotten(self) -> None:
        public = {name for name, _ in inspect.getmembers(self.KIND) if not name.startswith("_")}
        named = {name.split()[0] for name in self.ACTS}
        own = (public - INHERITED) | ROWS_OF_ALL
        assert own - named - set(self.FREE) == set(), "acts without a row"
        assert named - public == set() and named & set(self.FREE) == set()

    def test_every_form_has_a_need(self) -> None:
        papers = importlib.import_module(f"sanjo_tui.desk.{self.SERVICE}.papers")
        assert set(papers.FORMS) == set(papers.NEEDS) == set(papers.FORM_NAMES)
        assert all(form.startswith(f"{self.SERVICE}.") for form in papers.FORMS)

    # --- the command line

    def _run(self, home: Path, kept: Any, line: Line, role: Role | None) -> int:
        folder = home.parent
        (folder / "pin").write_text(PIN + "\n")
        (home / "profiles.toml").write_bytes((fixtures() / "cards" / "profiles.toml").read_bytes())
        words = [word.format(usb=folder / "usb", home=folder, pin=folder / "pin", fixtures=fixtures(), kept=kept)
                 for word in line.words.split()]
        who = [] if role is None else ["--operator", OF_ROLE[role], "--operator-pin-file", str(folder / "pin")]
        return main(["--home", str(home), *who, *words])

    def test_a_line_that_is_allowed(self, line_row: tuple[Role, Line], ground: tuple[Path, Any], tmp_path: Path,
                                    capsys: pytest.CaptureFixture[str]) -> None:
        role, line = line_row
        code = self._run(Path(shutil.copytree(ground[0], tmp_path / "home")), ground[1], line, role)
        err = capsys.readouterr().err
        assert code == bool(line.ends), err
        assert line.ends in err and "この操作は、今の操作者にはできません" not in err

    def test_a_line_that_is_refused(self, refused_line: tuple[Role | None, Line], ground: tuple[Path, Any],
                                    shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
        role, line = refused_line
        assert self._run(shared, ground[1], line, role) == 1
        out, err = capsys.readouterr()
        assert out == "" and ("今の操作者にはできません" in err or "--operator" in err)

    def test_no_verb_is_forgotten(self) -> None:
        parser = Parser(prog=self.SERVICE)
        importlib.import_module(f"sanjo_tui.commands.{self.SERVICE}").arguments(parser)
        nouns = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
        verbs = {f"{self.SERVICE} {verb}" for action in nouns for verb in action.choices}
        assert {line.verb for line in self.LINES} | set(self.NO_DESK) == verbs


def parameters(kind: type[ServicePermissions]) -> dict[str, list[Any]]:
    """The rows of a service's tests, by the name of their argument (tests/conftest.py hands them to pytest)."""
    acts = [(role, name) for name in kind.ACTS for role in Role]
    lines = [(role, line) for line in kind.LINES for role in Role]
    return {
        "act_row": [pytest.param(row, id=f"{row[0].value}-{row[1]}") for row in acts
                    if kind.ACTS[row[1]][0] in ALLOWED[row[0]]],
        "refused_row": [
            *(pytest.param(row, id=f"{row[0].value}-{row[1]}") for row in acts
              if kind.ACTS[row[1]][0] not in ALLOWED[row[0]]),
            *(pytest.param((None, name), id=f"nobody-{name}") for name in kind.ACTS)],
        "line_row": [pytest.param(row, id=f"{row[0].value}-{row[1].words}") for row in lines
                     if set(row[1].needs) <= ALLOWED[row[0]]],
        "refused_line": [
            *(pytest.param(row, id=f"{row[0].value}-{row[1].words}") for row in lines
              if not set(row[1].needs) <= ALLOWED[row[0]]),
            *(pytest.param((None, line), id=f"nobody-{line.words}") for line in kind.LINES)],
    }
