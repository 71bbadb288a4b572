"""For the 投票録: who is on duty, who left or took over, and remarks that concern no single voter."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content

from screens import polling_whom as whom
from screens.form import Field
from screens.panels import Pick
from screens.polling_tasks import back_to
from screens.widgets import row, shown

if TYPE_CHECKING:
    from sanjo_tui.receptions.polling.election import Staff
    from screens.polling import PollingScreen

CATEGORIES = ("投票箱の開閉", "退出を命じた者", "停電・機器の故障", "災害・避難", "用紙", "そのほか")


async def duty(screen: PollingScreen) -> None:
    """従事者: pick somebody, then the time they came or left."""
    back, polling = back_to(screen), screen.polling
    election = polling.election
    if election is None:
        screen.warn(polling.readiness())
        return
    day = await screen.ask(polling.day)
    noted = {d.staff: d for d in day.duties} if day is not None else {}
    width = screen.size.width - 5

    def line(one: Staff) -> Content:
        last = noted.get(one.id)
        times = f"{last.came or '--:--'} から {last.left or ''}" if last is not None else "記録なし"
        return row([(shown(one.name), 20), (one.role.value, 12), (times, 18), (one.id, 12)], width, emphasis=0)

    options: list[tuple[str | Content, Staff | None]] = [(line(one), one) for one in election.staff]
    options.append(("名簿にない人 (補充の立会人など)", None))
    screen.show(Pick(screen, "従事者の参会・退出", options, partial(_note, screen), back=back, enter=False,
                     prompt="だれのことですか",
                     help="投票管理者、職務代理者、立会人などが来た時刻と帰った時刻を残します。投票録に入ります。\n"
                          "交代や補充は備考に書きます。"))


async def _note(screen: PollingScreen, one: Staff | None) -> None:
    from sanjo_tui.receptions.polling.words import StaffRole

    now = f"{screen.sanjo.clock():%H:%M}"

    async def record(a: dict[str, Any]) -> bool:
        came, left = (a["time"], "") if a["what"] == "came" else ("", a["time"])
        await screen.ask(screen.polling.duty, a["role"], a["name"], staff=one.id if one else "", came=came, left=left,
                         remark=a["remark"])
        return True

    if await whom.asked(screen, "参会・退出", [
            Field(key="what", label="何を", value="came", options=(("came", "来た"), ("left", "帰った"))),
            Field(key="time", label="時刻", value=now, required=True),
            Field(key="name", label="氏名", value=one.name if one else "", required=True),
            Field(key="role", label="役割", value=one.role if one else StaffRole.WITNESS, required=True,
                  options=tuple((r, r.value) for r in StaffRole)),
            Field(key="remark", label="備考", hint="交代、補充など")], record):
        screen.rest()
        screen.tell("参会・退出を記録しました")


async def remark(screen: PollingScreen) -> None:
    """A remark for the 投票録."""

    async def record(a: dict[str, Any]) -> bool:
        await screen.ask(screen.polling.remark, a["category"], a["text"])
        return True

    if await whom.asked(screen, "投票録に残すこと", [
            Field(key="category", label="種類", required=True, options=tuple((c, c) for c in CATEGORIES)),
            Field(key="text", label="何があったか", required=True)], record,
            note="一人の方のことは、投票管理者の仕事の「事故の記録」に書きます。"):
        screen.rest()
        screen.tell("投票録に残すことを記録しました")
