"""開所, 閉所 and 封緘 of a polling place: each a list of what is done and what is not, worked on from the top.

Enter always does the line with the mark. What holds the opening or the closing up, the Desk says.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.words import Occasion, PlaceState
from screens import polling_papers as papers
from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Hints, Panel, Pick, Reading
from screens.polling_counts import counts
from screens.polling_tasks import back_to
from screens.widgets import folded, pad, shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.gate import GateItem
    from screens.polling import PollingScreen

NEAR = 2
"""Minutes that the clerk's clock and the laptop's may differ."""
CLOCK, ZERO = "clock", "zero"
"""Names of the conditions that are put right here, not by IT."""

HELP_OPENING = """\
上から順に、済になるまで進めます。
時計: 電話の時報(117)などを見て、今の時刻を4けた(0658 など)で打ち、Enter を押します。
ゼロ票: Enter で印刷し、紙が出たら立会人に見てもらい、もう一度 Enter を押します。
印刷できないときは 2 を押し、画面の数字を書き写して、もう一人に確かめてもらいます。
名簿や入場券が合わないときは、選管に連絡してください。
9 投票管理者の判断で開ける(理由と番号・暗証番号が要ります)。Esc で戻ります。何も記録されません。"""

HELP_CLOSING = """\
上から順に、済になるまで進めます。Enter で、印の行の仕事に移ります。
用紙の残りは、すべての種類を閉所のために手で数えます。差があるときは説明と二人目の確認が要ります。
出口で確かめていない用紙は、閉所すると「投票済」になります。人数は画面に出ます。
期日前では、宣誓書の枚数も手で数えます。閉所票は自動で印刷に回ります。"""


class Steps(Panel):
    """A list of lines `(done, sentence, what to do)`; the first one that is not done has the mark."""

    def __init__(self, screen: PollingScreen, back: Callable[[], Awaitable[None]]) -> None:
        super().__init__(screen)
        self.desk, self.back = screen, back
        self.typed = ""

    def steps(self) -> list[tuple[bool, str, str]]:
        """The lines, in the order in which they are worked on."""
        raise NotImplementedError

    @property
    def at(self) -> int | None:
        """The line with the mark; None when all are done."""
        return next((n for n, (done, _, _) in enumerate(self.steps()) if not done), None)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        lines: list[Content] = []
        at = self.at
        for n, (done, sentence, hint) in enumerate(self.steps()):
            mark = "> 未 " if n == at else "  済 " if done else "  未 "
            text = pad(shown(sentence), width - 5)
            lines.append(Content.assemble((mark, "bold" if done else "bold $text-warning"), text))
            if n == at and hint:
                lines += [Content("     " + line) for line in folded(shown(hint), width - 5)]
        # On a small screen what was done already gives way to what is still to be done.
        over = max(0, len(lines) - height)
        return lines[min(over, at if at is not None else over):][:height]

    def type_digit(self, key: str, character: str, most: int) -> bool:
        """Digits and Backspace of a line that takes a number."""
        if len(character) == 1 and character in "0123456789":
            self.typed = (self.typed + character)[:most]
        elif key == "backspace":
            self.typed = self.typed[:-1]
        else:
            return False
        return True


# --- 開所


async def opening(screen: PollingScreen) -> None:
    """F2: the gate, the clock and the zero report."""
    day = await screen.ask(screen.polling.day)
    panel = Opening(screen, back_to(screen), again=day is not None and bool(day.openings))
    await panel.ask_gate()
    screen.show(panel)


class Opening(Steps):
    """開所の確認. Nothing is recorded before the last Enter."""

    help = HELP_OPENING

    def __init__(self, screen: PollingScreen, back: Callable[[], Awaitable[None]], *, again: bool = False) -> None:
        super().__init__(screen, back)
        self.again = again
        """The place was opened and closed today: only the 投票管理者 opens it once more."""
        self.clock_confirmed = self.zero_printed = self.sent = False
        self.witnessed_by = ""
        self.gate: tuple[GateItem, ...] = ()

    async def ask_gate(self) -> None:
        """The gate as it stands with what was confirmed here."""
        self.gate = await self.desk.ask(
            self.desk.polling.gate, clock_confirmed=self.clock_confirmed, zero_printed=self.zero_printed,
            witnessed_by=self.witnessed_by)

    @override
    def steps(self) -> list[tuple[bool, str, str]]:
        return [(item.ok, item.sentence, self._hint(item)) for item in self.gate]

    def _hint(self, item: GateItem) -> str:
        if item.name == CLOCK and not item.hint:
            return ""
        if item.name == CLOCK and not self._clock_is_wrong(item):
            return f"時報などを見て、今の時刻を4けたで打って Enter: {self.typed or '____'}"
        if item.name == ZERO and self.sent:
            return "紙が出て立会人が見たら Enter。出ないときは 2 で画面に出し、書き写します"
        if item.name == ZERO:
            return "Enter で印刷します。印刷できないときは 2 で画面に出し、書き写します"
        return item.hint

    def _clock_is_wrong(self, item: GateItem) -> bool:
        """The journal or the roll contradict the clock: confirming it by hand would not help."""
        return item.name == CLOCK and self.clock_confirmed and not item.ok

    @property
    @override
    def at(self) -> int | None:
        """What stops everything first, then the clock and the zero report, last what the 投票管理者 may waive."""
        left = [n for n, item in enumerate(self.gate) if not item.ok]
        here = [n for n in left if self.gate[n].name in (CLOCK, ZERO) and not self._clock_is_wrong(self.gate[n])]
        stops = [n for n in left if n not in here and not self.gate[n].can_be_waived]
        return next(iter((*stops, *here, *left)), None)

    @property
    def item(self) -> GateItem | None:
        """The condition with the mark."""
        return None if self.at is None else self.gate[self.at]

    @override
    def verdict(self) -> Verdict:
        item = self.item
        if item is None and self.again:
            return Verdict(Weight.CAUTION, "閉所の後にもう一度開けるのは、投票管理者の判断です",
                           notes=("Enter で理由と暗証番号",))
        if item is None:
            return Verdict(Weight.READY, "Enter で開所します", notes=("立会人と投票箱が空なことを確かめてから",))
        waive = ("9 投票管理者の判断で開ける",) if self._waivable() else ()
        weight = Weight.NOTICE if item.name in (CLOCK, ZERO) else Weight.CAUTION
        return Verdict(weight, item.sentence, notes=(*waive, "F1 説明"))

    def _waivable(self) -> bool:
        """The 投票管理者 may open: what is left may be waived."""
        left = [item for item in self.gate if not item.ok]
        return bool(left) and all(item.can_be_waived for item in left)

    @override
    def title(self) -> str:
        place, day = self.desk.polling.place, self.desk.polling.today()
        return f"開所の確認  {shown(place.name) if place else ''}  {day.month}月{day.day}日"

    @override
    def hints(self) -> Hints:
        item = self.item
        if item is None:
            return (("Enter", "開所"), ("Esc", "戻る"))
        keys = {CLOCK: (("数字", "今の時刻"), ("Enter", "確かめた")),
                ZERO: (("Enter", "紙を見た" if self.sent else "ゼロ票を印刷"), ("2", "画面に出す"))}.get(item.name, ())
        return (*keys, *((("9", "管理者の判断で開ける"),) if self._waivable() else ()), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        item = self.item
        if key == "escape":
            await self.back()
        elif item is None:
            if key == "enter":
                await (self._open_on_paper() if self.again else self._open())
        elif item.name == CLOCK and not self._clock_is_wrong(item) and self.type_digit(key, character, 4):
            return
        elif character == "9" and self._waivable():
            await self._open_on_paper()
        elif item.name == CLOCK and key == "enter":
            await self._clock()
        elif item.name == ZERO and key == "enter":
            await self._zero()
        elif item.name == ZERO and character == "2":
            await self._by_hand()
        elif key == "enter":
            await self.ask_gate()               # IT may have put it right over SSH

    async def _clock(self) -> None:
        now, typed, self.typed = self.desk.sanjo.clock(), self.typed, ""
        if not near(typed, now):
            self.desk.warn("画面の時計と合いません" if len(typed) == 4 else "今の時刻を4けたで打ってください",
                           f"この端末は {now:%H:%M} です。違うときは、時計を合わせてから始めてください")
            return
        self.clock_confirmed = True
        await self.ask_gate()

    async def _zero(self) -> None:
        if self.sent:
            self.zero_printed = True
            await self.ask_gate()
            return
        await papers.send(self.desk, "zero")
        self.sent = True

    async def _by_hand(self) -> None:
        proof = await self.desk.ask(self.desk.polling.proof)
        lines: list[str | Content] = [
            f"交付 {proof.issued}件   記録の番号 {proof.journal_seq}", "",
            f"選挙の設定  {groups(proof.election_sha256)}", f"名簿        {groups(proof.roll_sha256)}",
            f"受付記録    {groups(proof.journal_hash)}", "",
            "全部を紙に書き写し、もう一人の職員か立会人が、紙と画面を見比べます。"]

        async def witnessed() -> None:
            answers = await whom.asked(self.desk, "ゼロ票を書き写しました", [
                Field(key="who", label="見比べた人", required=True, hint="あなた以外の人の番号か氏名")], _answers)
            if answers is not None:
                self.witnessed_by = answers["who"]
                await self.ask_gate()
            self.desk.show(self)

        async def again() -> None:
            self.desk.show(self)

        self.desk.show(Copying(self.desk, lines, witnessed, again))

    async def _open(self) -> None:
        await self.desk.ask(self.desk.polling.open_place, clock_confirmed=self.clock_confirmed,
                            zero_printed=self.zero_printed, witnessed_by=self.witnessed_by)
        await self._opened()

    async def _opened(self) -> None:
        await self.desk.refresh_facts()
        self.desk.rest()
        self.desk.tell("開所しました", "最初の方をどうぞ")

    async def _open_on_paper(self) -> None:
        election = self.desk.polling.election
        assert election is not None             # there is no gate without one
        left = "、".join(item.sentence.rstrip("。") for item in self.gate if not item.ok)

        async def record(a: dict[str, Any]) -> bool:
            await self.desk.ask(self.desk.polling.open_place, clock_confirmed=self.clock_confirmed,
                                zero_printed=self.zero_printed, witnessed_by=self.witnessed_by, on_paper=a["reason"],
                                decided_by=a["decided_by"], pin=a["pin"])
            return True

        fields = [Field(key="reason", label="理由", required=True), *whom.presiding(election)]
        note = f"済んでいないこと: {shown(left)}" if left else "閉所の後に、もう一度開けます。"
        if await whom.asked(self.desk, "投票管理者の判断で開ける", fields, record, enter="開所", note=note,
                            help=HELP_OPENING):
            await self._opened()


async def _answers(answers: dict[str, Any]) -> dict[str, Any]:
    return answers


class Copying(Reading):
    """The zero report on the screen, to be copied by hand where nothing prints."""

    help = ("印刷できないときは、この数字を紙に書き写します。もう一人の職員か立会人が見比べて、紙に署名します。\n"
            "Enter で見比べた人を入れます。Esc で戻ります。")

    def __init__(self, screen: PollingScreen, lines: list[str | Content], then: Callable[[], Awaitable[None]],
                 back: Callable[[], Awaitable[None]]) -> None:
        super().__init__(screen, "開所のゼロ票 (書き写し)", lines, on_enter=("見比べた人を入れる", then))
        self.back = back

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            await self.back()
        else:
            await super().key(key, character)


def near(typed: str, now: dt.datetime) -> bool:
    """Whether four typed digits are the time of day, give or take `NEAR` minutes; midnight is no edge."""
    if len(typed) != 4 or not typed.isdigit() or int(typed[:2]) > 23 or int(typed[2:]) > 59:
        return False
    apart = abs(int(typed[:2]) * 60 + int(typed[2:]) - now.hour * 60 - now.minute)
    return min(apart, 24 * 60 - apart) <= NEAR


def groups(digest: str) -> str:
    """The first eight groups of four characters of a hash, as on paper."""
    return " ".join(digest[at:at + 4] for at in range(0, min(len(digest), 32), 4))


# --- 閉所, 封緘


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
            return Verdict(Weight.NOTICE, self.steps()[at][1], notes=("Enter で進みます",))
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
        return (("Enter", "次へ" if self.at is not None else "閉所"), ("数字", "宣誓書の枚数"), ("Esc", "戻る"))

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

        panel = Reading(self.desk, f"投函を確かめていない用紙 {len(listed)}枚",
                        [*listed, "", "閉所すると、どれも投票済になります。",
                         "持ち帰りと分かったものは、先に記録してください(F4)。"],
                        on_enter=("閉所の確認に戻る", seen))
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
        return await screen.ask(screen.polling.seal, Path(a["folder"]).expanduser())

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


