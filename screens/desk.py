"""DeskScreen: what all receptions share: header, search box, verdict line, taps, latest receptions, keys.

Everything that a person or a card does is worked on one after the other (`_serve`); a card that comes while something
is open waits, is announced in the verdict line, and never replaces what is on the screen. The screen follows the card:
hold it, take it away, and only then the next, please.
"""

from __future__ import annotations

import asyncio
import unicodedata
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar, cast

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.events import Key, Resize
from textual.screen import Screen
from textual.widgets import Static

from sanjo_tui.cards.facts import CardGone, CardRefused, CardSeen, CardTouched
from sanjo_tui.errors import JournalError, SanjoError
from sanjo_tui.receptions.base import Verdict, Weight
from screens.header import status_line
from screens.messages import Reported, Scanned
from screens.panels import Panel
from screens.searchbox import EDIT, SearchBox
from screens.widgets import apart, key_line, pad, rule, shown, types_text

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from screens.app import SanjoApp

T = TypeVar("T")

NEXT_AFTER = 3.0
"""Seconds that 受付しました stays before a waiting card is opened by itself; any key stops that."""

LOOK_ROUND = 2.0
"""Seconds between two looks of an idle desk at what others record: a command over SSH, a second desk."""


class DeskScreen(Screen[None]):
    """Base of all reception screens. Subclasses say what rests in the body (`resting`) and what their keys do."""

    AUTO_FOCUS = "#search"
    RECEPTION = "shelter"
    """Name of the reception in station.toml."""
    SEARCHES = "氏名 かな 生年月日 宛名番号"
    """What may be typed into the search box."""
    CODE_LATER = "読み取ったコードは、ここでは使いません"
    """Said of a code that is scanned while something is open."""
    KEYS: tuple[tuple[str, str], ...] = ()
    """The reception's own keys, the same on every panel, for the key line."""

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.panel: Panel = self.resting()
        self.waiting: list[CardSeen] = []
        self.alarm: Verdict | None = None
        self.in_progress: Panel | None = None
        """The panel of the reception that is open, also while a menu or a list stands before it."""
        self._card: CardSeen | None = None
        """The card whose household is on the screen."""
        self._in_field: set[str] = set()
        self._reading = False
        self._inputs: asyncio.Queue[Callable[[], Awaitable[None]]] = asyncio.Queue()
        self._busy = False
        self._next_timer: Any = None
        self._painted: dict[str, Content] = {}
        self._mark = 0

    # --- what a reception says

    def resting(self) -> Panel:
        """The panel of an idle desk."""
        raise NotImplementedError

    async def command(self, key: str) -> bool:
        """A function key of this reception; True when it was one."""
        raise NotImplementedError

    async def open_card(self, seen: CardSeen) -> None:
        """A card at an idle desk."""
        raise NotImplementedError

    async def open_code(self, text: str) -> None:
        """A scanned code that no card profile knows."""
        raise NotImplementedError

    async def find(self, text: str) -> None:
        """The search of an idle desk."""
        raise NotImplementedError

    def counts_line(self) -> Content:
        """Live counts, refreshed by `refresh_facts`."""
        return Content("")

    def latest_lines(self) -> list[Content]:
        """The latest receptions."""
        return []

    async def jobs_changed(self) -> None:
        """The print worker did something."""

    async def refresh_facts(self) -> None:
        """Counts and latest receptions from the desk, after each record."""

    # --- the screen

    @property
    def sanjo(self) -> SanjoApp:
        """The App, with its own type."""
        return cast("SanjoApp", self.app)

    def compose(self) -> ComposeResult:
        """Fixed places, from top to bottom."""
        with Horizontal(id="head"):
            yield Static(id="place", markup=False)
            yield Static(id="clock", markup=False)
        yield Static(id="status", markup=False)
        yield Static(id="verdict", markup=False)
        with Horizontal(id="find"):
            yield Static("検索", id="find-label", markup=False)
            yield SearchBox()
            yield Static(id="find-hint", markup=False)
        yield Static(id="rule1", classes="rule", markup=False)
        yield Static(id="title", markup=False)
        yield Static(id="body", markup=False)
        yield Static(id="rule2", classes="rule", markup=False)
        yield Static(id="counts", markup=False)
        yield Static(id="latest", markup=False)
        yield Static(id="keys", markup=False)

    def on_mount(self) -> None:
        """The one worker that takes inputs in order starts with the screen."""
        self.run_worker(self._serve(), group="desk")
        self.do(self.refresh_facts)
        self._tick()
        self.set_interval(LOOK_ROUND, self._look_round)

    def on_resize(self, _event: Resize) -> None:
        """More rows on a larger terminal."""
        self._painted.clear()
        self.call_after_refresh(self.paint)

    def on_screen_resume(self) -> None:
        """Back from a modal: the header may have changed meanwhile."""
        self.paint()

    # --- inputs, one after the other

    async def ask(self, call: Callable[..., T], *args: Any, **named: Any) -> T:
        """A call of the Desk, outside the event loop."""
        return await self.sanjo.ask(call, *args, **named)

    def do(self, work: Callable[[], Awaitable[None]]) -> None:
        """Puts work behind what is already waiting."""
        self._inputs.put_nowait(work)

    async def _serve(self) -> None:
        while True:
            work = await self._inputs.get()
            self._busy = True
            try:
                await work()
                if self.waiting and self.panel.idle and self.panel.takes_tap:
                    await self.open_next()
            except SanjoError as error:
                self.complain(error)
            self._busy = False
            self.paint()

    @property
    def working(self) -> bool:
        """Something is being worked on, or waits for it (a window that is open does not count)."""
        return (self._busy or not self._inputs.empty()) and self.app.screen is self

    def press(self, key: str, character: str) -> None:
        """A key, from the gate by way of the search box."""
        self._stop_timer()
        self.do(partial(self._key, key, character))

    def on_key(self, event: Key) -> None:
        """A key while nothing has the focus."""
        event.stop()
        self.press(event.key, event.character or "")

    def paste(self, text: str) -> None:
        """Pasted text is typing, never a scan."""
        line = (text.splitlines() or [""])[0]
        if self.panel.takes_text:
            self.box.insert_text_at_cursor(line)

    @property
    def box(self) -> SearchBox:
        """The search box."""
        return self.query_one(SearchBox)

    async def _key(self, key: str, character: str) -> None:
        if key in ("ctrl+j", "ctrl+m"):
            key = "enter"                                   # a scanner's or a script's line feed
        plain = unicodedata.normalize("NFKC", character).lower()
        if self.alarm is not None and self.alarm.stops and key in ("enter", "escape"):
            self.alarm = self.alarm if key == "enter" else None     # a stop is read and left with Esc, never passed
            return
        self.alarm = None
        if key == "f1":
            await self.sanjo.show_help(self.help_text())
        elif key.startswith("f") and key[1:].isdigit():
            await self.command(key)
        elif self.panel.takes_text and key == "enter" and self.box.value.strip():
            text, self.box.value = self.box.value.strip(), ""
            await self.panel.search(text)
        elif self.panel.takes_text and key == "escape" and self.box.value:
            self.box.value = ""
        elif self.panel.takes_text and key in EDIT:
            getattr(self.box, "action_" + EDIT[key])()
        elif self.panel.takes_text and types_text(character) and self.panel.writes(plain):
            self.box.insert_text_at_cursor(character)
        else:
            await self.panel.key(key, plain)

    # --- cards

    def on_reported(self, message: Reported) -> None:
        """A fact of the card side."""
        match message.fact:
            case CardTouched(reader):
                self._in_field.add(reader)
                self._reading = self.panel.takes_tap
                self.paint()
            case CardSeen() as seen:
                self._in_field.add(seen.reader)
                self.take(seen)
            case CardRefused(reader, sentence):
                self._in_field.add(reader)
                self._reading = False
                if self.panel.takes_tap:
                    self.warn(*sentence.split(maxsplit=1))
                self.paint()
            case CardGone(reader):
                self._in_field.discard(reader)
                self._reading = False
                self.paint()

    def on_scanned(self, message: Scanned) -> None:
        """A code from a keyboard-interface reader or a bar code."""
        if not message.whole:
            self._unfinished(message.text)
        elif (seen := self.sanjo.recognise(message.text)) is not None:
            if isinstance(seen, CardSeen):
                self.take(seen)
            else:
                self.warn(*seen.sentence.split(maxsplit=1))
                self.paint()
        elif self.panel.takes_tap and self.panel.takes_text:
            self.do(partial(self._code, message.text))
        else:
            self.warn(self.CODE_LATER)
            self.paint()

    async def _code(self, text: str) -> None:
        self.alarm = None
        await self.open_code(text)

    def _unfinished(self, text: str) -> None:
        if self.panel.takes_text:
            self.box.insert_text_at_cursor(text)
        else:
            self.warn("読み取りが途中で切れました。もう一度読み取ってください")
            self.paint()

    def take(self, seen: CardSeen) -> None:
        """A tap: worked on when nothing is open, else it waits."""
        self._stop_timer()
        self.do(partial(self._tap, seen))

    async def _tap(self, seen: CardSeen) -> None:
        self._reading = False
        if not self.panel.takes_tap or (self.waiting and not self.panel.idle and not self.panel.asks_for_card):
            self.keep_waiting(seen)
            return
        self.alarm = None
        self.box.value = ""
        self._card = seen
        await self.panel.tap(seen)

    def keep_waiting(self, seen: CardSeen) -> None:
        """Announces a tap that cannot be worked on now. The same card is kept once."""
        known = {(one.token, one.value) for one in (self._card, *self.waiting) if one is not None}
        if (seen.token, seen.value) not in known:
            self.waiting.append(seen)
        self.ring()
        self.paint()

    async def open_next(self) -> bool:
        """Opens the card that waits longest; False when none does."""
        self._stop_timer()
        if not self.waiting:
            return False
        self._card = self.waiting.pop(0)
        self.alarm = None
        self.box.value = ""
        await self.open_card(self._card)
        return True

    def open_next_soon(self) -> None:
        """After 受付しました: a waiting card follows by itself unless a key says otherwise."""
        if self.waiting:
            self._next_timer = self.set_timer(NEXT_AFTER, lambda: self.do(self._open_waiting))

    async def _open_waiting(self) -> None:
        await self.open_next()

    def _stop_timer(self) -> None:
        if self._next_timer is not None:
            self._next_timer.stop()
            self._next_timer = None

    # --- panels

    def show(self, panel: Panel) -> None:
        """Puts a panel into the body."""
        self._stop_timer()
        self.panel = panel
        if panel.kept() is not None:
            self.in_progress = panel
        elif panel.idle or panel.takes_tap:
            self.in_progress = None

    def rest(self) -> None:
        """Back to the idle desk; a waiting card comes next. Nothing is recorded by this."""
        self._card = None
        self.show(self.resting())

    def leave(self) -> None:
        """Esc at an idle desk: back to the home screen, where there is one."""
        if len(self.app.screen_stack) > 2:
            self.app.call_later(self.app.pop_screen)

    # --- the verdict line

    def warn(self, sentence: str, *notes: str) -> None:
        """A sentence that stays until the next key or card."""
        self.alarm = Verdict(Weight.CAUTION, sentence, notes=notes)
        self.ring()

    def tell(self, sentence: str, *notes: str) -> None:
        """Good news, until the next key or card."""
        self.alarm = Verdict(Weight.NOTICE, sentence, notes=notes)

    def complain(self, error: SanjoError) -> None:
        """An error as the person at the desk sees it; the journal's errors stop the reception."""
        weight = Weight.STOP if isinstance(error, JournalError) else Weight.CAUTION
        self.alarm = Verdict(weight, error.message, notes=(error.hint,) if error.hint else ())
        self.sanjo.note_error(error)
        self.ring()

    def ring(self) -> None:
        """The bell, where the station wants it."""
        if self.desk.station.bell:
            self.app.bell()

    def help_text(self) -> tuple[str, str]:
        """Title and text of F1."""
        return self.panel.verdict().message, self.panel.help

    # --- painting

    def paint(self) -> None:
        """Brings every place up to date; a place that did not change sends nothing."""
        if not self.is_mounted or self.size.width < 20:
            return
        width = self.size.width
        self._paint_verdict(width)
        body = self.query_one("#body", Static)
        height = body.size.height or 10
        self._put("title", Content(pad(self.panel.title(), width - 2)))
        self._put("body", Content("\n").join(self.panel.lines(width - 2, height)))
        plain = self.desk.station.ascii_borders
        self._put("rule1", rule(width, plain))
        self._put("rule2", rule(width, plain))
        self._put("counts", self.counts_line())
        latest = self.query_one("#latest", Static).size.height or 1
        self._put("latest", Content("\n").join(self.latest_lines()[:latest]))
        self._put("keys", key_line([*self.panel.hints(), *self.KEYS], width - 2))
        self.query_one("#find").set_class(not self.panel.takes_text, "off")
        hint = (self.panel.asks or self.SEARCHES) if self.panel.takes_text else ""
        self._put("find-hint", Content(hint))
        self.paint_header()

    def _paint_verdict(self, width: int) -> None:
        verdict = self.panel.verdict()
        if self.alarm is not None and (self.alarm.stops or not verdict.stops):
            verdict = self.alarm
        elif self.alarm is not None:             # nothing lighter ever covers a stop: it is said beside it
            verdict = replace(verdict, notes=(self.alarm.message, *self.alarm.notes))
        if self._reading and self.panel.takes_tap:
            verdict = Verdict(Weight.NOTICE, "読取中です。カードを動かさないでください")
        notes = list(verdict.notes)
        if self.waiting:
            right = f"次のカードが{len(self.waiting)}枚待っています"
        elif self._in_field and self.panel.takes_tap and not self._reading:
            right = "カードを取ってください"
        else:
            right = ""
        first = apart(" " + shown(verdict.message), right + " ", width)
        second = " " + shown("  ".join(notes))
        self._put("verdict", Content.assemble((first, "bold"), "\n", pad(second, width)))
        place = self.query_one("#verdict", Static)
        for weight in Weight:
            place.set_class(weight is verdict.weight, weight.name.lower())

    def paint_header(self) -> None:
        """Place and time, and what the station knows of its parts."""
        head = self.sanjo.header()
        if head is None:
            return
        self._put("place", Content(shown(f" {self.desk.station.municipality} {head.reception}  {head.place}")))
        self._put("clock", Content(f"{head.date} {head.clock} "))
        who = self.desk.who.label if self.desk.who.role is not None else ""
        self._put("status", status_line(head, self.sanjo.readers, self.size.width, who))

    def _put(self, name: str, content: Content) -> None:
        before = self._painted.get(name)
        if before is not None and before.is_same(content):
            return
        self._painted[name] = content
        self.query_one("#" + name, Static).update(content, layout=name in ("keys", "clock"))

    def _look_round(self) -> None:
        if (self.panel.idle or self.panel.asks_for_card) and self.app.screen is self and not self.working:
            self.do(self._news)

    async def _news(self) -> None:
        """What was recorded since the last look, here or elsewhere, is seen in counts and latest receptions."""
        try:
            mark = await self.ask(self.desk.mark)
            if mark != self._mark:
                await self.refresh_facts()
                self._mark = mark
        except SanjoError as error:             # said aloud when somebody acts, not at every look
            self.sanjo.note_error(error)

    def _tick(self) -> None:
        """The clock moves once a minute; nothing else is painted then."""
        self.do(self._minute)
        self.set_timer(60.5 - self.sanjo.clock().second, self._tick)

    async def _minute(self) -> None:
        await self.sanjo.refresh_header()
