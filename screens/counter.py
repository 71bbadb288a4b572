"""窓口受付: a card or a name, the face, the procedure, the subjects, the questions; Enter records and prints."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.counter.words import Step, Waiting
from screens import counter_tickets as tickets
from screens.counter_case import CasePanel, open_cases
from screens.counter_gone import find_gone
from screens.counter_reception import Flow
from screens.panels import Panel
from screens.releasing import release
from screens.service import Idle, PaperChoice, ServiceScreen, Stopped, Task

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.counter.desk import CounterDesk
    from screens.panels import Hints


class NoSetup(Idle):
    """Nothing was loaded: nothing can be received."""

    takes_tap = takes_text = False

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.STOP, "手続の設定がありません。受け付けられません",
                       notes=("情報担当に counter load で読み込んでもらいます", "Esc で戻る"))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(""), Content("  それまでは、担当課の用紙で受け付けてください。")]


class CounterScreen(ServiceScreen):
    """The write-free counter."""

    RECEPTION = "counter"
    READY = "カードをかざしてください"
    SEARCHES = "氏名 生年月日 番号 受付番号"
    HELP = ("カードをかざすか、氏名や生年月日を打って Enter を押すと、その方の世帯が出ます。\n"
            "本人を確かめ、手続を名前の一部か番号で選び、対象の方と聞き取りを入れると、確認書と申請書が出ます。\n"
            "受付番号を打つか読み取ると、その受付を開きます。F2 番号札  F6 きょうの受付  F5 書類\n"
            "転出や死亡した方の除票などは、F8 で探します。")
    STEPS = ("  1  カードをかざす (ない方は氏名や生年月日で探す)",
             "  2  本人を確かめ、手続を選ぶ (名前の一部を打って Enter)",
             "  3  対象の方を数字で選び、聞かれたことに答えて Enter",
             "  4  確認書に署名をもらう。申請書と案内票が出ます")
    OWN_KEYS: ClassVar[Hints] = (("F2", "番号札"), ("F6", "きょうの受付"), ("F5", "書類"))
    PAPERS: ClassVar[Sequence[PaperChoice]] = (("手数料収納一覧 (きょう)", "counter.cash", {}),)
    TASKS: ClassVar[Sequence[tuple[str, Task]]] = (
        ("きょうの受付", open_cases), ("番号札", tickets.menu), ("転出・死亡した方を探す (除票など)", find_gone))

    @property
    def counter(self) -> CounterDesk:
        """The desk below."""
        return cast("CounterDesk", self.service)

    @override
    def resting(self) -> Panel:
        return Idle(self) if self._ready else NoSetup(self)

    def __init__(self, desk: object) -> None:
        self._ready = True
        super().__init__(desk)  # type: ignore[arg-type]

    @override
    async def refresh_facts(self) -> None:
        await super().refresh_facts()
        ready = not await self.ask(self.counter.ready)
        if ready is not self._ready:
            self._ready = ready
            if self.panel.idle:
                self.show(self.resting())

    @override
    async def opened(self, opened: Opened) -> None:
        look = await self.ask(self.counter.look, opened)
        if look.stop is not None:
            async def lift() -> None:
                if await release(self, opened.who):
                    await self.opened(opened)

            self.ring()
            self.show(Stopped(self, look.stop, release=lift if look.stop.code == "SUPPRESSED" else None))
            return
        Flow(self, look).begin()

    @override
    async def number_scanned(self, reception_no: str) -> bool:
        self.show(CasePanel(self, await self.ask(self.counter.case, reception_no)))
        return True

    @override
    def counted(self) -> str:
        cases, yen = self.counter.totals()
        waiting = sum(one.state is Waiting.WAITING for one in self.counter.tickets())
        return f"きょう {cases}件  手数料 {yen:,}円" + (f"  番号札 {waiting}人待ち" if waiting else "")

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        return panel.papers() if isinstance(panel, CasePanel) else ()

    @override
    async def own_key(self, key: str) -> bool:
        panel = self.panel
        if isinstance(panel, CasePanel) and key in ("f3", "f4"):
            await panel.go(Step.DONE if key == "f3" else Step.WITHDRAWN)
        elif key == "f2" and panel.takes_tap:
            await tickets.menu(self)
        elif key == "f6" and panel.takes_tap:
            await open_cases(self)
        elif key in ("f2", "f6"):
            self.warn("先に Esc で戻ってください")
        else:
            return False
        return True
