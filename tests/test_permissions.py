"""Who may do what, run for real: every role with every act of the desk, generated from the one table of roles.

An allowed act must succeed; a refused one must name a sentence and leave nothing in the journal. An act that stands in
no row here fails `test_no_act_is_forgotten`.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import desk as room
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk, archive, audit, merging, operators, papers, polling_papers, unmasking
from sanjo_tui.desk.polling import PollingDesk
from sanjo_tui.desk.shelter import ShelterDesk
from sanjo_tui.errors import NotAllowed
from sanjo_tui.receptions.polling.words import Occasion, PaperKind, Spoiling, StaffRole
from sanjo_tui.receptions.shelter.rules import UnknownPerson
from sanjo_tui.receptions.shelter.words import Exit, Stay, Whereabouts
from sanjo_tui.station import RECEPTIONS
from sanjo_tui.vault.roles import ALLOWED, Permission, Role
from tests.operators_ground import CARD, FREE, HOME, LIGHT, PIN, SATO, Ground, at, build

P = Permission
Act = Callable[[Desk, Ground], object]
TAG = CardSeen(reader="r", profile="p", token="idm", value="0123456789abcdef")
PASS = CardSeen(reader="r", profile="p", token="user_id", value="3210987654321")
DECIDED = {"decided_by": "K02", "pin": PIN}
SEEN = {"verifier": "J02", "pin": PIN}


def family(desk: Desk) -> Any:
    return desk.shelter.look(desk.open_resident(SATO))


def voter(desk: Desk, key: str) -> Any:
    return desk.polling.look(desk.polling.open_voter(key, CARD.via))


def user_id(desk: Desk, key: str) -> str:
    roll = desk.polling.roll
    assert roll is not None
    elector = roll.elector(key)
    assert elector is not None
    return elector.user_id


def ticket(desk: Desk, key: str) -> str:
    roll = desk.polling.roll
    assert roll is not None
    elector = roll.elector(key)
    assert elector is not None
    return f"T{elector.ticket_no}"


def out(desk: Desk) -> Path:
    return desk.station.home.with_name(desk.station.home.name + "-usb")


def count_all(desk: Desk) -> None:
    polling = desk.polling
    for line in polling.equations():
        polling.count(line.contest, line.paper, line.expected, Occasion.CLOSING)


def closed(desk: Desk) -> None:
    count_all(desk)
    desk.polling.close_place(oaths_counted=1, remark="大雪のため", **SEEN)


def shut(desk: Desk) -> None:
    desk.shelter.close_shelter(transfer=True)


def archived(desk: Desk) -> None:
    shut(desk)
    archive.archive(desk.shelter, out(desk))


FORM_OPTIONS: dict[str, Callable[[Ground], dict[str, Any]]] = {
    "card": lambda g: {"household": HOME}, "handover": lambda g: {"household": HOME},
    "tag": lambda g: {"registration_no": g.tag}, "declaration": lambda g: {"reception_no": g.ballot},
    "slip": lambda g: {"reception_no": g.ballot}, "records": lambda g: {"kind": "proxy"},
    "incident": lambda g: {"key": g.voter}}


def protected(desk: Desk) -> str:
    return min(desk.protected())


def approved(desk: Desk) -> None:
    """A clerk of a village looked alone; somebody else approves it."""
    if not desk.may(P.UNMASK):
        unmasking.approve(desk, "A1B2C3-1")
        return
    who, desk.station = desk.operator, replace(desk.station, village=True)
    desk.sign_on("J02", PIN)
    unmasking.unmask(desk, protected(desk), "support")
    number = f"{desk.station.code}-{desk.journal.heads()[0].seq}"
    desk.sign_on(who, PIN)
    unmasking.approve(desk, number)


def paper(reception: str, form: str) -> Act:
    def make(desk: Desk, g: Ground) -> object:
        here: Any = getattr(desk, reception)
        if form == "interim" and desk.may(P.EPISODE):
            here.report()
        if form == "closing" and desk.may(P.EPISODE):
            closed(desk)
        return here.paper(form, **FORM_OPTIONS.get(form, lambda _: {})(g)).pdf()
    return make


def printed(reception: str, form: str) -> Act:
    return lambda desk, g: getattr(desk, reception).print(form, **FORM_OPTIONS.get(form, lambda _: {})(g))


def asking(question: str) -> Act:
    return lambda desk, g: audit.ask(desk, question, of={"person": SATO, "operator": "J01"}.get(question, ""))


def many(permission: Permission, **acts: Act) -> dict[str, tuple[Permission, Act]]:
    return {name.replace("__", "."): (permission, act) for name, act in acts.items()}


ACTS: dict[str, tuple[Permission, Act]] = {
    **many(P.TAP,
           desk__open_card=lambda d, g: d.open_card(PASS), desk__open_resident=lambda d, g: d.open_resident(SATO),
           desk__open_person=lambda d, g: d.open_person(g.provisional), desk__bound_to=lambda d, g: d.bound_to(TAG),
           shelter__look=lambda d, g: family(d),
           polling__open_voter=lambda d, g: d.polling.open_voter(g.voter),
           polling__open_card=lambda d, g: d.polling.open_card(
               CardSeen(reader="r", profile="p", token="user_id", value=user_id(d, g.voter))),
           polling__open_code=lambda d, g: d.polling.open_code(ticket(d, g.voter)),
           polling__open_reception=lambda d, g: d.polling.open_reception(g.ballot),
           polling__look=lambda d, g: voter(d, g.voter)),
    **many(P.SEARCH_TWO,
           desk__search=lambda d, g: d.search("サトウ 19740512"), shelter__find_present=lambda d, g:
           d.shelter.find_present(g.provisional), polling__search=lambda d, g: d.polling.search(g.voter)),
    "desk.search freely": (P.SEARCH_FREE, lambda d, g: d.search("サトウ", "reception")),
    "shelter.find_present freely": (P.LIST, lambda d, g: d.shelter.find_present("サトウ")),
    "polling.search freely": (P.SEARCH_FREE, lambda d, g: d.polling.search("シブヤ", "check")),
    **many(P.RECEIVE,
           desk__bind=lambda d, g: d.bind(TAG, g.provisional),
           shelter__admit=lambda d, g: d.shelter.admit(d.shelter.look(d.open_resident(FREE)), [FREE]),
           shelter__account=lambda d, g: d.shelter.account(
               d.shelter.look(d.open_resident(FREE)), [FREE], Whereabouts.LATER),
           shelter__go_out=lambda d, g: d.shelter.go_out(family(d), [SATO]),
           shelter__change_stay=lambda d, g: d.shelter.change_stay(family(d), [SATO], Stay.CAR),
           shelter__depart=lambda d, g: d.shelter.depart(family(d), [SATO], Exit.HOME),
           shelter__supplement=lambda d, g: d.shelter.supplement(SATO, {"area": "B"}),
           shelter__note_household=lambda d, g: d.shelter.note_household(family(d), {"phone": "0256-00-0000"}),
           shelter__admit_unknown=lambda d, g: d.shelter.admit_unknown(UnknownPerson(name="名乗　る")),
           shelter__merge=lambda d, g: d.shelter.merge(g.provisional, FREE, "K02"),
           polling__receive=lambda d, g: d.polling.receive(voter(d, g.other), CARD),
           polling__cast=lambda d, g: d.polling.cast(g.voter),
           polling__abstain=lambda d, g: d.polling.abstain(g.other, ["smd"]),
           polling__exchange=lambda d, g: d.polling.exchange(g.voter, "smd", Spoiling.MISWRITTEN, in_hand=True),
           polling__give_back=lambda d, g: d.polling.give_back(g.voter, "smd", in_hand=True),
           polling__take_away=lambda d, g: d.polling.take_away(g.voter, "smd"),
           polling__refuse=lambda d, g: d.polling.refuse(g.other, ["smd"], "本人でない", "異議なし", **DECIDED),
           polling__absentee_returned=lambda d, g: d.polling.absentee_returned(g.absentee, ["smd"], **SEEN),
           polling__enroll=lambda d, g: d.polling.enroll(
               basis="確定判決書", name="登録　一", birth="19700101", contests=["smd"], decided_by="K02",
               decider_pin=PIN, ward_code="1", **SEEN),
           polling__incident=lambda d, g: d.polling.incident(g.voter, "二重交付", "確かめました"),
           polling__unconfirmed=lambda d, g: d.polling.unconfirmed()),
    "polling.provisional": (P.RECEIVE, lambda d, g: (
        d.polling.refuse(g.other, ["smd"], "本人でない", "異議なし", **DECIDED),
        d.polling.provisional(g.other, ["smd"], "拒否に不服", "異議なし", "選挙人", **DECIDED))),
    "desk.unbind": (P.RECEIVE, lambda d, g: (d.bind(TAG, g.provisional), d.unbind(TAG, "返却"))),
    "shelter.come_back": (P.RECEIVE, lambda d, g: (
        d.shelter.go_out(family(d), [SATO]), d.shelter.come_back(family(d), [SATO]))),
    **many(P.UNDO_OWN, shelter__undoable=lambda d, g: d.shelter.undoable(),
           shelter__undo=lambda d, g: d.shelter.undo(g.undo, "押し間違い"),
           polling__take_back=lambda d, g: d.polling.take_back(g.ballot, "人違い", in_hand=True, **SEEN)),
    **many(P.LIST, shelter__overdue=lambda d, g: d.shelter.overdue(), shelter__roster=lambda d, g: d.shelter.roster(),
           shelter__unconfirmed=lambda d, g: d.shelter.unconfirmed(),
           polling__doubles=lambda d, g: d.polling.doubles()),
    **many(P.ANSWER, shelter__inquire=lambda d, g: d.shelter.inquire(SATO, "佐藤　三郎", "兄")),
    **many(P.FORM, shelter__reserve_numbers=lambda d, g: d.shelter.reserve_numbers(2),
           printing__cancel=lambda d, g: d.printing.cancel(g.job), printing__hold=lambda d, g: d.printing.hold(g.job),
           printing__add=lambda d, g: d.printing.add("tag", {"registration_no": g.tag})),
    **many(P.EPISODE,
           shelter__open_shelter=lambda d, g: d.shelter.open_shelter(), shelter__close_shelter=lambda d, g: shut(d),
           shelter__report=lambda d, g: d.shelter.report(),
           polling__open_place=lambda d, g: (closed(d), d.polling.open_place(
               clock_confirmed=True, zero_printed=True, on_paper="再び開く", **DECIDED)),
           polling__begin_reconciling=lambda d, g: d.polling.begin_reconciling(),
           polling__deliver=lambda d, g: d.polling.deliver("smd", PaperKind.PLAIN, 10),
           polling__count=lambda d, g: d.polling.count("smd", PaperKind.PLAIN, 999),
           polling__close_place=lambda d, g: closed(d),
           polling__report=lambda d, g: d.polling.report(),
           polling__remark=lambda d, g: d.polling.remark("その他", "雪"),
           polling__duty=lambda d, g: d.polling.duty(StaffRole.WITNESS, "立会　五月", came="08:00")),
    "polling.end_reconciling": (P.EPISODE, lambda d, g: (d.polling.begin_reconciling(), d.polling.end_reconciling())),
    "polling.settle": (P.EPISODE, lambda d, g: (
        d.polling.count("smd", PaperKind.PLAIN, 990),
        d.polling.settle("smd", PaperKind.PLAIN, "床に落ちていた", **SEEN))),
    "polling.seal": (P.EPISODE, lambda d, g: (closed(d) if d.may(P.EPISODE) else None, d.polling.seal(out(d)))),
    **{f"audit.ask {question}": (P.AUDIT, asking(question)) for question in (
        "person", "operator", "night", "mass", "unlocks", "unapproved")},
    "audit.anchors": (P.AUDIT, lambda d, g: audit.anchors(d)),
    "unmasking.unmask": (P.ADDRESS, lambda d, g: unmasking.unmask(
        d, protected(d), "support", verifier="K02", pin=PIN)),
    "desk.release": (P.RECEIVE, lambda d, g: d.release(protected(d), "check", "K02", PIN)),
    "unmasking.approve": (P.UNMASK, lambda d, g: approved(d)),
    "archive.archive": (P.EXPORT, lambda d, g: archived(d) if d.may(P.EPISODE) else archive.archive(
        d.shelter, out(d))),
    "archive.destroy": (P.EXPORT, lambda d, g: (
        archived(d) if d.may(P.EPISODE) else None, archive.destroy(d.shelter, "20261124"))),
    "merging.take_in": (P.EXPORT, lambda d, g: merging.take_in(d, g.export, "")),
    "polling.election_loaded": (P.DATA, lambda d, g: d.polling.election_loaded(d.polling.loaded()[0])),
    "polling.roll_loaded": (P.DATA, lambda d, g: d.polling.roll_loaded(d.polling.loaded()[2].info)),
    **many(P.KEYS,
           operators__listed=lambda d, g: operators.listed(d),
           operators__remove=lambda d, g: operators.remove(d, "V01"),
           operators__set_pin=lambda d, g: operators.set_pin(d, "V01", "97531"),
           operators__set_card=lambda d, g: operators.set_card(d, "V01", TAG),
           operators__add=lambda d, g: operators.add(d, "V02", "協力　二", Role.VOLUNTEER, pin="8642")),
    **{f"shelter.paper {form}": (needs, paper("shelter", form)) for form, needs in papers.NEEDS.items()},
    **{f"shelter.print {form}": (needs, printed("shelter", form)) for form, needs in papers.NEEDS.items()},
    **{f"polling.paper {form}": (needs, paper("polling", form)) for form, needs in polling_papers.NEEDS.items()},
    **{f"polling.print {form}": (needs, printed("polling", form)) for form, needs in polling_papers.NEEDS.items()},
}
"""What one does, and what one must be allowed for it. Where an act needs another first, both need the same."""

ROOM = frozenset({"heading_of", "notices", "close", "needs", "form_name", "made"})
"""What the Desk asks of every reception; `made` fills forms, and each form has its rows."""

RECEPTIONS_OF = set(RECEPTIONS) - {"shelter", "polling"}
"""Services whose acts have rows of their own: tests/test_permissions_*.py."""

SHOWS_NOBODY = {
    "desk": {"permit", "may", "hands", "sign_on", "sign_on_card", "second", "back_to_terminal",  # the question
             "shelter", "polling", "printing", "open", "close", "refresh_register", "header", "warn", "back_up", "mark",
             "today", "refuse_my_number", "protected", "log", "log_act", "station", "keys", "journal", "operator",
             "register", "who", "room", "close_rooms", "link_of", "card_ways", "releases", "released", "pinned",
             *RECEPTIONS_OF},
    "shelter": {"here", "scope", "episode", "pinned", "refuse_before_opening", "counts", "figures",      # numbers
                "knows", "household_of", "presences", "sheets", "list_made",      # what acts and papers are made of
                "latest", "support", "support_words", *ROOM},                      # empty without TAP, see below
    "polling": {"election", "place", "roll", "close", "merged", "readiness", "loaded", "scope", "today", "here", "day",
                "days", "stock", "turnout", "list_made", "elector", "voter", "voter_of", "second", "gate", "proof",
                "unfinished", "equations", "standing_differences", "closing_hinders", "interim", "due_reports",
                "final", "arrivals", "latest", *ROOM},
}
"""Public names of the desks that neither record, show nor print anybody: each was looked at before it came here."""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return build(tmp_path_factory.mktemp("station") / "home")


@pytest.fixture(scope="module")
def shared(ground: Ground, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy at which nothing may happen."""
    return ground.copy(tmp_path_factory.mktemp("shared") / "home")


