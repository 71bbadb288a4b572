"""Beside issuing: the residents' screen on and off, papers left behind, requests, seals."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.content import Content

from sanjo_tui.receptions.kiosk.words import SealStatus
from sanjo_tui.receptions.shelter.look import day_and_clock
from screens.form import Field, FormScreen
from screens.panels import Pick
from screens.widgets import row, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.kiosk.desk import Look
    from sanjo_tui.receptions.kiosk.state import Issue, Seal
    from screens.desk import DeskScreen
    from screens.kiosk import KioskScreen


async def turn(screen: KioskScreen) -> None:
    """F2: the residents' screen; back again only for an operator, where operators are registered."""
    if screen.public and screen.desk.keys.operators():
        answers = await screen.sanjo.push_screen_wait(FormScreen("窓口の画面に戻す", [
            Field(key="operator", label="職員番号", required=True),
            Field(key="pin", label="暗証番号", required=True, secret=True)], enter="戻す"))
        if answers is None:
            return
        await screen.ask(screen.desk.sign_on, answers["operator"], answers["pin"])
    screen.public = not screen.public
    offer_keys(screen)
    screen.box.value = ""
    await screen.refresh_facts()
    screen.rest()


def offer_keys(screen: KioskScreen) -> None:
    """The staff's keys are offered at the counter alone."""
    plain: DeskScreen = screen
    plain.KEYS = () if screen.public else type(screen).KEYS


async def unfinished(screen: KioskScreen) -> None:
    """F6: numbers of which nobody said yet what became of the paper."""
    from screens.kiosk_issue import IssuePanel

    issues = await screen.ask(screen.kiosk.unfinished)

    async def picked(issue: Issue) -> None:
        screen.show(IssuePanel(screen, issue))

    screen.show(Pick(screen, f"交付の確認がまだのもの  {len(issues)}件", [
        (row([(day_and_clock(one.issued_ms), 12), (one.issue_no, 20), (one.certificate.label, 20),
              (one.state.value, 8)], screen.size.width - 5), one) for one in issues], picked,
        prompt="番号で選び、F3 交付、F4 取忘れ、F7 廃止", empty="すべて確認済みです"))


async def send(screen: KioskScreen) -> None:
    """Requests that could not be written."""
    written = await screen.ask(screen.kiosk.request_again)
    await screen.refresh_facts()
    screen.rest()
    screen.tell(f"依頼ファイルを {written} 件書きました" if written else "出し直す依頼はありません")


async def questions(screen: KioskScreen) -> None:
    """Seals about which a person must say something after a change of name."""
    asked = [one for one in await screen.ask(screen.kiosk.every_seal) if one.asked]

    async def picked(seal: Seal) -> None:
        async def answered(keep: bool) -> None:
            receipt = await screen.ask(_answer, screen, seal.holder, keep)
            await screen.refresh_facts()
            await questions(screen)
            screen.tell(receipt.message, receipt.detail)

        screen.show(Pick(screen, f"{seal.seal_registration_no}  {seal.asked}", [
            ("今の氏名に合う。継続する", True), ("合わない。抹消する", False)], answered, enter=False,
            prompt="印影が今の氏名に合うか確かめてください"))

    screen.show(Pick(screen, f"印鑑登録で確かめること  {len(asked)}件", [
        (row([(one.holder, 14), (one.seal_registration_no, 12), (one.asked, 20)], screen.size.width - 5), one)
        for one in asked], picked, empty="ありません"))


def _answer(screen: KioskScreen, holder: str, keep: bool) -> Any:
    return screen.kiosk.answer_seal(holder, keep=keep)


async def seal(screen: KioskScreen, look: Look) -> None:
    """F3 with somebody on the desk: their registration, and what may become of it."""
    panel = screen.panel
    found: Seal | None = await screen.ask(screen.kiosk.seal, look.who.addressee_no)
    options: list[tuple[str | Content, tuple[SealStatus, bool | None]]] = []
    if found is None or found.status is SealStatus.DELETED:
        options.append(("登録する", (SealStatus.REGISTERED, False)))
    elif found.status is SealStatus.SUSPENDED:
        options += [("停止をやめる", (SealStatus.REGISTERED, None)), ("抹消する", (SealStatus.DELETED, None))]
    else:
        word = "カードとの統合をやめる" if found.integrated else "カードを印鑑登録証にする(統合)"
        options += [(word, (SealStatus.REGISTERED, not found.integrated)), ("停止する", (SealStatus.SUSPENDED, None)),
                    ("抹消する", (SealStatus.DELETED, None))]

    async def back() -> None:
        screen.show(panel)

    async def picked(choice: tuple[SealStatus, bool | None]) -> None:
        new = choice[0] is SealStatus.REGISTERED and (found is None or found.status is SealStatus.DELETED)
        fields = [Field(key="number", label="登録番号", required=True)] if new else []
        answers = await screen.sanjo.push_screen_wait(FormScreen("印鑑登録", [
            *fields, Field(key="reason", label="理由", required=True, hint="本人の申請 など")]))
        if answers is None:
            return
        receipt = await screen.ask(_change, screen, look.who.addressee_no, choice, answers)
        await screen.refresh_facts()
        screen.show(panel)
        screen.tell(receipt.message, receipt.detail)

    state = found.status.label + ("  カード統合" if found.integrated else "") if found else "登録なし"
    asked = (f"要確認: {found.asked}",) if found and found.asked else ()
    screen.show(Pick(screen, f"{shown_name(look.who.name)} さんの印鑑登録  {state}", options, picked, back=back,
                     notes=asked, prompt="どうしますか", enter=False))


def _change(screen: KioskScreen, holder: str, choice: tuple[SealStatus, bool | None], answers: dict[str, Any]) -> Any:
    return screen.kiosk.change_seal(holder, choice[0], number=answers.get("number", ""), reason=answers["reason"],
                                    integrated=choice[1])
