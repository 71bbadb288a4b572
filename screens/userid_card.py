"""The card on the reader: written and read back here, or written by the town's tool and read back by a tap."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.userid.words import masked
from screens.form import Field, FormScreen
from screens.panels import Hints, Panel, Pick
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.receptions.userid.state import Holder
    from sanjo_tui.register.people import Resident
    from screens.userid import UseridScreen

REASONS = ("カードの破損", "本人の申出", "番号の誤り")


class Card(Panel):
    """Enter writes; a tap reads back; F2 gives the issue up. Esc leaves it unfinished, on the list of F8."""

    takes_tap = asks_for_card = True
    help = ("カードを読取機に置いたまま Enter で書き込み、読み戻します。\n"
            "途中で離れたら、同じカードを置いてもう一度 Enter。\n"
            "市のツールで書くときは、書いたあとカードをかざします。番号が合えば発行になります。\n"
            "ツールに入れる番号は V で表示します。Esc で離れると、F8 の発行の途中に残ります。D で取りやめます。")

    def __init__(self, screen: UseridScreen, resident: Resident, holder: Holder) -> None:
        super().__init__(screen)
        self.desk, self.resident, self.holder, self.who = screen, resident, holder, holder.addressee_no
        self.open = False

    @override
    def verdict(self) -> Verdict:
        if self.holder.trouble:
            return Verdict(Weight.CAUTION, "まだ発行していません。カードを置き直して Enter",
                           notes=("書込みが途中です",) if self.holder.pending_status.value == "written" else ())
        if self.holder.by_tool:
            return Verdict(Weight.READY, "市のツールで書き、カードをかざしてください",
                           notes=("番号が合えば発行します",))
        return Verdict(Weight.READY, "カードを読取機に置いて Enter で書き込みます",
                       notes=("置いたまま動かさないでください",))

    @override
    def title(self) -> str:
        return f"{shown_name(self.resident.name)} さん"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        holder = self.holder
        number = holder.pending if self.open else masked(holder.pending)
        rows = (("予約した番号", number), ("状態", holder.pending_status.label),
                ("前の番号", masked(holder.user_id) if holder.user_id else "なし"),
                ("受付番号", holder.reception_no), ("", ""), ("", "申請書に署名してもらってから書き込みます。"))
        return [Content.assemble((pad(f"   {label}", 18), "$faint"), shown(text)) for label, text in rows][:height]

    @override
    def hints(self) -> Hints:
        write = () if self.holder.by_tool else (("Enter", "書き込む"),)
        return (*write, ("V", "番号を表示"), ("D", "取りやめ"), ("F5", "書類"), ("Esc", "あとで"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.desk.rest()
        elif character == "v":
            self.open = not self.open
        elif character == "d":
            self._give_up()
        elif key == "enter" and not self.holder.by_tool:
            await self._write()

    @override
    async def tap(self, seen: CardSeen) -> None:
        """A card with the very number is read back; a card that is to be written is told so."""
        if not self.holder.by_tool and seen.value != self.holder.pending:
            self.desk.warn("このカードには別の番号が入っています", "書き込むカードか確かめてください")
            return
        await self.desk.recorded(await self.desk.ask(self.desk.userid.read_back, self.who, seen))

    async def _write(self) -> None:
        from sanjo_tui.cards.errands import WriteId

        profile = self.desk.sanjo.parts.writing()
        if profile is None:
            self.desk.warn("この端末には書込みの手順がありません", "市のツールで書き、カードをかざしてください")
            return
        secret = ""
        if any(step.do == "verify" and not step.key_file for step in profile.write):
            answers = await self.desk.sanjo.push_screen_wait(FormScreen(
                "書込み", [Field(key="secret", label="発行者の鍵", secret=True, required=True)], enter="書き込む",
                note="発行元から受け取った鍵です。記録には残りません。"))
            if answers is None:
                return
            secret = str(answers["secret"]).strip()
        errand = WriteId(profile, self.holder.pending, over=self.holder.user_id, secret=secret)
        outcome = await self.desk.sanjo.errand(errand)
        if outcome.outcome.value == "gone":
            self.desk.warn(outcome.sentence.removesuffix("。"))
            return
        receipt = await self.desk.ask(self.desk.userid.written, self.who, outcome)
        if outcome.outcome.value in ("written", "already"):
            await self.desk.recorded(receipt, ["", "   通知書を渡し、カードを返します。"])
            return
        self.holder = await self.desk.ask(self.desk.userid.pending, self.who)
        await self.desk.refresh_facts()
        self.desk.warn(outcome.sentence.removesuffix("。"))

    def _give_up(self) -> None:
        async def chosen(reason: str) -> None:
            await self.desk.recorded(await self.desk.ask(self.desk.userid.abandon, self.who, reason))

        async def back() -> None:
            self.desk.show(self)

        self.desk.show(Pick(self.desk, "発行の取りやめの理由", [(one, one) for one in REASONS], chosen, enter=False,
                            back=back, weight=Weight.CAUTION, prompt="理由を番号で選んでください",
                            notes=("この番号は、もうだれにも使いません",)))
