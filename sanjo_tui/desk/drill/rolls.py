"""The roll of a drill's crowd, written as a town would deliver it, so that it is checked and loaded like a real one."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from sanjo_tui.desk.drill.crowd import Crowd, Person
from sanjo_tui.register.roll.wardkey import ward_key

BASE = "drill-base"
_ROLL = ("addressee_no", "user_id", "roll_no", "ward_code", "ticket_no", "name", "name_kana", "birth_date", "sex_code",
         "address", "household_no", "protected", "roll_status", "moved_on", "moved_scope", "assist_hint")
_MARKS = ("addressee_no", "contest", "district", "early_date", "early_site", "absentee")


def write(crowd: Crowd, folder: Path, lg_code: str) -> None:
    """The folder of the roll with its tickets and the nameless index. OSError."""
    folder.mkdir(parents=True)
    people = list(crowd.on_roll)
    files = {
        "roll.csv": _csv(folder / "roll.csv", _ROLL, (_row(person) for person in people)),
        "roll_contests.csv": _csv(folder / "roll_contests.csv", _MARKS,
                                  (mark for person in people for mark in _marks(person))),
        "tickets.csv": _csv(folder / "tickets.csv", ("ticket_no", "addressee_no"),
                            ((person.ticket_no, person.addressee_no) for person in people)),
        "wards.csv": _csv(folder / "wards.csv", ("key", "ward_code"), sorted(
            (ward_key(BASE, value), person.ward) for person in people
            for value in (person.user_id, person.ticket_no) if value))}
    lines = ['content = "roll"', f'lg_code = "{lg_code}"', 'kind = "full"', 'snapshot_id = "drill"',
             "as_of = 2026-11-18", "sequence = 1", f'roll_base = "{BASE}"', "fictitious = true",
             'created_at = "2026-11-18T20:30:00+09:00"']
    for name, rows in files.items():
        lines += ["", "[[files]]", f'name = "{name}"', 'encoding = "utf-8"', f"records = {rows}",
                  f'sha256 = "{hashlib.sha256((folder / name).read_bytes()).hexdigest()}"']
        if name == "tickets.csv":
            lines.append(f'roll_base = "{BASE}"')
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")


def _row(person: Person) -> tuple[str, ...]:
    line = f"{person.ward}-01-{person.number // 25 + 1:04}-{person.number % 25 + 1:02}"
    return (person.addressee_no, person.user_id, line, person.ward, person.ticket_no, person.name, person.kana,
            person.birth.isoformat(), person.sex, f"旭町{person.number}番地", f"991{person.household:08}",
            str(int(person.protected)), person.status, person.moved_on, person.moved_scope, person.assist)


def _marks(person: Person) -> list[tuple[str, ...]]:
    """The district of the 県議, and what happened already."""
    happened = {contest: rest for contest, *rest in person.marks}
    district = "三条" if person.ward in ("1", "2", "3") else "栄下田"
    return [(person.addressee_no, contest, district if contest == "assembly" else "",
             *happened.get(contest, ["", "", "none"]))
            for contest in dict.fromkeys((*happened, "assembly"))]


def _csv(path: Path, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        return sum(writer.writerow(row) > 0 for row in rows)
