"""tickets.csv against the roll: the same extraction, and every number the same elector (高知 2025).

Also runs on a finished roll when the tickets come later; electors of other wards are compared by their keyed hashes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sanjo_tui.register.delivery import Delivery
from sanjo_tui.register.roll.report import RollReport
from sanjo_tui.register.roll.rows import TicketNumbers
from sanjo_tui.register.roll.wardkey import person_key, short_key

OTHER_BASE = "入場券のデータ（{tickets}）は、この名簿（{roll}）から作られたものではありません"


def same_base(report: RollReport, file: str, tickets: str, roll: str) -> None:
    """An error unless tickets and roll name the same extraction."""
    if tickets != roll:
        report.error("manifest.toml", 0, "roll_base", "roll_base",
                     f"{file}: " + OTHER_BASE.format(tickets=tickets or "空", roll=roll or "空"))


def fill(connection: Any, delivery: Delivery, report: RollReport, roll_base: str,
         is_ticket: Callable[[str], bool] | None = None) -> None:
    """Reads the ticket file into the roll that stands in `connection`; findings go into the report."""
    file = delivery.entry.name
    read(connection, delivery, report, roll_base, is_ticket)
    if report.ok:
        _compare(connection, report, file)
    if not report.ok:
        return
    left_out = connection.execute("SELECT count(*) FROM town t WHERE ticket IS NOT NULL AND NOT EXISTS"
                                  " (SELECT 1 FROM incoming_ticket i WHERE i.who = t.who)").fetchone()[0]
    if left_out:
        report.warn(file, 0, "ticket_no", "missing", f"roll.csv の入場券番号のうち {left_out:,} 件がありません")
    for sql in (
            "DELETE FROM ticket",
            "INSERT INTO ticket SELECT i.ticket_no, e.id FROM incoming_ticket i"
            " JOIN elector e ON e.addressee_no = i.addressee_no",
            "UPDATE town SET late = (SELECT i.ticket FROM incoming_ticket i WHERE i.who = town.who)"
            " WHERE ticket IS NULL",
            "DROP TABLE incoming_ticket"):
        connection.execute(sql)


def read(connection: Any, delivery: Delivery, report: RollReport, roll_base: str,
         is_ticket: Callable[[str], bool] | None = None) -> None:
    """Reads the ticket file into a table of its own and says what is wrong in itself."""
    file = delivery.entry.name
    numbers = TicketNumbers(report, file, is_ticket)
    connection.execute("CREATE TEMP TABLE incoming_ticket(ticket_no, addressee_no, who, ticket, line)")
    connection.executemany("INSERT INTO incoming_ticket VALUES (?, ?, ?, ?, ?)",
                           _judged(delivery, report, roll_base, numbers))
    numbers.conclude()
    report.tickets = delivery.records
    connection.execute("CREATE INDEX temp.incoming_who ON incoming_ticket(who)")
    connection.execute("CREATE INDEX temp.incoming_key ON incoming_ticket(ticket)")
    for column, key, what in (("ticket_no", "ticket", "入場券番号"), ("addressee_no", "who", "宛名番号")):
        for line, first in connection.execute(
                f"SELECT i.line, f.first FROM incoming_ticket i JOIN (SELECT {key} AS key, min(line) AS first"
                f" FROM incoming_ticket WHERE {column} <> '' GROUP BY {key} HAVING count(*) > 1) f ON i.{key} = f.key"
                " WHERE i.line > f.first").fetchall():
            report.error(file, line, column, "duplicate", f"同じ{what}が {first}行目にもあります")


def _judged(delivery: Delivery, report: RollReport, roll_base: str, numbers: TicketNumbers) -> Any:
    file = delivery.entry.name
    for line, (ticket_no, addressee_no) in delivery.rows():
        numbers.judge(line, ticket_no)
        if not addressee_no:
            report.error(file, line, "addressee_no", "required", "宛名番号がありません")
        yield (ticket_no, addressee_no, person_key(roll_base, addressee_no), short_key(roll_base, ticket_no), line)


def _compare(connection: Any, report: RollReport, file: str) -> None:
    for number, line in connection.execute(
            "SELECT i.addressee_no, i.line FROM incoming_ticket i WHERE NOT EXISTS"
            " (SELECT 1 FROM town t WHERE t.who = i.who)"
            " AND NOT EXISTS (SELECT 1 FROM ward w WHERE w.key = i.ticket)").fetchall():
        report.error(file, line, "addressee_no", "unknown_person", "入場券の方が名簿にいません", number)
    for number, line in connection.execute(
            "SELECT i.addressee_no, i.line FROM incoming_ticket i WHERE EXISTS"
            " (SELECT 1 FROM town t WHERE t.ticket = i.ticket AND t.who <> i.who)").fetchall():
        report.error(file, line, "ticket_no", "other_person", "名簿では別の方の入場券番号です", number)
    for number, line in connection.execute(
            "SELECT i.addressee_no, i.line FROM incoming_ticket i JOIN town t ON t.who = i.who"
            " WHERE t.ticket IS NOT NULL AND t.ticket <> i.ticket AND NOT EXISTS"
            " (SELECT 1 FROM town o WHERE o.ticket = i.ticket)").fetchall():
        report.error(file, line, "ticket_no", "other_number", "名簿ではこの方の入場券番号が違います", number)
