"""The house stays as it was planned: arrows run down, large libraries load late, the tree names no machine."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

ROOMS = (
    ("__main__",),
    ("screens",),
    ("commands",),
    ("desk",),
    ("headquarters",),
    ("printing",),
    ("sip2",),
    ("documents",),
    ("receptions",),
    ("register",),
    ("journal",),
    ("cards",),
    ("vault",),
    ("station",),
    ("text", "wareki", "numbers", "workdays"),
    ("errors", "log", "data"),
)
"""Top to bottom: a room may import itself and what is below it, never what is above."""

FLOOR = {name: floor for floor, names in enumerate(ROOMS) for name in names}

ONLY_IN = {
    "textual": ("screens",),
    "rich": ("screens",),
    "smartcard": ("sanjo_tui.cards.reader",),
    "reportlab": ("sanjo_tui.documents",),
    "peewee": ("sanjo_tui.register", "sanjo_tui.journal", "sanjo_tui.headquarters"),
    "sqlcipher3": ("sanjo_tui.register", "sanjo_tui.journal"),
    "sqlite3": (),
    "cryptography": ("sanjo_tui.vault", "sanjo_tui.journal", "sanjo_tui.desk"),
    "argon2": ("sanjo_tui.vault",),
    "pyrage": ("sanjo_tui.vault",),
}
"""Who may import a library at all."""

SCREEN_LIBRARIES = {"textual", "rich"}
LATE = {"reportlab", "smartcard", "pyrage", "jpholiday", "PIL", *SCREEN_LIBRARIES}
"""Loaded by no module of the station when it is imported, only when it is needed."""
HEAVY = {*LATE, "peewee", "sqlcipher3", "cryptography", "argon2"}

LIGHT = ["errors", "log", "text", "wareki", "numbers", "station", "receptions", "receptions.base",
         "receptions.shelter.rules", "receptions.shelter.lists", "receptions.shelter.state",
         "receptions.polling.stock", "receptions.polling.setup", "receptions.polling.place",
         "receptions.polling.rules", "receptions.polling.figures", "receptions.polling.doubles", "cards.facts",
         "cards.profiles", "journal.events", "register.people", "commands", "commands.usage", "commands.context",
         "commands.init", "commands.demo", "__main__"]
"""Imported by everything, or before the first paint: none of the heavy libraries comes with them."""

FILES = [path for folder in ("sanjo_tui", "screens") for path in sorted((ROOT / folder).rglob("*.py"))]
def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


STATION = [name for name in map(module_of, FILES) if name.startswith("sanjo_tui") and name != "sanjo_tui.__main__"]


def imports(path: Path) -> Iterator[str]:
    """Every module that a file names, wherever the import stands; `from a import b` gives a.b too."""
    package = module_of(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join([*package[:len(package) - node.level + 1], node.module or ""] if node.level
                            else [node.module or ""]).strip(".")
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def floor_of(module: str) -> int | None:
    """The floor of one of our modules; None for libraries and for the bare package."""
    parts = module.split(".")
    if parts[0] == "screens":
        return FLOOR["screens"]
    return FLOOR.get(parts[1]) if parts[0] == "sanjo_tui" and len(parts) > 1 else None


def fresh(code: str) -> str:
    """What a new Python prints; only a fresh process shows what an import really brings."""
    return subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=120,
                          check=True).stdout


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_arrows_run_down(path: Path) -> None:
    me, mine = module_of(path), floor_of(module_of(path))
    assert mine is not None or me == "sanjo_tui", f"{me} stands in no room of the list"
    for name in imports(path):
        theirs = floor_of(name)
        if theirs is not None and mine is not None:
            assert theirs >= mine, f"{me} imports {name}, which is above it"
        assert theirs != FLOOR["screens"] or me.startswith("screens") or me == "sanjo_tui.__main__", \
            f"{me} imports {name}: only __main__ knows the screens"


@pytest.mark.parametrize("path", FILES, ids=module_of)
def test_libraries_stay_in_their_rooms(path: Path) -> None:
    me = module_of(path)
    for name in imports(path):
        rooms = ONLY_IN.get(name.split(".")[0])
        assert rooms is None or any(me == room or me.startswith(room + ".") for room in rooms), f"{me} imports {name}"


@pytest.mark.parametrize("module", LIGHT)
def test_light_modules_stay_light(module: str) -> None:
    loaded = fresh(f"import sys, sanjo_tui.{module}; print(*sorted({HEAVY!r} & set(sys.modules)))")
    assert not loaded.strip()


def test_no_module_of_the_station_loads_paper_reader_or_screens() -> None:
    loaded = fresh(f"""
import importlib, sys
for name in {STATION!r}:
    importlib.import_module(name)
    for library in {LATE!r} & set(sys.modules):
        print(name, library)
        del sys.modules[library]
""")
    assert not loaded.strip()


def test_the_screens_open_before_the_heavy_libraries() -> None:
    loaded = fresh(f"import sys, screens.app; print(*sorted({HEAVY - SCREEN_LIBRARIES!r} & set(sys.modules)))")
    assert not loaded.strip()


def test_help_is_light() -> None:
    loaded = fresh("import sys; from sanjo_tui.__main__ import main; main(['--help'])\n"
                   f"print('LOADED', *sorted({HEAVY!r} & set(sys.modules)), 'sanjo_tui.commands.init' in sys.modules)")
    assert loaded.splitlines()[-1] == "LOADED False"


def test_the_tree_names_no_host_of_a_registry_and_no_machine() -> None:
    words = [b"py" + b"pi.org", b"python" + b"hosted", b"npm" + b"js.", b"deb." + b"debian", b"/wo" + b"rk/",
             b"/fa" + b"rm/", b"bash" + b"_jobs", b"/tmp" + b"/w/", b"/Users" + b"/"]
    skip = {".git", ".venv", "wheelhouse", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", ".hypothesis",
            "dist", "build"}
    found = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in skip]
        for name in names:
            path = Path(folder, name)
            data = path.read_bytes()
            found += [f"{path.relative_to(ROOT)}: {word.decode()}" for word in words if word in data]
    assert not found


def test_nothing_is_named_helper_manager_or_utils() -> None:
    assert not [path for path in FILES if any(word in path.stem for word in ("util", "helper", "manager"))]
