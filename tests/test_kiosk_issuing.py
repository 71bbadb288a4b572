"""Certificates through the one door: issued, asked of the issuing system, taken or left, made void; seals over time."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields, replace
from pathlib import Path

import pytest

from sanjo_tui.desk import Desk
from sanjo_tui.desk.following import follow
from sanjo_tui.errors import RuleError, StationError
from sanjo_tui.journal.events import Event, Recorded, Reversal
from sanjo_tui.journal.faults import disk_full
from sanjo_tui.journal.view import View
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.kiosk.events import Issued, PinTried, Requested
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, Include, PinResult, SealStatus, State
from sanjo_tui.register import snapshot
from sanjo_tui.station import fixtures
from sanjo_tui.wareki import JST
from tests.kiosk_ground import NOON, SATO, hall, look_at, wanted

SAMPLE = (fixtures() / "kiosk" / "kiosk.toml").read_text(encoding="utf-8")


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = hall(tmp_path / "home")
    yield desk
    desk.close()


@pytest.fixture
def out(desk: Desk, tmp_path: Path) -> Path:
    """The issuing system's folder, set up and there."""
    folder = tmp_path / "requests"
    folder.mkdir()
    set_up(desk, tmp_path, f'[kiosk]\nout_folder = "{folder}"')
    return folder


def set_up(desk: Desk, tmp_path: Path, section: str) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(SAMPLE.replace("[kiosk]", section, 1), encoding="utf-8")
    desk.kiosk.load(file)


def issued(desk: Desk, kind: CertificateKind = CertificateKind.RESIDENT_COPY, **more: object) -> Issued:
    look = look_at(desk)
    receipt = desk.kiosk.issue(look, wanted(look, kind, **more))
    assert receipt.message == "受付しました"
    return next(r.event for r in receipt.recorded if isinstance(r.event, Issued))


def protected_one(desk: Desk) -> str:
    return min(desk.protected())


def test_one_certificate_from_a_tap_to_its_sheet_in_one_transaction(desk: Desk) -> None:
    look = look_at(desk)
    receipt = desk.kiosk.issue(look, wanted(look, copies=2, includes=(Include.RELATIONSHIP,)))
    assert len({one.batch for one in receipt.recorded}) == 1
    assert [job.form for job in desk.printing.pending()] == ["kiosk.request"]
    (one,) = desk.kiosk.issues()
    assert (one.state, one.copies, one.fee, one.issued_ms > 0) == (State.ISSUED, 2, 600, True)
    sheet = desk.kiosk.paper("kiosk.request", issue_no=one.issue_no).content
    assert (sheet.applicant, sheet.subjects, sheet.includes) == (look.who.name, look.who.name, "世帯主・続柄")
    assert sheet.issue_no == one.issue_no and "600円" in sheet.fee


def test_the_sheet_says_in_plain_words_that_it_is_no_certificate(desk: Desk) -> None:
    import io

    import pypdf

    number = issued(desk).issue_no
    pdf = desk.kiosk.paper("kiosk.request", issue_no=number).pdf()
    data = getattr(pdf, "data", pdf)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(bytes(data))).pages)
    assert "証明書ではありません" in text and "申請書" in text


def test_the_fee_stays_as_it_was_charged(desk: Desk, tmp_path: Path) -> None:
    first = issued(desk, copies=3)
    file = tmp_path / "dearer.toml"
    file.write_text(SAMPLE.replace("yen = 300", "yen = 900"), encoding="utf-8")
    desk.kiosk.load(file)
    second = issued(desk)
    assert [(one.issue_no, one.fee) for one in desk.kiosk.issues()] == [(first.issue_no, 900), (second.issue_no, 900)]
    assert "900円" in desk.kiosk.paper("kiosk.request", issue_no=first.issue_no).content.fee


def test_the_discount_is_the_desks_to_know_not_the_screens(desk: Desk) -> None:
    look = look_at(desk)
    assert not look.card_seen
    desk.kiosk.issue(look, wanted(look, card_seen=True))
    assert [(one.fee, one.discount) for one in desk.kiosk.issues()] == [(300, 0)]


