"""The library's side: a card bound to its number, loans and returns over SIP2.

Nothing personal comes back from here: a count, a due date, short messages. A tap at the library is not recorded, so
that no history of visits grows (docs/library.md §7).
"""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from sanjo_tui.desk.library.sending import Sending
from sanjo_tui.desk.library.turns import Fate, Outcome, Turn
from sanjo_tui.desk.service import Receipt
from sanjo_tui.errors import RuleError, UnknownToken
from sanjo_tui.journal.events import Claim, Event
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.library import events as ev
from sanjo_tui.receptions.library.numbers import is_number
from sanjo_tui.receptions.library.standing import examine, wide
from sanjo_tui.receptions.library.state import BINDINGS, HOLDERS, Binding, Holder
from sanjo_tui.receptions.library.words import SCOPE, PatronId, Standing
from sanjo_tui.sip2.client import Unanswered, Unreachable
from sanjo_tui.sip2.codec import Sip2Error, Unfit
from sanjo_tui.sip2.messages import due_date
from sanjo_tui.sip2.once import Deal, Deed, End, Result, carry
from sanjo_tui.vault.roles import Permission
from sanjo_tui.wareki import JST, short

if TYPE_CHECKING:
    from sanjo_tui.cards.facts import CardSeen
    from sanjo_tui.desk.library.waiting import Waiting
    from sanjo_tui.journal.view import View

log = logging.getLogger(__name__)


