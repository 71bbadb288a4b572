"""What a demo has done before its first card: the shelter is open, and an election of today has begun."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui.receptions.polling.state import DAYS
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk


def begin(desk: Desk) -> None:
    """Make a drill with the built-in reader ready for the first card; costs nothing where it is ready.

    Where operators are registered they open it themselves: nothing happens without somebody.
    """
    if desk.who.role is not None:
        return
    if "shelter" in desk.station.receptions and desk.shelter.episode() is None:
        _know_who_needs_help(desk)
        desk.shelter.open_shelter()
    if "polling" in desk.station.receptions and not _open_today(desk):
        _hold_election(desk, dt.datetime.now(JST).date())


def _know_who_needs_help(desk: Desk) -> None:
    from sanjo_tui.register.support import SUPPORT

    if SUPPORT.live_id(desk.station.home) is None:
        SUPPORT.load(fixtures() / "support" / "demo", desk.station.home, desk.keys, lg_code=desk.station.lg_code)


def _open_today(desk: Desk) -> bool:
    """Whether the place was opened today, in whichever election; asked without loading one."""
    place = desk.station.polling_place or desk.station.code
    today = dt.datetime.now(JST).date().isoformat()
    with desk.journal.view() as view:
        return any(view.record_of(DAYS, scope, f"{place}/{today}") for scope in view.scopes(DAYS))


def _hold_election(desk: Desk, today: dt.date) -> None:
    """The fictitious election, moved so that today is a day of early voting, with its roll; its place is opened."""
    from sanjo_tui.receptions.polling import setup
    from sanjo_tui.register.roll import elections, snapshot

    sample, station, polling = fixtures(), desk.station, desk.polling
    # A new one every day: nobody has voted in it, and no earlier day waits to be sealed.
    data = setup.moved_to((sample / "elections" / "demo.toml").read_bytes(), today)
    election, problems = setup.read(data)
    assert election is not None, problems
    elections.store(station.home, election.id, data)
    polling.election_loaded(election)
    if polling.roll is None or polling.roll.info.election != election.id:
        files = {path.name: path.read_bytes() for path in (sample / "rolls" / "demo").iterdir()}
        moved = setup.moved_roll(files, (sample / "elections" / "demo.toml").read_bytes(), today)
        with tempfile.TemporaryDirectory(prefix="sanjo-") as folder:
            for name, data in moved.items():
                (Path(folder) / name).write_bytes(data)
            info = snapshot.load(Path(folder), station.roll_dir, desk.keys, lg_code=station.lg_code,
                                 contests=tuple(c.code for c in election.contests), election=election.id,
                                 yes=True)
        polling.roll_loaded(info)
    polling.open_place(clock_confirmed=True, zero_printed=True)
