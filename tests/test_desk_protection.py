"""Who came to be protected after she was received, who was merged, and 個人番号: what the desk must not let through."""

from __future__ import annotations

import pytest
from desk import desk
from register_ground import LG_CODE, PEOPLE, SATO, changed, snapshot

from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.errors import PrintError, RuleError, UnknownToken
from sanjo_tui.receptions.shelter.lists import Edition
from sanjo_tui.receptions.shelter.rules import UnknownPerson
from sanjo_tui.receptions.shelter.words import Exit, State
from sanjo_tui.register import snapshot as snapshots

TARO, HANAKO, JIRO, TAKASHI, SHIZU = "10000001", "10000002", "10000003", "10000011", "10000012"
MY_NUMBER = "123456789018"
BAND = CardSeen(reader="r", profile="band", token="uid", value="04AABB")


def load(at: Desk, folder, people=PEOPLE, sequence: int = 1) -> None:
    snapshots.load(snapshot(folder, people, sequence=sequence), at.station.register_dir, at.keys, lg_code=LG_CODE,
                   yes=True)
    at.refresh_register()


@pytest.fixture
def counter(tmp_path):
    at = desk(tmp_path / "home", lg_code=LG_CODE, capacity=50)
    load(at, tmp_path / "first")
    at.shelter.open_shelter("20261124")
    yield at
    at.close()


@pytest.fixture
def protected_since(counter, tmp_path):
    """The family of three is inside; then a snapshot comes that protects 花子. Gives the family's number."""
    shelter = counter.shelter
    receipt = shelter.admit(shelter.look(counter.open_resident(TARO)), (TARO, HANAKO, JIRO))
    shelter.supplement(HANAKO, {"disclose_kin": True, "disclose_public": True})
    load(counter, tmp_path / "second", [*(changed(row, suppress_flags="1") if row[0] == HANAKO else row
                                          for row in PEOPLE)], 2)
    return receipt.registration_no


def test_a_consent_given_before_the_protection_answers_nobody(counter, protected_since):
    shelter = counter.shelter
    assert shelter.inquire(HANAKO, "夫", "夫") == shelter.inquire(SHIZU, "夫", "夫")  # as one who was never here
    assert not shelter.inquire(HANAKO, "夫", "夫").allowed
    assert shelter.roster(Edition.POSTING) == ()


def test_the_familys_number_leads_neither_to_her_nor_back(counter, protected_since):
    shelter = counter.shelter
    assert [p.person for p in shelter.find_present(protected_since)] == [TARO, JIRO]
    rows = shelter.roster(Edition.STAFF)
    assert [row.name for row in rows if row.registration_no == protected_since] == ["佐藤　太郎", "佐藤　次郎"]
    hers = next(row for row in rows if not row.registration_no)
    assert (hers.name, hers.addressee_no, hers.relationship) == ("（氏名非表示）", "", "")
    assert shelter.paper("tag", registration_no=protected_since).content.tickets[0].people == 2
    assert shelter.look(counter.open_resident(HANAKO)).registration_no == ""
    assert [latest.text for latest in shelter.latest()] == ["氏名非表示 1人補記", "佐藤 2人入所"]
    assert shelter.counts().people == 3  # she is fed all the same


def test_she_gets_a_number_of_her_own_when_she_comes_again(counter, protected_since):
    shelter = counter.shelter
    look = shelter.look(counter.open_resident(HANAKO))
    shelter.depart(look, [HANAKO])
    receipt = shelter.admit(shelter.look(counter.open_resident(HANAKO)), [HANAKO])
    assert receipt.registration_no not in ("", protected_since)
    shelter.depart(shelter.look(counter.open_resident(TARO)), [TARO])
    assert shelter.admit(shelter.look(counter.open_resident(TARO)), [TARO]).registration_no == protected_since


def test_the_roster_counts_those_without_a_number_as_households_of_their_own(counter, protected_since):
    from sanjo_tui.documents.roster import _total

    assert _total(counter.shelter.roster(Edition.STAFF)).endswith("2世帯")


def test_a_number_is_found_however_it_is_typed_and_under_a_former_tag(counter):
    shelter = counter.shelter
    number = shelter.admit_unknown(UnknownPerson(name="タカシ")).registration_no
    assert [p.person for p in shelter.find_present(f" {number.lower()} ")] == [number]
    shelter.merge(number, TAKASHI, "別の人")
    assert [p.person for p in shelter.find_present(number)] == [TAKASHI]
    assert shelter.find_present("  ") == ()


# --- 名寄せ


def test_a_card_handed_to_somebody_who_was_merged_opens_the_resident(counter):
    shelter = counter.shelter
    number = shelter.admit_unknown(UnknownPerson(name="シヅ")).registration_no
    counter.bind(BAND, number)
    shelter.merge(number, SHIZU, "別の人")
    assert [line.key for line in shelter.look(counter.open_card(BAND)).members] == [SHIZU]
    assert shelter.latest(1)[0].text == "氏名非表示 1人統合"


