"""Lists of 出退勤 on the screen: the rows of the paper, made and logged as the paper is; Enter prints what is seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from itertools import groupby
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from screens.panels import Reading
from screens.service_tasks import send
from screens.widgets import row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.paper import Paper
    from screens.attendance import AttendanceScreen

REST = 80
"""The last column takes what is left."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """A list: its title, its form, its columns as (label, field of the row, cells)."""

    title: str
    form: str
    columns: tuple[tuple[str, str, int], ...]
    groups: tuple[str, ...] = ()

    def lines(self, rows: Sequence[Any], width: int) -> list[str | Content]:
        """Heads and rows; a heading before each group."""
        lines: list[str | Content] = [row([(label, cells) for label, _, cells in self.columns], width, "bold")]
        for name, members in groupby(rows, key=lambda one: " ".join(getattr(one, key) for key in self.groups).strip()):
            if self.groups:
                of = list(members)
                lines.append(Content.assemble((f"{shown(name)}  {len(of)}人", "$text-key bold")))
                lines += [self.line(one, width) for one in of]
            else:
                lines += [self.line(one, width) for one in members]
        return lines

    def line(self, one: Any, width: int) -> Content:
        """One row."""
        return row([(shown_name(value) if key == "name" else shown(value), cells)
                    for (_, key, cells) in self.columns for value in [getattr(one, key)]], width)


NO, NAME, DAY = ("職員番号", "staff_no", 9), ("氏名", "name", 16), ("勤務日", "work_date", 9)

PRESENT = Sight(title="在庁者", form="attendance.present", groups=("building", "floor"), columns=(
    ("所属", "section", 14), NO, NAME, ("出勤", "since", 12), ("連絡先", "phone", 12), ("状態", "note", REST)))
MONTH = Sight(title="月次出勤簿", form="attendance.month", columns=(
    DAY, ("区分", "shift", 6), ("出勤", "start", 6), ("退勤", "end", 8), ("休憩", "rest", 5), ("勤務", "worked", 6),
    ("時間外", "overtime", 7), ("休日", "holiday", 5), ("深夜", "night", 5), ("状態", "state", 9), ("", "note", REST)))
LIMITS = Sight(title="上限確認", form="attendance.limits", columns=(
    NO, NAME, ("区分", "profile", 9), ("時間外", "overtime", 7), ("休日", "holiday", 6), ("年計", "year", 7),
    ("見込み", "forecast", 7), ("段階", "step", 6), ("確かめること", "findings", REST)))
NIGHTS = Sight(title="深夜・休日勤務", form="attendance.nights", columns=(
    DAY, NO, NAME, ("区分", "shift", 8), ("休日", "holiday", 7), ("深夜", "night", REST)))
RESTS = Sight(title="勤務間隔の短い日", form="attendance.rests", columns=(DAY, NO, NAME, ("間隔", "rest", REST)))


class MonthSheet(Reading):
    """Somebody's 月次出勤簿."""

    staff_no = ""

    @override
    def hints(self) -> tuple[tuple[str, str], ...]:
        return (*super().hints(), ("F3", "訂正"))


async def show(screen: AttendanceScreen, sight: Sight, **parameters: str) -> Reading:
    """Makes the paper, which logs it, and puts its rows on the screen."""
    made: Paper = await screen.ask(partial(screen.attendance.paper, sight.form, **parameters))
    lines = sight.lines(made.rows, screen.size.width - 2)
    for total in getattr(made.content, "sums", ())[:1]:     # how the month may be rounded is the paper's matter
        lines.append(sight.line(total, screen.size.width - 2).stylize("bold"))

    async def send_it() -> None:
        await send(screen, sight.form, dict(parameters))

    async def back() -> None:
        screen.rest()

    unit = "人" if sight is PRESENT else "件"
    title = f"{sight.title}  {len(made.rows)}{unit}"
    kind = MonthSheet if sight is MONTH else Reading
    if sight is MONTH:
        title = f"{sight.title}  {made.content.month}  {parameters['staff_no']}  {shown_name(made.content.name)}"
    panel = kind(screen, title, lines if made.rows else [*lines, "ありません。"], on_enter=("印刷", send_it), back=back)
    if isinstance(panel, MonthSheet):
        panel.staff_no = parameters["staff_no"]
    screen.show(panel)
    return panel
