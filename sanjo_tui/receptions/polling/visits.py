"""A visit of a voter: papers go out, or the voter abstains (T2, T4, T5 of docs/polling.md §3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.refusals import (
    Refusal,
    assistants_of,
    contests_of,
    must_preside,
)
from sanjo_tui.receptions.polling.state import Voter
from sanjo_tui.receptions.polling.stops import CONFIRM, Slip
from sanjo_tui.receptions.polling.verdict import Examined, Here, examine
from sanjo_tui.receptions.polling.words import (
    Act,
    Code,
    Feature,
    IdMethod,
    Mode,
    Oath,
    PaperKind,
    State,
    Via,
)
from sanjo_tui.register.roll.elector import Elector
from sanjo_tui.wareki import Precision


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What the clerk said or pressed before Enter. Contests by code.

    `confirmed`: what was confirmed (E-MOVED); `denied`: what could not be, so that those contests are 対象外;
    `features`: the second feature that was compared where somebody has the same name; `oath_sheet`: number of a 宣誓書
    that carries one; without, the 受付番号 is written on it; `decided_by`: who presides, where a refusal is lifted or
    the voter declares (法50条).
    """

    id_method: IdMethod
    via: Via = Via.SEARCH
    assurance: str = ""
    reason_code: int = 0
    oath: Oath | None = None
    oath_sheet: str = ""
    abstain: tuple[str, ...] = ()
    braille: tuple[str, ...] = ()
    proxy: bool = False
    assistants: tuple[str, ...] = ()
    confirmed: tuple[Code, ...] = ()
    denied: tuple[Code, ...] = ()
    features: tuple[Feature, ...] = ()
    decided_by: str = ""


def receive(elector: Elector, voter: Voter | None, election: Election, here: Here, choice: Choice, number: str, *,
            namesakes: int = 0) -> tuple[Event, ...]:
    """受付確定 (T2): one event for all contests; before it 再来場 (T5) where somebody abstained earlier.

    Every contest of the election gets exactly one act. Raises Refusal with the code of the row that does not hold.
    """
    look = examine(elector, voter, election, here, namesakes=namesakes, via=choice.via)
    if look.stop:
        raise Refusal(look.stop.code, f"{look.stop.heading.removesuffix('。')}。", look.stop.next)
    _same_person(choice)
    if _declared(choice):
        must_preside(choice.decided_by, election)
    _confirmed(elector, election, look, choice)
    handed = tuple(_hand(slip, choice) for slip in look.slips)
    issued = tuple(h.contest for h in handed if h.act is Act.ISSUE)
    _fits(look, choice, issued)
    early = here.mode is Mode.EARLY
    if early:
        _sworn(election, choice)
    received = ev.Received(
        subject=elector.addressee_no, scope=election.id, place=here.place.code, mode=here.mode, reception_no=number,
        handed=handed, id_method=choice.id_method, via=choice.via, assurance=choice.assurance,
        reason_code=choice.reason_code if early else 0, label_version=election.reason_labels.version if early else "",
        oath=choice.oath if early else None, oath_sheet=(choice.oath_sheet or number) if early else "",
        sex_code=elector.sex_code,
        ward_code=elector.ward_code, age=age_for_counts(elector, election),
        confirmed=tuple(code.value for code in look.confirm if code not in choice.denied), proxy=choice.proxy,
        assistants=assistants_of(choice.assistants, election) if choice.proxy else (),
        decided_by=choice.decided_by if Code.REFUSED in look.confirm or _declared(choice) else "")
    again = tuple(slip.contest.code for slip in look.papers
                  if slip.state is State.ABSTAINED and slip.contest.code in issued)
    return (*came_again(elector.addressee_no, election, here, again), received)


def age_for_counts(elector: Elector, election: Election) -> int | None:
    """Age on polling day as the law reckons it: reached at the end of the day before the birthday."""
    return elector.birth.age_on(election.polling_day + dt.timedelta(days=1))


def _declared(choice: Choice) -> bool:
    """法50条: only who presides has a voter declare it whose identity cannot be confirmed."""
    return choice.id_method is IdMethod.DECLARED


def _same_person(choice: Choice) -> None:
    """Found by name and known by word of mouth alone: the birth date was compared, also where nobody shares the name.

    Somebody who is not on the roll at all may have the name of one elector.
    """
    by_word = choice.id_method is IdMethod.SPOKEN and not choice.via.names_one
    if by_word and Feature.BIRTH not in choice.features:
        raise Refusal(Code.SAMENAME, "生年月日がまだ確かめられていません。",
                      "本人に生年月日を言ってもらい、名簿と比べてください。")


