"""What must hold at the counter however often a key is pressed: numbers, related procedures, second applications."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanjo_tui.desk import Desk
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.receptions.counter.events import RelatedMarked, TicketGiven
from sanjo_tui.receptions.counter.words import Related, Requester, Step, Waiting
from sanjo_tui.receptions.lookups import LookedUp
from sanjo_tui.register import snapshot
from sanjo_tui.station import fixtures
from tests import desk as desks
from tests.test_counter_desk import SATO, look_at, wanted


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = desks.desk(tmp_path / "home", receptions=("counter",))
    snapshot.load(fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys, lg_code="999997")
    desk.refresh_register()
    desk.counter.begin_practice()
    yield desk
    desk.close()


def given_numbers(desk: Desk) -> list[str]:
    """Every number that ever left, also those that were taken back."""
    with desk.journal.view() as view:
        return [r.event.subject for r in view.events(kinds=(TicketGiven.kind,))]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(st.integers(0, 1), st.sampled_from(["give A", "give B", "undo", "call", "delete"])),
                min_size=4, max_size=14))
def test_no_number_leaves_twice_whatever_two_desks_do(tmp_path_factory: pytest.TempPathFactory,
                                                      acts: list[tuple[int, str]]) -> None:
    home = tmp_path_factory.mktemp("tickets") / "home"
    two = [desks.desk(home, receptions=("counter",)) for _ in range(2)]
    two[0].counter.begin_practice()
    try:
        for which, act in acts:
            counter = two[which].counter
            if act.startswith("give"):
                counter.give_ticket(act[-1])
            elif act == "undo" and (latest := counter.undoable()):
                with contextlib.suppress(RuleError):    # somebody was called with it: that is no longer taken back
                    counter.undo(latest[0].number, "押しまちがい")
            elif act == "call":
                counter.call_next()
            elif act == "delete" and (waiting := [t for t in counter.tickets() if t.state is Waiting.WAITING]):
                counter.move_ticket(waiting[0].number, Waiting.DELETED)
        numbers = given_numbers(two[0])
        assert len(numbers) == len(set(numbers))
        assert all((1 <= int(n[1:]) <= 499) if n[0] == "A" else (500 <= int(n[1:]) <= 799) for n in numbers)
    finally:
        for one in two:
            one.close()


def test_a_number_that_was_taken_back_is_not_given_again(desk: Desk) -> None:
    desk.counter.give_ticket("A")
    desk.counter.undo(desk.counter.undoable()[0].number, "押しまちがい")
    assert desk.counter.tickets() == ()
    assert desk.counter.give_ticket("A").detail == "番号札 A002"


def test_the_next_day_begins_with_the_first_number(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    import datetime as dt

    desk.counter.give_ticket("A")
    tomorrow = desk.today() + dt.timedelta(1)
    monkeypatch.setattr(type(desk), "today", lambda _: tomorrow)
    assert desk.counter.tickets() == () and desk.counter.give_ticket("A").detail == "番号札 A001"


def test_what_was_accepted_is_done_on_the_guide_both_ways(desk: Desk) -> None:
    look = look_at(desk)
    desk.counter.receive(look, wanted(desk, look, "suido_kaisen"))
    plain = wanted(desk, look, "tennyu")
    moving = wanted(desk, look, "tennyu", answers={**plain.answers, "dog": "はい"})
    assert dict(desk.counter.expected(moving, look))["suido_kaisen"] is Related.DONE
    number = desk.counter.receive(look, moving).reception_no
    assert dict(desk.counter.case(number).related)["suido_kaisen"] is Related.DONE
    assert dict(desk.counter.case(number).related)["inu_toroku"] is Related.NEEDED
    recorded = desk.counter.receive(look, wanted(desk, look, "inu_toroku")).recorded
    assert [r.event.subject for r in recorded if isinstance(r.event, RelatedMarked)] == [number]
    assert dict(desk.counter.case(number).related)["inu_toroku"] is Related.DONE
    desk.counter.undo(desk.counter.undoable()[0].number, "人違い")
    assert dict(desk.counter.case(number).related)["inu_toroku"] is Related.NEEDED


def test_two_desks_at_the_same_moment_are_told_of_each_other(desk: Desk) -> None:
    """What was looked at before the other one recorded: the receipt says it, from inside the transaction."""
    first, second = look_at(desk), look_at(desk)
    number = desk.counter.receive(first, wanted(desk, first, "juminhyo")).reception_no
    later = desk.counter.receive(second, wanted(desk, second, "juminhyo"))
    assert number in later.note and "端末A1B2C3" in later.note
    assert desk.counter.receive(second, wanted(desk, second, "kisai_jiko")).note == ""


def test_the_same_procedure_for_another_child_is_no_second_one(desk: Desk) -> None:
    look = look_at(desk)
    keys = [one.addressee_no for one in look.members]
    desk.counter.receive(look, wanted(desk, look, "juminhyo", subjects=(keys[0],)))
    procedure = desk.counter.setup.procedure("juminhyo")
    assert procedure is not None
    assert desk.counter.earlier(procedure, (keys[1],)) == ""
    assert desk.counter.earlier(procedure, (keys[1], keys[0])) != ""


def test_opening_a_case_is_a_look_up(desk: Desk) -> None:
    look = look_at(desk)
    number = desk.counter.receive(look, wanted(desk, look, "juminhyo")).reception_no
    before = desk.mark()
    desk.counter.case(number)
    with desk.journal.view() as view:
        events = [r.event for r in view.since(before)]
    assert [(e.subject, e.shown) for e in events if isinstance(e, LookedUp)] == [(SATO, (SATO,))]


def test_a_form_is_never_filled_in_with_somebody_else(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subject who is protected since: the form of the past is refused, not filled with the one who asked."""
    from dataclasses import replace

    look = look_at(desk)
    other = look.members[1].addressee_no
    number = desk.counter.receive(look, wanted(desk, look, "juminhyo", subjects=(other,),
                                               requester_kind=Requester.SAME_HOUSEHOLD)).reception_no
    assert desk.counter.paper("counter.application", reception_no=number)
    assert desk.register is not None
    household, name = desk.register.household, look.members[1].name

    def since(key: str) -> object:
        home = household(key)
        return replace(home, members=tuple(replace(one, protected=one.addressee_no == other) for one in home.members))

    monkeypatch.setattr(desk.register, "household", since)
    for form in ("counter.sheet", "counter.application"):
        with pytest.raises(PrintError, match="書類に出せない") as told:
            desk.counter.paper(form, reception_no=number)
        assert name not in str(told.value)


