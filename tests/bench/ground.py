"""What figures stand on: snapshots and stations with a loaded register, each made once a run and only when asked."""

from __future__ import annotations

import csv
import random
from dataclasses import dataclass, field
from pathlib import Path

from fixtures.generate import write_snapshot
from sanjo_tui import station as stations
from sanjo_tui.station import Station

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
CARDS = 0.3


@dataclass
class Ground:
    """`quick` takes registers a tenth the size and fewer repeats: good for seeing that everything runs."""

    folder: Path
    quick: bool = False
    _homes: dict[str, Station] = field(default_factory=dict)

    @property
    def town(self) -> int:
        """People of a town like Sanjo."""
        return 10_000 if self.quick else 100_501

    @property
    def large(self) -> int:
        """People of the five municipalities together."""
        return 46_000 if self.quick else 467_446

    def repeats(self, many: int) -> int:
        """How often to measure: as often as asked, or a few times."""
        return max(5, many // 10) if self.quick else many

    def snapshot(self, people: int) -> Path:
        """A snapshot folder of this size."""
        folder = self.folder / f"snapshot-{people}"
        if not (folder / "manifest.toml").exists():
            write_snapshot(folder, people, seed=1, cards=CARDS)
        return folder

    def residents(self, people: int, how_many: int) -> list[dict[str, str]]:
        """Latest rows of living residents, drawn from all over the register."""
        with (self.snapshot(people) / "residents.csv").open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            step = max(1, people // (how_many * 2))
            living = [row for i, row in enumerate(rows) if i % step == 0 and row["is_latest"] == "1"
                      and row["resident_status"] == "1" and row["resident_kind"] == "1" and row["birth_date"]]
        return random.Random(3).sample(living, how_many)

    def user_ids(self, people: int, how_many: int, draw: str) -> list[str]:
        """User IDs of valid cards, drawn from all over the register; another `draw`, other people."""
        with (self.snapshot(people) / "cards.csv").open(encoding="utf-8", newline="") as file:
            valid = [row["user_id"] for row in csv.DictReader(file)
                     if row["status"] == "active" and row["valid_until"] > "2026-12-31"]
        return random.Random(draw).sample(valid, min(how_many, len(valid)))

    def live_station(self) -> Station:
        """A station with a passphrase and no register: what stands on its first screen needs neither."""
        from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
        from sanjo_tui.journal.writer import Journal
        from sanjo_tui.vault import Vault

        if "live" not in self._homes:
            station = Station(home=self.folder / "live", lg_code="999997", municipality="サンプル市", code="BENCH",
                              place="嵐南小学校")
            station.home.mkdir()
            stations.write(station)
            vault, _ = Vault.create(station.vault, "measure twice, cut once")
            Journal.create(station.journal, vault.unlock("measure twice, cut once"), station.code, LEDGERS,
                           LOOSE_EVENTS, reserve_mb=1).close()
            self._homes["live"] = station
        return self._homes["live"]

    def station(self, people: int, name: str = "") -> Station:
        """A drill station (no passphrase to stretch) with this register loaded and the shelter open.

        Another `name` is another station of the same size.
        """
        from sanjo_tui.desk import Desk
        from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
        from sanjo_tui.journal.writer import Journal
        from sanjo_tui.register import snapshot
        from sanjo_tui.vault import Vault

        key = f"{people}-{name}"
        if key in self._homes:
            return self._homes[key]
        home = self.folder / f"home-{key}"
        home.mkdir()
        station = Station(home=home, lg_code="999997", municipality="サンプル市", code="BENCH", place="嵐南小学校",
                          drill=True, capacity=100_000, stale_days=100_000, very_stale_days=100_000, bell=False)
        stations.write(station)
        station.profiles.write_bytes((FIXTURES / "cards" / "profiles.toml").read_bytes())
        vault, _ = Vault.create(station.vault, "", drill=True)
        keys = vault.unlock("")
        Journal.create(station.journal, keys, station.code, LEDGERS, LOOSE_EVENTS).close()
        snapshot.load(self.snapshot(people), station.register_dir, keys, lg_code=station.lg_code)
        desk = Desk.open(station, keys)
        desk.shelter.open_shelter("bench")
        desk.close()
        self._homes[key] = station
        return station
