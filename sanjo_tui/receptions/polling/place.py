"""A polling place on one day: opening after the gate, reports, closing, sealing (docs/polling.md §4).

Events come back with their guards passed; RuleError otherwise, and nothing is recorded. Second persons are given by
their ids, already checked by PIN at the desk.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.election import Election, PollingPlace
from sanjo_tui.receptions.polling.gate import GateItem
from sanjo_tui.receptions.polling.state import PaperStock, PlaceDay, Voter
from sanjo_tui.receptions.polling.stock import Equation, first_deliveries, second_person
from sanjo_tui.receptions.polling.tally import Totals
from sanjo_tui.receptions.polling.words import Code, PlaceState, StaffRole, State
from sanjo_tui.register.roll.elector import RollInfo
from sanjo_tui.wareki import JST

_TIME = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


def subject_of(place: str, day: dt.date | str) -> str:
    """Ledger subject of a place's day: `PLACE/YYYY-MM-DD`."""
    return f"{place}/{day if isinstance(day, str) else day.isoformat()}"


# --- opening


def open_place(election: Election, place: PollingPlace, items: Sequence[GateItem], day: PlaceDay | None,
               stock: PaperStock, *, today: dt.date, roll: RollInfo | None, proof: ev.Proof, clock_confirmed: bool,
               zero_printed: bool, witnessed_by: str = "", on_paper: str = "",
               decided_by: str = "") -> tuple[Event, ...]:
    """開所, with the 受領 of the set-up at the very first one. `items`: the gate, reckoned in the same transaction.

    What may be waived, and opening again after the closing, needs a reason (`on_paper`) of somebody who presides.
    """
    if day is not None and day.state is PlaceState.SEALED:
        raise RuleError("今日の記録はもう封緘されています。", "この後の受付は、紙で行って選管に連絡してください。")
    failing = [item for item in items if not item.ok]
    for item in failing:
        if not item.can_be_waived:
            raise RuleError(item.sentence, item.hint, detail=item.name)
    if roll is None:
        raise RuleError("選挙人名簿が読み込まれていません。", "sanjo-tui election load で読み込んでください。")
    again = day is not None and day.openings > 0
    if failing or again or on_paper.strip():
        why = failing[0].sentence if failing else "閉所の後にもう一度開けようとしています。"
        _presided(election, on_paper, decided_by, why, failing[0].code if failing else None)
    opened = ev.PlaceOpened(
        subject=subject_of(place.code, today), scope=election.id, place=place.code, day=today.isoformat(),
        kind_of_place=place.kind.value, roll=roll.snapshot_id, roll_base=roll.roll_base, proof=proof,
        clock_confirmed=clock_confirmed, zero_printed=zero_printed, witnessed_by=witnessed_by.strip(),
        on_paper=on_paper.strip(), decided_by=decided_by.strip())
    return (*first_deliveries(stock, election), opened)


def _presided(election: Election, reason: str, decided_by: str, why: str, code: Code | None) -> None:
    if not reason.strip():
        raise RuleError(why, "投票管理者が開けると決めたときは、その理由を書いてください。",
                        detail=code.value if code else "")
    person = election.person(decided_by.strip())
    if person is None or not person.role.presides:
        raise RuleError("投票管理者か職務代理者の判断が要ります。", "投票管理者を呼んでください。")


def must_be_open(day: PlaceDay | None) -> PlaceDay:
    """The day, if voters may be received. Raises RuleError E-NOTOPEN."""
    if day is not None and day.receives:
        return day
    state = day.state if day else PlaceState.PREPARING
    message, hint = {
        PlaceState.PREPARING: ("まだ開所していません。", "開所の確認を済ませてください。"),
        PlaceState.CLOSED: ("閉所しました。", "続けるときは、投票管理者の判断でもう一度開けてください。"),
    }.get(state, ("今日の記録は封緘されています。", "この後の受付は、紙で行って選管に連絡してください。"))
    raise RuleError(message, hint, detail=Code.NOT_OPEN.value)


def begin_reconciling(election: Election, day: PlaceDay | None) -> ev.ReconcilingBegan:
    """照合中: papers are being counted; the desk goes on receiving."""
    open_day = must_be_open(day)
    if open_day.state is PlaceState.RECONCILING:
        raise RuleError("もう照合中です。", "数えた枚数を入れてください。")
    return ev.ReconcilingBegan(subject=subject_of(open_day.place, open_day.day), scope=election.id,
                               place=open_day.place, day=open_day.day)


