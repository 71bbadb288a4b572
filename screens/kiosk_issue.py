"""Issuing at the counter, step by step in place; and one issue number afterwards: taken, left behind, void."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.identity import IdentifiedBy, VerifiedBy
from sanjo_tui.receptions.kiosk.rules import Wish
from sanjo_tui.receptions.kiosk.setup import Offer
from sanjo_tui.receptions.kiosk.state import Issue
from sanjo_tui.receptions.kiosk.words import Channel, Include, State, Tender, Whom
from sanjo_tui.receptions.shelter.look import day_and_clock
from screens.form import Field, FormScreen
from screens.members import Members
from screens.panels import Hints, Panel, Pick, Reading
from screens.questions import Question, ask_all
from screens.verifying import verify
from screens.widgets import row, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.kiosk.desk import Look
    from screens.kiosk import KioskScreen
    from screens.service import PaperChoice


class Flow:
    """What has been chosen so far for whoever is on the desk."""

    class Kinds(Pick):
        """The kinds of certificates; F3 leads to the seal."""

        def __init__(self, flow: Flow, options: Sequence[tuple[str | Content, Any]]) -> None:
            super().__init__(flow.screen, f"{shown_name(flow.look.who.name)} さん  {flow.verified.label}", options,
                             flow.kind, prompt="証明書を番号で選んでください", enter=False)
            self.flow = flow

        @override
        def hints(self) -> Hints:
            return (("数字", "選ぶ"), ("F3", "印鑑登録"), ("Esc", "戻る"))

        @override
        def kept(self) -> tuple[str, dict[str, Any]] | None:
            return self.flow.look.who.addressee_no, {}

    def __init__(self, screen: KioskScreen, look: Look) -> None:
        self.screen, self.look = screen, look
        self.verified = VerifiedBy.CARD_FACE
        self.wish: Wish | None = None
        self.offer: Offer | None = None

    def begin(self) -> None:
        """The face, never a PIN."""
        verify(self.screen, f"{shown_name(self.look.who.name)} さんの本人確認", self._verified,
               by_card=self.look.card_seen, interview=False)

    async def _verified(self, way: VerifiedBy) -> None:
        self.verified = way
        await self._kinds()

    async def _kinds(self) -> None:
        offers = await self.screen.ask(self.screen.kiosk.offers, Channel.COUNTER)
        self.screen.show(Flow.Kinds(self, [(row([(one.kind.label, 24), (why, 40)], self.screen.size.width - 5), one)
                                           for one, why in offers]))

    async def kind(self, offer: Offer) -> None:
        """A kind was chosen."""
        who = self.look.who.addressee_no
        self.offer = offer
        self.wish = Wish(
            certificate=offer.kind, channel=Channel.COUNTER, person=who, subjects=(who,), verified_by=self.verified,
            identified_by=IdentifiedBy.CARD if self.look.card_seen else IdentifiedBy.SEARCH,
            user_id=self.look.opened.link.user_id if self.look.opened.link else "", card_seen=self.look.card_seen)
        if offer.whom is Whom.SELF:
            await self._subjects((who,))
            return
        self.screen.show(Members(self.screen, self.look.opened, self._subjects, chosen=(who,),
                                 prompt="だれの証明書か番号で選んで Enter", notes=(offer.kind.label,),
                                 barred=await self.screen.ask(self.screen.kiosk.barred, self.look, offer)))

    async def _subjects(self, chosen: tuple[str, ...]) -> None:
        assert self.wish is not None and self.offer is not None
        self.wish, setup = replace(self.wish, subjects=chosen), self.screen.kiosk.setup
        questions: list[Question] = []
        if self.offer.kind.of_a_year:
            now = setup.fiscal_year(self.screen.kiosk.clock().date())
            years = (now,) if self.offer.current_year_only else (now, now - 1, now - 2)
            questions.append(Question(key="fiscal_year", label="年度",
                                      options=tuple((year, f"{year}年度") for year in years)))
        if self.offer.needs_registration:
            questions.append(Question(key="domicile_confirmed", label="本籍がここにあるか、利用登録が済んでいますか",
                                      options=((True, "はい"), (False, "いいえ"))))
        if self.offer.includes:
            questions.append(Question(key="includes", label="ふだん省くものを載せますか", options=(
                ((), "載せない(ふつう)"), *(((one,), one.label) for one in self.offer.includes),
                (tuple(self.offer.includes), "すべて載せる"))))
        questions.append(Question(key="copies", label="通数", hint=f"1 から {setup.most_copies}", value="1",
                                  check=_digits))
        questions.append(Question(key="paid", label="支払", options=(
            *((one, one.label) for one in (Tender.CASH, Tender.CARD)), *((one, one) for one in setup.exemptions))))
        await ask_all(self.screen, self.offer.kind.label, questions, self._answered, self._kinds)

    async def _answered(self, answers: dict[str, Any]) -> None:
        assert self.wish is not None
        paid = answers.pop("paid")
        tender, exemption = (paid, "") if isinstance(paid, Tender) else (Tender.EXEMPT, str(paid))
        includes: tuple[Include, ...] = answers.pop("includes", ())
        self.wish = replace(self.wish, tender=tender, exemption=exemption, includes=includes,
                            copies=int(answers.pop("copies")), **answers)
        await self._summary()

    async def _summary(self) -> None:
        wish, names = self.wish, {one.addressee_no: one.name for one in self.look.members}
        assert wish is not None
        cost = await self.screen.ask(self.screen.kiosk.charge, wish)
        off = f"  カード割引 {cost.discount:,}円" if cost.discount else ""
        lines: list[str | Content] = [
            f"証明書    {wish.certificate.label}" + (f"  {wish.fiscal_year}年度" if wish.fiscal_year else ""),
            f"申請者    {shown_name(self.look.who.name)}  {wish.verified_by.label}",
            f"だれの    {'、'.join(shown_name(names[key]) for key in wish.subjects)}"]
        if wish.includes:
            lines.append(f"記載      {'、'.join(one.label for one in wish.includes)}")
        lines.append(Content.assemble((f"手数料    {cost.total:,}円", "bold"),
                                      f"  {wish.copies}通  {wish.exemption or wish.tender.label}{off}"))
        self.screen.show(Reading(self.screen, f"{shown_name(self.look.who.name)} さん", lines, back=self._kinds,
                                 on_enter=("発行", self._issue)))

    async def _issue(self) -> None:
        assert self.wish is not None
        receipt = await self.screen.ask(self.screen.kiosk.issue, self.look, self.wish)
        await self.screen.recorded(receipt, ("", "  申請書に署名をもらい、証明書を渡してください。",
                                             "  渡したら F6 で番号を選び、F3 交付。"))


def _digits(text: str) -> str:
    return "" if text.isdigit() and len(text) <= 2 else "数字で入れてください"


class IssuePanel(Panel):
    """One issue number: what became of the paper."""

    help = ("F3 交付: 証明書を渡しました。  F4 取忘れ: 紙が残っています。  F7 廃止: 書き損じなど。理由が記録に残り、\n"
            "番号は二度と使われません。氏名は出ません。")

    def __init__(self, screen: KioskScreen, issue: Issue) -> None:
        super().__init__(screen)
        self.kiosk, self.issue = screen, issue

    @override
    def verdict(self) -> Verdict:
        weight = Weight.CAUTION if self.issue.state is State.FORGOTTEN else Weight.NOTICE
        return Verdict(weight, f"{self.issue.issue_no}  {self.issue.state.value}",
                       notes=(self.issue.certificate.label, self.issue.void_reason))

    @override
    def title(self) -> str:
        one = self.issue
        return f"{day_and_clock(one.issued_ms)}  {one.channel.label}  {one.copies}通  {one.fee:,}円  {one.reception_no}"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        one = self.issue
        said = [f"  申請者 宛名番号 {one.person}", f"  対象   {'、'.join(one.subjects)}",
                f"  依頼   {one.request_file or 'ファイルなし'}"]
        if one.pin_retries_left >= 0:
            said.append(f"  暗証番号の残り {one.pin_retries_left}回")
        return [Content(line) for line in said][:height]

    @override
    def hints(self) -> Hints:
        return (("F3", "交付"), ("F4", "取忘れ"), ("F7", "廃止"), ("F5", "申請書"), ("Esc", "戻る"))

    def papers(self) -> Sequence[PaperChoice]:
        """The sheet of this number."""
        return (("証明書交付申請書", "kiosk.request", {"issue_no": self.issue.issue_no}),)

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.rest()

    async def act(self, key: str) -> None:
        """F3, F4, F7."""
        number, desk = self.issue.issue_no, self.kiosk.kiosk
        if key == "f3":
            await self.kiosk.done(desk.take, number)
        elif key == "f4":
            await self.kiosk.done(desk.forget, number)
        else:
            answers = await self.screen.sanjo.push_screen_wait(FormScreen("廃止", [
                Field(key="reason", label="理由", required=True),
                Field(key="back", label="紙は戻りましたか", required=True,
                      options=((True, "はい"), (False, "いいえ")))], enter="廃止"))
            if answers is None:
                return
            await self.kiosk.done(partial(desk.void, number, answers["reason"], paper_back=bool(answers["back"])))
        self.screen.show(IssuePanel(self.kiosk, await self.screen.ask(desk.find, number)))
