"""Records of a polling place: 投票録 as a draft, one-line records, 事故 of one voter and after a merge."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk.paper import Paper
from sanjo_tui.desk.polling_heading import day_of, known, names_of, staff_name
from sanjo_tui.desk.polling_reports import balance_lines, electors_now
from sanjo_tui.documents import incident, one_line_records, voting_record
from sanjo_tui.documents.one_line_records import RecordKind
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.lookups import LookedUp
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import figures
from sanjo_tui.receptions.polling.doubles import Double
from sanjo_tui.receptions.polling.standing import place_name
from sanjo_tui.receptions.polling.state import VOTERS
from sanjo_tui.receptions.polling.tally import local
from sanjo_tui.receptions.polling.words import PaperKind
from sanjo_tui.receptions.shelter.look import SEXES, clock, day_and_clock
from sanjo_tui.wareki import wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk

WHAT = {
    ev.Received.kind: "受付・交付", ev.CastPapers.kind: "投函", ev.Abstained.kind: "棄権", ev.CameAgain.kind: "再来場",
    ev.Exchanged.kind: "引換", ev.PaperReturned.kind: "返付", ev.TakenAway.kind: "持ち帰り",
    ev.TakenBack.kind: "受付取消",
    ev.AbsenteeReturned.kind: "不在者投票用紙の返還", ev.Refused.kind: "拒否", ev.ProvisionalVote.kind: "仮投票",
    ev.Enrolled.kind: "補正登録", ev.IncidentNoted.kind: "事故"}
"""What each event of a voter is called on paper."""


# --- 投票録


def _of_the_day(polling: PollingDesk, day: str) -> list[Recorded]:
    """Voters' events of this place on a day, oldest first, without receptions that were taken back."""
    election, place, _ = polling.loaded()
    kinds = tuple(event.kind for event in VOTERS.events)
    with polling.desk.journal.view() as view:
        ours = [r for r in view.events(scope=election.id, kinds=kinds)
                if getattr(r.event, "place", "") == place.code and local(r.at_ms)[0] == day]
    back = {r.event.issued_by for r in ours if isinstance(r.event, ev.TakenBack)}
    return [r for r in ours if r.number not in back]


def _case(polling: PollingDesk, recorded: Recorded, contests: Iterable[str], text: str,
          by: str = "") -> voting_record.Case:
    election = polling.loaded()[0]
    elector = polling.elector(recorded.event.subject, polling.voter(recorded.event.subject))
    who = (elector.roll_no or elector.addressee_no) if elector else recorded.event.subject
    return voting_record.Case(at=clock(recorded.at_ms), contests=names_of(election, contests), text=text,
                              who=who, by=by)


def _figures(polling: PollingDesk, day: str, events: list[Recorded]) -> tuple[voting_record.ContestFigures, ...]:
    election, place, _ = polling.loaded()
    totals, now = polling.turnout()[1], figures.interim(polling.turnout()[1], election, place, day)
    electors = {} if place.kind.is_early else electors_now(polling)

    def number(kind: type[Any], contest: str) -> int:
        return sum(isinstance(r.event, kind) and contest in (getattr(r.event, "contests", ()) or
                                                             (getattr(r.event, "contest", ""),)) for r in events)

    return tuple(voting_record.ContestFigures(
        contest=c.name, voters=now[c.code].row, electors=electors[c.code].row if c.code in electors else None,
        proxy=totals.proxies(place.code, day, c.code), braille=totals.braille(place.code, day, c.code),
        refused=number(ev.Refused, c.code), provisional=totals.provisional_on(place.code, c.code, day),
        exchanged=number(ev.Exchanged, c.code), returned=number(ev.PaperReturned, c.code),
        taken_away=number(ev.TakenAway, c.code), by_judgement=number(ev.Enrolled, c.code)) for c in election.in_order)


