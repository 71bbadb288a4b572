"""The desk on a terminal as a person sees it: when is which state painted in full."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from sanjo_tui.__main__ import TERMINAL
from sanjo_tui.cards.filecard import FileCard
from sanjo_tui.station import Station
from tests.bench.terminal import Terminal

AID = bytes.fromhex("D3921000310001FF01")
"""Invented, as in fixtures/cards/profiles.toml."""


def card(user_id: str) -> FileCard:
    """A card that carries this user ID where the sample profile looks for it."""
    return FileCard({AID: {1: user_id.encode()}})


@dataclass(frozen=True, slots=True)
class Notes:
    """What the card side of the app has said so far, and when (seconds of the monotonic clock)."""

    path: Path

    def all(self) -> list[tuple[float, str]]:
        """Every fact."""
        if not self.path.exists():
            return []
        return [(float(at), name) for at, name in (line.split() for line in self.path.read_text().splitlines())]

    def count(self, name: str) -> int:
        """How often this was said."""
        return sum(one == name for _, one in self.all())

    def last(self, name: str) -> float:
        """When it was said last."""
        return max(at for at, one in self.all() if one == name)


def desk_on(station: Station, notes: Notes, environment: dict[str, str] | None = None) -> Terminal:
    """The real app; `notes` tells when the card side said what."""
    return Terminal([sys.executable, "-m", "tests.bench.watched", str(station.home), str(notes.path)],
                    {**TERMINAL, **(environment or {})})


def idle(text: str) -> bool:
    """Ready for the next tap, with nothing open."""
    return "\n カードをかざしてください" in text and "検索" in text and "F2 仮登録" in text


def household(text: str) -> bool:
    """The verdict, the rows and the keys (the last line) of an open household."""
    return bool(re.search(r"^[ >]*1 .*未確認", text, re.M)) and " Enter 入所" in text


def recorded(text: str) -> bool:
    """受付しました, and the keys that follow it."""
    return "受付しました" in text and "Enter 次へ" in text


def hits(text: str, query: str) -> bool:
    """The list of those found, or the sentence that nobody was."""
    return f"「{query}」" in text and bool(re.search(r"^[ >]*1 \S", text, re.M)) and "数字 選ぶ" in text


def back(terminal: Terminal) -> None:
    """Esc until the desk is idle."""
    for _ in range(3):
        terminal.send("\x1b")
        terminal.settle()
        if idle(terminal.text()):
            return
    terminal.painted(idle)
