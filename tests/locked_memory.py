"""A process of its own that opens a station, works at it, locks it, and searches its whole memory for the keys.

python -m tests.locked_memory desk|polling|screens FOLDER        one JSON document: what was found open, and what locked
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gc
import json
import secrets
import sys
from collections.abc import Callable
from pathlib import Path

from sanjo_tui.cards.facts import CardFact, CardGone, CardSeen, CardTouched, Readers
from sanjo_tui.desk import locking, practice
from sanjo_tui.wareki import JST
from tests.live import Needles, found_alive, names_alive
from tests.locked_station import PASSPHRASE, SNAPSHOT, opened, station_at
from tests.register_ground import PEOPLE

REGISTER = f"register/{SNAPSHOT}"
NAMES = tuple({part for row in PEOPLE for part in (row[3], row[4])})


def desk(folder: Path) -> dict[str, dict[str, int]]:
    """The desk alone, after some work at it."""
    here = station_at(folder / "home")
    there = opened(here, locking.Door(here.home), PASSPHRASE)
    there.shelter.open_shelter("2026-R8-01")
    there.search("サトウ")
    there.keys.token_key("user_id", "0000000000021")
    there.printing.pending()
    there.back_up()
    needles = Needles.of(there.keys, REGISTER)
    before = found_alive(needles)
    locking.close_desk(there, "key")
    del there
    gc.collect()
    return {"before": before, "after": found_alive(needles)}


def polling(folder: Path) -> dict[str, dict[str, int]]:
    """A polling place with the roll of the demo; a drill, whose keys are dropped in the same way."""
    here = station_at(folder / "home", drill=True, lg_code="999997", receptions=("shelter", "polling"),
                      polling_place="E1")
    there = opened(here, locking.Door(here.home), "")
    practice.begin(there)
    there.polling.search("サトウ")
    live = (here.roll_dir / "current").read_text(encoding="utf-8").split()[0]
    needles = Needles.of(there.keys, f"roll/{live}")
    before = found_alive(needles)
    locking.close_desk(there, "idle")
    del there
    gc.collect()
    return {"before": before, "after": found_alive(needles)}


async def screens(folder: Path) -> dict[str, dict[str, int]]:
    """The whole program: unlocked at the screen, a household on it, locked by key, opened again and locked again."""
    from screens.app import SanjoApp
    from screens.parts import Parts

    class Played(Parts):
        """The station's own parts; only the reader is played."""

        emit: Callable[[CardFact], None]

        def start_readers(self, emit: Callable[[CardFact], None]) -> None:
            self.emit = emit
            emit(Readers(True, ("stage",), ""))

        def tap(self, card: str) -> None:
            for fact in (CardTouched("stage"), CardSeen("stage", "p", "user_id", card, "possession"),
                         CardGone("stage")):
                self.emit(fact)

    printer = folder / "prints"
    printer.mkdir()
    typed = Needles({"passphrase": secrets.token_hex(24).encode()})        # under its mask but while it is typed
    here = station_at(folder / "home", typed.clear("passphrase").decode(), printer=f"folder:{printer}")
    parts = Played(here)
    app = SanjoApp(here, None, parts, clock=lambda: dt.datetime(2026, 11, 24, 14, 5, tzinfo=JST))

    def text() -> str:
        return "\n".join("".join(s.text for s in strip) for strip in app.screen._compositor.render_strips())

    async with app.run_test(size=(80, 24)) as pilot:
        async def until(words: str) -> None:
            for _ in range(400):
                await pilot.pause(0.01)
                if words in text():
                    return
            raise AssertionError(f"never came: {words}\n{text()}")

        async def unlock() -> None:
            await pilot.press(*typed.clear("passphrase").decode(), "enter")

        await until("パスフレーズを入れて")
        await unlock()
        await until("まだ開設していません")
        await pilot.press("f2")
        await until("開設しました")
        parts.tap("0000000000021")
        await until("3人とも入所")
        assert app.desk is not None
        needles = Needles.of(app.desk.keys, REGISTER).and_(typed)
        before = found_alive(needles)
        await pilot.press("ctrl+l")
        await until("パスフレーズを入れて")
        gc.collect()
        first, named = found_alive(needles), names_alive(NAMES)
        await unlock()
        await until("3人とも入所")
        await pilot.press("enter")
        await until("受付しました")
        await pilot.press("ctrl+l")
        await until("パスフレーズを入れて")
        gc.collect()
        second = found_alive(needles)
    return {"before": before, "after": first, "again": second, "names": named}


if __name__ == "__main__":
    scenes: dict[str, Callable[[Path], dict[str, dict[str, int]]]] = {
        "desk": desk, "polling": polling, "screens": lambda folder: asyncio.run(screens(folder))}
    print(json.dumps(scenes[sys.argv[1]](Path(sys.argv[2]))))
