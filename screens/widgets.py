"""Text that keeps its columns: everything on a screen is measured in cells, never in characters.

No symbol of ambiguous East-Asian width is used in running text; what the register delivers is made displayable here
(外字 as 〓, invisible marks left out) and nowhere else. The original code points stay untouched below.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence

from rich.cells import cell_len, set_cell_size
from textual.content import Content

GETA = "〓"
"""Stands for a character that no font has (私用領域 or unassigned)."""

MARKED = "*"
"""Follows a name whose true glyph differs from what a terminal can show (IVS, 外字)."""

MARKED_NOTE = "* の付いた氏名は、画面の字形が実際と異なります"

_SELECTORS = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef]")


def shown(text: str) -> str:
    """The text as a terminal can show it: variation selectors dropped, private characters as 〓, no control codes."""
    return "".join(_glyph(c) for c in _SELECTORS.sub("", text))


def shown_name(name: str) -> str:
    """A name for the screen, with `*` behind it when its glyphs are not the true ones."""
    plain = shown(name)
    return plain if plain == name else plain.rstrip() + MARKED


def _glyph(character: str) -> str:
    match unicodedata.category(character):
        case "Co" | "Cn" | "Cs":
            return GETA
        case "Cc" | "Zl" | "Zp":
            return " "
        case "Cf":
            return ""
    return character


def types_text(character: str) -> bool:
    """The key writes something. Python does not call the full-width blank printable, but input methods type it."""
    return bool(character) and (character.isprintable() or character == "\u3000")


def pad(text: str, cells: int, *, right: bool = False) -> str:
    """Exactly `cells` wide: cut at a character's edge (and said with `..`) or filled with blanks."""
    width = cell_len(text)
    if width > cells:
        return set_cell_size(set_cell_size(text, cells - 2).rstrip() + ".." if cells > 3 else text, cells)
    return " " * (cells - width) + text if right else text + " " * (cells - width)


def apart(left: str, right: str, cells: int) -> str:
    """One line with a left and a right end; the left one gives way."""
    room = max(0, cells - cell_len(right) - 1)
    return pad(pad(left, room) + " " + right, cells)


def folded(text: str, cells: int) -> list[str]:
    """The text in lines of at most `cells`, broken between characters as Japanese is."""
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line, width = "", 0
        for character in paragraph:
            size = cell_len(character)
            if width + size > cells:
                lines.append(line)
                line, width = "", 0
            line, width = line + character, width + size
        lines.append(line)
    return lines


def key_line(hints: Iterable[tuple[str, str]], cells: int, lines: int = 2) -> Content:
    """Keys and what they do, in as many lines as there is room for; a key is bold, so that it reads without colour."""
    rows: list[list[str | tuple[str, str]]] = [[]]
    used = 0
    for key, label in hints:
        width = cell_len(key) + 1 + cell_len(label) + 2
        if used + width > cells + 2 and len(rows) < lines:
            rows.append([])
            used = 0
        rows[-1] += [(key, "bold $text-key"), " " + label + "  "]
        used += width
    return Content("\n").join(Content.assemble(*row) for row in rows)


def row(parts: Sequence[tuple[str, int]], cells: int, style: str = "", *, emphasis: int | None = None) -> Content:
    """Columns `(text, width)` one blank apart, cut to `cells`; `emphasis` is the column in bold."""
    line = Content("")
    for index, (text, width) in enumerate(parts):
        cell = pad(text, width) + " "
        line = line + (Content.assemble((cell, "bold")) if index == emphasis else Content(cell))
    line = line.truncate(cells, pad=True)
    return line.stylize(style) if style else line


def rule(cells: int, plain: bool) -> Content:
    """A dividing line. `plain`: of ASCII, for terminals that draw box characters two cells wide."""
    return Content(("-" if plain else "─") * cells)
