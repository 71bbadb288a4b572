"""The set-up of an election: what is read, and that nonsense is refused with its place, all of it at once."""

from __future__ import annotations

import copy
import datetime as dt
import hashlib
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given
from hypothesis import strategies as st

from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.polling import setup
from sanjo_tui.receptions.polling.election import Election
from sanjo_tui.receptions.polling.words import Level, PaperKind, PlaceKind, SignaturePolicy, StaffRole

ELECTIONS = Path(__file__).parent.parent / "fixtures" / "elections"
DEMO = (ELECTIONS / "demo.toml").read_bytes()
TABLE = tomllib.loads(DEMO.decode())
MY_NUMBER = "1234567890" + "18"
PIN = "$argon2id$v=19$m=64,t=1,p=1$RLi20RkFajbQfmH1h5Txvw$blIbmN4HmUCu63wiCfPzxcKVidbpsy2ZOzBytzxqxm4"

Table = dict[str, Any]


def read(data: bytes) -> Election:
    election, problems = setup.read(data)
    assert election is not None and not problems, problems
    return election


def changed(change: Callable[[Table], object], name: str = "demo") -> bytes:
    """The sample election after a change of its table."""
    table = copy.deepcopy(TABLE if name == "demo" else tomllib.loads((ELECTIONS / f"{name}.toml").read_text("utf-8")))
    change(table)
    return tomli_w.dumps(table).encode()


def put(*path: str | int) -> Callable[[object], Callable[[Table], None]]:
    """A change that writes a value at a path into the table."""
    def value(given: object) -> Callable[[Table], None]:
        def change(table: Any) -> None:
            for step in path[:-1]:
                table = table[step]
            table[path[-1]] = given
        return change
    return value


def without(*path: str | int) -> Callable[[Table], None]:
    def change(table: Any) -> None:
        for step in path[:-1]:
            table = table[step]
        del table[path[-1]]
    return change


def test_the_demo_is_read_whole() -> None:
    election = read(DEMO)
    assert (election.id, election.polling_day) == ("demo-2026-11-29", dt.date(2026, 11, 29))
    assert [(c.code, c.level, c.box_no, c.order) for c in election.in_order][:4] == [
        ("smd", Level.NATION, 1, 1), ("pr", Level.NATION, 2, 2), ("review", Level.NATION, 3, 3),
        ("governor", Level.PREFECTURE, 4, 4)]
    assert election.report_times[0] == dt.time(9) and len(election.report_times) == 6
    assert election.signature_policy is SignaturePolicy.STAFF_CONFIRMS
    assert election.sha256 == hashlib.sha256(DEMO).hexdigest()
    place = election.place("E2")
    assert place and place.kind is PlaceKind.EARLY and len(place.hours) == 11
    hours = place.hours_on(dt.date(2026, 11, 28))
    assert hours and (hours.opens, hours.closes) == (dt.time(8, 30), dt.time(20))
    bus = election.place("M1")
    assert bus and [h.day.day for h in bus.hours] == [25, 26] and bus.hours[1].closes == dt.time(15, 30)
    assert [s.sheets for s in election.stock if s.paper is PaperKind.BRAILLE and s.place == "E1"] == [20] * 5
    assert [s.role for s in election.staff].count(StaffRole.WITNESS) == 2


def test_defaults_are_the_careful_ones() -> None:
    election = read(changed(lambda t: [t.pop(key) for key in (
        "stale_after_hours", "signature_policy", "report_times", "committee", "moved_months", "abroad_votes_national",
        "home_places", "oath", "ticket", "stock", "fictitious")]))
    assert election.stale_after_hours == 24 and election.signature_policy is SignaturePolicy.SIGNED
    assert election.oath == setup.OATH and not election.oath.verified and election.oath.source
    assert election.committee == setup.COMMITTEE and election.ticket.pattern == "" and election.moved_months == 4
    assert not election.fictitious and not election.home_places and election.report_times == ()


def test_dates_and_times_may_be_texts_or_values() -> None:
    def texts(table: Table) -> None:
        table["polling_day"] = "2026-11-29"
        table["report_times"] = [dt.time(9), "11:00"]
        for contest in table["contests"]:
            contest["early_from"] = contest["early_from"].isoformat()
            del contest["early_to"]
        table["stations"][0]["hours"][0] |= {"from": "2026-11-18", "open": dt.time(0), "close": dt.time(23, 59)}

    election, same = read(changed(texts)), read(DEMO)
    assert election.contests == same.contests and election.places == same.places


