"""What holds now, folded from events: each voter's ballots, each place's papers, each place's day.

`apply_*` are pure and per subject; two stations' events of one voter are merged in the order of their clocks, and
nothing is lost: two papers of one contest stay two, and are listed as 事故 (docs/polling.md §6).
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from sanjo_tui.journal.events import Ledger, Recorded
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.words import Act, Mode, Occasion, PaperKind, PlaceState, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """One paper that is out: which reception handed it out. `number`: the event, `STATION-SEQ`."""

    number: str
    at_ms: int
    place: str
    mode: Mode
    paper: PaperKind
    operator: str
    reception_no: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ballot:
    """One voter in one contest, as the journal knows it; the roll's marks come on top (rules.py).

    `papers`: papers that are out or cast; more than one is a double issue found by a merge.
    """

    contest: str
    state: State = State.NOT_YET
    papers: tuple[Issue, ...] = ()
    spoiled: tuple[PaperKind, ...] = ()
    returned: tuple[PaperKind, ...] = ()
    provisional: tuple[Issue, ...] = ()
    refused: int = 0
    taken_away: bool = False
    absentee_returned: bool = False
    spoiled_at: tuple[str, ...] = ()
    """Place of each spoiled paper, in the order of `spoiled`."""
    returned_at: tuple[str, ...] = ()
    since_ms: int = 0

    @property
    def doubled(self) -> bool:
        """Two ordinary papers of this contest went to this voter."""
        return len(self.papers) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One reception that stands: what the counts and the take-back need."""

    number: str
    reception_no: str
    at_ms: int
    place: str
    mode: Mode
    operator: str
    issued: tuple[str, ...] = ()
    sex_code: str = ""
    ward_code: str = ""
    age: int | None = None
    id_method: str = ""
    reason_code: int = 0
    oath: str = ""
    proxy: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Voter:
    """One voter in one election. Nobody has a record without an event."""

    key: str
    ballots: dict[str, Ballot] = field(default_factory=dict)
    visits: tuple[Visit, ...] = ()
    enrolled: ev.Enrolled | None = None
    incidents: int = 0
    last: str = ""
    """Number of the voter's latest event."""

    def ballot(self, contest: str) -> Ballot:
        """The contest's ballot; an untouched one where nothing happened."""
        return self.ballots.get(contest) or Ballot(contest=contest)

    @property
    def doubled(self) -> tuple[str, ...]:
        """Contests with two papers."""
        return tuple(code for code, ballot in self.ballots.items() if ballot.doubled)


def _with(voter: Voter, ballot: Ballot, at_ms: int) -> Voter:
    return replace(voter, ballots={**voter.ballots, ballot.contest: replace(ballot, since_ms=at_ms)})


def apply_voter(now: Voter | None, recorded: Recorded) -> Voter | None:
    """The voter after one more event."""
    event, at = recorded.event, recorded.at_ms
    voter = replace(now or Voter(key=event.subject), last=recorded.number)
    match event:
        case ev.Received():
            return _received(voter, event, recorded)
        case ev.CastPapers():              # what was noted as taken away turned up in the box
            voter = replace(voter, ballots=voter.ballots | {
                contest: replace(ballot, state=State.CAST, taken_away=False, since_ms=at)
                for contest in event.contests if (ballot := voter.ballot(contest)).papers})
        case ev.Abstained():
            for contest in event.contests:
                ballot = voter.ballot(contest)
                if not ballot.papers:
                    voter = _with(voter, replace(ballot, state=State.ABSTAINED), at)
        case ev.CameAgain():
            for contest in event.contests:
                ballot = voter.ballot(contest)
                if ballot.state is State.ABSTAINED:
                    voter = _with(voter, replace(ballot, state=State.NOT_YET), at)
        case ev.Exchanged():
            voter = _exchanged(voter, event, at)
        case ev.PaperReturned():
            voter = _returned(voter, event.contest, event.issued_by, event.paper, event.place, State.RETURNED, at)
        case ev.TakenBack():
            for paper in event.papers:
                voter = _returned(voter, paper.contest, event.issued_by, paper.paper, event.place, State.NOT_YET, at)
            voter = replace(voter, visits=tuple(v for v in voter.visits if v.number != event.issued_by))
        case ev.TakenAway():
            voter = _with(voter, replace(voter.ballot(event.contest), taken_away=True), at)
        case ev.AbsenteeReturned():
            for contest in event.contests:
                voter = _with(voter, replace(voter.ballot(contest), absentee_returned=True), at)
        case ev.Refused():
            for contest in event.contests:
                ballot = voter.ballot(contest)
                voter = _with(voter, replace(ballot, refused=ballot.refused + 1), at)
        case ev.ProvisionalVote():
            for paper in event.papers:
                ballot = voter.ballot(paper.contest)
                issue = Issue(number=recorded.number, at_ms=at, place=event.place, mode=Mode.DAY, paper=paper.paper,
                              operator=recorded.operator, reception_no=event.reception_no)
                voter = _with(voter, replace(ballot, provisional=(*ballot.provisional, issue)), at)
        case ev.Enrolled():
            voter = replace(voter, enrolled=event)
        case ev.IncidentNoted():
            voter = replace(voter, incidents=voter.incidents + 1)
    return voter


