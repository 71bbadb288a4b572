"""A clerk at the real desk: opens, looks, presses Enter, and hands out what the desk says. Every no is counted."""

from __future__ import annotations

import datetime as dt
import random
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk.drill.crowd import Person
from sanjo_tui.desk.drill.piles import Piles
from sanjo_tui.desk.polling import PollingDesk
from sanjo_tui.desk.voters import OpenedVoter, Receipt, VoterLook
from sanjo_tui.errors import ClaimTaken, RuleError, UnknownToken
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.rules import Choice
from sanjo_tui.receptions.polling.words import Code, Feature, IdMethod, Oath, PaperKind, Spoiling, Via

T = TypeVar("T")

PRESIDING, SECOND_PERSON = ("K01", "1111"), ("J01", "3333")
"""Id and PIN of the sample election's staff; everybody can read them there."""

OPERATOR = "J02"
STEP = dt.timedelta(seconds=2)
_METHODS = {Via.CARD: IdMethod.CARD, Via.TICKET: IdMethod.TICKET, Via.SEARCH: IdMethod.SPOKEN}


@dataclass(slots=True)
class Clock:
    """The time of the drill: it goes on with every act, and waits for nobody."""

    now: dt.datetime

    def __call__(self) -> dt.datetime:
        """Now."""
        return self.now


@dataclass(slots=True)
class Score:
    """What a drill has met so far. `stops`, `verdicts`: by code; the times in ms."""

    stops: Counter[str] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)
    visits: int = 0
    receptions: int = 0
    verdict_ms: list[float] = field(default_factory=list)
    reception_ms: list[float] = field(default_factory=list)


