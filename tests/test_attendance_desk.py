"""出退勤 through its desk: taps, cards, corrections with approval, presence, lists, files, papers, merged journals."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
from pathlib import Path

import pytest

from sanjo_tui.desk import Desk, operators
from sanjo_tui.desk.attendance import basis, correcting, reports, tapping
from sanjo_tui.desk.merging import take_in
from sanjo_tui.errors import NotAllowed, RuleError, SanjoError, UnknownToken
from sanjo_tui.journal import exports
from sanjo_tui.receptions.attendance.state import SHEETS, in_order
from sanjo_tui.receptions.attendance.words import DayState, Kind, Source, month_scope
from sanjo_tui.vault.roles import ALLOWED, Permission, Role
from tests import desk as desks
from tests.attendance_ground import IKARASHI, SATO, at, card, staff_folder, user_id
from tests.operators_ground import LIGHT, OF_ROLE, OPERATORS, PIN

MONTH = "2026-11"
NOW = at("25 09:00")
OTHER = card("0123456789abcdef", "idm")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch):
    """The entrance's clock stands at 2026-11-25 09:00."""
    for module in (basis, tapping, correcting, reports):
        monkeypatch.setattr(module, "moment", lambda: NOW)


@pytest.fixture
def desk(tmp_path: Path, clock):
    made = station(tmp_path / "home")
    yield made
    made.close()


def station(home: Path, code: str = "A1B2C3") -> Desk:
    made = desks.desk(home, receptions=["attendance"], code=code)
    made.attendance.begin_practice()
    return made


def tap(desk: Desk, moment: str, value: str = SATO, kind: Kind | None = None):
    return desk.attendance.punch(card(value), kind, at(moment))


def sheet(desk: Desk, staff_no: str = "1001"):
    with desk.journal.view() as view:
        return desk.attendance.sheet(view, staff_no, MONTH)


# --- taps

def test_a_tap_is_recorded_to_the_second_and_shown_to_the_minute(desk):
    said = tap(desk, "24 08:25:31")
    assert (said.member.name, said.punch, said.at, said.double) == ("佐藤　太郎", Kind.IN, "08:25", False)
    (one,) = sheet(desk).punches
    assert (one.at, one.punch, one.source, one.building) == ("2026-11-24T08:25:31", Kind.IN, Source.CARD, "嵐南小学校")


def test_the_mode_of_the_terminal_or_a_key_says_what_a_tap_is_never_the_punches_before(desk):
    assert [tap(desk, moment).punch for moment in ("24 08:25", "24 17:20")] == [Kind.IN, Kind.OUT]
    again = tap(desk, "25 08:25")
    assert again.punch is Kind.IN
    assert tap(desk, "25 10:00", kind=Kind.OUTING).punch is Kind.OUTING


def test_a_second_arrival_is_recorded_as_one_and_the_person_is_told(desk):
    tap(desk, "24 08:25")
    said = tap(desk, "25 08:25")
    assert said.punch is Kind.IN and "前の退勤がありません" in said.note
    assert [one.punch for one in sheet(desk).punches] == [Kind.IN, Kind.IN]
    (question,) = desk.attendance.questions(NOW)
    assert (question.work_date, question.what) == ("2026-11-24", "退勤がない")


def test_a_double_tap_is_ignored_and_said(desk):
    tap(desk, "24 08:25:00")
    said = tap(desk, "24 08:25:59")
    assert said.double and said.note == "二重打刻" and len(sheet(desk).punches) == 1
    assert not tap(desk, "24 08:26:00").double


def test_odoo_15003_nobody_gets_in_without_a_card_that_is_known(desk):
    for seen in (card("9999999999999"), OTHER, card("1001", "pin"), card(SATO, "idm")):
        with pytest.raises(UnknownToken):
            desk.attendance.punch(seen, at=NOW)
    with desk.journal.view() as view:
        assert not list(view.records(SHEETS, month_scope(MONTH)))


def test_another_card_of_somebody_from_outside_is_bound_by_its_keyed_hash_alone(desk):
    desk.attendance.bind_card("2002", OTHER)
    assert desk.attendance.punch(OTHER, at=at("24 08:25")).member.name == "町外　花子"
    with pytest.raises(SanjoError):
        desk.attendance.bind_card("2001", OTHER)
    with desk.journal.view() as view:
        assert all(OTHER.value not in str(one) for one in view.events())
    desk.attendance.unbind_card(OTHER, "紛失")
    with pytest.raises(UnknownToken):
        desk.attendance.punch(OTHER, at=at("24 08:30"))
    desk.attendance.bind_card("2001", OTHER)
    assert desk.attendance.punch(OTHER, at=at("24 08:40")).member.staff_no == "2001"


