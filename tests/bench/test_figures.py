"""The frame of the measurements: percentiles, budgets, the table, JSON. Nothing is timed here."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.bench.__main__ import FIGURES
from tests.bench.figures import Figure, document, number, p50, p99, table, times

CHECKOUT = Path(__file__).parent.parent.parent


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=300))
def test_percentiles_are_values_that_were_measured(values: list[float]) -> None:
    assert p50(values) in values and p99(values) in values
    assert p50(values) <= p99(values) <= max(values)
    assert sum(v > p99(values) for v in values) <= len(values) / 100


def test_a_budget_is_kept_or_not() -> None:
    assert Figure(name="a", value=60, budget=60).within is True
    assert Figure(name="a", value=60.1, budget=60).within is False
    assert Figure(name="a", value=60).within is None
    assert Figure(name="a", budget=60, note="no daemon").within is None
    assert Figure(name="a", value=3, ratio_budget=1.5, yardstick=2).within is True
    assert Figure(name="a", value=4, ratio_budget=1.5, yardstick=2).within is False


def test_the_table_shows_measured_budget_yardstick_and_ratio() -> None:
    text = table([Figure(name="tap", value=41.26, budget=60, yardstick=2, yardstick_name="bare read", note="p99"),
                  Figure(name="idle", note="pcscd is not installed")])
    for cell in ("41.3 ms", "60.0 ms", "2.00 ms bare read", "20.6 x", "yes"):
        assert cell in text
    assert "not measured" in text and "pcscd is not installed" in text


def test_the_document_holds_the_same() -> None:
    parsed = json.loads(document([Figure(name="start", value=300, ratio_budget=1.5, yardstick=250)], {"quick": True}))
    assert parsed["quick"] is True
    assert parsed["figures"][0]["ratio"] == 1.2 and parsed["figures"][0]["within"] is True


def test_numbers_are_short() -> None:
    assert [number(v) for v in (None, 0.123, 12.34, 1234.5)] == ["-", "0.12", "12.3", "1,234"]


def test_calls_before_the_count_are_not_counted() -> None:
    seen: list[int] = []
    assert len(times(3, seen.append, warm=2)) == 3
    assert seen == [-1, -2, 0, 1, 2]


def test_every_figure_is_a_module_of_its_own() -> None:
    folder = Path(__file__).parent
    for name in FIGURES:
        assert "def measure(ground: Ground)" in (folder / f"{name}.py").read_text(encoding="utf-8")


def test_a_wrong_figure_is_wrong_usage() -> None:
    run = subprocess.run([sys.executable, "-m", "tests.bench", "speed"], cwd=CHECKOUT, capture_output=True, text=True)
    assert run.returncode == 2 and "unknown figure speed" in run.stderr


@pytest.mark.slow
def test_a_quick_run_gives_one_document() -> None:
    run = subprocess.run([sys.executable, "-m", "tests.bench", "--quick", "--json"], cwd=CHECKOUT,
                         capture_output=True, text=True, timeout=600)
    assert run.returncode == 0, run.stdout
    figures = json.loads(run.stdout)["figures"]
    assert len(figures) >= 14
    assert all(one["value"] is not None or one["note"] for one in figures)
