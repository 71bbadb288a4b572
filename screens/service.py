"""ServiceScreen: what the screens of all services of the hall share; a service adds what it shows and its own keys.

Idle, found by card or search, recorded, papers, other tasks, taking back: the same keys as at the shelter.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.errors import RegisterError, UnknownToken
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.base import Verdict, Weight
from screens import why
from screens.desk import DeskScreen
from screens.panels import Hints, Panel, Pick
from screens.service_tasks import demo_cards, dues, jobs, papers, undo
from screens.shelter_people import hit_row
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk, Opened
    from sanjo_tui.desk.service import Receipt, ServiceDesk
    from sanjo_tui.register.people import Found
    from screens.kept import Kept

Task = Callable[[Any], Awaitable[None]]
"""A task of F8: called with the screen."""

PaperChoice = tuple[str, str, Mapping[str, Any]]
"""A line of F5: label, form, parameters."""


class Idle(Panel):
    """Ready for the next person: a card, or something typed."""

    takes_tap = takes_text = idle = True

    def __init__(self, screen: ServiceScreen) -> None:
        super().__init__(screen)
        self.desk, self.help = screen, screen.HELP

    @override
    def verdict(self) -> Verdict:
        practice = ("練習のカードは F12",) if self.screen.sanjo.parts.demo_cards() else ()
        return Verdict(Weight.NOTICE, self.desk.READY, notes=(*self.desk.idle_notes(), self.desk.WITHOUT, *practice))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(""), *(Content(pad(line, width)).stylize("$faint") for line in self.desk.STEPS)]

    @override
    def hints(self) -> Hints:
        practice = (("F12", "練習カード"),) if self.screen.sanjo.parts.demo_cards() else ()
        return (*practice, *self.desk.OWN_KEYS)

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.leave()
        elif key == "enter" and self.desk.waiting:
            await self.desk.open_next()


class Recorded(Panel):
    """受付しました, and what to do next, until the next key or card."""

    takes_tap = takes_text = True
    help = ("記録は終わっています。次の方のカードをかざしてください。\n"
            "まちがえたときは F9 取消。書類の印刷と再発行は F5 と F8 です。")

    def __init__(self, screen: ServiceScreen, receipt: Receipt, lines: Sequence[str | Content] = ()) -> None:
        super().__init__(screen)
        self.desk, self.receipt, self.text = screen, receipt, tuple(lines)

    @override
    def verdict(self) -> Verdict:
        receipt = self.receipt
        number = f"受付番号 {receipt.reception_no}" if receipt.reception_no else ""
        printing = "印刷します" if receipt.jobs else ""
        follow = "Enter で次のカードへ" if self.desk.waiting else "次の方どうぞ"
        notes = tuple(part for part in (receipt.note, number, printing, follow) if part)
        return Verdict(Weight.READY, f"{receipt.message}  {shown(receipt.detail)}".rstrip(), notes=notes)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [line if isinstance(line, Content) else Content(pad(shown(line), width)) for line in self.text][:height]

    @override
    def hints(self) -> Hints:
        return (("Enter", "次へ"), ("F5", "書類"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key in ("enter", "escape") and not await self.desk.open_next():
            self.desk.rest()


class Stopped(Panel):
    """A person for whom nothing may be done here; Enter does nothing, Esc leaves."""

    help = ("この方の手続は、ここでは進められません。画面のとおりに案内してください。\n"
            "支援措置と抑止は、責任者だけが F7 で一時的に解除できます。解除は記録に残ります。")

    def __init__(self, screen: ServiceScreen, verdict: Verdict, lines: Sequence[str] = (),
                 release: Callable[[], Awaitable[None]] | None = None) -> None:
        super().__init__(screen)
        self._verdict, self.text, self.release = verdict, tuple(lines), release

    @override
    def verdict(self) -> Verdict:
        return self._verdict

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(""), *(Content(pad(shown("  " + line), width)) for line in self.text)]

    @override
    def hints(self) -> Hints:
        return (*((("F7", "責任者が解除"),) if self.release else ()), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.rest()


class ServiceScreen(DeskScreen):
    """Base of the screens of the hall's services."""

    READY: ClassVar[str] = "カードをかざしてください"
    WITHOUT: ClassVar[str] = "カードがない方は、氏名や生年月日を打って Enter"
    STEPS: ClassVar[Sequence[str]] = ()
    """For somebody who has never seen the desk; shown while it is idle."""
    HELP: ClassVar[str] = ""
    OWN_KEYS: ClassVar[Hints] = (("F5", "書類"),)
    """Keys of an idle desk beside F8, F9 and F1."""
    PAPERS: ClassVar[Sequence[PaperChoice]] = ()
    TASKS: ClassVar[Sequence[tuple[str, Task]]] = ()
    KEYS: tuple[tuple[str, str], ...] = (("F8", "その他"), ("F9", "取消"), ("F1", "説明"))

    def __init__(self, desk: Desk) -> None:
        self.service: ServiceDesk = desk.room(self.RECEPTION)
        self._latest: list[Content] = []
        self._counts = ""
        self._followed = ""
        """The register that the service has followed, so that each is asked once."""
        self._begun = False
        super().__init__(desk)

    # --- what a service says

    @override
    def resting(self) -> Panel:
        return Idle(self)

    async def opened(self, opened: Opened) -> None:
        """Somebody is on the desk; the look-up is in the journal already. Shows a panel."""
        raise NotImplementedError

    def idle_notes(self) -> tuple[str, ...]:
        """Said beside READY."""
        return ()

    def counted(self) -> str:
        """The line of live counts; asked of the desk on its own thread."""
        return ""

    async def own_key(self, key: str) -> bool:
        """A function key of this service beside F5, F8, F9, F12; True when it was one."""
        return False

    async def number_scanned(self, reception_no: str) -> bool:
        """A 受付番号 that was scanned or typed; True when something was opened."""
        return False

    async def unknown_card(self, seen: CardSeen, error: UnknownToken) -> None:
        """A card that nobody knows."""
        self.ring()
        self.warn(error.message.removesuffix("。"), self.WITHOUT)

    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        """Documents of who is on the desk, before the lists of F5."""
        return ()

    async def open_again(self, kept: Kept) -> None:
        """After unlocking: the person is looked up anew; what was chosen is asked again."""
        await self.opened(await self.ask(self.desk.open_person, kept.key))

    # --- facts

    @override
    async def refresh_facts(self) -> None:
        await self.begin()
        await self._follow_register()
        self._counts = await self.ask(self.counted)
        self._latest = [Content(f" {one.at} {shown(one.text)}  {one.operator}")
                        for one in await self.ask(self.service.latest, 6)]
        await self.sanjo.refresh_header()

    async def begin(self) -> None:
        """Once: a demo has its set-up loaded before the first card; where operators are registered they load it."""
        begun, self._begun = self._begun, True
        if not begun and self.desk.station.built_in_reader and self.desk.who.role is None:
            await self.ask(self.service.begin_practice)

    async def _follow_register(self) -> None:
        """A new register: what follows from it is recorded once, before anybody is received on it."""
        register = self.desk.register
        if register is None or register.info.snapshot_id == self._followed:
            return
        from sanjo_tui.desk.following import follow

        self._followed = register.info.snapshot_id
        news = await self.ask(follow, self.desk, self.service)
        listed = await self.ask(self._dues) if news else 0
        if listed:
            self.warn("住基が新しくなりました。やることの一覧が F8 にあります")

    def _dues(self) -> int:
        with self.desk.journal.view() as view:
            return len(self.service.dues(view))

    @override
    def counts_line(self) -> Content:
        return Content.assemble((" " + shown(self._counts), "bold")) if self._counts else Content("")

    @override
    def latest_lines(self) -> list[Content]:
        return self._latest

    @override
    async def jobs_changed(self) -> None:
        await self.sanjo.refresh_header()

    # --- opening somebody

    @override
    async def open_card(self, seen: CardSeen) -> None:
        try:
            opened = await self.ask(self.desk.open_card, seen, self.RECEPTION)
        except UnknownToken as error:
            await self.unknown_card(seen, error)
            return
        await self.opened(opened)

    @override
    async def open_code(self, text: str) -> None:
        await self.find(text)

    @override
    async def find(self, text: str) -> None:
        """A 受付番号, else one search, one look-up in the journal, then the list."""
        number = canonical_registration_no(text)
        if number is not None and await self.number_scanned(number):
            return
        await self.search_for(text, self.opened)

    async def search_for(self, text: str, then: Callable[[Opened], Awaitable[None]], *, gone: bool = False) -> None:
        """Lists who fits; `then` gets whom is picked, opened and logged. Esc leads back to the present panel."""
        if self.desk.register is None:
            raise RegisterError("住基の写しがありません。", "情報担当に連絡してください。")
        panel = self.panel

        async def back() -> None:
            self.show(panel)

        await why.search(self, self.desk.search, text, partial(self._found, text, then, back), back)

    async def _found(self, text: str, then: Callable[[Opened], Awaitable[None]], back: Callable[[], Awaitable[None]],
                     found: Found) -> None:
        async def picked(key: str) -> None:
            await then(await self.ask(self.desk.open_resident, key))

        plain = unicodedata.normalize("NFKC", text).strip()
        sure = found.hits[0].resident if len(found.hits) == 1 and found.hits[0].match == "exact" else None
        if sure is not None and plain.isdigit() and (len(plain) == 13 or plain == sure.addressee_no):
            await picked(sure.addressee_no)
            return
        if not found.hits:
            self.warn("見つかりません。かなや生年月日でも探せます")
            return
        width, today = self.size.width - 5, self.desk.today()
        more = " (ほかにもいます。条件を足してください)" if found.more else ""
        self.show(Pick(self, f"「{pad(shown(text), 20).rstrip()}」 {len(found.hits)}人{more}",
                       [(hit_row(hit, width, today), hit.resident.addressee_no) for hit in found.hits], picked,
                       prompt="本人を番号で選んでください", notes=("生年月日を本人に言ってもらって確かめます",),
                       back=back, empty="見つかりません"))

    # --- recording

    async def recorded(self, receipt: Receipt, lines: Sequence[str | Content] = ()) -> None:
        """受付しました: only after the journal has it. The desk is ready for the next card at once."""
        await self.refresh_facts()
        self.show(Recorded(self, receipt, lines))
        self.open_next_soon()

    # --- function keys

    @override
    async def command(self, key: str) -> bool:
        """F5 to F12; the same key means the same thing everywhere."""
        panel = self.panel
        if key == "f12":
            demo_cards(self)
        elif isinstance(panel, Stopped) and key == "f7" and panel.release is not None:
            await panel.release()
        elif key == "f5":
            await papers(self)
        elif key == "f8":
            self._menu()
        elif key == "f9":
            await undo(self)
        else:
            return await self.own_key(key)
        return True

    def _menu(self) -> None:
        from screens.shelter_tasks import register

        panel = self.panel
        shared: list[tuple[str, Task]] = [("住基の更新でやること", dues), ("印刷の状態・再発行", jobs),
                                          ("住基の写しの状態", register)]

        async def back() -> None:
            self.show(panel)

        async def picked(task: Task) -> None:
            await task(self)

        self.show(Pick(self, "その他の仕事", [*self.TASKS, *shared], picked, back=back))
