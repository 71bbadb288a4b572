"""The certificate desk on the real journal, register, houses and surveys."""

from __future__ import annotations

import datetime as dt
import json
import re
from dataclasses import fields, is_dataclass, replace
from pathlib import Path

import pytest

from sanjo_tui.desk import following
from sanjo_tui.desk.certificate import lists
from sanjo_tui.errors import PrintError, RuleError, SanjoError
from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate.rules import Asked
from sanjo_tui.receptions.certificate.words import Applicant, Kind, Method, SelfRule, Standing, State
from sanjo_tui.register import snapshot as registers
from sanjo_tui.register.people import MASKED
from sanjo_tui.station import fixtures
from tests.certificate_ground import (
    DAY,
    SAMPLE,
    SATO,
    SATO_WIFE,
    applied,
    hall,
    looked,
    opened,
    sample_rows,
    surveys_folder,
    unsurveyed,
)

PROTECTED = "99900000304"


@pytest.fixture
def desk(tmp_path):
    desk = hall(tmp_path / "home")
    yield desk
    desk.close()


def code_of(call) -> str:
    with pytest.raises(RuleError) as told:
        call()
    return told.value.detail


def application(desk, number):
    return desk.certificate.application(number)


def protected_one(desk) -> str:
    return sorted(desk.protected())[0]


# --- the plain way


def test_a_tap_finds_the_household_of_the_day_and_its_house_with_reasons(desk):
    look = looked(desk, SATO_WIFE)
    assert [m.name for m in look.household.members] == ["佐藤　太郎", "佐藤　花子", "佐藤　次郎"]
    assert look.household.head_no == SATO and look.sure is not None and look.sure.reasons
    assert look.verdict.weight is Weight.READY and look.surveys[look.sure.house.key][0].grade == "全壊"


def test_from_application_to_certificate_ledger_and_papers(desk):
    number = applied(desk, SATO_WIFE).reception_no
    one = application(desk, number)
    assert one.state is State.DECIDED and one.applicant is Applicant.MEMBER
    receipt = desk.certificate.issue(number)
    assert receipt.message == "発行しました" and len(receipt.jobs) == 1
    desk.certificate.hand_over(number)
    (row,) = desk.certificate.rows("issued")
    assert (row.number, row.grade, row.standing, row.handed_on) == ("2026-A1B2C3-00001-4", "全壊", "有効", "R8.11.24")
    jobs = [job.form for job in desk.printing.jobs()]
    assert jobs == ["certificate.certificate", "certificate.ticket"]


def test_what_was_shown_was_logged_before(desk):
    mark = desk.mark()
    number = applied(desk).reception_no
    desk.certificate.application(number)
    desk.certificate.search_houses("旭町")
    desk.certificate.rows("issued")
    with desk.journal.view() as view:
        kinds = [r.event.kind for r in view.since(mark)]
    assert kinds[0] == "lookup.opened" and kinds.count("lookup.opened") == 2 and kinds.count("lookup.list_made") == 2


def test_the_same_application_again_opens_the_one_that_is_there(desk):
    number = applied(desk).reception_no
    again = looked(desk, SATO_WIFE)
    assert again.verdict.code == "E-DUP" and [a.number for a in again.applications] == [number]
    assert code_of(lambda: desk.certificate.apply(again, again.candidates[0], Asked())) == "E-DUP"
    other = desk.certificate.apply(again, again.candidates[0], Asked(what=Kind.REPORT, damage_note="車"))
    assert application(desk, other.reception_no).state is State.APPLIED


def test_two_desks_at_one_moment_make_one_application(desk, tmp_path):
    first, second = looked(desk), looked(desk)
    desk.certificate.apply(first, first.candidates[0], Asked())
    assert code_of(lambda: desk.certificate.apply(second, second.candidates[0], Asked())) == "E-DUP"


def test_without_a_survey_the_desk_says_until_when(tmp_path):
    desk = hall(tmp_path / "home", surveys=False)
    receipt = applied(desk)
    assert "予定 令和8年12月8日" in receipt.note
    assert code_of(lambda: desk.certificate.issue(receipt.reception_no)) == "E-PENDING"
    desk.certificate.expect(receipt.reception_no, dt.date(2026, 12, 1))
    assert application(desk, receipt.reception_no).expected_on == "2026-12-01"
    desk.close()


