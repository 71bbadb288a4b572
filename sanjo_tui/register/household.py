"""The rules between the rows of a snapshot: one latest row a person, one head and one order a household.

Runs inside the file that is being built, so that a town of any size needs no memory for it.
"""

from __future__ import annotations

from typing import Any

from sanjo_tui.register.report import Report


def keep_latest(connection: Any, report: Report, file: str, *, table: str, flagged: bool) -> None:
    """Leaves the row with the highest (history_no, branch) of each person; two equal ones are an error.

    flagged: the file has is_latest, so that only latest rows are here and every second one is an error.
    """
    rows = connection.execute(
        f"SELECT rowid, addressee_no, history_no, branch, line FROM {table} WHERE addressee_no IN"
        f" (SELECT addressee_no FROM {table} WHERE addressee_no <> '' GROUP BY addressee_no HAVING count(*) > 1)"
        " ORDER BY addressee_no, history_no DESC, branch DESC, line").fetchall()
    superseded, lines = [], set()
    latest: tuple[str, int, int, int] | None = None
    for number, addressee_no, history_no, branch, line in rows:
        if latest is None or latest[0] != addressee_no:
            latest = (addressee_no, history_no, branch, line)
            continue
        if flagged or latest[1:3] == (history_no, branch):
            report.error(file, line, "addressee_no", "duplicate",
                         f"同じ宛名番号の最新の行が 2 つあります（{latest[3]}行目と）", addressee_no)
        else:
            lines.add(line)
        superseded.append((number,))
    connection.executemany(f"DELETE FROM {table} WHERE rowid = ?", superseded)
    if lines:
        report.forget(file, lines)


def check(connection: Any, report: Report, file: str, *, touched_only: bool, heads: bool, order: bool) -> None:
    """Heads, order, head's name and address of every household with residents; touched_only: those a diff changed.

    A finding names the household's first line in this file; rows that a diff left alone have none.
    """
    where = "WHERE household_no IN (SELECT household_no FROM touched)" if touched_only else ""
    rows = connection.execute(f"""
        SELECT household_no,
               sum(resident_status = '1') AS living,
               sum(resident_status = '1' AND relationship || ',' LIKE '02,%') AS heads,
               sum(resident_status <> '1' AND relationship || ',' LIKE '02,%') AS former,
               min(CASE WHEN resident_status = '1' THEN nullif(line, 0) END) AS line,
               count(DISTINCT CASE WHEN resident_status = '1' THEN town || lot_text || building END) AS places,
               min(CASE WHEN resident_status = '1' THEN position END) AS first,
               max(CASE WHEN resident_status = '1' THEN position END) AS last,
               count(DISTINCT CASE WHEN resident_status = '1' THEN position END) AS orders,
               count(DISTINCT position) = count(*) AND max(position) = count(*) AND min(position) = 1 AS whole,
               max(CASE WHEN resident_status = '1' AND relationship || ',' LIKE '02,%' THEN name END) AS head,
               max(CASE WHEN resident_status = '1' THEN head_name END) AS named_last,
               min(CASE WHEN resident_status = '1' AND head_name <> '' THEN head_name END) AS named_first
        FROM resident {where} GROUP BY household_no""")
    for number, living, count, former, line, places, first, last, orders, whole, head, last_name, first_name in rows:
        if not living:
            continue
        if heads:
            _check_heads(report, file, line or 0, number, count, former)
        if order and not whole and (first != 1 or last != living or orders != living):
            report.warn(file, line or 0, "order_in_household", "order", "記載順位が 1 から続いていません", number)
        if places > 1:
            report.warn(file, line or 0, "household_no", "address", "同じ世帯で住所が違います", number)
        if heads and head and first_name and {first_name, last_name} != {head}:
            report.warn(file, line or 0, "head_name", "head_name", "世帯主氏名が世帯主の氏名と違います")


def _check_heads(report: Report, file: str, line: int, number: str, heads: int, former: int) -> None:
    if heads > 1:
        report.error(file, line, "rel1", "heads", f"世帯番号 {number} に世帯主が {heads} 人います")
    elif not heads and former:
        report.warn(file, line, "rel1", "no_head", f"世帯番号 {number} の世帯主が死亡か転出で、次の世帯主がいません")
    elif not heads:
        report.error(file, line, "rel1", "no_head", f"世帯番号 {number} に世帯主がいません")
