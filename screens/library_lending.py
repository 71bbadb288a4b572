"""Lending and return at the library: items one after the other, each with what became of it; nothing personal.

What is scanned is worked on in the background, one at a time, so that a slow line never holds up the scanner.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.desk.library.turns import Fate, Outcome, Turn
from sanjo_tui.errors import RuleError, SanjoError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.library.numbers import is_isbn, is_number
from sanjo_tui.receptions.library.standing import wide
from screens.panels import Hints, Panel
from screens.service import Recorded
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from screens.library import LibraryScreen


PRACTICE = "   練習では、本のバーコードの代わりに B0001 のように打って Enter を押します"


@dataclass(slots=True)
class Row:
    """One item on the screen: its place in the turn, what became of it. The number is forgotten once it was sent."""

    item: str
    outcome: Outcome | None = None
    wrong: str = ""


class FirstVisit(Panel):
    """A card that is not bound yet: the number of the notice, by scanner or by hand."""

    takes_text = True
    asks = "図書番号 7桁"
    help = ("はじめて来た方です。図書館システムで氏名を探し、通知書の図書番号を確かめてから、\n"
            "ここで番号を二度、読み取るか打ちます。カードと番号が結び付きます。\n"
            "カードが新しくなった方は F4 を押してから番号を入れます。")

    def __init__(self, screen: LibraryScreen, turn: Turn) -> None:
        super().__init__(screen)
        self.desk, self.turn, self.again, self.typed = screen, turn, False, ""

    @override
    def verdict(self) -> Verdict:
        if self.typed:
            return Verdict(Weight.READY, f"{self.typed} ですね。同じ番号を、もう一度入れてください",
                           notes=("打ち間違いを防ぎます",))
        if is_isbn(self.turn.user_id):
            return Verdict(Weight.CAUTION, "本のバーコード (ISBN) のようです。Esc で戻り、カードをかざしてください",
                           notes=("カードなら、図書番号を入れて続けます",))
        if self.again:
            return Verdict(Weight.CAUTION, "新しいカードに結び付けをかえます。図書番号を入れて Enter")
        return Verdict(Weight.READY, "はじめてのカードです。図書番号を読み取ってください",
                       notes=("図書館システムで本人を確かめてから",))

    @override
    def hints(self) -> Hints:
        return (("Enter", "結び付け"), ("F4", "カードの再発行"), ("Esc", "戻る"))

    @override
    async def search(self, text: str) -> None:
        """The same twice: the number has no check digit, and another's would do as well.

        A scanner's seven digits cannot be told from a person's.
        """
        number, before = text.strip(), self.typed
        if is_number(number) and number != before:
            self.typed = number
            if before:
                self.desk.warn("先の番号と違います。通知書を見て、もう一度入れてください")
            return
        self.typed = ""
        self.desk.tell("図書館システムに問い合わせています")
        self.desk.paint()
        try:
            turn = await self.desk.ask(self._bind, number)
        finally:
            self.desk.alarm = None
        await self.desk.refresh_facts()
        self.desk.turn(turn)

    def _bind(self, text: str) -> Turn:
        return self.desk.library.bind(self.turn, text, instead=self.again)

    async def instead(self) -> None:
        """F4: the number stays, the card is new."""
        self.again = not self.again

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.desk.rest()


class Ended(Recorded):
    """The turn is over; nobody is searched for at the library."""

    takes_text = False
    help = "この方は終わりました。次の方のカードをかざしてください。返却だけなら F3 です。"

    @override
    def hints(self) -> Hints:
        return (("Enter", "次へ"), ("F3", "返却"))


class Items(Panel):
    """Rows of items; Enter ends the turn when all are worked on."""

    takes_text = True
    asks = "本のバーコード"
    ends = "終わり"

    def __init__(self, screen: LibraryScreen, turn: Turn) -> None:
        super().__init__(screen)
        self.desk, self.turn = screen, turn
        self.rows: list[Row] = []
        self._busy = self._ending = self._over = False

    def worked(self, item: str) -> Outcome:
        """What is done with one item; on a thread."""
        raise NotImplementedError

    @property
    def open_rows(self) -> int:
        """Items that are not worked on yet."""
        return sum(row.outcome is None and not row.wrong for row in self.rows)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        found = []
        if not self.rows and self.screen.sanjo.parts.demo_cards():
            found = [Content(""), Content(pad(PRACTICE, width)).stylize("$faint")]
        for place, row in enumerate(self.rows, 1):
            text, style = "送信中です", "$faint"
            if row.wrong:
                text, style = row.wrong, "bold"
            elif row.outcome is not None:
                text = "  ".join((row.outcome.text, *row.outcome.notes))
                style = "" if row.outcome.fate is Fate.DONE else "bold"
            found.append(Content.assemble((f" {wide(place):>3} 冊目  "), (pad(shown(text), max(0, width - 12)), style)))
        return found[-height:]

    @override
    def hints(self) -> Hints:
        return (("バーコード", "読み取る"), ("Enter", self.ends))

    @override
    async def search(self, text: str) -> None:
        item = self.desk.library.item_of(text)
        if any(row.item == item for row in self.rows):
            raise RuleError("もう読み取った本です。", "次の本を読み取ってください。")
        self.rows.append(Row(item))
        if not self._busy:
            self._busy = True
            self.desk.run_worker(self._work(), group="library", exit_on_error=False)

    async def _work(self) -> None:
        """The rows in order; errors stand in their row, and the scanner goes on."""
        try:
            while (row := next((r for r in self.rows if r.outcome is None and not r.wrong), None)) is not None:
                try:
                    row.outcome = await self.desk.ask(self.worked, row.item)
                except SanjoError as error:
                    row.wrong = error.message
                    self.desk.sanjo.note_error(error)
                if row.wrong or (row.outcome and row.outcome.fate in (Fate.REFUSED, Fate.UNSURE)):
                    row.item = row.item if row.outcome is None else ""
                    self.desk.ring()
                self.desk.paint()
        finally:
            self._busy = False
        if self._ending:
            self.desk.do(self.end)

    async def end(self) -> None:
        """When all is worked on: the session ends and what the turn came to is recorded, once.

        Also where something else takes the screen (操作者交替).
        """
        if self.open_rows:
            self._ending = True
        elif not self._over:
            receipt = await self.desk.ask(self.desk.library.finish, self.turn)
            self._over = True
            await self.desk.refresh_facts()
            if self.desk.panel is self:
                self.desk.alarm = None
                self.desk.show(Ended(self.desk, receipt))
                self.desk.open_next_soon()

    @override
    async def key(self, key: str, character: str) -> None:
        if key not in ("enter", "escape"):
            return
        if key == "escape" and self.rows:
            self.desk.warn("読み取った本は済んでいます。Enter で終わってください")
        elif key == "escape":
            self.desk.rest()                                                # only the session ends
        else:
            if self.open_rows:
                self.desk.tell("送信中です。終わると次へ進みます")
            await self.end()


class Lend(Items):
    """One person's loans: a count, and the items one by one."""

    help = ("本のバーコードを1冊ずつ読み取ります。行ごとに、貸出できたか、返却日はいつかが出ます。\n"
            "断られた本は、理由が出ます。通信がないときは端末に預かり、あとで送ります。\n"
            "終わったら Enter。名前も題名も画面に出ず、この端末に残りません。")

    @override
    def verdict(self) -> Verdict:
        said = self.turn.verdict
        return Verdict(said.weight, said.message, notes=(*said.notes, "本のバーコードを読み取ってください"))

    @override
    def worked(self, item: str) -> Outcome:
        return self.desk.library.lend(self.turn, item)


class Returns(Items):
    """Items that come back; no card is needed."""

    help = ("返ってきた本のバーコードを1冊ずつ読み取ります。カードは要りません。終わったら Enter を押します。\n"
            "通信がないときは端末に預かり、あとで送ります。")

    def __init__(self, screen: LibraryScreen) -> None:
        super().__init__(screen, Turn(token="", user_id="", online=True))

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.READY, "返却: 本のバーコードを読み取ってください", notes=("終わったら Enter",))

    @override
    def worked(self, item: str) -> Outcome:
        return self.desk.library.give_back(item, self.turn)
