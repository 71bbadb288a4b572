"""Random days at polling places: whatever clerks try, in whatever order, no second paper and no paper lost.

The rules run over a journal in memory. Beside them stands a model that knows nothing of rules or state: it counts
sheets of paper, as the room would. `--slow` plays a million events.
"""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import partial

import pytest

from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.election import PollingPlace
from sanjo_tui.receptions.polling.state import Voter, apply_voter
from sanjo_tui.receptions.polling.words import (
    Act,
    Code,
    Feature,
    IdMethod,
    Oath,
    Objector,
    PaperKind,
    Spoiling,
    State,
    Via,
)
from sanjo_tui.register.roll.elector import Absentee, Elector, MovedScope, RollStatus
from sanjo_tui.wareki import JST
from tests.polling_ground import (
    ALL,
    DAY,
    DAY2,
    EARLY,
    EARLY2,
    ELECTION,
    FIRST_DAY,
    POLLING_DAY,
    Ground,
    elector,
    marked,
)

Sheet = tuple[str, str, PaperKind]
"""Place, contest and kind of a paper."""

DELIVERED = 1_000_000
PER_VOTER = 4
"""Events for each voter of a world, so that most of them come several times."""


class Room:
    """The sheets of paper themselves: the pile in the drawer, and what came back. Fed with events, judges nothing."""

    def __init__(self) -> None:
        self.drawer: Counter[Sheet] = Counter()
        self.spoiled: Counter[Sheet] = Counter()
        self.returned: Counter[Sheet] = Counter()
        self.ordinary: Counter[tuple[str, str]] = Counter()
        self.most = 0
        """The most ordinary papers of one contest that one voter ever had at once."""

    def see(self, event: Event) -> None:
        match event:
            case ev.Received():
                for handed in event.issued:
                    self.drawer[event.place, handed.contest, handed.paper] -= 1
                    self._hold(event.subject, handed.contest, 1)
            case ev.ProvisionalVote():
                for handed in event.papers:
                    self.drawer[event.place, handed.contest, handed.paper] -= 1
            case ev.Exchanged():
                self.drawer[event.place, event.contest, event.paper] -= 1
                self.spoiled[event.place, event.contest, event.spoiled] += 1
            case ev.PaperReturned():
                self.returned[event.place, event.contest, event.paper] += 1
                self._hold(event.subject, event.contest, -1)
            case ev.TakenBack():
                for handed in event.papers:
                    self.returned[event.place, handed.contest, handed.paper] += 1
                    self._hold(event.subject, handed.contest, -1)

    def _hold(self, voter: str, contest: str, sheets: int) -> None:
        self.ordinary[voter, contest] += sheets
        self.most = max(self.most, self.ordinary[voter, contest])

    def agrees_with(self, voters: Iterable[Voter]) -> None:
        """受領 = 残 + 交付 + 書損 + 回収, where the state says 交付, 書損 and 回収 and the drawer holds 残."""
        out, spoiled, returned = Counter[Sheet](), Counter[Sheet](), Counter[Sheet]()
        for voter in voters:
            for contest, ballot in voter.ballots.items():
                out.update((p.place, contest, p.paper) for p in (*ballot.papers, *ballot.provisional))
                spoiled.update((place, contest, paper)
                               for place, paper in zip(ballot.spoiled_at, ballot.spoiled, strict=True))
                returned.update((place, contest, paper)
                                for place, paper in zip(ballot.returned_at, ballot.returned, strict=True))
        assert (spoiled, returned) == (+self.spoiled, +self.returned)
        for sheet in {*self.drawer, *out}:
            left = DELIVERED + self.drawer[sheet]
            assert left + out[sheet] + spoiled[sheet] + returned[sheet] == DELIVERED, sheet


def people(count: int, dice: random.Random) -> list[Elector]:
    """A town: mostly ordinary voters, and everybody who ever made trouble at a desk."""
    town = []
    for n in range(count):
        who = elector(str(1000 + n), ward=dice.choice(("01", "02", "03")), sex_code=dice.choice("12"))
        match dice.randrange(20):
            case 0:
                who = replace(who, roll_status=RollStatus.MOVED, moved_scope=dice.choice(list(MovedScope)),
                              moved_on=dt.date(2025, dice.randrange(9, 13), 1))
            case 1:
                who = replace(who, roll_status=dice.choice((RollStatus.DEAD, RollStatus.SUSPENDED, RollStatus.STRUCK)))
            case 2:
                who = replace(who, birth=elector(born=dice.choice(("20080209", "20080204", "20080315", "不詳"))).birth)
            case 3 | 5:
                who = marked(who, **{c: {"absentee": dice.choice(list(Absentee))} for c in dice.sample(ALL, 3)})
            case 4:
                who = marked(who, **{c: {"early_date": FIRST_DAY, "early_site": "E02"} for c in dice.sample(ALL, 2)})
        town.append(who)
    return town


