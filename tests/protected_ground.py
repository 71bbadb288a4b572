"""A town with one protected household and one member who fled from another: what must not be found, and where.

All people are invented. `SECRET` may stand nowhere at all; `HERS` in nothing that is about her former household.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from register_ground import snapshot
from roll_ground import roll, ticket_rows

from sanjo_tui import station as stations
from sanjo_tui.desk import Desk
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import IdMethod, Oath, Via
from sanjo_tui.receptions.shelter.words import Exit, Need, Stay
from sanjo_tui.register import snapshot as snapshots
from sanjo_tui.register.roll import elections
from sanjo_tui.register.roll import snapshot as rolls
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests import desk as desks
from tests.operators_ground import OPERATORS, PIN

MAMORU, AOI = "10000041", "10000042"
TAICHI, KANA, SORA = "10000051", "10000052", "10000053"
PLAIN = "10000061"
PHONE, OTHER_PHONE, WENT_TO = "0256-77-4747", "0256-88-4848", "匿名寮"
PEOPLE = (
    (MAMORU, "9400000047", "1", "守山　護", "モリヤマ　マモル", "19740105", "1", "02", "", "1", "秘町", "９９番地",
     "隠荘７７号", "支援措置"),
    (AOI, "9400000047", "2", "守山　葵", "モリヤマ　アオイ", "20100105", "2", "20", "", "1", "秘町", "９９番地",
     "隠荘７７号", "支援措置"),
    (TAICHI, "9500000058", "1", "逃原　太一", "ニゲハラ　タイチ", "19700301", "1", "02", "", "1", "公町", "１１番地",
     "", ""),
    (KANA, "9500000058", "2", "逃原　花奈", "ニゲハラ　カナ", "19720302", "2", "12", "", "1", "公町", "１１番地", "",
     "仮支援措置"),
    (SORA, "9500000058", "3", "逃原　空", "ニゲハラ　ソラ", "20080303", "1", "20", "", "1", "公町", "１１番地", "", ""),
    (PLAIN, "9600000069", "1", "他田　一", "タダ　ハジメ", "19600601", "1", "02", "", "1", "本町", "５番地", "", ""),
)
USER = {row[0]: f"40000000000{row[0][-2:]}" for row in PEOPLE}
CARDS = tuple((number, user, "20301231", "active") for number, user in USER.items())
SECRET = ("秘町", "９９番地", "隠荘", "9400000047", PHONE, PHONE.replace("-", ""), OTHER_PHONE, WENT_TO)
HERS = ("花奈", "ニゲハラ　カナ", "ニゲハラカナ", KANA, USER[KANA])
FAMILY = ("太一", "逃原　空", "公町", "１１番地", "9500000058", TAICHI, SORA)
"""What her own tap must not show of those whom she fled from."""


def load_register(desk: Desk, folder: Path) -> None:
    """These people as the register of the desk's station."""
    snapshots.load(snapshot(folder, PEOPLE, cards=CARDS, lg_code=desk.station.lg_code), desk.station.register_dir,
                   desk.keys, lg_code=desk.station.lg_code, yes=True)
    desk.refresh_register()


def receive(desk: Desk) -> None:
    """Everybody comes by their own card; what they say of themselves is recorded."""
    shelter = desk.shelter
    for number in (MAMORU, AOI, KANA, TAICHI):
        look = shelter.look(desk.open_resident(number))
        shelter.admit(look, [line.key for line in look.members])
        if number in (MAMORU, KANA):
            shelter.supplement(number, {"needs": (Need.MEDICATION,),
                                        "disclose_kin": True, "disclose_public": True, "area": "B"})
            shelter.note_household(shelter.look(desk.open_resident(number)), {
                "phone": PHONE, "other_contact": OTHER_PHONE, "neighbourhood": "秘町会", "pets": "犬1", "car": "軽"})
    look = shelter.look(desk.open_resident(MAMORU))
    shelter.change_stay(look, [MAMORU], Stay.CAR)
    look = shelter.look(desk.open_resident(KANA))
    shelter.go_out(look, [KANA], WENT_TO, "2026-01-01T10:00")
    look = shelter.look(desk.open_resident(AOI))
    shelter.depart(look, [AOI], Exit.RELATIVES, WENT_TO, OTHER_PHONE)


def elector(row: tuple[str, ...], at: int) -> tuple[str, ...]:
    """The same person on the roll."""
    number, home, _, name, kana, birth, sex, *_, town, lot, building, flags = row
    return (number, USER[number], f"1-01-001-{at}", str(at), f"{at:07}", name, kana, birth, sex, town + lot + building,
            home, "1" if flags else "0", "有効", "", "", "")


def build(home: Path) -> Desk:
    """A station with a shelter and a polling place where everybody was received; a manager is at the desk."""
    desk = desks.desk(home, operator="J01", receptions=["shelter", "polling"], polling_place="E1", shelter_code="S01")
    stations.write(desk.station)
    load_register(desk, home.with_name("delivered"))
    desk.shelter.open_shelter("20261124", "大雨")
    receive(desk)
    today = dt.datetime.now(JST).date()
    data = setup.moved_to((fixtures() / "elections" / "demo.toml").read_bytes(), today)
    election, problems = setup.read(data)
    assert election is not None, problems
    elections.store(desk.station.home, election.id, data)
    desk.polling.election_loaded(election)
    electors = [elector(row, at) for at, row in enumerate((row for row in PEOPLE if row[0] != AOI), 1)]
    folder = roll(home.with_name("roll"), electors, marks=None, ticket_file=ticket_rows(electors),
                  lg_code=desk.station.lg_code, as_of=today.isoformat())
    desk.polling.roll_loaded(rolls.load(folder, desk.station.roll_dir, desk.keys, lg_code=desk.station.lg_code,
                                        contests=tuple(c.code for c in election.contests)))
    desk.polling.open_place(clock_confirmed=True, zero_printed=True)
    for number in (MAMORU, KANA, PLAIN):
        look = desk.polling.look(desk.polling.open_voter(number, Via.CARD))
        desk.polling.receive(look, Choice(id_method=IdMethod.CARD, via=Via.CARD, reason_code=1, oath=Oath.PRINTED))
    desk.keys.set_operators(OPERATORS)
    desk.sign_on("K01", PIN)
    return desk


