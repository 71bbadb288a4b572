"""The polling desk: idle, opening a voter by card, ticket or search, and which key leads where.

The voter is in polling_voter.py, a stop in polling_stop.py, rarer tasks in the modules beside them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk.voters import WrongPlace
from sanjo_tui.errors import RuleError, SanjoError, UnknownToken
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.tickets import read_ticket
from sanjo_tui.receptions.polling.words import PlaceState, Via
from sanjo_tui.wareki import typed
from screens import why
from screens.desk import DeskScreen
from screens.panels import Hints, Panel, Pick
from screens.polling_sight import hit_row, short_name
from screens.polling_stop import Stopped
from screens.polling_voter import Recorded, Voter
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from sanjo_tui.desk.voters import OpenedVoter, Receipt, VoterLook
    from sanjo_tui.receptions.polling.state import PlaceDay
    from sanjo_tui.receptions.polling.tally import Sexes
    from sanjo_tui.register.roll.elector import ElectorsFound

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
        return Verdict(Weight.NOTICE, READY, notes=(WITHOUT, *practice))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        place = self.desk.polling.place
        steps = STEPS[place is not None and place.kind.is_early]
        return [Content(""), *(Content(line).stylize("$faint") for line in steps)]

    @override
    def hints(self) -> Hints:
        practice = (("F12", "練習カード"),) if self.screen.sanjo.parts.demo_cards() else ()
        place = self.desk.polling.place
        leaving = (("F3", "出口の確認"),) if place is not None and place.exit_check else ()
        return (*practice, *leaving, ("F4", "引換・返付"), ("F5", "残数"), ("F6", "報告"), ("F7", "管理者"))

    @override
    async def search(self, text: str) -> None:
        await self.screen.find(text)

    @override
    async def tap(self, seen: CardSeen) -> None:
        await self.screen.open_card(seen)

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

    def __init__(self, screen: PollingScreen, why: str) -> None:
        super().__init__(screen)
        self.why = why

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.STOP, self.why.partition("。")[0], notes=("この端末では受け付けられません", "Esc で戻る"))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        then = shown(self.why.partition("。")[2]).strip()
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

    @override
    async def search(self, text: str) -> None:
        await self.screen.find(text)


class PollingScreen(DeskScreen):
    """Polling reception: 期日前投票 and 投票日の受付."""

    RECEPTION = "polling"
    SEARCHES = "氏名 かな 生年月日 名簿番号"
    KEYS = (("F8", "その他"), ("F9", "取消"), ("F1", "説明"))

    def __init__(self, desk: Desk) -> None:
        self.polling = desk.polling
        self.why_not = self.polling.readiness()
        self.day: PlaceDay | None = None if self.why_not else self.polling.day()
        self._counts = Content("")
        self._latest: list[Content] = []
        super().__init__(desk)

    def resting(self) -> Panel:
        """Idle, or why nothing can be received."""
        if self.why_not:
            return NotReady(self, self.why_not)
        return Idle(self) if self.day is not None and self.day.receives else NotOpen(self)

    # --- facts

    async def refresh_facts(self) -> None:
        """Readiness, the place's day, counts and latest receptions; also what another desk recorded meanwhile."""
        self.why_not = await self.ask(self.polling.readiness)
        self.day = None if self.why_not else await self.ask(self.polling.day)
        if self.panel.idle and type(self.panel) is not type(resting := self.resting()):
            self.show(resting)
        if not self.why_not:
            self._counts = await self._counted()
            self._latest = [Content(f" {one.at} {one.reception_no}  {self._short(one.text)}  {one.operator}")
                            for one in await self.ask(self.polling.latest, 6)]
        await self.sanjo.refresh_header()

    async def _counted(self) -> Content:
        """`用紙の差 小選挙区 -1  受付123人 男60 女63  小選挙区120 比例代表119`; a difference comes first."""
        election = self.polling.election
        if election is None:
            return Content("")
        parts: list[str | tuple[str, str]] = [" "]
        for shelf in await self.ask(self.polling.standing_differences):
            contest = election.contest(shelf.contest)
            name = short_name(contest) if contest is not None else shelf.contest
            kind = "" if shelf.paper.value == "普通" else shelf.paper.value
            parts += [(f" 用紙の差 {name}{kind} {shelf.difference:+d} ", "bold $text-error reverse"), "  "]
        people, papers = await self.ask(self._figures)
        parts.append((f"受付{people.total}人  男{people.male} 女{people.female}  ", "bold"))
        parts += [f"{short_name(c)}{papers[c.code]}  " for c in election.in_order]
        return Content.assemble(*parts)

    def _figures(self) -> tuple[Sexes, dict[str, int]]:
        """People received here today, and voters of each contest."""
        place, (_, totals) = self.polling.place, self.polling.turnout()
        people = totals.people(place=place.code if place else "", day=self.polling.today().isoformat())
        return people, {contest: sexes.total for contest, sexes in self.polling.interim().items()}

    def _short(self, text: str) -> str:
        for contest in self.polling.election.in_order if self.polling.election is not None else ():
            text = text.replace(contest.name, short_name(contest))
        return shown(text)

    def counts_line(self) -> Content:
        """Live counts of today at this place."""
        return self._counts

    def latest_lines(self) -> list[Content]:
        """Newest first: numbers and papers, no name."""
        return self._latest

    @override
    async def _minute(self) -> None:
        await super()._minute()
        if self.panel.idle:                        # a new day, or another desk that closed the place
            await self.refresh_facts()

    @override
    async def jobs_changed(self) -> None:
        await self.sanjo.refresh_header()

    # --- opening somebody

    @override
    def press(self, key: str, character: str) -> None:
        """An Enter is for what stood on the screen when it was pressed: one too many never receives the next voter."""
        self._stop_timer()
        self.do(partial(self._pressed, self.panel, key, character))

    async def _pressed(self, before: Panel, key: str, character: str) -> None:
        if self.panel is not before and isinstance(self.panel, Voter) and key in ("enter", "ctrl+j", "ctrl+m"):
            return
        await self._key(key, character)

    async def open_card(self, seen: CardSeen) -> None:
        """A card: its holder, who is on this roll or elsewhere."""
        await self._open(self.polling.open_card, seen)

    async def open_code(self, text: str) -> None:
        """A scanned code: for the task in front, the number of a 交付票, or an 入場券."""
        handler: Callable[[str], Awaitable[None]] | None = getattr(self.panel, "code", None)
        if handler is not None:
            await handler(text)
        elif canonical_registration_no(text) is not None:
            await self._open(self.polling.open_reception, canonical_registration_no(text))
        else:
            await self._open(self.polling.open_code, text)

    async def open_key(self, key: str, via: Via = Via.SEARCH, said: tuple[str, ...] = ()) -> None:
        """An elector from a list. `said`: what was typed to find them; a birth date in it was said by the voter."""
        opened = await self.ask(self.polling.open_voter, key, via)
        birth = opened.elector.birth
        await self.open(opened, birth_said=birth.exact and any(
            date.sort_key == birth.sort_key for word in said if (date := typed(word)) is not None))

    async def _open(self, call: Callable[..., OpenedVoter], what: Any) -> None:
        try:
            opened = await self.ask(call, what)
        except WrongPlace as error:
            self.ring()
            self.show(Stopped(self, error.stop))
        except UnknownToken as error:
            self.ring()
            self.show(NotFound(self, error))
        else:
            await self.open(opened)

    async def open(self, opened: OpenedVoter, *, birth_said: bool = False) -> None:
        """Puts a voter on the desk, or a stop in the voter's place; the look-up is in the journal already."""
        look = await self.ask(self.polling.look, opened)
        if look.examined.stop is not None:
            self.ring()
            self.show(Stopped(self, look.examined.stop, look))
            return
        if look.examined.confirm:
            self.ring()
        self.show(Voter(self, look, birth_said=birth_said))

    async def find(self, text: str) -> None:
        """One search, one look-up in the journal, then the list; a ticket number opens its holder."""
        plain = unicodedata.normalize("NFKC", text).strip()
        election = self.polling.election
        if election is not None and read_ticket(election.ticket, plain) is not None:
            await self._open(self.polling.open_code, plain)
            return
        panel = self.panel

        async def back() -> None:
            self.show(panel)

        await why.search(self, self.polling.search, text, partial(self._found, text, panel), back)

    async def _found(self, text: str, back: Panel, found: ElectorsFound) -> None:
        """The list of who was found, or what to do about nobody."""
        plain = unicodedata.normalize("NFKC", text).strip()
        if not found.hits:
            self.warn("名簿に見つかりません。かなや生年月日でも探せます",
                      "いない方は F7 投票管理者。用紙を渡さないでください")
            return
        said = tuple(plain.split())
        width = self.size.width - 5
        options: list[tuple[str | Content, Any]] = [(hit_row(hit, width), hit.elector) for hit in found.hits]

        async def picked(elector: Any) -> None:
            by_number = plain == elector.roll_no
            await self.open_key(elector.addressee_no, Via.ROLL_NO if by_number else Via.SEARCH, said)

        async def again() -> None:
            self.show(back)

        more = " (ほかにもいます。条件を足してください)" if found.more else ""
        self.show(Pick(self, f"「{pad(shown(text), 20).rstrip()}」 {len(found.hits)}人{more}", options, picked,
                       prompt="本人を番号で選んでください", back=again, enter=False,
                       notes=("生年月日と住所を本人に言ってもらって、同じ名前の方と区別します",),
                       help="氏名、かな、生年月日、住所が並びます。同じ名前の方がいるときは、生年月日か住所で区別します。"))

    # --- recording

    async def recorded(self, receipt: Receipt, look: VoterLook | None = None) -> None:
        """受付しました: only after the journal has it. The desk is ready for the next voter at once."""
        await self.refresh_facts()
        self.show(Recorded(self, receipt, look))
        self.open_next_soon()

    async def refused(self, error: SanjoError, look: VoterLook) -> None:
        """Something changed since the voter was opened (another desk, another day): look again, stop where it must."""
        self.sanjo.note_error(error)
        await self.open(look.opened)
        if not isinstance(self.panel, Stopped):
            self.warn(error.message, error.hint)

    # --- function keys

    async def command(self, key: str) -> bool:
        """F2 to F12; the same key means the same thing everywhere."""
        from screens import polling_papers, polling_place, polling_tasks, polling_ways
        from screens.shelter_tasks import demo_cards

        panel = self.panel
        if key == "f12":
            demo_cards(self)
        elif key not in ("f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9"):
            return False
        elif self.why_not:
            raise RuleError(self.why_not)
        elif isinstance(panel, Stopped) and key in ("f7", "f8"):
            await polling_tasks.presiding(self, panel.look)
        elif isinstance(panel, Stopped | Voter) and key not in ("f4", "f7"):
            self.warn("先に Esc で戻ってください")
        elif key == "f7" and isinstance(panel, Voter):
            polling_ways.menu(panel)
        elif key == "f7":
            await polling_tasks.presiding(self, None)
        elif key == "f8":
            await polling_tasks.menu(self)
        elif key == "f5":
            await polling_papers.counts(self)
        elif key == "f6":
            await polling_papers.reports(self)
        elif key == "f2":
            await self._open_place(polling_place.opening)
        elif self.day is None or not self.day.receives:
            raise RuleError("まだ開所していません。", "F2 で開所の手順に進みます。")
        elif key == "f3":
            await polling_tasks.exit_check(self)
        elif key == "f4":
            await polling_tasks.exchange(self)
        else:
            await polling_tasks.undo(self)
        return True

    async def _open_place(self, opening: Callable[[PollingScreen], Awaitable[None]]) -> None:
        if self.day is not None and self.day.receives:
            self.warn("もう開所しています", "閉所は F8 その他から")
        else:
            await opening(self)
