"""A disk that fills up, at the desk: receptions stop first, what must go on goes on, then nobody is shown at all."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.errors import DiskFull
from sanjo_tui.receptions.polling.words import Via
from sanjo_tui.receptions.shelter.rules import UnknownPerson
from sanjo_tui.vault.roles import Role
from tests import operators_ground as og
from tests.screens.stage import Stage

REFUSED_IN_A_ROW = 12
"""So many look-ups one after another must fail before the disk counts as used up."""

FREE_CARD = CardSeen("r", "city", "user_id", "8854101966248", "possession")
"""The card of og.FREE in the sample register."""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> og.Ground:
    return og.build(tmp_path_factory.mktemp("reserve") / "home")


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of its own; needs the right to mount."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(place)], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs root")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.fixture
def desk(disk: Path, ground: og.Ground) -> Iterator[Desk]:
    """A manager at the desk of a station that stands on the small disk, with room yet."""
    home = ground.copy(disk / "home")
    (home / "journal.reserve").unlink()                 # made anew, to the measure of this disk
    desk = og.at(home, Role.MANAGER)
    assert desk.journal.room.held == desk.journal.room.target > 0
    yield desk
    desk.close()


def fill(disk: Path) -> None:
    """Somebody else takes all the room."""
    filler = os.open(disk / "filler", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    with contextlib.suppress(OSError):
        while os.write(filler, bytes(4096)):
            pass
    os.close(filler)


def use_up(disk: Path, desk: Desk, look: Callable[[], object]) -> None:
    """Look-ups until the reserve is gone and every further one is refused."""
    refused = 0
    while refused < REFUSED_IN_A_ROW:
        try:
            look()
            refused = 0
        except DiskFull:
            refused += 1
            fill(disk)
    assert desk.journal.room.held == 0


def count(desk: Desk) -> int:
    """Events in the journal, all of them whole."""
    return desk.journal.verify().count


def all_refused(acts: Sequence[Callable[[], object]]) -> None:
    for act in acts:
        with pytest.raises(DiskFull, match="いっぱい") as caught:
            act()
        assert "紙の受付" in caught.value.hint


def test_a_shelter(disk: Path, desk: Desk) -> None:
    shelter = desk.shelter
    fill(disk)
    before = count(desk)

    look = shelter.look(desk.open_card(FREE_CARD))
    assert look.members, "a look-up goes on"
    all_refused([lambda: shelter.admit(look, [look.members[0].key]),
                 lambda: shelter.admit_unknown(UnknownPerson(name="不明　者")),
                 lambda: shelter.print("tag", registration_no="x")])
    assert desk.search(og.FREE).hits
    roster = shelter.paper("roster").pdf()
    assert roster.data.startswith(b"%PDF") and roster.pages
    assert desk.printing.job(shelter.print("roster")).form == "roster", "and it becomes due at the printer"
    assert count(desk) == before + 4, "one event for each of them, none for what was refused"

    use_up(disk, desk, lambda: desk.open_card(FREE_CARD))
    before = count(desk)
    all_refused([lambda: desk.open_card(FREE_CARD), lambda: desk.open_resident(og.SATO),
                 lambda: desk.search(og.FREE), lambda: shelter.paper("roster"),
                 lambda: shelter.admit(look, [look.members[0].key])])
    assert count(desk) == before


def test_a_polling_place(disk: Path, desk: Desk, ground: og.Ground) -> None:
    polling = desk.polling
    card = CardSeen("r", "city", "user_id", _user_id(desk, ground.other), "possession")
    fill(disk)
    before = count(desk)

    look = polling.look(polling.open_card(card))
    assert look.examined.papers, "a look-up goes on"
    all_refused([lambda: polling.receive(look, og.CARD)])
    assert polling.search(ground.other).hits
    assert desk.printing.job(polling.print("extract")).form == "extract"
    assert count(desk) == before + 3

    use_up(disk, desk, lambda: polling.open_card(card))
    before = count(desk)
    all_refused([lambda: polling.open_card(card), lambda: polling.open_voter(ground.other, Via.CARD),
                 lambda: polling.search(ground.other), lambda: polling.paper("extract"),
                 lambda: polling.receive(look, og.CARD)])
    assert count(desk) == before


def _user_id(desk: Desk, key: str) -> str:
    assert desk.polling.roll is not None
    elector = desk.polling.roll.elector(key)
    assert elector is not None and elector.user_id
    return elector.user_id


async def test_the_screen(disk: Path) -> None:
    stage = Stage(disk / "home")
    async with stage.on() as s:
        await s.settle()
        fill(disk)
        await s.tap("2000000000001")
        assert "佐藤　太郎" in s.text(), "a look-up goes on"
        await s.press("enter")
        assert "いっぱい" in s.text() and "紙の受付" in s.text() and "shelter.admitted" not in s.kinds()
        await s.press("escape", "escape")
        use_up(disk, s.desk, lambda: s.desk.open_card(s.seen("2000000000001")))
        await s.tap("2000000000002")
        assert "いっぱい" in s.text() and "五十嵐" not in s.text(), "not even a name"
        await s.press("escape")
        await s.type("五十嵐")
        await s.press("enter")
        assert "いっぱい" in s.text() and "五十嵐　一郎" not in s.text()
        await s.press("escape")
