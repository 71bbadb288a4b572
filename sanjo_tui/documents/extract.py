"""選挙人名簿抄本: the roll on paper, for the hour in which no screen works (docs/polling.md §5).

A cover with signs and index, then 25 electors a page; every 投票区 begins a page. Who has voted is struck out with a
double line, what may still be handed out has a box to tick. Why somebody is sent to the 投票管理者 is never printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import pairwise

from sanjo_tui.documents import extract_cover
from sanjo_tui.documents.extract_cover import COVER_WARDS, INDEX_WARDS, LEFT, TO_PRESIDING
from sanjo_tui.documents.kana import KANA_ROWS, OTHER, collated, kana_row, numbered
from sanjo_tui.documents.paper import A4_LANDSCAPE, Heading, Page, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, HAIR, LABEL_GREY, MM, RULE, Sheet
from sanjo_tui.receptions.polling.election import Contest
from sanjo_tui.receptions.polling.words import State

COLUMNS = ("roll_no", "ward_code", "name", "name_kana", "birth", "sex", "address", "ticks", "to_presiding", "note")
"""Keys of CSV and JSON; `ticks` holds a word for each contest in the order of the boxes, "" where none is out."""

LINES = 25
RIGHT, TOP, HEAD, BELOW = 287.0, 29.0, 13.0, 190.5
"""Edges of the table in mm, and height of its head."""


class Tick(StrEnum):
    """What the paper says of one elector in one contest."""

    OPEN = ""
    DONE = "済"
    EARLY = "期日前"
    ABSENTEE = "不在者"
    ABSENTEE_OUT = "不在者交付中"
    NOT_ENTITLED = "対象外"
    PROVISIONAL = "仮投票"
    NOT_NOW = "まだ"
    """Of age or open on a later day only: no paper today."""
    ELSEWHERE = "他会場"

    @property
    def voted(self) -> bool:
        """Another paper of this contest never."""
        return self in (Tick.DONE, Tick.EARLY, Tick.ABSENTEE, Tick.PROVISIONAL)


def tick(state: State, *, early: bool = False) -> Tick:
    """The sign of a state; `early`: the paper went out before polling day. 棄権 and 返付 may come again: a box."""
    if state in (State.ISSUED, State.CAST):
        return Tick.EARLY if early else Tick.DONE
    return {State.ABSENTEE_ACCEPTED: Tick.ABSENTEE, State.ABSENTEE_ISSUED: Tick.ABSENTEE_OUT,
            State.NOT_ENTITLED: Tick.NOT_ENTITLED}.get(state, Tick.OPEN)


class Order(StrEnum):
    """How the electors of a 投票区 are sorted."""

    KANA = "kana"
    ROLL_NO = "roll_no"

    @property
    def by_kana(self) -> bool:
        """Rows of kana can be looked up."""
        return self is Order.KANA

    @property
    def words(self) -> str:
        """As the paper says it."""
        return "五十音順" if self.by_kana else "名簿番号順"


@dataclass(frozen=True, slots=True, kw_only=True)
class ExtractRow:
    """One elector. `ticks`: one a contest. `address` as it may be printed: "" for the protected.

    `to_presiding`: 抹消, 失権, 死亡 and whatever else the desk does not decide; no boxes then, and no `note`. `note`: a
    short word for the others (同名あり, 県内確認).
    """

    roll_no: str
    name: str
    ward_code: str = ""
    name_kana: str = ""
    birth: str = ""
    sex: str = ""
    address: str = ""
    ticks: tuple[Tick, ...] = ()
    to_presiding: bool = False
    note: str = ""

    @property
    def struck(self) -> bool:
        """Voted in every contest in which there is a right to."""
        return any(t.voted for t in self.ticks) and all(t.voted or t is Tick.NOT_ENTITLED for t in self.ticks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """`contests` in the order of the boxes. `upto_no`: the last 受付番号 that is in it, "" before the first.

    `upto_time`: until when receptions are in it (13時45分); `others`: the same of other places, or "". `roll_as_of` and
    `polling_day` as people read them.
    """

    heading: Heading
    election: str
    contests: tuple[Contest, ...]
    rows: Sequence[ExtractRow]
    upto_time: str
    upto_no: str = ""
    others: str = ""
    polling_day: str = ""
    roll_as_of: str = ""
    order: Order = Order.KANA

    @property
    def mark(self) -> str:
        """Up to which reception the paper is true."""
        until = f"受付番号 {self.upto_no}・" if self.upto_no else "受付なし・"
        return f"{until}{self.upto_time}まで反映"


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page of the list: rows `first` and following of the sorted list, all of one 投票区."""

    ward: str
    first: int
    rows: Sequence[ExtractRow]


