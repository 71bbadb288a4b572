"""ApplicationScreen: カード申請代行. The slots of the day; a tap opens the application, Enter goes on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.application.words import State
from screens.application_case import CasePanel, Fresh
from screens.application_tasks import TASKS
from screens.panels import Hints, Panel
from screens.service import Idle, PaperChoice, ServiceScreen, Stopped
from screens.widgets import pad, row, shown

if TYPE_CHECKING:
    from pathlib import Path

    from sanjo_tui.desk import Desk, Opened
    from sanjo_tui.desk.application.booking import Slot
    from sanjo_tui.desk.application.desk import ApplicationDesk
    from sanjo_tui.desk.service import Receipt

HELP = ("その日の予約枠が並びます。カードをかざすか、氏名や受付番号を打って Enter を押すと、その方の申請が開きます。\n"
        "開いたら Enter が次の仕事です: 来庁、写真、申請書、署名、通知、交付。\n"
        "送付 (署名済みをまとめて締め切る) は F8。F6 で場所を切り替えます。\n"
        "暗証番号は、この画面でも書類でも聞きません。")


class DayIdle(Idle):
    """Ready for the next person; below, the slots of the day at this place."""

    def __init__(self, screen: ApplicationScreen) -> None:
        super().__init__(screen)
        self.day = screen

    @override
    def title(self) -> str:
        return self.day.heading

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        if not self.day.slots:
            return [Content(pad("   今日はこの場所の予約枠がありません。予約のない方はカードをかざします。", width))]
        first = sorted(self.day.slots, key=lambda one: (not one.taken, one.at))[:height]
        return [_slot(one, width) for one in sorted(first, key=lambda one: one.at)]

    @override
    def hints(self) -> Hints:
        return (*super().hints(), *((("F6", "場所"),) if len(self.day.places) > 1 else ()))


def _slot(slot: Slot, width: int) -> Content:
    """`10:00  空き1  A1B2C3-0001-9 予約`: numbers and states, no name."""
    who = "  ".join(f"{one.number} {one.state.label}" for one in slot.taken)
    free = f"空き{slot.free}" if slot.capacity else "予約外"
    line = row([(slot.at[11:], 7), (free, 7), (shown(who), 70)], width)
    waiting = any(one.state is State.BOOKED for one in slot.taken)
    return line if waiting else line.stylize("$faint")


class ApplicationScreen(ServiceScreen):
    """カード申請代行."""

    RECEPTION = "application"
    SEARCHES = "氏名 生年月日 宛名番号 受付番号"
    READY = "カードをかざしてください"
    WITHOUT = "カードがない方は、氏名や受付番号を打って Enter"
    HELP = HELP
    TASKS = TASKS
    OWN_KEYS: ClassVar[Hints] = (("F5", "書類"),)

    def __init__(self, desk: Desk) -> None:
        self.places: tuple[tuple[str, str], ...] = ()
        """Code and name of each place."""
        self.place = ""
        self.slots: tuple[Slot, ...] = ()
        self.photo_folder: Path | None = None
        """Where the last photo came from: the newest one there is offered next."""
        super().__init__(desk)

    @property
    def applications(self) -> ApplicationDesk:
        """The desk below."""
        return cast("ApplicationDesk", self.service)

    @property
    def heading(self) -> str:
        """The place and its day."""
        name = next((name for code, name in self.places if code == self.place), "")
        day = self.desk.today()
        return f"{name}  {day.month}月{day.day}日の予約" if name else ""

    @override
    def resting(self) -> Panel:
        return DayIdle(self)

    @override
    def counted(self) -> str:
        return self.applications.counts()

    @override
    async def refresh_facts(self) -> None:
        await super().refresh_facts()
        if await self.ask(lambda: self.applications.ready):
            setup = await self.ask(lambda: self.applications.setup)
            self.places = tuple((one.code, one.name) for one in setup.places)
            if self.place not in dict(self.places):
                self.place = self.places[0][0]
            self.slots = await self.ask(self.applications.day, self.place, self.desk.today())
        if self.panel.idle:
            self.paint()

    # --- somebody comes

    @override
    async def opened(self, opened: Opened) -> None:
        await self.look(opened)

    async def look(self, opened: Opened, receipt: Receipt | None = None) -> None:
        """Stopped, the application of who is open, or the way to one."""
        look = await self.ask(self.applications.look, opened)
        if look.stop is not None:
            self.ring()
            release = partial(self._lift, opened) if look.stop.code == "SUPPRESSED" else None
            self.show(Stopped(self, look.stop, release=release))
        elif look.application is None:
            self.show(Fresh(self, opened, look))
        else:
            self.show(CasePanel(self, opened, look, look.application, receipt))

    async def _lift(self, opened: Opened) -> None:
        from screens.releasing import release  # a form, and seldom

        if await release(self, opened.who):
            await self.look(opened)

    @override
    async def number_scanned(self, reception_no: str) -> bool:
        person = await self.ask(self.applications.find, reception_no)
        if person:
            await self.opened(await self.ask(self.desk.open_resident, person))
        return bool(person)

    # --- papers and keys

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        today = self.desk.today()
        own = panel.papers() if isinstance(panel, CasePanel) else []
        days = [(f"予約一覧 {word}", "application.day", {"place": self.place, "date": (
            today + dt.timedelta(days=n)).isoformat()}) for word, n in (("今日", 0), ("明日", 1))] if self.place else []
        return [*own, *days, ("送付書(最後に締め切ったもの)", "application.batch", {}),
                ("集計表", "application.tally", {})]

    @override
    async def own_key(self, key: str) -> bool:
        panel = self.panel
        if key == "f6" and panel.idle and self.places:
            codes = [code for code, _ in self.places]
            self.place = codes[(codes.index(self.place) + 1) % len(codes)]
            await self.refresh_facts()
            self.show(self.resting())
        elif key == "f2" and isinstance(panel, CasePanel | Fresh):
            await panel.other()
        else:
            return False
        return True
