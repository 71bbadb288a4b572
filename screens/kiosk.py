"""証明書交付: the staff's desk with a face check and no PIN; F2 turns it into the residents' own kiosk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.errors import UnknownToken
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.kiosk.words import Channel
from screens import kiosk_tasks as tasks
from screens.kiosk_issue import Flow, IssuePanel
from screens.kiosk_public import Start, public
from screens.panels import Panel
from screens.releasing import release
from screens.service import Idle, PaperChoice, ServiceScreen, Stopped, Task

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk, Opened
    from sanjo_tui.desk.kiosk.desk import KioskDesk
    from screens.panels import Hints


class NoSetup(Idle):
    """Nothing was loaded: nothing can be issued."""

    takes_tap = takes_text = False

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.STOP, "証明書の設定がありません。発行できません",
                       notes=("情報担当に kiosk load で読み込んでもらいます", "Esc で戻る"))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return []


class KioskScreen(ServiceScreen):
    """Certificates and seals."""

    RECEPTION = "kiosk"
    SEARCHES = "氏名 生年月日 番号 発行番号"
    HELP = ("カードをかざすか、氏名や生年月日を打って Enter を押すと、その方が出ます。\n"
            "窓口では顔写真で本人を確かめます(暗証番号は使いません)。証明書を番号で選び、Enter で発行します。\n"
            "発行番号を打つか読み取ると、その発行を開き、交付・取忘れ・廃止を記録します。\n"
            "F2 住民が自分で使う端末の画面  F3 印鑑登録  F6 交付の確認がまだのもの  F5 書類")
    STEPS = ("  1  カードをかざす (ない方は氏名や生年月日で探す)",
             "  2  本人を確かめ、証明書を番号で選ぶ",
             "  3  Enter で発行。申請書に署名をもらい、証明書を渡したら F6 で交付",
             "", "  この画面から出る紙は申請書です。証明書は発行システムから出ます")
    OWN_KEYS: ClassVar[Hints] = (("F2", "端末の画面"), ("F6", "交付の確認"), ("F5", "書類"))
    PAPERS: ClassVar[Sequence[PaperChoice]] = (
        ("証明書交付一覧 (きょう)", "kiosk.issues", {}), ("発行番号 廃止一覧", "kiosk.voids", {}),
        ("印鑑登録 変更・停止一覧", "kiosk.seals", {}))
    TASKS: ClassVar[Sequence[tuple[str, Task]]] = (
        ("交付の確認がまだのもの (取忘れ、廃止)", tasks.unfinished), ("依頼を出し直す", tasks.send),
        ("印鑑登録で確かめること", tasks.questions))

    def __init__(self, desk: Desk) -> None:
        self.public = not desk.kiosk.ready() and desk.kiosk.setup.kiosk_mode
        """The residents' own kiosk stands on the screen."""
        self._ready = True
        super().__init__(desk)
        tasks.offer_keys(self)

    @property
    def kiosk(self) -> KioskDesk:
        """The desk below."""
        return cast("KioskDesk", self.service)

    @override
    def resting(self) -> Panel:
        if not self._ready:
            return NoSetup(self)
        return Start(self) if self.public else Idle(self)

    @override
    async def refresh_facts(self) -> None:
        await super().refresh_facts()
        ready = not await self.ask(self.kiosk.ready)
        if ready is not self._ready:
            self._ready = ready
            if self.panel.idle:
                self.show(self.resting())

    @override
    async def opened(self, opened: Opened) -> None:
        channel = Channel.KIOSK if self.public else Channel.COUNTER
        look = await self.ask(self.kiosk.look, opened, channel)
        if look.stop is not None:
            async def lift() -> None:
                if await release(self, opened.who):
                    await self.opened(opened)

            self.ring()
            may = not self.public and look.stop.code == "SUPPRESSED"
            self.show(Stopped(self, look.stop, release=lift if may else None))
        elif self.public:
            await public(self, look, self._card)
        else:
            Flow(self, look).begin()

    @override
    async def unknown_card(self, seen: CardSeen, error: UnknownToken) -> None:
        if self.public:
            self.warn("このカードでは発行できません", "窓口へお越しください")
        else:
            await super().unknown_card(seen, error)

    @override
    async def find(self, text: str) -> None:
        if not self.public and "-N" in text.upper():
            self.show(IssuePanel(self, await self.ask(self.kiosk.find, text)))
        elif not self.public:
            await super().find(text)

    @override
    def counted(self) -> str:
        issued, yen = self.kiosk.totals()
        waiting = len(self.kiosk.unfinished())
        return "" if self.public else f"きょう 発行{issued}件  手数料 {yen:,}円  交付の確認 {waiting}件"

    @override
    def latest_lines(self) -> list[Content]:
        return [] if self.public else super().latest_lines()

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        return panel.papers() if isinstance(panel, IssuePanel) else ()

    @override
    async def command(self, key: str) -> bool:
        """At the residents' kiosk the staff's keys do nothing; F2 leads back, where operators are registered by PIN."""
        if not self.public or key in ("f2", "f12"):
            return await super().command(key)
        return False

    @override
    async def own_key(self, key: str) -> bool:
        panel = self.panel
        if key == "f2" and (panel.idle or self.public):
            await tasks.turn(self)
        elif key == "f3" and isinstance(panel, Flow.Kinds):
            await tasks.seal(self, panel.flow.look)
        elif key == "f6" and panel.takes_tap and not self.public:
            await tasks.unfinished(self)
        elif isinstance(panel, IssuePanel) and key in ("f3", "f4", "f7"):
            await panel.act(key)
        elif key in ("f2", "f6"):
            self.warn("先に Esc で戻ってください")
        else:
            return False
        return True

    async def done(self, call: Any, *args: Any, **named: Any) -> None:
        """An act on a number, then its panel again."""
        receipt = await self.ask(partial(call, *args, **named))
        await self.refresh_facts()
        self.tell(receipt.message, receipt.detail)