def end_reconciling(election: Election, day: PlaceDay | None) -> ev.ReconcilingEnded:
    """照合終わり."""
    open_day = must_be_open(day)
    if open_day.state is not PlaceState.RECONCILING:
        raise RuleError("照合中ではありません。", "照合を始めてから終えてください。")
    return ev.ReconcilingEnded(subject=subject_of(open_day.place, open_day.day), scope=election.id,
                               place=open_day.place, day=open_day.day)


# --- closing


@dataclass(frozen=True, slots=True, kw_only=True)
class Unconfirmed:
    """A paper that was handed out here and of which nobody has said that it went into the box."""

    voter: str
    contest: str
    reception_no: str
    at_ms: int


def unconfirmed(place: str, voters: Iterable[Voter]) -> tuple[Unconfirmed, ...]:
    """Papers of a place that are still 交付済; those that were taken away are stated and not among them."""
    found = [Unconfirmed(voter=voter.key, contest=ballot.contest, reception_no=issue.reception_no, at_ms=issue.at_ms)
             for voter in voters for ballot in voter.ballots.values()
             if ballot.state is State.ISSUED and not ballot.taken_away
             for issue in ballot.papers if issue.place == place]
    return tuple(sorted(found, key=lambda paper: (paper.at_ms, paper.voter, paper.contest)))


def hinders_closing(place: PollingPlace, day: PlaceDay, lines: Iterable[Equation]) -> tuple[str, ...]:
    """Why the papers do not let the place close, a sentence each; empty when they do."""
    found = []
    for line in lines:
        if not line.moved or line.closes(day.day):
            continue
        if line.sentence:
            found.append(f"{line.sentence}。")
        elif line.counted is None:
            found.append(f"{line.label} は{line.counted_label}です。")
        else:
            found.append(f"{line.label} の残りを、閉所のために数えてください。")
    return tuple(found)


def close_place(election: Election, place: PollingPlace, day: PlaceDay | None, lines: Sequence[Equation],
                voters: Iterable[Voter], totals: Totals, *, now: dt.datetime, proof: ev.Proof, operator: str,
                oaths_counted: int | None = None, verifier: str = "", remark: str = "") -> tuple[Event, ...]:
    """閉所: what is still 交付済 here becomes 投票済 (T3). `day` may be an earlier one that was left open.

    A remark with a second person is needed where papers were not confirmed at the exit, and where the 宣誓書 that were
    counted are not as many as recorded; a remark alone where it is before the hour of closing.
    """
    open_day = must_be_open(day)
    if hinders := hinders_closing(place, open_day, lines):
        more = f" ほか{len(hinders) - 1}件" if len(hinders) > 1 else ""
        raise RuleError(f"まだ閉所できません。{hinders[0]}{more}",
                        "残りを数えるか、差の説明を書いて確認を受けてください。")
    papers = unconfirmed(place.code, voters)
    if papers and place.exit_check and not (remark.strip() and verifier.strip()):
        numbers = "、".join(dict.fromkeys(paper.reception_no for paper in papers[:5]))
        raise RuleError(f"出口で確かめていない用紙が{len(papers)}枚あります(受付 {numbers})。",
                        "投函か持ち帰りを確かめてください。分からないときは備考に書き、もう一人の確認を受けてください。")
    _oaths(place, totals, open_day, oaths_counted, remark, verifier)
    hours = place.hours_on(dt.date.fromisoformat(open_day.day))
    local = now.astimezone(JST)
    if hours and local.date().isoformat() == open_day.day and local.time() < hours.closes and not remark.strip():
        raise RuleError(f"閉所の時刻 {hours.closes:%H:%M} より前です。", "早く閉める訳を備考に書いてください。")
    if verifier.strip():
        second_person(operator, verifier)
    closed = ev.PlaceClosed(subject=subject_of(place.code, open_day.day), scope=election.id, place=place.code,
                            day=open_day.day, proof=proof, oaths_counted=oaths_counted, verifier=verifier.strip(),
                            remark=remark.strip())
    return (*_cast(election, place, papers), closed)


def _cast(election: Election, place: PollingPlace, papers: Iterable[Unconfirmed]) -> tuple[ev.CastPapers, ...]:
    held: defaultdict[str, set[str]] = defaultdict(set)
    for paper in papers:
        held[paper.voter].add(paper.contest)
    return tuple(ev.CastPapers(subject=voter, scope=election.id, place=place.code, at_closing=True,
                               contests=tuple(c.code for c in election.in_order if c.code in contests))
                 for voter, contests in held.items())


