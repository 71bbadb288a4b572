"""Papers that are out: into the box, exchanged, returned, carried off, taken back (T3, T6 to T8 of docs/polling.md §3).

A paper is in the voter's hand, in the clerk's hand or in the box; whose hand it is in the clerk says (`in_hand`).
"""

from __future__ import annotations

from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.refusals import (
    INCIDENT,
    Refusal,
    contests_of,
    must_be_open,
    must_say,
    second_operator,
)
from sanjo_tui.receptions.polling.standing import moment_of
from sanjo_tui.receptions.polling.state import Ballot, Issue, Voter
from sanjo_tui.receptions.polling.verdict import Here
from sanjo_tui.receptions.polling.visits import came_again
from sanjo_tui.receptions.polling.words import Act, Code, PaperKind, Spoiling, State


def _out(voter: Voter | None, contest: str, here: Here, election: Election) -> tuple[str, Ballot, Issue]:
    """Whose paper is out and not in a box, the ballot, and the latest paper that this place handed out."""
    contests_of((contest,), election)
    ballot = voter.ballot(contest) if voter else Ballot(contest=contest)
    if ballot.state is State.CAST:
        raise Refusal(Code.VOTED, "用紙はもう投票箱に入っています。", INCIDENT)
    ours = [paper for paper in ballot.papers if paper.place == here.place.code]
    if voter is None or ballot.state is not State.ISSUED or not ours:
        raise Refusal(Code.NOPAPER, "この投票所で渡した用紙がありません。", "受付番号と選挙を確かめてください。")
    return voter.key, ballot, ours[-1]


def cast(voter: Voter | None, election: Election, here: Here, contests: tuple[str, ...] = (), *,
         at_closing: bool = False) -> tuple[Event, ...]:
    """退出確認 (T3) of these contests, or of all papers of this place that are out; at closing it is set for everybody.

    A paper that was taken away is not in the box: it is left out unless its contest is named.
    """
    ballots = [voter.ballot(contest.code) for contest in election.in_order] if voter else []
    waiting = [ballot for ballot in ballots if ballot.state is State.ISSUED
               and any(paper.place == here.place.code for paper in ballot.papers)]
    out = tuple(ballot.contest for ballot in waiting if contests or not ballot.taken_away)
    chosen = tuple(contest.code for contest in contests_of(contests, election)) if contests else out
    if voter is None or not chosen or not set(out).issuperset(chosen):
        raise Refusal(Code.NOPAPER, "投函を待っている用紙がありません。", "受付番号と選挙を確かめてください。")
    return (ev.CastPapers(subject=voter.key, scope=election.id, place=here.place.code, contests=chosen,
                          at_closing=at_closing),)


def exchange(voter: Voter | None, election: Election, here: Here, contest: str, why: Spoiling,
             paper: PaperKind | None = None, *, in_hand: bool, wrong_contest: str = "") -> tuple[Event, ...]:
    """書損引換・再交付 (T6): only against the spoiled paper, where and on the day it was handed out.

    `paper`: the kind that goes out, the same as the spoiled one where none is named. `wrong_contest`: the contest of
    the paper in hand, where another one was handed out by mistake (誤交付).
    """
    if wrong_contest and (why is not Spoiling.WRONG_PAPER or election.contest(wrong_contest) is None):
        raise Refusal(Code.INCOMPLETE, "どの選挙の用紙が戻ったかが正しくありません。", "選挙をもう一度選んでください。")
    must_be_open(here.station_open)
    key, _, issue = _out(voter, contest, here, election)
    if not in_hand or moment_of(issue.at_ms).date() != here.day:
        raise Refusal(Code.NOPAPER, "書き損じた用紙が手元にないと、引き換えられません。",
                      "投票管理者を呼んでください。")
    return (ev.Exchanged(subject=key, scope=election.id, place=here.place.code, contest=contest, why=why,
                         spoiled=issue.paper, paper=paper or issue.paper,
                         spoiled_contest=wrong_contest),)


def give_back(voter: Voter | None, election: Election, here: Here, contest: str, *,
              in_hand: bool) -> tuple[Event, ...]:
    """返付 (T7): the paper is in the clerk's hand; without it there is only the record of 持ち帰り."""
    must_be_open(here.station_open)
    key, _, issue = _out(voter, contest, here, election)
    if not in_hand:
        raise Refusal(Code.TAKEAWAY, "用紙が手元にないと、返付にできません。", "持ち帰りとして記録してください。")
    return (ev.PaperReturned(subject=key, scope=election.id, place=here.place.code, contest=contest,
                             paper=issue.paper, issued_by=issue.number),)


def take_away(voter: Voter | None, election: Election, here: Here, contest: str, remark: str) -> tuple[Event, ...]:
    """持ち帰り (E-TAKEAWAY): written down; no second paper follows from it."""
    key, ballot, _ = _out(voter, contest, here, election)
    if ballot.taken_away:
        raise Refusal(Code.TAKEAWAY, "持ち帰りはもう記録されています。", "二度記録する必要はありません。")
    return (ev.TakenAway(subject=key, scope=election.id, place=here.place.code, contest=contest,
                         remark=remark.strip()),)


def take_back(voter: Voter | None, election: Election, here: Here, reception: str, reason: str, verifier: str, *,
              operator: str, opened_ms: int, in_hand: bool) -> tuple[Event, ...]:
    """受付取消 (T8), the wrong person was received: same opening, all papers in hand, a second operator, a reason.

    `reception`: 受付番号 or the event's number; `opened_ms`: when the place was opened, UTC. What was said to be 棄権
    in that reception is undone with it.
    """
    must_be_open(here.station_open)
    visit = next((v for v in voter.visits if reception in (v.number, v.reception_no)), None) if voter else None
    if voter is None or visit is None or visit.place != here.place.code or visit.at_ms < opened_ms:
        raise Refusal(Code.INCOMPLETE, "この受付は、今日のこの投票所では取り消せません。", INCIDENT)
    said = must_say(reason, "取り消す理由", "人違い、受付の押し間違い")
    papers = []
    for contest in visit.issued:
        ballot = voter.ballot(contest)
        issue = next((paper for paper in ballot.papers if paper.number == visit.number), None)
        if issue is None or ballot.state is not State.ISSUED or ballot.spoiled:
            raise Refusal(Code.VOTED, "用紙がもう投函されたか、引き換えられたか、返されています。", INCIDENT)
        papers.append(ev.Handed(contest=contest, act=Act.ISSUE, paper=issue.paper))
    if not in_hand:
        raise Refusal(Code.NOPAPER, "渡した用紙が全部手元にないと、取り消せません。", INCIDENT)
    person = second_operator(verifier, operator, election)
    undone = tuple(code for code, ballot in voter.ballots.items()
                   if ballot.state is State.ABSTAINED and ballot.since_ms == visit.at_ms)
    return (ev.TakenBack(subject=voter.key, scope=election.id, place=here.place.code, issued_by=visit.number,
                         papers=tuple(papers), reason=said, verifier=person.id),
            *came_again(voter.key, election, here, undone))