def test_nothing_is_received_before_the_opening_or_after_the_end(tmp_path):
    desk = hall(tmp_path / "home", begun=False)
    with pytest.raises(RuleError, match="受付を始めた災害がありません"):
        looked(desk)
    desk.certificate.open_disaster()
    look = looked(desk)
    desk.certificate.close_disaster("終了")
    with pytest.raises(RuleError, match="受付は終わっています"):
        desk.certificate.apply(look, look.candidates[0], Asked())
    assert desk.certificate.open_disaster().is_open
    desk.close()


# --- the register and the houses of the day


def test_the_disaster_keeps_its_register_and_houses_whatever_is_loaded_after(desk, tmp_path):
    opening = desk.certificate.opening()
    assert opening.snapshot_id == "demo-20261120" and opening.snapshot_id in desk.pinned()
    before = looked(desk).household
    registers.load(fixtures() / "residents" / "demo-next", desk.station.register_dir, desk.keys,
                   lg_code=desk.station.lg_code, pinned=desk.pinned(), yes=True)
    desk.refresh_register()
    assert desk.register.info.snapshot_id != opening.snapshot_id
    assert looked(desk).household == before
    assert desk.certificate.register_then().info.snapshot_id == opening.snapshot_id


def test_the_newest_register_as_of_the_day_is_pinned_not_the_newest_of_all(tmp_path):
    desk = hall(tmp_path / "home", begun=False)
    registers.load(fixtures() / "residents" / "demo-next", desk.station.register_dir, desk.keys,
                   lg_code=desk.station.lg_code, yes=True)
    desk.refresh_register()
    assert desk.register.info.as_of > desk.certificate.known().day
    assert desk.certificate.open_disaster().snapshot_id == "demo-20261120"
    desk.close()


def test_who_moved_away_since_is_found_in_the_register_of_the_day(desk, monkeypatch):
    (hit,) = desk.certificate.search_then("サトウ　タロウ").hits
    mark = desk.mark()
    moved = type(desk.register).resident

    def resident(self, number):
        one = moved(self, number)
        return replace(one, resident_status="2") if self is desk.register and number == SATO else one

    monkeypatch.setattr(type(desk.register), "resident", resident)
    look = desk.certificate.look(desk.certificate.open_then(hit.resident.addressee_no))
    assert look.household.registered and look.sure is not None and not look.verdict.stops
    assert desk.mark() > mark
    desk.certificate.apply(look, look.sure, Asked())


def test_who_was_not_there_on_the_day_needs_proof_and_somebody_else(desk, monkeypatch):
    class Before:
        def resident(self, number):
            return None

    monkeypatch.setattr(desk.certificate, "register_then", Before)
    look = looked(desk)
    assert not look.household.registered and look.verdict.code == "E-RESIDENCE" and not look.candidates
    monkeypatch.undo()
    house = desk.certificate.search_houses("H000001")[0]
    from sanjo_tui.receptions.certificate.matching import Candidate

    chosen = Candidate(house=house, score=0, reasons=("職員が選んだ",))
    assert code_of(lambda: desk.certificate.apply(look, chosen, Asked(), manual=True)) == "E-RESIDENCE"
    with pytest.raises(RuleError, match="二人目"):
        desk.certificate.apply(look, chosen, Asked(residence_proof="領収書"), manual=True, second="J01")
    receipt = desk.certificate.apply(look, chosen, Asked(residence_proof="領収書"), manual=True, second="J02")
    one = application(desk, receipt.reception_no)
    assert (one.residence_confirmed_by, one.binding.confirmed_by, one.needs_second) == ("J02", "J02", False)


# --- binding


def test_a_house_by_hand_is_not_issued_before_a_second_operator_confirmed_it(desk):
    look = looked(desk)
    receipt = desk.certificate.apply(look, look.candidates[0], Asked(), manual=True)
    number = receipt.reception_no
    assert code_of(lambda: desk.certificate.issue(number)) == "E-BINDING"
    with pytest.raises(RuleError, match="二人目"):
        desk.certificate.confirm_binding(number, "J01")
    desk.certificate.confirm_binding(number, "J02")
    desk.certificate.issue(number)


