"""The household of the day and the houses that may be theirs: one key takes one, with the reasons in sight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.certificate.rules import Asked
from sanjo_tui.receptions.certificate.words import Kind
from screens import certificate_forms as forms
from screens.panels import Hints, Paged
from screens.widgets import pad, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.certificate.look import Look
    from sanjo_tui.receptions.certificate.matching import Candidate
    from screens.certificate import CertificateScreen


def survey_words(look: Look, key: str) -> str:
    """What is known of a house's survey."""
    surveys = look.surveys.get(key, ())
    if not surveys:
        return "未調査"
    last = surveys[-1]
    return f"判定済 {last.grade}" if last.decided_on else f"調査済 {last.grade}(判定前)"


class HouseholdPanel(Paged):
    """Applications of this household first, then candidates. Enter takes the one sure house, digits any row."""

    help = ("Enter は 1 番の家屋で申請を受け付けます(候補が一つに決まるときだけ)。ほかは番号で選びます。\n"
            "住所が合わない候補と、F4 で探した家屋には、発行の前にもう一人の職員の確認が要ります。\n"
            "F2 自己判定(写真)  F3 被災届出証明  F4 家屋を探す  F6 電話や通数など詳しく書いて申請  F7 相談だけを記録")

    def __init__(self, screen: CertificateScreen, look: Look, opened: Opened) -> None:
        super().__init__(screen)
        self.desk, self.look, self.opened = screen, look, opened
        going = tuple(a for a in look.applications if a.is_open)
        self.rows_: tuple[Any, ...] = (*going, *look.candidates)
        self.going = len(going)

    @override
    def verdict(self) -> Verdict:
        verdict, look = self.look.verdict, self.look
        notes = (*((f"避難中: {look.in_shelter}",) if look.in_shelter else ()), *verdict.notes)
        message = verdict.message
        if verdict.weight is Weight.READY and self.going:
            message = message.replace("1 の家屋", f"{self.going + 1} の家屋")
        return replace(verdict, message=message, notes=notes)

    @override
    def title(self) -> str:
        household = self.look.household
        names = "、".join(shown_name(m.name) for m in household.members[:4])
        more = f" ほか{len(household.members) - 4}人" if len(household.members) > 4 else ""
        where = "災害の日の世帯" if household.registered else "災害の日の住基にいません"
        return f"{shown(self.look.title)} {where}: {names}{more}"

    @override
    def count(self) -> int:
        return len(self.rows_)

    @override
    def line(self, index: int, mark: str, width: int) -> Content:
        row, sure = self.rows_[index], None
        if index < self.going:
            text = f"申請済 {row.number} {row.what.label} {row.state.label}  {shown(row.binding.address)}"
        else:
            sure = row.sure
            house = row.house
            sheet = f"図{house.map_sheet}" if house.map_sheet else ""
            text = (f"{pad(shown(house.address), 30)} {pad(house.use, 8)} {pad(survey_words(self.look, house.key), 22)}"
                    f" {sheet}")
        head = Content.assemble((f" {mark} ", "bold"), ("" if sure is None else "確 " if sure else "   ", "bold"))
        return (head + Content(pad(text, max(0, width - 6)))).truncate(width, pad=True)

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        address = self.look.household.head_address
        lines = [Content(pad(f" 住所 {shown(address)}", width))] if address else []
        for index in range(self.top, min(self.count(), self.top + 9)):
            lines.append(self.line(index, str(index - self.top + 1), width))
            if index >= self.going:
                reasons = "、".join(self.rows_[index].reasons)
                lines.append(Content(pad(f"      {reasons}", width)).stylize("$faint"))
        more = self.more()
        return [*lines[:height - bool(more)], *([Content(more)] if more else [])]

    @override
    def hints(self) -> Hints:
        enter = (("Enter", "申請"),) if self.look.sure and not self.going else ()
        if not self.look.household.registered or self.look.verdict.code == "E-PROTECTED":
            return (("F4", "家屋を探す"), ("F7", "相談"), ("Esc", "戻る"))
        return (*enter, ("番号", "家屋"), ("F2", "自己判定"), ("F3", "被災届"), ("F4", "探す"), ("F6", "詳しく"),
                ("F7", "相談"), ("Esc", "戻る"))

    @override
    def kept(self) -> tuple[str, Mapping[str, Any]] | None:
        return self.opened.who, {}

    @override
    async def key(self, key: str, character: str) -> None:
        index = self.digit(character)
        if key == "escape":
            self.screen.rest()
        elif self.move(key):
            return
        elif index is not None:
            await self.pick(self.rows_[index], index)
        elif key == "enter" and self.look.sure is not None and not self.going:
            await self.receive(self.look.sure, Asked())

    async def pick(self, row: Any, index: int) -> None:
        """An application is opened, a house is applied for."""
        if index < self.going:
            await self.desk.open_application(row.number)
        else:
            await self.receive(row, Asked())

    async def receive(self, candidate: Candidate, asked: Asked) -> None:
        """One more step where somebody was not registered there on the day."""
        if not self.look.household.registered and not asked.consultation:
            await forms.unregistered(self, candidate, asked)
            return
        await self.desk.apply(self.look, candidate, asked)

    async def own_key(self, key: str) -> bool:
        """F2 to F7."""
        first = self.look.sure or (self.look.candidates[0] if len(self.look.candidates) == 1 else None)
        protected = self.look.verdict.code == "E-PROTECTED"
        if key == "f7":
            await self.desk.apply(self.look, first, Asked(consultation=True))
        elif protected:
            return False
        elif key == "f2":
            await forms.self_assessment(self, first)
        elif key == "f3":
            await forms.report(self, first, Asked(what=Kind.REPORT))
        elif key == "f4":
            forms.search_house(self)
        elif key == "f6":
            await forms.details(self, first)
        else:
            return False
        return True
