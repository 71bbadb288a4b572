"""Who came when: voters by hour, sex and contest, and the picture of arrivals by quarter hour. Numbers only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from screens.panels import Hints, Panel, Reading
from screens.polling_sight import short_name
from screens.polling_tasks import back_to
from screens.widgets import pad, row, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sanjo_tui.receptions.polling.election import Contest
    from sanjo_tui.receptions.polling.tally import Sexes, Totals
    from screens.polling import PollingScreen

QUARTERS = 4
AXIS = 6
"""Cells before the bars: the number of the highest one."""
NAME = 20
HEADS = (("選挙・時刻", NAME), ("男", 7), ("女", 7), ("不詳", 6), ("計", 7), ("累計", 8))


class Numbers(Reading):
    """Figures to read out; Esc goes back to what was on the desk."""

    help = ("この投票所のきょうの数です。用紙を渡した時刻で数えます。\n"
            "同じ方が何回か来ても、一つの選挙では一人です。取り消した受付は入りません。\n"
            "PageUp と PageDown で前後を見ます。Esc で戻ります。")


async def hours(screen: PollingScreen) -> None:
    """投票者数 by hour, one table a contest."""
    polling, back = screen.polling, back_to(screen)
    election, place = polling.election, polling.place
    if election is None or place is None:
        return
    day = polling.today()
    _, totals = await screen.ask(polling.turnout)
    lines: list[str | Content] = []
    for contest in election.in_order:
        lines += hours_of(contest, totals, place.code, day.isoformat())
    heads = row([(pad(head, wide, right=wide < NAME), wide) for head, wide in HEADS], screen.size.width - 2, "bold")
    screen.show(Numbers(screen, f"投票者数  {shown(place.name)}  {day.month}月{day.day}日", [heads, *lines], back=back))


def hours_of(contest: Contest, totals: Totals, place: str, day: str) -> list[Content]:
    """One contest: the sum of the day, then every hour in which somebody voted, with the sum so far."""
    lines = [_line(short_name(contest), totals.voters(contest.code, place=place, day=day), "", "bold")]
    so_far = 0
    for hour, sexes in totals.by_hour(contest.code, place, day).items():
        so_far += sexes.total
        lines.append(_line(f"  {hour:02}時台", sexes, str(so_far), ""))
    return lines


def _line(label: str, sexes: Sexes, so_far: str, style: str) -> Content:
    numbers = (*(str(n) for n in (sexes.male, sexes.female, sexes.other, sexes.total)), so_far)
    widths = [wide for _, wide in HEADS[1:]]
    cells = [(label, NAME), *((pad(n, wide, right=True), wide) for n, wide in zip(numbers, widths, strict=True))]
    return row(cells, sum(wide + 1 for _, wide in HEADS), style)


def _right(number: int, cells: int) -> str:
    return pad(str(number), cells, right=True)


async def picture(screen: PollingScreen) -> None:
    """Arrivals of today by quarter hour."""
    back, place, day = back_to(screen), screen.polling.place, screen.polling.today()
    if place is None:
        return
    arrivals = await screen.ask(screen.polling.arrivals)
    opening = place.hours_on(day)
    screen.show(Picture(screen, f"来場のようす  {shown(place.name)}  {day.month}月{day.day}日", arrivals,
                        (opening.opens, opening.closes) if opening is not None else None, back))


class Picture(Panel):
    """Bars of `#`, one column a quarter hour; the busiest is said in words."""

    help = ("きょうこの投票所で受け付けた人数を、15分ごとの棒で見ます。下の数字は時刻(時)です。\n"
            "一番多い15分は、ことばと人数で出ます。Enter で15分ごとの人数の一覧、Esc で戻ります。")

    def __init__(self, screen: PollingScreen, title: str, arrivals: Mapping[int, int],
                 hours: tuple[dt.time, dt.time] | None, back: Callable[[], Awaitable[None]]) -> None:
        super().__init__(screen)
        self._title, self.arrivals, self.back = title, arrivals, back
        self.first, self.last = span(arrivals, hours)

    @override
    def verdict(self) -> Verdict:
        if not self.arrivals:
            return Verdict(Weight.NOTICE, "まだだれも受け付けていません")
        most = max(self.arrivals, key=lambda quarter: (self.arrivals[quarter], quarter))
        return Verdict(Weight.NOTICE, f"一番多いのは {clock(most)} からの15分で {self.arrivals[most]}人",
                       notes=(f"全部で{sum(self.arrivals.values())}人",))

    @override
    def title(self) -> str:
        return self._title

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(line) for line in chart(self.arrivals, self.first, self.last, width, height)]

    @override
    def hints(self) -> Hints:
        return (("Enter", "15分ごとの人数"), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            await self.back()
        elif key == "enter" and self.arrivals:
            rows = [f"{clock(quarter)}  {_right(self.arrivals.get(quarter, 0), 5)}人"
                    for quarter in range(self.first, self.last + 1)]
            self.screen.show(Numbers(self.screen, self._title, rows, back=self._again))

    async def _again(self) -> None:
        self.screen.show(self)


def span(arrivals: Mapping[int, int], hours: tuple[dt.time, dt.time] | None) -> tuple[int, int]:
    """First and last quarter hour of the picture: opening to closing, and whenever anybody came."""
    known = list(arrivals)
    if hours is not None:
        known += [_quarter(hours[0]), _quarter(hours[1]) - 1]
    return (min(known), max(known)) if known else (0, 0)


def clock(quarter: int) -> str:
    """28 as `07:00`."""
    return f"{quarter // QUARTERS:02}:{quarter % QUARTERS * 15:02}"


def chart(arrivals: Mapping[int, int], first: int, last: int, width: int, height: int) -> list[str]:
    """Bars side by side over a line of hours. Any arrival shows at least one `#`; the highest bar fills it."""
    most, rows = max(arrivals.values(), default=0), max(1, height - 2)
    quarters = range(first, min(last, first + width - AXIS - 1) + 1)
    if not most:
        return []
    tall = {quarter: -(-arrivals.get(quarter, 0) * rows // most) for quarter in quarters}
    lines = []
    for high in range(rows, 0, -1):
        label = str(most) if high == rows else ""
        lines.append(pad(label, AXIS - 1, right=True) + " " + "".join(
            "#" if tall[quarter] >= high else " " for quarter in quarters).rstrip())
    lines.append(" " * AXIS + "-" * len(quarters))
    marks = [" "] * (len(quarters) + QUARTERS)
    for at, quarter in enumerate(quarters):
        if quarter % QUARTERS == 0:
            marks[at:at + 2] = f"{quarter // QUARTERS:02}"
    return [*lines, (" " * AXIS + "".join(marks)).rstrip()]


def _quarter(at: dt.time) -> int:
    return at.hour * QUARTERS + at.minute // 15
