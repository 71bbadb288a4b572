"""A birth date tells namesakes apart: the longest one stands whole on the list of a search at 80 columns."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any, cast

import pytest

from sanjo_tui.wareki import wareki
from screens.shelter_people import hit_row

LONGEST = [dt.date(1967, 11, 21), dt.date(1926, 12, 25), dt.date(2019, 10, 31)]


@pytest.mark.parametrize("day", LONGEST)
def test_the_longest_birth_date_is_not_cut(day: dt.date) -> None:
    birth = SimpleNamespace(age_text=lambda today: "59")
    who = SimpleNamespace(protected=False, town="北四日町", name="佐藤　由美子", name_kana="サトウ　ユミコ",
                          birth_label=wareki(day), birth=birth, sex_code="2")
    line = hit_row(cast("Any", SimpleNamespace(resident=who, match="")), 76, dt.date(2026, 11, 25)).plain
    assert wareki(day) in line and "北四日町" in line and " 59" in line
