"""投票者数: the figures of 中間報告 and of the end, by sex (docs/polling.md §4).

A 中間報告 of polling day counts who voted at this place that day, without 期日前 and 不在者; the last figures add both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from sanjo_tui.receptions.polling.election import Contest, Election, PollingPlace
from sanjo_tui.receptions.polling.state import PlaceDay, Voter
from sanjo_tui.receptions.polling.tally import Sexes, Totals, local
from sanjo_tui.receptions.polling.words import Mode
from sanjo_tui.register.roll.elector import Absentee, Elector

Three = tuple[int, int, int]
"""男, 女, 計; 計 counts those of whom the roll gives no sex, too."""


def rate(count: int, electors: int) -> str:
    """投票率 in percent, two decimals, half up; "" without electors."""
    if electors <= 0:
        return ""
    hundredths = (count * 20_000 + electors) // (2 * electors)
    return f"{hundredths // 100}.{hundredths % 100:02}"


# --- 中間報告


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One contest of a report. `so_far`: of all days of this place; `before`: of the last report, None in the first.

    `electors`: 当日有権者数 of this place, None where it is not known.
    """

    contest: str
    name: str
    voters: Sexes
    so_far: Sexes
    before: Three | None = None
    electors: Sexes | None = None

    @property
    def change(self) -> Three | None:
        """Since the last report."""
        if self.before is None:
            return None
        now = self.voters.row
        return now[0] - self.before[0], now[1] - self.before[1], now[2] - self.before[2]

    @property
    def rate(self) -> str:
        """投票率 of this place."""
        return rate(self.voters.total, self.electors.total) if self.electors else ""


def interim(totals: Totals, election: Election, place: PollingPlace, day: str) -> dict[str, Sexes]:
    """Voters of a place on a day (`YYYY-MM-DD`) by contest, in the order of the boxes, zeros included."""
    mode = Mode.EARLY if place.kind.is_early else Mode.DAY
    return {c.code: totals.voters(c.code, place=place.code, mode=mode, day=day) for c in election.in_order}


def until(voters: Iterable[Voter], day: str, time: str) -> Totals:
    """The sums as they stood at a time (`HH:MM`) of a day: papers that went out later are not in them.

    Papers that came back since are not in them either: nobody has voted with those.
    """
    minute = int(time[:2]) * 60 + int(time[3:])
    return Totals.of(replace(voter, ballots={
        code: replace(ballot, papers=tuple(issue for issue in ballot.papers if local(issue.at_ms) < (day, minute)))
        for code, ballot in voter.ballots.items()}) for voter in voters)


def to_report(figures: Mapping[str, Sexes]) -> dict[str, Three]:
    """The figures as `ReportMade` keeps them."""
    return {contest: sexes.row for contest, sexes in figures.items()}


def lines(totals: Totals, election: Election, place: PollingPlace, day: str, record: PlaceDay | None = None, *,
          time: str = "", electors: Mapping[str, Sexes] | None = None) -> tuple[Line, ...]:
    """The figures now, beside those of the last report before `time` (`HH:MM`; "": of the last one)."""
    reports = sorted(record.reports, key=lambda report: report.time) if record else []
    last = next((r.figures for r in reversed(reports) if not time or r.time < time), None)
    mode = Mode.EARLY if place.kind.is_early else Mode.DAY
    return tuple(
        Line(contest=contest.code, name=contest.name, voters=voters, before=last.get(contest.code) if last else None,
             so_far=totals.voters(contest.code, place=place.code, mode=mode),
             electors=electors.get(contest.code) if electors else None)
        for contest, voters in zip(election.in_order, interim(totals, election, place, day).values(), strict=True))


# --- the end


@dataclass(frozen=True, slots=True, kw_only=True)
class Final:
    """One contest at the end: 当日有権者数, voters of polling day, 期日前 and 不在者. `provisional`: 仮投票, apart."""

    contest: str
    name: str
    electors: Sexes
    day: Sexes
    early: Sexes
    absentee: Sexes
    provisional: int = 0

    @property
    def voters(self) -> Sexes:
        """投票者数 = 普通 + 期日前 + 不在者."""
        return self.day + self.early + self.absentee

    @property
    def rate(self) -> str:
        """投票率."""
        return rate(self.voters.total, self.electors.total)


def final(election: Election, roll: Iterable[Elector], voters: Mapping[str, Voter],
          allowed: Callable[[Elector, Contest], bool]) -> tuple[Final, ...]:
    """The last figures over the electors of a roll; people of a 補正登録 are given among them (`rules.elector_of`).

    Everybody counts once per contest: a paper of this journal first, then what the roll has. `allowed`: entitled on
    polling day. Whoever voted is counted even where the right is gone by now (moved, struck off since).
    """
    counts = {c.code: {key: Sexes() for key in ("electors", "day", "early", "absentee")} for c in election.contests}
    for elector in roll:
        voter = voters.get(elector.addressee_no)
        for contest in election.contests:
            how = _how(elector, voter, contest.code)
            if allowed(elector, contest):
                counts[contest.code]["electors"] = counts[contest.code]["electors"].plus(elector.sex_code)
            if how:
                counts[contest.code][how] = counts[contest.code][how].plus(elector.sex_code)
    sheets = {c.code: sum(len(v.ballot(c.code).provisional) for v in voters.values()) for c in election.contests}
    return tuple(Final(contest=c.code, name=c.name, provisional=sheets[c.code], **counts[c.code])
                 for c in election.in_order)


def _how(elector: Elector, voter: Voter | None, contest: str) -> str:
    ballot = voter.ballot(contest) if voter else None
    if ballot and ballot.papers:
        return "early" if min(ballot.papers, key=lambda p: (p.at_ms, p.number)).mode is Mode.EARLY else "day"
    mark = elector.mark(contest)
    if mark and mark.early_date is not None:
        return "early"
    if mark and mark.absentee is Absentee.ACCEPTED:
        return "absentee"
    return ""
