"""Small rolls for tests: a folder of CSV files with a right manifest, by which each test changes what it is about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

from register_ground import LG_CODE, FakeKeys, table

from sanjo_tui.register.roll import columns
from sanjo_tui.register.roll.wardkey import ward_key

__all__ = ["BASE", "CONTESTS", "ELECTORS", "LG_CODE", "FakeKeys", "changed", "roll", "ticket_rows", "tickets",
           "ward_rows"]

BASE = "2026-11-15-A"
CONTESTS = ("shicho", "shigi")
ELECTORS = (
    ("10000001", "0000000000013", "1-1-1-1", "1", "A0001", "渡邉　敬", "ワタナベ　タカシ", "1948-02-29", "1",
     "元町２番地", "9001", "0", "有効", "", "", ""),
    ("10000002", "0000000000021", "1-1-1-2", "1", "A0002", "髙橋　さくら", "タカハシ　サクラ", "19740105", "2",
     "旭町１番地", "9002", "1", "有効", "", "", "代理 車椅子"),
    ("10000003", "", "1-1-1-10", "1", "A0003", "佐藤　太郎", "サトウ　タロウ", "19600608", "1", "旭町３番地", "9003",
     "", "転出表示", "2026-10-01", "県内", ""),
    ("10000004", "0000000000048", "2-1-1-1", "2", "A0004", "佐藤　太朗", "サトウ　タロウ", "20081117", "1",
     "本町４番地", "9004", "0", "有効", "", "", ""),
    ("10000005", "0000000000056", "2-1-1-2", "2", "A0005", "渡辺　隆", "ワタナベ　タカシ", "19700101", "1",
     "本町５番地", "9005", "支援措置:2026-01-01/2027-01-01", "失権", "", "", ""),
    ("10000006", "", "10-1-1-1", "10", "A0006", "小野　真理子", "オノ　マリコ", "19600607", "2", "下田６番地", "9006",
     "0", "有効", "", "", "点字"),
)
MARKS = (
    ("10000001", "shicho", "", "", "", "none"), ("10000001", "shigi", "", "2026-11-16", "E1", ""),
    ("10000004", "shicho", "", "", "", "issued"), ("10000006", "shigi", "下田", "", "", "accepted"),
)


def changed(number: str, **values: str) -> list[tuple[str, ...]]:
    """The electors with other values in one row."""
    return [tuple(values.get(name, value) for name, value in zip(columns.ROLL, row, strict=True))
            if row[0] == number else row for row in ELECTORS]


def ticket_rows(electors: Iterable[Sequence[str]] = ELECTORS) -> list[tuple[str, str]]:
    """tickets.csv of these electors."""
    return [(row[4], row[0]) for row in electors if row[4]]


def ward_rows(electors: Iterable[Sequence[str]] = ELECTORS, base: str = BASE) -> list[tuple[str, str]]:
    """wards.csv of these electors."""
    return [(ward_key(base, number), row[3]) for row in electors for number in (row[1], row[4]) if number]


def roll(folder: Path, electors: Iterable[Sequence[str]] = ELECTORS, *, header: Sequence[str] = columns.ROLL,
         marks: Iterable[Sequence[str]] | None = MARKS, ticket_file: Iterable[Sequence[str]] | None = None,
         wards: Iterable[Sequence[str]] | None = None, encoding: str = "utf-8", tickets_base: str = "",
         **manifest: object) -> Path:
    """Writes a roll folder with a right manifest; `tickets_base` is the ticket file's own roll_base."""
    files = {"roll.csv": (header, electors)}
    for name, names, rows in (("roll_contests.csv", columns.CONTESTS, marks), ("tickets.csv", columns.TICKETS,
                              ticket_file), ("wards.csv", columns.WARDS, wards)):
        if rows is not None:
            files[name] = (names, rows)
    values = {"content": "roll", "kind": "full", "sequence": 1, "roll_base": BASE, **manifest}
    return write(folder, files, encoding=encoding, tickets_base=tickets_base, **values)


def tickets(folder: Path, rows: Iterable[Sequence[str]], **manifest: object) -> Path:
    """Writes a folder with tickets alone."""
    values = {"content": "tickets", "kind": "full", "sequence": 1, "roll_base": BASE, **manifest}
    return write(folder, {"tickets.csv": (columns.TICKETS, rows)}, **values)


def write(folder: Path, files: dict[str, tuple[Sequence[str], Iterable[Sequence[str]]]], *, encoding: str = "utf-8",
          tickets_base: str = "", **manifest: object) -> Path:
    """Writes the files and a manifest of these values."""
    folder.mkdir(parents=True, exist_ok=True)
    values = {"lg_code": LG_CODE, "snapshot_id": folder.name, "as_of": "2026-11-16", "fictitious": True, **manifest}
    lines = [f"{key} = {str(value).lower() if isinstance(value, bool | int) else chr(34) + str(value) + chr(34)}"
             for key, value in values.items() if value is not None]
    for name, (header, rows) in files.items():
        rows = list(rows)
        data = table(header, rows).encode({"utf-16le": "utf-16-le"}.get(encoding, encoding))
        (folder / name).write_bytes(data)
        lines += ["[[files]]", f'name = "{name}"', f'encoding = "{encoding}"', f"records = {len(rows)}",
                  f'sha256 = "{hashlib.sha256(data).hexdigest()}"']
        if tickets_base and name == "tickets.csv":
            lines.append(f'roll_base = "{tickets_base}"')
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder
