"""The episode of a shelter's desk: 開設 to 閉鎖, and everybody's presence in it."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from sanjo_tui.desk.presences import Presences
from sanjo_tui.desk.typed import texts_of
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.polling.state import LOADED
from sanjo_tui.receptions.shelter import counts, rules
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.receptions.shelter.look import SUPPORTED, guarded, supported
from sanjo_tui.receptions.shelter.state import EPISODES, HOUSEHOLDS, PEOPLE, Episode, HouseholdSheet, Presence
from sanjo_tui.receptions.tokens import SCOPE as CARDS
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.journal.view import View
    from sanjo_tui.register.support import Support

log = logging.getLogger(__name__)

Decide = Callable[["View", str, Episode], Iterable[Event]]
"""What to record, given the state as it is inside the transaction, and the scope and record of the open episode."""


class EpisodeDesk:
    """The part of a shelter's desk that knows which episode is on and who has a record in it."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._presences = Presences()
        self._support: tuple[str | None, dict[str, Support]] = None, {}

    @property
    def here(self) -> str:
        """Our shelter code; a station without one uses its own."""
        return self.desk.station.shelter_code or self.desk.station.code

    def _current(self, view: View) -> tuple[str, Episode | None]:
        """The scope of the open episode, else of the last one."""
        last: tuple[str, Episode | None] = ("", None)
        for scope in view.scopes(EPISODES):
            episode = view.record_of(EPISODES, scope, self.here)
            if episode is None:
                continue
            if episode.is_open:
                return scope, episode
            if last[1] is None or episode.opened_ms >= last[1].opened_ms:
                last = (scope, episode)
        return last

    @property
    def scope(self) -> str:
        """The open (or last) episode's scope, "" before the first."""
        with self.desk.journal.view() as view:
            return self._current(view)[0]

    def episode(self) -> Episode | None:
        """The open episode, else the last one."""
        with self.desk.journal.view() as view:
            return self._current(view)[1]

    def open_shelter(self, disaster: str = "", disaster_name: str = "") -> Episode:
        """開設: a new episode with its own key; nothing happens where one is open. `disaster`: its code (or today).

        Raises RuleError for a code that is more than letters, digits and hyphens: it stands in file names and lists.
        """
        self.desk.permit(Permission.EPISODE)
        station = self.desk.station
        if disaster and (not re.fullmatch(r"[A-Za-z0-9-]{1,32}", disaster) or disaster == CARDS):
            raise RuleError("災害コードは、半角の英数字とハイフンで 32 字までです。", "例: 20261124 や 2026-R8-01")
        self.desk.refuse_my_number(disaster, disaster_name)
        with self.desk.journal.view() as view:
            scope, episode = self._current(view)
            taken = {*view.scopes(EPISODES), *view.scopes(LOADED)}     # an election's key is never an episode's
        if episode is not None and episode.is_open:
            return episode
        scope = base = disaster or self.desk.today().strftime("%Y%m%d")
        for n in range(2, 100):
            if scope not in taken and not self.desk.keys.is_destroyed(scope):
                break
            scope = f"{base}-{n}"
        register = self.desk.register
        self.desk.keys.make_scope_key(scope)
        opening = ev.ShelterOpened(
            subject=self.here, scope=scope, name=station.place, capacity=station.capacity, drill=station.drill,
            disaster_name=disaster_name, snapshot_id=register.info.snapshot_id if register else "")

        def decide(view: View) -> Sequence[Event]:
            now = self._current(view)[1]
            return () if now is not None and now.is_open else (opening,)  # another desk was quicker

        self.desk.journal.record(self.desk.operator, decide)
        opened = self.episode()
        assert opened is not None
        return opened

    def pinned(self) -> tuple[str, ...]:
        """Registers that an episode which is not archived yet was opened with: they are kept."""
        with self.desk.journal.view() as view:
            episodes = [e for scope in view.scopes(EPISODES) for e in view.records(EPISODES, scope)]
        return tuple({e.snapshot_id for e in episodes if e.snapshot_id and not e.archived})

    def close_shelter(self, reason: str = "", transfer: bool = False) -> Episode:
        """閉鎖 (S12). Raises RuleError while people are inside, unless they are handed over (`transfer`)."""
        self.desk.permit(Permission.EPISODE)

        def decide(view: View, scope: str, episode: Episode) -> Iterable[Event]:
            people = self._people(view, scope).values()
            inside = len(counts.here(people, self.here))
            yield rules.close(scope, episode, inside, transfer=transfer, reason=reason)

        self._record(decide)
        closed = self.episode()
        assert closed is not None
        return closed

    def _record(self, decide: Decide) -> tuple[Recorded, ...]:
        """Decide and record in one transaction, on the state as it is then."""

        def inside(view: View) -> Sequence[Event]:
            scope, episode = self._current(view)
            events = tuple(decide(view, scope, rules.must_be_open(episode)))
            self.desk.refuse_my_number(*(text for event in events for text in texts_of(event)))
            return events

        return self.desk.journal.record(self.desk.operator, inside)

    def refuse_before_opening(self) -> None:
        """Papers are about an episode; before the first 開設 there is none. Raises RuleError."""
        if self.episode() is None:
            raise RuleError("避難所が開設されていません。", "F2 か sanjo-tui shelter open で開設してください。")

    def knows(self, view: View, key: str) -> bool:
        """Whether a person can be opened now: a resident by number, a provisional one of this episode."""
        return key.isdigit() or view.record_of(PEOPLE, self._current(view)[0], key) is not None

    def household_of(self, key: str) -> tuple[str, str]:
        """The household key of somebody with a record here, and the resident whom 名寄せ found in them, or "".

        Raises RuleError when there is no record.
        """
        with self.desk.journal.view() as view:
            presence = view.record_of(PEOPLE, self._current(view)[0], key)
        if presence is None:
            raise RuleError("その番号の記録はありません。", "番号を確かめてください。")
        return str(presence.household or key), str(presence.merged_into)

    def presences(self) -> dict[str, Presence]:
        """Everybody with a record in the current episode. Not logged: for counts and papers, not for screens."""
        with self.desk.journal.view() as view:
            return self._people(view, self._current(view)[0])

    def _people(self, view: View, scope: str) -> dict[str, Presence]:
        """Presences as they may be shown now: the live register decides who is protected, not the one of back then."""
        if self.desk.keys.is_destroyed(scope):
            self._presences = Presences()  # what was decoded before the key went must go too
            return {}
        people, protected = self._presences.of(view, scope), self.desk.protected()
        people.update({key: guarded(people[key], protected) for key in protected & people.keys()})
        words = self.support_words()
        people.update({key: supported(people[key], words[key]) for key in words.keys() & people.keys()})
        return people

    def support_words(self) -> dict[str, str]:
        """避難行動要支援者 by 宛名番号, in the words that whoever is at the desk may see.

        The reason is health: without the person's consent it is for those who may see lists (災対法49条の11).
        """
        all_of_it = self.desk.hands.may(Permission.LIST)
        return {key: f"{SUPPORTED}({one.reason})" if one.reason and (one.consent or all_of_it) else SUPPORTED
                for key, one in self.support().items()}

    def support(self) -> dict[str, Support]:
        """The list of 避難行動要支援者 in use; empty where none was loaded. A list that cannot be read is a warning."""
        from sanjo_tui.register import support

        try:
            live = support.SUPPORT.live_id(self.desk.station.home)
            if live != self._support[0]:
                people, _ = support.read(self.desk.station.home, self.desk.keys)
                self._support = live, people
            self.desk.warn("support", "")
        except RegisterError as error:                  # a shelter goes on without it
            self.desk.warn("support", "要支援者名簿を読めません")
            log.warning("support: %s", error.detail or type(error).__name__)
        return self._support[1]

    def sheets(self) -> dict[str, HouseholdSheet]:
        """The household sheets of the current episode."""
        with self.desk.journal.view() as view:
            return {s.key: s for s in view.records(HOUSEHOLDS, self._current(view)[0])}
