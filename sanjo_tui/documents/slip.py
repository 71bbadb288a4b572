"""投票用紙交付票: which papers one voter gets, a big square for each contest in the order of the boxes.

The voter carries it from desk to desk. Each desk stamps its square and tears off the coupon beside it, so a paper that
was forgotten shows at the exit: its coupon is still there. Known by its 受付番号 alone: no name, no number of the roll
(docs/polling.md §5). A6, or a receipt printer of 80 mm.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

from sanjo_tui.documents import symbols
from sanjo_tui.documents.paper import DRILL, Heading, Pdf, compose, marks
from sanjo_tui.documents.sheet import BOLD, HAIR, MM, RULE, Sheet
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.events import Handed
from sanjo_tui.receptions.polling.words import Act, PaperKind

Media = Literal["A6", "receipt"]

WIDTH: dict[Media, float] = {"A6": 105.0, "receipt": 80.0}
"""Width of the paper in mm; 4 mm on either side do not print."""

A6_HIGH = 148.0
HEAD, KINDS, EXIT = 32.5, 7.0, 15.0
"""Heights in mm: what stands above the squares, the line 代理投票 点字投票 where there is one, the exit check."""

ROW = 18.0
"""Height in mm of a contest's line on the receipt, and at most so much more on A6."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Square:
    """One contest. `colour`: the paper's colour in words (うすい水色), `box_no`: its ballot box."""

    contest: str
    colour: str
    box_no: int
    act: Act
    paper: PaperKind = PaperKind.PLAIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One 交付票. `squares` in the order of the boxes; `received_at` as people read it (11/25 10:15).

    `proxy`: 代理投票. `provisional`: the papers of a 仮投票. `exit_check`: papers are checked at the exit.
    """

    heading: Heading
    reception_no: str
    squares: tuple[Square, ...]
    received_at: str = ""
    proxy: bool = False
    provisional: bool = False
    exit_check: bool = True
    media: Media = "A6"

    @property
    def issued(self) -> tuple[Square, ...]:
        """The papers that are handed out."""
        return tuple(square for square in self.squares if square.act is Act.ISSUE)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What the desks must know before they hand out a paper."""
        braille = any(square.paper is PaperKind.BRAILLE for square in self.issued)
        return ("代理投票",) * self.proxy + ("点字投票",) * braille


def squares(election: Election, handed: Sequence[Handed]) -> tuple[Square, ...]:
    """The squares of a reception, in the order of the boxes. A contest that it does not name is 対象外."""
    done = {each.contest: each for each in handed}
    found = []
    for contest in election.in_order:
        each = done.get(contest.code) or Handed(contest=contest.code, act=Act.NOT_ENTITLED)
        found.append(Square(contest=contest.name, colour=contest.ballot_colour, box_no=contest.box_no, act=each.act,
                            paper=each.paper))
    return tuple(found)


def render(content: Slip) -> Pdf:
    """One page; a receipt is as long as its contests need."""
    size = (WIDTH[content.media], A6_HIGH)
    if content.media == "receipt":
        size = (size[0], _top(content) + len(content.squares) * ROW + (EXIT if content.exit_check else 0) + 7)
    return compose(content.heading, "投票用紙交付票", size, [partial(_slip, content)], furniture=False)


def _top(content: Slip) -> float:
    """Where the squares begin."""
    return HEAD + (KINDS if content.kinds else 0)


def _slip(content: Slip, sheet: Sheet) -> None:
    left, right = 4.0, sheet.width - 4
    _head(content, sheet, left, right)
    foot = sheet.height - 5
    top, below = _top(content), foot - (EXIT if content.exit_check else 0) - 1.5
    high = min((below - top) / max(1, len(content.squares)), ROW if content.media == "receipt" else ROW + 5)
    for at, square in enumerate(content.squares):
        _line(content, square, sheet, left, right, top + at * high, high)
    end = top + len(content.squares) * high
    _tear(sheet, left, right, end)
    if content.exit_check:
        _exit(content, sheet, left, right, end + 1.5)
    note = f"{content.heading.municipality}　端末 {content.heading.station}　{content.heading.serial}".rstrip("　")
    sheet.fit(left, foot, right - left, 3.4, note, 6.2, pad=0, name="欄外")


