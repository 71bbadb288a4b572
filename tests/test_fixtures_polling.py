"""Fictitious rolls and elections: right as delivered, the same for the same seed, every special case by name."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from roll_ground import FakeKeys

from fixtures.edge_cases import EDGE_CASES
from fixtures.electors import AS_OF, CASES, CONTESTS, POLLING_DAY, WARDS
from fixtures.rolls import main, write_roll, write_tickets
from sanjo_tui.errors import RegisterError, RuleError
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.entitlement import eligible_from, entitled
from sanjo_tui.receptions.polling.tickets import read_ticket
from sanjo_tui.receptions.polling.words import Code, PlaceKind
from sanjo_tui.register.people import MASKED
from sanjo_tui.register.roll import snapshot
from sanjo_tui.register.roll.build import Known
from sanjo_tui.register.roll.elector import Absentee, Elector, MovedScope, RollStatus
from sanjo_tui.register.roll.lookup import Roll
from sanjo_tui.register.roll.wardkey import ward_key
from sanjo_tui.vault import pins

FIXTURES = Path(__file__).parent.parent / "fixtures"
DEMO = FIXTURES / "rolls" / "demo"
KNOWN = Known(contests=CONTESTS, wards=WARDS)
FIFTH_DAY = dt.date(2026, 11, 22)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def election(name: str = "demo") -> Election:
    found, problems = setup.read((FIXTURES / "elections" / f"{name}.toml").read_bytes())
    assert found is not None, problems
    return found


@pytest.fixture(scope="module")
def roll(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Roll]:
    """The demo's roll as a station holds it."""
    place, keys = tmp_path_factory.mktemp("roll"), FakeKeys()
    snapshot.load(DEMO, place, keys, lg_code="999997", contests=CONTESTS, known_wards=WARDS)
    opened = Roll.open(place, keys)
    yield opened
    opened.close()


def of(roll: Roll, case: str, index: int = 0) -> Elector:
    found = roll.elector(CASES[case].people[index])
    assert found is not None
    return found


def allowed(elector: Elector, day: dt.date = FIFTH_DAY) -> set[str]:
    return {c.code for c in election().contests if entitled(elector, c, election(), day).allowed}


# The roll

def test_the_committed_roll_has_no_fault() -> None:
    report = snapshot.check(DEMO, KNOWN)
    assert report.ok and report.fictitious and report.people >= 300
    assert {problem.rule for problem in report.warnings} == {"check_digit"}      # an edge case of the residents


def test_the_committed_roll_is_what_its_command_makes(tmp_path: Path) -> None:
    assert main(["--out", str(tmp_path), "--snapshot-id", "roll-demo-20261121"]) == 0
    assert {path.name for path in DEMO.iterdir()} == {path.name for path in tmp_path.iterdir()}
    for path in DEMO.iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_residents_keep_their_numbers_and_cards() -> None:
    residents = {r["addressee_no"]: r for r in rows(FIXTURES / "residents" / "demo" / "residents.csv")}
    cards = {r["addressee_no"]: r["user_id"] for r in rows(FIXTURES / "residents" / "demo" / "cards.csv")}
    met = 0
    for one in rows(DEMO / "roll.csv"):
        if resident := residents.get(one["addressee_no"]):
            met += 1
            assert one["name"] == resident["name"] and one["household_no"] == resident["household_no"]
            assert one["user_id"] in ("", cards.get(one["addressee_no"]))
            assert resident["resident_kind"] == "1"
    assert met >= 260
    on_roll = {one["user_id"] for one in rows(DEMO / "roll.csv")}
    cards_of_the_demo = {c["name"]: c.get("user_id") for c in tomllib.loads(
        (FIXTURES / "cards" / "demo.toml").read_text(encoding="utf-8"))["card"]}
    for name in ("sato", "ikarashi", "homma", "kumakura", "yamada", "ishiguro", "shibuya", "tenshutsu", "suzuki",
                 "fuzai", "sakino", "tomarigi"):
        assert cards_of_the_demo[name] in on_roll, name
    assert not {cards_of_the_demo[name] for name in ("araki", "other-town", "nguyen")} & on_roll


def test_hashes_and_the_base_stand_in_the_manifest() -> None:
    manifest = tomllib.loads((DEMO / "manifest.toml").read_text(encoding="utf-8"))
    assert manifest["content"] == "roll" and manifest["fictitious"] is True
    for entry in manifest["files"]:
        assert hashlib.sha256((DEMO / entry["name"]).read_bytes()).hexdigest() == entry["sha256"]
        if entry["name"] == "tickets.csv":
            assert entry["roll_base"] == manifest["roll_base"]


