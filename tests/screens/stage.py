"""A station on a stage: the real desk and journal in a temporary home, residents in memory, cards from the test."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from textual._time import get_time
from textual.events import Key
from textual.pilot import Pilot

from sanjo_tui.cards.facts import CardFact, CardGone, CardSeen, CardTouched, Readers
from sanjo_tui.desk import Desk
from sanjo_tui.register.people import Hit, Household, Resident
from sanjo_tui.text import kana_match
from sanjo_tui.wareki import JST, typed
from screens.app import SanjoApp
from screens.desk import DeskScreen
from screens.parts import Parts
from tests.desk import desk as make_desk
from tests.desk import resident

NOW = dt.datetime(2026, 11, 24, 14, 5, tzinfo=JST)


@dataclass(frozen=True)
class Link:
    user_id: str
    addressee_no: str
    valid_until: str = "20301231"
    status: str = "active"

    def expired_on(self, day: dt.date) -> bool:
        return False


@dataclass(frozen=True)
class Info:
    snapshot_id: str = "demo-1"
    as_of: dt.date = dt.date(2026, 11, 21)
    fictitious: bool = True
    people: int = 300
    households: int = 120
    source_system: str = ""
    sequence: int = 1


@dataclass(frozen=True)
class Found:
    hits: tuple[Hit, ...]
    readings: tuple[str, ...] = ("kana",)
    more: bool = False


def family(number: str, *names: str, start: int = 1, protected: tuple[int, ...] = ()) -> list[Resident]:
    return [resident(f"{number}{n:02}", name, order=n, household=number, sex="2" if n == 2 else "1",
                     protected=n in protected)
            for n, name in enumerate(names, start)]


PEOPLE = [
    *family("1001", "佐藤　太郎", "佐藤　花子", "佐藤　次郎"),
    *family("1002", "五十嵐　一郎", "五十嵐　春"),
    *family("1003", "隠田　守子", "表野　二郎", protected=(1,)),
    *family("1004", *(f"大家　{n}男" for n in "一二三四五六七八九十百千")),
    *family("1005", "葛\U000e0100城　\ue000子", "𠮷野　家"),
    resident("100601", "グエン　ティ　ホア　アレクサンドラ　クリスティーナ", household="1006", resident_kind="2"),
]
CARDS = {"2000000000001": "100101", "2000000000002": "100201", "2000000000003": "100301", "2000000000004": "100401",
         "2000000000005": "100501", "2000000000006": "100302"}


class Residents:
    """The register in memory: enough of its door for screens."""

    def __init__(self) -> None:
        self.info = Info()
        self.searched: list[str] = []

    def refresh(self) -> bool:
        return False

    def close(self) -> None:
        pass

    def by_user_id(self, user_id: str) -> Link | None:
        return Link(user_id, CARDS[user_id]) if user_id in CARDS else None

    def resident(self, addressee_no: str) -> Resident | None:
        return next((p for p in PEOPLE if p.addressee_no == addressee_no), None)

    def household(self, number: str) -> Household:
        return Household(number, tuple(p for p in PEOPLE if p.household_no == number))

    def everyone(self) -> Iterator[Resident]:
        return iter(PEOPLE)

    def protected_numbers(self) -> frozenset[str]:
        return frozenset(p.addressee_no for p in PEOPLE if p.protected)

    def search(self, text: str, limit: int = 50) -> Found:
        self.searched.append(text)
        born = typed(text)
        return Found(tuple(
            Hit(p) for p in PEOPLE if text in (p.addressee_no, *(k for k, v in CARDS.items() if v == p.addressee_no))
            or text in p.name or (text and kana_match(text, p.name_kana))
            or (born and born.sort_key == p.birth.sort_key)))


class StageParts(Parts):
    """Real desk, no threads: the test plays the reader."""

    def __init__(self, desk: Desk, cards: tuple[tuple[str, str], ...] = (), locked: bool = False) -> None:
        super().__init__(desk.station)
        self.desk, self.cards, self.locked = desk, cards, locked
        self.emit: Callable[[CardFact], None] = lambda fact: None
        self.tapped: list[str] = []

    def needs_passphrase(self) -> bool:
        return self.locked

    def open_desk(self, secret: str) -> Desk:
        from sanjo_tui.errors import VaultError

        if self.locked and secret != "ひらけごま":
            raise VaultError("パスフレーズが違います。", "もう一度入れてください。")
        return self.desk

    def start_readers(self, emit: Callable[[CardFact], None]) -> None:
        self.emit = emit
        emit(Readers(True, ("stage",), "読取可"))

    def start_printing(self, desk: Desk, changed: Callable[[], object]) -> None:
        pass

    def demo_cards(self) -> tuple[tuple[str, str], ...]:
        return self.cards

    def tap(self, card: str) -> None:
        self.tapped.append(card)
        self.emit(CardTouched("stage"))
        self.emit(CardSeen("stage", "p", "user_id", card, "possession"))
        self.emit(CardGone("stage"))

    def recognise(self, code: str) -> CardSeen | None:
        return CardSeen("scanner", "w", "user_id", code) if len(code) == 13 and code.isdigit() else None

    def prefixes(self) -> tuple[str, ...]:
        return ()

    def stop(self) -> None:
        pass


class Stage:
    """One app under Pilot, with words for what a person does and sees."""

    def __init__(self, home: Path, *, is_open: bool = True, cards: bool = False, locked: bool = False,
                 register: bool = True, **station: object) -> None:
        self.desk = make_desk(home, **station)
        if register:
            self.desk.register = Residents()  # type: ignore[assignment]
        if is_open:
            self.desk.shelter.open_shelter()
        names = tuple((card, f"練習 {n}") for n, card in enumerate([*CARDS, "2999999999999"], 1)) if cards else ()
        self.parts = StageParts(self.desk, names, locked)
        self.app = SanjoApp(self.desk.station, None, self.parts, clock=lambda: NOW)
        self.pilot: Pilot[int] | None = None

    @property
    def screen(self) -> DeskScreen:
        return next(s for s in reversed(self.app.screen_stack) if isinstance(s, DeskScreen))

    def text(self) -> str:
        """What stands on the screen now, all of it."""
        lines = self.app.screen._compositor.render_strips()
        return "\n".join("".join(segment.text for segment in strip) for strip in lines)

    async def until(self, condition: Callable[[], bool] | str, absent: str = "") -> None:
        assert self.pilot is not None
        for _ in range(400):
            seen = self.text()
            fits = condition in seen if isinstance(condition, str) else condition()
            if fits and not (absent and absent in seen):
                return
            await self.pilot.pause(0.01)
        raise AssertionError(f"never came: {condition}\n{self.text()}")

    async def press(self, *keys: str) -> None:
        assert self.pilot is not None
        await self.pilot.press(*keys)
        await self.settle()

    async def settle(self) -> None:
        """Until the gate holds nothing and all inputs are worked on."""
        assert self.pilot is not None
        for _ in range(400):
            await self.pilot.pause(0.01)
            if not self.app.holding_keys and all(
                    not s.working for s in self.app.screen_stack if isinstance(s, DeskScreen)):
                await self.pilot.pause()
                return
        raise AssertionError("still working")

    async def type(self, text: str) -> None:
        """A person's typing: no burst."""
        for character in text:
            if character == "　":
                self._post(Key("ideographic_space", character), get_time())
                await self.settle()
            else:
                await self.press(character)

    async def burst(self, text: str, end: str = "enter", gap: float = 0.005) -> None:
        """A scanner's keys, with the times that the input thread would have stamped."""
        at = get_time()
        for n, character in enumerate(text):
            self._post(Key(character, character), at + n * gap)
        if end:
            self._post(Key(end, None), at + len(text) * gap)
        await self.settle()

    def _post(self, key: Key, at: float) -> None:
        key.time = at
        key.set_sender(self.app)
        self.app.post_message(key)

    @asynccontextmanager
    async def on(self, size: tuple[int, int] = (80, 24), first: str = "") -> AsyncIterator[Stage]:
        """The app runs, and its first screen is there."""
        async with self.app.run_test(size=size) as self.pilot:
            await self.until(first or "検索")
            await self.settle()
            yield self

    async def tap(self, card: str) -> None:
        self.parts.tap(card)
        await self.settle()

    def seen(self, value: str, token: str = "user_id") -> CardSeen:
        return CardSeen("stage", "p", token, value)

    def kinds(self) -> list[str]:
        with self.desk.journal.view() as view:
            return [r.event.kind for r in view.events()]
