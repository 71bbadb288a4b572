"""What a shelter's desk is asked: latest receptions, counts, lists, after whom somebody asks. Names are logged."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from sanjo_tui.desk import sight
from sanjo_tui.desk.episode import EpisodeDesk
from sanjo_tui.errors import NotAllowed
from sanjo_tui.journal.events import Recorded
from sanjo_tui.numbers import canonical_registration_no
from sanjo_tui.receptions.lookups import ListMade
from sanjo_tui.receptions.shelter import counts, rows, rules
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.lists import Edition, Figures, RosterRow, UnconfirmedRow
from sanjo_tui.receptions.shelter.look import clock, family_name
from sanjo_tui.receptions.shelter.state import PEOPLE, Presence
from sanjo_tui.text import kana_keys, kanji_key
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View

PEOPLE_KINDS = tuple(event.kind for event in PEOPLE.events)
VERBS = {
    ev.Admitted.kind: "入所", ev.Accounted.kind: "消息", ev.WentOut.kind: "外出", ev.CameBack.kind: "帰所",
    ev.StayChanged.kind: "滞在変更", ev.Departed.kind: "退所", ev.Supplemented.kind: "補記", ev.Merged.kind: "統合",
    ev.Identified.kind: "統合"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Latest:
    """One line of the latest receptions: everything that one key recorded."""

    number: str
    at: str
    text: str
    operator: str
    reversed: bool = False
    mine: bool = True


class Questions(EpisodeDesk):
    """The asking side of a shelter's desk."""

    def _groups(self, view: View, scope: str, limit: int) -> list[list[Recorded]]:
        """The newest receptions, each with all events of its transaction."""
        newest = view.events(scope=scope, kinds=PEOPLE_KINDS, newest_first=True, limit=limit)
        return [sorted(group, key=lambda r: r.seq) for _, group in groupby(newest, key=lambda r: (r.station, r.batch))]

    def latest(self, n: int = 3) -> tuple[Latest, ...]:
        """The last n receptions, newest first; none to who may open no household: they name families."""
        if not self.desk.may(Permission.TAP):
            return ()
        with self.desk.journal.view() as view:
            scope, _ = self._current(view)
            presences = self._people(view, scope)
            groups = self._groups(view, scope, limit=n * 20)[:n]
            return tuple(self._latest(view, group, presences) for group in groups)

    def _latest(self, view: View, group: list[Recorded], presences: dict[str, Presence]) -> Latest:
        """Protected people do not even count in a line with others; the two halves of 名寄せ are one person."""
        first, protected = group[0], self.desk.protected()
        who: dict[str, tuple[str, bool]] = {}
        for recorded in group:
            subject, known = recorded.event.subject, presences.get(recorded.event.subject)
            same = presences.get(known.merged_into) if known and known.merged_into else known
            seen = same.seen if same else getattr(recorded.event, "seen", None)
            who[same.person if same else subject] = (
                family_name(seen.name) if seen else "", subject in protected or bool(seen and seen.protected))
        open_names = [name for name, hidden in who.values() if not hidden]
        name = (open_names[0] or "仮登録") if open_names else "氏名非表示"
        people = len(open_names) or len(who)
        undone = view.is_reversed(first.station, first.seq)
        return Latest(number=first.number, at=clock(first.at_ms), operator=first.operator, reversed=undone,
                      mine=first.station in self.desk.journal.codes(),
                      text=f"{name} {people}人{VERBS[first.event.kind]}" + ("(取消)" if undone else ""))

    def undoable(self, n: int = 9) -> tuple[Latest, ...]:
        """The latest receptions of this station that F9 may take back; whose one may is said by `undo`."""
        self.desk.permit(Permission.UNDO_OWN)
        return tuple(latest for latest in self.latest(n) if latest.mine and not latest.reversed)

    def list_made(self, form: str, rows: int, edition: str = "") -> None:
        """Names on a list are a look-up too, and are logged before they are shown."""
        self.desk.log(ListMade(subject=self.here, scope=self.scope, form=form, edition=edition, rows=rows))

    def find_present(self, text: str) -> tuple[Presence, ...]:
        """People of this episode by number, kana or kanji, provisional ones included; logged as one look-up.

        Who may see no list finds people by an exact number only. Raises NotAllowed.
        """
        self.desk.permit(Permission.SEARCH_TWO)
        wanted, kana, kanji = canonical_registration_no(text) or text.strip(), kana_keys(text), kanji_key(text)
        people = [p for p in self.presences().values() if wanted and not p.merged_into]
        exact = [p for p in people if wanted in (p.person, p.registration_no, *p.aliases)]
        if not exact and not self.desk.may(Permission.LIST):
            raise NotAllowed("この避難所の記録は、番号だけで探せます。", "受付票の番号を入れてください。",
                             Permission.LIST.value)
        listed = self.desk.may(Permission.LIST)
        hits = sorted((p for p in (people if listed else exact) if p in exact or (
            (kanji and kanji in kanji_key(p.seen.name))
            or any(a and b.startswith(a) for a, b in zip(kana, kana_keys(p.seen.name_kana), strict=False)))),
            key=lambda p: (p.registration_no, p.seen.order, p.person))[:50]
        self.list_made("present", len(hits))
        return tuple(sight.presence(self.desk.who, p) for p in hits)

    def inquire(self, key: str, asker: str, relation: str) -> rules.Answer:
        """安否照会: logged before it is answered; the answer says only what consent allows."""
        self.desk.permit(Permission.ANSWER)
        self.desk.refuse_my_number(asker, relation)
        with self.desk.journal.view() as view:
            scope, episode = self._current(view)
            presence = self._people(view, scope).get(key)  # as the live register protects: consent may be older
        answer = rules.answer(presence, episode.name if episode else self.desk.station.place)
        self.desk.log(ev.Inquired(subject=key, scope=scope, asker=asker, relation=relation, answered=answer.allowed))
        return answer

    def counts(self) -> counts.Counts:
        """The numbers at the foot of the desk."""
        episode = self.episode()
        return counts.count(tuple(self.presences().values()), self.here,
                            episode.capacity if episode else self.desk.station.capacity)

    def overdue(self) -> tuple[Presence, ...]:
        """On leave past the time they named: people, so a list."""
        self.desk.permit(Permission.LIST)
        now = dt.datetime.now(JST).strftime("%Y-%m-%dT%H:%M")
        return rows.overdue(counts.here(self.presences().values(), self.here), now)

    def figures(self) -> Figures:
        """The numbers of 状況報告書, now."""
        episode = self.episode()
        return counts.figures(tuple(self.presences().values()), tuple(self.sheets().values()), self.here,
                              episode.capacity if episode else 0, self.desk.today(),
                              dt.datetime.now(JST).strftime("%Y-%m-%d %H:%M"))

    def roster(self, edition: Edition = Edition.STAFF) -> tuple[RosterRow, ...]:
        """避難者名簿, logged."""
        self.desk.permit(Permission.LIST)
        listed = rows.roster(self.presences().values(), self.here, edition, self.desk.today())
        self.list_made("roster", len(listed), edition.value)
        return listed

    def unconfirmed(self, district: str = "") -> tuple[UnconfirmedRow, ...]:
        """未確認者 by town, logged; "" takes the whole register."""
        self.desk.permit(Permission.LIST)
        residents = self.desk.register.everyone() if self.desk.register else ()
        listed = tuple(rows.unconfirmed(residents, self.presences(), self.desk.today(), district))
        self.list_made("unconfirmed", len(listed), district)
        return listed
