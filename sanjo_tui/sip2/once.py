"""Each loan is there exactly once, whatever the line does: after a lost answer the library's system is the judge.

A loan is not sent again on suspicion. First its charged items (63) say whether it arrived; only a loan that is not
there is sent again, never as a renewal. A return is judged by the item (17). What nobody can decide goes to a person
(docs/library.md §6).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sanjo_tui.sip2.client import Unanswered, Unreachable
from sanjo_tui.sip2.messages import Answer, Standing, same_item


class Deed(StrEnum):
    """What is done with an item."""

    LEND = "lend"
    RETURN = "return"


class End(StrEnum):
    """How it ended."""

    DONE = "done"
    REFUSED = "refused"
    UNSURE = "unsure"
    """Nobody but a person can tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """One loan or return. `at`: its true time; `due` for the replay of a loan."""

    deed: Deed
    item: str
    at: dt.datetime
    patron: str = ""
    due: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of it. `due`: the system's date, or ""; `messages` for people."""

    end: End
    due: str = ""
    messages: tuple[str, ...] = ()


class Ils(Protocol):
    """What is asked of a Client."""

    def standing(self, patron_id: str, *, items: bool = False) -> Standing:
        """63."""

    def lend(self, patron_id: str, item: str, at: dt.datetime, due: dt.datetime | None, *,
             no_block: bool = False) -> Answer:
        """11."""

    def give_back(self, item: str, at: dt.datetime, *, no_block: bool = False) -> Answer:
        """09."""

    def on_loan(self, item: str) -> bool:
        """17."""


def carry(ils: Ils, deal: Deal, *, maybe_sent: bool = False, no_block: bool = False, old: bool = False,
          tries: int = 3, sending: Callable[[], None] = lambda: None) -> Result:
    """Bring a deal to its end. `maybe_sent`: it may have been sent before; `old`: so long ago that others may have
    acted since. `sending` is called before anything leaves.

    Raises Unanswered (no answer after `tries`), Unreachable (no line, and nothing was sent by this call): it stays as
    it is and is carried again later.
    """
    left = False
    for attempt in range(tries):
        if maybe_sent:
            try:
                there = _is_there(ils, deal, old)
            except Unreachable as error:
                if left:
                    raise Unanswered("sent, then no line") from error
                raise
            if there is not False:
                return Result(end=End.DONE if there else End.UNSURE)
        sending()
        try:
            answer = _send(ils, deal, no_block)
        except Unreachable as error:
            if left:
                raise Unanswered("sent, then no line") from error
            raise
        except Unanswered:
            maybe_sent = left = True
            if attempt == tries - 1:
                raise
            continue
        if answer.ok:
            return Result(end=End.DONE, due=answer.due, messages=answer.messages)
        if maybe_sent and _is_there(ils, deal, old):      # the first one was late, and this one came second
            return Result(end=End.DONE)
        return Result(end=End.REFUSED, messages=answer.messages)
    raise Unanswered("no end")


def _send(ils: Ils, deal: Deal, no_block: bool) -> Answer:
    if deal.deed is Deed.LEND:
        return ils.lend(deal.patron, deal.item, deal.at, deal.due, no_block=no_block)
    return ils.give_back(deal.item, deal.at, no_block=no_block)


def _is_there(ils: Ils, deal: Deal, old: bool) -> bool | None:
    """Whether it has happened; None where only a person can tell."""
    if deal.deed is Deed.RETURN:
        if not ils.on_loan(deal.item):
            return True
        return None if old else False           # lent again since, perhaps: a second return would end that loan
    standing = ils.standing(deal.patron, items=True)
    if any(same_item(deal.item, item) for item in standing.items):
        return True
    listed = standing.charged is not None and standing.charged <= len(standing.items)
    if not listed and ils.on_loan(deal.item):
        return None                             # on loan, and the system does not list to whom
    return None if old else False