def render(content: Extract) -> Pdf:
    """A4 landscape. 10,000 electors take some seconds, and other papers wait meanwhile: a large town by 投票区."""
    leaves = _leaves(ordered(content.rows, content.order))
    wards = list(dict.fromkeys(leaf.ward for leaf in leaves))
    sheets = [wards[:COVER_WARDS]]
    sheets += [wards[at:at + INDEX_WARDS] for at in range(COVER_WARDS, len(wards), INDEX_WARDS)]
    index = _index(leaves, len(sheets))
    heading = replace(content.heading, edition=content.heading.edition or "予備・紙")
    pages: list[Page] = [partial(extract_cover.cover, content, leaves, sheets[0], index)]
    pages += [partial(extract_cover.index_page, content, leaves, more, index) for more in sheets[1:]]
    pages += [partial(_page, content, leaf, index[leaf.ward]) for leaf in leaves]
    return compose(heading, "選挙人名簿抄本", A4_LANDSCAPE, pages, caution=True)


# --- order and index


def ordered(rows: Sequence[ExtractRow], order: Order) -> list[ExtractRow]:
    """By 投票区, then 五十音 or 名簿番号; numbers within a 名簿番号 count as numbers."""
    if order is Order.ROLL_NO:
        return sorted(rows, key=lambda row: (row.ward_code, numbered(row.roll_no)))
    return sorted(rows, key=lambda row: (row.ward_code, collated(row.name_kana), row.name, numbered(row.roll_no)))


def _leaves(rows: Sequence[ExtractRow]) -> list[Leaf]:
    leaves: list[Leaf] = []
    start = 0
    for at in range(1, len(rows) + 1):
        if at == len(rows) or rows[at].ward_code != rows[start].ward_code or at - start == LINES:
            leaves.append(Leaf(rows[start].ward_code, start, rows[start:at]))
            start = at
    return leaves


def _index(leaves: Sequence[Leaf], before: int) -> dict[str, dict[str, int]]:
    """Of each 投票区 the page on which each row of kana begins; `before` pages stand in front."""
    found: dict[str, dict[str, int]] = {}
    for number, leaf in enumerate(leaves, before + 1):
        pages = found.setdefault(leaf.ward, {})
        for row in leaf.rows:
            pages.setdefault(kana_row(row.name_kana), number)
    return found


# --- a page of the list


def _widths(content: Extract) -> tuple[float, ...]:
    """音, 名簿番号, 氏名, 生年月日, 性別, 住所, each contest, 備考."""
    count = len(content.contests)
    each = 14.0 if count <= 3 else 12.0 if count <= 5 else 10.5
    rest = RIGHT - LEFT - 6 - 25 - 46 - 27 - 8 - 15 - count * each
    return (6.0, 25.0, 46.0, 27.0, 8.0, rest, *(each,) * count, 15.0)


