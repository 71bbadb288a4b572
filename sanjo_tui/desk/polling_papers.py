"""The papers of a reception at a polling desk, and the roll as paper; reports and records in the modules beside it.

What journal and roll hold, filled into the documents (layout: documents/). `FORMS` is the list of what there is. Every
form that carries names is logged before it is made.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sanjo_tui.desk import polling_records, polling_reports, sight
from sanjo_tui.desk.paper import Paper
from sanjo_tui.desk.polling_heading import heading, known, names_of, received_under
from sanjo_tui.documents import declaration, extract, slip
from sanjo_tui.documents.paper import Heading
from sanjo_tui.errors import PrintError
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.rules import Here, Slip, Standing, examine
from sanjo_tui.receptions.polling.standing import moment_of
from sanjo_tui.receptions.polling.stops import CLOSED
from sanjo_tui.receptions.polling.words import Code, Mode, Oath, State
from sanjo_tui.receptions.shelter.look import SEXES, day_and_clock
from sanjo_tui.register.roll.elector import Elector
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, wareki

if TYPE_CHECKING:
    from sanjo_tui.desk.polling import PollingDesk


NO_BOX = {Code.NOT_ENTITLED: extract.Tick.NOT_ENTITLED, Code.AGE17: extract.Tick.NOT_NOW,
          Code.WINDOW: extract.Tick.NOT_NOW, Code.WARD: extract.Tick.ELSEWHERE}
"""Where the desk would hand out no paper, the paper list offers none either."""


def make(polling: PollingDesk, form: str, *, serial: str = "", reissue: int = 0, **parameters: Any) -> Paper:
    """The form, filled in as things are now. Raises PrintError for a form that does not exist."""
    fill = FORMS.get(form)
    if fill is None:
        raise PrintError("その書類はありません。", f"{'、'.join(FORMS)} から選んでください。", detail=form)
    polling.desk.permit(NEEDS[form])
    return fill(polling, heading(polling, serial, reissue), **parameters)


def _declaration(polling: PollingDesk, head: Heading, reception_no: str, scope: str = "", media: str = "A5") -> Paper:
    """期日前投票宣誓書 of one reception, filled from the roll."""
    election, _, _ = polling.loaded()
    recorded, event = received_under(polling, reception_no)
    if not isinstance(event, ev.Received) or event.oath is None:
        raise PrintError("この受付に宣誓書はありません。", "受付番号を確かめてください。")
    elector = known(polling, event.subject)
    polling.list_made("declaration", 1)
    written = moment_of(recorded.at_ms)
    content = declaration.Declaration(
        heading=head, committee=election.committee, election=election.name,
        polling_day=wareki(election.polling_day), oath=election.oath, reasons=election.reason_labels,
        policy=election.signature_policy,
        reason_code=event.reason_code, contests=names_of(election, (h.contest for h in event.issued)),
        written_on=wareki(written.date()), name=elector.name, name_kana=elector.name_kana, birth=elector.birth_label,
        address=elector.address_on_paper if sight.whole(polling.desk.hands) else "",
        roll_no=elector.roll_no, reception_no=event.reception_no,
        confirmed_by=recorded.operator if event.oath is Oath.PRINTED else "", identified_by=event.id_method.value,
        paper="A4" if media == "A4" else "A5")
    return Paper(document=declaration, content=content)


def _slip(polling: PollingDesk, head: Heading, reception_no: str, scope: str = "", media: slip.Media = "A6") -> Paper:
    """投票用紙交付票: papers and boxes, no name."""
    election, place, _ = polling.loaded()
    recorded, event = received_under(polling, reception_no)
    provisional = isinstance(event, ev.ProvisionalVote)
    handed = event.papers if isinstance(event, ev.ProvisionalVote) else event.handed
    acts = {h.contest: h for h in handed}
    squares = tuple(slip.Square(contest=c.name, colour=c.ballot_colour, box_no=c.box_no, act=acts[c.code].act,
                                paper=acts[c.code].paper) for c in election.in_order if c.code in acts)
    content = slip.Slip(
        heading=head, reception_no=reception_no, squares=squares, received_at=day_and_clock(recorded.at_ms),
        proxy=isinstance(event, ev.Received) and event.proxy, provisional=provisional, exit_check=place.exit_check,
        media=media)
    return Paper(document=slip, content=content)


def _extract(polling: PollingDesk, head: Heading, order: str = "kana", ward: str = "") -> Paper:
    """名簿抄本 as the fallback on paper, with its "as of" mark."""
    election, place, roll = polling.loaded()
    voters, _ = polling.turnout()
    latest = polling.latest(1)
    early = place.kind.is_early
    day = polling.today() if early else election.polling_day

    def electors() -> Iterator[Elector]:
        yield from roll.everyone(ward)
        yield from (known(polling, key) for key, voter in voters.items()
                    if voter.enrolled is not None and ward in ("", voter.enrolled.ward_code))

    here = Here(place=place, mode=Mode.EARLY if early else Mode.DAY, day=day, now=polling.clock())

    def tick(slip: Slip, stands: Standing) -> extract.Tick:
        if stands.provisional and not stands.state.has_voted:
            return extract.Tick.PROVISIONAL
        if slip.code in NO_BOX and stands.state is State.NOT_YET:
            return NO_BOX[slip.code]
        before = stands.day is not None and stands.day < election.polling_day
        return extract.tick(stands.state, early=before and not early)

    rows = []
    for elector in electors():
        seen = examine(elector, voters.get(elector.addressee_no), election, here)
        codes = {slip.code for slip in seen.slips}
        away = not codes.isdisjoint(CLOSED) or any(one.refused and not one.done for one in seen.standings)
        rows.append(extract.ExtractRow(
            roll_no=elector.roll_no or elector.addressee_no, name=elector.name, ward_code=elector.ward_code,
            name_kana=elector.name_kana, birth=elector.birth_label, sex=SEXES.get(elector.sex_code, ""),
            address=elector.address_on_paper, to_presiding=away,
            ticks=tuple(tick(slip, one) for slip, one in zip(seen.slips, seen.standings, strict=True)),
            note="" if away else "県内確認" if Code.MOVED in codes else ""))
    polling.list_made("extract", len(rows), ward)
    now = dt.datetime.now(JST)
    others = "、".join(f"{one.station} {one.at[8:10]}日{one.at[11:13]}時{one.at[14:16]}分まで"
                      for one in polling.merged())
    content = extract.Extract(
        heading=replace(head, register_as_of=""), election=election.name, contests=election.in_order, rows=rows,
        others=others,
        upto_time=f"{now.month}月{now.day}日{now.hour}時{now.minute:02}分",
        upto_no=latest[0].reception_no if latest else "", polling_day=wareki(election.polling_day),
        roll_as_of=wareki(roll.info.as_of), order=extract.Order(order))
    return Paper(document=extract, content=content, columns=extract.COLUMNS,
                 rows=extract.ordered(rows, content.order))


FORMS: dict[str, Callable[..., Paper]] = {
    "declaration": _declaration, "slip": _slip, "extract": _extract, **polling_reports.FORMS,
    **polling_records.FORMS}

NEEDS: dict[str, Permission] = {
    **dict.fromkeys(FORMS, Permission.LIST), **dict.fromkeys(("declaration", "slip"), Permission.FORM),
    **dict.fromkeys(("interim", "balance", "zero", "closing", "voting_record"), Permission.EPISODE)}
"""What one must be allowed to see or print a form."""

FORM_NAMES = {"declaration": "期日前投票宣誓書", "slip": "投票用紙交付票", "extract": "選挙人名簿抄本",
              **polling_reports.FORM_NAMES, **polling_records.FORM_NAMES}
