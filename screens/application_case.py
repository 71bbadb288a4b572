"""One application on the desk: what is known, what Enter does next, and by F2 what is seldom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.desk.application.booking import said
from sanjo_tui.receptions.application import rules
from sanjo_tui.receptions.application.words import Act, Channel, Defect, Method, State
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.wareki import short
from screens import application_forms as forms
from screens.panels import Hints, Panel, Pick
from screens.verifying import verify
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.application.desk import Look
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.receptions.application.state import Application
    from sanjo_tui.receptions.identity import VerifiedBy
    from screens.application import ApplicationScreen
    from screens.service import PaperChoice

REASONS = ("本人の申出", "病気・都合", "二重の予約", "死亡・転出")


class Fresh(Panel):
    """Somebody without an application: Enter receives them now, 1 books."""

    help = ("Enter で、予約のない方としてこのまま受け付けます。1 で予約を取ります。\n"
            "予約の方法 (電話、窓口) は、そのあとに選びます。")

    def __init__(self, screen: ApplicationScreen, opened: Opened, look: Look) -> None:
        super().__init__(screen)
        self.desk, self.opened, self.look = screen, opened, look

    @override
    def verdict(self) -> Verdict:
        return Verdict(Weight.READY, "申請はありません  Enter で来庁を受付、1 で予約",
                       notes=(*self.look.notes, *self.opened.notes))

    @override
    def title(self) -> str:
        return f"{shown_name(self.look.resident.name)} さん  {self.look.resident.birth_label}"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [Content(""), Content(pad("   Enter  予約なしで今すぐ受け付ける", width)),
                Content(pad("   1      予約を取る", width))]

    @override
    def hints(self) -> Hints:
        return (("Enter", "来庁"), ("1", "予約"), ("Esc", "戻る"))

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.desk.rest()
        elif key == "enter":
            verify(self.desk, self.title(), self._came, by_card=self.opened.link is not None)
        elif character == "1":
            await self.other()

    async def other(self) -> None:
        """Book: how it came, then the slot."""
        async def channel(how: Channel) -> None:
            await slots(self.desk, how, self._book(how), self._back)

        ways = [(how.label, how) for how in (Channel.PHONE, Channel.COUNTER, Channel.WEB)]
        self.desk.show(Pick(self.desk, f"予約: {self.title()}", ways, channel, back=self._back,
                            prompt="どの方法の予約ですか"))

    def _book(self, how: Channel) -> Callable[[str], Awaitable[None]]:
        async def chosen(slot: str) -> None:
            answers = await forms.phone(self.desk) if how is not Channel.COUNTER else {"phone": ""}
            if answers is None:
                return
            receipt = await self.desk.ask(self.desk.applications.book, self.opened.who, self.desk.place, slot, how,
                                          answers["phone"])
            await self.desk.recorded(receipt, ["", "   予約票を渡すか、受付番号を伝えます。"])
        return chosen

    async def _back(self) -> None:
        self.desk.show(self)

    async def _came(self, how: VerifiedBy) -> None:
        receipt = await self.desk.ask(partial(self.desk.applications.walk_in, self.opened.who, self.desk.place,
                                              verified_by=how, link=self.opened.link))
        await self.desk.refresh_facts()
        await self.desk.look(self.opened, receipt)


async def slots(screen: ApplicationScreen, how: Channel, then: Callable[[str], Awaitable[None]],
                back: Callable[[], Awaitable[None]]) -> None:
    """The slots that can be booked at this place."""
    found = await screen.ask(screen.applications.bookable, screen.place, how)
    name = dict(screen.places).get(screen.place, "")
    screen.show(Pick(screen, f"{name} の空き", [(f"{said(slot)}  空き{left}", slot) for slot, left in found], then,
                     back=back, prompt="時間を番号で選んでください", empty="予約できる枠がありません"))


class CasePanel(Panel):
    """Enter goes on with the application; after a step it says so and what is next."""

    help = ("Enter が次の仕事です: 来庁、写真、申請書、署名、通知、交付。\n"
            "F2 で、予約の変更、取りやめ、来庁なし、撮り直し、不備返却などを選びます。Esc で戻ります。")

    def __init__(self, screen: ApplicationScreen, opened: Opened, look: Look, application: Application,
                 receipt: Receipt | None = None) -> None:
        super().__init__(screen)
        self.desk, self.opened, self.look, self.case, self.receipt = screen, opened, look, application, receipt
        self.draft: dict[str, Any] = {}
        """Answers of a sheet that was refused: they are asked again as they were given."""

    @property
    def next(self) -> tuple[str, Callable[[], Awaitable[None]] | None]:
        """What Enter does now, in words; None where nothing is to be done at this desk."""
        one = self.case
        by_hand = one.method is Method.ON_RECEIPT
        match one.state:
            case State.BOOKED:
                return "来庁を受付", self._arrive
            case State.ARRIVED:
                return "写真を取り込む", self.photograph
            case State.PHOTOGRAPHED:
                return "申請書を作る", self.fill
            case State.FORM_READY:
                return "署名を確かめた", self._sign
            case State.SENT if by_hand:
                return "交付通知書を出した", partial(self._do, "notify")
            case State.SENT:
                return "郵便で交付した", partial(self._do, "deliver")
            case State.NOTIFIED:
                return "カードを交付", self._deliver
            case State.RETURNED:
                photo = one.defect is Defect.PHOTO
                return ("写真を撮り直す", self.photograph) if photo else ("申請書を作り直す", self.fill)
        return "", None

    @override
    def verdict(self) -> Verdict:
        words, _ = self.next
        other = self.case.place if self.case.state is State.BOOKED and self.case.place != self.desk.place else ""
        notes = tuple(part for part in (f"予約の場所は {dict(self.desk.places).get(other, other)}" if other else "",
                                        *(self.opened.notes if not self.receipt else ()), *self.look.notes,
                                        "印刷します" if self.receipt and self.receipt.jobs else "") if part)
        if not words:
            return Verdict(Weight.NOTICE, f"{self.case.state.label}: 送付は F8 です", notes=notes)
        if self.receipt:
            return Verdict(Weight.READY, f"受付しました  Enter で{words}", notes=notes)
        weight = Weight.CAUTION if other or self.case.reissue or self.case.changes else Weight.READY
        return Verdict(weight, f"{self.case.state.label}  Enter で{words}", notes=notes)

    @override
    def title(self) -> str:
        resident = self.look.resident
        return f"{shown_name(resident.name)} さん  {resident.birth_label}  {self.case.number}"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        lines = [Content("")]
        for label, text in self._facts():
            lines.append(Content.assemble((pad(f"   {label}", 16), "$faint"), shown(text)))
        return lines[:height]

    def _facts(self) -> list[tuple[str, str]]:
        one = self.case
        facts = [("状態", one.state.label), ("予約", f"{said(one.slot)}  {one.channel.label}")]
        if one.photo_sha256 or one.photo_none:
            facts.append(("写真", "なし(1歳未満)" if one.photo_none else f"あり  確認 {one.photo_checked_by}"))
        if one.application_form_id:
            wishes = "と".join(word for word, on in (("署名用", one.sign), ("利用者証明用", one.auth)) if on) or "なし"
            facts += [("申請書ID", rules.masked(one.application_form_id) + (" 要再発行" if one.reissue else "")),
                      ("方法", one.method.label), ("電子証明書", wishes),
                      ("代理人", f"{one.representative} {one.relation}" if one.representative else "なし")]
        if one.sent_on:
            facts.append(("送付", f"{short_day(one.sent_on)}  送付書 {one.batch}"))
        if one.notice_sent_on:
            facts.append(("通知", short_day(one.notice_sent_on)))
        if one.defect:
            facts.append(("不備", f"{one.defect.label} {one.defect_note}".strip()))
        return facts

    def papers(self) -> list[PaperChoice]:
        """Papers of this application, for F5."""
        number = {"number": self.case.number}
        if self.case.state is State.BOOKED:
            return [("予約票 (この方)", "application.slip", number)]
        return [("申請書 台紙 (この方)", "application.sheet", number)] if self.case.application_form_id else []

    @override
    def hints(self) -> Hints:
        words, _ = self.next
        enter = (("Enter", words),) if words else ()
        return (*enter, ("F2", "ほかの手続"), ("F5", "書類"), ("Esc", "戻る"))

    @override
    def kept(self) -> tuple[str, dict[str, Any]] | None:
        return self.opened.who, {}

    @override
    async def key(self, key: str, character: str) -> None:
        _, act = self.next
        if key == "escape":
            self.desk.rest()
        elif key == "enter" and act is not None:
            await act()

    # --- steps

    async def again(self, receipt: Receipt | None = None) -> None:
        """The application as it stands now."""
        if receipt is not None:
            await self.desk.refresh_facts()
        await self.desk.look(self.opened, receipt)

    async def _arrive(self) -> None:
        async def known(how: VerifiedBy) -> None:
            await self.again(await self.desk.ask(partial(self.desk.applications.arrive, self.case.number,
                                                         verified_by=how, link=self.opened.link)))

        verify(self.desk, self.title(), known, by_card=self.opened.link is not None)

    async def _deliver(self) -> None:
        async def known(how: VerifiedBy) -> None:
            await self.desk.recorded(await self.desk.ask(self.desk.applications.deliver, self.case.number, how))

        verify(self.desk, self.title(), known, by_card=self.opened.link is not None, interview=False)

    async def photograph(self) -> None:
        """A photo from a file, or none for a child under one."""
        if await self.desk.ask(self.desk.applications.needs_no_photo, self.case):
            await self.again(await self.desk.ask(self.desk.applications.no_photo, self.case.number))
        else:
            await forms.photo(self)

    async def fill(self) -> None:
        """The sheet."""
        asked = await forms.sheet(self)
        if asked is not None:
            await self.again(await self.desk.ask(self.desk.applications.fill, self.case.number, asked))

    async def _sign(self) -> None:
        receipt = await self.desk.ask(self.desk.applications.sign, self.case.number)
        await self.desk.recorded(receipt, ["", "   台紙と申請書を送付の箱に入れます。送付は F8 です。"])

    async def _do(self, act: str) -> None:
        await self.desk.recorded(await self.desk.ask(getattr(self.desk.applications, act), self.case.number))

    # --- what is seldom

    async def other(self) -> None:
        """F2: what else the table allows now."""
        one = self.case
        offers: list[tuple[str, bool, Callable[[], Awaitable[None]]]] = [
            ("予約の変更", one.may(Act.MOVE), self._move),
            ("写真の撮り直し", one.may(Act.PHOTOGRAPH) and one.state is not State.ARRIVED, self.photograph),
            ("申請書の作り直し", one.may(Act.FILL) and one.state is not State.PHOTOGRAPHED, self.fill),
            ("不備で戻った", one.may(Act.RETURN), self._return),
            ("来庁なし", one.may(Act.MISS), partial(self._do, "no_show")),
            ("取りやめ", one.may(Act.CANCEL), self._cancel),
            ("住基の変更を確かめた", bool(one.changes), partial(self._do, "settle"))]

        async def picked(act: Callable[[], Awaitable[None]]) -> None:
            await act()

        self.desk.show(Pick(self.desk, f"ほかの手続: {self.title()}",
                            [(label, act) for label, on, act in offers if on], picked, back=self._back, enter=False,
                            empty="今できる手続はありません"))

    async def _back(self) -> None:
        self.desk.show(self)

    async def _move(self) -> None:
        async def chosen(slot: str) -> None:
            await self.desk.recorded(await self.desk.ask(self.desk.applications.move, self.case.number,
                                                         self.desk.place, slot))

        await slots(self.desk, Channel.PHONE, chosen, self._back)

    async def _cancel(self) -> None:
        async def chosen(reason: str) -> None:
            await self.desk.recorded(await self.desk.ask(self.desk.applications.cancel, self.case.number, reason))

        self.desk.show(Pick(self.desk, "取りやめの理由", [(reason, reason) for reason in REASONS], chosen, enter=False,
                            back=self._back, weight=Weight.CAUTION, prompt="理由を番号で選んでください"))

    async def _return(self) -> None:
        async def chosen(defect: Defect) -> None:
            note = await forms.note(self.desk) if defect is Defect.OTHER else ""
            if note is not None:
                await self.desk.recorded(await self.desk.ask(self.desk.applications.give_back, self.case.number,
                                                             defect, note))

        self.desk.show(Pick(self.desk, "何の不備ですか", [(one.label, one) for one in Defect], chosen, enter=False,
                            back=self._back, weight=Weight.CAUTION, prompt="不備を番号で選んでください"))


def short_day(day: str) -> str:
    """R8.12.1."""
    import datetime as dt

    return short(dt.date.fromisoformat(day))
