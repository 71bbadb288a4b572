"""LibraryScreen: 図書館窓口. At the hall 図書番号, at the library binding, lending and return; F6 changes sides."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.library.numbers import is_number
from sanjo_tui.receptions.library.words import Mode, Standing
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import typed
from screens.library_hall import Number, hall
from screens.library_lending import FirstVisit, Items, Lend, Returns
from screens.library_tasks import TASKS, lists
from screens.panels import Hints, Panel
from screens.service import Idle, PaperChoice, ServiceScreen, Stopped
from screens.widgets import pad

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk, Opened
    from sanjo_tui.desk.library.desk import LibraryDesk
    from sanjo_tui.desk.library.turns import Turn
    from screens.messages import Scanned

STEPS = ("", "   1  カードをかざす", "   2  はじめての方は、通知書の図書番号を読み取る",
         "   3  本のバーコードを1冊ずつ読み取る", "   4  Enter で終わり", "",
         "   返すだけのときは F3。名前や本の題名は、この画面に出ません")
HALL_STEPS = ("", "   1  カードをかざす (なければ氏名か図書番号で探す)", "   2  本人を確かめる",
              "   3  Enter で図書番号を発行し、通知書を渡す", "",
              "   図書館への申請データ一覧は F5、出たかどうかは F8 で見ます")


class LibraryIdle(Idle):
    """The library's side, ready for the next person: nothing is searched for here."""

    takes_text = False

    def __init__(self, screen: LibraryScreen) -> None:
        super().__init__(screen)
        self.sides = screen.sides

    @override
    def verdict(self) -> Verdict:
        practice = ("練習のカードは F12",) if self.screen.sanjo.parts.demo_cards() else ()
        return Verdict(Weight.NOTICE, "図書館: カードをかざしてください", notes=("返却だけなら F3", *practice))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(""), *(Content(pad(line, width)).stylize("$faint") for line in STEPS)]

    @override
    def hints(self) -> Hints:
        return (("F3", "返却"), *((("F6", "発行へ"),) if self.sides else ()))


class HallIdle(Idle):
    """The hall's side."""

    def __init__(self, screen: LibraryScreen) -> None:
        super().__init__(screen)
        self.sides = screen.sides

    @override
    def hints(self) -> Hints:
        return (*super().hints(), *((("F6", "貸出へ"),) if self.sides else ()))


