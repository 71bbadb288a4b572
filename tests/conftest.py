"""What every test shares: no test sees the tester's own station, and no test depends on how fast the machine is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True)
def nobodys_station(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's data folder of its own for each test that asks for the default home; nothing is inherited."""
    monkeypatch.delenv("SANJO_HOME", raising=False)
    folder = tmp_path_factory.getbasetemp() / "nobody" / "data"
    monkeypatch.setenv("XDG_DATA_HOME", str(folder))
    return folder


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The rows of tests/service_permissions.py come from the class that names the service."""
    from tests.service_permissions import ServicePermissions, parameters

    if metafunc.cls is not None and issubclass(metafunc.cls, ServicePermissions):
        for name, rows in parameters(metafunc.cls).items():
            if name in metafunc.fixturenames:
                metafunc.parametrize(name, rows)
