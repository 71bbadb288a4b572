"""A service of the hall on a stage: the real desk, journal and demo register; cards are played by user ID."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from sanjo_tui.desk import Desk
from sanjo_tui.register import snapshot
from sanjo_tui.station import fixtures
from tests.screens.stage import Stage

SATO_CARD, IKARASHI_CARD, HOMMA_CARD, KUMAKURA_CARD, PROTECTED_CARD = (
    "3210987654321", "8854101966248", "3326237921246", "5034441853743", "5283665448725")
"""Cards of fixtures/cards/demo.toml, by family; the last one's holder is protected."""


class ServiceStage(Stage):
    """One service at its station. `prepare`: what stands before the screens open; else the service's own practice."""

    def __init__(self, home: Path, service: str, *, prepare: Callable[[Desk], object] | None = None,
                 cards: bool = False, locked: bool = False, **station: object) -> None:
        super().__init__(home, is_open=False, register=False, cards=cards, locked=locked,
                         **{"receptions": (service,), **station})
        snapshot.load(fixtures() / "residents" / "demo", self.desk.station.register_dir, self.desk.keys,
                      lg_code=self.desk.station.lg_code)
        self.desk.refresh_register()
        if prepare is not None:
            prepare(self.desk)
        else:
            self.desk.room(service).begin_practice()
