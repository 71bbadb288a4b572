"""The childcare desk: one live card a person, numbers that are never given twice, what the printer gets, what is
hidden, taking back, and the day on which a new register comes.
"""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import io
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from sanjo_tui.desk import Desk, photos
from sanjo_tui.desk.following import follow
from sanjo_tui.desk.merging import take_in
from sanjo_tui.errors import ClaimTaken, PrintError, RuleError
from sanjo_tui.journal import exports
from sanjo_tui.receptions.childcare.rules import Answer
from sanjo_tui.receptions.childcare.state import CARDS, Holding
from sanjo_tui.receptions.childcare.words import SCOPE, Place, Role, Status
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.lookups import ListMade
from tests import childcare_ground as ground
from tests.childcare_ground import FAMILY, FATHER, GRANDPA, KIDS, LONG, MOTHER, OLD, PROTECTED, WIDE, card
from tests.register_ground import changed

BY = VerifiedBy.PHOTO_ID


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    one = ground.hall(tmp_path / "home")
    yield one
    one.close()


def kinds(desk: Desk) -> list[str]:
    with desk.journal.view() as view:
        return [one.event.kind for one in view.events()]


# --- the way of a card


def test_one_live_card_a_person_and_never_the_same_number(desk: Desk, tmp_path: Path) -> None:
    first = ground.apply(desk)
    with pytest.raises(RuleError, match="カードがもうあります"):
        ground.apply(desk)
    assert ground.apply(desk, MOTHER) != first, "mother and father each have their own"
    desk.childcare.give_back(FATHER, "本人の申出")
    again = ground.apply(desk)
    assert again != first and card(desk).status is Status.APPLIED
    with desk.journal.view() as view:
        held = desk.childcare.holding(view, FATHER)
    assert held is not None and [one.status for one in held.cards] == [Status.RETURNED, Status.APPLIED]
    assert desk.childcare.person_of(first) == FATHER, "a void card that is found still tells whose it was"
    assert desk.childcare.person_of(first[:-1] + "x") == desk.childcare.person_of("SK-A1B2C3-99999-0") == ""


def test_a_number_that_was_taken_back_is_not_given_again(desk: Desk) -> None:
    first = ground.apply(desk)
    desk.childcare.undo(desk.childcare.latest(1)[0].number, "押しまちがい")
    assert ground.apply(desk) != first


def test_the_states_in_their_order_and_no_other_way(desk: Desk, tmp_path: Path) -> None:
    service, photo, out = desk.childcare, ground.picture(tmp_path), tmp_path / "out"
    out.mkdir()
    acts: dict[str, Callable[[], Any]] = {
        "photo": lambda: service.take_photo(FATHER, photo), "print": lambda: service.write_cards(out),
        "hand": lambda: service.hand_over(FATHER, verified_by=BY, signed=True),
        "lose": lambda: service.lose(FATHER, "紛失"), "reissue": lambda: service.reissue(FATHER, verified_by=BY)}

    def refused(*names: str) -> None:
        before = kinds(desk)
        for name in names:
            with pytest.raises(RuleError):
                acts[name]()
        assert kinds(desk) == before, "what is refused leaves nothing"

    refused(*acts)
    first = ground.apply(desk)
    refused("print", "hand", "lose", "reissue")
    acts["photo"]()
    refused("hand", "lose", "reissue")
    acts["print"]()
    refused("lose", "reissue")
    acts["hand"]()
    assert card(desk).status is Status.HANDED and card(desk).usable_on(dt.date(2029, 3, 31))
    refused("photo", "print", "hand", "reissue")
    acts["lose"]()
    assert not card(desk).usable_on(desk.today()), "the number is void at once"
    refused("photo", "print", "hand", "lose")
    acts["reissue"]()
    new = card(desk)
    assert new.card_no != first and new.status is Status.PHOTOGRAPHED and new.photo
    acts["print"]()
    acts["hand"]()
    with desk.journal.view() as view:
        held = desk.childcare.holding(view, FATHER)
    assert held is not None and [one.status for one in held.cards] == [Status.REISSUED, Status.HANDED]


