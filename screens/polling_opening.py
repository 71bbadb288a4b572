"""開所の確認: the gate, the clock that was typed, the zero report that was seen. The last Enter alone records.

What holds the opening up the Desk says; what may be waived the 投票管理者 decides, with reason and PIN.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from screens import polling_papers as papers
from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Hints, Reading
from screens.polling_place import Steps
from screens.polling_tasks import back_to
from screens.widgets import shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.gate import GateItem
    from screens.polling import PollingScreen

NEAR = 2
"""Minutes that the clerk's clock and the laptop's may differ."""
CLOCK, ZERO, PREVIOUS = "clock", "zero", "previous"
"""Names of the conditions that are put right at the desk, not by IT."""

HELP_OPENING = """\
上から順に、済になるまで進めます。
時計: 電話の時報(117)などを見て、今の時刻を4けた(0658 など)で打ち、Enter を押します。
ゼロ票: Enter で印刷し、紙が出たら立会人に見てもらい、もう一度 Enter を押します。
印刷できないときは 2 を押し、画面の数字を書き写して、もう一人に確かめてもらいます。
名簿や入場券が合わないときは、選管に連絡してください。
9 投票管理者の判断で開ける(理由と番号・暗証番号が要ります)。Esc で戻ります。何も記録されません。"""


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
        return item.hint + ("F8 その他の「閉所・封緘」から進めます。" if item.name == PREVIOUS else "")

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
        super().__init__(screen, "開所のゼロ票 (書き写し)", lines, on_enter=("見比べた人を入れる", then), back=back)


def near(typed: str, now: dt.datetime) -> bool:
    """Whether four typed digits are the time of day, give or take `NEAR` minutes; midnight is no edge."""
    if len(typed) != 4 or not typed.isdigit() or int(typed[:2]) > 23 or int(typed[2:]) > 59:
        return False
    apart = abs(int(typed[:2]) * 60 + int(typed[2:]) - now.hour * 60 - now.minute)
    return min(apart, 24 * 60 - apart) <= NEAR


def groups(digest: str) -> str:
    """The first eight groups of four characters of a hash, as on paper."""
    return " ".join(digest[at:at + 4] for at in range(0, min(len(digest), 32), 4))
