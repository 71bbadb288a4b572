"""The one layout of all lists: title, who and when, a repeated header, rows of fixed height, totals of each page.

A list is columns over frozen rows. Rows that follow a heading (`group`) stay with it, and a group may begin a new page,
so that sheets can be handed to different people. Empty rows of the last page are ruled, for what is added by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sanjo_tui.documents.paper import A4_LANDSCAPE, Heading, Pdf, compose, title
from sanjo_tui.documents.sheet import BOLD, HAIR, LABEL_GREY, MM, RULE, Align, Face, Sheet

HEAD = 6.5
"""Height of the column heads in mm."""


@dataclass(frozen=True, slots=True)
class Column:
    """`key`: field of the row; "" leaves the box for handwriting, "#" counts. `above`: field of a small line over it.

    `boxes`: words of check boxes that are printed empty. Width in mm, size in points.
    """

    label: str
    width: float
    key: str = ""
    align: Align = "left"
    font: Face = "mincho"
    size: float = 9.5
    above: str = ""
    boxes: tuple[str, ...] = ()


def number(label: str, width: float, key: str, size: float = 9, align: Align = "center") -> Column:
    """A column of digits: gothic, centred."""
    return Column(label, width, key, align, "gothic", size)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """How one list looks. The widths of `columns` fill the paper between margins of 10 mm.

    `summary` stands under the title, `total` says the sum of rows (of a page, of all up to it), `group` names the
    heading of a row and `section` the page break of a row; `parted` tells where a heavier rule goes between two
    rows. `closing` is written into the first row after the last one. `where`: the word before the place's name;
    `about`: the one before `Heading.disaster`, "" leaves it out.
    """

    title: str
    columns: tuple[Column, ...]
    size: tuple[float, float] = A4_LANDSCAPE
    lines: int = 25
    row_height: float = 0.0
    summary: str = ""
    note: str = ""
    total: Callable[[Sequence[Any]], str] | None = None
    group: Callable[[Any], str] | None = None
    section: Callable[[Any], str] | None = None
    parted: Callable[[Any, Any], bool] | None = None
    caution: bool = False
    watermark: bool = False
    closing: str = "以下余白"
    empty: str = "該当する方はいません"
    where: str = "避難所"
    about: str = "災害名"


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a page: a row, or a heading when `row` is None. `number` counts the rows from 1."""

    row: Any
    number: int = 0
    heading: str = ""


def render(listing: Listing, heading: Heading, rows: Sequence[Any]) -> Pdf:
    """The list as a PDF. 10,000 rows take some seconds; everything before the first page is light."""
    pages = _paged(listing, rows)
    last = len(pages) - 1
    draws = [_page(listing, heading, lines, rows, at == last) for at, lines in enumerate(pages)]
    return compose(heading, listing.title, listing.size, draws, caution=listing.caution, watermark=listing.watermark)


def _paged(listing: Listing, rows: Sequence[Any]) -> list[list[_Line]]:
    """Rows with their headings, page by page; a heading is repeated as 続き and never stands last on a page."""
    pages: list[list[_Line]] = [[]]
    section = group = ""
    for count, row in enumerate(rows, 1):
        now_section = listing.section(row) if listing.section else ""
        now_group = listing.group(row) if listing.group else ""
        fresh = count == 1 or now_section != section or now_group != group
        if count > 1 and now_section != section:
            pages.append([])
        needed = 2 if now_group and fresh else 1
        if len(pages[-1]) + needed > listing.lines:
            pages.append([])
        if now_group and (fresh or not pages[-1]):
            pages[-1].append(_Line(None, heading=now_group if fresh else f"{now_group}（続き）"))
        pages[-1].append(_Line(row, count))
        section, group = now_section, now_group
    return pages


def _page(listing: Listing, heading: Heading, lines: list[_Line], rows: Sequence[Any],
          last: bool) -> Callable[[Sheet], None]:
    def draw(sheet: Sheet) -> None:
        top = _top(sheet, listing, heading)
        below = sheet.height - 19.5 if listing.note or listing.total else sheet.height - 16
        high = listing.row_height or (below - top - HEAD) / listing.lines
        _grid(sheet, listing, lines, top, high)
        for at, line in enumerate(lines):
            y = top + HEAD + at * high
            if line.row is None:
                sheet.fit(10, y, sheet.width - 20, high, line.heading, 9.5, font="gothic", pad=2)
            else:
                _row(sheet, listing, line, y, high)
        after = top + HEAD + len(lines) * high
        if not lines:
            _across(sheet, listing, after, high, listing.empty)
        elif last and listing.closing and len(lines) < listing.lines:
            _across(sheet, listing, after, high, listing.closing)
        _under(sheet, listing, lines, rows, top + HEAD + listing.lines * high + 2.6)
    return draw


def _across(sheet: Sheet, listing: Listing, y: float, high: float, words: str) -> None:
    """Words in the widest column of a row that holds nobody."""
    widest = max(range(len(listing.columns)), key=lambda at: listing.columns[at].width)
    x = 10 + sum(column.width for column in listing.columns[:widest])
    sheet.fit(x, y, listing.columns[widest].width, high, words, 9, "center", grey=0.25)


