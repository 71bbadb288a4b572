"""What personnel and the night guard do: from the entrance to their desk and back, lists, cards, closing of a month."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.content import Content
from typing_extensions import override

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk.attendance.basis import checked_month
from sanjo_tui.errors import NotAllowed, RuleError
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.vault.roles import Permission, Role
from screens import attendance_lists as lists
from screens.attendance_correcting import correct, explain, unfinished
from screens.attendance_lists import MonthSheet
from screens.form import Field, FormScreen
from screens.panels import Panel, Pick
from screens.questions import Question, ask_all

if TYPE_CHECKING:
    from sanjo_tui.desk import Desk
    from screens.attendance import AttendanceScreen
    from screens.service import ServiceScreen

__all__ = ["MonthSheet", "bind", "choose_month", "correct", "explain", "limits", "lock", "month_of", "nights",
           "present", "rests", "turn", "unbind", "unfinished"]


def _own(screen: ServiceScreen) -> AttendanceScreen:
    return cast("AttendanceScreen", screen)


async def turn(screen: AttendanceScreen) -> None:
    """F2: from the entrance to the staff's desk and back; a terminal asks who it is, and is itself again afterwards."""
    desk = screen.desk
    if not screen.wall:
        if screen.terminal is not None:
            await screen.ask(desk.back_to_terminal, screen.terminal)
            screen.terminal = None
        screen.side(wall=True)
    elif desk.who.role is Role.TERMINAL:
        await _sign_on(screen)
    else:
        await screen.ask(desk.permit, Permission.LIST)
        screen.side(wall=False)
    await screen.refresh_facts()


async def _sign_on(screen: AttendanceScreen) -> None:
    desk: Desk = screen.desk
    answers = await screen.sanjo.push_screen_wait(FormScreen("人事と宿直の画面", [
        Field(key="operator", label="職員番号", required=True),
        Field(key="pin", label="暗証番号", required=True, secret=True)], enter="開く"))
    if answers is None:
        return
    terminal = desk.who
    await screen.ask(desk.sign_on, answers["operator"], answers["pin"])
    try:
        await screen.ask(desk.permit, Permission.LIST)
    except NotAllowed:
        await screen.ask(desk.back_to_terminal, terminal)
        raise
    screen.terminal = terminal
    screen.side(wall=False)


# --- lists

def _month(screen: AttendanceScreen) -> dict[str, str]:
    return {"month": screen.month} if screen.month else {}


async def month_of(screen: AttendanceScreen, staff_no: str) -> None:
    """月次出勤簿 of a 職員番号."""
    await lists.show(screen, lists.MONTH, staff_no=staff_no.strip(), **_month(screen))


async def present(screen: AttendanceScreen) -> None:
    """F6: who is in."""
    await lists.show(screen, lists.PRESENT)


async def limits(screen: ServiceScreen) -> None:
    """上限確認 with the forecast."""
    await lists.show(_own(screen), lists.LIMITS, **_month(_own(screen)))


async def nights(screen: ServiceScreen) -> None:
    """深夜 and 休日."""
    await lists.show(_own(screen), lists.NIGHTS, **_month(_own(screen)))


async def rests(screen: ServiceScreen) -> None:
    """Short rests."""
    await lists.show(_own(screen), lists.RESTS, **_month(_own(screen)))


def month_check(text: str) -> str:
    """The sentence for what is no month, or ""."""
    try:
        checked_month(text)
    except RuleError as error:
        return error.message
    return ""


async def choose_month(screen: ServiceScreen) -> None:
    """The month that lists and papers are about."""
    own = _own(screen)

    async def back() -> None:
        own.rest()

    async def chosen(answers: dict[str, Any]) -> None:
        own.month = answers["month"]
        await own.refresh_facts()
        own.rest()

    await ask_all(own, "月を選ぶ", [Question(key="month", label="月", hint="例 2026-10。空なら今月", required=False,
                                          check=month_check)], chosen, back)


async def lock(screen: ServiceScreen) -> None:
    """月の締め, and its lifting."""
    own = _own(screen)

    async def back() -> None:
        own.rest()

    async def chosen(answers: dict[str, Any]) -> None:
        receipt = await own.ask(partial(own.attendance.lock, answers["month"], locked=answers["locked"]))
        await own.recorded(receipt)

    await ask_all(own, "月の締め", [
        Question(key="month", label="月", hint="例 2026-10", check=month_check),
        Question(key="locked", label="どうしますか", options=((True, "締める"), (False, "締めを解く")))], chosen, back)


# --- cards of staff

CARD_REASONS = ("返却", "紛失", "派遣の終わり", "登録まちがい")


class HoldCard(Panel):
    """Waits for the card that is bound or freed."""

    takes_tap = asks_for_card = True
    help = "登録する、または解除するカードを、読取機にかざします。Esc でやめます。"

    def __init__(self, screen: AttendanceScreen, sentence: str, then: Callable[[CardSeen], Awaitable[None]]) -> None:
        super().__init__(screen)
        self.sentence, self.then = sentence, then

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.READY, self.sentence, notes=("打刻にはなりません", "やめるときは Esc"))

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return []

    @override
    async def tap(self, seen: CardSeen) -> None:
        await self.then(seen)


async def bind(screen: ServiceScreen) -> None:
    """Another card of somebody of the staff: from another town, or the staff's own."""
    own = _own(screen)

    async def back() -> None:
        own.rest()

    async def held(staff_no: str, seen: CardSeen) -> None:
        await own.ask(own.attendance.bind_card, staff_no, seen)
        await own.refresh_facts()
        own.rest()
        own.tell("カードを登録しました", f"職員番号 {staff_no}")

    async def named(answers: dict[str, Any]) -> None:
        staff_no = answers["staff_no"].strip()
        await own.ask(own.attendance.member, staff_no)
        own.show(HoldCard(own, f"{staff_no} に登録するカードをかざしてください", partial(held, staff_no)))

    whose = Question(key="staff_no", label="職員番号", hint="カードを持つ人の職員番号")
    await ask_all(own, "職員のカードを登録する", [whose], named, back)


async def unbind(screen: ServiceScreen) -> None:
    """The card is nobody's any more."""
    own = _own(screen)

    async def held(seen: CardSeen) -> None:
        async def why(reason: str) -> None:
            await own.ask(own.attendance.unbind_card, seen, reason)
            await own.refresh_facts()
            own.rest()
            own.tell("カードの登録を解除しました")

        own.show(Pick(own, "カードの登録を解除する", [(text, text) for text in CARD_REASONS], why, enter=False,
                      prompt="理由を番号で選んでください"))

    own.show(HoldCard(own, "解除するカードをかざしてください", held))
