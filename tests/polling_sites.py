"""Early polling places without a shared journal: many receptions each, written fast, and exported to be taken in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from sanjo_tui.desk import Desk
from sanjo_tui.journal import exports
from sanjo_tui.journal.events import Event
from sanjo_tui.journal.view import View
from sanjo_tui.numbers import registration_no
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.state import VOTERS
from sanjo_tui.receptions.polling.words import PaperKind, Spoiling
from sanjo_tui.register.roll.elector import Elector, RollMark
from sanjo_tui.wareki import parse
from tests.polling_homes import CHOICE, polling_home

SITES = (("SITEA", "E1"), ("SITEB", "E2"), ("SITEC", "E1"))
"""Station code and place; two laptops of one hall whose cable was never plugged in count as two."""

BATCH = 500
"""Receptions in one transaction: here they have to be many, not one by one."""


def electors(first: int, number: int) -> list[Elector]:
    """Made-up electors with running numbers; the same numbers are the same people."""
    return [Elector(addressee_no=f"88{n:09}", name=f"架空　{n}", birth=parse("19700101"), sex_code="12"[n % 2],
                    ward_code="1", marks=(RollMark(contest="assembly", district="三条"),))
            for n in range(first, first + number)]


def share(site: int, number: int) -> list[Elector]:
    """Who comes to a site: people of its own; three in a hundred also go to the next site, and one to all of them."""
    own = electors(1 + site * number, number - number * 4 // 100)
    also = electors(1 + ((site + 1) % len(SITES)) * number, number * 3 // 100)
    everywhere = electors(1 + len(SITES) * number, number // 100)
    return [*own, *also, *everywhere]


def visits(desk: Desk, people: Sequence[Elector], start: int) -> Iterator[Event]:
    """受付 of everybody, as the rules say."""
    election, _, _ = desk.polling.loaded()
    here = desk.polling.here()
    for number, elector in enumerate(people, start):
        yield from rules.receive(elector, None, election, here, CHOICE,
                                 registration_no(desk.station.code, number))


def receive(desk: Desk, people: Sequence[Elector]) -> None:
    """Everybody is received; then papers are exchanged, cast and given back."""
    for start in range(0, len(people), BATCH):
        part = people[start:start + BATCH]
        desk.journal.record("op", lambda _, part=part, start=start: tuple(  # type: ignore[misc]
            visits(desk, part, start + 1)))
        desk.journal.record("op", lambda view, part=part: tuple(then(desk, view, part)))  # type: ignore[misc]


def then(desk: Desk, view: View, people: Sequence[Elector]) -> Iterator[Event]:
    """What follows: every tenth spoils a paper, one of twenty gives one back, one of twenty is still inside."""
    election, _, _ = desk.polling.loaded()
    here = desk.polling.here()
    for number, elector in enumerate(people):
        voter = view.record_of(VOTERS, election.id, elector.addressee_no)
        if number % 10 == 3:
            yield from rules.exchange(voter, election, here, "smd", Spoiling.MISWRITTEN, PaperKind.PLAIN, in_hand=True)
        elif number % 20 == 5:
            yield from rules.give_back(voter, election, here, "pr", in_hand=True)
        elif number % 20 != 7:
            yield from rules.cast(voter, election, here)


def exported(folder: Path, number: int, *, now: dt.datetime | None = None) -> list[Path]:
    """The exports of all sites, `number` receptions each."""
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for index, (code, place) in enumerate(SITES):
        desk = polling_home(folder / code, code=code, place=place, now=now)
        receive(desk, share(index, number))
        files += [one.path for one in exports.write(desk.journal, folder / "usb")]
        desk.close()
    return files