def _oaths(place: PollingPlace, totals: Totals, day: PlaceDay, counted: int | None, remark: str,
           verifier: str) -> None:
    recorded = sum(totals.oaths(place.code, day.day).values()) if place.kind.is_early else 0
    if recorded and counted is None:
        raise RuleError("宣誓書の枚数がまだです。", "宣誓書を数えて、枚数を入れてください。")
    if counted is not None and counted < 0:
        raise RuleError("宣誓書の枚数が正しくありません。", "数えた枚数を入れてください。")
    if counted is not None and counted != recorded and not (remark.strip() and verifier.strip()):
        raise RuleError(f"宣誓書は{counted}枚ですが、受付は{recorded}件です。",
                        "数え直し、合わないときは備考に訳を書いて、もう一人の確認を受けてください。")


def seal(election: Election, day: PlaceDay | None, export: str, export_sha256: str) -> ev.PlaceSealed:
    """封緘: the day's journal was exported as `export`; after this nothing is recorded for this day."""
    if day is None or day.state is not PlaceState.CLOSED:
        raise RuleError("封緘できるのは、閉所した後です。" if day is None or day.receives or not day.openings
                        else "もう封緘されています。", "今の状態を見てください。")
    if not export or not export_sha256:
        raise RuleError("記録がまだ書き出されていません。", "媒体を差して、もう一度行ってください。")
    return ev.PlaceSealed(subject=subject_of(day.place, day.day), scope=election.id, place=day.place, day=day.day,
                          export=export, export_sha256=export_sha256)


# --- what is noted during the day


def due_reports(election: Election, place: PollingPlace, day: PlaceDay | None, now: dt.datetime) -> tuple[str, ...]:
    """Report times (`HH:MM`) of the day that have passed without a report, oldest first."""
    if day is None or not day.openings:
        return ()
    local = now.astimezone(JST)
    hours = place.hours_on(dt.date.fromisoformat(day.day))
    made = {report.time for report in day.reports}
    over = local.date().isoformat() > day.day
    return tuple(f"{time:%H:%M}" for time in sorted(election.report_times)
                 if (over or time <= local.time()) and f"{time:%H:%M}" not in made
                 and (hours is None or hours.opens <= time))


def report(election: Election, day: PlaceDay | None, time: str,
           figures: Mapping[str, tuple[int, int, int]]) -> ev.ReportMade:
    """中間報告 of a time (`HH:MM`, any): contest -> 男, 女, 計, as in `figures.interim`. Until the day is sealed."""
    if day is None or not day.openings:
        raise RuleError("まだ開所していません。", "報告は開所の後に作ります。")
    _not_sealed(day)
    return ev.ReportMade(subject=subject_of(day.place, day.day), scope=election.id, place=day.place, day=day.day,
                         time=clock_time(time), figures=dict(figures))


def duty(election: Election, place: PollingPlace, today: dt.date, day: PlaceDay | None, *, role: StaffRole, name: str,
         staff: str = "", came: str = "", left: str = "", remark: str = "") -> ev.DutyNoted:
    """Who presides, witnesses or works here, from when to when (`HH:MM`); also before the opening."""
    _not_sealed(day)
    known = election.person(staff) if staff else None
    called = name.strip() or (known.name if known else "")
    if not called:
        raise RuleError("氏名がありません。", "従事する方の氏名を入れてください。")
    return ev.DutyNoted(subject=subject_of(place.code, today), scope=election.id, place=place.code,
                        day=today.isoformat(), staff=staff, role=role.value, name=called,
                        came=clock_time(came) if came else "", left=clock_time(left) if left else "",
                        remark=remark.strip())


def remark(election: Election, place: PollingPlace, today: dt.date, day: PlaceDay | None, category: str,
           text: str) -> ev.RemarkNoted:
    """A remark for the 投票録; also before the opening."""
    _not_sealed(day)
    if not text.strip():
        raise RuleError("備考がありません。", "起きたことを短く書いてください。")
    return ev.RemarkNoted(subject=subject_of(place.code, today), scope=election.id, place=place.code,
                          day=today.isoformat(), category=category.strip(), text=text.strip())


def _not_sealed(day: PlaceDay | None) -> None:
    if day is not None and day.state is PlaceState.SEALED:
        raise RuleError("この日の記録は封緘されています。", "この後のことは、紙に書いて選管に渡してください。")


def clock_time(text: str) -> str:
    """`7:05` as `07:05`. Raises RuleError for what is no time of day."""
    read = _TIME.fullmatch(text.strip())
    if read is None:
        raise RuleError("時刻が読めません。", "13:30 のように入れてください。")
    return f"{int(read[1]):02}:{read[2]}"