@pytest.mark.parametrize("hours", [
    {"2026-11-29": "07:00-20:00"}, {"2026-11-29": {"open": "07:00", "close": "20:00"}},
    [{"day": "2026-11-29", "open": "07:00", "close": "20:00"}],
    [{"from": "2026-11-29", "to": "2026-11-29", "open": "07:00", "close": dt.time(20)}]])
def test_hours_have_four_forms(hours: object) -> None:
    election = read(changed(put("stations", 3, "hours")(hours)))
    assert election.places[3].hours == read(DEMO).places[3].hours


def test_a_town_with_its_own_labels_and_places_with_homes() -> None:
    town = read((ELECTIONS / "town.toml").read_bytes())
    assert len(town.contests) == 1 and town.contests[0].early_to == dt.date(2026, 11, 28)
    places = read((ELECTIONS / "places.toml").read_bytes())
    assert places.home_places and places.places[0].wards == ("1", "2", "3")
    assert [reason.code for reason in places.reason_labels.reasons] == [1, 2, 3, 4, 5, 6]


def test_a_byte_order_mark_is_no_fault() -> None:
    assert read(b"\xef\xbb\xbf" + DEMO).id == "demo-2026-11-29"


BROKEN: dict[str, tuple[Callable[[Table], object], str, str]] = {
    "no-id": (without("id"), "id", "ありません"),
    "id-with-slash": (put("id")("a/b"), "id", "半角"),
    "id-number": (put("id")(2026), "id", "文字列"),
    "no-name": (without("name"), "name", "ありません"),
    "empty-name": (put("name")(" "), "name", "空"),
    "name-too-long": (put("name")("あ" * 31), "name", "30 文字"),
    "name-with-line-break": (put("name")("選挙\nその2"), "name", "改行"),
    "unknown-key": (put("report_time")(["09:00"]), "report_time", "report_times のこと"),
    "unknown-contest-key": (put("contests", 0, "color")("白"), "contests[1].color", "ありません"),
    "unknown-station-key": (put("stations", 0, "exit")(True), "stations[1].exit", "ありません"),
    "unknown-staff-key": (put("staff", 0, "pin")("1111"), "staff[1].pin", "ありません"),
    "unknown-oath-key": (put("oath", "txt")("x"), "oath.txt", "ありません"),
    "no-polling-day": (without("polling_day"), "polling_day", "ありません"),
    "polling-day-off-the-calendar": (put("polling_day")("2026-11-31"), "polling_day", "日付"),
    "polling-day-of-no-year": (put("polling_day")(dt.date(1, 1, 1)), "polling_day", "日付"),
    "polling-day-with-time": (put("polling_day")(dt.datetime(2026, 11, 29)), "polling_day", "日付"),
    "stale-zero": (put("stale_after_hours")(0), "stale_after_hours", "整数"),
    "stale-text": (put("stale_after_hours")("24"), "stale_after_hours", "整数"),
    "stale-too-long-in-earnest": (lambda t: t.update(fictitious=False), "stale_after_hours", "720"),
    "policy": (put("signature_policy")("なし"), "signature_policy", "署名なし・職員確認"),
    "report-time-24": (put("report_times")(["24:00"]), "report_times", "23:59"),
    "report-time-with-seconds": (put("report_times")([dt.time(9, 0, 30)]), "report_times", "時刻"),
    "report-time-twice": (put("report_times")(["09:00", dt.time(9)]), "report_times", "二度"),
    "report-times-no-list": (put("report_times")("09:00"), "report_times", "並び"),
    "reasons-missing": (without("reason_labels"), "reason_labels", "ありません"),
    "reasons-unknown-set": (put("reason_labels")("seven"), "reason_labels", "five"),
    "reasons-empty": (put("reason_labels")({"version": "1", "reasons": []}), "reason_labels.reasons", "空"),
    "reasons-code-twice": (put("reason_labels")({"version": "1", "reasons": [
        {"code": 1, "label": "a"}, {"code": 1, "label": "b"}]}), "reason_labels.reasons", "二度"),
    "reasons-code-12": (put("reason_labels")({"version": "1", "reasons": [{"code": 12, "label": "a"}]}),
                        "reason_labels.reasons[1].code", "1 から 9"),
    "reasons-without-version": (put("reason_labels")({"reasons": [{"code": 1, "label": "a"}]}),
                                "reason_labels.version", "ありません"),
    "reasons-verified-by-nobody": (put("reason_labels")({"version": "1", "verified": True, "reasons": [
        {"code": 1, "label": "a"}]}), "reason_labels.source", "照合"),
    "oath-verified-by-nobody": (put("oath")({"text": "誓います", "verified": True}), "oath.source", "照合"),
    "oath-empty": (put("oath")({"text": ""}), "oath.text", "空"),
    "moved-months": (put("moved_months")(40), "moved_months", "12"),
    "no-contests": (put("contests")([]), "contests", "空"),
    "contests-no-list": (put("contests")({"code": "a"}), "contests", "[[contests]]"),
    "nine-contests": (lambda t: t["contests"].extend(
        {**t["contests"][3], "code": f"c{n}", "name": f"選挙{n}", "box_no": 20 + n, "ballot_colour": f"色{n}"}
        for n in range(4)), "contests", "8 まで"),
    "contest-code-twice": (put("contests", 1, "code")("smd"), "contests[2].code", "contests[1]"),
    "contest-name-twice": (put("contests", 1, "name")("知事"), "contests[4].name", "同じ名前"),
    "contest-code-with-blank": (put("contests", 0, "code")("s m"), "contests[1].code", "英数字"),
    "contest-code-number": (put("contests", 0, "code")(1), "contests[1].code", "引用符"),
    "level": (put("contests", 0, "level")("町"), "contests[1].level", "国政、県、市"),
    "colour-twice": (put("contests", 1, "ballot_colour")("桃色"), "contests[2].ballot_colour", "同じ色"),
    "colour-too-long": (put("contests", 1, "ballot_colour")("とても長い色の名前"), "contests[2].ballot_colour",
                        "6 文字"),
    "box-twice": (put("contests", 1, "box_no")(1), "contests[2].box_no", "1 番の箱"),
    "box-zero": (put("contests", 1, "box_no")(0), "contests[2].box_no", "1 から 99"),
    "box-missing": (without("contests", 1, "box_no"), "contests[2].box_no", "ありません"),
    "districts-no-list": (put("contests", 4, "districts")("三条"), "contests[5].districts", "並び"),
    "early-missing": (without("contests", 0, "early_from"), "contests[1].early_from", "ありません"),
    "early-window-empty": (put("contests", 2, "early_to")(dt.date(2026, 11, 19)), "contests[3].early_to", "前です"),
    "early-window-on-polling-day": (put("contests", 1, "early_to")(dt.date(2026, 11, 29)), "contests[2].early_to",
                                    "前日"),
    "early-window-after-polling-day": (put("contests", 1, "early_from")(dt.date(2026, 11, 30)),
                                       "contests[2].early_from", "前日"),
    "early-window-of-another-year": (put("contests", 1, "early_from")(dt.date(2025, 11, 18)),
                                     "contests[2].early_from", "60 日"),
    "no-stations": (put("stations")([]), "stations", "空"),
    "station-code-twice": (put("stations", 1, "code")("E1"), "stations[2].code", "stations[1]"),
    "station-kind": (put("stations", 0, "kind")("早期"), "stations[1].kind", "期日前、当日、移動"),
    "early-place-without-hours": (without("stations", 1, "hours"), "stations[2].hours", "日と時刻"),
    "early-place-on-polling-day": (put("stations", 2, "hours", "2026-11-29")("10:00-12:00"), "stations[3].hours",
                                   "投票日以後"),
    "early-place-before-any-contest": (put("stations", 2, "hours", "2026-11-17")("10:00-12:00"), "stations[3].hours",
                                       "始まっていません"),
    "day-without-an-early-place": (lambda t: (t["stations"].__delitem__(slice(1, 3)), t["stock"].pop("E2"),
                                              t["stock"].pop("M1"), t["stations"][0]["hours"][0].update(
                                                  to=dt.date(2026, 11, 26))), "stations", "2026-11-27"),
    "closing-before-opening": (put("stations", 3, "hours", 0, "close")("06:00"), "stations[4].hours[1]", "06:00"),
    "closing-at-opening": (put("stations", 2, "hours", "2026-11-25")("10:00-10:00"), "stations[3].hours.2026-11-25",
                           "10:00"),
    "hours-garbled": (put("stations", 2, "hours", "2026-11-25")("10時-12時"), "stations[3].hours.2026-11-25", "の形"),
    "hours-no-day": (put("stations", 2, "hours", "明日")("10:00-12:00"), "stations[3].hours.明日", "日付"),
    "hours-twice": (lambda t: t["stations"][1]["hours"].append(
        {"day": "2026-11-27", "open": "08:30", "close": "20:00"}), "stations[2].hours", "2026-11-27 が二度"),
    "hours-run-backwards": (put("stations", 1, "hours", 0, "from")(dt.date(2026, 11, 28)), "stations[2].hours[1]",
                            "範囲"),
    "hours-run-of-years": (put("stations", 1, "hours", 0, "from")(dt.date(2006, 11, 18)), "stations[2].hours[1]",
                           "範囲"),
    "hours-without-closing": (without("stations", 3, "hours", 0, "close"), "stations[4].hours[1].close", "ありません"),
    "polling-day-outside-the-hours": (put("stations", 3, "hours", 0, "day")(dt.date(2026, 11, 28)),
                                      "stations[4].hours", "2026-11-29"),
    "day-place-without-wards": (put("stations", 3, "wards")([]), "stations[4].wards", "どの投票区"),
    "ward-at-two-places": (put("stations", 4, "wards")(["2", "3"]), "stations[5].wards", "投票区 2"),
    "ward-twice": (put("stations", 4, "wards")(["3", "3"]), "stations[5].wards", "二度"),
    "wards-numbers": (put("stations", 4, "wards")([3]), "stations[5].wards", "文字列"),
    "no-staff": (put("staff")([]), "staff", "空"),
    "staff-id-twice": (put("staff", 1, "id")("K01"), "staff[2].id", "staff[1]"),
    "staff-role": (put("staff", 1, "role")("係"), "staff[2].role", "投票管理者"),
    "no-presiding-officer": (put("staff", 0, "role")("事務従事者"), "staff", "投票管理者がいません"),
    "nobody-presiding-has-a-pin": (lambda t: [s.pop("pin_hash", None) for s in t["staff"][:2]], "staff", "pin_hash"),
    "pin-in-the-clear": (put("staff", 0, "pin_hash")("1111"), "staff[1].pin_hash", "$argon2id$"),
    "pin-too-costly": (put("staff", 0, "pin_hash")(PIN.replace("m=64", "m=9999999")), "staff[1].pin_hash",
                       "$argon2id$"),
    "staff-id-individual-number": (put("staff", 0, "id")(MY_NUMBER), "staff[1].id", "個人番号"),
    "stock-of-unknown-station": (put("stock", "E9")({"smd": 10}), "stock.E9", "stations"),
    "stock-of-unknown-contest": (put("stock", "E2", "mayor")(10), "stock.E2.mayor", "contests"),
    "stock-negative": (put("stock", "E2", "smd")(-1), "stock.E2.smd", "0 から"),
    "stock-text": (put("stock", "E2", "smd")("300"), "stock.E2.smd", "整数"),
    "stock-braille-negative": (put("stock", "E1", "smd", "点字")(-5), "stock.E1.smd.点字", "0 から"),
    "stock-unknown-paper": (put("stock", "E1", "smd", "見本")(5), "stock.E1.smd.見本", "ありません"),
    "stock-no-table": (put("stock")(5), "stock", "表"),
    "ticket-bad-expression": (put("ticket", "pattern")("("), "ticket.pattern", "正規表現"),
    "ticket-of-13-digits": (put("ticket")({"pattern": r"\d{13}"}), "ticket.pattern", "prefix"),
    "ticket-check": (put("ticket", "check")("crc"), "ticket.check", "luhn"),
}
"""A change of the demo's table -> where the problem stands, and a word of its message."""