def _voting_record(polling: PollingDesk, head: Heading, day: str = "") -> Paper:
    """期日前投票録 or 投票録 as a draft: what is known is filled in, the rest is for the pen."""
    election, place, roll = polling.loaded()
    wanted, record = day_of(polling, day)
    events, hours = _of_the_day(polling, wanted.isoformat()), place.hours_on(wanted)

    def cases(kind: type[Any], text: Callable[[Any], str], by: Callable[[Any], str]) -> tuple[voting_record.Case, ...]:
        return tuple(_case(polling, r, getattr(r.event, "contests", None) or [h.contest for h in getattr(
            r.event, "papers", ())] or [getattr(r.event, "contest", "")], text(r.event), by(r.event))
            for r in events if isinstance(r.event, kind))

    proxies = tuple(_case(polling, r, [h.contest for h in r.event.issued], "代理投票",
                          "、".join(staff_name(election, one) for one in r.event.assistants))
                    for r in events if isinstance(r.event, ev.Received) and r.event.proxy)
    remarks = record.remarks if record else ()
    oaths = polling.turnout()[1].oaths(place.code, wanted.isoformat())
    content = voting_record.VotingRecord(
        heading=head, election=election.name, early=place.kind.is_early, day=wareki(wanted), address=place.address,
        scheduled=f"{hours.opens:%H:%M}から{hours.closes:%H:%M}" if hours else "",
        opened=clock(record.opened_ms) if record else "",
        closed=clock(record.closed_ms) if record else "",
        roll=f"{wareki(roll.info.as_of)}現在の抄本 {sum(roll.info.electors)}人",
        duties=tuple(voting_record.Duty(role=d.role, name=d.name, came=d.came, left=d.left, remark=d.remark)
                     for d in (record.duties if record else ())),
        contests=_figures(polling, wanted.isoformat(), events), proxies=proxies,
        refusals=cases(ev.Refused, lambda e: f"{e.ground} 意見: {e.opinion}",
                       lambda e: staff_name(election, e.decided_by)),
        provisionals=cases(ev.ProvisionalVote, lambda e: f"{e.ground} 異議: {e.objected_by}",
                           lambda e: staff_name(election, e.decided_by)),
        exchanges=cases(ev.Exchanged, lambda e: e.why.value, lambda e: "")
        + cases(ev.PaperReturned, lambda e: "返付", lambda e: ""),
        absentees=cases(ev.AbsenteeReturned, lambda e: "用紙の返還", lambda e: staff_name(election, e.verifier)),
        judgements=cases(ev.Enrolled, lambda e: e.basis, lambda e: staff_name(election, e.decided_by)),
        orders_to_leave=tuple(voting_record.Case(at="", text=r.text) for r in remarks if r.category == "退出"),
        papers=balance_lines(polling), boxes=tuple(voting_record.BallotBox(name=f"{c.box_no} {c.name}")
                                            for c in election.in_order),
        remarks=tuple(voting_record.Case(at="", text=f"{r.category} {r.text}".strip())
                      for r in remarks if r.category != "退出"),
        oaths=sum(oaths.values()) if place.kind.is_early else None)
    return Paper(document=voting_record, content=content, columns=voting_record.COLUMNS, rows=content.contests)


# --- 一行調書


def _records(polling: PollingDesk, head: Heading, kind: str, day: str = "") -> Paper:
    """One line an event of a kind: absentee, refused, provisional, proxy, braille."""
    which, election = RecordKind(kind), polling.loaded()[0]
    wanted, _ = day_of(polling, day)
    rows = tuple(row for recorded in _of_the_day(polling, wanted.isoformat())
                 for row in _rows(polling, which, recorded))
    polling.list_made(f"records.{which.value}", len(rows))
    content = one_line_records.Records(heading=head, kind=which, election=election.name, rows=rows)
    return Paper(document=one_line_records, content=content, columns=one_line_records.columns(which), rows=rows)


def _rows(polling: PollingDesk, kind: RecordKind, recorded: Recorded) -> Iterator[one_line_records.Record]:
    event, election = recorded.event, polling.loaded()[0]

    def line(contests: Iterable[str], **more: Any) -> one_line_records.Record:
        who = known(polling, event.subject)
        return one_line_records.Record(
            at=day_and_clock(recorded.at_ms), roll_no=who.roll_no or who.addressee_no, name=who.name,
            name_kana=who.name_kana, birth=who.birth_label, sex=SEXES.get(who.sex_code, ""),
            place=place_name(getattr(event, "place", ""), election), contests=names_of(election, contests),
            operator=recorded.operator, **more)

    match kind, event:
        case RecordKind.ABSENTEE, ev.AbsenteeReturned():
            yield line(event.contests, action="用紙返還", verifier=staff_name(election, event.verifier))
        case RecordKind.REFUSED, ev.Refused():
            yield line(event.contests, ground=event.ground, opinion=event.opinion,
                       decided_by=staff_name(election, event.decided_by))
        case RecordKind.PROVISIONAL, ev.ProvisionalVote():
            yield line([h.contest for h in event.papers], reception_no=event.reception_no, ground=event.ground,
                       opinion=event.opinion, objected_by=event.objected_by,
                       decided_by=staff_name(election, event.decided_by))
        case RecordKind.PROXY, ev.Received() if event.proxy:
            yield line([h.contest for h in event.issued], reception_no=event.reception_no,
                       assistants=tuple(staff_name(election, one) for one in event.assistants))
        case RecordKind.BRAILLE, ev.Received():
            braille = [h.contest for h in event.issued if h.paper is PaperKind.BRAILLE]
            if braille:
                yield line(braille, reception_no=event.reception_no)