def test_the_nameless_index_names_every_ward_and_nobody() -> None:
    base = tomllib.loads((DEMO / "manifest.toml").read_text(encoding="utf-8"))["roll_base"]
    index = {r["key"]: r["ward_code"] for r in rows(DEMO / "wards.csv")}
    values = 0
    for one in rows(DEMO / "roll.csv"):
        for value in filter(None, (one["user_id"], one["ticket_no"])):
            values += 1
            assert index[ward_key(base, value)] == one["ward_code"]
    assert len(index) == values and list(index) == sorted(index)


def test_tickets_are_read_by_the_form_of_the_election() -> None:
    tickets = {r["ticket_no"]: r["addressee_no"] for r in rows(DEMO / "tickets.csv")}
    assert len(set(tickets.values())) == len(tickets) > 280
    for one in rows(DEMO / "roll.csv"):
        assert not one["ticket_no"] or tickets[one["ticket_no"]] == one["addressee_no"]
    assert all(read_ticket(election().ticket, f"T{number}") == number for number in tickets)


def test_every_ward_has_its_place_and_its_electors(roll: Roll) -> None:
    assert set(roll.counts()) == set(WARDS)
    for ward in WARDS:
        assert election().place_of_ward(ward) is not None
        assert of(roll, f"ward-{ward}").ward_code == ward


def test_ages_around_polling_day(roll: Roll) -> None:
    between, on_day, day_after = (of(roll, f"age{name}") for name in ("17-between", "18-on-day", "18-day-after"))
    assert FIFTH_DAY < (eligible_from(between.birth) or FIFTH_DAY) < POLLING_DAY
    assert eligible_from(on_day.birth) == POLLING_DAY - dt.timedelta(days=1)
    assert eligible_from(day_after.birth) == POLLING_DAY
    assert not allowed(between) and not allowed(day_after)
    assert allowed(day_after, POLLING_DAY) == {"smd", "pr", "review", "governor", "assembly"}
    assert eligible_from(of(roll, "age18-leap-day").birth) == dt.date(2026, 2, 28)


def test_same_names(roll: Roll) -> None:
    assert len(CASES["same-name"].people) == len(CASES["same-kana"].people) == 2
    for case in ("same-name", "same-kana"):
        assert of(roll, case, 1) in roll.namesakes(of(roll, case))
    twice = EDGE_CASES["same-name-and-birthday"].people
    one, other = roll.elector(twice[0]), roll.elector(twice[1])
    assert one and other and one.name == other.name and one.birth == other.birth and one.address != other.address


def test_movers_by_scope(roll: Roll) -> None:
    assert [of(roll, f"moved-{name}").moved_scope for name in
            ("in-town", "in-prefecture", "out-of-prefecture", "abroad")] == [
        MovedScope.SAME_TOWN, MovedScope.SAME_PREFECTURE, MovedScope.OTHER_PREFECTURE, MovedScope.ABROAD]
    assert len(allowed(of(roll, "moved-in-town"))) == 5
    assert len(allowed(of(roll, "moved-in-prefecture"))) == 5
    assert allowed(of(roll, "moved-out-of-prefecture")) == {"smd", "pr", "review"}
    governor = election().contest("governor")
    assert governor and entitled(of(roll, "moved-in-prefecture"), governor, election(), FIFTH_DAY).code is Code.MOVED


def test_the_closed(roll: Roll) -> None:
    assert [of(roll, name).roll_status for name in ("suspended", "struck", "dead", "to-abroad-roll")] == [
        RollStatus.SUSPENDED, RollStatus.STRUCK, RollStatus.DEAD, RollStatus.ABROAD]
    assert not any(allowed(of(roll, name)) for name in ("suspended", "struck", "dead", "to-abroad-roll"))


def test_marks(roll: Roll) -> None:
    def voted(elector: Elector) -> set[str]:
        return {mark.contest for mark in elector.marks if mark.early_date}

    assert voted(of(roll, "voted-one")) == {"governor"}
    assert voted(of(roll, "voted-all-but-review")) == set(CONTESTS) - {"review"}
    assert voted(of(roll, "voted-all")) == set(CONTESTS)
    for state in (Absentee.ISSUED, Absentee.RETURNED, Absentee.ACCEPTED):
        assert {mark.absentee for mark in of(roll, f"absentee-{state}").marks} == {state}
    windows = {c.code: c.early_from for c in election().contests}
    for elector in roll.everyone():
        assert all(windows[m.contest] <= m.early_date <= AS_OF for m in elector.marks if m.early_date)


