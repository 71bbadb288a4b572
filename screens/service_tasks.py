"""F5, F8, F9 and F12 of every service: papers, what a new register asks for, taking back, practice cards."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from sanjo_tui.receptions.base import Weight
from screens.form import Field, FormScreen
from screens.panels import Pick, Reading
from screens.shelter_jobs import jobs
from screens.shelter_tasks import demo_cards
from screens.widgets import row, shown

if TYPE_CHECKING:
    from sanjo_tui.desk.following import Due
    from sanjo_tui.desk.service import Latest
    from screens.service import ServiceScreen

__all__ = ["demo_cards", "dues", "jobs", "papers", "undo"]

REASONS = ("押しまちがい", "人違い", "本人の申出", "二重に記録した")


async def papers(screen: ServiceScreen) -> None:
    """F5: documents of who is on the desk first, then the lists."""
    panel = screen.panel
    choices = [*screen.papers_of(panel), *screen.PAPERS]

    async def back() -> None:
        screen.show(panel)

    async def picked(choice: tuple[str, Any]) -> None:
        await send(screen, choice[0], dict(choice[1]))
        screen.show(panel)

    screen.show(Pick(screen, "書類", [(label, (form, parameters)) for label, form, parameters in choices], picked,
                     prompt="印刷する書類を番号で選んでください", back=back, empty="印刷できる書類はありません",
                     help="番号を押すと印刷に回ります。受付の画面に戻って、印刷を待たずに仕事を続けられます。\n"
                          "印刷の状態と再発行は F8 その他にあります。"))


async def send(screen: ServiceScreen, form: str, parameters: dict[str, Any]) -> None:
    """Records that the document is due and says so."""
    job = await screen.ask(partial(screen.service.print, form, **parameters))
    await screen.refresh_facts()
    printer = screen.desk.station.printer
    note = f"番号 {job}。印刷の状態は F8" if printer else "プリンターの設定がありません。設定すると印刷されます"
    screen.tell(f"{screen.service.form_name(form)}を印刷に回しました", note)


async def undo(screen: ServiceScreen) -> None:
    """F9: which of the latest receptions, and why."""
    panel = screen.panel
    latest: tuple[Latest, ...] = await screen.ask(screen.service.undoable, 9)

    async def back() -> None:
        screen.show(panel)

    async def take_back(one: Latest, reason: str | None) -> None:
        if reason is None:
            answers = await screen.sanjo.push_screen_wait(FormScreen("取消の理由", [
                Field(key="reason", label="理由", required=True)], enter="取消"))
            if answers is None:
                return
            reason = answers["reason"]
        await screen.recorded(await screen.ask(screen.service.undo, one.number, reason))

    async def chosen(one: Latest) -> None:
        reasons: list[tuple[str, str | None]] = [(reason, reason) for reason in REASONS]
        reasons.append(("そのほか(書く)", None))
        screen.show(Pick(screen, f"取消: {one.at} {shown(one.text)}", reasons, partial(take_back, one), enter=False,
                         prompt="取消の理由を番号で選んでください", back=back, weight=Weight.CAUTION))

    screen.show(Pick(screen, "取消: どの受付ですか", [(f"{one.at}  {shown(one.text)}  {one.operator}", one)
                                                  for one in latest], chosen,
                     prompt="取り消す受付を番号で選んでください", enter=False, back=back, weight=Weight.CAUTION,
                     empty="取り消せる受付はありません",
                     help="取り消しても記録は消えません。理由と一緒に残ります。"))


async def dues(screen: ServiceScreen) -> None:
    """What somebody must do because a new register changed people: numbers, what changed, the next step."""
    panel = screen.panel
    listed: tuple[Due, ...] = await screen.ask(_listed, screen)
    lines: list[str | Content] = [row([("宛名番号", 12), ("番号", 16), ("変更", 18), ("すること", 60)],
                                      screen.size.width - 2, "bold")]
    lines += [row([(due.subject, 12), (due.number, 16), (due.what, 18), (due.todo, 60)], screen.size.width - 2)
              for due in listed]

    async def back() -> None:
        screen.show(panel)

    screen.show(Reading(screen, f"住基の更新でやること  {len(listed)}件", lines if listed else ["今はありません。"],
                        back=back))


def _listed(screen: ServiceScreen) -> tuple[Due, ...]:
    with screen.desk.journal.view() as view:
        listed = screen.service.dues(view)
    if listed:
        screen.service.list_made(f"{screen.RECEPTION}.dues", len(listed))
    return listed
