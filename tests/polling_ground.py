"""Small values for polling tests: an election of five contests, electors, a desk, and the fold by hand.

Early voting opens on different days: 知事 on 22 January, 衆院 on the 28th, 国民審査 and 市議 on 1 February.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

import pytest

from sanjo_tui.journal.events import Claim, Event, Recorded
from sanjo_tui.numbers import registration_no
from sanjo_tui.receptions.polling import rules
from sanjo_tui.receptions.polling.election import (
    Contest,
    Election,
    Hours,
    PollingPlace,
    Reason,
    ReasonLabels,
    Staff,
    Stock,
    TicketForm,
    Wording,
)
from sanjo_tui.receptions.polling.state import Voter, apply_voter
from sanjo_tui.receptions.polling.words import (
    Code,
    IdMethod,
    Level,
    Mode,
    Oath,
    PaperKind,
    PlaceKind,
    StaffRole,
    State,
    Via,
)
from sanjo_tui.register.roll.elector import Elector, RollMark
from sanjo_tui.wareki import JST, parse

SCOPE = "2026-02-08"
POLLING_DAY = dt.date(2026, 2, 8)
FIRST_DAY = dt.date(2026, 1, 22)
"""Only the governor's contest is open."""
EARLY_DAY = dt.date(2026, 2, 3)
"""All five contests are open."""

GOVERNOR, SINGLE, PARTY, JUDGES, COUNCIL = "chiji", "shosenkyoku", "hirei", "shinsa", "shigi"
ALL = (SINGLE, PARTY, JUDGES, GOVERNOR, COUNCIL)
"""In the order of the boxes."""

REASONS = ("仕事など", "用事・外出", "病気など", "島など", "住所移転", "悪天候")


def contest(code: str, name: str, level: Level, colour: str, box: int, early_from: dt.date, **more: Any) -> Contest:
    return Contest(code=code, name=name, level=level, ballot_colour=colour, box_no=box, order=box,
                   early_from=early_from, early_to=dt.date(2026, 2, 7), **more)


def _hours(first: dt.date, days: int, opens: int, closes: int) -> tuple[Hours, ...]:
    return tuple(Hours(day=first + dt.timedelta(days=n), opens=dt.time(opens), closes=dt.time(closes))
                 for n in range(days))


CONTESTS = (
    contest(SINGLE, "小選挙区", Level.NATION, "うすもも", 1, dt.date(2026, 1, 28)),
    contest(PARTY, "比例代表", Level.NATION, "あお", 2, dt.date(2026, 1, 28)),
    contest(JUDGES, "国民審査", Level.NATION, "うぐいす", 3, dt.date(2026, 2, 1)),
    contest(GOVERNOR, "知事", Level.PREFECTURE, "あさぎ", 4, FIRST_DAY),
    contest(COUNCIL, "市議", Level.TOWN, "クリーム", 5, dt.date(2026, 2, 1)),
)
EARLY = PollingPlace(code="E01", name="三条庁舎", kind=PlaceKind.EARLY, address="旭町2-3-1",
                     hours=_hours(FIRST_DAY, 17, 8, 20))
EARLY2 = PollingPlace(code="E02", name="栄庁舎", kind=PlaceKind.EARLY, address="新堀1311",
                      hours=_hours(FIRST_DAY, 17, 8, 20))
DAY = PollingPlace(code="D01", name="嵐南小学校", kind=PlaceKind.DAY, wards=("01", "02"), address="南四日町1-1",
                   exit_check=True, hours=_hours(POLLING_DAY, 1, 7, 20))
DAY2 = PollingPlace(code="D02", name="一ノ木戸小学校", kind=PlaceKind.DAY, wards=("03",), address="東裏館2-1",
                    hours=_hours(POLLING_DAY, 1, 7, 20))
STAFF = (
    Staff(id="p1", name="管理 太郎", role=StaffRole.PRESIDING), Staff(id="d1", name="代理 花子", role=StaffRole.DEPUTY),
    Staff(id="c1", name="受付 一郎", role=StaffRole.CLERK), Staff(id="c2", name="交付 二郎", role=StaffRole.CLERK),
    Staff(id="w1", name="立会 三郎", role=StaffRole.WITNESS),
)
ELECTION = Election(
    id=SCOPE, name="衆議院議員総選挙ほか(架空)", polling_day=POLLING_DAY, contests=CONTESTS,
    places=(EARLY, EARLY2, DAY, DAY2), staff=STAFF, committee="三条市選挙管理委員会委員長",
    reason_labels=ReasonLabels(version="t1", reasons=tuple(
        Reason(code=n, label=label) for n, label in enumerate(REASONS, 1))),
    oath=Wording(text="真正であることを誓います。", source="公職選挙法施行令49条の8"),
    report_times=(dt.time(10), dt.time(14), dt.time(18)), ticket=TicketForm(pattern=r"T[0-9]{8}", check="luhn"),
    stock=tuple(Stock(place=place.code, contest=c.code, paper=paper, sheets=sheets)
                for place in (EARLY, EARLY2, DAY, DAY2) for c in CONTESTS
                for paper, sheets in ((PaperKind.PLAIN, 500), (PaperKind.BRAILLE, 5))), fictitious=True)


