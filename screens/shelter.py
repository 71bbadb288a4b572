"""The shelter desk: idle, opening a household by card, search or bar code, and which key leads where.

The household itself is in shelter_household.py, forms, papers and rarer tasks in the modules beside it.
"""

from __future__ import annotations

import unicodedata
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.errors import RegisterError, RuleError, UnknownToken
from sanjo_tui.numbers import read_registration_no
from sanjo_tui.receptions.base import Verdict, Weight
from screens import why
from screens.desk import DeskScreen
from screens.panels import Hints, Panel, Pick
from screens.shelter_household import Act, Household, Recorded
from screens.shelter_people import hit_row, present_row
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk, Opened
    from sanjo_tui.desk.shelter import Receipt
    from sanjo_tui.receptions.shelter.counts import Counts
    from sanjo_tui.receptions.shelter.state import Episode
    from sanjo_tui.register.people import Found

READY = "カードをかざしてください"
WITHOUT = "カードがない方は、氏名や生年月日を打って Enter"


STEPS = (
    "受付の流れ",
    "  1  カードをリーダーにかざす。世帯の全員が出ます",
    "  2  ここにいない人の番号を押して、印を外す",
    "  3  Enter を押す。緑の表示が出たら終わりです",
    "",
    "  カードがない方      氏名・かな・生年月日のどれかを打って Enter",
    "  だれか分からない方  F2 仮登録")
"""For somebody who has never seen the desk; it goes away with the first card."""


class Idle(Panel):
    """Ready for the next person: a card, or something typed. `act`: what will be done with whoever comes."""

    takes_tap = takes_text = idle = True
    help = ("カードをリーダーにかざすと、その方の世帯が出ます。\n"
            "カードがない方は、氏名・かな・生年月日(2151225、S23.2.29、1948-02-29)・宛名番号のどれかを\n"
            "そのまま打って Enter を押します。打っている間は何も調べません。\n\n"
            "F2 仮登録: だれか分からない方、市外の方。番号の入った受付票が出ます。\n"
            "F3 退所  F4 外出: 押してから、その方のカードをかざします。\n"
            "F5 名簿・書類の印刷  F6 状況報告  F8 その他の仕事  F9 取消")

    def __init__(self, screen: DeskScreen, act: Act | None = None) -> None:
        super().__init__(screen)
        self.act = act

    @override
    def verdict(self) -> Verdict:
        if self.act is not None:
            return Verdict(Weight.READY, f"{self.act.verb}する方: {READY}",
                           notes=("検索でも開けます。やめるときは Esc",))
        practice = ("練習のカードは F12",) if self.screen.sanjo.parts.demo_cards() else ()
        return Verdict(Weight.NOTICE, READY, notes=(WITHOUT, *practice))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        others = ("  ほかの受付          Esc",) if len(self.screen.desk.station.receptions) > 1 else ()
        return [Content(""), *(Content(line).stylize("$faint") for line in (*STEPS, *others))]

    @override
    def hints(self) -> Hints:
        practice = (("F12", "練習カード"),) if self.screen.sanjo.parts.demo_cards() else ()
        return (*practice, ("F2", "仮登録"), ("F3", "退所"), ("F4", "外出"), ("F5", "名簿"), ("F6", "報告"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape" and self.act is None:
            self.screen.leave()
        else:
            await super().key(key, character)


class NotOpen(Idle):
    """No episode is on: one key opens the shelter."""

    takes_tap = takes_text = False
    help = ("避難所がまだ開設されていません。F2 を押すと開設し、受付を始められます。\n"
            "開設した時刻と、使う住基の日付が記録されます。閉鎖は F8 その他から行います。")

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.CAUTION, "まだ開設していません。F2 で避難所を開設します",
                       notes=("開設するとカードの受付が始まります",))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return []

    @override
    def hints(self) -> Hints:
        return (("F2", "避難所を開設"), ("F5", "名簿"), ("F6", "報告"))


class UnknownCard(Panel):
    """A card that nobody knows: find its holder, then Enter hands it out to them and admits."""

    takes_text = True
    help = ("このカードは住基にも配布カードの台帳にもありません。\n"
            "持ち主の氏名などを打って Enter を押し、本人を選ぶと、カードがその方に結び付きます。\n"
            "結び付けは、次の Enter で受付と一緒に記録されます。住民でない方は F2 仮登録です。")

    def __init__(self, screen: DeskScreen, seen: CardSeen) -> None:
        super().__init__(screen)
        self.seen = seen

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.CAUTION, f"登録のないカードです ({self.seen.masked[-6:]})",
                       notes=("持ち主の氏名を入れて Enter。見つからない方は F2 仮登録。やめるときは Esc",))

    @override
    def title(self) -> str:
        return "このカードの持ち主を探します"

    @override
    def hints(self) -> Hints:
        return (("Enter", "探す"), ("F2", "仮登録して渡す"), ("Esc", "やめる"))


