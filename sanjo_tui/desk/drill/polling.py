"""A whole election with nobody before the screen: two days of early voting and polling day, from opening to sealing.

Desk, rules, journal, roll and claims are the real ones, every reception is durable, and the time is the drill's own, in
the journal too. The same seed plays the same drill.
"""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from sanjo_tui.desk import Desk
from sanjo_tui.desk.drill import rolls
from sanjo_tui.desk.drill.clerk import OPERATOR, SECOND_PERSON, STEP, Clerk, Clock, Score
from sanjo_tui.desk.drill.crowd import DAYS, OURS, Crowd, Part, Person, gather
from sanjo_tui.desk.drill.parts import Step, steps_of
from sanjo_tui.desk.drill.piles import Piles
from sanjo_tui.desk.ledgers import LEDGERS, LOOSE_EVENTS
from sanjo_tui.desk.polling import PollingDesk
from sanjo_tui.errors import RuleError
from sanjo_tui.journal import Journal
from sanjo_tui.journal.clock import Moment
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.events import ordinary, provisional
from sanjo_tui.receptions.polling.words import Occasion, PaperKind
from sanjo_tui.register.roll import elections, snapshot
from sanjo_tui.station import Station, fixtures
from sanjo_tui.vault import Keys, Vault
from sanjo_tui.wareki import JST