def test_a_house_that_nobody_knows_is_received_by_its_address_and_found_later(desk):
    look = looked(desk)
    receipt = desk.certificate.apply(look, None, Asked(), address="旭町のはずれの一軒家")
    one = application(desk, receipt.reception_no)
    assert one.state is State.WAITING and one.needs_second and one.binding.house == ""
    desk.certificate.rebind(receipt.reception_no, look.candidates[0], second="J02")
    assert application(desk, receipt.reception_no).state is State.DECIDED
    again = looked(desk)
    assert code_of(lambda: desk.certificate.apply(again, again.candidates[0], Asked())) == "E-DUP"


def test_a_my_number_is_refused_in_every_text(desk):
    look = looked(desk)
    for asked in ({"phone": "123456789018"}, {"damage_note": "番号 1234-5678-9018"},
                  {"purpose": "１２３４５６７８９０１８"}):
        with pytest.raises(SanjoError, match="個人番号"):
            desk.certificate.apply(look, look.candidates[0], Asked(**asked))
    with pytest.raises(SanjoError, match="個人番号"):
        desk.certificate.apply(look, None, Asked(), address="123456789018")
    with desk.journal.view() as view:
        assert not desk.certificate.applications(view)


def test_two_households_share_a_house_and_one_household_has_two(desk):
    first = looked(desk)
    other = looked(desk, unsurveyed(desk, 1)[0])
    house, elsewhere = first.candidates[0], other.candidates[0]
    numbers = [desk.certificate.apply(look, one, Asked(), manual=look.candidates[0] is not one).reception_no
               for look, one in ((first, house), (first, elsewhere), (other, house), (other, elsewhere))]
    assert len({(application(desk, n).household, application(desk, n).binding.house) for n in numbers}) == 4
    with desk.journal.view() as view:
        assert desk.certificate.dues(view) == ()


def test_a_changed_house_that_is_taken_back_takes_its_survey_along(tmp_path):
    desk = hall(tmp_path / "home")
    number = applied(desk, unsurveyed(desk, 1)[0]).reception_no
    before = application(desk, number)
    desk.certificate.rebind(number, looked(desk).candidates[0], second="J02")
    assert application(desk, number).state is State.DECIDED
    desk.certificate.undo(desk.certificate.latest(1)[0].number, "押しまちがい")
    assert application(desk, number) == before and before.judged is None
    desk.close()


def test_a_house_is_not_changed_to_one_that_was_applied_for(desk):
    look = looked(desk)
    desk.certificate.apply(look, look.candidates[0], Asked())
    other = desk.certificate.apply(look, None, Asked(), address="旭町のはずれ").reception_no
    assert code_of(lambda: desk.certificate.rebind(other, look.candidates[0], second="J02")) == "E-DUP"


# --- self-assessment


def test_photographs_are_looked_at_by_a_person_and_the_certificate_follows(tmp_path):
    desk = hall(tmp_path / "home", surveys=False)
    receipt = applied(desk, method=Method.SELF, self_rule=SelfRule.FLOOD, photos=3, flood_cm=60)
    assert code_of(lambda: desk.certificate.issue(receipt.reception_no)) == "E-PENDING"
    desk.certificate.accept_self(receipt.reception_no)
    desk.certificate.issue(receipt.reception_no)
    text = pdf_text(desk.certificate.paper("certificate.certificate", application=receipt.reception_no))
    assert "床上浸水 60 cm" in text and "浸水の基準は未確認" in text
    desk.close()


# --- two desks, lost files


def test_two_desks_at_one_journal_give_no_number_twice(desk, tmp_path):
    from concurrent.futures import ThreadPoolExecutor

    other = hall(tmp_path / "home", operator="J02")
    numbers = []
    for person in sorted(p.addressee_no for p in desk.register.everyone() if p.is_head and not p.protected):
        look = looked(desk, person)
        if look.sure and any(s.decided_on for s in look.surveys[look.sure.house.key]):
            numbers.append(desk.certificate.apply(look, look.sure, Asked()).reception_no)
        if len(numbers) == 8:
            break
    desks = [desk, other] * 4
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda pair: pair[0].certificate.issue(pair[1]), zip(desks, numbers, strict=True)))
    issued = [row.number for row in desk.certificate.rows("issued")]
    assert len(set(issued)) == 8 and [n.split("-")[2] for n in issued] == [f"{n:05}" for n in range(1, 9)]
    other.close()


def test_pinned_data_that_are_gone_are_a_sentence_and_not_a_guess(desk):
    opening = desk.certificate.opening()
    desk.certificate.close()
    (desk.station.home / "houses" / f"{opening.houses_id}.db").unlink()
    with pytest.raises(SanjoError) as told:
        looked(desk)
    assert told.value.message.endswith("。") and "家屋" in told.value.message


