"""Who looked at whom, when and why: pure questions over the journal's events (docs/register.md §6).

A line names people by 宛名番号 or provisional number alone. A look-up counts as part of a reception when the same
operator recorded something of the same person within ten minutes.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.lookups import (
    REASONS,
    ActDone,
    Alarm,
    Approved,
    ListMade,
    Locked,
    LookedUp,
    Searched,
    SignedOn,
    Unlocked,
    Unmasked,
)
from sanjo_tui.wareki import JST

DUE = "print.due"
"""A document became due; its event lives above the receptions and is known here by its kind."""

LOOKS = (LookedUp.kind, Searched.kind)
"""A look at people that a reception should follow."""

ASKED = (*LOOKS, ListMade.kind, Unmasked.kind, DUE, SignedOn.kind, Unlocked.kind, Locked.kind, ActDone.kind,
         Approved.kind, Alarm.kind)
"""Kinds of events that an audit lists."""

UNLOCKS = (Unlocked.kind, Locked.kind, SignedOn.kind)

NAMELESS = ("blanks", "report", "requests", "zero", "interim", "closing", "balance")
"""Forms that name nobody."""

ASKING = "audit.asked"
"""What the journal calls a question of the audit itself."""

SOON_MS = 10 * 60 * 1000
"""So soon after a look-up (milliseconds) a reception belongs to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event of an audit. `time`: ISO 8601, Japanese time; `people`: whom it showed, by number."""

    number: str
    time: str
    operator: str
    what: str
    subject: str = ""
    reason: str = ""
    reception: bool | None = None
    """Whether a reception followed; None where none was to follow."""
    people: tuple[str, ...] = ()


def people_of(recorded: Recorded) -> tuple[str, ...]:
    """Whom an event showed or concerned, by number."""
    match recorded.event:
        case LookedUp(subject=who, shown=shown):
            return tuple(dict.fromkeys((who, *shown)))
        case Searched(listed=listed):
            return listed
        case Unmasked(subject=who) | Approved(subject=who):
            return (who,)
    if recorded.event.kind == DUE:
        said = getattr(recorded.event, "parameters", {})
        return tuple(str(said[key]) for key in ("household", "registration_no", "reception_no", "key") if said.get(key))
    return ()


def what_of(recorded: Recorded) -> str:
    """What happened, in a few words."""
    match recorded.event:
        case LookedUp(via=via):
            return f"照会 {via}"
        case Searched(listed=listed):
            return f"検索 {len(listed)}人"
        case ListMade(form=form, edition=edition, rows=rows):
            return f"一覧 {form} {edition}".rstrip() + f" {rows}人"
        case Unmasked(approval=approval, seconds=seconds):
            return f"住所の開示 {seconds}秒" + (" 後から承認" if approval == "later" else "")
        case SignedOn(operator=operator, before=before):
            return f"操作者交替 {before} から {operator}"
        case Unlocked(slot=slot, failed=failed):
            return f"開錠 {slot}" + (f" 失敗{failed}回の後" if failed else "")
        case Locked(why=why):
            return f"施錠 {why}"
        case ActDone(act=act):
            return f"操作 {act}"
        case Approved(of=of):
            return f"承認 {of}"
        case Alarm(figure=figure, minutes=minutes):
            return f"警報 {minutes}分に{figure}回の照会"
    return f"印刷 {_form(recorded)}" if recorded.event.kind == DUE else recorded.event.kind


def _form(recorded: Recorded) -> str:
    return str(getattr(recorded.event, "form", ""))


def line(recorded: Recorded, reception: bool | None = None) -> Line:
    """The event as an audit lists it."""
    event, people = recorded.event, people_of(recorded)
    reason = getattr(event, "reason", "")
    at = dt.datetime.fromtimestamp(recorded.at_ms / 1000, JST)
    subject = people[0] if isinstance(event, LookedUp | Unmasked | Approved) or len(people) == 1 else ""
    return Line(number=recorded.number, time=at.isoformat(timespec="seconds"), operator=recorded.operator,
                what=what_of(recorded), subject=subject or (f"{len(people)}人" if people else ""),
                reason=REASONS.get(reason, ""), reception=reception, people=people)


def is_reception(recorded: Recorded) -> bool:
    """Something was recorded of a person: that is what look-ups are for."""
    return recorded.event.kind.partition(".")[0] in ("shelter", "polling", "token")


def followed(events: Sequence[Recorded]) -> dict[str, bool]:
    """Every look-up by its number, and whether a reception of one of its people by the same operator followed soon."""
    last: dict[tuple[str, str], int] = {}
    answer: dict[str, bool] = {}
    for recorded in reversed(events):
        if recorded.event.kind in LOOKS:
            answer[recorded.number] = any(
                last.get((recorded.operator, who), 1 << 62) - recorded.at_ms <= SOON_MS for who in people_of(recorded))
        elif is_reception(recorded):
            for who in (recorded.event.subject, getattr(recorded.event, "person", "")):
                last[recorded.operator, who] = recorded.at_ms
    return answer


def asks_for_masses(event: Event) -> bool:
    """Somebody asked the audit what the alarm is about."""
    return isinstance(event, ActDone) and event.act == ASKING and event.details.get("question") == "mass"


def lines(events: Iterable[Recorded]) -> list[Line]:
    """What an audit lists of the journal, in its order. Needs the receptions among the events too."""
    events = list(events)
    answered = followed(events)
    return [line(r, answered.get(r.number)) for r in events
            if r.event.kind in ASKED and not (r.event.kind == DUE and _form(r) in NAMELESS)]


# --- the questions


def of_person(listed: Iterable[Line], names: frozenset[str]) -> list[Line]:
    """Every look at one person. `names`: her numbers (宛名番号, household, 受付番号)."""
    return [one for one in listed if names & set(one.people)]


def of_operator(listed: Iterable[Line], operator: str) -> list[Line]:
    """Everything of one operator."""
    return [one for one in listed if one.operator == operator]


def at_night(listed: Iterable[Line], start: dt.time, end: dt.time) -> list[Line]:
    """What happened between two times of day (Japanese time), past midnight where `end` is not after `start`."""
    def within(at: dt.time) -> bool:
        return start <= at < end if start < end else at >= start or at < end
    return [one for one in listed if within(dt.datetime.fromisoformat(one.time).time())]


def masses(listed: Iterable[Line], minutes: int, count: int) -> list[Line]:
    """Look-ups that no reception followed, where one operator made `count` or more of them within `minutes`."""
    unanswered: dict[str, list[Line]] = defaultdict(list)
    for one in listed:
        if one.reception is False:
            unanswered[one.operator].append(one)
    found: dict[str, Line] = {}
    span = dt.timedelta(minutes=minutes)
    for some in unanswered.values():
        times, first = [dt.datetime.fromisoformat(one.time) for one in some], 0
        for at, time in enumerate(times):
            while time - times[first] >= span:
                first += 1
            if at - first + 1 >= count:
                found |= {one.number: one for one in some[first:at + 1]}
    return sorted(found.values(), key=lambda one: (one.time, one.number))


def unlocks(events: Iterable[Recorded]) -> list[Line]:
    """開錠, 施錠, 操作者交替 and wrong PINs."""
    return [line(r) for r in events if r.event.kind in UNLOCKS or (
        isinstance(r.event, ActDone) and r.event.act.endswith("pin_refused"))]


def unapproved(events: Iterable[Recorded]) -> list[Line]:
    """Acts that needed a second operator, had none, and that nobody approved since."""
    events = list(events)
    approved = {r.event.of for r in events if isinstance(r.event, Approved)}
    return [line(r) for r in events
            if isinstance(r.event, Unmasked) and r.event.approval == "later" and r.number not in approved]


# --- the alarm


@dataclass(slots=True)
class Watch:
    """Counts look-ups without a reception as the events come by; `due` says whose burst deserves an alarm."""

    figure: int
    """So many within `minutes` are a burst; 0: never."""
    minutes: int
    _open: dict[str, deque[tuple[int, frozenset[str]]]] = field(default_factory=lambda: defaultdict(deque))
    _raised: set[str] = field(default_factory=set)
    standing: int = 0
    """Alarms since somebody asked the audit for masses last."""

    def feed(self, recorded: Recorded) -> None:
        """The next event of the journal."""
        event, who = recorded.event, recorded.operator
        if event.kind in LOOKS:
            self._open[who].append((recorded.at_ms, frozenset(people_of(recorded))))
        elif isinstance(event, Alarm):
            self._raised.add(event.subject)
            self.standing += 1
        elif asks_for_masses(event):
            self.standing = 0
        elif is_reception(recorded) and who in self._open:
            subject = event.subject
            self._open[who] = deque(one for one in self._open[who] if subject not in one[1])

    def due(self, operator: str, now_ms: int) -> int:
        """How many look-ups without a reception, where that is an alarm that was not raised yet; else 0."""
        pending = self._open[operator]
        while pending and now_ms - pending[0][0] >= self.minutes * 60_000:
            pending.popleft()
        if len(pending) * 2 < self.figure:
            self._raised.discard(operator)              # this burst is over
        if not self.figure or len(pending) < self.figure or operator in self._raised:
            return 0
        return len(pending)
