"""受払: what the screen reckons fits the sheets on the table, and what does not fit is seen at the next count."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.polling import events as ev
from sanjo_tui.receptions.polling import stock as papers
from sanjo_tui.receptions.polling.words import Act, Occasion, PaperKind, Spoiling
from tests.polling_day import BRAILLE, DAY, HALL, PLAIN, SCHOOL, Place

CODES = ("SHO", "HIREI", "SHINSA")


def delivered(sheets: int = 100) -> Place:
    here = Place()
    for code in CODES:
        here.deliver(code, sheets)
    return here


def test_before_the_first_count_the_remainder_is_not_counted() -> None:
    here = delivered()
    here.receive("1", *CODES)
    line = here.line("SHO")
    assert (line.counted, line.counted_label, line.counted_at, line.difference) == (None, "未計数", "", 0)
    assert (line.delivered, line.issued, line.expected) == (100, 1, 99)
    assert not line.holds and line.sentence == "" and not line.closes(DAY.isoformat())


def test_mitake_2017_two_papers_short_are_shown_at_the_next_count() -> None:
    """A crowd came in by the exit: two papers went out that nobody received."""
    here = delivered()
    for key in "123":
        here.receive(key, *CODES)
        here.cast(key, *CODES)
    assert here.count("HIREI").holds
    here.piles[SCHOOL, "HIREI", PLAIN] -= 2
    here.receive("4", *CODES)
    assert here.line("HIREI").sentence == ""            # nobody counted: nothing is claimed
    line = here.count("HIREI", occasion=Occasion.BUNDLE)
    assert (line.difference, line.sentence) == (-2, "比例 普通 2枚 不足")
    assert papers.differences(here.lines()) == (line,)
    here.receive("5", *CODES)
    assert here.line("HIREI").sentence == "比例 普通 2枚 不足"     # stands while others are received
    assert not here.line("HIREI").closes(DAY.isoformat())


def test_minokamo_2026_the_wrong_paper_is_found_at_the_first_count_as_one_too_many_and_one_too_few() -> None:
    here = delivered()
    here.receive("1", *CODES)
    here.receive("2", "SHO", "HIREI")
    here.piles[SCHOOL, "HIREI", PLAIN] += 1             # 比例 was not taken from its pile,
    here.piles[SCHOOL, "SHINSA", PLAIN] -= 1            # 国民審査 was
    for code in CODES:
        here.count(code)
    assert [line.sentence for line in papers.differences(here.lines())] == [
        "比例 普通 1枚 過剰", "国民審査 普通 1枚 不足"]
    assert "比例 普通の代わりに国民審査 普通を渡した疑い" in papers.suspicion(here.lines())


def test_a_new_count_that_fits_ends_a_difference() -> None:
    here = delivered()
    here.piles[SCHOOL, "SHO", PLAIN] -= 3
    assert here.count("SHO").difference == -3
    here.piles[SCHOOL, "SHO", PLAIN] += 3               # they lay under the box
    line = here.count("SHO")
    assert line.holds and not papers.differences(here.lines()) and not papers.suspicion(here.lines())


def test_a_settled_difference_is_reckoned_with_and_a_further_one_shows() -> None:
    here = delivered()
    here.piles[SCHOOL, "SHO", PLAIN] -= 1
    line = here.count("SHO")
    settled = papers.settle(line, "S2026", "一枚見つからない。床も探した", operator="op", verifier="C")
    here.record(settled)
    line = here.line("SHO")
    assert settled.difference == -1
    assert (line.holds, line.accepted, line.expected, line.explanations) == (True, -1, 99, (settled.explanation,))
    here.receive("1", "SHO")
    assert here.count("SHO").holds
    here.piles[SCHOOL, "SHO", PLAIN] -= 1
    assert here.count("SHO").sentence == "小選挙区 普通 1枚 不足"


def test_settling_needs_a_difference_an_explanation_and_somebody_else() -> None:
    here = delivered()
    line = here.count("SHO")
    with pytest.raises(RuleError, match="差はありません"):
        papers.settle(line, "S2026", "x", operator="op", verifier="C")
    here.piles[SCHOOL, "SHO", PLAIN] -= 1
    line = here.count("SHO")
    for explanation, verifier in (("", "C"), ("  ", "C"), ("x", ""), ("x", "op"), ("x", " op ")):
        with pytest.raises(RuleError):
            papers.settle(line, "S2026", explanation, operator="op", verifier=verifier)


def test_a_delivery_that_was_not_entered_is_said() -> None:
    here = Place()
    here.receive("1", "SHO")
    assert here.line("SHO").undelivered and here.line("SHO").sentence == "小選挙区 普通 受領の枚数が足りません"
    here.deliver("SHO", 10)
    assert not here.line("SHO").undelivered


def test_deliveries_are_corrected_with_a_remark_and_never_below_what_is_there() -> None:
    here = delivered(100)
    here.receive("1", "SHO")
    line = here.line("SHO")
    assert papers.deliver(line, "S2026", -40, "栄庁舎へ").sheets == -40
    for sheets, remark in ((0, "x"), (-1, ""), (-100, "x"), (-101, "x"), (10 ** 7, "")):
        with pytest.raises(RuleError):
            papers.deliver(line, "S2026", sheets, remark)
    for counted in (-1, 10 ** 7):
        with pytest.raises(RuleError):
            papers.count(line, "S2026", counted)


def test_the_papers_of_the_set_up_are_delivered_once() -> None:
    here = Place()
    first = papers.first_deliveries(here.stock(), here.election)
    assert [(e.contest, e.sheets) for e in first] == [("SHO", 500)]
    here.record(*first)
    assert papers.first_deliveries(here.stock(), here.election) == ()
    assert papers.first_deliveries(here.stock(HALL), here.election) == ()


def test_a_place_closes_only_on_a_count_for_closing_after_which_nothing_moved() -> None:
    here, day = delivered(), DAY.isoformat()
    here.receive("1", *CODES)
    assert not here.count("SHO").closes(day)
    line = here.count("SHO", occasion=Occasion.CLOSING)
    assert line.closes(day) and line.counted_at == "09:00" and not line.closes("2026-02-09")
    here.receive("2", *CODES)
    assert not here.line("SHO").closes(day) and here.line("SHO").holds


def test_braille_papers_have_a_line_of_their_own_once_there_are_any() -> None:
    here = delivered()
    assert [line.paper for line in here.lines()] == [PLAIN] * 3
    here.deliver("SHO", 5, BRAILLE)
    here.receive("1", "SHO", paper=BRAILLE)
    assert [line.label for line in here.lines()][:2] == ["小選挙区 普通", "小選挙区 点字"]
    assert here.line("SHO").issued == 0 and here.line("SHO", BRAILLE).expected == 4 and here.count("SHO", BRAILLE).holds


# --- whatever happens, reckoned and real sheets agree; and a sheet that is lost shows at the next count

STEPS = st.lists(st.tuples(
    st.sampled_from(["receive", "receive", "cast", "exchange", "return", "take back", "provisional", "count", "deliver",
                     "lose", "settle"]),
    st.sampled_from("123456"), st.sampled_from(CODES), st.sampled_from(list(PaperKind)), st.integers(0, 7)),
    max_size=40)
Step = tuple[str, str, str, PaperKind, int]


def _step(here: Place, place: str, what: str, key: str, code: str, paper: PaperKind, number: int) -> None:
    """One act, legal or not; sheets move only where the voter really holds one."""
    held = {contest: (issue, kind) for contest, issue, kind in here.open_papers(key)}
    issue, kind = held.get(code, ("A-0", paper))
    match what:
        case "receive":
            here.receive(key, *(c for c in CODES[:1 + number % 3] if not _has(here, key, c)), paper=paper, place=place)
        case "cast":
            here.cast(key, code, place=place)
        case "exchange":
            if code in held or not _has(here, key, code):       # a paper in the box does not come back
                here.record(ev.Exchanged(subject=key, scope="S2026", place=place, contest=code, why=Spoiling.SOILED,
                                         spoiled=kind, paper=paper))
                here.piles[place, code, paper] -= code in held
        case "return":
            here.record(ev.PaperReturned(subject=key, scope="S2026", place=place, contest=code, paper=kind,
                                         issued_by=issue))
        case "take back":
            back = tuple(ev.Handed(contest=c, act=Act.ISSUE, paper=k) for c, (n, k) in held.items() if n == issue)
            here.record(ev.TakenBack(subject=key, scope="S2026", place=place, issued_by=issue, papers=back,
                                     reason="人違い", verifier="C"))
        case "provisional":
            here.record(ev.ProvisionalVote(subject=key, scope="S2026", place=place, reception_no=f"A-P{number}",
                                           papers=(ev.Handed(contest=code, act=Act.ISSUE, paper=paper),), ground="g",
                                           opinion="o", objected_by="選挙人", decided_by="P"))
            here.piles[place, code, paper] -= 1
        case "count":
            here.count(code, paper, place)
        case "deliver":
            here.deliver(code, number + 1, paper, place)


def _has(here: Place, key: str, code: str) -> bool:
    return key in here.voters and bool(here.voters[key].ballot(code).papers)


def _adds_up(steps: list[Step]) -> None:
    """Voters 1 to 3 come to the one place, 4 to 6 to the other; both share a journal."""
    here = Place()
    lost = {(place, code, paper): 0 for place in (HALL, SCHOOL) for code in CODES for paper in PaperKind}
    for place, code, paper in lost:
        here.deliver(code, 500, paper, place)
    for what, key, code, paper, number in steps:
        here.later(1)
        place = HALL if key in "123" else SCHOOL
        if what == "lose":
            here.piles[place, code, paper] -= number
            lost[place, code, paper] += number
        elif what == "settle":
            line = here.count(code, paper, place)
            assert line.difference == -lost[place, code, paper]
            if line.difference:
                here.record(papers.settle(line, "S2026", "説明", operator="op", verifier="C"))
                lost[place, code, paper] = 0
        else:
            _step(here, place, what, key, code, paper, number)
        for line in (*here.lines(HALL), *here.lines(SCHOOL)):
            kind = line.place, line.contest, line.paper
            assert line.expected - lost[kind] == here.piles[kind]
            assert (line.delivered + line.accepted
                    == line.expected + line.out + line.provisional + line.spoiled + line.returned)
    for (place, code, paper), sheets in lost.items():
        line = here.count(code, paper, place)
        assert line.difference == -sheets and bool(line.sentence) == bool(sheets)
        assert line.current is (sheets == 0)


@settings(max_examples=120)
@given(STEPS)
def test_random_legal_and_illegal_acts_always_add_up(steps: list[Step]) -> None:
    _adds_up(steps)


@pytest.mark.slow
@settings(max_examples=5_000, derandomize=True)
@given(STEPS)
def test_thousands_of_random_days_always_add_up(steps: list[Step]) -> None:
    _adds_up(steps)
