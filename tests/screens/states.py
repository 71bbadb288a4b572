"""Every state of the screens, as the keys and cards that lead there: for pictures and for the width of each line."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from tests.screens.stage import Stage

Steps = Callable[[Stage], Awaitable[None]]


def keys(*wanted: str) -> Steps:
    """Presses keys; `tap:N` taps the card with that last digit, `voter:NN` an elector's, `type:TEXT` types."""

    async def steps(s: Stage) -> None:
        for one in wanted:
            if one.startswith("tap:"):
                await s.tap("2999999999999" if one == "tap:?" else f"200000000000{one[4:]}")
            elif one.startswith("voter:"):
                await s.tap(f"30000000000{one[6:]}")
            elif one.startswith("type:"):
                await s.type(one[5:])
            else:
                await s.press(one)

    return steps


async def no_reader(s: Stage) -> None:
    from sanjo_tui.cards.facts import Readers

    s.parts.emit(Readers(False, (), "リーダーなし"))
    await s.settle()


async def full(s: Stage) -> None:
    from sanjo_tui.errors import DiskFull

    s.screen.complain(DiskFull("空き容量がなくなりました。受付を止めました。",
                               "紙の受付に切り替え、本部に連絡してください。"))
    s.screen.paint()
    await s.settle()


STATES: dict[str, tuple[dict[str, Any], Steps]] = {
    "not-open": ({"is_open": False}, keys()),
    "idle": ({"cards": True}, keys()),
    "idle-live": ({"drill": False}, keys()),
    "typing": ({}, keys("type:さとう たろう")),
    "household": ({}, keys("tap:1")),
    "one-absent": ({}, keys("tap:1", "3")),
    "waiting": ({}, keys("tap:1", "tap:2")),
    "recorded": ({}, keys("tap:1", "enter")),
    "recorded-remaining": ({}, keys("tap:1", "3", "enter")),
    "car": ({}, keys("tap:2", "tab", "tab")),
    "all-confirmed": ({}, keys("tap:1", "enter", "tap:1")),
    "twelve": ({}, keys("tap:4")),
    "over-capacity": ({"capacity": 2}, keys("tap:1")),
    "protected": ({}, keys("tap:3")),
    "gaiji": ({}, keys("tap:5")),
    "unknown-card": ({}, keys("tap:?")),
    "hits": ({}, keys("type:佐藤", "enter")),
    "exit": ({}, keys("tap:2", "enter", "f3", "enter")),
    "leave": ({}, keys("tap:2", "enter", "f4", "enter")),
    "provisional": ({}, keys("f2")),
    "notes": ({}, keys("tap:2", "enter", "f7", "1")),
    "papers": ({}, keys("tap:2", "enter", "f5")),
    "report": ({}, keys("tap:2", "enter", "f6")),
    "tasks": ({}, keys("f8")),
    "unconfirmed": ({}, keys("f8", "3")),
    "register": ({}, keys("f8", "8")),
    "undo": ({}, keys("tap:2", "enter", "f9")),
    "help": ({}, keys("f1")),
    "cards": ({"cards": True}, keys("f12")),
    "no-reader": ({}, no_reader),
    "stop": ({}, full),
    "unlock": ({"locked": True}, keys()),
    "polling-idle": ({"polling": True, "cards": True}, keys()),
    "polling-not-open": ({"polling": True, "is_open": False}, keys()),
    "polling-no-roll": ({"polling": True, "roll": False}, keys()),
    "polling-voter": ({"polling": True}, keys("voter:01")),
    "polling-reason": ({"polling": True}, keys("voter:01", "2")),
    "polling-recorded": ({"polling": True}, keys("voter:01", "2", "enter")),
    "polling-day": ({"polling": True, "place": "D1"}, keys("voter:01")),
    "polling-voted": ({"polling": True}, keys("voter:02")),
    "polling-partial": ({"polling": True}, keys("voter:03", "1")),
    "polling-neutral-stop": ({"polling": True}, keys("voter:04")),
    "polling-ward": ({"polling": True, "place": "D1"}, keys("voter:11")),
    "polling-moved": ({"polling": True}, keys("voter:07")),
    "polling-namesakes": ({"polling": True}, keys("type:山本", "enter")),
    "polling-namesake": ({"polling": True}, keys("type:山本", "enter", "2")),
    "polling-protected": ({"polling": True}, keys("voter:08")),
    "polling-waiting": ({"polling": True}, keys("voter:02", "voter:01")),
    "polling-unknown-card": ({"polling": True}, keys("voter:99")),
    "polling-ways": ({"polling": True}, keys("voter:01", "f7")),
    "polling-abstain": ({"polling": True}, keys("voter:01", "a", "3", "1")),
    "polling-opening": ({"polling": True, "is_open": False}, keys("f2", "type:14")),
    "polling-counts": ({"polling": True}, keys("f5", "type:500", "enter", "type:4", "enter", "type:49")),
    "polling-exit": ({"polling": True, "place": "D1"}, keys("voter:03", "enter", "f3", "voter:03", "1")),
    "polling-undo": ({"polling": True, "place": "D1"}, keys("voter:01", "enter", "f9", "1", "2")),
    "polling-presiding": ({"polling": True}, keys("voter:02", "f7", "2")),
    "polling-arrivals": ({"polling": True, "place": "D1"}, keys("voter:01", "enter", "f8", "2")),
    "polling-closing": ({"polling": True}, keys("voter:01", "2", "enter", "escape", "f8", "7")),
    "home": ({"receptions": ("shelter", "library")}, keys()),
}
FIRST = {"unlock": "パスフレーズ", "home": "受付を選んで"}
