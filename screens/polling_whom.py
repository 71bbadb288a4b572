"""For whom a task is: the voter on the desk, or whoever comes with a card, a ticket, a 交付票 or a name.

Also the two things that such tasks ask in writing: the second operator, and contests.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.errors import RuleError
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.tickets import read_ticket
from sanjo_tui.receptions.polling.words import Code
from screens import why
from screens.form import Field, FormScreen
from screens.panels import Hints, Panel, Pick
from screens.polling_sight import hit_row, short_name
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.desk.voters import OpenedVoter, VoterLook
    from sanjo_tui.receptions.polling.election import Contest, Election
    from sanjo_tui.register.roll.elector import ElectorsFound
    from screens.polling import PollingScreen

T = TypeVar("T")
Then = Callable[["VoterLook"], Awaitable[None]]

HOW = "カード・入場券・交付票を読むか、氏名や生年月日を打って Enter"


HELP = """\
(必須)の欄を埋めて Enter を押すと記録します。上下の矢印で欄を移ります。
暗証番号は、その番号の職員が自分で入れます。打った数字は見えません。
個人の事情や、だれに投票したかは書きません。Esc で、記録せずに戻ります。"""


class Whom(Panel):
    """Waits for a voter. `then` is what happens with the voter's look; every opening was logged by the desk."""

    takes_tap = takes_text = asks_for_card = True
    asks = "交付票 入場券 氏名 生年月日"

    def __init__(self, screen: PollingScreen, title: str, sentence: str, then: Then, *, note: str = HOW,
                 help: str = "") -> None:
        super().__init__(screen)
        self.desk, self.then = screen, then
        self._title, self._sentence, self._note = title, sentence, note
        self.help = help or f"{title}: {sentence}。\n{HOW}。\nやめるときは Esc。何も記録されません。"

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.READY, self._sentence, notes=(self._note,) if self._note else ())

    @override
    def title(self) -> str:
        return self._title

    @override
    def hints(self) -> Hints:
        return (("Enter", "探す"), ("Esc", "やめる"))

    @override
    async def tap(self, seen: CardSeen) -> None:
        await self._open(self.desk.polling.open_card, seen)

    async def code(self, text: str) -> None:
        """A scanned code: 受付番号 of a 交付票, or an 入場券."""
        number = canonical_registration_no(text)
        if number is not None:
            await self._open(self.desk.polling.open_reception, number)
        else:
            await self._open(self.desk.polling.open_code, text)

    @override
    async def search(self, text: str) -> None:
        plain, election = unicodedata.normalize("NFKC", text).strip(), self.desk.polling.election
        is_ticket = election is not None and read_ticket(election.ticket, plain) is not None
        if is_ticket or canonical_registration_no(plain) is not None:
            await self.code(plain)
            return
        await why.search(self.desk, self.desk.polling.search, text, partial(self._found, text), self._again)

    async def _found(self, text: str, found: ElectorsFound) -> None:
        if not found.hits:
            self.desk.warn("名簿に見つかりません", "かなや生年月日でも探せます。いなければ投票管理者を呼んでください")
            return
        width = self.desk.size.width - 5
        options: list[tuple[str | Content, object]] = [
            (hit_row(hit, width), hit.elector.addressee_no) for hit in found.hits]
        more = " (ほかにもいます。条件を足してください)" if found.more else ""
        title = f"「{pad(shown(text), 20).rstrip()}」 {len(found.hits)}人{more}"
        self.desk.show(Pick(self.desk, title, options, partial(self._open, self.desk.polling.open_voter),
                            back=self._again, enter=False, prompt="本人を番号で選んでください",
                            notes=("生年月日を本人に言ってもらって確かめます",)))

    async def _open(self, call: Callable[..., OpenedVoter], what: object) -> None:
        opened = await self.desk.ask(call, what)
        await self.then(await self.desk.ask(self.desk.polling.look, opened))

    async def _again(self) -> None:
        self.desk.show(self)


async def for_voter(screen: PollingScreen, title: str, sentence: str, then: Then,
                    look: VoterLook | None = None) -> None:
    """The task for `look`, as things are now, or for whoever comes next: never silently for whoever was here last."""
    if look is None:
        screen.show(Whom(screen, title, sentence, then))
    else:
        await then(await screen.ask(screen.polling.look, look.opened))


# --- asked in writing


def second() -> tuple[Field, ...]:
    """二人目: number and PIN of another person than the operator."""
    return (Field(key="verifier", label="確認者の番号", required=True, hint="あなた以外の職員の番号"),
            Field(key="pin", label="暗証番号", required=True, secret=True, hint="確認者が入れます"))


def presiding(election: Election, pin: str = "pin") -> tuple[Field, ...]:
    """投票管理者 or 職務代理者, by digit, with the PIN."""
    staff = tuple((s.id, shown(s.name)) for s in election.staff if s.role.presides and s.pin_hash)
    who = Field(key="decided_by", label="決めた人", required=True, options=staff,
                value=staff[0][0] if len(staff) == 1 else "", hint="職員番号")
    return who, Field(key=pin, label="暗証番号", required=True, secret=True, hint="決めた人が入れます")


def contests(listed: Sequence[Contest], chosen: Sequence[str]) -> Field:
    """Contests to be marked by digit."""
    return Field(key="contests", label="選挙", several=True, value=tuple(chosen),
                 options=tuple((c.code, short_name(c)) for c in listed))


async def asked(screen: PollingScreen, heading: str, fields: Sequence[Field],
                then: Callable[[dict[str, Any]], Awaitable[T]], *, enter: str = "記録", note: str = "",
                help: str = "") -> T | None:
    """A form whose answers go to `then`. Refused answers come back with the reason, only a PIN is typed again.

    None when it was left with Esc. What the rules refuse for another reason than typing is raised.
    """
    while True:
        answers = await screen.sanjo.push_screen_wait(
            FormScreen(heading, fields, enter=enter, note=note, help=help or HELP))
        if answers is None:
            return None
        try:
            return await then(answers)
        except RuleError as error:
            if getattr(error, "code", Code.INCOMPLETE) is not Code.INCOMPLETE:
                raise
            screen.sanjo.note_error(error)
            screen.ring()
            note = f"{error.message} {error.hint}"
            fields = [replace(f, value="" if f.secret else answers[f.key]) for f in fields]
