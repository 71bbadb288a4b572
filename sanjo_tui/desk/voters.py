"""Voters at a polling desk: opened (logged first), looked at, received, and everything that may happen after."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sanjo_tui.desk import enrolled, numbers, searching, sight, undoing
from sanjo_tui.desk.election import ElectionDesk
from sanjo_tui.errors import RuleError, UnknownToken
from sanjo_tui.journal.events import Claim, Event, Recorded
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.printing.jobs import JobState, PrintDue, due
from sanjo_tui.receptions.lookups import LookedUp, Searched
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import rules, stops
from sanjo_tui.receptions.polling.rules import Choice, Examined, Here, Standing, Stop
from sanjo_tui.receptions.polling.state import VOTERS, PlaceDay, Voter
from sanjo_tui.receptions.polling.tickets import read_ticket
from sanjo_tui.receptions.polling.words import Code, Oath, PaperKind, Spoiling, Via
from sanjo_tui.register.roll.elector import Elector, ElectorsFound
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.polling.election import Election, PollingPlace

RECEPTION = "polling"
FORMS_OF_A_RECEPTION = ("declaration", "slip")
"""Papers that are taken back with the reception, while they have not left for the printer."""

Visiting = tuple["Election", "PollingPlace", "Here", "PlaceDay | None"]
"""Election, place, where and when, and the day's record, as they are inside the transaction."""


class WrongPlace(UnknownToken):
    """E-WARD: an elector of another ward, of whom this laptop knows nothing but the right place."""

    def __init__(self, stop: Stop) -> None:
        super().__init__(stop.heading, stop.next, detail=Code.WARD.value)
        self.stop = stop


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedVoter:
    """An elector whose record is open on the desk. `namesakes`: others on the roll who are called the same."""

    elector: Elector
    via: Via = Via.SEARCH
    assurance: str = ""
    namesakes: int = 0
    notes: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """宛名番号, or the number of a 補正登録."""
        return self.elector.addressee_no


