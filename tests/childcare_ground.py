"""A childcare desk with families of its own: three children, three generations, a protected mother, a rare name.

As a program: a process that leads cards from application to return until killed.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from PIL import Image

from sanjo_tui.desk import Desk
from sanjo_tui.receptions.childcare.rules import Answer
from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import Role, Status
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.register import snapshot
from tests import desk as desks
from tests.register_ground import HEADER
from tests.register_ground import snapshot as folder

FATHER, MOTHER, GRANDPA, GRANDMA, PROTECTED, LONG = "101", "102", "301", "302", "401", "501"
KIDS = ("111", "112", "113")


def row(number: str, household: str, order: int, name: str, born: str, rel1: str, rel2: str = "", status: str = "1",
        flags: str = "", town: str = "旭町") -> tuple[str, ...]:
    """A line of residents.csv."""
    return (number, household, str(order), name, "ミホン", born, "1", rel1, rel2, status, town, "１番地", "", flags)


FAMILY = (row(FATHER, "1", 1, "見本　太郎", "19850601", "02"), row(MOTHER, "1", 2, "見本　花子", "19870310", "12"),
          row("111", "1", 3, "見本　一", "20110701", "20"), row("112", "1", 4, "見本　二", "20130402", "20"),
          row("113", "1", 5, "見本　三", "20150401", "20"))
OLD = (row(GRANDPA, "3", 1, "見本　茂", "19550101", "02", town="本町"),
       row(GRANDMA, "3", 2, "見本　\U000242ee子", "19570101", "12", town="本町"))
HIDDEN = (row(PROTECTED, "4", 1, "秘密　守", "19900101", "02", flags="支援措置", town="隠町"),
          *(row(f"41{n}", "4", n + 1, f"秘密　{n}", f"201{n}0101", "20", flags="支援措置", town="隠町")
            for n in (1, 2, 3)))
WIDE = (row(LONG, "5", 1, "サントス　オリヴェイラ　マリア　フェルナンダ　シルヴァ", "19880101", "02", town="荻堀"),
        *(row(f"51{n}", "5", n + 1, f"髙﨑　辻\U000e0100{n}", f"201{n}0101", "20", town="荻堀") for n in range(1, 10)))
PEOPLE = (*FAMILY, *OLD, *HIDDEN, *WIDE)


def load(desk: Desk, place: Path, people: Iterable[Sequence[str]] = PEOPLE, sequence: int = 1,
         as_of: str = "2026-11-20") -> None:
    """Make these people the live register."""
    made = folder(place / f"r{sequence}", people, header=HEADER, cards=(), lg_code="999997", sequence=sequence,
                  as_of=as_of, snapshot_id=f"r{sequence}")
    snapshot.load(made, desk.station.register_dir, desk.keys, lg_code="999997", yes=True)
    desk.refresh_register()


def hall(home: Path, code: str = "A1B2C3") -> Desk:
    """A desk with the sample set-up and these people; again: the same one."""
    fresh = not (home / "vault.toml").exists()
    desk = desks.desk(home, receptions=("childcare",), code=code)
    if fresh:
        load(desk, home.parent / f"{home.name}-data")
        desk.childcare.begin_practice()
    return desk


def apply(desk: Desk, who: str = FATHER, *, confirmed: str = "", role: Role | None = None) -> str:
    """申請 with the children that count without a question; the card's number."""
    service = desk.childcare
    look = service.look(desk.open_resident(who))
    service.apply(look, {number: Answer() for number in look.looked.sure}, role=role or look.looked.role or Role.CHILD,
                  verified_by=VerifiedBy.PHOTO_ID, confirmed=confirmed)
    return card(desk, who).card_no


_SHADES = itertools.cycle(range(0, 120, 3))


def picture(place: Path, width: int = 700, height: int = 900) -> Path:
    """A photo's file; every call another photo."""
    path = place / f"{width}x{height}.jpg"
    Image.new("RGB", (width, height), (120, 140 - next(_SHADES), 160)).save(path)
    return path


def made(desk: Desk, place: Path, who: str = FATHER) -> str:
    """A card that was printed; its number."""
    number = apply(desk, who)
    desk.childcare.take_photo(who, picture(place))
    out = place / "printer"
    out.mkdir(exist_ok=True)
    desk.childcare.write_cards(out)
    return number


def handed(desk: Desk, place: Path, who: str = FATHER) -> str:
    """A card in its holder's hand; its number."""
    number = made(desk, place, who)
    desk.childcare.hand_over(who, verified_by=VerifiedBy.PHOTO_ID, signed=True)
    return number


def card(desk: Desk, who: str = FATHER) -> Card:
    """Somebody's latest card, ended or not."""
    with desk.journal.view() as view:
        holding = desk.childcare.holding(view, who)
    assert holding is not None
    return holding.cards[-1]


def step(desk: Desk, out: Path) -> str:
    """What comes next for the father: 申請, 写真, カード作成, 交付, 返却, and so on; said once it is durable."""
    service = desk.childcare
    with desk.journal.view() as view:
        holding = service.holding(view, FATHER)
    now = holding.card if holding else None
    if now is None:
        return f"applied {apply(desk)}"
    if now.status is Status.APPLIED:
        service.take_photo(FATHER, picture(out))
    elif now.status is Status.PHOTOGRAPHED:
        service.write_cards(out)
    elif now.status is Status.PRINTED:
        service.hand_over(FATHER, verified_by=VerifiedBy.PHOTO_ID, signed=True)
    else:
        service.give_back(FATHER, "本人の申出")
    return f"{card(desk).status.value} {now.card_no}"


def main(home: str) -> None:
    """Cards for the father, one after the other, until killed."""
    desk = hall(Path(home))
    while True:
        print(step(desk, Path(home).parent), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
