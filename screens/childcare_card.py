"""Somebody's card: its number and state, and what may be done with it now, by digit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.childcare.lists import day_of, day_text
from sanjo_tui.receptions.childcare.words import Place, Status
from sanjo_tui.receptions.identity import VerifiedBy
from screens.childcare_household import Counting
from screens.panels import Hints, Panel, Pick
from screens.questions import Question, ask_all
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.childcare.looks import Look
    from screens.childcare import ChildcareScreen

Act = Callable[[], Awaitable[None]]

LOOKED_AT = "写真を見て確かめた (正面、帽子なし、背景なし、最近のもの)"
NEXT = {Status.APPLIED: "Enter で写真を取り込みます", Status.PHOTOGRAPHED: "F8 でカード印刷データを書き出します",
        Status.PRINTED: "Enter でカードを渡します", Status.HANDED: "交付済みです", Status.LOST: "Enter で再発行します"}


class CardPanel(Panel):
    """Digits pick what is done; Enter does the expected thing. `how` None: the holder is no resident any more."""

    help = ("この方のカードの状態です。番号の数字で、することを選びます。Enter は、次にするはずのことです。\n"
            "紛失にすると、その番号はすぐに無効になります。再発行は新しい番号になります。\n"
            "確かめることがあるときは、返却か更新にするか、理由を入れて「そのまま」にします。")

    def __init__(self, screen: ChildcareScreen, opened: Opened, look: Look, how: VerifiedBy | None) -> None:
        super().__init__(screen)
        assert look.card is not None
        self.care, self.opened, self.look, self.how, self.card = screen, opened, look, how, look.card
        self.who = look.resident.addressee_no
        self.acts = self._acts()

    def _acts(self) -> list[tuple[str, Act]]:
        """What may follow now; the first is the expected one."""
        card, found = self.card, list[tuple[str, Act]]()
        ended = "取下げ" if card.status in (Status.APPLIED, Status.PHOTOGRAPHED, Status.PRINTED) else "返却"
        if self.how is not None:
            ways: Mapping[Status, list[tuple[str, Act]]] = {
                Status.APPLIED: [("写真を取り込む", self.photo)],
                Status.PHOTOGRAPHED: [("写真を取り直す", self.photo)],
                Status.PRINTED: [("カードを渡す (受領サイン)", self.hand_over), ("写真を取り直す", self.photo)],
                Status.HANDED: [], Status.LOST: [("再発行する (新しい番号)", self.reissue)]}
            found += ways[card.status]
            found += [] if card.status is Status.LOST else [("更新する (子どもを数え直す)", self.renew)]
            found += [("紛失の届出 (番号を無効にする)", self.lose)] if card.may(Status.LOST) else []
        found.append((f"{ended} (番号を無効にする)", self.give_back))
        if card.what:
            found.append(("確かめた。カードはそのまま", self.settle))
        return found

    @property
    def expected(self) -> Act | None:
        """What Enter does: nothing where a card is handed over, or waits for the printer."""
        enter = self.how is not None and self.card.status in (Status.APPLIED, Status.PRINTED, Status.LOST)
        return self.acts[0][1] if enter else None

    @override
    def verdict(self) -> Verdict:
        if self.how is None and self.look.stop is not None:
            return Verdict(Weight.CAUTION, f"{self.look.stop.message}。カードを返してもらいます")
        if self.card.what:
            return Verdict(Weight.CAUTION, f"確かめることがあります: {self.card.todo}", notes=(self.card.what,))
        if self.card.valid_until < self.screen.desk.today().isoformat():
            return Verdict(Weight.CAUTION, "最終日を過ぎたカードです。更新か返却にします")
        weight = Weight.NOTICE if self.expected is None else Weight.READY
        return Verdict(weight, NEXT[self.card.status], notes=(self.how.label if self.how else "", *self.opened.notes))

    @override
    def title(self) -> str:
        return f"{shown_name(self.look.resident.name)} さん  {self.card.role.label}"

    @property
    def whose(self) -> str:
        """The card and its holder, for every question: nothing is done with another's by mistake."""
        return f"{self.card.card_no}  {shown_name(self.look.resident.name)} さん"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        card = self.card
        handed = f"  交付 {day_text(day_of(card.handed_ms))}" if card.handed_ms else ""
        rows = [("カード番号", f"{card.card_no}  {card.status.label}{handed}"),
                ("最終日", day_text(card.valid_until)), ("子ども", f"{len(card.children)}人  {card.place.label}")]
        if card.what:
            rows.append(("住基の変更", card.what))
        if self.look.doubles:
            rows.append(("ほかのカード", " ".join(f"{one.card_no} {one.status.label}" for one in self.look.doubles)))
        past = [one.card_no for one in self.look.past]
        if past:
            rows.append(("無効の番号", " ".join(past[-2:])))
        lines = [Content("")]
        lines += [Content.assemble((pad(f"   {label}", 16), "$faint"), pad(shown(text), max(0, width - 16)))
                  for label, text in rows]
        lines.append(Content(""))
        for number, (label, act) in enumerate(self.acts, 1):
            mark = ">" if act == self.expected else " "
            lines.append(Content.assemble((f" {mark}{number} ", "bold"), label))
        return lines[:height]

    @override
    def hints(self) -> Hints:
        enter = (("Enter", "次へ"),) if self.expected else ()
        return (("数字", "選ぶ"), *enter, ("F5", "書類"), ("Esc", "戻る"))

    @override
    def kept(self) -> tuple[str, Mapping[str, Any]] | None:
        return self.who, {}

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.rest()
        elif key == "enter" and self.expected is not None:
            await self.expected()
        elif len(character) == 1 and character in "123456789" and int(character) <= len(self.acts):
            await self.acts[int(character) - 1][1]()

    async def _back(self) -> None:
        self.screen.show(self)

    async def _because(self, title: str, reasons: tuple[str, ...], act: Callable[..., Any]) -> None:
        """Why, by digit or in words; then it is recorded."""
        async def record(reason: str) -> None:
            self.screen.show(self)
            await self.care.recorded(await self.screen.ask(act, self.who, reason))

        async def chosen(reason: str) -> None:
            if reason:
                await record(reason)
                return

            async def written(answers: dict[str, str]) -> None:
                await record(answers["reason"])

            await ask_all(self.screen, f"{title}  {self.whose}", [Question(key="reason", label="理由")], written,
                          self._back)

        options = [(reason, reason) for reason in reasons] + [("そのほか(書く)", "")]
        self.screen.show(Pick(self.screen, f"{title}  {self.whose}", options, chosen, enter=False, back=self._back,
                              weight=Weight.CAUTION, prompt="理由を番号で選んでください"))

    async def photo(self) -> None:
        """写真: which file, and that somebody looked at it."""
        async def take(answers: dict[str, str]) -> None:
            path = Path(answers["path"]).expanduser()
            await self.screen.ask(self.care.childcare.check_photo, self.who, path)

            async def looked_at(good: bool) -> None:
                self.screen.show(self)
                if good:
                    await self.care.recorded(await self.screen.ask(
                        self.care.childcare.take_photo, self.who, path))

            self.screen.show(Pick(self.screen, f"写真  {self.whose}  {path.name}",
                                  [(LOOKED_AT, True), ("使えない写真。取り込まない", False)],
                                  looked_at, enter=False, back=self._back, prompt="写真を見て、番号で選んでください"))

        await ask_all(self.screen, f"写真を取り込む  {self.whose}", [
            Question(key="path", label="写真のファイル", hint="JPEG か PNG のファイル")], take, self._back)

    async def hand_over(self) -> None:
        """交付 against the signature."""
        async def signed(good: bool) -> None:
            self.screen.show(self)
            if good:
                assert self.how is not None
                await self.care.recorded(await self.screen.ask(partial(
                    self.care.childcare.hand_over, self.who, verified_by=self.how, signed=True)))

        self.screen.show(Pick(self.screen, f"カードの交付  {self.whose}",
                              [("受領サインをもらった。渡す", True), ("まだ", False)], signed, enter=False,
                              back=self._back, prompt="受領サインをもらってください",
                              notes=("申請書か交付台帳に",)))

    async def reissue(self) -> None:
        """再発行."""
        assert self.how is not None
        await self.care.recorded(await self.screen.ask(partial(
            self.care.childcare.reissue, self.who, verified_by=self.how, link=self.opened.link)))

    async def renew(self) -> None:
        """更新: the children again, in the household that the card was given for."""
        assert self.how is not None
        look, children = self.look, None
        elsewhere = self.card.place is not Place.HOUSEHOLD
        child = await self.screen.ask(self.care.childcare.child_of, self.card) if elsewhere else ""
        if child:
            children = await self.screen.ask(self.care.desk.open_resident, child)
            look = await self.screen.ask(self.care.childcare.beside, look, children, self.card.place)
        self.screen.show(Counting(self.care, self.opened, look, self.how, children))

    async def lose(self) -> None:
        """紛失."""
        await self._because("紛失の届出", ("紛失", "盗難", "破損"), self.care.childcare.lose)

    async def give_back(self) -> None:
        """返却 or 取下げ."""
        await self._because("返却・取下げの理由", ("子の数が足りない", "転出", "死亡", "本人の申出"),
                            self.care.childcare.give_back)

    async def settle(self) -> None:
        """The question was looked into."""
        await self._because("そのままにする理由", ("本人に確かめ、子の数は変わらない", "戸籍で確かめた"),
                            self.care.childcare.settle)
