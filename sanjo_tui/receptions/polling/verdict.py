"""One voter at the desk: what each contest comes to, and the one verdict (docs/polling.md §3).

Priority is fixed: closed record, voted, ward, absentee, age, window, not entitled; then what must be confirmed; then
what remains. It stops only where no paper is left to hand out. A card or a ticket in the hand changes nothing.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling import stops
from sanjo_tui.receptions.polling.election import Contest, Election, PollingPlace
from sanjo_tui.receptions.polling.entitlement import Entitlement, entitled
from sanjo_tui.receptions.polling.standing import Standing, day_text, standing
from sanjo_tui.receptions.polling.state import Voter
from sanjo_tui.receptions.polling.stops import PRIORITY, Slip, Stop
from sanjo_tui.receptions.polling.words import Act, Code, Mode, State, Via
from sanjo_tui.register.roll.elector import Elector
from sanjo_tui.wareki import JST


@dataclass(frozen=True, slots=True, kw_only=True)
class Here:
    """The desk now: its place, 期日前 or 当日, the moment in Japanese time. `station_open`: voters are received."""

    place: PollingPlace
    mode: Mode
    day: dt.date
    now: dt.datetime
    station_open: bool = True

    @classmethod
    def at(cls, place: PollingPlace, now: dt.datetime, *, station_open: bool = True) -> Here:
        """The desk of a place at a moment (with its time zone)."""
        here = now.astimezone(JST)
        return cls(place=place, mode=Mode.EARLY if place.kind.is_early else Mode.DAY, day=here.date(), now=here,
                   station_open=station_open)


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """What the desk shows of a voter. `slips`: all contests in the order of the boxes; `papers`: those to hand out.

    `confirm`: E-MOVED, E-SAMENAME, E-REFUSED that must be answered before Enter works. With `stop` nothing goes on.
    """

    verdict: Verdict
    slips: tuple[Slip, ...]
    stop: Stop | None = None
    confirm: tuple[Code, ...] = ()
    papers: tuple[Slip, ...] = ()
    needs_reason: bool = False
    namesakes: int = 0
    standings: tuple[Standing, ...] = ()


def examine(elector: Elector, voter: Voter | None, election: Election, here: Here, *, namesakes: int = 0,
            right_place: PollingPlace | None = None, via: Via = Via.SEARCH) -> Examined:
    """What may be handed to this voter here and now (T1).

    `namesakes`: others on the roll with the same name; asked about unless a card or ticket opened the record.
    `right_place`: where the voter belongs, if the desk knows; otherwise the ward tells.
    """
    elsewhere = right_place if right_place and right_place.code != here.place.code else None
    astray = elsewhere is not None or _astray(elector, election, here)
    states = tuple(standing(elector, voter, contest, election) for contest in election.in_order)
    slips = tuple(_slip(elector, state, election, here, astray) for state in states)
    papers = tuple(slip for slip in slips if slip.act is Act.ISSUE)
    asked = 0 if via.names_one else namesakes
    if not here.station_open or not papers:
        stop = stops.stop_of(slips, states, elector, election, elsewhere or _home(elector, election, here),
                             station_open=here.station_open)
        notes = tuple(f"{slip.contest.name}: {slip.note}" for slip in slips
                      if slip.note and stop.code not in stops.CLOSED)
        return Examined(verdict=Verdict(Weight.STOP, stop.heading, notes=notes, code=stop.code.value), slips=slips,
                        stop=stop, namesakes=asked, standings=states)
    confirm = tuple(code for code, needed in (
        (Code.REFUSED, any(state.refused for state, slip in zip(states, slips, strict=True)
                           if slip.act is Act.ISSUE)),
        (Code.MOVED, any(slip.code is Code.MOVED for slip in papers)), (Code.SAMENAME, asked > 0)) if needed)
    return Examined(verdict=_going_on(slips, papers, confirm), slips=slips, confirm=confirm, papers=papers,
                    needs_reason=here.mode is Mode.EARLY, namesakes=asked, standings=states)


def _astray(elector: Elector, election: Election, here: Here) -> bool:
    """Polling day: only the place of the voter's ward. Early: any place, unless each voter has a home place."""
    if here.mode is Mode.EARLY and not (election.home_places and here.place.wards):
        return False
    return elector.ward_code not in here.place.wards