def test_without_the_signature_nothing_is_handed_over(desk: Desk, tmp_path: Path) -> None:
    ground.made(desk, tmp_path)
    with pytest.raises(RuleError, match="受領サイン"):
        desk.childcare.hand_over(FATHER, verified_by=BY, signed=False)
    assert card(desk).status is Status.PRINTED


def test_the_last_day_follows_the_children_and_the_fixed_end(desk: Desk) -> None:
    ground.apply(desk)
    assert card(desk).valid_until == "2030-03-31", "the eldest of three counts until then"
    sample = (Path(__file__).parent.parent / "fixtures" / "childcare" / "childcare.toml").read_bytes()
    desk.childcare.load(sample.replace(b'fixed_end = ""', b'fixed_end = "2028-03-31"'))
    ground.apply(desk, MOTHER)
    assert card(desk, MOTHER).valid_until == "2028-03-31"


def _setup(desk: Desk, old: str, new: str) -> None:
    sample = (Path(__file__).parent.parent / "fixtures" / "childcare" / "childcare.toml").read_text(encoding="utf-8")
    assert old in sample
    desk.childcare.load(sample.replace(old, new).encode())


def test_a_childs_own_card_ends_with_the_child(desk: Desk) -> None:
    eldest = "511"
    with pytest.raises(RuleError, match="子どもには交付しません"):
        ground.apply(desk, eldest)
    _setup(desk, '"grandparent"]', '"grandparent", "child"]')
    ground.apply(desk, eldest)
    ground.apply(desk, LONG)
    assert card(desk, eldest).role is Role.CHILD and card(desk, eldest).valid_until == "2029-03-31"
    assert card(desk, LONG).valid_until == "2035-03-31"


def test_the_option_for_families_with_disability_keeps_the_reason_alone(desk: Desk, tmp_path: Path) -> None:
    ground.load(desk, tmp_path / "two", FAMILY[:4], 2)
    service = desk.childcare
    look = service.look(desk.open_resident(FATHER))
    chosen = {number: Answer() for number in look.looked.sure}

    def tried(**more: Any) -> None:
        service.apply(look, chosen, role=Role.GUARDIAN, verified_by=BY, **more)

    for more in ({}, {"disability": True, "confirmed": "手帳を確認"}):
        with pytest.raises(RuleError):
            tried(**more)
    _setup(desk, "disability_children = 0", "disability_children = 2")
    with pytest.raises(RuleError, match="扱いにできません"):
        tried(disability=True)
    tried(disability=True, confirmed="手帳を確認")
    assert card(desk).needed == 2 and card(desk).confirmed == "手帳を確認"


def test_a_full_width_number_of_a_card_is_read(desk: Desk) -> None:
    number = ground.apply(desk)
    wide = "".join(chr(ord(char) + 0xFEE0) for char in number.lower())
    assert desk.childcare.person_of(f" {wide} ") == FATHER


def test_grandparents_elsewhere_need_a_reason(desk: Desk) -> None:
    service = desk.childcare
    look = service.look(desk.open_resident(GRANDPA))
    assert look.looked.sure == ()
    beside = service.beside(look, desk.open_resident(KIDS[0]), Place.PREMISES)
    chosen = {number: Answer() for number in beside.looked.sure}
    with pytest.raises(RuleError, match="続柄を確かめた方法"):
        service.apply(beside, chosen, role=Role.GRANDPARENT, verified_by=BY)
    service.apply(beside, chosen, role=Role.GRANDPARENT, verified_by=BY, confirmed="戸籍で確認")
    held = card(desk, GRANDPA)
    assert (held.place, held.household_no, held.confirmed) == (Place.PREMISES, "1", "戸籍で確認")
    assert "戸籍で確認" in _text(desk.childcare.paper("childcare.application", addressee_no=GRANDPA).pdf().data)


def test_a_my_number_is_refused_in_every_reason(desk: Desk, tmp_path: Path) -> None:
    ground.handed(desk, tmp_path)
    for act in (desk.childcare.lose, desk.childcare.give_back, desk.childcare.settle):
        with pytest.raises(RuleError):
            act(FATHER, "123456789018")
    with pytest.raises(RuleError, match="個人番号"):
        desk.childcare.lose(FATHER, "123456789018")
    assert card(desk).status is Status.HANDED
    look = desk.childcare.look(desk.open_resident(MOTHER))
    chosen = {number: Answer(reason="番号 123456789018") for number in look.looked.sure}
    with pytest.raises(RuleError, match="個人番号"):
        desk.childcare.apply(look, chosen, role=Role.GUARDIAN, verified_by=BY)