def elector(key: str = "100", *, born: str = "19740305", ward: str = "01", **more: Any) -> Elector:
    """Somebody on the roll without a mark; anything may be given by name."""
    base: dict[str, Any] = {
        "name": "架空　太郎", "name_kana": "カクウ　タロウ", "sex_code": "1", "address_as_delivered": "旭町1-2",
        "roll_no": f"{ward}-1-2-{key}", "ticket_no": f"T{int(key):08}" if key.isdigit() else ""}
    return Elector(addressee_no=key, ward_code=ward, birth=parse(born), **{**base, **more})


def marked(who: Elector, **marks: dict[str, Any]) -> Elector:
    """The elector with lines of roll_contests.csv: `marked(elector(), shigi={"absentee": Absentee.ISSUED})`."""
    return replace(who, marks=(*who.marks, *(RollMark(contest=code, **mark) for code, mark in marks.items())))


def at(place: PollingPlace = EARLY, day: dt.date | None = None, hour: int = 10, minute: int = 12, *,
       station_open: bool = True) -> rules.Here:
    """A desk: early places on 3 February, polling places on polling day unless said otherwise."""
    day = day or (EARLY_DAY if place.kind.is_early else POLLING_DAY)
    return rules.Here.at(place, dt.datetime.combine(day, dt.time(hour, minute), JST), station_open=station_open)


def choice(here: rules.Here | None = None, **more: Any) -> rules.Choice:
    """A card, and at an early place a reason and a printed 宣誓書."""
    early = here is None or here.mode is Mode.EARLY
    base: dict[str, Any] = {"id_method": IdMethod.CARD, "via": Via.CARD, "reason_code": 2 if early else 0,
                            "oath": Oath.PRINTED if early else None}
    return rules.Choice(**{**base, **more})


class Ground:
    """A journal in memory: claims, numbers, clocks and the fold, as one station keeps them."""

    def __init__(self, station: str = "A1B2C3", *, claims: dict[Claim, str] | None = None) -> None:
        self.station = station
        self.claims: dict[Claim, str] = {} if claims is None else claims
        self.voters: dict[str, Voter] = {}
        self.recorded: list[Recorded] = []
        self.numbers = 0

    def number(self) -> str:
        """The next 受付番号."""
        self.numbers += 1
        return registration_no(self.station, self.numbers)

    def record(self, events: Iterable[Event], here: rules.Here, operator: str = "op") -> Voter | None:
        """Takes the claims and folds the events, all or none. Raises AssertionError where a claim is held."""
        batch = tuple(events)
        for event in batch:
            for claim in event.claims:
                assert claim not in self.claims, f"taken: {claim.scope}"
        last = None
        for event in batch:
            seq = len(self.recorded) + 1
            at_ms = int(here.now.timestamp() * 1000)
            recorded = Recorded(self.station, seq, (at_ms << 16) | (seq & 0xFFFF), at_ms, operator, event, seq)
            for claim in event.releases:
                self.claims.pop(claim, None)
            self.claims.update((claim, recorded.number) for claim in event.claims)
            self.recorded.append(recorded)
            last = apply_voter(self.voters.get(event.subject), recorded)
            if last is not None:
                self.voters[event.subject] = last
        return last

    def receive(self, who: Elector, here: rules.Here, chosen: rules.Choice | None = None, *, namesakes: int = 0,
                election: Election = ELECTION) -> Voter:
        """受付確定 of one voter with everything that follows."""
        events = rules.receive(who, self.voters.get(who.addressee_no), election, here, chosen or choice(here),
                               self.number(), namesakes=namesakes)
        voter = self.record(events, here)
        assert voter is not None
        return voter

    def examine(self, who: Elector, here: rules.Here, *, election: Election = ELECTION, **more: Any) -> rules.Examined:
        """The verdict of one voter now."""
        return rules.examine(who, self.voters.get(who.addressee_no), election, here, **more)


def states(voter: Voter | None) -> dict[str, State]:
    """Where a voter stands in each contest, by the journal alone."""
    return {code: voter.ballot(code).state if voter else State.NOT_YET for code in ALL}


def refused(code: Code, call: Callable[..., object], *args: object, **more: object) -> rules.Refusal:
    """The refusal that a call ends in: with this code, and in a whole sentence."""
    with pytest.raises(rules.Refusal) as caught:
        call(*args, **more)
    assert caught.value.code is code
    assert caught.value.message.endswith("。")
    assert caught.value.detail == ("E-CLOSED" if code in (Code.DEAD, Code.STRUCK, Code.SUSPENDED) else code.value)
    return caught.value