@pytest.mark.parametrize("name", BROKEN)
def test_nonsense_is_refused_with_its_place(name: str) -> None:
    change, where, word = BROKEN[name]
    election, problems = setup.read(changed(change))
    assert election is None
    assert any(p.where == where and word in p.message for p in problems), [str(p) for p in problems]
    assert len(problems) <= 4, [str(p) for p in problems]        # one slip must not look like ten


@pytest.mark.parametrize(("change", "where"), [
    (put("stations", 0, "wards")([]), "stations[1].wards"),
    (put("stations", 1, "wards")(["3", "4"]), "stations[2].wards"),
    (put("stations", 1, "wards")(["4"]), "stations[4].wards")])
def test_each_voter_has_one_home_place(change: Callable[[Table], object], where: str) -> None:
    _, problems = setup.read(changed(change, "places"))
    assert any(p.where == where for p in problems), problems


def test_all_problems_come_at_once() -> None:
    def spoil(table: Table) -> None:
        for change, *_ in (BROKEN[name] for name in (
                "id-with-slash", "report-time-24", "colour-twice", "box-zero", "early-window-on-polling-day",
                "closing-before-opening", "ward-at-two-places", "pin-in-the-clear", "stock-negative",
                "ticket-of-13-digits", "unknown-key")):
            change(table)

    _, problems = setup.read(changed(spoil))
    assert {p.where for p in problems} >= {
        "id", "report_times", "contests[2].ballot_colour", "contests[2].box_no", "contests[2].early_to",
        "stations[4].hours[1]", "stations[5].wards", "staff[1].pin_hash", "stock.E2.smd", "ticket.pattern",
        "report_time"}
    assert str(problems[0]).startswith(f"{problems[0].where}: ")


