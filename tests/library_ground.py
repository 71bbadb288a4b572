"""A library's desk on the demo register, whose days the test decides."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.desk.library import lists
from sanjo_tui.desk.service import Receipt
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library import setup as setups
from sanjo_tui.register import snapshot
from sanjo_tui.register.people import CardLink
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests import desk as desks

SATO, IKARASHI, HOMMA, KUMAKURA, PROTECTED, EXPIRED, REVOKED = (
    "3210987654321", "8854101966248", "3326237921246", "5034441853743", "5283665448725", "8949296908701",
    "3421432863699")
SAMPLE = (fixtures() / "library" / "library.toml").read_text(encoding="utf-8")
HOLDERS = (fixtures() / "library" / "holders.csv").read_bytes()


def library(home: Path, *, registers: bool = True, setup: str = SAMPLE, on: str = "", **more: object) -> Desk:
    """`on`: the day the set-up is loaded, where the days of a test do not follow the real ones."""
    desk = desks.desk(home, **{"receptions": ("library",), **more})
    if on:
        desks.clock(desk, lambda: dt.datetime.fromisoformat(f"{on}T09:00:00+09:00"))
    if registers and desk.register is None:
        load_register(desk, "demo")
    if not desk.library.ready:
        desk.library.load(setup.encode(), setups.read_holders(HOLDERS)[0])
    return desk


def load_register(desk: Desk, name: str) -> None:
    snapshot.load(fixtures() / "residents" / name, desk.station.register_dir, desk.keys, lg_code="999997", yes=True)
    desk.refresh_register()


def seen(card: str) -> CardSeen:
    return CardSeen("r", "p", "user_id", card, "possession")


def link_of(desk: Desk, card: str) -> CardLink:
    assert desk.register is not None
    link = desk.register.by_user_id(card)
    assert link is not None
    return link


def issue(desk: Desk, card: str, **more: bool) -> Receipt:
    link = link_of(desk, card)
    return desk.library.issue(link.addressee_no, link=link, verified_by=VerifiedBy.CARD_FACE, **more)


def number_of(receipt: Receipt) -> str:
    return next(r.event.number for r in receipt.recorded
                if isinstance(r.event, ev.NumberIssued | ev.NumberRenewed | ev.HolderChanged))


class Days:
    """The clock of a desk, its journal and its lists, set by hand."""

    def __init__(self, desk: Desk, patch: pytest.MonkeyPatch) -> None:
        self.now = dt.datetime(2026, 11, 24, 10, 0, tzinfo=JST)
        desks.clock(desk, lambda: self.now)
        patch.setattr(lists, "moment", lambda: self.now)
        patch.setattr(type(desk), "today", lambda _: self.now.date())

    def at(self, day: str, time: str = "10:00") -> None:
        self.now = dt.datetime.fromisoformat(f"{day}T{time}:00+09:00")