def test_the_photo_of_somebody_else_is_refused(desk: Desk, tmp_path: Path) -> None:
    """The newest file of the camera may still be the one before."""
    face, number = ground.picture(tmp_path), ground.apply(desk)
    desk.childcare.take_photo(FATHER, face)
    desk.childcare.take_photo(FATHER, face)
    ground.apply(desk, MOTHER)
    with pytest.raises(RuleError, match=f"別の方のカード（{number}）"):
        desk.childcare.take_photo(MOTHER, face)
    assert card(desk, MOTHER).status is Status.APPLIED


def test_a_renewal_makes_a_new_card_only_for_another_last_day(desk: Desk, tmp_path: Path) -> None:
    number, service = ground.handed(desk, tmp_path), desk.childcare
    look = service.look(desk.open_resident(FATHER))
    chosen = {kid: Answer() for kid in look.looked.sure}
    service.renew(look, chosen, verified_by=BY)
    assert card(desk).status is Status.HANDED
    baby = ground.row("114", "1", 6, "見本　四", "20261101", "20")
    ground.load(desk, tmp_path / "more", (*FAMILY, baby, *OLD), 2)
    look = service.look(desk.open_resident(FATHER))
    service.renew(look, {kid: Answer() for kid in look.looked.sure}, verified_by=BY)
    now = card(desk)
    assert (now.card_no, now.status, now.valid_until) == (number, Status.PHOTOGRAPHED, "2032-03-31")


def test_expired_cards_end_and_their_holders_may_apply_again(desk: Desk, tmp_path: Path,
                                                             monkeypatch: pytest.MonkeyPatch) -> None:
    ground.handed(desk, tmp_path)
    assert not desk.childcare.expire().recorded
    monkeypatch.setattr(type(desk), "today", lambda self: dt.date(2030, 3, 31))
    assert not desk.childcare.expire().recorded, "the last day itself is not over"
    monkeypatch.setattr(type(desk), "today", lambda self: dt.date(2030, 4, 1))
    assert len(desk.childcare.expire().recorded) == 1 and card(desk).status is Status.EXPIRED
    with pytest.raises(RuleError, match="2人です"):
        ground.apply(desk)


def test_two_desks_at_one_moment_make_one_card(desk: Desk, tmp_path: Path) -> None:
    other = ground.hall(tmp_path / "home")
    try:
        looks = [(one, one.childcare.look(one.open_resident(FATHER))) for one in (desk, other)]
        made = 0
        for one, look in looks:
            try:
                one.childcare.apply(look, {number: Answer() for number in look.looked.sure}, role=Role.GUARDIAN,
                                    verified_by=BY)
                made += 1
            except RuleError as error:
                assert "もうあります" in error.message
        assert made == 1 and kinds(desk).count("childcare.applied") == 1
        numbers = {ground.apply(one, who) for one, who in ((desk, MOTHER), (other, LONG))}
        assert len(numbers) == 2
    finally:
        other.close()


def test_two_stations_meet_in_any_order_with_the_same_cards(desk: Desk, tmp_path: Path) -> None:
    """Each gave one person a card; numbers carry the station, so none is there twice."""
    second = ground.hall(tmp_path / "other", "B7X2K9")
    try:
        ground.handed(desk, tmp_path)
        ground.apply(second, MOTHER)
        found = []
        for first, then in ((desk, second), (second, desk)):
            with then.journal.view() as view:
                events = tuple(view.events(scope=SCOPE))
            with first.journal.view() as view:
                mine = tuple(view.events(scope=SCOPE))
            holdings: dict[str, Holding | None] = {}
            for one in sorted({(r.hlc, r.station, r.seq): r for r in (*mine, *events, *mine)}.items()):
                recorded = one[1]
                if type(recorded.event) in CARDS.events:
                    holdings[recorded.event.subject] = CARDS.apply(holdings.get(recorded.event.subject), recorded)
            found.append(holdings)
        assert found[0] == found[1] and {h.cards[-1].card_no[:9] for h in found[0].values() if h} == {
            "SK-A1B2C3", "SK-B7X2K9"}
    finally:
        second.close()


