"""What the documents print can be typed: every command line is read by the real parsers, every link leads somewhere."""

from __future__ import annotations

import importlib
import re
import shlex
from pathlib import Path

import pytest

from sanjo_tui.commands import COMMANDS
from sanjo_tui.commands.usage import Parser, take_common

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "SECURITY.md", *sorted((ROOT / "docs").glob("*.md"))]


def lines() -> list[tuple[str, str]]:
    """Every command line in a fenced block or in backticks that is complete enough to be typed."""
    found = []
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        blocks = re.findall(r"```\n(.*?)```", text, re.DOTALL)
        typed = [line for block in blocks for line in block.splitlines()]
        typed += [span for span in re.findall(r"`([^`\n]+)`", text) if not span.endswith("...") and "..." not in span]
        found += [(page.name, line.split(" #")[0].strip()) for line in typed
                  if re.match(r"\s*(\.venv/bin/)?sanjo-tui( |$)", line)]
    return found


def test_there_is_something_to_check() -> None:
    assert len(lines()) > 20


@pytest.mark.parametrize(("page", "line"), lines())
def test_every_printed_command_can_be_typed(page: str, line: str) -> None:
    _, rest = take_common(shlex.split(line)[1:])
    if not rest or rest[0] in ("--help", "--version"):
        return
    assert rest[0] in COMMANDS
    module = importlib.import_module(f"sanjo_tui.commands.{rest[0]}")
    parser = Parser(prog=rest[0])
    module.arguments(parser)
    if "--help" not in rest:
        parser.parse_args(rest[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_both_languages_print_the_same_commands() -> None:
    english, japanese = (ROOT / "README.md").read_text(encoding="utf-8").split("## 日本語")
    blocks = [[line.split(" #")[0].strip() for block in re.findall(r"```\n(.*?)```", half, re.DOTALL)
               for line in block.splitlines()] for half in (english, japanese)]
    assert blocks[0] == blocks[1]


def test_the_threat_table_names_tests_that_exist() -> None:
    """Each row names a file of tests, and tests of the file that it named last; one row says that it has none."""
    rows = [line.split(" | ") for line in (ROOT / "SECURITY.md").read_text(encoding="utf-8").splitlines()
            if line.startswith("| ")]
    assert {len(row) for row in rows} == {4} and len(rows) > 20
    for threat, _, shown, _ in rows[1:]:
        named = re.findall(r"`(tests/[\w/]+\.py)`|`(test_\w+)`", shown)
        assert named or threat.startswith("| data are left"), threat
        text = ""
        for file, test in named:
            text = (ROOT / file).read_text(encoding="utf-8") if file else text
            assert f"def {test}(" in text if test else text, (file, test)
