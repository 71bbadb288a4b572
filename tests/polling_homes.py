"""Homes of real polling stations: journal, sample election moved to today, sample roll in its file; open at noon."""

from __future__ import annotations

import datetime as dt
import json
import random
from functools import cache
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from sanjo_tui.desk import Desk
from sanjo_tui.desk.voters import VoterLook
from sanjo_tui.errors import SanjoError
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import Feature, IdMethod, Oath, Via
from sanjo_tui.register.roll import elections, snapshot
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests import desk as desks

CHOICE = Choice(id_method=IdMethod.DOCUMENT, via=Via.SEARCH, reason_code=1, oath=Oath.HANDWRITTEN,
                features=(Feature.BIRTH,))

LONG = 180
"""Seconds after which a test has failed rather than waits."""


@cache
def noon() -> dt.datetime:
    """Noon of the day on which these tests began; the same in every process that is told."""
    return dt.datetime.combine(dt.datetime.now(JST).date(), dt.time(12), JST)


def sample(today: dt.date) -> tuple[bytes, Election]:
    """The sample election, today on the fifth day of early voting."""
    data = setup.moved_to((fixtures() / "elections" / "demo.toml").read_bytes(), today)
    election, problems = setup.read(data)
    assert election is not None, problems
    return data, election


def polling_home(home: Path, *, code: str = "A1B2C3", place: str = "E1", roll: Path | None = None,
                 now: dt.datetime | None = None, is_open: bool = True) -> Desk:
    """A new station that is this place, open for voters unless that is not wanted; its desk."""
    now = now or noon()
    desk = reopened(home, now=now, code=code, place=place)
    data, election = sample(now.date())
    elections.store(home, election.id, data)
    desk.polling.election_loaded(election)
    desk.polling.roll_loaded(snapshot.load(
        roll or fixtures() / "rolls" / "demo", desk.station.roll_dir, desk.keys, lg_code=desk.station.lg_code,
        contests=[contest.code for contest in election.contests]))
    if is_open:
        desk.polling.open_place(clock_confirmed=True, zero_printed=True)
    return desk


def reopened(home: Path, *, now: dt.datetime | None = None, code: str = "A1B2C3", place: str = "E1",
             operator: str = "op") -> Desk:
    """The desk of this home, as another process opens it."""
    now = now or noon()
    desk = desks.desk(home, operator, receptions=("polling",), code=code, polling_place=place)
    desk.polling.clock = lambda: now
    return desk


def can_vote(desk: Desk, most: int) -> list[str]:
    """宛名番号 of so many electors to whom all five papers may be handed, with nothing to be confirmed but a name."""
    roll, found = desk.polling.roll, []
    assert roll is not None
    for elector in roll.everyone():
        if len(found) == most:
            break
        if elector.roll_status.value == "有効" and len(elector.marks) == 1 and elector.birth.exact and \
                elector.marks[0].district == "三条" and elector.birth.sort_key < "2008":
            found.append(elector.addressee_no)
    return found


def receive_all(desk: Desk, looks: list[VoterLook], say: Any) -> None:
    """Enter for each of these old pictures; what came of it is said, a line each."""
    for look in looks:
        try:
            receipt = desk.polling.receive(look, CHOICE)
        except SanjoError as error:
            say({"key": look.opened.key, "no": type(error).__name__, "sentence": error.message, "hint": error.hint})
        else:
            say({"key": look.opened.key, "number": receipt.reception_no, "papers": len(receipt.papers)})


def work(home: str, at: str, keys: list[str], number: int, ready: Barrier) -> None:
    """A desk in a process of its own: looks at everybody, waits for the others, and receives everybody."""
    desk = reopened(Path(home), now=dt.datetime.fromisoformat(at), operator=f"op{number}")
    looks = [desk.polling.look(desk.polling.open_voter(key)) for key in keys]
    random.Random(number % 2).shuffle(looks)          # half of them the same way, so that they meet
    ready.wait(LONG)
    with (Path(home).parent / f"said-{number}").open("w", encoding="utf-8") as file:
        receive_all(desk, looks, lambda said: print(json.dumps(said), file=file, flush=True))
    desk.close()
