"""What is asked of the library's system, and what of its answers is used: flags, counts, dates, short messages.

Titles (AJ) and names (AE) are read only to be kept out of the messages that people see.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjo_tui.sip2.codec import Message
from sanjo_tui.wareki import JST

JAPANESE = "014"
CHARGED = "04"
"""Circulation status of an item that is on loan."""

Fields = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Who:
    """Fields that every message of a desk carries. `optional`: also send those that SIP2 does not require."""

    institution: str
    """AO."""
    terminal_password: str = ""
    """AC; empty, but always present."""
    location: str = ""
    """CP and AP."""
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """64: how a patron stands. `flags`: the 14 of the patron status, True is bad. None for a blank count."""

    flags: tuple[bool, ...]
    charged: int | None
    overdue: int | None
    valid: bool
    institution: str
    messages: tuple[str, ...]
    items: frozenset[str]
    """Numbers on loan, where they were asked for; looked at and forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """10, 12: whether it was done. `due`: the date as the system writes it, or ""."""

    ok: bool
    institution: str
    item: str
    due: str = ""
    messages: tuple[str, ...] = ()


def stamp(moment: dt.datetime) -> str:
    """The 18 characters of a date: Japanese time."""
    return moment.astimezone(JST).strftime("%Y%m%d    %H%M%S")


def login(user: str, password: str, who: Who) -> Message:
    """93."""
    return Message("93", "00", (("CN", user), ("CO", password), *((("CP", who.location),) if who.location else ())))


def status(width: int = 80) -> Message:
    """99: the desk is all right."""
    return Message("99", f"0{width:03}2.00")


def patron(who: Who, patron_id: str, now: dt.datetime, *, items: bool = False) -> Message:
    """63. `items`: with the numbers on loan, for the one question whether a loan has arrived."""
    summary = "  Y       " if items else " " * 10
    some = (("BP", "1"), ("BQ", "99")) if items else ()
    return Message("63", f"{JAPANESE}{stamp(now)}{summary}",
                   (*_about(who, patron_id), ("AC", who.terminal_password), ("AD", ""), *some))


def checkout(who: Who, patron_id: str, item: str, at: dt.datetime, *, due: dt.datetime | None = None,
             no_block: bool = False) -> Message:
    """11. `no_block`: it has happened already, at `at`; the system must not refuse. Never a renewal."""
    fixed = f"N{'Y' if no_block else 'N'}{stamp(at)}{stamp(due) if due else ' ' * 18}"
    more = (("AD", ""), ("BO", "N"), ("BI", "N")) if who.optional else ()
    return Message("11", fixed, (*_about(who, patron_id), ("AB", item), ("AC", who.terminal_password), *more))


def checkin(who: Who, item: str, at: dt.datetime, *, no_block: bool = False) -> Message:
    """09."""
    more = (("BI", "N"),) if who.optional else ()
    return Message("09", f"{'Y' if no_block else 'N'}{stamp(at)}{stamp(at)}",
                   (("AP", who.location), ("AO", who.institution), ("AB", item), ("AC", who.terminal_password), *more))


def item_information(who: Who, item: str, now: dt.datetime) -> Message:
    """17."""
    return Message("17", stamp(now), (("AO", who.institution), ("AB", item), ("AC", who.terminal_password)))


def end_session(who: Who, patron_id: str, now: dt.datetime) -> Message:
    """35."""
    return Message("35", stamp(now), (*_about(who, patron_id), ("AC", who.terminal_password), ("AD", "")))


def _about(who: Who, patron_id: str) -> Fields:
    return ("AO", who.institution), ("AA", patron_id)


def standing(answer: Message) -> Standing:
    """What 64 says."""
    fixed = answer.fixed
    counts = [fixed[35 + 4 * n:39 + 4 * n].strip() for n in range(6)]
    return Standing(flags=tuple(flag == "Y" for flag in fixed[:14]), charged=_count(counts[2]),
                    overdue=_count(counts[1]), valid=answer.first("BL") != "N", institution=answer.first("AO"),
                    messages=spoken(answer), items=frozenset(answer.every("AU")))


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() else None


def answered(message: Message) -> Answer:
    """What 10 or 12 says."""
    return Answer(ok=message.fixed[:1] in ("1", "Y"), institution=message.first("AO"), item=message.first("AB"),
                  due=message.first("AH"), messages=spoken(message))


def spoken(message: Message) -> tuple[str, ...]:
    """AF and AG for a person, without any title, name, address or item number that stands in the same answer."""
    secrets = sorted({value for code in ("AJ", "AE", "AB", "BD", "BE", "BF", "AU", "AT", "AS")
                      for value in message.every(code) if len(value) > 1}, key=len, reverse=True)
    lines = []
    for line in (*message.every("AF"), *message.every("AG")):
        for secret in secrets:
            line = line.replace(secret, "…")
        lines.append(line.strip())
    return tuple(dict.fromkeys(line for line in lines if line))


def same_item(one: str, other: str) -> bool:
    """Whether two numbers are one item's: some systems answer in capitals whatever was scanned."""
    return one.strip().casefold() == other.strip().casefold()


def due_date(text: str) -> dt.date | None:
    """The day of AH as systems write it: YYYYMMDD first, or with hyphens or slashes; None for anything else."""
    digits = "".join(c for c in text[:10] if c.isdigit())[:8]
    try:
        return dt.datetime.strptime(digits, "%Y%m%d").date()
    except ValueError:
        return None
