"""Snapshot day: what a new register changes among people whose applications are open; web bookings from a file."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.desk.application.sending import STALE_FORM, TOLD
from sanjo_tui.desk.following import follow
from sanjo_tui.errors import JournalError, PrintError, RuleError
from sanjo_tui.receptions.application.words import Channel, Point, State
from sanjo_tui.receptions.changes import changed
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.register.people import Resident
from tests.application_ground import SAMPLE, TODAY, application, asked, load_register, now, on, photo


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    on(monkeypatch, TODAY)
    one = application(tmp_path / "home")
    yield one
    one.close()


def whole(desk: Desk, person: str, folder: Path, form: str) -> str:
    """An application up to the signature, of anybody."""
    number = desk.application.walk_in(person, "hall", verified_by=VerifiedBy.PHOTO_ID).reception_no
    one = desk.application.application(number)
    if desk.application.needs_no_photo(one):
        desk.application.no_photo(number)
    else:
        desk.application.photograph(number, photo(folder), tuple(Point))
    desk.application.fill(number, asked(form, sign=False, representative="代理　一", relation="親"))
    desk.application.sign(number)
    return number


def test_a_new_register_makes_forms_old_and_lists_what_to_do(desk: Desk, tmp_path: Path) -> None:
    assert desk.register is not None
    follow(desk, desk.application)
    before = {one.addressee_no: one for one in desk.register.everyone() if one.living and not one.protected}
    later = _later(tmp_path, before)
    hit = [person for person in before if TOLD and set(TOLD) & changed(before[person], later.get(person)).changes][:12]
    still = [person for person in before if not changed(before[person], later.get(person)).changes][:3]
    numbers = {person: whole(desk, person, tmp_path, f"{n:023}") for n, person in enumerate([*hit, *still])}
    load_register(desk, "demo-next")
    assert follow(desk, desk.application) and not follow(desk, desk.application)
    assert len(hit) >= 3
    for person, number in numbers.items():
        found = set(TOLD) & changed(before[person], later.get(person)).changes
        one = now(desk, number)
        assert {note.what for note in one.changes} == {change.value for change in found}
        assert one.reissue == bool(found & STALE_FORM)
        if one.reissue:
            with pytest.raises(PrintError, match="要再発行"):
                desk.application.paper("application.sheet", number=number)
    fit, barred = desk.application.to_send()
    assert set(fit) == {numbers[person] for person in still} and {number for number, _ in barred} == {
        numbers[person] for person in hit}
    with desk.journal.view() as view:
        dues = desk.application.dues(view)
    assert {due.subject for due in dues} == set(hit)
    assert not any(before[person].name in due.todo + due.what for due in dues for person in hit)
    assert desk.application.paper("application.dues").pdf().pages >= 1


def test_an_old_form_is_made_anew_with_another_number_and_goes(desk: Desk, tmp_path: Path) -> None:
    assert desk.register is not None
    follow(desk, desk.application)
    before = {one.addressee_no: one for one in desk.register.everyone() if one.living and not one.protected}
    later = _later(tmp_path, before)
    person = next(person for person in before if person in later and later[person].living
                  and not later[person].protected and STALE_FORM & changed(before[person], later[person]).changes)
    number = whole(desk, person, tmp_path, "1" * 23)
    load_register(desk, "demo-next")
    follow(desk, desk.application)
    with pytest.raises(RuleError, match="要再発行"):
        desk.application.fill(number, asked("1" * 23, sign=False, representative="代理", relation="親"))
    desk.application.fill(number, asked("2" * 23, sign=False, representative="代理", relation="親"))
    one = now(desk, number)
    assert not one.reissue and not one.changes and one.person.address == later[person].address
    desk.application.sign(number)
    assert desk.application.to_send()[0] == (number,)


def test_somebody_who_saw_to_a_change_settles_it(desk: Desk, tmp_path: Path) -> None:
    assert desk.register is not None
    follow(desk, desk.application)
    before = {one.addressee_no: one for one in desk.register.everyone() if one.living and not one.protected}
    later = _later(tmp_path, before)
    gone = next(person for person in before if person not in later or not later[person].living)
    number = whole(desk, gone, tmp_path, "1" * 23)
    load_register(desk, "demo-next")
    follow(desk, desk.application)
    with desk.journal.view() as view:
        (due,) = desk.application.dues(view)
    assert due.todo == "取りやめにする"
    desk.application.settle(number)
    with desk.journal.view() as view:
        assert desk.application.dues(view) == ()
    desk.application.cancel(number, "死亡・転出")
    assert now(desk, number).state is State.CANCELLED


def _later(tmp_path: Path, before: dict[str, Resident]) -> dict[str, Resident]:
    """The same people in the next register, from another home."""
    place = tmp_path / "other"
    other = application(place)
    load_register(other, "demo-next")
    assert other.register is not None
    found = {person: one for person in before if (one := other.register.resident(person)) is not None}
    other.close()
    return found


# --- web bookings


def test_web_bookings_line_by_line(desk: Desk) -> None:
    assert desk.register is not None
    free = [one for one in desk.register.everyone() if one.living and not one.protected and one.birth.exact]
    first, second = free[0], free[1]
    hidden = next(one for one in desk.register.everyone() if one.protected)
    lines = ["place,date,time,addressee_no,name_kana,birth_date,phone",
             f"hall,2026-12-01,9:00,{first.addressee_no},,,0256-34-5511",
             f"hall,2026-12-01,09:30,,{second.name_kana},{second.birth.sort_key},",
             f"hall,2026-12-01,10:00,{first.addressee_no},,,", "hall,2026-12-01,10:00,,ダレモ　イナイ,1990-01-01,",
             "hall,2026-12-06,10:00,1,,,", f"nowhere,2026-12-01,10:00,{free[2].addressee_no},,,",
             f"hall,2026-12-01,10:00,{hidden.addressee_no},,,", "hall,2026-12-01,10:00,123456789018,,,"]
    rows = desk.application.book_file("\r\n".join(lines).encode("utf-8-sig"))
    assert [bool(row.number) for row in rows] == [True, True, *[False] * 6]
    assert [row.line for row in rows] == list(range(2, 10))
    reasons = [row.reason for row in rows[2:]]
    assert "もうあります" in reasons[0] and "一人に決まりません" in reasons[1] and "場所" in reasons[3]
    assert "ここではできません" in reasons[4] and "個人番号" in reasons[5]
    one = now(desk, rows[0].number)
    assert (one.channel, one.phone, one.slot) == (Channel.WEB, "0256-34-5511", "2026-12-01T09:00")
    assert now(desk, rows[1].number).applicant_no == second.addressee_no


@pytest.mark.parametrize("data", [b"", b"place,date\nhall,2026-12-01\n", b"\xff\xfe", b'place,date,time\n"hall,1\n'])
def test_a_file_that_is_none_books_nobody(desk: Desk, data: bytes) -> None:
    with pytest.raises(RuleError, match="予約のファイル"):
        desk.application.book_file(data)


def test_a_set_up_that_cannot_be_logged_is_not_taken_over(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise JournalError("空き容量がありません。", "紙で受け付けます。")

    before = desk.application.setup.sha256
    monkeypatch.setattr(type(desk), "log", full)
    with pytest.raises(JournalError):
        desk.application.load(SAMPLE.replace("capacity = 2", "capacity = 9").encode())
    assert desk.application.setup.sha256 == before
