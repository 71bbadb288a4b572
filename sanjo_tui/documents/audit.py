"""監査の記録: who looked at whom, when and why. Numbers alone; nobody's name or address stands here."""

from __future__ import annotations

from dataclasses import dataclass

from sanjo_tui.documents import listing
from sanjo_tui.documents.listing import Column, Listing, number
from sanjo_tui.documents.paper import Heading, Pdf
from sanjo_tui.receptions.audit import Line

COLUMNS = ("number", "time", "operator", "what", "subject", "reason", "reception", "people")
"""Keys of CSV and JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Audit:
    """`question`: what was asked, in words; `rows` oldest first."""

    heading: Heading
    question: str
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class _Shown:
    """A line as it stands on paper."""

    number: str
    time: str
    operator: str
    what: str
    subject: str
    reason: str
    reception: str


def render(content: Audit) -> Pdf:
    """A4 landscape, 25 lines a page."""
    layout = Listing(
        title="監査の記録", lines=25, where="拠点",
        columns=(Column("番号", 10, "#"), number("記録番号", 34, "number", 8.5), number("日時", 38, "time", 8.5),
                 number("操作者", 28, "operator", 8.5), Column("内容", 66, "what", size=9),
                 number("対象の番号", 38, "subject", 8.5), Column("理由", 41, "reason", "center", size=9),
                 Column("受付", 22, "reception", "center", size=9)),
        summary=f"{content.question}　{len(content.rows)}件",
        note="受付：照会のあと10分以内に、同じ操作者がその人の受付を記録したか。", caution=True,
        total=lambda rows: f"{len(rows)}件", empty="該当する記録はありません")
    return listing.render(layout, content.heading, [_shown(line) for line in content.rows])


def reception_word(line: Line) -> str:
    """あり, なし, or nothing where none was to follow."""
    return "" if line.reception is None else "あり" if line.reception else "なし"


def _shown(line: Line) -> _Shown:
    return _Shown(line.number, line.time[:19].replace("T", " "), line.operator, line.what, line.subject, line.reason,
                  reception_word(line))
