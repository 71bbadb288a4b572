"""KioskDesk: 証明書交付 through the one door, at the counter and at the kiosk; rules are in receptions/kiosk."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from sanjo_tui import workdays
from sanjo_tui.desk.kiosk import requests, store
from sanjo_tui.desk.kiosk.seals import SealDesk
from sanjo_tui.desk.service import Latest, Receipt
from sanjo_tui.errors import JournalError, PrintError, RuleError, StationError
from sanjo_tui.journal.events import Claim, Event, Recorded
from sanjo_tui.numbers import luhn_digit
from sanjo_tui.receptions.base import Verdict
from sanjo_tui.receptions.kiosk import rules, setup
from sanjo_tui.receptions.kiosk.events import ISSUE, Forgotten, Issued, PinTried, Requested, SealChanged, Taken, Voided
from sanjo_tui.receptions.kiosk.rules import Charge, Wish
from sanjo_tui.receptions.kiosk.setup import Kiosk, Offer
from sanjo_tui.receptions.kiosk.state import ISSUES, Issue
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, PinResult, State
from sanjo_tui.register import seals as delivered
from sanjo_tui.register.people import Resident
from sanjo_tui.station import fixtures
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.desk.service import Papers
    from sanjo_tui.journal.view import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whoever is on the desk or at the kiosk. `stop`: why nothing may be begun."""

    opened: Opened
    who: Resident
    members: tuple[Resident, ...]
    stop: Verdict | None
    card_seen: bool
    channel: Channel