class Lending(Sending):
    """照合, 貸出, 返却; see Desk for threads and errors."""

    # --- a card

    def tap(self, seen: CardSeen) -> Turn:
        """Whose turn it is, with what the library's system says of them. Raises UnknownToken for no user ID."""
        self.desk.permit(Permission.TAP)
        if seen.token != "user_id":
            raise UnknownToken("このカードには利用者IDがありません。", "図書館のカードで受け付けてください。")
        link = self.desk.link_of(seen, self.NAME)
        turn = Turn(token=self.desk.keys.token_key("user_id", seen.value), user_id=seen.value,
                    person=link.addressee_no if link is not None else "")
        with self.desk.journal.view() as view:
            binding: Binding | None = view.record_of(BINDINGS, SCOPE, turn.token)
        if link is not None and (link.status != "active" or link.expired_on(self.desk.today())):
            turn.verdict = Verdict(Weight.STOP, "このカードは使えません", code="CARD",
                                   notes=("期限切れか停止中です", "市民窓口へ案内します"))
        elif binding is not None and binding.standing is Standing.SUSPENDED:
            turn.verdict = Verdict(Weight.STOP, "このカードでの貸出は止められています", code="SUSPENDED",
                                   notes=("市民窓口へ案内します", "返却は F3 で受け付けます"))
        elif binding is not None and binding.standing is Standing.BOUND:
            turn.number = binding.number
            self._begin(turn)
        return turn

    def bind(self, turn: Turn, number: str, *, instead: bool = False) -> Turn:
        """照合 at the first visit: this card stands for this number. `instead`: of the card it was bound to (再発行).

        Raises RuleError: not seven digits, somebody else's, or unknown to the library's system.
        """
        self.desk.permit(Permission.RECEIVE)
        number = number.strip()
        if not is_number(number):
            raise RuleError("図書番号は7桁の数字です。", "通知書の番号を、もう一度入れてください。")
        turn.number = number
        self._begin(turn)
        if turn.verdict.code == "INVALID":
            turn.number = ""
            raise RuleError("その図書番号は、図書館に登録がありません。",
                            "図書館システムの登録と、番号を確かめてください。")

        def decide(view: View) -> Iterator[Event]:
            now: Binding | None = view.record_of(BINDINGS, SCOPE, turn.token)
            if now is not None and now.standing is not Standing.RELEASED:
                raise RuleError("このカードはもう結び付いています。", "図書館の責任者が確かめてください。")
            self._must_be_theirs(view, number, turn.person)
            held = view.holder(Claim(ev.BINDING, number))
            before = view.event(*held) if held else None
            if before is not None:
                if not instead:
                    raise RuleError("その番号は、別のカードに結び付いています。",
                                    "カードが新しくなった方なら、F4 で結び付けをかえます。")
                yield ev.BindingReleased(subject=before.event.subject, scope=SCOPE, number=number,
                                         reason="カードの再発行")
            yield ev.CardBound(subject=turn.token, scope=SCOPE, user_id=turn.user_id, number=number,
                               branch=self.setup.branch)

        try:
            self.record(decide)
        except RuleError:
            self._end(turn)
            turn.number = ""
            raise
        said = turn.verdict
        turn.verdict = Verdict(said.weight, f"登録しました  {said.message}", notes=said.notes, code=said.code)
        return turn

    @staticmethod
    def _must_be_theirs(view: View, number: str, bearer: str) -> None:
        """A number that was stopped or taken back at the hall is bound to no card, whoever brings its notice.

        `bearer`: whose the card is, where there is a register: nobody else's number is bound to it.
        """
        given = view.holder(Claim(ev.NUMBER, number))
        event = one.event if given and (one := view.event(*given)) else None
        if not isinstance(event, ev.NumberTaken | ev.HolderKnown):
            return              # the hall's journal is elsewhere: the library's system knows
        person = event.person if isinstance(event, ev.NumberTaken) else event.subject
        holder: Holder | None = view.record_of(HOLDERS, SCOPE, person)
        if holder is None or holder.number != number or holder.standing is Standing.SUSPENDED:
            raise RuleError("この図書番号は、今は使えません（利用停止か、発行の取消）。",
                            "市民窓口へ案内します。発行か更新をすると使えます。")
        if bearer and bearer != person:
            raise RuleError("この図書番号は、カードの方とは別の方に発行されています。",
                            "通知書の番号と、カードの方を確かめてください。")

    def _begin(self, turn: Turn) -> None:
        try:
            with self._line() as client:
                standing = client.standing(self._patron(turn))
                turn.verdict = examine(standing.flags, valid=standing.valid, charged=standing.charged,
                                       messages=standing.messages)
                if turn.verdict.stops:
                    client.end_session(self._patron(turn))
        except (Unreachable, Unanswered) as error:
            log.info("library: %s", error.detail)
            turn.online = False
            turn.verdict = Verdict(Weight.CAUTION, "通信がありません。貸出は端末に預かります", code="OFFLINE",
                                   notes=("図書館の登録は確かめていません",))
            return
        turn.online = True

    def _patron(self, turn: Turn) -> str:
        return turn.user_id if self.setup.patron_id is PatronId.USER_ID else turn.number

    # --- an item

    def item_of(self, text: str) -> str:
        """The number of an item as scanned or typed. Raises RuleError where it is none (or a 個人番号)."""
        item = text.strip()
        if not re.fullmatch(self.setup.item_pattern, item):
            self.desk.refuse_my_number(item)
            raise RuleError("資料番号ではありません。", "本のバーコードを読み取ってください。")
        return item

    def lend(self, turn: Turn, text: str) -> Outcome:
        """貸出 of one item. It is on this disk before anything is sent. Raises RuleError, JournalError.

        Never lent here: a card that was stopped.
        """
        self.desk.permit(Permission.RECEIVE)
        if not turn.bound or turn.verdict.stops:
            raise RuleError("この方には貸し出せません。", "Esc で戻り、画面のとおりに案内してください。")
        outcome = self._carry_out(Deed.LEND, self.item_of(text), self._patron(turn))
        turn.count(Deed.LEND, outcome.fate)
        turn.online = turn.online and outcome.fate is not Fate.KEPT
        return outcome

    def give_back(self, text: str, turn: Turn | None = None) -> Outcome:
        """返却 of one item; needs no card. RuleError, JournalError."""
        self.desk.permit(Permission.RECEIVE)
        outcome = self._carry_out(Deed.RETURN, self.item_of(text), "")
        if turn is not None:
            turn.count(Deed.RETURN, outcome.fate)
            turn.online = turn.online and outcome.fate is not Fate.KEPT
        return outcome

    def finish(self, turn: Turn) -> Receipt:
        """The person has gone: the session ends, and the counts are recorded, nobody's and no item's."""
        self.desk.permit(Permission.RECEIVE)
        self._end(turn)
        parts = [f"{word}{wide(n)}冊" for word, n in (("貸出", turn.lent), ("返却", turn.returned),
                                                    ("預かり", turn.kept_back), ("断り", turn.refused)) if n]
        if not parts:
            return Receipt(message="終わりました", detail="")
        counted = ev.LoansCounted(subject=self.setup.branch, scope=SCOPE, lent=turn.lent, returned=turn.returned,
                                  refused=turn.refused, kept_back=turn.kept_back, offline=not turn.online,
                                  stop=self.stop)
        return self.receipt(self.record(lambda view: (counted,)), detail=" ".join(parts))

    def _end(self, turn: Turn) -> None:
        """End the session: some systems answer nobody else before."""
        if turn.online and turn.bound:
            with self._talking:
                if self._client is not None:
                    self._client.end_session(self._patron(turn))

    def _carry_out(self, deed: Deed, item: str, patron: str) -> Outcome:
        setup, at = self.setup, dt.datetime.now(JST)
        due = (at + dt.timedelta(days=setup.loan_days)).replace(hour=23, minute=59, second=59, microsecond=0)
        deal = Deal(deed=deed, item=item, patron=patron, at=at, due=None if setup.link.blank_due_date else due)
        if self.down:
            self._before(deal)
            self.queue.add(deal, sent=False, stop=self.stop)
            return self._kept(deed, due)
        with self.queue.sending():                  # else another process would find it there, and send it too
            behind = self._before(deal)
            waiting = self.queue.add(deal, sent=not behind, stop=self.stop)
            return self._kept(deed, due) if behind else self._send(waiting, due)

    def _send(self, waiting: Waiting, due: dt.datetime) -> Outcome:
        deal = waiting.deal
        try:
            with self._line() as client:
                result = carry(client, deal, tries=max(2, self.setup.link.retries))
        except Unfit:
            self.queue.erase(waiting)               # it can never be sent: nothing has happened
            raise
        except Sip2Error as error:
            log.info("library: %s", error.detail)
            if isinstance(error, Unreachable):
                self.queue.change(waiting, sent=False)      # nothing has left: it may be sent at any time
            return self._kept(deal.deed, due)
        if result.end is End.UNSURE:
            self.queue.change(waiting, trouble="返事がなく、届いたか分かりません")
            return Outcome(fate=Fate.UNSURE, text="確かめられません", notes=("職員が F8 で確かめます",))
        self.queue.erase(waiting)
        return _said(deal.deed, result, due.date())

    def _before(self, deal: Deal) -> bool:
        """Something of the same item waits: what comes after it waits too. RuleError where it is this very one."""
        waiting = [one.deal for one in self.queue.all() if one.deal.item == deal.item] if self.queue.count() else []
        if waiting and (waiting[-1].deed, waiting[-1].patron) == (deal.deed, deal.patron):
            word = "貸出" if deal.deed is Deed.LEND else "返却"
            raise RuleError(f"この本の{word}は、もう預かっています。", "次の本を読み取ってください。")
        return bool(waiting)

    def _kept(self, deed: Deed, due: dt.datetime) -> Outcome:
        text = f"預かりました  返却日の目安 {short(due.date())}" if deed is Deed.LEND else "返却を預かりました"
        return Outcome(fate=Fate.KEPT, text=text, notes=("通信が戻ると送ります",))


def _said(deed: Deed, result: Result, about: dt.date) -> Outcome:
    if result.end is End.REFUSED:
        why = result.messages[0] if result.messages else "図書館システムが受け付けません"
        word = "貸出できません" if deed is Deed.LEND else "返却できません"
        return Outcome(fate=Fate.REFUSED, text=f"{word}: {why}", notes=result.messages[1:])
    day = due_date(result.due)
    until = f"  返却日 {short(day)}" if day else f"  返却日の目安 {short(about)}"
    return Outcome(fate=Fate.DONE, text=f"貸出しました{until}" if deed is Deed.LEND else "返却しました",
                   notes=result.messages)
