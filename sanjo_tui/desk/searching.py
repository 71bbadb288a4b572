"""Who may search how: a volunteer by two features or an exact number, a clerk freely with a reason.

A station without operators asks for neither. Nothing is shown or kept of a search that is refused.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from sanjo_tui.errors import NotAllowed, RegisterError, RuleError
from sanjo_tui.numbers import only_digits
from sanjo_tui.receptions.lookups import REASONS
from sanjo_tui.register.people import Found
from sanjo_tui.register.roll.elector import ElectorsFound
from sanjo_tui.text import nfkc
from sanjo_tui.vault.roles import Permission, Who

WIDE = 2000
"""So many of one name are gone through for a town; more of one name live in no town of ours."""

SHOWN = 50
HOW = "氏名かかなに、生年月日か町名を続けてください。例: サトウ 19740305。宛名番号や利用者IDだけでも探せます。"


class ReasonNeeded(RuleError):
    """A free search: the screen asks for one of REASONS by digit and searches again."""

    def __init__(self) -> None:
        words = "、".join(f"{label}({key})" for key, label in REASONS.items())
        super().__init__("この探し方には理由が要ります。", f"理由を選んでください: {words}")


def in_register(who: Who, text: str, reason: str, search: Callable[..., Found]) -> Found:
    """What a search of the register gives this person; `search` as Register.search. NotAllowed, ReasonNeeded."""
    found: Found = _allowed(
        who, text, reason, search, by_number=lambda hit: hit.reading in ("user_id", "addressee_no"),
        town_of=lambda hit: "" if hit.resident.protected else hit.resident.town)
    return found


def in_roll(who: Who, text: str, reason: str, search: Callable[..., ElectorsFound]) -> ElectorsFound:
    """The same for the roll; 入場券番号 and 名簿番号 are exact numbers too."""
    from sanjo_tui.register.roll.tables import natural

    key, digits = nfkc(text).strip(), only_digits(text)

    def by_number(hit: Any) -> bool:
        one = hit.elector
        return (bool(digits) and digits in (one.user_id, one.addressee_no, one.ticket_no)) or key == one.ticket_no or (
            bool(one.roll_no) and natural(key) == natural(one.roll_no))

    found: ElectorsFound = _allowed(
        who, text, reason, search, by_number=by_number,
        town_of=lambda hit: "" if hit.elector.protected else hit.elector.address_as_delivered)
    return found


def refuse_reason(reason: str) -> None:
    """Raises RuleError for a reason that is none of REASONS: nothing about a resident is typed."""
    if reason and reason not in REASONS:
        raise RuleError("その理由は使えません。", f"{'、'.join(REASONS)} から選んでください。")


def _allowed(who: Who, text: str, reason: str, search: Callable[..., Any], *, by_number: Callable[[Any], bool],
             town_of: Callable[[Any], str]) -> Any:
    refuse_reason(reason)
    found = search(text)
    readings = set(found.readings)
    if who.role is None or ("birth_date" in readings and readings & {"name", "name_kana"}):
        return found
    freely = who.may(Permission.SEARCH_FREE) and bool(reason)
    if freely and found.hits:
        return found
    named = tuple(hit for hit in found.hits if by_number(hit))
    if named or (not found.hits and only_digits(text)):
        return replace(found, hits=named, more=False)
    nearby = _of_a_town(text, search, town_of)
    if nearby is not None:
        return nearby
    if freely:
        return found
    if who.may(Permission.SEARCH_FREE):
        raise ReasonNeeded
    raise NotAllowed("手がかりがもう一つ要ります。", HOW, Permission.SEARCH_FREE.value)


def _of_a_town(text: str, search: Callable[..., Any], town_of: Callable[[Any], str]) -> Any:
    """A name with a town beside it, before or behind: those of that name who live there; None: nobody, or no town."""
    parts = nfkc(text).split()
    for place in (len(parts) - 1, 0) if len(parts) > 1 else ():
        town, rest = parts[place], " ".join(parts[:place] + parts[place + 1:])
        if len(town) < 2:
            continue
        try:
            wide = search(rest, limit=WIDE)
        except RegisterError:
            continue                                     # the other half is no search term
        hits = tuple(hit for hit in wide.hits if nfkc(town_of(hit)).startswith(town))
        if hits and set(wide.readings) & {"name", "name_kana"}:
            return replace(wide, hits=hits[:SHOWN], more=len(hits) > SHOWN or wide.more)
    return None
