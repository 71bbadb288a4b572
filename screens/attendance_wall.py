"""The entrance: what a tap means in large words, what it was in very large ones, and back to idle by itself.

Large letters stand for something that was recorded, and for nothing else, so that nobody walks on who was not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.attendance.words import Kind
from sanjo_tui.receptions.base import Verdict, Weight
from screens.attendance_letters import SIDE, big
from screens.panels import Hints, Panel
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk.attendance.tapping import Tapped
    from screens.attendance import AttendanceScreen

ORDER = (Kind.IN, Kind.OUT, Kind.OUTING, Kind.RETURN, Kind.BREAK_OUT, Kind.BREAK_IN)
"""What the keys 1 to 6 choose."""

BIG = {Kind.BREAK_IN: "再開"}
"""A shorter word where the usual one has no room in large letters."""

SHOWN = 2.0
"""Seconds that a tap stays on the wall."""

CHOSEN = 10.0
"""Seconds that a key waits for the tap it is meant for."""


def word(kind: Kind) -> str:
    """What the wall calls it."""
    return BIG.get(kind, kind.label)


def apart(text: str) -> str:
    """Every character apart from the next, to be read from a step away."""
    return " ".join(shown(text))


class Wall(Panel):
    """Idle. `chosen`: what the person wants the next tap to mean; None: the clock decides."""

    takes_tap = idle = True
    help = ("カードをかざすと、画面に出ている打刻になります。ほかの打刻は、先に 1 から 6 の数字を押します。\n"
            "大きな字が出たら記録は終わっています。F2 は人事と宿直の画面です。")

    def __init__(self, screen: AttendanceScreen, chosen: Kind | None = None) -> None:
        super().__init__(screen)
        self.wall, self.chosen = screen, chosen
        if chosen is not None:
            screen.back_in(CHOSEN, self)

    @property
    def kind(self) -> Kind:
        """What a tap means now."""
        return self.chosen or self.wall.mode

    @override
    def verdict(self) -> Verdict:
        practice = ("練習のカードは F12",) if self.wall.sanjo.parts.demo_cards() else ()
        return Verdict(Weight.NOTICE, f"{word(self.kind)}の方は、カードをかざしてください",
                       notes=("ちがう打刻は、先に数字を押します", *practice))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        room = max(18, width // 2)
        ask = pad(f"   {apart('カードをかざしてください')}", width)
        lines = [Content(""), Content.assemble((ask, "bold")), Content("")]
        for left in range(0, len(ORDER), 2):
            cells = [self._choice(left + n, room) for n in range(2)]
            lines += [Content(""), Content("").join(cells).truncate(width), Content("")]
        return lines[:height]

    def _choice(self, index: int, room: int) -> Content:
        kind = ORDER[index]
        on = kind is self.kind
        text = pad(f"   {index + 1}  {'>' if on else ' '} {apart(word(kind))}{' ' * 2}", room - 2)
        return Content.assemble((text, "$chosen bold" if on else "bold"), "  ")

    @override
    def hints(self) -> Hints:
        practice = (("F12", "練習カード"),) if self.wall.sanjo.parts.demo_cards() else ()
        return (("1-6", "打刻を選ぶ"), *practice, ("F2", "人事・宿直"), ("F1", "説明"))

    @override
    async def key(self, key: str, character: str) -> None:
        if len(character) == 1 and character in "123456":
            self.screen.show(Wall(self.wall, ORDER[int(character) - 1]))
        elif key == "escape" and self.chosen is not None:
            self.screen.rest()
        elif key == "escape":
            self.screen.leave()

    @override
    async def tap(self, seen: CardSeen) -> None:
        await self.wall.punch(seen, self.chosen)


class Punched(Wall):
    """A tap that is in the journal: one word, as large as the screen allows, and who it was."""

    idle = False

    def __init__(self, screen: AttendanceScreen, tapped: Tapped) -> None:
        super().__init__(screen)
        self.tapped = tapped
        screen.back_in(SHOWN, self)

    @override
    def verdict(self) -> Verdict:
        tapped = self.tapped
        notes = (tapped.note,) if tapped.note else ("記録しました",)
        weight = Weight.CAUTION if tapped.note else Weight.READY
        return Verdict(weight, f"{word(tapped.punch)}  {tapped.at}  {shown_name(tapped.member.name)} さん", notes=notes)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        if height < SIDE or width < SIDE * 4:
            return [Content(""), Content.assemble((pad(f"   {apart(word(self.tapped.punch))}", width), "bold reverse"))]
        above = [Content("")] * ((height - SIDE) // 2)
        return [*above, *big(word(self.tapped.punch), width, "$wall")][:height]


class Refused(Wall):
    """A tap of which nothing was recorded: twice at once, or a card that nobody knows. No name is shown."""

    idle = False

    def __init__(self, screen: AttendanceScreen, sentence: str, note: str) -> None:
        super().__init__(screen)
        self.sentence, self.note = sentence, note
        screen.back_in(SHOWN, self)

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.CAUTION, self.sentence, notes=(self.note,))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        text = ("", apart(self.sentence), "", apart(self.note))
        return [Content.assemble((pad(f"   {line}", width), "bold")) for line in text][:height]


class NotReady(Panel):
    """No set-up or no staff: nobody can punch here."""

    takes_tap = idle = True
    help = "情報担当が attendance load で設定と職員名簿を読み込みます。それまでは紙に時刻を書いておきます。"

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.STOP, "職員名簿がありません。打刻できません",
                       notes=("紙に氏名と時刻を書いてください。情報担当に attendance load を頼みます",))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.leave()

    @override
    async def tap(self, seen: CardSeen) -> None:
        self.screen.ring()
