"""利用者ID発行: from consent to read-back, one live number a person, a stop at the next tap, a new register."""

from __future__ import annotations

from pathlib import Path

import pytest

from sanjo_tui.cards.errands import WriteOutcome, Written
from sanjo_tui.desk import Desk
from sanjo_tui.desk.following import follow
from sanjo_tui.errors import RuleError, UnknownToken
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.userid.words import Status
from sanjo_tui.register.people import MASKED
from tests import desk as desks
from tests.userid_ground import (
    FIRST,
    PROTECTED,
    SAMPLE,
    SATO,
    holder,
    issue,
    load_register,
    nobody_yet,
    reserve,
    seen,
    userid,
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return userid(tmp_path / "A")


def texts(desk: Desk, form: str, **more: str) -> str:
    return str(desk.userid.paper(form, **more).content)


def test_a_number_is_reserved_written_read_back_and_opens_its_holder(desk: Desk) -> None:
    who = nobody_yet(desk)
    number = reserve(desk, who.addressee_no)
    assert number == FIRST and holder(desk, who.addressee_no).shown is Status.RESERVED
    with pytest.raises(UnknownToken, match="発行の途中"):
        desk.open_card(seen(number), "library")
    receipt = desk.userid.written(who.addressee_no, Written(outcome=WriteOutcome.WRITTEN, read_back=number,
                                                            touched=True))
    assert receipt.message == "発行しました" and len(receipt.jobs) == 1
    assert desk.open_card(seen(number), "library").who == who.addressee_no
    assert holder(desk, who.addressee_no).status is Status.VERIFIED


def test_consent_holds_only_for_the_services_that_were_chosen(desk: Desk) -> None:
    who = nobody_yet(desk)
    number = issue(desk, who.addressee_no, "library")
    with pytest.raises(UnknownToken, match="同意がありません"):
        desk.open_card(seen(number), "shelter")
    desk.userid.change_consent(who.addressee_no, ("shelter", "election"))
    assert desk.open_card(seen(number), "shelter").who == who.addressee_no
    assert desk.open_card(seen(number), "polling").who == who.addressee_no
    with pytest.raises(UnknownToken):
        desk.open_card(seen(number), "library")
    with pytest.raises(RuleError, match="業務がありません"):
        desk.userid.reserve(nobody_yet(desk, 1).addressee_no, verified_by=VerifiedBy.PHOTO_ID, consent=())


def test_a_stop_and_a_withdrawal_count_at_the_next_tap(desk: Desk) -> None:
    who = nobody_yet(desk).addressee_no
    number = issue(desk, who)
    desk.userid.suspend(who, "紛失")
    with pytest.raises(UnknownToken, match="停止中"):
        desk.open_card(seen(number), "library")
    desk.userid.resume(who, "見つかった")
    desk.open_card(seen(number), "library")
    desk.userid.withdraw(who, "本人の申出")
    with pytest.raises(UnknownToken, match="撤回"):
        desk.open_card(seen(number), "library")
    again = issue(desk, who)
    assert again != number and desk.open_card(seen(again), "library").who == who
    with pytest.raises(UnknownToken, match="替わって"):
        desk.open_card(seen(number), "library")


def test_a_number_that_only_the_register_knows_can_be_stopped_too(desk: Desk) -> None:
    assert desk.register is not None
    link = desk.register.by_user_id(SATO)
    assert link is not None and desk.open_card(seen(SATO), "library").who == link.addressee_no
    desk.userid.suspend(link.addressee_no, "紛失", link)
    with pytest.raises(UnknownToken, match="停止中"):
        desk.open_card(seen(SATO), "library")


def test_who_has_a_card_in_the_register_gets_another_number_only_in_its_place(desk: Desk) -> None:
    assert desk.register is not None
    link = desk.register.by_user_id(SATO)
    assert link is not None
    new = issue(desk, link.addressee_no)                        # found by a search: no card was tapped
    assert new != SATO and holder(desk, link.addressee_no).before == (SATO,)
    assert desk.open_card(seen(new), "library").who == link.addressee_no
    with pytest.raises(UnknownToken, match="替わって"):
        desk.open_card(seen(SATO), "library")


def test_a_stop_counts_when_the_station_was_closed_and_another_reception_opens_first(tmp_path: Path) -> None:
    desk = userid(tmp_path / "A", receptions=("library", "userid"))
    who = nobody_yet(desk).addressee_no
    number = issue(desk, who)
    desk.userid.suspend(who, "紛失")
    desk.close()
    again = desks.desk(tmp_path / "A", receptions=("library", "userid"))
    with pytest.raises(UnknownToken, match="停止中"):
        again.open_card(seen(number), "library")
    again.close()


def test_one_live_number_a_person(desk: Desk) -> None:
    who = nobody_yet(desk).addressee_no
    reserve(desk, who)
    with pytest.raises(RuleError, match="途中"):
        reserve(desk, who)


@pytest.mark.parametrize("carry", [True, False])
def test_a_new_chip_takes_over_only_when_it_is_read_back(desk: Desk, carry: bool) -> None:
    who = nobody_yet(desk).addressee_no
    old = issue(desk, who)
    new = reserve(desk, who, carry=carry)
    assert (new == old) is carry and desk.open_card(seen(old), "library").who == who
    desk.userid.read_back(who, seen(new))
    assert desk.open_card(seen(new), "library").who == who
    if not carry:
        with pytest.raises(UnknownToken, match="替わって"):
            desk.open_card(seen(old), "library")
        assert holder(desk, who).before == (old,)


def test_a_torn_card_is_finished_or_given_up_and_its_number_is_never_used_again(desk: Desk) -> None:
    who, other = nobody_yet(desk).addressee_no, nobody_yet(desk, 1).addressee_no
    number = reserve(desk, who)
    told = desk.userid.written(who, Written(outcome=WriteOutcome.TORN, touched=True))
    assert told.message == "まだ発行していません" and [one.addressee_no for one in desk.userid.unfinished()] == [who]
    assert holder(desk, who).shown is Status.WRITTEN and "発行の途中 1件" in desk.userid.notices()
    with pytest.raises(RuleError):
        desk.userid.undo(desk.userid.latest(1)[0].number, "まちがい")
    desk.userid.abandon(who, "カードの破損")
    assert not desk.userid.unfinished()
    assert issue(desk, other) != number and issue(desk, who) not in (number, holder(desk, other).user_id)


def test_the_towns_own_tool_ends_only_with_a_tap_of_that_card(desk: Desk) -> None:
    who = nobody_yet(desk).addressee_no
    number = reserve(desk, who, by_tool=True)
    with pytest.raises(RuleError, match="違います"):
        desk.userid.read_back(who, seen("9999999999999"))
    from dataclasses import replace

    with pytest.raises(RuleError, match="打ち込まれた"):
        desk.userid.read_back(who, replace(seen(number), assurance="number"))
    desk.userid.read_back(who, seen(number))
    assert holder(desk, who).in_use


def test_a_read_back_of_another_number_issues_nothing(desk: Desk) -> None:
    who = nobody_yet(desk).addressee_no
    reserve(desk, who)
    with pytest.raises(RuleError, match="読み戻した番号"):
        desk.userid.written(who, Written(outcome=WriteOutcome.WRITTEN, read_back=SATO, touched=True))
    assert not holder(desk, who).in_use


def test_a_reservation_is_taken_back_while_nothing_was_written(desk: Desk) -> None:
    who = nobody_yet(desk).addressee_no
    number = reserve(desk, who)
    desk.userid.undo(desk.userid.undoable()[0].number, "人違い")
    assert not desk.userid.unfinished() and reserve(desk, who) != number


def test_links_to_other_systems(desk: Desk) -> None:
    who = nobody_yet(desk).addressee_no
    issue(desk, who)
    with pytest.raises(RuleError, match="形が違います"):
        desk.userid.link_number(who, "library_no", "12")
    desk.userid.link_number(who, "library_no", "3100001")
    assert holder(desk, who).status is Status.LINKED
    assert "図書番号 3100001" in texts(desk, "userid.notice", addressee_no=who)
    desk.userid.link_number(who, "library_no", "")
    assert holder(desk, who).status is Status.VERIFIED


def test_without_an_ordinance_in_force_nothing_is_issued(desk: Desk, tmp_path: Path) -> None:
    desk.userid.load(SAMPLE.replace(b"2026-04-01", b"2099-04-01"))
    with pytest.raises(RuleError, match="施行"):
        reserve(desk, nobody_yet(desk).addressee_no)
    with pytest.raises(RuleError, match="条例"):
        desk.userid.load(SAMPLE[:SAMPLE.index(b"[ordinance]")] + SAMPLE[SAMPLE.index(b"[consent]"):])


def test_protected_people_stop_and_their_address_is_nowhere(desk: Desk) -> None:
    assert desk.register is not None
    link = desk.register.by_user_id(PROTECTED)
    assert link is not None
    with pytest.raises(RuleError, match="手続"):
        reserve(desk, link.addressee_no)
    desk.release(link.addressee_no, "reception")
    issue(desk, link.addressee_no)
    resident = desk.register.resident(link.addressee_no)
    assert resident is not None
    papers = (texts(desk, "userid.consent", addressee_no=link.addressee_no) + texts(desk, "userid.ledger")
              + texts(desk, "userid.day") + desk.userid.paper("userid.ledger").csv())
    assert MASKED in papers and resident.town not in papers and resident.lot_text not in papers


def test_the_whole_number_stands_on_no_paper_and_the_export_is_a_cards_file(desk: Desk) -> None:
    who = nobody_yet(desk)
    number = issue(desk, who.addressee_no)
    for form, more in (("userid.notice", {"addressee_no": who.addressee_no}),
                       ("userid.consent", {"addressee_no": who.addressee_no})):
        paper = desk.userid.paper(form, **more)
        assert number not in str(paper.content) and number[-4:] in str(paper.content) and paper.pdf().pages == 1
    listed = desk.userid.paper("userid.ledger")
    head, row = listed.csv().splitlines()[:2]
    assert head.startswith("addressee_no,user_id,valid_until,status")
    assert row.split(",")[:4] == [who.addressee_no, number, "", "active"]
    assert listed.pdf().pages == 1


def test_a_new_register_stops_who_is_gone(desk: Desk) -> None:
    assert desk.register is not None
    follow(desk, desk.userid)
    living = {one.addressee_no for one in desk.register.everyone() if one.living and not one.protected}
    load_register(desk, "demo-next")
    gone = {one for one in living if (now := desk.register.resident(one)) is None or not now.living}
    load_register(desk, "demo")
    people = sorted(gone)[:5] + sorted(living - gone)[:5]
    numbers = {who: issue(desk, who) for who in people}
    load_register(desk, "demo-next")
    assert gone and follow(desk, desk.userid)
    stopped = {who for who in people if holder(desk, who).status is Status.SUSPENDED}
    assert stopped == gone & set(people)
    with desk.journal.view() as view:
        dues = desk.userid.dues(view)
    assert {one.subject for one in dues} == stopped and all(one.todo and one.what for one in dues)
    for who in stopped:
        with pytest.raises(UnknownToken, match="停止中"):
            desk.open_card(seen(numbers[who]), "library")
    with pytest.raises(RuleError, match="住基では"):
        desk.userid.resume(min(stopped), "まちがい")


def test_two_stations_never_give_the_same_number(tmp_path: Path) -> None:
    parted = SAMPLE.replace(b'station = "*"\nfirst = "7100000000001"\nlast = "7100000000400"', (
        b'station = "AAA"\nfirst = "7100000000001"\nlast = "7100000000002"\n\n'
        b'[[ranges]]\nstation = "BBB"\nfirst = "7100000000003"\nlast = "7100000000004"'))
    given = []
    for code in ("AAA", "BBB"):
        desk = userid(tmp_path / code, code=code)
        desk.userid.load(parted)
        given += [issue(desk, nobody_yet(desk, n).addressee_no) for n in range(2)]
        with pytest.raises(RuleError, match="もうありません"):
            reserve(desk, nobody_yet(desk, 2).addressee_no)
        assert "利用者ID 残り0" in desk.userid.notices()
    assert given == [f"710000000000{n}" for n in range(1, 5)]
    stranger = userid(tmp_path / "CCC", code="CCC")
    with pytest.raises(RuleError, match="割り当てられた"):
        stranger.userid.load(parted)
