"""Sums over voters, kept up to date by adding and taking away what one voter contributes (docs/polling.md §4).

A voter counts once per contest however often he or she came; times are Japanese time from the wall clock of the event.
Places are those of the event: a paper counts where it was handed out, spoiled and returned papers where they came in.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from sanjo_tui.receptions.polling.state import Ballot, Visit, Voter
from sanjo_tui.receptions.polling.words import Mode, PaperKind, State

Fact = tuple[str, ...]
"""What is counted: the kind of count, then its dimensions; all of them text, days `YYYY-MM-DD`, hours `07`."""

AGE_BANDS = ((18, 19, "18-19歳"), (20, 29, "20代"), (30, 39, "30代"), (40, 49, "40代"), (50, 59, "50代"),
             (60, 69, "60代"), (70, 79, "70代"), (80, 200, "80歳以上"))
UNKNOWN = "不詳"

_JST_MS = 9 * 3_600_000
_DAY_MS = 86_400_000
_EPOCH = dt.date(1970, 1, 1).toordinal()


@dataclass(frozen=True, slots=True)
class Sexes:
    """A number of people as 男, 女 and those whose sex is blank on the roll."""

    male: int = 0
    female: int = 0
    other: int = 0

    @property
    def total(self) -> int:
        """計."""
        return self.male + self.female + self.other

    @property
    def row(self) -> tuple[int, int, int]:
        """男, 女, 計, as reports are read out."""
        return self.male, self.female, self.total

    def __add__(self, more: Sexes) -> Sexes:
        return Sexes(self.male + more.male, self.female + more.female, self.other + more.other)

    def __sub__(self, less: Sexes) -> Sexes:
        return Sexes(self.male - less.male, self.female - less.female, self.other - less.other)

    def plus(self, sex_code: str, number: int = 1) -> Sexes:
        """So many more of one sex code (1 男, 2 女)."""
        return self + Sexes(number * (sex_code == "1"), number * (sex_code == "2"),
                            number * (sex_code not in ("1", "2")))


def local(at_ms: int) -> tuple[str, int]:
    """Day (`YYYY-MM-DD`) and minute of the day in Japan of a wall-clock time in ms UTC."""
    days, rest = divmod(at_ms + _JST_MS, _DAY_MS)
    return _day(days), rest // 60_000


@lru_cache(maxsize=512)
def _day(days: int) -> str:
    return dt.date.fromordinal(_EPOCH + days).isoformat()


def age_band(age: int | None) -> str:
    """The band of an age in years on polling day."""
    return next((label for low, high, label in AGE_BANDS if age is not None and low <= age <= high), UNKNOWN)


# --- what one voter contributes


def contribution(voter: Voter) -> Counter[Fact]:
    """Everything one voter adds to the counts; the same voter always gives the same."""
    facts: Counter[Fact] = Counter()
    visits = {visit.number: visit for visit in voter.visits}
    came: dict[tuple[str, str, str], Visit | None] = {}
    for ballot in voter.ballots.values():
        facts.update(_papers(ballot))
        facts.update(_votes(ballot, visits))
        for issue in ballot.papers:
            came.setdefault((issue.place, issue.mode.value, local(issue.at_ms)[0]), visits.get(issue.number))
    places: set[str] = set()
    for (place, mode, day), visit in sorted(came.items(), key=lambda item: (item[0][2], item[0][0])):
        sex = visit.sex_code if visit else ""
        facts["came on", place, mode, day, sex] += 1
        if place not in places:
            facts["came to", place, mode, sex] += 1
        if not places:
            facts["came", mode, sex] += 1
        places.add(place)
    for visit in voter.visits:
        facts.update(_visit(visit))
    if voter.enrolled is not None:
        facts["enrolled", voter.enrolled.place] += 1
    if voter.incidents:
        facts["incidents",] += voter.incidents
    return facts


def _papers(ballot: Ballot) -> Iterator[Fact]:
    contest = ballot.contest
    for issue in ballot.papers:
        yield "out", issue.place, contest, issue.paper.value
        if ballot.state is State.ISSUED and not ballot.taken_away:
            yield "unconfirmed", issue.place, contest
    for issue in ballot.provisional:
        yield "provisional", issue.place, contest, issue.paper.value
        yield "provisional on", issue.place, contest, local(issue.at_ms)[0]
    for place, paper in zip(ballot.spoiled_at, ballot.spoiled, strict=True):
        yield "spoiled", place, contest, paper.value
    for place, paper in zip(ballot.returned_at, ballot.returned, strict=True):
        yield "returned", place, contest, paper.value
    if ballot.taken_away and ballot.papers:
        yield "taken away", ballot.papers[-1].place, contest
    if ballot.state is State.ABSTAINED:
        yield "abstained", contest
    if ballot.state is State.RETURNED:
        yield "gave back", contest
    for _ in range(ballot.refused):
        yield "refused", contest
    if ballot.absentee_returned:
        yield "absentee returned", contest
    if ballot.doubled:
        yield "doubled", contest


def _votes(ballot: Ballot, visits: Mapping[str, Visit]) -> Iterator[Fact]:
    """One vote for the first paper; a second paper of another place counts there, never twice in the whole."""
    places: set[str] = set()
    for issue in sorted(ballot.papers, key=lambda paper: (paper.at_ms, paper.number)):
        if issue.place in places:
            continue
        day, minute = local(issue.at_ms)
        visit = visits.get(issue.number)
        sex, mode, contest = visit.sex_code if visit else "", issue.mode.value, ballot.contest
        yield "again" if places else "vote", contest, issue.place, mode, day, f"{minute // 60:02}", sex
        if not places:
            yield "ward", contest, mode, visit.ward_code if visit else "", sex
            yield "age", contest, mode, age_band(visit.age if visit else None), sex
        if issue.paper is PaperKind.BRAILLE:
            yield "braille", contest, issue.place, day
        if visit is not None and visit.proxy:
            yield "proxy", contest, issue.place, day
        places.add(issue.place)


def _visit(visit: Visit) -> Iterator[Fact]:
    day, minute = local(visit.at_ms)
    at = visit.place, day
    yield "arrival", *at, f"{minute // 15:02}"
    yield "method", *at, visit.id_method
    if visit.reason_code:
        yield "reason", *at, str(visit.reason_code)
    if visit.oath:
        yield "oath", *at, visit.oath
    if visit.proxy:
        yield "proxy visit", *at


# --- the sums


class Totals:
    """Sums over many voters. Adding and taking away costs as much as the voter, asking as much as one kind of count."""

    __slots__ = ("_sums",)

    def __init__(self, contributions: Iterable[Mapping[Fact, int]] = ()) -> None:
        self._sums: defaultdict[str, dict[Fact, int]] = defaultdict(dict)
        for facts in contributions:
            self.add(facts)

    @classmethod
    def of(cls, voters: Iterable[Voter]) -> Totals:
        """The sums over these voters."""
        return cls(contribution(voter) for voter in voters)

    def add(self, facts: Mapping[Fact, int]) -> None:
        """One more voter, as `contribution` gives it."""
        for fact, number in facts.items():
            self._change(fact, number)

    def subtract(self, facts: Mapping[Fact, int]) -> None:
        """One voter less; what is left is as if the voter had never been there."""
        for fact, number in facts.items():
            self._change(fact, -number)

    def _change(self, fact: Fact, number: int) -> None:
        sums = self._sums[fact[0]]
        now = sums.get(fact, 0) + number
        if now:
            sums[fact] = now
        else:
            sums.pop(fact, None)

    def copy(self) -> Totals:
        """The sums as they are now, for another thread."""
        new = Totals()
        new._sums.update({kind: dict(sums) for kind, sums in self._sums.items()})
        return new

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Totals) and self.facts() == other.facts()

    __hash__ = None  # type: ignore[assignment]  # sums change

    def facts(self) -> dict[Fact, int]:
        """Every count that is not zero."""
        return {fact: number for sums in self._sums.values() for fact, number in sums.items()}

    def _sum(self, kind: str, *dimensions: str) -> int:
        """The sum of one kind; an empty dimension stands for all of its values."""
        if all(dimensions):
            found = self._sums.get(kind, {}).get((kind, *dimensions))
            if found is not None:
                return found
        return sum(number for _, number in self._matching(kind, *dimensions))

    def _matching(self, kind: str, *dimensions: str) -> Iterator[tuple[Fact, int]]:
        wanted = [(place, value) for place, value in enumerate(dimensions, 1) if value]
        for fact, number in self._sums.get(kind, {}).items():
            if all(fact[place] == value for place, value in wanted):
                yield fact, number

    def _sexes(self, kind: str, *dimensions: str) -> Sexes:
        """The sex code is the last dimension of the counts that have one."""
        sexes = Sexes()
        for fact, number in self._matching(kind, *dimensions):
            sexes = sexes.plus(fact[-1], number)
        return sexes

    def _by(self, dimension: int, kind: str, *dimensions: str) -> dict[str, Sexes]:
        parts: defaultdict[str, Sexes] = defaultdict(Sexes)
        for fact, number in self._matching(kind, *dimensions):
            parts[fact[dimension]] = parts[fact[dimension]].plus(fact[-1], number)
        return dict(sorted(parts.items()))

    def _numbers(self, dimension: int, kind: str, *dimensions: str) -> dict[str, int]:
        parts: Counter[str] = Counter()
        for fact, number in self._matching(kind, *dimensions):
            parts[fact[dimension]] += number
        return dict(sorted(parts.items()))

    # --- papers of a place, in sheets

    def out(self, place: str, contest: str, paper: PaperKind) -> int:
        """Ordinary papers of this place that are out or cast."""
        return self._sum("out", place, contest, paper.value)

    def spoiled(self, place: str, contest: str, paper: PaperKind) -> int:
        """書損: papers taken in for another one."""
        return self._sum("spoiled", place, contest, paper.value)

    def returned(self, place: str, contest: str, paper: PaperKind) -> int:
        """回収: papers of 返付 and 受付取消."""
        return self._sum("returned", place, contest, paper.value)

    def provisional(self, place: str, contest: str, paper: PaperKind | None = None) -> int:
        """Papers of 仮投票."""
        return self._sum("provisional", place, contest, paper.value if paper else "")

    def provisional_on(self, place: str, contest: str, day: str) -> int:
        """Papers of 仮投票 of one day."""
        return self._sum("provisional on", place, contest, day)

    def unconfirmed(self, place: str, contest: str = "") -> int:
        """Papers handed out of which nobody has said yet that they are in the box."""
        return self._sum("unconfirmed", place, contest)

    def taken_away(self, place: str, contest: str = "") -> int:
        """持ち帰り."""
        return self._sum("taken away", place, contest)

    def contests(self, place: str) -> frozenset[str]:
        """Contests of which papers of this place moved at all."""
        return frozenset(fact[2] for kind in ("out", "spoiled", "returned", "provisional")
                         for fact, _ in self._matching(kind, place))

    # --- voters; an empty place or day stands for all, mode None for both

    def voters(self, contest: str, *, place: str = "", mode: Mode | None = None, day: str = "") -> Sexes:
        """Voters of a contest. At one place its own voters; over all places whoever voted twice counts once."""
        of = contest, place, mode.value if mode else "", day
        once = self._sexes("vote", *of)
        return once + self._sexes("again", *of) if place else once

    def by_hour(self, contest: str, place: str, day: str) -> dict[int, Sexes]:
        """Voters of a contest by the local hour in which the paper was handed out."""
        hours: defaultdict[int, Sexes] = defaultdict(Sexes)
        for kind in ("vote", "again"):
            for hour, sexes in self._by(5, kind, contest, place, "", day).items():
                hours[int(hour)] += sexes
        return dict(sorted(hours.items()))

    def by_day(self, contest: str, place: str) -> dict[str, Sexes]:
        """Voters of a contest at a place by local day."""
        days: defaultdict[str, Sexes] = defaultdict(Sexes)
        for kind in ("vote", "again"):
            for day, sexes in self._by(4, kind, contest, place).items():
                days[day] += sexes
        return dict(sorted(days.items()))

    def by_ward(self, contest: str, mode: Mode | None = None) -> dict[str, Sexes]:
        """Voters of a contest by 投票区."""
        return self._by(3, "ward", contest, mode.value if mode else "")

    def by_age(self, contest: str, mode: Mode | None = None) -> dict[str, Sexes]:
        """Voters of a contest by age band on polling day."""
        return self._by(3, "age", contest, mode.value if mode else "")

    def people(self, *, place: str = "", mode: Mode | None = None, day: str = "") -> Sexes:
        """People with at least one paper, each once: of a place's day, of a place, or of all (no day without place)."""
        way = mode.value if mode else ""
        if day:
            return self._sexes("came on", place, way, day)
        return self._sexes("came to", place, way) if place else self._sexes("came", way)

    def arrivals(self, place: str, day: str) -> dict[int, int]:
        """Receptions by quarter hour of the local day: 28 is 7:00 to 7:14."""
        return {int(quarter): number for quarter, number in self._numbers(3, "arrival", place, day).items()}

    def receptions(self, place: str, day: str = "") -> int:
        """受付 that stand; taken back ones are left out."""
        return self._sum("arrival", place, day)

    def methods(self, place: str, day: str = "") -> dict[str, int]:
        """Receptions by 本人確認方法: cards, tickets and so on."""
        return self._numbers(3, "method", place, day)

    def reasons(self, place: str, day: str = "") -> dict[int, int]:
        """Receptions by 期日前投票事由."""
        return {int(code): number for code, number in self._numbers(3, "reason", place, day).items()}

    def oaths(self, place: str, day: str = "") -> dict[str, int]:
        """宣誓書 by how it was made, in sheets."""
        return self._numbers(3, "oath", place, day)

    def proxies(self, place: str, day: str = "", contest: str = "") -> int:
        """代理投票: papers of a contest, or receptions where no contest is given."""
        return self._sum("proxy", contest, place, day) if contest else self._sum("proxy visit", place, day)

    def braille(self, place: str, day: str = "", contest: str = "") -> int:
        """点字投票: papers."""
        return self._sum("braille", contest, place, day)

    def refused(self, contest: str = "") -> int:
        """投票拒否."""
        return self._sum("refused", contest)

    def abstained(self, contest: str = "") -> int:
        """棄権, as it stands."""
        return self._sum("abstained", contest)

    def doubled(self, contest: str = "") -> int:
        """Voters with two papers of a contest."""
        return self._sum("doubled", contest)

    def enrolled(self, place: str = "") -> int:
        """補正登録・判決書."""
        return self._sum("enrolled", place)