def _received(voter: Voter, event: ev.Received, recorded: Recorded) -> Voter:
    """All contests in one step: a merge folds many thousands of these."""
    at, number, ballots = recorded.at_ms, recorded.number, dict(voter.ballots)
    for handed in event.handed:
        ballot = voter.ballot(handed.contest)
        if handed.act is Act.ISSUE:
            issue = Issue(number=number, at_ms=at, place=event.place, mode=event.mode, paper=handed.paper,
                          operator=recorded.operator, reception_no=event.reception_no)
            ballots[handed.contest] = replace(ballot, state=State.ISSUED, papers=(*ballot.papers, issue), since_ms=at)
        elif handed.act is Act.ABSTAIN and not ballot.papers:
            ballots[handed.contest] = replace(ballot, state=State.ABSTAINED, since_ms=at)
    visit = Visit(number=number, reception_no=event.reception_no, at_ms=at, place=event.place,
                  mode=event.mode, operator=recorded.operator, issued=tuple(h.contest for h in event.issued),
                  sex_code=event.sex_code, ward_code=event.ward_code, age=event.age, id_method=event.id_method.value,
                  reason_code=event.reason_code, oath=event.oath.value if event.oath else "", proxy=event.proxy)
    return replace(voter, ballots=ballots, visits=(*voter.visits, visit))


def _exchanged(voter: Voter, event: ev.Exchanged, at: int) -> Voter:
    """The spoiled paper is the latest of its kind that this place handed out: after a merge there may be two.

    One of another contest (誤交付) is spoiled there; the contest's own paper, which stayed on its pile, goes out now.
    """
    ballot = voter.ballot(event.contest)
    if not ballot.papers:
        return voter
    if event.spoiled_contest not in ("", event.contest):
        wrong = voter.ballot(event.spoiled_contest)
        wrong = replace(wrong, spoiled=(*wrong.spoiled, event.spoiled), spoiled_at=(*wrong.spoiled_at, event.place))
        return replace(voter, ballots={**voter.ballots, wrong.contest: wrong})
    spoiled = max(ballot.papers, key=lambda p: (p.place == event.place, p.paper is event.spoiled, p.at_ms))
    papers = tuple(replace(p, paper=event.paper) if p is spoiled else p for p in ballot.papers)
    return _with(voter, replace(ballot, papers=papers, taken_away=False,
                                spoiled=(*ballot.spoiled, event.spoiled),
                                spoiled_at=(*ballot.spoiled_at, event.place)), at)


def _returned(voter: Voter, contest: str, number: str, paper: PaperKind, place: str, then: State, at: int) -> Voter:
    """The paper of that reception is back; where it was a double issue, the other one is still out."""
    ballot = voter.ballot(contest)
    left = tuple(p for p in ballot.papers if p.number != number)
    if len(left) == len(ballot.papers):
        return voter
    return _with(voter, replace(ballot, papers=left, state=State.ISSUED if left else then, taken_away=False,
                                returned=(*ballot.returned, paper), returned_at=(*ballot.returned_at, place)), at)


# --- papers of a place

PLANNED = "設定の枚数"
"""Remark of the 受領 that the election's set-up states for a place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """One kind of paper of one contest at one place, as far as the place itself recorded it; sheets."""

    contest: str
    paper: PaperKind
    delivered: int = 0
    counted: int | None = None
    """The last count by hand; None before the first."""
    expected: int = 0
    """What it should have been then."""
    counted_ms: int = 0
    occasion: Occasion | None = None
    """Why it was counted last: a place closes on a count that was made for closing."""
    accepted: int = 0
    """Differences that were written down and countersigned, with their sign; reckoned with from then on."""
    explanations: tuple[str, ...] = ()
    planned: bool = False
    """The 受領 of the election's set-up is in it."""

    @property
    def difference(self) -> int:
        """Counted - expected of the last count; it stands until it is settled or a new count fits."""
        return 0 if self.counted is None else self.counted - self.expected


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperStock:
    """All papers of one place, by `CONTEST/KIND`."""

    place: str
    shelves: dict[str, Shelf] = field(default_factory=dict)

    def shelf(self, contest: str, paper: PaperKind) -> Shelf:
        """The shelf of one kind of paper."""
        return self.shelves.get(f"{contest}/{paper.value}") or Shelf(contest=contest, paper=paper)

    @property
    def differences(self) -> tuple[Shelf, ...]:
        """Shelves whose last count did not fit."""
        return tuple(s for s in self.shelves.values() if s.difference)


