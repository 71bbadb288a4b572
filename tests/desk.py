"""A real desk in a temporary home: vault, journal, and (where asked) a register loaded from a snapshot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

from sanjo_tui.desk import Desk, Opened
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.journal.clock import Moment
from sanjo_tui.journal.writer import Journal
from sanjo_tui.receptions.shelter.look import sheet_key
from sanjo_tui.receptions.shelter.words import Via
from sanjo_tui.register.people import Household, Resident
from sanjo_tui.station import Station
from sanjo_tui.vault import Vault
from sanjo_tui.wareki import parse


def station(home: Path, **more: object) -> Station:
    values: dict[str, object] = {"lg_code": "999997", "municipality": "サンプル市", "code": "A1B2C3",
                                 "place": "嵐南小学校", "shelter_code": "15204801", "capacity": 300, "drill": True}
    return Station(home=home, **{**values, **more})  # type: ignore[arg-type]


def desk(home: Path, operator: str = "op", **more: object) -> Desk:
    """A desk with a fresh journal under a drill vault (no passphrase to stretch); call again to open the same one."""
    home.mkdir(exist_ok=True)
    here = station(home, **more)
    if not here.vault.exists():
        vault, _ = Vault.create(here.vault, "", drill=True)
        Journal.create(here.journal, vault.unlock(""), here.code, LEDGERS, LOOSE_EVENTS).close()
    return Desk.open(here, Vault.open(here.vault).unlock(""), operator)


def clock(desk: Desk, now: Callable[[], dt.datetime]) -> None:
    """The journal's clock, set by hand."""
    desk.journal._moment = lambda: Moment(int(now().timestamp() * 1000), 0, "test")


def resident(no: str, name: str, *, order: int = 1, sex: str = "1", household: str = "77", **more: object) -> Resident:
    relation = ("02",) if order == 1 else ("20",)
    return Resident(addressee_no=no, household_no=household, order=order, name=name, name_kana="サトウ　タロウ",
                    birth=parse("19740305"), sex_code=sex, relationship=relation, town="旭町", lot_text="１番地２",
                    relationship_label="世帯主" if order == 1 else "子", **more)  # type: ignore[arg-type]


def opened(*members: Resident, who: int = 0, via: Via = Via.CARD) -> Opened:
    """A household as the desk opens it, for those tests that need no register."""
    home = Household(members[0].household_no, members)
    return Opened(who=members[who].addressee_no, household=home, household_key=sheet_key(members[who]), via=via)


FAMILY = (resident("1", "佐藤　太郎"), resident("2", "佐藤　花子", order=2, sex="2"),
          resident("3", "佐藤　次郎", order=3))