def _home(elector: Elector, election: Election, here: Here) -> PollingPlace | None:
    if here.mode is Mode.DAY:
        return election.place_of_ward(elector.ward_code)
    return next((p for p in election.places if p.kind.is_early and elector.ward_code in p.wards), None)


def _slip(elector: Elector, state: Standing, election: Election, here: Here, astray: bool) -> Slip:
    contest = state.contest
    right = entitled(elector, contest, election, here.day)
    act, code, note, ground = _decide(state, right, contest, election, here, astray)
    return Slip(contest=contest, act=act, state=state.state, code=code, note=note, ground=ground)


def _decide(state: Standing, right: Entitlement, contest: Contest, election: Election, here: Here,
            astray: bool) -> tuple[Act, Code | None, str, str]:
    """Act, code, note for the screen and ground for the record of one contest, by the fixed priority."""
    if right.code in stops.CLOSED:
        return Act.NOT_ENTITLED, right.code, right.ground, right.ground
    if state.done:
        return Act.DONE, Code.VOTED, _done_note(state), ""
    if right.code is Code.NOT_ENTITLED:
        return Act.NOT_ENTITLED, right.code, right.ground, right.ground
    if astray:
        return Act.NOT_NOW, Code.WARD, "この投票所では投票できません", "投票区の外"
    if state.state is State.ABSENTEE_ISSUED:
        return Act.NOT_NOW, Code.ABSENTEE, "不在者投票の用紙を交付中", "不在者投票の用紙を交付中"
    if right.code is Code.AGE17:
        return Act.NOT_NOW, right.code, right.ground, right.ground
    if window := closed_window(contest, election, here):
        return Act.NOT_NOW, Code.WINDOW, window, window
    note = right.ground
    if state.state in (State.ABSTAINED, State.RETURNED):
        note = "前に棄権と申し出た" if state.state is State.ABSTAINED else "前の用紙は返付済み"
    return Act.ISSUE, right.code, note, right.ground


def closed_window(contest: Contest, election: Election, here: Here) -> str:
    """Why a contest is not open today, e.g. `2月1日(日)から`; "" when it is."""
    if here.mode is Mode.DAY:
        return "" if here.day == election.polling_day else f"{day_text(election.polling_day)}だけ"
    if here.day < contest.early_from:
        return f"{day_text(contest.early_from)}から"
    return f"期日前は{day_text(contest.early_to)}まで" if here.day > contest.early_to else ""


def _done_note(state: Standing) -> str:
    word = "仮投票済み" if state.provisional and not state.state.has_voted else state.state.value
    parts = (word, state.moment, "持ち帰りの記録あり" if state.taken_away else "",
             "用紙が2枚出ています" if state.doubled else "")
    return " ".join(part for part in parts if part)


def _going_on(slips: tuple[Slip, ...], papers: tuple[Slip, ...], confirm: tuple[Code, ...]) -> Verdict:
    """The verdict where at least one paper is left."""
    found = {slip.code for slip in slips}
    later = [slip for slip in slips if slip.code is Code.WINDOW]
    count = f"{len(papers)}枚"
    if confirm:
        code: Code | None = min(confirm, key=PRIORITY.index)
        message = stops.CONFIRM[min(confirm, key=PRIORITY.index)]
    elif Code.VOTED in found or Code.ABSENTEE in found:
        code, message = Code.PARTIAL, f"残りの{count}だけ渡します: {stops.names(papers)}"
    elif later:
        code, message = Code.WINDOW, f"{later[0].contest.name}は{later[0].note}。今日は{count}です"
    else:
        code, message = None, f"投票できます。用紙は{count}です"
    notes = [stops.CONFIRM[other] for other in confirm if other is not code]
    notes += [f"{slip.contest.name}: {slip.note}" for slip in slips if slip.note]
    return Verdict(code.weight if code else Weight.READY, message, tuple(slip.contest.code for slip in papers),
                   tuple(notes), code.value if code else "")
