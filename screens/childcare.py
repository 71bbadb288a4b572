"""ChildcareScreen: 子育て支援カード. By card or search to the household, children counted, a card led to its holder."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from typing_extensions import override

from sanjo_tui.receptions.childcare.rules import Rule
from sanjo_tui.receptions.childcare.words import Status
from screens.childcare_card import CardPanel
from screens.childcare_household import Counting
from screens.panels import Panel
from screens.questions import Question, ask_all
from screens.service import PaperChoice, ServiceScreen, Stopped, Task
from screens.verifying import verify
from screens.widgets import shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk, Opened
    from sanjo_tui.desk.childcare.desk import ChildcareDesk
    from sanjo_tui.desk.childcare.looks import Look
    from sanjo_tui.desk.childcare.printer import Batch
    from sanjo_tui.receptions.identity import VerifiedBy


async def write_cards(screen: ServiceScreen) -> None:
    """カード印刷データ of all cards that wait, into a folder that is named now."""
    desk = cast("ChildcareScreen", screen)
    panel = screen.panel
    waiting = await screen.ask(desk.childcare.waiting)

    async def back() -> None:
        screen.show(panel)

    async def write(answers: dict[str, str]) -> None:
        batch: Batch = await screen.ask(desk.childcare.write_cards, Path(answers["out"]).expanduser())
        await screen.refresh_facts()
        screen.rest()
        if batch.left:
            screen.warn(f"{batch.cards}枚を書き出しました。写真がこの端末にないカード{len(batch.left)}枚は残りました",
                        f"{batch.left[0]} ほか。写真を取り込んだ端末で書き出します")
        elif batch.missing:
            first = batch.missing[0]
            screen.warn(f"{batch.cards}枚を書き出しました。出せない文字{len(batch.missing)}か所",
                        f"{first.card_no} {first.code_point} ほか。カード印刷機で直します")
        else:
            screen.tell(f"{batch.cards}枚のデータを書き出しました",
                        f"組 {batch.batch}。カードを作ったらデータを消します")

    if not waiting:
        screen.rest()
        screen.warn("作るカードはありません。写真を取り込むと並びます")
        return
    await ask_all(screen, f"カード印刷データ  {len(waiting)}枚", [
        Question(key="out", label="書き出すフォルダー", hint="カード印刷機に渡すフォルダー")], write, back)


async def expire(screen: ServiceScreen) -> None:
    """期限切れ of every card whose last day is over."""
    desk = cast("ChildcareScreen", screen)
    await screen.recorded(await screen.ask(desk.childcare.expire))


async def erase_photos(screen: ServiceScreen) -> None:
    """Photos whose time is over."""
    desk = cast("ChildcareScreen", screen)
    count = await screen.ask(desk.childcare.erase_photos)
    screen.rest()
    screen.tell(f"保存期間を過ぎた写真を{count}枚消しました" if count else "消す写真はありません")


class ChildcareScreen(ServiceScreen):
    """子育て支援カード."""

    RECEPTION = "childcare"
    SEARCHES = "氏名 生年月日 カード番号"
    HELP = ("カードをかざすか検索し、本人を確かめると、世帯の子どもを数えます。足りていれば Enter で申請です。\n"
            "申請のあとは写真を取り込み、F8 でカード印刷データを書き出し、受領サインをもらってカードを渡します。\n"
            "もうカードのある方は、その番号が出ます。紛失、再発行、返却、更新は、番号の数字で選びます。\n"
            "祖父母が別の世帯のときは F3 で子どもを探し、続柄を書類で確かめます。")
    STEPS = ("", "   1  カードをかざす (なければ氏名か、支援カードの番号で探す)", "   2  本人を確かめる",
             "   3  数える子どもを見て、Enter で申請。申請書に署名をもらう", "   4  写真を取り込む",
             "   5  F8 でカード印刷データを書き出し、カードを作る", "   6  受領サインをもらって渡す")
    PAPERS: ClassVar[Sequence[PaperChoice]] = (
        ("交付台帳", "childcare.ledger", {}), ("更新対象一覧", "childcare.renewals", {}),
        ("協賛店一覧", "childcare.shops", {}))
    TASKS: ClassVar[Sequence[tuple[str, Task]]] = (
        ("カード印刷データを書き出す", write_cards), ("期限切れを記録する", expire),
        ("終わったカードの写真を消す", erase_photos))

    def __init__(self, desk: Desk) -> None:
        self._rule = Rule()
        super().__init__(desk)

    @property
    def childcare(self) -> ChildcareDesk:
        """Its own desk."""
        return cast("ChildcareDesk", self.service)

    @property
    def rule(self) -> Rule:
        """The town's rule, as it was when somebody was opened last."""
        return self._rule

    @override
    def counted(self) -> str:
        return self.childcare.counts()

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        if isinstance(panel, CardPanel):
            return (("交付申請書 (この方)", "childcare.application",
                     {"addressee_no": panel.look.resident.addressee_no}),)
        return ()

    @override
    async def find(self, text: str) -> None:
        """A card number first, then as every desk searches."""
        person = await self.ask(self.childcare.person_of, text)
        if person:
            await self.opened(await self.ask(self.desk.open_resident, person))
            return
        await super().find(text)

    @override
    async def opened(self, opened: Opened) -> None:
        look: Look = await self.ask(self.childcare.look, opened)
        self._rule = await self.ask(lambda: self.childcare.setup.rule)
        if look.stop is not None:
            self.ring()
            if look.stop.code == "GONE" and look.card is not None:
                self.show(CardPanel(self, opened, look, None))
                return
            release = partial(self.lift, opened) if look.stop.code == "SUPPRESSED" else None
            self.show(Stopped(self, look.stop, release=release))
            return

        async def verified(how: VerifiedBy) -> None:
            panel = Counting(self, opened, look, how) if look.card is None else CardPanel(self, opened, look, how)
            self.show(panel)

        verify(self, f"{shown_name(look.resident.name)} さん  {look.resident.birth_label}", verified,
               by_card=opened.link is not None, proxy=look.card is not None and look.card.status is Status.PRINTED)

    async def lift(self, opened: Opened) -> None:
        """F7: the responsible person lifts the stop for this reception."""
        from screens.releasing import release  # a form, and seldom

        if await release(self, opened.who):
            await self.opened(opened)

    @override
    async def own_key(self, key: str) -> bool:
        if key == "f3" and isinstance(self.panel, Counting):
            await self.panel.elsewhere()
            return True
        return False
