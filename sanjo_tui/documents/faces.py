"""One TrueType face: its code points, its glyph variants, and how ReportLab is made to print them.

ReportLab knows neither cmap format 14 (variation sequences, IVS) nor characters beyond the BMP in its ToUnicode map.
Each variant gets a private code in plane 16, so that ReportLab subsets its glyph as any other; the map that viewers use
to copy text gives the original code points back. Plane 16 never meets 外字, which live in U+E000 to U+F8FF.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_PRIVATE = 0x100000
_VARIANT_FORMAT = 14
_private_text: dict[int, str] = {}
"""Private code -> base and selector, for ToUnicode."""


class Face:
    """A font file (`index` within a .ttc), read at first use: 50 to 220 ms and 16 to 74 MB, measured."""

    def __init__(self, name: str, path: Path, index: int = 0) -> None:
        self.name, self.path, self.index = name, path, index
        self._font: Any = None
        self._codes: frozenset[int] = frozenset()
        self._widths: dict[int, int] = {}
        self._variants: dict[tuple[int, int], int] | None = None
        self._given: dict[tuple[int, int], int] = {}

    def load(self) -> None:
        """Read the file. Raises reportlab's TTFError or OSError; the chain decides what that means."""
        if self._font is not None:
            return
        from reportlab.pdfbase import pdfmetrics, ttfonts  # type: ignore[import-untyped]

        _mend_reportlab()
        font = ttfonts.TTFont(self.name, str(self.path), subfontIndex=self.index, shapable=False)
        pdfmetrics.registerFont(font)
        font = pdfmetrics.getFont(self.name)  # ReportLab draws with the first of a name, whatever is registered later
        # A copy: the private codes of variants are added to charToGlyph later and must not count as characters.
        self._codes = frozenset(code for code, glyph in font.face.charToGlyph.items() if glyph and code < _PRIVATE)
        self._widths = font.face.charWidths
        self._font = font

    @property
    def codes(self) -> frozenset[int]:
        """The code points that have a glyph."""
        self.load()
        return self._codes

    def width(self, text: str) -> float:
        """Width in thousandths of the size; `text` holds only code points and private codes of this face."""
        self.load()
        default = self._font.face.defaultWidth
        widths = self._widths
        return float(sum(widths.get(ord(c), default) for c in text))

    def variant(self, base: int, selector: int) -> int | None:
        """The code that prints this variation sequence in this face, or None if the font does not know it."""
        self.load()
        face = self._font.face
        if self._variants is None:
            self._variants = dict(_variation_sequences(face._ttf_data, self.index))
        key = (base, selector)
        glyph = self._variants.get(key)
        if glyph is None:
            return None
        if key not in self._given:
            code = _PRIVATE + len(_private_text)
            face.charToGlyph[code] = glyph or face.charToGlyph[base]
            face.charWidths[code] = face.charWidths.get(base, face.defaultWidth)
            _private_text[code] = chr(base) + chr(selector)
            self._given[key] = code
        return self._given[key]


def _variation_sequences(data: bytes, index: int) -> Iterable[tuple[tuple[int, int], int]]:
    """`((base, selector), glyph)` of cmap format 14; glyph 0 stands for the base's own glyph."""
    start = struct.unpack_from(">L", data, 12 + 4 * index)[0] if data[:4] == b"ttcf" else 0
    for table in range(struct.unpack_from(">H", data, start + 4)[0]):
        tag, _, cmap, _ = struct.unpack_from(">4sLLL", data, start + 12 + 16 * table)
        if tag != b"cmap":
            continue
        for record in range(struct.unpack_from(">H", data, cmap + 2)[0]):
            sub = cmap + struct.unpack_from(">HHL", data, cmap + 4 + 8 * record)[2]
            if struct.unpack_from(">H", data, sub)[0] == _VARIANT_FORMAT:
                yield from _selectors(data, sub)


def _selectors(data: bytes, sub: int) -> Iterable[tuple[tuple[int, int], int]]:
    for k in range(struct.unpack_from(">L", data, sub + 6)[0]):
        at = sub + 10 + 11 * k
        selector = int.from_bytes(data[at:at + 3], "big")
        default, other = struct.unpack_from(">LL", data, at + 3)
        if default:
            for r in range(struct.unpack_from(">L", data, sub + default)[0]):
                entry = sub + default + 4 + 4 * r
                first = int.from_bytes(data[entry:entry + 3], "big")
                for code in range(first, first + data[entry + 3] + 1):
                    yield (code, selector), 0
        if other:
            for r in range(struct.unpack_from(">L", data, sub + other)[0]):
                entry = sub + other + 4 + 5 * r
                code = int.from_bytes(data[entry:entry + 3], "big")
                yield (code, selector), struct.unpack_from(">H", data, entry + 3)[0]


def _to_unicode(name: str, subset: Iterable[int]) -> str:
    """The ToUnicode CMap of a subset: UTF-16BE with surrogates, variants as base and selector, 100 entries a block."""
    rows = [f"<{i:02X}> <{(_private_text.get(code) or chr(code)).encode('utf-16-be', 'surrogatepass').hex().upper()}>"
            for i, code in enumerate(subset)]
    out = ["/CIDInit /ProcSet findresource begin", "12 dict begin", "begincmap", "/CIDSystemInfo",
           f"<< /Registry ({name})", f"/Ordering ({name})", "/Supplement 0", ">> def", f"/CMapName /{name} def",
           "/CMapType 2 def", "1 begincodespacerange", f"<00> <{len(rows) - 1:02X}>", "endcodespacerange"]
    for first in range(0, len(rows), 100):
        block = rows[first:first + 100]
        out += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    return "\n".join([*out, "endcmap", "CMapName currentdict /CMap defineresource pop", "end", "end"])


def _mend_reportlab() -> None:
    """ReportLab writes `<20BB7>` for 𠮷, an odd number of digits that no viewer understands."""
    from reportlab.pdfbase import ttfonts

    ttfonts.makeToUnicodeCMap = _to_unicode
