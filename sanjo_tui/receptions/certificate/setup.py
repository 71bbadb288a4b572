"""Reads the set-up of a disaster: one TOML file, every fault at once, each with its place.

The file with all its keys and what they mean: fixtures/certificate/disaster.toml (docs/disaster-certificates.md §1).
A key that is not known is a fault: a slip of the pen must not become a silent default.
"""

from __future__ import annotations

import datetime as dt
import tomllib

from sanjo_tui.receptions.certificate.disaster import SERIAL, Band, Disaster, FloodRule, Range, YearOf
from sanjo_tui.receptions.certificate.words import Grade, Kind
from sanjo_tui.receptions.polling.tables import UNREAD, Problem, Table
from sanjo_tui.wareki import wareki

SENTENCE = "上記のとおり、相違ないことを証明します。"
GRADES = {grade.label: grade for grade in Grade}
KINDS = {"罹災": Kind.GRADE, "被災": Kind.REPORT}


def read(data: bytes) -> tuple[Disaster | None, tuple[Problem, ...]]:
    """The disaster, or None and everything that is wrong."""
    problems: list[Problem] = []
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None, (Problem("", "TOML として読めません。"),)
    top = Table(values, "", problems)
    code, name, day = top.code("code"), top.text("name", required=True), top.day("date", required=True)
    words = top.texts("kinds")
    kinds = tuple(KINDS[one] for one in words if one in KINDS)
    if not kinds or len(kinds) != len(words):
        top.wrong("kinds", "に書けるのは 罹災、被災 です。")
    begins, ends = top.day("apply_from", required=True), top.day("apply_to", required=True)
    if UNREAD not in (begins, ends, day) and not day <= begins <= ends:
        top.wrong("apply_to", "は、災害の日、受付の初日、最終日の順にしてください。")
    grades = top.table("grades")
    statute, layout = top.table("statute"), top.table("layout")
    disaster = Disaster(
        code=code, name=name, day=day, cause=top.text("cause", required=True), kinds=kinds,
        ratios=_ratios(top, grades), ratios_verified=grades.flag("verified") if grades else False,
        flood=_flood(top.table("flood")), apply_from=begins, apply_to=ends,
        resurvey_days=top.whole("resurvey_days", least=0, most=3660, required=True),
        survey_days=top.whole("survey_days", 14, least=0, most=365),
        statute=statute.text("words", most=400) if statute else "",
        statute_verified=statute.flag("verified") if statute else False,
        sentence=statute.text("sentence", SENTENCE, most=120) if statute else SENTENCE,
        dwelling_note=statute.text("dwelling", most=400) if statute else "",
        mayor=top.text("mayor", required=True), houses=top.text("houses"),
        year_of=top.one_of("number_year", YearOf, YearOf.FISCAL), ranges=_ranges(top),
        dwelling_uses=top.texts("dwelling_uses"),
        layout_confirmed_on=_confirmed(layout), layout_source=layout.text("source", most=200) if layout else "",
        fictitious=top.flag("fictitious"))
    for table in (top, grades, statute, layout):
        if table is not None:
            table.done()
    return (None if problems else disaster), tuple(problems)


def moved_to(data: bytes, day: dt.date) -> bytes:
    """The same set-up as if the disaster had been on that day, for a demo: its dates are written anew."""
    text = data.decode("utf-8")
    then = tomllib.loads(text)["date"]
    lines = []
    for line in text.replace(wareki(then), wareki(day)).splitlines():
        key = line.partition("=")[0].strip()
        shift = {"date": 0, "apply_from": 0, "apply_to": 90}.get(key)
        if shift is None:
            line = f'code = "{day:%Y%m%d}"' if key == "code" else line
        else:
            line = f"{key} = {(day + dt.timedelta(days=shift)).isoformat()}"
        lines.append(line)
    return ("\n".join(lines) + "\n").encode()


def _ratios(top: Table, grades: Table | None) -> tuple[Band, ...]:
    if grades is None:
        top.wrong("grades", "の表がありません。")
        return ()
    bands = []
    for label, grade in GRADES.items():
        value = grades.take(label, required=True)
        if not isinstance(value, int | float) or isinstance(value, bool) or not 0 <= value <= 100:
            grades.wrong(label, "は 0 から 100 までの数で書きます。")
            continue
        bands.append(Band(grade, float(value)))
    if [band.least for band in bands] != sorted((band.least for band in bands), reverse=True) or (
            bands and bands[-1].least != 0):
        grades.wrong("", "割合は重いほうから順に下がり、最後は 0 です。")
    return tuple(bands)


def _flood(table: Table | None) -> FloodRule | None:
    if table is None:
        return None
    bands = []
    for one in table.tables("bands", required=True):
        label, least = one.text("grade", required=True), one.whole("above_floor_cm", least=0, most=2000, required=True)
        if label not in GRADES:
            one.wrong("grade", f"に書けるのは {'、'.join(GRADES)} です。")
        else:
            bands.append(Band(GRADES[label], float(least)))
        one.done()
    below = table.text("below_floor", Grade.PARTIAL.label)
    if below not in GRADES:
        table.wrong("below_floor", f"に書けるのは {'、'.join(GRADES)} です。")
    depths = [band.least for band in bands]
    if depths != sorted(set(depths), reverse=True) or not depths or depths[-1] != 0:
        table.wrong("bands", "は深いほうから順に書き、最後は 0 です。")
    rule = FloodRule(bands=tuple(bands), below_floor=GRADES.get(below, Grade.PARTIAL),
                     applies_to=table.text("applies_to", most=200), source=table.text("source", most=200),
                     verified=table.flag("verified"))
    table.done()
    return rule


def _ranges(top: Table) -> tuple[Range, ...]:
    found: list[Range] = []
    for one in top.tables("ranges"):
        station = one.code("station")
        first = one.whole("first", 1, least=1, most=10 ** SERIAL - 1)
        last = one.whole("last", least=1, most=10 ** SERIAL - 1, required=True)
        if first > last:
            one.wrong("last", "が first より小さいです。")
        if any(station == other.station for other in found):
            one.wrong("station", "の番号の範囲が二度あります。")
        one.done()
        found.append(Range(station, first, last))
    return tuple(found)


def _confirmed(layout: Table | None) -> dt.date | None:
    if layout is None or not layout.has("confirmed_on"):
        return None
    day = layout.day("confirmed_on")
    return None if day == UNREAD else day
