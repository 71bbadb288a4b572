"""What a polling desk shows while nobody is open: ready, not opened, not set up, or a card that finds nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.errors import UnknownToken
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.words import PlaceState
from screens.panels import Hints, Panel
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from screens.polling import PollingScreen

READY = "カードか入場券をかざしてください"
WITHOUT = "どちらもない方は、氏名や生年月日を打って Enter"
STEPS = {
    True: ("受付の流れ",
           "  1  カードをリーダーにかざす。入場券ならバーコードを読む",
           "  2  画面の方と本人を見くらべる",
           "  3  事由を聞いて番号を押し、Enter。宣誓書が出ます",
           "  4  画面に出た用紙を、箱の順に全部渡す",
           "",
           "  赤い画面  止まる。用紙を渡さず、画面のとおりにする"),
    False: ("受付の流れ",
            "  1  カードをリーダーにかざす。入場券ならバーコードを読む",
            "  2  画面の方と本人を見くらべて、Enter",
            "  3  画面に出た用紙を、箱の順に全部渡す",
            "",
            "  赤い画面  止まる。用紙を渡さず、画面のとおりにする")}
"""For somebody who has never seen the desk, at an early place and on polling day; it goes away with the first card."""


class Idle(Panel):
    """Ready for the next voter: a card, a ticket, or something typed."""

    takes_tap = takes_text = idle = True
    help = ("カードをリーダーにかざすか、入場券のバーコードを読むと、その方が出ます。\n"
            "どちらもない方は、氏名・かな・生年月日(2151225、S23.2.29)・名簿番号・入場券番号を打って Enter。\n"
            "打っている間は何も調べません。\n\n"
            "F3 出口の確認  F4 書損引換・返付  F5 用紙の残数  F6 報告  F7 投票管理者  F8 その他  F9 取消")

    def __init__(self, screen: PollingScreen) -> None:
        super().__init__(screen)
        self.desk = screen

    @override
    def verdict(self) -> Verdict:
        practice = ("練習のカードは F12",) if self.screen.sanjo.parts.demo_cards() else ()
        counting = self.desk.day is not None and self.desk.day.state is PlaceState.RECONCILING
        now = (*(("照合中です。受付は続けられます",) if counting else ()),
               *((f"{self.desk.due[0]} の中間報告がまだです(F6)",) if self.desk.due else ()))
        return Verdict(Weight.NOTICE, READY, notes=(*now, WITHOUT, *practice))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        place = self.desk.place
        steps = STEPS[place is not None and place.kind.is_early]
        return [Content(""), *(Content(line).stylize("$faint") for line in steps)]

    @override
    def hints(self) -> Hints:
        practice = (("F12", "練習カード"),) if self.screen.sanjo.parts.demo_cards() else ()
        place = self.desk.place
        leaving = (("F3", "出口の確認"),) if place is not None and place.exit_check else ()
        return (*practice, *leaving, ("F4", "引換・返付"), ("F5", "残数"), ("F6", "報告"), ("F7", "管理者"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.leave()
        else:
            await super().key(key, character)


class NotOpen(Idle):
    """The place does not receive: not opened yet today, closed, or sealed."""

    takes_tap = takes_text = False
    help = ("この投票所は、きょうの受付をしていません。F2 で開所の手順に進みます。\n"
            "開所すると、カードと入場券の受付が始まります。F5 残数  F6 報告・書類  F8 その他")

    @override
    def verdict(self) -> Verdict:
        state = self.desk.day.state if self.desk.day is not None else PlaceState.PREPARING
        if state is PlaceState.SEALED:
            return Verdict(Weight.NOTICE, "封緘しました。きょうの受付は終わりです")
        if state is PlaceState.CLOSED:
            return Verdict(Weight.NOTICE, "閉所しました。きょうの受付は終わりです",
                           notes=("書類は F6、封緘は F8 から", "開け直すときは F2"))
        return Verdict(Weight.CAUTION, "まだ開所していません。F2 で開所の手順へ",
                       notes=("開所すると受付が始まります",))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return []

    @override
    def hints(self) -> Hints:
        return (("F2", "開所"), ("F5", "残数"), ("F6", "報告・書類"))


class NotReady(Panel):
    """No election, no roll, or a set-up that does not name this place: nothing can be received here."""

    idle = True
    help = ("選挙の設定か選挙人名簿がないので、この端末では受付ができません。\n"
            "画面のとおりに、情報担当に連絡してください。それまでは紙の名簿で受け付けます。")

    def __init__(self, screen: PollingScreen) -> None:
        super().__init__(screen)
        self.desk = screen

    @override
    def verdict(self) -> Verdict:
        why = shown(self.desk.why_not or "").partition("。")[0]
        return Verdict(Weight.STOP, why, notes=("この端末では受け付けられません", "Esc で戻る"))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        then = shown(self.desk.why_not or "").partition("。")[2].strip()
        text = ("情報担当がすること", f"  {then}" if then else "  設定と名簿を確かめる",
                "", "用意ができるまで", "  紙の名簿で受け付け、投票管理者に知らせてください")
        return [Content(""), *(Content(pad(shown(line), width)) for line in text)]

    @override
    def hints(self) -> Hints:
        return (("Esc", "戻る"),)

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.leave()


class Starting(Panel):
    """Before the desk has said what is loaded: a moment at most."""

    idle = True

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.NOTICE, "選挙の設定と名簿を開いています")


class NotFound(Panel):
    """A card or a ticket of nobody on this roll: find the voter by name, or call the 投票管理者."""

    takes_text = True
    help = ("このカードや入場券では、名簿の方が見つかりません。用紙を渡さないでください。\n"
            "氏名や生年月日を打って Enter で探します。見つからないときは F7 で投票管理者を呼びます。")

    def __init__(self, screen: PollingScreen, error: UnknownToken) -> None:
        super().__init__(screen)
        self.error = error

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.CAUTION, shown(self.error.message).removesuffix("。"), notes=(shown(self.error.hint),))

    @override
    def title(self) -> str:
        return "名簿に見つかりません。用紙を渡さないでください"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(""), Content("  氏名や生年月日を打って Enter で探します"),
                Content("  それでも見つからない方は F7 投票管理者 (補正登録・仮投票)")]

    @override
    def hints(self) -> Hints:
        return (("Enter", "探す"), ("F7", "投票管理者"), ("Esc", "やめる"))