def _page(content: Extract, leaf: Leaf, index: dict[str, int], sheet: Sheet) -> None:
    widths = _widths(content)
    edges = [LEFT]
    for wide in widths:
        edges.append(edges[-1] + wide)
    high = (BELOW - TOP - HEAD) / LINES
    _top(content, leaf, sheet)
    _heads(content, sheet, edges)
    _grid(sheet, edges, high)
    boxes: list[tuple[float, float, float, float]] = []
    before = ""
    for at, row in enumerate(leaf.rows):
        y = TOP + HEAD + at * high
        kana = kana_row(row.name_kana)
        if content.order.by_kana and kana != before:
            sheet.text(LEFT + 3, y + high / 2, kana, 9, "center", "gothic")
            if at:
                sheet.line(LEFT, y, RIGHT, y, 0.9)
            before = kana
        elif not content.order.by_kana:
            sheet.text(LEFT + 3, y + high / 2, str(at + 1), 7.5, "center", "gothic")
        _row(sheet, row, leaf.first + at + 1, edges, y, high, boxes)
    if len(leaf.rows) < LINES:
        y = TOP + HEAD + len(leaf.rows) * high
        sheet.fit(edges[5], y, widths[5], high, "以下余白", 9, "center", grey=0.25)
    sheet.canvas.setLineWidth(0.6)
    sheet.canvas.lines(boxes)
    _foot(content, leaf, index, sheet)
    if content.order.by_kana:
        _tabs(sheet, {kana_row(row.name_kana) for row in leaf.rows})


def _top(content: Extract, leaf: Leaf, sheet: Sheet) -> None:
    title(sheet, "選挙人名簿抄本", 15, 17)
    span = f"{leaf.rows[0].roll_no} から {leaf.rows[-1].roll_no}" if not content.order.by_kana else content.order.words
    others = f"他会場 {content.others}" if content.others else ""
    left = "　".join(part for part in (f"投票区 {leaf.ward or 'なし'}", span, content.heading.place, others) if part)
    mark = max(60.0, min(130.0, sheet.measure(content.mark, 10, "gothic") + 4))
    sheet.fit(LEFT, 21.6, RIGHT - LEFT - mark - 4, 6, left, 10.5, pad=0, name="見出し")
    sheet.rect(RIGHT - mark, 21.6, mark, 6, BOLD)
    sheet.fit(RIGHT - mark, 21.6, mark, 6, content.mark, 10, "center", "gothic", name="反映")


def _heads(content: Extract, sheet: Sheet, edges: Sequence[float]) -> None:
    sheet.rect(LEFT, TOP, RIGHT - LEFT, HEAD, 0, fill=LABEL_GREY)
    words = ("", "名簿番号", "氏名（カナ）", "生年月日", "性別", "住所")
    for at, word in enumerate(words):
        sheet.fit(edges[at], TOP, edges[at + 1] - edges[at], HEAD, word, 8.5, "center", pad=0.4)
    for at, contest in enumerate(content.contests, len(words)):
        x, wide = edges[at], edges[at + 1] - edges[at]
        sheet.text(x + wide / 2, TOP + 1.9, f"箱{contest.box_no}", 7.5, "center", "gothic")
        sheet.fit(x, TOP + 3.4, wide, HEAD - 3.4, contest.name, 7, "center", pad=0.4, name="選挙名の見出し")
    sheet.fit(edges[-2], TOP, edges[-1] - edges[-2], HEAD, "備考", 8.5, "center", pad=0.4)


def _grid(sheet: Sheet, edges: Sequence[float], high: float) -> None:
    bottom = TOP + HEAD + LINES * high
    sheet.canvas.setLineWidth(HAIR)
    rules = [TOP + HEAD + at * high for at in range(1, LINES)]
    sheet.canvas.lines([(LEFT * MM, sheet.py(y), RIGHT * MM, sheet.py(y)) for y in rules])
    sheet.canvas.setLineWidth(0.35)
    sheet.canvas.lines([(x * MM, sheet.py(TOP), x * MM, sheet.py(bottom)) for x in edges[1:-1]])
    sheet.line(LEFT, TOP + HEAD, RIGHT, TOP + HEAD, RULE + 0.3)
    sheet.rect(LEFT, TOP, RIGHT - LEFT, bottom - TOP, BOLD)