def test_an_application_that_was_withdrawn_comes_back_only_while_no_other_took_its_place(desk):
    first = applied(desk).reception_no
    desk.certificate.withdraw(first, "本人の申出")
    latest = desk.certificate.latest(1)[0].number
    second = applied(desk).reception_no
    assert code_of(lambda: desk.certificate.undo(latest, "押しまちがい")) == "E-DUP"
    desk.certificate.undo(desk.certificate.latest(1)[0].number, "押しまちがい")
    desk.certificate.undo(latest, "押しまちがい")
    assert application(desk, first).state is State.DECIDED and second != first
    look = looked(desk)
    assert code_of(lambda: desk.certificate.apply(look, look.candidates[0], Asked())) == "E-DUP"


# --- surveys


def test_later_surveys_are_taken_in_and_an_issued_certificate_is_listed_not_changed(desk, tmp_path):
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    desk.certificate.hand_over(number)
    waiting = applied(desk, unsurveyed(desk)[0]).reception_no
    house = application(desk, waiting).binding.house
    rows = sample_rows()
    rows += [{**rows[0], "survey_no": "S900001", "stage": "2", "grade": "大規模半壊", "ratio": "44"},
             {**rows[1], "survey_no": "S900002", "house_id": house.partition("/")[0], "unit": house.partition("/")[2],
              "grade": "半壊", "ratio": "24"}]
    _, changed = desk.certificate.load_data(surveys_folder(tmp_path / "more", rows, 2))
    assert changed == 2 and application(desk, waiting).state is State.DECIDED
    one = application(desk, number)
    assert one.needs_reissue and one.standing.grade.label == "全壊"
    (row,) = desk.certificate.rows("waiting")
    assert (row.what, row.now) == ("要再交付", "全壊 → 大規模半壊")
    with desk.journal.view() as view:
        assert [due.what for due in desk.certificate.dues(view)] == ["要再交付"]
    assert desk.certificate.take_in() == 0
    desk.certificate.issue(number)
    old, new = application(desk, number).certificates
    assert (old.standing, new.supersedes) == (Standing.SUPERSEDED, old.number)
    assert [r.number for r in desk.certificate.rows("ended")] == [old.number]
    with pytest.raises(PrintError):
        desk.certificate.paper("certificate.certificate", application=number, number=old.number)


def test_surveys_that_fit_no_house_or_no_band_are_listed(desk, tmp_path):
    rows = sample_rows()
    rows += [{**rows[0], "survey_no": "S900001", "house_id": "H999999"},
             {**rows[0], "survey_no": "S900002", "stage": "2", "ratio": "5"}]
    desk.certificate.load_data(surveys_folder(tmp_path / "more", rows, 2))
    assert {row.survey_no: row.why[:4] for row in desk.certificate.rows("loose")} == {
        "S900001": "家屋デー", "S900002": "割合 5"}


# --- taking back, void, forgery


def test_an_undone_application_leaves_its_number_used(desk):
    first = applied(desk)
    desk.certificate.undo(desk.certificate.latest(1)[0].number, "押しまちがい")
    assert applied(desk).reception_no != first.reception_no
    assert [job.state.value for job in desk.printing.jobs()] == ["待ち", "取消"]


def test_taking_an_issue_back_makes_its_number_void_for_good(desk):
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    first = application(desk, number).standing.number
    desk.certificate.undo(desk.certificate.latest(1)[0].number, "押しまちがい")
    assert application(desk, number).certificates[0].standing is Standing.VOID
    desk.certificate.issue(number)
    assert application(desk, number).standing.number != first
    assert [row.standing for row in desk.certificate.rows("issued")] == ["書損", "有効"]


def test_handing_over_is_taken_back_the_same_day_only(desk):
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    desk.certificate.hand_over(number)
    latest = desk.certificate.latest(1)[0].number
    desk.certificate.today = lambda: DAY + dt.timedelta(days=1)
    assert code_of(lambda: desk.certificate.undo(latest, "人違い")) == "E-HANDED"
    desk.certificate.today = lambda: DAY
    desk.certificate.undo(latest, "人違い")
    assert application(desk, number).state is State.PREPARED


