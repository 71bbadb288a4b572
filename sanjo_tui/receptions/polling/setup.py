r"""Reads the set-up of an election: one TOML file, every fault at once, each with its place (docs/polling.md §1).

    id = "2026-11-town"                # letters, digits, . - _ ; names files, claims and the scope of all events
    name = "町長選挙"
    polling_day = 2026-11-29           # dates and times as TOML values or as texts ("2026-11-29", "08:30")
    stale_after_hours = 24             # how old the roll may be when a place opens
    signature_policy = "署名"           # or 署名なし・職員確認
    report_times = ["09:00", "11:00"]
    reason_labels = "five"             # a set that travels with the program, or a table (reasons.read_labels)
    committee = "三条市選挙管理委員会委員長"    # 宛先 of the 宣誓書
    moved_months = 4                   # months on the roll after 転出
    abroad_votes_national = true
    home_places = false                # several early places without a shared journal: each voter has a home place
    fictitious = false
    oath = { text = "...", source = "...", verified = false }
    ticket = { pattern = '\d{10}', check = "none", prefix = "T" }    # check: none luhn mod11; tickets.py

    [[contests]]                       # at most 8
    code = "mayor"
    name = "町長"
    level = "市"                        # 国政 県 市
    districts = []                     # where in the town it is held; none: in all of it
    ballot_colour = "白"
    box_no = 1
    order = 1                          # default: box_no
    early_from = 2026-11-25
    early_to = 2026-11-28              # default: the day before polling day

    [[stations]]
    code = "E1"
    name = "役場"
    kind = "期日前"                     # 当日 移動
    wards = []                         # 当日: the 投票区 that vote here; early places only with home_places
    address = ""
    exit_check = false
    hours = [{ from = 2026-11-25, to = 2026-11-27, open = "08:30", close = "20:00" },
             { day = 2026-11-28, open = "08:30", close = "17:00" }]
    # or by day: hours = { 2026-11-28 = "08:30-17:00" }, hours = { 2026-11-28 = { open = "08:30", close = "17:00" } }

    [[staff]]
    id = "K01"
    name = "山田"
    role = "投票管理者"                  # 職務代理者 事務従事者 立会人
    pin_hash = "$argon2id$..."         # vault/pins.py; none: cannot be a second operator

    [stock.E1]                         # sheets by contest: a number (普通), or a table
    mayor = { "普通" = 3000, "点字" = 20 }

A key that is not listed here is a fault: a slip of the pen must not become a silent default.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import tomllib
from typing import Any

from sanjo_tui.receptions.polling.consistency import LONGEST, contradictions
from sanjo_tui.receptions.polling.election import Contest, Election, Hours, PollingPlace, Staff, Stock, Wording
from sanjo_tui.receptions.polling.moved import moved_roll, moved_to
from sanjo_tui.receptions.polling.reasons import read_labels
from sanjo_tui.receptions.polling.tables import UNREAD, Problem, Table, as_day, as_time
from sanjo_tui.receptions.polling.tickets import read_form
from sanjo_tui.receptions.polling.words import Level, PaperKind, PlaceKind, SignaturePolicy, StaffRole
from sanjo_tui.vault import pins

__all__ = ["OATH", "Problem", "moved_roll", "moved_to", "read"]

OATH = Wording(
    text="私は、選挙の当日、次の事由に該当する見込みであり、このことが真実であることを誓います。",
    source="公職選挙法施行令49条の8に基づく宣誓書の一般的な書きかた。法令原文は未照合")
"""Used where the file has no `[oath]`."""

COMMITTEE = "選挙管理委員会委員長"
MOST_STALE_HOURS, MOST_STALE_DRILL = 24 * 30, 24 * 366 * 100
MOST_SHEETS = 1_000_000


def read(data: bytes) -> tuple[Election | None, tuple[Problem, ...]]:
    """The election of a file, or every problem that it has. Never raises for what is written in it."""
    try:
        values: dict[str, Any] = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return None, (Problem("", "文字コードが UTF-8 ではありません。UTF-8 で保存し直してください。"),)
    except (ValueError, RecursionError) as error:    # a number of thousands of digits, brackets without end
        line = re.search(r"line (\d+)", str(error))
        where = f"{line[1]} 行目" if line else "ファイルの終わり"
        return None, (Problem(where, "TOML の書き方が正しくありません。引用符、かっこ、同じ項目の重なりなどです。"),)
    problems: list[Problem] = []
    election = _election(Table(values, "", problems), hashlib.sha256(data).hexdigest())
    problems += contradictions(election, problems)
    return (None if problems else election), tuple(problems)


def _election(file: Table, sha256: str) -> Election:
    """Every key of the file; what is wrong stays neutral, and its problem is in the table's list."""
    fictitious = file.flag("fictitious")
    polling_day = file.day("polling_day", required=True)
    eve = polling_day - dt.timedelta(days=1) if polling_day > UNREAD else UNREAD
    election = Election(
        id=_id(file), name=file.text("name", required=True, most=60), polling_day=polling_day, sha256=sha256,
        contests=tuple(_contest(table, place, eve)
                       for place, table in enumerate(file.tables("contests", required=True), 1)),
        places=tuple(_place(table) for table in file.tables("stations", required=True)),
        reason_labels=read_labels(file), oath=_oath(file),
        signature_policy=file.one_of("signature_policy", SignaturePolicy, SignaturePolicy.SIGNED),
        committee=file.text("committee", COMMITTEE, most=60), report_times=_report_times(file),
        staff=tuple(_staff(table) for table in file.tables("staff", required=True)), stock=_stock(file),
        ticket=read_form(file), moved_months=file.whole("moved_months", 4, least=1, most=12),
        stale_after_hours=file.whole("stale_after_hours", 24, least=1,
                                     most=MOST_STALE_DRILL if fictitious else MOST_STALE_HOURS),
        abroad_votes_national=file.flag("abroad_votes_national", True), home_places=file.flag("home_places"),
        fictitious=fictitious)
    file.done()
    return election