def _row(sheet: Sheet, row: ExtractRow, number: int, edges: Sequence[float], y: float, high: float,
         boxes: list[tuple[float, float, float, float]]) -> None:
    place = f"{number}人目"
    wide = [right - left for left, right in pairwise(edges)]
    sheet.fit(edges[1], y, wide[1], high, row.roll_no, 8.5, "center", "gothic", name=f"{place} 名簿番号", pad=0.6)
    sheet.fit(edges[2], y + 0.2, wide[2], high * 0.36, row.name_kana, 5.5, name=f"{place} カナ", pad=1.2)
    sheet.fit(edges[2], y + high * 0.34, wide[2], high * 0.64, row.name, 10, name=f"{place} 氏名", pad=1.2)
    sheet.fit(edges[3], y, wide[3], high, row.birth, 8.5, "center", name=f"{place} 生年月日", pad=0.6)
    sheet.fit(edges[4], y, wide[4], high, row.sex, 8.5, "center", name=f"{place} 性別", pad=0.3)
    sheet.fit(edges[5], y, wide[5], high, row.address, 9, name=f"{place} 住所", pad=1.2)
    if row.struck:
        for offset in (-0.4, 0.4):
            sheet.line(edges[1] + 1, y + high * 0.6 + offset, edges[6] - 1, y + high * 0.6 + offset, 0.4)
    for at, sign in enumerate(row.ticks, 6):
        if sign is Tick.OPEN:
            if not row.to_presiding:
                boxes += _box(sheet, edges[at] + wide[at] / 2, y + high / 2)
            continue
        if sign.voted:
            sheet.rect(edges[at] + 0.3, y + 0.3, wide[at] - 0.6, high - 0.6, 0, fill=0.85)
        words = "不在者\n交付中" if sign is Tick.ABSENTEE_OUT else sign.value
        sheet.fit(edges[at], y, wide[at], high, words, 8, "center", "gothic" if sign.voted else "mincho",
                  name=f"{place} 投票", pad=0.3)
    note = TO_PRESIDING if row.to_presiding else row.note
    sheet.fit(edges[-2], y, wide[-1], high, note, 8.5, "center", "gothic", name=f"{place} 備考", pad=0.4)


def _box(sheet: Sheet, x: float, y: float, side: float = 3.4) -> list[tuple[float, float, float, float]]:
    """The four edges of an empty box, in points: all boxes of a page are one path."""
    left, right = sheet.px(x - side / 2), sheet.px(x + side / 2)
    top, bottom = sheet.py(y - side / 2), sheet.py(y + side / 2)
    return [(left, top, right, top), (right, top, right, bottom), (right, bottom, left, bottom),
            (left, bottom, left, top)]


def _foot(content: Extract, leaf: Leaf, index: dict[str, int], sheet: Sheet) -> None:
    """Where each row of kana of this 投票区 begins; totals of the page."""
    men, women = sum(row.sex == "男" for row in leaf.rows), sum(row.sex == "女" for row in leaf.rows)
    total = f"頁計　{len(leaf.rows)}人（男{men} 女{women}）　うち投票済 {sum(row.struck for row in leaf.rows)}人"
    sheet.text(RIGHT, BELOW + 2.8, total, 8.5, "right", "gothic")
    if content.order.by_kana:
        found = "　".join(f"{row} {index[row]}頁" for row in (*KANA_ROWS, OTHER) if row in index)
        sheet.fit(LEFT, BELOW + 0.6, 190, 4.4, f"索引　{found}", 8.5, font="gothic", pad=0, name="索引")


def _tabs(sheet: Sheet, here: set[str]) -> None:
    """つめ on the right edge: the rows of kana of this page in white on black, found by thumbing through."""
    high = (BELOW - TOP) / (len(KANA_ROWS) + 1)
    for at, row in enumerate((*KANA_ROWS, OTHER)):
        dark = row in here
        y = TOP + at * high
        sheet.rect(RIGHT + 1, y, 5, high - 0.6, 0 if dark else HAIR, fill=0.0 if dark else None)
        sheet.text(RIGHT + 3.5, y + high / 2 - 0.3, row, 9, "center", "gothic", grey=1.0 if dark else 0.45)