def test_a_forgery_is_told_from_a_certificate(desk):
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    one = application(desk, number).standing
    good = f"SANJO-RS1:{one.number}:{one.check}"
    sentence = f"{one.number} は、当市が発行した有効な証明書です（罹災証明書 全壊）。"
    assert desk.certificate.verify(good) == (True, sentence)
    for text in (f"SANJO-RS1:{one.number}:{'A' * 16}", "SANJO-RS1:2026-A1B2C3-00002-2:" + one.check,
                 one.number[:-1] + "0", "https://example.invalid/", "", ":::"):
        valid, sentence = desk.certificate.verify(text)
        assert not valid and "偽造" in sentence, text
    desk.certificate.void(number, one.number, "誤り")
    assert "書損" in desk.certificate.verify(good)[1] and not desk.certificate.verify(good)[0]
    valid, sentence = desk.certificate.verify("2026-OTHER1-00001-" + digit("2026OTHER100001"))
    assert not valid and "この端末の記録にありません" in sentence


def test_a_check_holds_no_digit_so_that_nobody_takes_it_for_a_my_number(desk):
    checks = {desk.certificate._check(str(n)) for n in range(200)}
    assert len(checks) == 200 and all(re.fullmatch("[A-Z]{16}", check) for check in checks)


def digit(body: str) -> str:
    from sanjo_tui.numbers import luhn_digit

    return str(luhn_digit(body))


def test_a_used_up_range_stops(desk):
    data = (SAMPLE / "disaster.toml").read_bytes().replace(b'station = "DRILL"', b'station = "A1B2C3"').replace(
        b"last = 49999", b"last = 1")
    desk.certificate.load_setup(data)
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    desk.certificate.void(number, application(desk, number).standing.number, "試験")
    assert code_of(lambda: desk.certificate.issue(number)) == "E-RANGE"


# --- protected people


def test_a_protected_person_is_stopped_and_after_a_release_only_words_are_kept(desk):
    who = protected_one(desk)
    look = looked(desk, who)
    assert look.verdict.stops and look.verdict.code == "SUPPRESSED" and not look.candidates
    assert address_free(look, desk, who)
    with pytest.raises(RuleError):
        desk.certificate.apply(look, None, Asked(), address="どこか")
    desk.release(who, "reception")
    look = looked(desk, who)
    assert not look.verdict.stops and look.verdict.code == "E-PROTECTED" and address_free(look, desk, who)
    assert code_of(lambda: desk.certificate.apply(look, None, Asked(), address="x")) == "E-PROTECTED"
    receipt = desk.certificate.apply(look, None, Asked(consultation=True))
    assert application(desk, receipt.reception_no).state is State.CONSULTED
    assert looked(desk, who).verdict.stops                          # the stop is back


def address_free(value, desk, who) -> bool:
    """No part of the person's address stands anywhere in a value."""
    hidden = desk.register.resident(who)
    return hidden.town not in json.dumps(plain(value), ensure_ascii=False)


def plain(value):
    if is_dataclass(value):
        return {f.name: plain(getattr(value, f.name)) for f in fields(value)}
    if isinstance(value, tuple | list):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    return str(value)


def test_who_becomes_protected_later_stands_on_no_paper_list_or_export_with_an_address(desk, monkeypatch):
    number = applied(desk, ledger_consent=True).reception_no
    desk.certificate.issue(number)
    monkeypatch.setattr(type(desk), "protected", lambda self: frozenset({SATO}))
    (hit,) = desk.certificate.search_then("サトウ　タロウ").hits
    assert hit.resident.address == MASKED
    with pytest.raises(PrintError):
        desk.certificate.paper("certificate.certificate", application=number)
    assert "旭町" not in pdf_text(desk.certificate.paper("certificate.form", application=number))
    for name in ("victims", "issued", "waiting", "requested"):
        rows = desk.certificate.rows(name, **({"everybody": True} if name == "victims" else {}))
        assert "旭町" not in json.dumps(plain(rows), ensure_ascii=False)
    assert desk.certificate.rows("issued")[0].address == MASKED
    assert desk.certificate.application(number).binding.address == ""
    desk.certificate.void(number, application(desk, number).certificates[0].number, "支援措置")
    assert code_of(lambda: desk.certificate.issue(number)) == "E-PROTECTED"