def _id(file: Table) -> str:
    given = file.text("id", required=True)
    if given and not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}", given):
        file.wrong("id", "は半角の英数字と . - _ で、40 文字までです。")
    return given


def _contest(table: Table, place: int, eve: dt.date) -> Contest:
    box = table.whole("box_no", 0, least=1, most=99, required=True)
    contest = Contest(
        code=table.code("code"), name=table.text("name", required=True, most=36),
        level=table.one_of("level", Level, Level.NATION, required=True), districts=table.texts("districts"),
        ballot_colour=table.text("ballot_colour", required=True, most=12), box_no=box,
        order=table.whole("order", box or place, least=1, most=99),
        early_from=table.day("early_from", required=True), early_to=table.day("early_to", eve))
    table.done()
    return contest


def _place(table: Table) -> PollingPlace:
    place = PollingPlace(
        code=table.code("code"), name=table.text("name", required=True, most=40),
        kind=table.one_of("kind", PlaceKind, PlaceKind.EARLY, required=True), wards=table.texts("wards", most=12),
        address=table.text("address", most=80), exit_check=table.flag("exit_check"), hours=_hours(table))
    table.done()
    return place


def _hours(place: Table) -> tuple[Hours, ...]:
    """Opening hours in the order of days, from a list of tables or a table by day."""
    given = place.values.get("hours")
    found: list[Hours] = []
    if isinstance(given, dict):
        by_day = place.table("hours")
        assert by_day is not None
        for key in given:
            found += _hours_by_key(by_day, key)
    else:
        for table in place.tables("hours"):
            found += _hours_of(table)
    days = [hours.day for hours in found]
    for day in sorted({day for day in days if days.count(day) > 1}):
        place.wrong("hours", f"に {day} が二度あります。")
    return tuple(sorted(found, key=lambda hours: hours.day))