def test_one_contest_is_held_in_some_districts_only(roll: Roll) -> None:
    assert "assembly" in allowed(of(roll, "ward-1")) and "assembly" not in allowed(of(roll, "ward-5"))


def test_the_protected_are_protected(roll: Roll) -> None:
    for number in (*CASES["protected"].people, *EDGE_CASES["protected-member"].people,
                   *EDGE_CASES["suppressed-unknown-word"].people, *EDGE_CASES["protected-expired"].people):
        elector = roll.elector(number)
        assert elector and elector.protected and elector.address == MASKED and not elector.address_on_paper


def test_looks(roll: Roll) -> None:
    assert [of(roll, name).assist_hint for name in ("braille", "proxy", "wheelchair", "language")] == [
        ("点字",), ("代理",), ("車椅子",), ("英語",)]
    assert len(of(roll, "long-name").name) > 14 and len(of(roll, "long-name").address) > 40
    assert "\ue000" in of(roll, "gaiji").name
    assert not of(roll, "no-ticket").ticket_no and of(roll, "no-ticket").user_id


def test_the_same_seed_gives_the_same_town_and_another_another(tmp_path: Path) -> None:
    for name, seed in (("a", 5), ("b", 5), ("c", 6)):
        assert write_roll(tmp_path / name, electors=600, seed=seed) == 600
    assert (tmp_path / "a" / "roll.csv").read_bytes() == (tmp_path / "b" / "roll.csv").read_bytes()
    assert (tmp_path / "a" / "roll.csv").read_bytes() != (tmp_path / "c" / "roll.csv").read_bytes()
    assert snapshot.check(tmp_path / "a", KNOWN).ok


def test_a_plain_town_of_many_wards_in_which_nothing_has_happened(tmp_path: Path) -> None:
    write_roll(tmp_path, electors=1_500, seed=2, wards=12, cases=False)
    report = snapshot.check(tmp_path)
    assert report.ok and len(report.wards) == 12 and report.people == 1_500
    assert not any(r["early_date"] for r in rows(tmp_path / "roll_contests.csv"))
    assert {r["roll_status"] for r in rows(tmp_path / "roll.csv")} == {"有効"}


def test_another_polling_day_moves_the_ages(tmp_path: Path) -> None:
    day = dt.date(2027, 4, 25)
    write_roll(tmp_path, polling_day=day, as_of=day - dt.timedelta(days=8))
    births = {r["addressee_no"]: r["birth_date"] for r in rows(tmp_path / "roll.csv")}
    assert births[CASES["age18-day-after"].people[0]] == "2009-04-26"
    assert EDGE_CASES["family-one-absent"].people[2] in births                    # 18 a week before
    assert snapshot.check(tmp_path, KNOWN).ok


def test_tickets_may_come_later(tmp_path: Path) -> None:
    keys = FakeKeys()
    write_roll(tmp_path / "roll", tickets=False)
    snapshot.load(tmp_path / "roll", tmp_path / "shelf", keys, lg_code="999997", contests=CONTESTS)
    number = write_tickets(tmp_path / "tickets", tmp_path / "roll")
    info = snapshot.load(tmp_path / "tickets", tmp_path / "shelf", keys, lg_code="999997", contests=CONTESTS)
    assert info.tickets == number and info.tickets_base == info.roll_base and not info.tickets_wrong


def test_tickets_of_another_extraction_are_refused_like_those_of_kochi_2025(tmp_path: Path) -> None:
    keys = FakeKeys()
    write_roll(tmp_path / "roll", tickets=False)
    snapshot.load(tmp_path / "roll", tmp_path / "shelf", keys, lg_code="999997", contests=CONTESTS)
    write_tickets(tmp_path / "tickets", tmp_path / "roll", roll_base="20261120-1")
    with pytest.raises(RegisterError, match="から作られたものではありません"):
        snapshot.load(tmp_path / "tickets", tmp_path / "shelf", keys, lg_code="999997", contests=CONTESTS)


