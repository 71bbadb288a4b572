"""Handed-out cards: an unknown token is bound to a person at the desk and unbound again (docs/cards.md §4).

The token itself is never kept: the subject is its keyed hash. One token belongs to one person at a time.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from sanjo_tui.journal.events import Claim, Event, Ledger, Recorded

SCOPE = "token"


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenBound(Event):
    """配布: the token (subject: keyed hash) now stands for `person`, a 宛名番号 or a provisional number."""

    kind: ClassVar[str] = "token.bound"
    scope: str = SCOPE
    person: str
    token: str
    profile: str = ""

    @property
    def claims(self) -> tuple[Claim, ...]:
        """One token, one person."""
        return (Claim(SCOPE, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenUnbound(Event):
    """返却・紛失: the token stands for nobody any more."""

    kind: ClassVar[str] = "token.unbound"
    scope: str = SCOPE
    reason: str
    bound_by: str
    """The event that bound it, as `STATION-SEQ`."""

    @property
    def releases(self) -> tuple[Claim, ...]:
        """The token may be handed out again."""
        return (Claim(SCOPE, self.subject),)


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Whom a token stands for; `person` is "" after its return."""

    key: str
    person: str
    token: str = ""
    bound_by: str = ""
    since_ms: int = 0
    history: tuple[str, ...] = ()


def apply_token(now: Binding | None, recorded: Recorded) -> Binding | None:
    """The binding after one more event of the same token."""
    match recorded.event:
        case TokenBound() as event:
            past = (*now.history, now.person) if now and now.person else (now.history if now else ())
            return Binding(key=event.subject, person=event.person, token=event.token, bound_by=recorded.number,
                           since_ms=recorded.at_ms, history=past)
        case TokenUnbound() if now:
            return replace(now, person="", history=(*now.history, now.person), since_ms=recorded.at_ms)
    return now


TOKENS = Ledger("token", (TokenBound, TokenUnbound), Binding, apply_token)

