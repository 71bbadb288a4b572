"""照合, 貸出, 返却 at the library: what is said, what waits without a line, and that nothing of a loan stays."""

from __future__ import annotations

import contextlib
import datetime as dt
import fcntl
import json
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sanjo_tui import log
from sanjo_tui import station as stations
from sanjo_tui.__main__ import main
from sanjo_tui.cards.facts import CardSeen
from sanjo_tui.desk import Desk
from sanjo_tui.desk.library.line import settings_of
from sanjo_tui.desk.library.turns import Fate, Turn
from sanjo_tui.desk.library.waiting import Queue, Waiting
from sanjo_tui.errors import JournalError, RuleError, UnknownToken
from sanjo_tui.journal import exports
from sanjo_tui.receptions.base import Weight
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.standing import SAID, STOPS, examine
from sanjo_tui.sip2.codec import Message, Unfit
from sanjo_tui.sip2.messages import Who
from sanjo_tui.sip2.play import PlayLibrary
from sanjo_tui.wareki import JST
from tests.library_ground import EXPIRED, IKARASHI, SAMPLE, SATO, library, seen
from tests.library_ils import Cutter, Fault, Faulty, real_server

ROOT = Path(__file__).parent.parent
NUMBER, ITEM = "3100001", "B0001234"


def pointing(port: int, **more: str) -> str:
    """The sample set-up, with its system at this port."""
    text = SAMPLE.replace('host = "play"', 'host = "127.0.0.1"').replace("port = 6001", f"port = {port}").replace(
        "timeout = 30.0", "timeout = 0.5").replace('password = "practice"', 'password = "pw"')
    for old, new in more.items():
        text = text.replace(f"{old} = ", f"{old} = {new} #")
    return text


@contextlib.contextmanager
def at_library(home: Path, fault: Fault = lambda message, count: "", **more: str) -> Iterator[tuple[Desk, Faulty]]:
    """A library without a register, and its system with faults on order."""
    server = Faulty(fault)
    desk = library(home, registers=False, setup=pointing(server.port, **more))
    yield desk, server
    desk.close()
    server.close()


def turn_of(desk: Desk, card: str = SATO, number: str = NUMBER) -> Turn:
    turn = desk.library.tap(seen(card))
    return turn if turn.bound else desk.library.bind(turn, number)


def kinds(desk: Desk) -> list[str]:
    with desk.journal.view() as view:
        return [r.event.kind for r in view.events(scope="library")]


def again(desk: Desk) -> None:
    """The pause after a fault is over."""
    desk.library._down_until = 0.0


# --- the first visit


