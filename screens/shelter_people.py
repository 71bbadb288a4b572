"""How one person stands in one line: members of a household, hits of a search, people of this shelter."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from rich.cells import cell_len
from textual.content import Content

from sanjo_tui.receptions.shelter.look import SEXES, age_text, state_label
from sanjo_tui.receptions.shelter.rows import name_on_list
from screens.widgets import pad, row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.receptions.shelter.look import Line
    from sanjo_tui.receptions.shelter.state import Presence
    from sanjo_tui.register.people import Hit

MATCHES = {"folded": "異体字一致", "vague": "あいまい"}
HIDDEN = "取扱注意"


def _spare(width: int, fixed: int, least: int) -> int:
    return max(least, width - fixed)


def member_row(line: Line, number: str, mark: str, cursor: bool, width: int, via: str) -> Content:
    """`1 入 佐藤 太郎  男 52  世帯主  未確認  カード`."""
    name_width = min(30, _spare(width, 58, 18))
    note = " ".join(part for part in (via if line.tapped else "", line.note) if part)
    content = row([((">" if cursor else " ") + number, 2), (mark, 2), (shown_name(line.name), name_width),
                   (line.sex, 2), (pad(line.age, 4, right=True) if cell_len(line.age) <= 4 else line.age, 5),
                   (shown(line.relationship), 8), (shown(line.state_label), 14), (shown(note), 40)], width,
                  emphasis=2 if mark else None)
    if mark:
        content = content.stylize("$chosen")
    return content if line.selectable else content.stylize("$faint")


def hit_row(hit: Hit, width: int, today: dt.date) -> Content:
    """A resident on the list of a search; a protected one without a place."""
    who = hit.resident
    place = HIDDEN if who.protected else shown(who.town)
    match = MATCHES.get(hit.match, "")
    names = min(26, _spare(width, 55, 16))
    return row([(shown_name(who.name), names), (shown(who.name_kana), names - 4), (who.birth_label, 16),
                (age_number(who.birth.age_text(today)), 3), (SEXES.get(who.sex_code, ""), 2),
                (" ".join(p for p in (match, place) if p), 40)], width, emphasis=0)


def present_row(presence: Presence, width: int, today: dt.date, *, listed: bool = False) -> Content:
    """A person with a record in this episode, provisional ones with their number.

    `listed`: on a list that nobody asked for by name; a protected person's name does not stand there.
    """
    seen = presence.seen
    names = min(26, _spare(width, 55, 16))
    place = HIDDEN if seen.protected else shown(seen.town or presence.other_ident)
    name = name_on_list(presence) if listed else seen.name or "氏名不明"
    return row([(shown_name(name), names), (presence.registration_no, 14),
                (age_number(age_text(seen, today)), 6), (SEXES.get(seen.sex_code, ""), 2),
                (state_label(presence, presence.shelter), 10), ("仮登録" if presence.provisional else "", 6),
                (place, 40)], width, emphasis=0)


def age_number(text: str) -> str:
    """An age right-aligned, when it is a number."""
    return pad(text, 3, right=True) if text.isdigit() else text