def test_a_stop_on_the_desk_cannot_be_issued_past(desk: Desk) -> None:
    stopped = replace(look_at(desk), stop=Verdict(Weight.STOP, "失効したカードです", code="CARD"))
    with pytest.raises(RuleError, match="失効したカード"):
        desk.kiosk.issue(stopped, wanted(stopped))
    assert desk.kiosk.issues() == ()


@pytest.mark.parametrize("channel", list(Channel))
def test_a_protected_person_stops_hard(desk: Desk, channel: Channel) -> None:
    look = look_at(desk, protected_one(desk), channel)
    assert look.stop is not None and look.stop.stops
    before = desk.mark()
    with pytest.raises(RuleError):
        desk.kiosk.issue(look, wanted(look))
    assert desk.mark() == before


def test_a_lifted_stop_is_for_one_reception_and_for_no_file_or_paper(desk: Desk, out: Path) -> None:
    key = protected_one(desk)
    assert desk.register is not None
    hidden = desk.register.resident(key)
    assert hidden is not None
    desk.release(key, "check")
    look = look_at(desk, key)
    desk.kiosk.issue(look, wanted(look))
    assert look_at(desk, key).stop is not None
    (one,) = desk.kiosk.issues()
    sheet = desk.kiosk.paper("kiosk.request", issue_no=one.issue_no).content
    assert hidden.name not in str(sheet) and hidden.town not in str(sheet)
    assert list(out.iterdir()) == [], "the issuing system is told on paper"
    assert desk.kiosk.requests_due() == ()


# --- the request for the issuing system


def test_the_request_holds_what_is_needed_and_nothing_else(desk: Desk, out: Path) -> None:
    one = issued(desk, CertificateKind.INCOME, copies=2)
    name = f"999997-{one.issue_no}.json"
    assert {file.name for file in out.iterdir()} == {name, f"{name}.sha256"}
    data = (out / name).read_bytes()
    assert (out / f"{name}.sha256").read_text() == f"{hashlib.sha256(data).hexdigest()}  {name}\n"
    told = json.loads(data)
    assert set(told) == {"lg_code", "station_id", "issue_no", "reception_id", "requested_at", "certificate_kind",
                         "channel", "requester", "subjects", "include", "fiscal_year", "copies"}
    assert (told["requester"], told["subjects"], told["fiscal_year"], told["copies"]) == (SATO, [SATO], 2026, 2)
    who = desk.register.resident(SATO) if desk.register else None
    assert who is not None and who.name not in data.decode() and who.town not in data.decode()


def test_a_folder_that_is_gone_leaves_the_issue_standing_and_due(desk: Desk, out: Path) -> None:
    moved = out.rename(out.with_name("elsewhere"))
    look = look_at(desk)
    receipt = desk.kiosk.issue(look, wanted(look))
    (one,) = desk.kiosk.issues()
    assert one.state is State.ISSUED and desk.kiosk.requests_due() == (one.issue_no,)
    assert "依頼ファイルを書けません" in receipt.note
    moved.rename(out)
    assert desk.kiosk.request_again() == 1 and desk.kiosk.requests_due() == ()
    assert len(list(out.glob("*.json"))) == 1


