"""What a new register means for a card: a question to a person, never an end by itself. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sanjo_tui.receptions.changes import GONE, Change, Changed
from sanjo_tui.receptions.childcare import events as ev
from sanjo_tui.receptions.childcare.rules import Rule, count_on, valid_until
from sanjo_tui.receptions.childcare.state import Card
from sanjo_tui.receptions.childcare.words import SCOPE

HOLDER = (*(change for change in Change if change in GONE), Change.RENAMED, Change.HOUSEHOLD, Change.PROTECTED,
          Change.CAME_BACK)
CHILD = (*(change for change in Change if change in GONE), Change.HOUSEHOLD)


def question(person: str, card: Card, holder: Changed, children: Mapping[str, Changed], untils: Sequence[dt.date],
             rule: Rule, as_of: dt.date) -> ev.CardQuestioned | None:
    """What must be asked about a live card, or None. `untils`: last days of the children as they count now.

    Only what the register changed among holder and children asks; no name stands in it.
    """
    own = "・".join(change.value for change in HOLDER if change in holder)
    kids = "・".join(dict.fromkeys(change.value for changed in children.values() for change in CHILD
                                   if change in changed))
    what = " ".join(part for part in (own, f"子:{kids}" if kids else "") if part)
    if not what:
        return None
    return ev.CardQuestioned(subject=person, scope=SCOPE, card_no=card.card_no, what=what, since=as_of.isoformat(),
                             todo=_todo(card, holder, untils, rule, as_of))


def _todo(card: Card, holder: Changed, untils: Sequence[dt.date], rule: Rule, as_of: dt.date) -> str:
    count = count_on(untils, as_of)
    end = valid_until(untils, card.needed, rule.fixed_end)
    if holder.gone:
        return "カードを返してもらう"
    if Change.PROTECTED in holder:
        return "連絡の前に責任者と決める"
    if end is None or count < card.needed:
        return f"数える子{count}人。本人に確かめ、返却か継続を決める"
    if end.isoformat() < card.valid_until:
        return "最終日が早まる。更新する"
    if Change.RENAMED in holder:
        return "氏名が変わった。作り直すか決める"
    return "世帯と続柄を本人に確かめる"
