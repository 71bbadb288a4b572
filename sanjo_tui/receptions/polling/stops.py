"""What a stop says, in big words: heading, facts (when, where, which contest) and what to do (docs/polling.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sanjo_tui.receptions.polling.election import Contest, Election, PollingPlace
from sanjo_tui.receptions.polling.entitlement import UNSURE_OF_AGE, eligible_from
from sanjo_tui.receptions.polling.standing import Standing, day_text
from sanjo_tui.receptions.polling.words import Act, Code, State
from sanjo_tui.register.roll.elector import Elector

CLOSED = (Code.DEAD, Code.STRUCK, Code.SUSPENDED)
PRIORITY = (*CLOSED, Code.VOTED, Code.WARD, Code.ABSENTEE, Code.AGE17, Code.WINDOW, Code.NOT_ENTITLED, Code.REFUSED,
            Code.MOVED, Code.SAMENAME, Code.PARTIAL)
"""The heaviest first; one verdict line, one order."""

CALL = "投票管理者を呼んでください。"
CANNOT = "投票できません。投票管理者を呼んでください"
"""One and the same sentence for every closed record: the cause is nobody's business at the desk."""
CONFIRM = {
    Code.REFUSED: "投票管理者が拒否した記録があります。投票管理者を呼んでください",
    Code.MOVED: "県内に住み続けているか確かめてください",
    Code.SAMENAME: "同じ名前の人がいます。生年月日か住所を確かめてください",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Slip:
    """One contest for one voter: `act` is what Enter does. `note` for the screen, `ground` for the record."""

    contest: Contest
    act: Act
    state: State
    code: Code | None = None
    note: str = ""
    ground: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A full-screen stop. `facts`: one line each; `next`: what to do."""

    code: Code
    heading: str
    facts: tuple[str, ...] = ()
    next: str = CALL


def names(slips: Iterable[Slip]) -> str:
    """The contests' names in one line."""
    return "、".join(slip.contest.name for slip in slips)


def stop_of(slips: Sequence[Slip], states: Sequence[Standing], elector: Elector, election: Election,
            right_place: PollingPlace | None, *, station_open: bool) -> Stop:
    """The one stop of a voter for whom no paper is left.

    投票済みです where every contest that is theirs is done, or opens on a later day only. A contest that is done weighs
    less than one that is still to be voted at another place or in another way; it stands among the facts then.
    """
    if not station_open:
        return Stop(code=Code.NOT_OPEN, heading="受付中ではありません", next="開所してから受け付けてください。")
    codes = [slip.code for slip in slips if slip.code]
    done = voted_facts(states)
    if any(code in CLOSED for code in codes):
        return Stop(code=next(code for code in codes if code in CLOSED), heading=CANNOT, next="")
    ahead = [slip for slip in slips if slip.code not in (Code.VOTED, Code.NOT_ENTITLED)]
    if done and all(slip.code is Code.WINDOW for slip in ahead):
        # What opens on a later day is no paper now: whoever has had today's papers has voted, and that comes first.
        return Stop(code=Code.VOTED, heading="投票済みです", facts=(*done, *_by_note(ahead)),
                    next=f"用紙を渡さないでください。{CALL}")
    if not ahead:
        return Stop(code=Code.NOT_ENTITLED, heading="投票できる選挙がありません", facts=_by_note(slips))
    code = min((slip.code for slip in ahead if slip.code), key=PRIORITY.index)
    return _ahead(code, tuple(slip for slip in ahead if slip.code is code), done, elector, election, right_place)


def _ahead(code: Code, slips: tuple[Slip, ...], done: tuple[str, ...], elector: Elector, election: Election,
           right_place: PollingPlace | None) -> Stop:
    """Nothing is left here and now, but there is elsewhere, later or by another way."""
    match code:
        case Code.WARD:
            return elsewhere(right_place, done)
        case Code.ABSENTEE:
            return Stop(code=code, heading="不在者投票の用紙を交付中です", facts=(*_named(slips), *done),
                        next=f"用紙を持っていれば返してもらいます。{CALL}")
        case Code.AGE17:
            first = eligible_from(elector.birth)
            if not elector.birth.exact or first is None:
                return Stop(code=code, heading="年齢を確かめられません", facts=(UNSURE_OF_AGE, *done))
            return Stop(code=code, heading="今日はまだ投票できません", facts=(
                f"{day_text(first)}から投票できます", f"投票日は{day_text(election.polling_day)}です", *done),
                next="選挙管理委員会で不在者投票ができます。")
    return Stop(code=code, heading="今日渡せる用紙はありません", facts=(*_by_note(slips), *done),
                next="投票できる日を伝えてください。")


def elsewhere(right_place: PollingPlace | None, done: tuple[str, ...] = ()) -> Stop:
    """E-WARD: another place of the town, by name and address where it is known."""
    where = (right_place.name, right_place.address) if right_place else ("投票所が名簿にありません",)
    return Stop(code=Code.WARD, heading="投票所が違います", facts=(*filter(None, where), *done),
                next="正しい投票所を案内してください。" if right_place else CALL)


def _named(slips: Iterable[Slip]) -> tuple[str, ...]:
    return (names(slips),)


def _by_note(slips: Iterable[Slip]) -> tuple[str, ...]:
    """The contests with what is said of them, those with the same note in one line."""
    groups: dict[str, list[Slip]] = {}
    for slip in slips:
        groups.setdefault(slip.note, []).append(slip)
    return tuple(f"{names(group)}: {note}" for note, group in groups.items())


def voted_facts(states: Sequence[Standing]) -> tuple[str, ...]:
    """Day, time, place and contests of what is done; what was done at once stands in one line."""
    groups: dict[tuple[str, str], list[Standing]] = {}
    for state in states:
        if state.done:
            how = "仮投票" if state.provisional and not state.state.has_voted else _HOW[state.state]
            number = f" 受付番号 {state.reception_no}" if state.reception_no else ""
            groups.setdefault((f"{state.moment}{number}".strip(), how), []).append(state)
    lines = []
    for (moment, how), group in groups.items():
        contests = "、".join(state.contest.name for state in group)
        lines.append(f"{moment} {contests} ({how})".strip())
    doubled = [state.contest.name for state in states if state.doubled]
    return (*lines, *([f"用紙が2枚出ています: {'、'.join(doubled)}"] if doubled else []))


_HOW = {State.ISSUED: "用紙を交付済み", State.CAST: "投票済み", State.ABSENTEE_ACCEPTED: "不在者投票を受理"}
