"""Sections of ruled rows, set one below the other over as many pages as they need: for records without a fixed length.

A section's title and its head of columns stay with its first row and are repeated as 続き. Heights are reckoned without
fonts, so that the number of pages is known before the first is drawn; what is narrower in print only leaves air.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

from sanjo_tui.documents.sheet import LEADING, MM, Box, Sheet, label, value

GAP, TITLE = 2.6, 5.4
"""mm before a section, and for its title."""

LATIN = 0.62
"""Width of a letter that is not full width, in ems: the widest digits and capitals of the faces in use."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of boxes; `height` in mm. `dark`: which boxes are printed white on black, so that a fax keeps it."""

    height: float
    boxes: Sequence[Box]
    dark: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A table with its title ("" takes no room). `head`: labels of the columns; `empty`: said when there are no lines.

    `note`: small words beside the title. `whole`: kept on one page where it fits on one.
    """

    title: str
    lines: tuple[Line, ...] = ()
    head: Line | None = None
    empty: str = ""
    note: str = ""
    whole: bool = False


@dataclass(frozen=True, slots=True)
class Part:
    """What of a section stands on one page, and where (mm)."""

    section: Section
    lines: tuple[Line, ...]
    y: float
    again: bool


def rows_of(text: str, size: float, width: float) -> int:
    """How many lines `text` takes at most, `size` in points, in a box of `width` mm with its ordinary padding."""
    room = (width - 3.0) * MM
    widths = (sum(size if unicodedata.east_asian_width(c) in "WFA" else size * LATIN for c in line)
              for line in text.split("\n"))
    return sum(max(1, -int(-wide // (room - size * 0.8))) for wide in widths)


def height_of(text: str, size: float, width: float, least: float) -> float:
    """Height in mm of a box in which `text` stands at its size."""
    return max(least, rows_of(text, size, width) * size * LEADING / MM + 1.6)


def heads(*columns: tuple[float, str], size: float = 8, height: float = 6) -> Line:
    """Labels of columns: (width in mm, word)."""
    return Line(height, tuple(label(width, word, size, just=False) for width, word in columns))


def paged(sections: Sequence[Section], first: float, top: float, bottom: float) -> list[list[Part]]:
    """The parts of each page. `first`: y where page 1 begins, `top` where the others do, `bottom` where all end (mm).

    A line that is higher than a page is cut down to it: its text is then set smaller, or reported.
    """
    pages: list[list[Part]] = [[]]
    y = first
    for section in sections:
        over = _over(section)
        room = bottom - max(first, top) - over
        lines = tuple(replace(line, height=min(line.height, room)) for line in section.lines or (_nothing(section),))
        whole = section.whole and sum(line.height for line in lines) <= room
        at = 0
        while at < len(lines):
            needed = sum(line.height for line in lines[at:]) if whole else lines[at].height
            if pages[-1] and y + GAP + over + needed > bottom:
                pages.append([])
                y = top
            start, begin = at, y + (GAP if pages[-1] else 0)
            y = begin + over
            while at < len(lines) and (at == start or y + lines[at].height <= bottom):
                y += lines[at].height
                at += 1
            pages[-1].append(Part(section, lines[start:at], begin, start > 0))
    return pages


def _over(section: Section) -> float:
    """Height of what stands over the lines."""
    return (TITLE if section.title else 0.0) + (section.head.height if section.head else 0.0)


def _nothing(section: Section) -> Line:
    return Line(7, (value(sum(box.width for box in section.head.boxes) if section.head else 100, section.empty,
                          size=9),))


def draw(sheet: Sheet, x: float, parts: Sequence[Part]) -> None:
    """The parts of one page."""
    for part in parts:
        section, y = part.section, part.y
        if section.title:
            words = f"{section.title}（続き）" if part.again else section.title
            sheet.text(x, y + TITLE / 2, words, 10, font="gothic")
            at = x + sheet.measure(words, 10, "gothic") + 3
            sheet.fit(at, y, sheet.width - x - at, TITLE, section.note, 7.5, pad=0)
            y += TITLE
        lines = (section.head, *part.lines) if section.head else part.lines
        sheet.table(x, y, [(line.height, _without_dark(line)) for line in lines])
        for line in lines:
            _reverse(sheet, x, y, line)
            y += line.height


def _without_dark(line: Line) -> list[Box]:
    return [replace(box, text="") if at in line.dark else box for at, box in enumerate(line.boxes)]


def _reverse(sheet: Sheet, x: float, y: float, line: Line) -> None:
    for number, box in enumerate(line.boxes):
        if number in line.dark:
            sheet.rect(x, y, box.width, line.height, 0, fill=0.0)
            sheet.fit(x, y, box.width, line.height, box.text, box.size, box.align, "gothic", name=box.name,
                      pad=box.pad, grey=1.0)
        x += box.width


def signatures(names: Sequence[str], width: float, height: float = 10, columns: int = 2) -> tuple[Line, ...]:
    """Empty boxes to sign in, a word before each; `width` of all in mm."""
    each = width / columns
    word = min(30.0, each * 0.4)
    rows = []
    for first in range(0, len(names), columns):
        row: list[Box] = []
        for at in range(first, first + columns):
            row += [label(word, names[at] if at < len(names) else "", 8.5), value(each - word, "")]
        rows.append(Line(height, tuple(row)))
    return tuple(rows)
