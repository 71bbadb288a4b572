"""One application on the desk: what it waits for, and the one thing that Enter does."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui import wareki
from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.certificate import issuing, rules
from sanjo_tui.receptions.certificate.matching import Candidate
from sanjo_tui.receptions.certificate.words import Act, Kind, State
from screens import certificate_forms as forms
from screens.form import Field, FormScreen
from screens.panels import Hints, Panel, Pick
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.service import Receipt
    from sanjo_tui.receptions.certificate.records import Application
    from screens.certificate import CertificateScreen
    from screens.service import PaperChoice

OVER = (State.CONSULTED, State.REFUSED, State.WITHDRAWN)
"""Nothing can be issued from here."""


class ApplicationPanel(Panel):
    """Enter issues where that can be, then hands over, then goes to the next person."""

    help = ("Enter は、この申請で次にすることを行います(発行、交付)。まだできないときは理由が出ています。\n"
            "F3 この申請の仕事: 家屋の変更と確認、予定日、自己判定、再調査、再発行、書損、取下など\n"
            "F5 書類: 申請書、受付票、証明書の再印刷")

    def __init__(self, screen: CertificateScreen, application: Application, receipt: Receipt | None = None) -> None:
        super().__init__(screen)
        self.desk, self.application, self.receipt = screen, application, receipt
        self.takes_tap = self.takes_text = self._finished

    @property
    def _finished(self) -> bool:
        """Nothing more is to be done here now: the next card may come."""
        waiting = self.application.state in (State.WAITING, State.SURVEYED, State.RESURVEY)
        return waiting or self.application.state in (State.HANDED, *OVER)

    @override
    def verdict(self) -> Verdict:
        a, said = self.application, (self.receipt.message if self.receipt else "")
        number = f"受付番号 {a.number}"
        before = f"{said}  " if said else ""
        if a.state in OVER:
            return Verdict(Weight.NOTICE, f"{before}{a.state.label}",
                           notes=(number, rules.next_step(a).removesuffix("。")))
        if a.state is State.PREPARED and not a.needs_reissue:
            return Verdict(Weight.READY, f"{before}Enter で交付(署名をもらう)",
                           notes=(f"証明書 {a.standing.number if a.standing else ''}",))
        if a.needs_reissue:
            todo = "Enter で再交付" if a.state is State.REDECIDED else "書損にして出し直す(F3)"
            return Verdict(Weight.CAUTION, f"{before}新しい判定と違います。{todo}", code="E-STALE", notes=(number,))
        if a.state is State.SELF_REVIEW:
            return Verdict(Weight.READY, f"{before}Enter で写真の審査", notes=(number,))
        if reason := issuing.why_not(a):
            weight = Weight.READY if said else Weight.CAUTION
            return Verdict(weight, f"{before}{reason}", code="E-PENDING",
                           notes=(number, *(("次の方どうぞ",) if said else ())))
        if a.may(Act.ISSUE):
            return Verdict(Weight.READY, f"{before}Enter で{a.what.label}を発行", notes=(number,))
        return Verdict(Weight.READY if said else Weight.NOTICE, f"{before}{a.state.label}", notes=(
            number, "Enter で次の方へ"))

    @override
    def title(self) -> str:
        a = self.application
        return f"{shown_name(a.head_name)} さんの世帯  {a.what.label}  {a.state.label}"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        a = self.application
        judged = (f"{a.judged.grade.label} {('自己判定', '1次', '2次', '再調査')[a.judged.stage]}"
                  f" {a.judged.ratio and a.judged.ratio + '%'}" if a.judged else "まだありません")
        bound = "、".join(a.binding.reasons) + (f" 確認 {a.binding.confirmed_by}" if a.binding.confirmed_by else "")
        text = [f"申請者   {shown_name(a.applicant_name)} ({a.applicant.label})  本人確認 {a.verified_by.label}",
                f"世帯員   {'、'.join(shown_name(m.name) for m in a.members)}",
                f"家屋     {shown(a.binding.address)}  {a.binding.house}  地番 {a.binding.parcel_no}",
                f"         {bound}" + ("  もう一人の確認待ち" if a.needs_second else ""),
                f"判定     {judged}"]
        if a.what is Kind.REPORT:
            text[-1] = f"届出     {shown(a.damage_note)}  写真 {a.photos}枚"
        if a.expected_on and a.state in (State.WAITING, State.SURVEYED, State.SELF_REVIEW):
            text.append(f"予定     {a.expected_on}")
        for c in a.certificates:
            grade = c.grade.label if c.grade else ""
            handed = f" 交付 {c.handed_on}" if c.handed_on else ""
            text.append(f"証明書   {c.number} {grade} {c.standing.label}{handed} {shown(c.reason)}")
        if a.changes:
            text.append("住基の更新: " + "、".join(n.what for n in a.changes))
        return [Content(pad(" " + line, width)) for line in text][:height]

    @override
    def hints(self) -> Hints:
        return (("Enter", "進む"), ("F3", "この申請の仕事"), ("F5", "書類"), ("Esc", "戻る"))

    def papers(self) -> Sequence[PaperChoice]:
        """F5: of this application first."""
        a = self.application
        found: list[PaperChoice] = [("受付票", "certificate.ticket", {"application": a.number}),
                                    ("申請書(記入済み)", "certificate.form", {"application": a.number}),
                                    ("委任状(この申請)", "certificate.proxy", {"application": a.number})]
        if a.standing is not None:
            form = "certificate.certificate" if a.what is Kind.GRADE else "certificate.report"
            found.insert(0, (f"{a.what.label} {a.standing.number}", form,
                             {"application": a.number, "number": a.standing.number}))
        return found

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            if not await self.desk.open_next():
                self.desk.rest()
        elif key == "enter":
            await self._enter()

    async def _enter(self) -> None:
        a, service = self.application, self.desk.certificates
        if a.state is State.PREPARED and not a.needs_reissue:
            await self.do(partial(service.hand_over, a.number))
        elif a.state is State.SELF_REVIEW:
            self._review()
        elif not issuing.why_not(a) and (a.may(Act.ISSUE) or (a.may(Act.REISSUE) and a.needs_reissue)):
            await self.do(partial(service.issue, a.number))
        elif self._finished and not await self.desk.open_next():
            self.desk.rest()

    async def do(self, act: Callable[[], Receipt]) -> None:
        """Record, then show the application as it is now."""
        receipt = await self.desk.ask(act)
        await self.desk.refresh_facts()
        await self.desk.open_application(self.application.number, receipt)

    def _review(self) -> None:
        a, service = self.application, self.desk.certificates
        disaster = service.known()
        grade = rules.proposed_grade(disaster, a)

        async def picked(accept: bool) -> None:
            act = service.accept_self if accept else service.reject_self
            await self.do(partial(act, a.number))

        options: list[tuple[str, bool]] = [("写真では足りない。調査に回す", False)]
        if grade is not None:
            options.insert(0, (f"写真を見た。{grade.label} と判定する", True))
        self.desk.show(Pick(self.desk, "自己判定の審査", options, picked, enter=False, back=self._back,
                            prompt="写真を見て、番号で選んでください",
                            notes=(f"写真 {a.photos}枚 {shown(a.photo_note)}",)))

    async def _back(self) -> None:
        self.desk.show(self)

    # --- F3

    async def own_key(self, key: str) -> bool:
        """F3: what else the table of states allows."""
        if key != "f3":
            return False
        a = self.application
        options: list[tuple[str, Callable[[], Awaitable[None]]]] = []
        service, number = self.desk.certificates, a.number
        if a.needs_second and a.may(Act.CONFIRM):
            options.append(("家屋を確認する(もう一人の職員)", self._confirm))
        if a.may(Act.REBIND) and a.standing is None:
            options.append(("家屋を変える", self._rebind))
        if a.may(Act.EXPECT):
            options.append(("予定日を伝える", self._expect))
        if a.may(Act.ASK_RESURVEY) and a.what is Kind.GRADE:
            options.append(("再調査の申請", self._reasoned("再調査の申請", service.ask_resurvey)))
        if a.may(Act.DROP_RESURVEY):
            options.append(("再調査の取下", self._reasoned("再調査の取下", service.drop_resurvey)))
        if a.may(Act.SAME_AGAIN) and a.standing and not a.needs_reissue:
            options.append(("再発行(同じ内容、前の番号は失効)", self._reasoned("再発行の理由", service.same_again)))
        if a.standing is not None:
            void = partial(service.void, number, a.standing.number)
            options.append((f"書損にする {a.standing.number}", self._reasoned(
                "書損の理由", lambda _number, reason: void(reason))))
        if a.may(Act.REFUSE):
            options.append(("不交付にする", self._reasoned("不交付の理由", service.refuse)))
        if a.may(Act.WITHDRAW):
            options.append(("取り下げる", self._reasoned("取下の理由", service.withdraw)))
        if a.changes:
            options.append(("住基の更新を対応済みにする", partial(self.do, partial(service.settle, number))))

        async def picked(act: Callable[[], Awaitable[None]]) -> None:
            await act()

        self.desk.show(Pick(self.desk, f"この申請の仕事  {number}", options, picked, enter=False, back=self._back,
                            empty="この申請でできる仕事はありません"))
        return True

    def _reasoned(self, heading: str, act: Callable[[str, str], Receipt]) -> Callable[[], Awaitable[None]]:
        async def ask() -> None:
            answers = await self.desk.sanjo.push_screen_wait(FormScreen(heading, [
                Field(key="reason", label="理由", required=True)]))
            if answers is not None:
                await self.do(partial(act, self.application.number, answers["reason"]))

        return ask

    async def _confirm(self) -> None:
        other = await forms.second(self, "家屋の確認(もう一人の職員)")
        if other is not None:
            await self.do(partial(self.desk.certificates.confirm_binding, self.application.number, *other))

    async def _expect(self) -> None:
        answers = await self.desk.sanjo.push_screen_wait(FormScreen("予定日", [
            Field(key="day", label="予定日", required=True, hint="例: R8.12.1")]))
        if answers is None:
            return
        found = wareki.typed(answers["day"])
        if found is None or found.calendar_day is None:
            self.desk.warn("日付として読めません")
            return
        await self.do(partial(self.desk.certificates.expect, self.application.number, found.calendar_day))

    async def _rebind(self) -> None:
        screen, service = self.desk, self.desk.certificates

        async def typed(text: str) -> None:
            found = await screen.ask(service.search_houses, text)
            options: list[tuple[str, Any]] = [
                (f"{pad(shown(h.address), 34)} {pad(h.use, 8)} 地番{h.parcel_no} 図{h.map_sheet}", h) for h in found]

            async def picked(house: Any) -> None:
                candidate = Candidate(house=house, score=0, reasons=("職員が選んだ",))
                await self.do(partial(service.rebind, self.application.number, candidate))

            screen.show(Pick(screen, f"「{shown(text)}」 {len(found)}件", options, picked, enter=False,
                             back=self._back, prompt="家屋を番号で選んでください", notes=(forms.MANUAL,),
                             weight=Weight.CAUTION, empty="見つかりません"))

        screen.show(forms.Typed(screen, forms.HOUSE, "家屋を変える", typed, note=forms.MANUAL, back=self._back))