class World:
    """Desks at their places over the days of an election, with dice for a clerk."""

    def __init__(self, seed: str, places: Sequence[PollingPlace], voters: int, events: int, ground: Ground) -> None:
        self.dice = random.Random(seed)
        self.places, self.events, self.ground, self.days = places, events, ground, 20
        self.town = people(voters, random.Random(f"town {seed.split()[0]}"))
        self.room, self.refused = Room(), Counter[Code]()
        self.stale: dict[str, Voter | None] = {}
        self.collisions = 0

    def play(self) -> None:
        for until in (self.events // 4, self.events // 2, self.events * 3 // 4, self.events):
            while len(self.ground.recorded) < until:
                self._one()
            self.room.agrees_with(self.ground.voters.values())

    def _here(self, voter: Voter | None) -> rules.Here:
        """A moment later, mostly where the voter was last; the last three of twenty parts are polling day."""
        passed = len(self.ground.recorded) * self.days // self.events
        into = len(self.ground.recorded) * self.days % self.events * 11 * 3600 / self.events
        day = POLLING_DAY - dt.timedelta(days=max(0, self.days - 3 - passed))
        morning = dt.datetime.combine(day, dt.time(8), JST)
        moment = morning + dt.timedelta(seconds=into / 3 + max(0, passed - self.days + 3) * 11 * 1200)
        open_places = [p for p in self.places if p.hours_on(day)]
        before = [p for p in open_places if voter and voter.visits and p.code == voter.visits[-1].place]
        return rules.Here.at(self.dice.choice(before if self.dice.random() < 0.8 and before else open_places), moment)

    def _one(self) -> None:
        dice, who = self.dice, self.dice.choice(self.town)
        key = who.addressee_no
        voter = self.ground.voters.get(key)
        here = self._here(voter)
        late = dice.random() < 0.05      # another desk has recorded something since this one looked
        known = self.stale.get(key, voter) if late else voter
        try:
            events = self._act(who, known, here)()
        except rules.Refusal as refusal:
            self.refused[refusal.code] += 1
            return
        if any(claim in self.ground.claims for event in events for claim in event.claims):
            assert late, "the rules allowed what the claims forbid"
            self.collisions += 1
            return
        if late and known is not voter and not any(event.claims for event in events):
            return                       # the journal decides again on what holds now; only claims meet blindly
        self.stale[key] = voter
        self.ground.record(events, here)
        for event in events:
            self.room.see(event)
            if isinstance(event, ev.Enrolled):
                self.town.append(rules.elector_of(event))

    def _act(self, who: Elector, voter: Voter | None, here: rules.Here) -> Callable[[], tuple[Event, ...]]:
        """Any act at all; more often one that fits, so that the million does not take a day."""
        dice = self.dice
        out = [c for c in ALL if voter and voter.ballot(c).state is State.ISSUED
               and voter.ballot(c).papers[-1].place == here.place.code]
        act = dice.randrange(12) if dice.random() < 0.15 else dice.choice((0, 1, 1, 3, 3, 4, 4, 4, 6, 7)) if out else 0
        contest = dice.choice(out or ALL)
        some = tuple(dice.sample(ALL, dice.randrange(1, 6)))
        in_hand, paper = dice.random() < 0.9, dice.choice((PaperKind.PLAIN, PaperKind.PLAIN, PaperKind.BRAILLE))
        decided = {"ground": "本人と確認できない", "opinion": "異議なし", "decided_by": dice.choice(("p1", "d1"))}
        match act:
            case 1:
                return partial(rules.cast, voter, ELECTION, here, tuple(out) if dice.random() < 0.5 else (contest,))
            case 2:
                return partial(rules.abstain, who, voter, ELECTION, here, some)
            case 3:
                return partial(rules.exchange, voter, ELECTION, here, contest, Spoiling.MISWRITTEN, paper,
                               in_hand=in_hand)
            case 4:
                return partial(rules.give_back, voter, ELECTION, here, contest, in_hand=in_hand)
            case 5:
                return partial(rules.take_away, voter, ELECTION, here, contest, "")
            case 6:
                number = voter.visits[-1].number if voter and voter.visits else ""
                opened = int(here.now.replace(hour=7).timestamp() * 1000)
                return partial(rules.take_back, voter, ELECTION, here, number, "人違い", "c2", operator="op",
                               opened_ms=opened, in_hand=in_hand)
            case 7:
                issued = tuple(m.contest for m in who.marks if m.absentee is Absentee.ISSUED)
                return partial(rules.absentee_returned, who, voter, ELECTION, here, issued or some, "c1",
                               operator="op", in_hand=in_hand)
            case 8:
                return partial(rules.refuse, who, ELECTION, here, some, **decided)
            case 9:
                objector = dice.choice(list(Objector)) if dice.random() < 0.3 else Objector.VOTER
                return partial(rules.provisional, who, voter, ELECTION, here, some, self.ground.number(),
                               objected_by=objector, **decided)
            case 10:
                return partial(rules.incident, who.addressee_no, ELECTION, here, "その他", "記録")
            case 11:
                return partial(rules.enroll, f"{self.ground.station}-H{len(self.town)}", ELECTION, here, basis="判決書",
                               name="架空　花子", birth="19900101", ward_code=dice.choice(("01", "03")), contests=some,
                               verifier="c2", operator="op", decided_by="p1")
        return partial(rules.receive, who, voter, ELECTION, here, self._choice(voter), self.ground.number(),
                       namesakes=dice.randrange(3) // 2)

    def _choice(self, voter: Voter | None) -> rules.Choice:
        dice = self.dice
        left = [c for c in ALL if not (voter and voter.ballot(c).papers)]
        skipped = tuple(dice.sample(left, dice.randrange(len(left)))) if left and dice.random() < 0.15 else ()
        answer = (Code.MOVED,) if dice.random() < 0.8 else ()
        return rules.Choice(
            id_method=IdMethod.CARD, via=dice.choice(list(Via)), reason_code=dice.randrange(1, 7),
            oath=Oath.PRINTED, abstain=skipped, confirmed=answer,
            denied=() if answer or dice.random() < 0.5 else (Code.MOVED,),
            braille=tuple(c for c in left if c not in skipped and dice.random() < 0.01),
            features=(Feature.BIRTH,) if dice.random() < 0.9 else (),
            decided_by="p1" if dice.random() < 0.3 else "")


def fold(recorded: Iterable[Recorded]) -> dict[str, Voter]:
    """The state from nothing, in the order of the clocks."""
    voters: dict[str, Voter] = {}
    for one in sorted(recorded, key=lambda r: (r.hlc, r.station, r.seq)):
        after = apply_voter(voters.get(one.event.subject), one)
        if after is not None:
            voters[one.event.subject] = after
    return voters


def one_journal(seed: int, events: int) -> World:
    """Four places at one journal, two of them early places; everything that must hold is asserted."""
    world = World(f"{seed}", (EARLY, EARLY2, DAY, DAY2), events // PER_VOTER, events, Ground())
    world.play()
    assert world.room.most == 1, "two ordinary papers of one contest were out for one voter"
    assert not any(voter.doubled for voter in world.ground.voters.values())
    assert fold(world.ground.recorded) == world.ground.voters
    papers = sum(len(b.papers) for voter in world.ground.voters.values() for b in voter.ballots.values())
    assert papers == sum("/ordinary" in claim.scope for claim in world.ground.claims)
    return world


def test_twenty_thousand_events_never_two_papers_and_every_sheet_is_known() -> None:
    world = one_journal(1, 20_000)
    kinds = Counter(type(r.event).__name__ for r in world.ground.recorded)
    assert len(kinds) == 13 and min(kinds.values()) > 10, kinds
    assert {Code.VOTED, Code.WINDOW, Code.WARD, Code.AGE17, Code.DEAD, Code.ABSENTEE, Code.MOVED, Code.SAMENAME,
            Code.NOPAPER, Code.TAKEAWAY, Code.NOT_ENTITLED, Code.INCOMPLETE} <= set(world.refused)
    assert world.collisions, "desks that looked at the same moment must have met"


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 150))
def test_a_million_events_never_two_papers_and_every_sheet_is_known(seed: int) -> None:
    one_journal(seed, 20_000)


def two_sites(seed: int, events: int) -> tuple[World, World]:
    """Two sites that do not know of each other, with the same voters."""
    worlds = tuple(World(f"{seed} {code}", places, events // PER_VOTER, events, Ground(code))
                   for code, places in (("AAAAAA", (EARLY, DAY)), ("BBBBBB", (EARLY2, DAY2))))
    for world in worlds:
        world.play()
    return worlds[0], worlds[1]


@pytest.mark.parametrize("seed", [7])
def test_journals_of_two_sites_merge_to_the_same_state_in_either_order(seed: int) -> None:
    one, other = two_sites(seed, 3_000)
    merged = fold([*one.ground.recorded, *other.ground.recorded])
    assert merged == fold([*other.ground.recorded, *one.ground.recorded])
    assert merged == fold([*reversed(one.ground.recorded), *other.ground.recorded])
    room = Room()
    for recorded in (*one.ground.recorded, *other.ground.recorded):
        room.see(recorded.event)
    room.agrees_with(merged.values())
    twice = {(key, contest) for key, voter in merged.items() for contest in voter.doubled}
    assert twice == {pair for pair, sheets in room.ordinary.items() if sheets > 1} and twice


def test_every_act_of_a_reception_is_a_word_of_the_table() -> None:
    world = one_journal(3, 2_000)
    for recorded in world.ground.recorded:
        if isinstance(recorded.event, ev.Received):
            assert [h.contest for h in recorded.event.handed] == list(ALL)
            assert all(h.ground for h in recorded.event.handed if h.act in (Act.NOT_ENTITLED, Act.NOT_NOW))
