"""The rules of カード申請代行 without a desk: the table, slots, birthdays, the form's number, the set-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event, Recorded
from sanjo_tui.receptions.application import events as ev
from sanjo_tui.receptions.application import rules, setup
from sanjo_tui.receptions.application.setup import CardRules, PhotoRules, Place
from sanjo_tui.receptions.application.state import ACTS, ENDED, TRANSITIONS, Application, apply
from sanjo_tui.receptions.application.words import (
    Act,
    Channel,
    Defect,
    Method,
    PlaceKind,
    Point,
    State,
    Ward,
)
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy
from tests.application_ground import SAMPLE

CARD = CardRules()
DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2060, 12, 31))
BIRTHS = st.one_of(DAYS, st.sampled_from([dt.date(year, 2, 29) for year in range(1904, 2057, 4)]))
PERSON = ev.Person(name="見本　花子", birth="1990-05-05")


def at(state: State, **more: object) -> Application:
    one = Application(number="A-1", state=state, applicant_no="1", person=PERSON, place="hall",
                      slot="2026-12-01T10:00", seat=1, channel=Channel.PHONE)
    return replace(one, **more)  # type: ignore[arg-type]


def recorded(event: Event, seq: int = 1) -> Recorded:
    return Recorded("A", seq, seq << 16, 1_764_000_000_000 + seq, "op", event)


EVENTS: Mapping[Act, Event] = {
    Act.MOVE: ev.Moved(subject="A-1", place="hall", slot="2026-12-02T09:00", seat=1, left=""),
    Act.ARRIVE: ev.Arrived(subject="A-1", identified_by=IdentifiedBy.CARD, verified_by=VerifiedBy.CARD_FACE),
    Act.PHOTOGRAPH: ev.Photographed(subject="A-1", photo_sha256="ab"),
    Act.FILL: ev.FormFilled(subject="A-1", person=PERSON, application_form_id="1" * 23, form_key="k",
                            method=Method.ON_RECEIPT),
    Act.SIGN: ev.Signed(subject="A-1"), Act.SEND: ev.Sent(subject="A-1", batch="B-1", sent_on="2026-12-01"),
    Act.RETURN: ev.Returned(subject="A-1", defect=Defect.PHOTO, returned_on="2026-12-02"),
    Act.NOTIFY: ev.Notified(subject="A-1", notice_sent_on="2026-12-20"),
    Act.DELIVER: ev.Delivered(subject="A-1", applicant_no="1", delivered_on="2027-01-04"),
    Act.CANCEL: ev.Ended(subject="A-1", applicant_no="1", reason="本人の申出", ended_on="2026-12-01"),
    Act.MISS: ev.Ended(subject="A-1", applicant_no="1", reason="来庁なし", ended_on="2026-12-01", no_show=True)}


# --- the table


def test_every_event_is_an_act_and_every_act_has_its_event() -> None:
    assert set(EVENTS) == set(Act) and {type(event) for act, event in EVENTS.items()
                                        if act not in (Act.CANCEL, Act.MISS)} == set(ACTS)
    assert set(TRANSITIONS) == set(State) and all(not TRANSITIONS[state] for state in ENDED)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("act", Act)
def test_the_table_allows_what_it_says_and_refuses_everything_else(state: State, act: Act) -> None:
    one, after = at(state), TRANSITIONS[state].get(act)
    now = apply(one, recorded(EVENTS[act]))
    assert now is not None
    if after is None:
        assert now == one, "out of place, an event changes nothing"
        with pytest.raises(RuleError, match=state.label):
            rules.must(one, act)
    else:
        assert now.state is after and rules.must(one, act) is one


def test_every_state_is_reached_and_each_but_the_last_can_end() -> None:
    seen, new = {State.BOOKED}, {State.BOOKED}
    while new:
        new = {after for state in new for after in TRANSITIONS[state].values()} - seen
        seen |= new
    assert seen == set(State)


@given(st.lists(st.sampled_from(list(Act)), max_size=25))
def test_any_order_of_events_gives_a_state_of_the_table(acts: list[Act]) -> None:
    now: Application | None = at(State.BOOKED)
    for seq, act in enumerate(acts, 1):
        before = now
        now = apply(now, recorded(EVENTS[act], seq))
        assert now is not None and before is not None
        assert now.state is before.after(act)
        assert (now.state is State.SENT) <= bool(now.batch)


def test_events_of_a_booking_that_was_taken_back_are_nothing() -> None:
    assert all(apply(None, recorded(event)) is None for event in EVENTS.values())


# --- slots

HALL = Place(code="hall", name="窓口", kind=PlaceKind.COUNTER, opens="09:00", closes="16:30", slot_minutes=30,
             capacity=2, pause_from="12:00", pause_to="13:00")
CLOCKS = st.integers(0, 23 * 60 + 59).map(lambda n: f"{n // 60:02}:{n % 60:02}")


SPANS = st.lists(CLOCKS, min_size=2, max_size=2, unique=True).map(sorted)


@given(hours=SPANS, pause=SPANS, minutes=st.integers(1, 180))
def test_no_slot_runs_past_closing_or_into_the_pause(hours: list[str], pause: list[str], minutes: int) -> None:
    opens, closes = hours
    place = replace(HALL, opens=opens, closes=closes, slot_minutes=minutes, pause_from=pause[0], pause_to=pause[1])
    starts = [slot[11:] for slot in rules.slots(place, dt.date(2026, 12, 1))]
    spans = [(int(one[:2]) * 60 + int(one[3:]), int(one[:2]) * 60 + int(one[3:]) + minutes) for one in starts]
    low, high = (int(each[:2]) * 60 + int(each[3:]) for each in pause)
    end = int(closes[:2]) * 60 + int(closes[3:])
    assert spans == sorted(set(spans)) and all(b <= end and (b <= low or a >= high) for a, b in spans)
    assert all(before[1] <= now[0] for before, now in pairwise(spans))


@pytest.mark.parametrize(("day", "is_open"), [
    ("2026-12-01", True), ("2026-11-23", False), ("2026-12-05", False), ("2026-12-29", False), ("2027-01-04", True)])
def test_a_counter_is_open_on_business_days(day: str, is_open: bool) -> None:
    assert rules.is_open(HALL, dt.date.fromisoformat(day)) is is_open


def test_an_event_is_open_on_its_days_alone_also_on_sundays() -> None:
    place = replace(HALL, kind=PlaceKind.EVENT, dates=(dt.date(2026, 12, 6),))
    assert rules.is_open(place, dt.date(2026, 12, 6)) and not rules.is_open(place, dt.date(2026, 12, 7))


@given(taken=st.sets(st.integers(1, 6)), capacity=st.integers(1, 6))
def test_a_seat_is_free_or_the_slot_is_full(taken: set[int], capacity: int) -> None:
    seat = rules.free_seat(replace(HALL, capacity=capacity), taken)
    assert (seat is None) == (set(range(1, capacity + 1)) <= taken)
    assert seat is None or (1 <= seat <= capacity and seat not in taken)


# --- birthdays


@given(birth=BIRTHS, day=DAYS)
def test_validity_ends_on_a_birthday_and_in_time(birth: dt.date, day: dt.date) -> None:
    assume(birth <= day)
    found = rules.validity(birth, day, CARD)
    adult = rules.age_of(birth, day) >= 18
    years = 10 if adult else 5
    leap = (birth.month, birth.day) == (2, 29)
    assert (found.card.month, found.card.day) in ({(birth.month, birth.day), (2, 28)} if leap
                                                  else {(birth.month, birth.day)})
    assert day < found.certificates <= found.card
    assert years - 1 <= (found.card - day).days / 365.2425 <= years + 0.01
    assert (found.certificates - day).days / 365.2425 >= 3.99


@given(birth=BIRTHS, day=DAYS, n=st.integers(1, 12), leap=st.sampled_from(["02-28", "03-01"]), counts=st.booleans())
def test_the_nth_birthday_has_n_birthdays_up_to_it(birth: dt.date, day: dt.date, n: int, leap: str,
                                                   counts: bool) -> None:
    assume(birth <= day)
    last = rules.nth_birthday(birth, day, n, leap, counts=counts)
    between = [rules.birthday_in(birth, year, leap) for year in range(birth.year + 1, last.year + 1)]
    fit = [each for each in between if (day <= each if counts else day < each) and each <= last]
    assert len(fit) == n and fit[-1] == last


@pytest.mark.parametrize(("birth", "day", "card", "certificates"), [
    ("1990-05-05", "2026-05-04", "2035-05-05", "2030-05-05"),      # the day before: tomorrow is the first
    ("1990-05-05", "2026-05-05", "2036-05-05", "2031-05-05"),      # on the day: the next one is the first
    ("2008-05-05", "2026-05-04", "2030-05-05", "2030-05-05"),      # 17: the fifth
    ("2008-05-05", "2026-05-05", "2036-05-05", "2031-05-05"),      # 18 today: the tenth
    ("2008-02-29", "2026-02-28", "2031-02-28", "2031-02-28"),      # 17 until 1 March
    ("2008-02-29", "2026-03-01", "2036-02-29", "2031-02-28"),
    ("2026-05-05", "2026-06-01", "2031-05-05", "2031-05-05")])
def test_the_edges_of_validity(birth: str, day: str, card: str, certificates: str) -> None:
    found = rules.validity(dt.date.fromisoformat(birth), dt.date.fromisoformat(day), CARD)
    assert (found.card.isoformat(), found.certificates.isoformat()) == (card, certificates)


@given(birth=BIRTHS, day=DAYS)
def test_a_photo_is_needed_from_the_first_birthday_and_before_the_rule(birth: dt.date, day: dt.date) -> None:
    assume(birth <= day)
    none = rules.needs_no_photo(birth.isoformat(), day, PhotoRules())
    assert none == (day >= dt.date(2024, 12, 2) and rules.age_of(birth, day) < 1)


@given(day=DAYS, months=st.integers(1, 24))
def test_half_a_year_back_is_a_day_of_that_month(day: dt.date, months: int) -> None:
    since = rules.taken_from(day, PhotoRules(max_age_months=months))
    assert (day.year * 12 + day.month) - (since.year * 12 + since.month) == months and since.day <= day.day
    assert since.day == day.day or (since + dt.timedelta(days=1)).day == 1


@pytest.mark.parametrize("text", ["", "不詳", "1947-02-29", "1948"])
def test_an_unknown_birth_date_leaves_the_age_to_a_person(text: str) -> None:
    assert rules.birth_of(text) is None and not rules.needs_no_photo(text, dt.date(2026, 1, 1), PhotoRules())
    assert rules.ward_of(text, False, dt.date(2026, 1, 1), CARD) is Ward.NONE
    assert rules.ward_of(text, True, dt.date(2026, 1, 1), CARD) is Ward.ADULT_WARD


@pytest.mark.parametrize(("day", "ward"), [("2026-05-04", Ward.UNDER_AGE), ("2026-05-05", Ward.NONE)])
def test_the_fifteenth_birthday_ends_the_need_of_a_representative(day: str, ward: Ward) -> None:
    assert rules.ward_of("2011-05-05", False, dt.date.fromisoformat(day), CARD) is ward


# --- form and photo


@given(st.text("0123456789", min_size=23, max_size=23), st.sampled_from(["", " ", "-", "　"]),
       st.sampled_from(["{}", "https://example.jp/apply?id={}&v=1", "申請書ID {}"]))
def test_a_form_number_is_found_however_it_comes(digits: str, gap: str, around: str) -> None:
    text = around.format(gap.join([digits[:4], digits[4:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]]))
    wide = text.translate(str.maketrans("0123456789", "０１２３４５６７８９"))
    assert rules.form_id(text) == rules.form_id(wide) == digits


@given(st.text("0123456789 -", max_size=40))
def test_anything_but_23_digits_is_refused_without_saying_the_number(text: str) -> None:
    digits = "".join(each for each in text if each.isdigit())
    assume(len(digits) != 23)
    with pytest.raises(RuleError) as told:
        rules.form_id(text)
    assert len(digits) < 3 or digits not in str(told.value) + told.value.detail


def test_masked_shows_four_digits() -> None:
    assert rules.masked("12345678901234567890123") == "***0123" and rules.masked("") == ""


@given(st.sets(st.sampled_from(list(Point))))
def test_all_points_or_none(points: set[Point]) -> None:
    if points == set(Point):
        rules.must_be_checked(points)
    else:
        with pytest.raises(RuleError):
            rules.must_be_checked(points)


# --- the set-up


def test_the_sample_reads_and_marks_what_nobody_verified() -> None:
    found, problems = setup.read(SAMPLE.encode())
    assert problems == () and found is not None
    assert [place.code for place in found.places] == ["hall", "ranan"] and found.sample
    assert {"photo.none_since", "photo.none_under_age", "card.leap_birthday"} <= set(found.unverified)
    assert found.lead(found.places[0]) == (30, 7) and found.lead(found.places[1]) == (30, 2)


PLACE = SAMPLE[SAMPLE.index("[[place]]"):]
BROKEN = [
    ("nonsense", "TOML"), ("", "[[place]] がありません"), ("place = 3", "[[place]]"),
    ("x = 1\n" + PLACE, "x という項目"),
    ("[booking]\nearliest = 3\n" + PLACE, "[booking] earliest"),
    ("[booking]\nearliest_days = 3\n" + PLACE, "latest_days"),
    ("[booking]\nearliest_days = -1\n" + PLACE, "0以上"), ("[photo]\nwidth_mm = 0\n" + PLACE, "1以上"),
    ("[photo]\nformats = [\"GIF\"]\n" + PLACE, "JPEG"), ("[photo]\nnone_since = \"x\"\n" + PLACE, "日付"),
    ("[photo]\ntolerance = true\n" + PLACE, "数"), ("[card]\nleap_birthday = \"02-27\"\n" + PLACE, "02-28"),
    ("photo = 1\n" + PLACE, "[photo] は表"), ("sample = 1\n" + PLACE, "sample"), ("bring = [1]\n" + PLACE, "bring"),
    ("unverified = [\"photo.hat\"]\n" + PLACE, "photo.hat"), (PLACE.replace('"09:00"', '"9:00"'), "opens"),
    (PLACE.replace('closes = "16:30"', 'closes = "08:30"'), "opens は closes"),
    (PLACE.replace("slot_minutes = 30", ""), "slot_minutes がありません"),
    (PLACE.replace("capacity = 2", "capacity = 100"), "99"),
    (PLACE.replace("capacity = 2", "capacity = 0"), "capacity"),
    (PLACE.replace('kind = "counter"', 'kind = "shop"'), "counter"), (PLACE.replace("dates = ", "days = "), "days"),
    (PLACE.replace("dates = [2026-12-05, 2026-12-12, 2026-12-19]", ""), "dates がありません"),
    (PLACE.replace("2026-12-12", '"x"'), "日付の並び"), (PLACE.replace('"ranan"', '"hall"'), "二度"),
    (PLACE.replace('"hall"', '"本庁"'), "半角"),
    (PLACE.replace('weekdays = "月火水木金"', 'weekdays = "Mon"'), "月火水"),
    (PLACE.replace('pause_to = "13:00"', ""), "pause_from と pause_to"),
    (PLACE.replace('"phone", "web", "counter"', '"pigeon"'), "pigeon"),
    (PLACE.replace('"phone", "web", "counter"', '"walk_in"'), "walk_in"),
    (f"{PLACE}[photo]\ntolerance = nan", "tolerance は1まで"), (f"{PLACE}[card]\nadult_birthdays = 8000", "366まで"),
    (f"{PLACE}[retention]\nphoto_days = 99999999999", "3650まで")]


@pytest.mark.parametrize(("text", "words"), BROKEN, ids=range(len(BROKEN)))
def test_a_broken_set_up_is_refused_with_the_key(text: str, words: str) -> None:
    found, problems = setup.read(text.encode())
    assert found is None and any(words in problem for problem in problems), problems


def test_all_problems_are_said_at_once() -> None:
    _, problems = setup.read(("[booking]\na = 1\n" + PLACE.replace("capacity = 2", "capacity = 0")).encode())
    assert len(problems) == 2