EARLY, SCHOOL = "E1", "D1"
PLACES = (EARLY, EARLY, SCHOOL)
OPENS = dt.time(8, 30), dt.time(8, 30), dt.time(7, 0)
CLOSES = dt.time(23, 59, 30), dt.time(23, 59, 30), dt.time(20, 0, 30)
BUNDLE = 100
"""Visits between two counts of all papers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """How a drill went. `differences`: sentences of counts that did not fit; `days`: what each day came to."""

    voters: int
    seed: int
    rate: float
    papers_issued: int
    claims: int
    doubles: int
    provisional: int
    stops: dict[str, int]
    verdicts: dict[str, int]
    parts: dict[str, int]
    visits: int
    receptions: int
    counts: int
    differences: tuple[str, ...]
    events: int
    replayed: bool
    days: tuple[dict[str, int | str], ...]
    seconds: float
    verdict_ms: tuple[float, ...] = ()
    reception_ms: tuple[float, ...] = ()

    @property
    def adds_up(self) -> bool:
        """Papers that went out are the claims that are held, none twice, every count fitted, the journal is whole."""
        return self.papers_issued == self.claims and not self.doubles and not self.differences and self.replayed


def play(home: Path, voters: int, rate: float, seed: int) -> Outcome:
    """Plays a drill in an empty folder. `rate`: voters an hour; who would come after the closing comes at its end."""
    began = time.perf_counter()
    drill = _Drill(home, gather(voters, seed), rate, seed)
    drill.play()
    return drill.outcome(voters, time.perf_counter() - began)


@dataclass(slots=True)
class _Drill:
    home: Path
    crowd: Crowd
    rate: float
    seed: int
    clock: Clock = field(init=False)
    score: Score = field(default_factory=Score)
    piles: dict[str, Piles] = field(default_factory=dict)
    days: list[dict[str, int | str]] = field(default_factory=list)
    differences: list[str] = field(default_factory=list)
    counts: int = 0
    draw: random.Random = field(init=False)
    station: Station = field(init=False)
    keys: Keys = field(init=False)
    doubles: int = 0
    events: int = 0
    claims: Counter[str] = field(default_factory=Counter)
    replayed: bool = False

    def __post_init__(self) -> None:
        self.draw = random.Random(f"polling drill {self.seed}")
        self.clock = Clock(dt.datetime.combine(DAYS[0], OPENS[0], JST))
        self.station = Station(home=self.home / "home", lg_code="999997", municipality="サンプル市", code="DRILL",
                               place="訓練", drill=True, receptions=("polling",), operator=OPERATOR, bell=False)
        self.piles = {place: Piles() for place in dict.fromkeys(PLACES)}

    # --- the election, loaded as on any station

    def play(self) -> None:
        """All days."""
        election = self._prepare()
        for number, (day, place) in enumerate(zip(DAYS, PLACES, strict=True)):
            self.clock.now = dt.datetime.combine(day, OPENS[number], JST)
            with self._desk(place) as desk:
                self._load(desk, election, number)
                self._day(desk.polling, number, election)
        with self._desk(SCHOOL) as desk:
            self._audit(desk, election)

    def _prepare(self) -> Election:
        station = self.station
        station.home.mkdir(parents=True)
        vault, _ = Vault.create(station.vault, "", drill=True)
        self.keys = vault.unlock("")
        Journal.create(station.journal, self.keys, station.code, LEDGERS, LOOSE_EVENTS, moment=self._moment).close()
        data = (fixtures() / "elections" / "demo.toml").read_bytes()
        election, problems = setup.read(data)
        if election is None:
            raise RuleError("練習用の選挙の設定が壊れています。", "プログラムを入れ直してください。",
                            detail=problems[0].where)
        elections.store(station.home, election.id, data)
        rolls.write(self.crowd, self.home / "roll", station.lg_code)
        return election

    def _load(self, desk: Desk, election: Election, number: int) -> None:
        """On polling day only the electors of the own wards are kept, as on a real laptop of that day."""
        polling, wards = desk.polling, OURS if PLACES[number] == SCHOOL else None
        if number == 0:
            polling.election_loaded(election)
        if number == 0 or wards:
            polling.roll_loaded(snapshot.load(
                self.home / "roll", self.station.roll_dir, self.keys, lg_code=self.station.lg_code, wards=wards,
                contests=[c.code for c in election.contests], yes=True))

    @contextmanager
    def _desk(self, place: str) -> Iterator[Desk]:
        station = replace(self.station, polling_place=place)
        journal = Journal.open(station.journal, self.keys, station.code, LEDGERS, LOOSE_EVENTS, moment=self._moment)
        desk = Desk(station, self.keys, journal, OPERATOR)
        desk.polling.clock = self.clock
        try:
            yield desk
        finally:
            desk.close()

    def _moment(self) -> Moment:
        """The drill's time, for the journal."""
        return Moment(int(self.clock.now.timestamp() * 1000), int(self.clock.now.timestamp() * 1e9), "drill")

    # --- one day

    def _day(self, polling: PollingDesk, number: int, election: Election) -> None:
        place, piles = PLACES[number], self.piles[PLACES[number]]
        clerk = Clerk(polling, piles, self.clock, self.score, self.draw)
        visits = list(self._arrivals(number))
        if visits:
            clerk.receive(clerk.either(visits[0][1]), obeys=False)      # before the opening
        polling.open_place(clock_confirmed=True, zero_printed=True)
        if not piles.left:
            self._deliver(polling, piles, election, place)
        before, received = self.score.visits, self.score.receptions
        piles.oaths = 0
        for at, person, step in visits:
            self.clock.now = max(self.clock.now + STEP, at)
            step(clerk, person)
            self.score.visits += 1
            if (self.score.visits - before) % BUNDLE == 0:
                self._count(polling, piles, Occasion.BUNDLE)
        piles.end_of_day()
        self._close(polling, piles, number)
        if visits:
            clerk.receive(clerk.either(visits[-1][1]), obeys=False)     # after the closing
        polling.seal(self.home / "usb")
        self.days.append({"day": DAYS[number].isoformat(), "place": place, "visits": self.score.visits - before,
                          "receptions": self.score.receptions - received})

    def _arrivals(self, number: int) -> Iterator[tuple[dt.datetime, Person, Step]]:
        """Who comes when and does what: at random times that follow the rate, everybody's own steps in order."""
        waiting = {p.number: [step for day, step in steps_of(p) if day == number] for p in self.crowd.comers}
        people = {p.number: p for p in self.crowd.comers}
        order = [key for key, steps in waiting.items() for _ in steps]
        self.draw.shuffle(order)
        at = dt.datetime.combine(DAYS[number], OPENS[number], JST)
        last = dt.datetime.combine(DAYS[number], CLOSES[number], JST) - dt.timedelta(minutes=10)
        for key in order:
            at = min(last, at + dt.timedelta(hours=self.draw.expovariate(self.rate)))
            yield at, people[key], waiting[key].pop(0)

    def _deliver(self, polling: PollingDesk, piles: Piles, election: Election, place: str) -> None:
        """The papers of the set-up lie there; a crowd that needs more gets more."""
        for stock in election.stock:
            if stock.place == place:
                piles.deliver((stock.contest, stock.paper.value), stock.sheets)
        for sheet in list(piles.left):
            lacking = len(self.crowd.comers) * 2 - piles.left[sheet]
            if lacking > 0:
                polling.deliver(sheet[0], PaperKind(sheet[1]), lacking, "訓練の人数に合わせて")
                piles.deliver(sheet, lacking)

    def _count(self, polling: PollingDesk, piles: Piles, occasion: Occasion) -> None:
        """Every pile is counted by hand and entered; what does not fit is kept for the end."""
        for (contest, kind), left in piles.left.items():
            line = polling.count(contest, PaperKind(kind), left, occasion)
            self.counts += 1
            if not line.current:
                self.differences.append(line.sentence or f"{line.label} {line.difference}")

    def _close(self, polling: PollingDesk, piles: Piles, number: int) -> None:
        self.clock.now = max(self.clock.now + STEP, dt.datetime.combine(DAYS[number], CLOSES[number], JST))
        self._count(polling, piles, Occasion.CLOSING)
        verifier, pin = SECOND_PERSON
        polling.close_place(oaths_counted=piles.oaths, verifier=verifier, pin=pin, remark="訓練")

    # --- at the end

    def _audit(self, desk: Desk, election: Election) -> None:
        """The journal is whole, says the same when it is folded anew, and its claims are counted."""
        self.doubles = len(desk.polling.doubles())
        self.events = desk.journal.verify().count       # raises where what is kept is not what the events say
        state = desk.journal.rebuild()
        self.replayed = not state.losers
        scopes = {}
        for contest in election.contests:
            scopes[ordinary(election.id, contest.code, "").scope] = "ordinary"
            scopes[provisional(election.id, contest.code, "").scope] = "provisional"
        self.claims = Counter(scopes[claim.scope] for claim in state.claims if claim.scope in scopes)

    def outcome(self, voters: int, seconds: float) -> Outcome:
        """The result, counted from paper on one side and from the journal on the other."""
        return Outcome(
            voters=voters, seed=self.seed, rate=self.rate, papers_issued=sum(p.out for p in self.piles.values()),
            claims=self.claims["ordinary"], doubles=self.doubles, provisional=self.claims["provisional"],
            stops=_sorted(self.score.stops), verdicts=_sorted(self.score.verdicts),
            parts=_parts(self.crowd.comers), visits=self.score.visits, receptions=self.score.receptions,
            counts=self.counts, differences=tuple(self.differences),
            events=self.events, replayed=self.replayed, days=tuple(self.days), seconds=seconds,
            verdict_ms=tuple(self.score.verdict_ms), reception_ms=tuple(self.score.reception_ms))


def _sorted(counts: Counter[str]) -> dict[str, int]:
    return {str(code): counts[code] for code in sorted(counts)}


def _parts(crowd: Iterable[Person]) -> dict[str, int]:
    """How many play each part."""
    counts = Counter(person.part for person in crowd)
    return {part.value: counts[part] for part in Part if counts[part]}