def _top(sheet: Sheet, listing: Listing, heading: Heading) -> float:
    """Title, place and moment; returns where the table starts."""
    title(sheet, listing.title, 15, 17)
    left = f"{listing.where}　{heading.place}"
    left += f"　　{listing.about}　{heading.disaster}" if heading.disaster and listing.about else ""
    right = f"{heading.at} 現在"
    third = (sheet.width - 20) / 2 - 1
    sheet.fit(10, 20.5, third, 5, left, 10.5, pad=0, name=f"{listing.where}名")
    sheet.fit(sheet.width - 10 - third, 20.5, third, 5, right, 10, "right", pad=0)
    if listing.summary:
        sheet.fit(10, 25.6, sheet.width - 20, 4.4, listing.summary, 9.5, font="gothic", pad=0)
        return 31.0
    return 27.0


def _grid(sheet: Sheet, listing: Listing, lines: list[_Line], top: float, high: float) -> None:
    """Heads, and all rules of the page in one path each."""
    left, right = 10.0, 10.0 + sum(column.width for column in listing.columns)
    bottom = top + HEAD + listing.lines * high
    sheet.rect(left, top, right - left, HEAD, 0, fill=LABEL_GREY)
    for at, line in enumerate(lines):
        if line.row is None:
            sheet.rect(left, top + HEAD + at * high, right - left, high, 0, fill=0.96)
    sheet.canvas.setLineWidth(HAIR)
    rules = [top + HEAD + at * high for at in range(1, listing.lines)]
    sheet.canvas.lines([(left * MM, sheet.py(y), right * MM, sheet.py(y)) for y in rules])
    edges, x = [], left
    for column in listing.columns[:-1]:
        x += column.width
        edges.append(x)
    headings = [at for at, line in enumerate(lines) if line.row is None]
    spans, start = [], 0                                # the columns' rules leave heading lines free
    for at in [*headings, listing.lines]:
        if at > start:
            spans.append((top + HEAD + start * high, top + HEAD + at * high))
        start = at + 1
    sheet.canvas.setLineWidth(0.35)
    spans.append((top, top + HEAD))
    sheet.canvas.lines([(edge * MM, sheet.py(a), edge * MM, sheet.py(b)) for edge in edges for a, b in spans])
    if listing.parted:
        for at in range(1, len(lines)):
            before, now = lines[at - 1].row, lines[at].row
            if before is not None and now is not None and listing.parted(before, now):
                sheet.line(left, top + HEAD + at * high, right, top + HEAD + at * high, 0.9)
    sheet.line(left, top + HEAD, right, top + HEAD, RULE + 0.3)
    sheet.rect(left, top, right - left, bottom - top, BOLD)
    x = left
    for column in listing.columns:
        spare = column.width - sheet.measure(column.label, 8.5)
        if len(column.label) > 1 and spare > 4 and "\n" not in column.label:
            inset = max(1.5, spare / 2 - 12, min(spare / 2, column.width * 0.2))
            sheet.just(x + inset, top + HEAD / 2, column.width - 2 * inset, column.label, 8.5)
        else:
            sheet.fit(x, top, column.width, HEAD, column.label, 8.5, "center", pad=0.5)
        x += column.width


def _row(sheet: Sheet, listing: Listing, line: _Line, y: float, high: float) -> None:
    x = 10.0
    for column in listing.columns:
        place = f"{line.number}行 {column.label}"
        if column.boxes:
            at = x + 1.2
            for word in column.boxes:
                at = sheet.check(at, y + high / 2, False, word, 7.5)
        elif column.key == "#":
            sheet.text(x + column.width / 2, y + high / 2, str(line.number), 8, "center", "gothic")
        elif column.key:
            text = str(getattr(line.row, column.key))
            above = str(getattr(line.row, column.above)) if column.above else ""
            if above:
                sheet.fit(x, y + 0.3, column.width, high * 0.34, above, column.size * 0.56, column.align, name=place,
                          pad=1.2)
                sheet.fit(x, y + high * 0.35, column.width, high * 0.6, text, column.size, column.align, column.font,
                          name=place, pad=1.2)
            elif text:
                sheet.fit(x, y, column.width, high, text, column.size, column.align, column.font, name=place, pad=1.2)
        x += column.width


def _under(sheet: Sheet, listing: Listing, lines: list[_Line], rows: Sequence[Any], y: float) -> None:
    """Totals of the page and up to it; the note on the left."""
    if listing.note:
        sheet.text(10, y, listing.note, 7.5)
    if listing.total:
        here = [line.row for line in lines if line.row is not None]
        upto = rows[:max((line.number for line in lines), default=0)]
        sums = f"頁計　{listing.total(here)}　　累計　{listing.total(upto)}"
        sheet.text(sheet.width - 10, y, sums, 8.5, "right", "gothic")
