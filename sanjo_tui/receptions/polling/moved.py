"""Moves a fictitious election and its roll to another day, so that a drill works on any date."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import re
import tomllib
from collections.abc import Mapping

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.polling.tables import as_day

FIFTH = 4
"""Days after the first day of early voting: in the sample election the contest that starts later is open by then."""

_DATE = re.compile(r"(?<!\d)\d{4}-\d{2}-\d{2}(?!\d)")
_MOVING = {"roll.csv": ("moved_on",), "roll_contests.csv": ("early_date",)}
"""Dates of a roll that move with the election."""

_NEAR = 60
"""Days: an 18th birthday so near to polling day is a special case of the drill and moves too; others stay."""


def moved_to(data: bytes, today: dt.date) -> bytes:
    """The same file with every date in it moved, also those in its id and its comments: `today` becomes the fifth
    day of early voting. RuleError: the file is no set-up of a fictitious election.
    """
    try:
        text = data.decode("utf-8-sig")
        table = tomllib.loads(text)
        starts = [as_day(contest.get("early_from")) for contest in table.get("contests", ())]
    except (ValueError, RecursionError, AttributeError, TypeError) as error:
        raise _refused(type(error).__name__) from error
    days = [day for day in starts if day is not None]
    if not days or table.get("fictitious") is not True:
        raise _refused("no early_from" if not days else "not fictitious")
    away = today - (min(days) + dt.timedelta(days=FIFTH))
    return _moved(text, away).encode()


def moved_roll(files: Mapping[str, bytes], election: bytes, today: dt.date) -> dict[str, bytes]:
    """The files of a fictitious roll (name -> bytes, the manifest too) moved as `moved_to` moves its election:
    early votes, removals, 18th birthdays around polling day, and the day of the roll. Hashes are made anew.

    `election`: the set-up as it was before it was moved. RuleError: not fictitious.
    """
    away = _polling_day(moved_to(election, today)) - _polling_day(election)
    manifest = files["manifest.toml"].decode("utf-8-sig")
    if tomllib.loads(manifest).get("fictitious") is not True:
        raise _refused("roll not fictitious")
    made = {name: _moved_rows(name, data, away, _polling_day(election)) for name, data in files.items()
            if name != "manifest.toml"}
    manifest = _renumbered(_moved(manifest, away), today) if away else manifest
    for name, data in made.items():
        manifest = manifest.replace(hashlib.sha256(files[name]).hexdigest(), hashlib.sha256(data).hexdigest())
    return made | {"manifest.toml": manifest.encode()}


def _renumbered(manifest: str, today: dt.date) -> str:
    """A roll moved to another day is another roll, and a later one."""
    manifest = re.sub(r'(?m)^(snapshot_id = "[^"]*)"', rf'\1-{today:%Y%m%d}"', manifest)
    return re.sub(r"(?m)^sequence = \d+", f"sequence = {today.toordinal()}", manifest)


def _moved_rows(name: str, data: bytes, away: dt.timedelta, polling_day: dt.date) -> bytes:
    if name not in _MOVING:
        return data
    rows = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows.fieldnames or ())
    writer.writeheader()
    for row in rows:
        row |= {column: _moved(row[column], away) for column in _MOVING[name]}
        born = as_day(row.get("birth_date", ""))
        if born and abs((_years_later(born, 18) - polling_day).days) <= _NEAR:
            row["birth_date"] = _years_later(_years_later(born, 18) + away, -18).isoformat()
        writer.writerow(row)
    return out.getvalue().encode()


def _moved(text: str, away: dt.timedelta) -> str:
    def move(found: re.Match[str]) -> str:
        day = as_day(found[0])
        return (day + away).isoformat() if day else found[0]

    return _DATE.sub(move, text)


def _years_later(day: dt.date, years: int) -> dt.date:
    """The same day of another year, 28 February where it has no 29th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def _polling_day(election: bytes) -> dt.date:
    day = as_day(tomllib.loads(election.decode("utf-8-sig")).get("polling_day"))
    if day is None:
        raise _refused("no polling_day")
    return day


def _refused(detail: str) -> RuleError:
    return RuleError("この選挙の設定は、日付を動かせません。",
                     "架空の選挙（fictitious = true）の設定を使ってください。", detail=detail)
