"""Where one voter stands in one contest: the roll's marks and the journal together (docs/polling.md §3)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjo_tui.receptions.polling.election import Contest, Election
from sanjo_tui.receptions.polling.state import Ballot, Voter
from sanjo_tui.receptions.polling.words import Mode, State
from sanjo_tui.register.roll.elector import Absentee, Elector, RollMark
from sanjo_tui.wareki import JST

WEEKDAYS = "月火水木金土日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One voter in one contest. `at_ms`, UTC, is None where only the roll knows of it; `where`: name of a place.

    `doubled`: two papers, or a paper beside a vote that the roll has. `provisional`: a 仮投票 lies beside the state.
    """

    contest: Contest
    state: State
    at_ms: int | None = None
    day: dt.date | None = None
    where: str = ""
    reception_no: str = ""
    doubled: bool = False
    provisional: bool = False
    refused: bool = False
    taken_away: bool = False

    @property
    def done(self) -> bool:
        """No ordinary paper of this contest may go out: one is out, cast or accepted, or a 仮投票 was made."""
        return self.state.has_voted or self.provisional

    @property
    def moment(self) -> str:
        """When and where, e.g. `10月17日(土) 10:12 中央公民館`; the roll knows no time of day."""
        parts = []
        if self.day:
            parts.append(day_text(self.day))
        if self.at_ms is not None:
            parts.append(f"{moment_of(self.at_ms):%-H:%M}")
        return " ".join([*parts, self.where] if self.where else parts)


def moment_of(at_ms: int) -> dt.datetime:
    """Japanese time of a wall clock in milliseconds, UTC."""
    return dt.datetime.fromtimestamp(at_ms / 1000, JST)


def day_text(day: dt.date) -> str:
    """`10月17日(土)`."""
    return f"{day.month}月{day.day}日({WEEKDAYS[day.weekday()]})"


def standing(elector: Elector, voter: Voter | None, contest: Contest, election: Election) -> Standing:
    """What holds for one contest. A vote that the roll has counts like one of the journal."""
    ballot = voter.ballot(contest.code) if voter else Ballot(contest=contest.code)
    mark = elector.mark(contest.code) or RollMark(contest=contest.code)
    state, at_ms, day, where, number = ballot.state, None, None, "", ""
    voted = mark.early_date is not None or mark.absentee is Absentee.ACCEPTED
    papers = ballot.papers or (() if voted else ballot.provisional)
    if papers:
        first = papers[0]
        at_ms, number, where = first.at_ms, first.reception_no, place_name(first.place, election)
        day = moment_of(first.at_ms).date()
    elif mark.early_date is not None:
        state, day, where = State.CAST, mark.early_date, place_name(mark.early_site, election)
    elif mark.absentee is Absentee.ACCEPTED:
        state = State.ABSENTEE_ACCEPTED
    elif mark.absentee is Absentee.ISSUED and not ballot.absentee_returned:
        state = State.ABSENTEE_ISSUED
    return Standing(
        contest=contest, state=state, at_ms=at_ms, day=day, where=where, reception_no=number,
        doubled=ballot.doubled or (voted and bool(ballot.papers) and not _same_vote(mark, ballot, election)),
        provisional=bool(ballot.provisional), refused=bool(ballot.refused), taken_away=ballot.taken_away)


def standings(elector: Elector, voter: Voter | None, election: Election) -> tuple[Standing, ...]:
    """All contests in the order of the boxes."""
    return tuple(standing(elector, voter, contest, election) for contest in election.in_order)


def place_name(code: str, election: Election) -> str:
    """The name of a polling place; what the roll calls it where the election does not know it."""
    place = election.place(code)
    return place.name if place else code


def _same_vote(mark: RollMark, ballot: Ballot, election: Election) -> bool:
    """Whether a paper of the journal is the early vote of the roll: a later roll repeats what was voted here."""
    return any(paper.mode is Mode.EARLY and moment_of(paper.at_ms).date() == mark.early_date
               and mark.early_site in ("", paper.place, place_name(paper.place, election)) for paper in ballot.papers)
