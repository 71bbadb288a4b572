"""The status line of every desk: drill, reader, age of the register, what waits. Each state has its words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from sanjo_tui.cards.facts import Readers
from screens.widgets import shown

if TYPE_CHECKING:
    from sanjo_tui.desk import Header

LEVELS = {"amber": ("bold $text-warning", " 古い"), "red": ("bold $text-error", " とても古い"),
          "none": ("bold $text-warning", "")}
"""Colour and words of a register that is not fresh."""


def status_line(head: Header, readers: Readers | None, width: int, who: str = "") -> Content:
    """`訓練 架空データ 佐藤(職員) 読取可 住基R8.11.20(3日前) 印刷待ち1 未送信12`, then the warnings.

    `who`: at whose hands the desk is, where operators are registered.
    """
    pieces: list[str | tuple[str, str]] = [" "]
    if head.drill:
        pieces += [("  訓練  ", "$drill"), " "]
    if head.fictitious:
        pieces += [(" 架空データ ", "$drill"), " "]
    if who:
        pieces += [(shown(who), "bold"), "  "]
    if readers is None:
        pieces += ["読取準備中  "]
    elif readers.ready:
        pieces += ["読取可  "]
    else:
        pieces += [(f"読取不可({readers.sentence})" if readers.sentence else "読取不可", "bold $text-warning"), "  "]
    style, words = LEVELS.get(head.register_level, ("", ""))
    pieces += [(shown(head.register) + words, style), "  "]
    if head.waiting_prints:
        pieces += [(f"印刷待ち{head.waiting_prints}", "bold"), "  "]
    if head.unsent:
        pieces += [f"未送信{head.unsent}  "]
    pieces.append((shown("  ".join(head.warnings)), "bold $text-warning"))
    return Content.assemble(*pieces).truncate(width, pad=True)
