"""The daemon that these tests talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hardware.pcscd import PrivateDaemon, why_not


@pytest.fixture(scope="session")
def _possible() -> None:
    reason = why_not()
    if reason:
        pytest.skip(reason)
    pytest.importorskip("smartcard", reason="pyscard is not installed")


@pytest.fixture
def daemon(_possible: None) -> Iterator[PrivateDaemon]:
    with PrivateDaemon() as private:
        yield private