def test_a_register_that_is_gone_still_tells_who_died_or_is_protected(desk: Desk, tmp_path: Path,
                                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.register is not None
    living = [one.addressee_no for one in desk.register.everyone() if one.living and not one.protected]
    for key in living:
        look = look_at(desk, key)
        desk.counter.receive(look, wanted(desk, look, "kisai_jiko"), papers=False)
    snapshot.load(fixtures() / "residents" / "demo-next", desk.station.register_dir, desk.keys, lg_code="999997",
                  yes=True)
    desk.refresh_register()
    now = {key: desk.register.resident(key) for key in living}
    expected = {key for key, one in now.items() if one is None or not one.living or one.protected}
    assert expected
    monkeypatch.setattr(type(desk.counter), "_before", lambda *_: None)
    with desk.journal.view() as view:
        assert {due.subject for due in desk.counter.dues(view)} == expected


def test_a_case_that_was_withdrawn_counts_nothing(desk: Desk) -> None:
    look = look_at(desk)
    number = desk.counter.receive(look, wanted(desk, look, "juminhyo")).reception_no
    desk.counter.move(number, Step.WITHDRAWN, "本人の申出")
    assert desk.counter.totals() == (0, 0)
    with pytest.raises(RuleError):
        desk.counter.move(number, Step.DONE)