def test_both_cards_of_one_person_are_known_and_one_is_to_come_back(desk: Desk, tmp_path: Path) -> None:
    second = ground.hall(tmp_path / "other", "B7X2K9")
    ground.apply(desk)
    theirs = ground.handed(second, tmp_path)
    ground.apply(second, MOTHER)
    mine = card(desk).card_no
    desk.childcare.take_photo(FATHER, ground.picture(tmp_path))             # later than the other station's
    (file,) = [one.path for one in exports.write(second.journal, tmp_path / "usb")]
    second.close()
    take_in(desk, file, "")
    look = desk.childcare.look(desk.open_resident(FATHER))
    assert look.card is not None and {look.card.card_no, *(one.card_no for one in look.doubles)} == {mine, theirs}
    with desk.journal.view() as view:
        held = desk.childcare.holding(view, FATHER)
        (due,) = desk.childcare.dues(view)
    assert held is not None and {one.card_no: one.status for one in held.cards} == {
        mine: Status.PHOTOGRAPHED, theirs: Status.HANDED}
    assert due.what == "二重のカード" and mine in (due.number + due.todo) and theirs in (due.number + due.todo)
    desk.childcare.give_back(FATHER, "二重に申請")
    with desk.journal.view() as view:
        assert desk.childcare.dues(view) == ()
    now = desk.childcare.look(desk.open_resident(FATHER)).card
    assert now is not None and now.live, "the other one is still theirs"
    with pytest.raises(RuleError, match="もうあります"):
        ground.apply(desk)
    assert desk.journal.verify().unknown == 0


# --- the printer


def test_a_photo_at_another_station_holds_up_no_other_card(desk: Desk, tmp_path: Path) -> None:
    away, here, out = ground.apply(desk), ground.apply(desk, MOTHER), tmp_path / "out"
    out.mkdir()
    desk.childcare.take_photo(FATHER, ground.picture(tmp_path))
    photos.erase(desk, card(desk).photo, service=SCOPE)
    with pytest.raises(RuleError, match="作るカードがありません") as told:
        desk.childcare.write_cards(out)
    assert away in told.value.hint and "取り込み直して" in told.value.hint
    desk.childcare.take_photo(MOTHER, ground.picture(tmp_path, 720, 926))
    assert desk.childcare.waiting() == (here,)
    batch = desk.childcare.write_cards(out)
    assert (batch.cards, batch.left) == (1, (away,)) and card(desk, MOTHER).status is Status.PRINTED
    assert card(desk).status is Status.PHOTOGRAPHED and not (out / f"{away}.jpg").exists()
    with pytest.raises(RuleError, match="この端末にありません"):
        desk.childcare.write_cards(out, [away])

def test_the_printers_folder_is_whole_and_tells_no_address(desk: Desk, tmp_path: Path) -> None:
    numbers = [ground.apply(desk, who) for who in (FATHER, MOTHER)]
    for who in (FATHER, MOTHER):
        desk.childcare.take_photo(who, ground.picture(tmp_path))
    out = tmp_path / "out"
    out.mkdir()
    batch = desk.childcare.write_cards(out)
    data = (out / f"cards-{batch.batch}.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") and "旭町".encode() not in data and batch.missing == ()
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    assert [one["card_no"] for one in rows] == numbers and rows[0]["valid_until_text"] == "令和12年3月31日まで"
    for one in rows:
        picture = (out / one["photo"]).read_bytes()
        assert hashlib.sha256(picture).hexdigest() == one["photo_sha256"]
        assert Image.open(io.BytesIO(picture)).format == "JPEG"
    for line in (out / f"cards-{batch.batch}.sha256").read_text().splitlines():
        digest, name = line.split("  ")
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    assert not list(out.glob(".*")), "no half file is left"
    with desk.journal.view() as view:
        logged = [one.event for one in view.events(kinds=(ListMade.kind,)) if isinstance(one.event, ListMade)]
    assert logged[-1].form == "childcare.cards" and logged[-1].rows == 2


