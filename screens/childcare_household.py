"""The children of a household: who counts until when, what a person must make sure of, and the application."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.childcare.rules import Answer, valid_until
from sanjo_tui.receptions.childcare.words import Place, Role
from sanjo_tui.wareki import short, typed
from screens.members import Members
from screens.panels import Hints, Pick
from screens.questions import Question, ask_all
from screens.widgets import shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk import Opened
    from sanjo_tui.desk.childcare.looks import Look
    from sanjo_tui.receptions.identity import VerifiedBy
    from screens.childcare import ChildcareScreen

HAND_OVER = "   申請書に署名をもらい、写真を取り込みます (もう一度この方を開きます)。"


def _day(text: str) -> str:
    """Whether a last day was typed as a day of the calendar."""
    found = typed(text)
    return "" if found is not None and found.calendar_day else "日付ではありません (例 R19.3.31、20370331)"


class Counting(Members):
    """Who counts is marked already; digits change it, Enter applies (or renews, where there is a card)."""

    help = ("印の付いた子どもを数えます。数字で付け外しします。右の日付は、その子を数える最後の日です。\n"
            "要確認の子どもを選ぶと、確かめた方法を聞きます。生年月日の分からない子どもは、最後の日も聞きます。\n"
            "Enter で申請します。F3 は、祖父母が別の世帯にいるときです。Esc は記録せずに戻ります。")

    def __init__(self, screen: ChildcareScreen, opened: Opened, look: Look, how: VerifiedBy,
                 children: Opened | None = None) -> None:
        self.care, self.holder, self.look, self.how = screen, opened, look, how
        self.kids = {kid.addressee_no: kid for kid in look.looked.kids}
        household = children or replace(opened, household=look.household)
        members = household.household.members if household.household else ()
        barred = {one.addressee_no: "" for one in members if one.addressee_no not in self.kids}
        states = {number: "要確認" if not kid.sure else f"{short(kid.until)}まで" if kid.until else ""
                  for number, kid in self.kids.items()}
        super().__init__(screen, household, self._chosen, chosen=look.looked.sure, barred=barred, states=states)

    @property
    def needed(self) -> int:
        """How many children it takes."""
        return self.look.card.needed if self.look.card else self.care.rule.needed()

    @override
    def toggle(self, index: int) -> None:
        if self.members[index].addressee_no in self.barred:
            self.cursor = index
            self.screen.warn("子どもの年齢ではありません")
            return
        super().toggle(index)

    @override
    def verdict(self) -> Verdict:
        count, needed = len(self.chosen), self.needed
        whose = () if self.opened.who == self.holder.who else (f"{shown_name(self.look.resident.name)} さんのカード",)
        notes = (*whose, self.how.label, *self.opened.notes)
        if count < needed:
            return Verdict(Weight.CAUTION, f"数える子どもが{count}人です。{needed}人からです", notes=notes)
        untils = [kid.until for number in self.chosen if (kid := self.kids[number]).until]
        end = valid_until(untils, needed, self.care.rule.fixed_end)
        what = "更新" if self.look.card else "申請"
        until = f"  {short(end)}まで" if end else ""
        role = self.look.looked.role
        who = f"{role.label}として" if role and not self.look.looked.role_ask else ""
        return Verdict(Weight.READY, f"Enter で{who}{what}  子{count}人{until}", notes=notes)

    @override
    def hints(self) -> Hints:
        return (("数字", "数える"), ("Enter", "更新" if self.look.card else "申請"),
                *((("F3", "別世帯の孫"),) if self.may_be_elsewhere else ()), ("Esc", "戻る"))

    @property
    def may_be_elsewhere(self) -> bool:
        """Whether the children may be in another household: before an application, and for a card given that way."""
        return self.look.card is None or self.look.card.place is not Place.HOUSEHOLD

    @override
    def kept(self) -> tuple[str, Mapping[str, Any]] | None:
        return self.holder.who, {}

    async def elsewhere(self) -> None:
        """F3: the children are in another household; they are searched for, and where the holder lives is asked."""
        if not self.may_be_elsewhere:
            return

        async def back() -> None:
            self.screen.show(self)

        async def found(opened: Opened) -> None:
            async def placed(place: Place) -> None:
                look = await self.screen.ask(self.care.childcare.beside, self.look, opened, place)
                self.screen.show(Counting(self.care, self.holder, look, self.how, opened))

            if self.look.card is not None:
                await placed(self.look.card.place)
                return
            self.screen.show(Pick(self.screen, "申請する祖父母の住まい",
                                  [(place.label, place) for place in (Place.PREMISES, Place.ELSEWHERE)], placed,
                                  prompt="住まいを番号で選んでください", enter=False, back=back))

        async def search(answers: dict[str, str]) -> None:
            await self.care.search_for(answers["text"], found)

        await ask_all(self.screen, "別の世帯の子どもを探す", [
            Question(key="text", label="子どもの氏名か宛名番号", hint="氏名 生年月日 宛名番号")], search, back)

    async def _chosen(self, numbers: tuple[str, ...]) -> None:
        """What is not sure is asked, then it is recorded."""
        questions = []
        for number in numbers:
            kid = self.kids[number]
            name = next(shown_name(one.name) for one in self.members if one.addressee_no == number)
            if kid.ask:
                questions.append(Question(key=f"reason {number}", label=f"{name} を確かめた方法",
                                          hint="例 戸籍で確認"))
            if kid.until is None:
                questions.append(Question(key=f"until {number}", label=f"{name} を数える最後の日", check=_day,
                                          hint="例 R19.3.31"))
        rule, looked = self.care.rule, self.look.looked
        if self.look.card is None and (looked.role_ask or looked.role is None):
            if len(rule.roles) > 1:
                questions.append(Question(key="role", label="子どもとの関係",
                                          options=tuple((role, role.label) for role in rule.roles)))
            questions.append(Question(key="confirmed", label="続柄を確かめた方法", hint="例 戸籍で確認"))
        if self.look.card is None and len(numbers) < self.needed and rule.disability_children:
            questions.append(Question(key="disability", label="障がいのある方がいる家庭ですか",
                                      options=((True, "はい (手帳を確認)"), (False, "いいえ"))))

        async def back() -> None:
            self.screen.show(self)

        await ask_all(self.screen, self.title(), questions, partial(self._record, numbers), back)

    async def _record(self, numbers: tuple[str, ...], answers: dict[str, Any]) -> None:
        chosen = {}
        for number in numbers:
            found = typed(answers.get(f"until {number}", ""))
            until: dt.date | None = found.calendar_day if found else None
            chosen[number] = Answer(reason=answers.get(f"reason {number}", ""), until=until)
        self.screen.show(self)                          # where a rule says no, the household is still there
        service = self.care.childcare
        if self.look.card is not None:
            receipt = await self.screen.ask(partial(service.renew, self.look, chosen, verified_by=self.how,
                                                    link=self.holder.link))
            await self.care.recorded(receipt)
            return
        disability = bool(answers.get("disability"))
        confirmed = answers.get("confirmed", "") or ("手帳を確認" if disability else "")
        role: Role = answers.get("role") or self.look.looked.role or self.care.rule.roles[0]
        receipt = await self.screen.ask(partial(
            service.apply, self.look, chosen, role=role, verified_by=self.how, confirmed=confirmed,
            disability=disability, link=self.holder.link))
        await self.care.recorded(receipt, ["", HAND_OVER])
