"""避難所状況報告書: numbers of one moment beside those of the last report, to be read out by telephone or sent by fax.

Every number has its 項番 and its place on the page whatever the figures are, so that both ends of a telephone find it.
The items: docs/shelter.md §1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from sanjo_tui.documents.paper import A4, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import Align, Box, Sheet, checks, label, value
from sanjo_tui.receptions.shelter.lists import Figures
from sanjo_tui.receptions.shelter.words import Need, Stay

LINE, COLUMN_HEIGHT = 6.4, 138.4
"""mm: one number, one of the two columns of numbers."""

SLOTS = {"避難者数": (1, 5), "年齢別": (11, 8), "滞在方法別": (21, 5), "要配慮": (31, 12), "そのほか": (51, 7)}
"""First 項番 and number of places of each group; places without an item stay empty."""

Item = tuple[str, int, int | None]
"""Word, number now, number in the last report."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """`number`: 第n報. `previous`: figures of the last report, None for the first. Words "" are blanks to fill in.

    `arrived`, `left`: people since the last report (since opening in the first one). `lifelines`: 電気, 水道, 通信 as
    words such as 停電. `requests`: 物資などの要請. `staff`: people on duty, "" unknown.
    """

    heading: Heading
    number: int
    figures: Figures
    previous: Figures | None = None
    opened_at: str = ""
    arrived: int = 0
    left: int = 0
    power: str = ""
    water: str = ""
    communication: str = ""
    staff: str = ""
    requests: str = ""
    note: str = ""
    reporter: str = ""


def render(content: Report) -> Pdf:
    """One page, A4."""
    return compose(content.heading, "避難所状況報告書", A4, [partial(_page, content)])


def items(content: Report) -> dict[str, tuple[Item, ...]]:
    """All numbers of the form by group, in the order of the form: what paper, CSV and the telephone share."""
    now, last = content.figures, content.previous

    def one(word: str, field: str) -> Item:
        return word, getattr(now, field), getattr(last, field) if last else None

    def group(field: str, fixed: Sequence[str] = ()) -> tuple[Item, ...]:
        here, before = dict(getattr(now, field)), dict(getattr(last, field)) if last else {}
        words = dict.fromkeys((*fixed, *here))
        return tuple((word, here.get(word, 0), before.get(word, 0) if last else None) for word in words)

    return {
        "避難者数": (one("世帯数", "households"), one("人数", "people"), one("　うち男", "male"),
                 one("　うち女", "female"), one("　うち性別不明", "sex_unknown")),
        "年齢別": group("by_age"),
        "滞在方法別": group("by_stay", [stay.label for stay in Stay]),
        "要配慮": (one("要配慮者", "with_needs"), *group("by_need", [need.label for need in Need]),
                one("0歳児（ミルク等）", "infants")),
        "そのほか": (one("一時外出", "on_leave"), one("退所（累計）", "departed"), one("安否確認", "accounted"),
                 one("仮登録", "provisional"), one("負傷・疾病", "injured"), one("必要食数", "meals"),
                 one("ペット", "pets")),
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportLine:
    """One number of the form, for CSV and JSON. `previous` and `change` are None in the first report."""

    no: int
    group: str
    item: str
    count: int
    previous: int | None
    change: int | None


LINE_COLUMNS = ("no", "group", "item", "count", "previous", "change")
"""Keys of CSV and JSON."""


def lines(content: Report) -> tuple[ReportLine, ...]:
    """The numbers of the form, by 項番."""
    return tuple(ReportLine(no=SLOTS[name][0] + at, group=name, item=word.strip("　"), count=now, previous=last,
                            change=None if last is None else now - last)
                 for name, group in items(content).items() for at, (word, now, last) in enumerate(group))


def delta(now: int, last: int | None) -> str:
    """`+3`, `-2`, `0`; `―` in the first report."""
    return "―" if last is None else "0" if now == last else f"{now - last:+d}"


def _page(content: Report, sheet: Sheet) -> None:
    title(sheet, "避難所状況報告書", 17, 18)
    sheet.text(200, 25.5, f"第 {content.number} 報", 14, "right", "gothic")
    sheet.text(10, 25.5, f"{content.heading.municipality}災害対策本部　あて", 11)
    y = sheet.table(10, 30, _about(content))
    groups = items(content)
    left = sheet.table(10, y + 3, _numbers(groups, ("避難者数", "年齢別", "滞在方法別")))
    right = sheet.table(106.5, y + 3, _numbers(groups, ("要配慮", "そのほか")))
    y = max(left, right) + 3
    y = sheet.table(10, y, _words(content, max(14.0, (272 - y - 15) / 1.8)))
    sheet.text(10, y + 3, "電話で伝えるときは、項番と今回の数を順に読みます。", 8, font="gothic")


def _about(content: Report) -> list[tuple[float, list[Box]]]:
    figures, heading = content.figures, content.heading
    last = content.previous.at if content.previous else "なし（第1報）"
    full = f"{figures.people} / {figures.capacity}人" if figures.capacity else "定員の定めなし"
    return [
        (8, [label(26, "避難所名"), value(69, heading.place, "避難所名", size=12),
             label(26, "災害名"), value(69, heading.disaster, "災害名", size=10.5)]),
        (8, [label(26, "報告時点"), value(69, heading.at, "報告時点", size=11, font="gothic"),
             label(26, "前回報告"), value(69, last, "前回報告", size=10, font="gothic")]),
        (8, [label(26, "開設日時"), value(69, content.opened_at, "開設日時", size=10, font="gothic"),
             label(26, "人数 / 定員", just=False), value(69, full, "定員", size=11, font="gothic")]),
        (8, [label(26, "新規入所"), _count(26, content.arrived, "人"), label(17, "退所", 8.5),
             _count(26, content.left, "人"), label(26, "報告者"), value(69, content.reporter, "報告者", size=10)]),
    ]


def _count(width: float, number: int, unit: str) -> Box:
    return value(width, f"{number} {unit}", size=11, font="gothic", align="right")


def _numbers(groups: dict[str, tuple[Item, ...]], names: Sequence[str]) -> list[tuple[float, list[Box]]]:
    small: Align = "center"
    slots = [(name, max(SLOTS[name][1], len(groups[name]))) for name in names]
    head = (COLUMN_HEIGHT - 6 - LINE * sum(count for _, count in slots)) / len(slots)
    rows: list[tuple[float, list[Box]]] = [
        (6, [label(12, "項番", 8, just=False), label(35.5, "項目", 8.5), label(17, "今回", 8.5), label(14, "前回", 8.5),
             label(15, "増減", 8.5)])]
    for name, count in slots:
        rows.append((max(4.5, head), [label(93.5, name, 8.5, just=False)]))
        for at in range(count):
            word, now, last = groups[name][at] if at < len(groups[name]) else ("", None, None)
            rows.append((LINE, [
                value(12, str(SLOTS[name][0] + at), size=9, font="gothic", align=small, pad=0.5),
                value(35.5, word, size=9.5),
                value(17, "" if now is None else str(now), size=12, font="gothic", align="right"),
                value(14, "" if last is None else str(last), size=9.5, font="gothic", align="right"),
                value(15, "" if now is None else delta(now, last), size=10.5, font="gothic", align="right")]))
    return rows


def _words(content: Report, high: float) -> list[tuple[float, list[Box]]]:
    def state(width: float, word: str, *words: str) -> Box:
        if word and word not in words:
            return value(width, word, size=9)
        return checks(width, [(word == each, each) for each in words], size=8)

    return [
        (7.5, [label(18, "電気", 8.5), state(45, content.power, "使える", "停電"),
               label(18, "水道", 8.5), state(45, content.water, "使える", "断水"),
               label(18, "通信", 8.5), state(46, content.communication, "使える", "不通")]),
        (7.5, [label(18, "職員数", 8.5), value(45, f"{content.staff or '　　　'} 人", "職員数", font="gothic"),
               label(18, "受信者", 8.5), value(45, "", "受信者"),
               label(18, "受信時刻", 8.5), value(46, "　　時　　分", font="gothic")]),
        (high, [label(18, "物資など\nの要請", 8.5), value(172, content.requests, "物資などの要請", size=10)]),
        (high * 0.8, [label(18, "備考", 8.5), value(172, content.note, "備考", size=10)]),
    ]