@pytest.mark.parametrize(("data", "word"), [
    (b"", "contests"), (b"id = ", "TOML"), (DEMO.decode().encode("cp932", "replace"), "UTF-8"),
    (DEMO + b"\n[oath]\n", "TOML"), (b"\xff\xfe\x00", "UTF-8"),
    (b"id = " + b"9" * 5000, "TOML"), (b"id = " + b"[" * 9999, "TOML"),
    (b"contests = 1\nstations = 2\nstaff = 3", "contests")])
def test_what_is_no_set_up_is_said(data: bytes, word: str) -> None:
    election, problems = setup.read(data)
    assert election is None and any(word in str(problem) for problem in problems)


def test_a_line_of_toml_is_named() -> None:
    _, problems = setup.read(b'id = "a"\nname = x\n')
    assert problems[0].where == "2 行目"


scalars = st.none() | st.booleans() | st.integers(-5, 100) | st.text(max_size=8) | st.dates().map(str) | st.floats(
    allow_nan=False)
values = st.recursive(scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
    st.text(min_size=1, max_size=6), inner, max_size=3), max_leaves=8)


def _strip(value: Any) -> Any:
    """Without None, which TOML lacks."""
    if isinstance(value, dict):
        return {key: _strip(one) for key, one in value.items() if one is not None}
    return [_strip(one) for one in value if one is not None] if isinstance(value, list) else value