def test_a_character_that_cp932_lacks_is_told(desk: Desk, tmp_path: Path) -> None:
    sample = (Path(__file__).parent.parent / "fixtures" / "childcare" / "childcare.toml").read_bytes()
    desk.childcare.load(sample.replace(b'encoding = "utf-8-sig"', b'encoding = "cp932"'))
    rare = changed(FAMILY[0], name="\U000242ee野家　太郎")
    ground.load(desk, tmp_path / "rare", (rare, *FAMILY[1:]), 2)
    number, out = ground.apply(desk), tmp_path / "out"
    desk.childcare.take_photo(FATHER, ground.picture(tmp_path))
    out.mkdir()
    batch = desk.childcare.write_cards(out)
    assert [(one.card_no, one.column, one.code_point) for one in batch.missing] == [(number, "name", "U+242EE")]
    assert "〓野家" in (out / f"cards-{batch.batch}.csv").read_bytes().decode("cp932")


def test_nothing_is_written_into_the_home_or_nowhere(desk: Desk, tmp_path: Path) -> None:
    ground.apply(desk)
    desk.childcare.take_photo(FATHER, ground.picture(tmp_path))
    for place in (desk.station.home, desk.station.home / "photos", tmp_path / "none"):
        with pytest.raises(PrintError):
            desk.childcare.write_cards(place)
    assert card(desk).status is Status.PHOTOGRAPHED


