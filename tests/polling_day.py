"""A polling place on paper: events folded as the journal does, beside piles of real sheets that a test moves by hand.

Whatever the screen reckons must fit the piles. Nothing here knows the equation.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter

from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import stock as papers
from sanjo_tui.receptions.polling.election import (
    Contest,
    Election,
    Hours,
    PollingPlace,
    ReasonLabels,
    Staff,
    Stock,
    Wording,
)
from sanjo_tui.receptions.polling.gate import GateItem, gate
from sanjo_tui.receptions.polling.state import (
    DAYS,
    STOCK,
    VOTERS,
    PaperStock,
    PlaceDay,
    Voter,
    apply_day,
    apply_stock,
    apply_voter,
)
from sanjo_tui.receptions.polling.stock import Equation
from sanjo_tui.receptions.polling.tally import Totals
from sanjo_tui.receptions.polling.words import (
    Act,
    IdMethod,
    Level,
    Mode,
    Oath,
    Occasion,
    PaperKind,
    PlaceKind,
    StaffRole,
    State,
)
from sanjo_tui.register.roll.elector import Elector, RollInfo
from sanjo_tui.wareki import JST, parse

EVE, DAY = dt.date(2026, 2, 7), dt.date(2026, 2, 8)
PLAIN, BRAILLE = PaperKind.PLAIN, PaperKind.BRAILLE
HALL, SCHOOL = "E1", "D1"


def contest(code: str, name: str, order: int, early_from: dt.date = dt.date(2026, 1, 28)) -> Contest:
    return Contest(code=code, name=name, level=Level.NATION, ballot_colour="白", box_no=order, order=order,
                   early_from=early_from, early_to=EVE)


def election(**more: object) -> Election:
    days = tuple(Hours(day=EVE - dt.timedelta(days=n), opens=dt.time(8, 30), closes=dt.time(20)) for n in range(11))
    values: dict[str, object] = {
        "id": "S2026", "name": "衆議院議員総選挙", "polling_day": DAY,
        "contests": (contest("SHO", "小選挙区", 1), contest("HIREI", "比例", 2), contest("SHINSA", "国民審査", 3)),
        "places": (
            PollingPlace(code=HALL, name="三条庁舎", kind=PlaceKind.EARLY, hours=days),
            PollingPlace(code="E2", name="栄庁舎", kind=PlaceKind.EARLY, hours=days),
            PollingPlace(code=SCHOOL, name="嵐南小学校", kind=PlaceKind.DAY, wards=("1", "2"),
                         hours=(Hours(day=DAY, opens=dt.time(7), closes=dt.time(18)),))),
        "reason_labels": ReasonLabels(version="1", reasons=()), "oath": Wording(text="誓います"),
        "staff": (Staff(id="P", name="管理者", role=StaffRole.PRESIDING),
                  Staff(id="C", name="係", role=StaffRole.CLERK)),
        "report_times": (dt.time(10), dt.time(14)),
        "stock": (Stock(place=SCHOOL, contest="SHO", paper=PLAIN, sheets=500),)}
    return Election(**{**values, **more})  # type: ignore[arg-type]


def roll(**more: object) -> RollInfo:
    values: dict[str, object] = {
        "snapshot_id": "R1", "as_of": DAY, "sequence": 1, "lg_code": "152048", "roll_base": "B1", "tickets_base": "B1",
        "tickets": 100, "electors": (48, 52, 0), "wards": ("1", "2"), "created_at": "2026-02-08T05:00:00+09:00"}
    return RollInfo(**{**values, **more})  # type: ignore[arg-type]


def elector(key: str, sex: str = "1", **more: object) -> Elector:
    return Elector(addressee_no=key, name="佐藤　太郎", birth=parse("19740305"), sex_code=sex, **more)  # type: ignore[arg-type]


def at(day: dt.date, time: str) -> dt.datetime:
    return dt.datetime.combine(day, dt.time.fromisoformat(time), JST)


class Place:
    """One journal. `piles`: sheets that lie on the table, by place, contest and kind."""

    def __init__(self, station: str = "A", day: dt.date = DAY) -> None:
        self.station, self.now = station, at(day, "09:00")
        self.election = election()
        self.events: list[Recorded] = []
        self.voters: dict[str, Voter] = {}
        self.stocks: dict[str, PaperStock] = {}
        self.days: dict[str, PlaceDay] = {}
        self.piles: Counter[tuple[str, str, PaperKind]] = Counter()
        self.visits = 0

    def record(self, *events: Event) -> Recorded:
        for event in events:
            seq, ms = len(self.events) + 1, int(self.now.timestamp() * 1000)
            recorded = Recorded(self.station, seq, (ms << 16) + seq, ms, "op", event)
            self.events.append(recorded)
            for kept, ledger, apply in ((self.voters, VOTERS, apply_voter), (self.stocks, STOCK, apply_stock),
                                        (self.days, DAYS, apply_day)):
                if isinstance(event, ledger.events):
                    kept[event.subject] = apply(kept.get(event.subject), recorded)  # type: ignore[attr-defined]
        return self.events[-1]

    def later(self, minutes: int) -> None:
        self.now += dt.timedelta(minutes=minutes)

    @property
    def totals(self) -> Totals:
        return Totals.of(self.voters.values())

    def stock(self, place: str = SCHOOL) -> PaperStock:
        return self.stocks.get(place) or PaperStock(place=place)

    def line(self, code: str, paper: PaperKind = PLAIN, place: str = SCHOOL) -> Equation:
        found = self.election.contest(code)
        assert found
        return papers.equation(self.stock(place), self.totals, place, found, paper)

    def lines(self, place: str = SCHOOL) -> tuple[Equation, ...]:
        return papers.equations(self.stock(place), self.totals, self.election)

    def deliver(self, code: str, sheets: int, paper: PaperKind = PLAIN, place: str = SCHOOL) -> None:
        self.record(papers.deliver(self.line(code, paper, place), self.election.id, sheets))
        self.piles[place, code, paper] += sheets

    def count(self, code: str, paper: PaperKind = PLAIN, place: str = SCHOOL,
              occasion: Occasion = Occasion.ANY_TIME) -> Equation:
        """Count the pile as it lies there."""
        self.record(papers.count(self.line(code, paper, place), self.election.id, self.piles[place, code, paper],
                                 occasion))
        return self.line(code, paper, place)

    def receive(self, key: str, *codes: str, place: str = SCHOOL, sex: str = "1", paper: PaperKind = PLAIN,
                **more: object) -> Recorded:
        self.visits += 1
        early = place != SCHOOL
        for code in codes:
            self.piles[place, code, paper] -= 1
        values: dict[str, object] = {
            "place": place, "mode": Mode.EARLY if early else Mode.DAY, "sex_code": sex, "ward_code": "1", "age": 51,
            "reception_no": f"{self.station}-{self.visits}", "id_method": IdMethod.CARD,
            "oath": Oath.PRINTED if early else None, "reason_code": 1 if early else 0,
            "handed": tuple(ev.Handed(contest=code, act=Act.ISSUE, paper=paper) for code in codes)}
        return self.record(ev.Received(subject=key, scope="S2026", **{**values, **more}))  # type: ignore[arg-type]

    def cast(self, key: str, *codes: str, place: str = SCHOOL) -> None:
        self.record(ev.CastPapers(subject=key, scope="S2026", place=place, contests=codes))

    def open_papers(self, key: str) -> list[tuple[str, str, PaperKind]]:
        """Papers that this voter holds and may bring back: contest, event number, kind."""
        voter = self.voters.get(key)
        return [(b.contest, b.papers[-1].number, b.papers[-1].paper) for b in voter.ballots.values()
                if b.state is State.ISSUED] if voter else []

    def gate(self, place: str = SCHOOL, **more: object) -> tuple[GateItem, ...]:
        found = self.election.place(place)
        assert found
        values: dict[str, object] = {"roll": roll(created_at=f"{self.now:%Y-%m-%d}T05:00:00+09:00"), "now": self.now,
                                     "lg_code": "152048", "clock_confirmed": True, "zero_printed": True}
        return gate(self.election, found, days=self.days.values(), totals=self.totals,  # type: ignore[arg-type,misc]
                    **{**values, **more})

    @property
    def day(self) -> PlaceDay | None:
        return self.days.get(f"{SCHOOL}/{self.now.date().isoformat()}")
