"""Who came when: voters by hour, sex and contest, and the picture of arrivals by quarter hour. Numbers only."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from screens.panels import Reading, table
from screens.polling_tasks import back_to
from screens.widgets import pad, shown

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from sanjo_tui.receptions.polling.election import Contest
    from sanjo_tui.receptions.polling.tally import Sexes, Totals
    from screens.polling import PollingScreen

QUARTERS = 4
BAR = 50
"""Cells of the longest bar on a screen of 80."""
HEADS = (("時台", 8), ("男", 7), ("女", 7), ("不詳", 6), ("計", 7), ("累計", 8))


class Numbers(Reading):
    """Figures to read out; Esc goes back to what was on the desk."""

    help = ("この投票所のきょうの数です。用紙を渡した時刻で数えます。\n"
            "同じ方が何回か来ても、一つの選挙では一人です。取り消した受付は入りません。\n"
            "PageUp と PageDown で前後を見ます。Esc で戻ります。")

    def __init__(self, screen: PollingScreen, title: str, text: Sequence[str | Content],
                 back: Callable[[], Awaitable[None]]) -> None:
        super().__init__(screen, title, text)
        self._back = back

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            await self._back()
        else:
            await super().key(key, character)


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
        lines += [*hours_of(contest, totals, place.code, day.isoformat()), ""]
    screen.show(Numbers(screen, f"投票者数  {shown(place.name)}  {day.month}月{day.day}日", lines, back))


def hours_of(contest: Contest, totals: Totals, place: str, day: str) -> list[str | Content]:
    """One contest: every hour in which somebody voted, and the sum of the day."""
    by_hour = totals.by_hour(contest.code, place, day)
    whole = totals.voters(contest.code, place=place, day=day)
    rows, so_far = [], 0
    for hour, sexes in by_hour.items():
        so_far += sexes.total
        rows.append((f"{hour:>2}時台", *_cells(sexes), _right(so_far, 8)))
    rows.append(("計", *_cells(whole), ""))
    heads = [(HEADS[0][0], HEADS[0][1]), *((" " * max(0, width - 2 * len(head)) + head, width)
                                           for head, width in HEADS[1:])]
    return [Content.assemble((shown(contest.name), "bold")), *table(heads, rows, 60)]


def _cells(sexes: Sexes) -> tuple[str, ...]:
    return _right(sexes.male, 7), _right(sexes.female, 7), _right(sexes.other, 6), _right(sexes.total, 7)


def _right(number: int, cells: int) -> str:
    return pad(str(number), cells, right=True)


async def picture(screen: PollingScreen) -> None:
    """Arrivals of today by quarter hour."""
    back, place, day = back_to(screen), screen.polling.place, screen.polling.today()
    if place is None:
        return
    _, totals = await screen.ask(screen.polling.turnout)
    arrivals = totals.arrivals(place.code, day.isoformat())
    opening = place.hours_on(day)
    hours = (opening.opens, opening.closes) if opening is not None else None
    screen.show(Numbers(screen, f"来場のようす  {day.month}月{day.day}日  計{sum(arrivals.values())}人 (15分ごと)",
                        bars(arrivals, hours, min(BAR, screen.size.width - 30)), back))


def bars(arrivals: Mapping[int, int], hours: tuple[dt.time, dt.time] | None, room: int) -> list[str | Content]:
    """One bar a quarter hour, `08:15   12 ########  一番多い`; from opening to closing, or where anybody came."""
    if not arrivals:
        return ["まだだれも受け付けていません。"]
    first, last = min(arrivals), max(arrivals)
    if hours is not None:
        first, last = min(first, _quarter(hours[0])), max(last, min(_quarter(hours[1]) - 1, last + QUARTERS))
    most = max(arrivals.values())
    per = max(1, -(-most // room))
    lines: list[str | Content] = [f"# は {per}人" if per > 1 else "# は 1人"]
    for quarter in range(first, last + 1):
        number = arrivals.get(quarter, 0)
        at = f"{quarter // QUARTERS:02}:{quarter % QUARTERS * 15:02}"
        text = f"{at} {_right(number, 4)} {'#' * -(-number // per)}"
        lines.append(Content.assemble((text, "bold"), "  一番多い") if number == most else Content(text))
    return lines


def _quarter(at: dt.time) -> int:
    return at.hour * QUARTERS + at.minute // 15


