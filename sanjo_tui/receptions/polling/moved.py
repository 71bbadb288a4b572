"""Moves the set-up of a fictitious election to another day, so that a drill works on any date."""

from __future__ import annotations

import datetime as dt
import re
import tomllib

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.polling.tables import as_day

FIFTH = 4
"""Days after the first day of early voting: in the sample election the contest that starts later is open by then."""


def moved_to(data: bytes, today: dt.date) -> bytes:
    """The same file with every date in it moved, also those in its id and its comments: `today` becomes the fifth
    day of early voting. RuleError: the file is no set-up of a fictitious election.
    """
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
        starts = [as_day(contest.get("early_from")) for contest in table.get("contests", ())]
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, AttributeError) as error:
        raise _refused(type(error).__name__) from error
    days = [day for day in starts if day is not None]
    if not days or table.get("fictitious") is not True:
        raise _refused("no early_from" if not days else "not fictitious")
    away = today - (min(days) + dt.timedelta(days=FIFTH))

    def move(found: re.Match[str]) -> str:
        day = as_day(found[0])
        return (day + away).isoformat() if day else found[0]

    return re.sub(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)", move, text).encode()


def _refused(detail: str) -> RuleError:
    return RuleError("この選挙の設定は、日付を動かせません。",
                     "架空の選挙（fictitious = true）の設定を使ってください。", detail=detail)
