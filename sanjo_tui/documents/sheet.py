"""A declarative sheet: boxes and text in millimetres from the top left. A form never computes a baseline.

    y = sheet.table(10, 30, [(8, [label(24, "氏名"), value(60, name, name="氏名")])])

Text that does not fit is narrowed, wrapped, then set smaller; below the readable size that is reported. Never clipped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from sanjo_tui.documents.fonts import FontChain, Issue, clusters

MM = 72 / 25.4
"""Points in a millimetre."""

HAIR, RULE, BOLD = 0.25, 0.5, 1.2
"""細罫, 普通罫, 太罫 in points."""

LABEL_GREY = 0.93
MIN_SIZE = 6.0
"""Points: smaller text counts as overflow and is reported."""

SMALLEST = 3.5
NARROWEST = 0.75
"""長体: how far text on one line may be narrowed."""

LEADING = 1.22

Align = Literal["left", "center", "right"]
Face = Literal["mincho", "gothic"]

_NOT_FIRST = frozenset("、。，．・）」』】〕］〉》ーゝゞ々〻！？：；ぁぃぅぇぉっゃゅょァィゥェォッャュョ)]}！，．")
_NOT_LAST = frozenset("（「『【〔［〈《([{")


@dataclass(frozen=True, slots=True)
class Box:
    """One ruled box of a table row. Made by `label`, `value`, `checks` and `blank`."""

    width: float
    kind: Literal["label", "value", "checks"]
    text: str = ""
    lines: tuple[tuple[tuple[bool, str], ...], ...] = ()
    above: str = ""
    size: float = 10
    align: Align = "left"
    font: Face = "mincho"
    name: str = ""
    pad: float = 1.5
    just: bool = True


def label(width: float, text: str, size: float = 9, *, just: bool = True) -> Box:
    """A heading on grey, 均等割付 when it is one line with room to spare."""
    return Box(width, "label", text, size=size, just=just)


def value(width: float, text: str, name: str = "", *, size: float = 10, align: Align = "left", font: Face = "mincho",
          above: str = "", pad: float = 1.5) -> Box:
    """What was filled in. `name` is the field's name in issues; `above` a small line over it (ふりがな)."""
    return Box(width, "value", text, above=above, size=size, align=align, font=font, name=name, pad=pad)


def checks(width: float, *lines: Sequence[tuple[bool, str]], size: float = 8) -> Box:
    """Check boxes with their words, one sequence a line."""
    return Box(width, "checks", lines=tuple(tuple(line) for line in lines), size=size)


