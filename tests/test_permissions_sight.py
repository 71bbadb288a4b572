"""What a role sees and how it may search: no address for a volunteer, no free search without a reason."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjo_tui import log
from sanjo_tui.__main__ import main
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk, papers, rendering, signing, undoing
from sanjo_tui.desk.searching import ReasonNeeded
from sanjo_tui.errors import NotAllowed, RuleError
from sanjo_tui.receptions.lookups import ListMade, Searched
from sanjo_tui.receptions.shelter import events as ev
from sanjo_tui.register.people import MASKED
from sanjo_tui.vault.roles import Role
from tests.operators_ground import FREE, HOME, PIN, SATO, Ground, at, build

LOT = "１丁目２番３号"
"""What stands behind the town in the address of the family Sato."""


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return build(tmp_path_factory.mktemp("station") / "home")


@pytest.fixture
def home(ground: Ground, tmp_path: Path) -> Path:
    return ground.copy(tmp_path / "home")


@pytest.fixture
def volunteer(home: Path) -> Iterator[Desk]:
    desk = at(home, Role.VOLUNTEER)
    yield desk
    desk.close()


@pytest.fixture
def clerk(home: Path) -> Iterator[Desk]:
    desk = at(home, Role.CLERK)
    yield desk
    desk.close()


def last(desk: Desk, kind: str) -> ev.Event:
    with desk.journal.view() as view:
        return next(iter(view.events(kinds=(kind,), newest_first=True, limit=1))).event


# --- addresses


def test_a_volunteer_sees_the_town_alone(volunteer: Desk, ground: Ground) -> None:
    opened = volunteer.open_card(CardSeen(reader="r", profile="p", token="user_id", value="3210987654321"))
    look = volunteer.shelter.look(opened)
    hits = volunteer.search("サトウ 19740512").hits
    present = volunteer.shelter.find_present(ground.tag)
    for shown in (opened, look, hits, present):
        assert LOT not in repr(shown) and "9550065" not in repr(shown)
    assert {line.seen.address for line in look.members} == {"旭町"} and look.town == "旭町"


def test_a_volunteer_sees_no_address_of_an_elector(volunteer: Desk, ground: Ground) -> None:
    opened = volunteer.polling.open_voter(ground.voter)
    found = volunteer.polling.search(ground.voter)
    assert opened.elector.address == MASKED and found.hits[0].elector.address == MASKED
    assert "旭町" not in repr(opened) + repr(found) + repr(volunteer.polling.look(opened))
    oath = volunteer.polling.paper("declaration", reception_no=ground.ballot).content
    assert oath.name and oath.address == ""


def test_a_clerk_sees_addresses(clerk: Desk, ground: Ground) -> None:
    assert LOT in clerk.shelter.look(clerk.open_resident(SATO)).members[0].seen.address
    assert clerk.polling.open_voter(ground.voter).elector.address != MASKED
    assert clerk.polling.paper("declaration", reception_no=ground.ballot).content.address


def test_what_a_volunteer_records_is_whole(volunteer: Desk) -> None:
    look = volunteer.shelter.look(volunteer.open_resident(FREE))
    volunteer.shelter.admit(look, [FREE])
    admitted = last(volunteer, ev.Admitted.kind)
    assert isinstance(admitted, ev.Admitted)
    assert admitted.seen.address != admitted.seen.town and admitted.seen.address.startswith(admitted.seen.town)


def test_a_card_of_a_household_shows_a_volunteer_the_town(volunteer: Desk, home: Path) -> None:
    assert volunteer.shelter.paper("card", household=HOME).content.address == "旭町"
    volunteer.sign_on("J01", PIN)
    assert LOT in volunteer.shelter.paper("card", household=HOME).content.address


def test_the_command_line_masks_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home.parent / "pin").write_text(PIN)
    for who, whole in (("V01", False), ("J01", True)):
        assert main(["--home", str(home), "--json", "--operator", who, "--operator-pin-file", str(home.parent / "pin"),
                     "register", "find", SATO]) == 0
        row = json.loads(capsys.readouterr().out)["hits"][0]
        assert (LOT in json.dumps(row, ensure_ascii=False)) is whole and row["town"] == "旭町"
    log.stop()


# --- searches


@pytest.mark.parametrize("text", ["サトウ", "佐藤", "佐藤 太郎", "19740512", "サトウ タロウ", "佐藤 新潟", "佐 旭"])
def test_one_feature_is_not_enough_for_a_volunteer(volunteer: Desk, text: str) -> None:
    before = volunteer.mark()
    with pytest.raises(NotAllowed, match="手がかり") as told:
        volunteer.search(text, "reception")
    assert "生年月日" in told.value.hint and volunteer.mark() == before


@pytest.mark.parametrize("text", [
    "サトウ 19740512", "佐藤 S49.5.12", "佐藤 旭町", "旭町 サトウ", "佐藤 太郎 旭町", SATO, "3210987654321"])
def test_two_features_or_a_number_are(volunteer: Desk, clerk: Desk, text: str) -> None:
    for desk in (volunteer, clerk):
        found = desk.search(text)
        assert found.hits and {hit.resident.name.split("　")[0] for hit in found.hits} == {"佐藤"}
        assert all(hit.resident.town == "旭町" for hit in found.hits)


def test_the_roll_is_searched_by_the_same_rule(volunteer: Desk) -> None:
    for text in ("シブヤ", "シブヤ ミライ", "20081127"):
        with pytest.raises(NotAllowed):
            volunteer.polling.search(text)
    for text in ("シブヤ 20081127", "渋谷 旭町", "3-01-001-01"):
        assert {hit.elector.name.split("　")[0] for hit in volunteer.polling.search(text).hits} == {"渋谷"}


def test_a_number_that_nobody_has_finds_nobody(volunteer: Desk) -> None:
    assert volunteer.search("0000000000000").hits == ()


def test_a_clerk_gives_a_reason_that_stands_in_the_journal(clerk: Desk) -> None:
    before = clerk.mark()
    with pytest.raises(ReasonNeeded, match="受付") as told:
        clerk.search("サトウ")
    assert isinstance(told.value, RuleError) and clerk.mark() == before
    with pytest.raises(RuleError, match="その理由は使えません"):
        clerk.search("サトウ", "佐藤さんに頼まれた")
    assert clerk.search("サトウ", "inquiry").hits
    searched = last(clerk, Searched.kind)
    assert isinstance(searched, Searched) and searched.reason == "inquiry"
    with pytest.raises(ReasonNeeded):
        clerk.polling.search("シブヤ")


def test_a_protected_person_is_not_found_by_town(volunteer: Desk) -> None:
    register = volunteer.register
    assert register is not None
    protected = [one for one in register.everyone() if one.protected]
    assert protected
    for one in protected:
        with pytest.raises(NotAllowed):
            volunteer.search(f"{one.name_kana.split('　')[0]} {one.town or '旭町'}不明")
        try:
            found = volunteer.search(f"{one.name_kana} {one.town}") if one.town else None
        except NotAllowed:
            found = None
        assert found is None or one.addressee_no not in {hit.resident.addressee_no for hit in found.hits}


def test_a_volunteer_finds_the_present_by_number_only(volunteer: Desk, ground: Ground) -> None:
    assert volunteer.shelter.find_present(ground.provisional)
    with pytest.raises(NotAllowed, match="番号だけ"):
        volunteer.shelter.find_present("サトウ")


# --- taking back


def test_one_s_own_within_ten_minutes_another_s_never(home: Path, ground: Ground,
                                                      monkeypatch: pytest.MonkeyPatch) -> None:
    desk = at(home, Role.CLERK)
    desk.sign_on("J02", PIN)
    with pytest.raises(NotAllowed, match="ほかの人の記録"):
        desk.shelter.undo(ground.undo, "押し間違い")
    desk.sign_on("J01", PIN)
    monkeypatch.setattr(undoing, "OWN_MS", -1)
    with pytest.raises(NotAllowed, match="10分"):
        desk.shelter.undo(ground.undo, "押し間違い")
    with pytest.raises(NotAllowed, match="10分"):
        desk.polling.take_back(ground.ballot, "人違い", in_hand=True, verifier="J02", pin=PIN)
    desk.sign_on("K01", PIN)
    assert desk.shelter.undo(ground.undo, "押し間違い").recorded
    desk.close()


# --- documents that become due under one operator and are made under another


def test_a_document_is_made_for_who_ordered_it(home: Path, ground: Ground) -> None:
    desk = at(home, Role.CLERK)
    number = desk.shelter.print("roster")
    queue = desk.printing
    job = queue.job(number)
    assert job.asked_by == "J01"
    desk.sign_on("V01", PIN)
    assert rendering.render(desk, job).pages >= 1
    with desk.journal.view() as view:
        made = next(iter(view.events(kinds=(ListMade.kind,), newest_first=True, limit=1)))
    assert made.operator == "J01"
    with pytest.raises(NotAllowed):
        queue.cancel(number)
    assert queue.operator == "V01"
    ordered = queue.job(desk.shelter.print("card", household=HOME))
    desk.sign_on("K01", PIN)
    with signing.on_order_of(signing.who_ordered(desk.keys, ordered.asked_by)):
        assert papers.make(desk.shelter, "card", household=HOME).content.address == "旭町"
    desk.close()


def test_the_second_person_is_asked_by_role(clerk: Desk, ground: Ground) -> None:
    with pytest.raises(NotAllowed):
        clerk.polling.refuse(ground.other, ["smd"], "本人でない", "異議なし", decided_by="J02", pin=PIN)
    with pytest.raises(RuleError, match="別の人"):
        clerk.polling.take_back(ground.ballot, "人違い", in_hand=True, verifier="J01", pin=PIN)
    with pytest.raises(RuleError, match="違います"):
        clerk.polling.take_back(ground.ballot, "人違い", in_hand=True, verifier="J02", pin="9999")


def test_without_operators_everything_is_as_before(tmp_path: Path) -> None:
    from tests import desk as desks

    desk = desks.desk(tmp_path / "home")
    desk.shelter.open_shelter()
    look = desk.shelter.look(desks.opened(*desks.FAMILY))
    assert look.members[0].seen.address == "旭町１番地２"
    desk.shelter.admit(look, ["1"])
    assert desk.shelter.find_present("サトウ") and desk.shelter.undoable() and desk.shelter.roster()
    desk.close()