def _hours_by_key(table: Table, key: str) -> list[Hours]:
    day, value = as_day(key), table.take(key)
    if day is None:
        table.wrong(key, "は日付ではありません（2026-11-29 の形で書きます）。")
        return []
    if isinstance(value, str) and "-" in value:
        opens, closes = (as_time(part.strip()) for part in value.split("-", 1))
        if opens is None or closes is None:
            table.wrong(key, "は \"08:30-20:00\" の形で書きます。")
            return []
        return _run(table, key, day, day, opens, closes)
    inner = table.table(key)
    return _hours_of(inner, day) if inner else []


def _hours_of(table: Table, day: dt.date | None = None) -> list[Hours]:
    """One table of hours: a single day, or every day of a run."""
    opens, closes = table.time("open", required=True), table.time("close", required=True)
    if day is not None:
        first = last = day
    elif table.has("from") or table.has("to"):
        first, last = table.day("from", required=True), table.day("to", required=True)
    else:
        first = last = table.day("day", required=True)
    table.done()
    if opens is None or closes is None or UNREAD in (first, last):
        return []
    return _run(table, "", first, last, opens, closes)


def _run(table: Table, key: str, first: dt.date, last: dt.date, opens: dt.time, closes: dt.time) -> list[Hours]:
    if opens >= closes:
        table.wrong(key, f"の終わり（{closes:%H:%M}）が始まり（{opens:%H:%M}）より後になっていません。")
        return []
    if not 0 <= (last - first).days <= LONGEST:
        table.wrong(key, f"の日付の範囲（{first} から {last}）が正しくありません。")
        return []
    return [Hours(day=first + dt.timedelta(days=n), opens=opens, closes=closes)
            for n in range((last - first).days + 1)]


def _staff(table: Table) -> Staff:
    staff = Staff(id=table.code("id"), name=table.text("name", required=True, most=40),
                  role=table.one_of("role", StaffRole, StaffRole.CLERK, required=True),
                  pin_hash=table.text("pin_hash", most=300))
    if staff.pin_hash and not pins.is_hash(staff.pin_hash):
        table.wrong("pin_hash", "が暗証番号のハッシュ（$argon2id$v=19$ で始まるもの）ではありません。")
    table.done()
    return staff


def _oath(file: Table) -> Wording:
    table = file.table("oath")
    if table is None:
        return OATH
    wording = Wording(text=table.text("text", OATH.text, most=400), source=table.text("source", most=200),
                      verified=table.flag("verified"))
    if not wording.text:
        table.wrong("text", "が空です。")
    if wording.verified and not wording.source:
        table.wrong("source", "がありません。verified = true にするには、照合した原文を書いてください。")
    table.done()
    return wording


def _report_times(file: Table) -> tuple[dt.time, ...]:
    given = file.take("report_times")
    if given is None:
        return ()
    times = [as_time(one) for one in given] if isinstance(given, list) else [None]
    found = [time for time in times if time is not None]
    if len(found) < len(times):
        file.wrong("report_times", "は時刻の並びで書きます（[\"09:00\", \"11:00\"] の形、00:00 から 23:59）。")
    if len(set(found)) < len(found):
        file.wrong("report_times", "に同じ時刻が二度あります。")
    return tuple(sorted(found))


def _stock(file: Table) -> tuple[Stock, ...]:
    """Sheets by place and contest; whether the codes are known is checked with everything else."""
    stock, found = file.table("stock"), list[Stock]()
    for place in stock.values if stock else ():
        contests = stock.table(place) if stock else None
        for contest in contests.values if contests else ():
            assert contests is not None
            if isinstance(contests.values[contest], dict):
                kinds = contests.table(contest)
                assert kinds is not None
                for kind in PaperKind:
                    if kinds.has(kind.value):
                        sheets = kinds.whole(kind.value, least=0, most=MOST_SHEETS)
                        found.append(Stock(place=place, contest=contest, paper=kind, sheets=sheets))
                kinds.seen.update(PaperKind)
                kinds.done()
            else:
                sheets = contests.whole(contest, least=0, most=MOST_SHEETS)
                found.append(Stock(place=place, contest=contest, paper=PaperKind.PLAIN, sheets=sheets))
    return tuple(found)
