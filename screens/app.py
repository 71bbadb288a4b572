"""SanjoApp: owns the station's parts (desk, readers, timers) and hands what happens to the active screen.

It only wires. Everything heavy is opened after the first paint; every call of the Desk runs on one thread of its own,
so that the screen never waits and the desk never meets itself.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import os
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from textual import events
from textual.app import App
from textual.binding import Binding, BindingType
from textual.theme import Theme
from textual.worker import WorkerFailed

from sanjo_tui.cards.facts import CardFact, CardRefused, CardSeen, Readers
from sanjo_tui.cards.wedge import Code
from sanjo_tui.errors import SanjoError
from sanjo_tui.station import Station
from sanjo_tui.vault.roles import Role
from sanjo_tui.wareki import JST
from screens.desk import DeskScreen
from screens.help import HelpScreen
from screens.kept import Kept, give_back
from screens.keygate import KeyGate, Outcome
from screens.locking import LOOK, Sentry, change, shut
from screens.messages import JobsChanged, Reported, Scanned
from screens.parts import Parts
from screens.unlock import UnlockScreen

if TYPE_CHECKING:
    from textual.dom import DOMNode

    from sanjo_tui.cards.errands import Errand
    from sanjo_tui.desk import Desk, Header
    from sanjo_tui.printing.worker import PrintState

T = TypeVar("T")
log = logging.getLogger("sanjo.screens")

THEME = Theme(name="sanjo", primary="#3d7ddb", secondary="#2b4a6f", warning="#f2b632", error="#e5484d",
              success="#3fae68", accent="#f2b632", foreground="#eceff4", background="#10151c", surface="#18202b",
              panel="#202b39", dark=True,
              variables={"text-key": "#8ec5ff", "cursor-row": "#eceff4 on #2b4a6f", "drill": "bold #10151c on #f2b632",
                         "faint": "#9aa7b8", "chosen": "bold #9be7b4", "wall": "on #9be7b4"})


HUNG_UP = 5.0
"""Seconds between two looks whether the terminal is still there."""


class SanjoApp(App[int]):
    """The station at work. `parts` opens the desk and the readers; tests give their own."""

    CSS_PATH = "sanjo.tcss"
    TITLE = "sanjo-tui"
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+q", "quit", "終了", show=False, priority=True),
        Binding("ctrl+c", "tell_quit", "終了の案内", show=False, priority=True),
        Binding("ctrl+l", "lock", "施錠", show=False, priority=True),
        Binding("ctrl+o", "change_operator", "操作者交替", show=False, priority=True)]

    def __init__(self, station: Station, passphrase: str | None, parts: Parts | None = None,
                 clock: Callable[[], dt.datetime] | None = None, ticks: Callable[[], float] | None = None) -> None:
        super().__init__()
        self.station = station
        self.parts = parts or Parts(station)
        self.clock = clock or (lambda: dt.datetime.now(JST))
        self.readers: Readers | None = None
        """State of the reading side; None until it has said something."""
        self.desk: Desk | None = None
        self.sentry = Sentry(station, ticks)
        """When the station locks by itself."""
        self._passphrase = passphrase
        self._kept: Kept | None = None
        self._reading = self._begun = False
        self._header: Header | None = None
        self._gate = KeyGate()
        self._waiting_keys: deque[events.Key] = deque()
        self._key_under_way = False
        self._line = ThreadPoolExecutor(max_workers=1, thread_name_prefix="desk")
        self.register_theme(THEME)
        self.theme = "sanjo"
        self.animation_level = "none"

    # --- start and end

    def on_mount(self) -> None:
        """The first paint is the unlock screen; the rest follows it."""
        if os.isatty(0):
            self.set_interval(HUNG_UP, self._look_at_terminal)
        self.push_screen(UnlockScreen(self.station, self.parts.needs_passphrase() and self._passphrase is None))
        if self._passphrase is not None or not self.parts.needs_passphrase():
            self.call_after_refresh(self.open_station, self._passphrase or "")

    def _look_at_terminal(self) -> None:
        """A terminal that is gone (a closed window, a broken line) ends the screens: nobody could see or lock them."""
        if not os.isatty(0):
            self.exit()

    def open_station(self, secret: str, by_card: bool = False) -> None:
        """Opens vault, journal and register outside the event loop; then the first desk.

        `by_card`: the secret is the PIN of the card on the reader.
        """
        self._passphrase = None
        self.run_worker(self._open(self.parts.open_desk_by_card if by_card else self.parts.open_desk, secret),
                        group="open")

    async def _open(self, opening: Callable[[str], Desk], secret: str) -> None:
        unlock = self.screen
        assert isinstance(unlock, UnlockScreen)
        try:
            desk = self.desk = await self.ask(opening, secret)
        except SanjoError as error:
            self.note_error(error)
            unlock.refused(error)
            return
        del secret                      # this frame lives on while somebody signs on
        self.sentry.begin(by_card=desk.keys.opened_by[0] == "card")
        first_time = self._begin()
        if not await self._somebody_there(desk):
            self.lock("card")
            return
        await self.refresh_header()
        first, above = await self.ask(self._first_screens, desk, first_time)
        await self.switch_screen(first)
        if above is not None:
            await self.push_screen(above)
            await self.refresh_header()
        self._give_back()
        await self._start_readers()
        self._repaint()
        await asyncio.to_thread(self.parts.start_printing, desk, self._printed)
        if self.station.backup_dir:
            self._back_up()

    def _begin(self) -> bool:
        """The clocks that go on while the station is locked; False when they go already."""
        if self._begun:
            return False
        self._begun = True
        if self.station.lock_minutes:
            self.set_interval(LOOK, self._look_idle)
        if self.station.backup_dir:
            self.set_interval(self.station.backup_minutes * 60, self._back_up)
        return True

    async def _somebody_there(self, desk: Desk) -> bool:
        """Where operators are registered and a shared secret opened, somebody signs on before any desk is shown."""
        from sanjo_tui.desk.signing import NO_ONE

        if desk.who.id != NO_ONE.id:
            return True
        from screens.signon import sign_on

        await self._start_readers()
        signed = await sign_on(self, desk, must=True)
        return signed is not None and self.sentry.watch(signed[1])

    async def _start_readers(self) -> None:
        if not self._reading:
            self._reading = True
            await asyncio.to_thread(self.parts.start_readers, self._emit)
            self._gate.know(self.parts.prefixes(), self.station.card_stay_seconds)

    # --- locking

    def lock(self, why: str) -> None:
        """施錠: nothing of the desk stays on the screen or in memory. `why`: key, idle, card."""
        desk, self.desk = self.desk, None
        if desk is not None:
            self.workers.cancel_group(self, "open")
            self.run_worker(self._lock(desk, why), group="lock")

    async def _lock(self, desk: Desk, why: str) -> None:
        self._header = None
        self._gate, self._key_under_way = KeyGate(), False
        self._waiting_keys.clear()
        self._gate.know(self.parts.prefixes(), self.station.card_stay_seconds)
        kept = await shut(self, desk, why)
        self._kept = kept or self._kept

    def action_lock(self) -> None:
        """Ctrl+L, on any screen of an open station."""
        self.lock("key")

    def action_change_operator(self) -> None:
        """Ctrl+O, where operators are registered and no window is open."""
        if self.desk is not None and self.desk.who.role is not None and isinstance(self.screen, DeskScreen):
            self.run_worker(change(self, self.desk), group="open", exclusive=True)

    def _look_idle(self) -> None:
        wall = self.desk is not None and self.desk.who.role is Role.TERMINAL      # knows staff tables alone
        if self.sentry.is_due and not wall:
            self.lock("idle")

    def _give_back(self) -> None:
        """A reception that was in progress when the station was locked."""
        kept, self._kept = self._kept, None
        if kept is not None and isinstance(self.screen, DeskScreen):
            give_back(self.screen, kept)

    def _repaint(self) -> None:
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.paint()

    def _first_screens(self, desk: Desk, first_time: bool) -> tuple[Any, Any]:
        """The only reception, or the home screen; a demo goes on to its first reception, which Esc leaves."""
        from screens.home import HomeScreen, reception_screen

        first = self.station.receptions[0]
        if len(self.station.receptions) == 1:
            return reception_screen(first, desk), None
        if self._kept is not None:
            first = self._kept.reception
        elif not (self.station.built_in_reader and first_time):
            return HomeScreen(desk), None
        return HomeScreen(desk), reception_screen(first, desk)

    async def on_unmount(self) -> None:
        """Threads end with the app; what was recorded is on the disk already."""
        await asyncio.to_thread(self.parts.stop)
        if self.desk is not None:
            await self.ask(self.parts.close_desk, self.desk, "closed")
        self._line.shutdown(wait=True)

    def _back_up(self) -> None:
        if self.desk is not None:
            self.run_worker(self._backed_up(self.desk), group="backup", exclusive=True)

    async def _backed_up(self, desk: Desk) -> None:
        try:
            await asyncio.to_thread(desk.back_up)
        except SanjoError as error:
            self.note_error(error)
        await self.refresh_header()

    def _fatal_error(self) -> None:
        """Ends the screens after what nobody foresaw. Textual would print every value, residents' names among them."""
        self.bell()
        self._close_messages_no_wait()

    @property
    def failure(self) -> BaseException | None:
        """What ended the screens, if it was an error."""
        error = self._exception
        return error.error if isinstance(error, WorkerFailed) else error

    # --- the desk's thread

    async def ask(self, call: Callable[..., T], *args: Any, **named: Any) -> T:
        """Runs one call of the Desk on its own thread and waits without blocking the screen."""
        return await asyncio.get_running_loop().run_in_executor(self._line, partial(call, *args, **named))

    def header(self) -> Header | None:
        """The header as it was last asked for."""
        return self._header

    async def refresh_header(self) -> None:
        """Asks the desk for the header: each minute and after each record."""
        desk = self.desk
        if desk is not None:
            reception = next((s.RECEPTION for s in reversed(self.screen_stack) if isinstance(s, DeskScreen)),
                             self.station.receptions[0])
            header = await self.ask(desk.header, self.clock(), reception)
            self._header = header if self.desk is desk else None

    def note_error(self, error: SanjoError) -> None:
        """Into the log: codes and numbers, never a name."""
        log.warning("%s %s", type(error).__name__, error.detail)

    # --- cards: threads say, the active screen hears

    def _emit(self, fact: CardFact) -> None:
        self.post_message(Reported(fact))

    def on_reported(self, message: Reported) -> None:
        """From a reader's thread, by way of the message queue, to the active screen only."""
        if self.sentry.hears(message.fact):
            self.lock("card")
        if isinstance(message.fact, Readers):
            self.readers = message.fact
            for screen in self.screen_stack:
                if isinstance(screen, DeskScreen):
                    screen.paint()
            return
        if not self.sentry.owns(message.fact):
            self.screen.post_message(Reported(message.fact))

    def _printed(self, state: PrintState) -> None:
        self.post_message(JobsChanged(state.sentence))

    async def on_jobs_changed(self, message: JobsChanged) -> None:
        """The print worker did something: the header counts what waits, and says what keeps it."""
        if self.desk is not None:
            await self.ask(self.desk.warn, "print", message.sentence)
        for screen in self.screen_stack:
            if isinstance(screen, DeskScreen):
                screen.do(screen.jobs_changed)

    def recognise(self, code: str) -> CardSeen | CardRefused | None:
        """A scanned code as a card, when a profile of kind `wedge` knows its form."""
        return self.parts.recognise(code)

    async def errand(self, errand: Errand[T], card: CardSeen | None = None, reader: str = "") -> T:
        """Shows a PIN to the card in the field or writes on it (cards/errands.py); what came of it, never an error.

        `card`: the card that was tapped; another one on the reader counts as none. The reader's thread does it.
        """
        return await asyncio.to_thread(self.parts.errand, errand, card, reader)

    # --- keys: a scanner or a person?

    async def on_event(self, event: events.Event) -> None:
        """Every key passes the gate once, before any screen sees it."""
        if isinstance(event, events.InputEvent):
            self.sentry.touch()
        if not isinstance(event, events.Key) or event.is_forwarded or isinstance(self.screen, UnlockScreen):
            await super().on_event(event)
            return
        await self._let_through(self._gate.feed(event))

    async def _let_through(self, outcomes: tuple[Outcome, ...]) -> None:
        for outcome in outcomes:
            if isinstance(outcome, Code):
                self.screen.post_message(Scanned(outcome.text, outcome.whole))
            else:
                self._waiting_keys.extend(outcome.keys)
        await self._hand_over()
        if (wait := self._gate.wait) is not None:
            self.set_timer(wait, self._tick_gate)

    async def _hand_over(self) -> None:
        """Keys in their order. In a window each may move the focus, so the next one waits until it was worked on."""
        while self._waiting_keys and not self._key_under_way:
            await super().on_event(self._waiting_keys.popleft())
            if not isinstance(self.screen, DeskScreen):
                self._key_under_way = True
                way = list((self.focused or self.screen).ancestors_with_self)
                self._follow([way[0], *way])             # the first twice: what it posts by itself comes behind the key

    def _follow(self, way: list[DOMNode]) -> None:
        """Goes through the queues that a key goes through, behind it; a widget that has closed is passed over."""
        while way:
            if way.pop(0).call_later(self._follow, way):
                return
        self._key_under_way = False
        self.call_later(self._hand_over)                 # behind the moves of the focus, which the App makes too

    async def _tick_gate(self) -> None:
        await self._let_through(self._gate.tick())

    @property
    def holding_keys(self) -> bool:
        """The gate holds keys that may still become a code."""
        return self._gate.wait is not None or bool(self._waiting_keys) or self._key_under_way

    # --- shared by all screens

    async def show_help(self, text: tuple[str, str]) -> None:
        """F1: explains the screen that is in front."""
        await self.push_screen_wait(HelpScreen(*text))

    def action_tell_quit(self) -> None:
        """Ctrl+C in a terminal is a reflex; it never ends the desk."""
        if isinstance(self.screen, DeskScreen):
            self.screen.tell("終了は Ctrl+Q です。記録した受付は残っています")
            self.screen.paint()


def run(station: Station, passphrase: str | None) -> int:
    """Opens the station on this terminal until the operator leaves; the exit code of the command.

    What ended the screens by mistake is raised: the command line tells it in one sentence.
    """
    app = SanjoApp(station, passphrase)
    app.run(mouse=False)
    if app.failure is not None:
        raise app.failure
    return app.return_code or 0
