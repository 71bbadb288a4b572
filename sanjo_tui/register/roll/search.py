"""The register's search over a roll, with two more readings: 名簿番号 and 入場券番号."""

from __future__ import annotations

from sanjo_tui import text
from sanjo_tui.register.roll.tables import natural
from sanjo_tui.register.search import Search


class RollSearch(Search):
    """One run of one query on one open roll. Numbers that are exact come first."""

    def _numbers(self) -> None:
        number = text.nfkc(self.query)
        if any(character.isdigit() for character in number):
            for reading, rows in (
                    ("ticket_no", self._sql(TICKET, (number, number)).fetchall()),
                    ("roll_no", self._sql("SELECT id FROM elector WHERE roll_key = ? LIMIT ?",
                                          (natural(number), self.limit + 1)).fetchall())):
                if rows:
                    self.readings.append(reading)
                    self._add(rows, "exact", reading)
        super()._numbers()

    def _is_known(self, number: str) -> bool:
        return super()._is_known(number) or bool(self._sql(TICKET, (number, number)).fetchone())


TICKET = ("SELECT id FROM elector WHERE ticket_no = ? UNION SELECT elector FROM ticket WHERE ticket_no = ?")
