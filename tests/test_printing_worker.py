"""The print worker against a printer with faults: nothing lost, nothing printed twice unasked."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sanjo_tui.documents.paper import Pdf
from sanjo_tui.errors import JournalError, PrintError
from sanjo_tui.printing.faults import fault
from sanjo_tui.printing.jobs import JobState, PrintJob
from sanjo_tui.printing.printers import NoPrinter
from sanjo_tui.printing.queue import PrintQueue
from sanjo_tui.printing.worker import PrintState, PrintWorker
from tests.printer import FaultyPrinter
from tests.printing_station import QUICK, Station, page, printer_at, station

ROOT = Path(__file__).parent.parent


def on(printer: FaultyPrinter, home: Path, **options: object):  # type: ignore[no-untyped-def]
    return station(home, printer_at(printer.uri, home), **options)  # type: ignore[arg-type]


def kinds(opened: Station, number: str) -> list[str]:
    with opened.journal.view() as view:
        return [recorded.event.kind.removeprefix("print.") for recorded in view.events(subject=number)]


def test_a_document_comes_out_once_with_its_number_as_title(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        number = here.queue.add("roster", {"edition": "staff"})
        job = here.until_state(number, "完了")
        assert printer.titles() == ["RANAN1-P0001-roster"]
        assert printer.paper[0][1] == page(job).data
        assert kinds(here, number) == ["due", "sending", "accepted", "done"]
        assert (job.pages, job.attempts, job.printer) == (1, 1, printer.uri)
        here.until(lambda: here.told[-1] == PrintState(here.queue.printer.name))


def test_documents_come_out_in_the_order_in_which_they_became_due(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path, start=False) as here:
        numbers = [here.queue.add("tag", {"n": n}) for n in range(12)]
        here.worker.start()
        here.until(lambda: set(here.states().values()) == {"完了"})
        assert printer.titles() == [f"{number}-tag" for number in numbers]
        assert numbers[-1] == "RANAN1-P0012"


def test_out_of_paper_is_said_and_the_document_goes_on_when_paper_is_back(tmp_path: Path) -> None:
    with FaultyPrinter("media-empty") as printer, on(printer, tmp_path) as here:
        number = here.queue.add("roster")
        told = here.until_told("media-empty")
        assert (told.sentence, told.current, told.waiting) == ("用紙切れです。", number, 1)
        assert here.queue.job(number).state is JobState.PRINTING
        printer.fault = ""
        here.until_state(number, "完了")
        assert len(printer.paper) == 1


@pytest.mark.parametrize("what", ["stopped", "not-accepting"])
def test_a_printer_that_takes_nothing_is_asked_without_writing_it_down_each_time(tmp_path: Path, what: str) -> None:
    with FaultyPrinter(what) as printer, on(printer, tmp_path) as here:
        number = here.queue.add("roster")
        here.until_told(what)
        here.until(lambda: len(printer.requests) > 20)
        assert kinds(here, number) == ["due", "waiting"]
        assert 2 not in printer.requests            # the document stays here, where it can still be held
        printer.fault = ""
        here.until_state(number, "完了")
        assert len(printer.paper) == 1


def test_an_unreachable_printer_is_tried_until_it_is_there(tmp_path: Path) -> None:
    with FaultyPrinter() as first:
        port, address = first.port, first.uri
    with station(tmp_path, printer_at(address, tmp_path)) as here:
        number = here.queue.add("roster")
        assert here.until_told("unreachable").hint
        assert here.queue.job(number).reason == "unreachable"
        with FaultyPrinter(port=port) as printer:
            here.until_state(number, "完了")
            assert len(printer.paper) == 1
        assert kinds(here, number) == ["due", "waiting", "sending", "accepted", "done"]


def test_busy_is_tried_again(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        printer.script.extend(["busy", "busy", ""])
        number = here.queue.add("roster")
        job = here.until_state(number, "完了")
        assert len(printer.paper) == 1 and job.attempts == 3


def test_a_printer_that_stays_busy_is_left_alone_until_it_is_idle(tmp_path: Path) -> None:
    with FaultyPrinter("busy") as printer, on(printer, tmp_path) as here:
        number = here.queue.add("roster")
        here.until_told("busy")
        here.until(lambda: len(printer.requests) > 15)
        assert printer.requests.count(2) < 4
        printer.fault = ""
        here.until_state(number, "完了")
        assert len(printer.paper) == 1


def test_a_connection_lost_inside_the_document_is_tried_again(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        printer.script.append("drop")
        number = here.queue.add("roster", {"size": 12_000_000})   # more than any buffer takes
        job = here.until_state(number, "完了")
        assert len(printer.paper) == 1 and job.attempts == 2


@pytest.mark.parametrize(("what", "sheets"), [("drop-after", 1), ("swallow", 0), ("garbage", 1), ("slow", 1)])
def test_an_answer_that_never_came_is_for_a_person_to_look_at(tmp_path: Path, what: str, sheets: int) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        printer.script.append(what)
        if what == "slow":
            printer.fault = what
            here.queue.printer._send = 0.2  # type: ignore[attr-defined]
        number = here.queue.add("certificate")
        job = here.until_state(number, "要確認")
        assert job.reason == "answer-lost" and "返事" in fault(job.reason).sentence
        printer.fault = ""
        after = here.queue.add("roster")                    # the queue goes on, the doubtful one stays
        here.until_state(after, "完了")
        assert here.queue.job(number).state is JobState.UNCERTAIN
        assert printer.titles().count("RANAN1-P0001-certificate") == sheets
        here.until(lambda: here.told[-1].uncertain == 1)


@pytest.mark.parametrize(("printed", "sheets"), [(True, 1), (False, 2)])
def test_a_person_settles_what_is_uncertain(tmp_path: Path, printed: bool, sheets: int) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        printer.script.append("drop-after")
        number = here.queue.add("certificate")
        here.until_state(number, "要確認")
        here.queue.resolve(number, printed=printed)
        here.until_state(number, "完了")
        assert len(printer.paper) == sheets


@pytest.mark.parametrize(("what", "state", "reason"), [
    ("refuse", "保留", "refused"), ("abort", "保留", "aborted"), ("forget", "要確認", "job-unknown"),
    ("unsure", "要確認", "with-errors")])
def test_what_the_printer_gives_up_stops_no_other_document(tmp_path: Path, what: str, state: str, reason: str) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        printer.script.append(what)
        number = here.queue.add("roster")
        assert here.until_state(number, state).reason == reason
        here.until_state(here.queue.add("tag"), "完了")


def test_a_printer_that_wants_a_password_is_not_pestered(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        printer.script.extend(["auth", ""])
        number = here.queue.add("roster")
        job = here.until_state(number, "完了")
        assert job.attempts == 2 and len(printer.paper) == 1


def test_a_document_that_cannot_be_made_waits_and_the_others_go_on(tmp_path: Path) -> None:
    fonts: list[str] = []

    def render(job: PrintJob) -> Pdf:
        if job.form == "card" and not fonts:
            raise PrintError("書体がありません。", "書体を入れてください。")
        return page(job)

    with FaultyPrinter() as printer, on(printer, tmp_path, render=render) as here:
        number = here.queue.add("card")
        here.until_state(here.queue.add("roster"), "完了")
        job = here.queue.job(number)
        assert (job.state, job.reason, job.sentence) == (
            JobState.WAITING, "render", "書体がありません。 書体を入れてください。")
        assert "書体がありません。" in here.until_told("render").sentence
        fonts.append("there")
        here.until_state(number, "完了")
        assert kinds(here, number) == ["due", "waiting", "sending", "accepted", "done"]


def test_a_mistake_in_a_document_holds_only_that_document_and_leaks_no_name(
        tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here:
        number = here.queue.add("bug")
        assert here.until_state(number, "保留").reason == "broken"
        here.until_state(here.queue.add("roster"), "完了")
        with here.journal.view() as view:
            assert "佐藤" not in repr([recorded.event for recorded in view.events()])


def test_without_a_printer_documents_wait(tmp_path: Path) -> None:
    with station(tmp_path, NoPrinter(fault("no-printer"))) as here:
        number = here.queue.add("roster")
        assert here.until_told("no-printer").waiting == 1
        assert kinds(here, number) == ["due", "waiting"]


def test_a_folder_gets_the_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with station(tmp_path / "home", printer_at(f"folder:{out}", tmp_path / "home")) as here:
        number = here.queue.add("roster")
        here.until_state(number, "完了")
        assert [path.name for path in out.iterdir()] == [f"{number}.pdf"]


def test_held_documents_stay_until_they_are_released(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path, start=False) as here:
        held, gone, next_one = (here.queue.add(form) for form in ("roster", "card", "tag"))
        here.queue.hold(held)
        here.queue.cancel(gone, "作り直し")
        here.worker.start()
        here.until_state(next_one, "完了")
        assert here.states() == {held: "保留", gone: "取消", next_one: "完了"}
        here.queue.release(held)
        here.until_state(held, "完了")
        assert len(printer.paper) == 2


def test_a_document_written_by_another_process_is_noticed(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as here, \
            on(printer, tmp_path, start=False) as command:
        number = command.queue.add("roster")
        here.until_state(number, "完了")
        assert len(printer.paper) == 1


def test_of_two_desks_on_one_station_one_prints_and_the_other_takes_over(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path) as second:
        second.until(lambda: bool(second.told))
        with on(printer, tmp_path) as other:
            other.until_told("second-desk")
            numbers = [other.queue.add("tag") for _ in range(10)]
            second.until(lambda: set(second.states().values()) == {"完了"})
            assert second.worker.stop(10)
            later = other.queue.add("roster")
            other.until_state(later, "完了")
        assert Counter(printer.titles()) == Counter([f"{number}-tag" for number in numbers] + [f"{later}-roster"])


def test_even_without_the_lock_no_document_is_sent_twice(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path, lock=False) as one, on(printer, tmp_path, lock=False) as two:
        numbers = [queue.add("tag") for _ in range(10) for queue in (one.queue, two.queue)]
        one.until(lambda: set(one.states().values()) == {"完了"})
        assert sorted(printer.titles()) == sorted(f"{number}-tag" for number in numbers)


def test_an_outcome_that_the_journal_cannot_take_is_recorded_as_soon_as_it_can(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path, start=False) as here:
        broken: list[int] = []
        accepted = PrintQueue.accepted

        def failing(queue: PrintQueue, *args: object) -> bool:
            if len(broken) < 3:
                broken.append(1)
                raise JournalError("書けません。")
            return accepted(queue, *args)  # type: ignore[arg-type]

        monkeypatch.setattr(PrintQueue, "accepted", failing)
        numbers = [here.queue.add("roster"), here.queue.add("roster")]
        here.worker.start()
        here.until(lambda: any(state.code == "journal" for state in here.told))
        here.until(lambda: set(here.states().values()) == {"完了"})
        assert printer.titles() == [f"{number}-roster" for number in numbers]


def test_a_screen_that_fails_costs_no_document(tmp_path: Path) -> None:
    with FaultyPrinter() as printer, on(printer, tmp_path, start=False) as here:
        def closing(state: PrintState) -> None:
            raise RuntimeError("the app is closing")

        worker = PrintWorker(here.queue, closing, pace=QUICK)
        worker.start()
        here.until_state(here.queue.add("roster"), "完了")
        assert worker.stop(10)


def test_stopping_does_not_wait_for_a_silent_printer(tmp_path: Path) -> None:
    with FaultyPrinter("slow") as printer, on(printer, tmp_path, start=False) as here:
        here.worker.start()
        number = here.queue.add("roster")
        here.until_state(number, "送信")
        assert not here.worker.stop(0.05)
        assert here.queue.job(number).state is JobState.SENDING
        printer.fault = ""
        assert here.worker.stop(10)         # the answer came after all, and is recorded
        assert here.queue.job(number).state is JobState.PRINTING


def killed_while(home: Path, printer: FaultyPrinter, state: str) -> str:
    """Start a worker of its own process, kill -9 it when the document is in this state; the number."""
    with on(printer, home, start=False) as here:
        number = here.queue.add("certificate")
    child = subprocess.Popen([sys.executable, "-m", "tests.printing_station", str(home), printer.uri], cwd=ROOT,
                             stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT)})
    try:
        with on(printer, home, start=False) as here:
            here.until(lambda: here.queue.job(number).state.value == state and bool(printer.jobs))
            child.send_signal(signal.SIGKILL)
            child.wait(10)
    finally:
        child.kill()
        child.communicate(timeout=10)
    return number


def test_killed_between_sending_and_the_answer_it_is_uncertain_and_was_printed_once(tmp_path: Path) -> None:
    with FaultyPrinter("slow") as printer:
        number = killed_while(tmp_path, printer, "送信")
        printer.fault = ""
        with on(printer, tmp_path) as here:
            assert here.until_state(number, "要確認").reason == "restarted"
            here.until_state(here.queue.add("roster"), "完了")
            assert printer.titles() == [f"{number}-certificate", "RANAN1-P0002-roster"]


def test_killed_while_the_printer_has_it_the_next_worker_follows_it(tmp_path: Path) -> None:
    with FaultyPrinter("media-empty") as printer:
        number = killed_while(tmp_path, printer, "印刷中")
        with on(printer, tmp_path) as here:
            here.until_told("media-empty")
            printer.fault = ""
            here.until_state(number, "完了")
            assert printer.titles() == [f"{number}-certificate"]


def test_a_reset_printer_that_gives_our_number_to_another_document_is_found_out(tmp_path: Path) -> None:
    with FaultyPrinter("media-empty") as printer:
        number = killed_while(tmp_path, printer, "印刷中")
        printer.jobs[1]["title"] = "somebody else's"
        printer.fault = ""
        with on(printer, tmp_path) as here:
            assert here.until_state(number, "要確認").reason == "job-unknown"


def test_another_printer_in_the_setting_cannot_know_the_document(tmp_path: Path) -> None:
    with FaultyPrinter("media-empty") as printer, FaultyPrinter() as other:
        number = killed_while(tmp_path, printer, "印刷中")
        with on(other, tmp_path) as here:
            assert here.until_state(number, "要確認").reason == "other-printer"
            assert other.paper == []


FAULTS_OF_ONE_TRY = st.sampled_from(["", "busy", "swallow", "drop-after", "garbage", "refuse", "not-accepting", "abort",
                                     "forget", "unsure", "auth", "media-empty"])


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(scripts=st.lists(FAULTS_OF_ONE_TRY, max_size=12), documents=st.integers(1, 5), restart=st.booleans())
def test_every_document_is_on_paper_once_or_visibly_not_done(
        tmp_path: Path, scripts: list[str], documents: int, restart: bool) -> None:
    home = tmp_path / "home"
    shutil.rmtree(home, ignore_errors=True)
    with FaultyPrinter() as printer:
        printer.script.extend(scripts)
        with on(printer, home) as here:
            numbers = [here.queue.add("tag") for _ in range(documents)]
            if restart:
                here.until(lambda: len(printer.requests) > 1)
        with on(printer, home) as here:
            here.until(lambda: not {"待ち", "送信", "印刷中"} & set(here.states().values()))
            states, sheets = here.states(), Counter(printer.titles())
            rebuilt = here.journal.rebuild()
            assert rebuilt is not None and here.states() == states
    assert sorted(states) == numbers
    for number in numbers:
        on_paper = sheets[f"{number}-tag"]
        assert on_paper <= 1
        assert states[number] in ("要確認", "保留") or on_paper == 1
