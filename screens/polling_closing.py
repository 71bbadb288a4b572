"""閉所の確認 and 封緘: leftovers of the exit, papers counted by hand, 宣誓書; then the export that ends the day.

What holds the closing up the Desk says.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sanjo_tui.errors import JournalError, RuleError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.words import Occasion, PlaceState
from screens import polling_papers as papers
from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Hints, Pick
from screens.polling_arrivals import Numbers
from screens.polling_counts import counts
from screens.polling_place import Steps
from screens.polling_tasks import back_to
from screens.widgets import shown

if TYPE_CHECKING:
    from screens.polling import PollingScreen

HELP_CLOSING = """\
上から順に、済になるまで進めます。Enter で、印の行の仕事に移ります。
用紙の残りは、すべての種類を閉所のために手で数えます。差があるときは説明と二人目の確認が要ります。
出口で確かめていない用紙は、閉所すると「投票済」になります。人数は画面に出ます。
期日前では、宣誓書の枚数も手で数えます。閉所票は自動で印刷に回ります。"""


async def closing(screen: PollingScreen) -> None:
    """What the day's state calls for: closing an open place, sealing a closed one."""
    day = await screen.ask(screen.polling.unfinished)
    if day is None:
        screen.warn("閉所する日がありません", "まだ開所していないか、もう封緘されています")
    elif day.state is PlaceState.CLOSED:
        await sealing(screen, day.day)
    else:
        panel = Closing(screen, back_to(screen), day.day)
        await panel.ask_state()
        screen.show(panel)


