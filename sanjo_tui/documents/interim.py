"""投票者数中間報告: voters of one report time by contest and sex, with what is read out on the telephone. A5.

Every number has its 項番 (contest, then 1 男, 2 女, 3 計), the same in every report of an election, so that both ends
of a telephone find it. Report times are data of the election (docs/polling.md §1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import Box, Sheet, label, value

CONTESTS_A_PAGE = 8
WIDTH = 132.0
LINE_COLUMNS = ("no", "contest", "item", "count", "previous", "change", "electors", "rate")
"""Keys of CSV and JSON."""

Three = tuple[int, int, int]
"""男, 女, 計; 計 may be more than the two where the roll gives no sex."""

NOT_COUNTED = "期日前投票・不在者投票の数は含みません。"
EARLY = "この期日前投票所で、この日に投票した人の数です。"


@dataclass(frozen=True, slots=True, kw_only=True)
class InterimLine:
    """One contest. `electors`: 当日有権者数, None where no rate is reported. `previous`: figures of the last report."""

    contest: str
    voters: Three
    electors: Three | None = None
    previous: Three | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Interim:
    """`number`: 第n報; `time`: 何時現在, e.g. `11:00`; `day` as people read it. `early`: a 期日前投票所.

    `contests` in the order of the boxes. `previous_time` "" in the first report.
    """

    heading: Heading
    election: str
    number: int
    day: str
    time: str
    contests: tuple[InterimLine, ...]
    previous_time: str = ""
    early: bool = False
    reporter: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One number for CSV and JSON. `previous` and `change` are None in the first report; `rate` such as `12.34`."""

    no: int
    contest: str
    item: str
    count: int
    previous: int | None
    change: int | None
    electors: int | None
    rate: str


def render(content: Interim) -> Pdf:
    """A5, eight contests a page."""
    count = max(1, len(content.contests))
    pages = [partial(_page, content, first) for first in range(0, count, CONTESTS_A_PAGE)]
    return compose(content.heading, "投票者数中間報告", A5, pages, margin=8)


def rate(count: int, electors: int | None) -> str:
    """投票率 in percent, two decimals, half up; "" without electors."""
    if not electors:
        return ""
    hundredths = (count * 20_000 + electors) // (2 * electors)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


def lines(content: Interim) -> tuple[ReportLine, ...]:
    """The numbers by 項番, as they are read out."""
    found = []
    for at, line in enumerate(content.contests, 1):
        for item, word in enumerate(("男", "女", "計")):
            now, last = line.voters[item], line.previous[item] if line.previous else None
            electors = line.electors[item] if line.electors else None
            found.append(ReportLine(no=at * 10 + item + 1, contest=line.contest, item=word, count=now, previous=last,
                                    change=None if last is None else now - last, electors=electors,
                                    rate=rate(now, electors)))
    return tuple(found)


def _page(content: Interim, first: int, sheet: Sheet) -> None:
    title(sheet, "投票者数中間報告", 15, 15)
    sheet.text(8 + WIDTH, 22.6, f"第 {content.number} 報", 12, "right", "gothic")
    sheet.fit(8, 20.4, 100, 5.2, f"{content.heading.municipality}選挙管理委員会　あて", 9.5, pad=0, name="あて先")
    since = f"前回 {content.previous_time}" if content.previous_time else "前回なし（第1報）"
    place = "期日前投票所" if content.early else "投票所"
    y = sheet.table(8, 26.6, [
        (7.5, [label(20, "選挙"), value(112, content.election, "選挙", size=11)]),
        (7.5, [label(20, place, 8), value(112, content.heading.place, place, size=11)]),
        (9, [label(20, "何時現在"),
             value(66, f"{content.day}　{content.time} 現在", "何時現在", size=13, font="gothic"),
             value(46, since, "前回報告", size=9.5, font="gothic", align="center")])])
    group = content.contests[first:first + CONTESTS_A_PAGE]
    room = sheet.height - 32 - y - 6.2 - 6.6 - 2.4
    each = min(22.0, room / max(1, len(group)))
    y = sheet.table(8, y + 2.4, _figures(group, each * 0.6))
    sheet.text(8, y + 3.4, "電話読み上げ欄", 9.5, font="gothic")
    sheet.text(8 + WIDTH, y + 3.4, "項番と数を左から順に読み、相手が読み返したら□に印をつけます。", 7.5, "right")
    y = _telephone(sheet, group, first, y + 6.2, each * 0.4)
    y = sheet.table(8, y + 2, [
        (8, [label(16, "報告者", 8), value(34, content.reporter, "報告者", size=9.5), label(16, "受信者", 8),
             value(34, ""), label(10, "時刻", 8, just=False), value(22, "　　時　　分", size=8, font="gothic")])])
    sheet.text(8, y + 2.6, EARLY if content.early else NOT_COUNTED, 7.5)


def _figures(group: Sequence[InterimLine], high: float) -> list[tuple[float, list[Box]]]:
    rows: list[tuple[float, list[Box]]] = [
        (6.6, [label(44, "選挙", 8.5), label(11, "", 8), *(label(21, word, 8.5) for word in ("男", "女", "計")),
               label(14, "率", 8.5)])]
    for line in group:
        electors = line.electors
        percent = rate(line.voters[2], electors[2] if electors else None)
        rows.append((high * 0.6, [
            value(44, line.contest, "選挙名", size=10), value(11, "今回", size=8, align="center", pad=0.5),
            *(value(21, f"{each:,}", line.contest, size=12, font="gothic", align="right") for each in line.voters),
            value(14, f"{percent}%" if percent else "―", line.contest, size=9.5, font="gothic", align="center",
                  pad=0.5)]))
        by_sex = f"{electors[2]:,}（男 {electors[0]:,} 女 {electors[1]:,}）" if electors else "―"
        last = line.previous
        changes = ["―" if last is None else change(line.voters[at] - last[at]) for at in range(3)]
        rows.append((high * 0.4, [
            value(44, f"当日有権者数 {by_sex}", "当日有権者数", size=7, font="gothic"),
            value(11, "前回から", size=7, align="center", pad=0.3),
            *(value(21, each, line.contest, size=8.5, font="gothic", align="right") for each in changes),
            value(14, "", size=7)]))
    return rows


def change(count: int) -> str:
    """`+1,234`, `-2`, `0`."""
    return f"{count:+,}" if count else "0"


def _telephone(sheet: Sheet, group: Sequence[InterimLine], first: int, y: float, high: float) -> float:
    """A row a contest: 項番, word and number, three times, and a box to tick when it was read back."""
    rows: list[tuple[float, list[Box]]] = []
    for at, line in enumerate(group, first + 1):
        row: list[Box] = [value(33, line.contest, "選挙名", size=8.5)]
        for item, word in enumerate(("男", "女", "計")):
            row += [label(11, f"{at * 10 + item + 1} {word}", 8, just=False),
                    value(19, f"{line.voters[item]:,}", line.contest, size=12.5, font="gothic", align="right", pad=1)]
        rows.append((high, [*row, value(9, "")]))
    below = sheet.table(8, y, rows)
    for at in range(len(rows)):
        sheet.rect(8 + WIDTH - 6.2, y + high * (at + 0.5) - 1.7, 3.4, 3.4, 0.4)
    return below
