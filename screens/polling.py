"""The polling desk: opening a voter by card, ticket or search, what was recorded, and which key leads where.

The idle desk is in polling_idle.py, the voter in polling_voter.py, a stop in polling_stop.py; what stands there after
Enter in polling_recorded.py; rarer tasks in the modules beside them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk.voters import WrongPlace
from sanjo_tui.errors import RuleError, SanjoError, UnknownToken
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.polling.tickets import read_ticket
from sanjo_tui.receptions.polling.words import Via
from sanjo_tui.wareki import typed
from screens import why
from screens.desk import DeskScreen
from screens.panels import Panel, Pick
from screens.polling_idle import Idle, NotFound, NotOpen, NotReady, Starting
from screens.polling_recorded import Recorded
from screens.polling_sight import Figures, counts, hit_row, short_name
from screens.polling_stop import Stopped
from screens.polling_voter import Voter
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from sanjo_tui.desk.voters import OpenedVoter, Receipt, VoterLook
    from sanjo_tui.receptions.polling.election import Election, PollingPlace
    from sanjo_tui.receptions.polling.state import PlaceDay
    from sanjo_tui.register.roll.elector import ElectorsFound

TOO_SOON = 0.7
"""Seconds after a waiting voter or the papers to hand out came up in which one more Enter is one too many."""


class PollingScreen(DeskScreen):
    """Polling reception: 期日前投票 and 投票日の受付."""

    RECEPTION = "polling"
    SEARCHES = "氏名 かな 生年月日 名簿番号"
    CODE_LATER = "先にこの方を終えてから、入場券を読んでください"
    KEYS = (("F8", "その他"), ("F9", "取消"), ("F1", "説明"))

    def __init__(self, desk: Desk) -> None:
        self.polling = desk.polling
        self.election: Election | None = None
        self.place: PollingPlace | None = None
        self.day: PlaceDay | None = None
        """What is loaded and which place this is, as of the last `refresh_facts`."""
        self.why_not: str | None = None
        """Why nothing can be received; None before the desk was asked, which happens on its own thread."""
        self.due: tuple[str, ...] = ()
        """Report times that have passed without a report."""
        self._figures: Figures | None = None
        self._latest: list[Content] = []
        self._not_before = 0.0
        super().__init__(desk)

    def resting(self) -> Panel:
        """Idle, or why nothing can be received."""
        if self.why_not is None:
            return Starting(self)
        if self.why_not:
            return NotReady(self)
        return Idle(self) if self.day is not None and self.day.receives else NotOpen(self)

    # --- facts

    async def refresh_facts(self) -> None:
        """Readiness, the place's day, counts and latest receptions; also what another desk recorded meanwhile."""
        await self.ask(self._look_at_place)
        if self.panel.idle and type(self.panel) is not type(resting := self.resting()):
            self.show(resting)
        if not self.why_not:
            self._figures = await self.ask(self._counted)
            self._latest = [Content(f" {one.at} {one.reception_no}  {one.operator}  {self._short(one.text)}")
                            for one in await self.ask(self.polling.latest, 6)]
        await self.sanjo.refresh_header()

    def _look_at_place(self) -> None:
        self.why_not = why_not = self.polling.readiness()
        loaded = None if why_not else self.polling
        self.election, self.place, self.day = (loaded.election, loaded.place, loaded.day()) if loaded else (None,) * 3
        self.due = loaded.due_reports() if loaded and self.day is not None and self.day.receives else ()

    def _counted(self) -> Figures:
        """Papers that do not add up, people received here today, and voters of each contest."""
        place, (_, totals) = self.place, self.polling.turnout()
        people = totals.people(place=place.code if place else "", day=self.polling.today().isoformat())
        papers = {contest: sexes.total for contest, sexes in self.polling.interim().items()}
        return Figures(self.polling.standing_differences(), people, papers)

    def _short(self, text: str) -> str:
        for contest in self.election.in_order if self.election is not None else ():
            text = text.replace(contest.name, short_name(contest))
        return shown(text)

    def counts_line(self) -> Content:
        """Live counts of today at this place; a difference of papers comes first, on every panel."""
        if self.election is None or self._figures is None:
            return Content("")
        return counts(self.election, self._figures, self.size.width)

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
        enter = key in ("enter", "ctrl+j", "ctrl+m") and not self.box.value
        if enter and (self.panel is not before or monotonic() < self._not_before):
            if isinstance(self.panel, Voter):
                self.warn("次の方が出ています。見くらべてから Enter を押してください")
                return
            if isinstance(self.panel, Recorded):           # the papers to hand out stay until somebody has seen them
                return
        await self._key(key, character)

    @override
    async def open_next(self) -> bool:
        opened = await super().open_next()
        self._not_before = monotonic() + TOO_SOON
        return opened

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
        election = self.election
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
        panel = Recorded(self, receipt, look)
        self.show(panel)
        self._not_before = monotonic() + TOO_SOON
        self.paint()                               # counts follow; the clerk already reaches for the papers
        await self.refresh_facts()
        if not panel.handed:                       # papers stand there until a key or the next card says they are out
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