def test_a_first_visit_without_any_register(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        server.library.loans = {"A": NUMBER, "B": NUMBER, "C": NUMBER}
        turn = desk.library.tap(seen(SATO))
        assert not turn.bound and server.seen == [], "nothing is asked before the number is known"
        desk.library.bind(turn, NUMBER)
        assert turn.verdict.message == "登録しました  ３冊貸出中" and turn.verdict.notes == ()
        assert desk.library.tap(seen(SATO)).verdict.message == "３冊貸出中"
        assert kinds(desk)[-1] == "library.bound"


def test_the_binding_is_one_to_one(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, _):
        turn_of(desk)
        with pytest.raises(RuleError, match="もう結び付いて"):
            desk.library.bind(desk.library.tap(seen(SATO)), "3100002")
        other = desk.library.tap(seen(IKARASHI))
        with pytest.raises(RuleError, match="別のカード"):
            desk.library.bind(other, NUMBER)
        assert not other.bound
        desk.library.bind(other, NUMBER, instead=True)
        assert desk.library.tap(seen(IKARASHI)).number == NUMBER, "再発行: the new card takes over"
        assert not desk.library.tap(seen(SATO)).bound
        assert kinds(desk)[-2:] == ["library.released", "library.bound"]


def test_a_wrong_binding_is_taken_back(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, _):
        turn_of(desk)
        desk.library.undo(desk.library.undoable()[0].number, "番号違い")
        assert not desk.library.tap(seen(SATO)).bound
        assert turn_of(desk, IKARASHI).number == NUMBER


@pytest.mark.parametrize("text", ["", "123456", "12345678", "ABCDEFG", "１２３４５６７"])
def test_what_is_no_number_is_refused(tmp_path: Path, text: str) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        with pytest.raises(RuleError):
            desk.library.bind(desk.library.tap(seen(SATO)), text)
        assert server.seen == [] and "library.bound" not in kinds(desk)


def test_a_number_that_the_library_does_not_know_is_not_bound(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        server.library.unregistered = frozenset({NUMBER})
        turn = desk.library.tap(seen(SATO))
        with pytest.raises(RuleError, match="登録がありません"):
            desk.library.bind(turn, NUMBER)
        assert not turn.bound and "library.bound" not in kinds(desk)


def test_cards_that_are_none(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, _), pytest.raises(UnknownToken):
        desk.library.tap(CardSeen("r", "p", "uid", "0411223344"))


def test_an_expired_card_is_stopped_where_there_is_a_register(tmp_path: Path) -> None:
    desk = library(tmp_path / "home")
    turn = desk.library.tap(seen(EXPIRED))
    assert turn.verdict.stops and turn.verdict.code == "CARD"
    with pytest.raises(RuleError):
        desk.library.lend(turn, ITEM)
    desk.close()


# --- the 14 flags


@pytest.mark.parametrize("flag", range(14))
def test_every_flag_has_plain_words(flag: int) -> None:
    verdict = examine([n == flag for n in range(14)], valid=True, charged=2)
    assert verdict.stops == (flag in STOPS)
    text = " ".join((verdict.message, *verdict.notes))
    assert (STOPS | SAID)[flag] in text and "２冊貸出中" in text and text.isprintable()


def test_counts_and_messages() -> None:
    assert examine([False] * 14, valid=True, charged=None).message == "貸出できます"
    assert examine([False] * 14, valid=True, charged=12).message == "１２冊貸出中"
    stopped = examine([True] * 14, valid=True, charged=1, messages=("窓口へ",))
    assert stopped.stops and "窓口へ" in stopped.notes and "返却はできます" in stopped.notes
    assert examine([False] * 14, valid=False, charged=0).code == "INVALID"


def test_a_stopped_patron_is_not_lent_to_and_returns_all_the_same(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        turn_of(desk)
        server.library.stopped[NUMBER] = 6
        server.library.loans[ITEM] = NUMBER
        turn = desk.library.tap(seen(SATO))
        assert turn.verdict.stops and server.seen[-1] == "35", "the session of who is stopped ends too"
        with pytest.raises(RuleError):
            desk.library.lend(turn, "B0009999")
        assert desk.library.give_back(ITEM).fate is Fate.DONE and server.library.loans == {}


# --- items


def test_lending_and_returning(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        server.library.reserved = frozenset({"R0001"})
        turn = turn_of(desk)
        done = desk.library.lend(turn, ITEM)
        assert done.fate is Fate.DONE and done.text.startswith("貸出しました  返却日 R")
        refused = desk.library.lend(turn, "R0001")
        assert (refused.fate, refused.text) == (Fate.REFUSED, "貸出できません: 次の方の予約があります")
        assert desk.library.give_back(ITEM, turn).text == "返却しました"
        notes = desk.library.give_back(ITEM, turn).notes
        assert notes == ("貸出中ではありませんでした",)
        receipt = desk.library.finish(turn)
        assert receipt.detail == "貸出１冊 返却２冊 断り１冊" and server.seen[-1] == "35"
        assert desk.library.queue.count() == 0
        event = receipt.recorded[0].event
        assert isinstance(event, ev.LoansCounted)
        assert (event.subject, event.lent, event.returned, event.refused) == ("01", 1, 2, 1)


def test_a_turn_without_a_loan_leaves_nothing(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, _):
        turn_of(desk)
        before = kinds(desk)
        desk.library.finish(desk.library.tap(seen(SATO)))
        assert kinds(desk) == before, "a visit is no record"


@pytest.mark.parametrize("text", ["", "x", "a|b", "B0001\rx", "1234 5678", "本"])
def test_what_is_no_item_is_refused_before_anything_is_kept(tmp_path: Path, text: str) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        turn = turn_of(desk)
        asked = len(server.seen)
        with pytest.raises(RuleError):
            desk.library.lend(turn, text)
        assert desk.library.queue.count() == 0 and len(server.seen) == asked


def test_a_my_number_is_refused_unless_the_pattern_is_an_item(tmp_path: Path) -> None:
    with at_library(tmp_path / "home", item_pattern='"[A-Z][0-9]{7}"') as (desk, _):
        turn = turn_of(desk)
        with pytest.raises(RuleError, match="個人番号"):
            desk.library.lend(turn, "123456789018")
    with at_library(tmp_path / "other", item_pattern='"[0-9]{12}"') as (desk, server):
        assert desk.library.lend(turn_of(desk), "123456789018").fate is Fate.DONE and server.library.loans


@pytest.mark.parametrize(("setting", "patron"), [("library_no", NUMBER), ("user_id", SATO)])
def test_which_number_goes_into_aa_is_a_setting(tmp_path: Path, setting: str, patron: str) -> None:
    with at_library(tmp_path / "home", patron_id=f'"{setting}"') as (desk, server):
        desk.library.lend(turn_of(desk), ITEM)
        assert server.library.loans == {ITEM: patron}


def test_settings_reach_the_line(tmp_path: Path) -> None:
    with at_library(tmp_path / "home", optional_fields="true", blank_due_date="true", institution='"OTHER"') as (
            desk, server):
        desk.library.lend(turn_of(desk), ITEM)
        loan = next(message for message in server.asked if message.code == "11")
        assert loan.fixed.endswith(" " * 18) and loan.first("AO") == "OTHER" and ("BO", "N") in loan.fields
        assert settings_of(desk.library.setup).who == Who(institution="OTHER", location="中央図書館",
                                                                  optional=True)


def test_against_the_real_protocol_server(tmp_path: Path) -> None:
    with real_server() as (port, truth):
        desk = library(tmp_path / "home", registers=False, setup=pointing(port))
        turn = turn_of(desk)
        assert turn.verdict.message == "登録しました  ０冊貸出中" and turn.verdict.notes == ("… 様 予約が届いています",)
        assert desk.library.lend(turn, ITEM).fate is Fate.DONE
        assert desk.library.lend(turn, ITEM).text == "貸出できません: … は貸出中です"
        desk.library.give_back(ITEM, turn)
        desk.library.finish(turn)
        desk.close()
        assert truth.lent == {ITEM: 1} and truth.back == {ITEM: 1}


def test_many_turns_over_a_line_that_is_cut_at_random_leave_each_loan_once(tmp_path: Path) -> None:
    with real_server() as (port, truth):
        cutter = Cutter(port, 3, 0.4)
        desk = library(tmp_path / "home", registers=False, setup=pointing(cutter.port))
        turn = turn_of(desk)
        fates = []
        for n in range(40):
            again(desk)
            fates.append(desk.library.lend(turn, f"B{n:04}").fate)
        while desk.library.queue.count():
            assert desk.library.send_waiting().trouble == 0
        desk.close()
        cutter.close()
        assert set(fates) <= {Fate.DONE, Fate.KEPT} and sum(cutter.cuts.values()) > 8
        assert truth.lent == {f"B{n:04}": 1 for n in range(40)}


@pytest.mark.parametrize("fault", ["hang up", "no answer", "half", "broken", "no return", "96"])
def test_a_fault_in_the_middle_of_a_loan_is_settled_while_the_person_waits(tmp_path: Path, fault: str) -> None:
    with at_library(tmp_path / "home", lambda m, count: fault if m.code == "11" and count == 1 else "") as (
            desk, server):
        assert desk.library.lend(turn_of(desk), ITEM).fate is Fate.DONE
        assert server.library.counted == {ITEM: 1} and desk.library.queue.count() == 0


# --- without a line


def test_a_system_that_answers_in_capitals_lends_each_book_once(tmp_path: Path,
                                                                monkeypatch: pytest.MonkeyPatch) -> None:
    with at_library(tmp_path / "home", lambda m, count: "no answer" if m.code == "11" and count == 2 else "") as (
            desk, server):
        turn, answer = turn_of(desk), PlayLibrary.answer

        def loud(library: PlayLibrary, asked: Message) -> Message:
            return answer(library, Message(asked.code, asked.fixed, tuple((c, v.upper()) for c, v in asked.fields)))

        monkeypatch.setattr(PlayLibrary, "answer", loud)
        for item in ("b0001234", "b0005678"):               # the answer to the second is lost
            assert desk.library.lend(turn, item).fate is Fate.DONE
        assert server.library.counted == {"B0001234": 1, "B0005678": 1} and desk.library.queue.count() == 0


def test_without_a_line_everything_waits_and_is_sent_later_with_its_true_time(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        turn_of(desk)
        port = server.port
        server.close()
        desk.library.close()
        turn = desk.library.tap(seen(SATO))
        assert turn.verdict.weight is Weight.CAUTION and turn.bound and not turn.online
        desk.library.choose_stop("a2")
        before = dt.datetime.now(JST)
        kept = [desk.library.lend(turn, f"B000000{n}") for n in range(3)]
        kept.append(desk.library.give_back("B0000001", turn))
        assert {one.fate for one in kept} == {Fate.KEPT} and "返却日の目安" in kept[0].text
        receipt = desk.library.finish(turn)
        assert receipt.detail == "預かり４冊" and "貸出待ち4" in desk.library.notices()
        event = receipt.recorded[0].event
        assert isinstance(event, ev.LoansCounted) and event.offline and event.stop == "a2"
        assert desk.library.send_waiting().left == 4

        later = Faulty()
        later.library.limit = 1                     # the system would refuse a second loan; these have happened
        desk.library.load(pointing(later.port).encode())
        assert port != later.port
        sent = desk.library.send_waiting()
        assert (sent.lent, sent.returned, sent.trouble, sent.left) == (3, 1, 0, 0)
        assert later.library.loans == {"B0000000": NUMBER, "B0000002": NUMBER}
        deals = [message for message in later.asked if message.code in ("11", "09")]
        assert [m.first("AB") for m in deals] == ["B0000000", "B0000001", "B0000002", "B0000001"], "in their order"
        assert [m.fixed[1 if m.code == "11" else 0] for m in deals] == ["Y"] * 4, "no_block"
        at = dt.datetime.strptime(deals[0].fixed[2:10] + deals[0].fixed[14:20], "%Y%m%d%H%M%S")
        assert abs((at.replace(tzinfo=JST) - before).total_seconds()) < 30
        assert desk.library.queue.count() == 0 and not list((desk.station.home / "library").glob("*.waiting"))
        later.close()


def test_after_a_fault_the_line_is_left_alone_for_a_while(tmp_path: Path) -> None:
    with at_library(tmp_path / "home", lambda m, count: "hang up" if m.code == "11" else "") as (desk, server):
        turn = turn_of(desk)
        assert desk.library.lend(turn, ITEM).fate is Fate.KEPT
        asked = len(server.seen)
        assert desk.library.lend(turn, "B0002").fate is Fate.KEPT and len(server.seen) == asked
        server.fault = lambda message, count: ""
        sent = desk.library.send_waiting()
        assert (sent.lent, sent.left) == (2, 0) and server.library.counted == {ITEM: 1, "B0002": 1}


def test_what_was_refused_afterwards_is_for_the_staff(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        turn = turn_of(desk)
        desk.library._down_until = time.monotonic() + 60
        desk.library.lend(turn, ITEM)
        server.library.loans[ITEM] = "9999999"          # somebody else has it, says the system
        sent = desk.library.send_waiting()
        assert (sent.lent, sent.trouble, sent.left) == (0, 1, 0)
        trouble = desk.library.trouble()
        assert [(one.deed, one.item, one.patron, one.why) for one in trouble] == [
            ("貸出", ITEM, NUMBER, "この資料は貸出中です")]
        desk.library.send_waiting()
        assert desk.library.queue.count() == 1 and server.seen.count("11") == 1, "it is not sent again by itself"
        desk.library.settle(trouble[0].number)
        assert desk.library.trouble() == () and desk.library.queue.count() == 0


def test_a_return_waits_behind_the_loan_of_the_same_item(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        turn = turn_of(desk)
        desk.library._down_until = time.monotonic() + 60
        desk.library.lend(turn, ITEM)
        again(desk)
        assert desk.library.give_back(ITEM).fate is Fate.KEPT and "09" not in server.seen
        desk.library.send_waiting()
        assert server.library.loans == {} and server.library.counted == {ITEM: 1}


def test_a_book_that_waits_is_not_kept_once_more(tmp_path: Path) -> None:
    """Scanned again at the next tap: sent twice, a lenient system would count it twice."""
    with at_library(tmp_path / "home", lambda m, count: "hang up" if m.code == "11" else "") as (desk, server):
        turn = turn_of(desk)
        assert desk.library.lend(turn, ITEM).fate is Fate.KEPT, "sent, and nobody knows"
        for _ in range(2):                                      # the line is down, then back
            with pytest.raises(RuleError, match="貸出は、もう預かっています"):
                desk.library.lend(turn, ITEM)
            again(desk)
        assert desk.library.give_back(ITEM).fate is Fate.KEPT
        with pytest.raises(RuleError, match="返却は、もう預かっています"):
            desk.library.give_back(ITEM)
        assert desk.library.lend(turn, ITEM).fate is Fate.KEPT, "lent, back and lent again"
        server.fault = lambda message, count: ""
        sent = desk.library.send_waiting()
        assert (sent.lent, sent.returned, sent.trouble, sent.left) == (2, 1, 0, 0)
        assert server.library.counted == {ITEM: 2} and server.library.loans == {ITEM: NUMBER}


def test_another_process_never_sends_what_the_desk_is_about_to_send(tmp_path: Path,
                                                                    monkeypatch: pytest.MonkeyPatch) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        turn, other, add = turn_of(desk), library(tmp_path / "home", registers=False), Queue.add

        def added(queue: Queue, *args: Any, **more: Any) -> Waiting:
            one = add(queue, *args, **more)
            with (tmp_path / "home" / "library" / ".sending.lock").open("a") as lock, contextlib.suppress(OSError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                fcntl.flock(lock, fcntl.LOCK_UN)
                other.library.send_waiting()        # nothing holds it up: the timer's command sends
            return one

        monkeypatch.setattr(Queue, "add", added)
        assert desk.library.lend(turn, ITEM).fate is Fate.DONE
        assert server.seen.count("11") == 1 and server.library.counted == {ITEM: 1}
        other.close()


def test_an_entry_that_another_process_has_erased_stops_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_library(tmp_path / "home") as (desk, _):
        turn = turn_of(desk)
        desk.library._down_until = time.monotonic() + 60
        desk.library.lend(turn, ITEM)
        again(desk)
        read = Queue._read

        def erased(queue: Queue, path: Path) -> Waiting:
            path.unlink()
            return read(queue, path)

        monkeypatch.setattr(Queue, "_read", erased)
        assert desk.library.lend(turn, "B0005678").fate is Fate.DONE


def test_returns_without_a_line_are_counted_as_such(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, _):
        desk.library._down_until = time.monotonic() + 60
        turn = Turn(token="", user_id="", online=True)
        desk.library.give_back(ITEM, turn)
        (counted,) = desk.library.finish(turn).recorded
        assert isinstance(counted.event, ev.LoansCounted) and counted.event.offline and counted.event.kept_back == 1


def test_an_old_unanswered_loan_is_left_to_a_person(tmp_path: Path) -> None:
    with at_library(tmp_path / "home", lambda m, count: "hang up" if m.code == "11" else "", settle_hours="0") as (
            desk, server):
        assert desk.library.lend(turn_of(desk), ITEM).fate is Fate.KEPT
        server.fault = lambda message, count: ""
        sent = desk.library.send_waiting()
        assert sent.trouble == 1 and not server.library.counted
        assert desk.library.trouble()[0].why == "届いたか分かりません"


def test_a_full_disk_lends_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with at_library(tmp_path / "home") as (desk, server):
        turn = turn_of(desk)

        def full(path: Path, data: bytes) -> None:
            raise OSError(28, "no space")

        monkeypatch.setattr("sanjo_tui.desk.library.sealed.replace_file", full)
        with pytest.raises(JournalError, match="預かれません"):
            desk.library.lend(turn, ITEM)
        assert "11" not in server.seen


def test_a_changed_file_of_the_queue_is_told(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, _):
        desk.library._down_until = time.monotonic() + 60
        desk.library.give_back(ITEM)
        path = next((desk.station.home / "library").glob("*.waiting"))
        data = bytearray(path.read_bytes())
        data[40] ^= 1
        path.write_bytes(data)
        with pytest.raises(RuleError, match="壊れています"):
            desk.library.send_waiting()


def test_the_command_sends_what_waits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    server = Faulty()
    desk = library(tmp_path / "home", registers=False, setup=pointing(server.port))
    turn = turn_of(desk)
    desk.library._down_until = time.monotonic() + 60
    desk.library.lend(turn, ITEM)
    stations.write(desk.station)
    desk.close()
    assert main(["--home", str(tmp_path / "home"), "library", "send", "--json"]) == 0
    out = capsys.readouterr().out
    assert json.loads(out)["lent"] == 1 and ITEM not in out and server.library.counted == {ITEM: 1}
    server.close()


KILLED = """
import sys
from pathlib import Path
from tests.library_ground import SATO, library, seen
home, setup = Path(sys.argv[1]), Path(sys.argv[2]).read_text(encoding="utf-8")
desk = library(home, registers=False, setup=setup)
desk.library._down_until = float("inf")
turn = desk.library.tap(seen(SATO))
for n in range(100000):
    print(n, desk.library.lend(turn, f"B{n:07}").fate.value, flush=True)
"""


@pytest.mark.parametrize("after", [3, 17])
def test_killed_at_any_moment_nothing_that_was_said_is_lost(tmp_path: Path, after: int) -> None:
    server = Faulty()
    setup = tmp_path / "setup.toml"
    setup.write_text(pointing(server.port), encoding="utf-8")
    desk = library(tmp_path / "home", registers=False, setup=setup.read_text(encoding="utf-8"))
    turn_of(desk)
    desk.close()
    child = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path / "home"), str(setup)], cwd=ROOT,
                             stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    said = [child.stdout.readline() for _ in range(after)]
    child.send_signal(signal.SIGKILL)
    said += child.stdout.read().splitlines(keepends=True)
    child.wait()
    kept = [line for line in said if line.endswith("kept\n")]
    assert len(kept) >= after
    desk = library(tmp_path / "home", registers=False)
    waiting = [one.deal.item for one in desk.library.queue.all()]
    assert waiting[:len(kept)] == [f"B{n:07}" for n in range(len(kept))] and len(waiting) <= len(kept) + 1
    desk.library.send_waiting()
    assert server.library.counted == dict.fromkeys(waiting, 1) and desk.library.queue.count() == 0
    desk.close()
    server.close()


# --- nothing stays


def everything(folder: Path) -> Iterator[tuple[Path, bytes]]:
    for path in folder.rglob("*"):
        if path.is_file():
            yield path, path.read_bytes()


def test_no_title_no_item_and_no_history_anywhere(tmp_path: Path) -> None:
    home = tmp_path / "home"
    with at_library(home, lambda m, count: "hang up" if m.code == "11" and count == 2 else "") as (desk, server):
        stations.write(desk.station)
        log.start(desk.station.log_dir)
        try:
            turn = turn_of(desk)
            for n in range(4):
                desk.library.lend(turn, f"SECRETITEM{n}")
            desk.library.give_back("SECRETITEM0", turn)
            desk.library.finish(turn)
            server.fault = lambda message, count: "hang up" if message.code in ("63", "11") else ""
            turn = desk.library.tap(seen(SATO))
            desk.library.lend(turn, "SECRETITEM8")
            desk.library.finish(turn)
            assert desk.library.queue.count() == 1
        finally:
            log.stop()
        needles = ["SECRETITEM", "練習の本", "練習　利用者"]
        for path, data in everything(home):
            for needle in (*needles, SATO, NUMBER):
                for encoding in ("utf-8", "cp932", "utf-16-le"):
                    assert needle.encode(encoding) not in data, f"{needle} in {path.name}"
        with desk.journal.view() as view:
            told = "\n".join(repr(r.event) for r in view.events())
        assert not any(needle in told for needle in needles)
        assert [r for r in told.splitlines() if NUMBER in r] == [r for r in told.splitlines() if "CardBound" in r]
        copy = tmp_path / "export"
        copy.mkdir()
        exports.write(desk.journal, copy)
        for _, data in everything(copy):
            assert not any(needle.encode() in data for needle in needles)
        server.fault = lambda message, count: ""
        desk.library.send_waiting()
        assert desk.library.queue.count() == 0 and not list((home / "library").glob("*.waiting"))


def test_the_queue_cannot_be_read_without_the_key(tmp_path: Path) -> None:
    with at_library(tmp_path / "home") as (desk, _):
        turn = turn_of(desk)
        desk.library._down_until = time.monotonic() + 60
        desk.library.lend(turn, ITEM)
        path = next((desk.station.home / "library").glob("*.waiting"))
        other = library(tmp_path / "other", registers=False)
        (other.station.home / "library" / path.name).write_bytes(path.read_bytes())
        with pytest.raises(RuleError):
            other.library.queue.all()
        other.close()
        assert path.stat().st_mode & 0o077 == 0 and len(path.read_bytes()) == 12 + 512 + 16, "no length tells an item"


def test_what_never_left_is_sent_however_old_it_is(tmp_path: Path) -> None:
    with at_library(tmp_path / "home", settle_hours="0") as (desk, server):
        turn = turn_of(desk)
        server.close()
        desk.library.close()
        again(desk)
        assert desk.library.lend(turn, ITEM).fate is Fate.KEPT, "tried, and nobody was there"
        assert desk.library.send_waiting().left == 1
        later = Faulty()
        desk.library.load(pointing(later.port, settle_hours="0").encode())
        sent = desk.library.send_waiting()
        assert (sent.lent, sent.trouble) == (1, 0) and later.library.counted == {ITEM: 1}
        later.close()


def test_what_can_never_be_sent_is_refused_and_not_kept(tmp_path: Path) -> None:
    with at_library(tmp_path / "home", item_pattern='".+"') as (desk, server):
        turn = turn_of(desk)
        asked = len(server.seen)
        with pytest.raises(Unfit):
            desk.library.lend(turn, "本" * 86)
        assert desk.library.queue.count() == 0 and len(server.seen) == asked
