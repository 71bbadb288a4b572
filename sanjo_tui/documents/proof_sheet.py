"""開所ゼロ票 and 閉所票: what the laptop holds when a place opens and when it closes, in hashes and counts. A5.

Hashes stand in groups of four characters, eight groups a line, so that two people can compare them aloud. Where the
printer is down the same facts are copied by hand from the screen: `lines`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from sanjo_tui.documents import sections
from sanjo_tui.documents.paper import A5, Heading, Pdf, compose, title
from sanjo_tui.documents.sections import Line, Part, Section, height_of, rows_of, signatures
from sanjo_tui.documents.sheet import Box, Sheet, label, value

GROUP, GROUPS = 4, 8
"""Characters in a group, groups a line."""

WIDTH = 132.0


class Proof(StrEnum):
    """Which of the two; the value is the title."""

    ZERO = "開所ゼロ票"
    CLOSING = "閉所票"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofSheet:
    """`hashes`: (word, hex digits), `counts`: (word, number with its unit, e.g. `0 枚`), both in the order to be read.

    `at`: when the place was opened or closed, `scheduled` its hours, `decided_by`: who opened on paper, `on_paper` why.
    `signers`: words of the signature boxes.
    """

    heading: Heading
    proof: Proof
    election: str
    election_id: str
    day: str
    at: str
    scheduled: str = ""
    roll_id: str = ""
    roll_base: str = ""
    roll_as_of: str = ""
    hashes: tuple[tuple[str, str], ...] = ()
    counts: tuple[tuple[str, str], ...] = ()
    program: str = ""
    on_paper: str = ""
    decided_by: str = ""
    remark: str = ""
    signers: tuple[str, ...] = ("投票管理者", "立会人", "立会人", "立会人")


def render(content: ProofSheet) -> Pdf:
    """A5, set closer where that keeps it on one page: three hashes and the papers of five contests."""
    for tight in (False, True):
        pages = sections.paged(_sections(content, tight), 22, 22, A5[1] - 12.5)
        if len(pages) == 1:
            break
    return compose(content.heading, content.proof.value, A5,
                   [partial(_page, content, parts, at == 0) for at, parts in enumerate(pages)], margin=8)


def grouped(digits: str, groups: int = GROUPS) -> tuple[str, ...]:
    """A hash in groups of four, in lines of so many groups."""
    parts = [digits[at:at + GROUP] for at in range(0, len(digits), GROUP)]
    return tuple(" ".join(parts[at:at + groups]) for at in range(0, len(parts), groups))


def facts(content: ProofSheet) -> tuple[tuple[str, str], ...]:
    """Everything but hashes and counts, in the order of the sheet; words without a value are left out."""
    when = "開所" if content.proof is Proof.ZERO else "閉所"
    found = (("選挙", content.election), ("選挙の番号", content.election_id), ("投票所", content.heading.place),
             ("日", content.day), (when, content.at), ("定めの時間", content.scheduled), ("名簿", content.roll_id),
             ("名簿の基準", content.roll_base), ("名簿の時点", content.roll_as_of), ("端末", content.heading.station),
             ("プログラム", content.program), ("紙で開所した理由", content.on_paper),
             ("決めた人", content.decided_by), ("備考", content.remark))
    return tuple((word, text) for word, text in found if text)


def lines(content: ProofSheet, width: int) -> list[str]:
    """The same facts for the screen, to be copied by hand; no line wider than `width` cells (at least 24)."""
    heading = content.heading
    marks = [word for word, on in (("訓練", heading.drill), ("架空データ", heading.fictitious)) if on]
    out = [f"{content.proof.value}{' (手書きの写し)'}" + "".join(f" [{mark}]" for mark in marks)]
    for word, text in (*facts(content), *content.counts):
        out += _folded(f"{word}: {text}", width)
    groups = max(1, min(GROUPS, (width - 2 + 1) // (GROUP + 1)))
    for word, digits in content.hashes:
        out += [*_folded(f"{word}:", width), *(f"  {line}" for line in grouped(digits, groups))]
    out += _folded(f"署名: {'、'.join(dict.fromkeys(content.signers))}", width)
    return [line for text in out for line in _folded(text, width)]


def _folded(text: str, width: int) -> Iterator[str]:
    """Lines of at most `width` cells; characters of ambiguous width count as wide."""
    line, used = "", 0
    for character in text:
        wide = unicodedata.east_asian_width(character) in "WFA"
        cells = 0 if unicodedata.category(character) == "Mn" else 2 if wide else 1  # Mn: also variation selectors
        if used + cells > width:
            yield line
            line, used = "", 0
        line, used = line + character, used + cells
    yield line


def _page(content: ProofSheet, parts: Sequence[Part], first: bool, sheet: Sheet) -> None:
    title(sheet, content.proof.value if first else f"{content.proof.value}（続き）", 16, 16)
    sections.draw(sheet, 8, parts)


def _sections(content: ProofSheet, tight: bool) -> list[Section]:
    hashes = (line for hashed in content.hashes for line in _hash(*hashed, tight))
    found = [
        Section(title="", lines=tuple(_facts(content, tight))),
        Section(title="" if tight else "照合値", lines=tuple(hashes), note="4文字ずつ、画面と読み合わせます。"),
        Section(title="", lines=tuple(_counts(content.counts, 5.6 if tight else 6.8))),
        Section(title="署名", note="上の値が、画面の値と同じであることを確かめました。", whole=True,
                lines=signatures(content.signers, WIDTH, 8 if tight else 9.5))]
    return [section for section in found if section.lines]


def _facts(content: ProofSheet, tight: bool) -> Iterator[Line]:
    when = "開所時刻" if content.proof is Proof.ZERO else "閉所時刻"
    large, small = (7.0, 6.2) if tight else (8.0, 7.0)

    def one(word: str, text: str, width: float = 46, size: float = 9) -> list[Box]:
        return [label(20, word, 8), value(width, text, word.replace("\n", ""), size=size, font="gothic")]

    yield Line(large, one("選挙", content.election, 112, 11))
    yield Line(large, one("投票所", content.heading.place, 112, 11))
    yield Line(small, [*one("日", content.day), *one(when, content.at, size=10.5)])
    yield Line(small, [*one("選挙の番号", content.election_id), *one("定めの時間", content.scheduled)])
    yield Line(small, [*one("名簿", content.roll_id), *one("名簿の基準", content.roll_base)])
    yield Line(small, [*one("名簿の時点", content.roll_as_of), *one("プログラム", content.program)])
    more = (("紙で開所した\n理由", content.on_paper), ("決めた人", content.decided_by), ("備考", content.remark))
    for word, text in more:
        if text:
            yield Line(height_of(text, 9, 112, 7.4), one(word, text, 112))


def _hash(word: str, digits: str, tight: bool) -> Iterator[Line]:
    """Its word on grey, then the groups."""
    groups = grouped(digits)
    yield Line(4.2 if tight else 4.8, (label(WIDTH, word, 8, just=False),))
    yield Line((4.7 if tight else 5.0) * max(1, len(groups)) + 0.8, (
        value(WIDTH, "\n".join(groups), word, size=11.5, font="gothic", align="center"),))


def _counts(counts: Sequence[tuple[str, str]], high: float) -> Iterator[Line]:
    """Two a row; what is longer, such as all papers of a contest, has a row of its own."""
    row: list[Box] = []
    for word, number in counts:
        long = rows_of(number, 10, 40) > 1
        if row and long:
            yield Line(high, [*row, label(26, ""), value(40, "")])
            row = []
        name, room = (52, 80) if long else (26, 40)
        row += [label(name, word, 8, just=False),
                value(room, number, word, size=10, font="gothic", align="right")]
        if long or len(row) == 4:
            yield Line(high, row)
            row = []
    if row:
        yield Line(high, [*row, label(26, ""), value(40, "")])