class Clerk:
    """One clerk at one place. What the desk refuses is not done; papers move only after it has recorded them."""

    def __init__(self, polling: PollingDesk, piles: Piles, clock: Clock, score: Score, draw: random.Random) -> None:
        self.polling, self.piles, self.clock, self.score, self.draw = polling, piles, clock, score, draw

    # --- opening

    def tap(self, person: Person) -> VoterLook | None:
        """The card on the reader; None where the desk knows nobody by it, or names another place."""
        seen = CardSeen(reader="drill", profile="drill", token="user_id", value=person.user_id)
        return self._seen(lambda: self.polling.open_card(seen))

    def scan(self, person: Person) -> VoterLook | None:
        """The bar code of the 入場券."""
        return self._seen(lambda: self.polling.open_code(f"T{person.ticket_no}"))

    def ask(self, person: Person) -> VoterLook | None:
        """Neither card nor ticket: name and birth date are said, and the line that fits is taken."""
        found = self.polling.search(person.asked_for)
        keys = [hit.elector.addressee_no for hit in found.hits]
        if person.addressee_no not in keys:
            self.score.stops[Code.NOTFOUND] += 1
            return None
        return self._seen(lambda: self.polling.open_voter(person.addressee_no, Via.SEARCH))

    def either(self, person: Person) -> VoterLook | None:
        """By what the voter has with him."""
        return self.tap(person) if person.has_card else self.scan(person)

    def look(self, opened: OpenedVoter) -> VoterLook:
        """The verdict, as it stands on the screen; a stop is counted once each time that it shows."""
        look = self.polling.look(opened)
        stop = look.examined.stop
        if stop is not None:
            self.score.stops[stop.code] += 1
        elif look.examined.verdict.code:
            self.score.verdicts[look.examined.verdict.code] += 1
        return look

    def _seen(self, opening: Callable[[], OpenedVoter]) -> VoterLook | None:
        self.clock.now += STEP
        began = time.perf_counter()
        opened = self.tried(opening)
        if opened is None:
            return None
        look = self.look(opened)
        self.score.verdict_ms.append((time.perf_counter() - began) * 1e3)
        return look

    # --- acting

    def tried(self, act: Callable[[], T]) -> T | None:
        """What the desk does, or None where it says no; the code of the no is counted."""
        self.clock.now += STEP
        try:
            return act()
        except (RuleError, ClaimTaken, UnknownToken) as error:
            self.score.stops[_code_of(error)] += 1
            return None

    def choice(self, look: VoterLook, **more: object) -> Choice:
        """What a clerk says before Enter: how the voter is known, the reason and the oath where they are needed."""
        via = look.opened.via
        chosen = Choice(id_method=_METHODS.get(via, IdMethod.DOCUMENT), via=via)
        if look.examined.needs_reason:
            oath = self.draw.choice((Oath.PRINTED, Oath.PRINTED, Oath.ON_TICKET))
            chosen = replace(chosen, reason_code=self.draw.choice((1, 1, 1, 2, 2, 3)), oath=oath)
        if via is Via.SEARCH:
            chosen = replace(chosen, features=(Feature.BIRTH,))
        if look.elector.enrolled_by:
            chosen = replace(chosen, id_method=IdMethod.DOCUMENT)
        return replace(chosen, **more)  # type: ignore[arg-type]

    def receive(self, look: VoterLook | None, choice: Choice | None = None, *, obeys: bool = True) -> Receipt | None:
        """Enter. Before a stop a clerk who obeys does not press it; one who does not gets the same no again."""
        if look is None or (obeys and look.examined.stop is not None):
            return None
        choice = choice or self.choice(look)
        began = time.perf_counter()
        receipt = self.tried(lambda: self.polling.receive(look, choice))
        if receipt is None:
            return None
        self.score.reception_ms.append((time.perf_counter() - began) * 1e3)
        self.score.receptions += 1
        received = received_by(receipt)
        self.piles.hand_out(received.subject, [(h.contest, h.paper.value) for h in received.issued])
        self.piles.oaths += received.oath is not None
        return receipt

    def leave(self, look: VoterLook | None) -> None:
        """Past the exit: all papers are in the boxes, and it is recorded."""
        if look is not None and self.piles.in_hand(look.opened.key):
            self.piles.cast(look.opened.key)
            self.tried(lambda: self.polling.cast(look.opened.key))

    def serve(self, look: VoterLook | None, choice: Choice | None = None) -> Receipt | None:
        """Received and gone, as nearly everybody."""
        receipt = self.receive(look, choice)
        if receipt is not None:
            self.leave(look)
        return receipt

    def exchange(self, look: VoterLook, sheet: tuple[str, str]) -> None:
        """Asked for without the spoiled paper first, then with it."""
        contest, kind = sheet
        key, why = look.opened.key, self.draw.choice((Spoiling.MISWRITTEN, Spoiling.SOILED))
        for in_hand in (False, True):
            if self.tried(lambda given=in_hand: self.polling.exchange(  # type: ignore[misc]
                    key, contest, why, PaperKind(kind), in_hand=given)):
                self.piles.exchange(key, sheet)

    def give_back(self, look: VoterLook) -> None:
        """All papers come back; said first without them."""
        key = look.opened.key
        sheets = self.piles.in_hand(key)
        self.tried(lambda: self.polling.give_back(key, sheets[0][0], in_hand=False))
        for sheet in sheets:
            if self.tried(lambda contest=sheet[0]: self.polling.give_back(  # type: ignore[misc]
                    key, contest, in_hand=True)):
                self.piles.give_back(key, sheet)

    def carry_off(self, look: VoterLook) -> None:
        """One paper leaves the house."""
        key = look.opened.key
        sheet = self.piles.in_hand(key)[0]
        if self.tried(lambda: self.polling.take_away(key, sheet[0], "訓練")):
            self.piles.carry_off(key, sheet)

    def take_back(self, receipt: Receipt) -> None:
        """受付取消 with all papers; tried without them first."""
        received = received_by(receipt)
        verifier, pin = SECOND_PERSON
        for in_hand in (False, True):
            if self.tried(lambda given=in_hand: self.polling.take_back(  # type: ignore[misc]
                    received.reception_no, "人違い", in_hand=given, verifier=verifier, pin=pin)):
                for sheet in self.piles.in_hand(received.subject):
                    self.piles.give_back(received.subject, sheet)
                self.piles.oaths -= received.oath is not None


def received_by(receipt: Receipt) -> ev.Received:
    """The reception of a receipt."""
    return next(r.event for r in receipt.recorded if isinstance(r.event, ev.Received))


def _code_of(error: RuleError | ClaimTaken | UnknownToken) -> str:
    """The code of a refusal; the name of the error where it has none."""
    detail = getattr(error, "detail", "")
    return detail if detail.startswith("E-") else type(error).__name__
