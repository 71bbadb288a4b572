"""A drill station with an operator of every role, a shelter, a polling place and somebody received at each."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import dataclass
from pathlib import Path

from sanjo_tui import station as stations
from sanjo_tui.desk import Desk
from sanjo_tui.journal import exports
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import IdMethod, Oath, Via
from sanjo_tui.receptions.shelter.rules import UnknownPerson
from sanjo_tui.register import snapshot
from sanjo_tui.register.roll import elections
from sanjo_tui.register.roll import snapshot as rolls
from sanjo_tui.register.roll.elector import Absentee
from sanjo_tui.station import fixtures
from sanjo_tui.vault import pins
from sanjo_tui.vault.roles import Operator, Role
from sanjo_tui.wareki import JST
from tests import desk as desks

PIN = "2468"
LIGHT = pins.make(PIN, light=True)
OF_ROLE = {Role.VOLUNTEER: "V01", Role.CLERK: "J01", Role.MANAGER: "K01", Role.IT: "I01", Role.TERMINAL: "T01"}
"""At the desk; J01 and K01 stand in the election's staff too. K02 and J02 are there to be asked."""

OPERATORS = (
    Operator(id="V01", name="協力　一", role=Role.VOLUNTEER, pin_hash=LIGHT),
    Operator(id="J01", name="受付　二", role=Role.CLERK, pin_hash=LIGHT),
    Operator(id="J02", name="受付　三", role=Role.CLERK, pin_hash=LIGHT),
    Operator(id="K01", name="責任　四", role=Role.MANAGER, pin_hash=LIGHT),
    Operator(id="K02", name="責任　五", role=Role.MANAGER, pin_hash=LIGHT),
    Operator(id="I01", name="情報　六", role=Role.IT, pin_hash=LIGHT),
    Operator(id="T01", name="打刻　七", role=Role.TERMINAL, pin_hash=LIGHT))
STATION = {"receptions": ["shelter", "polling"], "polling_place": "E1", "shelter_code": "S01"}
SATO, HOME, FREE = "99900000029", "99800000021", "99900000053"
"""宛名番号 of somebody received in the shelter, the family's household number, and somebody not received yet."""

CARD = Choice(id_method=IdMethod.CARD, via=Via.CARD, reason_code=1, oath=Oath.PRINTED)


@dataclass(frozen=True, slots=True)
class Ground:
    """The station as a folder, and numbers of what stands in it. `undo`: what F9 takes; J01 recorded everything.

    `absentee`: an elector whose 不在者投票 papers are out; `export`: the journal of another station of this drill.
    """

    home: Path
    undo: str
    provisional: str
    tag: str
    ballot: str
    voter: str
    other: str
    absentee: str
    job: str
    export: Path

    def copy(self, folder: Path) -> Path:
        """The same station once more, to do something at it."""
        return Path(shutil.copytree(self.home, folder))


def build(home: Path) -> Ground:
    """The station, made by a clerk before anybody was registered."""
    desk = desks.desk(home, operator="J01", **STATION)
    stations.write(desk.station)
    sample, station = fixtures(), desk.station
    for one in ("demo", "demo-next"):           # the older one is there to go back to
        snapshot.load(sample / "residents" / one, station.register_dir, desk.keys, lg_code=station.lg_code, yes=True)
    desk.refresh_register()
    desk.shelter.open_shelter("20261124", "大雨")
    unknown = desk.shelter.admit_unknown(UnknownPerson(name="不明　者", age_text="40代"))
    opened = desk.open_resident(SATO)
    look = desk.shelter.look(opened)
    receipt = desk.shelter.admit(look, [line.key for line in look.members])
    desk.shelter.supplement(SATO, {"needs_note": "足が悪い"})
    undo = desk.shelter.latest(1)[0].number
    voter, other, absentee, ballot = _election(desk)
    job = desk.shelter.print("tag", registration_no=unknown.registration_no)
    desk.keys.set_operators(OPERATORS)
    desk.close()
    there = desks.desk(home.with_name("there"), code="Z9Y8X7", shelter_code="S02")
    there.shelter.open_shelter("20261124")
    export = exports.write(there.journal, home.with_name("usb"))[0].path
    there.close()
    return Ground(home=home, undo=undo, provisional=unknown.registration_no, tag=receipt.registration_no,
                  ballot=ballot, voter=voter, other=other, absentee=absentee, job=job, export=export)


def _election(desk: Desk) -> tuple[str, str, str, str]:
    """Somebody who was received, somebody who was not, somebody with 不在者投票 papers, and the 受付番号."""
    today = dt.datetime.now(JST).date()
    data = setup.moved_to((fixtures() / "elections" / "demo.toml").read_bytes(), today)
    election, problems = setup.read(data)
    assert election is not None, problems
    elections.store(desk.station.home, election.id, data)
    polling = desk.polling
    polling.election_loaded(election)
    polling.roll_loaded(rolls.load(fixtures() / "rolls" / "demo", desk.station.roll_dir, desk.keys,
                                   lg_code=desk.station.lg_code, contests=tuple(c.code for c in election.contests)))
    polling.open_place(clock_confirmed=True, zero_printed=True)
    assert polling.roll is not None
    fit = []
    for elector in polling.roll.everyone():
        look = polling.look(polling.open_voter(elector.addressee_no, Via.CARD))
        if len(look.examined.papers) == 5 and not look.examined.confirm and elector.user_id:
            fit.append(elector.addressee_no)
        if len(fit) == 2:
            break
    receipt = polling.receive(polling.look(polling.open_voter(fit[0], Via.CARD)), CARD)
    absent = next(elector.addressee_no for elector in polling.roll.everyone()
                  if any(mark.absentee is Absentee.ISSUED for mark in elector.marks))
    return fit[0], fit[1], absent, receipt.reception_no


def at(home: Path, role: Role | None) -> Desk:
    """The desk with somebody of this role at it; None: opened by the shared secret, nobody signed on."""
    desk = desks.desk(home, **STATION)
    if role is not None:
        desk.sign_on(OF_ROLE[role], PIN)
    return desk
