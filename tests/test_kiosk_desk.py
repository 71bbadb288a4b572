"""Certificates and seals through the one door: rules, numbers, requests, kills, what a new register does."""

from __future__ import annotations

import datetime as dt
import json
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.__main__ import main
from sanjo_tui.desk import Desk
from sanjo_tui.desk.following import follow
from sanjo_tui.desk.kiosk.desk import Look
from sanjo_tui.errors import NotAllowed, RuleError, StationError
from sanjo_tui.journal.events import Recorded
from sanjo_tui.receptions.identity import VerifiedBy
from sanjo_tui.receptions.kiosk import events as ev
from sanjo_tui.receptions.kiosk import rules
from sanjo_tui.receptions.kiosk.rules import Wish
from sanjo_tui.receptions.kiosk.state import ISSUES, Seal, apply_issue
from sanjo_tui.receptions.kiosk.words import CertificateKind, Channel, Include, PinResult, SealStatus, State
from sanjo_tui.register import snapshot
from sanjo_tui.register.seals import SEALS
from sanjo_tui.station import fixtures, write
from sanjo_tui.wareki import JST
from tests import desk as desks

SATO = "99900000029"
NOW = dt.datetime(2026, 11, 25, 10, 0, tzinfo=JST)
K = CertificateKind


def open_desk(home: Path, when: dt.datetime = NOW, **station: object) -> Desk:
    desk = desks.desk(home, receptions=("kiosk",), **station)
    if desk.register is None:
        snapshot.load(fixtures() / "residents" / "demo", desk.station.register_dir, desk.keys, lg_code="999997")
        desk.refresh_register()
        desk.kiosk.begin_practice()
    desk.kiosk.clock = lambda: when
    desks.clock(desk, lambda: when)
    return desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = open_desk(tmp_path / "home")
    yield desk
    desk.close()


def look_at(desk: Desk, key: str = SATO, channel: Channel = Channel.COUNTER) -> Look:
    return desk.kiosk.look(desk.open_resident(key), channel)


def wish(look: Look, kind: K = K.RESIDENT_COPY, **more: Any) -> Wish:
    kiosk = look.channel is Channel.KIOSK
    made = Wish(certificate=kind, channel=look.channel, person=look.who.addressee_no,
                subjects=(look.who.addressee_no,), verified_by=VerifiedBy.CARD_FACE, domicile_confirmed=True,
                fiscal_year=2026 if kind.of_a_year else 0, pin_result=PinResult.OK if kiosk else PinResult.NOT_ASKED)
    return replace(made, **more)


def issued(desk: Desk, **more: Any) -> str:
    look = look_at(desk)
    return desk.kiosk.issue(look, wish(look, **more)).recorded[0].event.subject


def with_folder(desk: Desk, folder: Path) -> None:
    place = desk.station.home.parent / "kiosk.toml"
    text = (fixtures() / "kiosk" / "kiosk.toml").read_text(encoding="utf-8")
    place.write_text(text.replace("[kiosk]", f'[kiosk]\nout_folder = "{folder.as_posix()}"'), encoding="utf-8")
    desk.kiosk.load(place)


@pytest.mark.parametrize("kind", list(K))
def test_every_kind_is_issued_to_its_holder_at_the_counter(desk: Desk, kind: K) -> None:
    look = look_at(desk)
    receipt = desk.kiosk.issue(look, wish(look, kind))
    assert receipt.message == "受付しました" and kind.label in receipt.detail
    sheet = desk.kiosk.paper("kiosk.request", issue_no=receipt.recorded[0].event.subject)
    assert sheet.pdf().pages == 1 and sheet.content.certificate == kind.label
    assert [job.form for job in desk.printing.pending()] == ["kiosk.request"]


