"""Reports of a polling place: 中間報告, 照合表, 開所ゼロ票 and 閉所票."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from sanjo_tui.desk.paper import Paper
from sanjo_tui.desk.polling_heading import day_of, names_of, staff_name
from sanjo_tui.documents import balance, interim, proof_sheet
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.rules import entitled
from sanjo_tui.receptions.polling.state import STOCK
from sanjo_tui.receptions.polling.tally import Sexes
from sanjo_tui.receptions.shelter.look import clock, day_and_clock
from sanjo_tui.wareki import wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk


# --- 中間報告


def electors_now(polling: PollingDesk) -> dict[str, Sexes]:
    """当日有権者数 of this place by contest: who of the roll may vote on polling day."""
    election, place, roll = polling.loaded()
    numbers = {contest.code: Sexes() for contest in election.contests}
    for elector in roll.everyone():
        if place.wards and elector.ward_code not in place.wards:
            continue
        for contest in election.contests:
            if entitled(elector, contest, election, election.polling_day).allowed:
                numbers[contest.code] = numbers[contest.code].plus(elector.sex_code)
    return numbers


def _interim(polling: PollingDesk, head: Heading, time: str = "", day: str = "") -> Paper:
    """The report of a time (the last one without): printed again it says the same."""
    election, place, _ = polling.loaded()
    wanted, record = day_of(polling, day)
    reports = sorted(record.reports, key=lambda r: r.time) if record else []
    made = next((r for r in reversed(reports) if time in ("", r.time)), None)
    if made is None:
        raise PrintError("その中間報告はまだありません。", "先に報告を作ってください。")
    last = next((r for r in reversed(reports) if r.time < made.time), None)
    early = place.kind.is_early
    electors = {} if early else electors_now(polling)
    content = interim.Interim(
        heading=head, election=election.name, number=reports.index(made) + 1, day=wareki(wanted), time=made.time,
        early=early, previous_time=last.time if last else "", reporter=polling.desk.operator,
        contests=tuple(interim.InterimLine(
            contest=c.name, voters=made.figures.get(c.code, (0, 0, 0)),
            electors=electors[c.code].row if c.code in electors else None,
            previous=last.figures.get(c.code) if last else None) for c in election.in_order))
    return Paper(document=interim, content=content, columns=interim.LINE_COLUMNS, rows=interim.lines(content))


# --- 照合表


def balance_lines(polling: PollingDesk) -> tuple[balance.BalanceLine, ...]:
    """受払 as it stands, as lines of a paper."""
    return tuple(balance.BalanceLine(
        contest=line.name, paper=line.paper.value, delivered=line.delivered, issued=line.issued,
        provisional=line.provisional, spoiled=line.spoiled, returned=line.returned, accepted=line.accepted,
        counted=line.counted, counted_at=day_and_clock(line.counted_ms), expected_then=line.should_be)
        for line in polling.equations())


def _balance(polling: PollingDesk, head: Heading, day: str = "") -> Paper:
    election, place, _ = polling.loaded()
    wanted, record = day_of(polling, day)
    counts, settled = [], []
    with polling.desk.journal.view() as view:
        for recorded in view.events(scope=election.id, subject=place.code,
                                    kinds=tuple(event.kind for event in STOCK.events)):
            event, at = recorded.event, day_and_clock(recorded.at_ms)
            if isinstance(event, ev.Remainder):
                counts.append(balance.CountLine(
                    at=at, contest=names_of(election, [event.contest])[0], paper=event.paper.value,
                    expected=event.expected, counted=event.counted, occasion=event.occasion.value,
                    operator=recorded.operator))
            elif isinstance(event, ev.DifferenceSettled):
                settled.append(balance.Explanation(
                    at=at, contest=names_of(election, [event.contest])[0], paper=event.paper.value,
                    difference=event.difference, text=event.explanation, operator=recorded.operator,
                    verifier=staff_name(election, event.verifier)))
    oaths = polling.turnout()[1].oaths(place.code, wanted.isoformat())
    closing = record.closing if record else None
    content = balance.Balance(
        heading=head, election=election.name, day=wareki(wanted), lines=balance_lines(polling), counts=tuple(counts),
        explanations=tuple(settled), oaths_counted=closing.oaths_counted if closing else None,
        oaths_recorded=sum(oaths.values()) if place.kind.is_early else None, remark=closing.remark if closing else "")
    return Paper(document=balance, content=content, columns=balance.COLUMNS, rows=content.lines)


# --- 開所ゼロ票, 閉所票


def proof_content(polling: PollingDesk, head: Heading, kind: proof_sheet.Proof,
                  day: str = "") -> proof_sheet.ProofSheet:
    """The facts of the zero report (before the opening: as of now) or of the closing report."""
    election, place, roll = polling.loaded()
    wanted, record = day_of(polling, day)
    opening, closing = (record.opening, record.closing) if record else (None, None)
    zero = kind is proof_sheet.Proof.ZERO
    if not zero and closing is None:
        raise PrintError("まだ閉所していません。", "閉所してから印刷してください。")
    proof = opening.proof if zero and opening else closing.proof if closing and not zero else polling.proof()
    hours, at_ms = place.hours_on(wanted), (record.opened_ms if zero else record.closed_ms) if record else 0
    totals = polling.turnout()[1]
    counts = [("今日の受付", f"{0 if zero else totals.receptions(place.code, wanted.isoformat())} 件")]
    for line in polling.equations():
        moved = "" if zero else f"交付 {line.issued} 書損 {line.spoiled} 回収 {line.returned} "
        counts.append((line.label, f"受領 {line.delivered} {moved}残 {line.counted_label}"))
    return proof_sheet.ProofSheet(
        heading=head, proof=kind, election=election.name, election_id=election.id, day=wareki(wanted),
        at=clock(at_ms), program=proof.program,
        scheduled=f"{hours.opens:%H:%M}から{hours.closes:%H:%M}" if hours else "", roll_id=roll.info.snapshot_id,
        roll_base=roll.info.roll_base, roll_as_of=wareki(roll.info.as_of), counts=tuple(counts),
        hashes=(("選挙の設定", proof.election_sha256), ("名簿", proof.roll_sha256),
                (f"受付記録の末尾 {proof.journal_seq}番", proof.journal_hash)),
        on_paper=opening.on_paper if opening and zero else "",
        decided_by=staff_name(election, opening.decided_by) if opening and zero else "",
        remark=closing.remark if closing and not zero else "")


def _zero(polling: PollingDesk, head: Heading, day: str = "") -> Paper:
    return Paper(document=proof_sheet, content=proof_content(polling, head, proof_sheet.Proof.ZERO, day))


def _closing(polling: PollingDesk, head: Heading, day: str = "") -> Paper:
    return Paper(document=proof_sheet, content=proof_content(polling, head, proof_sheet.Proof.CLOSING, day))


FORMS: dict[str, Callable[..., Paper]] = {
    "interim": _interim, "balance": _balance, "zero": _zero, "closing": _closing}

FORM_NAMES = {"interim": "投票者数中間報告", "balance": "照合表(受払簿)", "zero": "開所ゼロ票", "closing": "閉所票"}
