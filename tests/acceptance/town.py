"""A town's station from outside: commands as a script calls them, the desk in a terminal, files on the disk.

Nothing here reaches into the program; what a command cannot arrange is typed at the desk.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.acceptance.terminal import Terminal

CHECKOUT = Path(__file__).parent.parent.parent
FIXTURES = CHECKOUT / "fixtures"
PROFILES = FIXTURES / "cards" / "profiles.toml"
DEMO = FIXTURES / "residents" / "demo"
COMMAND = (sys.executable, "-m", "sanjo_tui")

SATO, IKARASHI, YAMADA, ISHIGURO = "3210987654321", "8854101966248", "5283665448725", "2519733426224"
"""User IDs: a family of three; of four; a protected family; a family with one protected member."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command wrote, and its exit code."""

    code: int
    out: str
    err: str
    raw: bytes = b""

    @property
    def document(self) -> Any:
        """Standard output as the one JSON document it has to be."""
        return json.loads(self.out)


@dataclass(frozen=True, slots=True)
class Town:
    """A station's home and its passphrase file (none in a drill)."""

    home: Path
    passphrase: Path | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    """Further environment, such as the way to a private pcscd."""

    @property
    def common(self) -> tuple[str, ...]:
        """--home and --passphrase-file."""
        secret = ("--passphrase-file", str(self.passphrase)) if self.passphrase else ()
        return ("--home", str(self.home), *secret)

    @property
    def environment(self) -> dict[str, str]:
        """That of a login in UTF-8, wherever the tests run."""
        inherited = {name: value for name, value in os.environ.items() if name != "COLORTERM"}
        return {**inherited, "PYTHONPATH": str(CHECKOUT), "LANG": "C.UTF-8", **self.more}

    def run(self, *line: object, code: int | None = 0, stdin: str = "") -> Ran:
        """One command of this station; `code` is the exit code it must have (None: any)."""
        return self.bare(*self.common, *line, code=code, stdin=stdin)

    def bare(self, *line: object, code: int | None = 0, stdin: str = "") -> Ran:
        """The command line as it is."""
        done = subprocess.run([*COMMAND, *map(str, line)], input=stdin.encode(), capture_output=True, timeout=120,
                              env=self.environment)
        ran = Ran(done.returncode, done.stdout.decode(errors="replace"), done.stderr.decode(), done.stdout)
        assert code is None or ran.code == code, (line, ran.code, ran.out, ran.err)
        assert "Traceback" not in ran.err + ran.out, ran.err
        return ran

    def json(self, *line: object, stdin: str = "") -> Any:
        """The document of `--json`."""
        return self.run(*line, "--json", stdin=stdin).document

    def refused(self, *line: object, code: int = 1, stdin: str = "") -> str:
        """A command that must not succeed: one Japanese sentence on standard error, nothing on standard output."""
        ran = self.run(*line, code=code, stdin=stdin)
        assert ran.out == ""
        assert_sentence(ran.err)
        return ran.err

    def desk(self, *line: str) -> Terminal:
        """The station's screens in a terminal; `line`: another command than the one that opens the station."""
        return Terminal([*COMMAND, *self.common, *line], self.environment)

    def status(self) -> Any:
        """`shelter status --json`."""
        return self.json("shelter", "status")

    def copy(self, home: Path) -> Town:
        """The same station in another place, for a test of its own."""
        shutil.copytree(self.home, home, ignore=shutil.ignore_patterns("*.reserve", "*.lock"))
        return Town(home, self.passphrase, self.more)

    def set(self, key: str, value: str) -> None:
        """One key of station.toml, as IT would edit it; `value` in TOML."""
        path = self.home / "station.toml"
        lines = path.read_text(encoding="utf-8").splitlines()
        changed = [f"{key} = {value}" if line.startswith(f"{key} = ") else line for line in lines]
        assert changed != lines
        path.write_text("\n".join(changed) + "\n", encoding="utf-8")


def assert_sentence(text: str) -> None:
    """What a person is told: Japanese, one line, no English exception."""
    assert text.strip() and "\n" not in text.strip(), text
    assert "。" in text and "Error" not in text and "Traceback" not in text, text