@given(st.sampled_from(sorted(TABLE)), values)
def test_whatever_stands_under_a_key_is_read_or_refused_but_never_raises(key: str, value: Any) -> None:
    table = copy.deepcopy(TABLE)
    if value is None:
        del table[key]
    else:
        table[key] = _strip(value)
    election, problems = setup.read(tomli_w.dumps(table).encode())
    assert (election is None) == bool(problems)


@given(st.sampled_from(("contests", "stations", "staff")), st.integers(0, 4), values, st.data())
def test_whatever_stands_in_a_table_is_read_or_refused_but_never_raises(name: str, place: int, value: Any,
                                                                       data: st.DataObject) -> None:
    table = copy.deepcopy(TABLE)
    row = table[name][place]
    row[data.draw(st.sampled_from(sorted(row)))] = _strip(value) if value is not None else ""
    election, problems = setup.read(tomli_w.dumps(table).encode())
    assert (election is None) == bool(problems)


# Moving the election of a drill to today

@given(st.dates(dt.date(2001, 1, 1), dt.date(2090, 1, 1)))
def test_a_drill_works_on_any_date(today: dt.date) -> None:
    election = read(setup.moved_to(DEMO, today))
    first = min(c.early_from for c in election.contests)
    assert (today - first).days == 4 and all(c.early_from <= today <= c.early_to for c in election.contests)
    place = election.place("E1")
    hours = place.hours_on(today) if place else None
    assert hours and (hours.opens, hours.closes) == (dt.time(0), dt.time(23, 59))
    assert election.id == f"demo-{election.polling_day}"


def test_moving_and_moving_back_changes_nothing() -> None:
    away = setup.moved_to(DEMO, dt.date(2030, 1, 1))
    assert away != DEMO and setup.moved_to(away, dt.date(2026, 11, 22)) == DEMO


@pytest.mark.parametrize("data", [
    b"", b"id =", b"\xff", b"contests = 5", b"id = " + b"[" * 9999,
    b"contests = [1]\nfictitious = true", DEMO.replace(b"fictitious = true", b"")])
def test_only_a_fictitious_election_is_moved(data: bytes) -> None:
    with pytest.raises(RuleError, match="動かせません"):
        setup.moved_to(data, dt.date(2030, 1, 1))
