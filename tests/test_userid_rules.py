"""Rules of 利用者ID: ranges, numbers that are never given twice, every mistake of a set-up named."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.userid import setup as setups
from sanjo_tui.receptions.userid.rules import Range, following, is_id, overlapping, own, refusal, remaining
from sanjo_tui.receptions.userid.state import Holder, Stock
from sanjo_tui.receptions.userid.words import IN_USE, Status
from tests.userid_ground import SAMPLE

TEXT = SAMPLE.decode()


def one(station: str, first: int, size: int) -> Range:
    return Range(station=station, first=str(first).zfill(13), last=str(first + size - 1).zfill(13))


@given(st.lists(st.tuples(st.sampled_from("AB"), st.integers(0, 30), st.integers(1, 8)), min_size=1, max_size=6),
       st.sets(st.integers(0, 40)))
def test_stations_with_parted_ranges_give_each_number_once_in_order(rows: list[tuple[str, int, int]],
                                                                    elsewhere: set[int]) -> None:
    ranges = [one(*row) for row in rows]
    if overlapping(ranges):
        return
    used = {str(number).zfill(13) for number in elsewhere}
    given_out: list[str] = []
    for station in "AB":
        mine, stocks = own(ranges, station), dict[str, Stock]()
        try:
            while True:
                where, number = following(mine, stocks, used.__contains__)
                assert where.first <= number <= where.last and number not in used
                before = stocks.get(where.first)
                assert before is None or number > before.last
                stocks[where.first] = Stock(first=where.first, last=number, taken=before.taken + 1 if before else 1)
                given_out.append(number)
        except RuleError:
            assert all(str(n).zfill(13) in used | set(given_out)
                       for each in mine for n in range(int(each.first), int(each.last) + 1))
            assert mine or remaining(mine, stocks) == 0
    assert len(given_out) == len(set(given_out)) and all(map(is_id, given_out))


@given(st.sampled_from(Status), st.sampled_from(["library", "shelter", "polling", "userid"]), st.booleans(),
       st.sets(st.sampled_from(["library", "shelter", "election"])))
@settings(max_examples=200)
def test_a_card_opens_only_with_a_live_number_and_consent(status: Status, reception: str, known: bool,
                                                          consent: set[str]) -> None:
    holder = Holder(addressee_no="1", user_id="1" * 13, status=status, known=known, consent_scope=tuple(consent),
                    pending="2" * 13, before=("3" * 13,))
    opens = refusal(holder, "1" * 13, reception) is None
    if status is Status.SUSPENDED:
        assert not opens
    elif status in IN_USE:
        wanted = "election" if reception == "polling" else reception
        assert opens == (known or reception == "userid" or wanted in consent)
    assert refusal(holder, "2" * 13, reception) and refusal(holder, "3" * 13, reception)
    assert refusal(holder, "4" * 13, reception)


def test_the_sample_is_whole() -> None:
    setup, problems = setups.read(SAMPLE)
    assert setup is not None and problems == () and setup.sample


@pytest.mark.parametrize(("change", "to", "says"), [
    ("[ordinance]", "[law]", "ordinance"), ("in_force = 2026-04-01", 'in_force = "いつか"', "in_force"),
    ('article = "第３条第１項"', "", "article"), ('version = "1.0"', "version = 1", "version"),
    ('code = "library"\nlabel = "図書館"', 'code = "Library"\nlabel = "図書館"', "code"),
    ('label = "図書館"', "", "label"), ('code = "election"', 'code = "library"', "重なって"),
    ('first = "7100000000001"', "first = 7100000000001", "first"),
    ('first = "7100000000001"', 'first = "710000000001"', "13桁"),
    ('last = "7100000000400"', 'last = "7000000000400"', "大きい"), ('\nstation = "*"', "", "station"),
    ("pattern = '\\d{7}'", "pattern = '('", "pattern"), ("alarm = 20", "alarm = -1", "alarm"),
    ("sample = true", 'sample = "yes"', "sample"), ("alarm = 20", "alarms = 20", "alarms"),
    ("[[links]]", '[[ranges]]\nstation = "B"\nfirst = "7100000000400"\nlast = "7100000000500"\n[[links]]', "重なって"),
    ("[[links]]", '[[ranges]]\nstation = "B"\nfirst = "7200000000400"\nlast = "7200000000500"\n[[links]]', "一つだけ"),
    ("[consent]", "[consent", "行目")])
def test_each_mistake_of_a_set_up_is_named(change: str, to: str, says: str) -> None:
    assert change in TEXT
    setup, problems = setups.read(TEXT.replace(change, to, 1).encode())
    assert setup is None and any(says in each for each in problems), problems


@given(st.binary(max_size=60))
def test_a_file_of_anything_is_refused_in_words(data: bytes) -> None:
    setup, problems = setups.read(data)
    assert setup is None and problems
