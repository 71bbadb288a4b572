"""A measured figure with its budget and its yardstick, and how figures are shown."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass


class CannotMeasure(Exception):
    """A figure that this machine cannot give; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One line of the table. `value`, `budget` and `yardstick` share the `unit`; `ratio_budget` limits value/yardstick.

    `spread`: how the values lie, in words. A figure without a value was not measured, and `note` says why.
    """

    name: str
    value: float | None = None
    unit: str = "ms"
    budget: float | None = None
    ratio_budget: float | None = None
    yardstick: float | None = None
    yardstick_name: str = ""
    spread: str = ""
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the yardstick."""
        return self.value / self.yardstick if self.value is not None and self.yardstick else None

    @property
    def within(self) -> bool | None:
        """Whether the budget holds; None where there is none or nothing was measured."""
        if self.value is None:
            return None
        if self.ratio_budget is not None:
            return None if self.ratio is None else self.ratio <= self.ratio_budget
        return None if self.budget is None else self.value <= self.budget


def times(repeat: int, work: Callable[[int], object], warm: int = 1) -> list[float]:
    """Milliseconds of each of `repeat` calls, after some that are not counted. `work` gets the number of the call."""
    for i in range(warm):
        work(-1 - i)
    taken = []
    for i in range(repeat):
        start = time.perf_counter()
        work(i)
        taken.append((time.perf_counter() - start) * 1e3)
    return taken


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of the values lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def p50(values: Sequence[float]) -> float:
    """The middle value."""
    return percentile(values, 0.5)


def p99(values: Sequence[float]) -> float:
    """The value that one of a hundred exceeds; of fewer than a hundred values it is the greatest."""
    return percentile(values, 0.99)


def spread(values: Sequence[float]) -> str:
    """Number, middle and greatest value."""
    return f"n {len(values)}, p50 {number(p50(values))}, max {number(max(values))}"


def number(value: float | None) -> str:
    """Three significant figures at most."""
    if value is None:
        return "-"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if abs(value) >= 10 else f"{value:.2f}"


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines for a terminal."""
    rows = [("what", "measured", "budget", "yardstick", "ratio", "within", "")]
    for one in figures:
        budget = f"{number(one.ratio_budget)} x" if one.ratio_budget is not None else \
            f"{number(one.budget)} {one.unit}" if one.budget is not None else "-"
        yardstick = f"{number(one.yardstick)} {one.unit} {one.yardstick_name}" if one.yardstick is not None else "-"
        rows.append((one.name, f"{number(one.value)} {one.unit}" if one.value is not None else "not measured", budget,
                     yardstick, "-" if one.ratio is None else f"{number(one.ratio)} x",
                     {True: "yes", False: "NO", None: "-"}[one.within],
                     "; ".join(text for text in (one.spread, one.note) if text)))
    widths = [max(len(row[i]) for row in rows) for i in range(6)]
    lines = ["  ".join([*(cell.ljust(width) for cell, width in zip(row, widths, strict=False)), row[6]]).rstrip()
             for row in rows]
    return "\n".join([lines[0], "-" * len(lines[0]), *lines[1:]])


def document(figures: Sequence[Figure], about: dict[str, object]) -> str:
    """The figures as one JSON document."""
    return json.dumps({**about, "figures": [{**asdict(one), "ratio": one.ratio, "within": one.within}
                                            for one in figures]}, ensure_ascii=False, indent=1)