def test_a_disk_that_fills_up_after_the_issue_does_not_call_the_issue_failed(
        desk: Desk, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    record = desk.journal.record

    def full(operator: str, decide: Callable[[View], Iterable[Event]], **more: bool) -> tuple[Recorded, ...]:
        def inside(view: View) -> Iterable[Event]:
            events = tuple(decide(view))
            if any(isinstance(event, Requested) for event in events):
                raise disk_full("the request's own record")
            return events

        return record(operator, inside, **more)

    monkeypatch.setattr(desk.journal, "record", full)
    look = look_at(desk)
    receipt = desk.kiosk.issue(look, wanted(look))
    assert receipt.message == "受付しました" and "発行の記録は残っています" in receipt.note
    (one,) = desk.kiosk.issues()
    assert desk.kiosk.requests_due() == (one.issue_no,)
    monkeypatch.undo()
    assert desk.kiosk.request_again() == 1 and desk.kiosk.requests_due() == ()
    assert len(list(out.glob("*.json"))) == 1


def test_the_folder_may_not_lie_in_the_home(desk: Desk, tmp_path: Path) -> None:
    before = desk.kiosk.setup.version
    with pytest.raises(StationError, match="拠点の中"):
        set_up(desk, tmp_path, f'[kiosk]\nout_folder = "{desk.station.home}/kiosk/out"')
    assert desk.kiosk.setup.version == before


def test_a_broken_set_up_leaves_the_old_one_in_use(desk: Desk, tmp_path: Path) -> None:
    before = desk.kiosk.setup.version
    with pytest.raises(StationError, match=r"誤りが \d+ 件.*行目"):
        set_up(desk, tmp_path, "[kiosk]\nspeed = 1")
    assert desk.kiosk.setup.version == before


# --- taken, left behind, void


def test_left_behind_is_shown_and_collected_later_or_made_void(desk: Desk) -> None:
    first, second = issued(desk).issue_no, issued(desk).issue_no
    desk.kiosk.forget(first)
    desk.kiosk.forget(second)
    assert "取忘れ2" in desk.kiosk.notices()
    desk.kiosk.take(first)
    desk.kiosk.void(second, "取忘れ", paper_back=True)
    assert [one.state for one in desk.kiosk.issues()] == [State.TAKEN, State.VOID]
    assert desk.kiosk.unfinished() == () and not [one for one in desk.kiosk.notices() if "取忘れ" in one]


def test_undo_makes_the_number_void_with_its_reason_and_takes_the_sheet_back(desk: Desk) -> None:
    number = issued(desk).issue_no
    latest = desk.kiosk.undoable()[0]
    with pytest.raises(RuleError, match="理由"):
        desk.kiosk.undo(latest.number, " ")
    said = desk.kiosk.undo(latest.number, "人違い")
    assert said.message == "取り消しました" and desk.printing.pending() == ()
    (one,) = desk.kiosk.issues()
    assert (one.issue_no, one.state, one.void_reason) == (number, State.VOID, "人違い")
    with desk.journal.view() as view:
        assert not list(view.events(kinds=(Reversal.kind,)))
        assert [r.event.issue_no for r in view.events(kinds=(Issued.kind,)) if isinstance(r.event, Issued)] == [number]


def test_what_was_handed_over_is_not_undone_by_a_key(desk: Desk) -> None:
    number = issued(desk).issue_no
    latest = desk.kiosk.undoable()[0].number
    desk.kiosk.take(number)
    with pytest.raises(RuleError, match="もう渡しています"):
        desk.kiosk.undo(latest, "まちがい")
    with pytest.raises(RuleError, match="紙が戻っていません"):
        desk.kiosk.void(number, "書損", paper_back=False)
    desk.kiosk.void(number, "書損", paper_back=True)


def test_the_log_keeps_what_the_national_standard_asks_for(desk: Desk) -> None:
    number = issued(desk, copies=2, includes=(Include.DOMICILE,)).issue_no
    desk.kiosk.void(number, "書損", paper_back=True)
    paper = desk.kiosk.paper("kiosk.issues", day=f"{dt.datetime.now(JST):%Y-%m-%d}")
    (row,) = paper.rows
    assert {"issued_at", "place", "subjects", "certificate_kind", "includes", "copies", "issue_no", "station_id",
            "operator_id", "void_reason"} <= set(paper.columns)
    assert (row.place, row.includes, row.copies, row.void_reason) == ("嵐南小学校", "本籍・筆頭者", 2, "書損")
    assert desk.kiosk.paper("kiosk.voids").rows == (row,)


# --- the card's own PIN


def test_what_the_card_said_is_kept_and_the_pin_is_not(desk: Desk) -> None:
    look = look_at(desk, channel=Channel.KIOSK)
    desk.kiosk.pin_tried(look, CertificateKind.SEAL, PinResult.WRONG, 2)
    desk.kiosk.pin_tried(look, CertificateKind.SEAL, PinResult.OK, None)
    with desk.journal.view() as view:
        kept = [r.event for r in view.events(kinds=(PinTried.kind,)) if isinstance(r.event, PinTried)]
    assert [(one.result, one.tries_left) for one in kept] == [(PinResult.WRONG, 2), (PinResult.OK, -1)]
    assert {one.name for one in fields(PinTried)} == {"subject", "scope", "certificate", "result", "tries_left"}
    assert desk.kiosk.issues() == ()


def test_a_kiosk_issue_says_how_many_tries_were_left(desk: Desk) -> None:
    look = look_at(desk, channel=Channel.KIOSK)
    desk.kiosk.issue(look, wanted(look, pin_result=PinResult.OK, pin_retries_left=3))
    (one,) = desk.kiosk.issues()
    assert (one.channel, one.pin_result, one.pin_retries_left, one.fee) == (Channel.KIOSK, PinResult.OK, 3, 200)


def test_the_kiosk_closes_at_night_and_at_the_turn_of_the_year(desk: Desk) -> None:
    def closed(at: dt.datetime) -> set[str]:
        desk.kiosk.clock = lambda: at
        return {offer.kind.value for offer, why in desk.kiosk.offers(Channel.KIOSK) if why}

    every = {kind.value for kind in CertificateKind}
    assert closed(NOON) == set()
    assert closed(NOON.replace(hour=23)) == every and closed(NOON.replace(month=12, day=30)) == every
    assert closed(NOON.replace(day=28)) == closed(NOON.replace(day=23)) == {"family_register", "family_appendix"}
    desk.kiosk.clock = lambda: NOON.replace(hour=23)
    assert all(not why for _, why in desk.kiosk.offers(Channel.COUNTER))


# --- 印鑑登録


def test_a_seal_suspended_here_gives_no_certificate_until_it_holds_again(desk: Desk) -> None:
    assert issued(desk, CertificateKind.SEAL).certificate is CertificateKind.SEAL
    desk.kiosk.change_seal(SATO, SealStatus.SUSPENDED, reason="本人の申出")
    with pytest.raises(RuleError, match="停止"):
        issued(desk, CertificateKind.SEAL)
    desk.kiosk.change_seal(SATO, SealStatus.REGISTERED, reason="本人の申出")
    issued(desk, CertificateKind.SEAL)
    with pytest.raises(RuleError, match="使われています"):
        desk.kiosk.change_seal("99900000045", SealStatus.REGISTERED, number="100000", reason="登録")


def test_a_new_register_suspends_the_dead_and_the_departed_and_asks_about_names(desk: Desk) -> None:
    follow(desk, desk.kiosk)
    assert desk.register is not None
    before = {one.addressee_no: one for one in desk.register.everyone()}
    snapshot.load(fixtures() / "residents" / "demo-next", desk.station.register_dir, desk.keys, lg_code="999997",
                  yes=True)
    desk.refresh_register()
    after = {one.addressee_no: one for one in desk.register.everyone()}
    held = [key for key, row in desk.kiosk.delivered().items()
            if row.status == "registered" and key in before and before[key].living]
    gone = {key for key in held if not (desk.register.resident(key) or before[key]).living
            or desk.register.resident(key) is None}
    renamed = {key for key in held if key in after and after[key].living and after[key].name != before[key].name}
    follow(desk, desk.kiosk)
    seals = {one.holder: one for one in desk.kiosk.every_seal()}
    assert {key for key, one in seals.items() if one.status is SealStatus.SUSPENDED and key in held} == gone
    assert {key for key, one in seals.items() if one.asked} == renamed
    assert gone | renamed, "the demo's next register changes nobody with a seal"
    assert all(seals[key].status is SealStatus.REGISTERED for key in renamed), "never by itself"
    with desk.journal.view() as view:
        assert {due.subject for due in desk.kiosk.dues(view)} >= gone | renamed
    mark = desk.mark()
    assert not follow(desk, desk.kiosk) and desk.mark() == mark, "once for each register"
