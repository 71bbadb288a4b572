"""F6: the papers of a polling place, the voter's on the desk first; 中間報告 is read out before it is printed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from sanjo_tui.errors import RuleError
from sanjo_tui.numbers import canonical_registration_no
from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Pick, table
from screens.polling_arrivals import Numbers
from screens.polling_counts import counts
from screens.polling_tasks import back_to
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from sanjo_tui.desk.voters import VoterLook
    from screens.polling import PollingScreen

HELP = ("番号を押すと印刷に回ります。受付の画面に戻って、印刷を待たずに仕事を続けられます。\n"
        "宣誓書と交付票は、受付番号を入れるとその方のものをもう一度出せます(再発行の印が付きます)。\n"
        "名簿抄本は、停電に備えて開所の前と、ときどき印刷しておきます。印刷の状態は F8 その他にあります。")


OF_A_DAY = ("interim", "balance", "voting_record", "records", "zero", "closing")
"""Forms that tell of one day of the place."""

__all__ = ["counts", "form_name", "interim", "reports", "send"]


def form_name(form: str) -> str:
    """What a form is called; its module draws pages and is loaded with the first paper."""
    from sanjo_tui.desk.polling_papers import FORM_NAMES

    return str(FORM_NAMES.get(form, form))


async def send(screen: PollingScreen, form: str, **parameters: Any) -> None:
    """Records that the document is due and says so. One that waits over midnight still tells of this day."""
    if form in OF_A_DAY:
        parameters.setdefault("day", screen.polling.today().isoformat())
    job = await screen.ask(partial(screen.polling.print, form, **parameters))
    await screen.refresh_facts()
    printer = screen.desk.station.printer
    note = f"番号 {job}。印刷の状態は F8" if printer else "プリンターの設定がありません。設定すると印刷されます"
    screen.tell(f"{form_name(form)}を印刷に回しました", note)


async def reports(screen: PollingScreen) -> None:
    """F6."""
    back, election = back_to(screen), screen.polling.election
    place = screen.polling.place
    if election is None or place is None:
        screen.warn(screen.polling.readiness() or "選挙の設定がありません")
        return
    early = place.kind.is_early
    do = partial(_send_and_back, screen, back)
    again = "宣誓書・交付票を受付番号で再印刷" if early else "交付票を受付番号で再印刷"
    options: list[tuple[str, Callable[[], Awaitable[None]]]] = []
    number = reception_on_desk(screen)
    if number:
        options += [(f"宣誓書の再印刷 {number}", partial(do, "declaration", reception_no=number))] if early else []
        options += [(f"交付票の再印刷 {number}", partial(do, "slip", reception_no=number))]
    options += [
        ("投票者数中間報告" + await _due(screen), partial(interim, screen)),
        ("照合表 (用紙の受払)", partial(do, "balance")),
        ("期日前投票録 素案" if early else "投票録 素案", partial(do, "voting_record")),
        ("名簿抄本 (紙の備え)", partial(_extract, screen, back)),
        ("調書 (不在者・拒否・仮投票・代理・点字)", partial(_records, screen, back)),
        ("事故記録 (一人の方の経過)", partial(_incident, screen, back)),
        (again, partial(_by_number, screen, early)), ("事故票 (二重の受付)", partial(do, "doubles")),
        ("開所のゼロ票", partial(do, "zero"))]
    day = await screen.ask(screen.polling.day)
    if day is not None and day.closing is not None:
        options.append(("閉所票", partial(do, "closing")))

    async def picked(task: Callable[[], Awaitable[None]]) -> None:
        await task()

    screen.show(Pick(screen, "書類", options, picked, prompt="印刷する書類を番号で選んでください", back=back,
                     help=HELP))


async def _due(screen: PollingScreen) -> str:
    """Report times that have passed without a report, for the menu."""
    due = await screen.ask(screen.polling.due_reports)
    return f"  まだの報告 {'、'.join(due)}" if due else ""


async def _send_and_back(screen: PollingScreen, back: Callable[[], Awaitable[None]], form: str, **p: Any) -> None:
    await back()
    await send(screen, form, **p)


def reception_on_desk(screen: PollingScreen) -> str:
    """受付番号 of the reception on the desk, "" where there is none."""
    receipt = getattr(screen.panel, "receipt", None)
    if receipt is not None and receipt.reception_no:
        return str(receipt.reception_no)
    look = getattr(screen.panel, "look", None)
    visits = look.voter.visits if look is not None and look.voter is not None else ()
    return visits[-1].reception_no if visits else ""


async def _by_number(screen: PollingScreen, early: bool) -> None:
    """Any reception by its number."""
    forms = (("declaration", "宣誓書"), ("slip", "交付票"))

    async def record(a: dict[str, Any]) -> bool:
        number = canonical_registration_no(a["number"]) or a["number"]
        if not await screen.ask(screen.polling.voter_of, number):
            raise RuleError("その受付番号の記録はありません。", "番号を、最後の1文字まで確かめてください。")
        await send(screen, a["form"], reception_no=number)
        return True

    await whom.asked(screen, "再印刷", [
        Field(key="number", label="受付番号", required=True, hint="画面や交付票の番号"),
        Field(key="form", label="書類", required=True, options=forms if early else forms[1:],
              value=forms[0][0] if early else forms[1][0])], record, enter="印刷")


async def _extract(screen: PollingScreen, back: Callable[[], Awaitable[None]]) -> None:
    """名簿抄本 in one of its two orders."""
    async def picked(order: str) -> None:
        await _send_and_back(screen, back, "extract", order=order)

    screen.show(Pick(screen, "名簿抄本", [("名簿番号の順", "roll_no"), ("五十音の順", "kana")], picked, back=back,
                     prompt="どの順に並べますか",
                     help="投票済みの方に線を引いた名簿です。何番の受付まで入っているかが書かれます。"))


async def _records(screen: PollingScreen, back: Callable[[], Awaitable[None]]) -> None:
    """一行調書 of one kind."""
    from sanjo_tui.documents.one_line_records import RecordKind

    async def picked(kind: str) -> None:
        await _send_and_back(screen, back, "records", kind=kind)

    screen.show(Pick(screen, "調書", [(kind.label, kind.value) for kind in RecordKind], picked, back=back,
                     prompt="どの調書ですか"))


async def _incident(screen: PollingScreen, back: Callable[[], Awaitable[None]]) -> None:
    """事故記録 of one voter: the chain of events."""
    async def then(look: VoterLook) -> None:
        await _send_and_back(screen, back, "incident", key=look.opened.key)

    await whom.for_voter(screen, "事故記録", "どの方の記録ですか", then)


# --- 中間報告


async def interim(screen: PollingScreen) -> None:
    """The figures of this report time; Enter records and prints them."""
    back, polling = back_to(screen), screen.polling
    election = polling.election
    assert election is not None                 # the menu does not open without one
    due = await screen.ask(polling.due_reports)
    time = due[-1] if due else f"{screen.sanjo.clock():%H:%M}"
    figures = await screen.ask(polling.interim, time)

    async def sheet() -> None:
        await screen.ask(polling.report, time)
        await _send_and_back(screen, back, "interim", time=time)

    late = f"まだの報告: {'、'.join(due)}" if len(due) > 1 else ""
    heads = (("選挙", 30), ("     男", 7), ("     女", 7), ("     計", 7))
    rows = [(shown(contest.name), *(pad(str(n), 7, right=True) for n in figures[contest.code].row))
            for contest in election.in_order]
    lines: list[str | Content] = [*table(heads, rows, screen.size.width - 2), "",
                                  "電話では、選挙ごとに 男、女、計 の順に読み上げます。",
                                  "期日前の会場ではきょうこの会場の人数、当日は期日前と不在者を除いた人数です。"]
    panel = Numbers(screen, f"中間報告 {time} 現在", [*([late] if late else []), *lines], back=back)
    panel.on_enter = ("記録して印刷", sheet)
    screen.show(panel)
