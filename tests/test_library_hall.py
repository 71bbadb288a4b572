"""図書番号 at the hall: whose number, from which range, taken back or not, and what a new register changes."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.desk.following import follow
from sanjo_tui.desk.merging import take_in
from sanjo_tui.errors import PrintError, RuleError
from sanjo_tui.journal import exports
from sanjo_tui.journal.events import Claim
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library import setup as setups
from sanjo_tui.receptions.library.numbers import Range, following, remaining
from sanjo_tui.receptions.library.state import BINDINGS, HOLDERS, Holder, Stock
from sanjo_tui.receptions.library.words import Standing
from sanjo_tui.station import fixtures
from tests.library_ground import (
    EXPIRED,
    HOMMA,
    IKARASHI,
    KUMAKURA,
    PROTECTED,
    REVOKED,
    SAMPLE,
    SATO,
    Days,
    issue,
    library,
    link_of,
    load_register,
    number_of,
    seen,
)

NEW = "0000000000017"
"""A card that the register does not know yet."""

SMALL = SAMPLE.replace('last = "3100060"', 'last = "3100004"').replace('last = "3200100"', 'last = "3200002"').replace(
    "alarm = 30", "alarm = 5")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = library(tmp_path / "home")
    yield desk
    desk.close()


def holder(desk: Desk, person: str) -> Holder | None:
    with desk.journal.view() as view:
        found: Holder | None = view.record_of(HOLDERS, "library", person)
    return found


def test_numbers_run_through_the_ranges_and_skip_what_somebody_had(tmp_path: Path) -> None:
    desk = library(tmp_path / "home", setup=SMALL)
    assert desk.register is not None
    people = [one.addressee_no for one in desk.register.everyone() if one.living and not one.protected]
    given = []
    for person in people[10:15]:
        given.append(number_of(desk.library.issue(person, verified_by=VerifiedBy.PHOTO_ID)))
    assert given == ["3100001", "3100002", "3100004", "3200001", "3200002"], "3100003 is an older holder's"
    with pytest.raises(RuleError, match="図書番号がもうありません"):
        desk.library.issue(people[16], verified_by=VerifiedBy.PHOTO_ID)
    assert desk.library.remaining() == 0 and "図書番号 残り0" in desk.library.notices()
    desk.close()


def test_the_header_warns_when_numbers_run_short(tmp_path: Path) -> None:
    desk = library(tmp_path / "home", setup=SMALL)
    assert not any("残り" in one for one in desk.library.notices())
    issue(desk, SATO)
    assert "図書番号 残り5" in desk.library.notices()
    desk.close()


def test_who_had_a_number_keeps_it_and_the_library_is_told_更新(desk: Desk) -> None:
    receipt = issue(desk, IKARASHI, web_use=True)
    event = next(r.event for r in receipt.recorded if isinstance(r.event, ev.NumberIssued))
    assert (event.number, event.kept, event.change_kind.label, event.web_use) == ("3100003", True, "更新", True)
    assert event.valid_until == "2032-05-12", "the card's, not the older one's"
    new = next(r.event for r in issue(desk, SATO).recorded if isinstance(r.event, ev.NumberIssued))
    assert (new.number, new.kept, new.change_kind.label) == ("3100001", False, "新規")
    assert desk.library.person_of("3100003") == link_of(desk, IKARASHI).addressee_no
    assert desk.library.person_of("3100001") == new.subject
    assert desk.library.person_of("9999999") == desk.library.person_of("x") == ""


def test_nobody_gets_two_numbers(desk: Desk) -> None:
    issue(desk, SATO)
    with pytest.raises(RuleError, match="もう発行されています"):
        issue(desk, SATO)


def test_two_desks_at_once_never_give_one_number_twice(tmp_path: Path) -> None:
    one = library(tmp_path / "home")
    other = library(tmp_path / "home")
    assert one.register is not None
    people = [person.addressee_no for person in one.register.everyone() if person.living and not person.protected][:40]

    def give(desk: Desk, mine: list[str]) -> list[str]:
        return [number_of(desk.library.issue(person, verified_by=VerifiedBy.PHOTO_ID)) for person in mine]

    with ThreadPoolExecutor(2) as pool:
        halves = [pool.submit(give, one, people[::2]), pool.submit(give, other, people[1::2])]
        numbers = [number for half in halves for number in half.result()]
    assert len(set(numbers)) == len(people)
    one.close()
    other.close()


def test_a_renewal_keeps_the_number(desk: Desk) -> None:
    link = link_of(desk, SATO)
    with pytest.raises(RuleError, match="まだ図書番号"):
        desk.library.renew(link.addressee_no, link=link, verified_by=VerifiedBy.CARD_FACE)
    number = number_of(issue(desk, SATO))
    receipt = desk.library.renew(link.addressee_no, link=link, verified_by=VerifiedBy.CARD_FACE, web_use=True)
    assert number_of(receipt) == number and len(receipt.jobs) == 1
    now = holder(desk, link.addressee_no)
    assert now is not None and now.web_use and now.standing is Standing.ISSUED


@pytest.mark.parametrize(("card", "sentence"), [(PROTECTED, "ここではできません"), (EXPIRED, "期限が切れた"),
                                                (REVOKED, "失効した")])
def test_stops(desk: Desk, card: str, sentence: str) -> None:
    opened = desk.open_card(seen(card), "library")
    look = desk.library.look(opened)
    assert look.stop is not None and look.stop.stops and sentence in look.stop.message
    with pytest.raises(RuleError, match=sentence):
        issue(desk, card)


def test_a_protected_person_is_received_once_released_and_no_address_is_kept(desk: Desk) -> None:
    person = link_of(desk, PROTECTED).addressee_no
    desk.release(person, "reception")
    receipt = issue(desk, PROTECTED)
    event = next(r.event for r in receipt.recorded if isinstance(r.event, ev.NumberIssued))
    assert event.protected and event.address == "" and event.number == "3100001"
    assert not desk.released(person), "the stop stands again"
    pdf = desk.library.paper("library.notice", addressee_no=person).pdf()
    assert pdf.pages == 1


def test_taken_back_the_number_is_spent_and_the_person_free(desk: Desk) -> None:
    receipt = issue(desk, SATO)
    job = receipt.jobs[0]
    desk.library.undo(desk.library.undoable()[0].number, "人違い")
    assert holder(desk, link_of(desk, SATO).addressee_no) is None
    assert job not in {one.number for one in desk.printing.pending()}
    with pytest.raises(PrintError):
        desk.library.paper("library.notice", addressee_no=link_of(desk, SATO).addressee_no)
    assert number_of(issue(desk, SATO)) == "3100002", "a notice of 3100001 may lie somewhere"
    assert "(取消)" in desk.library.latest(3)[1].text


def test_an_older_number_comes_back_when_its_issue_is_taken_back(desk: Desk) -> None:
    issue(desk, IKARASHI)
    desk.library.undo(desk.library.undoable()[0].number, "人違い")
    now = holder(desk, link_of(desk, IKARASHI).addressee_no)
    assert now is not None and now.standing is Standing.KNOWN and now.number == "3100003"


def test_what_the_library_was_told_is_not_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = library(tmp_path / "home", on="2027-01-12")
    days = Days(desk, monkeypatch)
    days.at("2027-01-12")                           # a Tuesday, after 成人の日
    issue(desk, SATO)
    desk.library.write_lists(tmp_path, day=desk.today())
    with pytest.raises(RuleError, match="もう申請データ一覧に載っています"):
        desk.library.undo(desk.library.undoable()[0].number, "人違い")
    desk.close()


def test_a_lost_card_suspends_the_number_and_its_binding(desk: Desk) -> None:
    number = number_of(issue(desk, SATO))
    turn = desk.library.tap(seen(SATO))
    desk.library.bind(turn, number)
    receipt = desk.library.suspend(link_of(desk, SATO).addressee_no, "紛失")
    assert [r.event.kind for r in receipt.recorded] == ["library.changed", "library.binding_suspended"]
    assert desk.library.tap(seen(SATO)).verdict.code == "SUSPENDED"
    with pytest.raises(PrintError):
        desk.library.paper("library.notice", addressee_no=link_of(desk, SATO).addressee_no)
    with pytest.raises(RuleError):
        desk.library.suspend(link_of(desk, SATO).addressee_no, "紛失")


def _stopped_after_binding(desk: Desk) -> tuple[str, str]:
    """A number that was bound and then stopped at the hall, and whose it is."""
    number, person = number_of(issue(desk, SATO)), link_of(desk, SATO).addressee_no
    desk.library.finish(desk.library.bind(desk.library.tap(seen(SATO)), number))
    desk.library.suspend(person, "紛失")
    return number, person


def test_a_stop_by_mistake_is_taken_back_with_its_card(desk: Desk) -> None:
    _stopped_after_binding(desk)
    desk.library.undo(desk.library.undoable()[0].number, "押し間違い")
    assert desk.library.tap(seen(SATO)).bound
    assert desk.journal.verify().unknown == 0


def test_a_renewal_lends_again_on_the_card_that_was_shown_and_on_no_other(desk: Desk) -> None:
    number, person = _stopped_after_binding(desk)
    desk.library.renew(person, verified_by=VerifiedBy.PHOTO_ID)
    assert desk.library.tap(seen(SATO)).verdict.code == "SUSPENDED", "the card may still be lost"
    desk.library.renew(person, link=link_of(desk, SATO), verified_by=VerifiedBy.CARD_FACE)
    assert desk.library.tap(seen(SATO)).number == number
    desk.library.undo(desk.library.undoable()[0].number, "人違い")
    assert desk.library.tap(seen(SATO)).verdict.code == "SUSPENDED"


def test_whoever_finds_a_lost_notice_gets_no_card_bound_to_it(desk: Desk) -> None:
    number, person = _stopped_after_binding(desk)
    finder = desk.library.tap(seen(NEW))
    for instead in (False, True):
        with pytest.raises(RuleError, match="今は使えません"):
            desk.library.bind(finder, number, instead=instead)
    assert not finder.bound
    desk.library.renew(person, verified_by=VerifiedBy.PHOTO_ID)
    assert desk.library.bind(finder, number, instead=True).bound, "再発行: the person came with a new card"


def test_nobody_else_s_number_is_bound_to_a_card(desk: Desk) -> None:
    number = number_of(issue(desk, SATO))
    other = desk.library.tap(seen(IKARASHI))
    for instead in (False, True):
        with pytest.raises(RuleError, match="別の方に発行"):
            desk.library.bind(other, number, instead=instead)
    assert not other.bound and desk.library.bind(desk.library.tap(seen(SATO)), number).bound


def test_what_two_halls_gave_twice_is_listed(tmp_path: Path) -> None:
    mine, theirs = library(tmp_path / "one", code="WINA"), library(tmp_path / "two", code="WINB")
    same, second = number_of(issue(mine, SATO)), number_of(issue(mine, HOMMA))
    assert number_of(issue(theirs, HOMMA)) == same, "both have the range"
    for file in exports.write(theirs.journal, tmp_path / "usb"):
        take_in(mine, file.path, "")
    with mine.journal.view() as view:
        dues = {(due.what, due.subject, due.number) for due in mine.library.dues(view)}
    assert dues == {("二重の図書番号", link_of(mine, HOMMA).addressee_no, same),
                    ("図書番号が二つ", link_of(mine, HOMMA).addressee_no, second)}
    assert mine.library.paper("library.dues").pdf().pages == 1
    for desk in (mine, theirs):
        desk.close()


def test_a_number_that_was_taken_back_is_bound_to_no_card(desk: Desk) -> None:
    number = number_of(issue(desk, SATO))
    desk.library.undo(desk.library.undoable()[0].number, "人違い")
    with pytest.raises(RuleError, match="今は使えません"):
        desk.library.bind(desk.library.tap(seen(SATO)), number)


def test_a_card_bound_in_place_of_another_by_mistake_gives_the_number_back(desk: Desk) -> None:
    number = number_of(issue(desk, SATO))
    desk.library.bind(desk.library.tap(seen(SATO)), number)
    desk.library.bind(desk.library.tap(seen(NEW)), number, instead=True)
    desk.library.undo(desk.library.undoable()[0].number, "番号違い")
    assert desk.library.tap(seen(SATO)).number == number and not desk.library.tap(seen(NEW)).bound
    assert desk.journal.verify().unknown == 0


def test_cards_that_a_register_stopped_are_not_taken_back(desk: Desk) -> None:
    follow(desk, desk.library)
    number = number_of(issue(desk, IKARASHI))
    desk.library.bind(desk.library.tap(seen(IKARASHI)), number)
    before = len(desk.library.undoable())
    desk.library.record(lambda view: desk.library._stop_bindings(view, {number: "カードの失効"}))
    stopped = desk.library.latest(1)[0]
    assert len(desk.library.undoable()) == before
    with pytest.raises(RuleError, match="住基による変更"):
        desk.library.undo(stopped.number, "間違い")


def test_a_my_number_in_a_reason_is_refused(desk: Desk) -> None:
    issue(desk, SATO)
    with pytest.raises(RuleError, match="個人番号"):
        desk.library.suspend(link_of(desk, SATO).addressee_no, "1234 5678 9018")


# --- a new register


def test_snapshot_day(tmp_path: Path) -> None:
    desk = library(tmp_path / "home")
    assert desk.register is not None
    follow(desk, desk.library)
    everyone = {one.addressee_no: one for one in desk.register.everyone() if one.living and not one.protected}
    issued = {person: number_of(desk.library.issue(person, verified_by=VerifiedBy.PHOTO_ID))
              for person in list(everyone)[:160] if holder(desk, person) is None
              and desk.library.remaining()}
    load_register(desk, "demo-next")
    assert follow(desk, desk.library) and not follow(desk, desk.library)
    told = {}
    with desk.journal.view() as view:
        for recorded in view.events(kinds=(ev.HolderChanged.kind,)):
            event = recorded.event
            assert isinstance(event, ev.HolderChanged) and event.by_register
            told[event.subject] = event
    assert told and set(told) <= set(issued)
    for person in issued:
        now = desk.register.resident(person)
        before = everyone[person]
        event = told.get(person)
        if now is None or not now.living:
            assert event is not None and event.suspended
        elif now.protected:
            assert event is not None and not event.address and not event.what
        elif (now.name, now.address) != (before.name, before.address):
            assert event is not None and not event.suspended and (event.name, event.address) == (now.name, now.address)
        else:
            assert event is None or event.what in ("氏名変更", "転居"), "kana, or an alias"
    with desk.journal.view() as view:
        dues = {due.subject: due for due in desk.library.dues(view)}
    assert set(dues) == set(told) and not any("支援" in dues[p].todo for p in dues)
    assert desk.library.paper("library.dues").pdf().pages >= 1
    desk.close()


def test_a_number_of_somebody_gone_stops_its_card_too(tmp_path: Path) -> None:
    desk = library(tmp_path / "home")
    assert desk.register is not None
    follow(desk, desk.library)
    gone = _who_leaves(desk)
    number = number_of(desk.library.issue(gone, verified_by=VerifiedBy.PHOTO_ID))
    desk.library.bind(desk.library.tap(seen("0000000000017")), number)
    load_register(desk, "demo-next")
    follow(desk, desk.library)
    with desk.journal.view() as view:
        held = view.holder(Claim(ev.BINDING, number))
        assert held is not None
        event = view.event(*held)
        assert event is not None
        binding = view.record_of(BINDINGS, "library", event.event.subject)
    assert binding is not None and binding.standing is Standing.SUSPENDED and binding.reason
    assert desk.library.tap(seen("0000000000017")).verdict.stops
    desk.close()


def _who_leaves(desk: Desk) -> str:
    """Somebody of the demo register who is no resident in the next one."""
    with (fixtures() / "residents" / "demo-next" / "residents.csv").open(encoding="utf-8-sig", newline="") as file:
        later = {row["addressee_no"]: row["resident_status"] for row in csv.DictReader(file)
                 if row.get("is_latest", "1") == "1"}
    assert desk.register is not None
    return next(one.addressee_no for one in desk.register.everyone()
                if one.living and not one.protected and later.get(one.addressee_no, "1") != "1")


# --- rules without a desk


def test_ranges() -> None:
    ranges = (Range("0000001", "0000003"), Range("0000010", "0000010"))
    assert following(ranges, {}, lambda _: False) == (ranges[0], "0000001")
    stocks = {"0000001": Stock(first="0000001", last="0000003", taken=2)}
    assert following(ranges, stocks, lambda _: False) == (ranges[1], "0000010")
    assert remaining(ranges, stocks) == 1 and remaining(ranges, {}) == 4
    assert "0000002" in ranges[0] and "000002" not in ranges[0] and "0000004" not in ranges[0]
    with pytest.raises(RuleError):
        following(ranges, stocks, lambda _: True)


BROKEN = [
    ("modes = []", "modes"), ("modes = [\"x\"]", "modes"), ("modes = 3", "modes"), ("nonsense", "TOML"),
    ('modes = ["hall"]', "range"), ('modes = ["library"]', "branch"),
    ('modes = ["library"]\n[lending]\nbranch = "1"', "host"),
    ('modes = ["hall"]\n[[range]]\nfirst = "1"\nlast = "2"', "7桁"),
    ('modes = ["hall"]\n[[range]]\nfirst = "0000009"\nlast = "0000001"', "7桁"),
    ('modes = ["hall"]\n[[range]]\nfirst = "0000001"\nlast = "0000005"\n[[range]]\nfirst = "0000005"\n'
     'last = "0000009"', "重なって"),
    ('modes = ["hall"]\n[[range]]\nfirst = "0000001"', "last"),
    ('modes = ["hall"]\n[[range]]\nfirst = 1\nlast = 2', "文字列"),
    ('modes = ["hall"]\n[range]\nfirst = "0000001"', "二重"),
    ('modes = ["hall"]\n[stock]\nalarm = "3"', "整数"), ('modes = ["hall"]\n[stock]\nalarms = 3', "alarms"),
    ('modes = ["hall"]\nextra = 1', "extra"), ('modes = ["hall"]\n[list]\nprotected_row = "all"', "protected_row"),
    ('modes = ["hall"]\n[list]\nlist_time = "9時"', "list_time"),
    ('modes = ["hall"]\n[sip2]\nport = true', "port"), ('modes = ["hall"]\n[sip2]\nencoding = "sjis"', "encoding"),
    ('modes = ["hall"]\n[sip2]\ntimeout = 0', "timeout"), ('modes = ["hall"]\n[sip2]\ntimeout = nan', "timeout"),
    ('modes = ["hall"]\n[sip2]\nport = 70000', "65535 まで"), ('modes = ["hall"]\n[sip2]\ntimeout = inf', "600 まで"),
    ('modes = ["hall"]\n[lending]\nloan_days = 99999999999', "3650 まで"),
    ('modes = ["hall"]\n[sip2]\nterminator = "LF"', "terminator"),
    ('modes = ["hall"]\n[lending]\nitem_pattern = "("', "item_pattern"),
    ('modes = ["hall"]\n[lending]\npatron_id = "name"', "patron_id"),
    ('modes = ["hall"]\n[[stop]]\ncode = "a"\nname = "x"\n[[stop]]\ncode = "a"\nname = "y"', "二度"),
    ('modes = ["hall"]\n[notice]\nlines = ["あ", "い", "う", "え", "お"]', "4行"),
    (f'modes = ["hall"]\n[notice]\nlines = ["{"あ" * 77}"]', "76字"),
    ('modes = ["hall"]\n' + '[[library]]\nname = "x"\n' * 7, "6館"),
    ('modes = ["hall"]\n[notice]\nlines = "x"', "並び"), ('modes = ["hall"]\nsip2 = 3', "表")]


@pytest.mark.parametrize(("text", "word"), BROKEN)
def test_a_broken_set_up_is_refused_with_its_key(text: str, word: str) -> None:
    setup, problems = setups.read(text.encode())
    assert setup is None and any(word in problem for problem in problems)


def test_every_problem_is_told_at_once() -> None:
    _, problems = setups.read(b'modes = ["x"]\nfoo = 1\n[sip2]\nport = true\nencoding = "x"\n[stock]\nbar = 1')
    assert len(problems) == 5


@pytest.mark.parametrize(("data", "word"), [
    (b"", "addressee_no"), (b"addressee_no\n1\n", "library_card_no"),
    (b"addressee_no,library_card_no\n1,123\n", "2行目"), (b"addressee_no,library_card_no\nx,1234567\n", "2行目"),
    (b"addressee_no,library_card_no\n1,1234567\n1,1234568\n", "3行目"),
    (b"addressee_no,library_card_no\n1,1234567\n2,1234567\n", "3行目"),
    (b"addressee_no,library_card_no,valid_until\n1,1234567,soon\n", "valid_until"), (b"\xff\xfe", "読めません")])
def test_broken_holders_are_refused_with_their_line(data: bytes, word: str) -> None:
    assert any(word in problem for problem in setups.read_holders(data)[1])


def test_a_my_number_in_the_place_of_an_addressee_number_is_refused(desk: Desk) -> None:
    older, problems = setups.read_holders(b"addressee_no,library_card_no\n123456789018,1234567\n")
    assert older and not problems
    with pytest.raises(RuleError, match="個人番号らしい番号が 1 件"):
        desk.library.load(SAMPLE.encode(), older)
    assert holder(desk, "123456789018") is None


def test_a_set_up_that_is_loaded_again_changes_nothing_twice(desk: Desk) -> None:
    older, _ = setups.read_holders(b"addressee_no,library_card_no\r\n99900000053,3100003\r\n99900000142,2000417\r\n")
    assert desk.library.load(SAMPLE.encode(), older)[1] == 0
    taken, _ = setups.read_holders(b"addressee_no,library_card_no\r\n99900000118,3100003\r\n")
    with pytest.raises(RuleError, match="もうほかの人"):
        desk.library.load(SAMPLE.encode(), taken)


def test_the_library_inside_is_for_drills_only(tmp_path: Path) -> None:
    desk = library(tmp_path / "home")
    desk.station = replace(desk.station, drill=False)
    with pytest.raises(RuleError, match="練習だけ"):
        desk.library.load(SAMPLE.encode())
    desk.close()


def test_people_of_the_demo_are_there(desk: Desk) -> None:
    assert {link_of(desk, card).status for card in (SATO, IKARASHI, HOMMA, KUMAKURA)} == {"active"}


def test_what_holds_can_always_be_rebuilt_from_the_events(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = library(tmp_path / "home", on="2026-11-25")
    days = Days(desk, monkeypatch)
    days.at("2026-11-25")
    follow(desk, desk.library)
    for card in (SATO, IKARASHI, HOMMA, KUMAKURA):
        number = number_of(issue(desk, card))
        desk.library.bind(desk.library.tap(seen(card)), number)
    desk.library.undo(desk.library.undoable()[0].number, "番号違い")
    desk.library.undo(desk.library.undoable()[0].number, "人違い")
    desk.library.renew(link_of(desk, SATO).addressee_no, verified_by=VerifiedBy.INTERVIEW)
    desk.library.suspend(link_of(desk, IKARASHI).addressee_no, "紛失")
    desk.library.undo(desk.library.undoable()[0].number, "押し間違い")
    desk.library.bind(desk.library.tap(seen("0000000000017")), "3100001", instead=True)
    desk.library.write_lists(tmp_path, day=desk.today())
    load_register(desk, "demo-next")
    follow(desk, desk.library)
    assert desk.journal.verify().unknown == 0, "chain and derived tables, checked against the events"
    desk.close()