@pytest.mark.parametrize(("kind", "more", "said"), [
    (K.RESIDENT_COPY, {"pin_result": PinResult.OK}, "窓口では暗証番号を使いません"),
    (K.SEAL, {"subjects": ("99900000037",)}, "本人の分だけ"), (K.INCOME, {"fiscal_year": 2025}, "今の年度の証明書だけ"),
    (K.INCOME, {"fiscal_year": 2027}, "まだ出せません"), (K.TAX, {"fiscal_year": 0}, "年度を選んでください"),
    (K.FAMILY_REGISTER, {"domicile_confirmed": False}, "利用登録"), (K.RESIDENT_COPY, {"copies": 0}, "通数"),
    (K.RESIDENT_COPY, {"copies": 11}, "通数"), (K.SEAL, {"includes": (Include.DOMICILE,)}, "載せられません"),
    (K.RESIDENT_COPY, {"subjects": ()}, "選ばれていません"),
    (K.RESIDENT_COPY, {"subjects": ("1",)}, "この世帯の人では"),
    (K.RESIDENT_COPY, {"exemption": "友人"}, "減免の事由")])
def test_what_stands_in_the_way_at_the_counter(desk: Desk, kind: K, more: dict[str, Any], said: str) -> None:
    look, before = look_at(desk), desk.mark()
    with pytest.raises(RuleError, match=said):
        desk.kiosk.issue(look, wish(look, kind, **more))
    assert desk.mark() == before


@pytest.mark.parametrize(("when", "kind", "said"), [
    (NOW.replace(hour=6, minute=29), K.RESIDENT_COPY, "06:30から23:00まで"), (NOW.replace(hour=23), K.SEAL, "までです"),
    (NOW.replace(hour=8), K.FAMILY_REGISTER, "平日の09:00から"),
    (dt.datetime(2026, 11, 28, 10, tzinfo=JST), K.FAMILY_APPENDIX, "平日"),
    (dt.datetime(2026, 11, 23, 10, tzinfo=JST), K.FAMILY_REGISTER, "平日"),
    (dt.datetime(2026, 12, 30, 10, tzinfo=JST), K.RESIDENT_COPY, "年末年始")])
def test_the_kiosks_hours(tmp_path: Path, when: dt.datetime, kind: K, said: str) -> None:
    desk = open_desk(tmp_path / "home", when)
    look = look_at(desk, channel=Channel.KIOSK)
    with pytest.raises(RuleError, match=said):
        desk.kiosk.issue(look, wish(look, kind))
    desk.close()


def test_the_kiosk_needs_the_cards_own_pin_and_says_little(desk: Desk) -> None:
    look = look_at(desk, channel=Channel.KIOSK)
    for result in set(PinResult) - {PinResult.OK}:
        with pytest.raises(RuleError, match="暗証番号が確かめられていません"):
            desk.kiosk.issue(look, wish(look, pin_result=result))
    with pytest.raises(RuleError, match="転入した日"):
        desk.kiosk.issue(look, wish(look, moved_in_today=True))
    desk.kiosk.pin_tried(look, K.RESIDENT_COPY, PinResult.WRONG, 2)
    desk.kiosk.issue(look, wish(look, card_seen=True))
    row = desk.kiosk.issues()[-1]
    assert row.channel is Channel.KIOSK and row.fee == 200 and row.pin_result is PinResult.OK
    key = min(desk.protected())
    stop = look_at(desk, key, Channel.KIOSK).stop
    assert stop is not None and stop.message == "この端末では発行できません" and "支援" not in "".join(stop.notes)
    desk.release(key, "check")
    assert look_at(desk, key, Channel.KIOSK).stop is not None, "nobody lifts a stop at the kiosk"


def test_children_do_not_ask_for_themselves(desk: Desk) -> None:
    child = look_at(desk).members[2].addressee_no
    look = look_at(desk, child)
    with pytest.raises(RuleError, match="15歳になるまで"):
        desk.kiosk.issue(look, wish(look))
    parent = look_at(desk)
    desk.kiosk.issue(parent, wish(parent, subjects=(SATO, child)))


