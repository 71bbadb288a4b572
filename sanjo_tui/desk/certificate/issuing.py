"""Certificates: numbers, keyed checks, 書損, 交付."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from sanjo_tui.desk.certificate.receiving import ReceivingDesk
from sanjo_tui.desk.service import Receipt
from sanjo_tui.errors import RuleError
from sanjo_tui.journal.events import Event
from sanjo_tui.receptions.certificate import events as ev
from sanjo_tui.receptions.certificate import issuing
from sanjo_tui.receptions.certificate.disaster import Disaster, certificate_no, read_certificate_no
from sanjo_tui.receptions.certificate.records import Application
from sanjo_tui.receptions.certificate.words import Applicant, Kind
from sanjo_tui.vault.roles import Permission

if TYPE_CHECKING:
    from sanjo_tui.journal.view import View

LETTERS = str.maketrans("0123456789abcdef", "ACDEFGHJKMNPRTUX")
"""Hexadecimal digits as letters that nobody mistakes for each other."""


class IssuingDesk(ReceivingDesk):
    """The part of a certificate desk that issues: the number is durable before the paper is due."""

    def issue(self, number: str) -> Receipt:
        """発行 (R6), or 再交付 after a new decision (R9): the number is durable before the paper is due."""
        return self._issue(number, lambda d, a, cert, check, today: issuing.issue(d, a, cert, check, today))

    def same_again(self, number: str, reason: str) -> Receipt:
        """再発行(同内容): a new number, the old one ends."""
        return self._issue(number, lambda d, a, cert, check, today: issuing.same_again(
            d, a, cert, check, today, reason))

    def _issue(self, number: str, rule: Callable[[Disaster, Application, str, str, dt.date], Iterable[Event]],
               ) -> Receipt:
        self.desk.permit(Permission.ADDRESS)
        disaster, today = self.known(), self.today()
        taken: list[str] = []

        def decide(view: View) -> Iterable[Event]:
            application = self._application(view, number)
            if self.hidden(application):
                raise RuleError("この方の証明書は、ここでは作りません。", "責任者が本庁で交付します。",
                                detail="E-PROTECTED")
            cert = self._next_certificate(view, disaster, today)
            graded = application.what is Kind.GRADE and application.judged
            content = issuing.content_text(disaster, cert, application,
                                         application.judged.grade if graded and application.judged else None,
                                         today.isoformat())
            taken.append(cert)
            yield from rule(disaster, application, cert, self._check(content), today)
            form = "certificate.certificate" if application.what is Kind.GRADE else "certificate.report"
            yield self.due(view, form, application=number, number=cert)

        recorded = self.record(decide)
        return self.receipt(recorded, f"証明書番号 {taken[-1]}", message="発行しました")

    def _next_certificate(self, view: View, disaster: Disaster, today: dt.date) -> str:
        """The next number of this station's range; called inside the transaction that takes it."""
        station = self.desk.station.code
        given = disaster.range_of(station)
        year = disaster.year(today)
        last = view.last_claim(ev.NUMBER, f"{year}-{station}-")
        read = read_certificate_no(last) if last else None
        serial = max(read[2] + 1 if read else given.first, given.first)
        if serial > given.last:
            raise RuleError("この端末の証明書番号を使い切りました。", "情報担当が災害の設定で番号の範囲を広げます。",
                            detail="E-RANGE")
        return certificate_no(year, station, serial)

    def _check(self, content: str) -> str:
        """Keyed check of a certificate: 64 bits of an HMAC by a key of this station's vault, in 16 letters.

        Letters, for among digits by chance a 個人番号 could stand.
        """
        return self.desk.keys.token_key("certificate", content)[:16].translate(LETTERS)

    def void(self, number: str, certificate: str, reason: str) -> Receipt:
        """書損 (R7, R8): the number is void for good, the next paper has the next one."""
        receipt = self._act(number, lambda a: issuing.void(a, self.scope, certificate, reason, self.today()),
                            f"{certificate} を書損にしました")
        self._take_back_paper(certificate)
        return receipt

    def _take_back_paper(self, certificate: str) -> None:
        from sanjo_tui.desk.service import UNSENT

        for job in self.desk.printing.pending():
            if job.parameters.get("number") == certificate and job.state in UNSENT:
                self.desk.printing.cancel(job.number, "certificate void")

    def hand_over(self, number: str, by: Applicant | None = None, *, signed: bool = True) -> Receipt:
        """交付 (R8): who took it signed the ledger."""
        return self._act(number, lambda a: issuing.hand_over(a, self.scope, self.today(), by or a.applicant,
                                                           signed=signed), "交付しました")
