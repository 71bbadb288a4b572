"""Who may vote in which contest on which day: age, roll, move and district (docs/polling.md §3). Derived, never stored.

Fails closed: a birth date that is not fully known counts as the latest day that it can mean.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from sanjo_tui.receptions.polling.election import Contest, Election
from sanjo_tui.receptions.polling.words import Code, Level
from sanjo_tui.register.roll.elector import Elector, MovedScope, RollStatus
from sanjo_tui.wareki import Precision, RegisterDate, parse

VOTING_AGE = 18

CLOSED = {RollStatus.DEAD: Code.DEAD, RollStatus.STRUCK: Code.STRUCK, RollStatus.ABROAD: Code.STRUCK,
          RollStatus.SUSPENDED: Code.SUSPENDED}
"""Whoever may not vote at all. 在外移転: struck from this roll, the vote is that of the 在外選挙人名簿."""

NEUTRAL = "投票管理者へ"
"""All that the desk says of a closed record: never the cause."""
UNSURE_OF_AGE = "生年月日が全部は分かりません"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitlement:
    """Whether somebody may vote in one contest. `ground`: why not, or for 転出 why still; short words for a slip.

    `allowed` with code E-MOVED: once the clerk has the confirmation that the voter still lives in the prefecture.
    """

    contest: str
    allowed: bool
    code: Code | None = None
    ground: str = ""


def latest_birth(birth: RegisterDate) -> dt.date | None:
    """The latest day on which somebody with this birth date can have been born; None: nothing is known of it."""
    if birth.precision is Precision.UNKNOWN or not birth.sort_key:
        return None
    year, month, day = (int(part) for part in birth.sort_key.split("-"))
    if birth.exact:                      # 31 February, as old registers have it, is at the latest 3 March
        return dt.date(year, month, 1) + dt.timedelta(days=day - 1)
    said = birth.text or birth.raw
    if "から" in said:                    # the period's end decides
        end = latest_birth(parse(said.split("から", 1)[1].removesuffix("まで")))
        return end if end and end.year >= year else None
    if birth.precision is Precision.YEAR:
        month = 12
    elif birth.precision is Precision.SEASON:
        year, month = (year + 1, 2) if month == 12 else (year, month + 2)
    if "頃" in said or "推定" in said:
        year += 1
    return dt.date(year, month, calendar.monthrange(year, month)[1])


@lru_cache(maxsize=4096)
def eligible_from(birth: RegisterDate) -> dt.date | None:
    """The first day on which somebody may vote: the eve of the 18th birthday; for 29 February the 28th.

    None: the birth date is not known. 年齢計算ニ関スル法律: an age is reached at the end of the day before.
    """
    born = latest_birth(birth)
    if born is None:
        return None
    year = born.year + VOTING_AGE
    on_calendar = born.day <= calendar.monthrange(year, born.month)[1]
    return (dt.date(year, born.month, born.day) if on_calendar else dt.date(year, 3, 1)) - dt.timedelta(days=1)


def eligible_on(birth: RegisterDate, day: dt.date) -> bool:
    """Whether somebody is 18 for an election on this day; no when the birth date does not tell."""
    first = eligible_from(birth)
    return first is not None and day >= first


def on_roll_until(moved_on: dt.date, months: int) -> dt.date:
    """The last day on the roll after 転出: so many months, the day of moving not counted (民法140条, 143条)."""
    year, month = divmod(moved_on.year * 12 + moved_on.month - 1 + months, 12)
    return dt.date(year, month + 1, min(moved_on.day, calendar.monthrange(year, month + 1)[1]))


def entitled(elector: Elector, contest: Contest, election: Election, day: dt.date) -> Entitlement:
    """Whether this elector may vote in this contest on this day, be it the day of early voting or polling day."""
    if closed := CLOSED.get(elector.roll_status):
        return Entitlement(contest=contest.code, allowed=False, code=closed, ground=NEUTRAL)
    return (_by_district(elector, contest) or _by_age(elector, contest, election, day)
            or _by_move(elector, contest, election, day) or Entitlement(contest=contest.code, allowed=True))


def _no(contest: Contest, ground: str, code: Code = Code.NOT_ENTITLED) -> Entitlement:
    return Entitlement(contest=contest.code, allowed=False, code=code, ground=ground)


def _by_district(elector: Elector, contest: Contest) -> Entitlement | None:
    mark = elector.mark(contest.code)
    if elector.enrolled_by:
        return None if mark else _no(contest, "補正登録の書面にない選挙")
    if not contest.districts or (mark and mark.district in contest.districts):
        return None
    return _no(contest, "選挙区の外")


def _by_age(elector: Elector, contest: Contest, election: Election, day: dt.date) -> Entitlement | None:
    if eligible_on(elector.birth, day):
        return None
    if not elector.birth.exact:
        return _no(contest, UNSURE_OF_AGE, Code.AGE17)
    if eligible_on(elector.birth, election.polling_day):
        return _no(contest, "今日はまだ17歳", Code.AGE17)
    return _no(contest, "投票日に18歳になっていない")


def _by_move(elector: Elector, contest: Contest, election: Election, day: dt.date) -> Entitlement | None:
    if elector.roll_status is not RollStatus.MOVED or elector.moved_scope is MovedScope.SAME_TOWN:
        return None
    if elector.moved_on is None or day > on_roll_until(elector.moved_on, election.moved_months):
        return _no(contest, f"転出から{election.moved_months}か月を過ぎた" if elector.moved_on else "転出日が不明")
    match contest.level, elector.moved_scope:
        case Level.NATION, MovedScope.SAME_PREFECTURE | MovedScope.OTHER_PREFECTURE:
            return Entitlement(contest=contest.code, allowed=True, ground="転出(名簿に登録中)")
        case Level.NATION, _ if election.abroad_votes_national:   # a scope that is missing is read as the strictest
            return Entitlement(contest=contest.code, allowed=True, ground="国外転出(名簿に登録中)")
        case Level.PREFECTURE, MovedScope.SAME_PREFECTURE:
            return Entitlement(contest=contest.code, allowed=True, code=Code.MOVED, ground="県内転出")
    return _no(contest, "転出のため")