class KioskDesk(SealDesk):
    """The certificates of a desk; see Desk for threads and errors."""

    NAME = "kiosk"
    VERBS: ClassVar[Mapping[str, str]] = {
        Issued.kind: "発行", Taken.kind: "交付", Forgotten.kind: "取忘れ", Voided.kind: "廃止",
        SealChanged.kind: "印鑑登録"}

    def __init__(self, desk: Desk, clock: Callable[[], dt.datetime] | None = None) -> None:
        super().__init__(desk)
        self.clock = clock or (lambda: dt.datetime.now(JST))
        self._kept: dict[str, Kiosk] = {}

    @property
    def papers(self) -> Papers:
        """The kiosk's papers."""
        from sanjo_tui.desk.kiosk import papers

        return cast("Papers", papers)

    # --- the set-up

    @property
    def setup(self) -> Kiosk:
        """The set-up in use. StationError where none was loaded."""
        version = store.in_use(self.desk.station.home)
        if not version:
            raise StationError("証明書の設定がまだ読み込まれていません。",
                               "情報担当に、sanjo-tui kiosk load で読み込んでもらってください。")
        if version not in self._kept:
            self._kept[version] = store.load(self.desk.station.home, version)
        return self._kept[version]

    def ready(self) -> str:
        """Why nothing can be issued, or ""."""
        try:
            self.setup  # noqa: B018  (read for its error)
        except StationError as error:
            return f"{error.message} {error.hint}"
        return ""

    def load(self, path: Path) -> Kiosk:
        """Check a set-up and make it the one in use. StationError names the first problem."""
        self.desk.permit(Permission.DATA)
        data = store.read(path)
        found, problems = setup.read(data)
        if found is None:
            raise StationError(f"証明書の設定に誤りが {len(problems)} 件あります。最初の誤り: {problems[0]}。",
                               "kiosk check で全部の誤りを見られます。今の設定はそのままです。")
        if found.out_folder and Path(found.out_folder).resolve().is_relative_to(self.desk.station.home.resolve()):
            raise StationError(*requests.NOT_INSIDE)
        store.store(self.desk.station.home, data, found.version)
        self.desk.log_act("kiosk.load", {"version": found.version, "kinds": len(found.offers)})
        return found

    def begin_practice(self) -> None:
        """The samples, where nothing was loaded."""
        home = self.desk.station.home
        if not store.in_use(home):
            self.load(fixtures() / "kiosk")
        if delivered.SEALS.live_id(home) is None:
            delivered.SEALS.load(fixtures() / "kiosk" / "seals", home, self.desk.keys,
                                 lg_code=self.desk.station.lg_code)

    def notices(self) -> tuple[str, ...]:
        """That there is no set-up, or that it is the sample; and papers that somebody left behind."""
        if not store.in_use(self.desk.station.home):
            return ("証明書の設定なし",)
        with self.desk.journal.view() as view:
            forgotten = sum(one.state is State.FORGOTTEN for one in view.records(ISSUES, self.scope))
        left = (f"取忘れ{forgotten}",) if forgotten else ()
        try:
            return (*left, "手数料は見本") if self.setup.sample else left
        except StationError:
            return ("証明書の設定を読めません",)

    # --- who is there

    def look(self, opened: Opened, channel: Channel = Channel.COUNTER) -> Look:
        """Whoever was opened, and why it stops."""
        self.desk.permit(Permission.TAP)
        if opened.household is None:
            raise RuleError("住民ではない方には発行できません。", "担当課の窓口へ案内してください。")
        members = opened.household.members
        who = next(one for one in members if one.addressee_no == opened.who)
        stop = rules.stopped(who, channel=channel, card=opened.link, today=self.desk.today(),
                             released=self.desk.released(opened.who))
        return Look(opened=opened, who=who, members=members, stop=stop, card_seen=opened.link is not None,
                    channel=channel)

    def offers(self, channel: Channel) -> tuple[tuple[Offer, str], ...]:
        """Every kind of this channel, and why it cannot be had now ("" where it can)."""
        now = self.clock()
        business = workdays.is_business_day(now.date())
        return tuple((one, rules.available(self.setup, one, channel, now, business)) for one in self.setup.offers
                     if channel in one.channels)

    def barred(self, look: Look, offer: Offer) -> dict[str, str]:
        """Members whose certificate cannot be asked for."""
        return rules.barred(offer, look.who.addressee_no, look.members, self.desk.today(), self._released(look))

    def charge(self, wish: Wish) -> Charge:
        """What it costs now."""
        offer = self.setup.offer(wish.certificate)
        if offer is None:
            raise RuleError("その証明書は、ここでは出していません。", "担当課へ案内してください。")
        return rules.charge(self.setup, offer, wish, self.clock().date())

    def pin_tried(self, look: Look, certificate: CertificateKind, result: PinResult, tries_left: int | None) -> None:
        """What the card said of its own PIN; the PIN itself is not among the arguments."""
        self.desk.permit(Permission.TAP)
        self.desk.log(PinTried(subject=look.who.addressee_no, scope=self.scope, certificate=certificate, result=result,
                               tries_left=-1 if tries_left is None else tries_left))

    def _released(self, look: Look) -> tuple[str, ...]:
        return tuple(one.addressee_no for one in look.members if self.desk.released(one.addressee_no))

    # --- issuing

    def issue(self, look: Look, wish: Wish) -> Receipt:
        """発行: the number and its sheet in one transaction; then the request for the issuing system.

        A request that cannot be written leaves the issue standing and due (`requests_due`); the note says so.
        """
        if look.stop is not None:
            raise RuleError(f"{look.stop.message}。", f"{'。'.join(look.stop.notes) or '担当課へ案内してください'}。")
        now, known, released = self.clock(), self.setup, self._released(look)
        business = workdays.is_business_day(now.date())
        asked = replace(wish, channel=look.channel, card_seen=look.card_seen)

        def decide(view: View) -> Iterable[Event]:
            numbers = self.next_number(view), self._next_issue(view)
            issued = rules.issue(known, asked, look.members,
                                 self._seal(view, look.who.addressee_no), now, business, numbers, self.scope,
                                 released=released, snapshot_id=self.snapshot_id)
            yield issued
            yield self.due(view, "kiosk.request", issue_no=issued.issue_no)

        recorded = self.record(decide)
        for key in released:
            self.desk.releases.end(key)
        issued = next(r.event for r in recorded if isinstance(r.event, Issued))
        note = self._request(issued)
        detail = f"{issued.certificate.label} 手数料{issued.fee:,}円  発行番号 {issued.issue_no}"
        return self.receipt(recorded, detail, note=note)

    def _next_issue(self, view: View) -> str:
        """発行番号 `CODE-N000001-C`: a running number of the station without gaps, with a check digit."""
        code = self.desk.station.code
        last = view.last_claim(ISSUE, f"{code}-N")
        serial = int(last.split("-")[1][1:]) + 1 if last else 1
        number = f"{code}-N{serial:06}-{luhn_digit(f'{code}N{serial:06}')}"
        assert view.holder(Claim(ISSUE, number)) is None
        return number

    def _request(self, issued: Issued) -> str:
        """Write the request where a folder is set; "" or why it is due."""
        folder = self.setup.out_folder
        if not folder:
            return ""
        if self._on_paper_only(issued.person, *issued.subjects):
            return "依頼ファイルは作りません。申請書を担当課へ渡してください。"
        try:
            file, digest = requests.write(self.desk.station.home, folder, self.desk.station.lg_code,
                                          self.desk.station.code, issued,
                                          self.clock().isoformat(timespec="seconds"))
        except PrintError as error:
            return error.message
        try:
            self.desk.journal.record(self.desk.operator, lambda _: (
                Requested(subject=issued.issue_no, scope=self.scope, file=file, sha256=digest),))
        except JournalError:  # the issue before it is durable: to say that it failed would have it charged twice
            return "依頼ファイルは出しましたが、その記録を書けません。発行の記録は残っています。"
        return ""

    def _on_paper_only(self, *people: str) -> bool:
        """Protected people never stand in a file, also not where their stop was lifted: the sheet is handed over."""
        hidden = self.desk.protected()
        return any(key in hidden for key in people)

    def requests_due(self) -> tuple[str, ...]:
        """Numbers whose request has not been written: the folder was not there, or the power went."""
        if not self.setup.out_folder:
            return ()
        with self.desk.journal.view() as view:
            return tuple(one.issue_no for one in view.records(ISSUES, self.scope)
                         if not one.request_file and one.state is not State.VOID
                         and not self._on_paper_only(one.person, *one.subjects))

    def request_again(self) -> int:
        """Write what is due; how many were written. Raises PrintError where the folder still cannot be written."""
        self.desk.permit(Permission.RECEIVE)
        written = 0
        for number in self.requests_due():
            with self.desk.journal.view() as view:
                issued = next(r.event for r in view.events(scope=self.scope, subject=number, kinds=(Issued.kind,)))
            assert isinstance(issued, Issued)
            if why := self._request(issued):
                raise PrintError(why, "置き場所を確かめてください。")
            written += 1
        return written

    # --- afterwards

    def take(self, issue_no: str) -> Receipt:
        """交付."""
        recorded = self.record(lambda view: (rules.take(view.record_of(ISSUES, self.scope, issue_no), self.scope),))
        return self.receipt(recorded, f"{issue_no} 交付")

    def forget(self, issue_no: str) -> Receipt:
        """取忘れ."""
        recorded = self.record(lambda view: (rules.forget(view.record_of(ISSUES, self.scope, issue_no), self.scope),))
        return self.receipt(recorded, f"{issue_no} 取忘れ")

    def void(self, issue_no: str, reason: str, *, paper_back: bool) -> Receipt:
        """廃止: the number stays given, with its reason."""
        recorded = self.record(lambda view: (rules.void(
            view.record_of(ISSUES, self.scope, issue_no), self.scope, reason, paper_back=paper_back),))
        self._unsent(issue_no)
        return self.receipt(recorded, f"{issue_no} 廃止")

    def undo(self, number: str, reason: str) -> Receipt:
        """取消 of an issue is 廃止: its number is never given again. Other records are taken back as everywhere."""
        self.desk.permit(Permission.UNDO_OWN)
        station, _, seq = number.rpartition("-")
        with self.desk.journal.view() as view:
            found = view.event(station, int(seq)) if seq.isdigit() else None
        if found is not None and isinstance(found.event, Issued):
            from sanjo_tui.desk.undoing import may_take_back

            may_take_back(self.desk, found.operator, found.at_ms)
            with self.desk.journal.view() as view:
                issue = view.record_of(ISSUES, self.scope, found.event.issue_no)
            if issue is not None and issue.state is State.TAKEN:
                raise RuleError("もう渡しています。", "紙を受け取り、F6 の一覧から廃止してください。")
            said = self.void(found.event.issue_no, reason, paper_back=True)
            return replace(said, message="取り消しました")
        return super().undo(number, reason)

    def may_undo(self, view: View, group: Sequence[Recorded]) -> None:
        """廃止 and what a register did are not taken back."""
        if any(isinstance(r.event, Issued | Voided) for r in group):
            raise RuleError("廃止は取り消せません。", "もう一度発行してください。")

    def _unsent(self, issue_no: str) -> None:
        from sanjo_tui.desk.service import UNSENT

        for job in self.desk.printing.pending():
            if job.parameters.get("issue_no") == issue_no and job.state in UNSENT:
                self.desk.printing.cancel(job.number, "void")

    # --- asking

    def find(self, issue_no: str) -> Issue:
        """One issue by its number. RuleError."""
        self.desk.permit(Permission.TAP)
        with self.desk.journal.view() as view:
            found = view.record_of(ISSUES, self.scope, issue_no.strip().upper())
        if not isinstance(found, Issue):
            raise RuleError("その発行番号はありません。", "番号を、最後の1文字まで確かめてください。")
        return found

    def issues(self, day: dt.date | None = None) -> tuple[Issue, ...]:
        """The issues of a day in the order of their numbers; all where no day is given."""
        self.desk.permit(Permission.LIST)
        with self.desk.journal.view() as view:
            every = [one for one in view.records(ISSUES, self.scope) if day is None or _day(one) == day]
        return tuple(sorted(every, key=lambda one: (one.station, one.issue_no)))

    def unfinished(self) -> tuple[Issue, ...]:
        """要確認: numbers of which nobody said yet whether the paper was taken, left or spoiled."""
        with self.desk.journal.view() as view:
            return tuple(sorted((one for one in view.records(ISSUES, self.scope) if one.open),
                                key=lambda one: one.issued_ms))

    def totals(self) -> tuple[int, int]:
        """Issues and yen of today, void ones left out."""
        today = self.clock().date()
        with self.desk.journal.view() as view:
            counted = [one for one in view.records(ISSUES, self.scope)
                       if one.state is not State.VOID and _day(one) == today]
        return len(counted), sum(one.fee for one in counted)

    def say(self, group: Sequence[Recorded]) -> str:
        """Number and verb; no name."""
        event = group[0].event
        number = getattr(event, "issue_no", "") or (event.subject if not isinstance(event, SealChanged) else
                                                    event.seal_registration_no)
        kind = f" {event.certificate.label}" if isinstance(event, Issued) else ""
        return f"{number} {self.VERBS[event.kind]}{kind}"

    def latest(self, n: int = 3) -> tuple[Latest, ...]:
        """The last n; none to who may open nobody."""
        return super().latest(n) if self.desk.may(Permission.TAP) else ()


def _day(one: Issue) -> dt.date:
    return dt.datetime.fromtimestamp(one.issued_ms / 1000, JST).date()
