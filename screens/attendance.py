"""出退勤受付: the wall at the staff entrance; F2 turns it into the desk of personnel and of the night guard."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.errors import UnknownToken
from sanjo_tui.receptions.attendance.words import Kind
from sanjo_tui.receptions.base import Verdict, Weight
from screens import attendance_tasks as tasks
from screens.attendance_wall import NotReady, Punched, Refused, Wall
from screens.desk import DeskScreen
from screens.panels import Panel
from screens.service import Idle, PaperChoice, ServiceScreen, Task
from screens.widgets import shown

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk, Opened
    from sanjo_tui.desk.attendance.desk import AttendanceDesk
    from sanjo_tui.vault.roles import Who
    from screens.panels import Hints


class Personnel(Idle):
    """The staff's side at rest: a 職員番号 opens the month; a card punches nothing here."""

    takes_tap = False

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.NOTICE, self.desk.READY, notes=(self.desk.WITHOUT,))

    @override
    def hints(self) -> Hints:
        return self.desk.OWN_KEYS

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            await tasks.turn(self.desk)     # type: ignore[arg-type]


class AttendanceScreen(ServiceScreen):
    """Punches, and what is made of them."""

    RECEPTION = "attendance"
    SEARCHES = "職員番号"
    READY = "職員番号を打って Enter。その月の出勤簿が出ます"
    WITHOUT = "ここでは打刻しません。打刻の画面は F2"
    HELP = ("職員番号を打って Enter を押すと、その方の月次出勤簿が出ます。\n"
            "F3 打刻の訂正を申請する  F4 未処理(申請は番号と 1 で承認)  F6 在庁者一覧  F5 書類\n"
            "打刻は消したり書きかえたりできません。訂正は申請と承認で残り、元の打刻も残ります。\n"
            "F2 で打刻の画面に戻ります。")
    STEPS = ("  F6  いま庁舎にいる人を見る (宿直、避難の点呼)",
             "  F4  要確認と、承認を待つ申請を片づける",
             "  F3  打刻忘れや押しまちがいの訂正を申請する。承認は、申請した人とは別の人",
             "", "  分からない打刻は要確認のまま残り、時間に数えません")
    OWN_KEYS: ClassVar[Hints] = (("F2", "打刻の画面"), ("F3", "訂正"), ("F4", "未処理"), ("F6", "在庁者"),
                                 ("F5", "書類"))
    TASKS: ClassVar[Sequence[tuple[str, Task]]] = (
        ("月を選ぶ", tasks.choose_month), ("上限確認を見る", tasks.limits), ("乖離の理由を書く", tasks.explain),
        ("深夜・休日勤務を見る", tasks.nights), ("勤務間隔の短い日を見る", tasks.rests),
        ("職員のカードを登録する", tasks.bind), ("職員のカードの登録を解除する", tasks.unbind),
        ("月を締める・締めを解く", tasks.lock))

    def __init__(self, desk: Desk) -> None:
        self.wall = True
        """The entrance stands on the screen."""
        self.mode = Kind.IN
        """What the clock makes of a tap."""
        self.month = ""
        """The month that lists and papers are about; empty: the present one."""
        self.terminal: Who | None = None
        """Whose the wall is while somebody else is at it."""
        self._ready = True
        super().__init__(desk)
        self.set_class(True, "wall")
        self._offer_keys()

    @property
    def attendance(self) -> AttendanceDesk:
        """The desk below."""
        return cast("AttendanceDesk", self.service)

    @override
    def resting(self) -> Panel:
        if not self._ready:
            return NotReady(self)
        return Wall(self) if self.wall else Personnel(self)

    def side(self, wall: bool) -> None:
        """The entrance, or the staff's side."""
        self.wall = wall
        self.set_class(wall, "wall")
        self._offer_keys()
        self.box.value = ""
        self.rest()

    def _offer_keys(self) -> None:
        plain: DeskScreen = self
        plain.KEYS = () if self.wall else type(self).KEYS

    # --- facts

    @override
    async def refresh_facts(self) -> None:
        if self.wall:
            await self.begin()
            await self.sanjo.refresh_header()
        else:
            await super().refresh_facts()
        ready: bool = await self.ask(lambda: self.attendance.ready)
        if ready:
            self.mode = await self.ask(self.attendance.mode)
        if ready is not self._ready:
            self._ready = ready
            if self.panel.idle:
                self.rest()

    @override
    async def _minute(self) -> None:
        await super()._minute()
        if self._ready:
            self.mode = await self.ask(self.attendance.mode)

    @override
    def counted(self) -> str:
        month = f"{self.month}の一覧  " if self.month else ""
        return month + self.attendance.counts()

    # --- the tap

    async def punch(self, seen: CardSeen, kind: Kind | None) -> None:
        """Recorded first, said then. `kind` None: the clock's."""
        try:
            tapped = await self.ask(self.attendance.punch, seen, kind)
        except UnknownToken as error:
            self.ring()
            self.show(Refused(self, error.message.removesuffix("。"), error.hint.removesuffix("。")))
            return
        if tapped.double:
            self.ring()
            self.show(Refused(self, "二重打刻", "前の打刻を受け付けています"))
            return
        self.show(Punched(self, tapped))

    @override
    async def open_card(self, seen: CardSeen) -> None:
        if self.wall:
            await self.punch(seen, None)
        else:
            self.keep_waiting(seen)

    @override
    def keep_waiting(self, seen: CardSeen) -> None:
        """A punch is now or never: one that waited would be recorded with a time at which nobody came."""
        self.ring()
        self.warn("打刻していません", "打刻の画面に戻してから、もう一度かざしてください")
        self.paint()

    def back_in(self, seconds: float, panel: Panel) -> None:
        """Back to idle by itself, unless something else came."""
        async def over() -> None:
            if self.panel is panel:
                self.rest()

        self.set_timer(seconds, lambda: self.do(over))

    # --- the staff's side

    @override
    async def opened(self, opened: Opened) -> None:
        """Residents have no part in this service."""

    @override
    async def find(self, text: str) -> None:
        await tasks.month_of(self, text)

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        month = {"month": self.month} if self.month else {}
        mine: Sequence[PaperChoice] = ()
        if isinstance(panel, tasks.MonthSheet):
            whose = {"staff_no": panel.staff_no, **month}
            mine = ((f"月次出勤簿 ({shown(panel.staff_no)})", "attendance.month", whose),)
        return (*mine, ("在庁者一覧", "attendance.present", {}), ("未処理一覧", "attendance.questions", month),
                ("上限確認", "attendance.limits", month), ("乖離一覧", "attendance.gaps", month),
                ("深夜・休日一覧", "attendance.nights", month), ("勤務間隔一覧", "attendance.rests", month))

    @override
    async def command(self, key: str) -> bool:
        """At the entrance the staff's keys do nothing."""
        if self.wall and key not in ("f2", "f12"):
            return False
        return await super().command(key)

    @override
    async def own_key(self, key: str) -> bool:
        own = {"f2": tasks.turn, "f3": tasks.correct, "f4": tasks.unfinished, "f6": tasks.present}
        if key not in own:
            return False
        if self.panel.idle or isinstance(self.panel, tasks.MonthSheet) or self.wall:
            await own[key](self)
        else:
            self.warn("先に Esc で戻ってください")
        return True


