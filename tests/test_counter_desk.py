"""The counter through its one door: accepted and printed, stopped, charged, followed up, handed over, taken back."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.desk.counter.desk import Look
from sanjo_tui.errors import RuleError, StationError
from sanjo_tui.receptions.counter import rules
from sanjo_tui.receptions.counter.events import Accepted
from sanjo_tui.receptions.counter.procedure import Category
from sanjo_tui.receptions.counter.rules import Application
from sanjo_tui.receptions.counter.state import CASES
from sanjo_tui.receptions.counter.words import Include, Related, Requester, Step, Waiting
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy
from sanjo_tui.register import snapshot
from sanjo_tui.station import fixtures, write
from tests import desk as desks

SATO = "99900000029"


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = desks.desk(tmp_path / "home", receptions=("counter",))
    snapshot.load(fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys, lg_code="999997")
    desk.refresh_register()
    desk.counter.begin_practice()
    yield desk
    desk.close()


def look_at(desk: Desk, key: str = SATO) -> Look:
    return desk.counter.look(desk.open_resident(key))


def wanted(desk: Desk, look: Look, code: str, **more: object) -> Application:
    procedure = desk.counter.setup.procedure(code)
    assert procedure is not None
    answers = {ask.key: {"choice": ask.options[:1] and ask.options[0], "yes_no": "いいえ", "date": "R8.11.20",
                         "number": "2", "text": "旭町"}[ask.kind.value] for ask in procedure.asks}
    what = Application(procedure=procedure, person=look.who.addressee_no, requester_kind=procedure.requester_kinds[0],
                       subjects=(look.who.addressee_no,), verified_by=VerifiedBy.CARD_FACE,
                       identified_by=IdentifiedBy.SEARCH, answers=answers)
    return replace(what, **more)  # type: ignore[arg-type]


def protected_one(desk: Desk) -> str:
    return min(desk.protected())


def test_one_case_from_a_tap_to_three_papers_in_one_transaction(desk: Desk) -> None:
    look = look_at(desk)
    receipt = desk.counter.receive(look, wanted(desk, look, "tennyu", subjects=tuple(
        one.addressee_no for one in look.members)))
    assert receipt.message == "受付しました" and receipt.reception_no == "A1B2C3-0001-9"
    assert [job.form for job in desk.printing.pending()] == ["counter.sheet", "counter.application", "counter.guide"]
    assert len({recorded.batch for recorded in receipt.recorded}) == 1
    sheet = desk.counter.paper("counter.sheet", reception_no=receipt.reception_no).content
    assert [person.name for person in sheet.people] == [one.name for one in look.members]
    assert all(person.birth and person.sex and person.address and person.relationship for person in sheet.people)
    assert [person.mark for person in sheet.people] == ["対象1", "対象2", "対象3"]


def test_the_order_of_choice_is_the_order_on_paper(desk: Desk) -> None:
    look = look_at(desk)
    keys = tuple(one.addressee_no for one in reversed(look.members))
    receipt = desk.counter.receive(look, wanted(desk, look, "juminhyo", subjects=keys))
    form = desk.counter.paper("counter.application", reception_no=receipt.reception_no).content
    named = next(box.text for box in form.boxes if box.label == "必要な方")
    assert named == "　".join(one.name for one in reversed(look.members))


def test_what_is_asked_beyond_the_usual_is_left_out_by_itself(desk: Desk) -> None:
    look = look_at(desk)
    desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    desk.counter.receive(look, wanted(desk, look, "juminhyo", includes=(Include.DOMICILE,)))
    with desk.journal.view() as view:
        cases = sorted(view.records(CASES, desk.counter.scope), key=lambda case: case.reception_no)
    assert [case.includes for case in cases] == [(), (Include.DOMICILE,)]
    with pytest.raises(RuleError, match="載せられません"):
        desk.counter.receive(look, wanted(desk, look, "kisai_jiko", includes=(Include.DOMICILE,)))


def test_the_fee_is_stored_as_charged_and_the_discount_needs_a_card(desk: Desk, tmp_path: Path) -> None:
    look = look_at(desk)
    plain = desk.counter.receive(look, wanted(desk, look, "juminhyo", copies=3))
    seen = desk.counter.receive(look, wanted(desk, look, "juminhyo", copies=3, card_seen=True))
    free = desk.counter.receive(look, wanted(desk, look, "juminhyo", card_seen=True, exemption="公用"))
    dearer = tmp_path / "dearer"
    for place in (fixtures() / "counter").rglob("*.toml"):
        out = dearer / place.relative_to(fixtures() / "counter")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(place.read_bytes().replace(b"yen = 300", b"yen = 900"))
    desk.counter.load(dearer)
    fees = {case.reception_no: (case.fee, case.discount) for case in desk.counter.cases()}
    assert fees[plain.reception_no] == (900, 0) and fees[seen.reception_no] == (600, 300)
    assert fees[free.reception_no] == (0, 0)
    after = desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    assert next(case.fee for case in desk.counter.cases() if case.reception_no == after.reception_no) == 900
    assert desk.counter.paper("counter.sheet", reception_no=seen.reception_no).content.fee.startswith("600円")
    with pytest.raises(RuleError, match="減免の事由"):
        desk.counter.receive(look, wanted(desk, look, "juminhyo", exemption="友人"))


def test_who_is_protected_stops_hard_until_the_responsible_person_lifts_it_once(desk: Desk) -> None:
    key = protected_one(desk)
    look = look_at(desk, key)
    assert look.stop is not None and look.stop.code == "SUPPRESSED" and look.stop.stops
    with pytest.raises(RuleError, match="支援措置・抑止"):
        desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    desk.release(key, "check")
    again = look_at(desk, key)
    assert again.stop is None
    receipt = desk.counter.receive(again, wanted(desk, again, "juminhyo"))
    assert look_at(desk, key).stop is not None, "for one reception only"
    assert desk.register is not None
    hidden = desk.register.resident(key)
    assert hidden is not None
    for form in ("counter.sheet", "counter.application"):
        text = str(desk.counter.paper(form, reception_no=receipt.reception_no).content)
        assert "（表示しません）" in text
        assert not (hidden.lot_text and hidden.town + hidden.lot_text in text)


def test_people_who_are_gone_are_only_for_their_own_procedures(desk: Desk) -> None:
    assert desk.register is not None
    found = desk.register.search("マルヤマ", gone=True).hits + desk.register.search("丸山", gone=True).hits
    gone = next(hit.resident for hit in found if not hit.resident.living)
    look = look_at(desk, gone.addressee_no)
    assert look.stop is None
    asks = {"requester_kind": Requester.THIRD_PARTY, "requester_name": "相続人", "evidence_seen": True}
    with pytest.raises(RuleError, match="請求者は住基では"):
        desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    with pytest.raises(RuleError, match="転出・死亡など"):
        desk.counter.receive(look, wanted(desk, look, "juminhyo", **asks))
    if gone.resident_status == "3":
        with pytest.raises(RuleError, match="請求者は住基では死亡です"):
            desk.counter.receive(look, wanted(desk, look, "juminhyo_joho"))
    desk.counter.receive(look, wanted(desk, look, "juminhyo_joho", **asks))
    living = look_at(desk)
    with pytest.raises(RuleError, match="今も住民です"):
        desk.counter.receive(living, wanted(desk, living, "juminhyo_joho"))


@pytest.mark.parametrize(("more", "said"), [
    ({"requester_kind": Requester.PROXY, "requester_name": "代理　太郎"}, "委任状"),
    ({"requester_kind": Requester.PROXY, "mandate_seen": True}, "来た方の氏名"),
    ({"requester_kind": Requester.THIRD_PARTY, "requester_name": "株式会社"}, "疎明資料"),
    ({"subjects": ()}, "対象の人が選ばれていません"), ({"subjects": ("99900000118",)}, "この世帯の人ではありません"),
    ({"copies": 0}, "通数"), ({"copies": 100}, "通数"), ({"answers": {}}, "使いみち")])
def test_what_stands_in_the_way_is_said(desk: Desk, more: dict[str, object], said: str) -> None:
    look = look_at(desk)
    before = desk.mark()
    with pytest.raises(RuleError, match=said):
        desk.counter.receive(look, wanted(desk, look, "juminhyo", **more))
    assert desk.mark() == before


def test_a_seal_certificate_is_the_holders_own(desk: Desk) -> None:
    look = look_at(desk)
    with pytest.raises(RuleError, match="からは受け付けられません"):
        desk.counter.receive(look, wanted(desk, look, "inkan_shomei", requester_kind=Requester.SAME_HOUSEHOLD))
    other = look.members[1].addressee_no
    with pytest.raises(RuleError, match="本人の分だけ"):
        desk.counter.receive(look, wanted(desk, look, "inkan_shomei", subjects=(other,)))
    child = look.members[2].addressee_no
    young = look_at(desk, child)
    with pytest.raises(RuleError, match="15歳から"):
        desk.counter.receive(young, wanted(desk, young, "inkan_shomei"))


def test_the_same_again_says_when_and_where_the_first_was(desk: Desk) -> None:
    look = look_at(desk)
    first = desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    procedure = desk.counter.setup.procedure("juminhyo")
    assert procedure is not None
    said = desk.counter.earlier(procedure, (SATO,))
    assert first.reception_no in said and "端末A1B2C3" in said and "op" in said
    desk.counter.move(first.reception_no, Step.WITHDRAWN, "本人の申出")
    assert desk.counter.earlier(procedure, (SATO,)) == ""


def test_related_procedures_by_answer_and_age(desk: Desk) -> None:
    look = look_at(desk)
    everybody = tuple(one.addressee_no for one in look.members)
    receipt = desk.counter.receive(look, wanted(desk, look, "tennyu", subjects=everybody))
    case = desk.counter.case(receipt.reception_no)
    states = dict(case.related)
    assert states["suido_kaisen"] is Related.NEEDED and states["inu_toroku"] is Related.NOT_NEEDED
    assert states["kaigo_shikaku"] is Related.NOT_NEEDED and states["jido_teate"] is Related.NEEDED
    desk.counter.mark_related(receipt.reception_no, "suido_kaisen", Related.DONE)
    listed = desk.counter.paper("counter.guide", reception_no=receipt.reception_no).content.following
    assert [(one.title, one.done) for one in listed if one.title == "水道の開栓"] == [("水道の開栓", True)]
    assert [(one.needed, one.done) for one in listed if one.title == "犬の登録"] == [(False, False)]
    with pytest.raises(RuleError):
        desk.counter.mark_related(receipt.reception_no, "hoikuen", Related.DONE)


def test_a_case_goes_its_way_and_no_other(desk: Desk) -> None:
    look = look_at(desk)
    number = desk.counter.receive(look, wanted(desk, look, "juminhyo")).reception_no
    desk.counter.move(number, Step.HANDED_OVER)
    desk.counter.move(number, Step.DONE)
    for step in Step:
        with pytest.raises(RuleError):
            desk.counter.move(number, step, "理由")
    with pytest.raises(RuleError, match="ありません"):
        desk.counter.move("A1B2C3-9999-9", Step.DONE)


def test_taking_back_leaves_no_case_and_no_paper(desk: Desk) -> None:
    look = look_at(desk)
    receipt = desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    desk.counter.undo(desk.counter.undoable()[0].number, "人違い")
    assert desk.counter.cases() == () and not desk.printing.pending()
    again = desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    assert again.reception_no != "" and receipt.reception_no != ""


def test_a_my_number_is_refused_in_every_answer(desk: Desk) -> None:
    look = look_at(desk)
    before = desk.mark()
    with pytest.raises(RuleError, match="個人番号"):
        desk.counter.receive(look, wanted(desk, look, "setainushi", answers={"new_head": "1234 5678 9018"}))
    assert desk.mark() == before


def test_papers_stay_those_of_the_version_under_which_a_case_was_accepted(desk: Desk, tmp_path: Path) -> None:
    look = look_at(desk)
    number = desk.counter.receive(look, wanted(desk, look, "juminhyo")).reception_no
    changed = tmp_path / "changed"
    for place in (fixtures() / "counter").rglob("*.toml"):
        out = changed / place.relative_to(fixtures() / "counter")
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_bytes(place.read_bytes().replace("証明書交付申請書".encode(), "新しい申請書".encode()))
    desk.counter.load(changed)
    assert desk.counter.paper("counter.application", reception_no=number).content.title == "証明書交付申請書"
    later = desk.counter.receive(look, wanted(desk, look, "juminhyo")).reception_no
    assert desk.counter.paper("counter.application", reception_no=later).content.title == "新しい申請書"


def test_a_set_up_that_was_changed_by_hand_stops(desk: Desk) -> None:
    place = next((desk.station.home / "counter").rglob("fees.toml"))
    place.write_bytes(place.read_bytes().replace(b"yen = 300", b"yen = 1"))
    desk.counter._setups.clear()
    assert "壊れています" in desk.counter.ready()
    with pytest.raises(StationError):
        desk.counter.setup  # noqa: B018


def test_a_new_register_asks_for_open_cases_only(desk: Desk) -> None:
    from sanjo_tui.desk.following import follow

    assert desk.register is not None
    before = {one.addressee_no: one for one in desk.register.everyone()}
    protected = desk.protected()
    for key, one in before.items():
        if key in protected:
            continue
        look = look_at(desk, key)
        if look.stop is None and one.living:
            desk.counter.receive(look, wanted(desk, look, "kisai_jiko"), papers=False)
    snapshot.load(fixtures() / "residents" / "demo-next", desk.station.register_dir, desk.keys, lg_code="999997",
                  yes=True)
    desk.refresh_register()
    follow(desk, desk.counter)
    with desk.journal.view() as view:
        dues = desk.counter.dues(view)
    assert dues and desk.register is not None
    for due in dues:
        now, was = desk.register.resident(due.subject), before[due.subject]
        assert now is None or not now.living or now.protected or (now.name, now.town, now.lot_text, now.building,
            now.household_no) != (was.name, was.town, was.lot_text, was.building, was.household_no)
    first = dues[0]
    desk.counter.move(first.number, Step.WITHDRAWN, "転出")
    with desk.journal.view() as view:
        assert first.number not in {due.number for due in desk.counter.dues(view)}


# --- number tickets


def test_no_number_twice_in_a_day_even_from_two_desks(desk: Desk, tmp_path: Path) -> None:
    other = desks.desk(tmp_path / "home", receptions=("counter",))
    given: list[str] = []

    def give(counter: object, times: int) -> None:
        for _ in range(times):
            given.append(counter.give_ticket("A").detail)  # type: ignore[attr-defined]

    threads = [Thread(target=give, args=(one.counter, 12)) for one in (desk, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    other.close()
    assert sorted(given) == [f"番号札 A{n:03}" for n in range(1, 25)]


def test_absent_goes_back_to_waiting_and_two_desks_call_different_numbers(desk: Desk) -> None:
    for _ in range(3):
        desk.counter.give_ticket("B")
    first, second = desk.counter.call_next(), desk.counter.call_next()
    assert first is not None and second is not None and (first.number, second.number) == ("B500", "B501")
    desk.counter.move_ticket("B500", Waiting.ABSENT)
    desk.counter.move_ticket("B500", Waiting.WAITING)
    third, back = desk.counter.call_next(), desk.counter.call_next()
    assert third is not None and back is not None and (third.number, back.number) == ("B502", "B500")
    assert desk.counter.call_next() is None
    with pytest.raises(RuleError):
        desk.counter.move_ticket("B501", Waiting.DONE)
    desk.counter.move_ticket("B501", Waiting.SERVING)
    desk.counter.move_ticket("B501", Waiting.DONE)
    with pytest.raises(RuleError):
        desk.counter.move_ticket("B999", Waiting.CALLED)
    slips = desk.counter.paper("counter.ticket", number="B502")
    assert slips.pdf().pages == 1 and slips.content.category == "届出・手続"


@given(st.sets(st.integers(min_value=1, max_value=999)))
def test_tickets_never_leave_their_range(taken: set[int]) -> None:
    category = Category(code="A", name="証明書", first=1, last=499)
    inside = {one for one in taken if one <= 499}
    if max(inside, default=0) >= 499:
        with pytest.raises(RuleError):
            rules.give_ticket(category, taken, "d")
    else:
        given = rules.give_ticket(category, taken, "d")
        assert given.number not in taken and category.first <= given.number <= category.last


# --- commands


def test_the_days_hand_over_has_numbers_and_answers_and_no_name(desk: Desk, tmp_path: Path,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    look = look_at(desk)
    desk.counter.receive(look, wanted(desk, look, "tennyu"))
    desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    write(desk.station)
    home = str(desk.station.home)
    out = tmp_path / "out.csv"
    assert main(["--home", home, "counter", "handover", "--out", str(out)]) == 0
    assert out.read_bytes().startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(out.read_text(encoding="utf-8-sig"))))
    assert [row["procedure_code"] for row in rows] == ["tennyu", "juminhyo"] and rows[0]["ask.new_address"] == "旭町"
    assert not any(one.name in out.read_text(encoding="utf-8-sig") for one in look.members)
    mapping = tmp_path / "columns.toml"
    mapping.write_text('"受付番号" = "reception_no"\n"引越日" = "ask.moved_on"\n', encoding="utf-8")
    capsys.readouterr()
    assert main(["--home", home, "counter", "handover", "--columns", str(mapping)]) == 0
    assert capsys.readouterr().out.splitlines()[0] == "受付番号,引越日"
    mapping.write_text('"氏名" = "name"\n', encoding="utf-8")
    assert main(["--home", home, "counter", "handover", "--columns", str(mapping)]) == 1
    assert "という項目はありません" in capsys.readouterr().err


def test_check_load_and_status_by_the_command_line(desk: Desk, tmp_path: Path,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    write(desk.station)
    home, sample = str(desk.station.home), fixtures() / "counter"
    assert main(["--home", home, "counter", "check", str(sample), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["ok"] is True
    bad = tmp_path / "bad"
    for place in sample.rglob("*.toml"):
        target = bad / place.relative_to(sample)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(place.read_bytes().replace(b'dept = "zeimu"', b'dept = "zeim"'))
    assert main(["--home", home, "counter", "check", str(bad)]) == 1
    told = capsys.readouterr()
    assert told.out.count("zeim という窓口はありません") >= 4 and "直すまで読み込めません" in told.err
    assert main(["--home", home, "counter", "load", str(bad)]) == 1
    assert main(["--home", home, "counter", "load", str(sample)]) == 0
    assert main(["--home", home, "counter", "status"]) == 0
    assert "手続36件" in capsys.readouterr().out
    look = look_at(desk)
    number = desk.counter.receive(look, wanted(desk, look, "juminhyo")).reception_no
    for form in ("sheet", "application", "guide"):
        assert main(["--home", home, "counter", form, number, "--out", str(tmp_path / f"{form}.pdf")]) == 0
        assert (tmp_path / f"{form}.pdf").read_bytes().startswith(b"%PDF")
    assert main(["--home", home, "counter", "cash", "--format", "json"]) == 0


def test_events_merge_in_any_order(desk: Desk, tmp_path: Path) -> None:
    from sanjo_tui.journal import exports

    other = desks.desk(tmp_path / "there", code="Z9Y8X7", receptions=("counter",))
    look = look_at(desk)
    desk.counter.receive(look, wanted(desk, look, "juminhyo"))
    desk.counter.give_ticket("A")
    done = exports.write(desk.journal, tmp_path / "out")[0].path
    from sanjo_tui.desk.merging import take_in

    for _ in range(2):
        take_in(other, done, "")
    with other.journal.view() as view:
        assert [case.procedure for case in view.records(CASES, desk.counter.scope)] == ["juminhyo"]
        kinds = [recorded.event.kind for recorded in view.events(kinds=(Accepted.kind,))]
    other.close()
    assert kinds == [Accepted.kind]