def test_a_long_name_is_for_the_counter(desk: Desk) -> None:
    look = look_at(desk, channel=Channel.KIOSK)
    named = replace(look.who, name="長" * 41)
    members = (named, *look.members[1:])
    setup = desk.kiosk.setup
    with pytest.raises(RuleError, match="文字が多い"):
        rules.issue(setup, wish(look), members, None, NOW, True, ("r", "n"), "kiosk")
    rules.issue(setup, replace(wish(look), channel=Channel.COUNTER, pin_result=PinResult.NOT_ASKED), members, None, NOW,
                True, ("r", "n"), "kiosk")


def test_protected_people_stop_and_are_masked_where_the_stop_was_lifted(desk: Desk) -> None:
    key = min(desk.protected())
    look = look_at(desk, key)
    assert look.stop is not None and look.stop.code == "SUPPRESSED"
    with pytest.raises(RuleError, match="ここではできません"):
        desk.kiosk.issue(look, wish(look))
    desk.release(key, "check")
    again = look_at(desk, key)
    receipt = desk.kiosk.issue(again, wish(again))
    content = desk.kiosk.paper("kiosk.request", issue_no=receipt.recorded[0].event.subject).content
    assert look.who.name not in str(content) and "（表示しません）" in str(content)
    assert look_at(desk, key).stop is not None


# --- numbers


def test_numbers_have_no_gaps_a_check_digit_and_are_never_given_again(desk: Desk) -> None:
    numbers = [issued(desk) for _ in range(3)]
    desk.kiosk.undo(desk.kiosk.undoable()[0].number, "押しまちがい")
    numbers.append(issued(desk))
    assert [no[:14] for no in numbers] == [f"A1B2C3-N{n:06}" for n in range(1, 5)]
    states = {one.issue_no: one.state for one in desk.kiosk.issues()}
    assert states == {numbers[0]: State.ISSUED, numbers[1]: State.ISSUED, numbers[2]: State.VOID,
                      numbers[3]: State.ISSUED}
    assert desk.kiosk.paper("kiosk.voids").rows[0].void_reason == "押しまちがい"
    with pytest.raises(RuleError, match="廃止は取り消せません"):
        desk.kiosk.undo(next(one.number for one in desk.kiosk.latest(9) if "廃止" in one.text), "やはり")


def test_taken_forgotten_collected_later_void(desk: Desk) -> None:
    first, second, third = issued(desk), issued(desk), issued(desk)
    desk.kiosk.take(first)
    desk.kiosk.forget(second)
    assert "取忘れ1" in desk.kiosk.notices()
    desk.kiosk.take(second)
    desk.kiosk.void(third, "書損", paper_back=False)
    assert desk.kiosk.unfinished() == ()
    with pytest.raises(RuleError, match="紙が戻っていません"):
        desk.kiosk.void(first, "まちがい", paper_back=False)
    desk.kiosk.void(first, "まちがい", paper_back=True)
    for act in (desk.kiosk.take, desk.kiosk.forget):
        with pytest.raises(RuleError):
            act(first)
    with pytest.raises(RuleError):
        desk.kiosk.void(second, " ", paper_back=True)
    with pytest.raises(RuleError, match="発行番号はありません"):
        desk.kiosk.find("A1B2C3-N999999-9")
    assert desk.kiosk.totals() == (1, 300)


def _issuing(home: Path, told: Any) -> None:
    desk = open_desk(home)
    look = look_at(desk)
    while True:
        told.put(desk.kiosk.issue(look, wish(look)).recorded[0].event.subject)


def test_no_number_twice_and_none_lost_through_kills(tmp_path: Path) -> None:
    open_desk(tmp_path / "home").close()
    context = multiprocessing.get_context("spawn")
    acknowledged: list[str] = []
    for _ in range(3):
        told = context.Queue()
        workers = [context.Process(target=_issuing, args=(tmp_path / "home", told)) for _ in range(2)]
        for worker in workers:
            worker.start()
        acknowledged += [told.get(timeout=60) for _ in range(8)]
        for worker in workers:
            assert worker.pid is not None
            os.kill(worker.pid, signal.SIGKILL)
            worker.join(30)
    assert len(acknowledged) == len(set(acknowledged)) == 24
    desk = open_desk(tmp_path / "home")
    numbers = [one.issue_no for one in desk.kiosk.issues()]
    assert set(acknowledged) <= set(numbers)
    assert [int(number[8:14]) for number in numbers] == list(range(1, len(numbers) + 1)), "no gap"
    assert {one.issue_no for one in desk.kiosk.unfinished()} == set(numbers), "all are asked about"
    desk.close()


