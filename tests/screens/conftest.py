"""Screens under Pilot: a fixed day and clock, so that pictures are the same every day."""

from __future__ import annotations

import datetime as dt
import types
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from tests.screens.polling_stage import PollingStage
from tests.screens.service_stage import ServiceStage
from tests.screens.stage import NOW, Stage


@pytest.fixture(autouse=True)
def fixed_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """The journal's clock ticks by a second an event; today is the day of the stage."""
    steps = count()
    started = int(NOW.timestamp() * 1e9)
    monkeypatch.setattr("sanjo_tui.journal.clock.time", types.SimpleNamespace(
        time_ns=lambda: started + next(steps) * 1_000_000, monotonic_ns=lambda: next(steps)))
    monkeypatch.setattr("sanjo_tui.desk.desk.Desk.today", lambda self: NOW.date())

    class Fixed(dt.datetime):
        @classmethod
        def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:
            return NOW.astimezone(tz)

    fixed = types.SimpleNamespace(datetime=Fixed, date=dt.date, timedelta=dt.timedelta, timezone=dt.timezone)
    monkeypatch.setattr("sanjo_tui.desk.questions.dt", fixed)
    monkeypatch.setattr("sanjo_tui.desk.service.dt", fixed)


@pytest.fixture
def stage(tmp_path: Path) -> Callable[..., Stage]:
    """Makes a stage in this test's folder."""

    def make(*, polling: bool = False, service: str = "", **wanted: Any) -> Stage:
        if service:
            return ServiceStage(tmp_path / "home", service, **wanted)
        return (PollingStage if polling else Stage)(tmp_path / "home", **wanted)

    return make