def apply_stock(now: PaperStock | None, recorded: Recorded) -> PaperStock | None:
    """The papers of a place after one more event."""
    event = recorded.event
    stock = now or PaperStock(place=event.subject)
    if not isinstance(event, ev.PapersDelivered | ev.Remainder | ev.DifferenceSettled):
        return now
    shelf = stock.shelf(event.contest, event.paper)
    match event:
        case ev.PapersDelivered() if event.remark == PLANNED and shelf.planned:
            return stock                         # two laptops of one place: each has entered the set-up's number
        case ev.PapersDelivered():
            shelf = replace(shelf, delivered=shelf.delivered + event.sheets,
                            planned=shelf.planned or event.remark == PLANNED)
        case ev.Remainder():
            shelf = replace(shelf, counted=event.counted, expected=event.expected, counted_ms=recorded.at_ms,
                            occasion=event.occasion)
        case ev.DifferenceSettled():
            shelf = replace(shelf, accepted=shelf.accepted + event.difference,
                            expected=shelf.expected + event.difference,
                            explanations=(*shelf.explanations, event.explanation))
    return replace(stock, shelves={**stock.shelves, f"{event.contest}/{event.paper.value}": shelf})


# --- a place on one day


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceDay:
    """One polling place on one day. Times are wall-clock milliseconds, UTC; 0: not yet."""

    place: str
    day: str
    state: PlaceState = PlaceState.PREPARING
    opening: ev.PlaceOpened | None = None
    opened_ms: int = 0
    closing: ev.PlaceClosed | None = None
    closed_ms: int = 0
    sealed: ev.PlaceSealed | None = None
    openings: int = 0
    reports: tuple[ev.ReportMade, ...] = ()
    duties: tuple[ev.DutyNoted, ...] = ()
    remarks: tuple[ev.RemarkNoted, ...] = ()

    @property
    def receives(self) -> bool:
        """Voters may be received."""
        return self.state in (PlaceState.OPEN, PlaceState.RECONCILING)


def apply_day(now: PlaceDay | None, recorded: Recorded) -> PlaceDay | None:
    """The place's day after one more event."""
    event, at = recorded.event, recorded.at_ms
    place, _, day = event.subject.partition("/")
    before = now or PlaceDay(place=place, day=day)
    match event:
        case ev.PlaceOpened():
            return replace(before, state=PlaceState.OPEN, opening=event, opened_ms=at, openings=before.openings + 1,
                           closing=None, closed_ms=0)
        case ev.ReconcilingBegan() if before.state is PlaceState.OPEN:
            return replace(before, state=PlaceState.RECONCILING)
        case ev.ReconcilingEnded() if before.state is PlaceState.RECONCILING:
            return replace(before, state=PlaceState.OPEN)
        case ev.ReportMade():
            return replace(before, reports=(*before.reports, event))
        case ev.DutyNoted():
            return replace(before, duties=(*before.duties, event))
        case ev.RemarkNoted():
            return replace(before, remarks=(*before.remarks, event))
        case ev.PlaceClosed():
            return replace(before, state=PlaceState.CLOSED, closing=event, closed_ms=at)
        case ev.PlaceSealed():
            return replace(before, state=PlaceState.SEALED, sealed=event)
    return before


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """What of one election is loaded on this laptop, and up to when other places' journals were taken in."""

    election: str
    name: str = ""
    polling_day: str = ""
    sha256: str = ""
    roll: str = ""
    roll_base: str = ""
    merged: dict[str, ev.JournalMerged] = field(default_factory=dict)
    since_ms: int = 0


def apply_loaded(now: Loaded | None, recorded: Recorded) -> Loaded | None:
    """The election after one more loading or merge."""
    event = recorded.event
    before = replace(now or Loaded(election=event.subject), since_ms=recorded.at_ms)
    match event:
        case ev.ElectionLoaded():
            return replace(before, name=event.name, polling_day=event.polling_day, sha256=event.sha256)
        case ev.RollLoaded():
            return replace(before, roll=event.snapshot_id, roll_base=event.roll_base)
        case ev.JournalMerged():
            return replace(before, merged={**before.merged, event.station: event})
    return now


VOTERS = Ledger("polling.voter",
                (ev.Received, ev.CastPapers, ev.Abstained, ev.CameAgain, ev.Exchanged, ev.PaperReturned, ev.TakenAway,
                 ev.TakenBack, ev.AbsenteeReturned, ev.Refused, ev.ProvisionalVote, ev.Enrolled, ev.IncidentNoted),
                Voter, apply_voter)
STOCK = Ledger("polling.stock", (ev.PapersDelivered, ev.Remainder, ev.DifferenceSettled), PaperStock, apply_stock,
               sealed=False)
DAYS = Ledger("polling.day", (ev.PlaceOpened, ev.ReconcilingBegan, ev.ReconcilingEnded, ev.ReportMade, ev.DutyNoted,
                              ev.RemarkNoted, ev.PlaceClosed, ev.PlaceSealed), PlaceDay, apply_day, sealed=False)
LOADED = Ledger("polling.loaded", (ev.ElectionLoaded, ev.RollLoaded, ev.JournalMerged), Loaded, apply_loaded,
                sealed=False)