def test_a_protected_owner_is_not_found_by_name_among_the_houses(desk, monkeypatch):
    house = next(h for h in desk.certificate.houses().everything() if h.owner_addressee_no)
    assert house in desk.certificate.search_houses(house.owner_name)
    monkeypatch.setattr(type(desk), "protected", lambda self: frozenset({house.owner_addressee_no}))
    assert house not in desk.certificate.search_houses(house.owner_name)


# --- a new register, the shelter, exports


def test_a_new_register_says_what_to_do_with_whom(desk, monkeypatch):
    from sanjo_tui.receptions.changes import Change, Changed

    number = applied(desk).reception_no

    class Changes:
        snapshot_id, as_of = "next", dt.date(2026, 11, 27)

        def of(self, no):
            return Changed(frozenset({Change.DIED, Change.MOVED} if no == SATO else ()), None, None)

    with desk.journal.view() as view:
        found = list(desk.certificate.follow(Changes(), view))
    assert [(e.subject, e.what) for e in found] == [(number, "死亡")]
    desk.certificate.record(lambda view: desk.certificate.follow(Changes(), view))
    with desk.journal.view() as view:
        (due,) = desk.certificate.dues(view)
        assert list(desk.certificate.follow(Changes(), view)) == []
    assert (due.what, due.number, due.since) == ("死亡", number, "2026-11-27") and "佐藤" not in due.todo
    desk.certificate.settle(number)
    with desk.journal.view() as view:
        assert desk.certificate.dues(view) == ()


def test_a_real_new_register_is_followed_once(desk):
    applied(desk)
    registers.load(fixtures() / "residents" / "demo-next", desk.station.register_dir, desk.keys,
                   lg_code=desk.station.lg_code, pinned=desk.pinned(), yes=True)
    desk.refresh_register()
    assert following.follow(desk, desk.certificate) and not following.follow(desk, desk.certificate)


def test_a_household_in_a_shelter_is_shown_as_such(desk):
    desk.shelter.open_shelter()
    home = opened(desk, SATO)
    look = desk.shelter.look(home)
    desk.shelter.admit(look, [SATO, SATO_WIFE])
    assert looked(desk).in_shelter == "嵐南小学校に2人"
    number = applied(desk, ledger_consent=True).reception_no
    rows = desk.certificate.rows("victims")
    assert [(r.addressee_no, r.shelter) for r in rows][:2] == [(SATO, "嵐南小学校"), (SATO_WIFE, "嵐南小学校")]
    assert all(r.application == number for r in rows)


@pytest.mark.parametrize(("consent", "listed"), [(True, 3), (False, 0), (None, 0)])
def test_the_ledger_names_who_agreed_and_all_only_to_the_town_itself(desk, consent, listed):
    applied(desk, ledger_consent=consent)
    assert len(desk.certificate.rows("victims")) == listed
    assert len(desk.certificate.rows("victims", everybody=True)) == 3


def test_the_map_has_places_and_grades_and_no_name(desk):
    applied(desk)
    rows = desk.certificate.rows("spots")
    features = lists.geojson(rows)["features"]
    assert len(features) == len(sample_rows()) and features[0]["geometry"]["coordinates"][0] > 138
    text = json.dumps(features, ensure_ascii=False)
    assert "佐藤" not in text and "五十嵐" not in text and "全壊" in text


def pdf_text(paper) -> str:
    import io

    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(paper.pdf().data)).pages)


def test_no_name_stands_in_events_of_numbers_or_logs(desk, caplog):
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    with desk.journal.view() as view:
        taken = list(view.events(kinds=(ev.NumberTaken.kind, ev.Numbered.kind)))
    assert taken and "佐藤" not in str(taken) and "佐藤" not in caplog.text


def test_the_search_box_knows_every_number(desk):
    number = applied(desk).reception_no
    desk.certificate.issue(number)
    one = application(desk, number).standing
    for text in (number, one.number, one.number.lower(), f"SANJO-RS1:{one.number}:{one.check}"):
        assert desk.certificate.find(text) == number
    assert desk.certificate.find("A1B2C3-0009-0") == "" and desk.certificate.find("佐藤") == ""


def test_the_home_holds_nothing_readable(desk):
    number = applied(desk, phone="0256-00-0000").reception_no
    desk.certificate.issue(number)
    for path in Path(desk.station.home).rglob("*"):
        if path.is_file():
            assert "佐藤".encode() not in path.read_bytes() and b"0256-00-0000" not in path.read_bytes()
