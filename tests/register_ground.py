"""Small snapshots and keys for the tests of the register: a folder of CSV files with a right manifest."""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterable, Sequence
from pathlib import Path

LG_CODE = "152048"
HEADER = ("addressee_no", "household_no", "order_in_household", "name", "name_kana", "birth_date", "sex_code", "rel1",
          "rel2", "resident_status", "town", "lot_text", "building", "suppress_flags")
SATO = (
    ("10000001", "9001", "1", "佐藤　太郎", "サトウ　タロウ", "19740105", "1", "02", "", "1", "旭町", "１番地", "", ""),
    ("10000002", "9001", "2", "佐藤　花子", "サトウ　ハナコ", "19770710", "2", "12", "", "1", "旭町", "１番地", "", ""),
    ("10000003", "9001", "3", "佐藤　次郎", "サトウ　ジロウ", "20120401", "1", "20", "", "1", "旭町", "１番地", "", ""),
)
WATANABE = (
    ("10000011", "9002", "1", "渡邉　敬", "ワタナベ　タカシ", "1948-02-29", "1", "2", "", "1", "元町", "２番地", "",
    ""),
    ("10000012", "9002", "2", "渡邉　シヅ", "ワタナベ　シヅ", "19470229", "2", "12", "", "1", "元町", "２番地", "",
    "支援措置"),
)
PEOPLE = (*SATO, *WATANABE)
CARDS = (("10000002", "0000000000021", "20300101", "active"), ("10000011", "0000000000113", "", "停止"))


class FakeKeys:
    """A key for every file from its name."""

    def file_key(self, name: str) -> bytes:
        return hashlib.sha256(f"test {name}".encode()).digest()


def table(header: Sequence[str], rows: Iterable[Sequence[str]], end: str = "\r\n") -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator=end)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def changed(row: Sequence[str], **columns: str) -> tuple[str, ...]:
    """A row of residents.csv with other values in some columns."""
    return tuple(columns.get(name, value) for name, value in zip(HEADER, row, strict=True))


def snapshot(folder: Path, people: Iterable[Sequence[str]] = PEOPLE, *, header: Sequence[str] = HEADER,
             cards: Iterable[Sequence[str]] | None = CARDS, encoding: str = "utf-8", **manifest: object) -> Path:
    """Writes a snapshot with a right manifest."""
    people = list(people)
    files = {"residents.csv": (table(header, people), len(people))}
    if cards is not None:
        cards = list(cards)
        files["cards.csv"] = (table(("addressee_no", "user_id", "valid_until", "status"), cards), len(cards))
    return raw_snapshot(folder, {name: (text.encode(encoding.replace("utf-16le", "utf-16-le")), records)
                                 for name, (text, records) in files.items()}, encoding=encoding, **manifest)


def raw_snapshot(folder: Path, files: dict[str, tuple[bytes, int]], *, encoding: str = "utf-8",
                 **manifest: object) -> Path:
    """Writes a snapshot of given bytes; name -> (bytes, records)."""
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, object] = {"lg_code": LG_CODE, "kind": "full", "snapshot_id": folder.name,
                                 "as_of": "2026-11-20", "sequence": 1, "fictitious": True, **manifest}
    lines = [f"{key} = {_toml(value)}" for key, value in values.items()]
    for name, (data, records) in files.items():
        (folder / name).write_bytes(data)
        lines += ["[[files]]", f'name = "{name}"', f'encoding = "{encoding}"', f"records = {records}",
                  f'sha256 = "{hashlib.sha256(data).hexdigest()}"']
    (folder / "manifest.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def _toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool | int) else f'"{value}"'