def test_200_people_pass_one_door_in_ten_minutes_and_every_tap_is_there(desk, tmp_path):
    desk.attendance.load_staff(staff_folder(tmp_path / "staff", 200), yes=True)
    said = [desk.attendance.punch(card(user_id(n)), at=at("24 08:20") + dt.timedelta(seconds=3 * n))
            for n in range(200)]
    assert {one.member.staff_no for one in said} == set(desk.attendance.staff.members)
    assert not any(one.double for one in said)
    assert len(desk.attendance.present(at("24 08:31"))) == 200


def test_a_terminal_punches_and_sees_no_resident_and_no_list(desk, monkeypatch):
    assert ALLOWED[Role.TERMINAL] == {Permission.PUNCH}
    monkeypatch.setattr(operators, "_hash", lambda pin: LIGHT)
    desk.keys.set_operators(OPERATORS)
    desk.sign_on(OF_ROLE[Role.TERMINAL], PIN)
    assert tap(desk, "24 08:25").member.staff_no == "1001"
    assert desk.attendance.counts() == ""
    for act in (lambda: desk.attendance.present(), lambda: desk.attendance.questions(),
                lambda: desk.attendance.month("1001", MONTH), lambda: desk.open_card(card()),
                lambda: desk.search("佐藤"), lambda: desk.attendance.paper("attendance.present"),
                lambda: asked(desk), lambda: desk.attendance.bind_card("2002", OTHER)):
        with pytest.raises(NotAllowed):
            act()


# --- corrections

def asked(desk: Desk, **more) -> str:
    given = {"at": "2026-11-24T17:20", "punch": Kind.OUT, "reason": "打刻忘れ", **more}
    return desk.attendance.request("1001", **given).recorded[0].number


def test_a_forgotten_departure_is_asked_for_approved_and_only_then_counts(desk):
    tap(desk, "24 08:25")
    tap(desk, "25 08:25")
    number = asked(desk)
    _, days, states = desk.attendance.month("1001", MONTH)
    assert states[dt.date(2026, 11, 24)] is DayState.REQUESTED and days[dt.date(2026, 11, 24)].worked == 0
    (waiting,) = [one for one in desk.attendance.questions(NOW) if one.request]
    assert waiting.request.number == number
    desk.attendance.decide(number, approved=True)
    _, days, states = desk.attendance.month("1001", MONTH)
    assert states[dt.date(2026, 11, 24)] is DayState.APPROVED
    assert days[dt.date(2026, 11, 24)].worked == 7 * 60 + 55
    assert [one.punch for one in sheet(desk).punches] == [Kind.IN, Kind.IN], "what was punched stays as it was"
    assert desk.attendance.questions(NOW) == ()


def test_who_asked_never_approves(desk):
    tap(desk, "24 08:25")
    number = asked(desk, requested_by=desk.operator)
    with pytest.raises(RuleError, match="申請した人は承認できません"):
        desk.attendance.decide(number, approved=True)
    assert sheet(desk).requests[0].waits


def test_a_request_is_decided_once_and_a_rejected_one_changes_nothing(desk):
    tap(desk, "24 08:25")
    number = asked(desk)
    desk.attendance.decide(number, approved=False)
    with pytest.raises(SanjoError):
        desk.attendance.decide(number, approved=True)
    assert len(sheet(desk).counted) == 1


def test_a_wrong_punch_is_replaced_and_both_stay_in_the_file(desk):
    tap(desk, "24 08:25")
    tap(desk, "24 17:20")
    wrong = sheet(desk).punches[1].number
    number = asked(desk, corrects=wrong, at="2026-11-24T17:40", reason="押しまちがい")
    with pytest.raises(RuleError, match="もう申請されています"):
        asked(desk, corrects=wrong, at="2026-11-24T17:50")
    desk.attendance.decide(number, approved=True)
    rows = list(csv.DictReader(io.StringIO(desk.attendance.punches_csv(MONTH))))
    assert [(row["punched_at"][11:16], row["corrects"]) for row in rows] == [
        ("08:25", ""), ("17:20", ""), ("17:40", wrong)]
    last = rows[2]
    assert (last["before"], last["reason"], last["requested_by"], last["approved_by"]) == (
        "退勤 2026-11-24 17:20", "押しまちがい", "1001", "op")
    assert set(rows[0]) >= {"staff_no", "user_id", "punched_at", "kind", "source", "station_id", "building",
                            "work_date"}


