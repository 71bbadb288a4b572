"""One reception at the counter, step by step in place: identity, procedure, who asks, for whom, questions, Enter.

Esc goes back without recording. Nothing is decided here: the Desk says what may be chosen and what it costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from rich.cells import cell_len
from textual.content import Content
from typing_extensions import override

from sanjo_tui.receptions.base import Verdict, Weight
from sanjo_tui.receptions.counter import rules
from sanjo_tui.receptions.counter.procedure import Procedure, Question
from sanjo_tui.receptions.counter.rules import Application
from sanjo_tui.receptions.counter.words import Asked, Include, Related, Requester, Scope
from sanjo_tui.receptions.identity import STATUSES, IdentifiedBy, VerifiedBy
from screens.members import Members
from screens.panels import Hints, Panel, Pick, Reading
from screens.questions import Question as Ask
from screens.questions import ask_all
from screens.verifying import verify
from screens.widgets import pad, row, shown, shown_name

if TYPE_CHECKING:
    from sanjo_tui.desk.counter.desk import Look
    from screens.counter import CounterScreen

YES_NO = (("はい", "はい"), ("いいえ", "いいえ"))


class Choosing(Panel):
    """Which procedure: a part of its name, or Enter for the whole list. The household stands below."""

    takes_text = True
    asks = "手続の名前の一部"
    help = ("手続の名前の一部をかなか漢字で打って Enter を押します。何も打たずに Enter で、すべての手続が出ます。\n"
            "Esc で、この方を閉じます。何も記録されません。")

    def __init__(self, flow: Flow) -> None:
        super().__init__(flow.screen)
        self.flow = flow

    @override
    def verdict(self) -> Verdict:
        cases = len(self.flow.look.cases)
        today = (f"この世帯は、きょう {cases}件受付済みです (F6)",) if cases else ()
        who = self.flow.look.who
        if not who.living:
            gone = STATUSES.get(who.resident_status, "住民ではない方")
            return Verdict(Weight.CAUTION, f"住基では{gone}です", notes=("除票などの手続だけです", *today))
        return Verdict(Weight.READY, "手続の名前を打って Enter",
                       notes=("何も打たずに Enter で一覧", *self.flow.look.opened.notes, *today))

    @override
    def title(self) -> str:
        return f"{shown_name(self.flow.look.who.name)} さん  {self.flow.verified.label}"

    @override
    def lines(self, width: int, height: int) -> list[Content]:
        return [row([("", 2), (shown_name(one.name), 26), (one.birth_label, 16), (shown(one.relationship_label), 10)],
                    width) for one in self.flow.look.members][:height]

    @override
    def hints(self) -> Hints:
        return (("Enter", "探す"), ("Esc", "戻る"))

    @override
    def kept(self) -> tuple[str, dict[str, Any]] | None:
        return self.flow.look.who.addressee_no, {}

    @override
    async def search(self, text: str) -> None:
        await self.flow.find(text)

    @override
    async def key(self, key: str, character: str) -> None:
        if key == "escape":
            self.screen.rest()
        elif key == "enter":
            await self.flow.find("")


class Flow:
    """What has been chosen so far for whoever is on the desk."""

    def __init__(self, screen: CounterScreen, look: Look) -> None:
        self.screen, self.look = screen, look
        self.verified = VerifiedBy.CARD_FACE
        self.what: Application | None = None

    def begin(self) -> None:
        """The face first."""
        verify(self.screen, f"{shown_name(self.look.who.name)} さんの本人確認", self._verified,
               by_card=self.look.card_seen)

    async def _verified(self, way: VerifiedBy) -> None:
        self.verified = way
        self._choose()

    def _choose(self) -> None:
        self.screen.show(Choosing(self))

    async def _again(self) -> None:
        self._choose()

    # --- procedure

    async def find(self, text: str) -> None:
        """Procedures that fit; one alone is taken."""
        found: Sequence[Procedure] = await self.screen.ask(self.screen.counter.find, text)
        if not found:
            self.screen.warn("その名前の手続はありません", "別の言葉か、Enter で一覧")
        elif len(found) == 1 and text:
            await self._procedure(found[0])
        else:
            setup = self.screen.counter.setup
            lines: list[tuple[str | Content, Procedure]] = []
            for one in found:
                place = setup.department(one.dept)
                lines.append((row([(one.title, 34), (place.name if place else "", 18),
                                   (place.window if place else "", 12)], self.screen.size.width - 5), one))
            self.screen.show(Pick(self.screen, f"手続  {len(found)}件", lines, self._procedure, back=self._again,
                                  prompt="手続を番号で選んでください"))

    async def _procedure(self, procedure: Procedure) -> None:
        self.what = Application(
            procedure=procedure, person=self.look.who.addressee_no, requester_kind=Requester.SELF,
            subjects=(), verified_by=self.verified, answers={}, card_seen=self.look.card_seen,
            identified_by=IdentifiedBy.CARD if self.look.card_seen else IdentifiedBy.SEARCH,
            user_id=self.look.link.user_id if self.look.link else "")
        kinds = procedure.requester_kinds
        if len(kinds) == 1:
            await self._requester(kinds[0])
            return
        self.screen.show(Pick(self.screen, procedure.title, [(kind.label, kind) for kind in kinds], self._requester,
                              prompt="だれの請求ですか", back=self._again))

    async def _requester(self, kind: Requester) -> None:
        assert self.what is not None
        self.what = replace(self.what, requester_kind=kind)
        questions: list[Ask] = []
        if kind in (Requester.PROXY, Requester.THIRD_PARTY, Requester.OFFICIAL):
            questions.append(Ask(key="requester_name", label="来た方の氏名", hint="氏名"))
        if kind is Requester.PROXY and self.what.procedure.mandate:
            questions.append(Ask(key="mandate_seen", label="委任状を確かめましたか", options=((True, "はい"),)))
        if kind in (Requester.THIRD_PARTY, Requester.OFFICIAL):
            questions.append(Ask(key="evidence_seen", label="疎明資料を確かめましたか", options=((True, "はい"),)))
        if questions:
            await ask_all(self.screen, self.what.procedure.title, questions, self._identified, self._again)
        else:
            await self._identified({})

    async def _identified(self, answers: dict[str, Any]) -> None:
        assert self.what is not None
        self.what = replace(self.what, **answers)
        procedure, kind = self.what.procedure, self.what.requester_kind
        if procedure.subject_scope is Scope.SELF or (kind is Requester.SELF and procedure.subject_scope is Scope.ONE):
            await self._subjects((self.look.who.addressee_no,))
            return
        released = tuple(one.addressee_no for one in self.look.members
                         if self.screen.desk.released(one.addressee_no))
        self.screen.show(Members(
            self.screen, self.look.opened, self._subjects, prompt="対象の方を番号で選んで Enter",
            chosen=(self.look.who.addressee_no,) if procedure.subject_scope is Scope.HOUSEHOLD else (),
            one=procedure.subject_scope is Scope.ONE, notes=(procedure.title,),
            barred=rules.barred(procedure, self.look.members, self.screen.desk.today(), released)))

    # --- subjects, questions

    async def _subjects(self, chosen: tuple[str, ...]) -> None:
        assert self.what is not None
        self.what = replace(self.what, subjects=chosen)
        procedure = self.what.procedure
        questions = [_asked(one) for one in procedure.asks]
        if procedure.includes:
            questions.append(Ask(key="*includes", label="ふだん省くものを載せますか", options=(
                ((), "載せない(ふつう)"), *(((one,), one.label) for one in procedure.includes),
                (tuple(procedure.includes), "すべて載せる"))))
        if procedure.copies:
            # nothing stands in the box: a 2 typed behind a 1 would be charged as 12
            questions.append(Ask(key="*copies", label="通数", hint="1通なら、そのまま Enter", required=False,
                                 check=_copies))
        exemptions = self.screen.counter.setup.exemptions
        if procedure.fee_code and exemptions:
            questions.append(Ask(key="*exemption", label="減免", options=(
                ("", "なし"), *((one, one) for one in exemptions))))
        await ask_all(self.screen, procedure.title, questions, self._answered, self._again)

    async def _answered(self, answers: dict[str, Any]) -> None:
        assert self.what is not None
        includes: tuple[Include, ...] = answers.pop("*includes", ())
        copies = int(answers.pop("*copies", "1") or "1")
        exemption = answers.pop("*exemption", "")
        self.what = replace(self.what, answers={key: str(value) for key, value in answers.items()},
                            includes=includes, copies=copies, exemption=exemption)
        await self._summary()

    async def _summary(self) -> None:
        what = self.what
        assert what is not None
        cost = await self.screen.ask(self.screen.counter.charge, what.procedure, what.copies, what.card_seen,
                                     what.exemption)
        earlier = await self.screen.ask(self.screen.counter.earlier, what.procedure, what.subjects)
        following = await self.screen.ask(self.screen.counter.expected, what, self.look)
        names = {one.addressee_no: one.name for one in self.look.members}
        labels = {one.key: one.label for one in what.procedure.asks}
        lines: list[str | Content] = []
        if earlier:
            lines += [Content.assemble((earlier, "bold $text-warning")), ""]
        requester = what.requester_name or self.look.who.name
        lines += [f"手続      {what.procedure.title}",
                  f"請求者    {shown_name(requester)}  {what.requester_kind.label}  {what.verified_by.label}",
                  f"対象      {'、'.join(shown_name(names[key]) for key in what.subjects)}"]
        wide = max((cell_len(label) for label in labels.values()), default=8) + 2
        lines += [f"{pad(labels[key], max(10, wide))}{shown(value)}" for key, value in what.answers.items() if value]
        if what.includes:
            lines.append(f"記載      {'、'.join(one.label for one in what.includes)}")
        if cost.code:
            off = f"  カード割引 {cost.discount * what.copies:,}円" if cost.discount else ""
            off += f"  減免 {cost.exemption}" if cost.exemption else ""
            lines.append(Content.assemble((f"手数料    {cost.total:,}円", "bold"), f"  {what.copies}通{off}"))
        titles = [(one.title if (one := self.screen.counter.setup.procedure(code)) else code, state)
                  for code, state in following]
        for state in (Related.NEEDED, Related.DONE):
            named = "、".join(title for title, of in titles if of is state)
            lines += [f"関連 {pad(state.value, 5)}{named}"] if named else []
        self.screen.show(Reading(self.screen, f"{shown_name(self.look.who.name)} さん", lines, back=self._again,
                                 on_enter=("受付", self._record),
                                 weight=Weight.CAUTION if earlier else Weight.READY))

    async def _record(self) -> None:
        assert self.what is not None
        receipt = await self.screen.ask(partial(self.screen.counter.receive, self.look, self.what))
        await self.screen.recorded(receipt, ("", "  確認書を読んでもらい、署名をもらってください。"))


def _asked(question: Question) -> Ask:
    """A question of a procedure as the screen asks it."""
    options: tuple[tuple[Any, str], ...] = ()
    if question.kind is Asked.CHOICE:
        options = tuple((one, one) for one in question.options)
    elif question.kind is Asked.YES_NO:
        options = YES_NO
    hint = question.hint or ("R8.11.25 か 20261125" if question.kind is Asked.DATE else "")
    return Ask(key=question.key, label=question.label, options=options, required=question.required, hint=hint,
               check=partial(rules.check_answer, question))


def _copies(text: str) -> str:
    return "" if text.isdigit() and 1 <= int(text) <= 99 else "通数は 1 から 99 です"
