"""Look-ups and the operator's other acts: recorded before anything is shown, folded into nothing.

A search keeps the numbers that were listed, never the words that were typed (docs/register.md §5).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event

REASONS = {"reception": "受付", "inquiry": "照会への回答", "check": "本人確認", "correction": "記録の訂正",
           "support": "要配慮の支援"}
"""Why somebody searches freely: chosen by digit, so that nothing about a resident is typed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedUp(Event):
    """A resident's record was opened. `shown`: whose lines stood on the screen with it."""

    kind: ClassVar[str] = "lookup.opened"
    via: str
    shown: tuple[str, ...] = ()
    reception: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Searched(Event):
    """A search listed these people. `readings`: how the text was understood (date, kana ...), not the text itself."""

    kind: ClassVar[str] = "lookup.searched"
    readings: tuple[str, ...]
    listed: tuple[str, ...]
    reception: str = ""
    reason: str = ""
    """Why, for a free search: a word of REASONS, never free text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListMade(Event):
    """A list or sheet with names was shown or made. `form` and `edition` say which; `rows` how many people."""

    kind: ClassVar[str] = "lookup.list_made"
    form: str
    edition: str = ""
    rows: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ActDone(Event):
    """An act of the operator that concerns no resident: a register loaded, rolled back, a key destroyed."""

    kind: ClassVar[str] = "station.act"
    act: str
    details: dict[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedOn(Event):
    """操作者交替: somebody else is at the desk from now on. `operator`: the new one; the old one recorded it."""

    kind: ClassVar[str] = "station.signed_on"
    operator: str
    role: str
    before: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlocked(Event):
    """開錠 of the station. `slot`: how; `failed`: wrong tries since it was open last."""

    kind: ClassVar[str] = "station.unlocked"
    slot: str
    failed: int = 0
    last_failed_ms: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Locked(Event):
    """施錠. `why`: key, idle, card, closed."""

    kind: ClassVar[str] = "station.locked"
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unmasked(Event):
    """A protected address was shown for `seconds`, recorded before it was. `verifier`: the second operator.

    `approval`: "now", or "later" where there was no second person; somebody must approve it then.
    """

    kind: ClassVar[str] = "lookup.unmasked"
    reason: str
    verifier: str = ""
    approval: str = "now"
    seconds: int = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved(Event):
    """後からの承認 of an act that needed a second operator and had none. `of`: the event, `STATION-SEQ`."""

    kind: ClassVar[str] = "station.approved"
    of: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm(Event):
    """An alarm of the audit: e.g. many look-ups without a reception. `figure` is how many, within `minutes`."""

    kind: ClassVar[str] = "station.alarm"
    what: str
    figure: int
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Released(Event):
    """A stop of 支援措置 or 抑止 was lifted for one reception, for `minutes`. `verifier`: the second operator."""

    kind: ClassVar[str] = "lookup.released"
    reason: str
    verifier: str = ""
    minutes: int = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed(Event):
    """What a new register changes was worked out for one service (`service`). Subject: the register's snapshot_id."""

    kind: ClassVar[str] = "register.followed"
    service: str
    before: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """Once a register and service."""
        return (Claim("register.followed", f"{self.subject}/{self.service}"),)


LOOSE: tuple[type[Event], ...] = (LookedUp, Searched, ListMade, ActDone, SignedOn, Unlocked, Locked, Unmasked, Approved,
                                 Alarm, Released, Followed)