@pytest.mark.parametrize(("more", "says"), [
    ({"reason": " "}, "理由"), ({"at": "2026-11-26T08:00"}, "先の日時"), ({"at": "昨日"}, "日時は"),
    ({"at": ""}, "日時を"), ({"at": "2026-11-24"}, "日時は"), ({"corrects": "A1B2C3-999"}, "見つかりません")])
def test_a_request_that_cannot_be_is_refused_in_words(desk, more, says):
    with pytest.raises(RuleError, match=says):
        asked(desk, **more)


def test_a_punch_is_never_taken_back_but_a_request_is(desk):
    tap(desk, "24 08:25")
    (latest,) = desk.attendance.latest(1)
    assert latest.text == "1001 出勤" and "佐藤" not in latest.text
    with pytest.raises(RuleError, match="打刻と決定は取り消せません"):
        desk.attendance.undo(latest.number, "押しまちがい")
    number = asked(desk)
    desk.attendance.undo(number, "押しまちがい")
    assert sheet(desk).requests == ()


def test_a_month_closes_when_nothing_is_open_and_then_nothing_changes_it(desk):
    desk.attendance.punch(card(), at=dt.datetime(2026, 10, 5, 8, 25))
    with pytest.raises(RuleError, match="残っています"):
        desk.attendance.lock("2026-10")
    desk.attendance.decide(asked(desk, at="2026-10-05T17:20"), approved=True)
    desk.attendance.lock("2026-10")
    assert desk.attendance.month("1001", "2026-10")[2][dt.date(2026, 10, 5)] is DayState.LOCKED
    for act in (lambda: asked(desk, at="2026-10-06T08:00"),
                lambda: desk.attendance.explain("1001", dt.date(2026, 10, 5), "会議")):
        with pytest.raises(RuleError, match="締められています"):
            act()
    desk.attendance.lock("2026-10", locked=False)
    asked(desk, at="2026-10-06T08:00")
    with pytest.raises(RuleError, match="終わっていない月"):
        desk.attendance.lock(MONTH)


# --- lists

def test_who_is_in_by_building_and_floor_also_at_night_and_after_a_forgotten_departure(desk):
    desk.attendance.bind_card("2001", OTHER)
    tap(desk, "24 08:25")                                                       # forgets to leave
    tap(desk, "25 08:20", IKARASHI)
    tap(desk, "25 08:50", IKARASHI, Kind.OUTING)
    desk.attendance.punch(OTHER, Kind.IN, at("24 17:05"))
    found = desk.attendance.present(at("25 08:55"))
    assert [(one.member.staff_no, one.away, one.unsure) for one in found] == [
        ("2001", "", False), ("1002", "外出", False), ("1001", "", True)] or sorted(
        (one.member.staff_no, one.away, one.unsure) for one in found) == [
        ("1001", "", True), ("1002", "外出", False), ("2001", "", False)]
    assert [one.member.floor for one in found] == ["1階", "2階", "2階"]
    desk.attendance.punch(OTHER, Kind.OUT, at("25 08:40"))
    assert "2001" not in [one.member.staff_no for one in desk.attendance.present(at("25 08:55"))]


def test_nobody_is_left_out_of_an_evacuation_for_a_group_that_the_set_up_lacks(desk):
    tap(desk, "25 08:20")
    sample = desk.attendance._folder.read("setup")
    desk.attendance.load(sample.replace(b'code = "office"', b'code = "bureau"'))
    assert desk.attendance.unfit() == ("1001", "1002", "2002")
    assert [(one.member.staff_no, one.unsure) for one in desk.attendance.present(NOW)] == [("1001", True)]
    assert "1001" in desk.attendance.punches_csv(MONTH)


def test_the_gap_between_presence_and_orders_and_its_reason(desk):
    tap(desk, "20 08:25")
    tap(desk, "20 20:30")
    (gap,) = [one for one in desk.attendance.gaps(MONTH) if one[0].staff_no == "1001"]
    assert (gap[1].ordered, gap[1].overtime, gap[1].outside, gap[2]) == (135, 135, 200, "")
    desk.attendance.explain("1001", dt.date(2026, 11, 20), "自己研さん")
    assert [one[2] for one in desk.attendance.gaps(MONTH) if one[0].staff_no == "1001"] == ["自己研さん"]


