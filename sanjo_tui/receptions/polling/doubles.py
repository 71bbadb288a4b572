"""二重交付: what two places or two stations did for the same voter and contest, as rows of the 事故票.

Found by a merge, never resolved by the program (docs/polling.md §6). Where voters and events come in another order, the
rows are the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.state import Ballot, Issue, Voter
from sanjo_tui.receptions.polling.tally import local
from sanjo_tui.receptions.polling.words import Mode
from sanjo_tui.register.roll.elector import Absentee, Elector, RollMark


class Double(StrEnum):
    """In what way somebody voted, or could vote, twice."""

    TWO_PAPERS = "二重交付"
    TWO_PROVISIONAL = "仮投票の二重交付"
    EARLY_ON_ROLL = "名簿の期日前投票済との重複"
    ABSENTEE_ON_ROLL = "不在者投票の受理との重複"


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubleRow:
    """One voter in one contest. `voter`: 宛名番号 or 補正登録; `issues`: every paper, the earliest first.

    `early_day`, `early_site`: what the roll says, for `EARLY_ON_ROLL`.
    """

    voter: str
    contest: str
    kind: Double
    issues: tuple[Issue, ...]
    early_day: str = ""
    early_site: str = ""

    @property
    def stations(self) -> tuple[str, ...]:
        """Stations whose events these are, each once."""
        return tuple(sorted({issue.number.rpartition("-")[0] for issue in self.issues}))


def doubles(voters: Iterable[Voter], election: Election,
            elector_of: Callable[[str], Elector | None] | None = None) -> tuple[DoubleRow, ...]:
    """All rows by voter and contest. `elector_of`: the roll's line of a voter; without it papers alone."""
    rows = []
    for voter in voters:
        elector = elector_of(voter.key) if elector_of and any(b.papers for b in voter.ballots.values()) else None
        for ballot in voter.ballots.values():
            mark = elector.mark(ballot.contest) if elector else None
            rows += _rows(voter.key, ballot, mark, election)
    return tuple(sorted(rows, key=lambda row: (row.voter, row.contest, row.kind)))


def _rows(voter: str, ballot: Ballot, mark: RollMark | None, election: Election) -> list[DoubleRow]:
    papers, provisional = _in_order(ballot.papers), _in_order(ballot.provisional)
    found = []
    if len(papers) > 1:
        found.append(DoubleRow(voter=voter, contest=ballot.contest, kind=Double.TWO_PAPERS, issues=papers))
    if len(provisional) > 1:
        found.append(DoubleRow(voter=voter, contest=ballot.contest, kind=Double.TWO_PROVISIONAL, issues=provisional))
    if papers and mark and mark.early_date is not None and not any(_is_it(p, mark, election) for p in papers):
        found.append(DoubleRow(voter=voter, contest=ballot.contest, kind=Double.EARLY_ON_ROLL, issues=papers,
                               early_day=mark.early_date.isoformat(), early_site=mark.early_site))
    if papers and mark and mark.absentee is Absentee.ACCEPTED:
        found.append(DoubleRow(voter=voter, contest=ballot.contest, kind=Double.ABSENTEE_ON_ROLL, issues=papers))
    return found


def _in_order(issues: Iterable[Issue]) -> tuple[Issue, ...]:
    return tuple(sorted(issues, key=lambda issue: (issue.at_ms, issue.number)))


def _is_it(paper: Issue, mark: RollMark, election: Election) -> bool:
    """Whether the roll means this very paper: a later roll repeats what was voted at an early place."""
    if paper.mode is not Mode.EARLY or mark.early_date is None or local(paper.at_ms)[0] != mark.early_date.isoformat():
        return False
    place = election.place(paper.place)
    return mark.early_site in ("", paper.place, place.name if place else "")
