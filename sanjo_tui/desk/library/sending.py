"""What waits for the library's system is sent, in order and with its true time; what it refuses is for the staff."""

from __future__ import annotations

import datetime as dt
import logging
from typing import TYPE_CHECKING

from sanjo_tui.desk.library.line import OnLine
from sanjo_tui.desk.library.turns import Sent, Trouble
from sanjo_tui.desk.library.waiting import Queue, Waiting
from sanjo_tui.errors import RuleError
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.words import SCOPE
from sanjo_tui.sip2.client import Unreachable
from sanjo_tui.sip2.codec import Sip2Error, Unfit
from sanjo_tui.sip2.once import Deed, End, Result, carry
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST

if TYPE_CHECKING:
    from sanjo_tui.desk.desk import Desk
    from sanjo_tui.sip2.client import Client

log = logging.getLogger(__name__)


class Sending(OnLine):
    """The queue of what waits; see Desk for threads and errors."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self.queue = Queue(desk.station.home, desk.keys)
        self.stop = ""
        """Stop of the bookmobile that was chosen, by its code."""

    def send_waiting(self) -> Sent:
        """Send what waits, in order, with its true time; what is answered is erased. Stops where the line is down.

        A loan that was kept has happened: it is sent so that the system does not refuse (no_block). NotAllowed.
        """
        self.desk.permit(Permission.RECEIVE)
        self._down_until = 0.0
        counts = {Deed.LEND: 0, Deed.RETURN: 0}
        trouble = 0
        with self.queue.sending():
            for one in self.queue.all():
                if one.trouble:
                    continue
                try:
                    with self._line() as client:
                        result = self._resend(client, one)
                except Unfit as error:
                    result = Result(end=End.REFUSED, messages=(error.message,))
                except Sip2Error as error:
                    log.info("library queue: %s", error.detail)
                    if isinstance(error, Unreachable) and not one.sent:
                        self.queue.change(one, sent=False)      # nothing has left: it may be sent at any time
                    break
                if result.end is End.DONE:
                    self.queue.erase(one)
                    counts[one.deal.deed] += 1
                else:
                    why = "・".join(result.messages) or "図書館システムが受け付けません"
                    self.queue.change(one, trouble=why if result.end is End.REFUSED else "届いたか分かりません")
                    trouble += 1
        sent = Sent(lent=counts[Deed.LEND], returned=counts[Deed.RETURN], trouble=trouble,
                    left=sum(not one.trouble for one in self.queue.all()))
        if sent.lent or sent.returned or sent.trouble:
            counted = ev.LoansCounted(subject=self.setup.branch, scope=SCOPE, lent=sent.lent, returned=sent.returned,
                                      refused=sent.trouble, offline=True)
            self.record(lambda view: (counted,))
        return sent

    def _resend(self, client: Client, one: Waiting) -> Result:
        old = dt.datetime.now(JST) - one.deal.at > dt.timedelta(hours=self.setup.settle_hours)
        return carry(client, one.deal, maybe_sent=one.sent, no_block=True, old=old,
                     tries=max(2, self.setup.link.retries), sending=lambda: self._leaves(one))

    def _leaves(self, one: Waiting) -> None:
        if not one.sent:
            self.queue.change(one, sent=True)

    def trouble(self) -> tuple[Trouble, ...]:
        """What a person must settle. No title; the number of the item goes with the entry."""
        self.desk.permit(Permission.LIST)
        found = tuple(Trouble(number=one.number, deed="貸出" if one.deal.deed is Deed.LEND else "返却",
                              item=one.deal.item, patron=one.deal.patron, at=f"{one.deal.at:%m/%d %H:%M}",
                              why=one.trouble) for one in self.queue.all() if one.trouble)
        if found:
            self.list_made("library.trouble", len(found))
        return found

    def settle(self, number: int) -> None:
        """A person has put it right in the library's system: it is erased here."""
        self.desk.permit(Permission.LIST)
        for one in self.queue.all():
            if one.number == number and one.trouble:
                self.queue.erase(one)
                self.desk.log_act("library.settled", {"entries": 1})

    def choose_stop(self, code: str) -> None:
        """The bookmobile stands at this stop; "" for none. RuleError for one that is not in the set-up."""
        self.desk.permit(Permission.RECEIVE)
        if code and code not in {one.code for one in self.setup.stops}:
            raise RuleError("その停留所は設定にありません。", "一覧から選んでください。")
        self.stop = code
