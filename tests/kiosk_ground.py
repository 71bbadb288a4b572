"""A desk of certificates with the demo's register; run as a program it issues until it is killed.

Each number is printed once it is durable: `kiosk_ground.py HOME`.
"""

from __future__ import annotations

import datetime as dt
import itertools
import sys
from pathlib import Path

from sanjo_tui.desk import Desk
from sanjo_tui.desk.kiosk.desk import Look
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.kiosk.events import Issued
from sanjo_tui.receptions.kiosk.rules import Wish
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel
from sanjo_tui.register import snapshot
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests import desk as desks

SATO = "99900000029"
NOON = dt.datetime(2026, 11, 25, 12, 0, tzinfo=JST)
"""A Wednesday, so that what a kiosk gives does not hang on when the tests run."""


def hall(home: Path, operator: str = "op") -> Desk:
    """The desk with its samples loaded; call again to open the same one."""
    desk = desks.desk(home, operator, receptions=("kiosk",))
    desk.kiosk.clock = lambda: NOON
    if desk.register is None:
        snapshot.load(fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys, lg_code="999997")
        desk.refresh_register()
    desk.kiosk.begin_practice()
    return desk


def look_at(desk: Desk, key: str = SATO, channel: Channel = Channel.COUNTER) -> Look:
    """The household on the desk."""
    return desk.kiosk.look(desk.open_resident(key), channel)


def wanted(look: Look, kind: CertificateKind = CertificateKind.RESIDENT_COPY, **more: object) -> Wish:
    """What is asked for, for whoever is there."""
    values: dict[str, object] = {
        "certificate": kind, "channel": look.channel, "person": look.who.addressee_no,
        "subjects": (look.who.addressee_no,), "verified_by": VerifiedBy.CARD_FACE, "domicile_confirmed": True,
        "fiscal_year": 2026 if kind.of_a_year else 0}
    return Wish(**{**values, **more})  # type: ignore[arg-type]


def main(home: str) -> None:
    """Issue, and make every second number void, until somebody kills the process."""
    desk = hall(Path(home))
    look = look_at(desk)
    for turn in itertools.count():
        receipt = desk.kiosk.issue(look, wanted(look))
        number = next(r.event.issue_no for r in receipt.recorded if isinstance(r.event, Issued))
        print(number, flush=True)
        if turn % 2:
            desk.kiosk.void(number, "試験", paper_back=True)


if __name__ == "__main__":
    main(sys.argv[1])
