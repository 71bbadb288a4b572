"""wards.csv: the nameless index of the town, by which a place names the right one of another ward's elector."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sanjo_tui.register.delivery import Delivery
from sanjo_tui.register.roll.report import RollReport
from sanjo_tui.register.roll.wardkey import SHORT

_KEY = re.compile("[0-9a-fA-F]{64}")


def fill(connection: Any, delivery: Delivery, report: RollReport) -> None:
    """Reads the index; one key with two wards is an error, one that is no key a warning."""
    connection.execute("CREATE TEMP TABLE incoming_ward(key BLOB, ward_code TEXT, line INTEGER)")
    connection.executemany("INSERT INTO incoming_ward VALUES (?, ?, ?)", _judged(delivery, report))
    report.index = delivery.records
    for (line,) in connection.execute(
            "SELECT line FROM incoming_ward WHERE key IN (SELECT key FROM incoming_ward GROUP BY key"
            " HAVING count(DISTINCT ward_code) > 1) ORDER BY key, line").fetchall():
        report.error(delivery.entry.name, line, "key", "duplicate", "同じ鍵に、違う投票区が書かれています")
    connection.execute("INSERT OR IGNORE INTO ward SELECT key, ward_code FROM incoming_ward ORDER BY key")


def compare(connection: Any, delivery: Delivery, report: RollReport) -> None:
    """The index and the roll name the same ward for everybody whom both know."""
    file = delivery.entry.name
    connection.execute("CREATE INDEX temp.incoming_ward_key ON incoming_ward(key)")
    met = 0
    for column in ("user", "ticket", "late"):
        known = f"FROM town t JOIN incoming_ward w ON w.key = t.{column} WHERE t.{column} IS NOT NULL"
        met += connection.execute(f"SELECT count(*) {known}").fetchone()[0]
        for line, ward in connection.execute(f"SELECT w.line, t.ward_code {known} AND t.ward_code <> w.ward_code"
                                             ).fetchall():
            report.error(file, line, "ward_code", "ward", f"roll.csv では投票区 {ward} の方です")
    able = connection.execute(
        "SELECT count(*) FROM town WHERE user IS NOT NULL OR ticket IS NOT NULL OR late IS NOT NULL").fetchone()[0]
    if able and not met and report.index:
        report.warn(file, 0, "key", "other_keys",
                    "roll.csv の方が一人もいません（roll_base の違う鍵なら、ほかの投票区の方を案内できません）")
    connection.execute("DROP TABLE incoming_ward")


def _judged(delivery: Delivery, report: RollReport) -> Iterator[tuple[bytes, str, int]]:
    file = delivery.entry.name
    for line, (key, ward_code) in delivery.rows():
        if not ward_code.strip():
            report.error(file, line, "ward_code", "required", "投票区がありません")
        elif not _KEY.fullmatch(key):
            report.warn(file, line, "key", "code", "鍵は 16 進 64 桁です（この行は使いません）")
        else:
            yield bytes.fromhex(key)[:SHORT], ward_code, line
