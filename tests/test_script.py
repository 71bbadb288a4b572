"""`./sanjo`: one POSIX script; what it starts, what it says when it cannot, and that everything it pins is pinned.

The set-up itself needs a network and a bare system: that is run by hand. Here stubs stand for Python and apt.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TOOLS = ("sh", "dirname", "mkdir", "cat", "cksum", "uname", "id", "env")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A copy of what the script reads, in a folder with a blank in its name, and a PATH with little on it."""
    folder = tmp_path / "my checkout"
    folder.mkdir()
    for name in ("sanjo", "pyproject.toml", "constraints.txt"):
        shutil.copy(ROOT / name, folder / name)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(shutil.which(tool) or tool)
    return folder


def stub(path: Path, script: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n" + script)
    path.chmod(0o755)


def run(checkout: Path, *args: str, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": str(checkout.parent / "bin"), "SANJO_CARD": "0", **environment}
    return subprocess.run([str(checkout / "sanjo"), *args], cwd=cwd or checkout, env=environment, capture_output=True,
                          text=True, timeout=60, check=False)


PYTHON = """
case "$1" in
  -c) exit 0 ;;
  -m) [ "$2" != venv ] || { mkdir -p "$3/bin"; cp "$0" "$3/bin/python"; cp "$0" "$3/bin/sanjo-tui"; exit 0; } ;;
esac
echo "$0: $*"
"""


@pytest.fixture
def ready(checkout: Path) -> Path:
    """A checkout whose set-up has run, with stubs that print what they are given."""
    (checkout.parent / "bin" / "cp").symlink_to(shutil.which("cp") or "cp")
    stub(checkout.parent / "bin" / "python3", PYTHON)
    assert run(checkout, "test").returncode == 0
    return checkout


def test_it_is_plain_sh(checkout: Path) -> None:
    text = (checkout / "sanjo").read_text(encoding="utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert not re.search(r"\[\[ |\bfunction\b|\blocal\b|<<<|\$\{\w+(//|\^|,)|&>|\bsource\b", text)
    subprocess.run(["sh", "-n", str(checkout / "sanjo")], check=True)
    if shutil.which("dash"):
        subprocess.run(["dash", "-n", str(checkout / "sanjo")], check=True)


def test_without_python_and_apt_it_says_what_is_needed(checkout: Path) -> None:
    done = run(checkout, "demo")
    assert done.returncode == 1
    assert "Python 3.11 以上" in done.stderr
    assert done.stdout == ""


def test_the_first_call_sets_up_and_the_second_does_not(ready: Path) -> None:
    second = run(ready, "demo", "--json")
    assert second.returncode == 0
    assert second.stderr == ""
    assert second.stdout == f"{ready}/.venv/bin/sanjo-tui: demo --json\n"


def test_setting_up_for_the_demo_leaves_out_what_only_tests_need(checkout: Path) -> None:
    (checkout.parent / "bin" / "cp").symlink_to(shutil.which("cp") or "cp")
    stub(checkout.parent / "bin" / "python3", PYTHON)
    run(checkout, "demo")
    log = (checkout / ".venv" / "setup.log").read_text()
    assert f"-e {checkout}\n" in log
    assert (checkout / ".venv" / ".ready-run").exists()
    assert not (checkout / ".venv" / ".ready-test").exists()
    run(checkout, "test")
    assert f"-e {checkout}[test]\n" in (checkout / ".venv" / "setup.log").read_text()


def test_other_requirements_or_another_place_set_up_again(ready: Path) -> None:
    with (ready / "constraints.txt").open("a") as file:
        file.write("another==1\n")
    assert "準備" in run(ready, "demo").stderr
    moved = ready.parent / "moved"
    ready.rename(moved)
    assert "準備" in run(moved, "demo").stderr


@pytest.mark.parametrize(("given", "started"), [
    (["test"], "-m pytest -q -n auto --dist loadfile"),
    (["test", "-k", "desk"], "-m pytest -q -n auto --dist loadfile -k desk"),
    (["test", "--slow"], "-m pytest -q -n auto --dist loadfile -m slow or not slow"),
    (["test", "--slow", "-x"], "-m pytest -q -n auto --dist loadfile -m slow or not slow -x"),
    (["bench", "--json"], "-m tests.bench --json"),
])
def test_words_that_start_something_else(ready: Path, given: list[str], started: str) -> None:
    assert run(ready, *given).stdout == f"{ready}/.venv/bin/python: {started}\n"


def test_relative_names_mean_what_they_meant_to_the_caller(ready: Path) -> None:
    stub(ready / ".venv" / "bin" / "sanjo-tui", "echo $PWD")
    assert run(ready, "register", "check", "here", cwd=ready.parent).stdout.strip() == str(ready.parent)


def test_a_wheelhouse_is_the_only_source(checkout: Path) -> None:
    (checkout.parent / "bin" / "cp").symlink_to(shutil.which("cp") or "cp")
    stub(checkout.parent / "bin" / "python3", PYTHON)
    (checkout / "wheelhouse").mkdir()
    run(checkout, "demo")
    assert f"--no-index --find-links {checkout}/wheelhouse" in (checkout / ".venv" / "setup.log").read_text()


def test_a_reader_that_cannot_be_built_is_a_warning(checkout: Path) -> None:
    (checkout.parent / "bin" / "cp").symlink_to(shutil.which("cp") or "cp")
    stub(checkout.parent / "bin" / "python3", PYTHON.replace('echo "$0', 'case "$*" in *card]) exit 1; esac; echo "$0'))
    done = run(checkout, "demo", SANJO_CARD="1")
    assert done.returncode == 0
    assert "カード読取装置なしで続けます" in done.stderr
    assert f"-e {checkout}\n" in (checkout / ".venv" / "setup.log").read_text()


def test_what_is_asked_of_apt_is_only_what_is_missing(checkout: Path) -> None:
    bin = checkout.parent / "bin"
    (bin / "cp").symlink_to(shutil.which("cp") or "cp")
    stub(bin / "python3", PYTHON)
    stub(bin / "apt-get", f'echo "$*" >>"{bin}/asked"')
    stub(bin / "sudo", 'exec "$@"')
    stub(bin / "dpkg-query", 'case "$*" in *tmux|*gothic) printf installed;; *) exit 1;; esac')
    done = run(checkout, "test", SANJO_CARD="1")
    asked = (bin / "asked").read_text()
    assert "vsmartcard-vpcd" in asked and "fonts-ipamj-mincho" in asked and "libpcsclite-dev" in asked
    assert "tmux" not in asked and "gothic" not in asked
    assert "追加します" in done.stderr


def test_every_requirement_is_pinned_to_one_version() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line) for line in lines)
    pinned = {line.split("==")[0].lower().replace("_", "-") for line in lines}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[>=<;\[ ]", one)[0].lower().replace("_", "-") for one in wanted}
    assert names <= pinned


def test_ci_runs_the_same_two_calls() -> None:
    text = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert os.access(ROOT / ".ci" / "run", os.X_OK)
    assert "./sanjo check\n./sanjo test\n" in text