class ShelterScreen(DeskScreen):
    """Shelter reception (避難所受付)."""

    KEYS = (("F8", "その他"), ("F9", "取消"), ("F1", "説明"))

    def __init__(self, desk: Desk, episode: Episode | None) -> None:
        self.episode = episode
        self._counts: Counts | None = None
        self._latest: list[Content] = []
        super().__init__(desk)
        self.shelter = desk.shelter

    def resting(self) -> Panel:
        """Idle, or the invitation to open the shelter."""
        return Idle(self) if self.episode is not None and self.episode.is_open else NotOpen(self)

    async def refresh_facts(self) -> None:
        """Episode, counts and latest receptions; also what another process recorded meanwhile."""
        was_open = self.episode is not None and self.episode.is_open
        self.episode = await self.ask(self.shelter.episode)
        if self.panel.idle and was_open != (self.episode is not None and self.episode.is_open):
            self.show(self.resting())
        self._counts = await self.ask(self.shelter.counts)
        self._latest = [Content(f" {one.at} {shown(one.text)}  {one.operator}")
                        for one in await self.ask(self.shelter.latest, 6)]
        await self.sanjo.refresh_header()

    def counts_line(self) -> Content:
        """入所213人 74世帯 定員300 要配慮12."""
        now = self._counts
        if now is None:
            return Content("")
        parts = [f"避難者{now.people}人", f"{now.households}世帯", f"うち入所{now.inside}人"]
        more = {"所外": now.outside, "外出": now.on_leave, "要配慮": now.with_needs, "仮登録": now.provisional}
        parts += [f"{label}{number}人" for label, number in more.items() if number]
        text = " " + "  ".join(parts)
        if not now.capacity:
            return Content.assemble((text, "bold"))
        full = ("  定員超過", "bold $text-warning") if now.full else ""
        return Content.assemble((text, "bold"), f"  定員{now.capacity}", full)

    def latest_lines(self) -> list[Content]:
        """Newest first."""
        return self._latest

    # --- opening somebody

    @property
    def act(self) -> Act | None:
        """What F3 or F4 announced for the next person."""
        return self.panel.act if isinstance(self.panel, Idle) else None

    @property
    def binding(self) -> CardSeen | None:
        """The unknown card that is being handed out."""
        return self.panel.seen if isinstance(self.panel, UnknownCard) else None

    async def open_card(self, seen: CardSeen) -> None:
        """A card: its household, or the search for its holder."""
        act = self.act
        try:
            opened = await self.ask(self.desk.open_card, seen)
        except UnknownToken:
            self.ring()
            self.show(UnknownCard(self, seen))
            return
        await self.open(opened, act)

    async def open(self, opened: Opened, act: Act | None = None, binding: CardSeen | None = None) -> None:
        """Puts a household on the desk; its look-up is in the journal already."""
        look = await self.ask(self.shelter.look, opened)
        self.show(Household(self, opened, look, act=act, binding=binding))
        if look.verdict.stops:
            self.ring()

    async def open_key(self, key: str, act: Act | None = None, binding: CardSeen | None = None) -> None:
        """A resident by 宛名番号 or a provisional person by number."""
        await self.open(await self.ask(self.desk.open_person, key), act, binding)

    async def open_code(self, text: str) -> None:
        """A scanned tag (受付番号) opens its people; any other code is searched for."""
        await self.find(text)

    async def find(self, text: str) -> None:
        """One search, one look-up in the journal, then the list."""
        act, binding = self.act, self.binding
        await self.search_for(text, partial(self.open_key, act=act, binding=binding), back=self.panel)

    async def search_for(self, text: str, then: object, back: Panel, *, residents_only: bool = False) -> None:
        """Lists who fits; `then(key)` is called with whom is picked."""
        assert callable(then)
        plain = unicodedata.normalize("NFKC", text).strip()
        if read_registration_no(plain) is not None and not residents_only:
            await self._list_present(text, then, back)
            return
        try:
            await why.search(self, self.desk.search, text,
                             partial(self._found, text, then, back, residents_only), partial(self._back_to, back))
        except RegisterError:
            if residents_only or self.desk.register is not None:
                raise
            await self._list_present(text, then, back)       # no register: shelters work all the same

    async def _found(self, text: str, then: object, back: Panel, residents_only: bool, found: Found) -> None:
        """Lists who was found, else who is here; one number that is exactly somebody's opens them."""
        assert callable(then)
        plain = unicodedata.normalize("NFKC", text).strip()
        sure = found.hits[0].resident if len(found.hits) == 1 and found.hits[0].match == "exact" else None
        if sure is not None and plain.isdigit() and (len(plain) == 13 or plain == sure.addressee_no):
            await then(sure.addressee_no)
            return
        if not found.hits and not residents_only:
            await self._list_present(text, then, back)
            return
        width, today = self.size.width - 5, self.desk.today()
        options: list[tuple[str | Content, object]] = [
            (hit_row(hit, width, today), hit.resident.addressee_no) for hit in found.hits]
        if not residents_only and self._counts and self._counts.provisional:
            options.append((Content("仮登録の方の中からも探す"), None))

        async def picked(key: str | None) -> None:
            if key is None:
                await self._list_present(text, then, back)
            else:
                await then(key)

        more = " (ほかにもいます。条件を足してください)" if found.more else ""
        self.show(Pick(self, f"「{pad(shown(text), 20).rstrip()}」 {len(found.hits)}人{more}", options, picked,
                       prompt="本人を番号で選んでください", notes=("生年月日を本人に言ってもらって確かめます",),
                       back=partial(self._back_to, back), empty="見つかりません"))

    async def _list_present(self, text: str, then: object, back: Panel) -> None:
        assert callable(then)
        people = await self.ask(self.shelter.find_present, text) if self.episode else ()
        if not people:
            self.warn("見つかりません。かなや生年月日でも探せます", "住民でない方、急ぐ方は F2 仮登録")
            return
        if len(people) == 1 and text.strip().upper() in (people[0].person, people[0].registration_no):
            await then(people[0].person)
            return
        width, today = self.size.width - 5, self.desk.today()
        options: list[tuple[str | Content, object]] = [(present_row(p, width, today), p.person) for p in people]
        self.show(Pick(self, f"「{pad(shown(text), 20).rstrip()}」 この避難所の記録 {len(people)}人", options, then,
                       prompt="本人を番号で選んでください", back=partial(self._back_to, back)))

    async def _back_to(self, panel: Panel) -> None:
        self.show(panel)

    # --- recording

    async def recorded(self, receipt: Receipt, opened: Opened | None = None) -> None:
        """受付しました: only after the journal has it. The desk is ready for the next card at once."""
        look = await self.ask(self.shelter.look, opened) if opened is not None else None
        await self.refresh_facts()
        self.show(Recorded(self, receipt, opened, look))
        self.open_next_soon()

    async def jobs_changed(self) -> None:
        """The print worker did something."""
        await self.sanjo.refresh_header()

    # --- function keys

    async def command(self, key: str) -> bool:
        """F2 to F12; the same key means the same thing everywhere."""
        from screens import shelter_forms as forms
        from screens import shelter_papers as papers
        from screens import shelter_tasks as tasks

        is_open = self.episode is not None and self.episode.is_open
        if key == "f12":
            tasks.demo_cards(self)
        elif key == "f5":
            await papers.menu(self)
        elif key == "f6":
            await papers.report(self)
        elif key == "f8":
            tasks.menu(self)
        elif key == "f2" and not is_open:
            await self.open_shelter()
        elif key not in ("f2", "f3", "f4", "f7", "f9"):
            return False
        elif not is_open:
            raise RuleError("避難所が開設されていません。", "F2 で開設します。")
        elif key == "f9":
            await tasks.undo(self)
        elif key == "f2":
            await forms.unknown_person(self, self.binding)
        else:
            await self._for_household(key)
        return True

    async def _for_household(self, key: str) -> None:
        """退所, 外出, 補記: of the household on the screen, or of whoever comes next."""
        from screens import shelter_forms as forms

        panel = self.panel
        if isinstance(panel, Household | Recorded) and panel.opened is not None and panel.look is not None:
            if key == "f7":
                await forms.supplement(self, panel.opened, panel.look)
                return
            look = await self.ask(self.shelter.look, panel.opened)
            act = Act.DEPART if key == "f3" else Act.GO_OUT
            if key == "f4" and not act.candidates(look, self.shelter.here):
                act = Act.COME_BACK
            self.show(Household(self, panel.opened, look, act=act))
        elif not panel.idle:
            self.warn("先に Esc で戻ってください")
        elif key == "f7":
            self.warn("補記は、その方の世帯を開いてから F7 を押します")
        else:
            self.show(Idle(self, Act.DEPART if key == "f3" else Act.GO_OUT))

    async def open_shelter(self) -> None:
        """開設, by one key."""
        await self.ask(self.shelter.open_shelter)
        await self.refresh_facts()
        self.rest()
        self.tell(f"開設しました。{READY}", WITHOUT)