# --- 事故


def _incident(polling: PollingDesk, head: Heading, key: str) -> Paper:
    """事故記録: every event of one voter, with both operators and the beginning of each hash."""
    election = polling.loaded()[0]
    voter = polling.voter(key)
    if voter is None:
        raise PrintError("その方の記録はありません。", "番号を確かめてください。")
    who, chain, said = known(polling, key), [], []
    polling.list_made("incident", 1)
    polling.desk.log(LookedUp(subject=key, via="paper", shown=(key,), reception="polling"))
    with polling.desk.journal.view() as view:
        hashes = {(row.station, row.seq): row.hash.hex() for row in view.rows(
            "WHERE scope = ? AND subject = ?", (election.id, key))}
        for recorded in view.events(scope=election.id, subject=key):
            event = recorded.event
            if event.kind not in WHAT:
                continue
            contests = getattr(event, "contests", None) or [h.contest for h in getattr(event, "issued", ()) or getattr(
                event, "papers", ())] or [getattr(event, "contest", "")]
            chain.append(incident.ChainLine(
                number=recorded.number, at=day_and_clock(recorded.at_ms), what=WHAT[event.kind],
                place=place_name(getattr(event, "place", ""), election),
                contests=names_of(election, filter(None, contests)), operator=recorded.operator,
                verifier=staff_name(election, getattr(event, "verifier", "") or getattr(event, "decided_by", "")),
                short_hash=hashes.get((recorded.station, recorded.seq), "")[:8]))
            if isinstance(event, ev.IncidentNoted):
                said.append(event)
    content = incident.Incident(
        heading=head, election=election.name, roll_no=who.roll_no or key, name=who.name, name_kana=who.name_kana,
        birth=who.birth_label, sex=SEXES.get(who.sex_code, ""), ward=who.ward_code,
        reception_nos=tuple(visit.reception_no for visit in voter.visits), chain=tuple(chain),
        doubled=tuple((names_of(election, [code])[0], len(voter.ballot(code).papers)) for code in voter.doubled),
        category="、".join(dict.fromkeys(e.category for e in said)), remark="　".join(e.text for e in said))
    return Paper(document=incident, content=content, columns=incident.CHAIN_COLUMNS, rows=content.chain)


def _doubles(polling: PollingDesk, head: Heading) -> Paper:
    """事故票: two papers of one contest for one voter, a line each paper."""
    election, rows = polling.loaded()[0], []
    for case, double in enumerate(polling.doubles(), 1):
        who, contest = known(polling, double.voter), names_of(election, [double.contest])[0]
        row = partial(incident.DoubleRow, case=case, kind=double.kind.value, contest=contest, roll_no=who.roll_no,
                      name=who.name, birth=who.birth_label)
        rows += [row(number=issue.number, at=day_and_clock(issue.at_ms), place=place_name(issue.place, election),
                     mode=issue.mode.value, paper=issue.paper.value, reception_no=issue.reception_no,
                     operator=issue.operator) for issue in double.issues]
        if double.early_day:
            rows.append(row(number="名簿", at=double.early_day, place=place_name(double.early_site, election),
                            mode="期日前"))
        elif double.kind is Double.ABSENTEE_ON_ROLL:
            rows.append(row(number="名簿", at="", place="", mode="不在者"))
    polling.list_made("doubles", len(rows))
    content = incident.Doubles(heading=head, election=election.name, rows=tuple(rows))
    return Paper(document=incident, content=content, columns=incident.DOUBLE_COLUMNS, rows=content.rows)


FORMS: dict[str, Callable[..., Paper]] = {
    "voting_record": _voting_record, "records": _records, "incident": _incident, "doubles": _doubles}

FORM_NAMES = {"voting_record": "投票録(素案)", "records": "一行調書", "incident": "事故記録", "doubles": "事故票"}
