"""Every role with every act of カード申請代行 and every verb of its command, run for real."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from sanjo_tui.desk import Desk
from sanjo_tui.desk.application.desk import ApplicationDesk
from sanjo_tui.receptions.application.words import Channel, Defect, Point
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.vault.roles import Permission
from tests.application_ground import (
    FORM,
    HOMMA,
    IKARASHI,
    KUMAKURA,
    SAMPLE,
    SATO,
    asked,
    person_of,
    photo,
    pictured,
    sent,
    signed,
    walk_in,
)
from tests.service_permissions import Line, ServicePermissions

R, T, L = Permission.RECEIVE, Permission.TAP, Permission.LIST
NOW = VerifiedBy.PHOTO_ID
CSV = "place,date,time,addressee_no\nhall,2020-01-06,10:00,1\n"


@dataclass(frozen=True, slots=True)
class Kept:
    """One application in each state that an act needs, somebody without one, a photo, a file of bookings."""

    booked: str
    arrived: str
    pictured: str
    sent: str
    signed: str
    free: str
    slot: str
    later: str
    folder: Path

    def __str__(self) -> str:
        return str(self.folder)


def _prepared(desk: Desk) -> Kept:
    folder = desk.station.home.parent
    desk.application.load(SAMPLE.encode())
    assert desk.register is not None
    first, _ = sent(desk, SATO, folder, asked("1" * 23))
    ready = signed(desk, IKARASHI, folder, asked("2" * 23))
    photographed = pictured(desk, HOMMA, folder)
    arrived = walk_in(desk, KUMAKURA)
    taken = {person_of(desk, card) for card in (SATO, IKARASHI, HOMMA, KUMAKURA)}
    others = [one.addressee_no for one in desk.register.everyone()
              if one.living and not one.protected and one.addressee_no not in taken]
    slots = [slot for slot, _ in desk.application.bookable("hall", Channel.PHONE)]
    booked = desk.application.book(others[0], "hall", slots[0], Channel.PHONE).reception_no
    photo(folder)
    (folder / "web.csv").write_text(CSV, encoding="utf-8")
    return Kept(booked=booked, arrived=arrived, pictured=photographed, sent=first, signed=ready, free=others[1],
                slot=slots[0], later=slots[1], folder=folder)


class TestApplication(ServicePermissions):
    SERVICE = "application"
    KIND = ApplicationDesk
    ACTS: ClassVar[dict[str, tuple[Permission, Any]]] = {
        "load": (Permission.DATA, lambda d, k: d.application.load(SAMPLE.encode())),
        "look": (T, lambda d, k: d.application.look(d.open_resident(k.free))),
        "find": (T, lambda d, k: d.application.find(k.booked)),
        "application": (T, lambda d, k: d.application.application(k.booked)),
        "resident_of": (T, lambda d, k: d.application.resident_of(d.application.application(k.booked))),
        "day": (T, lambda d, k: d.application.day("hall", d.today())),
        "bookable": (T, lambda d, k: d.application.bookable("hall", Channel.PHONE)),
        "batches": (T, lambda d, k: d.application.batches()),
        "to_send": (T, lambda d, k: d.application.to_send()),
        "book": (R, lambda d, k: d.application.book(k.free, "hall", k.slot, Channel.PHONE)),
        "book_file": (R, lambda d, k: d.application.book_file(CSV.encode())),
        "move": (R, lambda d, k: d.application.move(k.booked, "hall", k.later)),
        "cancel": (R, lambda d, k: d.application.cancel(k.booked, "本人の申出")),
        "no_show": (R, lambda d, k: _missed(d, k)),
        "walk_in": (R, lambda d, k: d.application.walk_in(k.free, "hall", verified_by=NOW)),
        "arrive": (R, lambda d, k: _came(d, k)),
        "check_photo": (R, lambda d, k: d.application.check_photo(k.arrived, k.folder / "face.jpg")),
        "photograph": (R, lambda d, k: d.application.photograph(k.arrived, k.folder / "face.jpg", tuple(Point))),
        "no_photo": (R, lambda d, k: _too_old(d, k)),
        "fill": (R, lambda d, k: d.application.fill(k.pictured, asked(FORM))),
        "sign": (R, lambda d, k: (d.application.fill(k.pictured, asked(FORM)), d.application.sign(k.pictured))),
        "send_batch": (L, lambda d, k: d.application.send_batch()),
        "give_back": (R, lambda d, k: d.application.give_back(k.sent, Defect.PHOTO)),
        "notify": (R, lambda d, k: d.application.notify(k.sent)),
        "deliver": (R, lambda d, k: (d.application.notify(k.sent), d.application.deliver(k.sent, NOW))),
        "settle": (R, lambda d, k: _settled(d, k)),
        "erase_photos": (R, lambda d, k: d.application.erase_photos()),
        "undoable": (Permission.UNDO_OWN, lambda d, k: d.application.undoable()),
        "undo": (Permission.UNDO_OWN, lambda d, k: _undone(d, k)),
        "paper slip": (Permission.FORM, lambda d, k: d.application.paper("application.slip", number=k.booked)),
        "paper sheet": (Permission.ADDRESS, lambda d, k: d.application.paper("application.sheet", number=k.signed)),
        "print day": (L, lambda d, k: d.application.print("application.day", place="hall")),
        "paper batch": (L, lambda d, k: d.application.paper("application.batch")),
        "paper tally": (L, lambda d, k: d.application.paper("application.tally")),
    }
    FREE = frozenset({"setup", "ready", "photo_rules", "applications", "open_of", "needs_no_photo", "counts"})
    LINES = (
        Line("application load {fixtures}/application/application.toml", (Permission.DATA,)),
        Line("application status", (L,)), Line("application erase", (R,)),
        Line("application book {kept}/web.csv", (R,), "1 行は予約できませんでした"),
        Line("application day --place hall --format csv", (Permission.CLEAR_FILE, L)),
        Line("application batch --format csv", (Permission.CLEAR_FILE, L)),
        Line("application tally --format csv", (Permission.CLEAR_FILE, L)))
    NO_DESK = frozenset({"application check"})

    @staticmethod
    def prepare(desk: Desk) -> Kept:
        """Applications in every state that an act needs."""
        return _prepared(desk)


def _expected(act: Any, sentence: str) -> None:
    """An act that is permitted and ends in a rule, which is as far as today lets it go."""
    import pytest

    from sanjo_tui.errors import RuleError

    with pytest.raises(RuleError, match=sentence):
        act()


def _came(desk: Desk, kept: Kept) -> None:
    _expected(lambda: desk.application.arrive(kept.booked, verified_by=NOW), "今日ではありません")


def _missed(desk: Desk, kept: Kept) -> None:
    _expected(lambda: desk.application.no_show(kept.booked), "まだ来ていません")


def _too_old(desk: Desk, kept: Kept) -> None:
    _expected(lambda: desk.application.no_photo(kept.arrived), "写真が要ります")


def _settled(desk: Desk, kept: Kept) -> None:
    _expected(lambda: desk.application.settle(kept.booked), "確かめる変更はありません")


def _undone(desk: Desk, kept: Kept) -> None:
    """Whoever may take back takes back a booking of their own."""
    number = desk.application.latest(1)[0].number
    if desk.may(Permission.UNDO_OWN):
        desk.application.cancel(kept.booked, "本人の申出")
        number = desk.application.latest(1)[0].number
    desk.application.undo(number, "押しまちがい")
