"""`python -m tests.bench [--json] [--quick] [FIGURE...]`: measure, print the table; progress goes to standard error."""

from __future__ import annotations

import argparse
import importlib
import os
import platform
import shutil
import sys
import tempfile
import time
from pathlib import Path

from sanjo_tui import __version__
from tests.bench.figures import CannotMeasure, Figure, document, table
from tests.bench.ground import Ground

FIGURES = {"tap": "card reported by the daemon to household painted", "search": "search to painted list",
           "reception": "a reception, durable", "start": "start to first screen", "memory": "memory at the desk",
           "loading": "snapshot load", "form": "documents", "traffic": "bytes to the terminal, and idling",
           "polling": "a polling desk, its roll, and taking in other places",
           "operators": "what operators add to a tap",
           "counter": "300 procedures of the counter",
           "attendance": "taps at a staff entrance, the month of 800 staff"}
"""Modules of this package with a `measure(ground)` and what they measure, in the order of the table."""


def main() -> int:
    """0 when every figure was measured or could not be had here; 1 when one failed."""
    parser = argparse.ArgumentParser(prog="./sanjo bench", description="Measures the station beside its budgets.")
    parser.add_argument("--json", action="store_true", help="one JSON document on standard output")
    parser.add_argument("--quick", action="store_true", help="smaller registers and fewer repeats")
    parser.add_argument("figures", nargs="*", metavar="FIGURE", help=f"only these: {', '.join(FIGURES)}")
    asked = parser.parse_args()
    unknown = sorted(set(asked.figures) - set(FIGURES))
    if unknown:
        parser.error(f"unknown figure {', '.join(unknown)}; there are {', '.join(FIGURES)}")
    folder = Path(tempfile.mkdtemp(prefix="sanjo-bench-"))
    started, failed, measured = time.monotonic(), False, list[Figure]()
    try:
        ground = Ground(folder, asked.quick)
        for name, what in FIGURES.items():
            if asked.figures and name not in asked.figures:
                continue
            print(f"measuring: {what} ...", file=sys.stderr, flush=True)
            try:
                measured += importlib.import_module(f"tests.bench.{name}").measure(ground)
            except CannotMeasure as reason:
                measured.append(Figure(name=what, note=str(reason)))
            except Exception as error:  # noqa: BLE001 the other figures still count
                failed = True
                says = str(error).partition("\n")[0]
                measured.append(Figure(name=what, note=f"failed: {type(error).__name__}: {says}"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    about = {"version": __version__, "python": platform.python_version(), "machine": platform.machine(),
             "cpus": os.cpu_count(), "quick": asked.quick, "seconds": round(time.monotonic() - started, 1)}
    if asked.json:
        print(document(measured, about))
    else:
        print(table(measured))
        print(f"\nsanjo-tui {__version__}, Python {platform.python_version()}, {os.cpu_count()} CPUs"
              + (", quick: smaller registers, not comparable" if asked.quick else ""))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