acts = st.lists(st.sampled_from(("take", "forget", "void")), max_size=6)


@given(acts)
def test_a_number_goes_its_way_and_no_other(steps: list[str]) -> None:
    issue: Any = None
    first = ev.Issued(subject="N1", scope="kiosk", reception_no="r", issue_no="N1", certificate=K.SEAL,
                      channel=Channel.COUNTER, person="1", subjects=("1",))
    issue = apply_issue(None, Recorded("A", 1, 1, 1, "op", first))
    calls: dict[str, Callable[[], Any]] = {
        "take": lambda: rules.take(issue, "kiosk"), "forget": lambda: rules.forget(issue, "kiosk"),
        "void": lambda: rules.void(issue, "kiosk", "理由", paper_back=True)}
    for n, step in enumerate(steps, 2):
        try:
            event = calls[step]()
        except RuleError:
            continue
        was = issue.state
        issue = apply_issue(issue, Recorded("A", n, n, n, "op", event))
        assert was is not State.VOID and (was, issue.state) != (State.TAKEN, State.FORGOTTEN)


# --- the request for the issuing system


def test_the_request_holds_numbers_and_no_name(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    folder.mkdir()
    with_folder(desk, folder)
    number = issued(desk, includes=(Include.RELATIONSHIP,), copies=2)
    data = (folder / f"999997-{number}.json").read_bytes()
    request = json.loads(data)
    assert request["subjects"] == [SATO] and request["include"] == ["relationship"] and request["copies"] == 2
    assert look_at(desk).who.name not in data.decode()
    import hashlib

    assert (folder / f"999997-{number}.json.sha256").read_text().startswith(hashlib.sha256(data).hexdigest())
    assert desk.kiosk.find(number).request_file and desk.kiosk.requests_due() == ()


def test_a_folder_that_is_gone_leaves_the_issue_standing_and_due(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    with_folder(desk, folder)
    look = look_at(desk)
    receipt = desk.kiosk.issue(look, wish(look))
    assert receipt.message == "受付しました" and "依頼ファイルを書けません" in receipt.note
    assert len(desk.kiosk.requests_due()) == 1
    folder.mkdir()
    assert desk.kiosk.request_again() == 1 and desk.kiosk.requests_due() == ()
    with pytest.raises(StationError, match="拠点の中"):
        with_folder(desk, desk.station.home / "inside")


# --- seals


def seal_of(desk: Desk, key: str) -> Seal:
    found = desk.kiosk.seal(key)
    assert found is not None
    return found


def test_no_seal_certificate_without_a_registration_that_stands(desk: Desk) -> None:
    look = look_at(desk)
    desk.kiosk.change_seal(SATO, SealStatus.SUSPENDED, reason="紛失の届")
    with pytest.raises(RuleError, match="停止されています"):
        desk.kiosk.issue(look, wish(look, K.SEAL))
    desk.kiosk.change_seal(SATO, SealStatus.REGISTERED, reason="発見")
    desk.kiosk.issue(look, wish(look, K.SEAL))
    desk.kiosk.change_seal(SATO, SealStatus.DELETED, reason="廃止の申請")
    with pytest.raises(RuleError, match="登録がありません"):
        desk.kiosk.issue(look, wish(look, K.SEAL))
    with pytest.raises(RuleError, match="戻せません"):
        desk.kiosk.change_seal(SATO, SealStatus.REGISTERED, reason="やはり")
    taken = next(iter(row.seal_registration_no for row in desk.kiosk.delivered().values()))
    with pytest.raises(RuleError):
        desk.kiosk.change_seal(SATO, SealStatus.REGISTERED, number=taken, reason="新しい印鑑")
    desk.kiosk.change_seal(SATO, SealStatus.REGISTERED, number="999999", reason="新しい印鑑", integrated=True)
    assert seal_of(desk, SATO).integrated and seal_of(desk, SATO).seal_registration_no == "999999"


def test_a_new_register_suspends_the_dead_and_gone_and_asks_about_a_new_name(desk: Desk) -> None:
    assert desk.register is not None
    follow(desk, desk.kiosk)
    before = {key: desk.register.resident(key) for key in desk.kiosk.delivered()}
    snapshot.load(fixtures() / "residents" / "demo-next", desk.station.register_dir, desk.keys, lg_code="999997",
                  yes=True)
    desk.refresh_register()
    follow(desk, desk.kiosk)
    gone = renamed = 0
    for key, row in desk.kiosk.delivered().items():
        was, now, seal = before[key], desk.register.resident(key), seal_of(desk, key)
        if row.status == "deleted":
            continue
        if was is not None and was.living and (now is None or not now.living):
            gone += 1
            assert seal.status is SealStatus.SUSPENDED
        elif was is not None and now is not None and (was.name, was.name_kana) != (now.name, now.name_kana):
            renamed += 1
            assert seal.asked == "氏名変更" and seal.status.value == row.status
    with desk.journal.view() as view:
        dues = desk.kiosk.dues(view)
    assert len(dues) >= gone + renamed and gone + renamed > 0
    assert len(desk.kiosk.paper("kiosk.seals").rows) == len(desk.kiosk.every_seal())


def test_a_change_of_name_is_answered_by_a_person(desk: Desk) -> None:
    seal = seal_of(desk, SATO)
    desk.kiosk.record(lambda view: (rules.question_seal(seal, "氏名変更", "kiosk"),))
    look = look_at(desk)
    with pytest.raises(RuleError, match="確かめていません"):
        desk.kiosk.issue(look, wish(look, K.SEAL))
    desk.kiosk.answer_seal(SATO, keep=True)
    desk.kiosk.issue(look, wish(look, K.SEAL))
    with pytest.raises(RuleError):
        desk.kiosk.answer_seal(SATO, keep=True)
    desk.kiosk.record(lambda view: (rules.question_seal(seal_of(desk, SATO), "氏名変更", "kiosk"),))
    desk.kiosk.answer_seal(SATO, keep=False)
    assert seal_of(desk, SATO).status is SealStatus.DELETED


# --- the log, and by command


def test_the_log_cannot_be_deleted_and_says_everything(desk: Desk, tmp_path: Path,
                                                       capsys: pytest.CaptureFixture[str]) -> None:
    number = issued(desk, copies=2)
    desk.kiosk.take(number)
    write(desk.station)
    home = str(desk.station.home)
    day = NOW.date().isoformat()
    assert main(["--home", home, "kiosk", "issues", "--date", day, "--format", "json"]) == 0
    row = json.loads(capsys.readouterr().out)["rows"][0]
    for key in ("issue_no", "issued_at", "certificate_kind", "subjects", "copies", "station_id", "operator_id",
                "status"):
        assert row[key]
    with desk.journal.view() as view:
        assert not hasattr(view, "delete") and view.record_of(ISSUES, "kiosk", number) is not None
    assert main(["--home", home, "kiosk", "status"]) == 0
    assert main(["--home", home, "kiosk", "check", str(fixtures() / "kiosk")]) == 0
    assert main(["--home", home, "kiosk", "check", str(fixtures() / "kiosk" / "seals")]) == 0
    assert main(["--home", home, "kiosk", "load", str(fixtures() / "kiosk")]) == 0
    assert main(["--home", home, "kiosk", "load", str(fixtures() / "kiosk" / "seals")]) == 1
    assert main(["--home", home, "kiosk", "send"]) == 0
    assert main(["--home", home, "kiosk", "request", number, "--out", str(tmp_path / "r.pdf")]) == 0
    stored = b"".join(path.read_bytes() for path in SEALS.directory(desk.station.home).glob("*.db"))
    assert SATO.encode() not in stored
    with pytest.raises((RuleError, NotAllowed)):
        desk.kiosk.find("x")
