"""What no election can be: faults that show only when the parts of a set-up are held against each other.

Values that could not be read (`UNREAD`, empty codes, what `known` names) are passed over: their own problem is known
already, and one slip must not look like ten.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator

from sanjo_tui.receptions.polling.election import Contest, Election, PollingPlace
from sanjo_tui.receptions.polling.tables import UNREAD, Problem
from sanjo_tui.receptions.polling.words import PlaceKind, StaffRole

MOST_CONTESTS = 8
"""As many papers as a screen shows and a row of boxes holds."""

LONGEST = 60
"""Days: no early voting lasts longer, so that a slip in the year is found."""


def contradictions(election: Election, known: Collection[Problem] = ()) -> list[Problem]:
    """Every contradiction, in the order of the file, beside the problems that are known."""
    wrong = {problem.where for problem in known}
    return [*_contests(election), *_stations(election, wrong), *_days_without_place(election, wrong),
            *_staff(election, wrong), *_stock(election, wrong)]


def _twice(name: str, key: str, values: Iterable[object], message: str) -> Iterator[Problem]:
    """A value that stands in two tables, said at each but the first."""
    first: dict[object, int] = {}
    for place, value in enumerate(values, 1):
        if value and first.setdefault(value, place) != place:
            yield Problem(f"{name}[{place}].{key}", message.format(value=value, first=first[value]))


def _contests(election: Election) -> Iterator[Problem]:
    contests = election.contests
    if len(contests) > MOST_CONTESTS:
        yield Problem("contests", f"が {len(contests)} あります。同時に受け付けられるのは {MOST_CONTESTS} までです。")
    yield from _twice("contests", "code", (c.code for c in contests), "{value} は contests[{first}] と同じです。")
    yield from _twice("contests", "name", (c.name for c in contests), "{value} は contests[{first}] と同じ名前です。")
    yield from _twice("contests", "box_no", (c.box_no for c in contests),
                      "{value} 番の箱は contests[{first}] の箱です。")
    yield from _twice("contests", "ballot_colour", (c.ballot_colour for c in contests),
                      "{value} は contests[{first}] と同じ色です。用紙を取り違えます。")
    for place, contest in enumerate(contests, 1):
        yield from _window(election, contest, f"contests[{place}]")


def _window(election: Election, contest: Contest, where: str) -> Iterator[Problem]:
    first, last, day = contest.early_from, contest.early_to, election.polling_day
    if UNREAD in (first, last, day):
        return
    if last >= day:
        yield Problem(f"{where}.early_to", f"{last} は投票日（{day}）の前日より後です。")
    if first >= day:
        yield Problem(f"{where}.early_from", f"{first} は投票日（{day}）の前日より後です。")
    elif first > last:
        yield Problem(f"{where}.early_to", f"期日前投票の終わり（{last}）が始まり（{first}）より前です。")
    elif (day - first).days > LONGEST:
        yield Problem(f"{where}.early_from", f"{first} は投票日より {LONGEST} 日以上前です。")


def _stations(election: Election, wrong: Collection[str]) -> Iterator[Problem]:
    places = election.places
    yield from _twice("stations", "code", (p.code for p in places), "{value} は stations[{first}] と同じです。")
    yield from _twice("stations", "name", (p.name and (p.name, p.kind.is_early) for p in places),
                      "stations[{first}] と同じ名前です。")
    for number, place in enumerate(places, 1):
        where = f"stations[{number}]"
        if f"{where}.kind" not in wrong:
            look = _early if place.kind.is_early else _on_the_day
            yield from (problem for problem in look(election, place, where) if problem.where not in wrong)
    yield from _wards(election)


def _wards(election: Election) -> Iterator[Problem]:
    """A 投票区 votes at one place of polling day and, where each voter has a home place, at one early place."""
    for early in (False, True):
        holder: dict[str, int] = {}
        for number, place in enumerate(election.places, 1):
            for ward in dict.fromkeys(place.wards) if place.kind.is_early is early else ():
                if holder.setdefault(ward, number) != number:
                    yield Problem(f"stations[{number}].wards",
                                  f"投票区 {ward} は stations[{holder[ward]}] にもあります。")
    if election.home_places:
        homes = {ward for place in election.places if place.kind.is_early for ward in place.wards}
        for number, place in enumerate(election.places, 1):
            if place.kind is PlaceKind.DAY and (without := [ward for ward in place.wards if ward not in homes]):
                yield Problem(f"stations[{number}].wards", f"投票区 {'、'.join(without)} の期日前投票所がありません"
                              "（home_places = true）。")


def _early(election: Election, place: PollingPlace, where: str) -> Iterator[Problem]:
    day, starts = election.polling_day, [c.early_from for c in election.contests if c.early_from > UNREAD]
    if election.home_places and not place.wards:
        yield Problem(f"{where}.wards", "どの投票区の人が来るか書いてください（home_places = true）。")
    if not place.hours:
        yield Problem(f"{where}.hours", "開いている日と時刻がありません。")
    for hours in place.hours:
        if UNREAD < day <= hours.day:
            yield Problem(f"{where}.hours", f"{hours.day} は投票日以後です。期日前投票は前日までです。")
        elif starts and hours.day < min(starts):
            yield Problem(f"{where}.hours", f"{hours.day} には、まだどの選挙の期日前投票も始まっていません。")


def _on_the_day(election: Election, place: PollingPlace, where: str) -> Iterator[Problem]:
    day = election.polling_day
    if not place.wards:
        yield Problem(f"{where}.wards", "どの投票区の人が来るか書いてください。")
    if day > UNREAD and place.hours_on(day) is None:
        yield Problem(f"{where}.hours", f"投票日（{day}）の時刻がありません。")
    for hours in place.hours:
        if UNREAD < day != hours.day:
            yield Problem(f"{where}.hours", f"{hours.day} は投票日（{day}）ではありません。")


def _days_without_place(election: Election, wrong: Collection[str]) -> Iterator[Problem]:
    """Somebody who comes within a window must find at least one place open."""
    if any(".hours" in where or ".kind" in where for where in wrong):
        return
    early = [place for place in election.places if place.kind.is_early and place.hours]
    if not early:
        return
    open_days = {hours.day for place in early for hours in place.hours}
    closed: set[dt.date] = set()
    for contest in election.contests:
        span = (contest.early_to - contest.early_from).days
        if UNREAD not in (contest.early_from, contest.early_to) and 0 <= span <= LONGEST:
            days = (contest.early_from + dt.timedelta(days=n) for n in range(span + 1))
            closed.update(day for day in days if day not in open_days and day < election.polling_day)
    if closed:
        yield Problem("stations", f"{min(closed)} に開いている期日前投票所がありません"
                      + (f"（ほか {len(closed) - 1} 日）。" if len(closed) > 1 else "。"))


def _staff(election: Election, wrong: Collection[str]) -> Iterator[Problem]:
    staff = election.staff
    yield from _twice("staff", "id", (s.id for s in staff), "{value} は staff[{first}] と同じです。")
    if any(where.startswith("staff") for where in wrong):
        return
    if staff and not any(s.role is StaffRole.PRESIDING for s in staff):
        yield Problem("staff", "投票管理者がいません。")
    elif any(s.pin_hash for s in staff) and not any(s.role.presides and s.pin_hash for s in staff):
        yield Problem("staff", "暗証番号（pin_hash）のある投票管理者か職務代理者がいません。")


def _stock(election: Election, wrong: Collection[str]) -> Iterator[Problem]:
    """Papers of a place or a contest that nobody knows, each code once."""
    if any(where in ("contests", "stations") or where.endswith(".code") for where in wrong):
        return
    for code in dict.fromkeys(stock.place for stock in election.stock):
        if election.place(code) is None:
            yield Problem(f"stock.{code}", "という投票所は stations にありません。")
    first = {stock.contest: stock.place for stock in reversed(election.stock)}
    for contest, place in first.items():
        if election.contest(contest) is None:
            yield Problem(f"stock.{place}.{contest}", "という選挙は contests にありません。")