class Closing(Steps):
    """閉所の確認."""

    help = HELP_CLOSING

    def __init__(self, screen: PollingScreen, back: Callable[[], Awaitable[None]], day: str) -> None:
        super().__init__(screen, back)
        self.day = day
        """The day that is closed, `YYYY-MM-DD`: today, or an earlier one that was left open."""
        self.hinders: tuple[str, ...] = ()
        self.unconfirmed: tuple[Any, ...] = ()
        self.seen = False
        """The list of papers that nobody confirmed was looked at."""
        self.oaths: int | None = None
        self.expected_oaths = 0

    async def ask_state(self) -> None:
        """How things stand now; another desk may have recorded meanwhile."""
        polling = self.desk.polling
        self.hinders = await self.desk.ask(polling.closing_hinders)
        self.unconfirmed = await self.desk.ask(polling.unconfirmed)
        place = polling.place
        _, totals = await self.desk.ask(polling.turnout)
        if place is not None and place.kind.is_early:
            self.expected_oaths = sum(totals.oaths(place.code, self.day).values())

    @property
    def _early(self) -> bool:
        place = self.desk.polling.place
        return place is not None and place.kind.is_early

    @override
    def steps(self) -> list[tuple[bool, str, str]]:
        steps = []
        people = len({one.voter for one in self.unconfirmed})
        if self.unconfirmed:
            steps.append((self.seen, f"投函を確かめていない用紙 {len(self.unconfirmed)}枚 ({people}人)",
                          "閉所すると投票済になります。Enter で一覧を見ます"))
        elif self._exits:
            steps.append((True, "出口の確認は、全員済んでいます", ""))
        if self.hinders:
            more = f" ほか{len(self.hinders) - 1}件" if len(self.hinders) > 1 else ""
            steps.append((False, self.hinders[0] + more, "Enter で用紙の残数に移り、閉所のために数えます"))
        else:
            steps.append((True, "用紙の残りは、すべて数えて合っています", ""))
        if self._early:
            done = self.oaths is not None
            steps.append((done, f"宣誓書 {self.oaths}枚" if done else "宣誓書の枚数を手で数えます",
                          f"枚数を打って Enter: {self.typed or '____'}"))
        return steps

    @property
    def _exits(self) -> bool:
        place = self.desk.polling.place
        return place is not None and place.exit_check

    @property
    def _left_open(self) -> bool:
        """A remark and a second person are asked for."""
        return bool(self.unconfirmed and self._exits) or (self._early and self.oaths != self.expected_oaths)

    @override
    def verdict(self) -> Verdict:
        at = self.at
        if at is not None:
            return Verdict(Weight.NOTICE, self.steps()[at][1], notes=("Enter で、印の行に進みます",))
        if self._early and self.oaths != self.expected_oaths:
            return Verdict(Weight.CAUTION, f"宣誓書は{self.oaths}枚ですが、受付は{self.expected_oaths}件です",
                           notes=("Backspace で数え直す。合わないときは Enter で訳と二人目の確認",))
        return Verdict(Weight.READY, "Enter で閉所します", notes=("この後の受付はできません",))

    @override
    def title(self) -> str:
        place = self.desk.polling.place
        left = "" if self.day == self.desk.polling.today().isoformat() else f"  {self.day} の分"
        return f"閉所の確認  {shown(place.name) if place else ''}{left}"

    @override
    def hints(self) -> Hints:
        oaths = (("数字", "宣誓書の枚数"),) if self._early else ()
        return (("Enter", "次へ" if self.at is not None else "閉所"), *oaths, ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        counting = self._early and (self.at is None or self.at == len(self.steps()) - 1)
        if key == "escape":
            await self.back()
        elif counting and self.oaths is not None and key == "backspace":
            self.oaths = None
        elif counting and self.oaths is None and self.type_digit(key, character, 6):
            return
        elif key == "enter" and self.at is None:
            await self._close()
        elif key == "enter" and self.unconfirmed and not self.seen:
            await self._leftovers()
        elif key == "enter" and self.hinders:
            await counts(self.desk, Occasion.CLOSING, back=self._again)
        elif key == "enter" and self._early and self.typed:
            self.oaths, self.typed = int(self.typed), ""

    async def _again(self) -> None:
        await self.ask_state()
        self.desk.show(self)

    async def _leftovers(self) -> None:
        """Numbers of the receptions, never names: this list may stand there while the 立会人 look on."""
        election = self.desk.polling.election
        names = {c.code: c.name for c in election.in_order} if election is not None else {}
        listed = [f"{one.reception_no}  {shown(names.get(one.contest, one.contest))}" for one in self.unconfirmed]

        async def seen() -> None:
            self.seen = True
            await self._again()

        panel = Numbers(self.desk, f"投函を確かめていない用紙 {len(listed)}枚",
                        [*listed, "", "閉所すると、どれも投票済になります。",
                         "持ち帰りと分かったものは、先に記録してください(F4)。"],
                        on_enter=("閉所の確認に戻る", seen), back=self._again)
        panel.help = HELP_CLOSING
        self.desk.show(panel)

    async def _close(self) -> None:
        now, polling = self.desk.sanjo.clock(), self.desk.polling
        place = polling.place
        today = polling.today()
        hours = place.hours_on(today) if place is not None and self.day == today.isoformat() else None
        early = hours is not None and now.time() < hours.closes
        remark, second = self._left_open or early, self._left_open
        if not remark:
            try:
                await self._record({"remark": ""})
            except RuleError:                   # another desk recorded meanwhile
                await self.ask_state()
                raise
            await self._closed()
            return
        note = f"閉所の時刻 {hours.closes:%H:%M} より前です。" if early and hours is not None else ""
        note += "合わない数や、確かめていない用紙の訳を書きます。" if second else "早く閉める訳を書きます。"
        fields = [Field(key="remark", label="訳", required=True), *(whom.second() if second else ())]
        if await whom.asked(self.desk, "閉所", fields, self._record, enter="閉所", help=HELP_CLOSING, note=note):
            await self._closed()

    async def _record(self, a: dict[str, Any]) -> bool:
        await self.desk.ask(self.desk.polling.close_place, oaths_counted=self.oaths, verifier=a.get("verifier", ""),
                            pin=a.get("pin", ""), remark=a["remark"])
        return True

    async def _closed(self) -> None:
        await papers.send(self.desk, "closing", day=self.day)
        await sealing(self.desk, self.day)
        self.desk.tell("閉所しました。閉所票を印刷に回しました", "続けて、記録を書き出して封緘します")


async def sealing(screen: PollingScreen, day: str) -> None:
    """封緘: the journal is exported into a folder on another medium; then this day is over."""
    back = back_to(screen)

    async def record(a: dict[str, Any]) -> Any:
        try:
            return await screen.ask(screen.polling.seal, Path(a["folder"]).expanduser())
        except JournalError as error:           # no medium, no room: the day is not sealed, another folder may do
            raise RuleError(error.message, error.hint, detail=error.detail) from error

    async def picked(task: str) -> None:
        if task == "paper":
            await papers.send(screen, "closing", day=day)
            return
        fields = [Field(key="folder", label="書き出し先", required=True, hint="USBメモリのフォルダ 例 /media/usb/r8")]
        done = await whom.asked(screen, "封緘", fields, record, enter="書き出して封緘",
                                note="媒体を差してから進めます。封緘の後は、この日の記録は増えません。")
        if done is not None:
            await screen.refresh_facts()
            screen.rest()
            screen.tell("封緘しました", "媒体を抜いて、封筒に入れてください")

    options = [("記録を書き出して封緘する", "seal"), ("閉所票を印刷する", "paper")]
    screen.show(Pick(screen, "閉所の後", options, picked, enter=False, back=back,
                     prompt="閉所票に立会人の署名をもらい、封緘します",
                     help="封緘は、きょうの記録を別の媒体に書き出して終えることです。書き出すまで、電源を切らないでください。"))
