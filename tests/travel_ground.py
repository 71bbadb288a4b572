"""Drill stations that exchanged their public keys by the real commands: a town, two shelters, headquarters."""

from __future__ import annotations

import contextlib
import io
import json
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from register_ground import LG_CODE, PEOPLE, snapshot

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.vault import Keys, Vault
from tests import desk as desks

CODES = {"town": "T00001", "honbu": "H00001", "a": "A1B2C3", "b": "B1B2C3"}
KIND = {"town": "town", "honbu": "headquarters", "a": "station", "b": "station"}


@dataclass
class Ground:
    """Homes by name; `run` is the command line at one of them."""

    root: Path
    err: str = ""
    out: str = ""
    prints: dict[str, str] = field(default_factory=dict)

    def station(self, name: str) -> None:
        """A home with keys of its own, and its file of public keys."""
        desk = desks.desk(self.root / name, code=CODES[name], lg_code=LG_CODE)
        stations.write(desk.station)
        desk.close()
        assert self.run(name, "keys", "make", "--name", name, "--as", KIND[name]) == 0
        self.prints[name] = self.json(name, "keys", "show", "--out", str(self.file(name)))["fingerprint"]

    def run(self, name: str, *line: str | Path) -> int:
        """The exit code; what was said stands in `out` and `err`."""
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = main(["--home", str(self.root / name), *map(str, line)])
        self.out, self.err = out.getvalue(), err.getvalue()
        log.stop()
        assert "Traceback" not in self.err
        return code

    def json(self, name: str, *line: str | Path) -> Any:
        assert self.run(name, *line, "--json") == 0, self.err
        return json.loads(self.out)

    def file(self, name: str) -> Path:
        return self.root / f"{name}.toml"

    def trust(self, who: str, whom: str) -> None:
        assert self.run(who, "keys", "trust", self.file(whom), "--fingerprint", self.prints[whom]) == 0, self.err

    def keys(self, name: str) -> Keys:
        return Vault.open(self.root / name / "vault.toml").unlock("")

    def snapshot(self, name: str, sequence: int = 1, people: Any = PEOPLE) -> Path:
        return snapshot(self.root / name, people, sequence=sequence)

    def packed(self, folder: Path, *to: str, by: str = "town") -> Path:
        out = self.root / f"{folder.name}-{'-'.join(to)}.sanjo-bundle"
        assert self.run(by, "register", "pack", folder, "--to", *to, "--out", out) == 0, self.err
        return out

    def acts(self, name: str) -> list[tuple[str, dict[str, str]]]:
        """Acts in the journal, in order."""
        from sanjo_tui.receptions.lookups import ActDone

        desk = desks.desk(self.root / name, code=CODES[name], lg_code=LG_CODE)
        with desk.journal.view() as view:
            done = [(r.event.act, r.event.details) for r in view.events() if isinstance(r.event, ActDone)]
        desk.close()
        return done


    def copy(self, root: Path) -> Ground:
        """The same once more, to do harm to."""
        shutil.copytree(self.root, root, dirs_exist_ok=True)
        return Ground(root, prints=dict(self.prints))


def exchanged(root: Path) -> Ground:
    """Town and shelter a know each other; the town knows b too."""
    ground = Ground(root)
    for name in ("town", "a", "b"):
        ground.station(name)
    ground.trust("a", "town")
    ground.trust("town", "a")
    ground.trust("town", "b")
    return ground
