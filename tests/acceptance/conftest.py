"""Stations that the tests start from; each test works on a copy of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from fixtures.generate import SANJO, write_snapshot
from tests.acceptance.town import DEMO, PROFILES, Town

PASSPHRASE = "正しい馬 電池 ホチキス"


@pytest.fixture(scope="session")
def passphrase(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A passphrase file as a script has it."""
    path = tmp_path_factory.mktemp("secret") / "passphrase"
    path.write_text(PASSPHRASE + "\n", encoding="utf-8")
    path.chmod(0o600)
    return path


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A register of 三条市: the people of the demo, every edge case once."""
    folder = tmp_path_factory.mktemp("snapshot") / "sanjo"
    write_snapshot(folder, 320, seed=1, snapshot_id="sanjo-20261120", where=SANJO)
    return folder


@pytest.fixture(scope="session")
def _sanjo(tmp_path_factory: pytest.TempPathFactory, passphrase: Path, snapshot: Path) -> Town:
    town = Town(tmp_path_factory.mktemp("town") / "home", passphrase)
    town.run("init", "--lg-code", "152048", "--municipality", "三条市", "--station", "R1", "--place", "嵐南小学校",
             "--shelter-code", "S01", "--capacity", "300", "--profiles", PROFILES, "--no-input")
    town.run("register", "load", snapshot)
    return town


@pytest.fixture(scope="session")
def _sample(tmp_path_factory: pytest.TempPathFactory) -> Town:
    town = Town(tmp_path_factory.mktemp("sample") / "home")
    town.bare("--home", town.home, "init", "--drill", "--lg-code", "999997", "--municipality", "サンプル市",
              "--station", "R2", "--place", "嵐南小学校", "--profiles", PROFILES, "--no-input")
    town.run("register", "load", DEMO)
    return town


@pytest.fixture
def sanjo(_sanjo: Town, tmp_path: Path) -> Town:
    """A live station of 三条市 with its register, the shelter not yet open."""
    return _sanjo.copy(tmp_path / "home")


@pytest.fixture
def sample(_sample: Town, tmp_path: Path) -> Town:
    """A drill station of サンプル市 with the demo's register: no passphrase to stretch, hence quick."""
    return _sample.copy(tmp_path / "home")
