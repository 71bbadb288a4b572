"""The polling desk through its one door: real journal, real claims; electors in memory (the file: test_roll_*)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.desk.polling import PollingDesk
from sanjo_tui.desk.polling_papers import FORMS
from sanjo_tui.desk.voters import Receipt, WrongPlace
from sanjo_tui.errors import PrintError, RuleError, UnknownToken
from sanjo_tui.journal.events import Claim
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.rules import Choice, Refusal
from sanjo_tui.receptions.polling.state import VOTERS
from sanjo_tui.receptions.polling.words import Code, IdMethod, Oath, Occasion, PaperKind, PlaceState, Spoiling, Via
from sanjo_tui.register.roll import elections
from sanjo_tui.wareki import JST
from tests.desk import desk
from tests.screens.polling_stage import CONTESTS, PIN, Electors, set_up

CARD = Choice(id_method=IdMethod.CARD, via=Via.CARD, reason_code=1, oath=Oath.PRINTED)
NOON = dt.time(12, 0)


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Desk]:
    one = desk(tmp_path / "home", receptions=("polling",), polling_place="E1")
    yield one
    one.close()


@pytest.fixture
def place(counter: Desk) -> PollingDesk:
    """An early place of five contests, of which one begins later, at noon of today."""
    polling = set_election(counter)
    polling.open_place(clock_confirmed=True, zero_printed=True)
    return polling


def set_election(counter: Desk) -> PollingDesk:
    polling, now = counter.polling, dt.datetime.combine(dt.datetime.now(JST).date(), NOON, JST)
    data = setup.moved_to(set_up().encode(), now.date())
    election, problems = setup.read(data)
    assert election is not None, problems
    elections.store(counter.station.home, election.id, data)
    polling.election_loaded(election)
    electors = Electors()
    electors.info = replace(electors.info, created_at=(now - dt.timedelta(hours=1)).isoformat())
    polling._roll = electors  # type: ignore[assignment]
    polling.clock = lambda: now
    return polling


def receive(polling: PollingDesk, key: str = "900001", choice: Choice = CARD) -> Receipt:
    return polling.receive(polling.look(polling.open_voter(key, choice.via)), choice)


def kinds(counter: Desk) -> list[str]:
    with counter.journal.view() as view:
        return [r.event.kind for r in view.events()]


def test_nothing_is_received_before_the_election_the_roll_and_the_opening(counter: Desk) -> None:
    assert "選挙の設定" in counter.polling.readiness()
    with pytest.raises(RuleError, match="選挙の設定"):
        counter.polling.search("サトウ")
    polling = set_election(counter)
    assert polling.readiness() == ""
    look = polling.look(polling.open_voter("900001", Via.CARD))
    assert look.examined.stop is not None and look.examined.stop.code is Code.NOT_OPEN
    with pytest.raises(Refusal):
        polling.receive(look, CARD)


def test_a_place_that_the_election_does_not_know_stops(tmp_path: Path) -> None:
    counter = desk(tmp_path / "home", receptions=("polling",), polling_place="X9")
    assert "X9" in set_election(counter).readiness()
    counter.close()


def test_a_changed_set_up_stops(place: PollingDesk) -> None:
    path = place.desk.station.home / "elections" / "2026-11-shugiin.toml"
    path.write_bytes(path.read_bytes().replace("桃色".encode(), "桃々".encode()) + b"\n# changed\n")
    assert "違います" in place.readiness()
    with pytest.raises(RuleError):
        place.open_card(CardSeen(reader="r", profile="p", token="user_id", value="3000000000001"))


def test_the_look_up_is_logged_before_it_is_shown(place: PollingDesk) -> None:
    place.open_card(CardSeen(reader="r", profile="p", token="user_id", value="3000000000001"))
    place.search("サトウ")
    assert kinds(place.desk)[-2:] == ["lookup.opened", "lookup.searched"]


def test_an_elector_of_another_ward_is_shown_the_right_place_only(place: PollingDesk) -> None:
    with pytest.raises(WrongPlace) as told:
        place.open_card(CardSeen(reader="r", profile="p", token="user_id", value="3000000000099"))
    assert told.value.stop.code is Code.WARD and "一ノ木戸小学校" in " ".join(told.value.stop.facts)
    with pytest.raises(UnknownToken):
        place.open_card(CardSeen(reader="r", profile="p", token="user_id", value="3000000000088"))


def test_a_reception_claims_its_papers_and_prints_in_the_same_transaction(place: PollingDesk) -> None:
    receipt = receive(place)
    assert [r.event.kind for r in receipt.recorded] == ["polling.received", "print.due", "print.due"]
    assert len({r.batch for r in receipt.recorded}) == 1 and len(receipt.papers) == 4
    with place.desk.journal.view() as view:
        for contest in CONTESTS[:4]:
            assert view.holder(Claim(f"polling/2026-11-shugiin/{contest}/ordinary", "900001"))
        assert view.holder(Claim("polling/2026-11-shugiin/shigi/ordinary", "900001")) is None
    assert [job.form for job in place.desk.printing.pending()] == ["declaration", "slip"]


@pytest.mark.parametrize("oath", [Oath.PRINTED, Oath.HANDWRITTEN])
def test_every_oath_has_a_sheet_number(place: PollingDesk, oath: Oath) -> None:
    receipt = receive(place, choice=replace(CARD, oath=oath))
    event = receipt.recorded[0].event
    assert isinstance(event, ev.Received) and event.oath_sheet == receipt.reception_no


def test_a_second_reception_is_refused_and_leaves_nothing(place: PollingDesk) -> None:
    opened = place.open_voter("900001", Via.CARD)
    look = place.look(opened)
    place.receive(look, CARD)
    before = kinds(place.desk)
    with pytest.raises(Refusal) as refused:
        place.receive(look, CARD)               # an old picture of the voter: the rules look again inside
    assert refused.value.code in (Code.VOTED, Code.WINDOW)
    assert kinds(place.desk) == before


def test_numbers_rise_and_are_not_given_twice(place: PollingDesk) -> None:
    first, second = receive(place), receive(place, "900005")
    assert first.reception_no != second.reception_no and second.reception_no > first.reception_no


def test_taking_back_needs_all_papers_and_a_second_operator_and_frees_the_claims(place: PollingDesk) -> None:
    receipt = receive(place)
    with pytest.raises(RuleError):
        place.take_back(receipt.reception_no, "人違い", in_hand=True, verifier="J03", pin="0000")
    with pytest.raises(Refusal):
        place.take_back(receipt.reception_no, "人違い", in_hand=False, verifier="J03", pin=PIN)
    place.take_back(receipt.reception_no, "人違い", in_hand=True, verifier="J03", pin=PIN)
    assert not [job for job in place.desk.printing.pending() if job.waits]
    line = next(q for q in place.equations() if q.contest == "sho" and q.paper is PaperKind.PLAIN)
    assert (line.issued, line.returned) == (0, 1)
    assert receive(place).papers == receipt.papers


def test_after_the_box_nothing_is_taken_back(place: PollingDesk) -> None:
    receipt = receive(place)
    place.cast("900001")
    with pytest.raises(Refusal, match="投函"):
        place.take_back(receipt.reception_no, "人違い", in_hand=True, verifier="J03", pin=PIN)


def test_a_spoiled_paper_is_exchanged_against_itself_only(place: PollingDesk) -> None:
    receive(place)
    with pytest.raises(Refusal) as refused:
        place.exchange("900001", "sho", Spoiling.MISWRITTEN, in_hand=False)
    assert refused.value.code is Code.NOPAPER
    place.exchange("900001", "sho", Spoiling.MISWRITTEN, in_hand=True)
    line = next(q for q in place.equations() if q.contest == "sho")
    assert (line.issued, line.spoiled, line.expected) == (1, 1, 498)


def test_a_spoiled_braille_paper_is_exchanged_for_a_braille_paper(place: PollingDesk) -> None:
    receive(place, choice=replace(CARD, braille=("sho",)))
    place.exchange("900001", "sho", Spoiling.MISWRITTEN, in_hand=True)
    lines = {q.paper: q for q in place.equations() if q.contest == "sho"}
    assert (lines[PaperKind.BRAILLE].issued, lines[PaperKind.BRAILLE].spoiled) == (1, 1)
    assert lines[PaperKind.PLAIN].issued == 0


def test_a_paper_of_the_wrong_contest_is_spoiled_where_it_belongs(place: PollingDesk) -> None:
    """The clerk took a sheet from the wrong pile: it comes back, the right one goes out, and both piles add up."""
    receive(place)
    place.exchange("900001", "sho", Spoiling.WRONG_PAPER, in_hand=True, wrong_contest="hirei")
    lines = {q.contest: q for q in place.equations() if q.paper is PaperKind.PLAIN}
    assert (lines["sho"].issued, lines["sho"].spoiled) == (1, 0)        # its pile is one short, as it always was
    assert (lines["hirei"].issued, lines["hirei"].spoiled) == (1, 1)
    with pytest.raises(Refusal):
        place.exchange("900001", "sho", Spoiling.MISWRITTEN, in_hand=True, wrong_contest="hirei")


def test_a_slip_left_lying_about_identifies_nobody(place: PollingDesk) -> None:
    assert place.open_reception(receive(place).reception_no).via is Via.SEARCH


def test_a_provisional_vote_goes_beside_the_ordinary_one_once(place: PollingDesk) -> None:
    receive(place)
    decided = {"decided_by": "K01", "pin": PIN}
    with pytest.raises(RuleError):
        place.refuse("900001", ["sho"], "投票済み", "異議なし", decided_by="J03", pin=PIN)
    place.refuse("900001", ["sho"], "投票済み", "異議なし", **decided)
    place.provisional("900001", ["sho"], "投票済みの記録に異議", "異議なし", "選挙人", **decided)
    with pytest.raises(Refusal):
        place.provisional("900001", ["sho"], "投票済みの記録に異議", "異議なし", "選挙人", **decided)
    line = next(q for q in place.equations() if q.contest == "sho")
    assert (line.issued, line.provisional) == (2, 1)


def test_somebody_outside_the_roll_is_enrolled_by_two_people(place: PollingDesk) -> None:
    opened = place.enroll(basis="確定判決書", name="登録　一", birth="19700101", contests=["sho"], decided_by="K01",
                          decider_pin=PIN, verifier="J03", pin=PIN, ward_code="W1")
    receipt = place.receive(place.look(opened), replace(CARD, id_method=IdMethod.DOCUMENT, via=Via.ROLL_NO))
    assert receipt.papers == ("衆議院小選挙区選出議員選挙",)


def test_a_difference_stands_until_it_is_settled(place: PollingDesk) -> None:
    receive(place)
    place.count("sho", PaperKind.PLAIN, 497)
    assert [q.sentence for q in place.standing_differences()] == ["衆議院小選挙区選出議員選挙 普通 2枚 不足"]
    place.settle("sho", PaperKind.PLAIN, "床に落ちていた2枚は無効として封じた", verifier="J03", pin=PIN)
    assert place.standing_differences() == ()
    assert place.count("sho", PaperKind.PLAIN, 497).holds


def test_the_place_closes_on_counted_papers_and_is_sealed_with_an_export(place: PollingDesk, tmp_path: Path) -> None:
    receive(place)
    with pytest.raises(RuleError):
        place.close_place(oaths_counted=1, remark="早じまい")
    for line in place.equations():
        place.count(line.contest, line.paper, line.expected, Occasion.CLOSING)
    with pytest.raises(RuleError):
        place.close_place(oaths_counted=1, remark="")
    day = place.close_place(oaths_counted=1, remark="大雪のため", verifier="J03", pin=PIN)
    assert day.state is PlaceState.CLOSED
    with pytest.raises(Refusal):
        receive(place, "900005")
    files = place.seal(tmp_path / "usb")
    assert files[0].exists() and place.days()[-1].state is PlaceState.SEALED
    with pytest.raises(RuleError):
        place.open_place(clock_confirmed=True, zero_printed=True)
    assert place.desk.journal.verify().count == len(kinds(place.desk))


def test_every_paper_can_be_made(place: PollingDesk) -> None:
    receipt = receive(place)
    place.refuse("900001", ["sho"], "投票済み", "異議なし", decided_by="K01", pin=PIN)
    place.incident("900001", "二重交付", "確かめました")
    place.report()
    asked = {"declaration": {"reception_no": receipt.reception_no}, "slip": {"reception_no": receipt.reception_no},
             "records": {"kind": "refused"}, "incident": {"key": "900001"}}
    for form in FORMS:
        if form != "closing":
            assert place.paper(form, **asked.get(form, {})).pdf().pages >= 1
    with pytest.raises(PrintError):
        place.paper("closing")
    with pytest.raises(PrintError):
        place.paper("declaration", reception_no="A1B2C3-0009-9")


def test_the_slip_names_nobody_and_the_oath_names_no_address_of_the_protected(place: PollingDesk) -> None:
    receipt = receive(place, "900008")
    slip, oath = (place.paper(form, reception_no=receipt.reception_no).content for form in ("slip", "declaration"))
    assert "隠田" not in repr(slip) and "900008" not in repr(slip)
    assert oath.name == "隠田　守子" and oath.address == ""
    assert all(row.address == "" for row in place.paper("extract").rows if "隠田" in row.name)


def test_my_number_is_refused_in_what_is_typed(place: PollingDesk) -> None:
    receive(place)
    with pytest.raises(RuleError, match="個人番号"):
        place.incident("900001", "二重交付", "番号 123456789018 の方")


def test_what_is_kept_is_what_the_events_say(place: PollingDesk) -> None:
    receive(place)
    receive(place, "900005")
    place.exchange("900005", "hirei", Spoiling.SOILED, in_hand=True)
    with place.desk.journal.view() as view:
        kept = list(view.records(VOTERS, "2026-11-shugiin"))
    place.desk.journal.rebuild()
    with place.desk.journal.view() as view:
        assert list(view.records(VOTERS, "2026-11-shugiin")) == kept
        assert ev.Received.kind in {r.event.kind for r in view.events()}


def test_a_report_that_is_made_late_counts_up_to_its_time(place: PollingDesk) -> None:
    receive(place)
    assert place.report().figures["sho"] == (1, 0, 1)
    assert place.report("00:00").figures["sho"] == (0, 0, 0)