@pytest.fixture(scope="module")
def refused(shared: Path) -> Iterator[dict[Role | None, Desk]]:
    """Desks on it, one with each role at it and one with nobody."""
    desks = {role: at(shared, role) for role in (None, *Role)}
    yield desks
    for desk in desks.values():
        desk.close()


def rows(allowed: bool) -> Iterator[Any]:
    for name, (permission, act) in ACTS.items():
        for role in Role:
            if (permission in ALLOWED[role]) is allowed:
                yield pytest.param(role, permission, act, id=f"{role.value}-{name}")


@pytest.mark.parametrize(("role", "permission", "act"), rows(allowed=True))
def test_what_is_allowed_can_be_done(role: Role, permission: Permission, act: Act, ground: Ground, tmp_path: Path,
                                     monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(operators, "_hash", lambda pin: LIGHT)
    desk = at(ground.copy(tmp_path / "home"), role)
    try:
        act(desk, ground)
    finally:
        desk.close()


@pytest.mark.parametrize(("role", "permission", "act"), rows(allowed=False))
def test_what_is_refused_leaves_nothing(role: Role, permission: Permission, act: Act, ground: Ground,
                                        refused: dict[Role | None, Desk]) -> None:
    desk = refused[role]
    before = desk.mark()
    with pytest.raises(NotAllowed) as told:
        act(desk, ground)
    assert desk.mark() == before
    assert told.value.message.endswith("。") and told.value.hint.endswith("。")


@pytest.mark.parametrize("name", ACTS)
def test_nobody_does_nothing(name: str, ground: Ground, refused: dict[Role | None, Desk]) -> None:
    desk = refused[None]
    before = desk.mark()
    with pytest.raises(NotAllowed, match="操作者がまだ決まっていません"):
        ACTS[name][1](desk, ground)
    assert desk.mark() == before


@pytest.mark.parametrize(("prefix", "kind"), [("desk", Desk), ("shelter", ShelterDesk), ("polling", PollingDesk)])
def test_no_act_is_forgotten(prefix: str, kind: type) -> None:
    public = {name for name, _ in inspect.getmembers(kind) if not name.startswith("_")}
    in_table = {name.split()[0].partition(".")[2] for name in ACTS if name.startswith(f"{prefix}.")}
    assert public - in_table - SHOWS_NOBODY[prefix] == set(), "acts without a row in ACTS"
    assert in_table - public == set() and in_table & SHOWS_NOBODY[prefix] == set()


MODULES = {"rendering.may_print", "rendering.render", "undoing.must_be_last",      # of acts that have rows
           "photos.keep", "photos.read", "photos.has", "photos.erase", "photos.kept",  # of cards, applications
           "photos.left_over",
           "following.follow", "following.follow_all", "following.services",      # record what the register says
           "papers.make", "polling_papers.make", "sheets.card_of", "sheets.handover_of",     # rows as `paper FORM`
           "papers.heading", "polling_heading.heading", "polling_heading.day_of", "polling_heading.known",
           "polling_heading.received_under", "polling_reports.balance_lines", "polling_reports.electors_now",
           "polling_reports.proof_content",                                  # parts of papers
           "locking.close_desk", "practice.begin", "undoing.may_take_back", "unmasking.by_two"}
"""Public functions beside the desks: parts of acts that have rows, or without anybody in them."""


def test_no_act_beside_the_desks_is_forgotten() -> None:
    found = set()
    for module in pkgutil.iter_modules(room.__path__):
        for name, function in inspect.getmembers(importlib.import_module(f"{room.__name__}.{module.name}"),
                                                 inspect.isfunction):
            first = next(iter(inspect.signature(function).parameters), "")
            if (function.__module__ == f"{room.__name__}.{module.name}" and not name.startswith("_")
                    and first in ("desk", "shelter", "polling")):
                found.add(f"{module.name}.{name}")
    assert found - {name.split()[0] for name in ACTS} - MODULES == set(), "acts without a row in ACTS"


@pytest.mark.parametrize("form", [*papers.FORMS, *polling_papers.FORMS])
def test_a_form_is_not_filled_in_behind_the_desk(form: str, ground: Ground, refused: dict[Role | None, Desk]) -> None:
    desk = refused[Role.IT]
    with pytest.raises(NotAllowed):
        if form in papers.FORMS:
            papers.make(desk.shelter, form)
        else:
            polling_papers.make(desk.polling, form)


def test_every_permission_of_the_desk_has_a_row() -> None:
    elsewhere = {P.UNDO_ANY, P.CLEAR_FILE, P.ROLLBACK, P.JOURNAL, P.RELEASE, P.PUNCH, P.PERSONNEL}
    """Held by test_permissions_sight, _attendance and the commands."""
    assert set(Permission) == {permission for permission, _ in ACTS.values()} | elsewhere
