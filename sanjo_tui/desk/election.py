"""The election of a polling desk: which one is loaded, which place this laptop is, its roll, its day, its counts."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sanjo_tui.desk.turnout import Turnout
from sanjo_tui.desk.typed import texts_of
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.journal.events import Event, Recorded, Restored
from sanjo_tui.receptions.lookups import ListMade
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.rules import Here, elector_of
from sanjo_tui.receptions.polling.setup import read
from sanjo_tui.receptions.polling.state import DAYS, LOADED, STOCK, VOTERS, Loaded, PaperStock, PlaceDay, Voter
from sanjo_tui.receptions.polling.tally import Totals
from sanjo_tui.receptions.polling.words import Mode, PlaceState
from sanjo_tui.receptions.shelter.state import EPISODES
from sanjo_tui.register.roll import elections
from sanjo_tui.register.roll.elector import Elector, RollInfo
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View
    from sanjo_tui.receptions.polling.election import Election, PollingPlace
    from sanjo_tui.register.roll.lookup import Roll

log = logging.getLogger(__name__)
NO_ELECTION = "選挙の設定が読み込まれていません。"
NO_ROLL = "選挙人名簿が読み込まれていません。"


class ElectionDesk:
    """The part of a polling desk that knows the election and who has a record in it. Without one everything stops."""

    def __init__(self, desk: Desk, clock: Callable[[], dt.datetime] | None = None) -> None:
        self.desk = desk
        self.clock = clock or (lambda: dt.datetime.now(JST))
        self._turnout = Turnout()
        self._roll: Roll | None = None
        self._election: tuple[bytes, Election] | None = None
        self._restored: int | None = None

    # --- what is loaded

    @property
    def election(self) -> Election | None:
        """The current election; None where none was loaded. Raises RuleError when its file was changed or broken."""
        data = elections.current(self.desk.station.home)
        if data is None:
            return None
        if self._election is None or self._election[0] != data:
            election, problems = read(data)
            if election is None:
                raise RuleError("選挙の設定が壊れています。", "sanjo-tui election load で読み込み直してください。",
                                detail="; ".join(p.where for p in problems[:5]))
            loaded = self._loaded(election.id)
            if loaded is None or loaded.sha256 != election.sha256:
                raise RuleError("選挙の設定が、読み込んだときのものと違います。",
                                "sanjo-tui election load で読み込み直してください。", detail="sha256")
            self._election = data, election
        return self._election[1]

    @property
    def place(self) -> PollingPlace | None:
        """Which polling place of the election this laptop is; None where it is none of them."""
        election = self.election
        return self._place_of(election) if election else None

    @property
    def _code(self) -> str:
        return self.desk.station.polling_place or self.desk.station.code

    def _place_of(self, election: Election) -> PollingPlace | None:
        return election.place(self._code)

    @property
    def roll(self) -> Roll | None:
        """The current roll; None where none was loaded. RegisterError when it cannot be opened: elections stop then."""
        if self._roll is None:
            if not (self.desk.station.roll_dir / "current").exists():
                return None
            from sanjo_tui.register.roll.lookup import Roll

            self._roll = Roll.open(self.desk.station.roll_dir, self.desk.keys)
        else:
            self._roll.refresh()
        return self._roll

    def close(self) -> None:
        """Close the roll."""
        if self._roll is not None:
            self._roll.close()
            self._roll = None

    def _loaded(self, election_id: str) -> Loaded | None:
        with self.desk.journal.view() as view:
            loaded: Loaded | None = view.record_of(LOADED, election_id, election_id)
        return loaded

    def merged(self) -> tuple[ev.JournalMerged, ...]:
        """他会場データ: which other stations' journals were taken in, and until when."""
        loaded = self._loaded(self.scope) if self.scope else None
        return tuple(loaded.merged.values()) if loaded else ()

    def election_loaded(self, election: Election) -> None:
        """Record that this set-up is the current one from now on; its receptions get a key of their own.

        Raises RuleError where a shelter's episode has the same code, and where receptions would be forgotten.
        """
        self.desk.permit(Permission.DATA)
        with self.desk.journal.view() as view:
            if election.id in view.scopes(EPISODES):
                raise RuleError(f"{election.id} は避難所の災害コードとして使われています。",
                                "選挙の id を別のものにしてください。")
            _nothing_forgotten(view, election)
        self.desk.keys.make_scope_key(election.id)
        self.desk.log(ev.ElectionLoaded(subject=election.id, scope=election.id, name=election.name,
                                        polling_day=election.polling_day.isoformat(), sha256=election.sha256))

    def roll_loaded(self, info: RollInfo) -> None:
        """Record which roll is the current one from now on."""
        self.desk.permit(Permission.DATA)
        scope = self.scope
        if not scope:
            raise RuleError(NO_ELECTION, "先に sanjo-tui election load で選挙の設定を読み込んでください。")
        self.desk.log(ev.RollLoaded(subject=scope, scope=scope, snapshot_id=info.snapshot_id,
                                    roll_base=info.roll_base, sha256=info.sha256, electors=sum(info.electors)))

    def readiness(self) -> str:
        """Why voters cannot be received at all, as a sentence for IT; "" when election, place and roll are there."""
        try:
            self.loaded()
        except RuleError as error:
            return f"{error.message} {error.hint}"
        return ""

    # --- what the acts need: fail closed

    def loaded(self) -> tuple[Election, PollingPlace, Roll]:
        """Election, place and roll, read once. Raises RuleError: at a polling desk an unreadable state stops."""
        load = "sanjo-tui election load で読み込みます。"
        try:
            election = self.election
            place = self._place_of(election) if election else None
            roll = self.roll if place else None
        except (RuleError, RegisterError) as error:
            log.warning("polling: %s", error.detail or type(error).__name__)
            raise RuleError(error.message, error.hint) from error
        if election is None:
            raise RuleError(NO_ELECTION, load)
        if place is None:
            raise RuleError(f"選挙の設定に {self._code} という投票所がありません。",
                            "station.toml の polling_place を確かめてください。")
        if roll is None:
            raise RuleError(NO_ROLL, load)
        if roll.info.election not in ("", election.id):
            raise RuleError("名簿がほかの選挙のものです。", "この選挙の名簿を " + load)
        if not place.kind.is_early and roll.info.only_wards not in ((), tuple(sorted(place.wards))):
            raise RuleError("名簿がほかの投票区のものです。", "この投票所の名簿を " + load)
        return election, place, roll

    @property
    def scope(self) -> str:
        """The election's id, "" before one is loaded."""
        election = self.election
        return election.id if election else ""

    def today(self) -> dt.date:
        """Today in Japan."""
        return self.clock().astimezone(JST).date()

    def here(self, day: PlaceDay | None = None) -> Here:
        """Where and when a voter stands before the desk."""
        _, place, _ = self.loaded()
        day = self.day() if day is None else day
        return self._here(place, day)

    def _here(self, place: PollingPlace, day: PlaceDay | None) -> Here:
        now = self.clock().astimezone(JST)
        return Here(place=place, mode=Mode.EARLY if place.kind.is_early else Mode.DAY, day=now.date(), now=now,
                    station_open=day is not None and day.receives)

    def day(self) -> PlaceDay | None:
        """The place today; None before its first opening."""
        place = self.place
        if place is None:
            return None
        with self.desk.journal.view() as view:
            return self._day(view, place)

    def _day(self, view: View, place: PollingPlace, day: dt.date | None = None) -> PlaceDay | None:
        subject = f"{place.code}/{(day or self.today()).isoformat()}"
        record: PlaceDay | None = view.record_of(DAYS, self.scope, subject)
        return record if day is not None else self._since_restored(view, record)

    def _since_restored(self, view: View, day: PlaceDay | None) -> PlaceDay | None:
        """A copy that came back does not know who voted after it was made: the place has to be opened anew."""
        if day is not None and day.receives and day.opened_ms < self._restored_ms(view):
            return replace(day, state=PlaceState.PREPARING)
        return day

    def _restored_ms(self, view: View) -> int:
        """When this station was brought back from a copy; 0: never. It cannot happen while the desk is open."""
        if self._restored is None:
            mine = [r.at_ms for r in view.events(kinds=(Restored.kind,)) if r.station == self.desk.station.code]
            self._restored = max(mine, default=0)
        return self._restored

    def days(self) -> tuple[PlaceDay, ...]:
        """All days of this place, oldest first."""
        place = self.place
        if place is None:
            return ()
        with self.desk.journal.view() as view:
            return tuple(d for d in view.records(DAYS, self.scope) if d.place == place.code)

    def stock(self, view: View, place: PollingPlace) -> PaperStock:
        """The papers of this place."""
        return view.record_of(STOCK, self.scope, place.code) or PaperStock(place=place.code)

    def turnout(self) -> tuple[dict[str, Voter], Totals]:
        """Everybody with a record, and the sums over them. Not logged: for counts and papers, not for screens."""
        with self.desk.journal.view() as view:
            return self._turnout.of(view, self.scope)

    def list_made(self, form: str, rows: int, edition: str = "") -> None:
        """Names on a list or sheet are a look-up too, and are logged before they are shown."""
        place = self.place
        self.desk.log(ListMade(subject=place.code if place else self.desk.station.code, scope=self.scope, form=form,
                               edition=edition, rows=rows))

    def elector(self, key: str, voter: Voter | None) -> Elector | None:
        """Somebody of the roll, or of a 補正登録. Not logged."""
        if voter is not None and voter.enrolled is not None:
            return elector_of(voter.enrolled, key)
        roll = self.roll
        return roll.elector(key) if roll else None

    def voter(self, key: str) -> Voter | None:
        """The record of one voter."""
        with self.desk.journal.view() as view:
            record: Voter | None = view.record_of(VOTERS, self.scope, key)
        return record

    # --- recording

    def _record(self, decide: Callable[[View], Iterable[Event]], *, reserve: bool = False) -> tuple[Recorded, ...]:
        """Decide and record in one transaction, on the state as it is then."""

        def inside(view: View) -> Sequence[Event]:
            events = tuple(decide(view))
            self.desk.refuse_my_number(*(text for event in events for text in texts_of(event)))
            return events

        return self.desk.journal.record(self.desk.operator, inside, reserve=reserve)

    def second(self, staff_id: str, pin: str, *, presiding: bool = False) -> str:
        """The second operator, by id and PIN; gives the id. Raises RuleError: unknown, wrong PIN, the same person.

        Where operators are registered their PIN counts, and their role: EPISODE for who presides. Elsewhere staff and
        PIN hashes come from the election's set-up. Whether the law lets this person decide is for the rules.
        """
        from sanjo_tui.vault import pins

        election, _, _ = self.loaded()
        if self.desk.keys.operators():
            return self.desk.second(staff_id, pin, Permission.EPISODE if presiding else Permission.RECEIVE)
        person = election.person(staff_id.strip())
        if person is None or not person.pin_hash or not pins.check(person.pin_hash, pin):
            self.desk.log_act("polling.pin_refused", {"staff": person.id if person else "unknown"})
            raise RuleError("番号か暗証番号が違います。", "職員番号と暗証番号を確かめてください。")
        if person.id == self.desk.operator:
            raise RuleError("確認者は、操作者と別の人にしてください。", "もう一人の職員に入れてもらってください。")
        if presiding and not person.role.presides:
            raise RuleError("投票管理者か職務代理者の確認が要ります。", "投票管理者を呼んでください。")
        return person.id


def _nothing_forgotten(view: View, election: Election) -> None:
    """投票済 hangs on the id and on the codes of the contests: whoever has voted must not become 未 by a new set-up."""
    for scope in view.scopes(LOADED):
        other: Loaded | None = view.record_of(LOADED, scope, scope)
        if scope != election.id and other is not None and other.polling_day == election.polling_day.isoformat() \
                and next(view.records(VOTERS, scope), None) is not None:
            raise RuleError(f"同じ投票日の選挙 {scope} の受付が、もう記録されています。",
                            f"id を変えると、投票済みが分からなくなります。設定の id を {scope} にしてください。")
    known = {contest.code for contest in election.contests}
    gone = sorted({code for voter in view.records(VOTERS, election.id) for code, ballot in voter.ballots.items()
                   if (ballot.papers or ballot.provisional) and code not in known})
    if gone:
        raise RuleError(f"用紙をもう渡した選挙 {'、'.join(gone)} が、新しい設定にありません。",
                        "選挙の code は、受付が始まったら変えられません。元の code に戻してください。")
