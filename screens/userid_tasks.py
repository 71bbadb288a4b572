"""F8 and F2 of 利用者ID発行: issues that are under way, and what can be changed of a number."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.userid.words import Status, masked
from screens.form import Field, FormScreen
from screens.panels import Pick

if TYPE_CHECKING:
    from screens.userid import Consent, UseridScreen

REASONS = ("紛失", "本人の申出", "盗難", "カードの返納", "調査中")
AGAIN = ("見つかった", "本人の申出", "調査の終了")


async def unfinished(screen: UseridScreen) -> None:
    """Whose issue is under way; the digit opens them, logged as any other look-up."""
    panel = screen.panel
    found = await screen.ask(screen.userid.unfinished)

    async def back() -> None:
        screen.show(panel)

    async def picked(addressee_no: str) -> None:
        await screen.opened(await screen.ask(screen.desk.open_resident, addressee_no))

    screen.show(Pick(screen, "発行の途中", [
        (f"{one.reception_no}  宛名番号 {one.addressee_no}  {masked(one.pending)}  {one.pending_status.label}",
         one.addressee_no) for one in found], picked, back=back, prompt="続ける方を番号で選んでください"))


TASKS: tuple[tuple[str, Callable[[Any], Awaitable[None]]], ...] = (("発行の途中（続ける・取りやめる）", unfinished),)


def changes(panel: Consent) -> None:
    """What can be done with the number that is open."""
    screen, holder, who = panel.desk, panel.holder, panel.who
    link = panel.opened.link
    service = screen.userid

    async def back() -> None:
        screen.show(panel)

    async def done(call: Callable[[], Any]) -> None:
        await screen.recorded(await screen.ask(call))

    def why(title: str, reasons: tuple[str, ...], call: Callable[[str], Any]) -> None:
        async def chosen(reason: str) -> None:
            await done(partial(call, reason))

        screen.show(Pick(screen, title, [(one, one) for one in reasons], chosen, enter=False, back=back,
                         weight=Weight.CAUTION, prompt="理由を番号で選んでください",
                         notes=("次にカードをかざしたときから効きます",)))

    async def suspend() -> None:
        why("停止の理由", REASONS, lambda reason: service.suspend(who, reason, link))

    async def resume() -> None:
        why("停止を解く理由", AGAIN, lambda reason: service.resume(who, reason))

    async def withdraw() -> None:
        why("同意の撤回の理由", REASONS[1:4], lambda reason: service.withdraw(who, reason, link))

    async def consent() -> None:
        if not panel.chosen:
            screen.show(panel)
            screen.warn("先に、新しく同意する業務を番号で選んでください")
            return
        await done(partial(service.change_consent, who, tuple(sorted(panel.chosen))))

    async def other() -> None:
        answers = await screen.sanjo.push_screen_wait(FormScreen("番号の連携", [
            Field(key="system", label="業務", options=tuple((one.code, one.label) for one in panel.setup.links),
                  required=True),
            Field(key="number", label="その業務の番号", required=True)], enter="記録"))
        if answers is not None:
            await done(partial(service.link_number, who, str(answers["system"]), str(answers["number"]).strip()))

    stopped = holder is not None and holder.status is Status.SUSPENDED
    used = holder is not None and holder.in_use
    options: list[tuple[str, Callable[[], Awaitable[None]]]] = []
    if used or (holder is None and panel.look.register_id):
        options.append(("利用を停止する", suspend))
    if stopped:
        options.append(("停止を解く", resume))
    if used:
        options.append(("同意する業務を、選んだものに替える", consent))
        options.append(("ほかの業務の番号と連携する", other))
    if used or stopped or (holder is None and panel.look.register_id):
        options.append(("同意を撤回する", withdraw))

    async def picked(act: Callable[[], Awaitable[None]]) -> None:
        await act()

    screen.show(Pick(screen, "利用者IDの変更", options, picked, enter=False, back=back,
                     empty="変えられるものはありません"))