def test_merging_takes_over_all_that_was_asked(counter):
    shelter = counter.shelter
    number = shelter.admit_unknown(UnknownPerson(name="タカシ")).registration_no
    noted = {"injured": True, "injury_note": "足", "disclose_kin": True, "language": "英語", "area": "A", "note": "犬",
             "evac_support": "歩行", "needs_note": "薬"}
    shelter.supplement(number, noted)
    shelter.go_out(shelter.look(counter.open_person(number)), [number], "病院", "2026-11-24T10:00")
    shelter.merge(number, TAKASHI, "別の人")
    now = shelter.presences()[TAKASHI]
    assert {name: getattr(now, name) for name in noted} == noted
    assert (now.state, now.leave_to, now.leave_until) == (State.ON_LEAVE, "病院", "2026-11-24T10:00")
    assert [p.person for p in shelter.overdue()] == [TAKASHI]
    counter.journal.verify()


def test_an_answer_of_the_residents_own_is_not_overruled_by_merging(counter):
    shelter = counter.shelter
    shelter.admit(shelter.look(counter.open_resident(TAKASHI)), [TAKASHI])
    shelter.supplement(TAKASHI, {"disclose_kin": False, "note": "自分の"})
    number = shelter.admit_unknown(UnknownPerson(name="タカシ")).registration_no
    shelter.supplement(number, {"disclose_kin": True, "note": "仮の"})
    shelter.merge(number, TAKASHI, "別の人")
    now = shelter.presences()[TAKASHI]
    assert (now.disclose_kin, now.note, shelter.counts().people) == (False, "自分の", 1)


def test_somebody_who_left_before_we_knew_who_it_was_is_not_missing(counter):
    shelter = counter.shelter
    number = shelter.admit_unknown(UnknownPerson(name="タカシ")).registration_no
    shelter.depart(shelter.look(counter.open_person(number)), [number], Exit.RELATIVES, "元町")
    shelter.merge(number, TAKASHI, "別の人")
    now = shelter.presences()[TAKASHI]
    assert (now.state, now.exit_to, now.exit_address) == (State.DEPARTED, Exit.RELATIVES, "元町")
    assert "渡邉　敬" not in [row.name for row in shelter.unconfirmed()]
    assert shelter.counts().people == 0


def test_a_card_of_an_earlier_disasters_tag_is_nobodys_and_can_be_handed_out_again(counter):
    shelter = counter.shelter
    number = shelter.admit_unknown(UnknownPerson(name="タカシ")).registration_no
    counter.bind(BAND, number)
    with pytest.raises(RuleError):
        counter.bind(BAND, TARO)
    shelter.close_shelter(transfer=True)
    shelter.open_shelter("20271124")
    with pytest.raises(UnknownToken):
        counter.open_card(BAND)
    counter.bind(BAND, TARO)
    assert counter.open_card(BAND).who == TARO
    counter.journal.verify()


# --- what is typed


@pytest.mark.parametrize("typed", [MY_NUMBER, "１２３４ ５６７８ ９０１８", "番号は1234-5678-9018です"])
def test_a_my_number_is_refused_in_every_field_and_nothing_is_recorded(counter, typed):
    shelter = counter.shelter
    shelter.admit(shelter.look(counter.open_resident(TARO)), [TARO])
    look = shelter.look(counter.open_resident(TARO))
    with counter.journal.view() as view:
        count = view.count()
    for act in (lambda: shelter.supplement(TARO, {"note": typed}),
                lambda: shelter.note_household(look, {"phone": typed}),
                lambda: shelter.go_out(look, [TARO], typed),
                lambda: shelter.depart(look, [TARO], Exit.HOME, typed),
                lambda: shelter.admit_unknown(UnknownPerson(name=typed)),
                lambda: shelter.admit_unknown(UnknownPerson(other_ident=typed)),
                lambda: shelter.undo(shelter.undoable()[0].number, typed),
                lambda: shelter.inquire(TARO, typed, "母"),
                lambda: shelter.paper("supplies", items=[typed]),
                lambda: shelter.close_shelter(typed, transfer=True)):
        with pytest.raises(RuleError, match="個人番号"):
            act()
    with counter.journal.view() as view:
        assert view.count() == count


def test_telephones_dates_and_a_known_addressee_number_are_no_my_number(counter, tmp_path):
    shelter = counter.shelter
    shelter.admit(shelter.look(counter.open_resident(TARO)), [TARO])
    shelter.supplement(TARO, {"note": "090-1234-5678 0256-34-5511 2026-11-24 旭町1-2-3"})
    load(counter, tmp_path / "third", [*PEOPLE, changed(SATO[0], addressee_no=MY_NUMBER, household_no="9009")], 2)
    shelter.supplement(TARO, {"note": MY_NUMBER})


@pytest.mark.parametrize("code", ["a/../b", "佐藤", "2026 1", "token", "x" * 33, MY_NUMBER])
def test_a_disaster_code_that_cannot_stand_in_a_file_name_is_refused(counter, code):
    counter.shelter.close_shelter()
    with pytest.raises(RuleError):
        counter.shelter.open_shelter(code)
    assert counter.shelter.scope == "20261124"


def test_a_tag_is_made_only_for_a_number_that_is_somebodys(counter):
    shelter = counter.shelter
    number = shelter.admit_unknown(UnknownPerson(name="タカシ")).registration_no
    blank = shelter.reserve_numbers(1)[0]
    assert shelter.paper("tag", registration_no=number.lower()).content.tickets[0].registration_no == number
    for wrong in (number[:-1] + str((int(number[-1]) + 1) % 10), "A1B2C3-9999-0", blank, "x"):
        with pytest.raises(PrintError):
            shelter.paper("tag", registration_no=wrong)
