"""The polling place at the desk: gate and opening, papers and their equation, reports, closing, sealing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from sanjo_tui import __version__
from sanjo_tui.desk import enrolled
from sanjo_tui.desk.voters import VotersDesk
from sanjo_tui.errors import JournalError, RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.polling import doubles, figures, gate, place, stock
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.entitlement import entitled
from sanjo_tui.receptions.polling.gate import GateItem, issued_on
from sanjo_tui.receptions.polling.state import DAYS, PlaceDay
from sanjo_tui.receptions.polling.stock import Equation
from sanjo_tui.receptions.polling.tally import Sexes, Totals
from sanjo_tui.receptions.polling.words import Act, Occasion, PaperKind, PlaceState, StaffRole
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.polling.election import Election, PollingPlace


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """One line of the latest receptions: 受付番号 and papers, never a name."""

    reception_no: str
    at: str
    text: str
    operator: str
    issued_ms: int = 0


class PlaceDesk(VotersDesk):
    """The part of a polling desk that opens, counts, reports and closes."""

    # --- opening

    def gate(self, *, clock_confirmed: bool = False, zero_printed: bool = False,
             witnessed_by: str = "") -> tuple[GateItem, ...]:
        """Every condition before opening, held or not. Raises RuleError where no election or place is set up."""
        with self.desk.journal.view() as view:
            return self._gate(view, clock_confirmed, zero_printed, witnessed_by)

    def _gate(self, view: View, clock_confirmed: bool, zero_printed: bool, witnessed_by: str) -> tuple[GateItem, ...]:
        election, here, roll = self.loaded()
        days = [d for d in view.records(DAYS, election.id) if d.place == here.code]
        restored_ms, today = self._restored_ms(view), self.today().isoformat()
        days = [self._since_restored(view, d) or d if d.day == today else d for d in days]
        _, totals = self._turnout.of(view, election.id)
        return gate.gate(
            election, here, roll.info, days, totals, now=self.clock(), lg_code=self.desk.station.lg_code,
            clock_warning=self.desk.journal.clock_warning, clock_confirmed=clock_confirmed, zero_printed=zero_printed,
            witnessed_by=witnessed_by, operator=self.desk.operator,
            restored=bool(restored_ms) and all(d.opened_ms < restored_ms for d in days))

    def proof(self, totals: Totals | None = None, day: str = "") -> ev.Proof:
        """Hashes and counts for the zero report and the closing report, as of now."""
        election, here, roll = self.loaded()
        totals = totals or self.turnout()[1]
        head = next((h for h in self.desk.journal.heads() if h.station == self.desk.station.code), None)
        return ev.Proof(
            election_sha256=election.sha256, roll_sha256=roll.info.sha256, program=__version__,
            journal_hash=head.hash.hex() if head else "", journal_seq=head.seq if head else 0,
            issued=issued_on(totals, here.code, day or self.today().isoformat()))

    def open_place(self, *, clock_confirmed: bool, zero_printed: bool, witnessed_by: str = "", on_paper: str = "",
                   decided_by: str = "", pin: str = "") -> PlaceDay:
        """開所, after the gate. Raises RuleError naming what does not hold.

        `on_paper` with `decided_by` and the PIN of somebody who presides opens it although something may be waived.
        """
        self.desk.permit(Permission.EPISODE)
        decided = self.second(decided_by, pin, presiding=True) if decided_by else ""
        proof = self.proof()

        def decide(view: View) -> Iterable[Event]:
            election, here, roll = self.loaded()
            items = self._gate(view, clock_confirmed, zero_printed, witnessed_by)
            return place.open_place(
                election, here, items, self._day(view, here), self.stock(view, here), today=self.today(),
                roll=roll.info, proof=proof, clock_confirmed=clock_confirmed, zero_printed=zero_printed,
                witnessed_by=witnessed_by, on_paper=on_paper, decided_by=decided)

        self._record(decide)
        return self._today()

    def _today(self) -> PlaceDay:
        day = self.day()
        assert day is not None
        return day

    def unfinished(self) -> PlaceDay | None:
        """The latest day that was opened and is not sealed: today, or one that was left open."""
        return next((d for d in reversed(self.days()) if d.openings and d.state is not PlaceState.SEALED), None)

    def begin_reconciling(self) -> PlaceDay:
        """照合中: papers are being counted."""
        self.desk.permit(Permission.EPISODE)
        self._record(lambda view: (place.begin_reconciling(self.loaded()[0], self._day(view, self.loaded()[1])),))
        return self._today()

    def end_reconciling(self) -> PlaceDay:
        """照合終わり."""
        self.desk.permit(Permission.EPISODE)
        self._record(lambda view: (place.end_reconciling(self.loaded()[0], self._day(view, self.loaded()[1])),))
        return self._today()

    # --- papers

    def _lines(self, view: View) -> tuple[Equation, ...]:
        election, here, _ = self.loaded()
        _, totals = self._turnout.of(view, election.id)
        return stock.equations(self.stock(view, here), totals, election)

    def equations(self) -> tuple[Equation, ...]:
        """受払 of every kind of paper of this place, in the order of the boxes."""
        with self.desk.journal.view() as view:
            return self._lines(view)

    def standing_differences(self) -> tuple[Equation, ...]:
        """What stands on every desk until it is settled or a new count fits."""
        return stock.differences(self.equations()) if not self.readiness() else ()

    def _paper(self, contest: str, paper: PaperKind,
               event: Callable[[Equation, Election], Event]) -> Equation:
        """One event about one kind of paper, reckoned in the same transaction; gives the line after it."""
        self.desk.permit(Permission.EPISODE)

        def line_of(view: View) -> tuple[Election, Equation]:
            election, here, _ = self.loaded()
            found = election.contest(contest)
            if found is None:
                raise RuleError("その選挙はありません。", "選挙をもう一度選んでください。")
            _, totals = self._turnout.of(view, election.id)
            return election, stock.equation(self.stock(view, here), totals, here.code, found, paper)

        def decide(view: View) -> Iterable[Event]:
            election, line = line_of(view)
            return (event(line, election),)

        self._record(decide)
        with self.desk.journal.view() as view:
            return line_of(view)[1]

    def deliver(self, contest: str, paper: PaperKind, sheets: int, remark: str = "") -> Equation:
        """受領 of more papers."""
        return self._paper(contest, paper, lambda line, election: stock.deliver(line, election.id, sheets, remark))

    def count(self, contest: str, paper: PaperKind, counted: int, occasion: Occasion = Occasion.ANY_TIME) -> Equation:
        """残, counted by hand."""
        return self._paper(contest, paper, lambda line, election: stock.count(line, election.id, counted, occasion))

    def settle(self, contest: str, paper: PaperKind, explanation: str, *, verifier: str, pin: str) -> Equation:
        """差の処理 with a second operator."""
        self.desk.permit(Permission.EPISODE)
        verified = self.second(verifier, pin)
        return self._paper(contest, paper, lambda line, election: stock.settle(
            line, election.id, explanation, operator=self.desk.operator, verifier=verified))

    # --- closing

    def closing_hinders(self) -> tuple[str, ...]:
        """Why the place cannot close now, a sentence each."""
        here, day = self.loaded()[1], self.unfinished()
        return place.hinders_closing(here, day, self.equations()) if day is not None else ()

    def unconfirmed(self) -> tuple[place.Unconfirmed, ...]:
        """Papers handed out here of which nobody has said that they are in the box."""
        self.desk.permit(Permission.RECEIVE)
        return place.unconfirmed(self.loaded()[1].code, self.turnout()[0].values())

    def close_place(self, *, oaths_counted: int | None = None, verifier: str = "", pin: str = "",
                    remark: str = "") -> PlaceDay:
        """閉所 of the day that is open (an earlier one that was left open first)."""
        self.desk.permit(Permission.EPISODE)
        verified = self.second(verifier, pin) if verifier else ""
        day = self.unfinished()
        proof = self.proof(day=day.day if day else "")

        def decide(view: View) -> Iterable[Event]:
            election, here, _ = self.loaded()
            voters, totals = self._turnout.of(view, election.id)
            return place.close_place(
                election, here, self._named(view, here, day), self._lines(view), voters.values(), totals,
                now=self.clock(), proof=proof, operator=self.desk.operator, oaths_counted=oaths_counted,
                verifier=verified, remark=remark)

        self._record(decide, reserve=True)
        closed = self.unfinished()
        assert closed is not None
        return closed

    def _named(self, view: View, here: PollingPlace, day: PlaceDay | None) -> PlaceDay | None:
        return self._day(view, here, dt.date.fromisoformat(day.day)) if day is not None else None

    def seal(self, folder: Path) -> tuple[Path, ...]:
        """封緘: the journal is exported outside the home, then the day is sealed. Gives the files.

        Raises RuleError before 閉所, JournalError when the export cannot be written: then the day is not sealed.
        """
        from sanjo_tui.journal import exports

        self.desk.permit(Permission.EPISODE)
        day = self.unfinished()
        place.seal(self.loaded()[0], day, "-", "-")          # the guards come before a file is written
        files = exports.write(self.desk.journal, folder, self.desk.station)
        if not files:
            raise JournalError("書き出す記録がありません。", "受付記録を確かめてください。")
        last = files[-1]

        def decide(view: View) -> Iterable[Event]:
            election, here, _ = self.loaded()
            return (place.seal(election, self._named(view, here, day), last.path.name, last.sha256),)

        self._record(decide, reserve=True)
        return tuple(file.path for file in files)

    # --- reports and notes

    def _noted(self, event: Callable[[PlaceDay | None], Event]) -> tuple[Recorded, ...]:
        self.desk.permit(Permission.EPISODE)
        return self._record(lambda view: (event(self._day(view, self.loaded()[1])),))

    def interim(self, until: str = "") -> dict[str, Sexes]:
        """Voters of this place today by contest, as a 中間報告 states them: until a time (`HH:MM`), else until now."""
        election, here, _ = self.loaded()
        (voters, totals), today = self.turnout(), self.today().isoformat()
        if until and place.clock_time(until) < f"{self.clock().astimezone(JST):%H:%M}":
            totals = figures.until(voters.values(), today, place.clock_time(until))
        return figures.interim(totals, election, here, today)

    def report(self, time: str = "") -> ev.ReportMade:
        """中間報告 of a time (`HH:MM`; now where none is given), recorded; a late one counts up to its time."""
        said, now = figures.to_report(self.interim(time)), time or f"{self.clock().astimezone(JST):%H:%M}"
        recorded = self._noted(lambda day: place.report(self.loaded()[0], day, now, said))
        made = recorded[0].event
        assert isinstance(made, ev.ReportMade)
        return made

    def final(self) -> tuple[figures.Final, ...]:
        """The last figures by contest: 当日有権者数, voters of polling day, 期日前 and 不在者, 投票率.

        Over the electors who are here: a place of polling day has only its own wards. Nobody is shown.
        """
        election, _, roll = self.loaded()
        voters = self.turnout()[0]
        return figures.final(
            election, chain(roll.everyone(), enrolled.electors(voters)), voters,
            lambda elector, contest: entitled(elector, contest, election, election.polling_day).allowed)

    def due_reports(self) -> tuple[str, ...]:
        """Report times that have passed without a report."""
        election, here, _ = self.loaded()
        return place.due_reports(election, here, self.day(), self.clock())

    def duty(self, role: StaffRole, name: str, *, staff: str = "", came: str = "", left: str = "",
             remark: str = "") -> None:
        """参会・辞任 of 投票管理者, 立会人 and others."""
        self.desk.permit(Permission.EPISODE)
        election, here, _ = self.loaded()
        self._noted(lambda day: place.duty(election, here, self.today(), day, role=role, name=name, staff=staff,
                                           came=came, left=left, remark=remark))

    def remark(self, category: str, text: str) -> None:
        """A remark for the 投票録."""
        self.desk.permit(Permission.EPISODE)
        election, here, _ = self.loaded()
        self._noted(lambda day: place.remark(election, here, self.today(), day, category, text))

    # --- what stands on the screen

    def arrivals(self, day: str = "") -> dict[int, int]:
        """Receptions by quarter hour of a day (today): 28 is 7:00 to 7:14."""
        here = self.loaded()[1]
        return self.turnout()[1].arrivals(here.code, day or self.today().isoformat())

    def latest(self, n: int = 3) -> tuple[Latest, ...]:
        """The last receptions of this place that stand, newest first."""
        election, here, _ = self.loaded()
        names = {contest.code: contest.name for contest in election.contests}
        with self.desk.journal.view() as view:
            newest = view.events(scope=election.id, kinds=(ev.Received.kind,), newest_first=True, limit=n * 3)
            back = {(r.event.issued_by) for r in view.events(scope=election.id, kinds=(ev.TakenBack.kind,))
                    if isinstance(r.event, ev.TakenBack)}
            found = [r for r in newest if r.number not in back and isinstance(r.event, ev.Received)
                     and r.event.place == here.code][:n]
        lines = []
        for recorded in found:
            event = recorded.event
            assert isinstance(event, ev.Received)
            papers = "・".join(names.get(h.contest, h.contest) for h in event.handed if h.act is Act.ISSUE)
            at = dt.datetime.fromtimestamp(recorded.at_ms / 1000, JST)
            lines.append(Latest(reception_no=event.reception_no, at=f"{at:%H:%M}", text=papers or "用紙なし",
                                operator=recorded.operator, issued_ms=recorded.at_ms))
        return tuple(lines)

    def doubles(self) -> tuple[doubles.DoubleRow, ...]:
        """事故票: two papers of one contest to one voter, found after a merge or a new roll."""
        self.desk.permit(Permission.LIST)
        election, _, roll = self.loaded()
        return doubles.doubles(self.turnout()[0].values(), election, roll.elector)