class LibraryScreen(ServiceScreen):
    """図書館窓口."""

    RECEPTION = "library"
    SEARCHES = "氏名 生年月日 宛名番号 図書番号"
    CODE_LATER = "先に F3 返却か、カードを選んでください"
    HELP = ("図書番号の発行: カードをかざし、本人を確かめて Enter で発行します。\n"
            "前から番号を持つ方は、その番号のままです。\n"
            "貸出と返却: カードをかざし、本のバーコードを読み取ります。通信がないときは端末に預かり、あとで送ります。\n"
            "画面には名前も題名も出ません。F6 で、発行の画面と貸出の画面を切り替えます。")
    READY = "カードをかざしてください"
    WITHOUT = "カードがない方は、氏名か図書番号などを打って Enter"
    STEPS = HALL_STEPS
    TASKS = TASKS

    def __init__(self, desk: Desk) -> None:
        self.mode = Mode.HALL
        self._modes: tuple[Mode, ...] = ()
        self.listed: tuple[tuple[str, int], ...] = ()
        """Day and number of the latest lists, for F5."""
        super().__init__(desk)

    @property
    def library(self) -> LibraryDesk:
        """Its own desk."""
        return cast("LibraryDesk", self.service)

    # --- what it says

    @property
    def sides(self) -> bool:
        """Whether the desk stands on both sides."""
        return len(self._modes) > 1

    @override
    def resting(self) -> Panel:
        return HallIdle(self) if self.mode is Mode.HALL else LibraryIdle(self)

    @override
    def counted(self) -> str:
        return self.library.counts()

    @override
    async def refresh_facts(self) -> None:
        await super().refresh_facts()
        modes = await self.ask(lambda: self.library.modes)
        if self.desk.may(Permission.LIST):
            self.listed = tuple((one.day, one.list_seq) for one in (await self.ask(self.library.lists))[:5])
        if modes and modes != self._modes:
            self._modes = modes
            self.mode = self.mode if self.mode in modes else modes[0]
            if self.panel.idle:
                self.show(self.resting())

    @override
    def papers_of(self, panel: Panel) -> Sequence[PaperChoice]:
        own: list[PaperChoice] = []
        if isinstance(panel, Number) and panel.look.holder is not None \
                and panel.look.holder.standing is Standing.ISSUED:
            own.append(("図書番号通知書 (この方)", "library.notice",
                        {"addressee_no": panel.look.holder.addressee_no}))
        return [*own, *(lists(self) if self.mode is Mode.HALL else ())]

    # --- somebody comes

    @override
    async def open_card(self, seen: CardSeen) -> None:
        if self.mode is Mode.HALL:
            await super().open_card(seen)
            return
        self.tell("図書館システムに問い合わせています")
        self.paint()
        turn = await self.ask(self.library.tap, seen)
        self.alarm = None
        self.turn(turn)

    def turn(self, turn: Turn) -> None:
        """One person at the library's desk."""
        if turn.verdict.stops:
            self.ring()
            self.show(Stopped(self, turn.verdict, ("返却はできます。Esc で戻り、F3 を押してください。",)))
        elif turn.bound:
            self.show(Lend(self, turn))
        else:
            self.show(FirstVisit(self, turn))

    @override
    async def opened(self, opened: Opened) -> None:
        await hall(self, opened)

    @override
    async def find(self, text: str) -> None:
        """A 図書番号 (also L3100001), unless the seven digits are a birth date; then as every desk searches.

        Nobody is searched for on the library's side.
        """
        if self.mode is Mode.LIBRARY:
            raise RuleError("だれの貸出か、返却か分かりません。", "カードをかざすか、返却なら F3 を押してください。")
        plain = unicodedata.normalize("NFKC", text).strip().upper()
        born = typed(plain)
        if (born is None or not born.exact) and await self._of_number(plain.removeprefix("L")):
            return
        await super().find(text)

    async def _of_number(self, number: str) -> bool:
        """Opens whoever has this 図書番号; False where nobody does."""
        person = await self.ask(self.library.person_of, number) if is_number(number) else ""
        if person:
            await self.opened(await self.ask(self.desk.open_resident, person))
        return bool(person)

    def on_scanned(self, message: Scanned) -> None:
        """While items are taken, a bar code is an item, whatever else it looks like; else the desk's own way."""
        panel = self.panel
        if message.whole and isinstance(panel, Items | FirstVisit):
            message.prevent_default()           # Textual would call the base's handler too
            self.do(partial(self._item, panel, message.text))

    async def _item(self, panel: Items | FirstVisit, text: str) -> None:
        self.alarm = None
        await (panel.search(text) if self.panel is panel else self.open_code(text))

    @override
    async def command(self, key: str) -> bool:
        """A turn at the library is ended first: what it came to is recorded at its end."""
        if isinstance(self.panel, Items) and key in ("f5", "f8", "f9", "f12"):
            self.warn("先に Enter でこの方を終えてください")
            return True
        return await super().command(key)

    @override
    def show(self, panel: Panel) -> None:
        """A turn that is left is ended: some systems answer nobody else before, and its count is recorded."""
        left = self.panel
        super().show(panel)
        if isinstance(left, Items) and left is not panel:
            self.do(left.end)

    @override
    async def own_key(self, key: str) -> bool:
        panel = self.panel
        if key == "f6" and panel.takes_tap and self.sides:
            self.mode = Mode.LIBRARY if self.mode is Mode.HALL else Mode.HALL
            self.show(self.resting())
        elif key == "f3" and self.mode is Mode.LIBRARY and panel.takes_tap:
            self.show(Returns(self))
        elif key == "f4" and isinstance(panel, FirstVisit):
            await panel.instead()
        elif key == "f2" and isinstance(panel, Number):
            await panel.suspend()
        else:
            return False
        return True
