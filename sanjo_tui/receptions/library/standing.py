"""The 14 flags of the library's system in plain words: what stops a loan, what is only said (docs/library.md §5)."""

from __future__ import annotations

from collections.abc import Sequence

from sanjo_tui.receptions.base import Verdict, Weight

STOPS = {0: "貸出が止められています", 4: "カードの紛失届が出ています", 5: "貸出の冊数が上限です",
         6: "返却期限の過ぎた本が多すぎます", 7: "延長の回数が上限です", 8: "返却したとの申出が多すぎます",
         9: "なくした本が多すぎます", 10: "延滞料が上限を超えています", 11: "手数料が上限を超えています",
         12: "返却請求の期限が過ぎています", 13: "弁償の請求が多すぎます"}
"""Flag -> why nothing is lent."""

SAID = {1: "延長はできません", 2: "返却請求はできません", 3: "予約はできません"}
"""Flag -> what is said and stops no loan."""


def examine(flags: Sequence[bool], *, valid: bool, charged: int | None, messages: Sequence[str] = ()) -> Verdict:
    """What the desk says of a patron: a count, never a name or a title. Returns are always taken."""
    stops = [text for flag, text in STOPS.items() if flag < len(flags) and flags[flag]]
    said = [text for flag, text in SAID.items() if flag < len(flags) and flags[flag]]
    count = "" if charged is None else f"{wide(charged)}冊貸出中"
    if not valid:
        return Verdict(Weight.STOP, "図書館に登録がないか、期限が切れています", code="INVALID",
                       notes=("図書館の登録を確かめてください", *messages))
    if stops:
        return Verdict(Weight.STOP, f"貸出できません: {stops[0]}", code="PATRON",
                       notes=(*stops[1:], *((count,) if count else ()), "返却はできます", *messages))
    return Verdict(Weight.READY, count or "貸出できます", notes=(*said, *messages))


def wide(number: int) -> str:
    """３: digits as the library's desk shows a count."""
    return str(number).translate(str.maketrans("0123456789", "０１２３４５６７８９"))
