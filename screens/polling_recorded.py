"""受付しました, and what to hand out, until the next key or card."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.polling.events import Handed, ProvisionalVote, Received
from sanjo_tui.receptions.polling.words import Oath, SignaturePolicy
from screens.panels import Hints, Panel
from screens.polling_sight import Sheet, sheets
from screens.widgets import shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.voters import Receipt, VoterLook
    from screens.polling import PollingScreen


class Recorded(Panel):
    """受付しました, and what to hand out, until the next key or card."""

    takes_tap = takes_text = True
    help = ("記録は終わっています。表示された用紙を、箱の順に全部渡してください。\n"
            "次の方のカードか入場券をかざすと、続けて受け付けます。\n"
            "まちがえたときは F9 取消(用紙が全部手もとにあるときだけ)。書きまちがいの引換は F4 です。")

    def __init__(self, screen: PollingScreen, receipt: Receipt, look: VoterLook | None = None) -> None:
        super().__init__(screen)
        self.desk, self.receipt, self.look = screen, receipt, look
        self.handed: tuple[Handed, ...] = ()
        for recorded in receipt.recorded:
            event = recorded.event
            if isinstance(event, Received):
                self.handed = event.issued
            elif isinstance(event, ProvisionalVote):
                self.handed = event.papers

    @override
    def verdict(self) -> Verdict:
        receipt = self.receipt
        hand = f"用紙を{len(self.handed)}枚渡してください" if self.handed else shown(receipt.detail)
        printing = "宣誓書と交付票を印刷します" if len(receipt.jobs) > 1 else "印刷します" if receipt.jobs else ""
        follow = "Enter で次のカードへ" if self.desk.waiting else "次の方どうぞ"
        notes = tuple(part for part in (receipt.reception_no, printing, self._to_sign(), follow) if part)
        return Verdict(Weight.READY, f"{receipt.message}  {hand}".rstrip(), notes=notes)

    def _to_sign(self) -> str:
        """What is done with the 宣誓書: the town's policy for a printed one, the 受付番号 for one that was written."""
        made = next((r.event.oath for r in self.receipt.recorded if isinstance(r.event, Received)), None)
        if made is None or self.desk.election is None:
            return ""
        if made is not Oath.PRINTED:
            return "宣誓書に受付番号を書きます"
        signed = self.desk.election.signature_policy is SignaturePolicy.SIGNED
        return "宣誓書に署名をもらいます" if signed else "宣誓書は職員が確かめます"

    @override
    def title(self) -> str:
        return f"{shown_name(self.look.elector.name)} さん" if self.look is not None else ""

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        election = self.desk.election
        if election is None:
            return []
        known = {contest.code: contest for contest in election.in_order}
        word = "仮投票" if any(isinstance(r.event, ProvisionalVote) for r in self.receipt.recorded) else "渡す"
        listed = [Sheet(known[one.contest], one.paper, word) for one in self.handed if one.contest in known]
        listed.sort(key=lambda sheet: list(known).index(sheet.contest.code))
        return sheets(listed, width, height)

    @override
    def hints(self) -> Hints:
        return (("Enter", "次へ"), ("F4", "書損・返付"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key in ("enter", "escape") and not await self.desk.open_next():
            self.desk.rest()