def test_limits_nights_and_short_rests(desk):
    tap(desk, "20 08:25")
    tap(desk, "20 23:30")
    tap(desk, "21 09:00", kind=Kind.IN)
    (one,) = [one for one in desk.attendance.limits(MONTH, dt.date(2026, 11, 25)) if one.member.staff_no == "1001"]
    assert (one.now.overtime, one.year, one.profile, one.findings) == (135, 135, "一般", ())
    assert one.forecast == 135 * 19 // 16
    assert [(member.staff_no, day.day, minutes) for member, day, minutes in desk.attendance.rests(MONTH)] == [
        ("1001", 21, 570)]
    assert desk.attendance.nights(MONTH) == ()


def test_the_file_for_pay_rounds_the_month_alone_in_the_encoding_that_was_set(desk):
    tap(desk, "20 08:25")
    tap(desk, "20 19:45")
    data = desk.attendance.pay_csv(MONTH)
    row = next(csv.DictReader(io.StringIO(data.decode("cp932"))))
    assert (row["staff_no"], row["overtime_minutes"], row["overtime_hours"]) == ("1001", "135", "2")
    sample = desk.attendance._folder.read("setup")
    desk.attendance.load(sample.replace(b'encoding = "cp932"', b'encoding = "utf-8-bom"'))
    assert desk.attendance.pay_csv(MONTH).startswith(b"\xef\xbb\xbfstaff_no")


def test_every_paper_is_drawn_with_the_longest_and_rarest_names(desk):
    desk.attendance.bind_card("2003", OTHER)
    desk.attendance.punch(OTHER, Kind.IN, at("24 05:10"))
    tap(desk, "20 08:25")
    tap(desk, "20 20:30")
    papers = {form: desk.attendance.paper(form, **({"staff_no": "1001"} if form.endswith("month") else {}))
              for form in desk.attendance.papers.FORMS}
    for paper in papers.values():
        pdf = paper.pdf()
        assert pdf.data.startswith(b"%PDF") and pdf.pages == 1 and pdf.issues == ()
    assert papers["attendance.present"].content.heading.register == "職員名簿"
    assert papers["attendance.month"].content.sums[1].overtime == "2時間"
    assert any(row.name.startswith("長谷川") for row in papers["attendance.present"].rows)


def test_a_staff_list_replaces_the_old_one_and_punches_stay(desk, tmp_path):
    tap(desk, "24 08:25")
    with pytest.raises(SanjoError):
        desk.attendance.load_staff(Path(__file__).parent)
    assert len(desk.attendance.staff.members) == 7 and len(sheet(desk).punches) == 1


# --- merged journals

def test_two_doors_merge_in_either_order_and_twice_to_the_same(tmp_path, clock):
    files = []
    for code, moments in (("DOOR1", ("20 08:25:00", "24 08:25")), ("DOOR2", ("20 08:25:40", "20 17:20", "24 17:20"))):
        door = station(tmp_path / code, code)
        for moment in moments:
            tap(door, moment)
        if code == "DOOR2":
            door.attendance.decide(asked(door, at="2026-11-23T17:00"), approved=True)
        files += [one.path for one in exports.write(door.journal, tmp_path / "usb")]
        door.close()
    states = []
    for name, order in (("one", files), ("two", files[::-1])):
        centre = station(tmp_path / name, "HQ")
        for file in order:
            assert take_in(centre, file, "").new > 0
        assert [take_in(centre, file, "").new for file in order] == [0, 0]
        centre.journal.verify()
        before = (sheet(centre), centre.attendance.month("1001", MONTH))
        centre.journal.rebuild()
        assert (sheet(centre), centre.attendance.month("1001", MONTH)) == before
        states.append((in_order(before[0].punches), before[0].counted, before[1][1:]))
        centre.close()
    assert states[0] == states[1]
    day = states[0][2][0][dt.date(2026, 11, 20)]
    assert day.clear and day.presence == 535, "the same tap at two doors is one"


def test_the_record_holds_no_hours(desk):
    tap(desk, "24 08:25")
    assert not {field.name for field in dataclasses.fields(sheet(desk))} & {"worked", "hours", "minutes"}