@pytest.mark.slow
def test_a_hundred_thousand_electors(tmp_path: Path) -> None:
    assert write_roll(tmp_path, electors=100_000, seed=3) == 100_000
    assert snapshot.check(tmp_path, KNOWN).ok


def test_wrong_usage_is_said(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(["--out", str(tmp_path), "--electors", "0"])
    assert stopped.value.code == 2 and "1 以上" in capsys.readouterr().err


# The elections

@pytest.mark.parametrize("name", sorted(path.stem for path in (FIXTURES / "elections").glob("*.toml")))
def test_every_sample_election_is_right_and_fictitious(name: str) -> None:
    sample = election(name)
    assert sample.fictitious and not sample.oath.verified and not sample.reason_labels.verified


def test_the_demo_has_five_contests_with_two_opening_days() -> None:
    demo = election()
    assert [c.code for c in demo.in_order] == list(CONTESTS)
    assert len({c.early_from for c in demo.contests}) == 2
    assert demo.contest("review").early_from == max(c.early_from for c in demo.contests)    # type: ignore[union-attr]
    assert sum(bool(c.districts) for c in demo.contests) == 1
    assert {place.kind for place in demo.places} == set(PlaceKind)
    assert any(p.exit_check for p in demo.places if p.kind is PlaceKind.DAY)


def test_the_pins_of_the_demo_are_those_of_its_comment() -> None:
    demo = election()
    for staff, pin in (("K01", "1111"), ("K02", "2222"), ("J01", "3333"), ("J02", "4444")):
        person = demo.person(staff)
        assert person and pins.check(person.pin_hash, pin) and not pins.check(person.pin_hash, "0000")


def test_the_pins_of_the_sample_town_cost_what_real_ones_do() -> None:
    person = election("town").person("101")
    assert person and pins.check(person.pin_hash, "246810")


def test_a_towns_own_wording_keeps_the_everyday_words() -> None:
    labels = election("town").reason_labels
    assert labels.version == "sample-town-2026"
    care, snow = labels.reason(1), labels.reason(6)
    assert care and "介護" in care.words and snow and "除雪" in snow.words and "地震" not in snow.words


# The demo on another day

@pytest.mark.parametrize("today", [dt.date(2026, 11, 22), dt.date(2026, 12, 31), dt.date(2028, 2, 24),
                                   dt.date(2031, 7, 15)])
def test_the_roll_moves_with_the_election_of_a_drill(today: dt.date, tmp_path: Path) -> None:
    data = (FIXTURES / "elections" / "demo.toml").read_bytes()
    files = setup.moved_roll({path.name: path.read_bytes() for path in DEMO.iterdir()}, data, today)
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    moved, _ = setup.read(setup.moved_to(data, today))
    assert moved and snapshot.check(tmp_path, KNOWN).ok
    keys = FakeKeys()
    info = snapshot.load(tmp_path, tmp_path / "shelf", keys, lg_code="999997", contests=CONTESTS)
    assert info.as_of == today - dt.timedelta(days=1)
    opened = Roll.open(tmp_path / "shelf", keys)
    try:
        smd, governor = moved.contests[0], moved.contests[3]
        young, mover, early = (of(opened, name) for name in ("age17-between", "moved-in-prefecture", "voted-one"))
        assert entitled(young, smd, moved, today).code is Code.AGE17
        assert entitled(young, smd, moved, moved.polling_day).allowed
        assert not entitled(of(opened, "age18-day-after"), smd, moved, moved.polling_day - dt.timedelta(days=1)).allowed
        assert entitled(of(opened, "age18-day-after"), smd, moved, moved.polling_day).allowed
        assert entitled(mover, governor, moved, today).code is Code.MOVED
        mark = early.mark("governor")
        assert mark and mark.early_date and moved.contests[3].early_from <= mark.early_date < today
    finally:
        opened.close()


def test_a_roll_that_does_not_move_stays_as_it_is() -> None:
    data = (FIXTURES / "elections" / "demo.toml").read_bytes()
    files = {path.name: path.read_bytes() for path in DEMO.iterdir()}
    assert setup.moved_roll(files, data, FIFTH_DAY) == files


def test_a_real_roll_is_never_moved() -> None:
    data = (FIXTURES / "elections" / "demo.toml").read_bytes()
    with pytest.raises(RuleError, match="動かせません"):
        setup.moved_roll({"manifest.toml": b'content = "roll"'}, data, FIFTH_DAY)
