"""A live station under a cheap passphrase, with a small register: what can be locked, and opened again."""

from __future__ import annotations

from pathlib import Path

from sanjo_tui.desk import Desk, locking
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.journal.writer import Journal
from sanjo_tui.register import snapshot as snapshots
from sanjo_tui.station import Station
from sanjo_tui.station import write as write_station
from sanjo_tui.vault import Vault
from sanjo_tui.vault.slots import Cost
from tests.register_ground import LG_CODE, snapshot

PASSPHRASE = "".join(("正しい馬", " 電池 ", "ホチキス 令和八年の秋祭りと花火"))
"""Put together, so that no constant of this module is the whole of it."""

QUICK = Cost(memory_kib=64, passes=1, lanes=1)
SNAPSHOT = "sanjo-20261120"


def station_at(home: Path, secret: str = PASSPHRASE, **more: object) -> Station:
    """Vault, journal and register of a fresh station, closed."""
    values: dict[str, object] = {"lg_code": LG_CODE, "municipality": "三条市", "code": "A1", "place": "嵐南小学校",
                                 "shelter_code": "S01", "capacity": 300, **more}
    here = Station(home=home, **values)  # type: ignore[arg-type]
    write_station(here)
    vault, _ = Vault.create(here.vault, "" if here.drill else secret, drill=here.drill, cost=QUICK)
    keys = vault.unlock("" if here.drill else secret)
    Journal.create(here.journal, keys, here.code, LEDGERS, LOOSE_EVENTS, reserve_mb=1).close()
    folder = snapshot(home.parent / "delivered", snapshot_id=SNAPSHOT, lg_code=here.lg_code)
    snapshots.load(folder, here.register_dir, keys, lg_code=here.lg_code)
    keys.forget()
    return here




def opened(station: Station, door: locking.Door, secret: str) -> Desk:
    """The desk, as the screens open it."""
    return locking.open_desk(station, lambda vault: vault.unlock(secret), door)
