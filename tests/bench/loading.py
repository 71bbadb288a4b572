"""A snapshot from CSV to switched: time and memory, each in a process of its own."""

from __future__ import annotations

import csv
import json
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.ground import Ground


def measure(ground: Ground) -> Iterator[Figure]:
    """Time at the size of the town; memory at the large size."""
    town, large = ground.snapshot(ground.town), ground.snapshot(ground.large)
    repeats = 1 if ground.quick else 3
    plain = min((_apart("plain", town, ground.folder) for _ in range(repeats)), key=lambda run: run["seconds"])
    ours = min((_apart("ours", town, ground.folder) for _ in range(repeats)), key=lambda run: run["seconds"])
    yield Figure(name=f"snapshot load, {ground.town:,}", value=ours["seconds"], unit="s", budget=6,
                 yardstick=plain["seconds"], yardstick_name="executemany, plain SQLite",
                 spread=f"best of {repeats}, {ours['mb']:.0f} MB RSS")
    ours, plain = _apart("ours", large, ground.folder), _apart("plain", large, ground.folder)
    yield Figure(name=f"memory of a load, {ground.large:,}", value=ours["mb"], unit="MB", budget=200,
                 yardstick=plain["mb"], yardstick_name="executemany, plain SQLite", spread=f"{ours['seconds']:.1f} s")


def _apart(how: str, snapshot: Path, folder: Path) -> dict[str, float]:
    run = subprocess.run([sys.executable, "-m", "tests.bench.loading", how, str(snapshot), str(folder / "load")],
                         check=True, capture_output=True, text=True)
    shutil.rmtree(folder / "load")
    result: dict[str, float] = json.loads(run.stdout)
    return result


def _ours(snapshot: Path, out: Path) -> None:
    from sanjo_tui.register import snapshot as snapshots
    from sanjo_tui.vault import Vault

    vault, _ = Vault.create(out / "vault.toml", "", drill=True)
    snapshots.load(snapshot, out / "register", vault.unlock(""), lg_code="999997")


def load_plain(snapshot: Path, out: Path) -> Path:
    """The residents as they stand in the file, in plain SQLite without an index."""
    path = out / "plain.db"
    connection = sqlite3.connect(path)
    with (snapshot / "residents.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        header = next(rows)
        connection.execute(f"CREATE TABLE resident ({', '.join(header)})")
        connection.executemany(f"INSERT INTO resident VALUES ({', '.join('?' * len(header))})", rows)
    connection.commit()
    connection.close()
    return path


def peak_mb() -> float:
    """Greatest resident memory of this process so far, in MB (Linux)."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0.0


def main() -> None:
    """Runs in the process that is measured: `plain|ours SNAPSHOT FOLDER`, answers with JSON."""
    how, snapshot, out = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    out.mkdir()
    start = time.perf_counter()
    (_ours if how == "ours" else load_plain)(snapshot, out)
    print(json.dumps({"seconds": time.perf_counter() - start, "mb": peak_mb()}))


if __name__ == "__main__":
    main()
