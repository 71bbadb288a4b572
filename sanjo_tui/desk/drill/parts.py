"""What each kind of voter does, day by day. A step gets the clerk and the voter; nobody here knows the rules."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from sanjo_tui.desk.drill.clerk import PRESIDING, SECOND_PERSON, Clerk
from sanjo_tui.desk.drill.crowd import OURS, Part, Person
from sanjo_tui.desk.voters import VoterLook
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling.words import Code, IdMethod, Objector

Step = Callable[[Clerk, Person], object]


def steps_of(person: Person) -> list[tuple[int, Step]]:
    """Day (0, 1: early, 2: polling day) and step of each time that somebody comes, in order."""
    ours = person.ward in OURS
    late = 2 if ours else 1
    usual = (person.number % 3) if ours else person.number % 2
    match person.part:
        case Part.EARLY_BIRD:
            return [(0, _by_what_there_is), (1, _by_ticket)]
        case Part.BACK_WITH_TICKET:
            return [(1, _by_what_there_is), (late, _insists_with_ticket)]
        case Part.BACK_WITHOUT:
            return [(1, _by_what_there_is), (late, _insists_by_name)]
        case Part.SEVENTEEN:
            return [(0, _insists_with_ticket), (2, _by_ticket)]
        case Part.OTHER_WARD:
            return [(2, _by_what_there_is), (2, _by_ticket)]
        case Part.GIVES_BACK:
            return [(1, _gives_back), (1, _by_ticket)]
        case Part.TAKES_AWAY:
            return [(1, _takes_away), (late, _insists_with_ticket)]
        case Part.ABSTAINS_ALL:
            return [(1, _abstains_all), (1, _by_ticket)]
        case Part.ENROLLED if ours:
            return [(2, _enrolled)]
        case Part.ENROLLED:
            return [(1, _enrolled)]
        case Part.PROTECTED | Part.MOVED_NEAR | Part.SAME_NAME | Part.MISTAKEN | Part.ABSENTEE_OUT:
            return [(1, _ONCE[person.part])]
        case None:
            return []
    return [(usual, _ONCE[person.part])]


def _by_what_there_is(clerk: Clerk, person: Person) -> object:
    return clerk.serve(clerk.either(person))


def _by_ticket(clerk: Clerk, person: Person) -> object:
    return clerk.serve(clerk.scan(person))


def _by_name(clerk: Clerk, person: Person) -> object:
    return clerk.serve(clerk.ask(person))


def _insists_with_ticket(clerk: Clerk, person: Person) -> object:
    """The clerk takes the ticket for a proof and presses Enter: the desk must say no (蒲郡 2025, 焼津 2021)."""
    return clerk.receive(clerk.scan(person), obeys=False)


def _insists_by_name(clerk: Clerk, person: Person) -> object:
    return clerk.receive(clerk.ask(person), obeys=False)


def _same_name(clerk: Clerk, person: Person) -> object:
    """Enter without a second feature is refused (十日町 2021), then the birth date is compared."""
    look = clerk.ask(person)
    if look is not None:
        clerk.receive(look, replace(clerk.choice(look), features=(), id_method=IdMethod.DOCUMENT))
    return clerk.serve(look)


def _moved_near(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    if look is None:
        return None
    choice = clerk.choice(look)
    clerk.receive(look, choice)
    if clerk.draw.random() < 0.7:
        return clerk.serve(look, replace(choice, confirmed=(Code.MOVED,)))
    return clerk.serve(look, replace(choice, denied=(Code.MOVED,)))


def _spoils(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    if clerk.receive(look) and look is not None:
        clerk.exchange(look, clerk.draw.choice(clerk.piles.in_hand(look.opened.key)))
        clerk.leave(look)
    return look


def _braille(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    if look is None or look.examined.stop:
        return None
    papers = tuple(slip.contest.code for slip in look.examined.papers)
    return clerk.serve(look, clerk.choice(look, braille=papers))


def _proxy(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    return look and clerk.serve(look, clerk.choice(look, proxy=True, assistants=("J01", "J02")))


def _absentee_out(clerk: Clerk, person: Person) -> object:
    """Stopped; then the unused papers are in hand and a second person has seen them."""
    look = clerk.either(person)
    if look is None:
        return None
    verifier, pin = SECOND_PERSON
    open_ones = tuple(s.contest.code for s in look.examined.slips if s.code is Code.ABSENTEE)
    clerk.tried(lambda: clerk.polling.absentee_returned(look.opened.key, open_ones, verifier=verifier, pin=pin))
    return clerk.serve(clerk.either(person))


def _gives_back(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    if clerk.receive(look) and look is not None:
        clerk.give_back(look)
    return look


def _takes_away(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    if clerk.receive(look) and look is not None:
        clerk.carry_off(look)
        clerk.leave(look)
    return look


def _abstains_one(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    if look is None or len(look.examined.papers) < 2:
        return clerk.serve(look)
    contest = clerk.draw.choice(look.examined.papers).contest.code
    return clerk.serve(look, clerk.choice(look, abstain=(contest,)))


def _abstains_all(clerk: Clerk, person: Person) -> object:
    look = clerk.either(person)
    papers = tuple(slip.contest.code for slip in look.examined.papers) if look else ()
    return look and papers and clerk.tried(lambda: clerk.polling.abstain(look.opened.key, papers))


def _mistaken(clerk: Clerk, person: Person) -> object:
    """The namesake's ticket lay there: received, taken back with all papers, and the right one received."""
    assert person.namesake is not None
    receipt = clerk.receive(clerk.scan(person.namesake))
    if receipt is not None:
        clerk.take_back(receipt)
    return clerk.serve(clerk.ask(person))


