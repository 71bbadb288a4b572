"""An application from the telephone to the hand-over, on the real desk; every refusal on the way."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjo_tui.desk import Desk, photos
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application.words import Channel, Defect, Point, State, Ward
from sanjo_tui.receptions.identity import VerifiedBy
from tests.application_ground import (
    EXPIRED,
    FORM,
    HOMMA,
    IKARASHI,
    KUMAKURA,
    PROTECTED,
    SAMPLE,
    SATO,
    SLOT,
    TODAY,
    application,
    asked,
    book,
    by_post,
    filled,
    link_of,
    now,
    on,
    person_of,
    photo,
    pictured,
    sent,
    signed,
    walk_in,
)


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    on(monkeypatch, TODAY)
    one = application(tmp_path / "home")
    yield one
    one.close()


def test_the_whole_way_with_hand_over_at_the_hall(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    number = book(desk, SATO)
    assert now(desk, number).state is State.BOOKED
    assert desk.application.paper("application.slip", number=number).pdf().pages == 1
    on(monkeypatch, dt.date(2026, 12, 1))
    desk.application.arrive(number, verified_by=VerifiedBy.CARD_FACE, link=link_of(desk, SATO))
    desk.application.photograph(number, photo(tmp_path), tuple(Point))
    receipt = desk.application.fill(number, asked())
    assert len(receipt.jobs) == 1
    assert desk.application.paper("application.sheet", number=number).pdf().pages == 1
    desk.application.sign(number)
    batch = desk.application.send_batch()
    assert batch.detail.endswith("1通")
    one = now(desk, number)
    assert (one.state, one.sent_on) == (State.SENT, "2026-12-01") and one.batch
    on(monkeypatch, dt.date(2027, 1, 4))
    with pytest.raises(RuleError, match="通知書をまだ出していません"):
        desk.application.deliver(number, VerifiedBy.PHOTO_ID)
    desk.application.notify(number)
    with pytest.raises(RuleError, match="本人確認が要ります"):
        desk.application.deliver(number)
    assert photos.has(desk, one.photo_sha256, service="application")
    desk.application.deliver(number, VerifiedBy.PHOTO_ID)
    assert now(desk, number).state is State.DELIVERED and now(desk, number).notice_sent_on == "2027-01-04"
    assert not photos.has(desk, one.photo_sha256, service="application"), "no photo outlives its application"
    assert [text.text.split()[-1] for text in desk.application.latest(9)] == [
        "交付", "通知", "1通", "署名", "申請書", "写真", "来庁", "予約"]


def test_the_whole_way_by_post(desk: Desk, tmp_path: Path) -> None:
    number, _ = sent(desk, IKARASHI, tmp_path, by_post())
    with pytest.raises(RuleError, match="通知書を出しません"):
        desk.application.notify(number)
    desk.application.deliver(number)
    assert now(desk, number).state is State.DELIVERED and now(desk, number).notice_sent_on == ""


def test_by_post_wants_the_documents_seen_at_application(desk: Desk, tmp_path: Path) -> None:
    number = pictured(desk, SATO, tmp_path)
    with pytest.raises(RuleError, match="本人確認書類"):
        desk.application.fill(number, by_post().__class__(**{
            **{name: getattr(by_post(), name) for name in by_post().__slots__}, "id_documents": None}))


def test_a_slot_holds_no_more_than_its_seats(desk: Desk) -> None:
    book(desk, SATO)
    book(desk, IKARASHI)
    with pytest.raises(RuleError, match="いっぱい"):
        book(desk, HOMMA)
    slot = next(one for one in desk.application.day("hall", dt.date(2026, 12, 1)) if one.at == SLOT)
    assert (slot.free, len(slot.taken)) == (0, 2)
    assert SLOT not in dict(desk.application.bookable("hall", Channel.PHONE))


@pytest.mark.parametrize(("slot", "place", "sentence"), [
    ("2026-11-25T10:00", "hall", "7日前から30日前"), ("2027-01-26T10:00", "hall", "7日前から30日前"),
    ("2026-12-05T10:00", "hall", "予約枠はありません"), ("2026-12-01T12:00", "hall", "予約枠はありません"),
    ("2026-12-01T10:10", "hall", "予約枠はありません"), ("x", "hall", "読めません"), (SLOT, "nowhere", "場所では")])
def test_what_cannot_be_booked(desk: Desk, slot: str, place: str, sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        book(desk, SATO, slot, place)


def test_events_have_their_own_days_lead_time_and_channels(desk: Desk) -> None:
    number = book(desk, SATO, "2026-12-05T10:20", "ranan")
    assert now(desk, number).place == "ranan"
    with pytest.raises(RuleError, match="窓口では予約できません"):
        desk.application.book(person_of(desk, HOMMA), "ranan", "2026-12-05T10:40", Channel.COUNTER)


def test_one_application_a_person(desk: Desk) -> None:
    number = book(desk, SATO)
    with pytest.raises(RuleError, match=number):
        book(desk, SATO, "2026-12-02T10:00")
    with pytest.raises(RuleError, match="もうあります"):
        walk_in(desk, SATO)
    desk.application.cancel(number, "本人の申出")
    assert book(desk, SATO) != number


def test_moving_frees_the_old_seat_and_cancelling_frees_the_seat(desk: Desk) -> None:
    first, second = book(desk, SATO), book(desk, IKARASHI)
    desk.application.move(first, "hall", "2026-12-02T09:00")
    third = book(desk, HOMMA)
    with pytest.raises(RuleError, match="いっぱい"):
        book(desk, KUMAKURA)
    desk.application.cancel(second, "病気")
    book(desk, KUMAKURA)
    assert now(desk, first).slot == "2026-12-02T09:00" and now(desk, third).seat == 1
    assert now(desk, second).state is State.CANCELLED


def test_taken_back_a_move_or_an_end_needs_its_seat_again(desk: Desk) -> None:
    first = book(desk, SATO)
    desk.application.move(first, "hall", "2026-12-02T09:00")
    desk.application.undo(desk.application.undoable()[0].number, "押しまちがい")
    assert now(desk, first).slot == SLOT
    book(desk, IKARASHI)
    with pytest.raises(RuleError, match="いっぱい"):
        book(desk, HOMMA)
    desk.application.cancel(first, "病気")
    desk.application.undo(desk.application.undoable()[0].number, "押しまちがい")
    assert now(desk, first).state is State.BOOKED


def test_no_show_only_once_the_day_has_come(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    number = book(desk, SATO)
    with pytest.raises(RuleError, match="まだ来ていません"):
        desk.application.no_show(number)
    on(monkeypatch, dt.date(2026, 12, 2))
    with desk.journal.view() as view:
        assert [due.what for due in desk.application.dues(view)] == ["来庁の記録がない"]
    desk.application.no_show(number)
    assert now(desk, number).state is State.NO_SHOW
    assert book(desk, SATO, "2026-12-10T10:00")


def test_whoever_comes_on_another_day_is_told(desk: Desk) -> None:
    number = book(desk, SATO)
    with pytest.raises(RuleError, match="12月1日 10:00"):
        desk.application.arrive(number, verified_by=VerifiedBy.CARD_FACE)


@pytest.mark.parametrize(("card", "sentence"), [(PROTECTED, "ここではできません"), (EXPIRED, "期限が切れた")])
def test_stops(desk: Desk, card: str, sentence: str) -> None:
    with pytest.raises(RuleError, match=sentence):
        walk_in(desk, card)


def test_somebody_else_card_is_refused(desk: Desk) -> None:
    with pytest.raises(RuleError, match="この申請の方のものではありません"):
        desk.application.walk_in(person_of(desk, SATO), "hall", verified_by=VerifiedBy.CARD_FACE,
                                 link=link_of(desk, HOMMA))


def test_a_protected_person_once_released_leaves_no_address_anywhere(desk: Desk, tmp_path: Path) -> None:
    assert desk.register is not None
    person = person_of(desk, PROTECTED)
    resident = desk.register.resident(person)
    assert resident is not None and resident.town
    desk.release(person, "reception")
    number = walk_in(desk, PROTECTED)
    desk.release(person, "reception")
    desk.application.photograph(number, photo(tmp_path), tuple(Point))
    receipt = desk.application.fill(number, asked())
    assert receipt.jobs == (), "no sheet with an address"
    with desk.journal.view() as view:
        bodies = [one.event for one in view.events(scope="application")]
    assert not any(resident.town in str(event) for event in bodies)
    with pytest.raises(PrintError):
        desk.application.paper("application.sheet", number=number)
    rows = desk.application.paper("application.day", place="hall").records()
    assert resident.town not in str(rows) and [row["phone"] for row in rows] == [""]


# --- the photo


@pytest.mark.parametrize("missing", list(Point))
def test_every_point_is_confirmed_by_a_person(desk: Desk, tmp_path: Path, missing: Point) -> None:
    number = walk_in(desk, SATO)
    with pytest.raises(RuleError, match="写真の確認が残っています"):
        desk.application.photograph(number, photo(tmp_path), [point for point in Point if point is not missing])
    assert photos.kept(desk, service="application") == ()


@pytest.mark.parametrize(("made", "sentence"), [
    ({"width": 900, "height": 900}, "縦横の比"), ({"width": 350, "height": 450}, "小さすぎ"),
    ({"kind": "GIF"}, "写真のファイルでは")])
def test_a_photo_that_does_not_fit_is_refused(desk: Desk, tmp_path: Path, made: dict[str, object],
                                              sentence: str) -> None:
    number = walk_in(desk, SATO)
    with pytest.raises(RuleError, match=sentence):
        desk.application.photograph(number, photo(tmp_path, **made), tuple(Point))  # type: ignore[arg-type]
    assert photos.kept(desk, service="application") == () and now(desk, number).state is State.ARRIVED


def test_the_photo_is_unreadable_on_the_disk_and_the_event_names_it_alone(desk: Desk, tmp_path: Path) -> None:
    number = pictured(desk, SATO, tmp_path)
    one = now(desk, number)
    for path in desk.station.home.rglob("*"):
        if path.is_file():
            data = path.read_bytes()
            assert b"JFIF" not in data and b"\xff\xd8\xff\xe0" not in data[:4], path
    assert one.photo_sha256 and one.photo_checked_by == "op" and set(one.photo_points) == set(Point)


def test_a_child_under_one_needs_none_and_anybody_else_does(desk: Desk, tmp_path: Path,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.register is not None
    desk.application.load(SAMPLE.replace("2024-12-02", "2010-01-01").encode())
    baby = next(one for one in desk.register.everyone() if one.living and not one.protected
                and one.birth.calendar_day and one.birth.sort_key > "2019")
    born = baby.birth.calendar_day
    assert born is not None
    on(monkeypatch, born + dt.timedelta(days=366))
    with pytest.raises(RuleError, match="写真が要ります"):
        desk.application.no_photo(desk.application.walk_in(
            baby.addressee_no, "hall", verified_by=VerifiedBy.TWO_DOCUMENTS).reception_no)
    desk.application.undo(desk.application.undoable()[0].number, "押しまちがい")
    on(monkeypatch, born + dt.timedelta(days=200))
    number = desk.application.walk_in(baby.addressee_no, "hall", verified_by=VerifiedBy.TWO_DOCUMENTS).reception_no
    desk.application.no_photo(number)
    with pytest.raises(RuleError, match="法定代理人"):
        desk.application.fill(number, asked(sign=False))
    with pytest.raises(RuleError, match="署名用"):
        desk.application.fill(number, asked(representative="親　一郎", relation="父"))
    desk.application.fill(number, asked(sign=False, representative="親　一郎", relation="父"))
    assert now(desk, number).ward is Ward.UNDER_AGE
    assert desk.application.paper("application.sheet", number=number).pdf().pages == 1


def test_the_photo_of_somebody_else_is_refused(desk: Desk, tmp_path: Path) -> None:
    """The newest file of the camera may still be the one before."""
    face, first = photo(tmp_path), walk_in(desk, SATO)
    desk.application.photograph(first, face, tuple(Point))
    desk.application.photograph(first, face, tuple(Point))
    second = walk_in(desk, HOMMA)
    with pytest.raises(RuleError, match=f"別の方の申請（{first}）"):
        desk.application.photograph(second, face, tuple(Point))
    desk.application.cancel(first, "本人の申出")
    again = walk_in(desk, SATO)
    desk.application.photograph(again, face, tuple(Point))
    assert now(desk, again).state is State.PHOTOGRAPHED and now(desk, second).state is State.ARRIVED


def test_photos_are_erased_with_what_was_taken_back(desk: Desk, tmp_path: Path) -> None:
    number = pictured(desk, SATO, tmp_path)
    sha = now(desk, number).photo_sha256
    assert desk.application.erase_photos() == 0
    desk.application.undo(desk.application.undoable()[0].number, "人違い")
    assert photos.has(desk, sha, service="application")
    desk.application.cancel(number, "本人の申出")
    assert desk.application.erase_photos() == 1 and not photos.has(desk, sha, service="application")
    with desk.journal.view() as view:
        assert [one.event.subject for one in view.events(kinds=(ev.PhotoErased.kind,))] == [sha]


def test_a_photo_that_no_record_names_is_erased_by_the_timer(desk: Desk, tmp_path: Path) -> None:
    number = pictured(desk, SATO, tmp_path)
    lost = photos.check(photo(tmp_path, width=720), desk.application.photo_rules)
    photos.keep(desk, lost, service="application")
    assert desk.application.erase_photos() == 0, "its record may be on its way"
    file = desk.station.home / "photos" / f"application-{lost.sha256}.sealed"
    os.utime(file, (file.stat().st_mtime - 2 * photos.ON_ITS_WAY,) * 2)
    assert desk.application.erase_photos() == 1
    assert photos.kept(desk, service="application") == (now(desk, number).photo_sha256,) != (lost.sha256,)


@pytest.mark.parametrize(("days", "said"), [(0, "写真は、この端末から消しました"), (30, "")])
def test_the_photo_is_said_to_be_erased_only_where_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                          days: int, said: str) -> None:
    on(monkeypatch, TODAY)
    desk = application(tmp_path / "home", setup=SAMPLE.replace("photo_days = 0", f"photo_days = {days}"))
    number, _ = sent(desk, SATO, tmp_path, by_post())
    sha = now(desk, number).photo_sha256
    assert desk.application.deliver(number).note == said
    assert photos.has(desk, sha, service="application") == bool(days)
    desk.close()


# --- the form


@pytest.mark.parametrize(("form", "sentence"), [
    ("", "23桁"), ("1" * 22, "22桁"), ("1" * 24, "24桁"), ("x" * 23, "23桁")])
def test_a_form_number_has_23_digits(desk: Desk, tmp_path: Path, form: str, sentence: str) -> None:
    number = pictured(desk, SATO, tmp_path)
    with pytest.raises(RuleError, match=sentence):
        desk.application.fill(number, asked(form))


def test_an_old_form_a_ward_without_representative_a_move_untold(desk: Desk, tmp_path: Path) -> None:
    number = pictured(desk, SATO, tmp_path)
    with pytest.raises(RuleError, match="要再発行"):
        desk.application.fill(number, asked(matches=False))
    with pytest.raises(RuleError, match="成年被後見人"):
        desk.application.fill(number, asked(adult_ward=True))
    with pytest.raises(RuleError, match="転出"):
        desk.application.fill(number, asked(leaving=True))
    desk.application.fill(number, asked(adult_ward=True, representative="後見　太郎", relation="成年後見人",
                                        leaving=True, leaving_known=True))
    one = now(desk, number)
    assert (one.ward, one.leaving, one.application_form_id) == (Ward.ADULT_WARD, True, FORM)


def test_one_form_is_one_person_s(desk: Desk, tmp_path: Path) -> None:
    filled(desk, SATO, tmp_path)
    other = pictured(desk, IKARASHI, tmp_path)
    with pytest.raises(RuleError, match="別の申請で使われています"):
        desk.application.fill(other, asked())
    desk.application.fill(other, asked("9" * 23))


def test_a_form_that_was_replaced_is_free_again(desk: Desk, tmp_path: Path) -> None:
    number = filled(desk, SATO, tmp_path)
    desk.application.fill(number, asked("9" * 23))
    other = pictured(desk, IKARASHI, tmp_path)
    desk.application.fill(other, asked())


def test_the_form_number_stands_in_no_log_and_no_list(desk: Desk, tmp_path: Path, caplog: pytest.LogCaptureFixture,
                                                      ) -> None:
    number, _ = sent(desk, SATO, tmp_path)
    for form, more in (("application.batch", {}), ("application.day", {"place": "hall"}), ("application.tally", {})):
        paper = desk.application.paper(form, **more)
        assert FORM not in paper.csv() + str(paper.records()) and FORM not in str(paper.rows)
    assert "***0123" in desk.application.paper("application.batch").csv()
    other = pictured(desk, IKARASHI, tmp_path)
    with pytest.raises(RuleError) as told:
        desk.application.fill(other, asked())
    assert FORM not in caplog.text + str(told.value) + told.value.detail
    assert FORM not in " ".join(one.text for one in desk.application.latest(9)) + number


# --- batches


def test_a_batch_takes_what_is_signed_and_stays_closed(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="送付できる申請がありません"):
        desk.application.send_batch()
    first = signed(desk, SATO, tmp_path)
    filled(desk, IKARASHI, tmp_path, asked("9" * 23))
    desk.application.send_batch()
    (batch,) = desk.application.batches()
    assert batch.numbers == (first,)
    with pytest.raises(RuleError, match="取り消せません"):
        desk.application.undo(desk.application.undoable()[0].number, "押しまちがい")
    with pytest.raises(RuleError, match="今は「送付済」"):
        desk.application.sign(first)


def test_a_defect_comes_back_and_goes_with_the_next_batch(desk: Desk, tmp_path: Path) -> None:
    number, _ = sent(desk, SATO, tmp_path)
    with pytest.raises(RuleError, match="内容を入れてください"):
        desk.application.give_back(number, Defect.OTHER)
    desk.application.give_back(number, Defect.PHOTO)
    assert now(desk, number).state is State.RETURNED
    desk.application.photograph(number, photo(tmp_path, width=710), tuple(Point))
    desk.application.fill(number, asked())
    desk.application.sign(number)
    desk.application.send_batch()
    late, early = desk.application.batches()
    assert late.numbers == early.numbers == (number,) and late.number != early.number
    assert desk.application.paper("application.batch", batch=early.number).records()[0]["state"] == "不備で戻り"
    assert desk.application.paper("application.batch").records()[0]["state"] == "送付済"


def test_an_application_whose_photo_is_lost_is_not_sent(desk: Desk, tmp_path: Path) -> None:
    number = signed(desk, SATO, tmp_path)
    photos.erase(desk, now(desk, number).photo_sha256, service="application")
    assert desk.application.to_send() == ((), ((number, "写真がこの端末にない"),))
    with pytest.raises(RuleError, match="止まっているもの 1件"):
        desk.application.send_batch()


# --- what nobody may type


def test_no_field_anywhere_can_take_a_pin(desk: Desk, tmp_path: Path) -> None:
    from dataclasses import fields

    from sanjo_tui.receptions.application.rules import Asked
    from sanjo_tui.receptions.application.state import APPLICATIONS, Application

    names = [field.name for event in (*APPLICATIONS.events, Application, Asked) for field in fields(event)]
    assert not [name for name in names if any(word in name for word in ("pin", "password", "secret", "code"))]
    paper = desk.application.paper("application.sheet", number=filled(desk, SATO, tmp_path))
    assert not [name for name in paper.content.__slots__ if "pin" in name]


def test_a_my_number_is_refused_in_every_text(desk: Desk, tmp_path: Path) -> None:
    number = pictured(desk, SATO, tmp_path)
    with pytest.raises(RuleError, match="個人番号"):
        desk.application.fill(number, asked(adult_ward=True, representative="1234 5678 9018", relation="後見人"))
    with pytest.raises(RuleError, match="個人番号"):
        desk.application.cancel(number, "123456789018")
    with pytest.raises(RuleError, match="個人番号"):
        desk.application.book(person_of(desk, HOMMA), "hall", SLOT, Channel.PHONE, "1234-5678-9018")


def test_one_key_takes_back_one_step(desk: Desk, tmp_path: Path) -> None:
    number = filled(desk, SATO, tmp_path)
    for state in (State.PHOTOGRAPHED, State.ARRIVED):
        desk.application.undo(desk.application.undoable()[0].number, "押しまちがい")
        assert now(desk, number).state is state
    desk.application.undo(desk.application.undoable()[0].number, "押しまちがい")
    with pytest.raises(RuleError, match="ありません"):
        now(desk, number)
    assert walk_in(desk, SATO) != number