class Sheet:
    """One page at a time on a ReportLab canvas. `issues` collects (field, Issue) of the whole document."""

    def __init__(self, canvas: Any, mincho: FontChain, gothic: FontChain, width: float, height: float) -> None:
        self.canvas = canvas
        self.width, self.height = width, height
        self.fonts: dict[str, FontChain] = {"mincho": mincho, "gothic": gothic}
        self.issues: list[tuple[str, Issue]] = []
        self._dx = self._dy = 0.0

    @contextmanager
    def shifted(self, dx: float, dy: float) -> Iterator[Sheet]:
        """Draw with the origin moved: several forms on one page."""
        self._dx, self._dy = self._dx + dx, self._dy + dy
        try:
            yield self
        finally:
            self._dx, self._dy = self._dx - dx, self._dy - dy

    def px(self, x: float) -> float:
        """Points from the left edge of the paper."""
        return (x + self._dx) * MM

    def py(self, y: float) -> float:
        """Points from the lower edge of the paper."""
        return (self.height - y - self._dy) * MM

    # --- text

    def measure(self, text: str, size: float, font: Face = "mincho") -> float:
        """Width in mm."""
        return self.fonts[font].width(text, size) / MM

    def text(self, x: float, y: float, text: str, size: float = 10, align: Align = "left", font: Face = "mincho", *,
             name: str = "", grey: float = 0.0, stretch: float = 1.0, spacing: float = 0.0) -> None:
        """One line; `y` is its vertical centre. `stretch` narrows the glyphs, `spacing` parts them (points)."""
        runs, issues = self.fonts[font].runs(text)
        if issues:
            self.issues += [(name, issue) for issue in issues]
        left = self.px(x)
        if align != "left":
            wide = self.fonts[font].width(text, size) * stretch
            left -= wide if align == "right" else wide / 2
        pen = self.canvas.beginText(left, self.py(y) - size * 0.38)
        if grey:
            pen.setFillGray(grey)
        if stretch != 1.0:
            pen.setHorizScale(stretch * 100)
        if spacing:
            pen.setCharSpace(spacing)
        for run in runs:
            pen.setFont(run.face.name, size * run.scale)
            pen.textOut(run.text)
        # Scale, spacing and grey outlive the text object in PDF: put them back.
        if stretch != 1.0:
            pen.setHorizScale(100)
        if spacing:
            pen.setCharSpace(0)
        if grey:
            pen.setFillGray(0)
        self.canvas.drawText(pen)

    def fit(self, x: float, y: float, w: float, h: float, text: str, size: float = 10, align: Align = "left",
            font: Face = "mincho", *, name: str = "", pad: float = 1.5, grey: float = 0.0) -> None:
        """Text within a box: as it is, narrowed on one line, wrapped, smaller; too small to read is reported."""
        if not text:
            return
        room = (w - 2 * pad) * MM
        anchor = x + (pad if align == "left" else w / 2 if align == "center" else w - pad)
        wide = self.fonts[font].width(text, size)
        if "\n" not in text and wide * NARROWEST <= room:
            self.text(anchor, y + h / 2, text, size, align, font, name=name, grey=grey,
                      stretch=min(1.0, room / wide) if wide else 1.0)
            return
        lines, size, stretch, readable = self._shrunk(text, size, room, h * MM, font)
        if not readable:
            self.issues.append((name, Issue("overflow")))
        step = size * LEADING / MM
        first = max(y + step / 2, y + h / 2 - (len(lines) - 1) * step / 2)
        for number, line in enumerate(lines):
            self.text(anchor, first + number * step, line, size, align, font, name=name, grey=grey, stretch=stretch)

    def _shrunk(self, text: str, size: float, room: float, height: float,
                font: Face) -> tuple[list[str], float, float, bool]:
        """Lines, size, stretch, and whether that can still be read."""
        steps = [(size - 0.5 * n, 1.0) for n in range(int((size - MIN_SIZE) * 2) + 1)] or [(size, 1.0)]
        steps += [(steps[-1][0], 0.85), (steps[-1][0], NARROWEST)]
        tiny = [(SMALLEST + 0.5 * n, NARROWEST) for n in range(int((MIN_SIZE - SMALLEST) * 2), -1, -1)]
        lines: list[str] = [text]
        for now, stretch in steps + tiny:
            lines = self.wrap(text, now, room / stretch, font)
            # The leading stands between lines only: half of it above and below may be given up.
            if (len(lines) * LEADING - (LEADING - 1)) * now <= height:
                return lines, now, stretch, now >= MIN_SIZE or now >= size
        return lines, SMALLEST, NARROWEST, False

    def wrap(self, text: str, size: float, room: float, font: Face = "mincho") -> list[str]:
        """Lines no wider than `room` points: 禁則, and no break within a Latin word unless it fills a line alone."""
        chain = self.fonts[font]
        return [line for paragraph in text.split("\n") for line in _wrapped(chain, paragraph, size, room)]

    def just(self, x: float, y: float, w: float, text: str, size: float = 10, font: Face = "mincho") -> None:
        """均等割付: the characters spread over `w`."""
        count = sum(1 for _ in clusters(text))
        gap = (w * MM - self.fonts[font].width(text, size)) / max(1, count - 1)
        if count < 2 or gap < 0:
            self.fit(x, y - size / MM, w, 2 * size / MM, text, size, "center", font, pad=0)
        else:
            self.text(x, y, text, size, font=font, spacing=gap)

    # --- lines and boxes

    def line(self, x1: float, y1: float, x2: float, y2: float, width: float = RULE,
             dash: tuple[float, float] | None = None) -> None:
        """A rule; `width` in points, `dash` in points on and off."""
        self.canvas.setLineWidth(width)
        if dash:
            self.canvas.setDash(*dash)
        self.canvas.line(self.px(x1), self.py(y1), self.px(x2), self.py(y2))
        if dash:
            self.canvas.setDash()

    def rect(self, x: float, y: float, w: float, h: float, width: float = RULE, fill: float | None = None) -> None:
        """A ruled box; `fill` is a grey (0 black), `width` 0 draws no rule."""
        self.canvas.setLineWidth(width)
        if fill is not None:
            self.canvas.setFillGray(fill)
        self.canvas.rect(self.px(x), self.py(y + h), w * MM, h * MM, stroke=int(width > 0), fill=int(fill is not None))
        if fill is not None:
            self.canvas.setFillGray(0)

    def seal(self, x: float, y: float, radius: float = 4.5, mark: str = "印") -> None:
        """The place of a seal: a grey circle around `mark`."""
        self.canvas.setLineWidth(HAIR)
        self.canvas.setStrokeGray(0.5)
        self.canvas.circle(self.px(x), self.py(y), radius * MM)
        self.canvas.setStrokeGray(0)
        self.text(x, y, mark, 8, "center", grey=0.5)

    def check(self, x: float, y: float, on: bool, text: str, size: float = 8) -> float:
        """A drawn check box and its word; returns where the next starts. The character ☑ would load two large fonts."""
        side = size * 0.33
        self.rect(x, y - side / 2, side, side, 0.4)
        if on:
            self.line(x + side * 0.12, y, x + side * 0.42, y + side * 0.34, 1.1)
            self.line(x + side * 0.42, y + side * 0.34, x + side * 1.05, y - side * 0.6, 1.1)
        self.text(x + side + 0.8, y, text, size)
        return x + side + 0.8 + self.measure(text, size) + 2.2

    def check_width(self, text: str, size: float = 8) -> float:
        """What `check` takes."""
        return size * 0.33 + 0.8 + self.measure(text, size) + 2.2

    # --- tables

    def table(self, x: float, y: float, rows: Sequence[tuple[float, Sequence[Box]]], outer: float = BOLD) -> float:
        """Rows of (height, boxes); 太罫 around all. Returns the y below."""
        top, wide = y, 0.0
        for height, boxes in rows:
            at = x
            for box in boxes:
                self.box(at, y, height, box)
                at += box.width
            wide = max(wide, at - x)
            y += height
        if outer:
            self.rect(x, top, wide, y - top, outer)
        return y

    def box(self, x: float, y: float, h: float, box: Box) -> None:
        """One box of a table."""
        if box.kind == "label":
            self.rect(x, y, box.width, h, fill=LABEL_GREY)
            self._label(x, y, h, box)
            return
        self.rect(x, y, box.width, h)
        if box.kind == "checks":
            self._checks(x, y, h, box)
        elif box.above:
            small = min(7.0, box.size * 0.62)
            self.fit(x, y + 0.3, box.width, h * 0.34, box.above, small, box.align, "mincho", name=box.name, pad=box.pad)
            self.fit(x, y + h * 0.34, box.width, h * 0.64, box.text, box.size, box.align, box.font, name=box.name,
                     pad=box.pad)
        else:
            self.fit(x, y, box.width, h, box.text, box.size, box.align, box.font, name=box.name, pad=box.pad)

    def _label(self, x: float, y: float, h: float, box: Box) -> None:
        spare = box.width - self.measure(box.text, box.size)
        if box.just and len(box.text) > 1 and "\n" not in box.text and spare > 3:
            inset = max(1.5, min(box.width * 0.14, spare / 2))
            self.just(x + inset, y + h / 2, box.width - 2 * inset, box.text, box.size)
        else:
            self.fit(x, y, box.width, h, box.text, box.size, "center", pad=0.6)

    def _checks(self, x: float, y: float, h: float, box: Box) -> None:
        step = h / len(box.lines)
        for number, line in enumerate(box.lines):
            size = box.size
            while size > MIN_SIZE and 1.5 + sum(self.check_width(word, size) for _, word in line) - 2 > box.width:
                size -= 0.25
            at = x + 1.5
            for on, word in line:
                at = self.check(at, y + step * (number + 0.5), on, word, size)
            if at - 2.2 > x + box.width:
                self.issues.append((box.name, Issue("overflow")))


def _wrapped(chain: FontChain, text: str, size: float, room: float) -> list[str]:
    parts = tuple(clusters(text))
    widths = [_width(chain, part) * size for part in parts]
    lines: list[str] = []
    start, used, fallback = 0, 0.0, 0                   # fallback: the last place in this line where a break is allowed
    for at, part in enumerate(parts):
        if at > start and _may_break(parts[at - 1], part):
            fallback = at
        if used + widths[at] > room and at > start and part != " ":
            end = fallback if fallback > start else at
            lines.append("".join(parts[start:end]).rstrip(" "))
            start, fallback = end, end
            used = sum(widths[start:at])
        used += widths[at]
    lines.append("".join(parts[start:]))
    return lines


def _may_break(before: str, after: str) -> bool:
    if after in _NOT_FIRST or before in _NOT_LAST or after in " 　":
        return False
    return not (before.isascii() and after.isascii() and before != " ")


@lru_cache(maxsize=16384)
def _width(chain: FontChain, cluster: str) -> float:
    return chain.width(cluster, 1.0)