def _stopped(clerk: Clerk, person: Person) -> object:
    """The clerk presses Enter although the desk has stopped."""
    return clerk.receive(clerk.either(person), obeys=False)


def _unknown(clerk: Clerk, person: Person) -> object:
    clerk.either(person)
    return clerk.ask(person)


def _enrolled(clerk: Clerk, person: Person) -> object:
    """Not on the roll; a court's paper says which contests."""
    clerk.ask(person)
    presiding, presiding_pin = PRESIDING
    verifier, pin = SECOND_PERSON
    opened = clerk.tried(lambda: clerk.polling.enroll(
        basis="確定判決書", name=person.name, name_kana=person.kana, birth=f"{person.birth:%Y%m%d}",
        sex_code=person.sex, contests=("smd", "pr"), decided_by=presiding, decider_pin=presiding_pin,
        verifier=verifier, pin=pin, ward_code=person.ward))
    return opened and clerk.serve(clerk.look(opened))


def _objects(clerk: Clerk, person: Person) -> object:
    """Refused after the 立会人 were heard; the voter objects and casts a 仮投票, once."""
    look = clerk.either(person)
    if look is None or look.examined.stop:
        return None
    key, contests = look.opened.key, [slip.contest.code for slip in look.examined.papers[:2]]
    presiding, pin = PRESIDING
    clerk.tried(lambda: clerk.polling.refuse(key, contests, "本人と確認できない", "異議なし",
                                             decided_by=presiding, pin=pin))
    for _ in range(2):
        done = clerk.tried(lambda: clerk.polling.provisional(
            key, contests, "本人が異議", "異議なし", Objector.VOTER.value, decided_by=presiding, pin=pin))
        if done:
            clerk.piles.envelope((h.contest, h.paper.value) for r in done.recorded
                                 if isinstance(r.event, ev.ProvisionalVote) for h in r.event.papers)
    return look


def _enter_twice(clerk: Clerk, person: Person) -> object:
    """The same picture of the voter, and Enter again: the desk looks anew inside the transaction."""
    look: VoterLook | None = clerk.either(person)
    clerk.receive(look)
    clerk.receive(look)
    clerk.leave(look)
    return look


def _skips_exit(clerk: Clerk, person: Person) -> object:
    return clerk.receive(clerk.either(person))


_ONCE: dict[Part, Step] = {
    Part.CARD: _by_what_there_is, Part.TICKET: _by_ticket, Part.NO_TICKET: _by_name, Part.SAME_NAME: _same_name,
    Part.MOVED_NEAR: _moved_near, Part.MOVED_FAR: _by_what_there_is, Part.MOVED_LONG_AGO: _stopped,
    Part.SPOILS: _spoils, Part.BRAILLE: _braille, Part.PROXY: _proxy, Part.ABSENTEE_OUT: _absentee_out,
    Part.ABSENTEE_DONE: _stopped, Part.VOTED_ELSEWHERE: _by_what_there_is, Part.PROTECTED: _by_what_there_is,
    Part.ABSTAINS_ONE: _abstains_one, Part.MISTAKEN: _mistaken, Part.STRUCK: _stopped, Part.UNKNOWN: _unknown,
    Part.OBJECTS: _objects, Part.ENTER_TWICE: _enter_twice, Part.SKIPS_EXIT: _skips_exit}
"""Parts that come once."""