def _confirmed(elector: Elector, election: Election, look: Examined, choice: Choice) -> None:
    for code in look.confirm:
        match code:
            case Code.SAMENAME:
                _second_feature(elector, choice)
            case Code.REFUSED:
                must_preside(choice.decided_by, election)
            case _ if code not in (*choice.confirmed, *choice.denied):
                raise Refusal(code, f"{CONFIRM[code]}。", "確認できないときは「確認できない」を選んでください。")


def _second_feature(elector: Elector, choice: Choice) -> None:
    """A namesake is told apart by birth date or address; the protected by birth date only."""
    useful = {Feature.BIRTH} if elector.birth.precision is not Precision.UNKNOWN else set()
    if elector.address_as_delivered and not elector.protected:
        useful.add(Feature.ADDRESS)
    if not useful.intersection(choice.features):
        raise Refusal(Code.SAMENAME, "同じ名前の人がいます。",
                      "生年月日か住所を本人に聞き、名簿と同じか確かめてください。")


def _hand(slip: Slip, choice: Choice) -> ev.Handed:
    """What becomes of one contest."""
    contest = slip.contest.code
    if slip.act is not Act.ISSUE:
        return ev.Handed(contest=contest, act=slip.act, ground=slip.ground)
    if slip.code is Code.MOVED and Code.MOVED in choice.denied:
        return ev.Handed(contest=contest, act=Act.NOT_ENTITLED, ground="県内居住を確認できない")
    if contest in choice.abstain:
        return ev.Handed(contest=contest, act=Act.ABSTAIN)
    paper = PaperKind.BRAILLE if contest in choice.braille else PaperKind.PLAIN
    return ev.Handed(contest=contest, act=Act.ISSUE, paper=paper, ground=slip.ground)


def _fits(look: Examined, choice: Choice, issued: tuple[str, ...]) -> None:
    """棄権 and 点字 can only be said of papers that are to be handed out, and one paper at least goes out."""
    papers = {slip.contest.code for slip in look.papers}
    if not papers.issuperset(choice.abstain) or not set(issued).issuperset(choice.braille):
        raise Refusal(Code.INCOMPLETE, "渡さない用紙に棄権や点字が付いています。", "もう一度開いて選び直してください。")
    if not issued and choice.abstain:
        raise Refusal(Code.INCOMPLETE, "渡す用紙がありません。", "全部棄権のときは、棄権として記録してください。")
    if not issued:
        raise Refusal(Code.NOT_ENTITLED, "渡す用紙がありません。", "投票管理者を呼んでください。")


def _sworn(election: Election, choice: Choice) -> None:
    """Early voting: reason and 宣誓書 (令49条の8)."""
    if election.reason_labels.reason(choice.reason_code) is None:
        raise Refusal(Code.INCOMPLETE, "期日前投票の事由を選んでください。",
                      "数字か、言葉(例: 仕事、買い物)で選べます。")
    if choice.oath is None:
        raise Refusal(Code.INCOMPLETE, "宣誓書がありません。", "印刷するか、書いてもらってください。")


def came_again(key: str, election: Election, here: Here, contests: tuple[str, ...]) -> Iterator[Event]:
    """再来場 (T5): these contests are 未 again; no event for none."""
    if contests:
        yield ev.CameAgain(subject=key, scope=election.id, place=here.place.code, contests=contests)


def abstain(elector: Elector, voter: Voter | None, election: Election, here: Here,
            contests: tuple[str, ...]) -> tuple[Event, ...]:
    """棄権 (T4), said aloud before a paper went out; only where a paper could have been handed out here and now."""
    look = examine(elector, voter, election, here, via=Via.CARD)
    chosen = {contest.code for contest in contests_of(contests, election)}
    for slip in look.slips:
        if slip.contest.code in chosen and (slip.act is not Act.ISSUE or slip.state is State.ABSTAINED):
            raise Refusal(slip.code or Code.INCOMPLETE, f"{slip.contest.name}は棄権にできません。",
                          "用紙を渡した後は、返付か投函のどちらかです。")
    if look.stop:
        raise Refusal(look.stop.code, f"{look.stop.heading}。", look.stop.next)
    return (ev.Abstained(subject=elector.addressee_no, scope=election.id, place=here.place.code, contests=contests),)
