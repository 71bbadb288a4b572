"""The household on the desk, and what stands there after it was recorded. No rule here: the Desk decides and says."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.shelter.words import Exit, State, Stay, Via, Whereabouts
from screens.panels import Hints, Paged, Panel, Pick
from screens.shelter_people import member_row
from screens.unmask import HINT, KEYS, Peep
from screens.widgets import MARKED, MARKED_NOTE, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.shelter import Receipt
    from sanjo_tui.receptions.shelter.look import Line, Look
    from screens.shelter import ShelterScreen


class Act(Enum):
    """What Enter will do with the chosen members: word, mark in front of the name, states it is meant for."""

    ADMIT = "入所", "入", (State.UNCONFIRMED, State.ACCOUNTED, State.DEPARTED, State.ON_LEAVE, State.MISTAKEN)
    COME_BACK = "帰所", "帰", (State.ON_LEAVE,)
    DEPART = "退所", "退", (State.INSIDE, State.OUTSIDE, State.ON_LEAVE)
    GO_OUT = "外出", "外", (State.INSIDE, State.OUTSIDE)
    STAY = "滞在方法の変更", "変", (State.INSIDE, State.OUTSIDE, State.ON_LEAVE)

    @property
    def verb(self) -> str:
        """入所, 退所 ..."""
        return str(self.value[0])

    @property
    def mark(self) -> str:
        """One character in front of a chosen member."""
        return str(self.value[1])

    def candidates(self, look: Look, here: str) -> tuple[str, ...]:
        """Members whom this is usually meant for, at this shelter."""
        return tuple(line.key for line in look.members if line.selectable and line.state in self.value[2]
                     and (self is Act.ADMIT or (line.presence is not None and line.presence.shelter == here)))


VIA = {Via.CARD: "カード", Via.TOKEN: "配布カード", Via.SEARCH: "本人", Via.PAPER: "本人", Via.PROVISIONAL: "本人"}


class Household(Paged):
    """A household, those not yet confirmed pre-selected. Digits choose, Enter records, Esc leaves."""

    help = ("印の付いた人が、Enter で記録されます。いない人は数字を押して印を外してください。\n"
            "A 全員  上下の矢印とスペースでも選べます  PageDown 10人目から\n"
            "Tab 滞在方法(避難所、在宅、車中、テント): 避難所で寝ない方も数えて、食事を届けます。\n"
            "F3 退所  F4 外出・帰所  F7 補記(配慮、けが、同意、電話、ペット、車)  F8 その他\n"
            "ほかの避難所にいる人は、数字で選んだときだけここに移ります。\n"
            "開いている間にかざされたカードは待ちます。")

    def __init__(self, screen: ShelterScreen, opened: Opened, look: Look, *, act: Act | None = None,
                 binding: CardSeen | None = None) -> None:
        super().__init__(screen)
        self.desk, self.opened, self.look, self.binding = screen, opened, look, binding
        self.stay = Stay.SHELTER
        self.peep = Peep(screen, look.who)
        offered = {"admit": Act.ADMIT, "come_back": Act.COME_BACK}.get(look.enter, Act.ADMIT)
        self.act = act or offered
        first = look.verdict.preselected if self.act is offered else self.act.candidates(look, screen.shelter.here)
        self.chosen = set(first)
        self._offered = frozenset(first)

    @override
    def count(self) -> int:
        return len(self.look.members)

    @override
    def verdict(self) -> Verdict:
        said = self.look.verdict
        if said.stops:
            return said
        notes = said.notes
        number = len(self.chosen)
        if self.binding is not None:
            what = f"カードを渡して{number}人入所" if number else "カードを渡す"
            return Verdict(Weight.READY, f"Enter で{what}", notes=notes)
        if not number:
            if self.act is Act.ADMIT and not self.act.candidates(self.look, self.desk.shelter.here):
                return said
            return Verdict(Weight.NOTICE, f"だれも選ばれていません。{self.act.verb}する人を数字で選びます", notes=notes)
        if self.act is Act.ADMIT and self.stay is not Stay.SHELTER:
            return Verdict(Weight.READY, f"Enter で{self._many()}{self.stay.label}(避難所の外)で受付", notes=notes)
        if self.act is Act.STAY:
            return Verdict(Weight.READY, f"Enter で{self._many()}{self.stay.label}に変更", notes=notes)
        if self.chosen == self._offered and self.look.enter and self.act in (Act.ADMIT, Act.COME_BACK):
            return said
        return Verdict(Weight.READY, f"Enter で{self._many()}{self.act.verb}", notes=notes)

    def _many(self) -> str:
        number, whole = len(self.chosen), self.count()
        return f"{number}人とも" if number == whole > 1 else f"{number}人"

    @override
    def title(self) -> str:
        number = f"  受付番号 {self.look.registration_no}" if self.look.registration_no else ""
        place = "  取扱注意" if self.look.protected else f"  {shown(self.look.town)}"
        return f"{shown(self.look.title)}{place}{number}"

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        member = self.look.members[index]
        chosen = self.act.mark if member.key in self.chosen else ""
        return member_row(member, mark, chosen, index == self.cursor, width, VIA.get(self.look.via, ""))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        foot = [self.more()] if self.more() else []
        if address := self.peep.text():
            foot.append(f"住所  {address}")
        if any(shown_name(m.name).endswith(MARKED) for m in self.look.members):
            foot.append(MARKED_NOTE)
        return [*self.rows(width, height - len(foot)), *(Content(text) for text in foot)]

    @override
    def hints(self) -> Hints:
        stay = (("Tab", f"滞在({self.stay.label})"),)
        enter = ("Enter", "カードを渡して受付" if self.binding else self.act.verb)
        pick = (("数字", "選ぶ"), HINT) if self.look.protected else (("数字", "選ぶ"), ("A", "全員"))
        return (enter, *pick, *stay, ("Esc", "戻る"), ("F3", "退所"),
                ("F4", "外出"), ("F7", "補記"), ("F2", "仮登録"))

    @override
    async def key(self, key: str, character: str) -> None:
        index = self.digit(character)
        if key == "escape":
            self.desk.rest()
        elif self.move(key):
            return
        elif index is not None:
            self.cursor = index
            self._toggle(index)
        elif key == "space":
            self._toggle(self.cursor)
        elif character in ("a", "あ"):
            self._all()
        elif character in KEYS and self.look.protected:
            await self.peep.ask()
        elif key in ("tab", "shift+tab"):
            self._next_stay(1 if key == "tab" else -1)
        elif key == "enter" and not self.look.verdict.stops and (self.chosen or self.binding):
            await self._record()

    @override
    def kept(self) -> tuple[str, Mapping[str, Any]] | None:
        return self.opened.who, {
            "via": self.opened.via.value, "assurance": self.opened.assurance, "act": self.act.name,
            "chosen": frozenset(self.chosen), "stay": self.stay.value, "binding": self.binding is not None}

    def _toggle(self, index: int) -> None:
        member = self.look.members[index]
        if member.selectable:
            self.chosen ^= {member.key}

    def _all(self) -> None:
        """Everybody here; those recorded at another shelter are picked by digit only."""
        every = {m.key for m in self.look.members if m.selectable and not self._elsewhere(m)}
        self.chosen = set() if every <= self.chosen else self.chosen | every

    def _elsewhere(self, member: Line) -> bool:
        presence = member.presence
        return presence is not None and presence.counted and presence.shelter != self.desk.shelter.here

    def _next_stay(self, step: int) -> None:
        stays = list(Stay)
        self.stay = stays[(stays.index(self.stay) + step) % len(stays)]
        if self.act is Act.ADMIT and not self.chosen:
            self.act = Act.STAY
            self.chosen = set(Act.STAY.candidates(self.look, self.desk.shelter.here))

    async def _record(self) -> None:
        keys = tuple(m.key for m in self.look.members if m.key in self.chosen)
        shelter = self.desk.shelter
        match self.act:
            case Act.DEPART:
                self._ask_exit(keys)
            case Act.GO_OUT:
                self._ask_return(keys)
            case Act.COME_BACK:
                await self._call(shelter.come_back, keys)
            case Act.STAY:
                await self._call(shelter.change_stay, keys, self.stay)
            case Act.ADMIT:
                if self.binding is not None:
                    await self.desk.ask(self.desk.desk.bind, self.binding, self.opened.who)
                    self.binding = None
                if keys:
                    await self._call(shelter.admit, keys, self.stay)
                else:
                    self.desk.rest()
                    self.desk.tell("カードを結び付けました", "次からはこのカードで受付できます")

    async def _call(self, call: Callable[..., Any], keys: tuple[str, ...], *args: Any) -> None:
        receipt = await self.desk.ask(call, self.look, keys, *args)
        await self.desk.recorded(receipt, self.opened)

    async def _again(self) -> None:
        self.desk.show(self)

    def _ask_exit(self, keys: tuple[str, ...]) -> None:
        options = [(exit_to.label, exit_to) for exit_to in Exit]

        async def depart(exit_to: Exit) -> None:
            await self._call(self.desk.shelter.depart, keys, exit_to)

        self.desk.show(Pick(self.desk, f"{shown(self.look.title)}  {len(keys)}人の行き先", options, depart,
                            prompt="退所の行き先は? Enter だけなら不明", default=list(Exit).index(Exit.UNKNOWN),
                            back=self._again,
                            help="行き先を数字で選ぶと退所を記録します。聞けなかったときは Enter だけ。"))

    def _ask_return(self, keys: tuple[str, ...]) -> None:
        from screens.shelter_forms import leave_form, leave_times

        async def go(until: str | None) -> None:
            destination = ""
            if until is None:
                answers = await leave_form(self.desk)
                if answers is None:
                    return
                destination, until = answers
            await self._call(self.desk.shelter.go_out, keys, destination, until)

        self.desk.show(Pick(self.desk, f"{shown(self.look.title)}  {len(keys)}人の外出", leave_times(self.desk), go,
                            prompt="いつ戻りますか? Enter だけなら決めない", back=self._again,
                            help="戻る時刻を数字で選ぶと外出を記録します。過ぎても戻らない方は F8 の一覧に出ます。"))


class Recorded(Panel):
    """受付しました. The next card may come; what is known of those who are missing is one key away."""

    takes_tap = takes_text = True
    help = ("記録は終わっています。次の方のカードをかざしてください。\n"
            "残りの人がいるときは、Tab で消息を記録できます(後から来る、別の避難所、市外で無事、不明)。\n"
            "まちがえたときは F9 取消。F7 補記で、配慮や同意などを続けて入れられます。")

    def __init__(self, screen: ShelterScreen, receipt: Receipt, opened: Opened | None, look: Look | None) -> None:
        super().__init__(screen)
        self.desk, self.receipt, self.opened, self.look = screen, receipt, opened, look
        self.missing = [] if look is None or not receipt.remaining else [
            line for line in look.members if line.selectable and line.state is State.UNCONFIRMED]

    @override
    def verdict(self) -> Verdict:
        receipt = self.receipt
        number = f"受付番号 {receipt.registration_no}" if receipt.registration_no else ""
        printing = "受付票を印刷します" if receipt.job else ""
        follow = "Enter で次のカードへ" if self.desk.waiting else "次の方はカードをかざしてください"
        notes = [part for part in (receipt.note, number, printing, follow) if part]
        return Verdict(Weight.READY, f"{receipt.message}  {shown(receipt.detail)}", notes=tuple(notes))

    @override
    def title(self) -> str:
        return shown(self.look.title) if self.look is not None else ""

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        if self.look is None:
            return []
        rows = [member_row(m, "", "", False, width, VIA.get(self.look.via, "")) for m in self.look.members]
        foot: list[Content] = []
        if self.missing:
            names = "、".join(shown_name(m.name) for m in self.missing)
            foot = [Content(""), Content.assemble(("残り: ", "bold $text-warning"), names),
                    Content("聞いていることがあれば Tab で記録します (後から来る、別の避難所、など)")]
        return [*rows[:max(0, height - len(foot))], *foot]

    @override
    def hints(self) -> Hints:
        more = (("Tab", "消息"),) if self.missing else ()
        more = (*more, ("F3", "退所"), ("F4", "外出"), ("F7", "補記")) if self.look is not None else more
        return (("Enter", "次へ"), *more, ("F5", "名簿"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key in ("enter", "escape"):
            if not await self.desk.open_next():
                self.desk.rest()
        elif key in ("tab", "shift+tab") and self.missing:
            self._ask_whereabouts()

    def _ask_whereabouts(self) -> None:
        """Not by a digit here: the next person's birth date may be typed at any moment."""
        member = self.missing[0]

        async def answered(whereabouts: Whereabouts) -> None:
            assert self.opened is not None and self.look is not None
            await self.desk.ask(self.desk.shelter.account, self.look, (member.key,), whereabouts)
            self.missing.remove(member)
            self.look = await self.desk.ask(self.desk.shelter.look, self.opened)
            await self.desk.refresh_facts()
            self.desk.show(self)

        self.desk.show(Pick(self.desk, f"{shown_name(member.name)} さんの消息", [(w.label, w) for w in Whereabouts],
                            answered, prompt="消息を番号で選んでください", back=self._again,
                            help="家族から聞いたことを記録します。不明を選ぶと、未確認者リストに残ります。"))

    async def _again(self) -> None:
        self.desk.show(self)