def test_a_medium_that_fails_leaves_no_card_as_made(desk: Desk, tmp_path: Path,
                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    ground.apply(desk)
    desk.childcare.take_photo(FATHER, ground.picture(tmp_path))
    out = tmp_path / "out"
    out.mkdir()

    def full(path: Path, data: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sanjo_tui.desk.childcare.printer.replace_file", full)
    with pytest.raises(PrintError, match="書けません"):
        desk.childcare.write_cards(out)
    assert card(desk).status is Status.PHOTOGRAPHED and "childcare.printed" not in kinds(desk)
    monkeypatch.undo()
    assert desk.childcare.write_cards(out).batch.endswith("-0001"), "the batch's number was not used up"


def test_a_card_that_came_out_badly_is_made_again(desk: Desk, tmp_path: Path) -> None:
    number = ground.made(desk, tmp_path)
    with pytest.raises(RuleError, match="作るカードがありません"):
        desk.childcare.write_cards(tmp_path / "printer")
    again = desk.childcare.write_cards(tmp_path / "printer", [number])
    assert again.batch.endswith("-0002") and card(desk).batch == again.batch
    with pytest.raises(RuleError, match="作れるカードではありません"):
        desk.childcare.write_cards(tmp_path / "printer", ["SK-A1B2C3-99999-0"])


def test_photos_go_when_their_time_is_over(desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.handed(desk, tmp_path)
    photo = card(desk).photo
    other = photos.check(ground.picture(tmp_path, 720), photos.Rules())
    photos.keep(desk, other)
    assert desk.childcare.erase_photos() == 0
    desk.childcare.give_back(FATHER, "本人の申出")
    assert desk.childcare.erase_photos() == 0, "kept for some days after the end"
    monkeypatch.setattr(type(desk.childcare), "setup", replace(desk.childcare.setup, keep_photo_days=0))
    assert desk.childcare.erase_photos() == 1
    assert not photos.has(desk, photo, service=SCOPE) and photos.has(desk, other.sha256), "another service's stays"


def test_a_photo_that_was_taken_in_just_now_waits_for_its_record(desk: Desk, tmp_path: Path) -> None:
    photo = photos.check(ground.picture(tmp_path), photos.Rules())
    photos.keep(desk, photo, service=SCOPE)
    assert desk.childcare.erase_photos() == 0 and photos.has(desk, photo.sha256, service=SCOPE)
    file = desk.station.home / "photos" / f"{SCOPE}-{photo.sha256}.sealed"
    os.utime(file, (file.stat().st_mtime - 2 * photos.ON_ITS_WAY,) * 2)
    assert desk.childcare.erase_photos() == 1, "the power went between photo and record"


# --- who is hidden


def test_a_protected_person_is_stopped_and_after_the_release_no_paper_has_the_address(desk: Desk,
                                                                                      tmp_path: Path) -> None:
    look = desk.childcare.look(desk.open_resident(PROTECTED))
    assert look.stop is not None and look.stop.code == "SUPPRESSED"
    with pytest.raises(RuleError, match="ここではできません"):
        ground.apply(desk, PROTECTED)
    assert look.looked.sure == () and len(look.household.members) == 1
    desk.release(PROTECTED, "check", "", "")
    look = desk.childcare.look(desk.open_resident(PROTECTED))
    assert look.stop is None and look.looked.sure == ("411", "412", "413")
    with desk.journal.view() as view:
        last = view.last()
    assert last is not None and "411" in last.event.shown  # type: ignore[attr-defined]
    ground.apply(desk, PROTECTED)
    assert not desk.released(PROTECTED), "it was for one reception"
    with pytest.raises(RuleError, match="ここではできません"):
        desk.childcare.take_photo(PROTECTED, ground.picture(tmp_path))
    desk.release(PROTECTED, "check", "", "")
    desk.childcare.take_photo(PROTECTED, ground.picture(tmp_path))
    out = tmp_path / "out"
    out.mkdir()
    desk.childcare.write_cards(out)
    desk.childcare.hand_over(PROTECTED, verified_by=BY, signed=True)
    for form, more in (("ledger", {}), ("renewals", {"year": 2028}), ("application", {"addressee_no": PROTECTED})):
        assert "隠町" not in _text(desk.childcare.paper(f"childcare.{form}", **more).pdf().data), form
    assert "隠町" not in "".join(path.read_text("utf-8") for path in out.glob("*.csv"))
    (row,) = desk.childcare.renewals(2028)
    assert (row.children, row.town) == (3, "")


def test_a_holder_who_is_protected_later_has_no_town_on_any_list(desk: Desk, tmp_path: Path) -> None:
    ground.handed(desk, tmp_path)
    hidden = tuple(changed(one, suppress_flags="支援措置") for one in FAMILY[:1])
    ground.load(desk, tmp_path / "hidden", (*hidden, *FAMILY[1:], *OLD), 2)
    for form, more in (("ledger", {}), ("renewals", {"year": 2028}), ("application", {"addressee_no": FATHER})):
        paper = desk.childcare.paper(f"childcare.{form}", **more)
        assert "旭町" not in _text(paper.pdf().data), form
        if paper.columns:
            assert "旭町" not in paper.csv() and paper.rows


# --- taking back


def test_undoing_goes_from_the_newest_and_brings_the_state_back(desk: Desk, tmp_path: Path) -> None:
    ground.handed(desk, tmp_path)
    desk.childcare.lose(FATHER, "紛失")
    desk.childcare.reissue(FATHER, verified_by=BY)
    numbers = [one.number for one in desk.childcare.latest(9)]
    with pytest.raises(RuleError, match="この後に別の記録"):
        desk.childcare.undo(numbers[2], "押しまちがい")
    seen = []
    for number in numbers[:-1]:
        desk.childcare.undo(number, "押しまちがい")
        seen.append(card(desk).status)
    assert seen == [Status.LOST, Status.HANDED, Status.PRINTED, Status.PHOTOGRAPHED, Status.APPLIED]
    desk.childcare.undo(numbers[-1], "押しまちがい")
    ground.apply(desk)


def test_a_return_that_is_taken_back_holds_the_place_again(desk: Desk, tmp_path: Path) -> None:
    ground.handed(desk, tmp_path)
    desk.childcare.give_back(FATHER, "本人の申出")
    desk.childcare.undo(desk.childcare.latest(1)[0].number, "人違い")
    assert card(desk).status is Status.HANDED
    with pytest.raises((RuleError, ClaimTaken)):
        ground.apply(desk)


# --- a new register


def _next(desk: Desk, tmp_path: Path, *people: tuple[str, ...]) -> tuple[str, str] | None:
    """What is asked about the father's card after these people became the register."""
    ground.load(desk, tmp_path / "next", (*people, *OLD, *WIDE), 2, "2026-11-24")
    assert follow(desk, desk.childcare) and not follow(desk, desk.childcare)
    with desk.journal.view() as view:
        dues = {due.subject: (due.what, due.todo) for due in desk.childcare.dues(view)}
    return dues.get(FATHER)


@pytest.mark.parametrize(("which", "columns", "what", "todo"), [
    (0, {"resident_status": "3"}, "死亡", "カードを返してもらう"),
    (0, {"resident_status": "2"}, "転出", "カードを返してもらう"),
    (0, {"name": "別名　太郎"}, "氏名変更", "作り直すか"),
    (2, {"resident_status": "3"}, "子:死亡", "数える子2人"),
    (2, {"resident_status": "2"}, "子:転出", "数える子2人"),
    (2, {"household_no": "99", "rel1": "02"}, "子:世帯変更", "数える子2人"),
    (0, {"suppress_flags": "支援措置"}, "支援措置・抑止の開始", "責任者")])
def test_snapshot_day(desk: Desk, tmp_path: Path, which: int, columns: dict[str, str], what: str, todo: str) -> None:
    follow(desk, desk.childcare)
    ground.handed(desk, tmp_path)
    people = [changed(one, **columns) if at == which else one for at, one in enumerate(FAMILY)]
    asked = _next(desk, tmp_path, *people)
    assert asked is not None and asked[0] == what and todo in asked[1]
    assert card(desk).status is Status.HANDED, "nothing ends by itself"
    if which:
        desk.childcare.settle(FATHER, "本人に確かめた")
    else:
        desk.childcare.give_back(FATHER, "住基の更新")
    with desk.journal.view() as view:
        assert desk.childcare.dues(view) == ()
    assert desk.childcare.paper("childcare.dues").pdf().pages == 1


def test_a_register_that_changes_nothing_here_asks_nothing(desk: Desk, tmp_path: Path) -> None:
    follow(desk, desk.childcare)
    ground.handed(desk, tmp_path)
    assert _next(desk, tmp_path, *FAMILY, ground.row("900", "90", 1, "別人　一", "19700101", "02")) is None


# --- lists and papers


def test_the_renewals_say_what_the_register_says_now(desk: Desk, tmp_path: Path) -> None:
    number = ground.handed(desk, tmp_path)
    (row,) = desk.childcare.renewals(2027)
    assert (row.card_no, row.children, row.needed, row.todo) == (number, 3, 3, "更新")
    assert desk.childcare.renewals(2026) == (), "counted after that renewal"
    gone = changed(FAMILY[2], resident_status="2")
    ground.load(desk, tmp_path / "next", (*FAMILY[:2], gone, *FAMILY[3:], *OLD), 2)
    assert desk.childcare.renewals(2027)[0].todo == "終了の案内、返却"


def test_every_paper_with_the_longest_and_the_rarest_names(desk: Desk, tmp_path: Path) -> None:
    ground.apply(desk, LONG)
    application = desk.childcare.paper("childcare.application", addressee_no=LONG).pdf()
    assert application.pages == 2, "nine children"
    text = _text(application.data)
    assert "サントス" in text and "シルヴァ" in text and "見本" in text and "未確認" in text
    for form in ("ledger", "renewals", "shops"):
        pdf = desk.childcare.paper(f"childcare.{form}").pdf()
        assert pdf.pages >= 1 and "見本" in _text(pdf.data), form
        assert not any("収まり" in issue for issue in pdf.issues), form


def test_the_journal_rebuilds_to_the_same_cards(desk: Desk, tmp_path: Path) -> None:
    ground.handed(desk, tmp_path)
    desk.childcare.lose(FATHER, "紛失")
    desk.childcare.reissue(FATHER, verified_by=BY)
    ground.apply(desk, MOTHER)
    with desk.journal.view() as view:
        before = desk.childcare.holdings(view)
    desk.journal.rebuild()
    with desk.journal.view() as view:
        assert desk.childcare.holdings(view) == before
    desk.journal.verify()


def _text(data: bytes) -> str:
    from pypdf import PdfReader

    return "".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).replace("\n", "")