def _head(content: Slip, sheet: Sheet, left: float, right: float) -> None:
    """訓練 and 再発行 before all else, then what it is, where, when, and the number with its bar code."""
    words = "　".join(marks(content.heading))
    if words:
        dark = content.heading.drill
        sheet.rect(left, 2, right - left, 4.4, 0.8, fill=0.0 if dark else None)
        sheet.text((left + right) / 2, 4.2, words, 8.5, "center", "gothic", grey=1.0 if DRILL in words else 0.0)
    name = "投票用紙交付票" + ("（仮投票）" if content.provisional else "")
    sheet.text(left, 9.6, name, 11, font="gothic")
    after = left + sheet.measure(name, 11, "gothic") + 2
    sheet.fit(after, 7.1, right - after, 5, content.heading.place, 8.5, "right", pad=0, name="投票所")
    sheet.line(left, 12.4, right, 12.4, RULE)
    sheet.text(left, 15, "受付番号", 7)
    sheet.text(left, 18, content.received_at, 7, font="gothic", name="受付時刻")
    sheet.fit(left + 17, 12.8, right - left - 17, 7.4, content.reception_no, 17, font="gothic", pad=0, name="受付番号")
    symbols.code128(sheet, left, 20.8, right - left, 9.5, content.reception_no)
    wide = (right - left) / max(1, len(content.kinds))
    for at, word in enumerate(content.kinds):
        sheet.rect(left + at * wide, HEAD - 0.8, wide, KINDS - 1, BOLD)
        sheet.text(left + (at + 0.5) * wide, HEAD - 0.8 + (KINDS - 1) / 2, word, 12, "center", "gothic")


def _tear(sheet: Sheet, left: float, right: float, y: float) -> None:
    sheet.line(left, y, right, y, HAIR, (2.5, 1.5))


def _upto(size: float, high: float) -> float:
    """Points: `size`, or what leaves a line of that height in mm some air."""
    return min(size, high * MM * 0.85)


def _line(content: Slip, square: Square, sheet: Sheet, left: float, right: float, y: float, high: float) -> None:
    """A big square, what is done, the place of the stamp; on the right the coupon that the desk tears off."""
    out = square.act is Act.ISSUE
    _tear(sheet, left, right, y)
    side, coupon, shown = (26.0, 24.0, 15.0) if content.media == "A6" else (21.0, 17.0, 13.0)
    top, inner = y + 1, high - 2
    sheet.rect(left, top, side, inner, 1.6 if out else RULE)
    box, colour = inner * 0.34, inner * 0.62
    sheet.fit(left, top + 0.3, side, box, f"投票箱 {square.box_no}", _upto(9, box), "center", "gothic", pad=0.8,
              name="投票箱")
    sheet.fit(left, top + box, side, colour, square.colour, _upto(shown if out else 10, colour), "center", "gothic",
              pad=1, name="用紙の色")
    edge = right - coupon
    x = left + side + 1.5
    words = edge - x - 1
    sheet.fit(x, top, words, inner * 0.5, square.contest, 10.5, pad=0, name="選挙名")
    act = square.act.value
    tall = inner * 0.44
    size = _upto(13, tall)
    wide = sheet.measure(act, size, "gothic") + 3
    y2 = top + inner - tall
    sheet.rect(x, y2, wide, tall, 0.8, fill=0.0 if out else None)
    sheet.text(x + wide / 2, y2 + tall / 2, act, size, "center", "gothic", grey=1.0 if out else 0.0)
    if not out:
        sheet.line(left, top + inner, left + side, top, RULE)
        sheet.fit(edge, top, coupon, inner, "用紙なし", 8, "center", pad=0.5)
        return
    if square.paper is PaperKind.BRAILLE:
        sheet.rect(x + wide + 1, y2, sheet.measure("点字", size, "gothic") + 2.4, tall, BOLD)
        sheet.text(x + wide + 2.2, y2 + tall / 2, "点字", size, font="gothic")
    elif words - wide > 9:
        sheet.seal(edge - 1 - tall / 2, y2 + tall / 2, tall / 2, "印")
    sheet.line(edge, y, edge, y + high, HAIR, (2.5, 1.5))
    _coupon(content, square, sheet, edge, top, coupon, inner)


def _coupon(content: Slip, square: Square, sheet: Sheet, x: float, y: float, w: float, h: float) -> None:
    """What stays at the desk, to be counted against its papers."""
    kind = "点字 1枚" if square.paper is PaperKind.BRAILLE else "1枚"
    third = h / 3
    sheet.fit(x, y, w, third, f"箱{square.box_no}　{kind}", _upto(9, third), "center", "gothic", pad=1, name="控え")
    sheet.fit(x, y + third, w, third, square.colour, _upto(9, third), "center", pad=1, name="控え")
    sheet.fit(x, y + 2 * third, w, third, content.reception_no, _upto(8, third), "center", "gothic", pad=1,
              name="控え")


def _exit(content: Slip, sheet: Sheet, left: float, right: float, y: float) -> None:
    """How many papers must be in the boxes before the voter leaves."""
    count = len(content.issued)
    sheet.rect(left, y, right - left, EXIT - 2.5, BOLD)
    sheet.text(left + 2, y + 3.4, "出口確認", 9, font="gothic")
    sheet.text(left + 20, y + 3.4, f"用紙 {count}枚", 11, font="gothic")
    at = sheet.check(left + 2, y + 9, False, "全部投函", 9)
    sheet.check(at, y + 9, False, "控えが残っていない", 9)
    sheet.seal(right - 7, y + (EXIT - 2.5) / 2, 4.6, "印")
