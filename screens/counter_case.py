"""One case of the counter after it was accepted: what it is, where it stands, and its papers; and the day's list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.counter.words import Related, Step
from sanjo_tui.receptions.shelter.look import clock
from screens.form import Field, FormScreen
from screens.panels import Hints, Paged, Pick
from screens.widgets import row, shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.counter.state import Case
    from screens.counter import CounterScreen
    from screens.service import PaperChoice

TURN = {Related.NEEDED: Related.DONE, Related.DONE: Related.NOT_NEEDED, Related.NOT_NEEDED: Related.NEEDED}
"""What a digit makes of a related procedure."""


class CasePanel(Paged):
    """One case, by number: digits turn its related procedures from 要 to 済 to 不要."""

    help = ("受付の中身です。氏名は出ません。数字を押すと、関連手続が 要、済、不要 の順に替わります。\n"
            "F3 完了  F4 取下げ(理由を入れる)  F5 書類  F9 取消")

    def __init__(self, screen: CounterScreen, case: Case) -> None:
        super().__init__(screen)
        self.counter, self.case = screen, case

    @property
    def procedure_title(self) -> str:
        """What it is about."""
        found = self.counter.counter.version(self.case.version).procedure(self.case.procedure)
        return found.title if found else self.case.procedure

    def _labels(self) -> dict[str, str]:
        found = self.counter.counter.version(self.case.version).procedure(self.case.procedure)
        return {ask.key: ask.label for ask in found.asks} if found else {}

    @override
    def count(self) -> int:
        return len(self.case.related)

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.NOTICE, f"{self.procedure_title}  {self.case.step.value}",
                       notes=(f"手数料 {self.case.fee:,}円 {self.case.copies}通",) if self.case.fee_code else ())

    @override
    def title(self) -> str:
        case = self.case
        return f"{case.reception_no}  {clock(case.accepted_ms)}  {case.requester_kind.label}  {case.verified_by.label}"

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        code, state = self.case.related[index]
        found = self.counter.counter.version(self.case.version).procedure(code)
        return row([(mark, 2), (state.value, 6), (found.title if found else code, 40)], width, emphasis=1)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        labels = self._labels()
        about = [Content(shown(f"  {labels.get(key, key)}: {value}"))
                 for key, value in self.case.answers.items() if value][:4]
        head = [Content("  関連手続")] if self.case.related else []
        return [*about, *head, *self.rows(width, max(1, height - len(about) - len(head)))]

    @override
    def hints(self) -> Hints:
        return (("数字", "関連手続"), ("F3", "完了"), ("F4", "取下げ"), ("F5", "書類"), ("Esc", "戻る"))

    def papers(self) -> Sequence[PaperChoice]:
        """What belongs to this case."""
        number = {"reception_no": self.case.reception_no}
        return (("確認書", "counter.sheet", number), ("申請書", "counter.application", number),
                ("受付案内票", "counter.guide", number))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.rest()
        elif (index := self.digit(character)) is not None:
            code, state = self.case.related[index]
            await self.screen.ask(self.counter.counter.mark_related, self.case.reception_no, code, TURN[state])
            await self._again()

    async def go(self, step: Step) -> None:
        """F3 完了, F4 取下げ."""
        note = ""
        if step is Step.WITHDRAWN:
            answers = await self.screen.sanjo.push_screen_wait(FormScreen("取下げの理由", [
                Field(key="note", label="理由", required=True)], enter="取下げ"))
            if answers is None:
                return
            note = answers["note"]
        await self.screen.ask(self.counter.counter.move, self.case.reception_no, step, note)
        await self._again()

    async def _again(self) -> None:
        await self.screen.refresh_facts()
        self.screen.show(CasePanel(self.counter, await self.screen.ask(self.counter.counter.case,
                                                                       self.case.reception_no)))


async def open_cases(screen: CounterScreen) -> None:
    """The day's cases, newest first; a digit opens one."""
    cases = await screen.ask(screen.counter.cases)

    async def picked(case: Case) -> None:
        screen.show(CasePanel(screen, await screen.ask(screen.counter.case, case.reception_no)))

    lines: list[tuple[str | Content, Case]] = []
    for case in reversed(cases):
        panel = CasePanel(screen, case)
        lines.append((row([(clock(case.accepted_ms), 6), (case.reception_no, 16), (panel.procedure_title, 28),
                           (case.step.value, 8), (f"{case.fee:,}円" if case.fee_code else "", 10)],
                          screen.size.width - 5), case))
    screen.show(Pick(screen, f"きょうの受付  {len(cases)}件", lines, picked, empty="きょうの受付はありません"))
