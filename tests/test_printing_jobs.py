"""Jobs are a fold of events: numbers, reprints, what people may decide, and what a spare laptop does with them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import ClaimTaken, PrintError, SanjoError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.printing import jobs as j
from sanjo_tui.printing.faults import FAULTS, fault
from sanjo_tui.printing.jobs import JobState, PrintJob, apply, due, split
from sanjo_tui.printing.printers import NoPrinter
from tests.printing_station import Station, page, station

NOWHERE = NoPrinter(fault("no-printer"))


@pytest.fixture
def desk(tmp_path: Path):  # type: ignore[no-untyped-def]
    with station(tmp_path / "home", NOWHERE, start=False) as opened:
        yield opened


@dataclass
class Numbers:
    last: str | None = None

    def last_claim(self, scope: str, prefix: str) -> str | None:
        assert (scope, prefix) == (j.NUMBER, "RANAN1-P")
        return self.last


def finish(desk: Station, number: str) -> None:
    job = desk.queue.sending(desk.queue.job(number), page(desk.queue.job(number)))
    assert job and desk.queue.done(job)


# --- numbers


@pytest.mark.parametrize(("last", "number"), [
    (None, "RANAN1-P0001"), ("RANAN1-P00000041", "RANAN1-P0042"), ("RANAN1-P00009999", "RANAN1-P10000"),
    ("RANAN1-P00123456", "RANAN1-P123457")])
def test_numbers_go_on_where_they_stood(last: str | None, number: str) -> None:
    event = due(Numbers(last), "RANAN1", "roster")
    assert event.subject == number and split(number)[1] == split(event.claims[0].subject)[1]


@given(st.lists(st.integers(1, 10**7), min_size=1, max_size=20))
def test_the_greatest_claim_is_the_latest_number(serials: list[int]) -> None:
    claims = [j.PrintDue(subject=f"A-P{serial:04d}", form="x").claims[0].subject for serial in serials]
    assert split(max(claims))[1] == max(serials)


def test_a_document_of_a_reception_is_due_in_its_own_transaction(desk: Station) -> None:
    with pytest.raises(SanjoError):
        def refused(view):  # type: ignore[no-untyped-def]
            due(view, "RANAN1", "card", {"key": "1"})
            raise PrintError("規則で断りました。")
        desk.journal.record("操作者1", refused)
    assert desk.queue.jobs() == ()

    def decide(view):  # type: ignore[no-untyped-def]
        first = due(view, "RANAN1", "card", {"key": "1"})
        return (first, due(view, "RANAN1", "tag", {"key": "1"}, beside=(first,)))

    desk.journal.record("操作者1", decide)
    assert [(job.number, job.form) for job in desk.queue.pending()] == [
        ("RANAN1-P0001", "card"), ("RANAN1-P0002", "tag")]


def test_a_number_is_given_once(desk: Station) -> None:
    event = j.PrintDue(subject="RANAN1-P0001", form="roster")
    desk.journal.record("操作者1", lambda view: (event,))
    with pytest.raises(ClaimTaken):
        desk.journal.record("操作者1", lambda view: (event,))


def test_parameters_come_back_as_they_went(desk: Station) -> None:
    given_parameters = {"edition": "staff", "numbers": ["A-1", "A-2"], "n": 3, "blank": True, "none": None}
    number = desk.queue.add("roster", given_parameters, copies=2)
    job = desk.queue.job(number)
    assert (job.parameters, job.copies, job.asked_by) == (given_parameters, 2, "操作者1")


@pytest.mark.parametrize("wrong", [object(), b"%PDF", {"a": {1: 2}}, [Path("x")]])
def test_only_plain_values_are_parameters(wrong: object) -> None:
    with pytest.raises(TypeError):
        due(Numbers(), "RANAN1", "roster", {"x": wrong})


@pytest.mark.parametrize("wrong", ["", "P0001", "-P1", "A-P", "A-Pxx", "A-P１", "A-17"])
def test_what_is_no_job_number_is_said(desk: Station, wrong: str) -> None:
    with pytest.raises(PrintError):
        desk.queue.job(wrong)


# --- reprints


def test_reprints_are_counted_and_point_at_the_first(desk: Station) -> None:
    first = desk.queue.add("certificate", {"key": "1"}, copies=2)
    finish(desk, first)
    second = desk.queue.reprint(first)
    finish(desk, second)
    third = desk.queue.reprint(second)
    jobs = [desk.queue.job(number) for number in (first, second, third)]
    assert [(job.reprint_of, job.reissue, job.mark) for job in jobs] == [
        ("", 0, ""), (first, 1, "再発行 1"), (first, 2, "再発行 2")]
    assert jobs[2].parameters == {"key": "1"} and jobs[2].copies == 2 and jobs[2].title == "RANAN1-P0003-certificate-R2"


def test_a_document_that_still_waits_is_not_printed_twice_by_reprinting(desk: Station) -> None:
    number = desk.queue.add("certificate")
    with pytest.raises(PrintError, match="まだ印刷されていません"):
        desk.queue.reprint(number)
    desk.queue.cancel(number)
    with pytest.raises(PrintError):
        desk.queue.reprint(number)
    with pytest.raises(PrintError, match="ありません"):
        desk.queue.reprint("RANAN1-P0099")
    with pytest.raises(PrintError, match="ありません"):
        desk.queue.reprint("OTHER-P0001")


# --- what people decide


def test_decisions_that_do_not_fit_the_state_are_refused(desk: Station) -> None:
    number = desk.queue.add("roster")
    for refused in (lambda: desk.queue.release(number), lambda: desk.queue.resolve(number, printed=True)):
        with pytest.raises(PrintError, match="待ち"):
            refused()
    desk.queue.hold(number)
    with pytest.raises(PrintError, match="保留"):
        desk.queue.hold(number)
    desk.queue.cancel(number)
    assert desk.queue.job(number).state is JobState.CANCELLED and desk.queue.pending() == ()


def test_a_document_that_was_held_meanwhile_is_not_sent(desk: Station) -> None:
    number = desk.queue.add("roster")
    job = desk.queue.job(number)
    desk.queue.hold(number)
    assert desk.queue.sending(job, page(job)) is None
    assert desk.queue.job(number).state is JobState.HELD


def test_a_late_answer_does_not_settle_the_next_try(desk: Station) -> None:
    number = desk.queue.add("roster")
    first = desk.queue.sending(desk.queue.job(number), page(desk.queue.job(number)))
    assert first and desk.queue.uncertain(first, "answer-lost")
    desk.queue.resolve(number, printed=False)
    second = desk.queue.sending(desk.queue.job(number), page(first))
    assert second and not desk.queue.done(first)
    assert desk.queue.job(number).state is JobState.SENDING


def test_what_another_process_decides_is_seen(desk: Station, tmp_path: Path) -> None:
    number = desk.queue.add("roster")
    assert desk.queue.pending()[0].state is JobState.WAITING
    with station(tmp_path / "home", NOWHERE, start=False) as other:
        other.queue.hold(number)
    assert desk.queue.pending()[0].state is JobState.HELD


def test_newest_first_and_no_more_than_asked(desk: Station) -> None:
    numbers = [desk.queue.add("tag") for _ in range(5)]
    assert [job.number for job in desk.queue.jobs(3)] == numbers[:1:-1]


def test_every_state_follows_again_from_the_events(desk: Station) -> None:
    for number in [desk.queue.add("tag") for _ in range(3)]:
        job = desk.queue.sending(desk.queue.job(number), page(desk.queue.job(number)))
        assert job
    desk.queue.done(desk.queue.job("RANAN1-P0001"))
    desk.queue.uncertain(desk.queue.job("RANAN1-P0002"), "answer-lost")
    desk.queue.accepted(desk.queue.job("RANAN1-P0003"), "17")
    before = desk.queue.jobs()
    desk.journal.rebuild()
    assert desk.queue.jobs() == before
    assert [job.state.value for job in before] == ["印刷中", "要確認", "完了"]


# --- folding


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreign(Event):
    kind: ClassVar[str] = "foreign"


EVENTS = st.sampled_from([
    j.PrintSending(subject="A-P0001", printer="ipp://x/"), j.PrintAccepted(subject="A-P0001", ref="1"),
    j.PrintDone(subject="A-P0001"), j.PrintWaiting(subject="A-P0001", reason="busy"),
    j.PrintUncertain(subject="A-P0001", reason="answer-lost"), j.PrintHeld(subject="A-P0001"),
    j.PrintReleased(subject="A-P0001"), j.PrintCancelled(subject="A-P0001"), Foreign(subject="A-P0001")])


@given(st.lists(EVENTS, max_size=12))
def test_any_order_of_events_folds_to_a_job(events: list[Event]) -> None:
    job: PrintJob | None = None
    for seq, event in enumerate([j.PrintDue(subject="A-P0001", form="tag"), *events], 1):
        job = apply(job, Recorded("A", seq, seq, seq, "操作者", event))
    assert job and job.number == "A-P0001" and job.attempts == sum(isinstance(e, j.PrintSending) for e in events)


@given(EVENTS)
def test_nothing_follows_from_an_event_without_its_document(event: Event) -> None:
    assert apply(None, Recorded("A", 1, 1, 1, "操作者", event)) is None


def test_a_spare_laptop_prints_nothing_that_the_broken_one_may_have_printed(
        desk: Station, monkeypatch: pytest.MonkeyPatch) -> None:
    waiting, held = desk.queue.add("tag"), desk.queue.add("roster")
    desk.queue.hold(held)
    monkeypatch.setattr(desk.journal, "station", "SPARE1")      # the journal goes on under another code
    desk.queue._codes = frozenset({"SPARE1", "RANAN1"})
    monkeypatch.setattr(desk.queue, "_report", lambda job, allowed, event: reported.append((job.number, event)))
    reported: list[tuple[str, Event]] = []
    desk.queue.recover()
    assert reported[0] == (waiting, j.PrintUncertain(subject=waiting, reason="restored"))
    assert {number for number, _ in reported[1:]} <= {held}     # 保留 is not among the states that may change


def test_every_fault_says_what_is_wrong_and_what_to_do() -> None:
    for code, entry in FAULTS.items():
        assert entry.code == code and entry.sentence.endswith("。") and entry.cure.endswith("。")
        assert not set(entry.sentence + entry.cure) & set("○●→※①…―─")
    assert "odd-error" in fault("odd-error").sentence