@dataclass(frozen=True, slots=True, kw_only=True)
class VoterLook:
    """What the desk shows of a voter."""

    opened: OpenedVoter
    voter: Voter | None
    examined: Examined

    @property
    def standings(self) -> tuple[Standing, ...]:
        """Where the voter stands in each contest, in the order of the boxes."""
        return self.examined.standings

    @property
    def elector(self) -> Elector:
        """The elector."""
        return self.opened.elector


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What was recorded, durably: only now may the screen say so. `papers`: names of the contests handed out."""

    message: str
    detail: str = ""
    reception_no: str = ""
    papers: tuple[str, ...] = ()
    recorded: tuple[Recorded, ...] = ()
    jobs: tuple[str, ...] = ()


class VotersDesk(ElectionDesk):
    """The part of a polling desk that receives voters."""

    # --- opening: logged first, shown then

    def open_card(self, seen: CardSeen) -> OpenedVoter:
        """Whose card this is. WrongPlace for an elector of another ward, UnknownToken for a card of nobody here.

        The bar code of a 交付票 opens whoever was received under it. Raises RuleError where nobody was.
        """
        self.desk.permit(Permission.TAP)
        election, _, roll = self.loaded()
        if seen.token == "registration_no":             # a card profile may know the bar code of a 交付票
            return self.open_reception(canonical_registration_no(seen.value) or seen.value)
        if seen.token != "user_id":
            raise UnknownToken("選挙では使えないカードです。", "氏名と生年月日で探してください。")
        elector = roll.by_user_id(seen.value)
        if elector is None:
            self._elsewhere(election, roll.ward_of(seen.value), Via.CARD)
            raise UnknownToken("このカードの方は、名簿に見つかりません。",
                               "氏名と生年月日で探してください。いなければ投票管理者を呼んでください。",
                               detail=Code.NOTFOUND.value)
        return self._opened(elector, Via.CARD, seen.assurance)

    def open_code(self, text: str) -> OpenedVoter:
        """A scanned or typed 入場券 number. WrongPlace, UnknownToken as for a card."""
        self.desk.permit(Permission.TAP)
        election, _, roll = self.loaded()
        number = read_ticket(election.ticket, text)
        if number is None:
            raise UnknownToken("入場券の番号ではありません。", "もう一度読み取るか、氏名と生年月日で探してください。",
                               detail=Code.NOTFOUND.value)
        elector = roll.by_ticket(number)
        if elector is None:
            self._elsewhere(election, roll.ward_of(number), Via.TICKET)
            raise UnknownToken("この入場券の方は、名簿に見つかりません。", "氏名と生年月日で探してください。",
                               detail=Code.NOTFOUND.value)
        return self._opened(elector, Via.TICKET)

    def open_voter(self, key: str, via: Via = Via.SEARCH) -> OpenedVoter:
        """An elector by 宛名番号, or somebody of a 補正登録 by number. Raises RuleError where there is none."""
        self.desk.permit(Permission.TAP)
        self.loaded()
        elector = self.elector(key, self.voter(key))
        if elector is None:
            raise RuleError("その番号の方は名簿にいません。", "氏名と生年月日で探してください。",
                            detail=Code.NOTFOUND.value)
        return self._opened(elector, via)

    def open_reception(self, reception_no: str) -> OpenedVoter:
        """Whoever was received under a 受付番号 here: the exit check scans the 交付票. Raises RuleError."""
        self.desk.permit(Permission.TAP)
        self.loaded()
        key = self.voter_of(reception_no)
        if not key:
            raise RuleError("その受付番号の記録はありません。", "交付票の番号を、最後の1文字まで確かめてください。")
        return self.open_voter(key, Via.SEARCH)          # a slip that was left lying about identifies nobody

    def search(self, text: str, reason: str = "") -> ElectorsFound:
        """One look-up, one event, then the hits: people of a 補正登録 after those of the roll. `reason`: as Desk."""
        self.desk.permit(Permission.SEARCH_TWO)
        _, _, roll = self.loaded()
        found = searching.in_roll(self.desk.who, text, reason, roll.search)
        found = replace(found, hits=(*found.hits, *enrolled.hits(self.turnout()[0], text)))
        self.desk.log(Searched(subject=self.desk.station.code, readings=tuple(found.readings), reception=RECEPTION,
                               reason=reason, listed=tuple(hit.elector.addressee_no for hit in found.hits)))
        return sight.electors(self.desk.who, found)

    def _opened(self, elector: Elector, via: Via, assurance: str = "") -> OpenedVoter:
        roll = self.roll
        # Whoever comes with a name alone may be a namesake (十日町 2021).
        same = len(roll.namesakes(elector)) if roll is not None and not via.names_one else 0
        self.desk.log(LookedUp(subject=elector.addressee_no, via=via.value, shown=(elector.addressee_no,),
                               reception=RECEPTION))
        return OpenedVoter(elector=sight.elector(self.desk.who, elector), via=via, assurance=assurance, namesakes=same)

    def _elsewhere(self, election: Election, ward: str | None, via: Via) -> None:
        """Raises WrongPlace when the nameless index knows the ward and it is another place's."""
        place = election.place_of_ward(ward) if ward else None
        if place is None:
            return
        self.desk.log(LookedUp(subject=self.desk.station.code, via=via.value, shown=(), reception=RECEPTION))
        raise WrongPlace(stops.elsewhere(place))

    def look(self, opened: OpenedVoter) -> VoterLook:
        """What the desk shows of whoever was opened, with the verdict."""
        self.desk.permit(Permission.TAP)
        election, place, _ = self.loaded()
        with self.desk.journal.view() as view:
            voter = view.record_of(VOTERS, election.id, opened.key)
            here = self._here(place, self._day(view, place))
        examined = rules.examine(opened.elector, voter, election, here, namesakes=opened.namesakes, via=opened.via)
        return VoterLook(opened=opened, voter=voter, examined=examined)

    # --- receptions

    def _visit(self, view: View) -> Visiting:
        election, place, _ = self.loaded()
        day = self._day(view, place)
        return election, place, self._here(place, day), day

    def receive(self, look: VoterLook, choice: Choice) -> Receipt:
        """受付確定 (T2): papers, oath and slip in one transaction. Raises rules.Refusal; then nothing is recorded."""
        self.desk.permit(Permission.RECEIVE)
        opened, code = look.opened, self.desk.station.code
        choice = replace(choice, via=opened.via, assurance=opened.assurance)    # how it was opened is no choice

        def decide(view: View) -> Iterable[Event]:
            election, _, here, _ = self._visit(view)
            voter = view.record_of(VOTERS, election.id, opened.key)
            number = numbers.following(view, code, scope=ev.NUMBER)[0]
            # As the roll has them now: another one may have been loaded while the record was open.
            events: list[Event] = list(rules.receive(self._whose(opened.key, voter), voter, election, here, choice,
                                                     number, namesakes=opened.namesakes))
            made = {"scope": election.id, "reception_no": number}
            if choice.oath is Oath.PRINTED and here.place.kind.is_early:
                events.append(due(view, code, "declaration", made, beside=events))
            if self.desk.station.polling_slip:
                events.append(due(view, code, "slip", made, beside=events))
            return events

        return self._receipt(self._record(decide))

    def _receipt(self, recorded: tuple[Recorded, ...], message: str = "受付しました", detail: str = "") -> Receipt:
        jobs = tuple(r.event.subject for r in recorded if isinstance(r.event, PrintDue))
        if jobs:
            self.desk.printing.wake()
        election = self.election
        received = next((r.event for r in recorded if isinstance(r.event, ev.Received | ev.ProvisionalVote)), None)
        papers: tuple[ev.Handed, ...] = ()
        if isinstance(received, ev.Received):
            papers = received.issued
        elif received is not None:
            papers = received.papers
        names = tuple(c.name for p in papers if election and (c := election.contest(p.contest)))
        return Receipt(message=message if recorded else "変わりはありません", recorded=recorded, jobs=jobs,
                       reception_no=received.reception_no if received else "", papers=names,
                       detail=detail or (f"{len(names)}枚 {'・'.join(names)}" if names else "用紙なし"))

    def _act(self, key: str, rule: Callable[[Elector, Voter | None, Election, Here], Iterable[Event]],
             detail: str = "") -> Receipt:
        """One act on one voter, on the state as it is inside the transaction."""
        self.desk.permit(Permission.RECEIVE)

        def decide(view: View) -> Iterable[Event]:
            election, _, here, _ = self._visit(view)
            voter = view.record_of(VOTERS, election.id, key)
            return rule(self._whose(key, voter), voter, election, here)

        return self._receipt(self._record(decide), "記録しました", detail)

    def _whose(self, key: str, voter: Voter | None) -> Elector:
        elector = self.elector(key, voter)
        if elector is None:
            raise RuleError("その番号の方は名簿にいません。", "番号を確かめてください。", detail=Code.NOTFOUND.value)
        return elector

    def cast(self, key: str, contests: Sequence[str] = ()) -> Receipt:
        """退出確認 (T3): these papers, or all that are out, went into their boxes."""
        return self._act(key, lambda elector, voter, election, here: rules.cast(
            voter, election, here, tuple(contests)), "投函を確かめました")

    def abstain(self, key: str, contests: Sequence[str]) -> Receipt:
        """棄権申出 (T4), said aloud."""
        return self._act(key, lambda elector, voter, election, here: rules.abstain(
            elector, voter, election, here, tuple(contests)), "棄権の申出")

    def exchange(self, key: str, contest: str, why: Spoiling, paper: PaperKind | None = None, *, in_hand: bool,
                 wrong_contest: str = "") -> Receipt:
        """書損引換・再交付 (T6). Raises rules.Refusal E-NOPAPER without the spoiled paper in hand.

        `wrong_contest`: of which contest the paper in hand is, where the wrong one was handed out.
        """
        return self._act(key, lambda elector, voter, election, here: rules.exchange(
            voter, election, here, contest, why, paper, in_hand=in_hand, wrong_contest=wrong_contest),
            f"{why.value} 引換")

    def give_back(self, key: str, contest: str, *, in_hand: bool) -> Receipt:
        """返付 (T7). Raises rules.Refusal E-TAKEAWAY without the paper."""
        return self._act(key, lambda elector, voter, election, here: rules.give_back(
            voter, election, here, contest, in_hand=in_hand), "返付")

    def take_away(self, key: str, contest: str, remark: str = "") -> Receipt:
        """持ち帰り: a record only."""
        return self._act(key, lambda elector, voter, election, here: rules.take_away(
            voter, election, here, contest, remark), "持ち帰り")

    def take_back(self, reception_no: str, reason: str, *, in_hand: bool, verifier: str, pin: str) -> Receipt:
        """受付取消 (T8) of a reception of this opening, with all its papers and a second operator.

        Own receptions within ten minutes, or any, by permission.
        """
        self.desk.permit(Permission.UNDO_ANY if self.desk.may(Permission.UNDO_ANY) else Permission.UNDO_OWN)
        verified = self.second(verifier, pin)
        key = self.voter_of(reception_no)

        def decide(view: View) -> Iterable[Event]:
            election, _, here, day = self._visit(view)
            voter = view.record_of(VOTERS, election.id, key) if key else None
            holder = view.holder(Claim(ev.NUMBER, reception_no))
            received = view.event(*holder) if holder else None
            if received is not None:
                undoing.may_take_back(self.desk, received.operator, received.at_ms)
            return rules.take_back(voter, election, here, reception_no, reason, verified, in_hand=in_hand,
                                   operator=self.desk.operator, opened_ms=day.opened_ms if day else 0)

        receipt = self._receipt(self._record(decide), "取り消しました", f"受付 {reception_no}")
        for job in self.desk.printing.pending():
            if (job.form in FORMS_OF_A_RECEPTION and job.parameters.get("reception_no") == reception_no
                    and job.state in (JobState.WAITING, JobState.HELD)):
                self.desk.printing.cancel(job.number, "reception taken back")
        return receipt

    def voter_of(self, reception_no: str) -> str:
        """宛名番号 of whoever was received under a 受付番号, "" where nobody was."""
        voters, _ = self.turnout()
        for key, voter in voters.items():
            if any(visit.reception_no == reception_no for visit in voter.visits) or any(
                    issue.reception_no == reception_no for b in voter.ballots.values() for issue in b.provisional):
                return key
        return ""

    # --- what the 投票管理者 decides

    def absentee_returned(self, key: str, contests: Sequence[str], *, verifier: str, pin: str,
                          in_hand: bool = True) -> Receipt:
        """不在者投票の用紙返還 (T10)."""
        self.desk.permit(Permission.RECEIVE)
        verified = self.second(verifier, pin)
        return self._act(key, lambda elector, voter, election, here: rules.absentee_returned(
            elector, voter, election, here, tuple(contests), verified, operator=self.desk.operator, in_hand=in_hand),
            "不在者投票用紙の返還")

    def refuse(self, key: str, contests: Sequence[str], ground: str, opinion: str, *, decided_by: str,
               pin: str) -> Receipt:
        """投票拒否 (法50条③)."""
        self.desk.permit(Permission.RECEIVE)
        decided = self.second(decided_by, pin, presiding=True)
        return self._act(key, lambda elector, voter, election, here: rules.refuse(
            elector, election, here, tuple(contests), ground=ground, opinion=opinion, decided_by=decided), "拒否")

    def provisional(self, key: str, contests: Sequence[str], ground: str, opinion: str, objected_by: str, *,
                    decided_by: str, pin: str, braille: Sequence[str] = ()) -> Receipt:
        """仮投票 (T11): its own papers, its own claim, its own 交付票."""
        self.desk.permit(Permission.RECEIVE)
        decided, code = self.second(decided_by, pin, presiding=True), self.desk.station.code

        def decide(view: View) -> Iterable[Event]:
            election, _, here, _ = self._visit(view)
            voter = view.record_of(VOTERS, election.id, key)
            elector, number = self._whose(key, voter), numbers.following(view, code, scope=ev.NUMBER)[0]
            events: list[Event] = list(rules.provisional(
                elector, voter, election, here, tuple(contests), number, ground=ground, opinion=opinion,
                objected_by=objected_by, decided_by=decided, braille=tuple(braille)))
            if self.desk.station.polling_slip:
                events.append(due(view, code, "slip", {"scope": election.id, "reception_no": number}))
            return events

        return self._receipt(self._record(decide), "記録しました")

    def enroll(self, *, basis: str, name: str, birth: str, contests: Sequence[str], decided_by: str, decider_pin: str,
               verifier: str, pin: str, name_kana: str = "", sex_code: str = "", address: str = "",
               ward_code: str = "") -> OpenedVoter:
        """補正登録・判決書 (T12), by the 投票管理者 and a second operator; gives the voter, opened."""
        self.desk.permit(Permission.RECEIVE)
        decided = self.second(decided_by, decider_pin, presiding=True)
        verified = self.second(verifier, pin)
        code = self.desk.station.code

        def decide(view: View) -> Iterable[Event]:
            election, _, here, _ = self._visit(view)
            taken = view.count(scope=election.id, kinds=(ev.Enrolled.kind,), station=code)
            events = rules.enroll(
                f"{code}-H{taken + 1}", election, here, basis=basis, name=name, birth=birth, contests=tuple(contests),
                decided_by=decided, verifier=verified, operator=self.desk.operator, name_kana=name_kana,
                sex_code=sex_code, address=address, ward_code=ward_code)
            for event in events:
                if isinstance(event, ev.Enrolled):
                    enrolled.refuse_known(rules.elector_of(event), self.loaded()[2],
                                          self._turnout.of(view, election.id)[0], election, tuple(contests))
            return events

        return self.open_voter(self._record(decide)[0].event.subject)

    def incident(self, key: str, category: str, text: str, contests: Sequence[str] = (), *, verifier: str = "",
                 pin: str = "") -> Receipt:
        """事故: what cannot be undone is written down."""
        self.desk.permit(Permission.RECEIVE)
        verified = self.second(verifier, pin) if verifier else ""
        return self._act(key, lambda elector, voter, election, here: rules.incident(
            key, election, here, category, text, contests=tuple(contests), verifier=verified), "事故記録")
