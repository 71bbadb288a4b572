"""他会場データ: up to when the journals of other places were taken in, and whom two receptions gave papers (事故票)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from screens import polling_papers as papers
from screens.panels import Pick, table
from screens.polling_arrivals import Numbers
from screens.polling_tasks import back_to
from screens.widgets import shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.doubles import DoubleRow
    from screens.polling import PollingScreen

HELP = ("他会場データは、ほかの投票所の記録をこの端末に取り込んだものです。夜に書き出し、翌朝取り込みます。\n"
        "取り込みは、情報担当が sanjo-tui journal merge で行います。同じものを何度取り込んでも変わりません。\n"
        "二重の受付は、取り込んで初めて分かります。画面は決めません。事故票を印刷し、投票管理者と選管が決めます。")


async def menu(screen: PollingScreen) -> None:
    """Up to when, and the doubles."""
    back, polling = back_to(screen), screen.polling
    election = polling.election
    if election is None:
        screen.warn(polling.readiness())
        return
    merged = await screen.ask(polling.merged)
    doubles = await screen.ask(polling.doubles)
    rows = [(shown(one.station), one.at.replace("T", " ")[:16], str(one.seq), str(one.events))
            for one in sorted(merged, key=lambda m: m.station)]
    lines: list[str | Content] = (
        [*table((("拠点", 10), ("いつまで", 18), ("番号", 8), ("件数", 8)), rows, screen.size.width - 2)]
        if rows else ["他会場データは、まだありません。この端末の記録だけを見ています。"])
    lines.append("")
    if doubles:
        lines.append(Content.assemble((f"二重の受付 {len(doubles)}件", "bold $text-error"),
                                      "   Enter で一覧"))
    else:
        lines.append("二重の受付は見つかっていません。")

    async def listed() -> None:
        await _doubles(screen, doubles)

    panel = Numbers(screen, "他会場データ", lines, back=back)
    panel.help = HELP
    if doubles:
        panel.on_enter = ("二重の受付を見る", listed)
    screen.show(panel)


async def _doubles(screen: PollingScreen, doubles: tuple[DoubleRow, ...]) -> None:
    """Numbers of receptions and places; picking a row prints the 事故記録 of that voter."""
    back, election = back_to(screen), screen.polling.election
    assert election is not None

    def line(one: DoubleRow) -> str:
        contest = election.contest(one.contest)
        issues = "、".join(f"{issue.place} {issue.reception_no}" for issue in one.issues)
        roll = f"、名簿 {one.early_day} {one.early_site}" if one.early_day else ""
        return shown(f"{one.kind.value}  {contest.name if contest else one.contest}  {issues}{roll}")

    async def picked(one: DoubleRow | None) -> None:
        if one is None:
            await papers.send(screen, "doubles")
        else:
            await papers.send(screen, "incident", key=one.voter)

    options: list[tuple[str, DoubleRow | None]] = [("事故票を印刷する (全部)", None)]
    options += [(line(one), one) for one in doubles]
    screen.show(Pick(screen, f"二重の受付 {len(doubles)}件", options, picked, back=back, enter=False,
                     prompt="番号を押すと、その方の事故記録を印刷します", help=HELP))
