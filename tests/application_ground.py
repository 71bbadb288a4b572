"""A desk for card applications on the demo register, on a day that the test decides.

As a program: a process that leads applications from the door to the hand-over until killed.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import sys
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw

from sanjo_tui.desk import Desk
from sanjo_tui.desk.application import applying
from sanjo_tui.desk.application import desk as application_desk
from sanjo_tui.desk.service import Receipt
from sanjo_tui.receptions.application.rules import Asked
from sanjo_tui.receptions.application.state import Application
from sanjo_tui.receptions.application.words import Channel, Identity, Method, Point, State
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.register import snapshot
from sanjo_tui.register.people import CardLink
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests import desk as desks

SATO, IKARASHI, HOMMA, KUMAKURA, PROTECTED, EXPIRED = (
    "3210987654321", "8854101966248", "3326237921246", "5034441853743", "5283665448725", "8949296908701")
SAMPLE = (fixtures() / "application" / "application.toml").read_text(encoding="utf-8")
TODAY = dt.date(2026, 11, 24)
SLOT = "2026-12-01T10:00"
FORM = "12345678901234567890123"


def application(home: Path, *, setup: str = SAMPLE, **more: object) -> Desk:
    """The desk with its set-up; call again to open the same one."""
    desk = desks.desk(home, **{"receptions": ("application",), **more})
    if desk.register is None:
        load_register(desk, "demo")
    if not desk.application.ready:
        desk.application.load(setup.encode())
    return desk


def load_register(desk: Desk, name: str) -> None:
    snapshot.load(fixtures() / "residents" / name, desk.station.register_dir, desk.keys, lg_code="999997", yes=True)
    desk.refresh_register()


def on(patch: pytest.MonkeyPatch, day: dt.date, clock: str = "10:00") -> None:
    """The day at every desk."""
    hour, minute = map(int, clock.split(":"))
    patch.setattr(Desk, "today", lambda _: day)
    for module in (applying, application_desk):
        patch.setattr(module, "moment", lambda: dt.datetime(day.year, day.month, day.day, hour, minute, tzinfo=JST))


def link_of(desk: Desk, card: str) -> CardLink:
    assert desk.register is not None
    link = desk.register.by_user_id(card)
    assert link is not None
    return link


def person_of(desk: Desk, card: str) -> str:
    return link_of(desk, card).addressee_no


_SHADES = itertools.cycle(range(0, 200, 3))


def photo(folder: Path, *, name: str = "face.jpg", width: int = 700, height: int = 900, kind: str = "JPEG",
          exif: Image.Exif | None = None) -> Path:
    """A face that nobody has; every call another photo."""
    image = Image.new("RGB", (width, height), (226, 232 - next(_SHADES), 238))
    draw = ImageDraw.Draw(image)
    draw.ellipse((width * .1, height * .72, width * .9, height * 1.3), fill=(52, 70, 104))
    draw.ellipse((width * .27, height * .14, width * .73, height * .74), fill=(58, 44, 38))
    draw.ellipse((width * .3, height * .22, width * .7, height * .76), fill=(232, 200, 174))
    for x in (.41, .59):
        draw.ellipse((width * (x - .03), height * .44, width * (x + .03), height * .47), fill=(40, 32, 30))
    draw.arc((width * .42, height * .52, width * .58, height * .64), 20, 160, fill=(150, 70, 70), width=6)
    out = io.BytesIO()
    image.save(out, kind, **({"exif": exif} if exif else {}))
    path = folder / name
    path.write_bytes(out.getvalue())
    return path


def asked(form: str = FORM, **more: Any) -> Asked:
    return Asked(**{"application_form_id": form, "matches": True, "method": Method.ON_RECEIPT, **more})


def by_post(form: str = FORM, **more: Any) -> Asked:
    return asked(form, method=Method.ON_APPLICATION, id_documents=Identity.ONE_PHOTO, **more)


def now(desk: Desk, number: str) -> Application:
    return desk.application.application(number)


def book(desk: Desk, card: str, slot: str = SLOT, place: str = "hall") -> str:
    return desk.application.book(person_of(desk, card), place, slot, Channel.PHONE, "0256-00-0000").reception_no


def walk_in(desk: Desk, card: str) -> str:
    link = link_of(desk, card)
    return desk.application.walk_in(link.addressee_no, "hall", verified_by=VerifiedBy.CARD_FACE,
                                    link=link).reception_no


def pictured(desk: Desk, card: str, folder: Path) -> str:
    number = walk_in(desk, card)
    desk.application.photograph(number, photo(folder), tuple(Point))
    return number


def filled(desk: Desk, card: str, folder: Path, answers: Asked | None = None) -> str:
    number = pictured(desk, card, folder)
    desk.application.fill(number, answers or asked())
    return number


def signed(desk: Desk, card: str, folder: Path, answers: Asked | None = None) -> str:
    number = filled(desk, card, folder, answers)
    desk.application.sign(number)
    return number


def sent(desk: Desk, card: str, folder: Path, answers: Asked | None = None) -> tuple[str, Receipt]:
    number = signed(desk, card, folder, answers)
    return number, desk.application.send_batch()


def step(desk: Desk, place: Path) -> str:
    """What comes next for one person, by post: from 来庁 to 交付, then anew; said once it is durable."""
    service = desk.application
    with desk.journal.view() as view:
        one = service.open_of(view, person_of(desk, SATO))
        serial = len(service.applications(view))
    if one is None:
        number = walk_in(desk, SATO)
    elif (number := one.number) and one.state is State.ARRIVED:
        service.photograph(number, photo(place, width=700 + serial % 8), tuple(Point))
    elif one.state is State.PHOTOGRAPHED:
        service.fill(number, by_post(f"{serial:023}"))
    elif one.state is State.FORM_READY:
        service.sign(number)
    elif one.state is State.SIGNED:
        service.send_batch()
    else:
        service.deliver(number)
    return f"{now(desk, number).state.value} {number}"


def main(home: str) -> None:
    """Applications of one person, one after the other, until killed."""
    desk = application(Path(home))
    while True:
        print(step(desk, Path(home).parent), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
